"""The examples of other trades: made by the means of a user, and held against the same tests as the shipped five.

The tests of other modules are called as they stand, with the examples beside the shipped catalogue. Engines, levers,
kinds of cells, colours and round trips take the examples in among their own lists.
"""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import sheets
import test_check_sheet
import test_chosen
import test_hosts
import test_lite
import test_log
import test_read
import test_roll
import test_trends
import test_verify
import test_workbook
from engines import IronBook, by_ironcalc, formulas
from filled import read
from host_table import call
from test_engines import compare
from test_lambdas import ask, wrong
from trades import EXAMPLES, FILES

import xlkpi
from xlkpi.addin.bundle import bundle
from xlkpi.catalogue import check
from xlkpi.chosen import MISSED, REACHED
from xlkpi.model import Catalogue, Kpi, Vertical
from xlkpi.names import LANGUAGES
from xlkpi.series import Settings
from xlkpi.workbook import build, file_name
from xlkpi.workbook.hosts import HOSTS
from xlkpi.workbook.next_steps import HEADER
from xlkpi.workbook.roll import roll
from xlkpi.workbook.sample import sample_figures
from xlkpi.workbook.verify import verify_filled

PAIRS = [*itertools.product(EXAMPLES, LANGUAGES)]
ONE_EACH = [(name, LANGUAGES[place]) for place, name in enumerate(EXAMPLES)]
PRACTICE, USE = "bookkeeping-practice", "utilisation"


@pytest.fixture(scope="module")
def books(every: Catalogue) -> dict[tuple[str, str, bool], bytes]:
    """Every template and sample, built once."""
    return {
        (name, language, sample): build(every, every.verticals[name], language, sample=sample)
        for (name, language), sample in itertools.product(PAIRS, (False, True))
    }


# -- the files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=EXAMPLES)
def test_check_has_nothing_to_say_but_that_nobody_measured_the_thresholds(file: Path):
    assert [(found.severity, found.what) for found in check(file)] == [("warning", "The benchmarks have no source.")]


def test_they_load_together_and_each_kpi_has_an_example_and_says_where_its_thresholds_come_from(every: Catalogue):
    for name in EXAMPLES:
        kpis = every.verticals[name].kpis
        assert 6 <= len(kpis) <= 9
        for kpi in kpis.values():
            assert kpi.example is not None
            assert all(kpi.levers[segment] for segment in kpi.segments)
            assert kpi.benchmark.note.keys() == set(LANGUAGES)
            assert not any(kpi.bands.values()) or "measured nowhere" in kpi.benchmark.note["en"]


def test_they_stretch_the_language(every: Catalogue):
    verticals = [every.verticals[name] for name in EXAMPLES]
    kpis = [kpi for vertical in verticals for kpi in vertical.kpis.values()]
    assert {kpi.better for kpi in kpis} == {"higher", "lower", "range"}
    assert {item.kind for vertical in verticals for item in vertical.inputs.values()} == {
        "flow", "opening", "closing", "constant", "tally",
    }  # fmt: skip
    assert {"inputs", "compound"} == {kpi.year for kpi in kpis}
    assert {"percent", "days", "money", "score", "hours", "points"} == {kpi.unit for kpi in kpis}
    assert any(len(kpi.segments) > 1 and kpi.better == "range" for kpi in kpis)


def test_the_readme_builds_every_example():
    text = (FILES[0].parent / "README.md").read_text("utf-8")
    assert re.findall(r"^xlkpi build examples/([\w-]+)\.toml", text, re.M) == EXAMPLES


@pytest.mark.parametrize("name", EXAMPLES)
def test_sample_figures_are_those_of_such_a_business(every: Catalogue, name):
    """No share leaves 0 to 100, no month has more or fewer days than there are, and no count is near to nothing."""
    vertical = every.verticals[name]
    figures = sample_figures(vertical)
    used = xlkpi.used.used_inputs(vertical, figures)
    for kpi, segment in vertical.rows():
        months = xlkpi.series.series(vertical, kpi, segment, used).months
        shown = [figure for figure in months if figure is not None]
        assert len(shown) >= 10
        assert all(isinstance(figure, float) for figure in shown), (kpi.id, shown)
        if kpi.unit == "percent" and kpi.id != "realisation":
            assert all(0 <= figure <= 100 for figure in shown), (kpi.id, shown)
    assert not figures.get("calendar_days") or set(figures["calendar_days"]) == {30.0, None}
    for kpi, segment in vertical.rows():
        given = kpi.example.inputs
        for own in kpi.values[segment].arguments:
            usual = given.get(own)
            cells = [cell for cell in figures.get(own, []) if isinstance(cell, float) and cell]
            if isinstance(usual, (int, float)) and cells and own not in [lever.input for lever in kpi.levers[segment]]:
                assert max(cells) < 3 * usual, (own, cells)


# -- the tests of the shipped five ----------------------------------------------------------------------


@pytest.mark.parametrize("name, language", PAIRS)
def test_files_are_valid_and_say_who_they_are(every, books, name, language, tmp_path):
    test_workbook.test_every_file_is_valid(books, name, language, tmp_path)
    test_workbook.test_our_own_lint_finds_nothing(books, name, language)
    test_workbook.test_sheets_have_titles_in_the_language_and_say_who_they_are(every, books, name, language)
    test_workbook.test_every_input_cell_is_checked_with_a_message_in_the_language(every, books, name, language)


@pytest.mark.node
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_validator_of_microsoft_finds_nothing(every, name, tmp_path):
    test_workbook.test_the_validator_of_microsoft_finds_nothing(every, name, tmp_path)


@pytest.mark.parametrize("name", EXAMPLES)
def test_templates_are_empty_and_samples_show_every_band(every, books, name):
    test_workbook.test_an_empty_template_shows_no_error_and_no_figure(books, name)
    test_workbook.test_the_sample_shows_every_band_an_empty_month_and_nothing_to_measure(every, books, name)


@pytest.mark.parametrize("name, language", ONE_EACH)
def test_sheets_of_checks_and_verify_find_no_fault(every, name, language):
    test_check_sheet.test_a_workbook_without_a_mistake_is_in_order(every, name, language)
    test_check_sheet.test_every_formula_is_watched_but_those_that_watch(every, name, language)
    test_verify.test_nothing_is_said_of_clean_files(every, name, language)
    test_verify.test_a_sample_has_its_empty_month_and_no_other_fault(every, name)
    for host in HOSTS[1:]:
        test_verify.test_nothing_is_said_of_clean_files_for_a_host(every, name, host)


@pytest.mark.parametrize("name, language", ONE_EACH)
def test_what_was_typed_comes_back_and_is_carried_on(every, name, language):
    test_read.test_what_was_typed_comes_back(every, name, language)
    test_roll.test_a_full_year_is_carried_on(every, name, language)


@pytest.mark.parametrize("name, language", ONE_EACH)
def test_charts_show_what_they_say(every, name, language):
    test_trends.test_each_row_has_a_chart_with_its_lines_in_the_language(every, name, language)
    test_trends.test_lines_plot_the_figures_and_keep_what_they_show(every, name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_workbooks_that_call_the_functions_are_those_that_do_not(every, name):
    test_hosts.test_every_month_of_every_kpi_calls(every, name)
    for host in test_hosts.CALLING:
        test_hosts.test_a_cell_calls_the_function_under_the_guards_of_a_plain_one(every, name, host)
        test_hosts.test_our_own_lint_finds_nothing(every, name, host)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_log_changes_no_kpi(every, name):
    test_log.test_a_log_moves_no_cell_to_type_in_and_changes_no_kpi(every, name)


def worked_examples(vertical: Vertical):
    for kpi in vertical.kpis.values():
        given = [kpi.example.inputs[argument.id] for argument in kpi.function.arguments]
        rows = [[[cell] for cell in each] if isinstance(each, list) else each for each in given]
        yield kpi, call(kpi.function.name, rows, kpi.example.gives)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_named_lambdas_give_the_worked_examples(every, name, tmp_path):
    vertical = every.verticals[name]
    calls = [each for _, each in worked_examples(vertical)]
    assert wrong(calls, ask(calls, list(vertical.functions.values()), tmp_path)) == []


def test_the_add_in_gives_the_worked_examples_and_their_bands(every):
    module = test_lite.run_as_lite_does(bundle(every), "main_examples")
    for name in EXAMPLES:
        for kpi, each in worked_examples(every.verticals[name]):
            given = [rows if rows is not None else [[None]] for rows in each.arguments]
            ((found,),) = getattr(module, each.name)(*given)
            assert found == pytest.approx(kpi.example.gives, rel=1e-9)
            segment = next(iter(kpi.segments))
            rating = kpi.rate(found, segment, "fr")
            said = module.kpiband(name, kpi.id, found, segment or None, "fr")
            assert said == [[rating.word if rating else "#N/A"]]
    assert module.kpiband(PRACTICE, USE, 97) == [["Outside the benchmark"]]
    assert module.kpithreshold(PRACTICE, USE, "exceptional") == [[70.0, 80.0]]
    assert module.kpinext(PRACTICE, USE, 97) == [[7.0]]


def test_a_rate_below_one_percent_is_no_fraction_where_its_file_knows_such(every):
    """A threshold of 0.5 % is meant where the worked example gives 0.9 %, and 0.85 is not where it gives 98."""
    vertical = every.verticals[PRACTICE]
    own = Settings(targets={"correction_rate": 0.4, "largest_client": 0.1})
    data = build(every, vertical, "en", test_check_sheet.full_year(vertical), own)
    said = {label: words for label, (_, words) in test_check_sheet.lines(data).items() if words}
    fraction = "Between 0 and 1: for 85% type 85, not 0.85."
    assert said.get("Share of the largest client", "").startswith(fraction)
    assert "Correction rate" not in said
    assert [found.what for found in verify_filled(read(data))] == [fraction]


# -- a range that is best ---------------------------------------------------------------------------------

# billable hours of 100 | own target, its end | verdict | goal's words | its edge | by how many hours
RANGES = [
    (50, None, None, 0, "Next: Typical, at least", 60, 10),
    (95, None, None, 0, "Next: Typical, at most", 90, -5),
    (63, None, None, 1, "Next: Above average, at least", 65, 2),
    (88, None, None, 1, "Next: Above average, at most", 85, -3),
    (68, None, None, 2, "Next: Exceptional, at least", 70, 2),
    (83, None, None, 2, "Next: Exceptional, at most", 80, -3),
    (75, None, None, 3, "Best band reached", "", ""),
    (50, 72, None, MISSED, "Your target, at least", 72, 22),
    (95, 72, None, REACHED, "Your target, at least", 72, ""),
    (95, 72, 78, MISSED, "Your target, at most", 78, -17),
    (71, 72, 78, MISSED, "Your target, at least", 72, 1),
    (78, 72, 78, REACHED, "Your target, at least", 72, ""),
    (75, None, 78, 3, "Best band reached", "", ""),  # an end alone is no target
    (75, 78, 72, MISSED, "Your target, at most", "either", ""),  # nothing lies in a target that is turned round
]


def practice(every: Catalogue, hours: float, start: float | None, end: float | None) -> bytes:
    own = Settings(
        targets={} if start is None else {USE: start}, period="1", target_ends={} if end is None else {USE: end}
    )
    typed = {"billable_hours": [hours], "available_hours": [100]}
    return build(every, every.verticals[PRACTICE], "en", typed, own)


@pytest.mark.parametrize("hours, start, end, verdict, goal, edge, more", RANGES)
def test_a_range_is_come_to_from_both_sides(every, hours, start, end, verdict, goal, edge, more, tmp_path):
    data = practice(every, hours, start, end)
    compare("IronCalc", data, by_ironcalc, tmp_path, {})
    found, steps = formulas(data), HEADER + 1
    row = test_chosen.calc_rows(data)[f"{USE}: chosen"]
    assert found["Calc", f"V{row}"].cached == verdict
    own = {letter: found["Next steps", f"{letter}{steps}"].cached for letter in "DEFI"}
    if edge != "either":
        assert (own["E"], own["F"], own["I"]) == (goal, edge, more)
    assert own["I"] == more
    if verdict == 0:
        assert own["D"].endswith("Outside the benchmark")


def test_a_target_has_two_marks_on_its_bar_and_two_lines_on_its_chart(every):
    data = practice(every, 95, 72, 78)
    row = test_chosen.calc_rows(data)[f"{USE}: chosen"]
    bar = [
        each.cached
        for (sheet, _), each in formulas(data).items()
        if sheet == "Dashboard" and f"Calc!$AA${row}=" in each.text
    ]
    assert len(bar) == 20
    assert sum(code % 40 >= 10 for code in bar if isinstance(code, (int, float))) >= 3, "two ends and the figure"
    chart = test_trends.charts(data)[0]
    space = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    names = [each.text for each in chart.findall(f".//{space}ser/{space}tx/{space}v")]
    assert [name for name in names if name.startswith("Your target")] == ["Your target", "Your target …"]
    left_out = {int(each.find(f"{space}idx").get("val")) for each in chart.iter(f"{space}legendEntry")}
    assert left_out == {place for place, name in enumerate(names) if name.endswith("…") or name == " "}


def test_the_ends_of_a_target_are_read_and_carried_on(every):
    data = practice(every, 95, 72.5, 78.25)
    filled = read(data)
    assert (filled.settings.targets, filled.settings.target_ends) == ({USE: 72.5}, {USE: 78.25})
    assert verify_filled(filled) == []
    again = read(roll(filled).data)
    assert (again.settings.targets, again.settings.target_ends) == ({USE: 72.5}, {USE: 78.25})


@pytest.mark.parametrize("start, end", [(80, 70), (None, 70)])
def test_a_target_that_ends_before_it_begins_is_pointed_out(every, start, end):
    data = practice(every, 75, start, end)
    (found,) = verify_filled(read(data))
    assert (found.sheet, found.what) == ("Benchmarks", "Your target ends before it begins, or has an end alone.")
    said = test_check_sheet.lines(data)["Utilisation of the staff"]
    assert said[1] == "Your target ends before it begins, or has an end alone."


def test_each_end_that_a_user_types_counts_at_once(every, tmp_path):
    """The cells of the target, filled in a spreadsheet engine as a user fills them."""
    data = build(
        every, every.verticals[PRACTICE], "en", {"billable_hours": [95], "available_hours": [100]}, Settings(period="1"),
        lambdas=False,
    )  # fmt: skip
    book, row = IronBook(data, tmp_path), test_chosen.calc_rows(data)[f"{USE}: chosen"]
    names = openpyxl.load_workbook(io.BytesIO(data)).defined_names
    start, end = (
        names[f"{kind}_{USE}"].attr_text.rpartition("!")[2].replace("$", "") for kind in ("target", "targetend")
    )
    seen = []
    for cells in ({start: "72"}, {end: "78"}, {end: "95"}, {start: ""}):
        book.type(sheets.title("benchmarks"), cells)
        seen.append(book.see("Calc", f"V{row}"))
    assert seen == [REACHED, MISSED, REACHED, 0]


def test_words_of_a_range_differ_in_the_lowest_level_alone(every):
    kpi: Kpi = every.verticals[PRACTICE].kpis[USE]
    lower = replace(kpi, better="lower")
    assert kpi.words[0]["en"] == "Outside the benchmark"
    assert kpi.words[1:] == lower.words[1:]
    assert kpi.rate(97, language="pt").word == "Fora da referência"


def test_file_names_are_those_of_the_files(every):
    assert [file_name(every.verticals[name], "en") for name in EXAMPLES] == [f"{name}.en.xlsx" for name in EXAMPLES]
