"""The sheet of functions: help, arguments and the worked example of each, worked out live."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from ..guards import excel_formula
from ..model import Example, Function
from ..wording import shown_formula, shown_number, signature
from .book import Book, Sheet

FIRST_EXAMPLE = 5  # column E
_LINE = 120  # characters of code that fit across the sheet
_ROWS_A_PAGE = 48


def write_functions(book: Book) -> None:
    """Write the sheet of functions."""
    sheet = Sheet(book, "functions")
    sheet.widths({"A": 18, "B": 28, "C": 64, "D": 14})
    sheet.widths({get_column_letter(column): 10 for column in range(FIRST_EXAMPLE, FIRST_EXAMPLE + 12)})
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("functions.title", vertical=name), "title")
    sheet.text(2, 1, book.say("functions.how"), "how")
    row = page = 4
    for function in book.vertical.functions.values():
        first, row = row, _block(sheet, book, function, row) + 1
        if row - page > _ROWS_A_PAGE:  # a function is not torn apart
            sheet.cells.row_breaks.append(Break(id=first - 1))
            page = first
    sheet.cells.freeze_panes = "A4"
    sheet.printed(f"{get_column_letter(FIRST_EXAMPLE + 9)}{row - 1}", "1:3")


def _block(sheet: Sheet, book: Book, function: Function, row: int) -> int:
    """Write one function and return the row behind it."""
    language = book.language
    for column in range(1, FIRST_EXAMPLE + 10):
        text = {1: function.name, 2: signature(function, language)}.get(column, "")
        sheet.text(row, column, text, "header_line")
    sheet.text(row + 1, 1, book.say("functions.help"), "muted")
    sheet.text(row + 1, 2, function.help.get_in(language), "plain")
    sheet.text(row + 2, 1, book.say("functions.formula"), "muted")
    _formula_text(sheet, row + 2, shown_formula(function, language))
    row += 3
    for column, key in enumerate(("arguments", "meaning"), 2):
        sheet.text(row, column, book.say(f"functions.{key}"), "group")
    sheet.text(row, 1, "", "group")
    sheet.text(row, 4, book.say("inputs.unit"), "group")
    sheet.text(row, 5, book.say("functions.example"), "group")
    for column in range(6, FIRST_EXAMPLE + 10):
        sheet.text(row, column, "", "group")
    example = book.catalogue.example_of(function)
    own = next((kpi.example for kpi in book.vertical.kpis.values() if kpi.function is function and kpi.example), None)
    example = own or example
    references: dict[str, str] = {}
    for argument in function.arguments:
        row += 1
        sheet.text(row, 2, argument.id, "code")
        sheet.text(row, 3, argument.help.get_in(language), "wrap")
        sheet.text(row, 4, book.unit(argument.unit), "muted")
        if example is not None:
            references[argument.id] = _example_cells(sheet, function, example, argument.id, argument.unit, row)
    if example is None:
        return row + 1
    book.examples[function.name] = example, references
    return _result(sheet, book, function, example, references, row + 1)


def _formula_text(sheet: Sheet, row: int, text: str) -> None:
    """Write a formula as text; a long one takes several lines across the sheet."""
    lines = len(text) // _LINE + 1
    sheet.text(row, 2, text, "code" if lines == 1 else "code_wrap")
    if lines > 1:
        sheet.cells.merge_cells(start_row=row, end_row=row, start_column=2, end_column=FIRST_EXAMPLE + 3)
        sheet.cells.row_dimensions[row].height = 15.5 * lines


def _example_cells(sheet: Sheet, function: Function, example: Example, name: str, unit: str, row: int) -> str:
    value = example.inputs.get(name)
    if value is None:  # an optional range left out counts its default once for each member
        length = max(len(other) for other in example.inputs.values() if isinstance(other, list))
        value = [function.optional[name]] * length
    values = value if isinstance(value, list) else [value]
    for place, number in enumerate(values):
        sheet.number(row, FIRST_EXAMPLE + place, number, "figure", unit)
    first, last = (get_column_letter(FIRST_EXAMPLE + place) for place in (0, len(values) - 1))
    return f"{first}{row}" if not isinstance(value, list) else f"{first}{row}:{last}{row}"


def _result(
    sheet: Sheet, book: Book, function: Function, example: Example, references: dict[str, str], row: int
) -> int:
    letter = get_column_letter(FIRST_EXAMPLE)
    sheet.text(row, 1, book.say("functions.result"), "muted")
    sheet.formula(row, FIRST_EXAMPLE, excel_formula(function.rule, references), example.gives, "year", function.unit)
    sheet.text(row + 1, 1, book.say("functions.expected"), "muted")
    sheet.number(row + 1, FIRST_EXAMPLE, example.gives, "figure", function.unit)
    if example.printed is not None:
        printed = shown_number(example.printed, book.language)
        sheet.text(row + 1, 3, book.say("functions.printed", value=printed), "remark")
    same = f"ABS({letter}{row}-{letter}{row + 1})<=1E-9*MAX(1,ABS({letter}{row + 1}))"
    words = f"{book.word('functions.yes')},{book.word('functions.no')}"
    sheet.text(row + 2, 1, book.say("functions.agrees"), "muted")
    sheet.formula(row + 2, FIRST_EXAMPLE, f"IF({same},{words})", book.say("functions.yes"), "word")
    return row + 3
