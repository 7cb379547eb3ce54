"""Fill a workbook of an earlier edition; see README.md beside this file for how and why."""

import io
import sys

import openpyxl

import xlkpi
from xlkpi.workbook import build

VERTICAL, LANGUAGE = "data-driven-career-coaching", "pt"


def main() -> None:
    """Write the workbook to the file that is named."""
    catalogue = xlkpi.load()
    book = openpyxl.load_workbook(io.BytesIO(build(catalogue, catalogue.verticals[VERTICAL], LANGUAGE)))
    for number, (name, defined) in enumerate(sorted(book.defined_names.items()), 1):
        sheet, area = defined.attr_text.replace("$", "").rsplit("!", 1)
        cells = book[sheet.strip("'")][area]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        for row in rows if isinstance(rows[0], tuple) else (rows,):
            for column, cell in enumerate(row):
                if name.startswith(("in_", "target_")):
                    cell.value = number + column / 4
    change(book, "bench_engagement_rate_typical", 41.5)
    change(book, "bench_user_retention_above", None)
    mine = book.create_sheet("Minha aba")
    mine["A1"], mine["A2"] = "Meta combinada", f"=SUM({book.defined_names['in_corporate_initial'].attr_text})"
    book["Dados"]["S9"] = "conferir com o contador"
    book.save(sys.argv[1])


def change(book: openpyxl.Workbook, name: str, value: object) -> None:
    """Put something else into the cell of a name."""
    sheet, cell = book.defined_names[name].attr_text.replace("$", "").split("!")
    book[sheet.strip("'")][cell] = value


main()
