"""Figures held against the benchmark, on the hidden sheet Calc: made comparable, and given their level."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter

from ..notation import COMPARE_DIGITS, round_half_away
from ..policy import Result
from ..series import HOME_CURRENCY, PERIOD_MONTHS
from .book import FIRST_MONTH, MONTH_LETTERS, YEAR, YEAR_LETTER, Book, Row, Sheet, span
from .layout import CalcRows, Layout, bench_columns
from .plotted import EDGES, FACTOR, FAR, PERIOD, STATED


def write_comparing(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Write how a KPI's figures stand to its bands: each month, the year, and up to each month."""
    rows, kpis, figures = layout.calc[entry.id], book.at("kpis"), entry.series
    for row, text in (
        (rows.compare, "compared"), (rows.level, "level"),
        (rows.compare_to_date, "to date, compared"), (rows.level_to_date, "to date, level"),
    ):  # fmt: skip
        sheet.text(row, 1, f"{entry.id}: {text}")
    own = [f"{kpis}!{letter}{layout.kpi[entry.id]}" for letter in (*MONTH_LETTERS, YEAR_LETTER)]
    whole_year = MONTH_LETTERS[-1]
    _compare(sheet, entry, (rows, rows.compare), own, [""] * 12 + [whole_year], figures.comparable)
    _levels(sheet, entry, rows, rows.compare, rows.level, figures.levels)
    if entry.kpi.year != "none":
        to_date = [f"{letter}{rows.to_date}" for letter in MONTH_LETTERS]
        _compare(sheet, entry, (rows, rows.compare_to_date), to_date, MONTH_LETTERS, figures.comparable_to_date)
        _levels(sheet, entry, rows, rows.compare_to_date, rows.level_to_date, figures.levels_to_date)
    _edges(sheet, book, layout, entry)


def _compare(
    sheet: Sheet,
    entry: Row,
    where: tuple[CalcRows, int],
    figures: Sequence[str],
    until: Sequence[str],
    values: Sequence[Result],
) -> None:
    """Each figure as it is held against the benchmark: rounded, in its period, turned where lower is better."""
    rows, row = where
    sign = "-" if entry.kpi.better == "lower" else ""
    for place, (figure, last, value) in enumerate(zip(figures, until, values, strict=True)):
        formula = _comparable(entry, rows, figure, sign, last)
        if entry.kpi.unit == "money":
            formula = f'IF(ISNUMBER(${FACTOR}{rows.compare}),{formula},"")'
        shown = -value if sign and isinstance(value, float) else value
        sheet.formula(row, FIRST_MONTH + place, formula, "" if shown is None else shown)


def _comparable(entry: Row, rows: CalcRows, figure: str, sign: str, last: str) -> str:
    """A comparable figure of one month, or of all months up to the one in the column ``last``."""
    benchmark, kpi = entry.kpi.benchmark, entry.kpi
    plain = f"ROUND({sign}{figure},9)"
    if not benchmark.period_matters:
        return f'IF(ISNUMBER({figure}),{plain},"")'
    period = f"${PERIOD}{rows.compare}"
    if kpi.year == "compound":
        power = f"({period}/INDEX({span(rows.length)},{last}{rows.latest}))" if last else period
        # What is too small to compound is 0 and no error, what is too large has no band.
        lost = f'IF({figure}<1,0,"")'
        turned = f'IF({figure}>=0,IFERROR(ROUND({sign}({figure}/100)^{power}*100,9),{lost}),"")'
        return f'IF(ISNUMBER({figure}),IF(ISNUMBER({period}),{turned},{plain}),"")'
    months = f"{last}{rows.counted}" if last and kpi.year == "inputs" and benchmark.year_scale != "month" else "1"
    return f'IF(ISNUMBER({figure}),IF({period}="",{plain},IF({period}={months},{plain},"")),"")'


def level_test(better: str, figure: str, edges: tuple[str, str]) -> str:
    """Return a test that a comparable figure enters a band.

    Args:
        better: the KPI's direction.
        figure: the cell of the figure.
        edges: the cells of the band's edge and of its strictness, or of both ends of a range.

    Returns:
        The test's text; where no range is best it is a number.
    """
    edge, other = edges
    if better == "range":
        return f"AND({figure}>={edge},{figure}<={other})"
    return f"({figure}>={edge})-{other}*({figure}={edge})"


def edge_cells(rows: CalcRows, level: int, sheet: str = "") -> tuple[str, str]:
    """Return the cells of a band's edge and of its strictness, or of both ends of a range."""
    first, second = (f"{sheet}${EDGES[(level - 1) * 2 + side]}${rows.compare}" for side in (0, 1))
    return first, second


def level_formula(better: str, figure: str, rows: CalcRows, sheet: str = "") -> str:
    """Return the best band that a comparable figure enters, 0 for none, as a formula."""
    formula = "0"
    for level in (1, 2, 3):
        formula = f"IF({level_test(better, figure, edge_cells(rows, level, sheet))},{level},{formula})"
    return formula


def _levels(sheet: Sheet, entry: Row, rows: CalcRows, compared: int, row: int, levels: Sequence[int | None]) -> None:
    """The level of each figure of a row: the best band entered."""
    for place, level in enumerate(levels):
        figure = f"{(*MONTH_LETTERS, YEAR_LETTER)[place]}{compared}"
        formula = level_formula(entry.kpi.better, figure, rows)
        formula = f'IF(ISNUMBER({figure})*(${STATED}{rows.compare}>0),{formula},"")'
        sheet.formula(row, FIRST_MONTH + place, formula, "" if level is None else level)


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
            ends.append((upper, band.upper if band else None))
        for place, (cell, value) in enumerate(ends):
            far = FAR[place]
            minus = "-" if sign < 0 else ""
            formula = f"IF(ISNUMBER({cell}),{minus}ROUND({cell},9),{far})"
            if kpi.unit == "money":
                known = f"ISNUMBER({cell})*ISNUMBER(${FACTOR}{row})"
                formula = f"IF({known},{minus}ROUND({cell}*${FACTOR}{row},9),{far})"
            shown = (
                float(far)
                if value is None or factor is None
                else sign * round_half_away(value * factor, COMPARE_DIGITS)
            )
            sheet.formula(row, _edge_column(level, place), formula, shown)
        if kpi.better != "range":
            operator = f"{bench}!${get_column_letter(columns.operator(level))}${bench_row}"
            strict = book.word("edge.gt" if kpi.better == "higher" else "edge.lt").split("!")[1]
            shown_strict = int(band.strict) if band else 0
            sheet.formula(row, _edge_column(level, 1), f"IF({operator}={strict},1,0)", shown_strict)
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
    sheet.formula(row, YEAR + 9, formula, "" if factor is None else factor)
