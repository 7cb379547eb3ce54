"""From sections of a catalogue file to records; what does not fit becomes a problem, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .document import Document, Section
from .judging import read_bands, read_benchmark, read_levers
from .model import (
    DIRECTIONS,
    KINDS,
    WHOLE,
    YEAR_RULES,
    Argument,
    Article,
    Example,
    Function,
    Input,
    Kpi,
    row_rule,
)
from .names import HELP_LIMIT, MAX_ARGUMENTS, refuse_argument, refuse_identifier, suggest
from .policy import Rule, domain_conditions
from .texts import Text
from .tree import Call, Compare, Name, Node, names, ranges, substitute, transform
from .units import SIMPLE_UNITS, is_unit

ARGUMENT_LIMIT = 120
LABEL_LIMIT = 60


def read_unit(section: Section, required: bool = True) -> str:
    """Read a ``unit`` key."""
    unit = section.string("unit", required=required)
    if unit and not is_unit(unit):
        hint = suggest(unit, SIMPLE_UNITS)
        fix = f"Use {', '.join(SIMPLE_UNITS)} or count:<what is counted>."
        section.add("unit", f'"{unit[:60]}" is no unit.{hint}', fix)
        return ""
    return unit


def read_function(name: str, section: Section, vertical: str) -> Function | None:
    """Read one ``[function.NAME]`` table."""
    help_text = section.text("help", HELP_LIMIT)
    unit, note = read_unit(section), section.string("unit_note")
    formula_text = section.string("formula", required=True)
    tree = section.formula("formula", formula_text) if formula_text else None
    require, expect = (_conditions(section, key) for key in ("require", "expect"))
    order = [str(item) for item in section.items("args", str, "argument names")]
    companions = tuple(str(item) for item in section.items("companions", str, "function names"))
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
    if len(order) > MAX_ARGUMENTS:
        section.add("args", f"{len(order)} arguments are more than Excel takes.", f"Use {MAX_ARGUMENTS} at most.")
    for tree_of_condition in (*require, *expect):
        if strange := set(names(tree_of_condition)) - set(used):
            section.add("require", f'"{min(strange)}" is no argument of {name}.', f"Use {', '.join(used)}.")
            return None
    for argument in optional:
        if argument not in ranges(tree) or order[-1] != argument:
            section.add("optional", f'"{argument}" cannot be optional.', "Only a range at the end can be left out.")
    if sorted(order) != sorted(used) or set(units) != set(used):
        return None
    arguments = tuple(Argument(item, units[item][0], units[item][1]) for item in order)
    return Function(
        name, help_text, arguments, tree, require, expect, unit, optional, example, companions, note, vertical
    )


def _argument(section: Section) -> tuple[str, Text]:
    found = read_unit(section), section.text("help", ARGUMENT_LIMIT)
    section.finish()
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
    trees = [section.formula(key, str(item), condition=True) for item in section.items(key, str, "conditions")]
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
    gives, printed = part.number("gives", required=True), part.number("printed")
    inputs: dict[str, float | list[float]] = {}
    for name, value in part.data.items():
        if name in ("gives", "printed"):
            continue
        if isinstance(value, list):
            inputs[name] = [float(str(item)) for item in part.items(name, (int, float), "numbers")]
        else:
            inputs[name] = part.number(name) or 0.0
    return None if gives is None else Example(inputs, gives, printed)


def read_input(name: str, section: Section) -> Input:
    """Read one ``[input.name]`` table."""
    kind = section.string("kind", KINDS, required=True, default="flow")
    values = tuple(float(str(item)) for item in section.items("values", (int, float), "numbers"))
    item = Input(
        name,
        read_unit(section),
        kind,
        section.text("label", LABEL_LIMIT),
        section.string("carry"),
        section.string("of"),
        values,
        section.number("default"),
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
    function_name = section.string("function", required=True)
    function = context.functions.get(function_name)
    if function_name and function is None and function_name not in context.unreadable:
        hint = suggest(function_name, context.functions)
        section.add(
            "function",
            f'There is no function "{function_name[:60]}".{hint}',
            "Name a function of the catalogue.",
        )
    title = section.text("name", LABEL_LIMIT)
    better = section.string("better", DIRECTIONS, required=True, default="higher")
    year = section.string("year", YEAR_RULES, required=True, default="none")
    unit = read_unit(section, required=False)
    segments = {key: part.languages(LABEL_LIMIT) for key, part in section.tables("segment", refuse_identifier).items()}
    values = _values(section, function, context, segments or {WHOLE: Text()})
    known = section.data.get("better") in DIRECTIONS
    bands = read_bands(section, segments, better if known else "")
    levers = read_levers(section, segments, context.inputs)
    benchmark = read_benchmark(section.table("benchmark"))
    example, note = read_example(section, "example"), section.text("note", required=False)
    companion = section.string("companion_of")
    section.finish()
    if function is None or values is None:
        return None
    rules = {segment: item.rule for segment, item in values.items()}
    return Kpi(
        name, function, title, unit or function.unit, better, year, rules, bands, segments or {WHOLE: Text()},
        benchmark, context.ui, {segment: item.expect for segment, item in values.items()},
        example, levers, note, companion, {segment: item.written for segment, item in values.items()},
    )  # fmt: skip


def _values(
    section: Section, function: Function | None, context: Context, segments: Mapping[str, Text]
) -> dict[str, _Value] | None:
    """Return what each segment's row shows, or ``None`` when one cannot be read."""
    texts: dict[str, str] = {}
    if isinstance(section.data.get("value"), dict):
        part = section.table("value")
        texts = {segment: part.string(segment, required=True) for segment in segments}
        part.finish()
    else:
        single = section.string("value")
        if not single and function is not None:
            single = f"{function.name}({', '.join(argument.id for argument in function.arguments)})"
        texts = dict.fromkeys(segments, single)
    found = {segment: _value(section, text, context) for segment, text in texts.items() if text}
    if len(found) < len(segments) or any(item is None for item in found.values()):
        return None
    return {segment: item for segment, item in found.items() if item is not None}


def _value(section: Section, text: str, context: Context) -> _Value | None:
    """Read what a row shows, with the catalogue's functions put in as trees."""
    arities = {f.name: (len(f.arguments), len(f.arguments)) for f in context.functions.values()}
    tree = section.formula("value", text, arities)
    if tree is None:
        return None
    good = True
    for name in names(tree):
        if name not in context.inputs:
            fix = f"Add [input.{name}] or use one of the inputs of this file."
            section.add("value", f'There is no input "{name}".{suggest(name, context.inputs)}', fix)
            good = False
    if not good:
        return None
    require: list[Compare] = []
    expect: list[Compare] = []
    expanded = _expand(tree, context.functions, require, expect)
    units = {name: context.inputs[name].unit for name in names(expanded)}
    fixed = frozenset(name for name in names(expanded) if context.inputs[name].values)
    return _Value(tree, row_rule(expanded, tuple(require), units, fixed), tuple(dict.fromkeys(expect)))


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
