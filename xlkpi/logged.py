"""A log of single answers, sessions and tasks, and the monthly figures that it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor

from .model import Input, Vertical
from .policy import is_number
from .texts import Text
from .used import MONTHS, total

# Why an entry counts nowhere; the words for each stand in ui.toml as log.<name>, in this order.
FAULTS = ("no_date", "outside", "unknown", "no_number", "no_figure", "no_rating")
NO_DATE, OUTSIDE, UNKNOWN, NO_NUMBER, NO_FIGURE, NO_RATING = (-1 - place for place in range(len(FAULTS)))
_DAY_ZERO = date(1899, 12, 30)  # day 0 of Excel's dates, from March 1900 on
_LAST_DAY = (date.max - _DAY_ZERO).days

Logged = Mapping[str, list[object]]


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Args:
        date: a date, also with a time of day; a number counts as Excel counts days.
        input: id of the input that the line belongs to.
        figure: the figure; a rating, where it is one answer. ``None`` counts as 1 where single things are counted.
        note: whatever the user wants to remember.
    """

    date: object
    input: str
    figure: object = None
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing but a note is there."""
        return self.date is None and self.input == "" and self.figure is None


def loggable(vertical: Vertical) -> list[Input]:
    """Return the inputs that single events make up: what adds up, what is averaged, answers by rating."""
    return [item for item in vertical.inputs.values() if item.kind in ("flow", "tally", "level") and not item.values]


def counts_alone(item: Input) -> bool:
    """Whether a line without a figure counts as one: one session, one client."""
    return item.kind == "flow" and item.unit.startswith("count:")


def ratings(vertical: Vertical, item: Input) -> tuple[float, ...]:
    """Return the ratings that an input counts answers by; none for an input that is no tally."""
    return vertical.inputs[item.of].values if item.kind == "tally" else ()


def labels(vertical: Vertical, ui: Mapping[str, Text], language: str) -> dict[str, str]:
    """Return what each input is called in the list of a log, by the input's id; no two are the same."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for item in loggable(vertical):
        label = item.label.get_in(language)
        if item.kind == "tally":
            label = ui["log.rating"].get_in(language).format(label=vertical.inputs[item.of].label.get_in(language))
        if label.casefold() in taken:
            label = f"{label} ({item.id})"
        taken.add(label.casefold())
        found[item.id] = label
    return found


def place(vertical: Vertical, start: date | None, entry: Entry) -> int:
    """Return the month of the workbook's year, from 1, in which an entry counts.

    Args:
        vertical: the line of business.
        start: the first month of the year; without one nothing counts.
        entry: the entry.

    Returns:
        The month, or the first reason (below 0) why the entry counts nowhere.
    """
    if entry.date is None or isinstance(entry.date, str) or not (is_number(entry.date) or isinstance(entry.date, date)):
        return NO_DATE
    month = _month(start, entry.date)
    if not 1 <= month <= MONTHS:
        return OUTSIDE
    return _fault(vertical, entry) or month


def _fault(vertical: Vertical, entry: Entry) -> int:
    item = vertical.inputs.get(entry.input)
    if item is None or item not in loggable(vertical):
        return UNKNOWN
    if entry.figure is None:
        return 0 if counts_alone(item) else NO_FIGURE
    if not is_number(entry.figure):
        return NO_NUMBER
    return NO_RATING if item.kind == "tally" and entry.figure not in ratings(vertical, item) else 0


def _month(start: date | None, when: object) -> int:
    """Return a date's month, counted from the first of the workbook; 0 where there is none."""
    if start is None:
        return 0
    if not isinstance(when, date):
        days = floor(float(str(when)))
        if not 0 <= days <= _LAST_DAY:
            return 0
        when = _DAY_ZERO + timedelta(days)
    return (when.year - start.year) * 12 + when.month - start.month + 1


def monthly(vertical: Vertical, start: date | None, entries: Iterable[Entry]) -> Logged:
    """Return the figures that a log makes: sums of what adds up, averages of levels, answers by rating.

    Args:
        vertical: the line of business.
        start: the first month of the year, whatever its day.
        entries: the log, in any order.

    Returns:
        Twelve cells an input, ``None`` in months without an entry; rows of cells, one a rating, for a tally.

    >>> from xlkpi import load
    >>> vertical = load().verticals["career-mentoring"]
    >>> log = [Entry(date(2026, 2, 3), "completed_sessions"), Entry(date(2026, 2, 28), "completed_sessions", 4)]
    >>> monthly(vertical, date(2026, 1, 1), log)["completed_sessions"][:3]
    [None, 5.0, None]
    """
    found: dict[tuple[str, int], list[float]] = {}
    for entry in entries:
        month = place(vertical, start, entry)
        if month > 0:
            found.setdefault((entry.input, month), []).append(float(str(1 if entry.figure is None else entry.figure)))
    return {item.id: _figures(vertical, item, found) for item in loggable(vertical)}


def _figures(vertical: Vertical, item: Input, found: Mapping[tuple[str, int], list[float]]) -> list[object]:
    months = [found.get((item.id, month + 1)) for month in range(MONTHS)]
    if item.kind == "tally":
        return [[month and month.count(rating) for month in months] for rating in ratings(vertical, item)]
    divide = item.kind == "level"
    return [month and total(month, len(month) if divide else 1) for month in months]


def plain_time(when: object) -> object:
    """Return a date or time as the clock shows it: cells know no time zones, and would round up the last second."""
    return when.replace(tzinfo=None, microsecond=0) if isinstance(when, datetime) else when
