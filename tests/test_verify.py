"""Verifying filled workbooks: each kind of fault is planted and found where it is; clean files give nothing."""

from __future__ import annotations

import html
import io
import itertools
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from engines import by_ironcalc, formulas
from filled import full_year, place, read, resaved, through_libreoffice, with_cell, with_parts
from sheets import title

import xlkpi
from xlkpi.cli import main
from xlkpi.logged import Entry
from xlkpi.names import HOSTS, LANGUAGES
from xlkpi.series import Settings
from xlkpi.workbook import build
from xlkpi.workbook.finding import NOTE, Finding
from xlkpi.workbook.read import read_workbook
from xlkpi.workbook.same_formula import canonical
from xlkpi.workbook.saved import ErrorValue
from xlkpi.workbook.verify import same, verify_filled

VERTICALS = list(xlkpi.load().verticals)
PAIRS = [*itertools.product(VERTICALS, LANGUAGES)]
CHOSEN = "remote-career-coaching"
UI = xlkpi.load().ui


@pytest.fixture(scope="module")
def coaching(catalogue):
    return catalogue.verticals[CHOSEN]


@pytest.fixture(scope="module")
def book(catalogue, coaching) -> bytes:
    return build(catalogue, coaching, "en", full_year(coaching))


def problems(data: bytes, language: str = "") -> list[Finding]:
    """All that is found but notes."""
    return [found for found in verify_filled(read(data), language) if found.severity != NOTE]


def notes(data: bytes) -> list[Finding]:
    return [found for found in verify_filled(read(data)) if found.severity == NOTE]


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_nothing_is_said_of_clean_files(catalogue, vertical, language):
    chosen = catalogue.verticals[vertical]
    data = build(catalogue, chosen, language, full_year(chosen))
    assert verify_filled(read(data)) == []
    assert [found.what for found in verify_filled(read(resaved(data)))] == [UI["verify.no_results"][language]]
    assert verify_filled(read(build(catalogue, chosen, language, start=None, lambdas=False))) == []


@pytest.mark.parametrize("vertical, host", [*itertools.product(VERTICALS, HOSTS[1:])])
def test_nothing_is_said_of_clean_files_for_a_host(catalogue, vertical, host):
    chosen = catalogue.verticals[vertical]
    data = build(catalogue, chosen, "fr", full_year(chosen), start=date(2026, 7, 1), host=host)
    assert verify_filled(read(data)) == []


@pytest.mark.parametrize("vertical", VERTICALS)
def test_a_sample_has_its_empty_month_and_no_other_fault(catalogue, vertical):
    (found,) = verify_filled(read(build(catalogue, catalogue.verticals[vertical], "en", sample=True)))
    assert found.severity == "warning"
    assert found.what == "Aug 2026 is empty in every row, between months that are filled."
    assert re.fullmatch(r"K\d+", found.cell)


def test_settings_targets_and_thresholds_of_the_users_own_are_no_faults(catalogue, coaching):
    settings = Settings("EUR", 0.9, dict.fromkeys(coaching.kpis, 50.0))
    kpis = dict(coaching.kpis)
    for name, period in (("client_retention", "year"), ("revenue_per_user", "month")):
        kpis[name] = replace(kpis[name], benchmark=replace(kpis[name].benchmark, period=period))
    bands = tuple(replace(band, edge=band.edge + 1) for band in kpis["job_placement"].bands[""][1:])
    kpis["job_placement"] = replace(kpis["job_placement"], bands={"": bands})
    data = build(catalogue, replace(coaching, kpis=kpis), "pt", full_year(coaching), settings)
    assert read(data).as_changed.kpis["job_placement"].bands[""] == bands
    assert verify_filled(read(data)) == []


def with_log(catalogue, vertical, language: str) -> bytes:
    lines = [
        Entry(date(2026, 2, 3), "completed_sessions"),
        Entry(date(2026, 2, 28), "completed_sessions", 4, "two days"),
        Entry(date(2026, 1, 28), "scheduled_sessions", 9),
        Entry(date(2027, 2, 28), "completed_sessions", 4),
        Entry(date(2026, 2, 28), "tea", 4),
    ]
    return build(catalogue, vertical, language, {"scheduled_sessions": [None, 7]}, log=lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_log_is_read_and_its_lines_are_checked(catalogue, coaching, language):
    data = with_log(catalogue, coaching, language)
    filled = read(data)
    assert filled.used["completed_sessions"][1] == 5
    assert filled.used["scheduled_sessions"][:2] == [9, 7]
    assert [entry.figure for entry in filled.log] == [None, 4, 9, 4, 4]
    outside, unknown = verify_filled(filled)
    assert (outside.sheet, outside.cell) == place(data, "log_entries", 0, 3)
    assert (unknown.sheet, unknown.cell) == place(data, "log_entries", 0, 4)
    assert outside.what.startswith(UI["log.outside"][language])
    assert outside.severity == unknown.severity == "warning"


def test_a_file_of_ones_own_can_be_verified():
    from test_read import GOOD

    own = xlkpi.load(GOOD)
    data = build(own, own.verticals["good"], "es", full_year(own.verticals["good"]))
    assert verify_filled(read(data)) == []


@pytest.fixture(scope="module")
def saved_by_libreoffice(catalogue, tmp_path_factory):
    if shutil.which("soffice") is None and shutil.which("libreoffice") is None:
        pytest.skip("LibreOffice is not on this machine")
    folder = tmp_path_factory.mktemp("libreoffice")
    kinds = [(vertical, language, "plain") for vertical, language in PAIRS]
    kinds += [("remote-resume-writing", "es", host) for host in HOSTS[1:]]
    paths = []
    for vertical, language, host in kinds:
        chosen = catalogue.verticals[vertical]
        paths.append(folder / f"{vertical}.{language}.{host}.xlsx")
        data = build(catalogue, chosen, language, full_year(chosen), start=date(2025, 12, 1), host=host)
        paths[-1].write_bytes(data)
    return dict(zip(kinds, through_libreoffice(paths, folder), strict=True))


@pytest.mark.libreoffice
def test_nothing_is_said_of_clean_files_that_libreoffice_saved(catalogue, saved_by_libreoffice):
    for (vertical, language, host), path in saved_by_libreoffice.items():
        chosen, found = catalogue.verticals[vertical], read_workbook(path)
        assert (found.vertical.id, found.language, found.host) == (vertical, language, host)
        assert (found.start, found.lambdas) == (date(2025, 12, 1), True)
        assert {name: found.typed[name] for name in full_year(chosen)} == full_year(chosen)
        assert found.as_changed == chosen
        missing = [UI["verify.no_addin"][language]] if host in ("lite", "server") else []
        assert [each.what for each in verify_filled(found)] == missing, path.name


@pytest.mark.libreoffice
def test_faults_are_found_in_what_libreoffice_saved(saved_by_libreoffice):
    data = saved_by_libreoffice[CHOSEN, "en", "plain"].read_bytes()
    (found,) = problems(with_cell(data, title("kpis"), "D5", "<v>99</v>"))
    assert (found.sheet, found.cell) == (title("kpis"), "D5")


Planted = Callable[[bytes], bytes]


def where_is(data: bytes, sheet: str, where: str) -> str:
    """A cell by itself, by its defined name, or by the key beside a word on the sheet Calc."""
    if re.fullmatch(r"[A-Z]+\d+", where):
        return where
    if "." not in where:
        return place(data, where)[1]
    return next(f"B{at[1:]}" for at, cell in read(data).saved.cells(sheet).items() if cell.value == where)


# what is planted | sheet | cell | severity | words of the sentence | words of what to do
FORMULA_FAULTS = [
    ("kpis", "kpi_client_satisfaction", "<v>99</v>", "", "A value stands where a formula belongs: 99.", "=IF(Calc!D"),
    ("kpis", "F11", "<is><t>n/a</t></is>", "inlineStr", 'a formula belongs: "n/a".', "=IF("),
    ("kpis", "year_client_retention", "<f>D7*12</f><v>5</v>", "", "was changed; it is now =D7*12.", "=IF("),
    ("kpis", "E6", "", "", "The formula is gone.", "Put this formula back: =IF("),
    ("inputs", "P10", "<v>1</v>", "", "A value stands", "SUM("),
    ("functions", "E10", "<v>85</v>", "", "A value stands", "E"),
    ("last_year", "C18", "<v>85</v>", "", "A value stands", "KPIs!O"),
    ("dashboard", "S3", "", "", "The formula is gone.", "MATCH("),
    ("Calc", "use_satisfied_clients", "<v>1</v>", "", "A value stands", "=IF(ISNUMBER(Inputs!D10),Inputs!D10"),
    ("Calc", "D2", "<v>2</v>", "", "was changed: 2 instead of 1.", "Type this again: 1"),
    ("Calc", "kpis.of12", "<is><t>of 13</t></is>", "inlineStr", 'was changed: "of 13"', "of 12 months"),
]  # fmt: skip


@pytest.mark.parametrize(
    "sheet, where, inside, kind, what, fix", FORMULA_FAULTS, ids=[f"{f[0]}-{f[1]}" for f in FORMULA_FAULTS]
)
def test_formulas_that_are_not_what_they_were(book, sheet, where, inside, kind, what, fix):
    sheet = sheet if sheet == "Calc" else title(sheet)
    where = where_is(book, sheet, where)
    (found,) = problems(with_cell(book, sheet, where, inside, kind))
    assert (found.sheet, found.cell) == (sheet, where)
    assert found.severity == "error"
    assert what in found.what
    assert fix in found.fix


def test_a_result_that_the_figures_do_not_give(book):
    cell = read(book).saved.cells("KPIs")["E5"]
    inside = f"<f>{cell.formula.replace('<', '&lt;')}</f><v>99.5</v>"
    (found,) = problems(with_cell(book, "KPIs", "E5", inside))
    assert (found.sheet, found.cell, found.severity) == ("KPIs", "E5", "error")
    assert found.what.startswith("It shows 99.5, but the figures typed give 75.789")
    assert "Recalculate" in found.fix


def test_results_that_are_stale_are_said_of_the_kpis_alone(book):
    sheet, where = place(book, "in_satisfied_clients", month=3)
    found = problems(with_cell(book, sheet, where, "<v>1</v>"))
    assert [each.cell for each in found] == ["G5", "P5"]
    assert {each.sheet for each in found} == {"KPIs"}


def test_a_stale_result_that_no_kpi_shows(book):
    formula = read(book).saved.cells("Inputs")["P10"].formula.replace("<", "&lt;")
    (found,) = problems(with_cell(book, "Inputs", "P10", f"<f>{formula}</f><v>1</v>"))
    assert (found.sheet, found.cell) == ("Inputs", "P10")


# what is typed | input and month (from 0) at fault | severity | key of the words
TYPED_FAULTS = [
    ({"new_clients": [1, "n/a", 3]}, "new_clients", 1, "error", "verify.text"),
    ({"new_clients": ["12"]}, "new_clients", 0, "error", "verify.text"),
    ({"new_clients": [True]}, "new_clients", 0, "error", "verify.text"),
    ({"new_clients": [1, 2, -3]}, "new_clients", 2, "error", "warn.negative"),
    ({"satisfied_clients": [1, 6], "surveyed_clients": [5, 5]}, "satisfied_clients", 1, "error", "warn.part"),
    ({"completed_sessions": [6], "scheduled_sessions": [5]}, "completed_sessions", 0, "warning", "warn.soft"),
    ({"trend_awareness": [85, 0.85]}, "trend_awareness", 1, "warning", "warn.fraction"),
    ({"trend_awareness": [101]}, "trend_awareness", 0, "error", "warn.over"),
    ({"total_revenue": [1, 2, None, 4]}, "total_revenue", 2, "warning", "verify.skipped"),
]  # fmt: skip


@pytest.mark.parametrize(
    "typed, name, month, severity, key, language",
    [(*fault, language) for fault, language in zip(TYPED_FAULTS, itertools.cycle(LANGUAGES), strict=False)],
    ids=[f"{fault[1]}-{fault[4]}" for fault in TYPED_FAULTS],
)
def test_figures_that_cannot_be(catalogue, typed, name, month, severity, key, language):
    vertical = next(v for v in catalogue.verticals.values() if name in v.inputs)
    year = {
        **full_year(vertical),
        **{each: [*cells, *full_year(vertical)[each][len(cells) :]] for each, cells in typed.items()},
    }
    data = build(catalogue, vertical, language, year)
    (found,) = verify_filled(read(data))
    assert (found.sheet, found.cell) == place(data, f"in_{name}", month)
    assert found.severity == severity
    words = max(re.split(r"\{\w+\}", UI[key][language]), key=len).strip()
    assert f"{words[:1].lower()}{words[1:]}" in found.what or words in found.what
    if key in ("warn.part", "warn.soft"):
        whole = "surveyed_clients" if key == "warn.part" else "scheduled_sessions"
        assert place(data, f"in_{whole}", month)[1] in found.what, "both cells are named"


# language | what is said of a part above its whole, and of a date that is a text
SENTENCES = [
    ("en", "Satisfied clients in the survey: cannot be more than: Clients who answered the survey (D10 = 6 > D11 = 5.5)."
     " Correct one of the two figures.",
     'This is no date from 2000 on: "May". Type a date, such as 2026-01-01.'),
    ("pt", "Clientes satisfeitos na pesquisa: não pode ser maior que: Clientes que responderam à pesquisa"
     " (D10 = 6 > D11 = 5,5). Corrija um dos dois números.",
     'Isto não é uma data a partir de 2000: "May". Digite uma data, como 01/01/2026.'),
    ("fr", "Clients satisfaits dans l'enquête : ne peut pas dépasser : Clients ayant répondu à l'enquête"
     " (D10 = 6 > D11 = 5,5). Corrigez l'un des deux chiffres.",
     "Ceci n'est pas une date à partir de 2000 : \"May\". Saisissez une date, par exemple 01/01/2026."),
    ("es", "Clientes satisfechos en la encuesta: no puede ser mayor que: Clientes que respondieron la encuesta"
     " (D10 = 6 > D11 = 5.5). Corrija una de las dos cifras.",
     'Esto no es una fecha a partir de 2000: "May". Escriba una fecha, como 01/01/2026.'),
]  # fmt: skip


@pytest.mark.parametrize("language, part, day", SENTENCES)
def test_findings_read_as_sentences(catalogue, coaching, language, part, day):
    typed = full_year(coaching) | {"satisfied_clients": [6], "surveyed_clients": [5.5]}
    data = put("set_first_month", "May")(build(catalogue, coaching, language, typed))
    said = [f"{found.what} {found.fix}".replace("\xa0", " ") for found in problems(data)]
    assert said == [day, part]


def test_a_month_that_is_skipped_in_every_row_is_said_once(catalogue, coaching):
    year = full_year(coaching)
    for cells in year.values():
        cells[4] = None
    year["active_users"][8] = None
    data = build(catalogue, coaching, "en", year)
    assert [(found.cell[0], found.what.split(" is empty")[0]) for found in verify_filled(read(data))] == [
        ("H", "May 2026"),
        ("L", "Users in the month: Sep 2026"),
    ]


def test_a_year_that_begins_late_or_ends_early_skips_nothing(catalogue, coaching):
    year = full_year(coaching)
    for name, cells in year.items():
        cells[9:] = [None] * 3
        if name in ("active_users", "total_revenue"):
            cells[:2] = [None] * 2
    assert verify_filled(read(build(catalogue, coaching, "en", year))) == []


def test_every_rating_of_a_tally_is_looked_at(catalogue):
    vertical = next(v for v in catalogue.verticals.values() if any(i.of for i in v.inputs.values()))
    name = next(item.id for item in vertical.inputs.values() if item.of)
    year = full_year(vertical)
    year[name][3][2] = "many"
    data = build(catalogue, vertical, "en", year)
    (found,) = verify_filled(read(data))
    assert (found.sheet, found.cell) == place(data, f"in_{name}", 2, 3)


def put(name: str, value: object) -> Planted:
    """Change the cell of a defined name."""

    def change(opened: openpyxl.Workbook) -> None:
        sheet, where = opened.defined_names[name].attr_text.replace("$", "").split(":")[0].split("!")
        opened[sheet.strip("'")][where] = value

    return lambda data: resaved(data, change)


# what is put where | the cell at fault, by its name | severity | words
SETTING_FAULTS = [
    ("set_first_month", "January", "set_first_month", "error", 'no date from 2000 on: "January"'),
    ("set_first_month", 2026, "set_first_month", "error", "no date from 2000 on: "),
    ("set_currency", "euros", "set_currency", "error", 'not a currency code: "euros"'),
    ("set_currency", None, "set_currency", "error", "not a currency code: nothing"),
    ("set_currency", "EUR", "set_rate", "warning", "ithout an exchange rate"),
    ("set_rate", "5,25", "set_rate", "error", 'not an exchange rate: "5,25"'),
    ("set_rate", 0, "set_rate", "error", "not an exchange rate: 0"),
    ("target_job_placement", "high", "target_job_placement", "error", 'Text or TRUE where a number belongs: "high".'),
    ("bench_job_placement_above", "70%", "bench_job_placement_above", "error", 'Text or TRUE where a number belongs: "70%".'),
    ("target_job_placement", 0.85, "target_job_placement", "warning", "for 85% type 85, not 0.85."),
    ("bench_job_placement_typical", 0.5, "bench_job_placement_typical", "warning", "for 85% type 85, not 0.85."),
    ("prev_job_placement", 0.7, "prev_job_placement", "warning", "for 85% type 85, not 0.85."),
    ("bench_job_placement_above", 45, "bench_job_placement_above", "error", '"Above average" does not begin beyond "Typical"'),
    ("bench_job_placement_typical", 95, "bench_job_placement_above", "error", '"Above average" does not begin beyond "Typical"'),
    ("bench_job_placement_above", 80, "bench_job_placement_exceptional", "error", '"Exceptional" does not begin beyond'),
    ("bench_time_to_milestone_exceptional", 6, "bench_time_to_milestone_exceptional", "error", '"Exceptional" does not begin beyond "Above average"'),
    ("operator_job_placement_above", "over", "operator_job_placement_above", "error", 'No formula knows this word here: "over"'),
    ("operator_job_placement_above", "at most", "operator_job_placement_above", "error", 'this word here: "at most"'),
    ("operator_job_placement_above", None, "operator_job_placement_above", "error", "this word here: nothing"),
    ("set_period", "sometime", "set_period", "error", 'this word here: "sometime"'),
    ("period_client_retention", "week", "period_client_retention", "error", 'this word here: "week"'),
]  # fmt: skip


@pytest.mark.parametrize(
    "name, value, where, severity, words", SETTING_FAULTS, ids=[f"{f[0]}-{f[1]}" for f in SETTING_FAULTS]
)
def test_settings_and_thresholds_that_cannot_be(book, name, value, where, severity, words):
    (found,) = problems(put(name, value)(book))
    assert (found.sheet, found.cell) == place(book, where)
    assert found.severity == severity
    assert words in found.what


def test_segments_with_periods_of_their_own_are_no_fault(catalogue):
    vertical = catalogue.verticals["data-driven-career-coaching"]
    kpi = next(kpi for kpi in vertical.kpis.values() if len(kpi.segments) > 1)
    data = build(catalogue, vertical, "en", full_year(vertical))
    sheet, where = place(data, f"period_{kpi.id}_{list(kpi.segments)[1]}")
    data = with_cell(data, sheet, where, "<is><t>quarter</t></is>", "inlineStr")
    assert [found.what for found in verify_filled(read(data))] == [UI["verify.segments"]["en"]]


# threshold and what is put there | whether that is a fault | cell at fault
RANGES = [
    ("upper_seat_use_above", 60, "upper_seat_use_above", "A range needs both ends"),
    ("upper_seat_use_above", None, "upper_seat_use_above", "A range needs both ends"),
    ("bench_seat_use_above", None, "upper_seat_use_above", "A range needs both ends"),
    ("upper_seat_use_above", 95, "bench_seat_use_above", '"Above average" does not begin beyond "Typical"'),
    ("upper_seat_use_above", "x", "upper_seat_use_above", "Text or TRUE"),
    ("upper_seat_use_above", 90, "", ""),
]


@pytest.mark.parametrize("name, value, where, words", RANGES)
def test_ranges_that_cannot_be(name, value, where, words):
    from test_read import GOOD

    own = xlkpi.load(GOOD)
    data = build(own, own.verticals["good"], "en", full_year(own.verticals["good"]))
    found = problems(put(name, value)(data))
    assert [(each.sheet, each.cell) for each in found] == ([place(data, where)] if where else [])
    assert all(words in each.what for each in found)


def recalculated(data: bytes, folder: Path) -> bytes:
    """The file with the results that IronCalc gives."""
    values = by_ironcalc(data, list(formulas(data)), folder)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        titles = re.findall(r'<sheet [^>]*?name="([^"]*)"', archive.read("xl/workbook.xml").decode())

    def change(name: str, text: str) -> str:
        number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
        if number is None:
            return text
        title = html.unescape(titles[int(number[1]) - 1])

        def put_result(match: re.Match[str]) -> str:
            value = values[title, match[1]]
            if isinstance(value, float):
                return f'<c r="{match[1]}"{match[2]}>{match[3]}<v>{value!r}</v></c>'
            kind = "e" if str(value).startswith("#") else "str"
            return (
                f'<c r="{match[1]}"{match[2]} t="{kind}">{match[3]}<v>{html.escape(value or "", quote=False)}</v></c>'
            )

        cell = re.compile(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)[^>]*>(<f>[^<]*</f>)<v>[^<]*</v></c>')
        return cell.sub(put_result, text)

    return with_parts(data, change)


# threshold | what is put there | how many findings: none of them of a result
TYPED_THRESHOLDS = [
    ("upper_seat_use_above", "", "", 1),
    ("bench_seat_use_above", "", "", 1),
    ("bench_cup_rate_above", "<is><t>70%</t></is>", "inlineStr", 1),
    ("target_seat_use", "<is><t>high</t></is>", "inlineStr", 1),
    ("target_seat_use", "<v>72</v>", "", 0),
]


@pytest.mark.parametrize("name, inside, kind, many", TYPED_THRESHOLDS)
def test_results_of_strange_thresholds_are_those_expected(name, inside, kind, many, tmp_path):
    from test_read import GOOD

    own = xlkpi.load(GOOD)
    data = build(own, own.verticals["good"], "en", full_year(own.verticals["good"]))
    changed = with_cell(data, *place(data, name), inside, kind)
    found = problems(recalculated(changed, tmp_path))
    assert [each.sheet for each in found] == ["Benchmarks"] * many
    if many:  # the sheet of checks says so, too
        assert formulas(recalculated(changed, tmp_path))["Dashboard", "AQ3"].cached == "1 point to check."


def rename(old: str, new: str) -> Planted:
    """Rename a sheet as Excel does: formulas, names and charts follow."""
    quoted = f"'{new}'"

    def change(name: str, text: str) -> str:
        if name == "xl/workbook.xml":
            text = text.replace(f'name="{old}"', f'name="{new}"')
        return text.replace(f"{old}!", f"{quoted}!")

    return lambda data: with_parts(data, change)


@pytest.mark.parametrize("key", ["inputs", "kpis", "benchmarks", "trends"])
def test_a_sheet_that_was_renamed(book, key):
    (found,) = problems(rename(title(key), "My own one")(book))
    assert (found.sheet, found.cell, found.severity) == ("My own one", "", "warning")
    assert f'The sheet "{title(key)}" is now called "My own one".' in found.what
    data = with_cell(rename(title("inputs"), "My own one")(book), "KPIs", "D5", "<v>99</v>")
    assert sorted(each.cell for each in problems(data)) == ["", "D5"]


@pytest.mark.parametrize("key", ["kpis", "trends", "sources", "benchmarks"])
def test_a_sheet_that_is_missing(book, key):
    (found,) = problems(resaved(book, lambda opened: opened.remove(opened[title(key)])))
    assert (found.sheet, found.cell, found.severity) == (title(key), "", "error")
    assert found.what == f'The sheet "{title(key)}" is missing.'


def test_sheets_of_the_user_are_fine_and_named(book):
    data = resaved(book, lambda opened: opened.create_sheet("Mine"))
    assert problems(data) == []
    assert ("Mine", "This sheet is your own; it was not checked.") in [(each.sheet, each.what) for each in notes(data)]


def remove_name(name: str) -> Planted:
    return lambda data: resaved(data, lambda opened: opened.defined_names.pop(name))


@pytest.mark.parametrize(
    "name", ["in_new_clients", "use_new_clients", "kpi_job_placement", "bench_job_placement_above", "KPI.CSS"]
)
def test_a_defined_name_that_is_missing(book, name):
    data = remove_name(name)(book)
    assert f'The defined name "{name}" is missing' in problems(data)[0].what
    assert f"={read(book).saved.names[name]}" in problems(data)[0].fix
    assert len(problems(data)) == 1


def test_a_named_lambda_that_was_changed(book):
    def change(opened: openpyxl.Workbook) -> None:
        opened.defined_names["KPI.CSS"].attr_text = "_xlfn.LAMBDA(_xlpm.a,_xlpm.a)"

    (found,) = problems(resaved(book, change))
    assert 'The defined name "KPI.CSS" now refers to something else' in found.what


def test_rows_that_were_inserted_are_said_once_and_figures_are_still_checked(book):
    """A row above the inputs: Excel moves names and formulas along."""

    def change(opened: openpyxl.Workbook) -> None:
        for each in opened.defined_names.values():
            if each.attr_text.startswith("Inputs!"):
                each.attr_text = re.sub(r"\$(\d+)", lambda row: f"${int(row[1]) + 1}", each.attr_text)
        opened["Inputs"].insert_rows(1)
        sheet, cells = opened.defined_names["in_new_clients"].attr_text.replace("$", "").split("!")
        opened[sheet][cells.split(":")[0]] = "many"

    first, second = problems(resaved(book, change))
    assert "Rows or columns were inserted" in first.what
    assert first.severity == second.severity == "error"
    assert "Text or TRUE" in second.what


def test_a_formula_in_an_input_cell_counts_with_its_result(book):
    year = read(book).typed["new_clients"]
    sheet, where = place(book, "in_new_clients", 1)
    data = with_cell(book, sheet, where, f"<f>{year[1]}+0</f><v>{year[1]}</v>")
    assert problems(data) == []
    assert [(each.cell, each.what) for each in notes(data)] == [
        (where, f"A formula stands here: ={year[1]}+0. Its result counts.")
    ]


def test_another_version_is_said_and_its_formulas_are_left_alone(book):
    def change(opened: openpyxl.Workbook) -> None:
        opened["_xlkpi"].cell(1, 2, "0.0.9")
        opened["KPIs"]["D5"] = 5
        opened["Inputs"]["D10"] = "text"

    first, second = problems(resaved(book, change))
    assert "made by xlkpi 0.0.9" in first.what
    assert first.severity == "warning"
    assert (second.sheet, second.cell) == ("Inputs", "D10")


def test_a_workbook_changed_throughout_is_said_once(book):
    def change(opened: openpyxl.Workbook) -> None:
        for sheet in opened:
            for row in sheet.iter_rows():
                for each in row:
                    if each.data_type == "f":
                        each.value = 1

    (found,) = problems(resaved(book, change))
    assert "another edition made the workbook, or it was changed throughout" in found.what


# how a program may write a formula | how we wrote it
SAME = [
    ("IF( A1 = 1 , 2 , 3 )", "IF(A1=1,2,3)"),
    ("if(a1=1,2,3)", "IF(A1=1,2,3)"),
    ("IF(A1<0.000000001,9E+307,1)", "IF(A1<1E-9,9.0E307,1)"),
    ("A1*1.92072941034706", "A1*1.9207294103470627"),
    ("_xlfn.IFNA(A1,0)", "_XLFN.IFNA(A1,0)"),
    ("'Inputs'!A1+1", "Inputs!A1+1"),
    ("'Réf d''ici'!A1", "'Réf d''ici'!A1"),
    ("[2]!CSS(A1,B1)", "[1]!CSS(A1,B1)"),
    ("IF(A1,TRUE(),FALSE())", "IF(A1,TRUE,FALSE)"),
]
# and how it may not
OTHER = [
    ("A1+B1", "A1-B1"),
    ("A1", "$A$1"),
    ("A1+1", "A1+1.0000000000001"),
    ('IF(A1,"a b","")', 'IF(A1,"ab","")'),
    ('"yes"', '"Yes"'),
    ("Inputs!A1", "KPIs!A1"),
    ("SUM(A1:A2)", "SUM(A1,A2)"),
    ("A1", ""),
]


def test_formulas_are_the_same_or_are_not():
    for left, right in SAME:
        assert canonical(left, {}) == canonical(right, {}), left
    for left, right in OTHER:
        assert canonical(left, {}) != canonical(right, {}), left
    assert canonical("'My own'!A1", {"My own": "Inputs"}) == canonical("Inputs!A1", {})


@pytest.mark.parametrize(
    "wanted, found, is_same",
    [(1, 1.0, True), (1 / 3, 0.333333333333333, True), (1, 1.00001, False), (0, 1e-13, True), ("", None, True),
     ("", 0, False), ("a", "a", True), (1, "1", False), (1, True, False), (True, True, True),
     (ErrorValue("#NUM!"), ErrorValue("#VALUE!"), True), (ErrorValue("#NUM!"), "#NUM!", False), (ErrorValue("#N/A"), 1, False)],
)  # fmt: skip
def test_results_are_the_same_or_are_not(wanted, found, is_same):
    assert same(wanted, found) is is_same


def run(*arguments: str):
    result = CliRunner().invoke(main, ["verify", *arguments])
    assert "Traceback" not in result.output
    return result


def test_the_command(book, catalogue, coaching, tmp_path):
    clean, faulty, french, none = (tmp_path / f"{name}.xlsx" for name in ("clean", "faulty", "french", "none"))
    clean.write_bytes(book)
    faulty.write_bytes(with_cell(book, "KPIs", "D5", "<v>99</v>"))
    french.write_bytes(build(catalogue, coaching, "fr", {"new_clients": ["n/a"]}))
    result = run(str(clean))
    assert (result.exit_code, result.stdout) == (0, "No problems.\n")
    result = run(str(clean), str(faulty))
    assert result.exit_code == 1
    assert result.stdout.startswith("faulty.xlsx: KPIs!D5: error: A value stands where a formula belongs: 99. Put this")
    assert result.stderr == "1 error, 0 warnings\n"
    assert "Texte ou VRAI" in run(str(french)).stdout
    assert "Text or TRUE" in run(str(french), "--lang", "en").stdout
    result = run("--json", str(faulty), str(none))
    first, second = json.loads(result.stdout)
    assert (first["file"], first["sheet"], first["cell"], first["severity"]) == ("faulty.xlsx", "KPIs", "D5", "error")
    assert "no such file" in second["what"]
    assert result.exit_code == 1
    assert run().exit_code == 2


def test_a_warning_alone_is_no_failure(catalogue, coaching, tmp_path):
    path = tmp_path / "sample.xlsx"
    path.write_bytes(build(catalogue, coaching, sample=True))
    result = run(str(path))
    assert result.exit_code == 0
    assert result.stderr == "0 errors, 1 warning\n"
