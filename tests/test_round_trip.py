"""Our workbooks, opened and saved by LibreOffice: what is kept, and the whole list of what is not."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import pytest
from engines import LibreOffice, by_ironcalc, formulas, same, without_lambdas
from scenarios import random_year
from workbook_facts import read, spelled

import xlkpi
from xlkpi.workbook import build

pytestmark = pytest.mark.libreoffice
PAGE = Path(__file__).parent.parent / "docs" / "libreoffice.md"
VERSION = "7.4"  # the lists below were measured with it, and may differ in another
VERTICALS = tuple(xlkpi.load().verticals)
KINDS = {"sample": "en", "random": "fr", "empty": "pt"}
CASES = [(vertical, kind) for vertical in VERTICALS for kind in KINDS]

# What a user works with: never in the list of losses, and never empty where it is compared.
PROMISED = ("sheets", "names", "typed cells", "formulas", "values", "validations")

# aspect that LibreOffice changes | what docs/libreoffice.md says of it, word for word
LOST = {
    "LAMBDAs": "The named LAMBDAs (`KPI.CSS` and so on) no longer work in Microsoft 365",
    "comments of names": "what is said of a name in the Name Manager",
    "values that need LAMBDAs": "the examples on the sheet of functions for Microsoft 365 show `#VALUE!`",
    "marks of formulas that may spill": "stand in braces, as array formulas of old",
    "alternative texts": "The text that a screen reader says of a chart is lost",
    "#N/A as a gap of charts": "a month without a figure may be drawn through",
    "texts that begin like formulas": "Formulas shown as text lose the mark that keeps them texts",
    "recalculation on opening": "The order to recalculate when opened is dropped",
}
# as many digits as LibreOffice keeps of what it counts in other units
NEAR = {"column widths": 0.02, "row heights": 0.5, "margins": 0.02}
# what belongs to the window that a workbook is opened in, and is lost without one
OF_THE_WINDOW = {"frozen rows", "frozen columns", "grid lines"}


@functools.cache
def ours(vertical: str, kind: str) -> bytes:
    catalogue = xlkpi.load()
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


def alike(aspect: str, one: Any, other: Any) -> bool:
    if aspect in NEAR and one is not None and other is not None:
        return abs(one - other) <= NEAR[aspect]
    if aspect == "places of charts" and other is not None:  # the end of one cell is the beginning of the next
        corners = zip(one, other, strict=True)
        return all(abs(a - b) <= 1 for old, new in corners for a, b in zip(old, new, strict=True))
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
    known = without_lambdas(formulas(ours(vertical, kind)))
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


def test_what_is_frozen_is_kept_where_the_window_has_room_for_it(office, tmp_path):
    before = ours(VERTICALS[0], "sample")
    for window, lost in (((1920, 1080), set()), ((800, 600), {"frozen columns"}), (None, OF_THE_WINDOW)):
        found = differences(before, office.saved(before, tmp_path, window))
        assert found.keys() - LOST.keys() == lost, window


def test_the_comparison_sees_a_change_of_every_aspect(office, tmp_path):
    """Nothing is found to be the same for want of looking: each aspect of a file differs from that of another."""
    catalogue = xlkpi.load()
    first, second = catalogue.verticals[VERTICALS[0]], catalogue.verticals[VERTICALS[1]]
    found = differences(build(catalogue, first, "en", sample=True), build(catalogue, second, "es", host="classic"))
    assert {*PROMISED, "conditional formats", "titles of charts", "series of charts", "sparklines"} <= found.keys()


def test_the_page_for_users_says_each_loss():
    text = re.sub(r"\s+", " ", PAGE.read_text("utf-8"))
    for words in LOST.values():
        assert words in text
    assert f"LibreOffice {VERSION}" in text
    assert "wider than the window" in text
