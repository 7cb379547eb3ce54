"""The lines of business that tests go through: those shipped, and the examples made as a user makes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import xlkpi
from xlkpi.model import Catalogue

FILES = sorted((Path(__file__).parent.parent / "examples").glob("*.toml"))
SHIPPED = list(xlkpi.load().verticals)
EXAMPLES = [file.stem for file in FILES]
EVERY = SHIPPED + EXAMPLES


@cache
def every_trade() -> Catalogue:
    """Return the shipped catalogue with the examples beside it."""
    return xlkpi.load(*FILES)
