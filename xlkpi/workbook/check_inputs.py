"""What the sheet of checks says of figures typed: text among them, months left out, doubts."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..checking import hardly_a_fraction, misplaced, skipped
from ..guards import merge_cells
from ..model import Input
from ..policy import is_number
from ..used import filled_months, monthly_inputs
from .book import CALC, FIRST_MONTH, LAST_MONTH, MONTH_LETTERS, month_name
from .check_lines import FILLED, FIRST_FILLED, FIRST_SKIPPED, LAST_FILLED, MANY, NUMBERS, SKIPPED, Lines
from .inputs import CHECK
from .layout import INPUT_HEADER, stated

_SKIPPED = ("check.one_skipped", "check.skipped", "check.first_month", "verify.fill")


def write_inputs_lines(lines: Lines) -> None:
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
    lines.begin(book.say("check.months"), f"{book.at('inputs')}!D{INPUT_HEADER}")
    rows = [row for item in monthly_inputs(book.vertical) for row in _rows(lines.layout.used[item.id])]
    lines.worked = filled_months(book.vertical, book.used)
    for place, letter in enumerate(MONTH_LETTERS):
        areas = ",".join(merge_cells([f"{CALC}!{letter}{row}" for row in rows]))
        formula = f"IF(COUNT({areas})>0,1,0)"
        lines.sheet.formula(lines.row, FILLED + place, formula, int(lines.worked[place]), "muted")
    lines.worked_cells = f"{lines.at(FILLED)}:{lines.at(FILLED + LAST_MONTH - FIRST_MONTH)}".replace("$", "")
    lines.found([_skips(lines, f"{lines.worked_cells}=1", lines.worked)])
    columns = [get_column_letter(FILLED + place) for place in (0, LAST_MONTH - FIRST_MONTH)]
    lines.worked_cells = ":".join(f"${column}${lines.row}" for column in columns)


def _rows(ends: tuple[int, int]) -> range:
    return range(ends[0], ends[1] + 1)


def _last_year(lines: Lines) -> None:
    """A line for each sheet that holds last year's figures: text among them, percentages typed as fractions."""
    book = lines.book
    percent = {f"prev_{entry.id}" for entry in book.rows if hardly_a_fraction(stated(book, entry.kpi))}
    places: dict[str, list[tuple[str, bool]]] = {}
    for name, defined in book.workbook.defined_names.items():
        if name.startswith("prev_"):
            sheet, _, area = defined.attr_text.rpartition("!")
            places.setdefault(sheet, []).append((area, name in percent))
    for sheet, found in places.items():
        title = sheet.strip("'").replace("''", "'")
        areas, shares = [area for area, _ in found], [area for area, is_percent in found if is_percent]
        cells, parts = (_values(book.workbook[title], each) for each in (areas, shares))
        lines.begin(title, f"{sheet}!{areas[0].replace('$', '')}")
        whole = [f"{sheet}!{area}" for area in areas]
        # Empty texts are what figures that were missing leave behind, copied as values from the old workbook.
        blank = "-".join(f"COUNTBLANK({area})" for area in whole)
        tests = [_misplaced(lines, f"{len(cells)}-{blank}-COUNT({','.join(whole)})", misplaced(cells))]
        if shares:
            tests.append(lines.fractions([f"{sheet}!{area}" for area in shares], parts))
        lines.found(tests)


def _values(cells: Worksheet, areas: list[str]) -> list[object]:
    return [cell.value for area in areas for row in cells[area.replace("$", "")] for cell in row]


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


def _misplaced(lines: Lines, formula: str, many: int) -> tuple[str, str, str]:
    """Count text and TRUE where numbers belong, in a hidden cell, and return the test with its words."""
    book = lines.book
    lines.sheet.formula(lines.row, MANY, formula, many, "muted")
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
    tests = [_misplaced(lines, f"COUNTA({area})-COUNT({area})", misplaced([cell for row in typed for cell in row]))]
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
    between = f"(1-({there}))*({NUMBERS}>{first})*({NUMBERS}<{last})"
    between += f"*{lines.worked_cells}" if among else ""
    for column, formula, value in (
        (FIRST_FILLED, f"13-SUMPRODUCT(MAX(({there})*(13-{NUMBERS})))", min(places, default=13)),
        (LAST_FILLED, f"SUMPRODUCT(MAX(({there})*{NUMBERS}))", max(places, default=0)),
        (SKIPPED, f"SUMPRODUCT({between})", len(missed)),
        (FIRST_SKIPPED, f"13-SUMPRODUCT(MAX({between}*(13-{NUMBERS})))", min(missed, default=13)),
    ):
        # An error among the figures is said to be no number; here it must not spread.
        sheet.formula(row, column, f"IFERROR({formula},0)", value, "muted")
    one, many, which, fill = (book.word(key) for key in _SKIPPED)
    count, month = lines.at(SKIPPED), f"INDEX({CALC}!$D$3:$O$3,{lines.at(FIRST_SKIPPED)})"
    text = f'IF({count}=1,{one},{many}&" "&{count}&", "&{which})&" "&{month}&". "&{fill}'
    said = ""
    if missed:
        said = book.say("check.one_skipped")
        if len(missed) > 1:
            said = f"{book.say('check.skipped')} {len(missed)}, {book.say('check.first_month')}"
        said += f" {month_name(book, missed[0] - 1)}. {book.say('verify.fill')}"
    return f"{lines.at(SKIPPED)}>0", text, said
