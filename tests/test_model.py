"""Levels, ratings and distances; years and periods; all figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xlkpi.errors import ImpossibleInputError, KpiError
from xlkpi.model import Band
from xlkpi.series import Settings, series, typical_month
from xlkpi.used import used_inputs

# vertical, kpi, figure, level, word, distance to the next band
LEVELS = [
    ("remote-career-coaching", "CRFCPC", 19.9, 0, "Below the benchmark", 0.1),
    ("remote-career-coaching", "CRFCPC", 20, 1, "Typical", 20),
    ("remote-career-coaching", "CRFCPC", 40, 2, "Above average", 20.1),
    ("remote-career-coaching", "CRFCPC", 60, 2, "Above average", 0.1),
    ("remote-career-coaching", "CRFCPC", 60.000000001, 3, "Exceptional", None),
    ("remote-career-coaching", "CRFCPC", 60.0000000004, 2, "Above average", 0.1),
    ("remote-career-coaching", "CRFCPC", 58 / 100 * 100 + 2, 2, "Above average", 0.1),
    ("remote-career-coaching", "ATACM", 9, 0, "Below the benchmark", 1),
    ("remote-career-coaching", "ATACM", 8, 1, "Typical", 3),
    ("remote-career-coaching", "ATACM", 3, 3, "Exceptional", None),
    ("career-mentoring", "ATACM", 3, 2, "Above average", 0.1),
    ("career-mentoring", "ATACM", 2.99, 3, "Exceptional", None),
    ("remote-virtual-assistant-agency", "ART", 1, 1, "Typical", 0.01),
    ("remote-virtual-assistant-agency", "ART", 0.5, 2, "Above average", 0.01),
    ("remote-virtual-assistant-agency", "CRR", 90, 1, "Typical", 0.1),
    ("remote-virtual-assistant-agency", "CRR", 74, 0, "Below the benchmark", 1),
    ("remote-virtual-assistant-agency", "SDI", 0.255, 1, "Typical", 0.005),
    ("remote-resume-writing", "RTT", 48, 2, "Above average", 0.01),
    ("remote-resume-writing", "NPS", -100, 0, "Below the benchmark", 130),
]


def kpi_of(catalogue, vertical, function):
    return next(k for k in catalogue.verticals[vertical].kpis.values() if k.function.name == function)


@pytest.mark.parametrize("vertical, function, figure, level, word, distance", LEVELS)
def test_levels_words_and_distances(catalogue, vertical, function, figure, level, word, distance):
    kpi = kpi_of(catalogue, vertical, function)
    assert kpi.rate(figure) == (level, word)
    assert kpi.next(figure) == (None if distance is None else pytest.approx(distance, abs=1e-6))


def test_the_next_band_is_entered_by_its_distance(catalogue):
    for vertical in catalogue.verticals.values():
        for kpi, segment in vertical.rows():
            for band in kpi.bands.get(segment, ()):
                for figure in (band.edge, band.edge - 1, band.edge + 1):
                    distance = kpi.next(figure, segment)
                    if distance is None:
                        continue
                    moved = figure - distance if kpi.better == "lower" else figure + distance
                    assert kpi.level(moved, segment) > kpi.level(figure, segment)


def test_words_in_other_languages(catalogue):
    kpi = kpi_of(catalogue, "remote-career-coaching", "CSS")
    assert kpi.rate(95, language="fr").word == "Exceptionnel"
    assert kpi.rate(10, language="pt").word == "Abaixo da referência"


def test_a_kpi_without_bands_has_no_level(catalogue):
    kpi = kpi_of(catalogue, "data-driven-career-coaching", "UEL")
    assert kpi.rate(35) is None
    assert kpi.next(35) is None


def test_a_segment_must_be_named_where_there_are_several(catalogue):
    kpi = kpi_of(catalogue, "data-driven-career-coaching", "SAIR")
    assert kpi.rate(30, "individual").level == 2
    assert kpi.rate(29.9, "corporate").level == 1
    for wrong in (None, "others"):
        with pytest.raises(KpiError) as caught:
            kpi.rate(30, wrong)
        assert caught.value.code == "#N/A"


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), None, "85", True])
def test_a_level_needs_a_finite_number(catalogue, figure):
    with pytest.raises(KpiError):
        kpi_of(catalogue, "remote-career-coaching", "CSS").rate(figure)


RANGES = (Band(1, "..", 60, 90), Band(2, "..", 65, 85), Band(3, "..", 70, 80))


@pytest.mark.parametrize(
    "figure, level, distance",
    [
        (59.9999999, 0, 1e-7), (60, 1, 5), (64, 1, 1), (65, 2, 5), (70, 3, None), (75, 3, None), (80, 3, None),
        (80.0000001, 2, 1e-7), (85, 2, 5), (85.5, 1, 0.5), (90, 1, 5), (90.0000001, 0, 1e-7), (100, 0, 10),
        (80.0000000004, 3, None),
    ],
)  # fmt: skip
def test_bands_between_two_values(catalogue, figure, level, distance):
    kpi = replace(kpi_of(catalogue, "remote-career-coaching", "CSS"), better="range", bands={"": RANGES})
    assert kpi.level(figure) == level
    assert kpi.next(figure) == (None if distance is None else pytest.approx(distance, abs=1e-9))


# -- years and months --------------------------------------------------------------------------------


def row_of(catalogue, vertical_id, function, typed, settings=None, **changes):
    vertical = catalogue.verticals[vertical_id]
    kpi = kpi_of(catalogue, vertical_id, function)
    benchmark = changes.pop("benchmark", {})
    kpi = replace(kpi, benchmark=replace(kpi.benchmark, **benchmark), **changes)
    return series(vertical, kpi, "", used_inputs(vertical, typed), settings)


def test_a_year_is_made_of_its_inputs_not_of_averaged_percentages(catalogue):
    row = row_of(
        catalogue, "remote-career-coaching", "CSS",
        {"satisfied_clients": [1, 90, None, 0], "surveyed_clients": [10, 100, 50, 0]},
    )  # fmt: skip
    assert row.months[:4] == [10, 90, None, None]
    assert row.states[:5] == [1, 1, 0, 2, 0]
    assert row.counted == 3
    assert row.year == pytest.approx(91 / 110 * 100)


def test_one_impossible_month_makes_the_year_an_error(catalogue):
    row = row_of(
        catalogue, "remote-career-coaching", "CSS",
        {"satisfied_clients": [5, 11], "surveyed_clients": [10, 10]},
    )  # fmt: skip
    assert row.months[0] == 50
    assert isinstance(row.months[1], ImpossibleInputError)
    assert isinstance(row.year, ImpossibleInputError)
    assert row.levels[12] is None


RETENTION = {
    "end_clients": [20, 20, None, 20, 18, 18],
    "new_clients": [2, 2, 2, 2, 0, 0],
    "start_clients": [20, None, None, 20, None, None],
}


def test_retention_is_carried_on_and_multiplied_over_the_latest_unbroken_run(catalogue):
    row = row_of(catalogue, "remote-career-coaching", "CRR", RETENTION)
    assert row.months[:6] == [90, 90, None, 90, 90, 100]
    assert row.lengths[:6] == [1, 2, 0, 1, 2, 3]
    assert row.year == pytest.approx(81)
    assert row.counted == 5


def test_two_leaving_and_two_joining_each_month_is_no_negative_retention(catalogue):
    typed = {"end_clients": [20] * 12, "new_clients": [2] * 12, "start_clients": [20]}
    row = row_of(catalogue, "remote-career-coaching", "CRR", typed)
    assert row.year == pytest.approx(0.9**12 * 100)


@pytest.mark.parametrize(
    "period, monthly, yearly",
    [
        ("month", 90, 0.81 ** (1 / 2)),
        ("quarter", 0.9**3 * 100, 0.81 ** (3 / 2)),
        ("year", 0.9**12 * 100, 0.81**6),
    ],
)
def test_retention_is_brought_to_the_period_of_the_benchmark(catalogue, period, monthly, yearly):
    typed = {"end_clients": [18, 17], "new_clients": [0, 0.8], "start_clients": [20]}
    row = row_of(catalogue, "remote-career-coaching", "CRR", typed, benchmark={"period": period})
    assert row.months[:2] == [90, pytest.approx(90)]
    assert row.comparable[0] == pytest.approx(monthly)
    assert row.comparable[12] == pytest.approx(yearly * 100)


@pytest.mark.parametrize(
    "function, period, settings, edge",
    [
        ("CRR", "quarter", Settings(), 0.8 ** (1 / 3) * 100), ("CRR", "year", Settings(), 0.8 ** (1 / 12) * 100),
        ("CRR", "month", Settings(), 80), ("CRR", "", Settings(), 80), ("CSS", "", Settings(), 80),
        ("ARPU", "month", Settings("EUR", 0.5), 75), ("ARPU", "month", Settings("EUR"), None),
        ("ARPU", "year", Settings(), None), ("ARPU", "", Settings(), 150),
    ],
)  # fmt: skip
def test_where_typical_begins_for_a_month(catalogue, function, period, settings, edge):
    kpi = kpi_of(catalogue, "remote-career-coaching", function)
    kpi = replace(kpi, benchmark=replace(kpi.benchmark, period=period))
    assert typical_month(kpi, "", settings) == (None if edge is None else pytest.approx(edge))


def test_figures_of_another_period_have_no_level(catalogue):
    typed = {"repeat_clients": [50] * 12, "served_clients": [100] * 12}
    row = row_of(catalogue, "remote-resume-writing", "RBR", typed)
    assert row.levels == [None] * 12 + [1]
    some = row_of(catalogue, "remote-resume-writing", "RBR", {name: cells[:11] for name, cells in typed.items()})
    assert some.levels == [None] * 13, "eleven months are no year"
    month = row_of(catalogue, "remote-resume-writing", "RBR", typed, benchmark={"period": "month"})
    assert month.levels == [1] * 12 + [None]
    unstated = row_of(catalogue, "remote-resume-writing", "RBR", typed, benchmark={"period": ""})
    assert unstated.levels == [1] * 13


def test_money_needs_a_rate_in_another_currency(catalogue):
    typed = {"total_revenue": [2000] * 2, "active_users": [10] * 2}

    def level(settings):
        return row_of(catalogue, "remote-career-coaching", "ARPU", typed, settings).levels[0]

    assert level(Settings()) == 2
    assert level(Settings("usd ")) == 2
    assert level(Settings("EUR")) is None
    assert level(Settings("EUR", 0)) is None
    assert level(Settings("EUR", 0.5)) == 2 + 1
    assert level(Settings("BRL", 5)) == 0


def test_means_are_for_levels(catalogue):
    typed = {"trend_awareness": [80, 60], "guidance_success": [90, 60], "client_satisfaction": [85, 60]}
    row = row_of(catalogue, "data-driven-career-coaching", "MAI", typed)
    assert row.months[:3] == [85, 60, None]
    assert row.year == 72.5


def test_text_in_an_opening_is_missing_and_nothing_is_carried_in_its_place(catalogue):
    typed = {"end_clients": [20, 20], "new_clients": [0, 0], "start_clients": [20, "n/a"]}
    row = row_of(catalogue, "remote-career-coaching", "CRR", typed)
    assert row.months[:2] == [100, None]


def test_the_first_and_last_month_of_a_year_are_those_with_figures(catalogue):
    typed = {"new_attendance": [None, 60, None, 65, 80], "old_attendance": [None, 50, None, None, 70]}
    row = row_of(catalogue, "career-mentoring", "WAG", typed)
    assert row.states[:5] == [0, 1, 0, 0, 1]
    assert row.year == pytest.approx(60)
