"""Every rule about names: in Python, in VBA, in Excel and in file names.

A checker returns the reason why a name is refused, or ``None`` when it is good.
"""

from __future__ import annotations

import builtins
import keyword
import os.path
import re
from functools import cache

# Not pathlib, which brings half of urllib along and would take a twentieth of the start of the catalogue.
DATA = os.path.join(os.path.dirname(__file__), "data")
LANGUAGES = ("en", "pt", "fr", "es")
HOSTS = ("plain", "classic", "lite", "server")  # whose functions the cells of a workbook may call
CATEGORY = "KPI"  # of the functions in Excel
HELP_LIMIT = 255  # of a function's or an argument's help in Excel, as Excel counts
ADDIN_FILE = "xlkpi.xlam"  # the classic add-in
ADDIN_MODULE = "xlkpi_functions"  # by this name it asks Python for the functions
MAX_ARGUMENTS = 60  # of a VBA function
MAX_IDENTIFIER = 40
MAX_FUNCTION = 31
MAX_SHEET_TITLE = 31

_VBA = """
    abs addressof alias and any array as attribute base binary boolean byref byte byval call case cbool cbyte
    ccur cdate cdbl cdec cdecl cint circle class clng clnglng clngptr close compare const csng cstr currency
    cvar cverr date debug decimal declare defbool defbyte defcur defdate defdbl defdec defint deflng deflnglng
    deflngptr defobj defsng defstr defvar dim do doevents double each else elseif empty end endif enum eqv erase
    error event exit explicit false fix for friend function get global gosub goto if imp implements in input
    inputb instr int integer is lbound len lenb let lib like line lock long longlong longptr loop lset me mid
    mod module name new next not nothing null object on open option optional or output paramarray preserve print
    private property pset ptrsafe public put raiseevent random read redim rem resume return rset scale seek
    select set sgn shared single spc static step stop string sub tab text then time to true type typeof ubound
    unlock until variant wend while width with withevents write xor
"""
VBA_KEYWORDS = frozenset(_VBA.split())
# Those of strict mode too.
_JAVASCRIPT = """
    arguments await break case catch class const continue debugger default delete do else enum eval export extends
    false finally for function if implements import in instanceof interface let new null package private protected
    public return static super switch this throw true try typeof undefined var void while with yield
"""
JAVASCRIPT_KEYWORDS = frozenset(_JAVASCRIPT.split())
# Words of the VBA code that xlwings writes around a call: a name like these would hide what the code means.
_XLWINGS_VBA = frozenset(("activeworkbook", "application", "err", "range", "thisworkbook", "xlpy"))
_LANGUAGES = {
    "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "es": "Spanish", "fi": "Finnish", "fr": "French",
    "gl": "Galician", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "nb": "Norwegian", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "sv": "Swedish", "tr": "Turkish",
}  # fmt: skip
FORMULA_FUNCTIONS = frozenset(("sum", "mean", "count", "countif", "sumproduct", "min", "max", "abs", "round", "if_"))
# What the VBA modules of the classic add-in name without defining it; a test holds it against them.
_ADDIN = """
    activedocument activepresentation add app applescripterrorhandler applescripttask argumentdescriptions before
    binarycompare category checkconda chr cleanup collection command comparemethod comparemode createguid
    createobject currentproject databasecompare description dest dictionary dir environ eof errhandler executemac
    executewindows exists expandenvironmentstrings failed filecopy fileexists fileexistsonwindows
    fileorfolderexistsonmac freefile frozenargs getattr getbasename getconfig getconfigfilepath getconfigfromfile
    getconfigfromsheet getdirectory getdirectoryconfigfilepath getdirectorypath getdllversion getfullname getmacdir
    getudfmodules helpfile helpsheet hex iif importerror importpythonudfs importpythonudfsbase
    importpythonudfstoaddin importxlwingsudfsmodule instrrev isarray isempty isfullname items keys kill
    killfileonmac killpy lcase loadlibrary lplibfilename mac macro macscript mkdir msgbox ndims one parentfolder
    randomize readfile remove removeall retry rnd runfrozenpython runpython saveconfigtofile sheetexists showerror
    system textcompare thisdocument timer tomacpath toposixpath ucase vartype vba vbcritical vbcrlf vbdirectory
    vbinformation vblf vbnewline vbnullstring vbokonly vbstring version workbook worksheet wscript xldown
    xlpycommand xlpydllactivateauto xlpydllndims xlpydllversion xlpyloaddll
"""
_ADDIN_VBA = frozenset(_ADDIN.split())
# The companions of the functions in the add-in: name -> arguments; those in brackets may be left out.
COMPANIONS = {
    "KPIBAND": "vertical kpi value [segment] [language]",
    "KPILEVEL": "vertical kpi value [segment]",
    "KPITHRESHOLD": "vertical kpi band_name [segment]",
    "KPINEXT": "vertical kpi value [segment]",
    "KPILIST": "[vertical] [language]",
    "KPIHELP": "function_name [language]",
    "XLKPIVERSION": "",
}
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


def excel_length(text: str) -> int:
    """Return how many characters a text has for Excel, which counts those beyond 65,535, such as emoji, twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shipped_text(*name: str) -> str:
    """Return the text of a file of the package's data, such as ``("verticals", "career-mentoring.toml")``."""
    with open(os.path.join(DATA, *name), encoding="utf-8") as file:
        return file.read()


@cache
def excel_functions() -> frozenset[str]:
    """Names of Excel's own functions in English, upper case."""
    lines = shipped_text("excel_functions.txt").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def _other_names() -> str:
    return shipped_text("function_names.txt")


def _refuse_taken(name: str) -> str | None:
    """Say what else has the name of a function: Excel in another language, an old macro, the add-in's page."""
    text = _other_names()
    start = text.find(f"\n{name} ")  # faster than taking the lines apart
    if start < 0:
        return None
    tags = text[start : text.index("\n", start + 1)].split()[1:]
    if "xlm" in tags:
        return "Excel has an old macro function of that name, and takes none like it from an add-in"
    if "page" in tags:
        return "in lower case it is a global name of the add-in's page, which the function would replace"
    languages = ", ".join(_LANGUAGES[tag] for tag in tags if tag in _LANGUAGES)
    if "~" in tags:
        return f"LibreOffice has a function of that name (in {languages}), and Excel may have it and use its own"
    return f"Excel has a function of that name (in {languages}), and would silently use its own"


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
    if name == "caller":
        return "xlwings fills it with the calling cell, whatever a user gives"
    if reason := _refuse_host_word(name):
        return reason
    if looks_like_cell(name):
        return "it looks like a cell of a spreadsheet"
    return None


def refuse_argument(name: str, function_name: str) -> str | None:
    """Say why a name cannot stand for an argument of a function.

    Args:
        name: of the argument, as written in the catalogue.
        function_name: of the function, such as ``CSS``.

    Returns:
        The reason, or ``None`` when the name is good.

    >>> refuse_argument("css", "CSS")
    'it is the name of its function, and VBA makes no difference between capitals and small letters'
    """
    if reason := refuse_identifier(name):
        return reason
    if name == function_name.lower():
        return "it is the name of its function, and VBA makes no difference between capitals and small letters"
    return None


def _refuse_host_word(lower: str) -> str | None:
    """Say which language of the hosts keeps a word, written in lower case, for itself."""
    if lower in VBA_KEYWORDS:
        return "it is a word of VBA, where the add-in would not compile"
    if lower in JAVASCRIPT_KEYWORDS:
        return "it is a word of JavaScript, which may keep the add-in from loading"
    if lower in _XLWINGS_VBA:
        return "xlwings uses that word in the VBA code of the add-in, and it would mean something else there"
    return None


def refuse_function(name: str) -> str | None:
    """Say why a name cannot be an Excel function of a catalogue file, or return ``None``."""
    if name in COMPANIONS:
        return "xlkpi has a companion of that name"
    if name.startswith("XLKPI"):
        return "names that begin with XLKPI are kept for xlkpi's own"
    return refuse_excel_function(name)


def refuse_excel_function(name: str) -> str | None:
    """Say why Excel, or one of its hosts, cannot have a function of that name, or return ``None``."""
    if looks_like_cell(name):
        return "it looks like a cell of a spreadsheet"
    if not re.fullmatch(r"[A-Z][A-Z0-9]{2,}", name):
        return "it must be three characters at least: an upper-case letter A-Z, then upper-case letters and digits"
    if len(name) > MAX_FUNCTION:
        return f"it is longer than {MAX_FUNCTION} characters"
    if name in excel_functions():
        return "Excel has a function of that name, and would silently use its own"
    if keyword.iskeyword(name.lower()):
        return "in lower case it is a word of Python"
    if reason := _refuse_host_word(name.lower()) or _refuse_taken(name):
        return reason
    if name.lower() in _ADDIN_VBA:
        return "the VBA code of the add-in uses that word, and would take the function for it"
    if name.lower() in dir(builtins):
        return "in lower case it is a word of Python"
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
