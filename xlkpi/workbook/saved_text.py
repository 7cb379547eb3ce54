"""Texts and formulas as they are written inside the parts of an .xlsx file."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from openpyxl.formula.translate import Translator, TranslatorError

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def local(tag: str) -> str:
    """Return an element's name without its namespace, which editions of the format call differently."""
    return tag.rpartition("}")[2]


def unescaped(text: str) -> str:
    """Read ``_x000D_`` as the character that it stands for, if that may stand in a cell."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return chr(code) if code in (9, 10, 13) or 32 <= code < 0xD800 else match[0]

    return _ESCAPED.sub(character, text) if "_x" in text else text


def escaped(text: str) -> str:
    """Write a text so that ``_x000D_`` in it is read as these seven characters.

    Args:
        text: what a cell is to show.

    >>> escaped("_x000D_"), unescaped(escaped("_x000D_"))
    ('_x005F_x000D_', '_x000D_')
    """
    return _ESCAPED.sub(r"_x005F_x\1_", text) if "_x" in text else text


def rich_text(element: ElementTree.Element) -> str:
    """Return a text, which may come in pieces; hints of pronunciation are none of it."""
    pieces = []
    for child in element:
        texts = [child] if local(child.tag) == "t" else [*child] if local(child.tag) == "r" else []
        pieces += [each.text or "" for each in texts if local(each.tag) == "t"]
    return unescaped("".join(pieces))


def formula_of(element: ElementTree.Element, place: str, shared: dict[str, tuple[str, str]]) -> str:
    """Return a cell's formula; one shared with other cells stands in the first of them alone."""
    text, key = element.text or "", element.get("si", "")
    if element.get("t") != "shared":
        return text
    if text:
        shared[key] = text, place
        return text
    first, origin = shared[key]
    try:
        return str(Translator(f"={first}", origin).translate_formula(place))[1:]
    except TranslatorError:
        return "#REF!"
