"""The text of the add-in's own VBA modules; whatever people read in it stands on a sheet instead.

VBA's text is bound to a code page, and its procedures may not be long, so that the modules hold ASCII alone,
and a line or two for each function. What never changes stands in ``data/hosts/classic``.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from ..cells import CellFunction
from ..names import ADDIN_MODULE, CATEGORY, shipped_text

HELP_SHEET = "help"
# What the functions' module itself uses; an argument of that name would hide it.
_USED = ("array", "xlkpianswer")
_FILLED = {"@PYTHON_MODULE@": ADDIN_MODULE, "@HELP_SHEET@": HELP_SHEET, "@CATEGORY@": CATEGORY}

_FUNCTIONS = """\
Attribute VB_Name = "XlkpiFunctions"
' The functions as cells call them. Made by xlkpi; change the catalogue and make the add-in anew.
Option Explicit
"""


def _shipped(name: str) -> str:
    """Return one of our own modules, which stand in files of VBA, its names filled in."""
    text = shipped_text("hosts", "classic", name)
    for place, value in _FILLED.items():
        text = text.replace(place, value)
    return as_vba(text)


def core_text() -> str:
    """Return the text of the module ``XlkpiCore``, which passes calls on to Python.

    Returns:
        ASCII with line ends as VBA has them, as all texts here.

    >>> core_text().splitlines()[0]
    'Attribute VB_Name = "XlkpiCore"'
    """
    return _shipped("XlkpiCore.bas")


def help_text() -> str:
    """Return the text of the module ``XlkpiHelp``, which describes the functions to Excel.

    Returns:
        The text.

    >>> "Public Sub XlkpiWhy()" in help_text()
    True
    """
    return _shipped("XlkpiHelp.bas")


def workbook_text() -> str:
    """Return the text of the module ``ThisWorkbook``, which runs when the add-in is opened.

    Returns:
        The text.

    >>> "Private Sub Workbook_Open()" in workbook_text()
    True
    """
    return document_text("ThisWorkbook", "{00020819-0000-0000-C000-000000000046}") + _shipped("ThisWorkbook.cls")


def document_text(name: str, base: str = "{00020820-0000-0000-C000-000000000046}") -> str:
    """Return the text of a module with no code, which a workbook must have for itself and for each sheet.

    Args:
        name: the code name of the workbook or sheet.
        base: the class it is one of; a sheet's where it is left out.

    Returns:
        The text.

    >>> document_text("HelpSheet").splitlines()[0]
    'Attribute VB_Name = "HelpSheet"'
    """
    true = ("PredeclaredId", "Exposed", "Customizable")
    names = ("GlobalNameSpace", "Creatable", "PredeclaredId", "Exposed", "TemplateDerived", "Customizable")
    lines = [f'Attribute VB_Name = "{name}"', f'Attribute VB_Base = "0{base}"']
    lines += [f"Attribute VB_{each} = {each in true}" for each in names]
    return as_vba("\n".join(lines) + "\n")


def functions_text(functions: Sequence[CellFunction]) -> str:
    """Return the text of the module ``XlkpiFunctions``: one VBA function for each function that cells may call.

    Args:
        functions: names, arguments and help of the functions.

    Returns:
        The text.

    Raises:
        ValueError: an argument has a name that VBA would take for something else.

    >>> from xlkpi import load
    >>> from xlkpi.companions import cell_functions
    >>> print(functions_text(cell_functions(load())[:1]).replace(chr(13), "").split("Explicit")[1].strip())
    Public Function CSS(satisfied_clients, surveyed_clients)
        CSS = XlkpiAnswer("css", Array(satisfied_clients, surveyed_clients))
    End Function
    """
    return as_vba(_FUNCTIONS + "".join(map(_function, functions)))


def _function(function: CellFunction) -> str:
    for each in function.parameters:
        if each.id.lower() in (*_USED, function.name.lower()):
            raise ValueError(f'{function.name}: the argument "{each.id}" has a name that VBA needs; rename it.')
    name, quoted = function.name, f'"{function.name.lower()}"'
    given = ", ".join(f"Optional {each.id}" if each.optional else each.id for each in function.parameters)
    passed = ", ".join(each.id for each in function.parameters)
    head = _wrapped(f"Public Function {name}({given})")
    body = _wrapped(f"    {name} = XlkpiAnswer({quoted}, Array({passed}))")
    return f"\n{head}\n{body}\nEnd Function\n"


def _wrapped(line: str) -> str:
    """Break a line between arguments: VBA takes 1,023 characters, and 24 breaks."""
    broken = textwrap.wrap(line, 300, subsequent_indent="        ", break_long_words=False, break_on_hyphens=False)
    return " _\n".join([line[: len(line) - len(line.lstrip())] + broken[0].lstrip(), *broken[1:]])


def clashes(functions: Iterable[CellFunction], texts: Iterable[str]) -> list[str]:
    """Say which functions would hide a name that other modules use.

    Args:
        functions: the functions.
        texts: the texts of the other modules; their own names count too.

    Returns:
        The names of those functions; none is as it should be.

    >>> from xlkpi import load
    >>> from xlkpi.companions import cell_functions
    >>> clashes(cell_functions(load()), [core_text()])
    []
    """
    used = names_used(texts)
    return [each.name for each in functions if each.name.upper() in used]


def names_used(texts: Iterable[str]) -> set[str]:
    r"""Return the names, in capitals, that VBA modules use without declaring them in a procedure.

    Args:
        texts: the texts of the modules; their own names count too.

    Returns:
        The names; a function with one of them would be taken for what is meant there.

    >>> sorted(names_used(["Dim a As Long\\na = Timer + b"]))[-2:]
    ['LONG', 'TIMER']
    """
    used = {"XLKPIFUNCTIONS", "XLKPIADDIN"}
    declared: set[str] = set()
    for text in texts:
        used |= {name.upper() for name in re.findall(r'^Attribute VB_Name = "(\w+)"', text)}
        for line in text.splitlines():
            code = re.sub(r'"[^"]*"', "", line).partition("'")[0]
            used |= {word.upper() for word in re.findall(r"(?<![.\w&])[A-Za-z]\w*", code)}
            declared |= {name.upper() for name in _declared(code)}
    return used - declared


def _declared(code: str) -> list[str]:
    """Names that a line declares: a function of that name is out of reach there, and not meant."""
    head = re.match(r"\s*(?:(?:Public|Private) )?(Dim|Static|Const|Sub|Function|Property \w+|(?=\w+ As ))\b(.*)", code)
    if head is None:
        return []
    if head[1] in ("Sub", "Function") or head[1].startswith("Property"):
        return re.findall(r"[(,]\s*(?:(?:Optional|ByVal|ByRef) )*(\w+)", head[2])
    return re.findall(r"(?:^|,)\s*(\w+)", head[2])


def as_vba(text: str) -> str:
    r"""Return a text with the line ends that VBA has.

    Args:
        text: with line ends of any kind.

    Returns:
        The text with ``\r\n``.

    >>> as_vba("a\nb\r\n")
    'a\r\nb\r\n'
    """
    return text.replace("\r\n", "\n").replace("\n", "\r\n")
