"""Recalculate workbooks in one LibreOffice process; run by a Python that has LibreOffice's ``uno`` module.

Reads one JSON request a line, ``{"path": ..., "cells": [[sheet, cell], ...]}``, and answers with one line:
the value of each cell after a hard recalculation; with ``"looks": true`` how each is protected, and with
``"printed": true`` the name of a PDF. LibreOffice keeps the values written in a file unless
it is told to recalculate, so that without ``calculateAll`` a comparison would prove nothing.
``{"path": ..., "save": ..., "window": [1280, 720]}`` opens a workbook in a window of that size, recalculates it, saves
it as .xlsx elsewhere and answers with LibreOffice's version; without a window, as a conversion does.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue

ERRORS = {
    532: "#DIV/0!",
    503: "#NUM!",
    519: "#VALUE!",
    502: "#VALUE!",
    524: "#REF!",
    525: "#NAME?",
    32767: "#N/A",
}


def connect(soffice, profile):
    pipe = f"xlkpi{time.time_ns()}"
    process = subprocess.Popen(
        [
            soffice,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            return process, desktop
        except Exception:
            time.sleep(0.25)
    process.kill()
    raise SystemExit("LibreOffice did not answer within 60 seconds")


def option(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def read_sheet(sheet):
    """The whole used area at once; a cell in error comes as None and is asked for its code."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    area = cursor.getRangeAddress()
    return sheet.getCellRangeByPosition(0, 0, area.EndColumn, area.EndRow).getDataArray()


def place(name):
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(name[len(letters) :]) - 1, column - 1


def recalculate(desktop, path, cells, recalculation):
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (option("Hidden", True),))
    try:
        if recalculation:
            document.calculateAll()
        sheets, data = {}, {}
        found = []
        for title, name in cells:
            if title not in sheets:
                sheets[title] = document.Sheets.getByName(title)
                data[title] = read_sheet(sheets[title])
            row, column = place(name)
            value = data[title][row][column]
            if value is None:
                code = sheets[title].getCellByPosition(column, row).getError()
                value = ERRORS.get(code, f"#ERR{code}!") if code else ""
            found.append(value)
        return found
    finally:
        document.close(True)


def looks(desktop, path, cells):
    """For each cell: whether its sheet is protected, and whether it is locked itself."""
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (option("Hidden", True),))
    try:
        sheets = {title: document.Sheets.getByName(title) for title, _ in cells}
        return [
            [sheets[title].isProtected(), sheets[title].getCellRangeByName(name).CellProtection.IsLocked]
            for title, name in cells
        ]
    finally:
        document.close(True)


def print_out(desktop, path):
    """Recalculate and print to a file: what a conditional format shows is seen there alone."""
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (option("Hidden", True),))
    try:
        document.calculateAll()
        target = path.removesuffix(".xlsx") + ".pdf"
        document.storeToURL(uno.systemPathToFileUrl(target), (option("FilterName", "calc_pdf_Export"),))
        return [target]
    finally:
        document.close(True)


def save(desktop, path, target, window):
    """Open as a user does: what belongs to the view is kept or lost with the window, and depends on its size."""
    if window:
        blank = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        frame = blank.CurrentController.Frame
        frame.ContainerWindow.setPosSize(0, 0, *window, 15)
        document = frame.loadComponentFromURL(uno.systemPathToFileUrl(path), "_self", 0, ())
    else:
        document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (option("Hidden", True),))
    try:
        document.calculateAll()
        document.storeToURL(uno.systemPathToFileUrl(target), (option("FilterName", "Calc MS Excel 2007 XML"),))
        return version()
    finally:
        document.close(True)


def version():
    context = uno.getComponentContext()
    provider = "com.sun.star.configuration.ConfigurationProvider"
    node = option("nodepath", "/org.openoffice.Setup/Product")
    made = context.ServiceManager.createInstanceWithContext(provider, context)
    access = "com.sun.star.configuration.ConfigurationAccess"
    return made.createInstanceWithArguments(access, (node,)).getPropertyValue("ooSetupVersion")


def answer(desktop, request):
    if "save" in request:
        return save(desktop, request["path"], request["save"], request["window"])
    if request.get("looks"):
        return looks(desktop, request["path"], request["cells"])
    if request.get("printed"):
        return print_out(desktop, request["path"])
    return recalculate(desktop, request["path"], request["cells"], request.get("recalculation", True))


def main():
    with tempfile.TemporaryDirectory() as profile:
        process, desktop = connect(sys.argv[1], profile)
        try:
            print("ready", flush=True)
            for line in sys.stdin:
                print(json.dumps(answer(desktop, json.loads(line))), flush=True)
        finally:
            with contextlib.suppress(Exception):
                desktop.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


if __name__ == "__main__":
    main()
