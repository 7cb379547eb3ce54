"""What every command shares: exit codes, how a command stops, how it reads its catalogue."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from .model import Catalogue
    from .project import Project

DONE, DATA_AT_FAULT, CALL_AT_FAULT = 0, 1, 2

catalogue_option = click.option(
    "--catalogue", "files", multiple=True, metavar="PATH",
    help="A file or folder of your own lines of business, beside the built-in ones; may be repeated.  "
         "[default: what xlkpi.toml names, in this folder or one above]",
)  # fmt: skip


def stop(message: str, code: int) -> NoReturn:
    """End the program with a message on standard error.

    Args:
        message: what is wrong and what to do.
        code: the exit code, ``DATA_AT_FAULT`` or ``CALL_AT_FAULT``.

    Raises:
        SystemExit: always.

    >>> stop("This cannot be.", CALL_AT_FAULT)
    Traceback (most recent call last):
    SystemExit: 2
    """
    click.echo(message, err=True)
    sys.exit(code)


def own_catalogue(paths: Sequence[str]) -> tuple[list[str], Project | None]:
    """Return the user's files and folders: those of the call, else those that xlkpi.toml names.

    Args:
        paths: what the call names.

    Returns:
        The paths, and what xlkpi.toml says where it was asked.

    >>> own_catalogue(["mine.toml"])
    (['mine.toml'], None)
    """
    if paths:
        return list(paths), None
    from .project import find_project

    project = find_project()
    return [str(path) for path in project.catalogue] if project else [], project


def load_catalogue(*paths: str, more: Sequence[str] = ()) -> Catalogue:
    """Load the catalogue, or end the program with all that is wrong with it.

    Args:
        paths: the user's files and folders, to read on top of the built-in ones; without any, those that
            xlkpi.toml names.
        more: files and folders to read on top of these.

    Returns:
        The catalogue.

    Raises:
        SystemExit: the catalogue cannot be used.

    >>> "CSS" in load_catalogue().functions
    True
    """
    # Imported when a command needs it: reading the catalogue is most of the time that a start takes.
    from .catalogue import load
    from .errors import CatalogueError

    own, project = own_catalogue(paths)
    problems = [each for each in project.problems if each.severity == "error"] if project else []
    try:
        catalogue = load(*own, *more)
    except CatalogueError as error:
        problems += error.problems
    if problems:
        lines = [str(problem) for problem in problems]
        if project and project.catalogue:
            lines.append(f'{project.file} says which files are read; "xlkpi check" checks them all.')
        stop("\n".join(lines), DATA_AT_FAULT)
    return catalogue
