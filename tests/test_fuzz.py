"""Mutated files, a few of them: ``tests/fuzz.py`` runs as many as one likes."""

from __future__ import annotations

import zlib

import fuzz
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from spoil import GOOD

import xlkpi.catalogue
from xlkpi.errors import FormulaError
from xlkpi.formula import parse
from xlkpi.notation import to_text
from xlkpi.tree import Compare

EVERY = 8  # one in so many good files is built, which takes a hundred times as long as to check it
# The same files in every run; no shrinking, since a mutated file says by itself what was done to it.
STEADY = settings(
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@settings(STEADY, max_examples=250)
@given(data=fuzz.mutated_files())
def test_a_mutated_file_ends_in_named_problems_or_in_a_workbook(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp()
    found = fuzz.outcome(data, folder, build_it=zlib.crc32(data) % EVERY == 0)
    assert not found.fault, f"{found.kind} at {found.place}: {found.words}"


@settings(STEADY, max_examples=600)
@given(text=fuzz.formulas(), condition=st.booleans())
def test_a_grown_formula_is_read_as_it_is_printed_or_refused_with_words(text, condition):
    known = {"CSS": (2, 2), "TEARATE": (2, 2)}
    tree, refused = None, None
    try:
        tree = parse(text, known, condition)
    except FormulaError as error:
        refused = error
    if refused:
        assert refused.what
        assert refused.fix
        assert 0 <= refused.column <= len(text) + 1
    else:
        assert parse(to_text(tree), known, isinstance(tree, Compare)) == tree


def test_mutations_leave_some_files_good_and_spoil_some(tmp_path):
    """Else the runs above would see nothing."""
    tally = fuzz.Tally(tmp_path, share=0.0)
    fuzz.run_files(60, 3, tally, show=lambda *words, **more: None)
    assert tally.ends.keys() == {"refused", "passed"}
    assert min(tally.ends.values()) >= 3
    assert tally.faults == {}


def test_a_fault_is_found_and_its_smallest_file_kept(tmp_path, monkeypatch, capsys):
    def broken(path):
        raise KeyError("planted")

    monkeypatch.setattr(xlkpi.catalogue, "check", broken)
    tally = fuzz.Tally(tmp_path)
    for data in (GOOD.encode() + b"# longer", GOOD.encode()):
        assert tally.take(data).fault
    ((kind, place),) = tally.faults
    assert kind == "traceback"
    assert place.startswith("KeyError")
    assert tally.faults[kind, place][0] == GOOD.encode()
    assert "planted" in capsys.readouterr().err


@pytest.mark.parametrize(
    "how", ["flip", "cut", "repeat", "splice", "delete table", "duplicate table", "move line", "rename everywhere"]
)
def test_each_mutation_changes_a_file(how):
    change = fuzz.Change(how, 700, 31, "x")
    assert fuzz.mutate(GOOD.encode(), change) != GOOD.encode()


@pytest.mark.parametrize(
    "number",
    [
        "455555555555555555555555",
        "0.0000001",
        "0.00000000000000000000000000015",
        "1000000000000000",
        "10000000000000000",
    ],
)
def test_a_number_is_printed_as_the_formula_language_has_it(number):
    """Found by Atheris: a large number was printed with an exponent, which cannot be read again."""
    tree = parse(f"sold_cups / {number}")
    assert parse(to_text(tree)) == tree
