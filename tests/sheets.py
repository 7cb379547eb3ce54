"""Find a sheet of a built workbook by what it is, wherever it stands."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl

import xlkpi


def title(key: str, language: str = "en") -> str:
    """A sheet's title, such as that of "inputs"."""
    return xlkpi.load().ui[f"sheet.{key}"][language]


def sheet(book: openpyxl.Workbook, key: str, language: str = "en"):
    """A sheet of an open workbook."""
    return book[title(key, language)]


def part(data: bytes, key: str, language: str = "en") -> str:
    """The name of the part that holds a sheet; of the hidden ones the key is the title."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        titles = re.findall(r'<sheet [^>]*?name="([^"]*)"', archive.read("xl/workbook.xml").decode())
    wanted = key if key in titles else title(key, language)
    return f"xl/worksheets/sheet{titles.index(wanted) + 1}.xml"
