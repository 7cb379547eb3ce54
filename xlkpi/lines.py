"""The lines of a TOML text: on which line each key stands."""

from __future__ import annotations

import re

HEADER = re.compile(r"\s*+\[\[?([^\[\]]++)\]\]?\s*+(?:#.*)?$")
KEY = re.compile(r"\s*+([A-Za-z0-9_\-]+(?:\s*\.\s*[A-Za-z0-9_\-\"']+)*)\s*=")


MAX_LINE = 4_000  # characters; a longer line is refused before it is read
MAX_LINES = 20_000


def header_of(line: str) -> str:
    """Return the table that a line opens, or an empty text."""
    match = HEADER.match(line) if len(line) <= MAX_LINE else None
    return bare(match[1]) if match else ""


def key_of(line: str) -> str:
    """Return the key that a line gives a value, or an empty text."""
    match = KEY.match(line[:MAX_LINE])
    return bare(match[1]) if match else ""


def bare(key: str) -> str:
    """Return a dotted key without blanks and quotes."""
    return re.sub(r"[\s\"']", "", key)


def plain_letters(text: str) -> str:
    """Return a text as a name may be: no accents, underscores for blanks."""
    import unicodedata  # large, and seldom needed

    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^A-Za-z0-9_.\-\"']+", "_", letters.strip()).strip("_")


def split(text: str) -> list[str]:
    """Return the lines of a text; unlike ``splitlines``, only where TOML ends them."""
    return text.replace("\r\n", "\n").split("\n")


def key_lines(text: str) -> dict[str, int]:
    r"""Map each dotted key of a TOML text to its line, from 1; the first place wins.

    >>> key_lines('[kpi.tea]\nunit = "percent"')
    {'kpi.tea': 1, 'kpi.tea.unit': 2}
    """
    lines: dict[str, int] = {}
    table, fence = "", ""
    for number, line in enumerate(split(text), 1):
        if fence:  # inside a text of several lines nothing is a key
            fence = "" if fence in line else fence
            continue
        if header := header_of(line):
            table = header
            lines.setdefault(table, number)
        elif key := key_of(line):
            lines.setdefault(f"{table}.{key}" if table else key, number)
            fence = next((mark for mark in ('"""', "'''") if line.count(mark) == 1), "")
    return lines
