"""A made-up log: the last months of a sample, told as single answers, sessions and tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ..logged import Entry, counts_alone, loggable, ratings
from ..model import Input, Vertical
from ..policy import is_number
from ..series import MONTHS
from ..units import decimals
from .sample import Figures

LOGGED_MONTHS = (10, 11)  # from 0
TYPED_MONTH = 9  # in which the log has something, too, but a figure is typed by hand
_ROWS = 2  # of the KPI table, whose inputs are logged
_SINGLY = 12  # up to so many single things are a line each
_PARTS = 5
_DAYS = 28  # of a month in which something happens


def logged_sample(vertical: Vertical, figures: Figures, start: date | None) -> tuple[Figures, list[Entry]]:
    """Take the last months of some inputs out of a sample, and put them into a log.

    Args:
        vertical: the line of business.
        figures: from :func:`xlkpi.workbook.sample.sample_figures`.
        start: the first month of the year; without one there are no dates, and so no log.

    Returns:
        The figures that stay typed, and the log by date.
    """
    if start is None:
        return figures, []
    left = {name: [list(cell) if isinstance(cell, list) else cell for cell in cells] for name, cells in figures.items()}
    entries: list[Entry] = []
    for item in _chosen(vertical):
        for month in LOGGED_MONTHS:
            entries += _spread(start, month, item, list(_lines(vertical, item, left[item.id], month)))
            for row in left[item.id] if item.kind == "tally" else [left[item.id]]:
                row[month] = None  # type: ignore[index]
    first = next((item for item in _chosen(vertical) if counts_alone(item)), None)
    if first is not None:
        entries += _spread(start, TYPED_MONTH, first, [None] * 2)
    return left, sorted(entries, key=lambda entry: str(entry.date))


def _chosen(vertical: Vertical) -> list[Input]:
    """The inputs of the first rows that have any to log."""
    found: dict[str, Input] = {}
    rows = 0
    for kpi, segment in vertical.rows():
        own = [item for item in vertical.inputs_of(kpi, segment) if item in loggable(vertical)]
        rows += bool(own)
        found |= {item.id: item for item in own} if rows <= _ROWS else {}
    return list(found.values())


def _lines(vertical: Vertical, item: Input, cells: list[object], month: int) -> Iterator[float | None]:
    """Yield the figures of the lines that make a month."""
    if item.kind == "tally":
        for rating, row in zip(ratings(vertical, item), cells, strict=True):
            yield from [rating] * int(float(str(row[month] or 0)))  # type: ignore[index]
        return
    total = cells[month]
    if not is_number(total):
        return
    amount = float(str(total))
    if item.kind == "level":
        step = round(amount / 10, decimals(item.unit))
        yield from (amount - step, amount, amount + step)
    elif counts_alone(item) and amount <= _SINGLY:
        yield from [None] * int(amount)
    else:
        part = round(amount / _PARTS, decimals(item.unit))
        yield from [part] * (_PARTS - 1)
        yield round(amount - part * (_PARTS - 1), 6)


def _spread(start: date, month: int, item: Input, figures: list[float | None]) -> list[Entry]:
    """Give the lines of a month their days, from its beginning to its end."""
    years, number = divmod(start.month - 1 + month, MONTHS)
    first = date(start.year + years, number + 1, 1)
    days = (first + timedelta(place * _DAYS // max(1, len(figures))) for place in range(len(figures)))
    # Neighbours differ in their ratings, as people do.
    mixed = [figures[place * 7 % len(figures)] for place in range(len(figures))] if len(figures) % 7 else figures
    return [Entry(day, item.id, figure) for day, figure in zip(days, mixed, strict=True)]
