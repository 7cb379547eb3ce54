"""Speed as ratios to named peers, all measured in one run: ``python benchmarks/run.py``.

Needs the extra ``benchmark`` (XlsxWriter). Times are medians; the aims stand in the last column.
"""

from __future__ import annotations

import copy
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import openpyxl
import xlsxwriter

import xlkpi
from xlkpi import functions
from xlkpi.workbook import build

LANGUAGES = ("en", "pt", "fr", "es")
Cells = list[tuple[str, list[tuple[int, int, object, str]]]]


def median(action: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def cells_of(data: bytes) -> tuple[Cells, dict[str, dict[str, object]], dict[str, dict[str, float]]]:
    """Every cell with its style, the styles, and the column widths of a built workbook."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheets, styles, widths = [], {}, {}
    for sheet in book:
        rows = []
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None and not cell.has_style:
                    continue
                rows.append((cell.row, cell.column, cell.value, cell.style))
                styles.setdefault(cell.style, {
                    "font": copy.copy(cell.font), "fill": copy.copy(cell.fill), "border": copy.copy(cell.border),
                    "alignment": copy.copy(cell.alignment), "number_format": cell.number_format,
                })  # fmt: skip
        sheets.append((sheet.title, rows))
        widths[sheet.title] = {letter: d.width for letter, d in sheet.column_dimensions.items()}
    return sheets, styles, widths


def with_openpyxl(sheets: Cells, styles: dict[str, dict[str, object]], widths: dict[str, dict[str, float]]) -> bytes:
    """Write the same cells and styles with openpyxl alone: no values beside the formulas."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for letter, width in widths[title].items():
            sheet.column_dimensions[letter].width = width
        for row, column, value, style in rows:
            cell = sheet.cell(row, column, value)
            if style != "Normal":
                made = styles[style]
                cell.font, cell.fill, cell.border = made["font"], made["fill"], made["border"]
                cell.alignment, cell.number_format = made["alignment"], made["number_format"]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_xlsxwriter(sheets: Cells, styles: dict[str, dict[str, object]], widths: dict[str, dict[str, float]]) -> bytes:
    """Write the same cells and styles with XlsxWriter."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    made = {}
    for name, style in styles.items():
        font, fill, alignment = style["font"], style["fill"], style["alignment"]
        settings = {"font_name": font.name, "font_size": font.sz, "bold": bool(font.b), "italic": bool(font.i),
                    "num_format": style["number_format"], "text_wrap": bool(alignment.wrap_text)}  # fmt: skip
        if fill.fill_type:
            settings |= {"bg_color": "#" + str(fill.fgColor.rgb)[-6:], "pattern": 1}
        if style["border"].left is not None and style["border"].left.style:
            settings["border"] = 1
        made[name] = book.add_format(settings)
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        for letter, width in widths[title].items():
            sheet.set_column(f"{letter}:{letter}", width)
        for row, column, value, style in rows:
            if hasattr(value, "year"):
                sheet.write_datetime(row - 1, column - 1, value, made[style])
            else:
                sheet.write(row - 1, column - 1, value, made[style])
    book.close()
    return target.getvalue()


def workbooks() -> list[tuple[str, float, str, float, str]]:
    catalogue = xlkpi.load()
    jobs = [(vertical, language) for vertical in catalogue.verticals.values() for language in LANGUAGES]
    recipes = [cells_of(build(catalogue, *job)) for job in jobs]
    ours = median(lambda: [build(catalogue, *job) for job in jobs], 3)
    bare = median(lambda: [with_openpyxl(*recipe) for recipe in recipes], 3)
    writer = median(lambda: [with_xlsxwriter(*recipe) for recipe in recipes], 3)
    return [
        ("20 workbooks, with values and checks", ours, "bare openpyxl, same cells and styles", bare, "3"),
        ("20 workbooks, with values and checks", ours, "XlsxWriter, same cells and styles", writer, ""),
        ("one workbook (mean)", ours / len(jobs), "150 ms", 0.150, "1"),
    ]


def starts() -> list[tuple[str, float, str, float, str]]:
    """Start each program in turn, round after round, so that a busy moment falls on all of them."""
    version = "import sys; sys.argv = ['xlkpi', '--version']; from xlkpi.cli import main; main()"
    codes = {
        "pass": "",
        version: "12",
        "from xlkpi import functions": "4",
        "import xlkpi; xlkpi.load()": "8",
    }
    taken: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(21):
        for code in codes:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
            taken[code].append(time.perf_counter() - start)
    times = {code: statistics.median(seconds) for code, seconds in taken.items()}
    names = {version: "xlkpi --version"}
    return [
        (names.get(code, code.removeprefix("import xlkpi; ")), times[code], "start of bare Python", times["pass"], aim)
        for code, aim in codes.items()
        if aim
    ]


def css(satisfied: float, surveyed: float) -> float:
    return satisfied / surveyed * 100


def calls() -> list[tuple[str, float, str, float, str]]:
    many = range(200_000)

    def ours() -> None:
        for _ in many:
            functions.CSS(85, 100)

    def theirs() -> None:
        for _ in many:
            css(85, 100)

    part, whole = [float(n) for n in range(100_000)], [100_000.0] * 100_000
    return [
        ("functions.CSS(85, 100), 200,000 times", median(ours), "a hand-written function", median(theirs), "5"),
        (
            "functions.CSS of lists of 100,000",
            median(lambda: functions.CSS(part, whole)),
            "a list comprehension, unchecked",
            median(lambda: [css(a, b) for a, b in zip(part, whole, strict=True)]),
            "",
        ),
    ]


def main() -> None:
    print(f"Python {sys.version.split()[0]}, openpyxl {openpyxl.__version__}, XlsxWriter {xlsxwriter.__version__}")
    print(f"{'what':<40} {'ms':>9}  {'peer':<38} {'ms':>9} {'ratio':>6} {'aim':>5}")
    for name, ours, peer, theirs, aim in [*workbooks(), *starts(), *calls()]:
        aim_text = f"<= {aim}" if aim else ""
        print(f"{name:<40} {ours * 1e3:>9.1f}  {peer:<38} {theirs * 1e3:>9.1f} {ours / theirs:>6.2f} {aim_text:>5}")


if __name__ == "__main__":
    main()
