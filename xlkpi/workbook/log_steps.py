"""What the log needs beside its own sheet: its steps on the sheet Calc, and its traces on the sheet of inputs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.utils.datetime import to_excel

from ..logged import counts_alone, ratings
from ..model import Input
from ..series import MONTHS
from .book import CALC, FIRST_MONTH, MONTH_LETTERS, Book, Sheet
from .layout import Layout
from .log_layout import LOG_WORDS, MONTH_COLUMNS, LogLayout
from .style import LOGGED

_NEVER = 9e307  # later than any date


def by_hand(book: Book, item: Input) -> list[bool]:
    """Return for each month whether anything is typed on the sheet of inputs, which then counts."""
    given = list(book.typed.get(item.id, ()))
    rows = [list(row) for row in given if isinstance(row, (list, tuple))] if item.kind == "tally" else [given]
    return [any(month < len(row) and row[month] is not None for row in rows) for month in range(MONTHS)]


def write_log_steps(sheet: Sheet, book: Book, layout: Layout, log: LogLayout) -> None:
    """Write what the log needs on the sheet Calc: first days, words, kinds, and which months are typed by hand."""
    _starts(sheet, book, log)
    for key in LOG_WORDS:
        text = book.say(key)
        sheet.text(book.words[key], 1, key)
        sheet.text(book.words[key], 2, text.format(inputs=book.title("inputs")) if "{inputs}" in text else text)
    scale_row = log.scale[0]
    for number, (name, row) in enumerate(log.kinds.items(), 1):
        item = book.vertical.inputs[name]
        sheet.text(row, 1, f"log: {name}")
        sheet.text(row, 2, book.kinds[name])
        sheet.number(row, 3, number)
        _by_hand(sheet, book, layout, item, row)
        sheet.number(row, FIRST_MONTH + MONTHS, int(counts_alone(item)))
        sheet.number(row, FIRST_MONTH + MONTHS + 1, int(item.kind == "tally"))
        for rating in ratings(book.vertical, item):
            sheet.text(scale_row, 1, f"log: {name}: rating")
            sheet.number(scale_row, 3, number)
            sheet.number(scale_row, 4, rating)
            scale_row += 1
    book.define("log_word", CALC, f"$B${book.words['log.from_log']}")
    book.define("log_kinds", CALC, log.kind_cells("B").partition("!")[2])
    book.define("log_by_hand", CALC, log.kind_cells(MONTH_LETTERS[0], MONTH_LETTERS[-1]).partition("!")[2])
    book.define("log_starts", CALC, log.start_cells().partition("!")[2])


def _starts(sheet: Sheet, book: Book, log: LogLayout) -> None:
    """The first day of each month and of the one after the year; beyond every date where there is none."""
    start = f"{book.at('inputs')}!$D$4"
    sheet.text(log.starts, 1, "log: first days")
    for month in range(MONTHS + 1):
        # INT makes a number of a date for those programs that tell the two apart.
        day = f"IFERROR(INT(DATE(YEAR({start}),MONTH({start})+{month},1)),9E+307)"
        sheet.formula(log.starts, FIRST_MONTH + month, f"IF(ISNUMBER({start}),{day},9E+307)", _first_day(book, month))


def _first_day(book: Book, month: int) -> float:
    if book.start is None:
        return _NEVER
    years, number = divmod(book.start.month - 1 + month, 12)
    year = book.start.year + years
    return float(to_excel(date(year, number + 1, 1))) if year <= date.max.year else _NEVER


def _by_hand(sheet: Sheet, book: Book, layout: Layout, item: Input, row: int) -> None:
    """Whether anything is typed in a month; for answers by rating, in any of its rows."""
    first, last = layout.typed[item.id]
    for month, letter in enumerate(MONTH_LETTERS):
        cells = f"{book.at('inputs')}!{letter}{first}:{letter}{last}"
        sheet.formula(row, FIRST_MONTH + month, f"IF(COUNTA({cells})>0,1,0)", int(by_hand(book, item)[month]))


def logged_cell(book: Book, layout: Layout, log: LogLayout, item: Input, month: int, offset: int) -> tuple[str, str]:
    """Return whether nothing is typed in a month, as a test, and the cell of what the log makes of it."""
    first, last = layout.typed[item.id]
    letter = MONTH_LETTERS[month]
    cells = f"{book.at('inputs')}!{letter}{first}:{letter}{last}"
    return f"COUNTA({cells})=0", f"{book.at('log')}!{MONTH_COLUMNS[month]}{log.summary[item.id] + offset}"


def mark_logged(sheet: Sheet, layout: Layout, item: Input) -> None:
    """Mark the months on the sheet of inputs that the log fills; nothing is typed there."""
    first, last = layout.typed[item.id]
    own = f"{MONTH_LETTERS[0]}{first}"
    used = f"INDEX(use_{item.id},ROW()-{first - 1},COLUMN()-{FIRST_MONTH - 1})"
    fill = PatternFill("solid", bgColor=LOGGED, fgColor=LOGGED)
    rule = FormulaRule([f"IF(ISBLANK({own}),ISNUMBER({used}),FALSE)"], fill=fill)
    sheet.cells.conditional_formatting.add(f"{own}:{MONTH_LETTERS[-1]}{last}", rule)


def from_log(book: Book, layout: Layout, item: Input, row: int) -> tuple[str, str]:
    """Return how many months of a row come from the log, as a formula's words and as they are now."""
    first = layout.typed[item.id][0]
    used_row = layout.used[item.id][0] + row - first
    used = f"COUNT({CALC}!$D${used_row}:$O${used_row})"
    many = f"({used}-COUNT($D{row}:$O{row}))"
    now = _months_from_log(book, item, row - first)
    formula = f'IF({many}=0,""," "&{book.word("log.from_log")}&" "&{many}&".")'
    return formula, f"{book.say('log.from_log')} {now}." if now else ""


def _months_from_log(book: Book, item: Input, offset: int) -> int:
    figures: Sequence[object] = book.logged[item.id]
    if item.kind == "tally":
        figures = figures[offset]  # type: ignore[assignment]
    return sum(not own and log is not None for own, log in zip(by_hand(book, item), figures, strict=True))
