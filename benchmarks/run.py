"""Speed as ratios to named peers, all measured in one run: ``python benchmarks/run.py``.

Needs the extra ``benchmark`` (XlsxWriter). Times are medians; the aims stand in the last column.
``--against REV`` compares building the workbooks with another revision of git, and does nothing else.
"""

from __future__ import annotations

import argparse
import copy
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl
import xlsxwriter
from build_all import LANGUAGES, measured
from openpyxl.worksheet.formula import ArrayFormula

import xlkpi
from xlkpi import functions
from xlkpi.workbook import build

ROOT = Path(__file__).parent.parent
ROUNDS = 3
Cells = list[tuple[str, list[tuple[int, int, object, str]]]]


class Line(NamedTuple):
    """A line of the result: milliseconds or kilobytes of ours and of a peer, and the aim, if there is one."""

    what: str
    ours: float
    peer: str
    theirs: float
    aim: str = ""

    def __str__(self) -> str:
        aim = f"<= {self.aim}" if self.aim else ""
        ratio = self.ours / self.theirs
        return f"{self.what:<40} {self.ours:>9.1f}  {self.peer:<38} {self.theirs:>9.1f} {ratio:>6.2f} {aim:>9}"


HEADER = f"{'what':<40} {'ms or KB':>9}  {'peer':<38} {'ms or KB':>9} {'ratio':>6} {'aim':>9}"


def median(action: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def cells_of(data: bytes) -> tuple[Cells, dict[str, dict[str, object]], dict[str, dict[str, float]]]:
    """Every cell with its style, the styles, and the column widths of a built workbook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sparklines: openpyxl says on reading that it would not write them
        book = openpyxl.load_workbook(io.BytesIO(data))
    sheets, styles, widths = [], {}, {}
    for sheet in book:
        rows = []
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None and not cell.has_style:
                    continue
                value = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
                rows.append((cell.row, cell.column, value, cell.style))
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


def workbooks() -> list[Line]:
    catalogue = xlkpi.load()
    jobs = [(vertical, language) for vertical in catalogue.verticals.values() for language in LANGUAGES]
    recipes = [cells_of(build(catalogue, *job)) for job in jobs]
    ours = median(lambda: [build(catalogue, *job) for job in jobs], 3) * 1e3
    bare = median(lambda: [with_openpyxl(*recipe) for recipe in recipes], 3) * 1e3
    writer = median(lambda: [with_xlsxwriter(*recipe) for recipe in recipes], 3) * 1e3
    time_of_one, size = summary(measured())
    plain = statistics.median(median(lambda r=recipe: with_openpyxl(*r), 3) for recipe in recipes) * 1e3
    plain_size = max(len(with_openpyxl(*recipe)) for recipe in recipes) / 1e3
    same = "bare openpyxl, same cells and styles"
    return [
        Line("20 workbooks, with values and checks", ours, same, bare, "3"),
        Line("20 workbooks, with values and checks", ours, "XlsxWriter, same cells and styles", writer),
        Line("one workbook, ms (median of 20)", time_of_one, same, plain, "250 ms"),
        Line("the largest of 20 workbooks, KB", size, same, plain_size, "120 KB"),
    ]


def summary(found: list[dict[str, float]]) -> tuple[float, float]:
    """Return the milliseconds of the median workbook and the kilobytes of the largest."""
    return statistics.median(one["seconds"] for one in found) * 1e3, max(one["bytes"] for one in found) / 1e3


def against(revision: str) -> list[Line]:
    """Build the same workbooks with this tree and with another revision, in turn and each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "tree"
        worktree = ["git", "-C", str(ROOT), "worktree"]
        added = subprocess.run([*worktree, "add", "--detach", str(other), revision], capture_output=True, text=True)
        if added.returncode:
            sys.exit(f"git cannot take out {revision}: {added.stderr.strip()}")
        try:
            rounds = [[measured_in(tree) for tree in (ROOT, other)] for _ in range(ROUNDS)]
        finally:
            subprocess.run([*worktree, "remove", "--force", str(other)], check=True, capture_output=True)
    (ours, theirs), (size, their_size) = (
        [statistics.median(one[tree][figure] for one in rounds) for tree in (0, 1)] for figure in (0, 1)
    )
    return [
        Line("one workbook, ms (median of 20)", ours, f"the same at {revision}", theirs, "250 ms"),
        Line("the largest of 20 workbooks, KB", size, f"the same at {revision}", their_size, "120 KB"),
    ]


def measured_in(tree: Path) -> tuple[float, float]:
    command = [sys.executable, str(Path(__file__).with_name("build_all.py"))]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    answer = subprocess.run(command, env=environment, cwd=tree, capture_output=True, text=True, check=True)
    return summary(json.loads(answer.stdout))


def starts() -> list[Line]:
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
        Line(
            names.get(code, code.removeprefix("import xlkpi; ")),
            times[code] * 1e3,
            "start of bare Python",
            times["pass"] * 1e3,
            aim,
        )
        for code, aim in codes.items()
        if aim
    ]


def css(satisfied: float, surveyed: float) -> float:
    return satisfied / surveyed * 100


def calls() -> list[Line]:
    many = range(200_000)

    def ours() -> None:
        for _ in many:
            functions.CSS(85, 100)

    def theirs() -> None:
        for _ in many:
            css(85, 100)

    part, whole = [float(n) for n in range(100_000)], [100_000.0] * 100_000
    return [
        Line(
            "functions.CSS(85, 100), 200,000 times",
            median(ours) * 1e3,
            "a hand-written function",
            median(theirs) * 1e3,
            "5",
        ),
        Line(
            "functions.CSS of lists of 100,000",
            median(lambda: functions.CSS(part, whole)) * 1e3,
            "a list comprehension, unchecked",
            median(lambda: [css(a, b) for a, b in zip(part, whole, strict=True)]) * 1e3,
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure speed and size, beside named peers.")
    parser.add_argument("--against", metavar="REV", help="compare building the workbooks with this revision of git")
    revision = parser.parse_args().against
    print(f"Python {sys.version.split()[0]}, openpyxl {openpyxl.__version__}, XlsxWriter {xlsxwriter.__version__}")
    print(HEADER)
    for line in against(revision) if revision else [*workbooks(), *starts(), *calls()]:
        print(line)


if __name__ == "__main__":
    main()
