"""Open a workbook with macros in LibreOffice and let them run; run by a Python that has LibreOffice's ``uno``.

``classic_bridge.py SOFFICE FILE``: reads steps as JSON, ``[["put", {"A1": "=CSS(85;100)"}], ["array", {"A1:B2":
"=KPILIST()"}], ["calculate"], ["macro", "Module.Name"], ["read", ["A1"]]]``, and writes what each gave: a macro
its result; a cell its text, its value, its error, and whether it holds a number.
"""

import contextlib
import json
import sys
import tempfile

import uno
from libreoffice_bridge import connect, option

ALWAYS_EXECUTE = 4
NUMBER = 1


def take(document, sheet, kind, what=None):
    if kind == "put":
        for cell, content in what.items():
            sheet.getCellRangeByName(cell).setFormula(content)
    elif kind == "array":
        for cells, formula in what.items():
            sheet.getCellRangeByName(cells).setArrayFormula(formula)
    elif kind == "calculate":
        document.calculateAll()
    elif kind == "macro":
        url = f"vnd.sun.star.script:XlkpiAddin.{what}?language=Basic&location=document"
        return document.getScriptProvider().getScript(url).invoke((), (), ())[0]
    else:
        cells = map(sheet.getCellRangeByName, what)
        return [[c.getString(), c.getValue(), c.getError(), c.FormulaResultType2 == NUMBER] for c in cells]
    return None


def main():
    steps = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as profile:
        process, desktop = connect(sys.argv[1], profile)
        try:
            options = option("Hidden", True), option("MacroExecutionMode", ALWAYS_EXECUTE)
            document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(sys.argv[2]), "_blank", 0, options)
            document.Sheets.insertNewByName("trial", 1)
            results = [take(document, document.Sheets.getByName("trial"), *step) for step in steps]
            document.close(True)
            print(json.dumps(results))
        finally:
            with contextlib.suppress(Exception):
                desktop.terminate()
            process.wait(20)


if __name__ == "__main__":
    main()
