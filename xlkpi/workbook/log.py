"""The log: a list of single answers, sessions and tasks, and the months that it makes."""

from __future__ import annotations

import re
from datetime import date

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.utils import quote_sheetname

from ..logged import (
    FAULTS,
    NO_DATE,
    NO_FIGURE,
    NO_NUMBER,
    NO_RATING,
    OUTSIDE,
    UNKNOWN,
    Entry,
    counts_alone,
    place,
    plain_time,
    ratings,
)
from ..model import Input
from ..policy import is_number
from ..series import MONTHS
from .book import CALC, MONTH_LETTERS, YEAR_LETTER, Book, Sheet, month_name
from .layout import Layout
from .log_layout import LOG_HEADER, MONTH_COLUMNS, SUMMARY_MONTH, LogLayout
from .log_steps import by_hand
from .parts import Parts
from .style import MUTED, level_style

_DATE, _WHAT, _FIGURE, _NOTE, _COUNTS = range(1, 6)
_LABEL, _UNIT = 7, 8  # of the summary
_BY_HAND, _CODE, _KIND, _RESULT = SUMMARY_MONTH + MONTHS, 23, 24, 25  # W to Y are hidden
_FIRST = LOG_HEADER + 1
_ALONE, _IS_TALLY = "P", "Q"  # columns on Calc, behind the months in which something is typed by hand
_CHARACTERS = 155  # of the smaller letters, across the list
_STEP = 100  # a result is the number of the kind times this, and the month


def write_log(book: Book, layout: Layout, log: LogLayout) -> None:
    """Write the sheet of the log."""
    sheet = Sheet(book, "log")
    months = dict.fromkeys(MONTH_COLUMNS, 10.5)
    sheet.widths({"A": 12, "B": 52, "C": 13, "D": 34, "E": 32, "F": 3, "G": 55, "H": 11, **months, "U": 40})
    _head(sheet, book, log)
    _list(sheet, book, log)
    for item in book.vertical.inputs.values():
        if item.id in log.kinds:
            _summary(sheet, book, layout, log, item)
    _marks(sheet, log)
    _messages(sheet, log)
    book.define("log_entries", "log", f"$A${_FIRST}:$D${log.last}")
    sheet.cells.freeze_panes = f"A{_FIRST}"
    sheet.printed("E1", f"{LOG_HEADER}:{LOG_HEADER}")
    sheet.cells.print_area = f"A1:E{log.last},G{LOG_HEADER - 1}:U{log.last_shown}"
    sheet.cells.column_dimensions.group("W", "Y", hidden=True)


def print_months_first(parts: Parts, book: Book) -> None:
    """Print the months before the list, whose many lines follow on pages of their own.

    Args:
        parts: the workbook's parts by name; that of the workbook is changed.
        book: whose log is meant.
    """
    title = re.escape(quote_sheetname(book.title("log")))
    areas = re.compile(rf"({title}!\$A\$1:[^,<]*),({title}![^,<]*)")
    parts["xl/workbook.xml"] = areas.sub(r"\2,\1", parts["xl/workbook.xml"])


def _head(sheet: Sheet, book: Book, log: LogLayout) -> None:
    name, inputs = book.vertical.name.get_in(book.language), book.title("inputs")
    sheet.text(1, 1, book.say("log.title", vertical=name), "title")
    texts = {
        2: (book.say("log.how", inputs=inputs), "how_wrap"),
        3: (book.say("inputs.sample") if book.sample else "", "banner_wrap"),
        4: (book.say("log.how_figure", inputs=inputs), "how_wrap"),
    }
    for row, (text, role) in texts.items():
        if text:
            for column in range(_DATE, _COUNTS + 1):
                sheet.text(row, column, text if column == _DATE else "", role)
            _across(sheet, row, len(text) // (_CHARACTERS - 20 * (role == "banner_wrap")) + 1)
    if not book.sample:
        sheet.cells.row_dimensions[3].height = 4  # no more than a gap where there is no banner
    formula, value = _standing(book, log)
    sheet.formula(5, 1, formula, value, "warning_wrap")
    _across(sheet, 5, 2)
    headings = {_DATE: "date", _WHAT: "what", _FIGURE: "figure", _NOTE: "note", _COUNTS: "counts", _BY_HAND: "by_hand"}
    for column, key in headings.items():
        sheet.text(LOG_HEADER, column, book.say(f"log.{key}"), "header" if column == _FIGURE else "header_left")
    sheet.text(LOG_HEADER - 1, _LABEL, book.say("log.summary"), "strong")
    sheet.text(LOG_HEADER, _LABEL, book.say("inputs.input"), "header_left")
    sheet.text(LOG_HEADER, _UNIT, book.say("inputs.unit"), "header")
    for month, letter in enumerate(MONTH_LETTERS):
        sheet.formula(LOG_HEADER, SUMMARY_MONTH + month, f"{CALC}!{letter}$3", month_name(book, month), "header")
    sheet.cells.row_dimensions[LOG_HEADER].height = 22


def _across(sheet: Sheet, row: int, lines: int) -> None:
    """Let a text run over the width of the list, in so many lines."""
    sheet.cells.merge_cells(start_row=row, end_row=row, start_column=_DATE, end_column=_COUNTS)
    sheet.cells.row_dimensions[row].height = 13.5 * lines + 3


def _standing(book: Book, log: LogLayout) -> tuple[str, str]:
    """What is wrong with the log as a whole, in words: how many lines count nowhere, and why."""
    results, inputs = log.line_cells("Y"), book.at("inputs")
    found = [place(book.vertical, book.start, entry) for entry in book.log or () if not entry.empty]
    bad = [each for each in found if each < 0]
    parts = [f'IF(ISNUMBER({inputs}!$D$4),"",{_after_space(book, "log.no_month")})']
    now = [] if book.start else [book.say("log.no_month", inputs=book.title("inputs"))]
    many = f'COUNTIF({results},"<0")'
    parts.append(f'IF({many}=0,"",{_after_space(book, "log.nowhere")}&" "&{many}&".")')
    now += [f"{book.say('log.nowhere')} {len(bad)}."] if bad else []
    for number, fault in enumerate(FAULTS, 1):
        many = f"COUNTIF({results},-{number})"
        parts.append(f'IF({many}=0,"",{_after_space(book, f"log.{fault}")}&" ("&{many}&").")')
        now += [f"{book.say(f'log.{fault}')} ({bad.count(-number)})."] if -number in bad else []
    # There is no number in the last line's result as long as that line is left.
    parts.append(f'IF(COUNT($Y${log.last})=0,"",{_after_space(book, "log.full")})')
    if len(book.log or ()) == log.last - LOG_HEADER and book.log and not book.log[-1].empty:
        now.append(book.say("log.full", inputs=book.title("inputs")))
    return f"MID({'&'.join(parts)},2,999)", " ".join(now)


def _after_space(book: Book, key: str) -> str:
    return f'" "&{book.word(key)}'


def _list(sheet: Sheet, book: Book, log: LogLayout) -> None:
    """The lines to type in, and beside each in which month it counts, or why nowhere."""
    words, result = _words(book, log), _result(log)
    kind = f"IF(ISTEXT(B{{row}}),SUMPRODUCT(({log.kind_cells('B')}=B{{row}})*{log.kind_cells('C')}),0)"
    order, entries = list(log.kinds), list(book.log or ())
    for line in range(log.last - LOG_HEADER):
        row = _FIRST + line
        entry = entries[line] if line < len(entries) else Entry(None, "")
        _typed(sheet, book, row, entry)
        number = order.index(entry.input) + 1 if entry.input in order else 0
        found = "" if entry.empty else place(book.vertical, book.start, entry)
        code = number * _STEP + found if isinstance(found, int) and found > 0 else found
        sheet.formula(row, _COUNTS, words.format(row=row), _word(book, entry, found), "remark")
        sheet.formula(row, _KIND, kind.format(row=row), number)
        sheet.formula(row, _RESULT, result.format(row=row), code)


def _result(log: LogLayout) -> str:
    """The kind and the month of a line as one number, or the first reason, below 0, why it counts nowhere."""
    start, end = (f"{CALC}!${letter}${log.starts}" for letter in (MONTH_LETTERS[0], YEAR_LETTER))
    tests: list[tuple[str, object]] = [
        ("COUNTA(A{row}:C{row})=0", '""'),
        ("COUNT(A{row})=0", NO_DATE),
        (f"OR(A{{row}}<{start},A{{row}}>={end})", OUTSIDE),
        ("X{row}=0", UNKNOWN),
        ("COUNTA(C{row})>COUNT(C{row})", NO_NUMBER),
        (f"AND(ISBLANK(C{{row}}),INDEX({log.kind_cells(_ALONE)},X{{row}})=0)", NO_FIGURE),
    ]
    if log.scale[0]:
        first, last = log.scale
        scale = f"{CALC}!$C${first}:$C${last},X{{row}},{CALC}!$D${first}:$D${last},C{{row}}"
        answer = f"INDEX({log.kind_cells(_IS_TALLY)},X{{row}})=1"
        tests.append((f"AND({answer},COUNTIFS({scale})=0)", NO_RATING))
    good = f"X{{row}}*{_STEP}+MATCH(A{{row}},{log.start_cells()},1)"
    return "".join(f"IF({test},{value}," for test, value in tests) + good + ")" * len(tests)


def _words(book: Book, log: LogLayout) -> str:
    """The month of a line, and whether a figure typed by hand takes its place; or the reason in words."""
    typed = log.kind_cells(MONTH_LETTERS[0], MONTH_LETTERS[-1])
    names = f"{CALC}!${MONTH_LETTERS[0]}$3:${MONTH_LETTERS[-1]}$3"
    first = book.words[f"log.{FAULTS[0]}"]
    faults = f"{CALC}!$B${first}:$B${first + len(FAULTS) - 1}"
    month = f"MOD(Y{{row}},{_STEP})"
    replaced = f'IF(INDEX({typed},X{{row}},{month})=1," ("&{book.word("log.typed")}&")","")'
    return f'IF(Y{{row}}="","",IF(Y{{row}}<0,INDEX({faults},-Y{{row}}),INDEX({names},{month})&{replaced}))'


def _typed(sheet: Sheet, book: Book, row: int, entry: Entry) -> None:
    when, figure = plain_time(entry.date), entry.figure
    if not (when is None or isinstance(when, (str, date)) or is_number(when)):
        when = str(when)
    if not (figure is None or isinstance(figure, (str, bool)) or is_number(figure)):
        figure = str(figure)
    sheet.number(row, _DATE, when, "typed", "date")
    sheet.text(row, _WHAT, book.kinds.get(entry.input, entry.input), "typed_text")
    sheet.number(row, _FIGURE, figure, "typed")
    sheet.text(row, _NOTE, entry.note, "typed_text")


def _word(book: Book, entry: Entry, found: int | str) -> str:
    """In which month an entry counts, or why nowhere, as its formula says it."""
    if not isinstance(found, int):
        return ""
    if found < 0:
        return book.say(f"log.{FAULTS[-found - 1]}")
    typed = by_hand(book, book.vertical.inputs[entry.input])[found - 1]
    return month_name(book, found - 1) + (f" ({book.say('log.typed')})" if typed else "")


def _summary(sheet: Sheet, book: Book, layout: Layout, log: LogLayout, item: Input) -> None:
    """The months of one input as the log makes them: a row, or one a rating."""
    figures, number = book.logged[item.id], list(log.kinds).index(item.id) + 1
    label, scale = item.label.get_in(book.language), ratings(book.vertical, item)
    for offset in range(max(1, len(scale))):
        row = log.summary[item.id] + offset
        text = book.say("inputs.rating", label=label, value=f"{scale[offset]:g}") if scale else label
        sheet.text(row, _LABEL, text, "plain")
        sheet.text(row, _UNIT, book.unit(item.unit), "unit")
        sheet.number(row, _CODE, number * _STEP)
        cells: list[object] = list(figures[offset]) if scale else figures  # type: ignore[call-overload]
        rating = f"{CALC}!$C{layout.used[item.id][0] + offset}" if scale else ""
        for month in range(MONTHS):
            value = cells[month] if is_number(cells[month]) else ""
            formula = _month_formula(log, item, row, month, rating)
            sheet.formula(row, SUMMARY_MONTH + month, formula, value, "figure", item.unit)  # type: ignore[arg-type]
        typed = f"{CALC}!{MONTH_LETTERS[0]}{log.kinds[item.id]}:{MONTH_LETTERS[-1]}{log.kinds[item.id]}"
        many = f'SUMPRODUCT({typed}*({MONTH_COLUMNS[0]}{row}:{MONTH_COLUMNS[-1]}{row}<>""))'
        both = sum(own and logged is not None for own, logged in zip(by_hand(book, item), cells, strict=True))
        words = f'IF({many}=0,"",{book.word("log.months_typed")}&" "&{many})'
        shown = f"{book.say('log.months_typed')} {both}" if both else ""
        sheet.formula(row, _BY_HAND, words, shown, "remark")


def _month_formula(log: LogLayout, item: Input, row: int, month: int, rating: str) -> str:
    """What the lines of a month make: a sum, an average, or how many gave a rating."""
    results, figures = log.line_cells("Y"), log.line_cells("C")
    code = f"$W{row}+{CALC}!{MONTH_LETTERS[month]}$2"
    many = f"COUNTIF({results},{code})"
    total = f"SUMIFS({figures},{results},{code})"
    if rating:
        total = f"COUNTIFS({results},{code},{figures},{rating})"
    elif item.kind == "level":
        total += f"/{many}"
    elif counts_alone(item):  # each line without a figure is one more
        total += f'+{many}-COUNTIFS({results},{code},{figures},"<9E+307")'
    return f'IF({many}=0,"",{total})'


def _marks(sheet: Sheet, log: LogLayout) -> None:
    """Mark lines that count nowhere, and strike out what a figure typed by hand has taken the place of."""
    fill, font = level_style(0)
    struck = Font(color=MUTED, strike=True)
    lines = f"A{_FIRST}:E{log.last}"
    result, kind = f"$Y{_FIRST}", f"$X{_FIRST}"
    bad = f"IF(ISNUMBER({result}),{result}<0,FALSE)"
    replaced = f"IF(ISNUMBER({result}),IF({result}>0,INDEX(log_by_hand,{kind},MOD({result},{_STEP}))=1,FALSE),FALSE)"
    rules = sheet.cells.conditional_formatting
    rules.add(lines, FormulaRule([bad], fill=fill, font=font))
    rules.add(f"A{_FIRST}:C{log.last}", FormulaRule([replaced], font=struck))
    first, last = MONTH_COLUMNS[0], MONTH_COLUMNS[-1]
    number = f"$W{_FIRST}/{_STEP}"
    month = f"COLUMN()-{SUMMARY_MONTH - 1}"
    typed = f'IF({first}{_FIRST}="",FALSE,INDEX(log_by_hand,{number},{month})=1)'
    rules.add(f"{first}{_FIRST}:{last}{log.last_shown}", FormulaRule([typed], font=struck))


def _messages(sheet: Sheet, log: LogLayout) -> None:
    """Doubt a date outside the year, refuse a kind that is not in the list and a figure that is no number."""
    own, starts = f"A{_FIRST}", "INDEX(log_starts,1,{})"
    inside = f"AND(ISNUMBER({own}),{own}>={starts.format(1)},{own}<{starts.format(MONTHS + 1)})"
    dates, kinds, figures = ([f"{column}{_FIRST}:{column}{log.last}"] for column in "ABC")
    sheet.validate(dates, "valid.log_date", "custom", (inside,), None, doubt=True)
    sheet.validate(kinds, "valid.choice", "list", ("log_kinds",), None)
    sheet.validate(figures, "valid.log")
