"""Make the classic add-in, ``xlkpi.xlam``: the functions in Excel for Windows, answered by Python on the same machine.

What it holds: xlwings' own VBA, which starts Python and talks to it; one VBA function for each of ours; and a
sheet with what each function and argument means. It is bound to one version of xlwings, whose DLL it names.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..cells import CellFunction
from ..companions import cell_functions
from ..model import Catalogue
from ..names import DATA, HELP_LIMIT, LANGUAGES
from .macro_file import SHEET_MODULE, packaged
from .vba_project import CLASS, DOCUMENT, STANDARD, Module
from .vba_text import HELP_SHEET, as_vba, clashes, core_text, document_text, functions_text, help_text, workbook_text

PROJECT_NAME = "xlkpi"
_SHIPPED = Path(DATA, "hosts", "classic")
_BAS, _CLS = "xlwings_custom_addin.bas", "Dictionary.cls"
_VERSION = re.compile(r'^Public Const XLWINGS_VERSION As String = "([^"]+)"', re.MULTILINE)
# What is changed in xlwings' module. An add-in's functions are open to the formulas of every workbook, also of
# one that came by mail and has no macros: none but ours may be called from there (=RunPython("...") could), no
# workbook and no folder it lies in may say which Python is started, and no module is taken from such a folder.
_CHANGES = (
    (r'^Public Const PROJECT_NAME As String = "[^"]*"', f'Public Const PROJECT_NAME As String = "{PROJECT_NAME}"'),
    (r"^(?:Public )?Function (?!XLPy\()(?=\w)", "Private Function "),
    (r"^( *)Declare (?=\w)", r"\1Private Declare "),
    (r'(?<=Optional source As String = )""(?=\) As Variant)', '"user"'),
    (r'(?<=GetConfig\("ADD_WORKBOOK_TO_PYTHONPATH", )"true"', '"false"'),
    (r'(?<=AddExcelDir & )";" & ActiveWorkbook.FullName & ";" & ThisWorkbook.FullName & ";"', '";;;"'),
    (r'(?<=tail = " )-B -c', "-P -B -c"),
)
_CHANGED = "'Changed for xlkpi: see _CHANGES in xlkpi/addin/classic.py\n"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class _Source:
    """xlwings' VBA as the add-in takes it over."""

    version: str
    module: str
    dictionary: str


def build_xlam(catalogue: Catalogue, help_url: str = "") -> bytes:
    """Return the add-in for the functions of a catalogue.

    Args:
        catalogue: whose functions, beside the companions that every add-in has.
        help_url: address of a function's help, with ``{function}`` and ``{language}`` filled in; none where empty.

    Returns:
        The bytes of ``xlkpi.xlam``: the same for the same catalogue and xlwings.

    Raises:
        ValueError: a function or an argument has a name that VBA needs for something else.

    >>> from xlkpi import load
    >>> build_xlam(load())[:2]
    b'PK'
    """
    functions = cell_functions(catalogue)
    return packaged(modules(functions), HELP_SHEET, help_rows(functions, help_url))


def xlwings_version() -> str:
    """Return the version of xlwings that an add-in made now is bound to.

    Returns:
        That of the installed xlwings where its VBA can be used, else that of the shipped copy.

    >>> xlwings_version().count(".") >= 2
    True
    """
    return _source().version


def modules(functions: Sequence[CellFunction]) -> list[Module]:
    """Return the VBA modules of the add-in.

    Args:
        functions: that cells may call.

    Returns:
        The modules, in the order in which the project lists them.

    Raises:
        ValueError: a function or an argument has a name that VBA needs for something else.

    >>> from xlkpi import load
    >>> [each.name for each in modules(cell_functions(load()))][:3]
    ['ThisWorkbook', 'HelpSheet', 'xlwings']
    """
    source = _source()
    found = [
        Module("ThisWorkbook", DOCUMENT, workbook_text()),
        Module(SHEET_MODULE, DOCUMENT, document_text(SHEET_MODULE)),
        Module("xlwings", STANDARD, source.module),
        Module("Dictionary", CLASS, source.dictionary),
        Module("XlkpiCore", STANDARD, core_text()),
        Module("XlkpiHelp", STANDARD, help_text()),
    ]
    if clashing := clashes(functions, (each.text for each in found)):
        raise ValueError(f"VBA needs the names {', '.join(clashing)} for something else; rename these functions.")
    return [*found, Module("XlkpiFunctions", STANDARD, functions_text(functions))]


def help_rows(functions: Iterable[CellFunction], help_url: str = "") -> list[list[str]]:
    """Return what each function and argument means, as it stands on the add-in's sheet.

    Args:
        functions: that cells may call.
        help_url: see :func:`build_xlam`.

    Returns:
        A header, then a row for each function and language: its name, the language, what it gives, the address
        of its help, and what each argument means; no text is longer than Excel takes.

    >>> from xlkpi import load
    >>> help_rows(cell_functions(load()))[1][:2]
    ['CSS', 'en']
    """
    rows = [["function", "language", "description", "help", "arguments"]]
    for each in functions:
        for language in LANGUAGES:
            texts = [each.help, *(parameter.help for parameter in each.parameters)]
            description, *arguments = (_cut(text.get_in(language)) for text in texts)
            link = help_url.replace("{function}", each.name.lower()).replace("{language}", language)
            rows.append([each.name, language, description, _cut(link), *arguments])
    return rows


def _source() -> _Source:
    """Return xlwings' VBA: that of the installed xlwings, or the shipped copy where that one is not as expected."""
    installed = importlib.util.find_spec("xlwings")
    if installed is not None and installed.origin:
        folder = Path(installed.origin).parent
        found = _read(folder / _BAS, folder / "addin" / _CLS)
        if found is not None:
            return found
    shipped = _read(_SHIPPED / _BAS, _SHIPPED / _CLS)
    if shipped is None:
        raise ValueError(f"The files in {_SHIPPED} are not as they were shipped; install xlkpi anew.")
    return shipped


def _read(module: Path, dictionary: Path) -> _Source | None:
    """Read both files; ``None`` where one is missing or a place that must be changed is not there."""
    try:
        text, class_text = module.read_text("cp1252"), dictionary.read_text("cp1252")
    except OSError:
        return None
    version = _VERSION.search(text)
    for pattern, replacement in _CHANGES:
        text, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
        if not count:
            return None
    first_line, _, rest = text.partition("\n")
    return _Source(version[1], as_vba(f"{first_line}\n{_CHANGED}{rest}"), _class_text(class_text)) if version else None


def _class_text(text: str) -> str:
    """Return a class as a project holds it, which is not quite as the editor exports it."""
    attributes = text[text.index("Attribute VB_Name") :]
    base = 'Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"\n'
    more = "Attribute VB_TemplateDerived = False\nAttribute VB_Customizable = False\n"
    with_base = re.sub(r"^(Attribute VB_Name = .*\n)", lambda line: line[0] + base, attributes)
    return as_vba(re.sub(r"(?m)^(Attribute VB_Exposed = .*\n)", lambda line: line[0] + more, with_base, count=1))


def _cut(text: str) -> str:
    """Cut a text where Excel would refuse it; Excel counts a character beyond the first 65,536 as two."""
    return _NOT_IN_XML.sub("", text).encode("utf-16-le")[: 2 * HELP_LIMIT].decode("utf-16-le", "ignore")
