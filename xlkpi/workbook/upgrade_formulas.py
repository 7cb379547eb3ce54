"""Formulas that a user has typed: whether they need no other cell, and what they are called after cells have moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils import FORMULAE, column_index_from_string, get_column_letter

from .book import quoted
from .saved import Area

# These look at other cells, other files or the clock, whatever their arguments are.
_ELSEWHERE = frozenset(
    ("INDIRECT", "OFFSET", "CELL", "INFO", "ROW", "COLUMN", "ROWS", "COLUMNS", "RAND", "RANDBETWEEN", "NOW", "TODAY",
     "GETPIVOTDATA", "HYPERLINK", "RTD", "SHEET", "SHEETS", "FORMULATEXT")
)  # fmt: skip
_LONGEST = 8_000  # characters; Excel takes 8,192
_PLACE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d+)(?::(\$?)([A-Z]{1,3})(\$?)(\d+))?", re.IGNORECASE)
_ROOMY = re.compile(r"\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+", re.IGNORECASE)
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]:]+))!(.+)", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w.?]*|\\[\w.?]*")


def _tokens(formula: str) -> list[Token] | None:
    try:
        return list(Tokenizer(f"={formula}").items)
    except (TokenizerError, IndexError):
        return None


def stands_alone(formula: str) -> bool:
    """Whether a formula is made of constants only, so that it means the same in any cell of any workbook.

    >>> stands_alone("12+3*2"), stands_alone("ROUND(10/3,1)"), stands_alone("SUM(B2:B4)"), stands_alone("TODAY()")
    (True, True, False, False)
    """
    tokens = _tokens(formula)
    if not tokens or len(formula) > _LONGEST:
        return False
    for token in tokens:
        if token.type == Token.OPERAND and token.subtype not in (Token.NUMBER, Token.TEXT, Token.LOGICAL):
            return False
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            name = token.value[:-1].upper()
            if name not in FORMULAE or name in _ELSEWHERE:
                return False
        elif token.type not in (Token.OPERAND, Token.FUNC, Token.SEP, Token.PAREN, Token.OP_PRE, Token.OP_IN,
                                Token.OP_POST, Token.WSPACE):  # fmt: skip
            return False
    return True


@dataclass(frozen=True)
class Moves:
    """Where the cells of an older workbook stand in a newer one.

    Args:
        areas: the areas of the older workbook's names, each with the area that it is now.
        ours: titles of our sheets in the older workbook.
        same: titles of those whose every cell is where it was.
        titles: what the user's own sheets are called now.
        names: what defined names are called now, by their older name in lower case.
    """

    areas: Collection[tuple[Area, Area]]
    ours: frozenset[str]
    same: frozenset[str]
    titles: Mapping[str, str]
    names: Mapping[str, str]

    def formula(self, text: str) -> str | None:
        """Return a formula (without ``=``) of a user's own sheet as it has to be now.

        Returns:
            The formula, or ``None`` where it refers to cells that are not there any more, or to another file.
        """
        tokens = _tokens(text)
        if tokens is None:
            return None
        pieces = []
        for token in tokens:
            piece: str | None = token.value
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                piece = self._reference(token.value)
            elif token.type == Token.OPERAND and token.subtype == Token.ERROR and token.value == "#REF!":
                piece = None
            if piece is None:
                return None
            pieces.append(piece)
        found = "".join(pieces)
        return found if len(found) <= _LONGEST else None

    def _reference(self, text: str) -> str | None:
        split = _SHEET.fullmatch(text)
        if split is None:
            if "!" in text:
                return None  # another file, several sheets at once, or a lost reference
            if _PLACE.fullmatch(text) or _ROOMY.fullmatch(text) or "[" in text:
                return text
            return self.names.get(text.casefold()) if _NAME.fullmatch(text) else None
        title = split[1].replace("''", "'") if split[1] else split[2]
        if title in self.titles:
            if not (_PLACE.fullmatch(split[3]) or _ROOMY.fullmatch(split[3])):
                return None
            return f"{quoted(self.titles[title])}!{split[3]}"
        if title not in self.ours:
            return None
        return self.place(title, split[3], quoted)

    def place(self, title: str, cells: str, spelled: Callable[[str], str] = quoted) -> str | None:
        """Return where cells of one of our sheets stand now, with the sheet, or ``None``."""
        found = _PLACE.fullmatch(cells)
        if found is None:
            return f"{spelled(title)}!{cells}" if title in self.same and _ROOMY.fullmatch(cells) else None
        fixed = (found[1], found[3], found[5] or "", found[7] or "")
        first = column_index_from_string(found[2].upper()), int(found[4])
        last = (column_index_from_string(found[6].upper()), int(found[8])) if found[6] else first
        moved = self.moved(Area(title, first[1], last[1], first[0], last[0]))
        if moved is None:
            return None
        text = f"{fixed[0]}{get_column_letter(moved.first_column)}{fixed[1]}{moved.first_row}"
        if found[6]:
            text += f":{fixed[2]}{get_column_letter(moved.last_column)}{fixed[3]}{moved.last_row}"
        return f"{spelled(moved.sheet)}!{text}"

    @cached_property
    def _by_size(self) -> list[tuple[Area, Area]]:
        return sorted(self.areas, key=lambda pair: _size(pair[0]))

    def moved(self, area: Area) -> Area | None:
        """Return where an area of the older workbook is now, or ``None`` where that cannot be told by a name."""
        for old, new in self._by_size:
            if _holds(old, area):
                down, right = new.first_row - old.first_row, new.first_column - old.first_column
                found = Area(
                    new.sheet, area.first_row + down, area.last_row + down,
                    area.first_column + right, area.last_column + right,
                )  # fmt: skip
                return found if _holds(new, found) else None
        return area if area.sheet in self.same else None


def _size(area: Area) -> int:
    return (area.last_row - area.first_row + 1) * (area.last_column - area.first_column + 1)


def _holds(outer: Area, inner: Area) -> bool:
    return (
        outer.sheet == inner.sheet
        and outer.first_row <= inner.first_row <= inner.last_row <= outer.last_row
        and outer.first_column <= inner.first_column <= inner.last_column <= outer.last_column
    )
