"""Independent spreadsheet engines: each recalculates a workbook and gives back the value of every formula."""

from __future__ import annotations

import html
import io
import json
import re
import select
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import formualizer
import ironcalc
import openpyxl

Values = dict[tuple[str, str], Any]
_EMPTY = re.compile(r'<c r="[A-Z]+[0-9]+"[^>]*(?:></c>|/>)')
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f[^>]*>([^<]*)</f><v>([^<]*)</v></c>')
_FORMUALIZER = {
    "Div": "#DIV/0!",
    "Num": "#NUM!",
    "Na": "#N/A",
    "Value": "#VALUE!",
    "Ref": "#REF!",
    "Name": "#NAME?",
}


@dataclass(frozen=True)
class Formula:
    """A formula cell as it stands in a file."""

    text: str
    cached: Any


def formulas(data: bytes) -> dict[tuple[str, str], Formula]:
    """Every formula cell of a workbook with its text and the value written beside it."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        titles = re.findall(r'<sheet [^>]*?name="([^"]*)"', archive.read("xl/workbook.xml").decode())
        for number, title in enumerate(titles, 1):
            xml = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            for cell, attributes, text, value in _FORMULA.findall(xml):
                found[html.unescape(title), cell] = Formula("=" + html.unescape(text), _value(attributes, value))
    return found


def _value(attributes: str, text: str) -> Any:
    kind = re.search(r't="(\w+)"', attributes)
    if kind is None:
        return float(text)
    return bool(int(text)) if kind[1] == "b" else html.unescape(text)


def without_lambdas(found: dict[tuple[str, str], Formula]) -> dict[tuple[str, str], Formula]:
    """Leave out the cells that call a named LAMBDA, and those that read them.

    LibreOffice 25.2, formualizer 0.13 and Google Sheets do not know a LAMBDA that a defined name holds: they show
    an error there, as the sheet says that they do. IronCalc knows it and is held against every one of them.
    """
    calling = {place for place, formula in found.items() if "KPI." in formula.text}

    def reads(sheet: str, text: str) -> bool:
        return any((sheet, cell) in calling for cell in re.findall(r"(?<![!$A-Z0-9])[A-Z]+[0-9]+\b", text))

    return {
        (sheet, cell): formula
        for (sheet, cell), formula in found.items()
        if (sheet, cell) not in calling and not reads(sheet, formula.text)
    }


def without_isformula(found: dict[tuple[str, str], Formula]) -> dict[tuple[str, str], Formula]:
    """Leave out the cells that ask whether cells of a range are formulas, and what is said of them in their lines.

    IronCalc 0.9 knows ISFORMULA of one cell alone, formualizer 0.13 answers FALSE always. The sheet says there that
    it cannot tell, and counts no such line, so that its total is compared all the same. LibreOffice knows it and is
    held against every one of them.
    """
    asking = {place for place, formula in found.items() if "_xlfn.ISFORMULA(" in formula.text}
    lines = {(sheet, row_column(cell)[0]) for sheet, cell in asking}
    said = {
        (sheet, cell)
        for sheet, cell in found
        if (sheet, row_column(cell)[0]) in lines and cell.rstrip("0123456789") in ("B", "C", "E", "F")
    }
    return {place: formula for place, formula in found.items() if place not in asking | said}


def without_empty_cells(data: bytes) -> bytes:
    """Drop cells that hold a style alone: IronCalc 0.9 takes them for zeros, no spreadsheet program does."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = _EMPTY.sub("", part.decode()).encode()
            target.writestr(name, part)
    return result.getvalue()


def known_to(find: object, found: dict[tuple[str, str], Formula]) -> dict[tuple[str, str], Formula]:
    """Leave out the cells of which an engine can say nothing."""
    if find is not by_ironcalc:  # no other engine knows named LAMBDAs
        found = without_lambdas(found)
    if find in (by_ironcalc, by_formualizer):  # neither knows ISFORMULA of a range
        found = without_isformula(found)
    return found


def row_column(cell: str) -> tuple[int, int]:
    letters, row = openpyxl.utils.cell.coordinate_from_string(cell)
    return row, openpyxl.utils.column_index_from_string(letters)


class IronBook:
    """A workbook in IronCalc: type into its cells, and see what becomes of the others."""

    def __init__(self, data: bytes, folder: Path) -> None:
        path = folder / "ironcalc.xlsx"
        path.write_bytes(without_empty_cells(data))
        self.model = ironcalc.load_from_xlsx(str(path))
        self.model.evaluate()
        sheets = self.model.get_worksheets_properties()
        self.place = {properties["name"]: number for number, properties in enumerate(sheets)}

    def type(self, sheet: str, cells: dict[str, str]) -> None:
        for cell, text in cells.items():
            self.model.set_user_input(self.place[sheet], *row_column(cell), text)
        self.model.evaluate()

    def see(self, sheet: str, cell: str) -> Any:
        return self.model.get_cell_value(self.place[sheet], *row_column(cell))


def by_ironcalc(data: bytes, cells: list[tuple[str, str]], folder: Path) -> Values:
    book = IronBook(data, folder)
    return {(sheet, cell): book.see(sheet, cell) for sheet, cell in cells}


def by_formualizer(data: bytes, cells: list[tuple[str, str]], folder: Path) -> Values:
    path = folder / "formualizer.xlsx"
    path.write_bytes(data)
    workbook = formualizer.load_workbook(str(path))
    workbook.evaluate_all()
    found: Values = {}
    for sheet, cell in cells:
        value = workbook.get_value(sheet, *row_column(cell))
        if isinstance(value, dict) and value.get("type") == "Error":
            value = _FORMUALIZER.get(value["kind"], value["kind"])
        found[sheet, cell] = value
    return found


def is_error(value: object) -> bool:
    return isinstance(value, str) and value.startswith("#") and value[-1:] in ("!", "?", "A")


def same(expected: object, found: object, exact_errors: bool = True) -> bool:
    """Whether two values are the same: 1e-9 relative or 1e-12 absolute; an empty text is an empty cell."""
    left = "" if expected is None else expected
    right = "" if found is None else found
    if is_error(left) and is_error(right):
        return left == right or not exact_errors
    if isinstance(left, bool) or isinstance(right, bool):
        return left == right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return abs(left - right) <= max(1e-9 * abs(left), 1e-12)
    return bool(left == right)


class LibreOffice:
    """One LibreOffice process for many workbooks, recalculated hard."""

    def __init__(self, python: str, soffice: str) -> None:
        bridge = Path(__file__).with_name("libreoffice_bridge.py")
        self.process = subprocess.Popen(
            [python, str(bridge), soffice], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._line() != "ready":
            raise RuntimeError("LibreOffice did not start")

    def _line(self) -> str:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], 180)
        if not ready:
            self.process.kill()
            raise RuntimeError("LibreOffice did not answer within 180 seconds")
        return self.process.stdout.readline().strip()

    def values(self, data: bytes, cells: list[tuple[str, str]], folder: Path, recalculation: bool = True) -> Values:
        return self._ask(data, cells, folder, recalculation=recalculation)

    def looks(self, data: bytes, cells: list[tuple[str, str]], folder: Path) -> Values:
        """For each cell: whether its sheet is protected, and whether it is locked itself."""
        return self._ask(data, cells, folder, looks=True)

    def printed(self, data: bytes, folder: Path) -> Path:
        """Print a workbook to a PDF file."""
        return Path(self._ask(data, [("", "")], folder, printed=True)["", ""])

    def _ask(self, data: bytes, cells: list[tuple[str, str]], folder: Path, **more: bool) -> Values:
        path = folder / "libreoffice.xlsx"
        path.write_bytes(data)
        request = {"path": str(path.resolve()), "cells": cells, **more}
        return dict(zip(cells, self._answer(request), strict=True))

    def saved(self, data: bytes, folder: Path, window: tuple[int, int] | None = (1280, 720)) -> bytes:
        """Open a workbook in a window (or without one), recalculate it and save it as LibreOffice does."""
        path, target = folder.resolve() / "ours.xlsx", folder.resolve() / "saved.xlsx"
        path.write_bytes(data)
        self.version = self._answer({"path": str(path), "save": str(target), "window": window})
        return target.read_bytes()

    def _answer(self, request: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self._line())

    def close(self) -> None:
        assert self.process.stdout is not None
        end_of_input(self.process, 30)
        self.process.stdout.close()


def end_of_input(process: subprocess.Popen, seconds: float) -> None:
    """Let a process end that does so with its standard input; kill one that takes longer."""
    process.stdin.close()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def find_libreoffice() -> tuple[str, str] | None:
    """The Python with LibreOffice's bridge and the program itself, or None."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        return None
    bundled = Path(soffice).resolve().parent / "python"
    for python in ("/usr/bin/python3", str(bundled)):
        if Path(python).exists() and not subprocess.run([python, "-c", "import uno"], capture_output=True).returncode:
            return python, soffice
    return None
