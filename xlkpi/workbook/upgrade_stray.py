"""What a user has put on our sheets outside the cells to type in: figures, formulas, comments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from .. import __version__
from .book import CALC, Book
from .kept import KEPT
from .read import Entry, Filled
from .same_formula import canonical
from .saved import Area, Saved, SavedCell, area_of
from .sources import DEFINITION
from .upgrade_formulas import Moves
from .upgrade_left import Ledger
from .verify import same

_ALIKE = 0.9  # as many cells of a sheet are where and what they were, or another edition made it
_RESULTS = ("figure", "year", "used", "change", "card", "word", "remark", "warning", "level", "bar")
_OURS = "xlkpi "


class Surroundings:
    """An older workbook beside one built anew by its own definition.

    Args:
        filled: the older workbook.
        expected: the same built by this edition.
        opened: the older one as openpyxl reads it, or ``None`` where it cannot.
    """

    def __init__(self, filled: Filled, expected: Saved, opened: Workbook | None) -> None:
        self.filled, self.expected, self.opened = filled, expected, opened
        self.found = filled.saved

    @cached_property
    def ours(self) -> dict[str, str]:
        """Our sheets in the older workbook, each with its title as this edition has it."""
        found: dict[str, str] = {}
        for name in self.expected.names:
            wanted, area = self.expected.area(name), self.found.area(name)
            if wanted and area and area.sheet in self.found.titles:
                found.setdefault(area.sheet, wanted.sheet)
        kept = self.found.area(KEPT)
        if kept and kept.sheet in self.found.titles:
            found[kept.sheet] = self.filled.say("sheet.kept")
        for title in self.found.titles:
            if title not in found and (title in (CALC, DEFINITION) or self._looks_ours(title)):
                found[title] = title
        for title in self.expected.titles:  # renamed
            head = self._head(self.expected, title)
            for other in self.found.titles if head and title not in self.found.titles else ():
                if other not in found and title not in found.values() and head == self._head(self.found, other):
                    found[other] = title
        return found

    def _looks_ours(self, title: str) -> bool:
        titles = {self.filled.say(key) for key in self.filled.catalogue.ui if key.startswith("sheet.")}
        if title not in titles - {self.filled.say("sheet.kept")}:
            return False
        same_head = self._head(self.found, title) == self._head(self.expected, title) != None  # noqa: E711
        return self.opened is None or same_head or self.style(title, "A1").startswith(_OURS)

    @staticmethod
    def _head(saved: Saved, title: str) -> object:
        return saved.cells(title).get("A1", SavedCell()).value

    def style(self, title: str, cell: str) -> str:
        """Return the name of a cell's style."""
        if self.opened is None or title not in self.opened.sheetnames:
            return ""
        return str(self.found.style_names.get(self.opened[title][cell]._style.xfId, ""))

    @cached_property
    def same_sheets(self) -> frozenset[str]:
        """Our sheets that are as this edition makes them, whatever the user has typed, overwritten or added."""
        moved = set()
        for name in self.expected.names:
            wanted, area = self.expected.area(name), self.found.area(name)
            if (
                wanted
                and area
                and (_rectangle(wanted) != _rectangle(area) or self.ours.get(area.sheet) != wanted.sheet)
            ):
                moved |= {wanted.sheet, self.ours.get(area.sheet, "")}
        return frozenset(now for now, title in self.ours.items() if title not in moved and self._alike(now, title))

    @cached_property
    def other_edition(self) -> bool:
        """Whether another edition made the workbook: another version, or one without some kinds of names."""
        kinds = [{name.casefold().partition("_")[0] for name in saved.names} for saved in (self.expected, self.found)]
        return self.filled.version != __version__ or bool(kinds[0] - kinds[1])

    def _alike(self, now: str, title: str) -> bool:
        cells = self.found.cells(now)
        wanted = [(place, cell) for place, cell in self.expected.cells(title).items() if place not in self.typed(now)]
        alike = sum(self._kept(cells.get(place, SavedCell()), cell) for place, cell in wanted)
        return bool(wanted) and alike >= _ALIKE * len(wanted)

    def _kept(self, cell: SavedCell, wanted: SavedCell) -> bool:
        if wanted.formula:
            return canonical(cell.formula, self.ours) == canonical(wanted.formula, {})
        return not cell.formula and same(wanted.value, cell.value)

    @cached_property
    def _typed(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for rows in self.filled.entries.values():
            for row in rows:
                for entry in row:
                    found.setdefault(entry.sheet, set()).add(entry.cell)
        kept = self.found.area(KEPT)
        if kept:
            found.setdefault(kept.sheet, set()).update(cell for row in kept.rows for cell in row)
        return found

    def typed(self, title: str) -> set[str]:
        """Return the cells of a sheet that are read by their names."""
        return self._typed.get(title, set())

    def stray(self) -> Iterator[tuple[Entry, str]]:
        """Yield what else a user has put on our sheets, and why it stays: ``outside``, ``overwrote`` or ``changed``."""
        for now, title in self.ours.items():
            if title in (CALC, DEFINITION):
                continue
            aligned = now in self.same_sheets
            known = {_key(cell.value) for cell in self.expected.cells(title).values() if not cell.formula}
            for place, cell in self.found.cells(now).items():
                if place in self.typed(now) or (cell.value in (None, "") and not cell.formula):
                    continue
                wanted = self.expected.cells(title).get(place, SavedCell())
                if aligned and not (self.other_edition and self._wording(now, place, cell, wanted)):
                    why = self._why_here(cell, wanted)
                else:
                    why = self._why_style(now, place, cell, known)
                if why:
                    yield Entry(now, place, cell.value, cell.formula), why

    def _why_here(self, cell: SavedCell, wanted: SavedCell) -> str:
        if self._kept(cell, wanted) or (not cell.formula and same(wanted.value, cell.value)):
            return ""
        if not wanted.formula:
            return "outside"
        return "changed" if cell.formula else "overwrote"

    def _wording(self, title: str, place: str, cell: SavedCell, wanted: SavedCell) -> bool:
        """Whether a cell may hold what another edition said or worked out there."""
        role = self.style(title, place).removeprefix(_OURS)
        return not role.startswith("typed") and bool(cell.formula or wanted.value is not None)

    def _why_style(self, title: str, place: str, cell: SavedCell, known: set[object]) -> str:
        """Tell by its style what a cell of another edition is, since it cannot be told by its place."""
        style = self.style(title, place)
        role = style.removeprefix(_OURS)
        if style.startswith(_OURS) and role.startswith("typed") and not role.startswith("typed_shown"):
            return "outside"
        if not cell.formula and _key(cell.value) in known:
            return ""
        if not style.startswith(_OURS):
            return "outside"
        overwritten = role.startswith(_RESULTS) and isinstance(cell.value, (int, float)) and not cell.formula
        return "overwrote" if overwritten else ""

    def comments(self) -> Iterator[tuple[str, str, Comment]]:
        """Yield the comments on our sheets: the sheet, the cell, the comment."""
        for title in self.ours if self.opened is not None else ():
            if title in self.opened.sheetnames:  # type: ignore[union-attr]
                for row in self.opened[title].iter_rows():  # type: ignore[index]
                    yield from (
                        (title, cell.coordinate, cell.comment) for cell in row if getattr(cell, "comment", None)
                    )


def _key(value: object) -> object:
    return ("text", value.strip()) if isinstance(value, str) else (type(value).__name__, value)


def _rectangle(area: Area) -> tuple[int, int, int, int]:
    return area.first_row, area.last_row, area.first_column, area.last_column


def leave_stray(around: Surroundings, ledger: Ledger) -> None:
    """Note what a user has put on our sheets where no name leads to it."""
    for entry, why in around.stray():
        ledger.leave(entry, ledger.words("upgrade.cell"), ledger.words(f"upgrade.{why}"))


def carry_comments(around: Surroundings, moves: Moves, book: Book, ledger: Ledger) -> None:
    """Put comments on the cells that their cells have become; note those whose cells are no more."""
    for title, cell, comment in around.comments():
        kept = moves.place(title, cell)
        area = area_of(kept) if kept else None
        if area is None or area.sheet not in book.workbook.sheetnames:
            text, who = str(comment.text or ""), str(comment.author or "")
            label = ledger.words("upgrade.comment", author=who) if who else ledger.words("upgrade.comment_alone")
            ledger.lose(title, cell, label, text, ledger.words("upgrade.comment_gone"))
        else:
            place = book.workbook[area.sheet][area.rows[0][0]]
            place.comment = copied(comment)


def copied(comment: Comment) -> Comment:
    """Return a comment that may be put on another cell."""
    return Comment(comment.text or "", comment.author or "", height=comment.height, width=comment.width)


def moves_of(
    around: Surroundings, book: Book, names: dict[str, str], titles: dict[str, str], own_names: dict[str, str]
) -> Moves:
    """Return where cells of the older workbook stand in one that is being built.

    Args:
        around: the older workbook.
        book: the one being built, with all its names.
        names: what defined names are called now, by the older name in lower case.
        titles: what the user's own sheets are called now.
        own_names: the user's own names that are carried over, in lower case.
    """
    now = {name.casefold(): defined.attr_text for name, defined in book.workbook.defined_names.items()}
    areas = []
    known = {name.casefold(): name for name in around.expected.names}
    for old in around.found.names:
        folded = old.casefold()
        new = names.get(folded, "")
        before, after = around.found.area(old), area_of(now.get(new.casefold(), ""))
        if before and after and _shape(before) == _shape(after):
            areas.append((before, after))
    living = {old: new for old, new in names.items() if new.casefold() in now}
    living |= {folded: name for folded, name in known.items() if folded.startswith("kpi.") and folded in now}
    return Moves(areas, frozenset(around.ours), _unmoved(around, book), titles, {**living, **own_names})


def _shape(area: Area) -> tuple[int, int]:
    return area.last_row - area.first_row, area.last_column - area.first_column


def _unmoved(around: Surroundings, book: Book) -> frozenset[str]:
    """Return our sheets whose every name leads to the same cells in the new workbook, by their older titles."""
    now = {name.casefold(): area_of(defined.attr_text) for name, defined in book.workbook.defined_names.items()}
    found = set()
    for title in around.same_sheets:
        wanted = around.ours[title]
        old = {name.casefold(): area for name in around.expected.names if (area := around.expected.area(name))}
        old = {name: area for name, area in old.items() if area.sheet == wanted}
        new = {name: area for name, area in now.items() if area and area.sheet == wanted}
        if title == wanted and old and old == new:
            found.add(title)
    return frozenset(found)
