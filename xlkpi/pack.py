"""What the functions in a cell need of a catalogue, as plain data, for a file that stands alone.

The data hold formulas as trees of lists, never as text: a file made from them reads no formula language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import Argument, Article, Band, Benchmark, Catalogue, Example, Function, Kpi, Vertical
from .texts import Text
from .tree import Binary, Call, Compare, Name, Negative, Node, Number

_BINARY = ("+", "-", "*", "/", "**")
_COMPARE = ("<", "<=", ">", ">=", "==", "!=")
_NEGATIVE = "negative"
_WORDS = ("level.", "unit.", "better.", "period.", "companion.", "list.", "functions.")


def packed(catalogue: Catalogue) -> dict[str, Any]:
    """Return what :func:`unpacked` makes a catalogue of: lists, dictionaries, texts and numbers."""
    return {
        "words": {key: dict(text) for key, text in catalogue.ui.items() if key.startswith(_WORDS)},
        "functions": {name: _packed_function(catalogue, each) for name, each in catalogue.functions.items()},
        "verticals": {
            name: {kpi.id: _packed_kpi(kpi) for kpi in vertical.kpis.values()}
            for name, vertical in catalogue.verticals.items()
        },
    }


def _packed_function(catalogue: Catalogue, function: Function) -> dict[str, Any]:
    found: dict[str, Any] = {
        "help": dict(function.help),
        "unit": function.unit,
        "arguments": [[each.id, each.unit, dict(each.help)] for each in function.arguments],
        "formula": packed_tree(function.formula),
    }
    if function.require:
        found["require"] = [packed_tree(each) for each in function.require]
    if function.optional:
        found["optional"] = dict(function.optional)
    example = catalogue.example_of(function)
    if example is not None:
        found["example"] = [dict(example.inputs), example.gives]
    return found


def _packed_kpi(kpi: Kpi) -> dict[str, Any]:
    bands = {
        segment: [
            [band.level, band.operator, band.edge, *([] if band.upper is None else [band.upper])] for band in each
        ]
        for segment, each in kpi.bands.items()
    }
    return {
        "function": kpi.function.name,
        "name": dict(kpi.name),
        "unit": kpi.unit,
        "better": kpi.better,
        "period": kpi.benchmark.period,
        "segments": list(kpi.segments),
        "bands": bands,
    }


def packed_tree(node: Node) -> Any:
    """Return a tree as lists: ``part / whole`` is ``["/", "part", "whole"]``."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return node.id
    if isinstance(node, Negative):
        return [_NEGATIVE, packed_tree(node.operand)]
    if isinstance(node, Call):
        return [node.function, *map(packed_tree, node.arguments)]
    return [node.operator, packed_tree(node.left), packed_tree(node.right)]


def unpacked_tree(data: Any) -> Node:
    """Return the tree of :func:`packed_tree`."""
    if isinstance(data, str):
        return Name(data)
    if not isinstance(data, list):
        return Number(float(data))
    head, rest = data[0], [unpacked_tree(each) for each in data[1:]]
    if head in _BINARY:
        return Binary(head, rest[0], rest[1])
    if head in _COMPARE:
        return Compare(head, rest[0], rest[1])
    return Negative(rest[0]) if head == _NEGATIVE else Call(head, tuple(rest))


def unpacked(data: Mapping[str, Any]) -> Catalogue:
    """Return a catalogue of what the functions in a cell need; inputs, articles and notes are not in it."""
    words = {key: Text(text) for key, text in data["words"].items()}
    functions = {name: _unpacked_function(name, each) for name, each in data["functions"].items()}
    verticals = {
        name: Vertical(
            name,
            Text(),
            Article("", None, "", ""),
            {},
            {key: _unpacked_kpi(key, each, functions, words) for key, each in kpis.items()},
            functions,
        )
        for name, kpis in data["verticals"].items()
    }
    return Catalogue(verticals, functions, words)


def _unpacked_function(name: str, data: Mapping[str, Any]) -> Function:
    arguments = tuple(Argument(key, unit, Text(text)) for key, unit, text in data["arguments"])
    require: Any = tuple(unpacked_tree(each) for each in data.get("require", ()))
    example = Example(*data["example"]) if "example" in data else None
    formula = unpacked_tree(data["formula"])
    return Function(
        name, Text(data["help"]), arguments, formula, require, (), data["unit"], data.get("optional", {}), example
    )


def _unpacked_kpi(
    name: str, data: Mapping[str, Any], functions: Mapping[str, Function], words: Mapping[str, Text]
) -> Kpi:
    bands = {segment: tuple(Band(*each) for each in found) for segment, found in data["bands"].items()}
    segments = {segment: Text() for segment in data["segments"]}
    function, benchmark = functions[data["function"]], Benchmark(data["period"])
    return Kpi(
        name, function, Text(data["name"]), data["unit"], data["better"], "none", {}, bands, segments, benchmark, words
    )
