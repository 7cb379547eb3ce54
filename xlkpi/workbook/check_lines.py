"""The lines of the sheet of checks: what each is about, its status, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from ..checking import fractions
from .book import CALC, Book, Sheet
from .hyperlinks import link_place
from .layout import Layout

WHAT, STATE, TODO, FLAG, MANY = 1, 2, 3, 4, 5  # the flag and the numbers behind it are hidden
FIRST_FILLED, LAST_FILLED, SKIPPED, FIRST_SKIPPED, FILLED = (MANY + place for place in range(1, 6))
FRACTIONS = MANY + 1  # in lines of thresholds and of last year, where no month can be missed
FAR, LOST = MANY + 1, MANY + 2
HEADER, SAID = 5, 3
WIDTHS = {"A": 72, "B": 16, "C": 120}
NUMBERS = f"{CALC}!$D$2:$O$2"


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
        self.sheet.cells.row_dimensions[self.row].height = 27 if len(label) < WIDTHS["A"] else 32
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

    def fractions(self, areas: Sequence[str], cells: Sequence[object]) -> tuple[str, str, str]:
        """Count percentages typed as fractions, in a hidden cell, and return the test with its words.

        A number that is out of place, an error or a text counts as none.
        """
        book, many, count = self.book, fractions(cells), self.at(FRACTIONS)
        formula = "+".join(map(_fractions_in, areas))
        self.sheet.formula(self.row, FRACTIONS, formula, many, "muted")
        said = f"{book.say('warn.fraction')} {book.say('check.cells')} {many}." if many else ""
        words = f'{book.word("warn.fraction")}&" "&{book.word("check.cells")}&" "&{count}&"."'
        return f"{count}>0", words, said


def _fractions_in(area: str) -> str:
    """Count the numbers between 0 and 1 of an area; not every program lets COUNTIF look at a single cell."""
    if ":" in area:
        return f'COUNTIF({area},">0")-COUNTIF({area},">=1")'
    return f"IF(ISNUMBER({area}),IF({area}>0,IF({area}<1,1,0),0),0)"
