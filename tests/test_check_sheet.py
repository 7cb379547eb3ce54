"""The sheet that says what could make a figure wrong: in words, for each kind of mistake, and only then."""

from __future__ import annotations

import html
import importlib
import io
import itertools
import random
import re
import zipfile
from dataclasses import replace
from datetime import date

import filled
import openpyxl
import pytest
import sheets
from engines import by_formualizer, by_ironcalc, formulas, is_error
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from scenarios import random_year, replaced
from test_engines import LANGUAGES, VERTICALS, compare

import xlkpi
from xlkpi.checking import fractions, is_currency_code, lacks_rate, misplaced, out_of_order, skipped
from xlkpi.model import Band
from xlkpi.series import Settings
from xlkpi.workbook import build
from xlkpi.workbook.formula_cells import blocks

OK, LOOK = "✔ in order", "⚠ to check"


def opened(data: bytes, **options):
    return openpyxl.load_workbook(io.BytesIO(data), **options)


def saved(book) -> bytes:
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def lines(data: bytes, language: str = "en") -> dict[str, tuple[str, str]]:
    """What the sheet says of each thing: the status and the words."""
    sheet = sheets.sheet(opened(data, data_only=True), "check", language)
    rows = sheet.iter_rows(min_row=6, max_col=3, values_only=True)
    return {what: (state, words or "") for what, state, words in rows if state}


def total(data: bytes) -> tuple[object, object]:
    """The number of points to look at, and the words of it, found by their names."""
    book = opened(data, data_only=True)
    places = [book.defined_names[name].attr_text.split("!")[1] for name in ("check_count", "check_word")]
    number, words = (sheets.sheet(book, "check")[place.replace("$", "")].value for place in places)
    return number, words


def cell_of(book, name: str) -> str:
    """The first cell of a defined name."""
    return book.defined_names[name].attr_text.split("!")[1].replace("$", "").split(":")[0]


def full_year(vertical) -> dict[str, list[object]]:
    """A year in which nothing is wrong."""
    typed: dict[str, list[object]] = {}
    for item in vertical.inputs.values():
        if item.kind == "tally" and item.of:
            typed[item.id] = [[5] * 12 for _ in vertical.inputs[item.of].values]
        elif item.kind != "tally":
            typed[item.id] = [item.default] if item.kind == "constant" else [10] * 12
    return typed


# -- what is said ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("vertical, language", [*itertools.product(VERTICALS, LANGUAGES)])
def test_a_workbook_without_a_mistake_is_in_order(catalogue, vertical, language):
    chosen = catalogue.verticals[vertical]
    for typed in ({}, full_year(chosen)) if language == "en" else (full_year(chosen),):
        data = build(catalogue, chosen, language, typed)
        said = lines(data, language)
        assert {state for state, _ in said.values()} == {catalogue.ui["check.ok"][language]}
        book = opened(data, data_only=True)
        sheet = sheets.sheet(book, "check", language)
        assert (sheet["D3"].value, sheet["A3"].value) == (0, catalogue.ui["check.fine"][language])
        wanted = [item.label.get_in(language) for item in chosen.inputs.values() if not item.values]
        assert set(wanted) <= set(said)


GAP = [10, None, None, 10, None, 10, *[None] * 6]
# what is typed instead of a year of tens | the line | its words
INPUTS = [
    ({"surveyed_clients": [10, "n/a", True, *[10] * 9]}, "Clients who answered the survey",
     "Text or TRUE where a number belongs. Cells: 2."),
    ({"surveyed_clients": GAP, "satisfied_clients": [10]}, "Clients who answered the survey",
     "Months skipped: 3, the first one: Feb 2026. Type the figure if you have it, and 0 if there was none."),
    ({"surveyed_clients": [None, None, 10, 10, None, 10]}, "Clients who answered the survey",
     "Month skipped: May 2026. Type the figure if you have it, and 0 if there was none."),
    ({"surveyed_clients": ["", 10, *[None] * 10]}, "Clients who answered the survey", ""),
    ({"surveyed_clients": ["x", None, 10]}, "Clients who answered the survey",
     "Text or TRUE where a number belongs. Cells: 1. Month skipped: Feb 2026. Type the figure if you have it, and 0 if there was none."),
    ({"start_clients": [10, None, None, 9]}, "Clients at the start of the month", ""),
    ({"start_clients": ["ten"]}, "Clients at the start of the month", "Text or TRUE where a number belongs. Cells: 1."),
    ({"satisfied_clients": [11, *[10] * 11]}, "Impossible or unusual figures", "Rows with a remark beside them: 1."),
    ({"satisfied_clients": ["x", *[10] * 11]}, "Impossible or unusual figures", ""),
    ({"satisfied_clients": ["x", -1, *[10] * 10]}, "Impossible or unusual figures",
     "Rows with a remark beside them: 1."),
]  # fmt: skip


@pytest.mark.parametrize("typed, what, words", INPUTS)
def test_what_is_wrong_with_the_figures_is_said(catalogue, typed, what, words, tmp_path):
    vertical = catalogue.verticals["remote-career-coaching"]
    data = build(catalogue, vertical, "en", full_year(vertical) | typed)
    assert lines(data)[what] == (LOOK if words else OK, words)
    compare("IronCalc", data, by_ironcalc, tmp_path, {})


def test_a_month_of_a_tally_is_filled_where_any_of_its_rows_is(catalogue):
    vertical = catalogue.verticals["career-mentoring"]
    item = next(item for item in vertical.inputs.values() if item.kind == "tally" and item.of)
    rows: list[list[object]] = [[None] * 12 for _ in vertical.inputs[item.of].values]
    rows[0][0], rows[1][1], rows[2][4] = 3, 4, 5
    only = lines(build(catalogue, vertical, "en", {item.id: rows}))
    assert only[item.label.get_in("en")] == (OK, ""), "nothing at all in a month is said once"
    assert only["Months without any figure"][1].startswith("Months skipped: 2, the first one: Mar 2026.")
    others = {"attendees": [9, 9, 9, 9, 9]}
    said = lines(build(catalogue, vertical, "en", {item.id: rows, **others}))[item.label.get_in("en")]
    assert said == (
        LOOK,
        "Months skipped: 2, the first one: Mar 2026. Type the figure if you have it, and 0 if there was none.",
    )
    rows[3][2], rows[4][3] = 1, "x"
    said = lines(build(catalogue, vertical, "en", {item.id: rows, **others}))[item.label.get_in("en")]
    assert said == (LOOK, "Text or TRUE where a number belongs. Cells: 1.")


def test_the_total_counts_lines_and_knows_one_from_many(catalogue):
    vertical = catalogue.verticals["remote-career-coaching"]
    typed = full_year(vertical)
    for bad, wanted in (
        ({}, (0, "Everything is in order.")),
        ({"start_clients": ["x", "y"]}, (1, "1 point to check.")),
        ({"start_clients": ["x"], "end_clients": [10, None, "x"]}, (2, "2 points to check.")),
    ):
        assert total(build(catalogue, vertical, "en", typed | bad)) == wanted


# settings, first month | the line | its words
SETTINGS = [
    (Settings(), None, "First month of the year", "Type a date, such as the first day of the month."),
    (Settings(), date(1999, 12, 31), "First month of the year", "Type a date, such as the first day of the month."),
    (Settings("eur", 0.9), date(2026, 4, 1), "First month of the year", ""),
    *[(Settings(code, 0.9), date(2026, 1, 1), "Your currency (code)",
       "Type the three letters of your currency, such as USD.") for code in ("€", "EURO", "E1R", "", "É€£", "US$")],
    *[(Settings(code, 0.9), date(2026, 1, 1), "Your currency (code)", "") for code in ("EUR", " brl ", "usd")],
    *[(Settings("EUR", rate), date(2026, 1, 1), "1 US dollar in your currency",
       "Type how much of your currency one US dollar buys: a number above 0.") for rate in (None, 0.0, -1.0, "n/a")],
    (Settings("EUR", 0.9), date(2026, 1, 1), "1 US dollar in your currency", ""),
    (Settings(" usd"), date(2026, 1, 1), "1 US dollar in your currency", ""),
    *[(Settings(period=period), date(2026, 1, 1), "Period", "Choose from the list; latest month shown.")
      for period in ("sometime", "")],
    *[(Settings(period=period), start, "Period", "") for period in ("latest", "7", "ytd", "year")
      for start in (None, date(2026, 4, 1))],
]  # fmt: skip


@pytest.mark.parametrize("settings, start, what, words", SETTINGS)
def test_what_is_wrong_with_the_settings_is_said(catalogue, settings, start, what, words, tmp_path):
    vertical = next(v for v in catalogue.verticals.values() if any(kpi.unit == "money" for kpi in v.kpis.values()))
    data = build(catalogue, vertical, "en", {}, settings, start)
    assert lines(data)[what] == (LOOK if words else OK, words)
    compare("IronCalc", data, by_ironcalc, tmp_path, {})
    compare("formualizer", data, by_formualizer, tmp_path, {})


def test_where_there_is_no_money_nothing_is_said_of_currency(catalogue):
    for vertical in catalogue.verticals.values():
        said = lines(build(catalogue, vertical, "en"))
        money = {item.unit for item in vertical.inputs.values()} | {kpi.unit for kpi in vertical.kpis.values()}
        assert ("Your currency (code)" in said) is ("money" in money)


ORDER = "The bands are out of order: each must be harder to reach than the one before."
CHOICE = "A word is not in the list: choose how the band begins, and the period, from the lists in their cells."
TEXT = "Text or TRUE where a number belongs."
TARGET = "The target is not a number."
FRACTION = "Between 0 and 1: for 85% type 85, not 0.85. Cells:"
# columns after the edge of the typical band, new values | the words
THRESHOLDS = [
    ({0: 80.0, 2: 85.0, 4: 90.0}, ""),
    ({0: 80.0, 2: 85.0, 4: 85.0}, ORDER),
    ({0: 80.0, 2: 79.0, 4: 90.0}, ORDER),
    ({0: 80.0, 2: None, 4: 79.9}, ORDER),
    ({0: 80.0, 2: None, 4: 80.0 + 4e-10}, ORDER),
    ({0: None, 2: None, 4: 1.0}, ""),
    ({0: 0.8, 2: 0.85, 4: 0.9}, f"{FRACTION} 3."),
    ({0: 0.0, 2: 1.0, 4: 90.0, 5: 0.85}, f"{FRACTION} 1."),
    ({0: 0.8, 2: "x", 4: 90.0, 5: 1}, f"{TEXT} {FRACTION} 1."),
    ({0: 80.0, 2: 85.0, 4: 90.0, 5: "0.85"}, TARGET),
    ({0: None, 2: None, 4: None}, ""),
    ({0: "eighty", 2: None, 4: 1.0}, TEXT),
    ({0: "eighty", 2: 9.0, 4: 1.0}, f"{TEXT} {ORDER}"),
    ({-1: "at most"}, CHOICE),
    ({-1: "MORE THAN"}, ""),
    ({1: None}, CHOICE),
    ({6: "year"}, ""),
    ({6: "week"}, CHOICE),
    ({5: "much"}, TARGET),
    ({5: 70}, ""),
    ({0: "x", 1: "y", 2: 5, 4: 4, 5: "z"}, f"{TEXT} {ORDER} {CHOICE} {TARGET}"),
]


def changed(catalogue, vertical, row: str, values: dict[int, object]) -> tuple[bytes, str]:
    """A workbook whose benchmarks were typed over, and the line that speaks of them."""
    data = build(catalogue, vertical, "en")
    book = opened(data)
    first = sheets.sheet(book, "benchmarks")[cell_of(book, f"bench_{row}_typical")]
    for right, value in values.items():
        first.offset(0, right).value = value
    line = next(
        cell.row
        for cell in sheets.sheet(book, "check")["A"]
        if cell.hyperlink and re.search(rf"!E{first.row}:", cell.hyperlink.location or "")
    )
    return saved(book), f"C{line}"


@pytest.mark.parametrize("values, words", THRESHOLDS)
def test_what_is_wrong_with_the_thresholds_is_said(catalogue, values, words, tmp_path):
    vertical = catalogue.verticals["remote-career-coaching"]
    data, cell = changed(catalogue, vertical, "client_satisfaction", values)
    for find in (by_ironcalc, by_formualizer):
        found = find(data, [("Check", cell), ("Check", "D3")], tmp_path)
        assert (found["Check", cell] or "", found["Check", "D3"]) == (words, int(words != ""))


def test_where_lower_is_better_the_bands_go_down(catalogue, tmp_path):
    vertical, kpi = next((v, k) for v in catalogue.verticals.values() for k in v.kpis.values() if k.better == "lower")
    row = kpi.id if not next(iter(kpi.segments)) else f"{kpi.id}_{next(iter(kpi.segments))}"
    for values, words in (({0: 9, 2: 5, 4: 2}, ""), ({0: 9, 2: 5, 4: 5}, ORDER), ({0: 2, 2: None, 4: 9}, ORDER)):
        data, cell = changed(catalogue, vertical, row, values)
        assert (by_ironcalc(data, [("Check", cell)], tmp_path)["Check", cell] or "") == words


# direction, edges, upper edges | whether the bands are out of order
BANDS = [
    ("higher", (1, 2, 3), (), False),
    ("higher", (1, 1, 3), (), True),
    ("higher", (3, None, 2), (), True),
    ("higher", ("x", 5, 9), (), False),
    ("higher", (-2, -1, 0), (), False),
    ("lower", (3, 2, 1), (), False),
    ("lower", (3, None, 3), (), True),
    ("lower", (1, 2, None), (), True),
    ("lower", (-1, None, -2), (), False),
    ("range", (60, 65, 70), (90, 85, 80), False),
    ("range", (60, 60, 70), (90, 85, 80), False),
    ("range", (60, 60, 70), (90, 90, 80), True),
    ("range", (60, 65, 70), (90, 95, 80), True),
    ("range", (60, 59, 70), (90, 85, 80), True),
    ("range", (60, None, 70), (90, None, 80), False),
    ("range", (60, None, 50), (90, None, 80), True),
    ("range", (60, None, None), (None, None, None), True),
    ("range", (None, None, None), (90, None, None), True),
    ("range", (90, None, None), (60, None, None), True),
    ("range", (60, None, None), (60, None, None), True),
    ("range", (None, None, None), (None, None, None), False),
]


@pytest.mark.parametrize("better, edges, uppers, wrong", BANDS)
def test_bands_out_of_order_are_seen(catalogue, better, edges, uppers, wrong, tmp_path):
    assert out_of_order(better, edges, uppers) is wrong
    vertical = catalogue.verticals["career-mentoring"]
    name, kpi = next((name, kpi) for name, kpi in vertical.kpis.items() if not next(iter(kpi.segments)))
    kpis = vertical.kpis | {name: replace(kpi, better=better, bands={})}
    book = opened(build(catalogue, replace(vertical, kpis=kpis), "en"))
    first = sheets.sheet(book, "benchmarks")[cell_of(book, f"bench_{name}_typical")]
    for level, edge in enumerate(edges):
        first.offset(0, (3 if uppers else 2) * level).value = edge
        if uppers:
            first.offset(0, 3 * level + 1).value = uppers[level]
    line = next(cell.row for cell in sheets.sheet(book, "check")["A"] if cell.value == kpi.name.get_in("en"))
    found = by_ironcalc(saved(book), [("Check", f"C{line}")], tmp_path)["Check", f"C{line}"]
    assert ("out of order" in (found or "")) is wrong


def test_plain_values_are_judged_as_said():
    assert misplaced([1, 2.5, None, "x", True, ""]) == 3
    assert fractions([0.85, 1e-9, 0, 1, 85, -0.5, "0.5", True, None, float("nan")]) == 2
    assert skipped([]) == skipped([False] * 12) == skipped([True]) == []
    assert skipped([True, False, True, False, False, True, False]) == [2, 4, 5]
    assert [is_currency_code(code) for code in ("USD", "us", 123, None, "A B")] == [True, False, False, False, False]
    assert [lacks_rate(*pair) for pair in (("usd", None), ("EUR", 1), ("EUR", True), (None, 1))] == [
        False, False, True, False,
    ]  # fmt: skip


# -- the engines agree ----------------------------------------------------------------------------------


def spoiled_books(catalogue, vertical: str):
    """Years of chance with thresholds and settings of chance."""
    chosen = catalogue.verticals[vertical]
    for seed in range(5):
        chance = random.Random(f"{vertical} check {seed}")

        def some(kpi, chance=chance):
            def band(level):
                edge = chance.choice((0.5, 5.0, 20.0, 40.0, 60.0))
                upper = edge + chance.choice((-5.0, 0.0, 20.0, 30.0)) if kpi.better == "range" else None
                signs = {"higher": (">=", ">"), "lower": ("<=", "<"), "range": ("..",)}[kpi.better]
                return Band(level, chance.choice(signs), edge, upper)

            segments = {s: tuple(band(n) for n in (1, 2, 3) if chance.random() < 0.7) for s in kpi.segments}
            return replace(kpi, bands=segments)

        def turned(kpi, chance=chance):
            # Nothing that compounds is better when lower.
            return chance.choice(("higher", "range") if kpi.year == "compound" else ("higher", "lower", "range"))

        kpis = {name: some(replace(kpi, better=turned(kpi))) for name, kpi in chosen.kpis.items()}
        settings = chance.choice((Settings(), Settings("€", 1.0), Settings("EUR"), Settings("BRL", 5.1)))
        start = chance.choice((None, date(2026, 7, 1)))
        typed = random_year(chosen, 500 + seed)
        yield replace(chosen, kpis=kpis), LANGUAGES[seed % 4], typed, settings, start


@pytest.mark.parametrize("vertical", VERTICALS)
def test_spoiled_years_by_ironcalc_and_formualizer(catalogue, vertical, tmp_path, compared):
    flagged = 0
    for changed_vertical, language, typed, settings, start in spoiled_books(catalogue, vertical):
        data = build(catalogue, changed_vertical, language, typed, settings, start)
        flagged += sum(state != catalogue.ui["check.ok"][language] for state, _ in lines(data, language).values())
        compare("IronCalc", data, by_ironcalc, tmp_path, compared)
        compare("formualizer", data, by_formualizer, tmp_path, compared)
    assert flagged > 30


@pytest.mark.libreoffice
@pytest.mark.parametrize("vertical", VERTICALS)
def test_spoiled_years_by_libreoffice(catalogue, vertical, libreoffice, tmp_path, compared):
    for changed_vertical, language, typed, settings, start in spoiled_books(catalogue, vertical):
        data = build(catalogue, changed_vertical, language, replaced(typed, True, None), settings, start)
        compare("LibreOffice", data, libreoffice.values, tmp_path, compared, exact_errors=False)


# -- formulas that are gone -----------------------------------------------------------------------------


def own_lines(data: bytes, language: str) -> tuple[set[str], set[tuple[str, str]]]:
    """The cells of the sheet that watch others, which nothing else can watch; and all cells that are watched."""
    title, watching, watched = sheets.title("check", language), set(), set()
    found = formulas(data)
    for (sheet, cell), formula in found.items():
        if sheet == title and "_xlfn.ISFORMULA(" in formula.text:
            watching.add(int(re.sub(r"\D", "", cell)))
            for at, area in re.findall(r"ISFORMULA\((?:('(?:[^']|'')*'|\w+)!)?(\$[A-Z$0-9:]+)\)", formula.text):
                if at:
                    name = at.strip("'").replace("''", "'")
                    watched |= {(name, cell) for cell in cells_in(area)}
    return {cell for sheet, cell in found if sheet == title and int(re.sub(r"\D", "", cell)) in watching}, watched


def cells_in(area: str) -> list[str]:
    first, _, last = area.replace("$", "").partition(":")
    (top, left), (bottom, right) = coordinate_to_tuple(first), coordinate_to_tuple(last or first)
    return [f"{get_column_letter(c)}{r}" for r in range(top, bottom + 1) for c in range(left, right + 1)]


@pytest.mark.parametrize("vertical, language", [*zip(VERTICALS, itertools.cycle(LANGUAGES))])
def test_every_formula_is_watched_but_those_that_watch(catalogue, vertical, language):
    for lambdas in (True, False):
        data = build(catalogue, catalogue.verticals[vertical], language, lambdas=lambdas)
        own, watched = own_lines(data, language)
        title = sheets.title("check", language)
        showing = ("check_count", "check_word", f"{title}!", f"'{title}'!")
        unwatched = {(title, cell) for cell in own}
        unwatched |= {
            place for place, f in formulas(data).items() if place[0] != title and any(s in f.text for s in showing)
        }
        assert watched & set(formulas(data)) == set(formulas(data)) - unwatched
        assert len(unwatched) < len(formulas(data)) / 10


def test_blocks_cover_their_cells_exactly_and_once():
    chance = random.Random(7)
    for _ in range(200):
        cells = {f"{chance.choice('BCDEF')}{chance.randint(1, 9)}" for _ in range(chance.randint(1, 30))}
        found = [cell for top, left, bottom, right in blocks(cells)
                 for cell in cells_in(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")]  # fmt: skip
        assert sorted(found) == sorted(cells)
    assert len(blocks([f"{c}{r}" for c in "CDE" for r in range(2, 9)])) == 1


def overwritten(data: bytes, part: str, cell: str, value: str | None = None) -> bytes:
    """The workbook with one formula gone: its value, or another, was pasted over it."""
    result = io.BytesIO()
    pattern = re.compile(rf'<c r="{cell}"([^>]*)><f[^>]*>[^<]*</f><v>([^<]*)</v></c>')

    def typed(match: re.Match[str]) -> str:
        kind = re.sub(r' (cm|t)="\w+"', "", match[1]) if value else re.sub(r' cm="\w+"', "", match[1])
        return f'<c r="{cell}"{kind}><v>{value or match[2]}</v></c>'

    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == part:
                text, many = pattern.subn(typed, text)
                assert many == 1, (part, cell)
            target.writestr(name, text)
    return result.getvalue()


def parts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        titles = re.findall(r'<sheet [^>]*?name="([^"]*)"', archive.read("xl/workbook.xml").decode())
    return {html.unescape(title): f"xl/worksheets/sheet{n}.xml" for n, title in enumerate(titles, 1)}


def line_of(data: bytes, title: str, language: str) -> int:
    """The row that speaks of a sheet's formulas."""
    sheet = sheets.sheet(opened(data), "check", language)
    return next(cell.row for cell in sheet["A"][5:] if str(cell.value).partition(" (masquée)")[0] == title)


def pasted(data: bytes, places: list[tuple[str, str]]) -> bytes:
    """The workbook with its own values pasted over some of its formulas, and 3 where there is none or an error.

    LibreOffice keeps an error that was pasted as a formula, and nothing as nothing.
    """
    parts, found = parts_of(data), formulas(data)
    for sheet, cell in places:
        cached = found[sheet, cell].cached
        data = overwritten(data, parts[sheet], cell, "3" if is_error(cached) or cached == "" else None)
    return data


@pytest.mark.libreoffice
def test_a_formula_pasted_over_is_told_wherever_it_stood(catalogue, libreoffice, tmp_path, compared):
    data = build(catalogue, catalogue.verticals["career-mentoring"], "fr", sample=True)
    title, found, tried = sheets.title("check", "fr"), formulas(data), set()
    counting = {}  # which cell counts which areas
    for (sheet, cell), formula in found.items():
        areas = re.findall(r"--NOT\(_xlfn\.ISFORMULA\(('(?:[^']|'')*'|\w+)!(\$[A-Z$0-9:]+)\)", formula.text)
        if sheet == title and areas:
            counting[cell] = [(at.strip("'").replace("''", "'"), cells_in(area)) for at, area in areas]
    for turn in range(max(map(len, counting.values()))):
        gone = {}
        for cell, areas in counting.items():
            if turn < len(areas):
                sheet, cells = areas[turn]
                gone[cell] = sheet, cells[turn % 2 * -1]  # the first of an area, or its last
        right_of = {cell: beside(cell, 1) for cell in gone}
        asked = [(title, each) for pair in right_of.items() for each in pair]
        said = libreoffice.values(pasted(data, list(gone.values())), asked, tmp_path)
        for cell, place in gone.items():
            row, column = coordinate_to_tuple(place[1])
            assert said[title, cell] == 1, place
            assert said[title, right_of[cell]] == 100_000_000 - 1000 * row - column, place
        tried |= set(gone.values())
    assert len(tried) == sum(map(len, counting.values())) > 60
    compared["formulas pasted over, told by LibreOffice"] = len(tried)


@pytest.mark.libreoffice
def test_formulas_of_the_hidden_sheet_pasted_over_are_counted(catalogue, libreoffice, tmp_path, compared):
    data = build(catalogue, catalogue.verticals["career-mentoring"], "fr", sample=True)
    found = [cell for sheet, cell in formulas(data) if sheet == "Calc"]
    gone = [("Calc", cell) for cell in found[::7]]
    cell = f"C{line_of(data, 'Calc', 'fr')}"
    said = libreoffice.values(pasted(data, gone), [(sheets.title("check", "fr"), cell)], tmp_path)
    words = said[sheets.title("check", "fr"), cell].replace("\xa0", " ")
    assert words.startswith(f"Formules écrasées : {len(gone)}. ")
    compared["formulas of Calc pasted over, counted by LibreOffice"] = len(gone)


def beside(cell: str, right: int) -> str:
    """The cell so many columns to the right of another."""
    row, column = coordinate_to_tuple(cell)
    return f"{get_column_letter(column + right)}{row}"


@pytest.mark.libreoffice
def test_one_formula_pasted_over_is_one_point_more(catalogue, libreoffice, tmp_path):
    data = build(catalogue, catalogue.verticals["career-mentoring"], "fr", sample=True)
    title, found = sheets.title("check", "fr"), formulas(data)
    _, watched = own_lines(data, "fr")
    before = found[title, "D3"].cached
    for sheet in dict.fromkeys(sheet for sheet, _ in found):
        cell = next(cell for at, cell in found if at == sheet and (at, cell) in watched)
        row = line_of(data, sheet, "fr")
        asked = [(title, place) for place in (f"B{row}", f"C{row}", "D3", "A3")]
        state, words, many, total_words = libreoffice.values(pasted(data, [(sheet, cell)]), asked, tmp_path).values()
        assert state == "⚠ à vérifier", (sheet, cell)
        where = "" if sheet == "Calc" else f" Première cellule : {cell}."
        assert f"Formules écrasées : 1.{where}" in words.replace("\xa0", " ")
        assert (many, total_words) == (before + 1, f"{before + 1:g} points à vérifier.")


@pytest.mark.libreoffice
def test_several_formulas_pasted_over_are_counted_and_the_first_is_named(catalogue, libreoffice, tmp_path):
    vertical = catalogue.verticals["career-mentoring"]
    data = build(catalogue, vertical, "fr", full_year(vertical))
    part = parts_of(data)["Indicateurs"]
    for cell in ("H9", "F7", "AJ6", "D8"):
        data = overwritten(data, part, cell, "3")
    row = line_of(data, "Indicateurs", "fr")
    title = sheets.title("check", "fr")
    said = libreoffice.values(data, [(title, f"C{row}"), (title, "A3")], tmp_path)
    assert said[title, f"C{row}"].replace("\xa0", " ").startswith("Formules écrasées : 4. Première cellule : AJ6.")
    assert said[title, "A3"] == "1 point à vérifier."


def test_a_program_that_cannot_tell_says_so_and_counts_nothing(catalogue, tmp_path):
    vertical = catalogue.verticals["career-mentoring"]
    data = overwritten(
        build(catalogue, vertical, "fr"), parts_of(build(catalogue, vertical, "fr"))["Indicateurs"], "D5", "3"
    )
    title, row = sheets.title("check", "fr"), line_of(data, "Indicateurs", "fr")
    for find in (by_ironcalc, by_formualizer):
        said = find(data, [(title, f"B{row}"), (title, f"C{row}"), (title, "D3")], tmp_path)
        assert said[title, f"B{row}"] == "? indéterminé"
        assert said[title, f"C{row}"].startswith("Ce programme ne distingue pas une formule")
        assert said[title, "D3"] == 0


# -- how it looks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_line_leads_to_its_place(catalogue, language):
    book = opened(build(catalogue, catalogue.verticals["data-driven-career-coaching"], language))
    sheet = sheets.sheet(book, "check", language)
    rows = [row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 2).value]
    plain = [sheet.cell(row, 1).value for row in rows if not sheet.cell(row, 1).hyperlink]
    assert plain == [catalogue.ui["check.hidden"][language].format(sheet="Calc")]
    for row in rows:
        if link := sheet.cell(row, 1).hyperlink:
            at, _, cells = link.location.rpartition("!")
            assert book[at.strip("'")][cells]
    assert len(rows) > 40


def test_a_line_to_look_at_is_coloured_and_has_a_word_and_a_shape(catalogue):
    sheet = sheets.sheet(opened(build(catalogue, catalogue.verticals["career-mentoring"])), "check")
    rules = {str(area.sqref): [rule.formula[0] for rule in area.rules] for area in sheet.conditional_formatting}
    assert rules == {f"A7:C{sheet.max_row}": ["$D7=1"], "A3": ["$D$3>0"]}
    for language in LANGUAGES:
        words = [xlkpi.load().ui[f"check.{key}"][language] for key in ("ok", "look", "unknown")]
        assert [word[:2] for word in words] == ["✔ ", "⚠ ", "? "]
    assert sheet.freeze_panes == "A6"
    assert sheet.print_title_rows == "$5:$5"
    assert all(sheet.column_dimensions[letter].hidden for letter in "D")


# -- earlier figures ---------------------------------------------------------------------


def test_text_among_earlier_figures_is_told(catalogue, tmp_path, monkeypatch):
    module = importlib.import_module("xlkpi.workbook.build")
    write = module.write_benchmarks

    def more(book, layout):
        write(book, layout)
        cells = book.workbook.create_sheet("Year's before")
        cells["C5"], cells["D6"], cells["E6"] = "n/a", 4, "x"
        for row in (5, 6):
            name = f"prev_made_up_{row}"
            book.workbook.defined_names[name] = DefinedName(name, attr_text=f"'Year''s before'!$C${row}:$O${row}")

    monkeypatch.setattr(module, "write_benchmarks", more)
    data = build(catalogue, catalogue.verticals["career-mentoring"])
    assert lines(data)["Year's before"] == (LOOK, "Text or TRUE where a number belongs. Cells: 2.")
    assert total(data) == (1, "1 point to check.")
    for find in (by_ironcalc, by_formualizer):
        compare("an engine", data, find, tmp_path, {})


@pytest.mark.parametrize("find", [by_ironcalc, by_formualizer])
@pytest.mark.parametrize("text, said", [("", ""), ("n/a", "Text or TRUE where a number belongs. Cells: 1.")])
def test_empty_texts_pasted_among_last_years_figures_are_no_fault(catalogue, find, text, said, tmp_path):
    """What the three steps by hand paste where the old year has no figure."""
    vertical = catalogue.verticals[VERTICALS[0]]
    data = build(catalogue, vertical, "en", full_year(vertical))
    name = next(name for name in opened(data).defined_names if name.startswith("prev_"))
    changed = filled.with_cell(data, *filled.place(data, name), f"<is><t>{text}</t></is>", "inlineStr")
    row = max(cell.row for cell in sheets.sheet(opened(data), "check")["A"] if cell.value == "Last year")
    found = find(changed, [("Check", f"C{row}"), ("Check", f"D{row}")], tmp_path)
    assert list(found.values()) == [said, float(said != "")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_percentages_typed_as_fractions_last_year_are_told(catalogue, language, tmp_path):
    vertical = catalogue.verticals["remote-virtual-assistant-agency"]
    assert {kpi.unit for kpi in vertical.kpis.values()} >= {"percent", "ratio", "hours"}
    cells = [0.85, 0, 1, 85, "0.5", None, 0.5]
    settings = Settings(
        previous={kpi.id: cells for kpi in vertical.kpis.values()}, targets={"client_satisfaction": 0.9}
    )
    data = build(catalogue, vertical, language, {}, settings)
    percent = sum(kpi.unit == "percent" for kpi in vertical.kpis.values())
    ui, said = catalogue.ui, lines(data, language)

    def told(key: str, many: int) -> str:
        return f"{ui[key][language]} {ui['check.cells'][language]} {many}."

    look = ui["check.look"][language]
    words = f"{told('warn.text', len(vertical.kpis))} {told('warn.fraction', 2 * percent)}"
    assert said[sheets.title("last_year", language)] == (look, words)
    target = vertical.kpis["client_satisfaction"].name.get_in(language)
    assert said[target] == (look, told("warn.fraction", 1))
    for find in (by_ironcalc, by_formualizer):
        compare("an engine", data, find, tmp_path, {})
