"""The sheet that says in words whether a formula is gone, a figure is text, a month was skipped, a band is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from ..checking import (
    FIRST_DATE,
    LETTERS,
    is_currency_code,
    is_first_month,
    lacks_rate,
    misplaced,
    out_of_order,
    skipped,
)
from ..guards import merge_cells
from ..model import Input
from ..policy import is_number
from ..series import HOME_CURRENCY
from .book import CALC, FIRST_MONTH, LAST_MONTH, MONTH_LETTERS, Book, Row, Sheet, month_name, quoted
from .formula_cells import first_address, lost_anywhere, lost_formulas
from .hyperlinks import link_place
from .inputs import CHECK, has_money
from .layout import INPUT_HEADER, Layout, bench_columns
from .style import level_style

WHAT, STATE, TODO, FLAG, MANY = 1, 2, 3, 4, 5  # the flag and the numbers behind it are hidden
FIRST_FILLED, LAST_FILLED, SKIPPED, FIRST_SKIPPED, FILLED = (MANY + place for place in range(1, 6))
FAR, LOST = MANY + 1, MANY + 2
HEADER, SAID = 5, 3
_WIDTHS = {"A": 72, "B": 16, "C": 120}
_NUMBERS = f"{CALC}!$D$2:$O$2"


@dataclass
class Lines:
    """The sheet being written: where the next line stands, and which lines say whether something is wrong."""

    sheet: Sheet
    book: Book
    layout: Layout
    row: int = HEADER
    worked: list[bool] = field(default_factory=list)  # whether a month has any figure
    worked_cells: str = ""

    def group(self, key: str) -> None:
        """Write the heading of a group of lines."""
        self.row += 1
        for column in (WHAT, STATE, TODO):
            self.sheet.text(self.row, column, self.book.say(key) if column == WHAT else "", "group")

    def begin(self, label: str, place: str) -> int:
        """Begin a line with what it is about, linked to its place, and return its row."""
        self.row += 1
        self.sheet.text(self.row, WHAT, label, "name" if place else "cell")
        self.sheet.cells.row_dimensions[self.row].height = 27 if len(label) < _WIDTHS["A"] else 32
        if place:
            book = self.sheet.book
            target = place.rpartition("!")[0].strip("'").replace("''", "'")
            link_place(book, self.sheet.cells, self.row, WHAT, place, book.say("links.sheet", sheet=target))
        return self.row

    def at(self, column: int) -> str:
        """Return a cell of the present line."""
        return f"${get_column_letter(column)}{self.row}"

    def found(self, tests: Sequence[tuple[str, str, str]]) -> None:
        """Write what was found and the status: each test is a condition, its words, and what they say now."""
        said = " ".join(now for _, _, now in tests if now)
        parts = "&".join(f'IF({test}," "&{words},"")' for test, words, _ in tests)
        self.sheet.formula(self.row, TODO, f"MID({parts},2,999)", said, "remark")
        self.sheet.formula(self.row, FLAG, f"IF(LEN({self.at(TODO)})>0,1,0)", int(said != ""), "muted")
        self.status(f"IF({self.at(FLAG)}=1,{self.book.word('check.look')},{self.book.word('check.ok')})", said != "")

    def status(self, formula: str, is_wrong: bool) -> None:
        """Write the word and shape of a line's status."""
        shown = self.book.say("check.look" if is_wrong else "check.ok")
        self.sheet.formula(self.row, STATE, formula, shown, "word")


def write_check(sheet: Sheet, layout: Layout) -> None:
    """Write the sheet; all others must have been written, since their formulas are looked for.

    Args:
        sheet: the sheet, still empty.
        layout: where the figures and thresholds stand.
    """
    book = sheet.book
    watched = [title for title, shown in book.shown.items() if shown]
    lines = Lines(sheet, book, layout)
    _head(sheet, book)
    lines.group("check.formulas")
    first = lines.row + 1
    lines.row += len(watched) + 1  # these lines are written last, when all that they watch is there
    own = lines.row + 1
    _inputs(lines)
    _thresholds(lines)
    _settings(lines)
    last = lines.row
    lines.row = first - 1
    titles = [*watched, sheet.cells.title]
    cells = {title: _watched(book, title) for title in titles}
    for title in titles:
        _formulas(lines, title, cells[title], f"$D${own}:$D${last}")
    _total(sheet, book, first, last)
    fill, font = level_style(0)
    rule = FormulaRule([f"$D{first}=1"], fill=fill, font=font)
    sheet.cells.conditional_formatting.add(f"A{first}:C{last}", rule)
    sheet.cells.conditional_formatting.add(f"A{SAID}", FormulaRule([f"$D${SAID}>0"], fill=fill, font=font))
    sheet.cells.freeze_panes = f"A{HEADER + 1}"
    sheet.printed(f"C{last}", f"{HEADER}:{HEADER}")
    sheet.cells.column_dimensions.group("D", get_column_letter(sheet.cells.max_column), hidden=True)


def _head(sheet: Sheet, book: Book) -> None:
    sheet.widths(_WIDTHS)
    sheet.text(1, 1, book.say("check.title", vertical=book.vertical.name.get_in(book.language)), "title")
    sheet.text(2, 1, book.say("check.how"), "how")
    for column, key in ((WHAT, "what"), (STATE, "state"), (TODO, "todo")):
        sheet.text(HEADER, column, book.say(f"check.{key}"), "header" if column == STATE else "header_left")
    sheet.cells.row_dimensions[SAID].height = 22
    sheet.cells.row_dimensions[HEADER].height = 22


def _total(sheet: Sheet, book: Book, first: int, last: int) -> None:
    """How many lines need a look, as a number and in words, for other sheets to show."""
    many = sum(sheet.shown.get(f"D{row}") == 1 for row in range(first, last + 1))
    sheet.formula(SAID, FLAG, f"SUM($D${first}:$D${last})", many, "muted")
    count = f"$D${SAID}"
    fine, one, more = (book.word(f"check.{key}") for key in ("fine", "one", "many"))
    said = f"{many} {book.say('check.many')}" if many > 1 else book.say("check.one" if many else "check.fine")
    sheet.formula(SAID, WHAT, f'IF({count}=0,{fine},IF({count}=1,{one},{count}&" "&{more}))', said, "name")
    book.define("check_count", "check", count)
    book.define("check_word", "check", f"$A${SAID}")


def _watched(book: Book, title: str) -> list[str]:
    """Return the formula cells of a sheet, but for those that show what this sheet says.

    Those would make a circle: they depend on the very formula that watches them.
    """
    cells, own = book.workbook[title], book.title("check")
    if title == own:
        return list(book.shown[title])
    showing = (f"{book.at('check')}!", "check_count", "check_word")
    return [place for place in book.shown[title] if not any(text in str(cells[place].value) for text in showing)]


def _formulas(lines: Lines, title: str, cells: list[str], own_flags: str) -> None:
    """Count the formulas of a sheet that are gone; a program that cannot tell says so and counts none."""
    sheet, book = lines.sheet, lines.book
    hidden = book.workbook[title].sheet_state != "visible"
    at = quoted(title)
    label = book.say("check.hidden", sheet=title) if hidden else title
    row = lines.begin(label, "" if hidden else f"{at}!A1")
    # Of the hidden sheet, which has most, the number is enough.
    pairs = [(lost_anywhere(at, cells), "0")] if hidden else lost_formulas(at, cells)
    for place, formulas in enumerate(pairs):
        for side, formula in enumerate(formulas):
            sheet.formula(row, LOST + 2 * place + side, formula, 0, "muted")
    counted, ends = (",".join(lines.at(LOST + 2 * place + side) for place in range(len(pairs))) for side in (0, 1))
    sheet.formula(row, MANY, f"SUM({counted})", 0, "muted")
    sheet.formula(row, FAR, f"MAX({ends})", 0, "muted")
    able, many = f"${get_column_letter(MANY)}${SAID}", lines.at(MANY)
    if f"{get_column_letter(MANY)}{SAID}" not in sheet.shown:
        formula = f"IFERROR(IF(SUMPRODUCT(--_xlfn.ISFORMULA({own_flags}))>1,1,0),0)"
        sheet.formula(SAID, MANY, formula, 1, "muted")
    words = {key: book.word(f"check.{key}") for key in ("unable", "whole", "over", "first_cell", "undo")}
    over = f'{words["over"]}&" "&{many}&". "'
    if not hidden:
        over += f'&{words["first_cell"]}&" "&{first_address(lines.at(FAR))}&". "'
    found = f'IF({many}=0,{words["whole"]}&" {len(cells)}.",{over}&{words["undo"]})'
    said = f"{book.say('check.whole')} {len(cells)}."
    sheet.formula(row, TODO, f"IF({able}=0,{words['unable']},{found})", said, "remark")
    sheet.formula(row, FLAG, f"IF({able}=0,0,IF({many}>0,1,0))", 0, "muted")
    state = f"IF({lines.at(FLAG)}=1,{book.word('check.look')},{book.word('check.ok')})"
    lines.status(f"IF({able}=0,{book.word('check.unknown')},{state})", False)


def _inputs(lines: Lines) -> None:
    """A line for each input: text among the figures, and months left out between two others."""
    book, layout = lines.book, lines.layout
    lines.group("check.inputs")
    _months(lines)
    for item in book.vertical.inputs.values():
        if item.id in layout.typed:
            _input(lines, item)
    _last_year(lines)
    _doubts(lines)


def _months(lines: Lines) -> None:
    """A line for months that have no figure at all, so that a month off is said once and not at every input."""
    book = lines.book
    own = [item for item in book.vertical.inputs.values() if item.kind != "constant" and not item.carry]
    own = [item for item in own if not item.values]
    lines.begin(book.say("check.months"), f"{book.at('inputs')}!D{INPUT_HEADER}")
    rows = [row for item in own for row in _rows(lines.layout.used[item.id])]
    for place, letter in enumerate(MONTH_LETTERS):
        counted = (book.used[item.id][place] for item in own)
        lines.worked.append(any(map(is_number, flat(counted))))
        areas = ",".join(merge_cells([f"{CALC}!{letter}{row}" for row in rows]))
        formula = f"IF(COUNT({areas})>0,1,0)"
        lines.sheet.formula(lines.row, FILLED + place, formula, int(lines.worked[-1]), "muted")
    lines.worked_cells = f"{lines.at(FILLED)}:{lines.at(FILLED + LAST_MONTH - FIRST_MONTH)}".replace("$", "")
    lines.found([_skips(lines, f"{lines.worked_cells}=1", lines.worked)])
    columns = [get_column_letter(FILLED + place) for place in (0, LAST_MONTH - FIRST_MONTH)]
    lines.worked_cells = ":".join(f"${column}${lines.row}" for column in columns)


def _rows(ends: tuple[int, int]) -> range:
    return range(ends[0], ends[1] + 1)


def flat(values: Iterable[object]) -> Iterator[object]:
    """Return the members of lists among values, and the values that are no lists."""
    for value in values:
        yield from value if isinstance(value, list) else [value]


def _last_year(lines: Lines) -> None:
    """A line for each sheet that holds last year's figures: text among them."""
    book = lines.book
    places: dict[str, list[str]] = {}
    for name, defined in book.workbook.defined_names.items():
        if name.startswith("prev_"):
            sheet, _, area = defined.attr_text.rpartition("!")
            places.setdefault(sheet, []).append(area)
    for sheet, areas in places.items():
        title = sheet.strip("'").replace("''", "'")
        cells = [cell.value for area in areas for row in book.workbook[title][area.replace("$", "")] for cell in row]
        lines.begin(title, f"{sheet}!{areas[0].replace('$', '')}")
        lines.found([_misplaced(lines, ",".join(f"{sheet}!{area}" for area in areas), misplaced(cells))])


def _doubts(lines: Lines) -> None:
    """One line for what the sheet of inputs says of figures that cannot be, or hardly."""
    book, letter = lines.book, get_column_letter(CHECK)
    first, last = INPUT_HEADER + 1, lines.layout.last_input
    remarks = f"{book.at('inputs')}!${letter}${first}:${letter}${last}"
    shown = book.shown[book.title("inputs")]
    said = [str(shown.get(f"{letter}{row}") or "") for row in range(first, last + 1)]
    # Text among figures is said above already; words are above every number.
    tests = [f'({remarks}<>"")', f"({remarks}>9E+307)", f"({remarks}<>{book.word('warn.text')})"]
    harmless, from_log = [book.say("warn.text")], ""
    if "log_word" in book.workbook.defined_names:  # where a month comes from a log is no doubt
        from_log = f'-COUNTIF({remarks},log_word&"*")'
        harmless += [text for text in said if text.startswith(book.say("log.from_log"))]
    many = sum(text != "" and text not in harmless for text in said)
    lines.begin(book.say("check.doubts"), remarks.replace("$", ""))
    lines.sheet.formula(lines.row, MANY, f"IFERROR(SUMPRODUCT({'*'.join(tests)}){from_log},0)", many, "muted")
    words = f'{book.word("check.rows")}&" "&{lines.at(MANY)}&"."'
    lines.found([(f"{lines.at(MANY)}>0", words, f"{book.say('check.rows')} {many}." if many else "")])


def _misplaced(lines: Lines, areas: str, many: int) -> tuple[str, str, str]:
    """Count text and TRUE where numbers belong, in a hidden cell, and return the test with its words."""
    book = lines.book
    lines.sheet.formula(lines.row, MANY, f"COUNTA({areas})-COUNT({areas})", many, "muted")
    said = f"{book.say('warn.text')} {book.say('check.cells')} {many}." if many else ""
    words = f'{book.word("warn.text")}&" "&{book.word("check.cells")}&" "&{lines.at(MANY)}&"."'
    return f"{lines.at(MANY)}>0", words, said


def _input(lines: Lines, item: Input) -> None:
    book = lines.book
    first, last = lines.layout.typed[item.id]
    letters = (MONTH_LETTERS[0], MONTH_LETTERS[0] if item.kind == "constant" else MONTH_LETTERS[-1])
    area = f"{book.at('inputs')}!${letters[0]}${first}:${letters[1]}${last}"
    lines.begin(item.label.get_in(book.language), area.replace("$", ""))
    typed = _typed(book.workbook[book.title("inputs")], first, last, 1 if item.kind == "constant" else 12)
    tests = [_misplaced(lines, area, misplaced([cell for row in typed for cell in row]))]
    if item.kind != "constant" and not item.carry:
        tests.append(_gaps(lines, item, area, [list(month) for month in zip(*typed, strict=True)]))
    lines.found(tests)


def _typed(cells: Worksheet, first: int, last: int, months: int) -> list[list[object]]:
    """Return what stands in an input's cells, row by row."""
    columns = range(FIRST_MONTH, FIRST_MONTH + months)
    return [[cells.cell(row, column).value for column in columns] for row in range(first, last + 1)]


def _gaps(lines: Lines, item: Input, area: str, typed: list[list[object]]) -> tuple[str, str, str]:
    """Find months without a figure, typed or used, that have others, between the first and the last that have one."""
    book, sheet, row = lines.book, lines.sheet, lines.row
    used = [month if isinstance(month, list) else [month] for month in book.used[item.id]]
    filled = [
        any(cell is not None for cell in own) or any(map(is_number, counted))
        for own, counted in zip(typed, used, strict=True)
    ]
    top, bottom = lines.layout.used[item.id]
    there = f'({area}<>"")+({CALC}!$D${top}:$O${top}<>"")>0'
    if top != bottom:  # a month of a tally is filled where any of its rows is
        begin, end = lines.layout.typed[item.id]
        for place, letter in enumerate(MONTH_LETTERS):
            cells = f"{book.at('inputs')}!{letter}${begin}:{letter}${end}"
            formula = f"IF(COUNTA({cells})+COUNT({CALC}!{letter}${top}:{letter}${bottom})>0,1,0)"
            sheet.formula(row, FILLED + place, formula, int(filled[place]), "muted")
        there = f"{lines.at(FILLED)}:{lines.at(FILLED + LAST_MONTH - FIRST_MONTH)}=1"
    return _skips(lines, there, filled, among=True)


def _skips(lines: Lines, there: str, filled: list[bool], among: bool = False) -> tuple[str, str, str]:
    """Find empty months between the first and the last filled one; of an input, among those that have others."""
    book, sheet, row = lines.book, lines.sheet, lines.row
    places = [place for place, is_filled in enumerate(filled, 1) if is_filled]
    missed = [month for month in skipped(filled) if not among or lines.worked[month - 1]]
    first, last = lines.at(FIRST_FILLED), lines.at(LAST_FILLED)
    between = f"(1-({there}))*({_NUMBERS}>{first})*({_NUMBERS}<{last})"
    between += f"*{lines.worked_cells}" if among else ""
    for column, formula, value in (
        (FIRST_FILLED, f"13-SUMPRODUCT(MAX(({there})*(13-{_NUMBERS})))", min(places, default=13)),
        (LAST_FILLED, f"SUMPRODUCT(MAX(({there})*{_NUMBERS}))", max(places, default=0)),
        (SKIPPED, f"SUMPRODUCT({between})", len(missed)),
        (FIRST_SKIPPED, f"13-SUMPRODUCT(MAX({between}*(13-{_NUMBERS})))", min(missed, default=13)),
    ):
        # An error among the figures is said to be no number; here it must not spread.
        sheet.formula(row, column, f"IFERROR({formula},0)", value, "muted")
    one, many, which, fill = (book.word(f"check.{key}") for key in ("one_skipped", "skipped", "first_month", "fill"))
    count, month = lines.at(SKIPPED), f"INDEX({CALC}!$D$3:$O$3,{lines.at(FIRST_SKIPPED)})"
    text = f'IF({count}=1,{one},{many}&" "&{count}&", "&{which})&" "&{month}&". "&{fill}'
    said = ""
    if missed:
        said = book.say("check.one_skipped")
        if len(missed) > 1:
            said = f"{book.say('check.skipped')} {len(missed)}, {book.say('check.first_month')}"
        said += f" {month_name(book, missed[0] - 1)}. {book.say('check.fill')}"
    return f"{lines.at(SKIPPED)}>0", text, said


def _thresholds(lines: Lines) -> None:
    """A line for each row of benchmarks: no numbers, bands out of order, words that no formula knows."""
    lines.group("check.thresholds")
    for entry in lines.book.rows:
        _threshold(lines, entry)


def _threshold(lines: Lines, entry: Row) -> None:
    book, columns, row = lines.book, bench_columns(lines.book), lines.layout.bench[entry.id]
    at, cells, better = book.at("benchmarks"), book.workbook[book.title("benchmarks")], entry.kpi.better

    def place(column: int) -> str:
        return f"{at}!${get_column_letter(column)}${row}"

    def values(column_of: Callable[[int], int]) -> list[object]:
        return [cells.cell(row, column_of(level)).value for level in (1, 2, 3)]

    edges = [place(columns.edge(level)) for level in (1, 2, 3)]
    uppers = [place(columns.upper(level)) for level in (1, 2, 3)] if better == "range" else []
    edge_values, upper_values = values(columns.edge), values(columns.upper) if uppers else []
    texts = misplaced([*edge_values, *upper_values])
    numbers = ",".join((*edges, *uppers))
    wrong_order = out_of_order(better, edge_values, upper_values)
    order, key = (_nesting(edges, uppers), "check.nested") if uppers else (_ordering(edges, better), "check.order")
    operators = {"higher": ("edge.ge", "edge.gt"), "lower": ("edge.le", "edge.lt"), "range": ()}[better]
    lists = [(place(columns.operator(level)), operators) for level in (1, 2, 3) if operators]
    lists.append((place(columns.after(1)), ("period.month", "period.quarter", "period.year", "period.none")))
    unknown = [_unknown(book, cell, keys) for cell, keys in lists]
    target = place(columns.after(0))
    aim = cells.cell(row, columns.after(0)).value
    first = place(columns.operator(1)).replace("$", "")
    lines.begin(book.row_name(entry), f"{first}:{target.rpartition('!')[2].replace('$', '')}")
    facts = [
        (f"COUNTA({numbers})>COUNT({numbers})", "warn.text", texts > 0),
        (order, key, wrong_order),
        (f"{'+'.join(unknown)}>0", "check.choice", any(_is_unknown(book, cells, *pair) for pair in lists)),
        (f"COUNTA({target})>COUNT({target})", "check.target", misplaced([aim]) > 0),
    ]
    lines.found([(test, book.word(key), book.say(key) if now else "") for test, key, now in facts])


def _unknown(book: Book, cell: str, keys: Sequence[str]) -> str:
    return f"IFERROR(IF({'+'.join(f'({cell}={book.word(key)})' for key in keys)}=0,1,0),1)"


def _is_unknown(book: Book, cells: Worksheet, cell: str, keys: Sequence[str]) -> bool:
    found = cells[cell.rpartition("!")[2].replace("$", "")].value
    return str(found or "").casefold() not in [book.say(key).casefold() for key in keys]


def _ordering(edges: list[str], better: str) -> str:
    """Return a test whether two bands that have an edge are in the wrong order."""
    wrong = "<=" if better == "higher" else ">="
    pairs = [(edges[before], edges[after]) for before, after in ((0, 1), (1, 2), (0, 2))]
    tests = [
        f"ISNUMBER({before})*ISNUMBER({after})*(ROUND(N({after}),9){wrong}ROUND(N({before}),9))"
        for before, after in pairs
    ]
    return f"IFERROR({'+'.join(tests)},0)>0"


def _nesting(edges: list[str], uppers: list[str]) -> str:
    """Return a test whether a range lacks an end, is turned round, or does not lie within one before."""
    tests = [f"(ISNUMBER({low})<>ISNUMBER({high}))" for low, high in zip(edges, uppers, strict=True)]
    tests += [
        f"ISNUMBER({low})*ISNUMBER({high})*(ROUND(N({high}),9)<=ROUND(N({low}),9))"
        for low, high in zip(edges, uppers, strict=True)
    ]
    for before, after in ((0, 1), (1, 2), (0, 2)):
        begins = [f"ROUND(N({edges[band]}),9)" for band in (before, after)]
        ends = [f"ROUND(N({uppers[band]}),9)" for band in (before, after)]
        out = f"({begins[1]}<{begins[0]})+({ends[1]}>{ends[0]})+({begins[1]}={begins[0]})*({ends[1]}={ends[0]})"
        there = ",".join((edges[before], edges[after], uppers[before], uppers[after]))
        tests.append(f"(COUNT({there})=4)*({out})")
    return f"IFERROR({'+'.join(tests)},0)>0"


def _settings(lines: Lines) -> None:
    """A line for each setting: the first month, and the currency and its rate where there is money."""
    book, at = lines.book, lines.book.at("inputs")
    lines.group("check.settings")
    month, currency, rate = (f"{at}!$D${row}" for row in (4, 5, 6))
    days = to_excel(book.start) if book.start else None
    facts = [
        ("inputs.first_month", month, f"IF(ISNUMBER({month}),IF({month}>{FIRST_DATE},0,1),1)=1", "warn.date",
         not is_first_month(days)),
    ]  # fmt: skip
    if has_money(book):
        letters = "*".join(f'ISNUMBER(FIND(MID(TRIM({currency}),{place},1),"{LETTERS}"))' for place in (1, 2, 3))
        test = f"IFERROR((LEN(TRIM({currency}))=3)*{letters},0)=0"
        facts.append(("inputs.currency", currency, test, "valid.code", not is_currency_code(book.settings.currency)))
    if any(entry.kpi.unit == "money" for entry in book.rows):
        test = f'IFERROR(IF(TRIM({currency})="{HOME_CURRENCY}",0,IF(ISNUMBER({rate}),IF({rate}>0,0,1),1)),1)=1'
        now = lacks_rate(book.settings.currency, book.settings.rate)
        facts.append(("inputs.rate", rate, test, "valid.rate", now))
    for label, cell, test, key, now in facts:
        lines.begin(book.say(label), cell.replace("$", ""))
        lines.found([(test, book.word(key), book.say(key) if now else "")])
