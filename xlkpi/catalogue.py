"""Load the shipped catalogue and the user's own files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .document import Document
from .errors import CatalogueError, Problem
from .model import Catalogue
from .names import DATA
from .rules import check_functions
from .shipped import SHARED, shipped

if TYPE_CHECKING:
    from pathlib import Path


def load(*paths: str | Path) -> Catalogue:
    """Load the shipped lines of business and functions, and any files of your own.

    Args:
        paths: catalogue files (TOML) of further lines of business, and folders of such files. A file
            ``functions.toml`` holds functions that the files of its folder share.

    Returns:
        The catalogue.

    Raises:
        CatalogueError: a file cannot be used; it holds every problem found, in all files.

    >>> load().functions["CSS"](85, 100)
    85.0
    """
    if not paths:
        return shipped()
    from pathlib import Path

    from .own import read_own

    own = read_own(map(Path, paths), shipped())
    if problems := [problem for problem in own.problems if problem.severity == "error"]:
        raise CatalogueError(problems)
    return own.catalogue


def check(*paths: str | Path, beside: Iterable[str | Path] = ()) -> list[Problem]:
    """Return every problem of catalogue files: errors and warnings, file by file, in the order of their lines.

    Args:
        paths: files, and folders of such; each is checked with all the others in mind.
        beside: further files and folders that these may refer to, of which only errors are told.

    Returns:
        The problems; empty when all is good.

    >>> check("there-is-none.toml")[0].what
    'There is no such file.'
    """
    from pathlib import Path

    from .own import read_own

    return list(read_own(map(Path, paths), shipped(), map(Path, beside)).problems)


def check_shipped() -> list[Problem]:
    """Hold every shipped file against all rules; for the project's own tests."""
    from pathlib import Path

    from .own import read_own

    catalogue = shipped()
    shared = Document(SHARED, catalogue.shared_source)
    check_functions(shared, [f for f in catalogue.functions.values() if not f.vertical])
    problems = list(shared.problems)
    for vertical in catalogue.verticals.values():
        others = {n: v for n, v in catalogue.verticals.items() if n != vertical.id}
        functions = {n: f for n, f in catalogue.functions.items() if f.vertical != vertical.id}
        path = Path(DATA, "verticals", f"{vertical.id}.toml")
        problems += read_own([path], Catalogue(others, functions, catalogue.ui, catalogue.shared_source)).problems
    return problems
