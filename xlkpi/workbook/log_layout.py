"""Where everything of the log stands: on its own sheet, and its steps in between on the sheet Calc."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from ..logged import FAULTS, loggable, ratings
from ..series import MONTHS
from .book import CALC, MONTH_LETTERS, YEAR_LETTER, Book

ROOM = 1_000  # lines to type in; a longer log gets so many more
LOG_HEADER = 7
SUMMARY_MONTH = 9  # column of the first month, as the log makes it
MONTH_COLUMNS = tuple(get_column_letter(SUMMARY_MONTH + month) for month in range(MONTHS))
LOG_WORDS = (
    *(f"log.{fault}" for fault in FAULTS),  # one below the other: chosen by number
    "log.nowhere", "log.no_month", "log.full", "log.typed", "log.months_typed", "log.from_log",
)  # fmt: skip


@dataclass
class LogLayout:
    """Rows of the log; those of its steps stand on the sheet Calc."""

    last: int = 0  # line of the list
    starts: int = 0
    kinds: dict[str, int] = field(default_factory=dict)  # row of each input on Calc
    scale: tuple[int, int] = (0, 0)  # first and last row of the ratings on Calc
    summary: dict[str, int] = field(default_factory=dict)  # first row of each input on the log's own sheet
    last_shown: int = 0  # row of that summary

    @property
    def first_kind(self) -> int:
        """The first row of the kinds on Calc."""
        return min(self.kinds.values())

    def kind_cells(self, column: str, last_column: str = "") -> str:
        """Return cells beside all kinds on Calc, one row an input."""
        return f"{CALC}!${column}${self.first_kind}:${last_column or column}${max(self.kinds.values())}"

    def line_cells(self, column: str) -> str:
        """Return a column of the list."""
        return f"${column}${LOG_HEADER + 1}:${column}${self.last}"

    def start_cells(self) -> str:
        """Return the first day of each month, and of the month after the year."""
        return f"{CALC}!${MONTH_LETTERS[0]}${self.starts}:${YEAR_LETTER}${self.starts}"


def plan_log(book: Book, row: int) -> LogLayout:
    """Lay the log out.

    Args:
        book: the workbook, which has a log; its list of words is filled too.
        row: the first free row of the sheet Calc.

    Returns:
        The rows.
    """
    rooms = max(1, -(-len(book.log or ()) // ROOM))  # the same for a log that is read back with its empty lines
    layout = LogLayout(LOG_HEADER + rooms * ROOM, row)
    row += 1
    for key in LOG_WORDS:
        book.words[key] = row
        row += 1
    shown = LOG_HEADER + 1
    for item in loggable(book.vertical):
        layout.kinds[item.id], layout.summary[item.id] = row, shown
        row += 1
        shown += max(1, len(ratings(book.vertical, item)))
    layout.last_shown = shown - 1
    many = sum(len(ratings(book.vertical, item)) for item in loggable(book.vertical))
    layout.scale = (row, row + many - 1) if many else (0, 0)
    return layout
