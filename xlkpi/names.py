"""Every rule about names: in Python, in VBA, in Excel and in file names.

A checker returns the reason why a name is refused, or ``None`` when it is good.
"""

from __future__ import annotations

import keyword
import os.path
import re
from functools import cache

# Not pathlib, which brings half of urllib along and would take a twentieth of the start of the catalogue.
DATA = os.path.join(os.path.dirname(__file__), "data")
MAX_IDENTIFIER = 40
MAX_FUNCTION = 31
MAX_SHEET_TITLE = 31

_VBA = """
    addressof alias and any as attribute base binary boolean byref byte byval call case cbool cbyte ccur
    cdate cdbl cdec cint class clng close compare const csng cstr currency cvar cverr date debug decimal
    declare defbool defbyte defcur defdate defdbl defint deflng defobj defsng defstr defvar dim do double
    each else elseif empty end endif enum eqv erase error event exit explicit false for friend function get
    global gosub goto if imp implements in input instr integer is len let lib like line lock long longlong
    longptr loop lset me mid mod module name new next not nothing null object on open option optional or
    output paramarray preserve print private property ptrsafe public put raiseevent random read redim rem
    resume return rset seek select set shared single static step stop string sub tab text then time to true
    type typeof until variant wend while width with withevents write xor
"""
VBA_KEYWORDS = frozenset(_VBA.split())
FORMULA_FUNCTIONS = frozenset(("sum", "mean", "count", "countif", "sumproduct", "min", "max", "abs", "round", "if_"))
_DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))])
_CELL = re.compile(r"([a-z]{1,3})([0-9]{1,7})", re.IGNORECASE)
_R1C1 = re.compile(r"r[0-9]*(c[0-9]*)?|c[0-9]*", re.IGNORECASE)


def looks_like_cell(name: str) -> bool:
    """Whether a spreadsheet would read the name as a cell, in A1 or R1C1 style."""
    match = _CELL.fullmatch(name)
    if match:
        letters, row = match[1].upper(), int(match[2])
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        return column <= 16_384 and 1 <= row <= 1_048_576
    return bool(_R1C1.fullmatch(name))


def shipped_text(*name: str) -> str:
    """Return the text of a file of the package's data, such as ``("verticals", "career-mentoring.toml")``."""
    with open(os.path.join(DATA, *name), encoding="utf-8") as file:
        return file.read()


@cache
def excel_functions() -> frozenset[str]:
    """Names of Excel's own functions, upper case."""
    return frozenset(shipped_text("excel_functions.txt").split())


def refuse_identifier(name: str) -> str | None:
    """Say why a name cannot stand for an input, an argument or a KPI.

    Args:
        name: the name as written in the catalogue.

    Returns:
        The reason, or ``None`` when the name is good.

    >>> refuse_identifier("q1")
    'it looks like a cell of a spreadsheet'
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return "it must be lower-case letters a-z, digits and underscores, and begin with a letter"
    if len(name) > MAX_IDENTIFIER:
        return f"it is longer than {MAX_IDENTIFIER} characters"
    if name in FORMULA_FUNCTIONS:
        return "it is a function of the formula language"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "it is a word of Python"
    if name in VBA_KEYWORDS:
        return "it is a word of VBA, where the add-in would not compile"
    if looks_like_cell(name):
        return "it looks like a cell of a spreadsheet"
    return None


def refuse_function(name: str) -> str | None:
    """Say why a name cannot be an Excel function of ours, or return ``None``."""
    if not re.fullmatch(r"[A-Z][A-Z0-9]+", name):
        return "it must be upper-case letters A-Z and digits, two at least, and begin with a letter"
    if len(name) > MAX_FUNCTION:
        return f"it is longer than {MAX_FUNCTION} characters"
    if name in excel_functions():
        return "Excel has a function of that name, which would win without a word"
    if keyword.iskeyword(name.lower()):
        return "in lower case it is a word of Python"
    if name.lower() in VBA_KEYWORDS:
        return "it is a word of VBA, where the add-in would not compile"
    if looks_like_cell(name):
        return "it looks like a cell of a spreadsheet"
    return None


def refuse_vertical(name: str) -> str | None:
    """Say why a file name (without ``.toml``) cannot name a line of business, or return ``None``."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        return "it must be lower-case letters a-z and digits in groups joined by single hyphens"
    if len(name) > MAX_IDENTIFIER * 2:
        return f"it is longer than {MAX_IDENTIFIER * 2} characters"
    if name in _DEVICES:
        return "Windows keeps that name for a device"
    return None


def refuse_sheet_title(title: str) -> str | None:
    """Say why a text cannot be a sheet's title, or return ``None``."""
    if not 1 <= len(title) <= MAX_SHEET_TITLE:
        return f"a sheet title has 1 to {MAX_SHEET_TITLE} characters"
    if re.search(r"[\[\]:*?/\\]", title) or title.startswith("'") or title.endswith("'"):
        return "a sheet title has none of [ ] : * ? / \\ and no apostrophe at its ends"
    if title.casefold() == "history":
        return "Excel keeps that title for itself"
    return None


def suggest(word: str, known: object) -> str:
    """Return ``' Did you mean "x"?'`` for a known word close to ``word``, else an empty text."""
    from difflib import get_close_matches

    close = get_close_matches(word[:100], [str(item) for item in known], 1, 0.6)  # type: ignore[attr-defined]
    return f' Did you mean "{close[0]}"?' if close else ""
