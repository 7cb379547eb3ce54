"""What the charts show, on the hidden sheet Calc: figures, the edges of the bands for a month, the target."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from ..errors import KpiError
from ..model import Kpi
from ..policy import is_number
from ..series import MONTHS, PERIOD_MONTHS, month_target
from .book import CALC, FIRST_MONTH, MONTH_LETTERS, YEAR, Book, Row, Sheet
from .layout import CalcRows, Layout, bench_columns

FAR = ("9E+307", "-9E+307")  # stand for "no such band": no figure reaches the one or stays below the other
# Columns of the compare row behind the months: edge and strictness (or upper edge) of each band, how many
# bands are stated, the benchmark's period in months, and the currency factor.
EDGES = tuple(get_column_letter(YEAR + 1 + place) for place in range(6))
STATED, PERIOD, FACTOR = (get_column_letter(YEAR + 7 + place) for place in range(3))


def write_plotted(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Write what a KPI's chart shows on the sheet Calc: #N/A, which is a gap, where there is nothing."""
    rows, kpis, kpi_row = layout.calc[entry.id], book.at("kpis"), layout.kpi[entry.id]
    sheet.text(rows.plot.value, 1, f"{entry.id}: plotted")
    for place, letter in enumerate(MONTH_LETTERS):
        value = entry.series.months[place]
        _plotted(sheet, rows.plot.value, FIRST_MONTH + place, f"{kpis}!{letter}{kpi_row}", value)
    sheet.text(rows.plot.target, 1, f"{entry.id}: target")
    target = plotted_target(book, entry)
    formula = month_goal(entry, rows, f"{kpis}!$C{kpi_row}")
    sheet.formula(rows.plot.target, 3, formula, target)
    for place in range(MONTHS):
        _plotted(sheet, rows.plot.target, FIRST_MONTH + place, f"$C{rows.plot.target}", target)
    if rows.plot.target_end:
        _write_target_end(sheet, book, layout, entry)
    for (level, side), row in rows.plot.edges.items():
        edge = entry.edges[level, side]
        sheet.text(row, 1, f"{entry.id}: band {level}")
        sheet.formula(row, 3, month_edge(entry, rows, level, side, ""), edge)
        for place in range(MONTHS):
            _plotted(sheet, row, FIRST_MONTH + place, f"$C{row}", edge)


def _write_target_end(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Where the user's own target ends; an end alone is no target."""
    rows, value = layout.calc[entry.id], plotted_end(book, entry)
    row, start = rows.plot.target_end, f"$C{rows.plot.target}"
    cell = f"{book.at('benchmarks')}!${get_column_letter(bench_columns(book).target_end)}${layout.bench[entry.id]}"
    sheet.text(row, 1, f"{entry.id}: target's end")
    sheet.formula(row, 3, f'IF(ISNUMBER({start}),{month_goal(entry, rows, cell)},"")', value)
    for place in range(MONTHS):
        _plotted(sheet, row, FIRST_MONTH + place, f"$C{row}", value)


def _plotted(sheet: Sheet, row: int, column: int, cell: str, value: object) -> None:
    shown = value if is_number(value) else KpiError("There is nothing to plot.", "#N/A")
    sheet.formula(row, column, f"IF(ISNUMBER({cell}),{cell},NA())", shown)  # type: ignore[arg-type]


def month_edge(entry: Row, rows: CalcRows, level: int, side: int, calc: str) -> str:
    """Return where a band begins (or ends) for a month's figure, in the user's currency."""
    compare, kpi = rows.compare, entry.kpi
    edge, period = f"{calc}${EDGES[(level - 1) * 2 + side]}{compare}", f"{calc}${PERIOD}{compare}"
    shown = _for_a_month(kpi, f"-{edge}" if kpi.better == "lower" else edge, period)
    there = f"{edge}>{FAR[1]}" if side else f"{edge}<{FAR[0]}"
    return f'IF({there},{shown},"")'


def month_goal(entry: Row, rows: CalcRows, target: str) -> str:
    """Return the user's own target as it holds for a month's figure; it is in their currency already."""
    return f'IF(ISNUMBER({target}),{_for_a_month(entry.kpi, target, f"${PERIOD}{rows.compare}")},"")'


def plotted_target(book: Book, entry: Row) -> float | None:
    """Return what :func:`month_goal` gives."""
    target = book.settings.targets.get(entry.id)
    return month_target(entry.kpi, target) if is_number(target) else None


def plotted_end(book: Book, entry: Row) -> float | None:
    """Return where the target of :func:`plotted_target` ends, where a range is best."""
    end, begins = book.settings.target_ends.get(entry.id), plotted_target(book, entry)
    return month_target(entry.kpi, end) if begins is not None and is_number(end) else None


def _for_a_month(kpi: Kpi, value: str, period: str) -> str:
    """Bring a value to a month where figures compound; otherwise it holds for a month or for none."""
    if not kpi.benchmark.period_matters:
        return value
    if kpi.year == "compound":
        return f'IF(ISNUMBER({period}),IF({value}>=0,({value}/100)^(1/{period})*100,""),{value})'
    return f'IF({period}="",{value},IF({period}=1,{value},""))'


def why_no_lines(book: Book, entry: Row, rows: CalcRows, period_word: str) -> str:
    """Return, as a formula over words, why a chart has no lines to compare with; an empty text where it has."""
    compare, kpi = rows.compare, entry.kpi
    period = f"{CALC}!${PERIOD}{compare}"
    inner = f'IF({CALC}!${STATED}{compare}=0,{book.word("trends.bands")},"")'
    if kpi.unit == "money":
        inner = f"IF(ISNUMBER({CALC}!${FACTOR}{compare}),{inner},{book.word('trends.rate')})"
    if kpi.benchmark.period_matters and kpi.year != "compound":
        other = f'{book.word("trends.period")}&" "&{period_word}&"."'
        # An empty text is above every number, so that numbers are told first.
        inner = f"IF(ISNUMBER({period}),IF({period}>1,{other},{inner}),{inner})"
    return inner


def no_lines(book: Book, entry: Row) -> str:
    """Return what :func:`why_no_lines` gives."""
    kpi, period = entry.kpi, entry.kpi.benchmark.period
    if kpi.benchmark.period_matters and kpi.year != "compound" and PERIOD_MONTHS.get(period, 1) > 1:
        return f"{book.say('trends.period')} {book.say(f'period.{period}')}."
    if kpi.unit == "money" and book.settings.factor is None:
        return book.say("trends.rate", inputs=book.title("inputs"))
    return "" if kpi.bands.get(entry.segment) else book.say("trends.bands")
