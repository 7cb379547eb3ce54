"""Change each printed formula in one place, and see that the comparison with the core notices.

A formula is changed along its whole row, as a fault of the generator would; IronCalc recalculates the
row on years that try every edge, until one figure differs from the core's. A mutant that no year tells
apart from the right formula means that the proof has a hole.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from engines import IronBook, formulas, row_column, same
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

from xlkpi.chosen import PERIODS, choose, period_of
from xlkpi.intervals import method
from xlkpi.model import Band, Vertical
from xlkpi.notation import compare
from xlkpi.series import Settings, series
from xlkpi.used import used_inputs
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
    (r"SUMPRODUCT.*SUM\(", r"guard =(Calc!\$)?[A-Z]\d+=0 is 1=0", "the sum of a tally without months is zero, too"),
    (r"IFERROR\(ROUND", r"(KPIs!\w+|\$D\d+)(<1|>=0)|operator <|empty text|number [01]$|reference (KPIs!|\$D)|guard =ISNUMBER.KPIs", (
        "only LibreOffice has an error where a figure is too small to compound, and no shipped rate is negative"
    )),
    (r"remark|^=MID|MATCH\(Benchmarks!\$L\$6,", r"reference Benchmarks!\$L\$6 is Benchmarks!\$L\$7", "two segments of one KPI share its period"),
    (r"MIN\(D132,D127,D133\)", r"^reference D132 is D133", "a whole below zero is below its part already"),
    (r"^=MID\(", r"number 999|empty text", "MID takes what is there, and drops the first sign of a 0, too"),
    (r"3\.8414588206941254", r"number 100", "the interval of a share ends within the share's own limits"),
    (r'>1," \("', r"number 1$", "a benchmark's period is one month, three or twelve"),
    (r"^=IF\(\$F\d+=0.*'Last year'!", r"guard =\$[FI]\d+=0 is 1=0", "INDEX(row, -1) is no number; see below for INDEX(row, 0)"),
    (r"\*20,6\)", r"number 6", "so many digits only make every program round alike"),
    (r"^=IF\(ISNUMBER\(\$D\d+\),IF\(ISNUMBER\(\$H\d+\),IF\(\$H\d+=0,", r"operator > is >=", "zero was told before"),
    (r"^=IF\(ISNUMBER\(Calc!\$S", r"guard =ISNUMBER\(Calc!\$S\$\d+\) is 1=1", "an empty text is never below a number"),
    (r"^=MAX\(\$O168,", r"reference \$O298 ", "another row has all its monthly inputs, and so a figure wherever this one has"),
    (r"^=\(D166=1\)\+", r"reference (D271|D347) ", "a KPI that divides by nothing has a figure in its first month once it is counted"),
    (r"COUNT\(\$D279,\$D280,\$D281,\$D282\)>0", r"number [01]$|guard =\$E117=1 is 1=0", "such a KPI never has nothing to measure"),
    (r'IF\(\$X276="",ROUND', r"guard =\$E117=1 is 1=1", "a mean is held against a benchmark as each of its months is"),
    (r"^=IF\(\$Q\d+=0,\"\",INDEX", r"guard =\$Q\d+=0 is 1=0", "IronCalc reads INDEX(row, 0) as empty, Excel does not"),
]  # fmt: skip


# The months counted and the latest one with a figure: where none has one, there was nothing to divide by anyway.
_COUNTED_IS_LATEST = re.compile(r'IF\(((?:Calc!\$)?[A-Z]\d+)=0,"",IF\(.*=0\)?,"",.*\nreference \1 is ')


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


class Printed:
    """A workbook and its formulas, with the value that the core gives to each."""

    def __init__(self, data: bytes) -> None:
        self.data, self.formulas = data, formulas(data)


class Year(Printed, IronBook):
    """One year in a workbook that IronCalc recalculates."""

    def __init__(self, data: bytes, folder) -> None:
        Printed.__init__(self, data)
        IronBook.__init__(self, data, folder)

    def notices(self, sheet: str, changed: dict[str, str]) -> bool:
        """Whether the changed formulas give another figure in any of their cells."""
        changed = {cell: text for cell, text in changed.items() if (sheet, cell) in self.formulas}
        try:
            self.type(sheet, changed)
            return any(not same(self.formulas[sheet, cell].cached, self.see(sheet, cell)) for cell in changed)
        finally:
            for cell in changed:  # recalculated with the next change
                self.model.set_user_input(self.place[sheet], *row_column(cell), self.formulas[sheet, cell].text)


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


def chosen_cells(first: Printed) -> list[tuple[str, str]]:
    """The cells on Calc of the period chosen on the dashboard."""
    labels = openpyxl.load_workbook(io.BytesIO(first.data), read_only=True)["Calc"].iter_rows(
        max_col=1, values_only=True
    )
    rows = {row for row, (label,) in enumerate(labels, 1) if re.search(r"(chosen|figures|needed)$", str(label or ""))}
    return [key for key in first.formulas if key[0] == "Calc" and row_column(key[1])[0] in rows]


def kinds_of(first: Printed) -> dict[tuple[str, str], dict[str, str]]:
    """The cells of the chosen period that differ in their rows alone, which the same lines print for all KPIs."""
    groups: dict[tuple[str, str], dict[str, str]] = {}
    places = [
        *chosen_cells(first),
        *(key for key in first.formulas if key[0] in ("Dashboard", "Next steps", "Last year")),
    ]
    for sheet, cell in places:
        text = first.formulas[sheet, cell].text
        groups.setdefault((sheet, re.sub(r"[0-9]+", "#", text)), {})[cell] = text
    return groups


def own_kinds(catalogue, vertical: str, first: Year) -> Iterator[tuple[str, dict[str, str]]]:
    """The kinds of a line of business that none before it has.

    What solves for the levers differs from KPI to KPI. It is changed in the first line of business alone; in all, the
    answers are put into the inputs, see test_chosen.py and test_levers_engines.py.
    """
    before: set[tuple[str, str]] = set()
    for other in itertools.takewhile(lambda name: name != vertical, VERTICALS):
        before |= set(kinds_of(Printed(build(catalogue, catalogue.verticals[other], "en", lambdas=False))))
    for (sheet, shape), cells in kinds_of(first).items():
        is_solved = "1E+14" in next(iter(cells.values()))
        if (sheet, shape) not in before and not (before and is_solved):
            yield sheet, cells


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


def periods_in_turn(vertical: Vertical, shift: int) -> Vertical:
    """Benchmarks for a month, a quarter, a year and no period, one KPI after the other."""
    kpis = {}
    for place, (key, kpi) in enumerate(vertical.kpis.items()):
        period = ("month", "quarter", "year", "")[(place + shift) % 4]
        kpis[key] = replace(kpi, benchmark=replace(kpi.benchmark, period=period, period_matters=True))
    return replace(vertical, kpis=kpis)


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
    files += [build(catalogue, periods_in_turn(vertical, shift), "en", full, lambdas=False) for shift in range(3)]
    for rate in (0.9, None):
        files.append(build(catalogue, shown["every band"][0], "en", full, Settings("EUR", rate), lambdas=False))
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
    return [Year(data, folder) for data in files]


def chosen_periods(catalogue, vertical: Vertical, folder) -> list[Year]:
    """Each period on the dashboard, over years that try every answer that it can give."""
    names = [row_id(*row) for row in vertical.rows()]
    shown = variants(vertical)

    def file(typed, period, which="as shipped", **settings) -> bytes:
        changed, own = shown[which][0], replace(shown[which][1], period=period, **settings)
        return build(catalogue, changed, "en", replaced(typed, TINY, 1e-6), own, lambdas=False)

    edges, files = list(years(vertical))[:3], []
    for turn, period in enumerate((*PERIODS, "no period")):
        targets = {
            name: (10.5, 77.7, 0.2)[(turn + place) % 3] for place, name in enumerate(names) if (turn + place) % 4
        }
        previous = {name: [5.0 + month + place for month in range(13)] for place, name in enumerate(names) if turn % 2}
        whole, holes = (random_year(vertical, turn, gaps=gaps, broken=gaps / 9) for gaps in (0.0, 0.3))
        begun = {name: first_months(cells, 3 + turn % 7) for name, cells in whole.items()}
        files += [
            file(whole, period, targets=targets, previous=previous),
            file(holes, period, targets=reached(vertical, holes, period), previous=some_of_last_year(names, turn)),
            file(steady_year(vertical, turn), period, targets=reached(vertical, steady_year(vertical, turn), period)),
            file(edges[turn % len(edges)], period, ("as shipped", "a month", "a month turned")[turn % 3]),
            file(begun, period, previous=some_of_last_year(names, turn + 1)),
            file(zeroed_rows(vertical, turn % 2) if turn % 3 else {}, period, targets=targets),
            file(whole, period, list(shown)[turn % len(shown)]),
            file(steady_year(vertical, turn + 1), period, list(shown)[(turn + 9) % len(shown)]),
        ]
    files += [file(steady_year(vertical, 2), period, which) for which in shown for period in ("5", "year")]
    files += [file(typed, period, **more) for typed, periods, more in rare_years(vertical) for period in periods]
    files += [file(typed, month, which) for which, typed, month in at_each_edge(vertical)]
    everywhere = [dict.fromkeys(names, target) for target in (5000.0, 0.0)]
    for which, typed in (("no bands", {}), ("no bands", whole), ("a year", whole), ("as shipped", whole)):
        files += [file(typed, "5", which, targets=targets) for targets in everywhere]
    shown["from above average on"] = (without_typical(vertical), Settings())
    files += [file(steady_year(vertical, turn), "5", "from above average on") for turn in range(4)]
    return [Year(data, folder) for data in files]


def rare_years(vertical: Vertical) -> Iterator[tuple[dict[str, list[object]], tuple[str, ...], dict]]:
    """Years of which only a part is typed, with the periods that show it."""
    full, rows = random_year(vertical, 7, gaps=0, broken=0), list(vertical.rows())
    last_year = {row_id(*row): [1.0 + month for month in range(13)] for row in rows}
    typed = [[name for name in kpi.values[segment].arguments if name in full] for kpi, segment in rows]
    yield {}, ("latest", "1", "ytd", "year"), {"previous": last_year}
    for odd in (0, 1):
        own = {name for turn, names in enumerate(typed) if turn % 2 == odd for name in names}
        apart = {name: cells for name, cells in full.items() if name not in own}
        yield apart, ("latest", "ytd", "year"), {}
        yield apart | {names[0]: full[names[0]] for names in typed[odd::2]}, ("ytd",), {}
        yield {name: without_month(cells, 2) for name, cells in apart.items()}, ("ytd", "5"), {}
        # Nothing happened in the first month, and nothing is typed from then on.
        idle = {name: without_month(cells, 2) if name in apart else one_zero(cells) for name, cells in full.items()}
        yield idle, ("ytd", "year"), {}
    yield {name: without_month(cells, 2) for name, cells in full.items()}, ("5",), {"which": "a month"}
    for place in range(3):  # one argument of each row alone
        lone = {names[place] for names in typed if place < len(names)}
        yield {name: cells for name, cells in full.items() if name in lone}, ("1", "5"), {}
        yield {name: every_cell(cells, 0) for name, cells in full.items() if name in lone}, ("5",), {}
    begun = {name: first_months(cells, 6) for name, cells in full.items()}
    yield begun | {name: first_months(full[name], 8) for name in typed[0]}, ("latest", "ytd"), {}
    yield {name: first_months(full[name], 4) for name in typed[0]}, ("latest", "ytd"), {}
    for many in (1, 2):
        yield {name: first_months(cells, many) for name, cells in full.items()}, ("ytd",), {"previous": last_year}
    for names in typed:  # one row goes further than the others, and begins later
        six = {name: first_months(cells, 6) for name, cells in full.items()}
        further = {name: without_month(first_months(full[name], 8), 0) for name in names if len(full[name]) > 1}
        yield six | further, ("latest",), {}
        yield six | {name: then_zero(cells) for name, cells in further.items()}, ("latest",), {}
        if any(len(full[name]) == 1 for name in names):  # what is divided by a constant has no figure at all
            no_divisor = {name: [0] for name, cells in full.items() if len(cells) == 1}
            yield six | further | no_divisor, ("latest",), {}
    unset: dict[str, list[object]] = {name: [None] for name, cells in full.items() if len(cells) == 1}
    yield full | unset, ("5",), {}
    yield {name: every_cell(cells, 0) for name, cells in full.items()} | unset, ("5",), {}
    yield {name: cells[:1] for name, cells in full.items() if isinstance(cells[0], list)} | unset, ("5",), {}
    thirty, few, huge = dict(full), dict(full), dict(full)
    for kpi, segment in rows:
        names = kpi.values[segment].arguments
        if method(vertical, kpi, segment) is not None:
            answers = (15, 30) if len(names) == 2 else (10, 10, 10)
            thirty |= {name: [many] * 12 for name, many in zip(names, answers, strict=True)}
            few |= {
                name: [9, 0] * 6 if place == 0 else [10 if len(names) == 2 else 1] * 12
                for place, name in enumerate(names)
            }
            few |= {name: [0, 9] * 6 for name in names[1:2] if len(names) == 3}
        if kpi.year == "compound":
            huge[names[0]] = [1e30] * 12
    yield thirty, ("5",), {}
    yield few, ("5", "6"), {}
    for targets in ({}, dict.fromkeys(last_year, 10.0)):
        yield huge, ("1",), {"targets": targets}


def at_each_edge(vertical: Vertical) -> Iterator[tuple[str, dict[str, list[object]], str]]:
    """Months in which the figures lie on each edge, below it and above it."""
    shown, seen = variants(vertical), set()
    for which, typed in itertools.product(("as shipped", "a month", "a month turned"), years(vertical)):
        changed, own = shown[which]
        used = used_inputs(changed, typed)
        rows = [(kpi, segment, series(changed, kpi, segment, used, own)) for kpi, segment in changed.rows()]
        for month in range(12):
            met = {
                (row_id(kpi, segment), kpi.benchmark.period_matters and which, band, compare(figure, band.edge))
                for kpi, segment, row in rows
                for band in kpi.bands.get(segment, ())
                if isinstance(figure := row.comparable[month], float)
            }
            if not met <= seen:
                seen |= met
                yield which, typed, str(month + 1)


def then_zero(cells: list[object]) -> list[object]:
    """A month more, in which nothing happened."""
    if cells and isinstance(cells[0], list):
        return [then_zero(row) for row in cells]  # type: ignore[arg-type]
    return [*cells, 0]


def one_zero(cells: list[object]) -> list[object]:
    """Zero in the first month, and nothing after it."""
    if cells and isinstance(cells[0], list):
        return [one_zero(row) for row in cells]  # type: ignore[arg-type]
    return [0] if len(cells) > 1 else cells


def without_month(cells: list[object], month: int) -> list[object]:
    if cells and isinstance(cells[0], list):
        return [without_month(row, month) for row in cells]  # type: ignore[arg-type]
    return [None if place == month else cell for place, cell in enumerate(cells)]


def every_cell(cells: list[object], value: float) -> list[object]:
    if cells and isinstance(cells[0], list):
        return [every_cell(row, value) for row in cells]  # type: ignore[arg-type]
    return [value] * len(cells)


def without_typical(vertical: Vertical) -> Vertical:
    """The same line of business whose bands begin above the typical one."""
    kpis = {
        key: replace(
            kpi, bands={name: tuple(band for band in bands if band.level > 1) for name, bands in kpi.bands.items()}
        )
        for key, kpi in vertical.kpis.items()
    }
    return replace(vertical, kpis=kpis)


def some_of_last_year(names: list[str], turn: int) -> dict[str, list[object]]:
    return {name: [None if (month + turn) % 3 else 2.0 * month for month in range(13)] for name in names}


def first_months(cells: list[object], many: int) -> list[object]:
    """The first months of a row of cells, or of each row of a tally; a constant stays."""
    if cells and isinstance(cells[0], list):
        return [first_months(row, many) for row in cells]  # type: ignore[arg-type]
    return cells[: max(1, many)]


def reached(vertical: Vertical, typed, period: str) -> dict[str, float]:
    """Targets that lie exactly where the figures of a period do."""
    used = used_inputs(vertical, typed)
    rows = [series(vertical, *row, used) for row in vertical.rows()]
    chosen = period_of(period, rows)
    found = {}
    for (kpi, segment), row in zip(vertical.rows(), rows, strict=True):
        name = row_id(kpi, segment)
        figure = choose(vertical, kpi, segment, row, used, Settings(period=period), chosen, name).comparable
        if isinstance(figure, float):
            found[name] = figure
    return found


@pytest.mark.parametrize("vertical", VERTICALS)
def test_every_mutant_of_every_formula_is_caught(catalogue, vertical, tmp_path, compared):
    loaded = proof_years(catalogue, catalogue.verticals[vertical], tmp_path)
    assert judge(rows_of(loaded[0]), loaded, compared) > 300


@pytest.mark.parametrize("vertical", VERTICALS)
def test_every_mutant_of_the_chosen_period_is_caught(catalogue, vertical, tmp_path, compared):
    loaded = chosen_periods(catalogue, catalogue.verticals[vertical], tmp_path)
    total = judge(own_kinds(catalogue, vertical, loaded[0]), loaded, compared)
    assert total > 1000 or vertical != VERTICALS[0]


def judge(groups: Iterable[tuple[str, dict[str, str]]], loaded: list[Year], compared: dict[str, int]) -> int:
    """Change each group of formulas in each way, and look for a year that tells the change."""
    survivors, total, skipped = [], 0, 0
    for sheet, cells in groups:
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
    assert not survivors, f"{len(survivors)} of {total}\n" + "\n".join(survivors)
    return total
