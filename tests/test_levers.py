"""What it takes: put the answer in and the band is reached, with one step less it is not."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from lever_cases import (
    LEAPING,
    TALLIES,
    Case,
    cases_of,
    comparable_as_the_core,
    compound_cases,
    exactly_reached,
    made,
    made_cases,
    shipped_cases,
    tally_cases,
)
from trades import EXAMPLES

import xlkpi
from xlkpi.formula import parse
from xlkpi.inversion import NotSolvableError, invert
from xlkpi.levers import (
    CANNOT,
    CAPPED,
    CHANGE,
    FLAT,
    LIMIT,
    MISSING,
    MOST_STEPS,
    MOST_STEPS_BELOW,
    NARROW,
    POLE,
    REACHED,
    needed,
    solve,
)
from xlkpi.model import Band, Lever
from xlkpi.notation import to_text
from xlkpi.tree import Name

FAR = [10.0**power for power in range(15)]


def is_seen(case: Case, value: float, other: float) -> bool:
    """Whether a step of the lever moves the figure so far that a comparison sees it; see :mod:`xlkpi.levers`."""
    figures = [case.figure(case.with_lever(each)) for each in (value, other)]
    return None in figures or abs(figures[0] - figures[1]) > 1e-9


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
        assert abs(found.value - start - found.difference) < max(1e-8, 1e-15 * abs(found.value))
        assert (found.difference > 0) == moves_up
        less = round(found.value - solution.step * (1 if moves_up else -1), solution.digits)
        if (less > start) == moves_up and less != start and is_seen(case, found.value, less):
            assert not case.reached(case.with_lever(less)), "one step less does too"
    elif found.kind == CANNOT:
        assert not case.reached(case.inputs)
        most = (MOST_STEPS if solution.inverse.divisor is None else MOST_STEPS_BELOW) * solution.step
        if found.reason == NARROW and not is_seen(case, start, start + solution.step):
            return
        for step in [*FAR, *map(float, range(120)), abs(found.limit or 0.0)]:
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


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_lever_of_an_example_by_chance(every, name, compared):
    """Among them ranges, which are come to from both sides."""
    kinds: dict[str, int] = {}
    sides = {True: 0, False: 0}
    for solution, case in cases_of([every.verticals[name]], 7, 40):
        found = case.answer(solution)
        judge(case, solution, found)
        kinds[found.kind] = kinds.get(found.kind, 0) + 1
        if found.kind == CHANGE and case.band.upper is not None:
            sides[found.difference > 0] += 1
    assert min(kinds.get(kind, 0) for kind in (REACHED, CANNOT, CHANGE)) > 40, kinds
    assert min(sides.values()) > 40, sides
    compared["what-it-takes judged"] = compared.get("what-it-takes judged", 0) + sum(kinds.values())


def test_a_factor_in_a_limit_must_be_one_that_is_never_below_zero():
    shape = ("k / (x * m) * 100", "higher", "x", "down", ("k <= x * m",))
    vertical, kpi, lever = made(shape[0], "count:things", *shape[1:])
    found = solve(vertical, kpi, "", lever)
    assert to_text(found.down.tree) == "max(k / m, 0)"
    vertical, kpi, lever = made(shape[0], "money", *shape[1:])
    with pytest.raises(NotSolvableError, match="no plain limit of x"):
        solve(vertical, kpi, "", lever)


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


def test_rates_below_zero_do_not_compound():
    kinds: dict[str, int] = {}
    for solution, case in compound_cases(600):
        found = case.answer(solution)
        judge(case, solution, found)
        assert (found.kind == MISSING) == (case.band.edge <= 0)
        kinds[found.kind] = kinds.get(found.kind, 0) + 1
    assert min(kinds[kind] for kind in (MISSING, REACHED, CHANGE)) > 50


# -- formulas of every shape, by trying each step in turn ------------------------------------------------

SPAN = 60


def scanned(case: Case, solution, moves_up: bool) -> float | str | None:
    """The first step that does, of all that are possible, or that nothing within sight does."""
    start = case.inputs["x"]
    for place in range(1, SPAN + 1):
        value = start + place * (1 if moves_up else -1)
        if case.reached(case.with_lever(value)):
            return value
    return None


@pytest.mark.parametrize("better", ["higher", "lower", "range"])
def test_formulas_of_every_shape_by_trying_each_step(better, compared):
    kinds: dict[str, int] = {}
    for solution, case, step in made_cases(better, 40):
        found = case.answer(solution)
        judge_shape(case, solution, found, step)
        kinds[found.kind + found.reason] = kinds.get(found.kind + found.reason, 0) + 1
    assert {CHANGE, REACHED, MISSING, CANNOT + LIMIT, CANNOT + FLAT, CANNOT + CAPPED, MISSING + POLE} <= set(kinds), (
        kinds
    )
    assert (CANNOT + NARROW in kinds) == (better == "range")
    compared["what-it-takes by trying"] = compared.get("what-it-takes by trying", 0) + sum(kinds.values())


def judge_shape(case: Case, solution, found, step: str) -> None:
    if found.kind == MISSING:
        gone = found.reason == POLE or case.kpi.values[""].outcome(case.inputs)[0] != 1
        assert gone, to_text(case.kpi.values[""].formula)
        assert found.reason != POLE or to_text(case.kpi.values[""].formula) in LEAPING
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
        ("m / (k / x)", "below a fraction"),
        ("(1 / x) / ((x + 1) / x)", "below a fraction"),
        ("k / (m / x)", "below a fraction"),
        ("x / (x + k) - x / (x + k) / m", "higher degree"),
        ("min(x, k) + x", "min, which cannot"),
        ("min(x, k - x)", "min, which cannot"),
        ("x - x + k", "no effect"),
        ("x * 0 + k", "no effect"),
    ],
)
def test_what_cannot_be_turned_round_says_why(formula, why):
    vertical, kpi, lever = made(formula + " + 0 * n", "ratio", "higher", "x")
    with pytest.raises(NotSolvableError, match=why):
        solve(vertical, kpi, "", lever)


def test_a_name_that_is_not_there_says_so():
    with pytest.raises(NotSolvableError, match="does not stand"):
        invert(parse("k * 2"), "x", Name("edge"))


@pytest.mark.parametrize("end", ["x < k", "x != k", "x * k <= m", "x / (x + 1) <= k", "abs(x) <= k", "x ** 2 <= k"])
def test_a_condition_that_is_no_limit_says_so(end):
    vertical, kpi, lever = made("x / k + m", "ratio", "higher", "x", "up", (end,))
    with pytest.raises(NotSolvableError):
        solve(vertical, kpi, "", lever)


def test_levers_that_are_none():
    vertical = xlkpi.load().verticals["career-mentoring"]
    kpi = replace(vertical.kpis["client_satisfaction"], levers={})
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
@pytest.mark.parametrize("name, key", TALLIES)
def test_more_answers_of_the_best_rating(name, key, better, compared):
    kinds: dict[str, int] = {}
    for solution, case in tally_cases(name, key, better, 400):
        found = case.answer(solution)
        judge(case, solution, found)
        kinds[found.kind] = kinds.get(found.kind, 0) + 1
    assert min(kinds.get(kind, 0) for kind in (REACHED, CANNOT, CHANGE)) > 50, kinds
    compared["what-it-takes judged"] = compared.get("what-it-takes judged", 0) + sum(kinds.values())


def test_a_whole_that_lost_a_hair_is_still_whole():
    """2.9999999999999996 clients surveyed are three, as the conditions see them too."""
    vertical = xlkpi.load().verticals["remote-resume-writing"]
    kpi = vertical.kpis["client_satisfaction"]
    for whole in (3 - 4e-16, 3 + 4e-16):
        found = needed(vertical, kpi, "", {"satisfied_clients": 1, "surveyed_clients": whole}, Band(3, ">=", 99.0))
        assert (found.kind, found.value) == (CHANGE, 3)


def test_an_edge_that_is_only_ever_come_near_cannot_be_reached():
    """A hundred percent of x and a hair: the ninth decimal would let it pass, no solution is there."""
    vertical, kpi, _ = made("x / (x + k) * 100", "hours", "higher", "x")
    for hair, band in itertools.product(
        (1e-7, 1e-9), (Band(1, ">=", 100.0), Band(1, ">", 100.0), Band(1, ">=", 120.0))
    ):
        found = needed(vertical, kpi, "", {"x": 0.0, "k": hair}, band)
        assert (found.kind, found.reason) == (CANNOT, LIMIT)


def test_figures_too_large_say_nothing():
    vertical, kpi, _ = made("x * k * m", "money", "higher", "x")
    for x, k, m in ((1.0, 1e300, 1e300), (1.0, -1e300, 1e300), (-1e200, 1e200, 1.0)):
        assert needed(vertical, kpi, "", {"x": x, "k": k, "m": m}, Band(1, ">=", 5.0)).kind == MISSING


def test_the_first_lever_of_the_catalogue_is_the_one_meant():
    vertical = xlkpi.load().verticals["remote-virtual-assistant-agency"]
    kpi = vertical.kpis["resolution_time"]
    found = needed(vertical, kpi, "", {"resolution_hours": 100, "resolved_requests": 30}, kpi.bands[""][1])
    assert (found.kind, found.value, found.difference, found.lever.input) == (CHANGE, 29.99, -70.01, "resolution_hours")
