"""Named LAMBDAs: the result table through IronCalc, and a lint of how Excel stores them."""

from __future__ import annotations

import io
import re
import zipfile

import ironcalc
import openpyxl
import pytest
from host_table import CALLS, Call, Rows, same
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

import xlkpi
from xlkpi.errors import EXCEL_ERRORS as ERRORS
from xlkpi.lambdas import named_lambda, named_lambdas, sheet_text
from xlkpi.workbook.finish import packed
from xlkpi.workbook.parts import add_spill_parts, spilling

FUNCTIONS = xlkpi.load().functions
# How COM writes errors that xlwings does not know; for a LAMBDA that is a number like any other.
_COM = range(-2146826288, -2146826200)


def _is_com(each: Call) -> bool:
    return any(cell in _COM for rows in each.arguments for row in rows or () for cell in row if isinstance(cell, int))


OWN = [each for each in CALLS if each.name.upper() in FUNCTIONS and not _is_com(each)]


def ask(calls, definitions, tmp_path):
    """Put each call with its arguments on a sheet of its own, and read all of its result."""
    book = openpyxl.Workbook()
    sheet = book.active
    for each in definitions:
        book.defined_names[each.name] = DefinedName(each.name, attr_text=each.stored, comment=each.comment)
    raw = io.BytesIO()
    row = 1
    places = []
    for call in calls:
        column, height = 1, len(call.expected)
        references = []
        for rows in call.arguments:
            if rows is None:
                references.append("")
                continue
            for down, cells in enumerate(rows):
                for right, value in enumerate(cells):
                    # A host hands over an empty text for a blank cell; in a sheet that is a blank cell.
                    cell = sheet.cell(row + down, column + right, None if value == "" else value)
                    if isinstance(value, str):
                        cell.data_type = "e" if value in ERRORS else "s"
            last = f"{get_column_letter(column + len(rows[0]) - 1)}{row + len(rows) - 1}"
            first = f"{get_column_letter(column)}{row}"
            references.append(first if first == last else f"{first}:{last}")
            column += len(rows[0])
            height = max(height, len(rows))
        cell = f"{get_column_letter(column)}{row}"
        sheet[cell] = f"=KPI.{call.name.upper()}({','.join(references)})"
        places.append((row, column, cell))
        row += height + 1
    book.save(raw)
    path = tmp_path / "calls.xlsx"
    with zipfile.ZipFile(raw) as source:
        parts = {name: source.read(name).decode() for name in source.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = spilling(parts[name], {cell for _, _, cell in places})
    add_spill_parts(parts)
    path.write_bytes(packed(parts))
    model = ironcalc.load_from_xlsx(str(path))
    model.evaluate()
    answers = []
    for call, (row, column, _) in zip(calls, places, strict=True):
        answers.append(
            [
                [model.get_cell_value(0, row + down, column + right) for right in range(len(call.expected[0]))]
                for down in range(len(call.expected))
            ]
        )
    return answers


def test_x(tmp_path):
    answers = ask(OWN, named_lambdas(FUNCTIONS.values()), tmp_path)
    wrong = [
        (c.id[:200], c.expected[:6], a[:6])
        for c, a in zip(OWN, answers, strict=True)
        if not all(same(x, y) for r, e in zip(a, c.expected, strict=True) for x, y in zip(r, e, strict=True))
    ]
    print(len(OWN), len(wrong))
    for w in wrong:
        print(w)
    assert not wrong
