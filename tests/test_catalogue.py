"""The shipped catalogue against the articles' record, and every rule against a file that breaks it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from spoil import FAULTS, GOOD

import xlkpi
from xlkpi.catalogue import check, check_shipped, load
from xlkpi.errors import CatalogueError
from xlkpi.model import BANDS
from xlkpi.names import (
    LANGUAGES,
    excel_functions,
    refuse_function,
    refuse_identifier,
    refuse_sheet_title,
    refuse_vertical,
)
from xlkpi.workbook.inputs import domain

HERE = Path(__file__).parent
ARTICLES = json.loads((HERE / "articles.json").read_text("utf-8"))


def kpi_of(catalogue, record):
    kpis = catalogue.verticals[record["vertical"]].kpis.values()
    (found,) = [kpi for kpi in kpis if kpi.function.name == record["function"] and not kpi.companion_of]
    return found


def test_the_shipped_catalogue_has_no_problem():
    assert [str(problem) for problem in check_shipped()] == []


def test_all_35_kpis_and_32_functions_are_there(catalogue):
    kpis = [kpi for vertical in catalogue.verticals.values() for kpi in vertical.kpis.values()]
    assert len(ARTICLES) == 35
    assert sum(not kpi.companion_of for kpi in kpis) == 35
    assert len(catalogue.functions) == 32
    assert {"CCAGPRINTED", "UELRATE", "NPSCOUNTS", "NPSSCORES"} < set(catalogue.functions)


@pytest.mark.parametrize("record", ARTICLES, ids=[f"{r['vertical']}-{r['function']}" for r in ARTICLES])
class TestArticles:
    """What the five articles state, kept apart from the catalogue."""

    def test_bands(self, catalogue, record):
        kpi = kpi_of(catalogue, record)
        stated = record["bands"]
        by_segment = stated if any(isinstance(v, dict) for v in stated.values()) else {"": stated} if stated else {}
        found = {
            segment: {BANDS[band.level - 1]: f"{band.operator}{band.edge:g}" for band in bands}
            for segment, bands in kpi.bands.items()
        }
        assert found == by_segment
        assert kpi.better == record["better"]

    def test_period_and_year(self, catalogue, record):
        kpi = kpi_of(catalogue, record)
        assert (kpi.benchmark.period or None) == record["example_period"]
        assert kpi.benchmark.period_matters == record["period_matters"]
        assert kpi.year == record["year"]
        assert kpi.function.unit == {"currency": "money"}.get(record["unit"], record["unit"])

    def test_worked_example(self, catalogue, record):
        kpi, example = kpi_of(catalogue, record), record["example"]
        if example["inputs"] is None:
            return
        assert list(kpi.example.inputs.values()) == example["inputs"]
        assert kpi(*example["inputs"]) == pytest.approx(example["correct"], rel=1e-9)
        printed = float(re.sub(r"[^0-9.\-]", "", example["printed"].replace("US", "")).strip(".") or "nan")
        assert printed == pytest.approx(kpi.example.gives if kpi.example.printed is None else kpi.example.printed)


def test_what_the_issue_asks_of_single_rows(catalogue):
    verticals = catalogue.verticals
    nps = next(k for k in verticals["remote-resume-writing"].kpis.values() if k.function.name == "NPS")
    assert nps.values[""].row({"promoters": 60, "passives": 20, "detractors": 20}) == 40
    data = verticals["data-driven-career-coaching"].kpis
    by_function = {kpi.function.name: kpi for kpi in data.values()}
    assert by_function["UEL"].bands == {}
    assert by_function["UELRATE"].companion_of == by_function["UEL"].id
    assert set(by_function["SAIR"].segments) == {"individual", "corporate"}
    mean = by_function["CSSMEAN"].values[""]
    assert mean.row({"ratings": [10, 8], "counts": [1, 1], "scale_max": 10}) == 90


def texts_of(catalogue):
    for key, text in catalogue.ui.items():
        yield f"ui.{key}", text, 400
    for function in catalogue.functions.values():
        yield f"{function.name}.help", function.help, 255
        for argument in function.arguments:
            yield f"{function.name}.{argument.id}", argument.help, 120
    for vertical in catalogue.verticals.values():
        yield f"{vertical.id}.name", vertical.name, 60
        for item in vertical.inputs.values():
            yield f"{vertical.id}.{item.id}", item.label, 60
        for kpi in vertical.kpis.values():
            yield f"{vertical.id}.{kpi.id}.name", kpi.name, 60
            for text in (kpi.note, kpi.benchmark.note, kpi.benchmark.printed, *kpi.segments.values()):
                if text:
                    yield f"{vertical.id}.{kpi.id}", text, 400


def test_every_text_is_there_in_every_language_with_the_same_placeholders(catalogue):
    for key, text, limit in texts_of(catalogue):
        assert set(text) == set(LANGUAGES), key
        placeholders = {language: sorted(re.findall(r"\{\w+\}", line)) for language, line in text.items()}
        assert len({tuple(found) for found in placeholders.values()}) == 1, key
        for language, line in text.items():
            assert len(line) <= limit, (key, language, len(line))
            if key not in ("ui.dashboard.colon", "ui.dashboard.percent"):  # put behind a word, with its space
                assert line == line.strip(), key


def test_no_text_confuses_a_cv_with_resuming(catalogue):
    for key, text, _ in texts_of(catalogue):
        assert not re.search(r"retomar|retomada|redressement|reanudar", " ".join(text.values()).lower()), key


def test_sheet_titles_fit_excel(catalogue):
    for key, text in catalogue.ui.items():
        if key.startswith("sheet."):
            assert all(refuse_sheet_title(title) is None for title in text.values()), key


def test_labels_of_one_vertical_are_all_different(catalogue):
    for vertical in catalogue.verticals.values():
        for language in LANGUAGES:
            labels = [item.label[language].casefold() for item in vertical.inputs.values()]
            assert len(labels) == len(set(labels)), (vertical.id, language)


# -- files that break one rule each ---------------------------------------------------------------


def test_the_good_file_has_no_problem(tmp_path):
    path = tmp_path / "tea-shop.toml"
    path.write_text(GOOD, "utf-8")
    assert [str(problem) for problem in check(path)] == []
    assert load(path).functions["TEARATE"](3, 4) == 75


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{fault.key}: {fault.words}" for fault in FAULTS])
def test_each_rule_refuses_a_file_that_breaks_it(tmp_path, fault):
    path = tmp_path / "tea-shop.toml"
    path.write_text(fault.text, "utf-8")
    problems = check(path)
    own = [p for p in problems if p.severity == fault.severity and p.key == fault.key]
    fitting = [p for p in own if fault.words in f"{p.what} {p.fix}"]
    assert fitting, "\n".join(map(str, problems)) or "no problem was found"
    (problem,) = fitting[:1]
    assert problem.what.endswith((".", "?"))
    assert problem.fix
    assert problem.file == str(path)
    assert problem.line == 0 or problem.line <= len(fault.text.splitlines())
    if fault.severity == "error":
        with pytest.raises(CatalogueError):
            load(path)
    else:
        assert load(path).verticals["tea-shop"].kpis


def test_a_problem_names_the_line_of_its_key(tmp_path):
    path = tmp_path / "tea-shop.toml"
    path.write_text(GOOD.replace('unit = "percent"', 'unit = "percents"', 1), "utf-8")
    (problem,) = [p for p in check(path) if p.key == "function.TEARATE.unit"]
    line = path.read_text("utf-8").splitlines()[problem.line - 1]
    assert line == 'unit = "percents"'


def test_a_formula_problem_has_a_caret_under_the_place(tmp_path):
    path = tmp_path / "tea-shop.toml"
    path.write_text(GOOD.replace("sold_cups / made_cups * 100", "sold_cups / made_cups ^ 100"), "utf-8")
    (problem,) = [p for p in check(path) if p.key == "function.TEARATE.formula"]
    first, formula, caret = str(problem).splitlines()
    assert formula[caret.index("^")] == "^"
    line = path.read_text("utf-8").splitlines().index('formula = "sold_cups / made_cups ^ 100"') + 1
    assert first.startswith(f"{path}:{line}:23: error: function.TEARATE.formula: ")


def test_ten_faults_are_ten_problems_in_one_go(tmp_path):
    path = tmp_path / "tea-shop.toml"
    text = GOOD
    for old, new in (
        ('kind = "flow"\nlabel.en = "Cups sold"', 'kind = "flows"\nlabel.en = "Cups sold"'),
        (
            'unit = "count:cups"\nkind = "flow"\nlabel.en = "Cups made"',
            'unit = "cups"\nkind = "flow"\nlabel.en = "Cups made"',
        ),
        ('label.fr = "Tasses vendues"', 'label.de = "Tassen"'),
        ('better = "higher"', 'better = "more"'),
        ('year = "inputs"', 'year = "sum"'),
        ('typical = ">= 50"', 'typical = "50"'),
        ("gives = 75", "gives = 76"),
        ('step = "up"', 'step = "upp"'),
        ('benchmark.period = "month"', 'benchmark.perod = "month"'),
        ('require = ["sold_cups <= made_cups"]', 'require = ["sold_cups < made"]'),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    errors = [problem for problem in check(path) if problem.severity == "error"]
    assert len(errors) >= 10, "\n".join(map(str, errors))
    assert len({problem.key for problem in errors}) >= 10


def test_a_language_that_is_nowhere_is_one_warning(tmp_path):
    path = tmp_path / "tea-shop.toml"
    lines = [line for line in GOOD.splitlines() if ".es = " not in line and ".fr = " not in line]
    path.write_text("\n".join(lines), "utf-8")
    (problem,) = check(path)
    assert problem.severity == "warning"
    assert "no text in fr, es" in problem.what


def test_one_mistake_is_not_told_twice(tmp_path):
    path = tmp_path / "tea-shop.toml"
    path.write_text(GOOD.replace("[function.TEARATE.arg.made_cups]", "[function.TEARATE.arg.cups_made]"), "utf-8")
    assert {problem.key for problem in check(path)} <= {"function.TEARATE.formula", "function.TEARATE.arg.cups_made"}


@pytest.mark.parametrize(
    "name, data, words",
    [
        ("tea-shop.toml", b"\xff\xfe", "not UTF-8"),
        ("tea-shop.toml", b"# " + b"x" * 1_000_001, "larger than"),
        ("tea-shop.toml", b"PK\x03\x04\xff\xfe", "a workbook, not a catalogue file"),
        ("tea-shop.toml", b"[vertical\n", "not closed"),
        ("tea-shop.toml", b"a = " + b"[" * 3_000, "not TOML"),
        ("tea-shop.toml", b"", "no KPI"),
        ("Tea Shop.toml", GOOD.encode(), "cannot name a line of business"),
        ("con.toml", GOOD.encode(), "Windows"),
        ("tea-shop.txt", GOOD.encode(), ".toml"),
        ("career-mentoring.toml", GOOD.encode(), "already there"),
    ],
)
def test_files_that_cannot_be_read_as_catalogue_files(tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    text = "\n".join(map(str, check(path)))
    assert words in text
    assert str(path) in text


def test_a_missing_file_is_a_problem_and_no_traceback(tmp_path):
    assert "no such file" in str(check(tmp_path / "none.toml")[0])


@pytest.mark.parametrize(
    "name, words",
    [
        ("end", "VBA"), ("new", "VBA"), ("date", "VBA"), ("class", "Python"), ("match", "Python"), ("q1", "cell"),
        ("tax2024", "cell"), ("r", "cell"), ("c", "cell"), ("r1c1", "cell"), ("sum", "formula language"),
        ("if_", "formula language"), ("Clients", "lower-case"), ("clientes_é", "lower-case"), ("_x", "lower-case"),
        ("a" * 41, "longer"), ("", "lower-case"), ("xfd1", "cell"),
    ],
)  # fmt: skip
def test_names_are_refused_with_their_reason(name, words):
    assert words in refuse_identifier(name)


def test_good_names_pass():
    assert [refuse_identifier(name) for name in ("end_clients", "ratings", "xfe1", "a_1")] == [None] * 4


@pytest.mark.parametrize(
    "name, words",
    [("SUM", "Excel"), ("T", "three characters"), ("css", "upper-case"), ("Q1", "cell"), ("AND", "Excel"), ("NEW", "VBA"),
     ("A" * 32, "longer"), ("R2", "cell"), ("LAMBDA", "Excel"), ("K P I", "upper-case")],
)  # fmt: skip
def test_function_names_are_refused_with_their_reason(name, words):
    assert words in refuse_function(name)


def test_the_list_of_excel_functions_knows_those_of_openpyxl():
    from openpyxl.utils import FORMULAE

    assert {name for name in FORMULAE if re.fullmatch(r"[A-Z][A-Z0-9.]*", name)} <= excel_functions()


@pytest.mark.parametrize(
    "name, words", [("Tea", "lower-case"), ("tea--shop", "hyphens"), ("nul", "Windows"), ("../x", "lower")]
)
def test_file_names_are_refused_with_their_reason(name, words):
    assert words in refuse_vertical(name)


def test_domains_follow_from_units():
    assert domain("count:clients") == (0, None)
    assert domain("percent") == (0, 100)
    assert domain("money") == (None, None)


def test_load_is_public_and_lazy():
    assert xlkpi.load().verticals
    with pytest.raises(AttributeError, match="no attribute"):
        _ = xlkpi.nothing
