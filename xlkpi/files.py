"""Read a file that a user names: bounded in size, and never waiting for what is no file."""

from __future__ import annotations

import os
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class UnreadableError(Exception):
    """A file cannot be read.

    Args:
        what: what is wrong, in a sentence.
        fix: what to do, in a sentence.
    """

    def __init__(self, what: str, fix: str) -> None:
        self.what, self.fix = what, fix
        super().__init__(f"{what} {fix}")


def read_bounded(path: Path, most: int) -> bytes:
    """Return the bytes of a file.

    Args:
        path: the file.
        most: how many bytes it may have.

    Returns:
        Its bytes.

    Raises:
        UnreadableError: it is missing, too large, no ordinary file, or cannot be read.

    >>> from pathlib import Path
    >>> read_bounded(Path("there-is-none.toml"), 100)
    Traceback (most recent call last):
    xlkpi.files.UnreadableError: There is no such file. Check the name and the folder.
    """
    try:
        # A pipe without a writer would keep even the opening waiting.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            mode = os.fstat(handle).st_mode
            if S_ISDIR(mode):
                raise UnreadableError("This is a folder.", "Name a file in it.")
            if not S_ISREG(mode):
                raise UnreadableError("This is a device or a pipe, not a file.", "Name a file.")
            data = file.read(most + 1)  # the size that is said of a file need not be true
    except FileNotFoundError:
        raise UnreadableError("There is no such file.", "Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        if _is_folder(path):  # opening one fails in a way of its own on Windows, and when it is fdopened
            raise UnreadableError("This is a folder.", "Name a file in it.") from None
        why = getattr(error, "strerror", None) or error
        raise UnreadableError(f"The file cannot be read: {why}.", "Check the name and the permissions.") from None
    if len(data) > most:
        raise UnreadableError(f"The file is larger than {_size(most)}.", "Is it the right one?")
    return data


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _size(number: int) -> str:
    """Write a size as people say it: 20 MB, 500 bytes."""
    return f"{number // 1_000_000} MB" if number >= 1_000_000 else f"{number:,} bytes"
