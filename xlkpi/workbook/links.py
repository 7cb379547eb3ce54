"""Links inside the workbook: between a KPI, its benchmark and its chart, and back from every sheet."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from .book import Book, Sheet
from .check_lines import SAID
from .dashboard import card_takes, card_verdict, check_place
from .hyperlinks import link_place
from .kpis import TYPICAL
from .layout import Layout
from .next_steps import VERDICT
from .trends import chart_cell, way_back

HOME = "dashboard"  # where links lead back to
_TITLE_WIDTH = 1.7  # of a title's character, in those that widths count in


def link(sheet: Sheet, row: int, column: int, target: str, cell: str, tip: str) -> None:
    """Make a cell lead to another, and underline it; the cell has its text, style and role before.

    Args:
        sheet: where the link stands.
        row: of the link.
        column: of the link.
        target: key of the sheet that it leads to, such as ``"benchmarks"``.
        cell: where it leads on that sheet, such as ``"A5"``.
        tip: the screen tip, in the workbook's language.
    """
    link_place(sheet.book, sheet.cells, row, column, f"{sheet.book.at(target)}!{cell}", tip)


def link_rows(book: Book, layout: Layout) -> None:
    """Link each KPI's row with its benchmark and its chart, and both with the row."""
    keys = ("kpis", "benchmarks", "trends", "dashboard", "next_steps")
    kpis, benchmarks, trends, dashboard, steps = (Sheet.again(book, key) for key in keys)
    for place, entry in enumerate(book.rows):
        name = book.row_name(entry)
        row, bench_row = layout.kpi[entry.id], layout.bench[entry.id]
        link(kpis, row, TYPICAL, "benchmarks", f"A{bench_row}", book.say("links.benchmark", kpi=name))
        link(kpis, row, 1, "trends", chart_cell(place), book.say("links.chart", kpi=name))
        link(benchmarks, bench_row, 1, "kpis", f"A{row}", book.say("links.row", kpi=name))
        link(trends, *way_back(place), "kpis", f"A{row}", book.say("links.row", kpi=name))
        step = layout.next_steps[entry.id]
        link(steps, step, VERDICT, "kpis", f"A{row}", book.say("links.row", kpi=name))
        link(dashboard, *card_verdict(place), "kpis", f"A{row}", book.say("links.row", kpi=name))
        link(dashboard, *card_takes(place), "next_steps", f"A{step}", book.say("links.step", kpi=name))


def show_check(book: Book) -> None:
    """Show on the dashboard what the sheet of checks says, once that is written."""
    sheet, said = Sheet.again(book, "dashboard"), book.shown[book.title("check")][f"A{SAID}"]
    sheet.formula(*check_place(), f"{book.at('check')}!$A${SAID}", said, "muted")
    link(sheet, *check_place(), "check", "A1", book.say("links.sheet", sheet=book.title("check")))


def link_home(book: Book) -> None:
    """Put a way back into the first row of every sheet that is seen, behind its title."""
    location, title = f"{book.at(HOME)}!A1", book.title(HOME)
    apart = {book.title("start"), title}
    for cells in book.workbook.worksheets:
        if cells.sheet_state == "visible" and cells.title not in apart:
            row, column = _free(cells)
            place = cells.cell(row, column, f"← {title}")
            book.styles.put(place, "back")
            link_place(book, cells, row, column, location, book.say("links.home", sheet=title))


def _free(cells: Worksheet) -> tuple[int, int]:
    """Return a free cell at the top: behind the title where there is a column, else under it."""
    needed, left = len(str(cells.cell(1, 1).value or "")) * _TITLE_WIDTH, 0.0
    for column in range(1, cells.max_column + 1):
        if left >= needed and cells.cell(1, column).value is None and not _merged(cells, column):
            return 1, column
        dimension = cells.column_dimensions[get_column_letter(column)]
        left += 0 if dimension.hidden else dimension.width
    return next((row, 1) for row in range(2, cells.max_row + 2) if cells.cell(row, 1).value is None)


def _merged(cells: Worksheet, column: int) -> bool:
    letter = get_column_letter(column)
    return any(f"{letter}1" in area for area in cells.merged_cells.ranges)
