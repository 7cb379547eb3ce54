"""What the charts show, on the hidden sheet Calc: figures, the edges of the bands for a month, the target."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from ..errors import KpiError
from ..policy import is_number
from ..series import MONTHS
from .book import FIRST_MONTH, MONTH_LETTERS, YEAR, Book, Row, Sheet
from .layout import CalcRows, Layout

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
        _plotted(
            sheet, rows.plot.target, FIRST_MONTH + place, f"{kpis}!$C{kpi_row}", book.settings.targets.get(entry.id)
        )
    sheet.text(rows.plot.target, 1, f"{entry.id}: target")
    for (level, side), row in rows.plot.edges.items():
        edge = entry.edges[level, side]
        sheet.text(row, 1, f"{entry.id}: band {level}")
        sheet.formula(row, 3, month_edge(entry, rows, level, side, ""), "" if edge is None else edge)
        for place in range(MONTHS):
            _plotted(sheet, row, FIRST_MONTH + place, f"$C{row}", edge)


def _plotted(sheet: Sheet, row: int, column: int, cell: str, value: object) -> None:
    shown = value if is_number(value) else KpiError("There is nothing to plot.", "#N/A")
    sheet.formula(row, column, f"IF(ISNUMBER({cell}),{cell},NA())", shown)  # type: ignore[arg-type]


def month_edge(entry: Row, rows: CalcRows, level: int, side: int, calc: str) -> str:
    """Return where a band begins (or ends) for a month's figure, in the user's currency."""
    compare, kpi = rows.compare, entry.kpi
    edge, period = f"{calc}${EDGES[(level - 1) * 2 + side]}{compare}", f"{calc}${PERIOD}{compare}"
    shown = f"-{edge}" if kpi.better == "lower" else edge
    if kpi.benchmark.period_matters and kpi.year == "compound":
        shown = f'IF(ISNUMBER({period}),IF({edge}>=0,({edge}/100)^(1/{period})*100,""),{edge})'
    elif kpi.benchmark.period_matters:
        shown = f'IF({period}="",{shown},IF({period}=1,{shown},""))'
    there = f"{edge}>{FAR[1]}" if side else f"{edge}<{FAR[0]}"
    return f'IF({there},{shown},"")'
