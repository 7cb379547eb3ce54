"""Start the next year's workbook: this year's figures become the previous year's, closing figures open the new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ..chosen import LATEST, TO_DATE, WHOLE_YEAR, latest_month
from ..errors import KpiError
from ..model import BANDS, PERIODS, Input, Kpi
from ..policy import is_number
from ..series import MONTHS, series
from ..texts import EDGE_KEYS
from ..used import filled_months
from .book import month_name, row_id
from .build import build, file_name
from .finding import WARNING, Finding, Report
from .kept import read_kept, write_kept
from .read import Entry, Filled


@dataclass(frozen=True)
class Rolled:
    """The next year's workbook.

    Args:
        name: a name for its file, such as ``career-mentoring.fr.2027.xlsx``.
        data: its bytes.
        left: what could not be carried on, cell by cell.
    """

    name: str
    data: bytes
    left: tuple[Finding, ...]


def roll(filled: Filled, language: str = "") -> Rolled:
    """Build the workbook of the year that follows a filled one.

    Args:
        filled: the workbook of the year that ends.
        language: of what is said; the workbook's own where it is empty.

    Returns:
        The new workbook: settings, targets and thresholds as they stand in the old one, constants and openings
        carried on, and its figures as those of the previous year. A sample stays marked as one.
    """
    report, start = Report(filled, language), next_year(filled.start)
    _say_how_full(report)
    _say_what_stays(report)
    period = filled.settings.period if filled.settings.period in (TO_DATE, WHOLE_YEAR) else LATEST
    settings = replace(filled.settings, period=period, previous=_previous(report))
    data = build(
        filled.catalogue, filled.as_changed, filled.language, _typed(report), settings, start,
        filled.sample, filled.host, filled.lambdas, () if filled.with_log else None,
        lambda book: write_kept(book, read_kept(filled)),
    )  # fmt: skip
    return Rolled(new_name(filled, start), data, tuple(report.findings))


def next_year(start: date | None) -> date | None:
    """Return the same day a year later; 29 February has none and becomes the 28th. No year follows the last of all."""
    if start is None or start.year == date.max.year:
        return None
    day = 28 if (start.month, start.day) == (2, 29) else start.day
    return date(start.year + 1, start.month, day)


def new_name(filled: Filled, start: date | None) -> str:
    """Return the name of the new workbook's file: the usual one, with the year in it."""
    usual = file_name(filled.vertical, filled.language, filled.sample, filled.host, filled.with_log)
    head = f"{filled.vertical.id}.{filled.language}."
    return f"{head}{start.year if start else 'next'}.{usual.removeprefix(head)}"


def _previous(report: Report) -> dict[str, list[object]]:
    """Return each row's last month alone, and its figures to each month; what is impossible is left empty."""
    filled = report.filled
    vertical = filled.as_changed
    used = filled.used
    found: dict[str, list[object]] = {}
    rows = [(kpi, segment, series(vertical, kpi, segment, used)) for kpi, segment in vertical.rows()]
    latest = latest_month([row for _, _, row in rows])
    for kpi, segment, row in rows:
        # Months that no figures reach would repeat the year so far.
        figures = [row.months[-1], *row.to_date[:latest], *[None] * (MONTHS - latest)]
        found[row_id(kpi, segment)] = [figure if is_number(figure) else None for figure in figures]
        broken = [month for month, figure in enumerate(row.months) if isinstance(figure, KpiError)]
        if broken:
            _impossible(report, kpi, segment, broken[0])
    return found


def _impossible(report: Report, kpi: Kpi, segment: str, month: int) -> None:
    area = report.filled.saved.area(f"kpi_{row_id(kpi, segment)}")
    name = kpi.name.get_in(report.language)
    if segment:
        name = f"{name} ({kpi.segments[segment].get_in(report.language)})"
    what = report.say("roll.impossible", kpi=name, month=month_name(report, month))
    cell = area.rows[0][month] if area and len(area.rows[0]) > month else ""
    report.add(area.sheet if area else "", cell, what, "", WARNING)


def _typed(report: Report) -> dict[str, list[object]]:
    """Return what the new year begins with: constants, and openings from the last closing figures."""
    filled = report.filled
    found: dict[str, list[object]] = {}
    for item in filled.vertical.inputs.values():
        cells = [entry for row in filled.entries.get(f"in_{item.id}", ()) for entry in row]
        if item.kind == "constant" and cells and (cells[0].number is not None or cells[0].value is None):
            found[item.id] = [cells[0].number]
        elif item.carry:
            closing = filled.entries.get(f"in_{item.carry}", ((),))[0]
            filled_months = [month for month, entry in enumerate(closing[:MONTHS]) if entry.number is not None]
            if filled_months:
                found[item.id] = [closing[filled_months[-1]].number]
                _late(report, filled.vertical.inputs[item.carry], closing[filled_months[-1]], filled_months[-1])
    return found


def _late(report: Report, item: Input, entry: Entry, month: int) -> None:
    """Say so where the last closing figure is not that of the last month."""
    if month < MONTHS - 1:
        label = item.label.get_in(report.language)
        what = report.say("roll.closing", label=label, month=month_name(report, month))
        report.at(entry, what, "", WARNING)


def _say_how_full(report: Report) -> None:
    """Say so where not every month has figures: those of last year stand still, or there are none."""
    filled = report.filled
    months = [month for month, there in enumerate(filled_months(filled.vertical, filled.used)) if there]
    if not months:
        report.add("", "", report.say("roll.none"), "", WARNING)
    elif len(months) < MONTHS:
        what = report.say("roll.few", many=len(months), month=month_name(report, months[-1]))
        report.add("", "", what, "", WARNING)


def _say_what_stays(report: Report) -> None:
    """Note what is not carried on, and why."""
    filled = report.filled
    known = {f"in_{item.id}" for item in filled.vertical.inputs.values() if not item.values}
    for name in sorted(known - set(filled.entries)):
        item = filled.vertical.inputs[name.removeprefix("in_")]
        what = report.say("roll.gone", label=item.label.get_in(report.language), name=name)
        report.add("", "", what, "", WARNING)
    for name in filled.saved.names:
        if name.startswith("in_") and name not in known:
            area = filled.saved.area(name)
            place = (area.sheet, area.rows[0][0]) if area else ("", "")
            report.add(*place, report.say("roll.unknown", name=name), "", WARNING)
    for name, rows in filled.entries.items():
        if not name.startswith(("operator_", "period_", "set_currency", "set_period", "prev_", "log_")):
            for entry in (entry for row in rows for entry in row):
                if entry.value is not None and entry.number is None:
                    report.at(entry, report.say("roll.value", value=report.shown(entry.value)), "", WARNING)
    day = filled.one("set_first_month")
    if day and filled.start and next_year(filled.start) is None:
        report.at(day, report.say("warn.date"), "", WARNING)
    for entry in _strange_words(filled):
        report.at(entry, report.say("verify.word", value=report.shown(entry.value)), "", WARNING)
    for title in filled.own_sheets:
        report.add(title, "", report.say("roll.sheet"), "", WARNING)
    if filled.sample:
        report.add("", "", report.say("roll.sample"), "", WARNING)


def _strange_words(filled: Filled) -> Iterator[Entry]:
    """Yield the words beside thresholds that formulas do not know, and so stand for others."""
    for kpi, segment in filled.vertical.rows():
        name, chosen = row_id(kpi, segment), EDGE_KEYS[kpi.better]
        first = filled.one(f"period_{row_id(kpi, next(iter(kpi.segments)))}")
        periods = [filled.say(f"period.{each}").casefold() for each in (*PERIODS, "none")]
        for band in BANDS:
            entry = filled.one(f"operator_{name}_{band}")
            if entry and str(entry.value).casefold() not in [filled.say(key).casefold() for key in chosen]:
                yield entry
        entry = filled.one(f"period_{name}")
        if entry and (str(entry.value).casefold() not in periods or (first and entry.value != first.value)):
            yield entry
