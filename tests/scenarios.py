"""Years of figures that try every edge of every KPI: each month is a case of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator

from xlkpi.model import Input, Kpi, Vertical
from xlkpi.policy import Rule
from xlkpi.series import PERIOD_MONTHS
from xlkpi.workbook.sample import sample_figures

EDGES: tuple[object, ...] = (None, 0, "n/a", "12", True, -1, 1e-300, 1e300)
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
        for edge in EDGES:
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
                value = ordinary[whole.id]
                yield {part.id: value}
                yield {part.id: float(str(value)) + 1}
    if numbers:
        yield from _thresholds(vertical, kpi, segment, rule, numbers, ordinary)


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


def _solve(vertical: Vertical, rule: Rule, numbers: list[Input], ordinary: Case, target: float) -> Case | None:
    """Move one input along the straight line through two of its figures until the row shows the target."""
    inputs = dict(ordinary)
    for name in rule.arguments:
        item = vertical.inputs[name]
        if item.kind == "constant":
            inputs[name] = item.default
    for item in numbers:

        def at(value: float, name: str = item.id) -> float:
            return float(rule.compute([{**inputs, name: value}[other] for other in rule.arguments]))  # type: ignore[misc]

        try:
            low, high = at(1.0), at(2.0)
            middle = at(1.5)
        except ArithmeticError:
            low, high, middle = _unchecked(rule, inputs, item.id)
        if high != low and abs((low + high) / 2 - middle) < 1e-9:
            return {item.id: 1.0 + (target - low) / (high - low)}
    return None


def _unchecked(rule: Rule, inputs: Case, name: str) -> tuple[float, float, float]:
    free = Rule(rule.arguments, rule.formula, (), rule.ranges)

    def at(value: float) -> float:
        return float(free.compute([{**inputs, name: value}[other] for other in rule.arguments]))  # type: ignore[misc]

    try:
        return at(1.0), at(2.0), at(1.5)
    except ArithmeticError:
        return 0.0, 0.0, 0.0


def years(vertical: Vertical) -> Iterator[dict[str, list[object]]]:
    """Pack all cases of a line of business into years of twelve, its KPIs side by side."""
    rows = [list(cases(vertical, kpi, segment)) for kpi, segment in vertical.rows()]
    ordinary = base(vertical)
    for start in range(0, max(map(len, rows)), 12):
        yield year_of([_together(ordinary, rows, start + month) for month in range(12)], vertical)


def _together(ordinary: Case, rows: list[list[Case]], place: int) -> Case:
    month = dict(ordinary)
    for row in rows:
        if place < len(row):
            month |= row[place]
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


def random_year(vertical: Vertical, seed: int) -> dict[str, list[object]]:
    """A year of chance: whole and broken figures, gaps, zeros, text, openings typed and carried."""
    chance = random.Random(f"{vertical.id} {seed}")
    typed: dict[str, list[object]] = {}
    gaps = chance.choice((0.02, 0.1, 0.3))
    broken = chance.choice((0.0, 0.0, 0.03))

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
