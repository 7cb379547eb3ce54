"""Write what is generated from the catalogue and kept in the repository: ``functions.py`` and its stub.

Run ``python -m xlkpi.generate`` after a change of the catalogue; a test holds the files current.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

from .catalogue import load
from .model import Argument, Catalogue, Example, Function
from .notation import number_text, to_python, to_text
from .policy import quick_tests
from .tree import Call, walk

_HEAD = '''"""Every KPI function, importable without reading the catalogue.

Generated from the catalogue by ``python -m xlkpi.generate``; change the catalogue, not this file.

A call behaves as Excel's own functions do. Numbers give a number, or raise a
:class:`xlkpi.KpiError` whose ``code`` is Excel's error. Lists, and lists of rows, are answered element
by element; a single row or column stretches, and where something is wrong the error stands in the list.
"""

from __future__ import annotations

from functools import cache

__all__ = [
{names}
]

_MAX = 1.7976931348623157e308
_min, _max, _abs = min, max, abs


@cache
def _rule(name):
    """Build the checked rule of a function when a call needs more than plain numbers."""
    from .formula import parse
    from .policy import Rule
    from .tree import ranges

    arguments, formula, conditions, optional = _RULES[name]
    tree = parse(formula)
    return Rule(arguments, tree, tuple(parse(text, None, True) for text in conditions), ranges(tree), optional)


def _careful(name, given):
    """Answer a call with ranges, or one that plain arithmetic cannot answer."""
    from .arrays import call

    return call(_rule(name), given)
'''


def _unit_words(unit: str) -> str:
    return f"count of {unit[6:].replace('_', ' ')}" if unit.startswith("count:") else unit


def _shape(function: Function, argument: Argument) -> str:
    if argument.id not in function.ranges:
        return "number or range"
    return "range, optional" if argument.id in function.optional else "range"


def example_arguments(function: Function, example: Example) -> str:
    """Write an example's inputs as the arguments of a Python call."""

    def write(value: object) -> str:
        if isinstance(value, list):
            return f"[{', '.join(number_text(item) for item in value)}]"
        return number_text(float(str(value)))

    return ", ".join(write(example.inputs[a.id]) for a in function.arguments if a.id in example.inputs)


def _sources(catalogue: Catalogue, function: Function) -> list[str]:
    found = []
    for vertical in catalogue.verticals.values():
        for kpi in vertical.kpis.values():
            if kpi.function.name == function.name and not kpi.companion_of:
                found.append(f'"{vertical.article.title}" ({vertical.article.date})')
    if found:
        return found
    parents = [f.name for f in catalogue.functions.values() if function.name in f.companions]
    return [f"this project's companion of {', '.join(parents)}"] if parents else ["this project"]


def docstring(catalogue: Catalogue, function: Function) -> str:
    """Return a function's docstring: a sentence, arguments, result, errors, source and example."""
    lines = [function.help["en"], "", "Args:"]
    for argument in function.arguments:
        text = f"{argument.id}: {argument.help['en']} ({_unit_words(argument.unit)}; {_shape(function, argument)})."
        lines += textwrap.wrap(text, 96, initial_indent="    ", subsequent_indent="        ")
    rest = f"Returns:\n    The figure ({_unit_words(function.unit)}), not rounded; a list where an argument is a list."
    if len(function.ranges) == len(function.arguments):
        rest = f"Returns:\n    The figure ({_unit_words(function.unit)}), not rounded."
    lines += ["", *rest.splitlines(), "", "Raises:"]
    lines.append("    KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;")
    lines.append("        in lists the error stands in its place instead.")
    lines += ["", "Source:"]
    for source in _sources(catalogue, function):
        lines += textwrap.wrap(source, 96, initial_indent="    ", subsequent_indent="        ")
    example = catalogue.example_of(function)
    if example is not None:
        lines += [
            "",
            f">>> {function.name}({example_arguments(function, example)})",
            repr(float(example.gives)),
        ]
    return "\n".join(lines)


def _parameters(function: Function, scalar: str, spread: str) -> str:
    parts = []
    for argument in function.arguments:
        kind = spread if argument.id in function.ranges else scalar
        optional = argument.id in function.optional
        parts.append(f"{argument.id}: {kind}{' | None = None' if optional else ''}")
    return ", ".join(parts)


def _definition(catalogue: Catalogue, function: Function) -> str:
    names = ", ".join(function.rule.arguments)
    trailing = "," if len(function.arguments) == 1 else ""
    result = "float" if len(function.ranges) == len(function.arguments) else "float | list"
    lines = [f"def {function.name}({_parameters(function, 'float | list', 'list')}) -> {result}:"]
    quoted = docstring(catalogue, function).replace("\\", "\\\\")
    lines.append(textwrap.indent(f'"""{quoted}\n"""', "    ", lambda line: bool(line.strip())))
    called = {node.function for node in walk(function.formula) if isinstance(node, Call)}
    if function.rule.quick is not None and called <= {"min", "max", "abs"}:
        lines += [
            "    try:",
            f"        if {quick_tests(function.rule)}:",
            f"            result = {to_python(function.formula)}",
            "            if -_MAX <= result <= _MAX and type(result) is float:",
            "                return result",
            "    except (TypeError, ValueError, ArithmeticError):",
            "        pass",
        ]
    lines.append(f'    return _careful("{function.name}", ({names}{trailing}))')
    return "\n".join(lines)


def functions_source(catalogue: Catalogue) -> str:
    """Return the text of ``functions.py``."""
    functions = [catalogue.functions[name] for name in sorted(catalogue.functions)]
    parts = [_HEAD.replace("{names}", "\n".join(f'    "{f.name}",' for f in functions))]
    parts += [_definition(catalogue, function) + "\n" for function in functions]
    rules = "\n".join(f"    {f.name!r}: {_rule_source(f)}," for f in functions)
    parts.append(f"_RULES = {{\n{rules}\n}}\n")
    return "\n\n".join(parts)


def _rule_source(function: Function) -> str:
    rule = function.rule
    conditions = tuple(to_text(condition) for condition in rule.conditions)
    return repr((rule.arguments, to_text(rule.formula), conditions, dict(function.optional)))


_STUB_HEAD = '''"""Types of the KPI functions; generated from the catalogue by ``python -m xlkpi.generate``."""

from typing import Any, TypeAlias, overload

Cells: TypeAlias = list[Any] | tuple[Any, ...] | range
'''


def stub_source(catalogue: Catalogue) -> str:
    """Return the text of ``functions.pyi``: a number for numbers, a list as soon as one argument is a list."""
    parts = [_STUB_HEAD]
    for name in sorted(catalogue.functions):
        function = catalogue.functions[name]
        if len(function.ranges) == len(function.arguments):
            parts.append(f"def {name}({_parameters(function, 'float', 'Cells')}) -> float: ...")
            continue
        for scalar, result in (("float", "float"), ("float | Cells", "list[Any]")):
            parameters = _parameters(function, scalar, "Cells")
            overlap = "  # type: ignore[overload-overlap]" if scalar == "float" else ""
            parts.append(f"@overload\ndef {name}({parameters}) -> {result}: ...{overlap}")
    return "\n".join(parts) + "\n"


def sources(catalogue: Catalogue) -> Mapping[str, str]:
    """Return each generated file's name and text."""
    return {"functions.py": functions_source(catalogue), "functions.pyi": stub_source(catalogue)}


def main() -> None:
    """Write the generated files beside this module."""
    folder = Path(__file__).parent
    for name, text in sources(load()).items():
        target = folder / name
        fresh = target.with_suffix(target.suffix + ".new")
        fresh.write_text(text, "utf-8", newline="\n")
        fresh.replace(target)
        sys.stdout.write(f"wrote {target.name}\n")


if __name__ == "__main__":
    main()
