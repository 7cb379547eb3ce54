"""The sheet of last year's figures, to compare with, and of this year's in the same shape, to hand on."""

from __future__ import annotations

from ..chosen import latest_month
from .book import CALC, FIRST_MONTH, LAST_MONTH, MONTH_LETTERS, Book, Row, Sheet
from .layout import LAST_YEAR, LAST_YEAR_HEADER, Layout
from .verdicts import LATEST


def write_last_year(book: Book, layout: Layout) -> None:
    """Write the sheet of last year."""
    sheet = Sheet(book, "last_year")
    sheet.widths({"A": 44, "B": 10, LAST_YEAR: 14, **dict.fromkeys(MONTH_LETTERS, 11.5)})
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("last_year.title", vertical=name), "title")
    sheet.text(2, 1, book.say("last_year.how"), "how")
    sheet.text(3, 1, book.say("last_year.empty"), "how")
    _header(sheet, book, LAST_YEAR_HEADER, "last_year.before")
    for entry in book.rows:
        _typed(sheet, book, layout, entry)
    start = LAST_YEAR_HEADER + len(book.rows) + 3
    _header(sheet, book, start, "last_year.now")
    for place, entry in enumerate(book.rows):
        _this_year(sheet, book, layout, entry, start + 1 + place)
    row = start + len(book.rows) + 2
    sheet.text(row, 1, book.say("last_year.steps"), "strong")
    for step in (1, 2, 3):
        sheet.text(row + step, 1, book.say(f"last_year.step{step}", inputs=book.title("inputs")), "plain")
    _validate(sheet, book)
    sheet.cells.freeze_panes = f"C{LAST_YEAR_HEADER + 1}"
    sheet.printed(f"{MONTH_LETTERS[-1]}{row + 3}", "1:1")


def _header(sheet: Sheet, book: Book, row: int, key: str) -> None:
    sheet.text(row, 1, book.say(key), "header_left")
    sheet.text(row, 2, book.say("inputs.unit"), "header")
    sheet.text(row, 3, book.say("last_year.alone"), "header")
    for place in range(LAST_MONTH - FIRST_MONTH + 1):
        text = book.say("last_year.to_month", month=place + 1) if place else book.say("last_year.first")
        sheet.text(row, FIRST_MONTH + place, text, "header")
    sheet.cells.row_dimensions[row].height = 32


def _typed(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    row, given = layout.last_year[entry.id], book.settings.previous.get(entry.id, ())
    sheet.text(row, 1, book.row_name(entry), "name")
    sheet.text(row, 2, book.unit(entry.kpi.unit), "unit")
    for place in range(LAST_MONTH - FIRST_MONTH + 2):
        value = given[place] if place < len(given) else None
        sheet.number(row, FIRST_MONTH - 1 + place, value, "typed", entry.kpi.unit)
    book.define(f"prev_{entry.id}", "last_year", f"${LAST_YEAR}${row}:${MONTH_LETTERS[-1]}${row}")


def _this_year(sheet: Sheet, book: Book, layout: Layout, entry: Row, row: int) -> None:
    """What the next workbook wants of this one: the last month, and from the first month to each."""
    figures, unit = entry.series, entry.kpi.unit
    sheet.text(row, 1, book.row_name(entry), "name")
    sheet.text(row, 2, book.unit(unit), "unit")
    last = figures.months[-1]
    own = f"{book.at('kpis')}!{MONTH_LETTERS[-1]}{layout.kpi[entry.id]}"
    sheet.formula(row, FIRST_MONTH - 1, own, last, "figure", unit)
    latest, known = f"{CALC}!${LATEST}${layout.period}", latest_month([each.series for each in book.rows])
    for place, letter in enumerate(MONTH_LETTERS if entry.kpi.year != "none" else ()):
        # Months to come would repeat the year so far, and next year would be held against that.
        value = figures.to_date[place] if place < known else None
        formula = f'IF({CALC}!{letter}$2>{latest},"",{CALC}!{letter}{layout.calc[entry.id].to_date})'
        sheet.formula(row, FIRST_MONTH + place, formula, value, "figure", unit)


def _validate(sheet: Sheet, book: Book) -> None:
    first, last = LAST_YEAR_HEADER + 1, LAST_YEAR_HEADER + len(book.rows)
    sheet.validate([f"{LAST_YEAR}{first}:{MONTH_LETTERS[-1]}{last}"], "valid.amount")
