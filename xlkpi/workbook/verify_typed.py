"""What can be wrong with what a user has typed: figures, settings, targets and thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..checking import fractions, hardly_a_fraction, is_currency_code, is_first_month, skipped, target_turned
from ..logged import FAULTS, place
from ..model import BANDS, PERIODS, Band, Input, Kpi
from ..notation import compare
from ..policy import is_number
from ..series import HOME_CURRENCY, MONTHS
from ..texts import EDGE_KEYS, LEVEL_KEYS
from ..units import domain
from .book import month_name, row_id
from .finding import NOTE, WARNING, Report
from .layout import pairs
from .read import Entry


def check_typed(report: Report) -> None:
    """Note all that is wrong with what is typed.

    Args:
        report: of the workbook.
    """
    _settings(report)
    inputs = report.filled.vertical.inputs
    for item in inputs.values():
        for row in report.filled.entries.get(f"in_{item.id}", ()):
            for entry in row:
                _figure(report, item, entry)
    _parts(report)
    _skipped(report)
    _log(report)
    for kpi, segment in report.filled.vertical.rows():
        own = row_id(kpi, segment)
        for name in (f"target_{own}", f"targetend_{own}", f"prev_{own}"):
            for row in report.filled.entries.get(name, ()):
                for entry in row:
                    _is_typed(report, entry, "valid.amount")
                    if hardly_a_fraction(kpi):
                        _fraction(report, entry)
        _target_ends(report, own)
        _thresholds(report, kpi, segment)
        _period(report, own)


def _settings(report: Report) -> None:
    day, currency, rate = (report.filled.one(f"set_{name}") for name in ("first_month", "currency", "rate"))
    if day and day.value is not None and (not is_first_month(day.value) or report.start is None):
        report.at(day, report.say("verify.date", value=report.shown(day.value)), report.say("valid.date"))
    period = report.filled.one("set_period")
    if period and str(period.value).casefold() not in report.filled.period_words:
        what = report.say("verify.word", value=report.shown(period.value))
        report.at(period, what, report.say("valid.choice"))
    if currency is None:
        return
    code = currency.value.strip() if isinstance(currency.value, str) else ""
    known = is_currency_code(currency.value)
    if not known:
        what = report.say("verify.currency", value=report.shown(currency.value))
        report.at(currency, what, report.say("valid.code"))
    if rate and rate.value is not None and (rate.number is None or rate.number <= 0):
        report.at(rate, report.say("verify.rate", value=report.shown(rate.value)), report.say("valid.rate"))
    elif rate and rate.value is None and known and code.upper() != HOME_CURRENCY:
        report.at(rate, report.say("verify.no_rate"), report.say("valid.rate"), WARNING)


def _figure(report: Report, item: Input, entry: Entry) -> None:
    """One figure: a number, not below or above what its unit allows."""
    low, high = domain(item.unit)
    key = "valid.amount" if low is None else "valid.positive" if high is None else "valid.percent"
    number, found = entry.number, ""
    if not _is_typed(report, entry, key):
        return
    if number is None:
        return
    if low is not None and number < low:
        found = "warn.negative"
    elif high is not None and number > high:
        found = "warn.over"
    if found:
        report.at(entry, report.of(_label(report, item), report.say(found)), report.say(key))
    elif high == 100:
        _fraction(report, entry, _label(report, item))


def _fraction(report: Report, entry: Entry, label: str = "") -> None:
    """A percentage between 0 and 1, which is hardly meant; the words say what to do, too."""
    if fractions([entry.number]):
        what = report.say("warn.fraction")
        report.at(entry, report.of(label, what) if label else what, "", WARNING)


def _is_typed(report: Report, entry: Entry, key: str) -> bool:
    """Whether a cell holds a number; say what else it holds, and mention a formula."""
    if entry.formula:
        found = "verify.formula" if entry.value is not None else "verify.no_result"
        severity = NOTE if entry.value is not None else WARNING
        fix = "" if entry.value is not None else report.say("verify.save")
        report.at(entry, report.say(found, formula=f"={entry.formula}"), fix, severity)
    if entry.value is not None and entry.number is None:
        report.at(entry, report.say("verify.text", value=report.shown(entry.value)), report.say(key))
        return False
    return True


def _label(report: Report, item: Input) -> str:
    return item.label.get_in(report.language)


def _parts(report: Report) -> None:
    """A part above its whole, month by month: not possible, or not usual."""
    filled = report.filled
    used = filled.used
    for kind, part, whole in dict.fromkeys(_pairs(report)):
        own, other = (filled.entries.get(f"in_{name}", ()) for name in (part, whole))
        if not own or not other or any(filled.vertical.inputs[name].kind == "tally" for name in (part, whole)):
            continue
        for month, (a, b) in enumerate(zip(used[part], used[whole], strict=True)):
            if not (is_number(a) and is_number(b) and compare(a, b) > 0):  # type: ignore[arg-type]
                continue
            first, second = (row[0][min(month, len(row[0]) - 1)] for row in (own, other))
            label = filled.vertical.inputs[whole].label.get_in(report.language)
            said = report.of(_label(report, filled.vertical.inputs[part]), report.say(f"warn.{kind}", whole=label))
            values = f"({first.cell} = {report.shown(a)} > {second.cell} = {report.shown(b)})"
            fix = report.say("verify.one_of_two") if kind == "part" else ""
            report.at(first, f"{said.removesuffix('.')} {values}.", fix, "error" if kind == "part" else WARNING)


def _pairs(report: Report) -> Iterator[tuple[str, str, str]]:
    for kpi, segment in report.filled.vertical.rows():
        for kind, conditions in (("part", kpi.values[segment].conditions), ("soft", kpi.expect.get(segment, ()))):
            for part, whole in pairs(conditions):
                yield kind, part, whole


def _skipped(report: Report) -> None:
    """Months left empty between filled ones; a month that is empty in every row is said once."""
    filled = report.filled
    rows: dict[str, list[bool]] = {}
    for item in filled.vertical.inputs.values():
        cells = filled.entries.get(f"in_{item.id}", ())
        if not cells or item.kind == "constant" or item.carry:  # what is carried on follows from its closing
            continue
        logged = filled.logged.get(item.id, ())
        logged_rows = logged if item.kind == "tally" else [logged]
        typed = [[entry.value for entry in row] for row in cells]
        there = [any(_cell(row, month) is not None for row in (*typed, *logged_rows)) for month in range(MONTHS)]
        if any(there):
            rows[item.id] = there
    gaps = {name: skipped(there) for name, there in rows.items()}
    for month in range(MONTHS):
        missing = [name for name, empty in gaps.items() if month + 1 in empty]
        everywhere = not any(month < len(there) and there[month] for there in rows.values())
        for name in missing[:1] if everywhere else missing:
            key = "verify.skipped_month" if everywhere else "verify.skipped"
            label = filled.vertical.inputs[name].label.get_in(report.language)
            what = report.say(key, label=label, month=month_name(report, month))
            report.at(_entry(filled.entries[f"in_{name}"][0], month), what, report.say("verify.fill"), WARNING)


def _entry(row: tuple[Entry, ...], month: int) -> Entry:
    return row[min(month, len(row) - 1)]


def _cell(row: object, month: int) -> object:
    return row[month] if isinstance(row, (list, tuple)) and month < len(row) else None


def _log(report: Report) -> None:
    """Lines of the log that count in no month, and why."""
    filled = report.filled
    for line, entry in enumerate(filled.log or ()):
        found = 0 if entry.empty else place(filled.vertical, filled.start, entry)
        if found < 0:
            cell = filled.entries["log_entries"][line][0]
            report.at(cell, f"{report.say(f'log.{FAULTS[-1 - found]}')}.", "", WARNING)


def _target_ends(report: Report, name: str) -> None:
    """A target that ends before it begins, or begins nowhere."""
    start, end = report.filled.one(f"target_{name}"), report.filled.one(f"targetend_{name}")
    if start is not None and end is not None and target_turned(start.number, end.number):
        report.at(end, report.say("check.target_ends"), report.say("verify.ends"))


def _thresholds(report: Report, kpi: Kpi, segment: str) -> None:
    """The thresholds of a row: numbers, words that formulas know, each band beyond the one before."""
    name = row_id(kpi, segment)
    for band in BANDS:
        edge, upper, operator = (report.filled.one(f"{kind}_{name}_{band}") for kind in ("bench", "upper", "operator"))
        good = [_is_typed(report, each, "valid.amount") for each in (edge, upper) if each is not None]
        for each in (edge, upper):
            if each is not None and hardly_a_fraction(kpi):
                _fraction(report, each)
        if edge is not None and upper is not None and all(good):
            ends = [each.number for each in (edge, upper) if each.number is not None]
            if len(ends) == 1 or (len(ends) == 2 and ends[1] <= ends[0]):
                report.at(upper, report.say("verify.ends"))
        if operator is not None and edge is not None and edge.number is not None:
            _word(report, operator, EDGE_KEYS[kpi.better])
    bands = report.filled.as_changed.kpis[kpi.id].bands.get(segment, ())
    for lower, better in pairwise(bands):
        places = [report.filled.one(f"bench_{name}_{BANDS[band.level - 1]}") for band in (lower, better)]
        if None in places or _beyond(lower, better, kpi.better):
            continue
        words = [report.say(LEVEL_KEYS[band.level]) for band in (lower, better)]
        what = report.say("verify.order", better=words[1], lower=words[0], cell=places[0].cell)  # type: ignore[union-attr]
        fix = report.say("verify.order_back", direction=report.say(f"better.{kpi.better}"))
        report.at(places[1], what, fix)  # type: ignore[arg-type]


def _beyond(lower: Band, better: Band, direction: str) -> bool:
    """Whether a band begins where it takes more than for the one below."""
    side = compare(better.edge, lower.edge)
    if direction == "range":
        if lower.upper is None or better.upper is None or min(lower.upper, better.upper) < min(lower.edge, better.edge):
            return True  # said already: an end is missing, or the ends are turned round
        end = compare(lower.upper, better.upper)
        return side >= 0 and end >= 0 and side + end > 0
    return side > 0 if direction == "higher" else side < 0


def _period(report: Report, name: str) -> None:
    entry = report.filled.one(f"period_{name}")
    if entry is not None:
        _word(report, entry, tuple(f"period.{each}" for each in (*PERIODS, "none")))


def _word(report: Report, entry: Entry, keys: tuple[str, ...]) -> None:
    """A word that formulas look up, in the workbook's own language."""
    words = [report.filled.say(key) for key in keys]
    if str(entry.value).casefold() not in [word.casefold() for word in words]:
        what = report.say("verify.word", value=report.shown(entry.value))
        report.at(entry, what, report.say("verify.words", words=", ".join(words)))
