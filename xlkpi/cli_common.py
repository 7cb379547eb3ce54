"""What every command shares: exit codes, how a command stops, how it reads its catalogue."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from .model import Catalogue

DONE, DATA_AT_FAULT, CALL_AT_FAULT = 0, 1, 2


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


def load_catalogue(*paths: str) -> Catalogue:
    """Load the catalogue, or end the program with all that is wrong with it.

    Args:
        paths: catalogue files to read on top of the built-in ones.

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

    try:
        return load(*paths)
    except CatalogueError as error:
        stop(str(error), DATA_AT_FAULT)
