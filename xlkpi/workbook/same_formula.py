"""Whether two formulas are the same, however a program wrote them down when it saved the file."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(
    r'(?P<text>"(?:[^"]|"")*")'
    r"|(?P<quoted>'(?:[^']|'')+'!)"
    r"|(?P<link>\[\d+\]!)"
    r"|(?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A))"
    r"|(?P<sheet>[^\W\d][\w.]*!)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?)"
    r"|(?P<name>[$\w\\][\w.$\\]*)"
    r"|(?P<space>\s+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_PREFIX = re.compile(r"^(?:_XLFN\.|_XLWS\.|_XLPM\.)+")


def canonical(formula: str, titles: Mapping[str, str]) -> str:
    """Return a formula in one spelling: no spaces, capitals, numbers by their value, sheets by their first title.

    Args:
        formula: its text, without ``=``.
        titles: what each sheet was called when the workbook was made, by what it is called now.

    Returns:
        A text that two formulas share if they mean the same to a spreadsheet program.
    """
    pieces = []
    for match in _TOKEN.finditer(formula):
        kind, text = match.lastgroup, match[0]
        if kind in ("quoted", "sheet"):
            title = text[1:-2].replace("''", "'") if kind == "quoted" else text[:-1]
            pieces.append(f"'{titles.get(title, title)}'!")
        elif kind == "link":
            pieces.append("[1]!")
        elif kind == "number":
            pieces.append(f"{float(text):.15g}")  # LibreOffice keeps fifteen digits
        elif kind in ("name", "error"):
            pieces.append(_PREFIX.sub("", text.upper()))
        elif kind != "space":
            pieces.append(text)
    return " ".join(pieces).replace("TRUE ( )", "TRUE").replace("FALSE ( )", "FALSE")
