"""The sheet of trends: charts, what they plot, what they say to those who hear them, and the small columns."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import openpyxl
import pytest
import sheets
from engines import by_formualizer, by_ironcalc, formulas, known_to, same

import xlkpi
from xlkpi.model import Band
from xlkpi.names import LANGUAGES
from xlkpi.series import Settings, month_edges
from xlkpi.workbook import build

VERTICALS = list(xlkpi.load().verticals)
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def charts(data: bytes) -> list[ElementTree.Element]:
    found = parts(data)
    names = sorted((n for n in found if n.startswith("xl/charts/")), key=lambda n: int(re.search(r"\d+", n)[0]))
    return [ElementTree.fromstring(found[name]) for name in names]


def texts(element: ElementTree.Element) -> list[str]:
    return [each.text for each in element.iter(f"{_A}t")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("vertical", VERTICALS)
def test_each_row_has_a_chart_with_its_lines_in_the_language(catalogue, vertical, language):
    chosen = catalogue.verticals[vertical]
    data = build(catalogue, chosen, language, sample=True)
    found = charts(data)
    assert len(found) == len(list(chosen.rows()))
    for chart, (kpi, segment) in zip(found, chosen.rows(), strict=True):
        title = texts(chart.find(f".//{_C}chart/{_C}title"))[0]
        assert title.startswith(kpi.name.get_in(language))
        names = [each.text for each in chart.findall(f".//{_C}ser/{_C}tx/{_C}v")]
        words = [catalogue.ui[f"level.{('below', 'typical', 'above', 'exceptional')[b.level]}"].get_in(language)
                 for b in kpi.bands.get(segment, ())]  # fmt: skip
        words.append(catalogue.ui["kpis.target"].get_in(language))
        if kpi.better == "range":  # each has two ends
            words = [f"{word}{end}" for word in words for end in ("", " …")]
        assert names == [kpi.function.name, *words, " "]
        axes = [texts(axis.find(f"{_C}title"))[0] for tag in ("catAx", "valAx") for axis in chart.iter(f"{_C}{tag}")]
        assert axes[0] == catalogue.ui["inputs.month"].get_in(language).split("!")[-1]
        assert axes[1]


@pytest.mark.parametrize("vertical", VERTICALS)
def test_lines_plot_the_figures_and_keep_what_they_show(catalogue, vertical):
    """Programs that do not calculate draw the kept points; they are those of the cells, gaps left out."""
    data = build(catalogue, catalogue.verticals[vertical], sample=True)
    cells = formulas(data)
    for chart in charts(data):
        for line in list(chart.iter(f"{_C}ser"))[:-1]:
            reference = line.find(f"{_C}val/{_C}numRef/{_C}f").text
            row = re.fullmatch(r"Calc!\$D\$(\d+):\$O\$\1", reference)[1]
            shown = [cells["Calc", f"{letter}{row}"].cached for letter in "DEFGHIJKLMNO"]
            kept = {int(p.get("idx")): float(p.find(f"{_C}v").text) for p in line.iterfind(f"{_C}val//{_C}pt")}
            figures = {place: value for place, value in enumerate(shown) if value != "#N/A"}
            assert kept == pytest.approx(figures, rel=1e-12)
            assert all(isinstance(value, float) or value == "#N/A" for value in shown)


def test_a_gap_is_a_gap_in_every_program(catalogue):
    for chart in charts(build(catalogue, catalogue.verticals["career-mentoring"], sample=True)):
        assert chart.find(f".//{_C}dispBlanksAs").get("val") == "gap"
        assert 'dispNaAsBlank val="1"' in ElementTree.tostring(chart).decode().replace("ns3:", "")
        unseen = list(chart.iter(f"{_C}ser"))[-1]  # its empty cells keep LibreOffice from drawing #N/A as 0
        assert unseen.find(f"{_C}val/{_C}numRef/{_C}f").text == "Calc!$D$4:$O$4"
        assert unseen.find(f"{_C}spPr/{_A}ln/{_A}noFill") is not None
        number = len(list(chart.iter(f"{_C}ser"))) - 1
        entry = chart.find(f".//{_C}legend/{_C}legendEntry")
        assert (entry.find(f"{_C}idx").get("val"), entry.find(f"{_C}delete").get("val")) == (str(number), "1")
    book = openpyxl.load_workbook(io.BytesIO(build(catalogue, catalogue.verticals["career-mentoring"])))
    assert all(book["Calc"].cell(4, column).value is None for column in range(4, 16))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_says_what_it_shows_to_those_who_hear_it(catalogue, language):
    chosen = catalogue.verticals["data-driven-career-coaching"]
    drawing = parts(build(catalogue, chosen, language))["xl/drawings/drawing1.xml"]
    told = [each.get("descr") for each in ElementTree.fromstring(drawing).iter() if each.tag.endswith("cNvPr")]
    told = [each for each in told if each]
    assert len(told) == len(list(chosen.rows())) == len(set(told))
    for text, (kpi, _) in zip(told, chosen.rows(), strict=True):
        assert kpi.name.get_in(language) in text


def test_charts_never_overlap(catalogue):
    for vertical in catalogue.verticals.values():
        sheet = sheets.sheet(openpyxl.load_workbook(io.BytesIO(build(catalogue, vertical))), "trends")
        taken: set[tuple[int, int]] = set()
        for chart in sheet._charts:
            start, end = chart.anchor._from, chart.anchor.to
            area = {(r, c) for r in range(start.row, end.row) for c in range(start.col, end.col)}
            assert area
            assert not area & taken
            taken |= area


@pytest.mark.parametrize("language", ["en", "fr"])
def test_small_columns_stand_beside_each_row(catalogue, language):
    chosen = catalogue.verticals["remote-resume-writing"]
    data = build(catalogue, chosen, language, sample=True)
    root = ElementTree.fromstring(parts(data)[sheets.part(data, "kpis", language)])
    assert root[-1].tag.endswith("extLst"), "Excel repairs a sheet where anything follows it"
    places = [each.text for each in root.iter(f"{_XM}sqref")]
    assert places == [f"Q{row}" for row in range(5, 5 + len(list(chosen.rows())))]
    cells = formulas(data)
    kpis = catalogue.ui["sheet.kpis"].get_in(language)
    for row, each in enumerate(root.iter(f"{_XM}f"), 5):
        number = re.fullmatch(r"Calc!D(\d+):O\1", each.text)[1]
        assert f"{kpis}!D{row}" in cells["Calc", f"D{number}"].text


# direction, period rule, bands | a month's edges by level and side
EDGES = [
    ("higher", "inputs", "month", (Band(1, ">=", 80.0), Band(3, ">", 90.0)), {(1, 0): 80.0, (3, 0): 90.0}),
    ("lower", "inputs", "month", (Band(1, "<=", 8.0),), {(1, 0): 8.0}),
    ("range", "inputs", "", (Band(1, "..", 60.0, 90.0),), {(1, 0): 60.0, (1, 1): 90.0}),
    ("higher", "inputs", "year", (Band(1, ">=", 20.0),), {(1, 0): None}),
    ("higher", "compound", "year", (Band(1, ">=", 100 * 0.9**12),), {(1, 0): 90.0}),
    ("higher", "compound", "year", (Band(1, ">=", -1.0),), {(1, 0): None}),
]


@pytest.mark.parametrize("better, year, period, bands, expected", EDGES)
def test_an_edge_is_brought_to_a_month(catalogue, better, year, period, bands, expected):
    kpi = catalogue.verticals["remote-career-coaching"].kpis["client_satisfaction"]
    benchmark = replace(kpi.benchmark, period=period, period_matters=bool(period))
    kpi = replace(kpi, better=better, year=year, bands={"": bands}, benchmark=benchmark)
    found = month_edges(kpi, "", Settings())
    assert found.keys() == {(level, side) for level in (1, 2, 3) for side in ((0, 1) if better == "range" else (0,))}
    for key, value in found.items():
        wanted = expected.get(key)
        assert value == (wanted if wanted is None else pytest.approx(wanted, rel=1e-12))


def test_edges_in_money_follow_the_rate(catalogue):
    kpi = catalogue.verticals["remote-career-coaching"].kpis["revenue_per_user"]
    assert month_edges(kpi, "", Settings("EUR", 0.5))[1, 0] == 75
    assert set(month_edges(kpi, "", Settings("EUR")).values()) == {None}


def with_benchmark(vertical, period: str, **changes):
    """The same line of business, every benchmark of which holds for a period that matters."""
    return replace(
        vertical,
        kpis={
            key: replace(kpi, benchmark=replace(kpi.benchmark, period=period, period_matters=True), **changes)
            for key, kpi in vertical.kpis.items()
        },
    )


# how the year is made, period, target | what the line shows in a month
TARGETS = [
    ("inputs", "month", 33.0, 33.0),
    ("inputs", "", 33.0, 33.0),
    ("inputs", "quarter", 33.0, None),
    ("mean", "year", 33.0, None),
    ("compound", "month", 64.0, 64.0),
    ("compound", "year", 100 * 0.9**12, 90.0),
    ("compound", "quarter", 100 * 0.9**3, 90.0),
    ("compound", "year", 0.0, 0.0),
    ("compound", "year", -5.0, None),
    ("compound", "", 64.0, 64.0),
]


@pytest.mark.parametrize("year, period, target, expected", TARGETS)
def test_a_target_is_brought_to_a_month(catalogue, tmp_path, year, period, target, expected):
    """By the core, in the chart's own points, and by engines that know nothing of this project."""
    chosen = with_benchmark(catalogue.verticals["career-mentoring"], period)
    name, kpi = next((key, kpi) for key, kpi in chosen.kpis.items() if kpi.unit == "percent" and not any(kpi.segments))
    chosen = replace(chosen, kpis={**chosen.kpis, name: replace(kpi, year=year)})
    data = build(catalogue, chosen, typed={}, settings=Settings(targets={name: target}))
    place = [f"{kpi.id}_{segment}" if segment else kpi.id for kpi, segment in chosen.rows()].index(name)
    chart = charts(data)[place]
    points = [float(each.text) for each in list(chart.iter(f"{_C}ser"))[-2].iterfind(f"{_C}val//{_C}v")]
    assert points == ([] if expected is None else [pytest.approx(expected, rel=1e-12)] * 12)
    found = formulas(data)
    for find in (by_ironcalc, by_formualizer):
        values = find(data, list(found), tmp_path)
        assert not [cell for cell, formula in known_to(find, found).items() if not same(formula.cached, values[cell])]


def test_a_target_in_money_is_in_the_users_own_currency(catalogue):
    chosen = catalogue.verticals["remote-career-coaching"]
    for rate in (0.5, None):
        settings = Settings("EUR", rate, {"revenue_per_user": 180.0})
        data = build(catalogue, chosen, typed={}, settings=settings)
        place = [kpi.id for kpi, _ in chosen.rows()].index("revenue_per_user")
        lines = list(charts(data)[place].iter(f"{_C}ser"))
        points = [float(each.text) for each in lines[-2].iterfind(f"{_C}val//{_C}v")]
        assert points == [180.0] * 12


# period, currency, bands | key of the words under a chart of money, or none
NOTES = [
    ("month", Settings(), True, ""),
    ("", Settings(), True, ""),
    ("year", Settings(), True, "trends.period"),
    ("quarter", Settings("EUR"), True, "trends.period"),
    ("month", Settings("EUR"), True, "trends.rate"),
    ("month", Settings("EUR", 0.9), True, ""),
    ("month", Settings(), False, "trends.bands"),
]


@pytest.mark.parametrize("period, settings, bands, key", NOTES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_without_lines_says_why(catalogue, tmp_path, language, period, settings, bands, key):
    chosen = with_benchmark(catalogue.verticals["remote-career-coaching"], period, **({} if bands else {"bands": {}}))
    data = build(catalogue, chosen, language, typed={}, settings=settings)
    place = [kpi.id for kpi, _ in chosen.rows()].index("revenue_per_user")
    kpi = chosen.kpis["revenue_per_user"]
    assert kpi.year != "compound"
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    trends = sheets.sheet(book, "trends", language)
    anchor = trends._charts[place].anchor
    said = trends.cell(anchor.to.row + 1, anchor._from.col + 3)
    words = catalogue.ui[key][language].split("{")[0] if key else ""
    assert (said.value or "").startswith(words)
    assert bool(said.value) is bool(key)
    if key == "trends.period":
        assert said.value == f"{words} {catalogue.ui[f'period.{period}'][language]}."
    lines = list(charts(data)[place].iter(f"{_C}ser"))[1:-2]
    assert bool(key) is not any(line.findall(f"{_C}val//{_C}pt") for line in lines), "words or lines, never both"
    found = {cell: each for cell, each in formulas(data).items() if cell[0] in ("Calc", trends.title)}
    for find in (by_ironcalc, by_formualizer):
        values = find(data, list(found), tmp_path)
        assert not [cell for cell, formula in found.items() if not same(formula.cached, values[cell])]


def test_a_target_is_a_line_of_its_own(catalogue):
    chosen = catalogue.verticals["data-driven-career-coaching"]
    targets = {"skills_improvement_corporate": 33.0, "market_adaptability": 90}
    data = build(catalogue, chosen, typed={}, settings=Settings(targets=targets))
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for place, ((kpi, segment), chart) in enumerate(zip(chosen.rows(), charts(data), strict=True)):
        wanted = targets.get(f"{kpi.id}_{segment}" if segment else kpi.id)
        points = [float(each.text) for each in list(chart.iter(f"{_C}ser"))[-2].iterfind(f"{_C}val//{_C}v")]
        assert points == ([] if wanted is None else [wanted] * 12)
        assert book["KPIs"].cell(5 + place, 3).value == wanted
