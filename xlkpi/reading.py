"""From sections of a catalogue file to records; what does not fit becomes a problem, never an exception."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from .document import Document
from .judging import called_now, read_bands, read_benchmark, read_levers
from .model import WHOLE, Argument, Article, Example, Function, Input, Kpi, row_rule
from .names import MAX_ARGUMENTS, refuse_argument, refuse_identifier, suggest
from .policy import Rule, domain_conditions
from .renamed import read_was, take_was
from .section import Section
from .shape import FIGURES, LABEL_LIMIT, BySegment, per_segment
from .texts import Text
from .tree import Call, Compare, Name, Node, names, ranges, substitute, transform
from .units import CHECKS


def read_function(name: str, section: Section, vertical: str) -> Function | None:
    """Read one ``[function.NAME]`` table."""
    help_text, unit, note = section.text("help"), section.string("unit"), read_note(section)
    formula_text = section.string("formula")
    tree = section.formula("formula", formula_text) if formula_text else None
    require, expect = (_conditions(section, key) for key in ("require", "expect"))
    order = [str(item) for item in section.items("args")]
    companions = tuple(str(item) for item in section.items("companions"))
    optional = _numbers(section.table("optional"))
    units = {
        key: _argument(part) for key, part in section.tables("arg", lambda key: refuse_argument(key, name)).items()
    }
    example = read_example(section, "example")
    section.finish()
    if tree is None:
        return None
    used = names(tree)
    order = order or list(used)
    described = section.table("arg").data  # also what is refused by its name, which is said once
    _same_arguments(section, used, order, [str(key) for key in described])
    if len(used) > MAX_ARGUMENTS:
        section.add("formula", f"{len(used)} arguments are more than Excel takes.", f"Use {MAX_ARGUMENTS} at most.")
    for key, conditions in (("require", require), ("expect", expect)):
        for strange in [item for condition in conditions for item in names(condition) if item not in used]:
            fix = f"Use {', '.join(used)}."
            section.add(key, f'"{strange}" is no argument of {name}.{suggest(strange, used)}', fix)
    for argument in optional:
        if argument not in ranges(tree) or order[-1] != argument:
            what = f'"{argument[:60]}" cannot be optional.{suggest(argument, set(ranges(tree)) - {argument})}'
            section.add("optional", what, "Only a range at the end can be left out.")
    if sorted(order) != sorted(used) or set(units) != set(used):
        return None
    if any(set(names(condition)) - set(used) for condition in (*require, *expect)):
        return None
    arguments = tuple(Argument(item, units[item][0], units[item][1]) for item in order)
    return Function(
        name, help_text, arguments, tree, require, expect, unit, optional, example, companions, note, vertical
    )


def _argument(section: Section) -> tuple[str, Text]:
    found = section.string("unit"), section.text("help")
    section.finish()
    return found


def read_note(section: Section) -> dict[str, str]:
    """Read ``unit_note``: the reason by the check that it waives; one that names no check stands under ``""``."""
    value = section.data.get("unit_note")
    if isinstance(value, str):
        return {"": value}
    part = section.table("unit_note")
    found = {check: reason for check in CHECKS if (reason := part.string(check))}
    part.finish()
    return found


def _same_arguments(section: Section, used: tuple[str, ...], order: list[str], described: list[str]) -> None:
    for item in sorted({item for item in order if order.count(item) > 1}):
        section.add("args", f'"{item[:60]}" stands twice.', "Name each argument once.")
    for item in order:
        if item not in used:
            section.add("args", f'"{item}" is not in the formula.{suggest(item, used)}', "Remove it or use it.")
    for item in used:
        if item not in order:
            section.add("args", f'"{item}" is in the formula but not in args.', "Add it to args.")
        if item not in described:
            fix = f"Add [{section.key('arg')}.{item}] with unit and help."
            section.add("formula", f'"{item}" is not described.{suggest(item, described)}', fix)
    for item in described:
        if item not in used:
            section.add(f"arg.{item}", f'"{item}" is not in the formula.{suggest(item, used)}', "Remove it or use it.")


def _conditions(section: Section, key: str) -> tuple[Compare, ...]:
    trees = [section.formula(key, str(item), condition=True) for item in section.items(key)]
    return tuple(tree for tree in trees if isinstance(tree, Compare))


def _numbers(section: Section) -> dict[str, float]:
    found = {}
    for name in section.data:
        value = section.number(name)
        if value is not None:
            found[name] = value
    return found


def read_example(section: Section, key: str) -> Example | None:
    """Read a worked example, or return ``None`` where there is none."""
    if not section.has(key):
        return None
    part = section.table(key)
    gives, printed = part.number("gives"), part.number("printed")
    inputs: dict[str, float | list[float]] = {}
    for name, value in part.data.items():
        if name in part.shape.fields:
            continue
        if isinstance(value, list):
            inputs[name] = [float(str(item)) for item in part.members(name, FIGURES)]
        else:
            inputs[name] = part.number(name) or 0.0
    return None if gives is None else Example(inputs, gives, printed)


def read_input(name: str, section: Section) -> Input:
    """Read one ``[input.name]`` table."""
    item = Input(
        name,
        section.string("unit"),
        section.string("kind", "flow"),
        section.text("label"),
        section.string("carry"),
        section.string("of"),
        tuple(float(str(item)) for item in section.items("values")),
        section.number("default"),
        read_was(section),
    )
    section.finish()
    return item


def read_article(section: Section) -> Article:
    """Read the ``[article]`` table."""
    article = Article(
        section.string("title"),
        section.day("date"),
        section.string("language"),
        section.string("region"),
        section.flag("names_source"),
    )
    section.finish()
    return article


@dataclass
class Context:
    """What a KPI's table may refer to."""

    document: Document
    inputs: Mapping[str, Input]
    functions: Mapping[str, Function]
    ui: Mapping[str, Text]
    unreadable: frozenset[str] = frozenset()  # functions that are there, but have problems of their own


class _Value(NamedTuple):
    """What a row shows: as written, as a rule of its inputs, and what is expected of them."""

    written: Node
    rule: Rule
    expect: tuple[Compare, ...]


def read_kpi(name: str, section: Section, context: Context) -> Kpi | None:
    """Read one ``[kpi.name]`` table."""
    function_name = section.string("function")
    function = context.functions.get(function_name)
    if function_name and function is None and function_name not in context.unreadable:
        known = [*context.functions, *context.unreadable]
        hint = suggest(function_name, known) or suggest(function_name.upper(), known)
        what = f'There is no function "{function_name[:60]}".{hint}'
        section.add("function", what, "Name a function of the catalogue.")
        context = replace(context, unreadable=context.unreadable | {function_name})  # said once
    title, unit = section.text("name"), section.string("unit")
    better, year = section.string("better", "higher"), section.string("year", "none")
    parts = section.tables("segment", refuse_identifier)
    were = {key: take_was(part) for key, part in parts.items()}
    segments = {key: part.languages(LABEL_LIMIT) for key, part in parts.items()}
    written = section.data.get("segment")
    for refused in written if isinstance(written, dict) else ():
        segments.setdefault(refused, Text())  # what is wrong with it is said; what refers to it is in order
    values = _values(section, function, context, segments or {WHOLE: Text()})
    bands = read_bands(section, segments, better if section.data.get("better") == better else "")
    levers = read_levers(section, segments, context.inputs)
    benchmark = read_benchmark(section.table("benchmark"))
    example, note = read_example(section, "example"), section.text("note")
    companion, unit_note, was = section.string("companion_of"), read_note(section), read_was(section)
    section.finish()
    if function is None or values is None:
        return None
    rules = {segment: item.rule for segment, item in values.items()}
    return Kpi(
        name, function, title, unit or function.unit, better, year, rules, bands, segments or {WHOLE: Text()},
        benchmark, context.ui, {segment: item.expect for segment, item in values.items()},
        example, levers, note, companion, {segment: item.written for segment, item in values.items()},
        unit_note, was, were,
    )  # fmt: skip


def _values(
    section: Section, function: Function | None, context: Context, segments: Mapping[str, Text]
) -> dict[str, _Value] | None:
    """Return what each segment's row shows, or ``None`` when one cannot be read."""
    spec = section.shape.member("value")
    assert isinstance(spec, BySegment)  # noqa: S101 - the shape says so
    texts: dict[str, str] = {}
    if isinstance(section.data.get("value"), dict) and WHOLE not in segments:
        part = section.table("value", per_segment(spec))
        texts = {segment: part.string(segment) for segment in segments}
        for segment in set(segments) - set(part.data):
            part.add(segment, f'The segment "{segment}" has no value.', f'Add value.{segment} = "...".')
        part.finish(segments)
    else:
        single = section.string("value", field=spec.each)
        if not single and function is not None and not section.has("value"):
            single = f"{function.name}({', '.join(argument.id for argument in function.arguments)})"
        texts = dict.fromkeys(segments, single)
    found = {segment: _value(section, text, context) for segment, text in texts.items() if text}
    if len(found) < len(segments) or any(item is None for item in found.values()):
        return None
    return {segment: item for segment, item in found.items() if item is not None}


def _value(section: Section, text: str, context: Context) -> _Value | None:
    """Read what a row shows, with the catalogue's functions put in as trees."""
    if not context.unreadable.isdisjoint(re.findall(r"\w+", text)):
        return None  # what is wrong is said where the function stands
    arities = {f.name: (len(f.arguments), len(f.arguments)) for f in context.functions.values()}
    tree = section.formula("value", text, arities)
    if tree is None:
        return None
    good = True
    for name in names(tree):
        if name not in context.inputs:
            section.add("value", *_no_input(name, text, context.inputs, not section.has("value")))
            good = False
    if not good:
        return None
    require: list[Compare] = []
    expect: list[Compare] = []
    expanded = _expand(tree, context.functions, require, expect)
    units = {name: context.inputs[name].unit for name in names(expanded)}
    fixed = frozenset(name for name in names(expanded) if context.inputs[name].values)
    return _Value(tree, row_rule(expanded, tuple(require), units, fixed), tuple(dict.fromkeys(expect)))


def _no_input(name: str, text: str, inputs: Mapping[str, Input], is_usual: bool) -> tuple[str, str]:
    """Say that a row's input is not there, and what to write; the usual row has the function's arguments as inputs."""
    now = called_now(name, inputs)
    written = re.sub(rf"\b{name}\b", now or "the_input", text)
    hint = f' It is called "{now}" now.' if now else suggest(name, inputs)
    if now or is_usual:
        return f'There is no input "{name}".{hint}', f'Write value = "{written}"' + (
            "." if now else f", or add [input.{name}]."
        )
    return f'There is no input "{name}".{hint}', f"Add [input.{name}] or use one of the inputs of this file."


def _expand(tree: Node, functions: Mapping[str, Function], require: list[Compare], expect: list[Compare]) -> Node:
    """Put each catalogue function's tree in place of its call, and gather its conditions."""

    def change(node: Node) -> Node:
        if not isinstance(node, Call) or node.function not in functions:
            return node
        function = functions[node.function]
        bound = dict(zip((argument.id for argument in function.arguments), node.arguments, strict=True))
        for argument in function.arguments:
            if not isinstance(bound[argument.id], Name):
                own = domain_conditions(argument.id, argument.unit, argument.id in function.ranges)
                require.extend(_bind(condition, bound) for condition in own)
        require.extend(_bind(condition, bound) for condition in function.require)
        expect.extend(_bind(condition, bound) for condition in function.expect)
        return substitute(function.formula, bound)

    return transform(tree, change)


def _bind(condition: Compare, bound: Mapping[str, Node]) -> Compare:
    left, right = substitute(condition.left, bound), substitute(condition.right, bound)
    return Compare(condition.operator, left, right, condition.column)
