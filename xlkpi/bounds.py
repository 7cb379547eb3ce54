"""What no catalogue file holds, whatever its keys: far too many values, and characters that nobody sees.

Looked at before anything is made of a file, so that all that follows has a bounded amount to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_DEPTH = 12
MAX_MEMBERS = 200  # of one table or list
MAX_VALUES = 10_000  # of the whole file
MAX_KEY = 100
_FORMULAS = frozenset(("formula", "value", "require", "expect"))  # their reader points at the character itself
# Letters in emoji and in several scripts join or part by these; a soft hyphen shows where a word is broken.
_JOINERS = "\u00ad\u200c\u200d\u200e\u200f"
_PLAIN = re.compile(r"[\x00-\x7e\xa0-\xac\xae-\u02ff]*")  # what is below the blank others refuse, as a line break


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that no catalogue file holds: its dotted key, what it is, and what to do."""

    key: str
    what: str
    fix: str
    oversized: bool = False  # and so not to be read any further


def breaches(data: dict[str, object]) -> Iterator[Breach]:
    """Yield what breaks the bounds in the data of a file.

    Args:
        data: as ``tomllib`` gives it.

    >>> [breach.what for breach in breaches({"a": "\u200b", "b": [1] * 300})]
    ['A list of 300 values is too long; 200 are allowed.', 'The text has nothing in it that can be seen.']
    """
    seen = 0
    waiting: list[tuple[tuple[str, ...], object]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        seen += 1
        if seen > MAX_VALUES:
            what = f"The file holds more than {MAX_VALUES:,} values."
            yield Breach("", what, "Split it by line of business.", oversized=True)
            return
        if isinstance(value, str):
            yield from _text(path, value)
        elif isinstance(value, (dict, list)):
            if (found := _size(path, value)) is not None:
                yield found
                continue
            if isinstance(value, dict):
                yield from _keys(path, value)
            pairs = value.items() if isinstance(value, dict) else ((str(at), item) for at, item in enumerate(value))
            waiting += [((*path, name), inner) for name, inner in pairs if len(name) <= MAX_KEY]


def _size(path: tuple[str, ...], value: dict[str, object] | list[object]) -> Breach | None:
    key, many = ".".join(path), len(value)
    if len(path) > MAX_DEPTH:
        return Breach(key, f"Tables nest deeper than {MAX_DEPTH} levels.", "Take them apart.", oversized=True)
    if many <= MAX_MEMBERS:
        return None
    if isinstance(value, dict):
        what, fix = f"A table of {many:,} keys is too long; {MAX_MEMBERS} are allowed.", "Split the file."
    else:
        what, fix = f"A list of {many:,} values is too long; {MAX_MEMBERS} are allowed.", "Shorten it."
    return Breach(key, what, fix, oversized=True)


def _keys(path: tuple[str, ...], value: dict[str, object]) -> Iterator[Breach]:
    for name in value:
        if len(name) > MAX_KEY:
            what = f"A key of {len(name):,} characters is too long; {MAX_KEY} are allowed."
            yield Breach(".".join(path), what, "Shorten it.", oversized=True)


def _text(path: tuple[str, ...], text: str) -> Iterator[Breach]:
    if _PLAIN.fullmatch(text) or _FORMULAS & set(path[-2:]):
        return
    key = ".".join(path)
    if strange := next((character for character in text if hidden(character)), ""):
        what = f"The text holds a character that cannot be seen, U+{ord(strange):04X}"
        name = unicodedata.name(strange, "").capitalize()
        yield Breach(key, f"{what} ({name})." if name else f"{what}.", "Type the text anew.")
    elif all(character in _JOINERS or character.isspace() for character in text):
        yield Breach(key, "The text has nothing in it that can be seen.", "Write it.")


def hidden(character: str) -> bool:
    """Whether a character hides, or changes how others are shown: a mark of direction, a blank of no width.

    >>> [hidden(character) for character in ("a", "é", "\u202e", "\u200b", "\u2028")]
    [False, False, True, True, True]
    """
    if character in _JOINERS or character < "\x7f":
        return False
    code = ord(character)
    nothing = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # stands for no character at all
    return nothing or unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
