"""What stands near the figures: what is typical for a month of a rate that compounds, and figures that belong together."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import sheets
from engines import by_formualizer, by_ironcalc, formulas
from filled import full_year
from openpyxl.utils.cell import coordinate_to_tuple
from test_engines import LANGUAGES, compare

from xlkpi.series import Settings
from xlkpi.workbook import build
from xlkpi.workbook.next_steps import DIFFERS, HEADER, NEEDED, PRESENT

WHY = "Each month is colored by what its rate would come to over the benchmark's period:"
# the benchmark's period, the edge of the typical band | the edge for a month, worked out by hand, and the period's word
MONTHS = [
    ("year", 70, 0.7 ** (1 / 12) * 100, f"{WHY} year."),
    ("quarter", 72.9, 90, f"{WHY} quarter."),
    ("month", 70, "", ""),
    ("no period", 70, "", ""),
    ("year", None, "", ""),
    ("fortnight", 70, "", ""),
]


@pytest.mark.parametrize("period, edge, typical, why", MONTHS)
def test_what_is_typical_for_a_month_follows_what_the_user_changes(catalogue, period, edge, typical, why, tmp_path):
    vertical = catalogue.verticals["career-mentoring"]
    book = openpyxl.load_workbook(io.BytesIO(build(catalogue, vertical, "en")))
    for name, value in (("period_client_retention", period), ("bench_client_retention_typical", edge)):
        sheet, cell = book.defined_names[name].attr_text.replace("$", "").split("!")
        book[sheet][cell] = value
    changed = io.BytesIO()
    book.save(changed)
    row = 4 + len(list(vertical.rows())) + 3
    asked = [("KPIs", f"{column}{row}") for column in "ACD"]
    name = f"{vertical.kpis['client_retention'].name.get_in('en')}: typical in a month"
    for find in (by_ironcalc, by_formualizer):
        found = find(changed.getvalue(), asked, tmp_path)
        shown = [found[place] or "" for place in asked]
        assert shown[1] == (pytest.approx(typical) if typical else "")
        assert (shown[0], shown[2]) == (name if typical else "", why)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_stands_below_the_figures_in_each_language(catalogue, language, tmp_path):
    vertical = catalogue.verticals["career-mentoring"]
    data = build(catalogue, vertical, language)
    sheet = sheets.sheet(openpyxl.load_workbook(io.BytesIO(data), data_only=True), "kpis", language)
    row = 4 + len(list(vertical.rows())) + 3
    said, ui = [sheet.cell(row, column).value for column in (1, 3, 4)], catalogue.ui
    name = vertical.kpis["client_retention"].name.get_in(language)
    assert said[0] == f"{name}{ui['dashboard.colon'][language]} {ui['kpis.in_a_month'][language]}"
    assert said[1] == pytest.approx(0.7 ** (1 / 12) * 100)
    assert said[2] == f"{ui['kpis.colored_by'][language]} {ui['period.year'][language]}."
    assert f"${row}" in sheet.print_area.split(",")[0], "it is printed, too"
    compare("IronCalc", data, by_ironcalc, tmp_path, {})


@pytest.mark.parametrize("period", ["latest", "3", "year"])
def test_a_present_value_is_shown_only_beside_a_new_one(catalogue, period, tmp_path):
    vertical = catalogue.verticals["remote-career-coaching"]
    typed = full_year(vertical) | {"satisfied_clients": [1], "surveyed_clients": [1], "new_clients": [None, 2]}
    data = build(catalogue, vertical, "en", typed, Settings(period=period), date(2026, 1, 1))
    title, shown = sheets.title("next_steps"), {}
    for (sheet, cell), formula in formulas(data).items():
        row, column = coordinate_to_tuple(cell)
        if sheet == title and row > HEADER and column in (DIFFERS, PRESENT, NEEDED):
            shown.setdefault(row, {})[column] = formula.cached != ""
    whole = [cells for cells in shown.values() if PRESENT in cells]
    assert {tuple(cells.values()) for cells in whole} == {(True, True, True), (False, False, False)}
    for find in (by_ironcalc, by_formualizer):
        compare("an engine", data, find, tmp_path, {})
