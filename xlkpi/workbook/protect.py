"""Protection against slips: formulas and texts are locked without a password, cells to type in are open."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from .book import Book
from .sources import DEFINITION

# What stays allowed: openpyxl, like the file itself, says True for what is locked.
_ALLOWED = ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter", "selectLockedCells", "objects")


def protect(book: Book) -> None:
    """Protect every sheet but the one that holds the file's own definition; the styles say which cells are open."""
    for cells in book.workbook.worksheets:
        if cells.title == DEFINITION:
            continue
        cells.protection.sheet = True
        for action in _ALLOWED:
            setattr(cells.protection, action, False)
        if cells.sheet_state == "visible":
            _begin_at_the_first_open_cell(cells)


def _begin_at_the_first_open_cell(cells: Worksheet) -> None:
    """Select the first cell to type in, from where Tab goes on through the others."""
    # A cell is locked unless its style names a protection of its own; asking each for it would take long.
    open_cells = (cell for row in cells.iter_rows() for cell in row if cell._style and cell._style.protectionId)
    first = next((cell for cell in open_cells if not cell.protection.locked), None)
    if first is not None:
        for part in cells.sheet_view.selection:
            part.activeCell = part.sqref = first.coordinate
