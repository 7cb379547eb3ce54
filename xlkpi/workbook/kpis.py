"""The sheet of KPIs: twelve months and the year of each, coloured by band, with the band in words."""

from __future__ import annotations

from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter

from ..series import PERIOD_MONTHS, typical_month
from .book import CALC, FIRST_MONTH, MONTH_LETTERS, YEAR, YEAR_LETTER, Book, Row, Sheet, span
from .calc import month_formula, of_year, to_date_formula
from .hosts import PLAIN
from .layout import KPI_HEADER, Layout, bench_columns
from .plotted import FACTOR, PERIOD, STATED, month_edge
from .style import level_format, level_style, number_format
from .verdicts import level_word, verdict_word

TREND, COUNTED_COLUMN, BAND_YEAR, BAND_LATEST, TYPICAL, REMARK = (YEAR + place for place in range(1, 7))
FIRST_LEVEL = 23  # W to AH for the months, AI for the year, AJ for the latest month
LATEST_LEVEL = FIRST_LEVEL + 13
FIRST_MARK = 300  # number formats with shapes are counted from here, clear of those of cells
LEVEL_LETTERS = tuple(get_column_letter(FIRST_LEVEL + place) for place in range(14))


def write_kpis(book: Book, layout: Layout) -> None:
    """Write the sheet of KPIs."""
    sheet = Sheet(book, "kpis")
    # Room for a shape beside an amount of six figures, where there may be one.
    large = any(number_format(entry.kpi.unit, book.language) == "#,##0.00" for entry in book.rows)
    months = dict.fromkeys(MONTH_LETTERS, 12.5 if large else 10.5)
    sheet.widths({"A": name_width(book), "B": 9, "C": 11, **months, "P": 13 if large else 11})
    sheet.widths({"Q": 16, "R": 17, "S": 26, "T": 26, "U": 17, "V": 50})
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("kpis.title", vertical=name), "title")
    _how(sheet, book)
    if book.sample:
        for column in range(1, REMARK + 1):
            sheet.text(3, column, book.say("inputs.sample") if column == 1 else "", "banner")
    _header(sheet, book)
    for entry in book.rows:
        _row(sheet, book, layout, entry)
    last = KPI_HEADER + len(book.rows)
    _legend(sheet, book, last + 2)
    end = _month_lines(sheet, book, layout, last + 2)
    _colours(sheet, book, layout)
    sheet.cells.freeze_panes = f"D{KPI_HEADER + 1}"
    # Two pages that can be read: the figures, then what they mean.
    sheet.printed(f"P{end}", f"{KPI_HEADER}:{KPI_HEADER}", beside=f"Q{KPI_HEADER}:V{last}", repeat="A:A")
    for letter in LEVEL_LETTERS:  # no group: its buttons would not work on a protected sheet
        sheet.cells.column_dimensions[letter].hidden = True


def name_width(book: Book) -> float:
    """Return the width that the longest name of a row needs: LibreOffice breaks no line in a link."""
    return max(40.0, max(len(book.row_name(entry)) for entry in book.rows) * 1.1)


def _how(sheet: Sheet, book: Book) -> None:
    text = book.say("kpis.how", inputs=book.title("inputs"))
    if book.host == PLAIN:
        sheet.text(2, 1, text, "how")
        return
    # Three lines within a screen's width: what the figures need is to be read before they are.
    sheet.text(2, 1, f"{text} {book.say(f'host.{book.host}')}", "how_wrap")
    sheet.cells.merge_cells(start_row=2, end_row=2, start_column=1, end_column=FIRST_MONTH + 8)
    sheet.cells.row_dimensions[2].height = 45


def _header(sheet: Sheet, book: Book) -> None:
    keys = {
        1: "kpis.kpi", 2: "inputs.unit", 3: "kpis.target", YEAR: "kpis.year", TREND: "kpis.trend",
        COUNTED_COLUMN: "kpis.counted", BAND_YEAR: "kpis.band_year", BAND_LATEST: "kpis.band_latest",
        TYPICAL: "kpis.typical_month", REMARK: "kpis.remark",
    }  # fmt: skip
    for column, key in keys.items():
        sheet.text(KPI_HEADER, column, book.say(key), "header_left" if column in (1, REMARK) else "header")
    sheet.months(KPI_HEADER)
    sheet.text(KPI_HEADER - 1, FIRST_LEVEL, book.say("kpis.numbers"), "how")
    sheet.cells.row_dimensions[KPI_HEADER].height = 32


def _row(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    row, kpi, figures = layout.kpi[entry.id], entry.kpi, entry.series
    rows = layout.calc[entry.id]
    sheet.cells.row_dimensions[row].height = 30
    sheet.text(row, 1, book.row_name(entry), "name")
    sheet.text(row, 2, book.unit(kpi.unit), "unit")
    bench = book.at("benchmarks")
    target = f"{bench}!${get_column_letter(bench_columns(book).after(0))}${layout.bench[entry.id]}"
    sheet.formula(
        row, 3, f'IF(ISNUMBER({target}),{target},"")', book.settings.targets.get(entry.id, ""), "figure", kpi.unit
    )
    for place, letter in enumerate(MONTH_LETTERS):
        value = figures.months[place]
        formula = month_formula(book, layout, entry, letter)
        sheet.formula(row, FIRST_MONTH + place, formula, value, "figure", kpi.unit)
    if kpi.year != "none":
        shown = figures.year
        sheet.formula(row, YEAR, _year(book, layout, entry), shown, "year", kpi.unit)
    sheet.text(row, TREND, "", "word")
    of12 = book.word("kpis.of12")
    many, number = of_year(rows.counted), figures.counted
    if kpi.year == "compound":  # the year is made of the latest unbroken run alone
        lengths, latest = f"{CALC}!{span(rows.length)}", of_year(rows.latest)
        many, number = f"IF({latest}=0,0,INDEX({lengths},{latest}))", entry_run(entry)
    counted = f"{number} {book.say('kpis.of12')}"
    sheet.formula(row, COUNTED_COLUMN, f'{many}&" "&{of12}', counted, "word")
    _band_cells(sheet, book, layout, entry)
    typical = typical_month(kpi, entry.segment, book.settings)
    edge = month_edge(entry, layout.calc[entry.id], 1, 0, f"{CALC}!")
    sheet.formula(row, TYPICAL, edge, typical, "figure", kpi.unit)
    sheet.formula(row, REMARK, _remark(book, layout, entry), remark(book, entry), "remark")
    for name, cells in (
        (f"kpi_{entry.id}", f"${MONTH_LETTERS[0]}${row}:${MONTH_LETTERS[-1]}${row}"),
        (f"year_{entry.id}", f"${YEAR_LETTER}${row}"),
        (f"band_year_{entry.id}", f"${LEVEL_LETTERS[12]}${row}"),
        (f"band_latest_{entry.id}", f"${LEVEL_LETTERS[13]}${row}"),
    ):
        book.define(name, "kpis", cells)


def _year(book: Book, layout: Layout, entry: Row) -> str:
    """The year is the figure up to the last month; the function of the workbook's host may give it."""
    return to_date_formula(book, layout, entry, f"${MONTH_LETTERS[-1]}", f"{CALC}!", call=True)


def entry_run(entry: Row) -> int:
    """Return how many months the latest unbroken run of a row has."""
    return entry.series.lengths[entry.series.latest - 1] if entry.series.latest else 0


def _band_cells(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Band numbers of the months, the year and the latest month, and the two words."""
    row, rows, figures = layout.kpi[entry.id], layout.calc[entry.id], entry.series
    for place, letter in enumerate((*MONTH_LETTERS, YEAR_LETTER)):
        level = figures.levels[place]
        shown = level
        sheet.formula(row, FIRST_LEVEL + place, f"{CALC}!{letter}{rows.level}", shown, "muted", "count")
    latest = of_year(rows.latest)
    # Before there is a figure no month has a level, so that the first month's is as empty as it should be.
    formula = f"INDEX({CALC}!{span(rows.level)},MAX(1,{latest}))"
    level = figures.latest_level
    sheet.formula(row, LATEST_LEVEL, formula, level, "muted", "count")
    for column, place, level in (
        (BAND_YEAR, 12, figures.levels[12]),
        (BAND_LATEST, 13, figures.latest_level),
    ):
        cell = f"{LEVEL_LETTERS[place]}{row}"
        word = "" if level is None else verdict_word(book, level, entry.kpi.better)
        said = level_word(book, entry.kpi.better, cell, "verdict.3", f"{CALC}!")
        sheet.formula(row, column, f'IF(ISNUMBER({cell}),{said},"")', word, "word")


def _remark(book: Book, layout: Layout, entry: Row) -> str:
    """Why a figure has no band, or how it was made comparable, as a formula over words."""
    rows, kpi = layout.calc[entry.id], entry.kpi
    compare = rows.compare
    period = f"{CALC}!${PERIOD}{compare}"
    word = get_column_letter(bench_columns(book).after(1))
    chosen = f"{book.at('benchmarks')}!${word}${layout.bench[entry.id]}"

    def say(key: str) -> str:
        """A remark, with the space that parts it from one before."""
        return f'" "&{book.word(key)}'

    inner = '""'
    if kpi.benchmark.period_matters:
        if kpi.year == "compound":
            known = f'{say("remark.compound")}&" "&{chosen}&"."'
        else:
            known = f'IF({period}=1,"",{say("remark.period")}&" "&{chosen}&".")'
        inner = f"IF(ISNUMBER({period}),{known},{say('remark.open')})"
    if kpi.unit == "money":
        inner = f"IF(ISNUMBER({CALC}!${FACTOR}{compare}),{inner},{say('remark.rate')})"
    inner = f"IF({CALC}!${STATED}{compare}=0,{say('remark.bands')},{inner})"
    if kpi.year == "compound":
        run = f"INDEX({CALC}!{span(rows.length)},{of_year(rows.latest)})"
        inner += f'&IF({of_year(rows.latest)}=0,"",{say("remark.run")}&" "&{run}&".")'
    inner = f"IF({of_year(rows.counted)}=0,{say('remark.empty')},{inner})"
    if rows.broken:
        inner = f"IF({of_year(rows.broken)}>0,{say('remark.error')},{inner})"
    return f"MID({inner},2,999)"


def remark(book: Book, entry: Row) -> str:
    """Return the remark of a row in words, as its formula gives it."""
    kpi, figures = entry.kpi, entry.series
    if figures.broken:
        return book.say("remark.error", inputs=book.title("inputs"))
    if not figures.counted:
        return book.say("remark.empty")
    text = _judged(book, entry)
    if kpi.year == "compound" and figures.latest:
        text += f" {book.say('remark.run')} {entry_run(entry)}."
    return text.strip()


def _judged(book: Book, entry: Row) -> str:
    kpi, period = entry.kpi, entry.kpi.benchmark.period
    if not kpi.bands.get(entry.segment):
        return book.say("remark.bands")
    if kpi.unit == "money" and book.settings.factor is None:
        return book.say("remark.rate", inputs=book.title("inputs"))
    if not kpi.benchmark.period_matters:
        return ""
    if period not in PERIOD_MONTHS:
        return book.say("remark.open")
    if kpi.year == "compound":
        return f"{book.say('remark.compound')} {book.say(f'period.{period}')}."
    return "" if period == "month" else f"{book.say('remark.period')} {book.say(f'period.{period}')}."


def _legend(sheet: Sheet, book: Book, row: int) -> None:
    sheet.text(row, 1, book.say("kpis.legend"), "how")
    for level in range(4):
        column = FIRST_MONTH + level * 3
        sheet.text(row, column, verdict_word(book, level), f"level{level}")
        sheet.cells.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 2)


def _month_lines(sheet: Sheet, book: Book, layout: Layout, row: int) -> int:
    """Say near the figures what is typical for a month of a rate that compounds; return the last row."""
    for entry in book.rows:
        if entry.kpi.year != "compound" or not entry.kpi.benchmark.period_matters:
            continue
        row += 1
        period = f"{CALC}!${PERIOD}{layout.calc[entry.id].compare}"
        typical, own = f"${get_column_letter(TYPICAL)}{layout.kpi[entry.id]}", f"$A{layout.kpi[entry.id]}"
        there = f"IF(ISNUMBER({typical})*ISNUMBER({period}),IF({period}>1,1,0),0)=1"
        edge = typical_month(entry.kpi, entry.segment, book.settings)
        is_there = edge is not None and PERIOD_MONTHS.get(entry.kpi.benchmark.period, 1) > 1
        chosen = f"{book.at('benchmarks')}!${bench_columns(book).letter_of_period}${layout.bench[entry.id]}"
        name = f'{own}&{book.word("dashboard.colon")}&" "&{book.word("kpis.in_a_month")}'
        why = f'{book.word("kpis.colored_by")}&" "&{chosen}&"."'
        said = f"{book.row_name(entry)}{book.say('dashboard.colon')} {book.say('kpis.in_a_month')}"
        because = (
            f"{book.say('kpis.colored_by')} {book.say(f'period.{entry.kpi.benchmark.period}')}." if is_there else ""
        )
        sheet.formula(row, 1, f'IF({there},{name},"")', said if is_there else "", "how")
        number = edge if is_there and edge is not None else ""
        sheet.formula(row, 3, f'IF({there},{typical},"")', number, "figure", entry.kpi.unit)
        sheet.formula(row, FIRST_MONTH, f'IF({there},{why},"")', because, "how")
    return row


def _colours(sheet: Sheet, book: Book, layout: Layout) -> None:
    """Colour figures and words by the band number in their row, and mark figures; the rules exclude one another."""
    numbers: dict[str, int] = {}
    for entry in book.rows:
        row = layout.kpi[entry.id]
        for level in range(4):
            code = level_format(level, entry.kpi.unit, book.language)
            marked = NumberFormat(numbers.setdefault(code, FIRST_MARK + len(numbers)), code)
            _colour(sheet, f"{MONTH_LETTERS[0]}{row}:{YEAR_LETTER}{row}", f"{LEVEL_LETTERS[0]}{row}", level, marked)
    first, last = KPI_HEADER + 1, KPI_HEADER + len(book.rows)
    words = f"{get_column_letter(BAND_YEAR)}{first}:{get_column_letter(BAND_LATEST)}{last}"
    for level in range(4):
        _colour(sheet, words, f"{LEVEL_LETTERS[12]}{first}", level)


def _colour(sheet: Sheet, cells: str, number: str, level: int, marked: NumberFormat | None = None) -> None:
    fill, font = level_style(level)
    look = DifferentialStyle(font=font, fill=fill, numFmt=marked)
    rule = Rule("expression", dxf=look, formula=[f"AND(ISNUMBER({number}),{number}={level})"])
    sheet.cells.conditional_formatting.add(cells, rule)
