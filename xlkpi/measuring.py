"""Units held through the formulas of a file, and the notes that waive single checks of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .document import Document
from .errors import FormulaError
from .model import Function, Kpi, Vertical
from .tree import Call, walk
from .units import CHECKS, Doubt
from .units import check as check_units
from .units import check_condition as check_condition_units


def function_doubts(function: Function) -> list[Doubt]:
    """Return what is odd about the units of a function's formula, waived or not."""
    units = {argument.id: argument.unit for argument in function.arguments}
    if not all(units.values()) or not function.unit:
        return []  # what is missing there is said already
    return check_units(function.formula, units, function.unit)


def check_function_units(document: Document, function: Function) -> None:
    """Check the units of a function's formula and of its conditions."""
    key = f"function.{function.name}"
    _report(document, key, f"{key}.formula", function.unit_note, function_doubts(function), exact=True)
    units = {argument.id: argument.unit for argument in function.arguments}
    if all(units.values()):
        for name, conditions in (("require", function.require), ("expect", function.expect)):
            for doubt in (doubt for each in conditions for doubt in check_condition_units(each, units)):
                document.add(f"{key}.{name}", doubt.what, "Compare what has the same unit.", "error", doubt.column)


def check_kpi_units(document: Document, vertical: Vertical, kpi: Kpi) -> None:
    """Check the units of what a KPI's rows show; what a function says of itself is not said again."""
    found: list[Doubt] = []
    for segment, rule in kpi.values.items():
        units = {name: vertical.inputs[name].unit for name in rule.arguments}
        if all(units.values()) and kpi.unit:
            said = _said(kpi, segment, vertical)
            doubts = check_units(rule.formula, units, kpi.unit)
            found += [doubt for doubt in doubts if (doubt.check, doubt.column) not in said]
    key = f"kpi.{kpi.id}"
    _report(document, key, f"{key}.value", kpi.unit_note, dict.fromkeys(found), exact=False)


def _said(kpi: Kpi, segment: str, vertical: Vertical) -> set[tuple[str, int]]:
    """Where the functions that a row calls are in doubt of themselves, by check and column."""
    called = {node.function for node in walk(kpi.written[segment]) if isinstance(node, Call)} & set(vertical.functions)
    functions = [kpi.function, *(vertical.functions[name] for name in sorted(called))]
    return {(doubt.check, doubt.column) for function in functions for doubt in function_doubts(function)}


def _report(
    document: Document, key: str, place: str, note: Mapping[str, str], doubts: Iterable[Doubt], exact: bool
) -> None:
    """Note the doubts that no note waives, and the notes that waive nothing."""
    doubts = list(doubts)
    kinds = {doubt.check for doubt in doubts}
    waived = set(note)
    if "" in note:
        waived |= _unnamed(document, f"{key}.unit_note", kinds)
    for doubt in doubts:
        if doubt.check not in waived:
            fix = f'Mend the formula or the units, or say why it is meant: unit_note.{doubt.check} = "...".'
            column = doubt.column if exact and doubt.check not in ("result", "scale") else 0
            excerpt = FormulaError("", "", column, document.text_at(place)).excerpt if column else ""
            document.add(place, doubt.what, fix, doubt.severity, column, excerpt)
    for check in note:
        if check and check not in kinds:
            what = f"This note waives nothing: nowhere is it found that the formula {CHECKS[check]}."
            document.add(f"{key}.unit_note.{check}", what, "Remove it.", "warning")


def _unnamed(document: Document, key: str, kinds: set[str]) -> set[str]:
    """Doubt a note that names no check; it stands for the one that there is, and for none of several."""
    if not kinds:
        document.add(key, "This note waives nothing: the units are in order.", "Remove it.", "warning")
        return set()
    named = " and ".join(f'unit_note.{kind} = "..."' for kind in sorted(kinds))
    document.add(key, "This note does not name the check that it waives.", f"Write {named}.", "warning")
    return kinds if len(kinds) == 1 else set()
