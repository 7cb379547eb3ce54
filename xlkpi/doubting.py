"""What is legal in a catalogue file, but hardly meant: each becomes a warning."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from .document import Document
from .model import Example, Function, Input, Kpi, Lever, Vertical
from .names import LANGUAGES
from .notation import compare, compile_tree
from .policy import Rule, is_number
from .tree import Binary, Call, walk
from .units import domain

_NEVER_ADDED = ("percent", "points", "score", "ratio")
# Figures to try a lever with; those that a condition refuses are passed over.
_TRIED = (40.0, 25.0, 60.0, 10.0, 80.0, 5.0, 90.0)


def doubt_function(document: Document, function: Function) -> None:
    """Doubt a function's worked example."""
    if function.example is not None:
        _percentage(document, f"function.{function.name}.example", function, function.example)
        _expected(document, f"function.{function.name}.example", function, function.example)


def doubt_vertical(document: Document, vertical: Vertical) -> None:
    """Doubt the inputs and KPIs of a line of business."""
    for item in vertical.inputs.values():
        _input(document, vertical, item)
    for kpi in vertical.kpis.values():
        key = f"kpi.{kpi.id}"
        if kpi.example is not None:
            _percentage(document, f"{key}.example", kpi.function, kpi.example)
            _expected(document, f"{key}.example", kpi.function, kpi.example)
        _edges(document, f"{key}.bands", kpi)
        _year(document, vertical, kpi)
        for segment, levers in kpi.levers.items():
            for place, lever in enumerate(levers):
                where = f"{key}.lever.{segment}.{place}" if segment else f"{key}.lever.{place}"
                _lever(document, where, vertical, kpi, segment, lever)
    _alike(document, vertical)


def doubt_unused(document: Document, vertical: Vertical) -> None:
    """Doubt inputs and functions of a file that no KPI of it uses."""
    used = {name for kpi in vertical.kpis.values() for rule in kpi.values.values() for name in rule.arguments}
    used |= {vertical.inputs[name].carry for name in used} | {vertical.inputs[name].of for name in used}
    for name in vertical.inputs:
        if name not in used:
            fix = "Remove it, or use it in a KPI's value."
            document.add(f"input.{name}", f'No KPI uses the input "{name}".', fix, "warning")
    trees = [tree for kpi in vertical.kpis.values() for tree in kpi.written.values()]
    called = {node.function for tree in trees for node in walk(tree) if isinstance(node, Call)}
    called |= {kpi.function.name for kpi in vertical.kpis.values()}
    called |= {name for kpi in vertical.kpis.values() for name in kpi.function.companions}
    for function in vertical.functions.values():
        if function.vertical == vertical.id and function.name not in called:
            fix = f'Write function = "{function.name}" in a KPI, or name it in companions, or remove it.'
            document.add(f"function.{function.name}", "No KPI uses this function.", fix, "warning")


def _input(document: Document, vertical: Vertical, item: Input) -> None:
    key = f"input.{item.id}"
    if item.kind == "flow" and item.unit in _NEVER_ADDED:
        what = f"Months of a flow add up, and {item.unit} hardly does: 80 and 90 would be 170."
        document.add(f"{key}.kind", what, 'Use kind = "level", or inputs that add up.', "warning")
    carried = vertical.inputs.get(item.carry)
    if carried is not None and carried.unit != item.unit:
        what = f"It counts {item.unit}, and {carried.id}, which it is carried on from, {carried.unit}."
        document.add(f"{key}.carry", what, "Give both the same unit.", "warning")
    if repeated := [value for value in dict.fromkeys(item.values) if item.values.count(value) > 1]:
        document.add(f"{key}.values", f"{repeated[0]:g} stands twice.", "Name each rating once.", "warning")
    low, high = domain(item.unit)
    below = item.default is not None and low is not None and item.default < low
    above = item.default is not None and high is not None and item.default > high
    if item.default is not None and (below or above):
        document.add(f"{key}.default", f"{item.default:g} cannot be a figure in {item.unit}.", "Mend it.", "warning")


def _percentage(document: Document, key: str, function: Function, example: Example) -> None:
    """Doubt a share above its whole, unless the formula subtracts or an ``expect`` says that it may be."""
    subtracts = any(isinstance(node, Binary) and node.operator == "-" for node in walk(function.formula))
    if function.unit == "percent" and example.gives > 100 and not function.expect and not subtracts:
        fix = 'Check the figures; if a month can pass 100, say what it should not: expect = ["part <= whole"].'
        document.add(key, f"The example gives {example.gives:g} percent, more than the whole.", fix, "warning")


def _expected(document: Document, key: str, function: Function, example: Example) -> None:
    given = [example.inputs.get(argument.id) for argument in function.arguments]
    if not function.expect or not all(is_number(value) for value in given):
        return
    order = [argument.id for argument in function.arguments]
    for condition in function.expect:
        try:
            holds = compile_tree(condition, order)(*given)
        except ArithmeticError:
            continue
        if not holds:
            what = "The example is not as expect says that figures are."
            document.add(key, what, "Take an ordinary case for the example.", "warning")


def _edges(document: Document, key: str, kpi: Kpi) -> None:
    """Doubt edges of a percentage that are written as parts of one, or that nothing can reach."""
    for segment, bands in kpi.bands.items():
        place = f"{key}.{segment}" if segment else key
        edges = [edge for band in bands for edge in (band.edge, band.upper) if edge is not None]
        if kpi.unit == "percent" and kpi.better != "lower" and edges and all(0 < edge < 1 for edge in edges):
            what = f"All bands of this percentage lie below 1 percent; {edges[0]:g} is not {edges[0] * 100:g} percent."
            document.add(place, what, f"Write {edges[0] * 100:g} for {edges[0] * 100:g} percent.", "warning")
        part_of_whole = kpi.unit == "percent" and kpi.better == "higher" and len(kpi.function.require) > 0
        if part_of_whole and any(compare(edge, 100.0) > 0 for edge in edges):
            what = "A band begins above 100 percent, which a part of a whole cannot reach."
            document.add(place, what, "Check the edge, or require.", "warning")


def _year(document: Document, vertical: Vertical, kpi: Kpi) -> None:
    kinds = {vertical.inputs[name].kind for rule in kpi.values.values() for name in rule.arguments}
    if kpi.year == "mean" and kpi.unit == "percent" and kinds == {"flow"}:
        what = "The mean of twelve percentages is not that of the year: a month of 2 weighs as much as one of 200."
        document.add(f"kpi.{kpi.id}.year", what, 'Use year = "inputs".', "warning")


def _alike(document: Document, vertical: Vertical) -> None:
    """Doubt labels and names that a reader cannot tell apart."""
    labels = [(f"input.{item.id}.label", item.label) for item in vertical.inputs.values()]
    titles = [(f"kpi.{kpi.id}.name", kpi.name) for kpi in vertical.kpis.values()]
    for group in (labels, titles):
        seen: dict[tuple[str, str], str] = {}
        for key, text in group:
            for language in LANGUAGES:
                words = text.get(language, "").casefold()
                other = seen.setdefault((language, words), key)
                if words and other != key:
                    what = f"It reads like {other}; nobody can tell the two apart."
                    document.add(f"{key}.{language}", what, "Say in it what differs.", "warning")


def _lever(document: Document, key: str, vertical: Vertical, kpi: Kpi, segment: str, lever: Lever) -> None:
    """Doubt a lever that does not move the figure, or only away from the next band."""
    rule = kpi.values[segment]
    is_said = document.text_at(f"kpi.{kpi.id}.better") != kpi.better
    if lever.input not in vertical.inputs or not lever.step or is_said:
        return  # said already
    if lever.input not in rule.arguments:
        used = ", ".join(rule.arguments)
        what = f'"{lever.input}" is not in the formula, so it cannot move the figure.'
        document.add(f"{key}.input", what, f"Use {used}.", "warning")
        return
    moves = [] if lever.input in rule.ranges else list(_moves(vertical, rule, lever))
    if len(moves) < 3:  # too few to say anything
        return
    wanted = {"higher": 1, "lower": -1}.get(kpi.better)
    other = "down" if lever.step == "up" else "up"
    if not any(moves):
        what = f"Moving {lever.input} {lever.step} does not move the figure."
        document.add(f"{key}.input", what, "Name an input that moves it.", "warning")
    elif wanted and wanted not in moves:
        what = f"Moving {lever.input} {lever.step} makes the figure {'lower' if wanted > 0 else 'higher'}, not better."
        document.add(f"{key}.step", what, f'Use step = "{other}", or check better.', "warning")


def _moves(vertical: Vertical, rule: Rule, lever: Lever) -> Iterator[int]:
    """Yield which way the figure goes, -1, 0 or 1, at each of some points where the inputs are possible."""
    for turn, stretch in itertools.product(range(len(_TRIED)), (1.0, 0.1)):
        point: dict[str, object] = {}
        for place, name in enumerate(rule.arguments):
            value = _TRIED[(turn + 3 * place) % len(_TRIED)] * stretch
            size = len(_of(vertical, name)) or 3
            point[name] = [value + step for step in range(size)] if name in rule.ranges else value
        before = rule.row(point)
        start = point[lever.input]
        assert isinstance(start, float)  # noqa: S101 - no range
        after = rule.row({**point, lever.input: start * (1.05 if lever.step == "up" else 0.95)})
        if isinstance(before, float) and isinstance(after, float):
            yield compare(after, before)


def _of(vertical: Vertical, name: str) -> tuple[float, ...]:
    item = vertical.inputs[name]
    return item.values or (vertical.inputs[item.of].values if item.of in vertical.inputs else ())
