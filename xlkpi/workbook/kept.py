"""The sheet of what an upgrade could not carry over: written, and read back to be carried over itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..policy import is_number
from .book import CALC, Book, Sheet
from .read import Filled
from .saved import SavedCell

KEPT = "kept_lines"  # the defined name of the lines
_HEADER = 4
_WIDTHS = {"A": 20, "B": 9, "C": 48, "D": 18, "E": 44, "F": 70}
_HEADS = ("kept.sheet", "kept.cell", "kept.what", "kept.value", "kept.text", "kept.why")


@dataclass(frozen=True)
class Kept:
    """A line of the sheet.

    Args:
        sheet: title of the sheet in the older workbook.
        cell: the cell there; empty where a whole sheet or name is meant.
        what: what it was.
        value: what it showed: a number, a text, TRUE, or nothing.
        text: its formula, or the text of a comment.
        why: why it was not carried over.
    """

    sheet: str
    cell: str
    what: str
    value: object = None
    text: str = ""
    why: str = ""


def read_kept(filled: Filled) -> list[Kept]:
    """Return the lines of an earlier upgrade; none where there are none."""
    area = filled.saved.area(KEPT)
    if area is None or area.last_column - area.first_column + 1 != len(_HEADS):
        return []
    cells = filled.saved.cells(area.sheet)
    rows = [[cells.get(place, SavedCell()) for place in row] for row in area.rows]
    return [
        Kept(
            _text(sheet), _text(cell), _text(what), None if value.value == "" else value.value, _text(text), _text(why)
        )
        for sheet, cell, what, value, text, why in rows
        if any(each.value not in (None, "") for each in (sheet, cell, what, value, text, why))
    ]


def _text(cell: SavedCell) -> str:
    return "" if cell.value is None else str(cell.value)


def write_kept(book: Book, lines: Sequence[Kept]) -> None:
    """Write the sheet; no line is written twice, and no sheet where there is no line.

    Args:
        book: the workbook.
        lines: those of earlier upgrades first.
    """
    lines = list(dict.fromkeys(lines))
    if not lines:
        return
    sheet = Sheet(book, "kept")
    names = book.workbook.sheetnames
    book.workbook.move_sheet(sheet.cells, names.index(CALC) - len(names) + 1)  # before those that are hidden
    sheet.widths(_WIDTHS)
    sheet.text(1, 1, book.say("kept.title"), "title")
    sheet.text(2, 1, book.say("kept.how"), "how")
    for column, key in enumerate(_HEADS, 1):
        sheet.text(_HEADER, column, book.say(key), "header_left")
    for row, line in enumerate(lines, _HEADER + 1):
        for column, text in ((1, line.sheet), (2, line.cell), (3, line.what), (5, line.text), (6, line.why)):
            sheet.text(row, column, text, "cell")
        if isinstance(line.value, bool) or is_number(line.value) or line.value is None:
            sheet.number(row, 4, line.value, "cell")
        else:
            sheet.text(row, 4, str(line.value), "cell")
        longest = max(len(line.what) / 46, len(line.text) / 42, len(line.why) / 68, len(str(line.value)) / 16)
        sheet.cells.row_dimensions[row].height = min(15.5 * (int(longest) + 1) + 3, 400)
    last = _HEADER + len(lines)
    book.define(KEPT, "kept", f"$A${_HEADER + 1}:$F${last}")
    sheet.cells.freeze_panes = f"A{_HEADER + 1}"
    sheet.printed(f"F{last}", f"{_HEADER}:{_HEADER}")
