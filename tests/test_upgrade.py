"""Upgrading filled workbooks: whatever was typed is in the new workbook, or on its list of what is not."""

from __future__ import annotations

import functools
import io
import itertools
import random
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from filled import full_year, place, read, resaved, through_libreoffice, with_cell
from lint import lint
from openpyxl.chart import LineChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

import xlkpi
from xlkpi.carried import load_texts
from xlkpi.catalogue import check
from xlkpi.cli import main
from xlkpi.cli_upgrade import upgraded_name
from xlkpi.errors import CatalogueError
from xlkpi.logged import Entry
from xlkpi.model import Catalogue, Vertical
from xlkpi.names import HOSTS, LANGUAGES
from xlkpi.series import Settings
from xlkpi.workbook import build
from xlkpi.workbook.finding import ERROR
from xlkpi.workbook.kept import Kept, read_kept
from xlkpi.workbook.read import Filled
from xlkpi.workbook.roll import roll
from xlkpi.workbook.saved import Area, Saved, WorkbookError
from xlkpi.workbook.upgrade import Upgraded, upgrade
from xlkpi.workbook.upgrade_formulas import Moves, stands_alone
from xlkpi.workbook.verify import verify_filled

HERE = Path(__file__).parent
GOOD = HERE / "broken" / "good.toml"
OLDER = HERE / "older" / "data-driven-career-coaching.pt.4ee7d31.xlsx"
CHOSEN = "remote-career-coaching"
VERTICALS = list(xlkpi.load().verticals)
UI = xlkpi.load().ui

Change = Callable[[openpyxl.Workbook], object]


@pytest.fixture(scope="module")
def coaching(catalogue):
    return catalogue.verticals[CHOSEN]


@pytest.fixture(scope="module")
def book(catalogue, coaching) -> bytes:
    return build(catalogue, coaching, "en", full_year(coaching))


def edited(vertical: Vertical, *changes: tuple[str, str]) -> Catalogue:
    """The shipped catalogue with one line of business as its file would be after changes (patterns, and what for)."""
    text = vertical.source
    for old, new in changes:
        text, many = re.subn(old, new, text)
        assert many, old
    shared = xlkpi.load().shared_source
    return load_texts(vertical.id, {f"{vertical.id}.toml": text, "functions.toml": shared})


def kept(result: Upgraded) -> list[Kept]:
    return read_kept(read(result.data))


def sound(data: bytes) -> Filled:
    """The workbook, once neither the lint nor verify finds a fault of ours in it."""
    assert lint(data) == []
    found = read(data)
    wrong = [str(each) for each in verify_filled(found) if each.severity == ERROR]
    assert wrong == []
    return found


def cells_of(name: str, opened: openpyxl.Workbook) -> list:
    """The cells of a defined name, in rows one after the other."""
    title, area = opened.defined_names[name].attr_text.replace("$", "").rsplit("!", 1)
    found = opened[title.strip("'")][area]
    if not isinstance(found, tuple):
        return [found]
    return [cell for row in found for cell in (row if isinstance(row, tuple) else (row,))]


def put(name: str, value: object, place: int = 0) -> Change:
    def change(opened: openpyxl.Workbook) -> None:
        cells_of(name, opened)[place].value = value

    return change


@functools.lru_cache(maxsize=24)
def opened(data: bytes) -> openpyxl.Workbook:
    """A workbook to look at; one to change is opened by ``resaved``."""
    return openpyxl.load_workbook(io.BytesIO(data))


def values(name: str, data: bytes) -> list[object]:
    return [cell.value for cell in cells_of(name, opened(data))]


# -- nothing has changed ------------------------------------------------------------------------------


@pytest.mark.parametrize("vertical, language", [*zip(VERTICALS, itertools.cycle(LANGUAGES), strict=False)])
def test_a_current_workbook_stays_the_same_file(catalogue, vertical, language):
    chosen = catalogue.verticals[vertical]
    typed = full_year(chosen)
    rows = [f"{kpi.id}_{segment}" if segment else kpi.id for kpi, segment in chosen.rows()]
    money = "set_currency" in Saved(build(catalogue, chosen)).names
    settings = Settings(
        "BRL" if money else "USD", 5.25 if money else None, dict.fromkeys(rows, 7.5), "ytd",
        {name: [None, *range(12)] for name in rows},
    )  # fmt: skip
    log = [Entry(date(2027, 7, 3), next(name for name in typed if chosen.inputs[name].kind == "flow"), 2, "a note")]
    data = build(catalogue, chosen, language, typed, settings, date(2027, 7, 1), sample=True, lambdas=False, log=log)
    result = upgrade(read(data))
    assert result.left == ()
    assert result.data == data


@pytest.mark.parametrize("host", HOSTS)
def test_the_host_stays(catalogue, coaching, host):
    data = build(catalogue, coaching, "fr", {}, host=host)
    assert upgrade(read(data)).data == data


def test_a_year_without_a_first_month_stays_without(catalogue, coaching):
    data = build(catalogue, coaching, "es", start=None)
    assert upgrade(read(data)).data == data


# -- the catalogue file was edited --------------------------------------------------------------------

# A tea shop, and what a year later has become of its file: everything in another order, things renamed, gone, new.
_EDITS = [
    (r"\bsold_cups\b", "cups_sold"),
    (r'(?m)^(\[input\.cups_sold\]\n)', r'\1was = ["sold_cups"]\n'),
    (r"\bstar_counts\b", "guests_by_stars"),
    (r'(?m)^(\[input\.guests_by_stars\]\n)', r'\1was = ["counts", "star_counts"]\n'),
    (r"\[5, 4, 3, 2, 1\]", "[1, 2, 3, 4, 5]"),
    (r"\[kpi\.seat_use\]\n", '[kpi.use_of_seats]\nwas = ["seat_use"]\n'),
    (r'(name\.en = "Tea shop")', r'was = ["tea-shop"]\n\1'),
    (r'typical = ">= 50"', 'typical = ">= 55"'),
    (r'typical = ">= 3"', 'typical = ">= 3.5"'),
    (r"(?s)\[kpi\.guest_growth\].*?(?=\[kpi|$)", ""),
    (r"(?s)\[function\.GUESTGROWTH.*?(?=\[function\.SEAT|\[kpi)", ""),
    (r"(?s)\[input\.(?:start|end)_guests\].*?(?=\[)", ""),
    (r'(?s)(\[input\.stars\])', r'[input.cups_spilt]\nunit = "count:cups"\nkind = "flow"\nlabel.en = "Cups spilt"\n\n\1'),
    (r"$", '\n[kpi.care]\nfunction = "TEARATE"\nvalue = "TEARATE(cups_spilt, made_cups)"\nname.en = "Cups spilt"\n'
           'better = "lower"\nyear = "inputs"\nbands = { typical = "<= 5" }\n'),
]  # fmt: skip
SAME = {
    "in_sold_cups": "in_cups_sold", "in_made_cups": "in_made_cups", "in_seat_hours": "in_seat_hours",
    "in_open_hours": "in_open_hours", "target_cup_rate": "target_cup_rate", "target_seat_use": "target_use_of_seats",
    "targetend_seat_use": "targetend_use_of_seats",
    "target_mean_stars": "target_mean_stars", "prev_cup_rate": "prev_cup_rate", "prev_seat_use": "prev_use_of_seats",
    "period_mean_stars": "period_mean_stars", "period_seat_use": "period_use_of_seats",
    "bench_cup_rate_above": "bench_cup_rate_above", "operator_cup_rate_above": "operator_cup_rate_above",
    "bench_seat_use_above": "bench_use_of_seats_above", "upper_seat_use_above": "upper_use_of_seats_above",
    "bench_mean_stars_exceptional": "bench_mean_stars_exceptional", "set_first_month": "set_first_month",
    "set_period": "set_period", "prev_mean_stars": "prev_mean_stars",
}  # fmt: skip


def shuffled(text: str, seed: int = 1) -> str:
    """The tables of a file in another order, the groups of each kind apart."""
    head, *tables = re.split(r"(?m)^(?=\[)", text)
    random.Random(seed).shuffle(tables)
    return head + "".join(tables)


@pytest.fixture(scope="module")
def shops(tmp_path_factory) -> tuple[Catalogue, Catalogue]:
    """The tea shop as it was, and as it is."""
    folder = tmp_path_factory.mktemp("shops")
    old, new = folder / "tea-shop.toml", folder / "tea-room.toml"
    old.write_text(GOOD.read_text("utf-8"), "utf-8")
    text = GOOD.read_text("utf-8")
    for pattern, replacement in _EDITS:
        text, many = re.subn(pattern, replacement, text, count=0 if pattern != "$" else 1)
        assert many, pattern
    new.write_text(shuffled(text), "utf-8")
    return xlkpi.load(old), xlkpi.load(new)


def fill_all(opened_book: openpyxl.Workbook) -> None:
    """Type something into every cell that is made to be typed in; no figure twice."""
    figures = itertools.count(100)
    words = {"operator": "more than", "period": "quarter", "set_period": "Full year"}
    for name in sorted(opened_book.defined_names):
        family = name.partition("_")[0]
        if name == "set_first_month":
            cells_of(name, opened_book)[0].value = date(2026, 4, 1)
        elif name in words or family in words:
            cells_of(name, opened_book)[0].value = words.get(name, words.get(family))
        elif family in ("in", "target", "targetend", "prev", "bench", "upper"):
            for cell in cells_of(name, opened_book):
                cell.value = next(figures) + 0.5 * family.startswith("p")
    lines = cells_of("log_entries", opened_book)
    for line, kind in enumerate(
        ("Cups sold", UI["log.rating"]["en"].format(label="Stars"), "Cups made", "Something else")
    ):
        for cell, value in zip(lines[4 * line :], (date(2026, 5, 2), kind, line + 3, f"note {line}"), strict=False):
            cell.value = value


def typed_cells(data: bytes, plain: bytes) -> dict[tuple[str, str], object]:
    """What a user has changed or added in the cells to type in, by sheet and cell; read with openpyxl alone."""
    one, other = opened(data), opened(plain)
    found = {}
    for name in other.defined_names:
        if name.startswith(
            ("in_", "target_", "targetend_", "prev_", "bench_", "upper_", "operator_", "period_", "set_", "log_entries")
        ):
            for cell, before in zip(cells_of(name, one), cells_of(name, other), strict=True):
                if cell.value is not None and cell.value != before.value:
                    found[cell.parent.title, cell.coordinate] = cell.value
    return found


@pytest.fixture(scope="module")
def moved(shops) -> tuple[bytes, bytes, Upgraded]:
    """A tea shop's workbook with everything filled in, as it was built, and upgraded to the newer file."""
    before, after = shops
    plain = build(before, before.verticals["tea-shop"], "en", log=())
    data = resaved(plain, fill_all)
    return plain, data, upgrade(read(data), after)


def test_everything_with_a_place_in_the_newer_file_is_there_by_its_name(moved):
    _, data, result = moved
    assert result.vertical.id == "tea-room"
    for old, new in SAME.items():
        assert values(new, result.data) == values(old, data), old
    # the same ratings, turned round
    rows = [values("in_star_counts", data)[at : at + 12] for at in range(0, 60, 12)]
    assert values("in_guests_by_stars", result.data) == [value for row in reversed(rows) for value in row]
    assert values("in_cups_spilt", result.data) == [None] * 12


def test_what_has_no_place_is_kept_and_said_cell_by_cell(moved):
    plain, data, result = moved
    gone = {}
    for name in opened(data).defined_names:
        if re.match(r"(?:in_(?:start|end)_guests|(?:target|prev|bench|period|operator)_guest_growth)", name):
            for cell, before in zip(cells_of(name, opened(data)), cells_of(name, opened(plain)), strict=True):
                if cell.value != before.value:
                    gone[cell.parent.title, cell.coordinate] = cell.value
    assert len(gone) > 40
    lines = {(line.sheet, line.cell): line.value for line in kept(result)}
    assert lines == gone
    said = {(each.sheet, each.cell) for each in result.left if each.severity == "warning"}
    assert said == set(gone)


def test_the_log_follows_renamed_inputs_and_keeps_its_notes(moved):
    _, _, result = moved
    found = read(result.data).log
    assert found is not None
    assert [(line.input, line.figure, line.note) for line in found] == [
        ("cups_sold", 3, "note 0"), ("guests_by_stars", 4, "note 1"), ("made_cups", 5, "note 2"),
        ("Something else", 6, "note 3"),
    ]  # fmt: skip


def test_a_threshold_that_nobody_changed_follows_the_newer_file_and_is_mentioned(shops):
    before, after = shops
    data = resaved(build(before, before.verticals["tea-shop"], "en"), put("bench_cup_rate_typical", 47))
    result = upgrade(read(data), after)
    assert values("bench_cup_rate_typical", result.data) == [47], "the user's own"
    assert values("bench_mean_stars_typical", result.data) == [3.5], "the file's"
    said = [each for each in result.left if (each.sheet, each.cell) == place(data, "bench_mean_stars_typical")]
    assert [each.severity for each in said] == ["note"]
    assert ">= 3.5 instead of >= 3" in said[0].what


def test_the_newer_workbook_is_sound_and_upgrading_it_again_changes_nothing(moved, shops):
    _, _, result = moved
    assert lint(result.data) == []
    again = upgrade(read(result.data), shops[1])
    assert again.data == result.data
    assert again.left == ()


def test_what_an_upgrade_kept_is_kept_by_the_next_one(moved, shops):
    _, _, result = moved
    third = upgrade(read(resaved(result.data, put("in_made_cups", "many", 3))), shops[1])
    before, after = kept(result), kept(third)
    assert after[: len(before)] == before
    assert [line.value for line in after[len(before) :]] == ["many"]


def test_a_next_year_keeps_it_too(moved):
    _, _, result = moved
    assert read_kept(read(roll(read(result.data)).data)) == kept(result)


# what is changed in the file | cells that stay behind | words of why
CHANGED = [
    ((r'kind = "level"', 'kind = "constant"'), "in_seat_hours", 12, "typed in another way"),
    ((r'kind = "constant"\ndefault = 8', 'kind = "level"'), "in_open_hours", 1, "typed in another way"),
    ((r"\[5, 4, 3, 2, 1\]", "[6, 5, 4, 3, 2, 1]"), "in_star_counts", 60, "ratings"),
    ((r'unit = "hours"\nkind = "level"', 'unit = "minutes"\nkind = "level"'), "in_seat_hours", 12, "another unit"),
]  # fmt: skip


@pytest.mark.parametrize("change, name, many, words", CHANGED, ids=[each[1] + each[3] for each in CHANGED])
def test_figures_that_would_mean_something_else_stay_behind(tmp_path, change, name, many, words):
    path = tmp_path / "good.toml"
    text = GOOD.read_text("utf-8")
    if "minutes" in change[1]:  # both inputs of the formula, so that its units still go together
        text = text.replace('unit = "hours"', 'unit = "minutes"').replace(
            "[input.seat_hours]\nunit", "[input.seat_hours]\nunit"
        )
    else:
        text = re.sub(*change, text)
    path.write_text(text, "utf-8")
    own, new = xlkpi.load(GOOD), xlkpi.load(path)
    data = resaved(build(own, own.verticals["good"], "en"), fill_all_inputs)
    result = upgrade(read(data), new)
    lines = [line for line in kept(result) if words in line.why]
    wanted = {cell.coordinate: cell.value for cell in cells_of(name, opened(data))}
    found = {line.cell: line.value for line in lines}
    assert wanted.items() <= found.items()
    assert len(wanted) == many
    assert set(values(name, result.data)) in ({None}, {8})


def fill_all_inputs(opened_book: openpyxl.Workbook) -> None:
    figures = itertools.count(100)
    for name in sorted(opened_book.defined_names):
        if name.startswith("in_"):
            for cell in cells_of(name, opened_book):
                cell.value = next(figures)


def test_figures_go_on_where_only_their_year_is_worked_out_otherwise(coaching, book):
    other = edited(coaching, (r'(\[input\.total_revenue\]\nunit = "money"\nkind = )"flow"', r'\1"level"'))
    result = upgrade(read(book), other)
    assert values("in_total_revenue", result.data) == values("in_total_revenue", book)
    assert ["worked out in another way" in each.what for each in result.left] == [True]
    assert kept(result) == []


def test_a_threshold_stays_behind_where_better_has_turned(coaching, book):
    other = edited(
        coaching,
        (r'(?s)(\[kpi\.time_to_milestone\].*?)better = "lower"', r'\1better = "higher"'),
        (r'(?s)(\[kpi\.time_to_milestone\].*?)bands = \{[^}]*\}', r'\1bands = { typical = ">= 3" }'),
    )  # fmt: skip
    data = resaved(book, put("bench_time_to_milestone_typical", 9))
    result = upgrade(read(data), other)
    assert values("bench_time_to_milestone_typical", result.data) == [3]
    (line,) = kept(result)
    assert (line.sheet, line.cell, line.value) == (*place(data, "bench_time_to_milestone_typical"), 9)


def test_a_threshold_that_was_emptied_stays_empty(book):
    data = resaved(book, put("bench_job_placement_above", None))
    result = upgrade(read(data))
    assert values("bench_job_placement_above", result.data) == [None]
    assert (result.left, kept(result)) == ((), [])
    assert upgrade(read(result.data)).data == result.data


def test_an_input_that_no_kpi_needs_any_more_has_no_place(coaching, book):
    text = re.sub(r"(?ms)^\[kpi\.revenue_per_user\].*?(?=^\[|\Z)", "", coaching.source)
    shared = xlkpi.load().shared_source
    newer = load_texts(CHOSEN, {f"{CHOSEN}.toml": text, "functions.toml": shared})
    result = upgrade(read(book), newer)
    lines = {line.value for line in kept(result)}
    assert lines >= {*values("in_total_revenue", book)}
    assert "in_total_revenue" not in opened(result.data).defined_names
    sound(result.data)


def test_segments_are_found_by_their_former_names(catalogue):
    chosen = catalogue.verticals["data-driven-career-coaching"]
    other = edited(
        chosen,
        (r"\bsegment\.individual\b(?=\.en)", 'segment.people.was = ["individual"]\nsegment.individual'),
        (r"\bindividual\b(?=[. ])", "people"),
    )
    data = resaved(
        build(catalogue, chosen, "en"),
        lambda opened_book: [
            put("target_skills_improvement_individual", 12)(opened_book),
            put("target_skills_improvement_corporate", 13)(opened_book),
        ],
    )
    result = upgrade(read(data), other)
    assert values("target_skills_improvement_people", result.data) == [12]
    assert values("target_skills_improvement_corporate", result.data) == [13]
    assert kept(result) == []


def test_segments_with_different_periods_keep_them(catalogue):
    chosen = catalogue.verticals["data-driven-career-coaching"]
    data = resaved(build(catalogue, chosen, "en"), put("period_skills_improvement_corporate", "year"))
    result = upgrade(read(data))
    names = [f"period_skills_improvement_{segment}" for segment in ("individual", "corporate")]
    assert [values(name, result.data) for name in names] == [values(name, data) for name in names]


# -- cells that cannot be carried over as they stand ----------------------------------------------------

# what is done to the workbook | where it stood (a name and the place in it) | what is kept of it | words of why
LEFT = [
    (put("in_new_clients", "n/a", 2), ("in_new_clients", 2), "n/a", "A number belongs"),
    (put("in_new_clients", True, 2), ("in_new_clients", 2), True, "A number belongs"),
    (put("set_first_month", "May"), ("set_first_month", 0), "May", "A number belongs"),
    (put("set_rate", "5,2"), ("set_rate", 0), "5,2", "A number belongs"),
    (put("target_job_placement", "many"), ("target_job_placement", 0), "many", "A number belongs"),
    (put("bench_job_placement_above", "70%"), ("bench_job_placement_above", 0), "70%", "A number belongs"),
    (put("operator_job_placement_above", "over"), ("operator_job_placement_above", 0), "over", "do not know this word"),
    (put("period_client_retention", "week"), ("period_client_retention", 0), "week", "do not know this word"),
    (put("set_period", "whenever"), ("set_period", 0), "whenever", "do not know this word"),
    (put("prev_job_placement", "?", 4), ("prev_job_placement", 4), "?", "A number belongs"),
]  # fmt: skip


@pytest.mark.parametrize("change, where, value, words", LEFT, ids=[each[1][0] + str(each[2]) for each in LEFT])
def test_what_cannot_be_carried_over_is_kept(book, change, where, value, words):
    data = resaved(book, change)
    result = upgrade(read(data))
    (line,) = kept(result)
    cell = cells_of(where[0], opened(data))[where[1]]
    assert (line.sheet, line.cell, line.value) == (cell.parent.title, cell.coordinate, value)
    assert words in line.why
    assert [(each.sheet, each.cell) for each in result.left] == [(line.sheet, line.cell)]
    sound(result.data)


def test_the_first_month_of_a_broken_date_is_kept(book):
    result = upgrade(read(resaved(book, put("set_first_month", -3))))
    assert [line.value for line in kept(result)] == [-3]


def test_names_that_are_gone_are_said_and_the_figures_kept(book):
    data = resaved(book, lambda opened_book: opened_book.defined_names.pop("in_new_clients"))
    result = upgrade(read(data))
    lines = kept(result)
    assert 'The defined name "in_new_clients" is gone' in lines[0].why
    stood = {cell.coordinate: cell.value for cell in cells_of("in_new_clients", opened(book))}
    assert {line.cell: line.value for line in lines[1:]} == stood
    assert set(values("in_new_clients", result.data)) == {None}


def test_a_name_that_covers_other_cells_than_the_months_is_no_guess(book):
    def widen(opened_book: openpyxl.Workbook) -> None:
        name = opened_book.defined_names["in_new_clients"]
        name.attr_text = name.attr_text.replace("$O$", "$P$")

    lines = kept(upgrade(read(resaved(book, widen))))
    assert {line.value for line in lines if line.cell[0] in "DEFGHIJKLMNO"} == set(values("in_new_clients", book))
    assert all("months cannot be told apart" in line.why for line in lines)


def test_inserted_rows_and_columns_move_nothing_that_has_a_name(catalogue, coaching, book):
    def insert(opened_book: openpyxl.Workbook) -> None:
        sheet = opened_book["Inputs"]
        sheet.insert_rows(9)
        for defined in opened_book.defined_names.values():
            title, _, cells = defined.attr_text.partition("!")
            if title == "Inputs":
                defined.attr_text = f"{title}!" + re.sub(
                    r"\$(\d+)", lambda row: f"${int(row[1]) + (int(row[1]) >= 9)}", cells
                )
        sheet["A9"] = "my own line"

    result = upgrade(read(resaved(book, insert)))
    assert read(result.data).typed == read(book).typed
    assert [(line.cell, line.value) for line in kept(result)] == [("A9", "my own line")]


# where something stands on our sheets | what | why it stays
STRAY = [
    ("Inputs", "S12", "ask the accountant", "outside the cells"),
    ("Inputs", "S13", 4711, "outside the cells"),
    ("KPIs", "D6", 12.5, "in place of a formula"),
    ("Benchmarks", "A40", "see mail", "outside the cells"),
    ("KPIs", "E6", "=1+1", "formula had been changed"),
    ("Sources", "D3", "mine", "outside the cells"),
]


@pytest.mark.parametrize("sheet, cell, value, words", STRAY, ids=[f"{each[0]} {each[1]}" for each in STRAY])
def test_what_stands_elsewhere_on_our_sheets_is_kept(book, sheet, cell, value, words):
    def change(opened_book: openpyxl.Workbook) -> None:
        opened_book[sheet][cell] = value

    (line,) = kept(upgrade(read(resaved(book, change))))
    assert (line.sheet, line.cell, line.text or line.value) == (sheet, cell, value)
    assert words in line.why


# -- formulas in cells to type in -----------------------------------------------------------------------

ALONE = [
    ("12+3", True), ("-12.5%", True), ("(1+2)*3^2", True), ("ROUND(10/3,1)", True), ("SUM(1,2)", True),
    ('LEN("A1")', True), ("DATE(2026,1,1)", True), ("PI()", True), ("IF(TRUE,1,2)", True), ("1E3", True),
    ("SUM(B2:B4)", False), ("A1", False), ("$A$1+1", False), ("Mine!A1", False), ("'My own'!A1*2", False),
    ("total", False), ("TODAY()", False), ("RAND()", False), ("ROW()", False), ('INDIRECT("A1")', False),
    ("OFFSET(A1,1,1)", False), ("[1]Other!A1", False), ("CSS(85,100)", False), ("KPI.CSS(85,100)", False),
    ("#REF!+1", False), ("{1,2}", False), ("1" + "+1" * 5000, False), ("Table1[Sum]", False), ("A:A", False),
    ('cmd|"/c calc"!A0', False), ('WEBSERVICE("http://a")', False), ('"', False), (")", False),
]  # fmt: skip


@pytest.mark.parametrize("formula, alone", ALONE, ids=[each[0][:20] for each in ALONE])
def test_formulas_of_constants_are_told_from_others(formula, alone):
    assert stands_alone(formula) is alone


FORMULA_PLACES = (
    "in_new_clients",
    "target_job_placement",
    "bench_job_placement_above",
    "prev_job_placement",
    "set_rate",
)


@pytest.mark.parametrize("name", FORMULA_PLACES)
def test_a_formula_of_constants_is_carried_over_as_one(book, name):
    sheet, cell = place(book, name)
    data = with_cell(book, sheet, cell, "<f>60+2.5</f><v>62.5</v>")
    result = upgrade(read(data))
    found = sound(result.data).entries[name][0][0]
    assert (found.formula, found.value) == ("60+2.5", 62.5)
    assert result.left == ()
    assert upgrade(read(result.data)).data == result.data


@pytest.mark.parametrize("name", FORMULA_PLACES)
def test_of_a_formula_that_needs_other_cells_the_value_is_carried_over(book, name):
    sheet, cell = place(book, name)
    data = with_cell(book, sheet, cell, "<f>SUM(S1:S4)</f><v>62.5</v>")
    result = upgrade(read(data))
    found = sound(result.data).entries[name][0][0]
    assert (found.formula, found.value) == ("", 62.5)
    (line,) = kept(result)
    assert (line.sheet, line.cell, line.value, line.text) == (sheet, cell, 62.5, "=SUM(S1:S4)")
    assert "its value 62.5 was carried over" in result.left[0].what


@pytest.mark.parametrize(
    "inside, kind", [("<f>A1/0</f><v>#DIV/0!</v>", "e"), ("<f>S1</f>", ""), ("<f>1/0</f><v>#DIV/0!</v>", "e")]
)
def test_of_a_formula_without_a_number_nothing_is_carried_over(book, inside, kind):
    sheet, cell = place(book, "in_new_clients")
    result = upgrade(read(with_cell(book, sheet, cell, inside, kind)))
    assert sound(result.data).typed["new_clients"][0] is None
    (line,) = kept(result)
    assert line.text == "=" + re.search("<f>(.*)</f>", inside)[1]


def test_a_formula_saved_without_its_result_is_carried_over_and_said(book):
    data = resaved(book, put("in_new_clients", "=12+3", 1))
    result = upgrade(read(data))
    assert values("in_new_clients", result.data)[1] == "=12+3"
    assert ["without its result" in each.what for each in result.left] == [True]
    assert kept(result) == []


def test_formulas_follow_what_moved(shops):
    before, after = shops
    plain = build(before, before.verticals["tea-shop"], "en")
    data = with_cell(plain, *place(plain, "in_sold_cups", 3), "<f>20+4</f><v>24</v>")
    found = read(upgrade(read(data), after).data).entries["in_cups_sold"][0][3]
    assert (found.formula, found.value) == ("20+4", 24)


def test_formulas_of_the_log(catalogue, coaching):
    log = [Entry(date(2026, 2, 3), "completed_sessions", 3), Entry(date(2026, 2, 5), "scheduled_sessions", 4)]
    plain = build(catalogue, coaching, "en", {}, log=log)
    sheet, cell = place(plain, "log_entries", 2, 1)
    data = with_cell(plain, sheet, cell, "<f>2*2</f><v>4</v>")
    result = upgrade(read(data))
    assert sound(result.data).entries["log_entries"][1][2].formula == "2*2"
    assert read(result.data).log == read(data).log


# -- sheets, names and comments of the user's own -------------------------------------------------------


def own_sheets(opened_book: openpyxl.Workbook) -> None:
    """Two sheets with a bit of everything that a user makes."""
    mine, more = opened_book.create_sheet("My sums"), opened_book.create_sheet("More")
    area = opened_book.defined_names["in_sold_cups"].attr_text
    first = area.split(":")[0]
    rows = [
        ("text", "plain"), ("zero", 0), ("day", datetime(2026, 5, 4, 12, 30)), ("truth", True),
        ("looks like a formula", "=a"), ("own cells", "=B3*2"), ("other sheet", "=More!A1+1"), ("cups", f"=SUM({area})"),
        ("one", f"={first}*2"), ("by name", "=SUM(in_sold_cups)"), ("own name", "=my_rate*2"), ("label", "=Inputs!A12"),
        ("gone", "=in_end_guests"), ("another file", "=[1]Other!A1"), ("result", "=INDEX(kpi_cup_rate,1,3)"),
    ]  # fmt: skip
    for row, (label, value) in enumerate(rows, 2):
        mine.cell(row, 1, label)
        mine.cell(row, 2, value)
    mine["B6"].data_type = "s"
    mine["A1"], mine["A1"].font, mine["A1"].fill = (
        "Head",
        Font(bold=True, size=15),
        PatternFill("solid", fgColor="FFAA00"),
    )
    mine["B4"].number_format = "dd/mm/yyyy hh:mm"
    mine.column_dimensions["A"].width, mine.row_dimensions[1].height = 33, 40
    mine.freeze_panes, mine.sheet_properties.tabColor = "B2", "FF00AA"
    mine.merge_cells("D1:F2")
    mine["D1"] = "merged"
    mine["A2"].comment = Comment("my remark", "Ann")
    mine["A3"].hyperlink = "https://example.org/"
    mine["E5"] = ArrayFormula("E5:E6", "=B3:B4*2")
    mine.conditional_formatting.add(
        "B2:B9", FormulaRule(["B2>$B$3"], fill=PatternFill(bgColor="FFAA00", fill_type="solid"))
    )
    mine.conditional_formatting.add("B2:B9", CellIsRule("greaterThan", [first], font=Font(bold=True)))
    rule = DataValidation("list", formula1='"a,b"')
    rule.add("C2")
    mine.add_data_validation(rule)
    for row, (a, b) in enumerate([("Name", "Hours"), ("x", 1), ("y", 2)], 20):
        mine.cell(row, 1, a)
        mine.cell(row, 2, b)
    mine.add_table(Table(displayName="Hours_of_mine", ref="A20:B22"))
    chart = LineChart()
    chart.add_data(Reference(mine, min_col=2, min_row=2, max_row=5))
    mine.add_chart(chart, "H2")
    more["A1"], more.sheet_state = 41, "hidden"
    opened_book.defined_names["my_rate"] = DefinedName("my_rate", attr_text="More!$A$1")
    opened_book.defined_names["my_cups"] = DefinedName("my_cups", attr_text=area)
    opened_book.defined_names["my_lost"] = DefinedName("my_lost", attr_text="Inputs!$A$12")


@pytest.fixture(scope="module")
def with_own(shops) -> tuple[bytes, Upgraded]:
    before, after = shops
    plain = build(before, before.verticals["tea-shop"], "en", full_year(before.verticals["tea-shop"]))
    data = resaved(plain, own_sheets)
    return data, upgrade(read(data), after)


def test_own_sheets_come_along_with_their_looks(with_own):
    data, result = with_own
    before, after = opened(data), opened(result.data)
    one, other = before["My sums"], after["My sums"]
    assert [title for title in after.sheetnames if title in ("My sums", "More")] == ["My sums", "More"]
    assert after["More"].sheet_state == "hidden"
    assert after.sheetnames[-2:] == ["Calc", "_xlkpi"]
    for row in one.iter_rows():
        for cell in row:
            twin = other[cell.coordinate]
            if cell.data_type != "f":
                assert (twin.value, twin.data_type) == (cell.value, cell.data_type), cell.coordinate
            assert twin.number_format == cell.number_format
            assert (twin.font.b, twin.font.sz, twin.fill.fgColor.rgb) == (
                cell.font.b,
                cell.font.sz,
                cell.fill.fgColor.rgb,
            )
    assert other.column_dimensions["A"].width == 33
    assert other.row_dimensions[1].height == 40
    assert other.freeze_panes == "B2"
    assert other.sheet_properties.tabColor.rgb == one.sheet_properties.tabColor.rgb
    assert [str(area) for area in other.merged_cells.ranges] == ["D1:F2"]
    assert (other["A2"].comment.text, other["A2"].comment.author) == ("my remark", "Ann")
    assert other["A3"].hyperlink.target == "https://example.org/"
    assert (other["E5"].value.ref, other["E5"].value.text) == ("E5:E6", "=B3:B4*2")
    assert [rule.formula1 for rule in other.data_validations.dataValidation] == ['"a,b"']
    assert [table.ref for table in other.tables.values()] == ["A20:B22"]


def test_formulas_of_own_sheets_follow_the_cells_that_they_mean(with_own):
    _, result = with_own
    after = opened(result.data)
    formulas = {row[0].value: row[1].value for row in after["My sums"].iter_rows(min_row=2, max_row=16)}
    area = after.defined_names["in_cups_sold"].attr_text
    assert formulas["own cells"] == "=B3*2"
    assert formulas["other sheet"] == "=More!A1+1"
    assert formulas["cups"] == f"=SUM({area})"
    assert formulas["one"] == f"={area.split(':')[0]}*2"
    assert formulas["by name"] == "=SUM(in_cups_sold)"
    assert formulas["own name"] == "=my_rate*2"
    assert formulas["result"] == "=INDEX(kpi_cup_rate,1,3)"
    assert [formulas[label] for label in ("label", "gone", "another file")] == [None] * 3
    assert after.defined_names["my_rate"].attr_text == "More!$A$1"
    assert after.defined_names["my_cups"].attr_text == area
    assert "my_lost" not in after.defined_names
    (rule,) = [rule for each in after["My sums"].conditional_formatting for rule in each.rules if rule.type == "cellIs"]
    assert rule.formula == [area.split(":")[0]]


def test_what_cannot_come_along_with_own_sheets_is_kept(with_own):
    data, result = with_own
    sheet = [line for line in kept(result) if line.sheet == "My sums"]
    assert {(line.cell, line.text) for line in sheet if line.cell} == {
        ("B13", "=Inputs!A12"), ("B14", "=in_end_guests"), ("B15", "=[1]Other!A1"),
    }  # fmt: skip
    assert ["charts" in line.why for line in sheet if not line.cell] == [True]
    assert ["my_lost" in line.what for line in kept(result) if not line.sheet] == [True]
    found = sound(result.data)
    assert set(found.own_sheets) == {"My sums", "More"}
    assert len(data) > 0


def test_values_stand_where_formulas_could_not_follow(shops):
    before, after = shops
    plain = build(before, before.verticals["tea-shop"], "en")
    mine = resaved(plain, lambda opened_book: opened_book.create_sheet("Mine").cell(1, 1, 5))
    data = with_cell(mine, "Mine", "A1", "<f>Inputs!A12</f><v>words</v>", "str")
    result = upgrade(read(data), after)
    assert opened(result.data)["Mine"]["A1"].value == "words"
    (line,) = kept(result)
    assert (line.value, line.text) == ("words", "=Inputs!A12")


def test_results_of_own_formulas_are_there_before_anything_recalculates(shops):
    before, after = shops
    plain = build(before, before.verticals["tea-shop"], "en")
    mine = resaved(plain, lambda opened_book: opened_book.create_sheet("Mine").append([5, 5]))
    data = with_cell(mine, "Mine", "A1", "<f>1+1</f><v>2</v>")
    data = with_cell(data, "Mine", "B1", "<f>NA()</f><v>#N/A</v>", "e")
    found = Saved(upgrade(read(data), after).data).cells("Mine")
    assert (found["A1"].value, found["B1"].value) == (2, "#N/A")


def test_a_sheet_that_is_a_chart_is_said_to_stay_behind(book):
    def add(opened_book: openpyxl.Workbook) -> None:
        chart = LineChart()
        chart.add_data(Reference(opened_book["Inputs"], min_col=4, min_row=10, max_row=12))
        opened_book.create_chartsheet("My chart").add_chart(chart)

    lines = kept(upgrade(read(resaved(book, add))))
    assert {line.sheet for line in lines} == {"My chart"}
    assert any("charts" in line.why for line in lines)


def test_a_sheet_whose_name_is_taken_gets_another(catalogue, coaching):
    plain = build(catalogue, coaching, "en", lambdas=False)
    data = resaved(plain, lambda opened_book: opened_book.create_sheet(UI["sheet.kept"]["en"]).cell(1, 1, 5))
    result = upgrade(read(data))
    assert opened(result.data)["Not carried over (2)"]["A1"].value == 5
    sound(result.data)


def test_a_sheet_of_ours_that_was_renamed_is_no_sheet_of_the_users(book):
    data = resaved(book, lambda opened_book: setattr(opened_book["Trends"], "title", "Charts"))
    result = upgrade(read(data))
    assert opened(result.data).sheetnames == opened(book).sheetnames


def test_a_copy_of_our_sheet_is_a_sheet_of_the_users(book):
    data = resaved(book, lambda opened_book: opened_book.copy_worksheet(opened_book["Inputs"]))
    result = upgrade(read(data))
    after = opened(result.data)
    assert "Inputs Copy" in after.sheetnames
    row = cells_of("in_new_clients", after)
    assert [after["Inputs Copy"][cell.coordinate].value for cell in row] == [cell.value for cell in row]


def test_comments_follow_their_cells_or_are_kept(shops):
    before, after = shops

    def remark(opened_book: openpyxl.Workbook) -> None:
        for name, at in (
            ("in_sold_cups", 4),
            ("target_seat_use", 0),
            ("targetend_seat_use", 0),
            ("kpi_cup_rate", 2),
            ("in_end_guests", 1),
        ):
            cells_of(name, opened_book)[at].comment = Comment(f"on {name}", "Ann")
        opened_book["Inputs"]["A1"].comment = Comment("on the title", "")

    data = resaved(build(before, before.verticals["tea-shop"], "en"), remark)
    result = upgrade(read(data), after)
    new = opened(result.data)
    for name, at, text in (
        ("in_cups_sold", 4, "on in_sold_cups"),
        ("target_use_of_seats", 0, "on target_seat_use"),
        ("targetend_use_of_seats", 0, "on targetend_seat_use"),
        ("kpi_cup_rate", 2, "on kpi_cup_rate"),
    ):
        assert cells_of(name, new)[at].comment.text == text
    assert {(line.cell, line.text) for line in kept(result)} == {
        (place(data, "in_end_guests", 1)[1], "on in_end_guests"), ("A1", "on the title"),
    }  # fmt: skip
    assert lint(result.data) == []


def test_where_openpyxl_gives_up_values_and_formulas_come_along(book, monkeypatch):
    data = resaved(book, lambda opened_book: opened_book.create_sheet("Mine").cell(1, 1, 5))

    def fails(*_: object, **__: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr("xlkpi.workbook.upgrade.openpyxl.load_workbook", fails)
    result = upgrade(read(data))
    monkeypatch.undo()
    assert opened(result.data)["Mine"]["A1"].value == 5
    assert any("could not be read" in each.what for each in result.left)


OLD, NEW = Area("Inputs", 10, 10, 4, 15), Area("Inputs", 22, 22, 4, 15)
MOVES = Moves(
    [(OLD, NEW), (Area("KPIs", 5, 5, 4, 15), Area("Figures and bands", 7, 7, 5, 16))],
    frozenset(("Inputs", "KPIs", "Sources")),
    frozenset(("Sources",)),
    {"Mine": "Mine", "Old one": "New one"},
    {"in_a": "in_b", "my_name": "my_name"},
)
# a formula of the user's own | the same after the cells have moved
REFERENCES = [
    ("A1+B2", "A1+B2"), ("SUM(A:A)", "SUM(A:A)"), ("Inputs!D10", "Inputs!D22"), ("Inputs!$D$10", "Inputs!$D$22"),
    ("SUM(Inputs!D10:O10)*2", "SUM(Inputs!D22:O22)*2"), ("inputs!D10", None), ("Inputs!D11", None), ("Inputs!C10:E10", None),
    ("KPIs!$F5", "'Figures and bands'!$G7"), ("Sources!B3", "Sources!B3"), ("Sources!B:B", "Sources!B:B"),
    ("Inputs!D:D", None), ("'Old one'!A1", "'New one'!A1"), ("Mine!A1:B2", "Mine!A1:B2"), ("Nowhere!A1", None),
    ("SUM(in_a)", "SUM(in_b)"), ("SUM(IN_A)", "SUM(in_b)"), ("other", None), ("my_name", "my_name"), ("#REF!", None),
    ("Inputs!#REF!", None), ("[1]Inputs!D10", None), ("Mine:Inputs!A1", None), ('"Inputs!D10"', '"Inputs!D10"'),
    ("Table1[Hours]", "Table1[Hours]"), ("NA()", "NA()"), ("Mine!total", None), ("1 + 2", "1 + 2"),
]  # fmt: skip


@pytest.mark.parametrize("formula, moved_formula", REFERENCES, ids=[each[0] for each in REFERENCES])
def test_references_follow_their_cells(formula, moved_formula):
    assert MOVES.formula(formula) == moved_formula


# -- where the newer definition comes from --------------------------------------------------------------


def test_a_file_whose_catalogue_file_is_gone_is_upgraded_by_its_own_definition():
    own = xlkpi.load(GOOD)
    data = build(own, own.verticals["good"], "en", full_year(own.verticals["good"]))
    result = upgrade(read(data))
    assert result.data == data
    assert ["the workbook's own definition was used" in each.what for each in result.left] == [True]


def test_another_line_of_business_is_taken_only_where_figures_have_a_place(catalogue, coaching, book):
    with pytest.raises(WorkbookError, match="has a place in"):
        upgrade(read(book), xlkpi.load(GOOD), "good")
    result = upgrade(read(book), catalogue, "career-mentoring")
    assert values("in_new_clients", result.data) == values("in_new_clients", book)
    assert {line.value for line in kept(result)} > set(values("in_total_revenue", book))


def test_two_files_cannot_claim_one_former_name(tmp_path):
    text = GOOD.read_text("utf-8")
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text('[vertical]\nwas = ["tea-shop"]\n' + text.removeprefix("[vertical]\n"), "utf-8")
    renamed = re.sub(r"\b(TEARATE|SEATUSE|GUESTGROWTH)\b", r"\1TWO", one.read_text("utf-8"))
    other.write_text(renamed, "utf-8")
    with pytest.raises(CatalogueError) as caught:
        xlkpi.load(one, other)
    (problem,) = caught.value.problems
    assert (problem.key, problem.line) == ("vertical.was", 2)
    assert 'of "one" and of "other"' in problem.what


def test_an_input_that_two_inputs_claim_is_refused(tmp_path):
    path = tmp_path / "tea-shop.toml"
    text = GOOD.read_text("utf-8")
    for name in ("sold_cups", "made_cups"):
        text = text.replace(f"[input.{name}]\n", f'[input.{name}]\nwas = ["cups"]\n')
    path.write_text(text, "utf-8")
    assert [problem.key for problem in check(path)] == ["input.made_cups.was"]


def test_an_edition_before_most_of_what_there_is_now():
    """A file of an early commit, filled in every cell; see tests/older/README.md."""
    data = OLDER.read_bytes()
    result = upgrade(read(data))
    before, after = opened(data), opened(result.data)
    compared = 0
    for name in before.defined_names:
        if name.startswith(("in_", "target_", "bench_", "set_")):
            old, new = ([cell.value for cell in cells_of(name, each)] for each in (before, after))
            assert new == old, name
            compared += len(old)
    assert compared > 300
    shown = [str(cell.attr_text) for cell in (after.defined_names["in_corporate_initial"],)]
    assert after["Minha aba"]["A2"].value == f"=SUM({shown[0]})"
    assert [(line.sheet, line.cell, line.value) for line in kept(result)] == [
        ("Dados", "S9", "conferir com o contador")
    ]
    assert lint(result.data) == []
    assert read(result.data).version == xlkpi.__version__
    again = upgrade(read(result.data))
    assert again.data == result.data


# -- whatever is typed ------------------------------------------------------------------------------------

_KINDS = ("number", "text", "truth", "constants", "reference")


def anything(chance: random.Random) -> object:
    kind = chance.choices(_KINDS, (10, 2, 1, 2, 2))[0]
    return {
        "number": chance.choice((0, 1, 12.5, 99999, -3, round(chance.random() * 100, 3))),
        "text": chance.choice(("n/a", "about 12", "=", "'=1", "é", "more than", "year", "month")),
        "truth": chance.random() < 0.5,
        "constants": f"={chance.randrange(100)}+{chance.randrange(100)}",
        "reference": chance.choice(("=S1", "=SUM(S1:S9)", "=Mine!A1", "=in_nothing")),
    }[kind]


def without_a_kpi(text: str, chance: random.Random) -> str:
    """The file without one of its KPIs, and without the inputs that no other uses."""
    names = re.findall(r"(?m)^\[kpi\.(\w+)\]", text)
    gone = chance.choice([name for name in names if f'companion_of = "{name}"' not in text])
    return re.sub(rf"(?ms)^\[kpi\.{gone}\].*?(?=^\[|\Z)", "", text)


def found_again(value: object, found: object) -> bool:
    if isinstance(value, datetime) or isinstance(found, datetime):
        return str(value)[:10] == str(found)[:10]
    return value == found and isinstance(value, bool) == isinstance(found, bool)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_typed_is_carried_over_or_kept(catalogue, seed):
    chance = random.Random(seed)
    chosen = catalogue.verticals[VERTICALS[seed % len(VERTICALS)]]
    text = shuffled(without_a_kpi(chosen.source, chance), seed)
    shared = {"functions.toml": catalogue.shared_source}
    newer = load_texts(chosen.id, {f"{chosen.id}.toml": text, **shared})
    plain = build(catalogue, chosen, "en", log=())

    def fill(opened_book: openpyxl.Workbook) -> None:
        for name in sorted(opened_book.defined_names):
            if name.startswith(
                ("in_", "target_", "targetend_", "prev_", "bench_", "upper_", "operator_", "period_", "set_")
            ):
                for cell in cells_of(name, opened_book):
                    if chance.random() < 0.5:
                        cell.value = anything(chance)
        for cell in cells_of("log_entries", opened_book)[:80]:
            if chance.random() < 0.5:
                cell.value = anything(chance)
        for _ in range(5):
            title = chance.choice(("Inputs", "KPIs", "Benchmarks", "Last year", "Dashboard"))
            opened_book[title].cell(chance.randrange(1, 60), chance.randrange(80, 90), anything(chance))

    data = resaved(plain, fill)
    result = upgrade(read(data), newer)
    after, one = opened(result.data), opened(data)
    lines = {(line.sheet, line.cell): line for line in kept(result)}
    lost = []
    for name in opened(plain).defined_names:
        if name.startswith(
            ("in_", "target_", "targetend_", "prev_", "bench_", "upper_", "operator_", "period_", "set_")
        ):
            new = [cell.value for cell in cells_of(name, after)] if name in after.defined_names else []
            before = [cell.value for cell in cells_of(name, opened(plain))]
            for at, cell in enumerate(cells_of(name, one)):
                if (
                    cell.value is None
                    or cell.value == before[at]
                    or (at < len(new) and found_again(cell.value, new[at]))
                    or (name == "set_currency" and new == [str(cell.value)])  # whatever stands there is a text
                ):
                    continue
                if not is_kept(cell, lines):
                    lost.append((name, at, cell.value, new[at : at + 1]))
    lost += [("log", cell.coordinate, cell.value) for cell in lost_of_log(one, after, lines)]
    for sheet in one:
        for row in sheet.iter_rows(min_col=80):
            lost += [
                (sheet.title, cell.coordinate, cell.value)
                for cell in row
                if cell.value is not None and not is_kept(cell, lines)
            ]
    assert lost == []
    assert lint(result.data) == []
    said = {(each.sheet, each.cell) for each in result.left}
    assert said >= lines.keys()
    again = upgrade(read(result.data), newer)
    assert again.data == result.data


def is_kept(cell, lines: dict[tuple[str, str], Kept]) -> bool:
    line = lines.get((cell.parent.title, cell.coordinate))
    return line is not None and (
        line.text == cell.value if cell.data_type == "f" else found_again(cell.value, line.value)
    )


def lost_of_log(one: openpyxl.Workbook, after: openpyxl.Workbook, lines: dict[tuple[str, str], Kept]) -> Iterator:
    """Cells of the log that are neither kept nor in the newer one, in the order of its lines."""
    cells = cells_of("log_entries", one)[:80]
    new = cells_of("log_entries", after) if "log_entries" in after.defined_names else []
    rest = iter([new[at : at + 4] for at in range(0, len(new), 4)])
    for at in range(0, 80, 4):
        wanted = [cell for cell in cells[at : at + 4] if cell.value is not None and not is_kept(cell, lines)]
        if wanted and not any(
            all(str(line[cell.column - 1].value) == str(cell.value) for cell in wanted) for line in rest
        ):
            yield from wanted


# -- the command ------------------------------------------------------------------------------------------


def run(*arguments: object):
    result = CliRunner().invoke(main, ["upgrade", *map(str, arguments)])
    assert "Traceback" not in result.output
    return result


def test_the_command(book, tmp_path):
    old = tmp_path / "mine.xlsx"
    data = resaved(book, put("in_new_clients", "n/a", 2))
    old.write_bytes(data)
    result = run(old)
    new = tmp_path / "mine.upgraded.xlsx"
    assert (result.exit_code, result.stdout) == (0, f"{new}\n")
    sheet, cell = place(data, "in_new_clients", 2)
    assert (
        f'mine.xlsx: {sheet}!{cell}: warning: New clients in the month: Mar 2026: not carried over: "n/a"'
        in result.stderr
    )
    assert 'kept on the sheet "Not carried over"' in result.stderr
    assert old.read_bytes() == data
    assert kept(Upgraded(read(data).vertical, new.read_bytes(), ()))[0].value == "n/a"
    new.write_bytes(b"mine")
    result = run(old)
    assert (result.exit_code, new.read_bytes()) == (2, b"mine")
    assert "is there already" in result.stderr
    assert run(old, "--force").exit_code == 0
    assert run(new).stdout == f"{tmp_path / 'mine.upgraded-2.xlsx'}\n"
    assert run(old, "-o", tmp_path / "deep" / "other.xlsx").exit_code == 0
    result = run(old, "-o", tmp_path / "next.xls")
    assert (result.exit_code, "does not end in .xlsx" in result.stderr) == (2, True)
    result = run(old, "-o", old, "--force")
    assert (result.exit_code, old.read_bytes()) == (2, data)
    assert "never touched" in result.stderr
    result = run(tmp_path / "none.xlsx")
    assert (result.exit_code, "no such file" in result.stderr) == (1, True)
    assert not list(tmp_path.rglob(".xlkpi-*"))


def test_the_command_with_a_file_of_ones_own(shops, tmp_path):
    before, _ = shops
    old, file = tmp_path / "old.xlsx", tmp_path / "tea-room.toml"
    old.write_bytes(build(before, before.verticals["tea-shop"], "fr", {"sold_cups": [3], "made_cups": [4]}))
    file.write_text(shops[1].verticals["tea-room"].source, "utf-8")
    result = run(old, "--catalogue", file, "-o", tmp_path / "new.xlsx")
    assert result.exit_code == 0, result.output
    assert "« tea-shop »" in result.stderr.replace("\u00a0", " ")
    assert read((tmp_path / "new.xlsx").read_bytes()).typed["cups_sold"][0] == 3
    result = run(old, "--catalogue", file, "--as", "tea-rom", "-o", tmp_path / "new2.xlsx")
    assert (result.exit_code, 'Did you mean "tea-room"?' in result.stderr) == (2, True)
    result = run(old, "--as", "career-mentoring", "-o", tmp_path / "new3.xlsx")
    assert (result.exit_code, "has a place in" in result.stderr) == (1, True)
    assert not (tmp_path / "new3.xlsx").exists()


def test_what_is_said_comes_in_a_language(catalogue, coaching):
    data = build(catalogue, coaching, "pt", {"new_clients": ["n/a"]})
    result = upgrade(read(data), None, "", "en")
    assert "A number belongs in this cell." in result.left[0].what
    assert kept(result)[0].why == UI["upgrade.number"]["pt"], "the sheet is in the workbook's language"


@pytest.mark.parametrize("name, wanted", [("a.xlsx", "a.upgraded.xlsx"), ("a.XLSX", "a.upgraded.xlsx"), ("b", "b.upgraded.xlsx"),
                                          ("a.upgraded.xlsx", "a.upgraded-2.xlsx"), ("a.upgraded-9.xlsx", "a.upgraded-10.xlsx")])  # fmt: skip
def test_the_usual_name_is_never_the_same(name, wanted):
    assert upgraded_name(name) == wanted


def test_a_workbook_that_counts_days_from_1904(catalogue, coaching):
    from filled import with_parts

    log = [Entry(date(2026, 2, 3), "completed_sessions", 3)]
    data = build(catalogue, coaching, "en", {}, start=date(2026, 1, 1), log=log)
    older = with_parts(data, lambda name, text: re.sub("<workbookPr(?=[ >])", '<workbookPr date1904="1"', text))
    found = read(upgrade(read(older)).data)
    assert found.start == date(2030, 1, 2)
    assert found.saved.day(found.log[0].date) == date(2030, 2, 4)


@pytest.mark.libreoffice
def test_files_saved_by_libreoffice(shops, with_own, moved, tmp_path):
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        pytest.skip("LibreOffice is not on this machine")
    paths = [tmp_path / "own.xlsx", tmp_path / "all.xlsx", tmp_path / "older.xlsx"]
    for path, data in zip(paths, (with_own[0], moved[1], OLDER.read_bytes()), strict=True):
        path.write_bytes(data)
    own, every, older = (path.read_bytes() for path in through_libreoffice(paths, tmp_path))
    result = upgrade(read(every), shops[1])
    for old, new in SAME.items():
        assert [*map(str, values(new, result.data))] == [*map(str, values(old, moved[1]))], old
    assert {(line.sheet, line.cell) for line in kept(result)} == {(line.sheet, line.cell) for line in kept(moved[2])}
    result = upgrade(read(own), shops[1])
    assert opened(result.data)["My sums"]["B9"].value == opened(with_own[1].data)["My sums"]["B9"].value
    assert lint(result.data) == []
    result = upgrade(read(older))
    assert [(line.sheet, line.cell) for line in kept(result)] == [("Dados", "S9")]


def test_what_was_only_renamed_is_told_with_the_cure(tmp_path, monkeypatch):
    text = GOOD.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "tea-shop.toml"
    file.write_text(text, "utf-8")
    before = xlkpi.load(file)
    data = build(before, before.verticals["tea-shop"], "en", full_year(before.verticals["tea-shop"]))
    (tmp_path / "old.xlsx").write_bytes(data)
    unread = run("old.xlsx", "-o", "unread.xlsx")
    assert "tea-shop.toml in this folder was not read" in unread.stderr
    file.write_text(re.sub(r"\bmade_cups\b", "cups_made", re.sub(r"\bcup_rate\b", "rate_of_cups", text)), "utf-8")
    said = run("old.xlsx", "-o", "new.xlsx", "--catalogue", file).stderr
    assert 'write was = ["made_cups"] below it' in said
    assert "was not read" not in said


def test_a_targets_name_tells_of_its_kpi(tmp_path):
    text = GOOD.read_text("utf-8")
    file = tmp_path / "tea-shop.toml"
    file.write_text(text, "utf-8")
    own = xlkpi.load(file)
    data = build(own, own.verticals["tea-shop"], "en", settings=Settings(targets={"cup_rate": 60.0}))
    file.write_text(re.sub(r"\bcup_rate\b", "rate_of_cups", text), "utf-8")
    result = upgrade(read(data), xlkpi.load(file))
    assert any('was = ["cup_rate"]' in each.what for each in result.left)
