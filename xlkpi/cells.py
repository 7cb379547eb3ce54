"""What a function answers when a cell calls it: grids in, grids out, nothing raised.

The hosts (classic Excel, Server, Lite) hand over ranges in several shapes and take back rows of numbers,
texts and error codes. What they do not agree on is settled here, apart from any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .arrays import Grid, bulk, call, kinds
from .errors import EXCEL_ERRORS, KpiError
from .model import Function, Text

NOT_AVAILABLE = "#N/A"
_PLAIN = frozenset((int, float))


@dataclass(frozen=True)
class Parameter:
    """One argument of a function as a host shows it."""

    id: str
    help: Text
    optional: bool = False


@dataclass(frozen=True)
class CellFunction:
    """A function that cells may call.

    Args:
        name: its name in Excel, upper case.
        help: what it gives, at most 255 characters.
        parameters: its arguments in order.
        answer: takes what a host hands over, ``None`` for each argument left out; never raises.
    """

    name: str
    help: Text
    parameters: tuple[Parameter, ...]
    answer: Callable[[Sequence[object]], Grid]


def as_grid(value: object) -> Grid:
    """Return what a host hands over as rows: it may come as rows, as one row, or as a single value."""
    if isinstance(value, (list, tuple)):
        rows = [row if type(row) is list else list(row) for row in value if isinstance(row, (list, tuple))]
        grid = rows if len(rows) == len(value) else [list(value)]
        return grid if grid and grid[0] else [[None]]
    return [[value]]


def as_word(value: object) -> str:
    """Return a text argument, whatever shape a host gives it; a blank cell may arrive as 0, an error is raised."""
    cell = as_grid(value)[0][0]
    if isinstance(cell, str) and cell in EXCEL_ERRORS:
        raise KpiError(f"The text is already the error {cell}.", cell)
    return "" if cell is None or cell == 0 else str(cell).strip()


def shown(value: object) -> object:
    """Return a result as a host may have it: a number or text, or the code of the error."""
    if isinstance(value, KpiError):
        return value.code if value.code in EXCEL_ERRORS else NOT_AVAILABLE
    return value


def _blank_is_zero(grid: Grid) -> Grid:
    """A blank cell counts as 0, since hosts cannot tell it from one; most ranges hold numbers alone."""
    if kinds(grid) <= _PLAIN:
        return grid
    return [[0 if cell is None or cell == "" else cell for cell in row] for row in grid]


def answer(function: Function, given: Sequence[object]) -> Grid:
    """Answer a call of a catalogue function from a cell; never raises.

    Args:
        function: the catalogue function.
        given: the arguments as a host hands them over; ``None`` for one that is left out.

    Returns:
        Rows of numbers and Excel error codes, which spill.
    """
    grids = [as_grid(value) for value in given]
    if not function.ranges and (plain := bulk(function.rule, grids)) is not None:
        return plain
    prepared: list[object] = []
    for argument, grid in zip(function.arguments, grids, strict=True):
        if argument.id in function.optional and grid == [[None]]:
            prepared.append(None)
        else:
            prepared.append(grid if argument.id in function.ranges else _blank_is_zero(grid))
    try:
        result = call(function.rule, prepared)
    except KpiError as error:
        return [[shown(error)]]
    rows: Any = result if isinstance(result, list) else [[result]]
    return rows if kinds(rows) <= _PLAIN else [[shown(cell) for cell in row] for row in rows]


def cell_function(function: Function) -> CellFunction:
    """Return a catalogue function as one that cells may call."""
    parameters = tuple(
        Parameter(argument.id, argument.help, argument.id in function.optional) for argument in function.arguments
    )
    return CellFunction(function.name, function.help, parameters, lambda given: answer(function, given))
