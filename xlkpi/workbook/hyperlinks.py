"""A link inside the workbook: a place, a screen tip and an underline."""

from __future__ import annotations

from copy import copy

from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from .book import Book

_TIP = 255  # characters that a screen tip holds


def link_place(book: Book, cells: Worksheet, row: int, column: int, location: str, tip: str) -> None:
    """Make a cell lead to a place such as ``"KPIs!A5"``, and underline it."""
    place = cells.cell(row, column)
    # Not by the property, which would write the address into a cell that is empty, as those of the trends are.
    place._hyperlink = Hyperlink(ref=place.coordinate, location=location, tooltip=tip[:_TIP])
    key = f"link {tuple(place._style)}"
    if key not in book.styles.made:
        place._style = copy(place._style)  # shared with every other cell of that role
        font = copy(place.font)
        font.u = "single"
        place.font = font
        book.styles.made[key] = place._style
    place._style = book.styles.made[key]
