"""A workbook as some program saved it: its sheets, its names, and each cell's formula and value.

Read from the file's parts themselves: openpyxl gives either formulas or values, makes dates of numbers by their
format, and stops at damaged files in ways of its own.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import BytesIO
from math import isfinite
from pathlib import Path
from posixpath import join, normpath
from typing import Any, TypeVar
from xml.etree import ElementTree

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601, to_excel

from ..files import UnreadableError, read_bounded
from .saved_text import formula_of, local, rich_text, unescaped

_LARGEST = 100_000  # cells of an area that are worth looking at
MAX_BYTES = 20_000_000
MAX_INFLATED = 100_000_000  # of all parts that are read; an ordinary workbook has two million
_SMALL, _DENSEST = 10_000_000, 200  # what is larger and packs denser is no sheet; an ordinary one packs 15 to 1
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CORNER = r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})"
_AREA = re.compile(rf"(?:'((?:[^']|'')+)'|([^'!]+))!{_CORNER}(?::{_CORNER})?")
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576
_PIECE = 1_000_000  # bytes that the XML reader is given at a time; of a long text it reads all again with each
_T = TypeVar("_T")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class WorkbookError(Exception):
    """A file cannot be read as one of our workbooks; its message says why, and what to do."""


class ErrorValue(str):
    """An error such as ``#N/A``, apart from a text that reads the same."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SavedCell:
    """What stands in a cell: its value, and its formula without ``=``, if it has one."""

    value: object = None
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells on one sheet."""

    sheet: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def rows(self) -> list[list[str]]:
        """The cells' coordinates, row by row."""
        letters = [get_column_letter(column) for column in range(self.first_column, self.last_column + 1)]
        return [[f"{letter}{row}" for letter in letters] for row in range(self.first_row, self.last_row + 1)]


def area_of(text: str) -> Area | None:
    """Return the cells that a defined name's text means, or ``None`` where that is no rectangle of cells."""
    found = _AREA.fullmatch(text.strip())
    if found is None:
        return None
    quoted, bare, left, top, right, bottom = found.groups()
    title = quoted.replace("''", "'") if quoted else bare
    area = Area(
        title, int(top), int(bottom or top), column_index_from_string(left), column_index_from_string(right or left)
    )
    size = (area.last_row - area.first_row + 1) * (area.last_column - area.first_column + 1)
    inside = 0 < area.first_column <= area.last_column <= _LAST_COLUMN and area.first_row <= area.last_row <= _LAST_ROW
    return area if inside and size <= _LARGEST else None


class Saved:
    """An .xlsx file; its sheets are read when they are asked for.

    Args:
        data: the bytes of the file.

    Raises:
        WorkbookError: they are no workbook that can be read.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise WorkbookError(f"The file is larger than {MAX_BYTES // 1_000_000} MB. Is it the right one?")
        _refuse_other_formats(data)
        self.data, self._inflated = data, 0
        self._archive = _guarded(lambda: zipfile.ZipFile(BytesIO(data)))
        self._parts = {info.filename: info for info in self._archive.infolist()}
        if "content.xml" in self._parts:
            raise WorkbookError("This is an OpenDocument file (.ods). Save it as an Excel workbook (.xlsx).")
        if "xl/workbook.bin" in self._parts:
            raise WorkbookError("This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx).")
        _guarded(self._read_workbook)

    @classmethod
    def read(cls, path: Path) -> Saved:
        """Read a file from disk.

        Raises:
            WorkbookError: it is missing, or no workbook that can be read.
        """
        try:
            return cls(read_bounded(path, MAX_BYTES))
        except UnreadableError as error:
            raise WorkbookError(str(error)) from None

    def _part(self, name: str) -> bytes:
        info = self._parts[name]
        self._inflated += info.file_size
        dense = info.file_size > _SMALL and info.file_size > _DENSEST * info.compress_size
        if dense or self._inflated > MAX_INFLATED:  # as declared; no more than that is ever inflated
            raise WorkbookError("The file would unpack to far more than a workbook holds. It was not opened.")
        data = self._archive.read(info)
        if b"<!DOCTYPE" in data.replace(b"\0", b""):  # in any encoding
            raise WorkbookError("The file declares a document type, which no workbook does. It was not opened.")
        return data

    def _elements(self, name: str, *wanted: str) -> Iterator[tuple[str, ElementTree.Element]]:
        """Yield the wanted elements of a part by their name, whatever the edition of the format calls its space."""
        data = self._part(name)
        parser: ElementTree.XMLPullParser[Any] = ElementTree.XMLPullParser(("end",))
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
            yield from self._wanted(parser, wanted)
        parser.close()
        yield from self._wanted(parser, wanted)

    @staticmethod
    def _wanted(
        parser: ElementTree.XMLPullParser[Any], wanted: tuple[str, ...]
    ) -> Iterator[tuple[str, ElementTree.Element]]:
        found: Iterator[Any] = parser.read_events()
        for _, element in found:
            tag = local(element.tag)
            if tag in wanted:
                yield tag, element
                element.clear()

    def _related(self, folder: str, rels: str) -> dict[str, tuple[str, str]]:
        """Return the kind and the part of each relationship."""
        found = {}
        for _, element in self._elements(rels, "Relationship"):
            target = element.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
            found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], part)
        return found

    def _read_workbook(self) -> None:
        roots = dict(self._related("", "_rels/.rels").values())
        main = roots["officeDocument"]
        folder, _, name = main.rpartition("/")
        related = self._related(folder, f"{folder}/_rels/{name}.rels")
        self._strings_part = next((part for kind, part in related.values() if kind == "sharedStrings"), "")
        self._styles_part = next((part for kind, part in related.values() if kind == "styles"), "")
        self._sheet_parts: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self._epoch = WINDOWS_EPOCH
        for tag, element in self._elements(main, "sheet", "definedName", "workbookPr"):
            if tag == "sheet":
                ids = [value for key, value in element.attrib.items() if local(key) == "id"]
                self._sheet_parts[element.attrib["name"]] = related[ids[0]][1]
            elif tag == "definedName" and element.get("localSheetId") is None:
                self.names[element.attrib["name"]] = element.text or ""
            elif tag == "workbookPr" and element.get("date1904") in ("1", "true"):
                self._epoch = MAC_EPOCH
        self._cells: dict[str, dict[str, SavedCell]] = {}

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the sheets, in their order."""
        return tuple(self._sheet_parts)

    def cells(self, title: str) -> dict[str, SavedCell]:
        """Return the cells of a sheet that hold anything; none for a sheet that is not there.

        Raises:
            WorkbookError: the sheet is damaged.
        """
        if title not in self._sheet_parts:
            return {}
        if title not in self._cells:
            self._cells[title] = _guarded(lambda: dict(self._read_cells(title)))
        return self._cells[title]

    def area(self, name: str) -> Area | None:
        """Return the cells of a defined name, or ``None`` where it is missing or means no cells any more."""
        return area_of(self._folded[name.casefold()]) if name.casefold() in self._folded else None

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {name.casefold(): text for name, text in self.names.items()}

    def day(self, value: object) -> date | None:
        """Return the day that a cell's number means as a date, or ``None`` where it means none."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1 <= value < 2_958_466:
            return None
        try:
            found = from_excel(value, self._epoch)
        except OverflowError:  # counted from 1904 the last days lie beyond the year 9999
            return None
        return date(found.year, found.month, found.day) if isinstance(found, date) else None

    def counted(self, value: object) -> object:
        """Return what stands in a cell for dates, its days counted from 1900 where the workbook counts from 1904."""
        if self._epoch != MAC_EPOCH or isinstance(value, bool) or not isinstance(value, (int, float)):
            return value
        return value + (MAC_EPOCH - WINDOWS_EPOCH).days

    def attached(self, title: str) -> frozenset[str]:
        """Return the kinds of what is attached to a sheet, such as ``drawing``, ``pivotTable`` or ``comments``."""
        folder, _, name = self._sheet_parts[title].rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        related = _guarded(lambda: self._related(folder, rels)) if rels in self._parts else {}
        return frozenset(kind for kind, _ in related.values())

    def extended(self, title: str) -> bool:
        """Whether a sheet holds what came into the format later, such as sparklines."""
        return b"<extLst" in _guarded(lambda: self._part(self._sheet_parts[title]))

    @cached_property
    def style_names(self) -> Mapping[int, str]:
        """The names of the workbook's named styles, by the number that cells refer to them with."""
        part = self._styles_part
        return _guarded(lambda: dict(self._read_style_names(part))) if part else {}

    def _read_style_names(self, part: str) -> Iterator[tuple[int, str]]:
        for _, element in self._elements(part, "cellStyle"):
            yield int(element.get("xfId", "0")), element.get("name", "")

    def whole(self) -> bytes:
        """Return the file for another reader, once no part of it is found to be a danger to one.

        Raises:
            WorkbookError: a part would unpack to far too much, or declares a document type.
        """
        before = self._inflated
        for name in self._parts:
            if name.endswith((".xml", ".rels", ".vml")):
                _guarded(lambda name=name: self._part(name))  # type: ignore[misc]
            else:
                self._inflated += self._parts[name].file_size
        if self._inflated > MAX_INFLATED:
            raise WorkbookError("The file would unpack to far more than a workbook holds. It was not opened.")
        self._inflated = before
        return self.data

    @cached_property
    def _strings(self) -> list[str]:
        if not self._strings_part:
            return []
        return [rich_text(element) for _, element in self._elements(self._strings_part, "si")]

    def _read_cells(self, title: str) -> Iterator[tuple[str, SavedCell]]:
        shared: dict[str, tuple[str, str]] = {}
        for _, element in self._elements(self._sheet_parts[title], "c"):
            place = element.attrib["r"]
            if not _PLACE.fullmatch(place):
                raise ValueError(f"{place} is no cell")
            fields = {local(child.tag): child for child in element}
            try:
                formula = formula_of(fields["f"], place, shared) if "f" in fields else ""
                value = self._value(element.get("t", "n"), fields)
            except (ValueError, LookupError, OverflowError) as error:
                what = f"The file is damaged: what is saved of the cell {title}!{place} is no value."
                raise WorkbookError(f"{what} Take an earlier copy.") from error
            if formula or value is not None:
                yield place, SavedCell(value, formula)

    def _value(self, kind: str, fields: dict[str, ElementTree.Element]) -> object:
        if kind == "inlineStr":
            return rich_text(fields["is"]) if "is" in fields else None
        text = fields["v"].text if "v" in fields else None
        if kind == "str":
            return unescaped(text or "") if "v" in fields else None
        if not text:
            return None
        if kind == "s":
            return self._strings[_index(text)]
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            return ErrorValue(text)
        if kind == "d":
            text = str(to_excel(from_ISO8601(text), self._epoch))
        number = float(text.replace("_", "?"))  # which Python would read over
        if not isfinite(number):
            raise ValueError(f"{text} is no number")
        return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _index(text: str) -> int:
    """Return the place of a shared text; one that counts from the end is none."""
    place = int(text)
    if place < 0:
        raise IndexError(text)
    return place


def _refuse_other_formats(data: bytes) -> None:
    if not data:
        raise WorkbookError("The file is empty.")
    if data.startswith(_OLD_FORMAT):
        if _ENCRYPTED in data:
            raise WorkbookError("The file is protected with a password. Open it, remove the password, save a copy.")
        raise WorkbookError("This is a workbook in the old format (.xls). Save it as an Excel workbook (.xlsx).")
    if not data.startswith(b"PK"):
        raise WorkbookError("This is no Excel workbook (.xlsx).")


def _guarded(action: Callable[[], _T]) -> _T:
    """Do something with the file; whatever a damaged one makes fail becomes one message."""
    try:
        return action()
    except WorkbookError:
        raise
    except Exception as error:  # the zip and XML readers fail in a dozen ways of their own
        raise WorkbookError("The file is damaged, or no Excel workbook (.xlsx). Take an earlier copy.") from error
