"""The log: a list of single answers, sessions and tasks, and the months that it makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.datavalidation import DataValidation

from ..logged import FAULTS, Entry, counts_alone, place, plain_time, ratings
from ..model import Input
from ..policy import is_number
from ..series import MONTHS
from .book import CALC, FIRST_MONTH, MONTH_LETTERS, YEAR_LETTER, Book, Sheet, month_name
from .layout import Layout
from .log_layout import LOG_HEADER, LOG_WORDS, LogLayout
from .parts import Parts
from .style import LOGGED, MUTED, level_style

_DATE, _WHAT, _FIGURE, _NOTE, _COUNTS = range(1, 6)
_LABEL, _UNIT, _MONTH = 7, 8, 9  # the summary: columns G, H, and I to T for the months
_WORDS, _CODE, _KIND, _RESULT = _MONTH + MONTHS, 23, 24, 25  # W to Y are hidden
_LETTERS = tuple(get_column_letter(_MONTH + month) for month in range(MONTHS))
_FIRST = LOG_HEADER + 1
_ALONE, _IS_TALLY = "P", "Q"  # columns on Calc, behind the months in which something is typed by hand
_CHARACTERS = 155  # of the smaller letters, across the list
_NEVER = 9e307  # later than any date
_STEP = 100  # a result is the number of the kind times this, and the month


def write_log(book: Book, layout: Layout, log: LogLayout) -> None:
    """Write the sheet of the log."""
    sheet = Sheet(book, "log")
    months = dict.fromkeys(_LETTERS, 10.5)
    sheet.widths({"A": 12, "B": 52, "C": 13, "D": 34, "E": 32, "F": 3, "G": 55, "H": 11, **months, "U": 40})
    _head(sheet, book, log)
    _list(sheet, book, log)
    for item in book.vertical.inputs.values():
        if item.id in log.kinds:
            _summary(sheet, book, layout, log, item)
    _marks(sheet, log)
    _messages(sheet, book, log)
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
    formula, value = _standing(book, log)
    sheet.formula(5, 1, formula, value, "warning_wrap")
    _across(sheet, 5, 2)
    headings = {_DATE: "date", _WHAT: "what", _FIGURE: "figure", _NOTE: "note", _COUNTS: "counts", _WORDS: "by_hand"}
    for column, key in headings.items():
        sheet.text(LOG_HEADER, column, book.say(f"log.{key}"), "header" if column == _FIGURE else "header_left")
    sheet.text(LOG_HEADER - 1, _LABEL, book.say("log.summary"), "strong")
    sheet.text(LOG_HEADER, _LABEL, book.say("inputs.input"), "header_left")
    sheet.text(LOG_HEADER, _UNIT, book.say("inputs.unit"), "header")
    for month, letter in enumerate(MONTH_LETTERS):
        sheet.formula(LOG_HEADER, _MONTH + month, f"{CALC}!{letter}$3", month_name(book, month), "header")
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
        parts.append(f'IF({many}=0,"",{_after_space(book, f"log.{fault}")}&": "&{many}&".")')
        now += [f"{book.say(f'log.{fault}')}: {bad.count(-number)}."] if -number in bad else []
    # There is no number in the last line's result as long as a line is left.
    parts.append(f'IF(COUNT($Y${log.last})=0,"",{_after_space(book, "log.full")})')
    return f"MID({'&'.join(parts)},2,999)", " ".join(now)


def _after_space(book: Book, key: str) -> str:
    return f'" "&{book.word(key)}'


def _list(sheet: Sheet, book: Book, log: LogLayout) -> None:
    """The lines to type in, and beside each in which month it counts, or why nowhere."""
    starts, kinds, numbers = log.start_cells(), log.kind_cells("B"), log.kind_cells("C")
    start, end = (f"{CALC}!${letter}${log.starts}" for letter in (MONTH_LETTERS[0], YEAR_LETTER))
    alone, tally = log.kind_cells(_ALONE), log.kind_cells(_IS_TALLY)
    typed = log.kind_cells(MONTH_LETTERS[0], MONTH_LETTERS[-1])
    names = f"{CALC}!${MONTH_LETTERS[0]}$3:${MONTH_LETTERS[-1]}$3"
    first_fault = book.words[f"log.{FAULTS[0]}"]
    faults = f"{CALC}!$B${first_fault}:$B${first_fault + len(FAULTS) - 1}"
    off_scale = ""
    if log.scale[0]:
        first, last = log.scale
        scale = f"{CALC}!$C${first}:$C${last},X{{row}},{CALC}!$D${first}:$D${last},C{{row}}"
        off_scale = f"IF(AND(INDEX({tally},X{{row}})=1,COUNTIFS({scale})=0),-6,"
    result = (
        'IF(COUNTA(A{row}:C{row})=0,"",IF(COUNT(A{row})=0,-1,IF(OR(A{row}<' + f"{start},A{{row}}>={end}),-2,"
        "IF(X{row}=0,-3,IF(COUNTA(C{row})>COUNT(C{row}),-4,"
        f"IF(AND(ISBLANK(C{{row}}),INDEX({alone},X{{row}})=0),-5,"
        f"{off_scale}X{{row}}*{_STEP}+MATCH(A{{row}},{starts},1)" + ")" * (7 if off_scale else 6)
    )
    month = f"MOD(Y{{row}},{_STEP})"
    by_hand = f'IF(INDEX({typed},X{{row}},{month})=1,": "&{book.word("log.typed")},"")'
    words = f'IF(Y{{row}}="","",IF(Y{{row}}<0,INDEX({faults},-Y{{row}}),INDEX({names},{month})&{by_hand}))'
    kind = f"IF(ISTEXT(B{{row}}),SUMPRODUCT(({kinds}=B{{row}})*{numbers}),0)"
    order = list(log.kinds)
    entries = list(book.log or ())
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
    return month_name(book, found - 1) + (f": {book.say('log.typed')}" if typed else "")


def by_hand(book: Book, item: Input) -> list[bool]:
    """Return for each month whether anything is typed on the sheet of inputs, which then counts."""
    given = list(book.typed.get(item.id, ()))
    rows = [list(row) for row in given if isinstance(row, (list, tuple))] if item.kind == "tally" else [given]
    return [any(month < len(row) and row[month] is not None for row in rows) for month in range(MONTHS)]


def _summary(sheet: Sheet, book: Book, layout: Layout, log: LogLayout, item: Input) -> None:
    """The months of one input as the log makes them: a row, or one a rating."""
    figures = book.logged[item.id]
    results, number = log.line_cells("Y"), list(log.kinds).index(item.id) + 1
    label, scale = item.label.get_in(book.language), ratings(book.vertical, item)
    used_first = layout.used[item.id][0]
    for offset in range(max(1, len(scale))):
        row = log.summary[item.id] + offset
        text = book.say("inputs.rating", label=label, value=f"{scale[offset]:g}") if scale else label
        sheet.text(row, _LABEL, text, "plain")
        sheet.text(row, _UNIT, book.unit(item.unit), "unit")
        sheet.number(row, _CODE, number * _STEP)
        cells: list[object] = list(figures[offset]) if scale else figures  # type: ignore[call-overload]
        for month, letter in enumerate(MONTH_LETTERS):
            code = f"$W{row}+{CALC}!{letter}$2"
            many = f"COUNTIF({results},{code})"
            total = f"SUMIFS({log.line_cells('C')},{results},{code})"
            if scale:
                total = f"COUNTIFS({results},{code},{log.line_cells('C')},{CALC}!$C{used_first + offset})"
            elif item.kind == "level":
                total += f"/{many}"
            elif counts_alone(item):  # and each line without a figure is one more
                total += f'+{many}-COUNTIFS({results},{code},{log.line_cells("C")},"<9E+307")'
            value = cells[month]
            shown = value if is_number(value) else ""
            sheet.formula(row, _MONTH + month, f'IF({many}=0,"",{total})', shown, "figure", item.unit)  # type: ignore[arg-type]
        typed = f"{CALC}!{MONTH_LETTERS[0]}{log.kinds[item.id]}:{MONTH_LETTERS[-1]}{log.kinds[item.id]}"
        many = f'SUMPRODUCT({typed}*({_LETTERS[0]}{row}:{_LETTERS[-1]}{row}<>""))'
        both = sum(own and log_cell is not None for own, log_cell in zip(by_hand(book, item), cells, strict=True))
        words = f'IF({many}=0,"",{book.word("log.months_typed")}&" "&{many})'
        shown_words = f"{book.say('log.months_typed')} {both}" if both else ""
        sheet.formula(row, _WORDS, words, shown_words, "remark")


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
    first, last = _LETTERS[0], _LETTERS[-1]
    number = f"$W{_FIRST}/{_STEP}"
    month = f"COLUMN()-{_MONTH - 1}"
    typed = f'IF({first}{_FIRST}="",FALSE,INDEX(log_by_hand,{number},{month})=1)'
    rules.add(f"{first}{_FIRST}:{last}{log.last_shown}", FormulaRule([typed], font=struck))


def _messages(sheet: Sheet, book: Book, log: LogLayout) -> None:
    """Doubt a date outside the year, refuse a kind that is not in the list and a figure that is no number."""
    own, starts = f"A{_FIRST}", "INDEX(log_starts,1,{})"
    inside = f"AND(ISNUMBER({own}),{own}>={starts.format(1)},{own}<{starts.format(MONTHS + 1)})"
    dates = DataValidation("custom", formula1=inside, errorStyle="warning")
    kinds = DataValidation("list", formula1="log_kinds")
    numbers = DataValidation("decimal", formula1="-9E+307", formula2="9E+307", operator="between")
    for rule, column, key in (
        (dates, "A", "valid.log_date"),
        (kinds, "B", "valid.choice"),
        (numbers, "C", "valid.log"),
    ):
        rule.allow_blank = rule.showErrorMessage = True
        rule.errorTitle, rule.error = book.say("valid.title")[:32], book.say(key)[:225]
        rule.add(f"{column}{_FIRST}:{column}{log.last}")
        sheet.cells.add_data_validation(rule)


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
    return f"COUNTA({cells})=0", f"{book.at('log')}!{_LETTERS[month]}{log.summary[item.id] + offset}"


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
