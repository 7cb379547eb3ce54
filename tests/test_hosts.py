"""Workbooks whose KPI cells call an add-in: the spelling, the guards and the figures."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import sheets
from engines import by_formualizer, by_ironcalc, formulas, known_to, same
from lint import lint
from scenarios import random_year
from test_udf import Server, server  # noqa: F401 (a fixture)
from test_workbook import faults

import xlkpi
from xlkpi.errors import EXCEL_ERRORS
from xlkpi.formula import parse
from xlkpi.tree import Call, walk
from xlkpi.workbook import build, file_name
from xlkpi.workbook.hosts import HOSTS, call_text, holds_for_sums

VERTICALS = list(xlkpi.load().verticals)
CALLING = [host for host in HOSTS if host != "plain"]
_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"( cm="1")?[^>]*><f([^>]*)>([^<]*)</f><v>([^<]*)</v></c>')
_CALL = re.compile(r"(?:_xldudf_|\[1\]!)([A-Z]+)\(([^()]*)\)")


def cells(data: bytes, language: str = "en") -> dict[str, tuple[str, str, str, str]]:
    """Every formula cell of the sheet of KPIs: mark, attributes of the formula, formula, value."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(sheets.part(data, "kpis", language)).decode()
    return {cell: (mark, kind, html.unescape(text), value) for cell, mark, kind, text, value in _CELL.findall(xml)}


@pytest.mark.parametrize("host", CALLING)
@pytest.mark.parametrize("vertical", VERTICALS)
def test_a_cell_calls_the_function_under_the_guards_of_a_plain_one(catalogue, vertical, host):
    chosen = catalogue.verticals[vertical]
    plain = cells(build(catalogue, chosen, "fr", sample=True), "fr")
    found = cells(build(catalogue, chosen, "fr", sample=True, host=host), "fr")
    assert set(found) == set(plain)
    prefix = {"classic": "[1]!", "lite": "_xldudf_", "server": "_xldudf_"}[host]
    called: set[str] = set()
    for cell, (mark, kind, text, value) in found.items():
        assert value == plain[cell][3], "the figure that the file brings along is the same"
        if prefix not in text:
            assert (mark, kind, text) == plain[cell][:3]
            continue
        called |= set(_CALL.findall(text)[0][:1])
        assert text.count(prefix) == 1
        assert len(text) < 200
        guard = text[: text.index(prefix)]
        assert plain[cell][2].startswith(guard)
        body = plain[cell][2].removeprefix(guard)
        tail = next(end for end in (",IF(Calc!", ',""))', ',"")', ")") if end in body)
        assert text.endswith(body[body.rindex(tail) :]), (text, plain[cell][2])
        assert bool(mark) == (host != "classic"), "what may spill is marked as Excel does"
        assert kind == ("" if host == "classic" else f' t="array" ref="{cell}"')
    written = [tree for kpi in chosen.kpis.values() for tree in kpi.written.values()]
    assert called == {node.function for tree in written for node in walk(tree) if isinstance(node, Call)}


@pytest.mark.parametrize("vertical", VERTICALS)
def test_every_month_of_every_kpi_calls(catalogue, vertical):
    chosen = catalogue.verticals[vertical]
    found = cells(build(catalogue, chosen, sample=True, host="lite"))
    for row, _ in enumerate(chosen.rows(), 5):
        assert all("_xldudf_" in found[f"{letter}{row}"][2] for letter in "DEFGHIJKLMNO")


def answered(data: bytes, running: Server) -> tuple[bytes, int]:
    """The workbook with each call replaced by what the real server code answers for the values beside it."""
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    calls = 0

    def given(reference: str) -> list[list[object]]:
        sheet, _, area = reference.rpartition("!")
        found = values[sheet.strip("'")][area.replace("$", "")]
        rows = found if isinstance(found, tuple) else ((found,),)
        return [[cell.value for cell in row] for row in rows]

    def answer(match: re.Match[str]) -> str:
        nonlocal calls
        calls += 1
        name, arguments = match.groups()
        cell = running(name.lower(), *map(given, html.unescape(arguments).split(",")))[0][0]
        return str(cell) if cell in EXCEL_ERRORS else f"({cell!r})"

    def visit(match: re.Match[str]) -> str:
        text = match[0].replace(' cm="1"', "")
        text = re.sub(r'<f t="array" ref="[^"]*">', "<f>", text)
        # A call behind a guard that does not let it through is never made.
        made = re.search(r"IF\((Calc![A-Z]+[0-9]+)=1,", text)
        if made and given(made[1])[0][0] != 1:
            return _CALL.sub("1/0", text)
        return _CALL.sub(answer, text)

    result, kpis = io.BytesIO(), sheets.part(data, "kpis", "es")
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == kpis:
                part = re.sub(r"<c [^>]*><f[^<]*<.*?</c>", visit, part.decode()).encode()
            target.writestr(name, part)
    return result.getvalue(), calls


@pytest.mark.parametrize("host", CALLING)
@pytest.mark.parametrize("vertical", VERTICALS)
def test_engines_agree_once_the_real_functions_have_answered(catalogue, vertical, host, server, tmp_path, compared):  # noqa: F811
    chosen = catalogue.verticals[vertical]
    typed = [random_year(chosen, seed, gaps=0.1) for seed in range(3)]
    calls = 0
    for year in typed:
        data, made = answered(build(catalogue, chosen, "es", year, host=host), server)
        calls += made
        everything = formulas(data)
        for name, find in (("IronCalc", by_ironcalc), ("formualizer", by_formualizer)):
            expected = known_to(find, everything)
            found = find(data, list(expected), tmp_path)
            wrong = [
                f"{name} {sheet}!{cell} {formula.text}: {formula.cached!r}, {found[sheet, cell]!r}"
                for (sheet, cell), formula in expected.items()
                if not same(formula.cached, found[sheet, cell])
            ]
            assert not wrong, wrong[:5]
            key = f"cells compared with {name}"
            compared[key] = compared.get(key, 0) + len(expected)
    assert calls > 100


def test_a_workbook_says_whose_functions_it_calls(catalogue):
    chosen = catalogue.verticals["career-mentoring"]
    for language in ("en", "pt", "fr", "es"):
        said, sources = set(), catalogue.ui["sheet.sources"].get_in(language)
        for host in HOSTS:
            book = openpyxl.load_workbook(io.BytesIO(build(catalogue, chosen, language, host=host)))
            texts = [str(cell.value) for row in book[sources].iter_rows() for cell in row if cell.value]
            said.add(str(sheets.sheet(book, "kpis", language)["A2"].value))
            word = catalogue.ui["sources.bare" if host == "plain" else f"host.{host}"].get_in(language)
            assert word in texts
        assert len(said) == 4


def test_a_plain_workbook_is_recalculated_on_loading_and_one_that_calls_keeps_its_figures(catalogue):
    chosen = catalogue.verticals["career-mentoring"]
    for host in HOSTS:
        with zipfile.ZipFile(io.BytesIO(build(catalogue, chosen, host=host))) as archive:
            assert ('fullCalcOnLoad="1"' in archive.read("xl/workbook.xml").decode()) == (host == "plain")


def test_the_classic_link_leads_to_the_start_folder_of_whoever_opens_the_file(catalogue):
    chosen = catalogue.verticals["remote-resume-writing"]
    with zipfile.ZipFile(io.BytesIO(build(catalogue, chosen, host="classic"))) as archive:
        rels = archive.read("xl/externalLinks/_rels/externalLink1.xml.rels").decode()
        link = archive.read("xl/externalLinks/externalLink1.xml").decode()
        assert archive.read("xl/workbook.xml").decode().count("<externalReference ") == 1
    assert 'Target="xlkpi.xlam"' in rels
    assert "xlExternalLinkPath/xlStartup" in rels
    assert 'TargetMode="External"' in rels
    assert 'name="NPS"' in link


@pytest.mark.parametrize("host", CALLING)
@pytest.mark.parametrize("vertical", VERTICALS)
def test_our_own_lint_finds_nothing(catalogue, vertical, host):
    assert lint(build(catalogue, catalogue.verticals[vertical], "pt", sample=True, host=host)) == []


@pytest.mark.parametrize("host", CALLING)
def test_openpyxl_and_the_validator_read_it(catalogue, host, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(build(catalogue, catalogue.verticals["remote-career-coaching"], "pt", sample=True, host=host))
    assert openpyxl.load_workbook(path).sheetnames
    assert faults(path) == []


def test_file_names_tell_the_host(catalogue):
    chosen = catalogue.verticals["career-mentoring"]
    assert [file_name(chosen, "fr", host=host) for host in HOSTS] == [
        "career-mentoring.fr.xlsx",
        "career-mentoring.fr.classic.xlsx",
        "career-mentoring.fr.lite.xlsx",
        "career-mentoring.fr.server.xlsx",
    ]


# condition | kinds of its inputs | whether it holds for the year where it holds for each month
SUMS = [
    ("a <= b", ("flow", "flow"), True),
    ("a <= b", ("flow", "closing"), False),
    ("a <= b", ("closing", "closing"), True),
    ("a <= b", ("opening", "closing"), False),
    ("a <= b", ("level", "level"), True),
    ("a >= 0", ("flow", "flow"), True),
    ("a <= 100", ("flow", "flow"), False),
    ("a <= 100", ("level", "level"), True),
    ("a + b <= 100", ("level", "level"), True),
    ("a + b <= 100", ("flow", "flow"), False),
    ("a * b <= 0", ("flow", "flow"), False),
    ("min(a) >= 0", ("tally", "flow"), True),
    ("min(a) >= b", ("tally", "flow"), True),
    ("min(a) <= b", ("tally", "flow"), False),
    ("max(a) <= b", ("tally", "flow"), True),
    ("max(a) >= b", ("tally", "flow"), False),
    ("b - min(a) >= 0", ("tally", "flow"), False),
    ("a == b", ("flow", "flow"), True),
    ("a != b", ("flow", "flow"), False),
]


@pytest.mark.parametrize("condition, kinds, holds", SUMS)
def test_a_year_is_asked_of_a_function_only_where_months_vouch_for_it(catalogue, condition, kinds, holds):
    source = catalogue.verticals["remote-resume-writing"]
    kpi = source.kpis["client_satisfaction"]
    rule = replace(kpi.values[""], conditions=(parse(condition, None, True),))
    inputs = {
        name: replace(next(iter(source.inputs.values())), kind=kind) for name, kind in zip("ab", kinds, strict=True)
    }
    vertical = replace(source, inputs=inputs)

    class Entry:
        segment = ""

    entry = Entry()
    entry.kpi = replace(kpi, values={"": rule})
    assert holds_for_sums(vertical, entry) is holds


def test_a_value_around_a_function_is_kept(catalogue):
    vertical = catalogue.verticals["data-driven-career-coaching"]

    class Entry:
        kpi, segment = vertical.kpis["satisfaction_score"], ""

    references = {"ratings": "Calc!$C$9:$C$19", "counts": "Calc!D20:D30", "scale_max": "Calc!D31"}
    calls = {host: call_text(host, Entry(), references) for host in HOSTS}
    assert calls == {
        "plain": "",
        "classic": "[1]!CSSMEAN(Calc!$C$9:$C$19,Calc!D20:D30)/Calc!D31*100",
        "lite": "_xldudf_CSSMEAN(Calc!$C$9:$C$19,Calc!D20:D30)/Calc!D31*100",
        "server": "_xldudf_CSSMEAN(Calc!$C$9:$C$19,Calc!D20:D30)/Calc!D31*100",
    }
