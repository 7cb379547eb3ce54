"""The lines of a TOML text: on which line each key stands."""

from __future__ import annotations

import re

HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"\s*([A-Za-z0-9_\-]+(?:\s*\.\s*[A-Za-z0-9_\-\"']+)*)\s*=")


def bare(key: str) -> str:
    """Return a dotted key without blanks and quotes."""
    return re.sub(r"[\s\"']", "", key)


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
        if header := HEADER.match(line):
            table = bare(header[1])
            lines.setdefault(table, number)
        elif match := KEY.match(line):
            key = bare(match[1])
            lines.setdefault(f"{table}.{key}" if table else key, number)
            rest = line[match.end() :]
            fence = next((mark for mark in ('"""', "'''") if rest.count(mark) == 1), "")
    return lines
