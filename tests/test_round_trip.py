"""Our workbooks, opened and saved by LibreOffice: what is kept, and the whole list of what is not."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from engines import LibreOffice, by_ironcalc, formulas, is_error, known_to, same, without_lambdas
from openpyxl.chart import LineChart, Reference
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from scenarios import random_year
from trades import EXAMPLES, SHIPPED, every_trade
from workbook_facts import read, spelled

import xlkpi
from xlkpi.workbook import build
from xlkpi.workbook.finish import finish

pytestmark = pytest.mark.libreoffice
PAGE = Path(__file__).parent.parent / "docs" / "libreoffice.md"
VERSION = "7.4"  # the lists below were measured with it, and may differ in another
VERTICALS = tuple(SHIPPED)
KINDS = {"sample": "en", "random": "fr", "empty": "pt"}
CASES = [(vertical, kind) for vertical in VERTICALS for kind in KINDS] + [(name, "sample") for name in EXAMPLES]

# What a user works with: never in the list of losses, and never empty where it is compared.
PROMISED = ("sheets", "names", "typed cells", "formulas", "values", "validations")

# aspect that LibreOffice changes | what docs/libreoffice.md says of it, word for word
LOST = {
    "LAMBDAs": "The named LAMBDAs (`KPI.CSS` and so on) no longer work in Microsoft 365",
    "comments of names": "what is said of a name in the Name Manager",
    "values that need LAMBDAs": "the examples on the sheet of functions for Microsoft 365 show an error",
    "marks of formulas that may spill": "stand in braces, as array formulas of old",
    "alternative texts": "The text that a screen reader says of a chart is lost",
    "#N/A as a gap of charts": "a month without a figure may be drawn through",
    "texts that begin like formulas": "Formulas shown as text lose the mark that keeps them texts",
    "recalculation on opening": "The order to recalculate when opened is dropped",
    "tips of links": "The tips that appear over links are lost",
}
# as many digits as LibreOffice keeps of what it counts in other units
NEAR = {"column widths": 0.02, "row heights": 0.5, "margins": 0.02}
# what belongs to the window that a workbook is opened in, and is lost without one
OF_THE_WINDOW = {"frozen rows", "frozen columns", "grid lines"}


@functools.cache
def ours(vertical: str, kind: str) -> bytes:
    catalogue = every_trade()
    chosen = catalogue.verticals[vertical]
    typed = random_year(chosen, 4) if kind == "random" else None
    return build(catalogue, chosen, KINDS[kind], typed=typed, sample=kind == "sample")


SAVED: dict[tuple[str, str], bytes] = {}


def saved(office: LibreOffice, case: tuple[str, str], folder: Path) -> bytes:
    if case not in SAVED:
        SAVED[case] = office.saved(ours(*case), folder)
    return SAVED[case]


def differences(before: bytes, after: bytes) -> dict[str, list[tuple[Any, Any, Any]]]:
    """For each aspect, where the second file differs from the first: the place, what was there, what is there."""
    old, new = read(before), read(after)
    sure = without_lambdas(formulas(before))
    for facts in (old, new):
        facts["values that need LAMBDAs"] = {
            key: facts["values"].pop(key) for key in [*facts["values"]] if key not in sure
        }
    found: dict[str, list[tuple[Any, Any, Any]]] = {}
    for aspect in old:
        # LibreOffice gives a style to every cell and a page to every sheet; what was there before is what counts.
        keys = {**old[aspect], **new.get(aspect, {})} if aspect in PROMISED else old[aspect]
        for key in keys:
            one, other = old[aspect].get(key), new.get(aspect, {}).get(key)
            if not alike(aspect, one, other):
                found.setdefault(aspect, []).append((key, one, other))
    return found


_LONG = re.compile(r"\d*\.\d{12,}")


def alike(aspect: str, one: Any, other: Any) -> bool:
    if aspect in NEAR and one is not None and other is not None:
        return abs(one - other) <= NEAR[aspect]
    if aspect == "places of charts" and other is not None:  # the end of one cell is the beginning of the next
        corners = zip(one, other, strict=True)
        return all(abs(a - b) <= 1 for old, new in corners for a, b in zip(old, new, strict=True))
    if aspect == "formulas" and other is not None:  # of a constant LibreOffice keeps fifteen digits
        one, other = (_LONG.sub(lambda digits: f"{float(digits[0]):.15g}", text) for text in (one, other))
    if aspect == "series of charts" and other is not None:  # the first line's months are said of the others, too
        one = [(name, months or one[0][1], figures) for name, months, figures in one]
    return bool(one == other) or same(one, other)


@pytest.fixture(scope="module")
def office(libreoffice, tmp_path_factory):
    """LibreOffice in the version that the lists were measured with."""
    libreoffice.saved(ours(VERTICALS[0], "empty"), tmp_path_factory.mktemp("version"))
    if not libreoffice.version.startswith(VERSION):
        pytest.skip(f"measured with LibreOffice {VERSION}, not {libreoffice.version}: measure anew")
    return libreoffice


@pytest.mark.parametrize("vertical, kind", CASES)
def test_libreoffice_keeps_all_that_is_not_in_the_list(office, vertical, kind, tmp_path):
    before = ours(vertical, kind)
    facts = read(before)
    assert all(len(facts[aspect]) > 5 for aspect in PROMISED)
    found = differences(before, saved(office, (vertical, kind), tmp_path))
    lost = {aspect: places[:3] for aspect, places in found.items() if aspect not in LOST}
    assert lost == {}


def test_no_promise_is_in_the_list_of_losses():
    assert not set(PROMISED) & LOST.keys()


@pytest.mark.parametrize("vertical", VERTICALS)
def test_libreoffice_loses_all_that_is_in_the_list(office, vertical, tmp_path):
    found = differences(ours(vertical, "sample"), saved(office, (vertical, "sample"), tmp_path))
    assert found.keys() == LOST.keys(), "take out of the list, and of docs/libreoffice.md, what is kept by now"


@pytest.mark.parametrize("vertical, kind", CASES)
def test_another_program_recalculates_what_libreoffice_saved(office, vertical, kind, tmp_path, compared):
    """The formulas that LibreOffice wrote, not the values beside them, give what ours gave."""
    known = known_to(by_ironcalc, without_lambdas(formulas(ours(vertical, kind))))
    values = by_ironcalc(saved(office, (vertical, kind), tmp_path), list(known), tmp_path)
    wrong = [
        (key, one.text, one.cached, values[key]) for key, one in known.items() if not same(one.cached, values[key])
    ]
    compared["cells saved by LibreOffice"] = compared.get("cells saved by LibreOffice", 0) + len(known)
    assert wrong == []


def test_lambdas_differ_in_the_spelling_of_functions_alone(office, tmp_path):
    case = (VERTICALS[0], "sample")
    old, new = read(ours(*case))["LAMBDAs"], read(saved(office, case, tmp_path))["LAMBDAs"]
    assert old.keys() == new.keys()
    for key, text in old.items():
        assert spelled(text).casefold() == spelled(new[key]).casefold()
        assert "_xlfn.LAMBDA(" in text
        assert "_xlfn.lambda(" in new[key]


def test_on_opening_an_error_may_stand_beside_a_word_from_the_file(libreoffice, tmp_path):
    data = ours(VERTICALS[0], "sample")
    known = formulas(data)
    calls = [key for key, one in known.items() if one.text.startswith("=KPI.")]
    said = [(sheet, cell.replace("C", "E")) for sheet, cell in calls]
    assert calls
    before = libreoffice.values(data, calls + said, tmp_path, recalculation=False)
    assert all(is_error(before[cell]) for cell in calls)
    assert {before[cell] for cell in said} == {xlkpi.load().ui["functions.yes"]["en"]}
    after = libreoffice.values(data, said, tmp_path)
    assert {*after.values()} == {xlkpi.load().ui["lambdas.missing"]["en"]}


def test_what_is_frozen_is_kept_where_there_is_a_window(office, tmp_path):
    before = ours(VERTICALS[0], "sample")
    for window, lost in (((1920, 1080), set()), ((800, 600), set()), (None, OF_THE_WINDOW)):
        found = differences(before, office.saved(before, tmp_path, window))
        assert found.keys() - LOST.keys() == lost, window


def small_book() -> openpyxl.Workbook:
    """A workbook with one of everything that a user would miss."""
    book = openpyxl.Workbook()
    sheet, other = book.active, book.create_sheet("Other")
    sheet.title = "Données"
    for row in range(1, 6):
        sheet.cell(row, 1, row)
        sheet.cell(row, 2, f"=A{row}*2+1E-9")
    other["A1"] = "=SUM('Données'!A1:A5)"
    book.defined_names["in_a"] = DefinedName("in_a", attr_text="'Données'!$A$1:$A$5")
    rule = DataValidation("custom", formula1="A1<A2", error="no", showErrorMessage=True)
    rule.add("A1:A3")
    sheet.add_data_validation(rule)
    fill = PatternFill(bgColor="FFF4C7B3", fill_type="solid")
    sheet.conditional_formatting.add("B1:B5", FormulaRule(["B1>$A$1"], fill=fill))
    sheet.protection.sheet = True
    sheet["A1"].protection = Protection(locked=False)
    sheet["A5"].hyperlink = Hyperlink(ref="A5", location="Other!A1", tooltip="there")
    sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation = "B2", "1:1", "landscape"
    sheet.column_dimensions["A"].width, sheet.row_dimensions[1].height = 20, 30
    chart = LineChart()
    chart.title = "Months"
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=5))
    sheet.add_chart(chart, "D2")
    return book


# aspect | what is changed in the first sheet
CHANGES = [
    ("typed cells", lambda sheet: sheet.cell(1, 1, 1.001)),
    ("formulas", lambda sheet: sheet.cell(1, 2, "=A1*2+1.1E-9")),
    ("names", lambda sheet: setattr(sheet.parent.defined_names["in_a"], "attr_text", "'Données'!$A$1:$A$4")),
    ("comments of names", lambda sheet: setattr(sheet.parent.defined_names["in_a"], "comment", "figures")),
    ("sheets", lambda sheet: setattr(sheet.parent["Other"], "sheet_state", "hidden")),
    ("validations", lambda sheet: setattr(sheet.data_validations.dataValidation[0], "error", "yes")),
    ("validations", lambda sheet: setattr(sheet.data_validations.dataValidation[0], "formula1", "A2<A3")),
    ("validations", lambda sheet: sheet.data_validations.dataValidation[0].add("A4")),
    ("conditional formats", lambda sheet: setattr(rule_of(sheet), "formula", ["B2>$A$1"])),
    ("looks of conditional formats", lambda sheet: setattr(rule_of(sheet).dxf.fill, "bgColor", "FFFCE8B2")),
    ("stops of conditional formats", lambda sheet: setattr(rule_of(sheet), "stopIfTrue", True)),
    ("protection", lambda sheet: setattr(sheet.protection, "sheet", False)),
    ("protection", lambda sheet: sheet.protection.set_password("x")),
    ("protection", lambda sheet: setattr(sheet.protection, "formatColumns", False)),
    ("cells open or locked", lambda sheet: setattr(sheet["A2"], "protection", Protection(locked=False))),
    ("links", lambda sheet: setattr(sheet["A5"].hyperlink, "location", "Other!A2")),
    ("tips of links", lambda sheet: setattr(sheet["A5"].hyperlink, "tooltip", "here")),
    ("frozen rows", lambda sheet: setattr(sheet, "freeze_panes", "B3")),
    ("frozen columns", lambda sheet: setattr(sheet, "freeze_panes", "C2")),
    ("grid lines", lambda sheet: setattr(sheet.sheet_view, "showGridLines", False)),
    ("zoom", lambda sheet: setattr(sheet.sheet_view, "zoomScale", 85)),
    ("colours of tabs", lambda sheet: setattr(sheet.sheet_properties, "tabColor", "FF00588F")),
    ("pages", lambda sheet: setattr(sheet.page_setup, "orientation", "portrait")),
    ("margins", lambda sheet: setattr(sheet.page_margins, "left", 1.2)),
    ("headers and footers", lambda sheet: setattr(sheet.oddFooter.left, "text", "foot")),
    ("names", lambda sheet: setattr(sheet, "print_title_rows", "1:2")),
    ("column widths", lambda sheet: setattr(sheet.column_dimensions["A"], "width", 20.5)),
    ("row heights", lambda sheet: setattr(sheet.row_dimensions[1], "height", 31)),
    ("fonts", lambda sheet: setattr(sheet["A1"], "font", Font(bold=True))),
    ("fills", lambda sheet: setattr(sheet["A1"], "fill", PatternFill(fgColor="FFF4C7B3", fill_type="solid"))),
    ("alignment", lambda sheet: setattr(sheet["A1"], "alignment", Alignment(wrap_text=True))),
    ("titles of charts", lambda sheet: setattr(sheet._charts[0], "title", "Weeks")),
    ("series of charts", lambda sheet: setattr(sheet._charts[0].series[0].val.numRef, "f", "'Données'!$A$1:$A$4")),
    ("places of charts", lambda sheet: setattr(sheet._charts[0], "anchor", "F4")),
]


def rule_of(sheet):
    (area,) = sheet.conditional_formatting
    return area.rules[0]


@pytest.mark.parametrize("aspect, change", CHANGES, ids=[aspect for aspect, _ in CHANGES])
def test_the_comparison_sees_a_change_and_nothing_else(aspect, change):
    found = differences(bytes_of(small_book()), bytes_of(small_book()))
    assert found == {}
    changed = small_book()
    change(changed["Données"])
    before, after = bytes_of(small_book()), bytes_of(changed)
    # What is new in a file counts as much as what is gone: the comparison is made both ways.
    assert {*differences(before, after), *differences(after, before)} == {aspect}


def bytes_of(book: openpyxl.Workbook) -> bytes:
    shown = {"Données": {f"B{row}": row * 2.0 for row in range(1, 6)}, "Other": {"A1": 15.0}}
    return finish(book, shown)


def test_the_page_for_users_says_each_loss():
    text = re.sub(r"\s+", " ", PAGE.read_text("utf-8"))
    for words in LOST.values():
        assert words in text
    assert f"LibreOffice {VERSION}" in text
    assert "Converting without a window" in text
