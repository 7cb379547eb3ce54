"""Figures held against the benchmark, on the hidden sheet Calc: made comparable, and given their level."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from ..notation import COMPARE_DIGITS, round_half_away
from ..policy import Result
from ..series import HOME_CURRENCY, PERIOD_MONTHS, upper_end
from ..texts import EDGE_KEYS
from .book import FIRST_MONTH, MONTH_LETTERS, YEAR, YEAR_LETTER, Book, Row, Sheet, span
from .layout import CalcRows, Layout, bench_columns
from .plotted import EDGES, FACTOR, FAR, PERIOD, STATED


def write_comparing(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Write how a KPI's figures of each month and of the year stand to its bands."""
    rows, figures = layout.calc[entry.id], entry.series
    sheet.text(rows.compare, 1, f"{entry.id}: compared")
    sheet.text(rows.level, 1, f"{entry.id}: level")
    for place, letter in enumerate((*MONTH_LETTERS, YEAR_LETTER)):
        months = _months_of_year(entry, rows) if letter == YEAR_LETTER else "1"
        formula = comparable_formula(entry, rows, f"{book.at('kpis')}!{letter}{layout.kpi[entry.id]}", months)
        shown = turned(entry, figures.comparable[place])
        sheet.formula(rows.compare, FIRST_MONTH + place, formula, shown)
        level = figures.levels[place]
        formula = level_formula(entry, f"{letter}{rows.compare}", rows)
        sheet.formula(rows.level, FIRST_MONTH + place, formula, level)
    _edges(sheet, book, layout, entry)


def turned(entry: Row, value: Result) -> Result:
    """Where lower is better figures are compared with the sign turned."""
    return -value if entry.kpi.better == "lower" and isinstance(value, float) else value


def _months_of_year(entry: Row, rows: CalcRows) -> str:
    """How many months the year's figure stands for."""
    last = MONTH_LETTERS[-1]
    return (
        f"INDEX({span(rows.length)},${last}{rows.latest})" if entry.kpi.year == "compound" else f"${last}{rows.counted}"
    )


def comparable_formula(entry: Row, rows: CalcRows, figure: str, months: str) -> str:
    """Return a formula for a figure as it is held against the benchmark: rounded, in its period, turned.

    Args:
        entry: the KPI row.
        rows: its rows on Calc, where the formula is to stand.
        figure: the cell of the figure.
        months: how many months it stands for; ``"1"`` for a month's.

    Returns:
        The formula's text, without ``=``.
    """
    benchmark, kpi = entry.kpi.benchmark, entry.kpi
    sign = "-" if kpi.better == "lower" else ""
    plain = f"ROUND({sign}{figure},9)"
    if not benchmark.period_matters:
        return f'IF(ISNUMBER({figure}),{plain},"")'
    period = f"${PERIOD}{rows.compare}"
    if kpi.year == "compound":
        power = period if months == "1" else f"({period}/{months})"
        # What is too small to compound is 0 and no error, what is too large has no band.
        lost = f'IF({figure}<1,0,"")'
        minus = "-1*" if sign else ""  # a minus before a power would be taken of the base
        brought = f'IF({figure}>=0,IFERROR(ROUND({minus}({figure}/100)^{power}*100,9),{lost}),"")'
        return f'IF(ISNUMBER({figure}),IF(ISNUMBER({period}),{brought},{plain}),"")'
    if kpi.year != "inputs" or benchmark.year_scale == "month":
        months = "1"
    return f'IF(ISNUMBER({figure}),IF({period}="",{plain},IF({period}={months},{plain},"")),"")'


def _level_test(better: str, figure: str, edges: tuple[str, str]) -> str:
    """A test that a comparable figure enters a band, by its edge and strictness, or by both ends of a range."""
    edge, other = edges
    if better == "range":
        return f"AND({figure}>={edge},{figure}<={other})"
    return f"({figure}>={edge})-{other}*({figure}={edge})"


def edge_cells(rows: CalcRows, level: int) -> tuple[str, str]:
    """Return the cells of a band's edge and of its strictness, or of both ends of a range."""
    first, second = (f"${EDGES[(level - 1) * 2 + side]}{rows.compare}" for side in (0, 1))
    return first, second


def level_formula(entry: Row, figure: str, rows: CalcRows) -> str:
    """Return the best band that a comparable figure enters, 0 for none, or nothing, as a formula on Calc."""
    formula = "0"
    for level in (1, 2, 3):
        formula = f"IF({_level_test(entry.kpi.better, figure, edge_cells(rows, level))},{level},{formula})"
    known = f"*ISNUMBER(${FACTOR}{rows.compare})" if entry.kpi.unit == "money" else ""
    return f'IF(ISNUMBER({figure})*(${STATED}{rows.compare}>0){known},{formula},"")'


def _edges(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """The bands as typed on the sheet of benchmarks, made ready for comparing."""
    rows, kpi, columns = layout.calc[entry.id], entry.kpi, bench_columns(book)
    row, bench, bench_row = rows.compare, book.at("benchmarks"), layout.bench[entry.id]
    factor = book.settings.factor if kpi.unit == "money" else 1.0
    by_level = {band.level: band for band in kpi.bands.get(entry.segment, ())}
    sign = -1.0 if kpi.better == "lower" else 1.0
    cells = []
    for level in (1, 2, 3):
        band = by_level.get(level)
        edge = f"{bench}!${get_column_letter(columns.edge(level))}${bench_row}"
        cells.append(edge)
        ends = [(edge, band.edge if band else None)]
        if kpi.better == "range":
            upper = f"{bench}!${get_column_letter(columns.upper(level))}${bench_row}"
            ends.append((upper, upper_end(band) if band else None))
        for place, (cell, value) in enumerate(ends):
            far = FAR[place]
            minus = "-" if sign < 0 else ""
            known, value_cell = f"ISNUMBER({cell})", cell
            if place:  # where it begins nowhere it ends nowhere
                known += f"*ISNUMBER({edge})"
            if kpi.unit == "money":
                known, value_cell = f"{known}*ISNUMBER(${FACTOR}{row})", f"{cell}*${FACTOR}{row}"
            formula = f"IF({known},{minus}ROUND({value_cell},9),{far})"
            shown = (
                float(far)
                if value is None or factor is None
                else sign * round_half_away(value * factor, COMPARE_DIGITS)
            )
            sheet.formula(row, _edge_column(level, place), formula, shown)
        if kpi.better != "range":
            operator = f"{bench}!${get_column_letter(columns.operator(level))}${bench_row}"
            strict = book.own_word(EDGE_KEYS[kpi.better][1])
            shown_strict = int(band.strict) if band else 0
            sheet.formula(row, _edge_column(level, 1), f"IF(ISNUMBER({edge})*({operator}={strict}),1,0)", shown_strict)
    sheet.formula(row, YEAR + 7, f"COUNT({','.join(cells)})", len(by_level))
    _period(sheet, book, layout, entry)
    if kpi.unit == "money":
        _factor(sheet, book, row)


def _edge_column(level: int, place: int) -> int:
    return YEAR + 1 + (level - 1) * 2 + place


def _period(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    row, column = layout.calc[entry.id].compare, bench_columns(book).after(1)
    cell = f"{book.at('benchmarks')}!${get_column_letter(column)}${layout.bench[entry.id]}"
    first = book.words["period.month"]
    formula = f'IFERROR(CHOOSE(MATCH({cell},$B${first}:$B${first + 2},0),1,3,12),"")'
    sheet.formula(row, YEAR + 8, formula, PERIOD_MONTHS.get(entry.kpi.benchmark.period, ""))


def _factor(sheet: Sheet, book: Book, row: int) -> None:
    inputs, factor = book.at("inputs"), book.settings.factor
    rate = f'IF(ISNUMBER({inputs}!$D$6),IF({inputs}!$D$6>0,{inputs}!$D$6,""),"")'
    formula = f'IF(TRIM({inputs}!$D$5)="{HOME_CURRENCY}",1,{rate})'
    sheet.formula(row, YEAR + 9, formula, factor)
