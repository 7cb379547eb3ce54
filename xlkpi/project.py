"""The file ``xlkpi.toml``: where the user's own lines of business are, for every command run in or below its folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .document import Document
from .errors import Problem
from .own import SETTINGS, folder_files
from .section import Section
from .shape import Items, Table, Word

_SHAPE = Table(
    about="Where your own lines of business are.",
    fields={
        "catalogue": Items(
            about="Files and folders, seen from this file.",
            each=Word(about="A file or folder."),
            called="files and folders in quotes",
        )
    },
)
_CONTROL = re.compile("[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Project:
    """What ``xlkpi.toml`` says.

    Args:
        file: where it is.
        catalogue: the files and folders that it names and that can be read.
        problems: what is wrong with it.
    """

    file: Path
    catalogue: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()


def find_project(folder: Path | None = None) -> Project | None:
    """Read the ``xlkpi.toml`` of a folder or of the nearest one above it.

    Args:
        folder: where to begin; the current folder where it is left out.

    Returns:
        What it says, or ``None`` where there is none.

    >>> find_project(Path("/")) is None
    True
    """
    try:
        start = Path.cwd() if folder is None else folder.absolute()
    except OSError:  # the current folder was removed
        return None
    for each in (start, *start.parents):
        if os.path.isfile(each / SETTINGS):
            return read_project(_seen_from_here(each) / SETTINGS)
    return None


def _seen_from_here(folder: Path) -> Path:
    """Return a folder as one would type it, where that is possible."""
    try:
        return Path(os.path.relpath(folder))
    except (OSError, ValueError):  # another drive
        return folder


def read_project(file: Path) -> Project:
    """Read an ``xlkpi.toml``.

    Args:
        file: where it is.

    Returns:
        What it says, and every problem of it: unknown keys, and paths that are not there.
    """
    document = Document.read(file)
    if document.failed:
        return Project(file, (), tuple(document.problems))
    root = Section(document, "", document.data, _SHAPE)
    if isinstance(document.data.get("catalogue"), str):
        document.add("catalogue", '"catalogue" is a single text.', 'Write a list: catalogue = ["trades"].')
        names = []
    else:
        names = [str(name) for name in root.items("catalogue")]
    root.finish()
    if not names and not document.problems:
        fix = 'Add catalogue = ["trades"], a list of files and folders.'
        document.add("catalogue", "The file names no catalogue.", fix, "warning")
    paths = tuple(_paths(document, file.parent, names))
    return Project(file, paths, tuple(document.problems))


def _paths(document: Document, folder: Path, names: list[str]) -> Iterator[Path]:
    """Yield what can be read; the rest becomes problems."""
    for name in names:
        if not name.strip() or _CONTROL.search(name):
            document.add("catalogue", f"{name[:60]!r} is no file or folder.", "Write its name, such as trades.")
            continue
        path = folder / name
        members = folder_files(path)
        if members is None and path.name == SETTINGS:
            what = f'"{name}" says where files are; it is no line of business itself.'
            document.add("catalogue", what, "Name the files and folders themselves.")
        elif members is None and not os.path.exists(path):
            what = f'There is no file or folder "{name[:200]}".'
            fix = f"Mend the name, or make it; it is looked for beside {SETTINGS}, in {folder.absolute()}."
            document.add("catalogue", what, fix)
        elif members == []:
            what = f'The folder "{name[:200]}" holds no catalogue file (.toml) yet.'
            document.add("catalogue", what, "Put a file of a line of business into it.", "warning")
        else:
            yield path
