"""Write and remove files so that nothing is ever half done: whole files, and all of them or none."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..whole import written_beside
from .machine import AddinError

CLOSE_EXCEL = "Close Excel (the task manager must show no EXCEL.EXE either), then run the same command again."


def missing_folders(folder: Path) -> list[Path]:
    """Name the folders that must be made before a file can be written.

    Args:
        folder: where the file will be.

    Returns:
        The folder and those above it that are not there, the innermost first.

    >>> missing_folders(Path())
    []
    """
    return [each for each in (folder, *folder.parents) if not each.exists()]


def write_all(files: Mapping[Path, bytes], advice: str = CLOSE_EXCEL) -> None:
    """Write files whole, and all of them or none.

    Args:
        files: what to write where; those that another program may lock come first.
        advice: what to do where a file may not be written.

    Raises:
        AddinError: one cannot be written; the others are as they were.

    >>> write_all({})
    """
    folders = [folder for target in files for folder in missing_folders(target.parent)]
    fresh: dict[Path, Path] = {}
    replaced: dict[Path, bytes | None] = {}
    target = Path()
    try:
        for target, data in files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh[target] = _beside(target, data)
        for target, path in fresh.items():
            before = target.read_bytes() if target.exists() else None
            path.replace(target)
            replaced[target] = before
    except BaseException as error:
        _take_back(replaced, list(fresh.values()), folders)
        if isinstance(error, OSError):
            raise AddinError(_why_not(target, error, "written", advice, " Nothing was changed.")) from error
        raise


def _beside(target: Path, data: bytes) -> Path:
    # Excel opens whatever it finds in XLSTART, a file that a power cut left there too.
    folder = target.parent.parent if target.parent.name == "XLSTART" else target.parent
    return written_beside(folder, data)


def _take_back(replaced: Mapping[Path, bytes | None], temporary: Sequence[Path], folders: Sequence[Path]) -> None:
    for target, before in replaced.items():
        with contextlib.suppress(OSError):
            if before is None:
                target.unlink()
            else:
                _beside(target, before).replace(target)
    for path in temporary:
        path.unlink(missing_ok=True)
    remove_empty(folders)


def remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders that are empty, and leave the others.

    Args:
        folders: the folders, the innermost first.

    >>> remove_empty([Path("there is none")])
    """
    for folder in folders:
        with contextlib.suppress(OSError):  # it is not empty, or not there
            folder.rmdir()


def _why_not(path: Path, error: OSError, done: str, advice: str, state: str = "") -> str:
    if isinstance(error, PermissionError):
        return f"{path} cannot be {done}: it is in use, or you may not write there.{state} {advice}"
    where = "" if advice == CLOSE_EXCEL else f" {advice}"
    return f"{path} cannot be {done}: {error.strerror or error}.{state}{where}"


def remove(path: Path) -> list[str]:
    """Remove a file, if it is there.

    Args:
        path: the file.

    Returns:
        A line that says so; none when it is not there.

    Raises:
        AddinError: it cannot be removed.

    >>> remove(Path("there is none"))
    []
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise AddinError(_why_not(path, error, "removed", CLOSE_EXCEL)) from error
    return [f"Removed {path}"]
