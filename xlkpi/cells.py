"""What a function answers when a cell calls it: grids in, grids out, nothing raised.

The hosts (classic Excel, Server, Lite) hand over ranges in several shapes and take back rows of numbers,
texts and error codes. What they do not agree on is settled here, apart from any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from .arrays import Grid, bulk, call, kinds
from .errors import EXCEL_ERRORS, KpiError
from .model import Function
from .texts import Text

NOT_AVAILABLE = "#N/A"
_PLAIN = frozenset((int, float))
_ERROR_NUMBERS = range(-2146826288, -2146826200)  # how COM writes the errors of Excel; no figure is ever there


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
    if not isinstance(value, (list, tuple)):
        return [[value]]
    rows = [row if type(row) is list else list(row) for row in value if isinstance(row, (list, tuple))]
    grid = rows if len(rows) == len(value) else [list(value)]
    if not grid or not grid[0]:
        return [[None]]
    return grid


def named_errors(grid: Grid, blank: object = None) -> Grid:
    """Return a grid with 0 or another value for its blanks, and #VALUE! for errors that came as numbers.

    Classic Excel hands over errors that xlwings does not know, such as #SPILL!, as numbers. Most ranges hold
    ordinary numbers alone; whether one does costs little.
    """
    numbers: Any = chain.from_iterable(grid)
    if kinds(grid) <= _PLAIN and min(numbers) > _ERROR_NUMBERS[-1]:
        return grid

    def named(cell: object) -> object:
        if cell is None or cell == "":
            return blank
        return "#VALUE!" if type(cell) in _PLAIN and cell in _ERROR_NUMBERS else cell

    return [[named(cell) for cell in row] for row in grid]


def as_word(value: object) -> str:
    """Return a text argument; a blank cell may arrive as 0, an error is raised, and so is #N/A for a range."""
    grid = as_grid(value)
    if len(grid) * len(grid[0]) != 1:
        raise KpiError("One text is needed here, not a range.", NOT_AVAILABLE)
    return cell_word(grid[0][0])


def cell_word(cell: object) -> str:
    """Return the text in one cell; an error is raised."""
    if isinstance(cell, str) and cell in EXCEL_ERRORS:
        raise KpiError(f"The text is already the error {cell}.", cell)
    return "" if cell is None or cell == 0 else str(cell).strip()


def shown(value: object) -> object:
    """Return a result as a host may have it: a number or text, or the code of the error."""
    if isinstance(value, KpiError):
        return value.code if value.code in EXCEL_ERRORS else NOT_AVAILABLE
    return value


def answer(function: Function, given: Sequence[object]) -> Grid:
    """Answer a call of a catalogue function from a cell; never raises.

    Args:
        function: the catalogue function.
        given: the arguments as a host hands them over; ``None`` for one that is left out.

    Returns:
        Rows of numbers and Excel error codes, which spill.
    """
    prepared: list[Any] = []
    for argument, value in zip(function.arguments, given, strict=True):
        if argument.id in function.ranges:
            prepared.append(
                None if value is None and argument.id in function.optional else named_errors(as_grid(value))
            )
        else:  # a blank cell counts as 0, since hosts cannot tell it from one
            prepared.append(named_errors(as_grid(value), 0))
    result: Any = None if function.ranges else bulk(function.rule, prepared)
    try:
        result = result or call(function.rule, prepared)
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
