"""Years of figures that try every edge of every KPI: each month is a case of its own."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from xlkpi.model import Input, Kpi, Vertical
from xlkpi.notation import compare
from xlkpi.policy import Rule
from xlkpi.series import PERIOD_MONTHS
from xlkpi.workbook.sample import sample_figures

EDGES: tuple[object, ...] = (None, 0, "n/a", "12", True, -1, -0.3, -4e-10, -1e-8, 1e-300, 1e300)
BEYOND = (0.0, 1.0, 0.3, 4e-10, 1e-8)  # how far a part lies above its whole
TINY = 1e-300  # IronCalc 0.9 takes it for equal to zero; Excel does not
HAIR = 1e-7
Case = dict[str, object]


def base(vertical: Vertical) -> Case:
    """An ordinary month: a figure for every input, a column of counts for a tally."""
    figures = sample_figures(vertical)
    case: Case = {}
    for item in vertical.inputs.values():
        if item.kind == "constant" or item.values:
            continue
        cells = figures[item.id]
        case[item.id] = [row[0] for row in cells] if item.kind == "tally" else cells[0]
        if item.carry and case[item.id] is None:
            case[item.id] = 100.0
    return case


def cases(vertical: Vertical, kpi: Kpi, segment: str) -> Iterator[Case]:
    """Every edge of one KPI row, as changes to an ordinary month."""
    rule = kpi.values[segment]
    ordinary = base(vertical)
    typed = [vertical.inputs[name] for name in rule.arguments if name in ordinary]
    for item in typed:
        for edge in (*EDGES, *((100, 100.3) if item.unit == "percent" else ())):
            if item.kind == "tally":
                column = list(ordinary[item.id])  # type: ignore[call-overload]
                column[2] = edge
                yield {item.id: column}
                yield {item.id: [edge] * len(column)}
            else:
                yield {item.id: edge}
    numbers = [item for item in typed if item.kind != "tally"]
    for part in numbers:
        for whole in numbers:
            if part is not whole:
                for more in BEYOND:
                    yield {part.id: float(str(ordinary[whole.id])) + more}
                yield {part.id: 10.3, whole.id: 10.4}
                yield {part.id: 10.4, whole.id: 10.3}
    for item in numbers:  # all but one are zero
        yield {**{other.id: 0 for other in numbers}, item.id: ordinary[item.id]}
    tallies = [item for item in typed if item.kind == "tally"]
    if numbers and not tallies:
        yield from _thresholds(vertical, kpi, segment, rule, numbers, ordinary)
    for item in tallies:
        yield from _mixtures(vertical, kpi, segment, rule, item)


def _thresholds(
    vertical: Vertical, kpi: Kpi, segment: str, rule: Rule, numbers: list[Input], ordinary: Case
) -> Iterator[Case]:
    """Figures exactly on each entry and a hair to each side, also within the rounding."""
    for band in kpi.bands.get(segment, ()):
        for edge in {band.edge, band.upper if band.upper is not None else band.edge}:
            for hair in (0.0, HAIR, -HAIR, 1e-11, -1e-11):
                target = edge + hair
                if kpi.year == "compound" and kpi.benchmark.period_matters:
                    target = (target / 100) ** (1 / PERIOD_MONTHS.get(kpi.benchmark.period, 1)) * 100
                solved = _solve(vertical, rule, numbers, ordinary, target)
                if solved is not None:
                    yield solved


def _mixtures(vertical: Vertical, kpi: Kpi, segment: str, rule: Rule, item: Input) -> Iterator[Case]:
    """Answers whose mean lies exactly on an entry, and a hair to each side."""
    values = vertical.inputs[item.of].values
    inputs: Case = {
        name: list(vertical.inputs[name].values) or vertical.inputs[name].default for name in rule.arguments
    }
    for band in kpi.bands.get(segment, ()):
        for first in range(len(values) - 1):
            for many in range(11):
                counts = [0.0] * len(values)
                counts[first], counts[first + 1] = float(many), float(10 - many)
                if compare(float(str(rule.row({**inputs, item.id: counts}))), band.edge) == 0:
                    yield {item.id: counts}
                    more, less = list(counts), list(counts)
                    more[0] += HAIR
                    less[-1] += HAIR
                    yield from ({item.id: more}, {item.id: less})


def _solve(vertical: Vertical, rule: Rule, numbers: list[Input], ordinary: Case, target: float) -> Case | None:
    """Move one input until the row shows the target, as exactly as a float can."""
    free = Rule(rule.arguments, rule.formula, (), rule.ranges)
    constants = {name: vertical.inputs[name].default for name in rule.arguments}
    for item in numbers:

        def distance(value: float, name: str = item.id) -> float | None:
            shown = free.row({**constants, **ordinary, name: value})
            return shown - target if isinstance(shown, float) else None

        grid = [(value, distance(value)) for value in (0.001, 1.0, 30.0, 100.0, 300.0, 1e4, 1e6)]
        known = [(value, off) for value, off in grid if off is not None]
        for (low, first), (high, second) in itertools.pairwise(known):
            if first * second <= 0 and first != second:
                return {item.id: _halve(distance, low, high, first)}
    return None


def _halve(distance: Callable[[float], float | None], low: float, high: float, first: float) -> float:
    for _ in range(200):
        middle = (low + high) / 2
        off = distance(middle) or 0.0
        low, high = (middle, high) if off * first > 0 else (low, middle)
    return min((low, high), key=lambda value: abs(distance(value) or 0.0))


def years(vertical: Vertical) -> Iterator[dict[str, list[object]]]:
    """Pack all cases of a line of business into years of twelve, its KPIs side by side."""
    rows = [list(cases(vertical, kpi, segment)) for kpi, segment in vertical.rows()]
    ordinary = base(vertical)
    for start in range(0, max(map(len, rows)), 12):
        yield year_of([_together(ordinary, rows, start + month) for month in range(12)], vertical)


def _together(ordinary: Case, rows: list[list[Case]], place: int) -> Case:
    month = dict(ordinary)
    for turn, row in enumerate(rows):
        if row:
            # Each row begins elsewhere, so that neighbours are never at the same edge.
            month |= row[(place + 5 * turn) % len(row)]
    return month


def year_of(months: list[Case], vertical: Vertical) -> dict[str, list[object]]:
    """Turn months into the twelve cells of each input."""
    typed: dict[str, list[object]] = {}
    for name in months[0]:
        if vertical.inputs[name].kind == "tally":
            columns = [list(month[name]) for month in months]  # type: ignore[call-overload]
            typed[name] = [list(row) for row in zip(*columns, strict=True)]
        else:
            typed[name] = [month[name] for month in months]
    return typed


def zero_year(vertical: Vertical, opening: float = 0) -> dict[str, list[object]]:
    """Twelve months in which nothing happened, or in which all that was there at first went away."""
    typed: dict[str, list[object]] = {}
    for item in vertical.inputs.values():
        if item.kind == "tally" and item.of:
            typed[item.id] = [[0] * 12 for _ in vertical.inputs[item.of].values]
        elif item.kind != "tally":
            value = opening if item.kind == "opening" else 0
            typed[item.id] = [value] * (1 if item.kind == "constant" else 12)
    return typed


def steady_year(vertical: Vertical, shift: int) -> dict[str, list[object]]:
    """A year in which each row keeps one level, and its neighbours have others."""
    figures = sample_figures(vertical, [0], gaps=False)
    for turn, (kpi, segment) in enumerate(vertical.rows()):
        level = (turn + shift) % 4
        own = sample_figures(replace(vertical, kpis={kpi.id: kpi}), [level], gaps=False)
        figures |= {name: own[name] for name in kpi.values[segment].arguments if name in own}
    return figures


def changed_month(vertical: Vertical, kind: str, month: int, value: object) -> dict[str, list[object]]:
    """A steady year in which one month of every input of a kind is another."""
    typed = steady_year(vertical, 1)
    for item in vertical.inputs.values():
        if item.kind == kind and not item.values:
            for row in typed[item.id] if item.kind == "tally" else [typed[item.id]]:
                row[month] = value  # type: ignore[index]
    return typed


def zeroed_rows(vertical: Vertical, odd: int) -> dict[str, list[object]]:
    """A steady year in which every other row had nothing to measure."""
    typed = steady_year(vertical, 2)
    for turn, (kpi, segment) in enumerate(vertical.rows()):
        for name in kpi.values[segment].arguments if turn % 2 == odd else ():
            typed[name] = zero_year(vertical).get(name, [])
    return {name: cells for name, cells in typed.items() if cells}


def only_argument(vertical: Vertical, place: int) -> dict[str, list[object]]:
    """A year in which one argument of each row is more than zero."""
    typed, steady = zero_year(vertical), steady_year(vertical, 2)
    for kpi, segment in vertical.rows():
        names = kpi.values[segment].arguments
        if place < len(names) and names[place] in steady:
            typed[names[place]] = steady[names[place]]
    return {name: cells for name, cells in typed.items() if vertical.inputs[name].kind != "constant"}


def balanced(vertical: Vertical, place: int) -> dict[str, list[object]]:
    """A year in which one argument of each row is the sum of two others."""
    typed = steady_year(vertical, 2)
    for kpi, segment in vertical.rows():
        names = [name for name in kpi.values[segment].arguments if vertical.inputs[name].kind == "flow"]
        if len(names) == 3:
            others = [typed[name] for name in names if name != names[place]]
            typed[names[place]] = [a + b for a, b in zip(*others, strict=True)]  # type: ignore[operator]
    return typed


def constant_years(vertical: Vertical) -> Iterator[dict[str, list[object]]]:
    """Years with other constants: each alone, and all together missing, text, zero, negative."""
    constants = [item.id for item in vertical.inputs.values() if item.kind == "constant"]
    for value in (None, "n/a", 0, -1) if constants else ():
        yield steady_year(vertical, 3) | {name: [value] for name in constants}
    for place, name in enumerate(constants):
        yield steady_year(vertical, 3) | {name: [3.5 + place]}
        yield steady_year(vertical, 3) | {name: [0]}
        yield steady_year(vertical, 3) | {name: [-1]}
        yield steady_year(vertical, 3) | {name: [None]}


def first_month(vertical: Vertical, value: float | None = None) -> dict[str, list[object]]:
    """A year that has just begun, with ordinary figures or with one figure throughout."""
    only = base(vertical)
    if value is not None:
        only = {name: [value] * len(cell) if isinstance(cell, list) else value for name, cell in only.items()}
    return {name: [[cell] for cell in cells] if isinstance(cells, list) else [cells] for name, cells in only.items()}


def random_year(
    vertical: Vertical, seed: int, gaps: float | None = None, broken: float | None = None
) -> dict[str, list[object]]:
    """A year of chance: whole and broken figures, gaps, zeros, text, openings typed and carried."""
    chance = random.Random(f"{vertical.id} {seed}")
    typed: dict[str, list[object]] = {}
    gaps = chance.choice((0.02, 0.1, 0.3)) if gaps is None else gaps
    broken = chance.choice((0.0, 0.0, 0.03)) if broken is None else broken

    def figure(item: Input, high: float) -> object:
        draw = chance.random()
        if draw < gaps:
            return None
        if draw < gaps + broken:
            return chance.choice(("n/a", -3, 0))
        value = chance.uniform(0, high)
        return float(round(value)) if item.unit.startswith("count:") else round(value, chance.randint(0, 4))

    for item in vertical.inputs.values():
        if item.values:
            continue
        high = 100.0 if item.unit == "percent" else chance.choice((10.0, 100.0, 5000.0))
        if item.kind == "constant":
            typed[item.id] = [item.default if chance.random() < 0.7 else float(chance.randint(1, 20))]
        elif item.kind == "tally":
            many = len(vertical.inputs[item.of].values)
            typed[item.id] = [[figure(item, 20.0) for _ in range(12)] for _ in range(many)]
        elif item.carry:
            typed[item.id] = [figure(item, high) if m == 0 or chance.random() < 0.15 else None for m in range(12)]
        else:
            typed[item.id] = [figure(item, high) for _ in range(12)]
    _possible(vertical, typed)
    return typed


def _possible(vertical: Vertical, typed: dict[str, list[object]]) -> None:
    """Mostly keep parts within their wholes, so that years are not errors all the time."""
    from xlkpi.workbook.layout import pairs

    for kpi, segment in vertical.rows():
        for part, whole in pairs(kpi.values[segment].conditions):
            if vertical.inputs[part].carry or vertical.inputs[whole].carry:
                continue
            for month, (a, b) in enumerate(zip(typed[part], typed[whole], strict=True)):
                if isinstance(a, (int, float)) and isinstance(b, (int, float)) and a > b >= 0:
                    typed[part][month], typed[whole][month] = b, a


def has(typed: dict[str, list[object]], wanted: object) -> bool:
    """Whether a value of the same kind stands in any cell."""
    cells = (cell for row in typed.values() for cell in row)
    flat = (member for cell in cells for member in (cell if isinstance(cell, list) else [cell]))
    return any(type(cell) is type(wanted) and cell == wanted for cell in flat)


def replaced(typed: dict[str, list[object]], old: object, new: object) -> dict[str, list[object]]:
    """The same year with another value in place of one."""

    def change(cell: object) -> object:
        if isinstance(cell, list):
            return [change(member) for member in cell]
        return new if type(cell) is type(old) and cell == old else cell

    return {name: [change(cell) for cell in row] for name, row in typed.items()}
