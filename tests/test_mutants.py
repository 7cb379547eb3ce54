"""Change each printed formula in one place, and see that the comparison with the core notices.

A formula is changed along its whole row, as a fault of the generator would; IronCalc recalculates the
row on years that try every edge, until one figure differs from the core's. A mutant that no year tells
apart from the right formula means that the proof has a hole.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import ironcalc
import openpyxl
import pytest
from engines import formulas, row_column, same, without_empty_cells
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from scenarios import (
    TINY,
    balanced,
    changed_month,
    constant_years,
    first_month,
    only_argument,
    random_year,
    replaced,
    steady_year,
    years,
    zero_year,
    zeroed_rows,
)
from test_engines import VERTICALS, variants

from xlkpi.model import Band, Vertical
from xlkpi.series import Settings
from xlkpi.workbook import build
from xlkpi.workbook.book import row_id

_FLIPS = {
    "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "^": ("*",), "&": (),
    ">": (">=", "<"), ">=": (">", "<="), "<": ("<=", ">"), "<=": ("<", ">="), "=": ("<>",), "<>": ("=",),
}  # fmt: skip
_SWAPS = {"OR(": "AND(", "AND(": "OR(", "MIN(": "MAX(", "MAX(": "MIN(", "COUNT(": "SUM(", "SUM(": "COUNT("}
_REFERENCE = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]+)")


# Mutants that IronCalc cannot tell from the right formula: (formula, change, why the formula is as it is).
EQUIVALENT = [
    (r"SUMPRODUCT.*SUM\(", r"guard =(Calc!\$)?[A-Z]\d+=0 is 1=0|^reference (Calc!\$)?[A-Z]\d+ is [^:]*$", (
        "the sum of a tally without months is zero, too"
    )),
    (r"IFERROR\(ROUND", r"KPIs!\w+<1|KPIs!\w+>=0|operator <|empty text|number [01]$|reference KPIs!|guard =ISNUMBER.KPIs", (
        "only LibreOffice has an error where a figure is too small to compound, and no shipped rate is negative"
    )),
    (r"remark|^=MID", r"reference Benchmarks!\$L\$6 is Benchmarks!\$L\$7", "two segments of one KPI share its period"),
    (r"MIN\(D132,D127,D133\)", r"^reference D132 is D133", "a whole below zero is below its part already"),
    (r"^=MID\(", r"number 999|empty text", "MID takes what is there, and drops the first sign of a 0, too"),
    (r"^=IF\(\$Q\d+=0,\"\",INDEX", r"guard =\$Q\d+=0 is 1=0", "IronCalc reads INDEX(row, 0) as empty, Excel does not"),
]  # fmt: skip


# The months counted and the latest one with a figure: where none has one, there was nothing to divide by anyway.
_COUNTED_IS_LATEST = re.compile(r'IF\(((?:Calc!\$)?[A-Z]\d+)=0,"",IF\(.*=0,"",.*\nreference \1 is ')


def equivalent(formula: str, name: str) -> bool:
    if _COUNTED_IS_LATEST.search(f"{formula}\n{name}"):
        return True
    return any(re.search(shape, formula) and re.search(change, name) for shape, change, _ in EQUIVALENT)


def text_of(tokens: list[Token]) -> str:
    return "=" + "".join(token.value for token in tokens)


def mutants(formula: str) -> Iterator[tuple[str, str]]:
    """Each change of one operator, constant, function, reference or guard, with a name for it."""
    tokens = Tokenizer(formula).items
    for place, token in enumerate(tokens):
        for name, value in _changes(token):
            yield name, text_of([*tokens[:place], Token(value, token.type), *tokens[place + 1 :]])
        if token.value == "IF(" and token.type == Token.FUNC:
            test = _argument(tokens, place)
            for truth in ("1=1", "1=0"):
                changed = [*tokens[: place + 1], Token(truth, Token.OPERAND), *tokens[place + 1 + test :]]
                yield f"guard {text_of(tokens[place + 1 : place + 1 + test])} is {truth}", text_of(changed)


def _argument(tokens: list[Token], start: int) -> int:
    """How many tokens the first argument of a function has."""
    level = 0
    for length, token in enumerate(tokens[start + 1 :]):
        if token.type == Token.SEP and level == 0:
            return length
        level += (token.subtype == Token.OPEN) - (token.subtype == Token.CLOSE)
    raise AssertionError("no argument")


def _changes(token: Token) -> Iterator[tuple[str, str]]:
    if token.type in (Token.OP_IN,):
        for other in _FLIPS[token.value]:
            yield f"operator {token.value} is {other}", other
    elif token.type == Token.OP_PRE:
        yield f"sign {token.value} is gone", "+"
    elif token.type == Token.FUNC and token.value in _SWAPS:
        yield f"{token.value} is {_SWAPS[token.value]}", _SWAPS[token.value]
    elif token.type == Token.OPERAND and token.subtype == Token.NUMBER:
        value = float(token.value)
        yield f"number {token.value}", "0" if abs(value) > 1e300 or value == 9 else f"{value + 1:g}"
    elif token.type == Token.OPERAND and token.subtype == Token.ERROR:
        yield "no error", '""'
    elif token.type == Token.OPERAND and token.subtype == Token.TEXT and token.value == '""':
        yield 'empty text is "0"', "0"
    elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
        yield from _references(token.value)


def _references(text: str) -> Iterator[tuple[str, str]]:
    """Move the whole reference down by a row."""
    moved = _REFERENCE.sub(lambda m: f"{m[1]}{m[2]}{m[3]}{int(m[4]) + 1}", text)
    yield f"reference {text} is {moved}", moved


class Year:
    """One year in a loaded workbook, with the value that the core gives to each formula."""

    def __init__(self, data: bytes, folder, number: int) -> None:
        path = folder / f"{number}.xlsx"
        path.write_bytes(without_empty_cells(data))
        self.model = ironcalc.load_from_xlsx(str(path))
        self.model.evaluate()
        self.data, self.formulas = data, formulas(data)
        names = [sheet["name"] for sheet in self.model.get_worksheets_properties()]
        self.place = {name: number for number, name in enumerate(names)}

    def notices(self, sheet: str, changed: dict[str, str]) -> bool:
        """Whether the changed formulas give another figure in any of their cells."""
        changed = {cell: text for cell, text in changed.items() if (sheet, cell) in self.formulas}
        number = self.place[sheet]
        try:
            for cell, text in changed.items():
                self.model.set_user_input(number, *row_column(cell), text)
            self.model.evaluate()
            return any(
                not same(self.formulas[sheet, cell].cached, self.model.get_cell_value(number, *row_column(cell)))
                for cell in changed
            )
        finally:
            for cell in changed:
                self.model.set_user_input(number, *row_column(cell), self.formulas[sheet, cell].text)


def rows_of(first: Year) -> Iterator[tuple[str, dict[str, str]]]:
    """The formulas of each row that are alike, as one group: a KPI's months, a state, a year."""
    groups: dict[tuple[str, int, str], dict[str, str]] = {}
    own = set(chosen_cells(first))
    for (sheet, cell), formula in first.formulas.items():
        row, column = row_column(cell)
        shape = _REFERENCE.sub(lambda m: m[0] if m[1] else "#" + m[4], formula.text)
        if sheet in ("KPIs", "Calc") and column >= 4 and (sheet, cell) not in own:
            groups.setdefault((sheet, row, shape), {})[cell] = formula.text
    for (sheet, _, _), cells in groups.items():
        yield sheet, cells


def chosen_cells(first: Year) -> list[tuple[str, str]]:
    """The cells on Calc of the period chosen on the dashboard, which are held against the engines elsewhere."""
    labels = openpyxl.load_workbook(io.BytesIO(first.data), read_only=True)["Calc"].iter_rows(
        max_col=1, values_only=True
    )
    rows = {row for row, (label,) in enumerate(labels, 1) if re.search(r"(chosen|figures|needed)$", str(label or ""))}
    return [key for key in first.formulas if key[0] == "Calc" and row_column(key[1])[0] in rows]


def strict_in_turn(vertical: Vertical) -> Iterator[Vertical]:
    """Every other row has strict edges; those between have loose ones, or none."""
    rows = [row_id(*row) for row in vertical.rows()]

    def bands(kpi, segment: str, odd: int, is_loose: bool) -> tuple[Band, ...]:
        is_strict = rows.index(row_id(kpi, segment)) % 2 == odd
        sign = {"higher": ">", "lower": "<"}[kpi.better] + ("" if is_strict else "=")
        edges = (30.37, 45.41, 60.29) if kpi.better == "higher" else (8.37, 5.41, 2.29)
        return tuple(Band(level, sign, edge) for level, edge in enumerate(edges, 1)) if is_strict or is_loose else ()

    for odd, is_loose in itertools.product((0, 1), (True, False)):
        kpis = {
            key: replace(kpi, bands={segment: bands(kpi, segment, odd, is_loose) for segment in kpi.segments})
            for key, kpi in vertical.kpis.items()
        }
        yield replace(vertical, kpis=kpis)


def proof_years(catalogue, vertical: Vertical, folder) -> list[Year]:
    """All edges as shipped, and a year for each way in which a user may set the benchmarks."""
    shown = variants(vertical)

    def file(typed, which="as shipped", **more) -> bytes:
        changed, settings = shown[which]
        # Without the LAMBDAs, which no other cell reads: they would be recalculated for every mutant.
        return build(catalogue, changed, "en", replaced(typed, TINY, 1e-6), settings, lambdas=False, **more)

    edges = list(years(vertical))
    full = random_year(vertical, 1, gaps=0, broken=0)
    late = {n: [None, *cells[1:]] if vertical.inputs[n].kind == "closing" else cells for n, cells in full.items()}
    files = [file(typed, which) for which in ("as shipped", "a month", "a month turned") for typed in edges]
    files += [file(random_year(vertical, seed, gaps=0.01, broken=0)) for seed in range(3)]
    files.append(file(random_year(vertical, 5, gaps=0.3, broken=0.03)))
    files += [file(steady_year(vertical, shift)) for shift in range(4)]
    files += [file(typed, which) for which in shown for typed in (full, steady_year(vertical, 2))]
    files += [file(first_month(vertical), which) for which in ("as shipped", "a month", "between")]
    files.append(file(first_month(vertical, -1)))
    files += [file(only_argument(vertical, place)) for place in range(3)]
    files += [file(zeroed_rows(vertical, odd)) for odd in (0, 1)]
    files += [file(typed) for typed in constant_years(vertical)]
    files += [file(random_year(vertical, seed, gaps=0, broken=0), "unstated") for seed in (2, 3)]
    for typed in (full, steady_year(vertical, 2), changed_month(vertical, "opening", 0, 7)):
        plain = {name: cells for name, cells in typed.items() if not vertical.inputs[name].of}
        files.append(file({name: cells[:3] for name, cells in plain.items()}, "a quarter"))
        gap = {n: cells if len(cells) == 1 else [cells[0], None, *cells[2:4]] for n, cells in plain.items()}
        files.append(file(gap, "a quarter"))
    names = [row_id(*row) for row in vertical.rows()]
    for chosen in (names, names[::2], names[1::2]):
        own = Settings(targets={name: 10.5 + names.index(name) for name in chosen})
        files += [build(catalogue, each, "en", full, own, lambdas=False) for each in (vertical, shown["a month"][0])]
    files += [file(late), *(file(typed, "every band") for typed in years(shown["every band"][0]))]
    files += [file(balanced(vertical, place)) for place in (0, 1, 2)]
    files += [file(changed_month(vertical, k, 5, -1)) for k in ("flow", "closing", "level", "tally", "opening")]
    files += [build(catalogue, each, "en", full, lambdas=False) for each in strict_in_turn(vertical)]
    best_alone = {  # one rating a tally
        name: [cells[0], *[[0] * 12 for _ in cells[1:]]] if vertical.inputs[name].of else cells
        for name, cells in full.items()
    }
    files.append(file(best_alone))
    files += [file(changed_month(vertical, "opening", 0, 0)), file({}), file({}, start=None)]
    files += [
        file(zero_year(vertical), start=date(2027, 12, 1)),
        file(zero_year(vertical, 100), start=date(2025, 7, 1)),
    ]
    return [Year(data, folder, number) for number, data in enumerate(files)]


@pytest.mark.parametrize("vertical", VERTICALS)
def test_every_mutant_of_every_formula_is_caught(catalogue, vertical, tmp_path, compared):
    loaded = proof_years(catalogue, catalogue.verticals[vertical], tmp_path)
    survivors, total, skipped = [], 0, 0
    for sheet, cells in rows_of(loaded[0]):
        recipes = [list(mutants(text)) for text in cells.values()]
        for choice, (name, _) in enumerate(recipes[0]):
            changed = {cell: recipe[choice][1] for cell, recipe in zip(cells, recipes, strict=True)}
            total += 1
            if equivalent(next(iter(cells.values())), name):
                skipped += 1
                continue
            caught = next((year for year in loaded if year.notices(sheet, changed)), None)
            if caught is not None:  # what told this one apart will likely tell the next one, too
                loaded.remove(caught)
                loaded.insert(0, caught)
            else:
                cell, text = next(iter(cells.items()))
                survivors.append(f"{sheet}!{cell} {text[:150]}: {name}")
    compared["mutants caught"] = compared.get("mutants caught", 0) + total - len(survivors) - skipped
    compared["mutants equivalent"] = compared.get("mutants equivalent", 0) + skipped
    assert total > 500
    assert not survivors, f"{len(survivors)} of {total}\n" + "\n".join(survivors)
