"""Cases of what-it-takes: made-up formulas, chance inputs, and a judge that knows no algebra."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import xlkpi
from xlkpi.errors import KpiError
from xlkpi.formula import parse
from xlkpi.levers import EDGE, Needed, Solution, solve, target_band
from xlkpi.model import Band, Input, Kpi, Lever, Vertical, row_rule
from xlkpi.policy import GOOD
from xlkpi.series import _comparable
from xlkpi.texts import Text
from xlkpi.tree import Binary, Call, Name, Negative, Node, Number, names, ranges
from xlkpi.workbook.layout import pairs

FLIP = {">=": ">", ">": ">=", "<=": "<", "<": "<="}


@dataclass(frozen=True)
class Case:
    """One question: a solved row, its inputs, a band, a ratio of periods."""

    vertical: Vertical
    kpi: Kpi
    segment: str
    lever: Lever
    inputs: dict[str, object]
    band: Band
    power: float | None = None

    @property
    def solution(self) -> Solution:
        return solve(self.vertical, self.kpi, self.segment, self.lever, self.power is not None)

    def answer(self, solution: Solution) -> Needed:
        return solution.needed(self.inputs, self.band, self.power or 1.0)

    def with_lever(self, value: float) -> dict[str, object]:
        """The same inputs with another value of the lever; a tally gets more of the best rating."""
        item = self.vertical.inputs[self.lever.input]
        if item.kind != "tally":
            return {**self.inputs, item.id: value}
        scale, counts = self.inputs[item.of], list(self.inputs[item.id])
        best = scale.index((max if self.kpi.better == "higher" else min)(scale))
        counts[best] = (counts[best] or 0) + value
        return {**self.inputs, item.id: counts}

    def figure(self, inputs: Mapping[str, object]) -> float | None:
        """The figure as it is held against the band, by the row's rule alone; nothing if it cannot be."""
        state, figure = self.kpi.values[self.segment].outcome(inputs)
        if state != GOOD or figure is None or isinstance(figure, KpiError):
            return None
        if self.power is None:
            return figure
        return None if figure < 0 else (figure / 100) ** self.power * 100

    def reached(self, inputs: Mapping[str, object]) -> bool:
        figure = self.figure(inputs)
        return figure is not None and self.band.holds(figure)


def made(
    formula: str,
    units: str | Mapping[str, str],
    better: str,
    lever: str,
    step: str = "up",
    require: tuple[str, ...] = (),
) -> tuple[Vertical, Kpi, Lever]:
    """A line of business with one KPI of any formula; ``units`` is one for all, or each by name."""
    shipped = xlkpi.load().verticals["remote-resume-writing"]
    base = shipped.kpis["client_satisfaction"]
    tree = parse(formula)
    order = dict.fromkeys([*names(tree), *(["ratings"] if "counts" in names(tree) else [])])
    found = {name: units if isinstance(units, str) else units[name] for name in order}
    tally = {*ranges(tree), "ratings"}
    inputs = {}
    for name, unit in found.items():
        kind = "tally" if name in tally else "flow"
        scale = (1.0, 2.0, 3.0, 4.0, 5.0) if name == "ratings" else ()
        inputs[name] = Input(
            name, unit, kind, Text({"en": name}), of="ratings" if name == "counts" else "", values=scale
        )
    rule = row_rule(
        tree, tuple(parse(text, condition=True) for text in require), found, frozenset({"ratings"}) & set(found)
    )
    kpi = replace(base, id="made", better=better, values={"": rule}, bands={}, levers={"": (Lever(lever, step),)})
    return replace(shipped, inputs=inputs, kpis={"made": kpi}), kpi, Lever(lever, step)


def exact(tree: Node, values: Mapping[str, Fraction]) -> Fraction:
    """A formula without ranges in exact fractions."""
    if isinstance(tree, Number):
        return Fraction(str(tree.value))
    if isinstance(tree, Name):
        return values[tree.id]
    if isinstance(tree, Negative):
        return -exact(tree.operand, values)
    if isinstance(tree, Call):
        return {"min": min, "max": max}[tree.function](exact(argument, values) for argument in tree.arguments)
    assert isinstance(tree, Binary)
    left, right = exact(tree.left, values), exact(tree.right, values)
    return {"+": left + right, "-": left - right, "*": left * right, "/": left / right if right else right}[
        tree.operator
    ]


def exactly_reached(case: Case, inputs: Mapping[str, object]) -> bool:
    """Whether the band holds when nothing but the comparison is rounded, half away from zero."""
    values = {name: Fraction(str(value)) for name, value in inputs.items()}
    figure = exact(case.kpi.values[case.segment].formula, values) * 10**9
    whole = int(abs(figure) + Fraction(1, 2)) * (1 if figure >= 0 else -1)
    edge = round(Fraction(str(case.band.edge)) * 10**9)
    return {">=": whole >= edge, ">": whole > edge, "<=": whole <= edge, "<": whole < edge}[case.band.operator]


def bands_to_try(kpi: Kpi, segment: str, chance: random.Random) -> list[Band]:
    """Each band of the catalogue, with its strictness turned, and targets: ordinary, crooked, far, zero."""
    shipped = kpi.bands.get(segment, ())
    found = list(shipped) + [Band(b.level, FLIP[b.operator], b.edge) for b in shipped if b.upper is None]
    around = [b.edge for b in shipped] or [60.0]
    targets = [chance.choice(around) + chance.choice((0.37, 1 / 3, -0.123456789)), chance.uniform(0, 100)]
    targets += [chance.choice((0.0, 100.0, 99.99, 100.01, -5.0, 250.0)), round(chance.uniform(0, 120))]
    found += [target_band(kpi, float(target)) for target in targets]
    if kpi.better == "range":
        found += [target_band(kpi, float(target), target + chance.choice((0, 0.5, 20))) for target in targets]
    return found


def chance_inputs(vertical: Vertical, kpi: Kpi, segment: str, chance: random.Random) -> dict[str, object]:
    """Ordinary, small, large, zero and missing figures, mostly possible ones."""
    rule = kpi.values[segment]
    high = chance.choice((3, 20, 150, 1000, 100_000))
    found: dict[str, object] = {}
    for name in rule.arguments:
        item = vertical.inputs[name]
        if item.values:
            found[name] = list(item.values)
        elif item.kind == "tally":
            many = len(vertical.inputs[item.of].values) if item.of else 7
            found[name] = [chance.choice((None, 0, chance.randint(0, high))) for _ in range(many)]
        elif item.unit == "percent":
            found[name] = round(chance.uniform(0, 100), chance.randint(0, 3))
        elif item.unit.startswith("count:"):
            found[name] = chance.choice((*[0.0] * 9, 0.5, 0.25)) + chance.randint(0, high)  # some count halves
        else:
            found[name] = round(chance.uniform(0, high), chance.randint(0, 4))
        if chance.random() < 0.02:
            found[name] = chance.choice((0, -1, None, "n/a")) if item.kind != "tally" else found[name]
    for part, whole in pairs(rule.conditions):
        a, b = found[part], found[whole]
        if isinstance(a, (int, float)) and isinstance(b, (int, float)) and a > b and chance.random() < 0.95:
            found[part], found[whole] = b, a
    return found


def at_the_edge(case: Case, solution: Solution, chance: random.Random) -> Case:
    """The same case with the lever on, or a step beside, the place where the figure meets the edge."""
    clean = case.kpi.values[case.segment].row_values(case.inputs)
    if clean is None or case.lever.input in case.kpi.values[case.segment].ranges:
        return case
    values = dict(zip(solution.rule.arguments, clean, strict=True))
    try:
        place = solution.value(solution.inverse.solution, {**values, EDGE: case.band.edge, "_power": case.power or 1.0})
    except (ArithmeticError, TypeError):
        return case
    moved = round(place, solution.digits) + chance.choice((-1, 0, 0, 1)) * solution.step
    return Case(**{**vars(case), "inputs": {**case.inputs, case.lever.input: round(moved, solution.digits)}})


def shipped_cases(seed: int, rounds: int) -> Iterator[tuple[Solution, Case]]:
    """Chance cases of each lever of each shipped KPI row and each band."""
    yield from cases_of(xlkpi.load().verticals.values(), seed, rounds)


def cases_of(verticals: Iterable[Vertical], seed: int, rounds: int) -> Iterator[tuple[Solution, Case]]:
    """Chance cases of each lever of each KPI row and each band."""
    chance = random.Random(seed)
    for vertical in verticals:
        for kpi, segment in vertical.rows():
            for lever in kpi.levers[segment]:
                compounds = kpi.year == "compound"
                plain = solve(vertical, kpi, segment, lever)
                compound = solve(vertical, kpi, segment, lever, True) if compounds else plain
                for _ in range(rounds):
                    power = chance.choice((None, 1.0, 3.0, 12.0)) if compounds else None
                    solution = plain if power is None else compound
                    inputs = chance_inputs(vertical, kpi, segment, chance)
                    for band in bands_to_try(kpi, segment, chance):
                        case = Case(vertical, kpi, segment, lever, inputs, band, power)
                        yield solution, at_the_edge(case, solution, chance) if chance.random() < 0.3 else case


def comparable_as_the_core(kpi: Kpi, figure: float, power: float) -> object:
    """What :mod:`xlkpi.series` makes of a month's figure, for a benchmark of so many months."""
    return _comparable(kpi, figure, 1, int(power))


# -- formulas of every shape, and tallies -----------------------------------------------------------------

SHAPES = [
    ("x / k * 100", "up"), ("x / k * 100", "down"), ("k / x", "up"), ("k / x", "down"), ("k - x", "up"),
    ("k - x", "down"), ("(x - k) / (x + m) * 100", "up"), ("x / (x + k) * 100", "up"), ("x / (x + k) * 100", "down"),
    ("k / (x + m) * 100", "up"), ("(k - x) / (x + m)", "up"), ("x * k", "up"), ("x * (k - m)", "up"),
    ("-x + k", "down"), ("k - (m - x)", "up"), ("min(x / k, 1) * 100", "up"), ("max(x / k, m) * 3", "down"),
    ("min(x, k, m)", "up"), ("max(min(x, k), m)", "up"), ("min(x / k, 1) + m", "up"), ("5 - min(x / k, 2)", "up"),
    ("(x + k) / (k + m) - x / m", "up"), ("2 * x + 3 * x - k", "up"), ("x / k + x / m", "up"),
    ("(x + x) / 4 * k", "up"), ("(2 * x - k) / (3 * x + 2 * m)", "up"), ("(x + k) / 2 / (x + m)", "up"),
    ("1 / (x + 1) * k", "up"), ("(x / k) / (x / m + 1)", "up"), ("k + x / (x + m)", "down"), ("x / (x - k)", "up"),
    ("-(x - k) / m", "down"), ("(x - k) * m / (k + 1)", "up"), ("if_(k > m, k, m) * x", "up"), ("x - round(k / 3) * m", "up"),
    ("x / k / (x / k + m)", "up"), ("(k - m) / x", "down"), ("(x - k) / (m - x)", "up"), ("m * (x / (x + k) - 1)", "up"),
    ("(1 - x / (x + k)) * 10", "up"), ("(k * x + m) / (x * m + 1)", "up"), ("-x / (-x - k)", "up"),
    ("x / (x + k) * m + k / (x + k)", "up"), ("x / (x + k) / m + k / (x + k) / m", "up"), ("m + x / (x + k) + x / (x + k)", "up"),
    ("x / (x + k) + 1 / m", "up"),
]  # fmt: skip
LEAPING = ("x / (x - k)", "(x - k) / (m - x)")  # whose divisor changes its sign
ENDS = [
    (),
    ("x <= k",),
    ("k <= x",),
    ("x + m <= k",),
    ("2 * x <= k", "x <= 3"),
    ("k - x >= m",),
    ("x <= 6", "x <= 9", "x >= 1", "x + 1 >= 1"),
]
TALLIES = [("career-mentoring", "client_satisfaction"), ("data-driven-career-coaching", "satisfaction_score")]


def made_cases(better: str, rounds: int) -> Iterator[tuple[Solution, Case, str]]:
    """Chance cases of each shape with each end, of small whole inputs."""
    chance = random.Random(better)
    for (formula, step), ends in product(SHAPES, ENDS):
        if not {name for end in ends for name in names(parse(end, condition=True))} <= set(names(parse(formula))):
            continue
        vertical, kpi, lever = made(formula, "count:things", better, "x", step, ends)
        solution = solve(vertical, kpi, "", lever)
        for _ in range(rounds):
            inputs = {name: chance.randint(0, 12) for name in kpi.values[""].arguments}
            if chance.random() < 0.2:
                inputs = {name: value + (0.5 if name != "x" else 0) for name, value in inputs.items()}
            now = kpi.values[""].row(inputs)
            ordinary = (chance.randint(-3, 12), chance.randint(0, 100), round(chance.uniform(0, 9), 2))
            edge = float(chance.choice(ordinary))
            if chance.random() < 0.3 and isinstance(now, float):
                edge = round(now, 9)
            band = target_band(kpi, edge, edge + chance.choice((0, 0.5, 3, 20)))
            if better != "range" and chance.random() < 0.5:
                band = replace(band, operator=band.operator[0])
            yield solution, Case(vertical, kpi, "", lever, inputs, band), step


def tally_cases(name: str, key: str, better: str, rounds: int) -> Iterator[tuple[Solution, Case]]:
    """Chance cases of more answers of the best rating."""
    vertical = xlkpi.load().verticals[name]
    kpi = replace(vertical.kpis[key], better=better)
    lever = Lever("counts", "up")
    solution = solve(vertical, kpi, "", lever)
    chance = random.Random(key)
    for _ in range(rounds):
        inputs = chance_inputs(vertical, kpi, "", chance)
        for band in bands_to_try(kpi, "", chance):
            if better == "lower":
                band = replace(band, operator=band.operator.replace(">", "<"))
            yield solution, Case(vertical, kpi, "", lever, inputs, band)


def compound_cases(rounds: int) -> Iterator[tuple[Solution, Case]]:
    """Rates below zero, which do not compound, though an even power of them is above it; edges at and below zero."""
    chance = random.Random(12)
    vertical, kpi, lever = made("(x - k) / m * 100", "money", "higher", "x")
    solution = solve(vertical, kpi, "", lever, compound=True)
    for _ in range(rounds):
        inputs: dict[str, object] = {name: float(chance.randint(1, 9)) for name in ("x", "k", "m")}
        band = Band(1, chance.choice((">", ">=")), chance.choice((70.0, 100.0, 0.0, -10.0, 50.5)))
        yield solution, Case(vertical, kpi, "", lever, inputs, band, chance.choice((1.0, 3.0, 12.0)))
