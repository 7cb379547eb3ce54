"""The figures that count: typed ones, or those of a log, or carried on from the month before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import fsum, isfinite

from .errors import ImpossibleInputError, KpiError
from .model import Input, Vertical
from .policy import is_number

MONTHS = 12

Typed = Mapping[str, Sequence[object]]  # an input's twelve cells; one cell for a constant; rows for a tally
Used = dict[str, list[object]]
_TEXT = "text"  # typed, but no number: missing, and nothing is carried on in its place


def total(values: Iterable[float], parts: int = 1) -> float | KpiError:
    """Return a sum, or a mean of so many parts; where it is too large, the error that a cell shows."""
    try:
        found = fsum(values) / parts
    except OverflowError:
        found = float("inf")
    return found if isfinite(found) else ImpossibleInputError("The sum is larger than any number of a cell.")


def monthly_inputs(vertical: Vertical) -> list[Input]:
    """Return the inputs that are typed anew each month: no constants, no scales, nothing that is carried on."""
    return [item for item in vertical.inputs.values() if item.kind != "constant" and not item.values and not item.carry]


def filled_months(vertical: Vertical, used: Used) -> list[bool]:
    """Return for each month whether any figure is there."""
    own = [item.id for item in monthly_inputs(vertical)]
    return [any(map(is_number, flat(used[name][month] for name in own))) for month in range(MONTHS)]


def flat(values: Iterable[object]) -> Iterator[object]:
    """Return the members of lists among values, and the values that are no lists."""
    for value in values:
        yield from value if isinstance(value, list) else [value]


def used_inputs(vertical: Vertical, typed: Typed, logged: Typed | None = None) -> Used:
    """Return, for each input, the twelve figures that count: typed, or logged, or carried on, or missing.

    Args:
        vertical: the line of business.
        typed: what stands in the cells; an input that is left out is empty.
        logged: what a log makes of single entries; counts in months in which nothing is typed, not even text.

    Returns:
        Twelve values an input; twelve lists, one member a rating, for a tally.
    """
    used: Used = {}
    for item in vertical.inputs.values():
        cells = list(typed.get(item.id, ()))
        second = list((logged or {}).get(item.id, ()))
        if item.kind == "tally":
            used[item.id] = _tally(vertical, item, cells, second)
        elif item.kind == "constant":
            value = cells[0] if cells else item.default
            used[item.id] = [value if is_number(value) else None] * MONTHS
        else:
            padded = cells + [None] * (MONTHS - len(cells))
            used[item.id] = [None if _blank(value) else value if is_number(value) else _TEXT for value in padded]
            if second:
                used[item.id] = [log if own is None else own for own, log in zip(used[item.id], second, strict=True)]
    for item in vertical.inputs.values():
        if item.carry:
            used[item.id] = _carried(used[item.id], used[item.carry])
    return used


def _blank(value: object) -> bool:
    return value is None or value == ""


def _tally(vertical: Vertical, item: Input, rows: Sequence[object], second: Sequence[object]) -> list[object]:
    if item.values:
        return [list(item.values)] * MONTHS
    many = len(vertical.inputs[item.of].values)
    typed, logged = _columns(rows, many), _columns(second, many)
    # Answers typed by hand are those of the whole month, so that none of the log's are mixed in.
    months = [own if any(not _blank(cell) for cell in own) else log for own, log in zip(typed, logged, strict=True)]
    return [[cell if is_number(cell) else None for cell in month] for month in months]


def _columns(rows: Sequence[object], many: int) -> list[list[object]]:
    """Turn rows of cells, one a rating, into the cells of each month."""
    padded = [list(row) if isinstance(row, (list, tuple)) else [] for row in rows]
    padded += [[] for _ in range(many - len(padded))]
    return [[row[month] if month < len(row) else None for row in padded] for month in range(MONTHS)]


def _carried(opening: Sequence[object], closing: Sequence[object]) -> list[object]:
    """An opening left blank continues the closing of the month before; text there stays missing."""
    before = [None, *closing[:-1]]
    return [last if _blank(own) and is_number(last) else own for own, last in zip(opening, before, strict=True)]
