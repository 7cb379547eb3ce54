"""What the files hold: sheets, cells to type in, messages, names, formats, and the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import itertools
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from engines import formulas
from lint import lint
from openxml_audit import OpenXmlValidator
from scenarios import random_year
from sdk import sdk_errors
from sheets import sheet as sheet_of
from sheets import title

import xlkpi
from xlkpi.names import HOSTS, LANGUAGES
from xlkpi.texts import Text
from xlkpi.workbook import build, file_name, write
from xlkpi.workbook.finish import with_values
from xlkpi.workbook.sample import sample_figures

VALIDATOR = OpenXmlValidator()
ROOT = Path(__file__).parent.parent
VERTICALS = list(xlkpi.load().verticals)
PAIRS = [*itertools.product(VERTICALS, LANGUAGES)]


@pytest.fixture(scope="module")
def books(catalogue):
    """Every template and sample, built once."""
    return {
        (vertical, language, sample): build(catalogue, catalogue.verticals[vertical], language, sample=sample)
        for (vertical, language), sample in itertools.product(PAIRS, (False, True))
    }


def opened(data: bytes, **options):
    return openpyxl.load_workbook(io.BytesIO(data), **options)


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_the_templates_in_the_repository_are_up_to_date(books, vertical, language):
    path = ROOT / "workbook_templates" / f"{vertical}.{language}.xlsx"
    assert path.exists(), 'run "xlkpi build"'
    assert parts(path.read_bytes()) == parts(books[vertical, language, False]), 'run "xlkpi build"'


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def test_the_table_of_templates_links_to_every_file():
    text = (ROOT / "workbook_templates" / "README.md").read_text("utf-8")
    for vertical, language in PAIRS:
        assert f"({vertical}.{language}.xlsx)" in text


def faults(path: Path) -> list[str]:
    """What the validator finds, but for two false alarms.

    openpyxl writes texts into the cells themselves, which Excel reads as well; and Excel itself writes the
    extension that lets #N/A be a gap in a chart, which the validator's schema does not know rightly.
    """
    errors = [error for error in VALIDATOR.validate(path).errors if error.id != "Excel_InlineStrCells"]
    return [str(error) for error in errors if "dispNaAsBlank" not in str(error)]


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_every_file_is_valid(books, vertical, language, tmp_path):
    for sample in (False, True):
        path = tmp_path / "book.xlsx"
        path.write_bytes(books[vertical, language, sample])
        assert faults(path) == []


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_our_own_lint_finds_nothing(books, vertical, language):
    for sample in (False, True):
        assert lint(books[vertical, language, sample]) == []


@pytest.mark.node
@pytest.mark.parametrize("vertical", VERTICALS)
def test_the_validator_of_microsoft_finds_nothing(catalogue, vertical, tmp_path):
    chosen = catalogue.verticals[vertical]
    kinds = [(language, False, "plain") for language in LANGUAGES] + [("fr", True, host) for host in HOSTS]
    for language, sample, host in kinds:
        path = tmp_path / file_name(chosen, language, sample, host)
        path.write_bytes(build(catalogue, chosen, language, sample=sample, host=host))
    said = sdk_errors(tmp_path.iterdir())
    assert len(said) == 8
    assert not [error for errors in said.values() for error in errors]


def test_names_are_in_lower_case(books):
    for data in books.values():
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = re.findall(r'<definedName name="([^"]*)"', archive.read("xl/workbook.xml").decode())
        assert names
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*|_xlnm\.\w+|KPI\.[A-Z0-9]+", name) for name in names)


def test_month_formulas_are_alike_across_the_row_and_short(books):
    for (vertical, language, sample), data in books.items():
        if sample or language != "en":
            continue
        rows: dict[tuple[str, int], set[str]] = {}
        for (sheet, cell), formula in formulas(data).items():
            column, row = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
            if sheet == "KPIs" and len(column) == 1 and "D" <= column <= "O":
                assert len(formula.text) < 200, (vertical, cell, len(formula.text))
                relative = re.sub(rf"(?<![A-Z$]){column}(?=\$?\d)", "#", formula.text)
                rows.setdefault((sheet, int(row)), set()).add(relative)
        assert rows
        assert all(len(shapes) == 1 for shapes in rows.values())


def test_the_formula_of_a_kpi_is_native_and_excel_2010(books):
    known = {
        "ABS", "AND", "AVERAGE", "CHOOSE", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "IF", "IFERROR", "INDEX", "INT",
        "ISBLANK", "ISERROR", "ISNUMBER", "MATCH", "MAX", "MID", "MIN", "MOD", "MONTH", "N", "NA", "OR", "ROUND", "SIGN", "SUM", "SUMIF",
        "SUMIFS", "SUMPRODUCT", "TRIM", "YEAR", "LEN",
    }  # fmt: skip
    used, checks = set(), {title("check", language) for language in LANGUAGES}
    for data in books.values():
        for (sheet, _), formula in formulas(data).items():
            called = set(re.findall(r"([A-Z][A-Z0-9.]*)\(", re.sub(r'"[^"]*"', "", formula.text)))
            if "(Microsoft 365)" in sheet:  # the only one that calls LAMBDAs, and no other formula reads it
                called -= {f"KPI.{name}" for name in xlkpi.load().functions} | {"ISERROR"}
            if sheet in checks:  # ISFORMULA is of 2013, and the sheet says so where it is missing
                called -= {"ISFORMULA", "ADDRESS", "COLUMN", "FIND", "NOT", "ROW"}
            assert sheet in checks or "Microsoft" not in formula.text
            used |= called
    assert used <= known


@pytest.mark.parametrize("vertical", VERTICALS)
def test_an_empty_template_shows_no_error_and_no_figure(books, vertical):
    for language in LANGUAGES:
        for (sheet, cell), formula in formulas(books[vertical, language, False]).items():
            gap = formula.text.endswith(",NA())")  # a point of a chart that is not there
            assert gap or not str(formula.cached).startswith("#"), (sheet, cell)
        book = opened(books[vertical, language, False], data_only=True)
        kpis = sheet_of(book, "kpis", language)
        assert all(kpis.cell(row, column).value in (None, "") for row in range(5, 12) for column in range(4, 17))


@pytest.mark.parametrize("vertical", VERTICALS)
def test_the_sample_shows_every_band_an_empty_month_and_nothing_to_measure(catalogue, books, vertical):
    book = opened(books[vertical, "en", True], data_only=True)
    inputs, kpis = sheet_of(book, "inputs"), sheet_of(book, "kpis")
    levels = {kpis.cell(row, column).value for row in range(5, 14) for column in range(22, 35)}
    assert {0, 1, 2, 3} <= levels
    typed = sheet_of(opened(books[vertical, "en", True]), "inputs")
    august = [typed.cell(row, 11) for row in range(9, inputs.max_row + 1)]
    assert all(cell.value is None for cell in august if cell.data_type != "f")
    states = [v.cached for (sheet, cell), v in formulas(books[vertical, "en", True]).items() if sheet == "Calc"]
    assert 2 in states
    assert "SAMPLE" in inputs["A3"].value
    assert sample_figures(catalogue.verticals[vertical]) == sample_figures(catalogue.verticals[vertical])


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_sheets_have_titles_in_the_language_and_say_who_they_are(catalogue, books, vertical, language):
    book = opened(books[vertical, language, False])
    names = (
        "dashboard", "start", "inputs", "last_year", "kpis", "next_steps", "trends", "benchmarks", "check",
        "functions", "lambdas", "sources",
    )  # fmt: skip
    wanted = [catalogue.ui[f"sheet.{name}"][language] for name in names]
    assert book.sheetnames == [*wanted, "Calc", "_xlkpi"]
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 12 + ["hidden"] * 2
    hidden = {row[0].value: row[1].value for row in book["_xlkpi"].iter_rows(max_row=4)}
    assert hidden == {"xlkpi": xlkpi.__version__, "vertical": vertical, "language": language, "sample": "no"}
    own = "".join(row[1].value for row in book["_xlkpi"].iter_rows(min_row=5) if row[0].value == f"{vertical}.toml")
    assert own == catalogue.verticals[vertical].source
    assert tomllib.loads(own)["kpi"]


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_every_input_cell_is_checked_with_a_message_in_the_language(catalogue, books, vertical, language):
    sheet = sheet_of(opened(books[vertical, language, False]), "inputs", language)
    covered = {}
    for rule in sheet.data_validations.dataValidation:
        assert rule.errorTitle == catalogue.ui["valid.title"][language]
        assert rule.error
        assert len(rule.error) <= 225
        assert rule.showErrorMessage
        assert rule.allow_blank
        for area in rule.sqref.ranges:
            for row, column in itertools.product(
                range(area.min_row, area.max_row + 1), range(area.min_col, area.max_col + 1)
            ):
                covered[row, column] = rule
    for name in catalogue.verticals[vertical].inputs:
        defined = opened(books[vertical, language, False]).defined_names.get(f"in_{name}")
        if defined is None:
            assert catalogue.verticals[vertical].inputs[name].values
            continue
        area = openpyxl.worksheet.cell_range.CellRange(defined.attr_text.split("!")[1].replace("$", ""))
        for row, column in itertools.product(
            range(area.min_row, area.max_row + 1), range(area.min_col, area.max_col + 1)
        ):
            assert (row, column) in covered


def test_a_part_may_be_typed_before_its_whole(books):
    sheet = sheet_of(opened(books["remote-career-coaching", "en", False]), "inputs")
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["D10:O10"].type == "custom"
    assert rules["D10:O10"].formula1 == "AND(ISNUMBER(D10),D10>=0,OR(NOT(ISNUMBER(D11)),D10<=D11))"
    assert rules[
        "D10:O10"
    ].error == "Type a number of zero or more, no higher than: Clients who answered the survey." or (
        "Clients who answered the survey" in rules["D10:O10"].error
    )


# what is typed | the words that must stand beside the row (a key of ui.toml)
WARNINGS = [
    ({"satisfied_clients": ["n/a"], "surveyed_clients": [5]}, "satisfied_clients", "warn.text"),
    ({"satisfied_clients": [True], "surveyed_clients": [5]}, "satisfied_clients", "warn.text"),
    ({"satisfied_clients": [-1], "surveyed_clients": [5]}, "satisfied_clients", "warn.negative"),
    ({"satisfied_clients": [6], "surveyed_clients": [5]}, "satisfied_clients", "warn.part"),
    ({"completed_sessions": [6], "scheduled_sessions": [5]}, "completed_sessions", "warn.soft"),
    ({"trend_awareness": [0.85]}, "trend_awareness", "warn.fraction"),
    ({"trend_awareness": [101]}, "trend_awareness", "warn.over"),
]


@pytest.mark.parametrize("typed, name, key", WARNINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_said_in_words_beside_the_row(catalogue, typed, name, key, language):
    vertical = next(v for v in catalogue.verticals.values() if name in v.inputs)
    book = opened(build(catalogue, vertical, language, typed), data_only=True)
    cells = book.defined_names[f"in_{name}"].attr_text.split("!")[1]
    row = int(re.search(r"\d+", cells)[0])
    said = sheet_of(book, "inputs", language).cell(row, 17).value
    words = catalogue.ui[key][language].split("{")[0].strip()
    assert words in said
    clean = opened(build(catalogue, vertical, language, {}), data_only=True)
    assert not sheet_of(clean, "inputs", language).cell(row, 17).value


def test_an_opening_is_carried_on_a_row_of_its_own(catalogue):
    vertical = catalogue.verticals["remote-career-coaching"]
    typed = {"end_clients": [10, 12, None, 9], "start_clients": [8, None, 11]}
    book = opened(build(catalogue, vertical, "en", typed), data_only=True)
    sheet = sheet_of(book, "inputs")
    row = int(re.search(r"\d+", book.defined_names["in_start_clients"].attr_text)[0])
    assert [sheet.cell(row, column).value for column in range(4, 9)] == [8, None, 11, None, None]
    carried = [sheet.cell(row + 1, column).value for column in range(4, 9)]
    assert [value or None for value in carried] == [8, 10, 11, None, 9]
    formula = sheet_of(opened(build(catalogue, vertical, "en", typed)), "inputs")
    assert all(formula.cell(row, column).data_type != "f" for column in range(4, 16)), "typed cells hold no formula"


def test_months_begin_where_the_user_says_and_need_no_locale(catalogue):
    from datetime import date

    vertical = catalogue.verticals["career-mentoring"]
    book = opened(build(catalogue, vertical, "pt", start=date(2026, 11, 1)), data_only=True)
    assert [sheet_of(book, "kpis", "pt").cell(4, column).value for column in (4, 5, 6)] == [
        "nov. 2026",
        "dez. 2026",
        "jan. 2027",
    ]
    texts = " ".join(f.text for f in formulas(build(catalogue, vertical, "pt")).values())
    assert "TEXT(" not in texts


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_text_that_begins_like_a_formula_stays_text(catalogue, start):
    vertical = catalogue.verticals["career-mentoring"]
    text = Text(dict.fromkeys(LANGUAGES, start))
    kpis = {key: replace(kpi, name=text, note=text) for key, kpi in vertical.kpis.items()}
    inputs = {key: replace(item, label=text) for key, item in vertical.inputs.items()}
    article = replace(vertical.article, title=start)
    data = build(catalogue, replace(vertical, name=text, kpis=kpis, inputs=inputs, article=article), "en")
    book = opened(data)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == start]
    assert len(found) > 10
    assert all(cell.data_type == "s" for cell in found)
    marked = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.quotePrefix]
    assert all(str(cell.value)[:1] in "=+-@" for cell in marked), "the mark stays with its cell"


@pytest.mark.parametrize("figure", [1e300, 9e307, 1.7e308, -1.7e308])
def test_figures_at_the_end_of_the_numbers_build_a_valid_workbook(catalogue, figure):
    def everywhere(cells):
        return [everywhere(cell) if isinstance(cell, list) else figure for cell in cells]

    for vertical in catalogue.verticals.values():
        typed = {name: everywhere(cells) for name, cells in random_year(vertical, 1, gaps=0, broken=0).items()}
        assert lint(build(catalogue, vertical, "en", typed)) == []


def test_only_an_article_that_names_no_source_is_said_to_name_none(catalogue):
    vertical = catalogue.verticals["career-mentoring"]
    sourced = replace(vertical, article=replace(vertical.article, names_source=True))
    for said, which in ((True, vertical), (False, sourced)):
        book = opened(build(catalogue, which, "en"))
        texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        assert (catalogue.ui["bench.no_source"]["en"] in texts) is said
        assert (catalogue.ui["sources.quality"]["en"] in texts) is said


def test_previewers_and_pandas_see_figures(books):
    book = opened(books["career-mentoring", "en", True], data_only=True)
    assert sheet_of(book, "kpis")["D5"].value == pytest.approx(8.25, abs=0.6)
    formula_cells = formulas(books["career-mentoring", "en", True])
    assert all(formula.cached is not None for formula in formula_cells.values())


def test_a_formula_without_a_value_is_refused():
    sheet = '<c r="A1"><f>1+1</f><v></v></c>'
    assert with_values(sheet, "S", {"A1": 2}) == '<c r="A1"><f>1+1</f><v>2</v></c>'
    with pytest.raises(ValueError, match="S: 1 formulas found, 0 values known"):
        with_values(sheet, "S", {})


def test_colours_follow_the_band_number_and_exclude_one_another(books):
    sheet = sheet_of(opened(books["career-mentoring", "en", False]), "kpis")
    rules = [(str(area.sqref), rule.formula[0]) for area in sheet.conditional_formatting for rule in area.rules]
    months = [formula for area, formula in rules if area == "D5:P5"]
    assert months == [f"AND(ISNUMBER(W5),W5={level})" for level in range(4)]


SCRIPT = """
import sys
{before}
from xlkpi import load
from xlkpi.workbook import build
catalogue = load()
data = build(catalogue, catalogue.verticals["remote-resume-writing"], "fr", sample=True)
import hashlib
sys.stdout.write(hashlib.sha256(data).hexdigest())
"""


def test_the_same_bytes_whatever_the_seed_the_time_zone_and_the_xml_library():
    hashes = set()
    for seed, zone, before in (
        ("0", "UTC", ""),
        ("7", "Asia/Tokyo", ""),
        ("1", "UTC", "sys.modules['lxml'] = None"),
    ):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        script = SCRIPT.format(before=before)
        hashes.add(subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=True).stdout)
    assert len(hashes) == 1


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "deep" / "book.xlsx"
    write(target, b"old")

    def broken(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OSError, match="disk"):
        write(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in target.parent.iterdir()] == ["book.xlsx"]


def test_file_names(catalogue):
    vertical = catalogue.verticals["career-mentoring"]
    assert file_name(vertical, "fr") == "career-mentoring.fr.xlsx"
    assert file_name(vertical, "fr", sample=True) == "career-mentoring.fr.sample.xlsx"


def test_a_range_kpi_has_an_upper_edge_and_its_levels(catalogue, tmp_path):
    path = tmp_path / "tea-shop.toml"
    path.write_bytes((Path(__file__).parent / "broken" / "good.toml").read_bytes())
    loaded = xlkpi.load(path)
    typed = {"seat_hours": [6, 4.8, 5.2, 6.8, 7.2, 7.6, 2]}
    book = opened(build(loaded, loaded.verticals["tea-shop"], "en", typed), data_only=True)
    names = book.defined_names
    row = int(re.search(r"\d+", names["kpi_seat_use"].attr_text.split("!")[1])[0])
    kpis = book["KPIs"]
    assert [kpis.cell(row, column).value for column in range(23, 30)] == [3, 1, 2, 2, 1, 0, 0]
    bench = names["bench_seat_use_exceptional"].attr_text.split("!")[1].replace("$", "")
    assert book["Benchmarks"][bench].value == 70
    assert book["Benchmarks"][bench].offset(0, 1).value == 80
