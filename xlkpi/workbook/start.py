"""The first words to a user: three steps, what colours and shapes mean, and what each sheet is for."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from ..model import Vertical
from ..texts import Text
from .book import Book, Sheet
from .inputs import has_money
from .layout import Layout
from .links import HOME, link
from .verdicts import verdict_word

_ABOUT = "start.about_"  # and the key of a sheet: what it is for
WIDTHS = {"A": 5, "B": 44, "C": 84}
_FIT = 96  # characters of text that fit into column C
_LINE = 15.5  # points


def write_start(book: Book, layout: Layout) -> None:
    """Write the sheet to start from; the other sheets are there already, since it lists them.

    Args:
        book: the workbook.
        layout: where the cells to type in are.
    """
    sheet = Sheet(book, "start")
    sheet.widths(WIDTHS)
    sheet.text(1, 1, book.say("start.title", vertical=book.vertical.name.get_in(book.language)), "title")
    sheet.text(2, 1, book.say("start.how"), "how")
    many = untranslated(book.vertical, book.language)
    notices = [book.say("inputs.sample")] if book.sample else []
    notices += [book.say("start.untranslated", many=many)] if many else []
    for row, text in enumerate(notices, 3):
        _banner(sheet, row, text)
    row = _steps(sheet, book, layout, 3 + max(1, len(notices)))
    row = _legend(sheet, book, row + 1)
    row = _contents(sheet, book, row + 1)
    row = _heading(sheet, row + 1, book.say("start.origin"))
    origin = "start.article" if book.vertical.article.title else "start.own"
    _line(sheet, row, book.title("sources"), book.say(origin, title=book.vertical.article.title))
    link(sheet, row, 2, "sources", "A1", book.say("links.sheet", sheet=book.title("sources")))
    sheet.printed(f"C{row}", "", portrait=True, pages_high=1)


def place_start(book: Book) -> None:
    """Put the sheet in its place, behind the dashboard, and open the workbook there.

    Figures that are there already are seen first, on the dashboard.
    """
    workbook, title = book.workbook, book.title("start")
    workbook.move_sheet(title, 1 - workbook.sheetnames.index(title))
    workbook.active = 0 if book.typed else 1
    for cells in workbook.worksheets:
        cells.sheet_view.tabSelected = True if cells is workbook.active else None


def untranslated(vertical: Vertical, language: str) -> int:
    """Return for how many texts of a line of business the English one stands in.

    Args:
        vertical: the line of business, with the functions that its workbook shows.
        language: of the workbook.
    """
    return sum(bool(text) and language not in text for text in _texts(vertical))


def _texts(vertical: Vertical) -> Iterator[Text]:
    yield vertical.name
    yield from (item.label for item in vertical.inputs.values())
    for kpi in vertical.kpis.values():
        yield from (kpi.name, kpi.note, kpi.benchmark.printed, kpi.benchmark.note, *kpi.segments.values())
    for function in vertical.functions.values():
        yield from (function.help, *(argument.help for argument in function.arguments))


def _banner(sheet: Sheet, row: int, text: str) -> None:
    for column in (1, 2, 3):
        sheet.text(row, column, text if column == 1 else "", "banner_wrap")
    sheet.cells.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    sheet.cells.row_dimensions[row].height = _LINE * len(wrap(text, 115)) + 4


def _heading(sheet: Sheet, row: int, text: str) -> int:
    for column in (1, 2, 3):
        sheet.text(row, column, text if column == 1 else "", "group")
    sheet.cells.row_dimensions[row].height = 20
    return row + 1


def _line(sheet: Sheet, row: int, label: str, text: str, role: str = "name") -> None:
    sheet.text(row, 2, label, role)
    sheet.text(row, 3, text, "about")
    lines = max(len(wrap(text, _FIT)), len(wrap(label, 44)))
    sheet.cells.row_dimensions[row].height = _LINE * lines + 6


def _steps(sheet: Sheet, book: Book, layout: Layout, row: int) -> int:
    row = _heading(sheet, row, book.say("start.steps"))
    first = min(typed for typed, _ in layout.typed.values())
    steps = (
        ("begin_money" if has_money(book) else "begin", "inputs", "D4"),
        ("type", "inputs", f"D{first}"),
        ("look", HOME, "A1"),
    )
    for number, (key, target, cell) in enumerate(steps, 1):
        title = book.title(target)
        sheet.text(row, 1, str(number), "step")
        titles = {"sheet": title, "benchmarks": book.title("benchmarks")}
        _line(sheet, row, book.say(f"start.{key}", sheet=title), book.say(f"start.{key}_how", **titles))
        link(sheet, row, 2, target, cell, book.say("links.sheet", sheet=title))
        row += 1
    return row


def _legend(sheet: Sheet, book: Book, row: int) -> int:
    row = _heading(sheet, row, book.say("start.legend"))
    _line(sheet, row, book.say("start.yellow"), book.say("start.yellow_how"), "typed_shown")
    for level in range(4):
        row += 1
        _line(sheet, row, verdict_word(book, level), book.say(f"start.level{level}"), f"level{level}")
    for key in ("empty", "locked"):
        row += 1
        _line(sheet, row, book.say(f"start.{key}"), book.say(f"start.{key}_how"), "word")
    return row + 1


def _contents(sheet: Sheet, book: Book, row: int) -> int:
    row = _heading(sheet, row, book.say("start.contents"))
    told = [key.removeprefix(_ABOUT) for key in book.catalogue.ui if key.startswith(_ABOUT)]
    keys = {book.title(key): key for key in told}
    for title in book.workbook.sheetnames:
        if title in keys:
            _line(sheet, row, title, book.say(f"{_ABOUT}{keys[title]}"))
            link(sheet, row, 2, keys[title], "A1", book.say("links.sheet", sheet=title))
            row += 1
    return row
