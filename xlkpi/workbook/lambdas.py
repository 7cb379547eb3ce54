"""The sheet of named LAMBDAs: how each is typed, and a call of it beside the ordinary formula."""

from __future__ import annotations

from textwrap import wrap

from openpyxl.workbook.defined_name import DefinedName

from ..guards import excel_formula
from ..lambdas import NamedLambda, lambda_name, named_lambda
from ..model import Function
from ..wording import typed_as
from .book import Book, Sheet

HEADER = 6
_WIDTHS = {"A": 58, "B": 66, "C": 16, "D": 18, "E": 20}
_NOTES = ("needs", "protected", "how")


def write_lambdas(book: Book) -> None:
    """Write the sheet, and define the names that its cells, and the user, may call."""
    sheet = Sheet(book, "lambdas")
    sheet.widths(_WIDTHS)
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("lambdas.title", vertical=name), "title")
    for row, key in enumerate(_NOTES, 2):
        sheet.text(row, 1, book.say(f"lambdas.{key}"), "how")
    for column, key in enumerate(("function", "help", "called", "native", "agrees"), 1):
        section = "functions" if key in ("function", "help", "agrees") else "lambdas"
        sheet.text(HEADER, column, book.say(f"{section}.{key}"), "header_left" if column < 3 else "header")
    row = HEADER
    for function in book.vertical.functions.values():
        found = named_lambda(function, book.language)
        if found.fits:
            row += 1
            _define(book, found)
            _line(sheet, book, function, row)
    sheet.cells.freeze_panes = f"B{HEADER + 1}"
    sheet.printed(f"E{row}", f"{HEADER}:{HEADER}")


def _define(book: Book, found: NamedLambda) -> None:
    name = DefinedName(found.name, attr_text=found.stored, comment=found.comment)
    book.workbook.defined_names[found.name] = name


def _line(sheet: Sheet, book: Book, function: Function, row: int) -> None:
    """Write one function: how it is typed, what it gives, and its worked example by both ways."""
    call = typed_as(lambda_name(function), function, book.language)
    help_text = function.help.get_in(book.language)
    sheet.text(row, 1, call, "code_wrap")
    sheet.text(row, 2, help_text, "cell")
    # Characters that fit: those of code are wider than the digits that widths count in, those of text narrower.
    lines = max(len(wrap(call, int(_WIDTHS["A"] * 0.85))), len(wrap(help_text, int(_WIDTHS["B"] * 1.05))))
    sheet.cells.row_dimensions[row].height = 15.5 * lines + 3
    if function.name in book.examples:
        _example(sheet, book, function, row)


def _example(sheet: Sheet, book: Book, function: Function, row: int) -> None:
    """Call the LAMBDA with the cells of the example on the sheet of functions, beside the formula written out."""
    example, cells = book.examples[function.name]
    references = {name: f"{book.at('functions')}!{cell}" for name, cell in cells.items()}
    call = f"{lambda_name(function)}({','.join(references[argument.id] for argument in function.arguments)})"
    native = excel_formula(function.rule, references)
    sheet.formula(row, 3, call, example.gives, "year", function.unit, spills=True)
    sheet.formula(row, 4, native, example.gives, "figure", function.unit)
    same = f"ABS(C{row}-D{row})<=1E-9*MAX(1,ABS(D{row}))"
    words = ",".join(map(book.word, ("functions.yes", "functions.no")))
    agrees = f"IF(ISERROR(C{row}),{book.word('lambdas.missing')},IF({same},{words}))"
    sheet.formula(row, 5, agrees, book.say("functions.yes"), "word")
