"""How sure: intervals against an independent library, and against the answers written out one by one."""

from __future__ import annotations

import statistics
from dataclasses import replace

import pytest
from interval_cases import interval_cases, rows_with_an_interval, scores_row

import xlkpi
from xlkpi.formula import parse
from xlkpi.intervals import MEAN, WILSON, Interval, Z, excel_interval, interval, method
from xlkpi.model import Input, row_rule
from xlkpi.policy import GOOD
from xlkpi.texts import Text

PARTS = {  # what the articles' own facts call a part of its whole
    ("remote-career-coaching", "CSS"),
    ("data-driven-career-coaching", "CPSR"),
    ("career-mentoring", "CCAR"),
    ("remote-resume-writing", "CSS"),
    ("remote-resume-writing", "RBR"),
    ("remote-virtual-assistant-agency", "CSS"),
}


def close(left: float, right: float) -> bool:
    return abs(left - right) <= max(1e-9 * abs(right), 1e-11)


def test_shares_are_those_of_scipy(compared):
    stats = pytest.importorskip("scipy.stats")
    tried = 0
    for vertical, kpi, segment, inputs in interval_cases(1, 700):
        found = interval(vertical, kpi, segment, inputs)
        if method(vertical, kpi, segment).kind != WILSON or found is None:
            continue
        part, whole = inputs.values()
        theirs = stats.binomtest(part, whole).proportion_ci(0.95, method="wilson")
        assert close(found.low, theirs.low * 100), (part, whole)
        assert close(found.high, theirs.high * 100), (part, whole)
        assert (found.answers, found.few) == (whole, whole < 30)
        assert 0 <= found.low <= part / whole * 100 + 1e-9
        assert part / whole * 100 - 1e-9 <= found.high <= 100
        tried += 1
    assert tried > 3000
    compared["Wilson intervals compared with scipy"] = tried


def test_scores_are_those_of_the_answers_written_out(compared):
    stats = pytest.importorskip("scipy.stats")
    tried = 0
    for vertical, kpi, segment, inputs in interval_cases(2, 1500):
        found = interval(vertical, kpi, segment, inputs)
        if method(vertical, kpi, segment).kind != MEAN or found is None or found.answers > 2000:
            continue
        if "scores" in inputs:
            scores = [s for s in inputs["scores"] if s is not None and s != "n/a"]
            answers = [(round(s, 9) >= 9) - (round(s, 9) <= 6) for s in scores]
        else:
            answers = [1] * inputs["promoters"] + [0] * inputs["passives"] + [-1] * inputs["detractors"]
        mean, error = statistics.fmean(answers), (statistics.pvariance(answers) / len(answers)) ** 0.5
        low, high = stats.norm.interval(0.95, mean, error) if error else (mean, mean)
        assert abs(found.low - max(low * 100, -100)) < 1e-7
        assert abs(found.high - min(high * 100, 100)) < 1e-7
        assert found.answers == len(answers)
        tried += 1
    assert tried > 1500
    compared["score intervals compared with scipy"] = tried


def test_z_is_that_of_scipy():
    assert pytest.importorskip("scipy.stats").norm.ppf(0.975) == Z


def test_each_row_has_an_interval_or_none():
    """What is missing or impossible has none, and 30 answers are no longer few."""
    kinds = set()
    for vertical, kpi, segment, inputs in interval_cases(3, 400):
        state, _ = kpi.values[segment].outcome(inputs)
        assert (interval(vertical, kpi, segment, inputs) is None) == (state != GOOD)
        kinds.add(state)
    assert kinds == {-1, 0, 1, 2}
    assert Interval(0, 1, 29).few
    assert not Interval(0, 1, 30).few


def test_which_rows_have_one():
    """Those that the facts call parts of a whole, and the net promoter score from counts."""
    found = [(v.id, kpi.function.name, method(v, kpi, s).kind) for v, kpi, s in rows_with_an_interval()[:-1]]
    shares = [(vertical, function) for vertical, function, kind in found if kind == WILSON]
    assert [(vertical, function) for vertical, function, kind in found if kind == MEAN] == [
        ("remote-resume-writing", "NPS")
    ]
    assert sorted(shares) == sorted(PARTS)
    assert method(*scores_row(), "").kind == MEAN


UNITS = {"a": "count:answers", "b": "count:answers", "c": "count:answers", "s": "score", "t": "score"}


def made(formula: str, units, ends: tuple[str, ...]):
    """A row of any formula."""
    rule = row_rule(parse(formula), tuple(parse(end, condition=True) for end in ends), units)
    base = xlkpi.load().verticals["remote-resume-writing"]
    inputs = {name: Input(name, unit, "flow", Text({"en": name})) for name, unit in units.items()}
    kpi = replace(base.kpis["net_promoter"], values={"": rule})
    return replace(base, inputs=inputs), kpi


@pytest.mark.parametrize(
    "formula, ends, kind",
    [
        ("a / b * 100", ("a <= b",), WILSON),
        ("100 * (a / b)", ("a <= b",), WILSON),
        ("a / b * 100", ("b >= a",), WILSON),
        ("a / b * 100", (), None),
        ("a / b * 100", ("b <= a",), None),
        ("a / b * 10", ("a <= b",), None),
        ("a / b", ("a <= b",), None),
        ("a * b * 100", ("a <= b",), None),
        ("(a + 1) / b * 100", ("a <= b",), None),
        ("(a - b) / (a + b) * 100", (), MEAN),
        ("(a - b) / (a + c + b) * 100", (), MEAN),
        ("(a - b) / (c + (b + a)) * 100", (), MEAN),
        ("(a - b) / (a + c) * 100", (), None),
        ("(a - b) / b * 100", (), None),
        ("(a - b) / (a + b - c) * 100", (), None),
        ("(a - b) / (a + b + 1) * 100", (), None),
        ("(a - b) / (a + b + b) * 100", (), None),
        ("(a - b) / (a - b) * 100", (), None),
        ("(a - a) / (a + b) * 100", (), None),
        ("(a + b) / (a + b + c) * 100", (), None),
        ("(countif(s >= 9) - countif(s <= 6)) / count(s) * 100", (), MEAN),
        ("(countif(s >= 9) - countif(t <= 6)) / count(s) * 100", (), None),
        ("(countif(s >= 9) - a) / count(s) * 100", (), None),
        ("(countif(s >= 9) - countif(s <= 6)) / sum(s) * 100", (), None),
    ],
)
def test_the_method_is_read_off_the_formula(formula, ends, kind):
    vertical, kpi = made(formula, UNITS, ends)
    found = method(vertical, kpi, "")
    assert (found and found.kind) == kind
    if kind is None:
        assert interval(vertical, kpi, "", dict.fromkeys("abc", 5)) is None
        assert excel_interval(vertical, kpi, "", {}, "A1") is None


@pytest.mark.parametrize("unit", ["hours", "money", "percent"])
def test_shares_of_what_is_not_counted_are_no_sample(unit):
    assert method(*made("a / b * 100", {"a": unit, "b": unit}, ("a <= b",)), "") is None
    assert method(*made("(a - b) / (a + b) * 100", {"a": unit, "b": unit}, ()), "") is None
