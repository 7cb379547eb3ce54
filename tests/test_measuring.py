"""Units through formulas: what is refused, what is doubted, and notes that waive one check each."""

from __future__ import annotations

import pytest
from spoil import GOOD

from xlkpi.carried import load_texts
from xlkpi.catalogue import check
from xlkpi.formula import parse
from xlkpi.names import shipped_text
from xlkpi.units import CHECKS
from xlkpi.units import check as doubts_of

UNITS = {
    "clients": "count:clients", "others": "count:clients", "sessions": "count:sessions", "hours": "hours",
    "minutes": "minutes", "fees": "money", "costs": "money", "rate": "percent", "stars": "score", "days": "count:days",
}  # fmt: skip
# formula | its unit | the checks that doubt it, "!" before those that refuse it
FORMULAS = [
    ("fees + hours", "money", "!adding"),
    ("fees - costs", "money", ""),
    ("fees - clients", "money", "!adding"),
    ("clients + sessions", "count:clients", "!adding"),
    ("max(fees, hours)", "money", "!adding"),
    ("if_(fees > costs, fees, hours)", "money", "!adding"),
    ("if_(fees > hours, fees, costs)", "money", "!comparing"),
    ("if_(clients > sessions, fees, costs)", "money", "comparing"),
    ("clients / sessions * 100", "percent", "dividing"),
    ("clients / others * 100", "percent", ""),
    ("clients / others", "percent", "scale"),
    ("clients / others", "ratio", ""),
    ("clients / sessions", "percent", "dividing scale"),
    ("rate - rate", "percent", ""),
    ("rate / 2", "percent", ""),
    ("fees / clients", "money", ""),
    ("fees / clients", "hours", "!result"),
    ("fees * hours", "money", "!result"),
    ("(fees - costs) / fees * 100", "percent", ""),
    ("fees / costs * days", "count:days", ""),
    ("hours + minutes", "hours", "!adding"),
    ("hours + minutes / 60", "hours", ""),
    ("hours * 60 + minutes", "minutes", ""),
    ("fees ** 2 / fees", "money", ""),
    ("(fees ** 2) ** 0.5", "ratio", ""),
    ("fees * (1 - rate / 100)", "money", ""),
]


@pytest.mark.parametrize("text, unit, wanted", FORMULAS, ids=[f"{row[0]} in {row[1]}" for row in FORMULAS])
def test_units_of_a_formula(text, unit, wanted):
    found = doubts_of(parse(text), UNITS, unit)
    assert " ".join(("!" if doubt.severity == "error" else "") + doubt.check for doubt in found) == wanted
    assert all(doubt.check in CHECKS and doubt.what.endswith(".") for doubt in found)


DIVIDES = GOOD.replace('unit = "count:cups"\nhelp.en = "Cups made"', 'unit = "count:pots"\nhelp.en = "Cups made"').replace(
    'unit = "count:cups"\nkind = "flow"\nlabel.en = "Cups made"', 'unit = "count:pots"\nkind = "flow"\nlabel.en = "Cups made"'
)  # fmt: skip


def problems_of(tmp_path, text):
    path = tmp_path / "tea-shop.toml"
    path.write_text(text, "utf-8")
    return [problem for problem in check(path) if "unit" in f"{problem.key} {problem.fix}" or "gives" in problem.what]


def with_note(text: str, note: str) -> str:
    return text.replace('unit = "percent"\n', f'unit = "percent"\n{note}\n', 1)


def test_a_share_of_one_count_in_another_is_doubted_once(tmp_path):
    (problem,) = problems_of(tmp_path, DIVIDES)
    assert (problem.key, problem.severity) == ("function.TEARATE.formula", "warning")
    assert "divides cups by pots" in problem.what
    assert 'unit_note.dividing = "..."' in problem.fix
    assert "sold_cups / made_cups * 100" in problem.excerpt


def test_a_note_waives_the_check_that_it_names(tmp_path):
    assert problems_of(tmp_path, with_note(DIVIDES, 'unit_note.dividing = "a pot is a cup"')) == []


def test_a_note_waives_no_other_check(tmp_path):
    found = problems_of(tmp_path, with_note(DIVIDES, 'unit_note.adding = "a pot is a cup"'))
    assert [(problem.key, problem.severity) for problem in found] == [
        ("function.TEARATE.formula", "warning"),
        ("function.TEARATE.unit_note.adding", "warning"),
    ]
    both = with_note(DIVIDES, 'unit_note.dividing = "a pot is a cup"').replace("made_cups * 100", "made_cups")
    (problem,) = problems_of(tmp_path, both.replace("made_cups = 4, gives = 75", "made_cups = 4, gives = 0.75"))
    assert 'unit_note.scale = "..."' in problem.fix


def test_a_note_that_waives_nothing_is_doubted(tmp_path):
    (problem,) = problems_of(tmp_path, with_note(GOOD, 'unit_note.dividing = "a pot is a cup"'))
    assert problem.severity == "warning"
    assert "waives nothing" in problem.what
    (problem,) = problems_of(tmp_path, with_note(GOOD, 'unit_note = "a pot is a cup"'))
    assert "waives nothing" in problem.what


def test_a_note_that_names_no_check_is_told_which(tmp_path):
    (problem,) = problems_of(tmp_path, with_note(DIVIDES, 'unit_note = "a pot is a cup"'))
    assert problem.severity == "warning"
    assert problem.fix == 'Write unit_note.dividing = "...".'
    text = with_note(DIVIDES, 'unit_note = "a pot is a cup"').replace("made_cups * 100", "made_cups")
    assert "unit_note.dividing" in (found := problems_of(tmp_path, text))[0].fix
    assert {'unit_note.dividing = "..."', 'unit_note.scale = "..."'} <= {
        word for problem in found for word in ('unit_note.dividing = "..."', 'unit_note.scale = "..."') if word in problem.fix
    }  # fmt: skip


def test_a_misspelt_check_is_an_error(tmp_path):
    found = problems_of(tmp_path, with_note(DIVIDES, 'unit_note.divding = "a pot is a cup"'))
    assert any(problem.severity == "error" and 'mean "dividing"' in problem.what for problem in found)


def test_inputs_of_other_units_than_the_arguments_are_doubted_at_the_kpi(tmp_path):
    inputs_only = GOOD.replace(
        'unit = "count:cups"\nkind = "flow"\nlabel.en = "Cups made"', 'unit = "count:pots"\nkind = "flow"\nlabel.en = "Cups made"'
    )  # fmt: skip
    (problem,) = problems_of(tmp_path, inputs_only)
    assert (problem.key, problem.severity) == ("kpi.cup_rate.value", "warning")
    noted = inputs_only.replace(
        'function = "TEARATE"', 'function = "TEARATE"\nunit_note.dividing = "a pot is a cup"', 1
    )
    assert problems_of(tmp_path, noted) == []


def test_conditions_compare_what_has_one_unit(tmp_path):
    path = tmp_path / "tea-shop.toml"
    text = GOOD.replace(
        'require = ["sold_cups <= made_cups"]',
        'require = ["sold_cups <= made_cups"]\nexpect = ["open_hours < made_cups"]',
    )
    text = text.replace(
        'formula = "sold_cups / made_cups * 100"', 'formula = "sold_cups / made_cups * 100 * open_hours / open_hours"'
    )
    text = text.replace(
        "[function.SEATUSE]", '[function.TEARATE.arg.open_hours]\nunit = "hours"\nhelp.en = "Hours"\n[function.SEATUSE]'
    )
    path.write_text(text, "utf-8")
    (problem,) = [each for each in check(path) if each.key == "function.TEARATE.expect"]
    assert problem.severity == "error"
    assert "compares hours with cups" in problem.what


def test_a_definition_with_a_note_of_the_earlier_form_can_still_be_read():
    name = "remote-virtual-assistant-agency"
    text = shipped_text("verticals", f"{name}.toml")
    old = text.replace("unit_note.dividing = ", "unit_note = ")
    assert old != text
    assert (
        load_texts(name, {f"{name}.toml": old, "functions.toml": shipped_text("functions.toml")}).verticals[name].kpis
    )
