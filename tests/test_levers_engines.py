"""What it takes and how sure, as Excel text: engines that know nothing of this project say what Python says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain

import openpyxl
import pytest
from engines import by_formualizer, by_ironcalc, same
from interval_cases import interval_cases
from lever_cases import TALLIES, Case, compound_cases, made, made_cases, shipped_cases, tally_cases
from openpyxl.utils import get_column_letter

from xlkpi.excel_levers import MOST_CHARACTERS, Cells, excel_needed
from xlkpi.intervals import excel_interval, interval
from xlkpi.inversion import NotSolvableError
from xlkpi.levers import CANNOT, CHANGE, MISSING, REACHED, Solution
from xlkpi.model import Band

WORDS = {MISSING: '""', REACHED: "$A$1", CANNOT: "$B$1"}
SAYS = {MISSING: "", REACHED: "there already", CANNOT: "out of reach"}
SHEET = "Answers"


class Rows:
    """One sheet in the making: each case a row, its inputs and formulas side by side."""

    def __init__(self) -> None:
        self.book = openpyxl.Workbook()
        self.sheet = self.book.active
        self.sheet.title = SHEET
        self.sheet.append([SAYS[REACHED], SAYS[CANNOT]])
        self.row, self.column = 1, 1
        self.expected: dict[tuple[str, str], object] = {}

    def begin(self) -> None:
        self.row, self.column = self.row + 1, 1

    def put(self, value: object) -> str:
        """Write a value, or a list of them side by side, and give its reference."""
        members = value if isinstance(value, list) else [value]
        first = self.column
        for member in members:
            self.sheet.cell(self.row, self.column, member)
            self.column += 1
        start, end = (f"{get_column_letter(place)}{self.row}" for place in (first, self.column - 1))
        return f"{start}:{end}" if isinstance(value, list) else start

    def ask(self, formula: str, expected: object) -> None:
        self.expected[SHEET, self.put("=" + formula)] = expected

    def data(self) -> bytes:
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()


def all_lever_cases() -> Iterator[tuple[Solution, Case]]:
    yield from shipped_cases(5, 7)
    yield from compound_cases(200)
    for name, key in TALLIES:
        yield from tally_cases(name, key, "higher", 20)
        yield from tally_cases(name, key, "lower", 20)
    rounds = {"higher": 5, "lower": 5, "range": 15}
    for solution, case, _ in chain.from_iterable(made_cases(better, many) for better, many in rounds.items()):
        yield solution, case


def lever_rows() -> Rows:
    rows, kinds, ranges = Rows(), dict.fromkeys(SAYS, 0) | {CHANGE: 0}, 0
    vertical, kpi, lever = made("x / (x + k) * 100", "hours", "higher", "x")
    near = Case(vertical, kpi, "", lever, {"x": 0.0, "k": 1e-7}, Band(1, ">=", 100.0))  # only ever come near
    vertical, kpi, lever = made("x / m + 0 * k", "count:things", "lower", "x", "down", ("k <= x",))
    floor = Case(vertical, kpi, "", lever, {"x": 5, "m": 1, "k": 0.5}, Band(1, "<=", 0.7))  # 1 is the least whole one
    assert floor.answer(floor.solution).kind == CANNOT
    for solution, case in [(near.solution, near), (floor.solution, floor), *all_lever_cases()]:
        found = case.answer(solution)
        rows.begin()
        rule = case.kpi.values[case.segment]
        references = {name: rows.put(case.inputs[name]) for name in rule.arguments}
        figure = rule.row(case.inputs)
        band = case.band
        cells = Cells(
            figure=rows.put(figure if isinstance(figure, float) else None),
            edge=rows.put(band.edge),
            strict=rows.put(int(band.strict)),
            upper=rows.put(band.upper) if band.upper is not None else "",
            power=rows.put(case.power) if case.power is not None else "",
            words=WORDS,
        )
        question = (case.vertical, case.kpi, case.segment, case.lever, references, cells)
        longest = 8000 if case.kpi.better == "range" else MOST_CHARACTERS  # 8,192 is the most that Excel takes
        texts = [excel_needed(*question, difference, longest=longest) for difference in (False, True)]
        for text, number in zip(texts, (found.value, found.difference), strict=True):
            rows.ask(text, SAYS.get(found.kind, number))
        kinds[found.kind] += 1
        ranges += band.upper is not None and found.kind == CHANGE
    assert min(kinds.values()) > 300, kinds
    assert ranges > 100
    return rows


def interval_rows() -> Rows:
    rows = Rows()
    for vertical, kpi, segment, inputs in interval_cases(11, 500):
        found = interval(vertical, kpi, segment, inputs)
        rows.begin()
        rule = kpi.values[segment]
        references = {name: rows.put(inputs[name]) for name in rule.arguments}
        figure = rule.row(inputs)
        texts = excel_interval(
            vertical, kpi, segment, references, rows.put(figure if isinstance(figure, float) else None)
        )
        numbers = ("", "", "") if found is None else (found.low, found.high, found.answers)
        for text, number in zip(texts, numbers, strict=True):
            assert len(text) < 600
            rows.ask(text, number)
    return rows


def compare(name: str, rows: Rows, values, compared) -> None:
    wrong = [
        f"{cell}: Python says {expected!r}, {name} says {values[cell]!r}: {rows.sheet[cell[1]].value}"
        for cell, expected in rows.expected.items()
        if not same(expected, values[cell])
    ]
    assert not wrong, f"{len(wrong)} of {len(rows.expected)} cells\n" + "\n".join(wrong[:10])
    key = f"lever and interval cells compared with {name}"
    compared[key] = compared.get(key, 0) + len(rows.expected)


@pytest.fixture(scope="module", params=[lever_rows, interval_rows], ids=["levers", "intervals"])
def rows(request) -> Rows:
    return request.param()


@pytest.mark.parametrize("name, find", [("IronCalc", by_ironcalc), ("formualizer", by_formualizer)])
def test_engines_say_what_python_says(rows, name, find, tmp_path, compared):
    compare(name, rows, find(rows.data(), list(rows.expected), tmp_path), compared)


@pytest.mark.libreoffice
def test_libreoffice_says_what_python_says(rows, libreoffice, tmp_path, compared):
    compare("LibreOffice", rows, libreoffice.values(rows.data(), list(rows.expected), tmp_path), compared)


def test_an_edge_or_a_figure_that_is_no_number_gives_nothing(tmp_path):
    _, case = next(shipped_cases(1, 1))
    rows = Rows()
    for figure, edge in ((None, 5), (5, None), ("", 5), (5, "n/a"), (True, 5), (5, True)):
        rows.begin()
        references = {name: rows.put(3) for name in case.kpi.values[case.segment].arguments}
        cells = Cells(rows.put(figure), rows.put(edge))
        rows.ask(excel_needed(case.vertical, case.kpi, case.segment, case.lever, references, cells), "")
    compare("IronCalc", rows, by_ironcalc(rows.data(), list(rows.expected), tmp_path), {})


def test_a_formula_that_is_too_long_is_refused():
    solution, case = next(shipped_cases(1, 1))
    question = (case.vertical, case.kpi, case.segment, case.lever, dict.fromkeys(solution.rule.arguments, "A1"))
    text = excel_needed(*question, Cells("B1", "C1"))
    with pytest.raises(NotSolvableError, match=f"of {len(text)} characters"):
        excel_needed(*question, Cells("B1", "C1"), longest=len(text))
    assert excel_needed(*question, Cells("B1", "C1"), longest=len(text) + 1) == text
