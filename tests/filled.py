"""Filled workbooks for tests: years of figures, cells changed as a user or another program changes them."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl

from xlkpi.model import Vertical
from xlkpi.workbook.read import Filled, filled
from xlkpi.workbook.sample import sample_figures
from xlkpi.workbook.saved import Saved

Typed = dict[str, list]


def full_year(vertical: Vertical) -> Typed:
    """Figures for every month of every input."""
    return sample_figures(vertical, gaps=False)


def read(data: bytes, name: str = "book.xlsx") -> Filled:
    return filled(Saved(data), name)


def place(data: bytes, name: str, month: int = 0, row: int = 0) -> tuple[str, str]:
    """The sheet and the cell of a defined name."""
    area = Saved(data).area(name)
    return area.sheet, area.rows[row][month]


def with_parts(data: bytes, change: Callable[[str, str], str]) -> bytes:
    """The file with each part as ``change`` of its name and text gives it."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name).decode()))
    return result.getvalue()


def without(data: bytes, part: str) -> bytes:
    """The file without one of its parts."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != part:
                target.writestr(name, source.read(name))
    return result.getvalue()


def with_cell(data: bytes, sheet: str, cell: str, inside: str, kind: str = "") -> bytes:
    """The file with something else in one cell; all results stay as they are saved."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        titles = re.findall(r'<sheet [^>]*?name="([^"]*)"', archive.read("xl/workbook.xml").decode())
    part = f"xl/worksheets/sheet{[html.unescape(title) for title in titles].index(sheet) + 1}.xml"
    found = []

    def put(match: re.Match[str]) -> str:
        found.append(match)
        style = re.search(r' s="\d+"', match[0])
        return f'<c r="{cell}"{style[0] if style else ""}{f" t={chr(34)}{kind}{chr(34)}" if kind else ""}>{inside}</c>'

    def change(name: str, text: str) -> str:
        return re.sub(rf'<c r="{cell}"[^>]*>.*?</c>', put, text) if name == part else text

    result = with_parts(data, change)
    assert len(found) == 1, f"{sheet}!{cell} was found {len(found)} times"
    return result


def resaved(data: bytes, change: Callable[[openpyxl.Workbook], object] = lambda book: None) -> bytes:
    """The file as openpyxl saves it, changed before; its formulas have no results any more."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def through_libreoffice(paths: Sequence[Path], folder: Path) -> list[Path]:
    """The files as LibreOffice saves them."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    assert soffice is not None
    command = [
        soffice,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder / "saved"),
        *map(str, paths),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [folder / "saved" / path.name for path in paths]
