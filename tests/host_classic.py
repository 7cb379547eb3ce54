"""Answer calls through xlwings' own code for classic Excel, as the Python process beside Excel does.

Runs in a process of its own, since xlwings decides at its import which host it serves. Windows, pywin32 and
Excel are replaced by the few things that xlwings asks of them; xlwings itself is the real one, from its
decorators to ``CallUDF``. Reads ``{"folder": ..., "calls": [[name, [rows or null, ...]], ...]}`` and writes the
VBA that xlwings would generate, what it would register in Excel, and the answers.
"""

import asyncio  # noqa: F401  what xlwings imports of the standard library must not be imported on "Windows"
import concurrent.futures  # noqa: F401
import contextlib
import ctypes
import importlib
import json
import os
import sys
import tempfile  # noqa: F401
import types
from pathlib import Path
from unittest.mock import MagicMock

MISSING = -2147352572
ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}
SHEET = MagicMock()
RANGE = "{00020846-0000-0000-C000-000000000046}"


class ComError(Exception):
    """pywintypes.com_error."""


class Dispatched:
    """A COM object as pywin32 hands it to a method: it knows its type, and what it is."""

    def __init__(self, rows):
        self.rows = rows

    def GetTypeInfo(self):
        return MagicMock(GetTypeAttr=lambda: types.SimpleNamespace(iid=RANGE))


class ExcelRange:
    """The range of Excel's object model, as far as xlwings reads from it."""

    def __init__(self, pointer):
        self._oleobj_ = pointer
        rows = pointer.rows
        self.Value = rows[0][0] if len(rows) == len(rows[0]) == 1 else tuple(map(tuple, rows))
        self.Rows, self.Columns = types.SimpleNamespace(Count=len(rows)), types.SimpleNamespace(Count=len(rows[0]))
        self.Row = self.Column = 1
        self.Worksheet = SHEET


def dispatch(thing, **_):
    return ExcelRange(thing) if isinstance(thing, Dispatched) else thing


def unwrap(thing):
    raise ComError("not an object of this server")


def put(name, **contents):
    """Put a stand-in for a module where imports look; it belongs to its package."""
    module = types.ModuleType(name)
    module.__dict__.update(contents)
    sys.modules[name] = module
    package, _, last = name.rpartition(".")
    if package:
        setattr(sys.modules[package], last, module)
    return module


def stand_in():
    """Make xlwings find Windows and pywin32."""
    bases = {name: type(name, (), {}) for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass")}
    put("pywintypes", com_error=ComError, IID=str, TimeType=type("TimeType", (), {}))
    put("pythoncom", CoInitialize=lambda: None, IID_IDispatch=0, TypeIIDs={0: Dispatched})
    sys.modules["pythoncom"].__file__ = ""
    for name in ("win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone"):
        sys.modules[name] = MagicMock()
    put("win32com")
    put("win32com.client", Dispatch=dispatch, DispatchEx=dispatch, gencache=MagicMock(), **bases)
    put("win32com.server")
    put("win32com.server.util", unwrap=unwrap)
    put("win32com.server.dispatcher")
    put("win32com.server.policy")
    ctypes.windll = ctypes.oledll = MagicMock()
    ctypes.PyDLL = MagicMock()
    for name in ("XLWINGS_ON_SERVER", "XLWINGS_LICENSE_KEY"):
        os.environ.pop(name, None)


def import_xlwings():
    system, sys.platform = sys.platform, "win32"
    try:
        module = importlib.import_module("xlwings")
    finally:
        sys.platform = system
    assert module.func.__module__ == "xlwings.udfs", "xlwings did not take this for Windows"
    return module


class Workbook:
    """The add-in's workbook: it takes the generated module, and the descriptions."""

    Name = "xlkpi.xlam"
    Worksheets = (types.SimpleNamespace(Name="help"),)

    def __init__(self):
        self.options, self.vba = [], ""
        self.Application = types.SimpleNamespace(Version="16.0", MacroOptions=self.describe)
        self.VBProject = types.SimpleNamespace(VBComponents=self)

    def describe(self, macro, **options):
        self.options.append([macro, options["Description"], options["Category"], options["ArgumentDescriptions"]])

    def __call__(self, name):
        raise ComError(f"there is no module {name}")

    Remove = None  # what it would remove is never found

    def Import(self, path):
        self.vba = Path(path).read_text("utf-8")


def in_excel(cell):
    """A cell's content as it reaches Python: errors are numbers, numbers are floats."""
    if isinstance(cell, str):
        return ERRORS.get(cell, cell)
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def as_range(rows):
    return MISSING if rows is None else Dispatched([[in_excel(cell) for cell in row] for row in rows])


def as_literal(rows):
    """What is typed into a formula: a value, one row in braces, or rows in braces."""
    if rows is None:
        return MISSING
    made = tuple(tuple(map(in_excel, row)) for row in rows)
    if len(made) == 1:
        return made[0][0] if len(made[0]) == 1 else made[0]
    return made


def as_rows(answer):
    """What CallUDF gives back, as rows: one cell comes bare, one row as a list."""
    if not isinstance(answer, (list, tuple)):
        return [[answer]]
    return [list(row) for row in answer] if isinstance(answer[0], (list, tuple)) else [list(answer)]


def main():
    request = json.load(sys.stdin)
    stand_in()
    import_xlwings()
    udfs, com_server = (importlib.import_module(f"xlwings.{name}") for name in ("udfs", "com_server"))
    sys.path.insert(0, request["folder"])
    workbook = Workbook()
    with contextlib.redirect_stdout(sys.stderr):
        udfs.import_udfs("xlkpi_functions", workbook)
    caller, python = Dispatched([[None]]), com_server.XLPython()
    answers = {}
    for way, given in (("range", as_range), ("literal", as_literal)):
        answers[way] = [
            as_rows(python.CallUDF("xlkpi_functions", name, tuple(map(given, args)), workbook, caller))
            for name, args in request["calls"]
        ]
    json.dump({"vba": workbook.vba, "options": workbook.options, "answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
