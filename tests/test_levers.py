"""What it takes: put the answer in and the band is reached, with one step less it is not."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from lever_cases import (
    Case,
    bands_to_try,
    chance_inputs,
    comparable_as_the_core,
    exactly_reached,
    made,
    shipped_cases,
)

import xlkpi
from xlkpi.inversion import NotSolvableError, invert
from xlkpi.levers import (
    CANNOT, CAPPED, CHANGE, FLAT, LIMIT, MISSING, MOST_STEPS, MOST_STEPS_BELOW, NARROW, POLE, REACHED,
    needed, solve, target_band,
)
from xlkpi.model import Band, Lever
from xlkpi.tree import Name

FAR = [10.0**power for power in range(15)]


def judge(case: Case, solution, found) -> None:
    """Hold an answer against the row's rule and the band, with no algebra."""
    up = moves_up = solution.lever.step == "up"
    present = case.figure(case.inputs)
    if case.band.upper is not None and present is not None and present > case.band.upper:
        moves_up = not up
    tally = case.vertical.inputs[case.lever.input].kind == "tally"
    start = 0.0 if tally else case.inputs.get(case.lever.input)
    if found.kind == REACHED:
        assert case.reached(case.inputs)
    elif found.kind == CHANGE:
        assert not case.reached(case.inputs)
        assert case.reached(case.with_lever(found.value)), "the answer does not do"
        assert round(found.value, solution.digits) == found.value, "no whole step"
        assert abs(found.value - start - found.difference) < 1e-8
        assert (found.difference > 0) == moves_up
        less = round(found.value - solution.step * (1 if moves_up else -1), solution.digits)
        if (less > start) == moves_up and less != start:
            assert not case.reached(case.with_lever(less)), "one step less does too"
    elif found.kind == CANNOT:
        assert not case.reached(case.inputs)
        most = (MOST_STEPS if solution.inverse.divisor is None else MOST_STEPS_BELOW) * solution.step
        for step in [*FAR, *map(float, range(120)), found.limit or 0.0]:
            value = round(start + step * solution.step * (1 if moves_up else -1), solution.digits)
            assert abs(value) > most or not case.reached(case.with_lever(value)), f"{value} would do"
    else:
        assert found.kind == MISSING
        powered = case.power is not None and case.band.edge <= 0
        assert found.reason == POLE or case.kpi.values[case.segment].outcome(case.inputs)[0] != 1 or powered


@pytest.mark.parametrize("seed", range(4))
def test_every_lever_every_band_by_chance(seed, compared):
    kinds: dict[str, int] = {}
    for solution, case in shipped_cases(seed, 40):
        found = case.answer(solution)
        judge(case, solution, found)
        kinds[found.kind] = kinds.get(found.kind, 0) + 1
    assert min(kinds.get(kind, 0) for kind in (MISSING, REACHED, CANNOT, CHANGE)) > 200, kinds
    compared["what-it-takes judged"] = compared.get("what-it-takes judged", 0) + sum(kinds.values())


def test_fractions_agree(compared):
    """The same with exact fractions: nothing hangs on the rounding of the machine."""
    tried = 0
    for solution, case in shipped_cases(99, 30):
        found = case.answer(solution)
        if case.power is not None or case.lever.input in case.kpi.values[case.segment].ranges or found.kind == MISSING:
            continue
        assert exactly_reached(case, case.inputs) == (found.kind == REACHED)
        if found.kind == CHANGE:
            assert exactly_reached(case, case.with_lever(found.value))
            back = solution.step * (-1 if found.difference > 0 else 1)
            less = round(found.value + back, solution.digits)
            if (less - case.inputs[case.lever.input]) * found.difference > 0:
                assert not exactly_reached(case, case.with_lever(less))
        tried += 1
    assert tried > 5000
    compared["what-it-takes by fractions"] = tried


def test_every_small_survey_and_whole_edge():
    vertical = xlkpi.load().verticals["remote-resume-writing"]
    kpi = vertical.kpis["client_satisfaction"]
    solution = solve(vertical, kpi, "", kpi.levers[""][0])
    for whole, edge, operator in itertools.product((1, 2, 3, 7, 30, 50), range(0, 104, 3), (">=", ">")):
        band = Band(1, operator, float(edge))
        first = next((k for k in range(whole + 1) if band.holds(k / whole * 100)), None)
        for part in range(whole + 1):
            found = solution.needed({"satisfied_clients": part, "surveyed_clients": whole}, band)
            if first is None:
                assert (found.kind, found.reason, found.limit) == (CANNOT, LIMIT, whole)
            elif part >= first:
                assert found.kind == REACHED
            else:
                assert (found.kind, found.value, found.difference) == (CHANGE, first, first - part)


def test_a_compounded_month_is_compared_as_the_core_does():
    tried = 0
    for solution, case in shipped_cases(7, 60):
        if case.power not in (3.0, 12.0):
            continue
        period = {3.0: "quarter", 12.0: "year"}[case.power]
        kpi = replace(case.kpi, benchmark=replace(case.kpi.benchmark, period=period, period_matters=True))
        found = case.answer(solution)
        if found.kind == CHANGE:
            _, figure = case.kpi.values[case.segment].outcome(case.with_lever(found.value))
            assert case.band.holds(comparable_as_the_core(kpi, figure, case.power))
            tried += 1
    assert tried > 300


# -- formulas of every shape, by trying each step in turn ------------------------------------------------

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
    ("m / (k / x)", "up"), ("(k - m) / x", "down"), ("(x - k) / (m - x)", "up"), ("m * (x / (x + k) - 1)", "up"),
    ("(1 - x / (x + k)) * 10", "up"), ("(k * x + m) / (x * m + 1)", "up"), ("-x / (-x - k)", "up"),
]  # fmt: skip
ENDS = [(), ("x <= k",), ("k <= x",), ("x + m <= k",), ("2 * x <= k", "x <= 3"), ("k - x >= m",)]
SPAN = 60


def scanned(case: Case, solution, moves_up: bool) -> float | None | str:
    """The first step that does, of all that are possible, or that nothing within sight does."""
    start = case.inputs["x"]
    for place in range(1, SPAN + 1):
        value = start + place * (1 if moves_up else -1)
        if case.reached(case.with_lever(value)):
            return value
    return None


@pytest.mark.parametrize("better", ["higher", "lower", "range"])
def test_formulas_of_every_shape_by_trying_each_step(better, compared):
    chance = random.Random(better)
    kinds: dict[str, int] = {}
    for (formula, step), ends in itertools.product(SHAPES, ENDS):
        if not {n for e in ends for n in ("k", "m") if n in e} <= set(formula):
            continue
        vertical, kpi, lever = made(formula, "count:things", better, "x", step, ends)
        solution = solve(vertical, kpi, "", lever)
        for _ in range(40):
            inputs = {name: chance.randint(0, 12) for name in kpi.values[""].arguments}
            now = kpi.values[""].row(inputs)
            edge = float(chance.choice((chance.randint(-3, 12), chance.randint(0, 100), round(chance.uniform(0, 9), 2))))
            if chance.random() < 0.3 and isinstance(now, float):
                edge = round(now, 9)
            band = target_band(kpi, edge, edge + chance.choice((0, 0.5, 3, 20)))
            if better != "range" and chance.random() < 0.5:
                band = replace(band, operator=band.operator[0])
            case = Case(vertical, kpi, "", lever, inputs, band)
            found = case.answer(solution)
            judge_shape(case, solution, found, step)
            kinds[found.kind + found.reason] = kinds.get(found.kind + found.reason, 0) + 1
    assert {CHANGE, REACHED, MISSING, CANNOT + LIMIT, CANNOT + FLAT, CANNOT + CAPPED, MISSING + POLE} <= set(kinds), kinds
    assert (CANNOT + NARROW in kinds) == (better == "range")
    compared["what-it-takes by trying"] = compared.get("what-it-takes by trying", 0) + sum(kinds.values())


def judge_shape(case: Case, solution, found, step: str) -> None:
    if found.kind == MISSING:
        assert found.reason == POLE or case.kpi.values[""].outcome(case.inputs)[0] != 1
        assert found.reason != POLE or solution.inverse.divisor is not None
        return
    if case.reached(case.inputs):
        assert found.kind == REACHED
        return
    figure = case.figure(case.inputs)
    above = case.band.upper is not None and figure > case.band.upper
    first = scanned(case, solution, (step == "up") != above)
    if found.kind == CHANGE:
        if abs(found.difference) <= SPAN:
            assert first == found.value
        else:
            assert first is None
            judge(case, solution, found)
    else:
        assert found.kind == CANNOT
        assert first is None


@pytest.mark.parametrize(
    "formula, why",
    [
        ("x ** 2", r"stands in \*\*"),
        ("k ** x", r"stands in \*\*"),
        ("abs(x - k)", "abs, which cannot"),
        ("round(x / k)", "round, which cannot"),
        ("if_(x > k, x, k)", "if_, which cannot"),
        ("x * x", "higher degree"),
        ("x / (x + k) * x", "higher degree"),
        ("x / (x + k) + x / (x + m)", "higher degree"),
        ("x + k / x", "higher degree"),
        ("min(x, k) + x", "min, which cannot"),
        ("min(x, k - x)", "min, which cannot"),
        ("x - x + k", "no effect"),
        ("x * 0 + k", "no effect"),
        ("k * 2", "does not stand"),
    ],
)
def test_what_cannot_be_turned_round_says_why(formula, why):
    vertical, kpi, lever = made(formula + " + 0 * n", "ratio", "higher", "x") if "x" in formula else made("k*2+m*x", "ratio", "higher", "x")
    with pytest.raises(NotSolvableError, match=why):
        if "x" in formula:
            solve(vertical, kpi, "", lever)
        else:
            invert(kpi.values[""].formula, "z", Name("edge"))


@pytest.mark.parametrize("end", ["x < k", "x != k", "x * k <= m", "x / (x + 1) <= k", "abs(x) <= k", "x ** 2 <= k"])
def test_a_condition_that_is_no_limit_says_so(end):
    vertical, kpi, lever = made("x / k + m", "ratio", "higher", "x", "up", (end,))
    with pytest.raises(NotSolvableError):
        solve(vertical, kpi, "", lever)


def test_levers_that_are_none():
    vertical = xlkpi.load().verticals["career-mentoring"]
    kpi = vertical.kpis["client_satisfaction"]
    band = kpi.bands[""][0]
    with pytest.raises(NotSolvableError, match="names nothing"):
        needed(vertical, kpi, "", {}, band)
    with pytest.raises(NotSolvableError, match="does not stand"):
        solve(vertical, kpi, "", Lever("connections", "up"))
    with pytest.raises(NotSolvableError, match="only be added to"):
        solve(vertical, kpi, "", Lever("counts", "down"))
    with pytest.raises(NotSolvableError, match="only be added to"):
        solve(vertical, kpi, "", Lever("ratings", "up"))
    with pytest.raises(NotSolvableError, match="no ratio"):
        needed(vertical, vertical.kpis["client_retention"], "", {}, band, power=float("nan"))
    for formula in ("count(counts) + sum(counts)", "countif(counts >= 3) / sum(ratings)", "max(counts) + max(ratings)"):
        own, changed, lever = made(formula, {"ratings": "score", "counts": "count:answers"}, "higher", "counts")
        with pytest.raises(NotSolvableError, match="cannot be turned"):
            solve(own, changed, "", lever)
    own, changed, lever = made("k / m * x", "ratio", "lower", "x", "down")
    with pytest.raises(NotSolvableError, match="compounds"):
        solve(own, changed, "", lever, compound=True)


@pytest.mark.parametrize("better", ["higher", "lower"])
@pytest.mark.parametrize("name, key", [("career-mentoring", "client_satisfaction"), ("data-driven-career-coaching", "satisfaction_score")])
def test_more_answers_of_the_best_rating(name, key, better, compared):
    vertical = xlkpi.load().verticals[name]
    kpi = replace(vertical.kpis[key], better=better)
    lever = Lever("counts", "up")
    solution = solve(vertical, kpi, "", lever)
    chance = random.Random(key)
    kinds: dict[str, int] = {}
    for _ in range(400):
        inputs = chance_inputs(vertical, kpi, "", chance)
        for band in bands_to_try(kpi, "", chance):
            if better == "lower":
                band = replace(band, operator=band.operator.replace(">", "<"))
            case = Case(vertical, kpi, "", lever, inputs, band)
            found = case.answer(solution)
            judge(case, solution, found)
            kinds[found.kind] = kinds.get(found.kind, 0) + 1
    assert min(kinds.get(kind, 0) for kind in (REACHED, CANNOT, CHANGE)) > 50, kinds
    compared["what-it-takes judged"] = compared.get("what-it-takes judged", 0) + sum(kinds.values())


def test_figures_too_large_say_nothing():
    vertical, kpi, lever = made("x * k * m", "money", "higher", "x")
    for x, k, m in ((1.0, 1e300, 1e300), (1.0, -1e300, 1e300), (-1e200, 1e200, 1.0)):
        assert needed(vertical, kpi, "", {"x": x, "k": k, "m": m}, Band(1, ">=", 5.0)).kind == MISSING


def test_the_first_lever_of_the_catalogue_is_the_one_meant():
    vertical = xlkpi.load().verticals["remote-virtual-assistant-agency"]
    kpi = vertical.kpis["resolution_time"]
    found = needed(vertical, kpi, "", {"resolution_hours": 100, "resolved_requests": 30}, kpi.bands[""][1])
    assert (found.kind, found.value, found.difference, found.lever.input) == (CHANGE, 29.99, -70.01, "resolution_hours")
