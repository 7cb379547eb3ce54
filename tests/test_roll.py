"""The next year's workbook: what is carried on, what last year's figures are, and what is left behind."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from filled import full_year, place, read, resaved, with_cell

import xlkpi
from xlkpi.cli import main
from xlkpi.errors import KpiError
from xlkpi.logged import Entry
from xlkpi.names import HOSTS, LANGUAGES
from xlkpi.series import Settings, series
from xlkpi.used import used_inputs
from xlkpi.workbook import build
from xlkpi.workbook.finding import NOTE
from xlkpi.workbook.roll import Rolled, next_year, roll
from xlkpi.workbook.verify import verify_filled

VERTICALS = list(xlkpi.load().verticals)
CHOSEN = "remote-career-coaching"
UI = xlkpi.load().ui


@pytest.fixture(scope="module")
def coaching(catalogue):
    return catalogue.verticals[CHOSEN]


def rolled(data: bytes, language: str = "") -> Rolled:
    return roll(read(data), language)


def previous(result: Rolled) -> dict[str, list]:
    return {name: list(cells) for name, cells in read(result.data).settings.previous.items()}


def test_last_years_figures_worked_out_by_hand(catalogue, coaching):
    """Two months and the last: shares over sums, retention multiplied, money over user-months, months per client."""
    typed = {
        "satisfied_clients": [8, 9, *[None] * 9, 30],
        "surveyed_clients": [10, 15, *[None] * 9, 40],
        "start_clients": [20],
        "new_clients": [5, 6],
        "end_clients": [23, 24],
        "total_revenue": [1000, 3000],
        "active_users": [10, 10],
        "total_months": [12, 0],
        "milestone_clients": [4, 0],
    }
    found = previous(rolled(build(catalogue, coaching, "en", typed)))
    satisfaction = found["client_satisfaction"]
    assert satisfaction[0] == 75  # December alone: 30 of 40
    assert satisfaction[1] == 80  # January: 8 of 10
    assert satisfaction[2:12] == [pytest.approx(68)] * 10  # 17 of 25, and nothing since
    assert satisfaction[12] == pytest.approx(47 / 65 * 100)
    retention = found["client_retention"]
    assert retention[0] is None
    assert retention[1] == pytest.approx(90)  # (23 - 5) / 20
    assert retention[2:] == [pytest.approx(0.9 * (24 - 6) / 23 * 100)] * 11
    assert found["revenue_per_user"][:3] == [None, 100, 200]
    assert found["time_to_milestone"] == [None, 3, *[3] * 11]
    assert found["job_placement"] == [None] * 13


@pytest.mark.parametrize("vertical, language", [*zip(VERTICALS, itertools.cycle(LANGUAGES), strict=False)])
def test_a_full_year_is_carried_on(catalogue, vertical, language):
    chosen = catalogue.verticals[vertical]
    typed = full_year(chosen)
    targets = {f"{kpi.id}_{segment}" if segment else kpi.id: 7.5 for kpi, segment in chosen.rows()}
    constants = {item.id: (item.default or 0) + 3.5 for item in chosen.inputs.values() if item.kind == "constant"}
    typed |= {name: [value] for name, value in constants.items()}
    settings = Settings(targets=targets)
    old = build(catalogue, chosen, language, typed, settings, date(2026, 7, 1), lambdas=False)
    result = rolled(old)
    assert result.left == ()
    assert result.name == f"{vertical}.{language}.2027.xlsx"
    new = read(result.data)
    assert (new.start, new.language, new.host, new.lambdas, new.sample) == (
        date(2027, 7, 1),
        language,
        "plain",
        False,
        False,
    )
    assert new.settings.targets == targets
    used = used_inputs(chosen, typed)
    for kpi, segment in chosen.rows():
        row = series(chosen, kpi, segment, used)
        name = f"{kpi.id}_{segment}" if segment else kpi.id
        wanted = [row.months[-1], *[series(chosen, kpi, segment, until(used, month)).year for month in range(1, 13)]]
        assert new.settings.previous[name] == [pytest.approx(each) if each is not None else None for each in wanted]
    for item in chosen.inputs.values():
        if item.carry:
            assert new.typed[item.id] == [typed[item.carry][-1], *[None] * 11]
        elif item.id in constants:
            assert new.typed[item.id] == [constants[item.id]]
        elif not item.values:
            rows = new.typed[item.id] if item.kind == "tally" else [new.typed[item.id]]
            assert all(set(row) == {None} for row in rows)
    assert [each for each in verify_filled(new) if each.severity != NOTE] == []


def until(used: dict, month: int) -> dict:
    """What a year has brought up to a month: the months after it are empty."""

    def empty(value: object) -> object:
        return [None] * len(value) if isinstance(value, list) else None

    return {name: [*cells[:month], *map(empty, cells[month:])] for name, cells in used.items()}


@pytest.mark.parametrize("host", HOSTS)
def test_the_host_is_carried_on(catalogue, coaching, host):
    result = rolled(build(catalogue, coaching, "fr", {}, host=host))
    assert read(result.data).host == host
    assert result.name == f"{CHOSEN}.fr.2027{'' if host == 'plain' else '.' + host}.xlsx"


def test_changed_thresholds_are_carried_on_and_the_definition_stays(catalogue, coaching):
    def change(opened: openpyxl.Workbook) -> None:
        for name, value in (
            ("bench_client_satisfaction_typical", 71.5), ("operator_client_satisfaction_typical", "more than"),
            ("bench_client_retention_above", 85), ("bench_job_placement_above", None),
            ("period_client_retention", "month"), ("set_currency", "EUR"), ("set_rate", 0.9), ("set_period", "Full year"),
        ):  # fmt: skip
            sheet, cell = opened.defined_names[name].attr_text.replace("$", "").split("!")
            opened[sheet][cell] = value

    old = read(resaved(build(catalogue, coaching, "en", full_year(coaching)), change))
    new = read(roll(old).data)
    assert new.as_changed == old.as_changed
    assert new.vertical == coaching
    assert [band.level for band in new.as_changed.kpis["client_retention"].bands[""]] == [1, 2, 3]
    assert (new.settings.currency, new.settings.rate, new.settings.period) == ("EUR", 0.9, "year")
    assert verify_filled(new) == []
    row = place(roll(old).data, "period_client_retention")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    said = catalogue.ui["assumed.example"]["en"]
    for workbook, says in ((old, True), (new, False)):
        texts = [cell.value for at, cell in workbook.saved.cells("Benchmarks").items() if at.endswith(row)]
        assert (said in texts) is says, "the article is not made to say what the user chose"


def test_a_second_roll_takes_the_second_year(catalogue, coaching):
    first = rolled(build(catalogue, coaching, "en", full_year(coaching)))
    second = rolled(first.data)
    assert read(second.data).start == date(2028, 1, 1)
    assert all(set(cells) == {None} for cells in previous(second).values())


def test_a_log_counts_and_the_new_one_is_empty(catalogue, coaching):
    log = [Entry(date(2026, 2, 3), "completed_sessions", 3), Entry(date(2026, 2, 3), "scheduled_sessions", 4)]
    result = rolled(build(catalogue, coaching, "en", {}, log=log))
    assert result.name == f"{CHOSEN}.en.2027.log.xlsx"
    assert read(result.data).log == ()
    assert previous(result)["session_completion"] == [None, None, 75, *[None] * 10], "no more months than there are"


def test_a_sample_stays_a_sample(catalogue, coaching):
    result = rolled(build(catalogue, coaching, "en", sample=True))
    assert read(result.data).sample
    assert result.name == f"{CHOSEN}.en.2027.sample.xlsx"
    assert any("invented" in each.what for each in result.left)
    assert previous(result)["client_satisfaction"][12] is not None


def test_a_year_without_months_stays_without(catalogue, coaching):
    result = rolled(build(catalogue, coaching, "en", start=None))
    assert read(result.data).start is None
    assert result.name == f"{CHOSEN}.en.next.xlsx"


def test_the_day_is_kept_where_the_next_year_has_it():
    assert next_year(date(2028, 2, 29)) == date(2029, 2, 28)
    assert next_year(date(2027, 2, 28)) == date(2028, 2, 28)
    assert next_year(None) is None


def test_no_year_follows_the_last_that_a_cell_knows(catalogue, coaching):
    result = rolled(build(catalogue, coaching, "en", start=date(9999, 6, 1)))
    assert read(result.data).start is None
    assert [(found.cell, found.what) for found in result.left[1:]] == [("D4", UI["warn.date"]["en"])]


def test_the_last_closing_figure_opens_the_year_and_is_said_where_it_is_old(catalogue, coaching):
    data = build(catalogue, coaching, "en", {"end_clients": [10, 12, None, 9]})
    result = rolled(data)
    assert read(result.data).typed["start_clients"][0] == 9
    few, said = result.left
    assert few.what.startswith("3 of 12 months have figures, the last of them Apr 2026;")
    assert (said.sheet, said.cell) == place(data, "in_end_clients", 3)
    assert "the last figure is that of Apr 2026" in said.what


def test_impossible_months_are_empty_and_said(catalogue, coaching):
    typed = {"satisfied_clients": [8, 12, 9], "surveyed_clients": [10, 10, 10]}
    data = build(catalogue, coaching, "en", typed)
    result = rolled(data)
    assert previous(result)["client_satisfaction"] == [None, 80, *[None] * 11]
    _, said = result.left
    assert (said.sheet, said.cell) == place(data, "kpi_client_satisfaction", 1)
    assert "Customer satisfaction score: Feb 2026 has impossible figures" in said.what
    used = used_inputs(coaching, typed)
    assert isinstance(series(coaching, coaching.kpis["client_satisfaction"], "", used).year, KpiError)


def add_unknown(opened: openpyxl.Workbook) -> None:
    opened.create_sheet("Mine")
    opened.defined_names["in_tea_leaves"] = openpyxl.workbook.defined_name.DefinedName(
        "in_tea_leaves", attr_text="Mine!$B$2"
    )


def put(name: str, value: object):
    def change(opened: openpyxl.Workbook) -> None:
        sheet, cell = opened.defined_names[name].attr_text.replace("$", "").split(":")[0].split("!")
        opened[sheet][cell] = value

    return change


# what is in the old workbook | where it is (a defined name, or a sheet and a cell) | words of what is said
LEFT = [
    (put("in_new_clients", "n/a"), "in_new_clients", 'not a number: "n/a"'),
    (put("set_first_month", "May"), "set_first_month", 'not a number: "May"'),
    (put("set_rate", "5,2"), "set_rate", 'not a number: "5,2"'),
    (put("target_job_placement", "many"), "target_job_placement", 'not a number: "many"'),
    (put("bench_job_placement_above", "70%"), "bench_job_placement_above", 'not a number: "70%"'),
    (put("operator_job_placement_above", "over"), "operator_job_placement_above", 'knows this word here: "over"'),
    (put("period_client_retention", "week"), "period_client_retention", 'knows this word here: "week"'),
    (lambda opened: opened.create_sheet("Mine"), ("Mine", ""), "this sheet is your own"),
    (lambda opened: opened.defined_names.pop("in_new_clients"), ("", ""), 'the defined name "in_new_clients" is gone'),
]


@pytest.mark.parametrize("change, where, words", LEFT, ids=[fault[2] for fault in LEFT])
def test_what_is_left_behind_is_said_cell_by_cell(catalogue, coaching, change, where, words):
    data = build(catalogue, coaching, "en", full_year(coaching))
    said = [each for each in rolled(resaved(data, change)).left if words in each.what]
    assert [(each.sheet, each.cell) for each in said] == [where if isinstance(where, tuple) else place(data, where)]


# what is typed | how many months have figures, and the last of them
FULL = [
    ({"new_clients": [4] * 8}, 8, 8),
    ({"new_clients": [0, None, "x", 5]}, 2, 4),
    ({"new_clients": [1], "end_clients": [None, 3]}, 2, 2),
    ({"new_clients": ["n/a"] * 12, "start_clients": [30]}, 0, 0),
    ({}, 0, 0),
    ({"new_clients": [4] * 12}, 12, 12),
]


@pytest.mark.parametrize("typed, many, last", FULL)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_that_is_not_full_is_said(catalogue, coaching, language, typed, many, last):
    said = [each.what for each in rolled(build(catalogue, coaching, language, typed, start=None)).left]
    month = f"{UI['inputs.month'][language]} {last}"
    few = UI["roll.few"][language].format(many=many, month=month)
    none = UI["roll.none"][language]
    assert [each for each in said if each in (few, none)] == ([few] if 0 < many < 12 else [none] if not many else [])


def test_figures_of_a_log_make_a_month(catalogue, coaching):
    log = [Entry(date(2026, month, 3), "completed_sessions", 3) for month in (1, 5)]
    (said, *_) = rolled(build(catalogue, coaching, "en", {}, log=log)).left
    assert said.what.startswith("2 of 12 months have figures, the last of them May 2026;")


def test_unknown_inputs_are_said(catalogue, coaching):
    said = rolled(resaved(build(catalogue, coaching, "en", full_year(coaching)), add_unknown)).left
    assert [(each.sheet, each.cell) for each in said] == [("Mine", "B2"), ("Mine", "")]
    assert 'called "in_tea_leaves"' in said[0].what


def test_an_older_version_is_rolled_into_this_one(catalogue, coaching):
    old = resaved(
        build(catalogue, coaching, "en", full_year(coaching)), lambda opened: opened["_xlkpi"].cell(1, 2, "0.0.1")
    )
    assert read(rolled(old).data).version == xlkpi.__version__


def test_a_file_of_ones_own_is_rolled():
    own = xlkpi.load(Path(__file__).parent / "broken" / "good.toml")
    vertical = own.verticals["good"]
    result = rolled(build(own, vertical, "pt", full_year(vertical)))
    assert read(result.data).vertical == vertical
    assert [each for each in verify_filled(read(result.data)) if each.severity != NOTE] == []


def test_what_is_said_comes_in_a_language(catalogue, coaching):
    data = build(catalogue, coaching, "pt", {"new_clients": ["n/a"]})
    assert "Não foi transferido" in rolled(data).left[1].what
    assert "Not carried over" in rolled(data, "en").left[1].what


def run(*arguments: object):
    result = CliRunner().invoke(main, ["roll", *map(str, arguments)])
    assert "Traceback" not in result.output
    return result


def test_the_command(catalogue, coaching, tmp_path):
    old = tmp_path / "old.xlsx"
    data = build(catalogue, coaching, "fr", {"end_clients": [10]})
    old.write_bytes(data)
    result = run(old)
    new = tmp_path / f"{CHOSEN}.fr.2027.xlsx"
    assert (result.exit_code, result.stdout) == (0, f"{new}\n")
    assert "janv. 2026" in result.stderr
    assert read(new.read_bytes()).typed["start_clients"][0] == 10
    assert old.read_bytes() == data
    new.write_bytes(b"mine")
    result = run(old)
    assert (result.exit_code, new.read_bytes()) == (2, b"mine")
    assert "is there already" in result.stderr
    assert run(old, "--force").exit_code == 0
    assert run(old, "-o", tmp_path / "deep" / "other.xlsx").exit_code == 0
    assert (tmp_path / "deep" / "other.xlsx").exists()
    result = run(old, "-o", tmp_path / "next.xls")
    assert (result.exit_code, "does not end in .xlsx" in result.stderr) == (2, True)
    assert not (tmp_path / "next.xls").exists()
    result = run(old, "-o", old, "--force")
    assert (result.exit_code, old.read_bytes()) == (2, data)
    assert "never touched" in result.stderr
    result = run(new.with_name("none.xlsx"))
    assert (result.exit_code, "no such file" in result.stderr) == (1, True)
    assert not list(tmp_path.glob(".xlkpi-*"))


def test_a_range_whose_end_is_missing_goes_on_without_one():
    from test_read import GOOD

    own = xlkpi.load(GOOD)
    data = build(own, own.verticals["good"], "en", full_year(own.verticals["good"]))
    result = rolled(with_cell(data, *place(data, "upper_seat_use_above"), ""))
    assert [read(result.data).one(f"{kind}_seat_use_above").value for kind in ("bench", "upper")] == [65, None]
