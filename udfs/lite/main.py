"""KPI functions for Excel: xlkpi 0.1.0.

Made by "xlkpi addin build"; change the catalogue and make it anew rather than this file.
Type =KPILIST() in a cell for all functions and benchmarks, =KPIHELP("CSS") for one function.

MIT licence, Copyright (c) 2026 the xlkpi authors. The benchmarks come from five articles of 2024, which
name no source; take them as orientation.
"""

from __future__ import annotations

import json
import sys
import types

__version__ = "0.1.0"

# Lite runs this text before it makes a module of it, and dataclasses look for theirs.
sys.modules.setdefault(__name__, types.ModuleType(__name__))


def _core():
    """Define all that the functions need where no function of yours can take its place, whatever its name."""
    import inspect
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from dataclasses import dataclass, field, replace
    from datetime import date
    from functools import cached_property
    from itertools import chain
    from math import fsum, isfinite
    from typing import Any, NamedTuple, cast
    from xlwings import arg, func


    class KpiError(ArithmeticError):
        """A KPI cannot be computed from these inputs."""

        code = "#VALUE!"

        def __init__(self, message: str, code: str | None = None) -> None:
            super().__init__(message)
            self.message = message
            if code is not None:
                self.code = code

        def __repr__(self) -> str:
            return f"{type(self).__name__}({self.code!r}, {self.message!r})"


    class NotANumberError(KpiError):
        """An argument is text or another thing that is no number (#VALUE!)."""

        code = "#VALUE!"


    class ZeroDivisorError(KpiError, ZeroDivisionError):
        """The formula would divide by zero (#DIV/0!)."""

        code = "#DIV/0!"


    class ImpossibleInputError(KpiError):
        """An input that cannot be, or a result that is no real, finite number (#NUM!)."""

        code = "#NUM!"


    class OverflowedError(ImpossibleInputError):
        """The inputs are possible, the result is too large for a cell (#NUM!)."""


    class ShapeError(KpiError):
        """Two ranges whose shapes do not meet (#N/A)."""

        code = "#N/A"


    class MissingInputError(KpiError):
        """Python's ``None`` was given where a number is needed (#N/A)."""

        code = "#N/A"


    EXCEL_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")

    LANGUAGES = ("en", "pt", "fr", "es")

    CATEGORY = "KPI"  # of the functions in Excel

    HELP_LIMIT = 255  # of a function's or an argument's help in Excel, as Excel counts

    # The companions of the functions in the add-in: name -> arguments; those in brackets may be left out.
    COMPANIONS = {
        "KPIBAND": "vertical kpi value [segment] [language]",
        "KPILEVEL": "vertical kpi value [segment]",
        "KPITHRESHOLD": "vertical kpi band_name [segment]",
        "KPINEXT": "vertical kpi value [segment]",
        "KPILIST": "[vertical] [language]",
        "KPIHELP": "function_name [language]",
        "XLKPIVERSION": "",
    }


    @dataclass(frozen=True, slots=True)
    class Number:
        """A plain decimal number."""

        value: float
        column: int = field(default=0, compare=False)


    @dataclass(frozen=True, slots=True)
    class Name:
        """An argument or input."""

        id: str
        column: int = field(default=0, compare=False)


    @dataclass(frozen=True, slots=True)
    class Negative:
        """Minus before a term."""

        operand: Node
        column: int = field(default=0, compare=False)


    @dataclass(frozen=True, slots=True)
    class Binary:
        """Two terms joined by ``+ - * / **``."""

        operator: str
        left: Node
        right: Node
        column: int = field(default=0, compare=False)


    @dataclass(frozen=True, slots=True)
    class Compare:
        """Two terms compared by ``< <= > >= == !=``."""

        operator: str
        left: Node
        right: Node
        column: int = field(default=0, compare=False)


    @dataclass(frozen=True, slots=True)
    class Call:
        """A function of the language, or (in a KPI's value) of the catalogue."""

        function: str
        arguments: tuple[Node, ...]
        column: int = field(default=0, compare=False)


    Node = Number | Name | Negative | Binary | Compare | Call

    RANGE_FUNCTIONS = frozenset(("sum", "mean", "count", "countif", "sumproduct"))


    def children(node: Node) -> tuple[Node, ...]:
        """Return the nodes directly below a node, from left to right."""
        if isinstance(node, (Binary, Compare)):
            return (node.left, node.right)
        if isinstance(node, Negative):
            return (node.operand,)
        return node.arguments if isinstance(node, Call) else ()


    def walk(node: Node) -> Iterator[Node]:
        """Yield the node and all below it, from left to right."""
        yield node
        for child in children(node):
            yield from walk(child)


    def _is_range_call(node: Node) -> bool:
        if not isinstance(node, Call):
            return False
        return node.function in RANGE_FUNCTIONS or (node.function in ("min", "max") and len(node.arguments) == 1)


    def ranges(tree: Node) -> frozenset[str]:
        """Return the names that stand for ranges rather than single numbers."""
        found: set[str] = set()
        for node in walk(tree):
            if isinstance(node, Call) and _is_range_call(node):
                for argument in node.arguments:
                    target = argument.left if isinstance(argument, Compare) else argument
                    if isinstance(target, Name):
                        found.add(target.id)
        return frozenset(found)


    _DECIMALS = {
        "money": 2,
        "hours": 2,
        "minutes": 1,
        "days": 1,
        "months": 1,
        "percent": 1,
        "points": 1,
        "score": 2,
        "ratio": 2,
    }

    _NEVER_NEGATIVE = frozenset(("hours", "minutes", "days", "months"))


    def decimals(unit: str) -> int:
        """Return how many decimals a figure of this unit is shown with."""
        return _DECIMALS.get(unit, 0)


    def domain(unit: str) -> tuple[float | None, float | None]:
        """Return the lowest and highest possible figure of a unit, ``None`` where there is no limit."""
        if unit == "percent":
            return (0.0, 100.0)
        return (0.0, None) if unit.startswith("count:") or unit in _NEVER_NEGATIVE else (None, None)


    COMPARE_DIGITS = 9

    _PRECEDENCE = {"+": 2, "-": 2, "*": 3, "/": 3, "**": 4}

    _COMPARE_NAMES = {"<": "_lt", "<=": "_le", ">": "_gt", ">=": "_ge", "==": "_eq", "!=": "_ne"}


    def number_text(value: float) -> str:
        """Write a number as Excel stores it: 100, 0.25, 5E-10."""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).upper()


    def _plain(value: float) -> str:
        """Write a number without an exponent, which the formula language does not have."""
        text = number_text(value)
        if "E" not in text:
            return text
        digits, _, exponent = text.partition("E")
        whole, _, part = digits.partition(".")
        place = len(whole) + int(exponent)
        figures = (whole + part).ljust(place, "0")
        return f"0.{figures.rjust(len(figures) - place, '0')}" if place <= 0 else figures


    def _wrap(text: str, wrap: bool) -> str:
        return f"({text})" if wrap else text


    def _level(node: Node) -> int:
        if isinstance(node, Compare):
            return 1
        if isinstance(node, Binary):
            return _PRECEDENCE[node.operator]
        return 2 if isinstance(node, Negative) else 9


    def _arithmetic(node: Node, write: Callable[[Node], str], power: str, spaced: bool) -> str:
        """Print a sign or an operator with exactly the parentheses that keep the tree's shape."""
        if isinstance(node, Negative):
            return "-" + _wrap(write(node.operand), _level(node.operand) < 9)
        assert isinstance(node, Binary)
        own = _PRECEDENCE[node.operator]
        left = _wrap(write(node.left), _level(node.left) < own or (own == 4 and _level(node.left) == 4))
        right = _wrap(write(node.right), _level(node.right) <= own or isinstance(node.right, Negative))
        symbol = power if node.operator == "**" else node.operator
        return f"{left} {symbol} {right}" if spaced else f"{left}{symbol}{right}"


    def to_text(node: Node) -> str:
        """Print a tree in the formula language, one way for each tree."""
        if isinstance(node, Number):
            return _plain(node.value)
        if isinstance(node, Name):
            return node.id
        if isinstance(node, Compare):
            return f"{to_text(node.left)} {node.operator} {to_text(node.right)}"
        if isinstance(node, Call):
            return f"{node.function}({', '.join(map(to_text, node.arguments))})"
        return _arithmetic(node, to_text, "**", spaced=True)


    def to_python(node: Node, exact_compare: bool = False) -> str:
        """Print a tree as a Python expression over the names of :data:`NAMESPACE`."""
        if isinstance(node, Number):
            return repr(node.value)
        if isinstance(node, Name):
            return node.id
        if isinstance(node, Compare):
            left, right = to_python(node.left, exact_compare), to_python(node.right, exact_compare)
            if exact_compare:
                return f"{left} {node.operator} {right}"
            return f"{_COMPARE_NAMES[node.operator]}({left}, {right})"
        if isinstance(node, Call):
            return _python_call(node, exact_compare)
        if isinstance(node, Binary) and node.operator == "**":
            return f"_pow({to_python(node.left, exact_compare)}, {to_python(node.right, exact_compare)})"
        return _arithmetic(node, lambda child: to_python(child, exact_compare), "**", spaced=True)


    def _python_call(node: Call, exact_compare: bool) -> str:
        first = node.arguments[0]
        if node.function == "countif":
            assert isinstance(first, Compare)
            return f"_countif({to_python(first.left)}, {_COMPARE_NAMES[first.operator]}, {to_python(first.right)})"
        arguments = [to_python(argument, exact_compare) for argument in node.arguments]
        if node.function == "if_":
            return f"({arguments[1]} if {arguments[0]} else {arguments[2]})"
        single = node.function in ("min", "max") and len(arguments) == 1
        return f"_{node.function}{'_range' if single else ''}({', '.join(arguments)})"


    def round_half_away(value: float, digits: int = 0) -> float:
        """Round half away from zero, as Excel's ROUND does."""
        if abs(value) >= 1e15:
            return float(value)
        from decimal import ROUND_HALF_UP, Decimal

        # Excel rounds the 15 digits that it shows, so 2.675 goes to 2.68 though its double lies below.
        shown = Decimal(f"{value:.15g}")
        return float(shown.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


    def compare(left: float, right: float) -> int:
        """Compare two numbers, both rounded to nine decimals: -1, 0 or 1."""
        if left == right:
            return 0
        if abs(left - right) < 2e-9:
            left, right = round_half_away(left, COMPARE_DIGITS), round_half_away(right, COMPARE_DIGITS)
        return (left > right) - (left < right)


    def _power(base: float, exponent: float) -> float:
        if base == 0 and exponent == 0:
            raise ImpossibleInputError("0 to the power of 0 is no number.")
        result = base**exponent
        if isinstance(result, complex):
            raise ImpossibleInputError("A negative number has no such root.")
        return float(result)


    def _mean(values: Sequence[float]) -> float:
        return fsum(values) / len(values)


    def _countif(values: Iterable[float], test: Callable[[float, float], bool], edge: float) -> float:
        return float(sum(test(value, edge) for value in values))


    def _sumproduct(*columns: Sequence[float]) -> float:
        products = []
        for row in zip(*columns, strict=True):
            product = 1.0
            for member in row:
                product *= member
            if not isfinite(product):
                raise OverflowError
            products.append(product)
        return fsum(products)


    NAMESPACE: Mapping[str, object] = {
        "__builtins__": {},
        "_lt": lambda a, b: compare(a, b) < 0,
        "_le": lambda a, b: compare(a, b) <= 0,
        "_gt": lambda a, b: compare(a, b) > 0,
        "_ge": lambda a, b: compare(a, b) >= 0,
        "_eq": lambda a, b: compare(a, b) == 0,
        "_ne": lambda a, b: compare(a, b) != 0,
        "_pow": _power,
        "_sum": fsum,
        "_mean": _mean,
        "_count": lambda values: float(len(values)),
        "_countif": _countif,
        "_sumproduct": _sumproduct,
        "_min": min,
        "_max": max,
        "_min_range": lambda values: min(values, default=0.0),
        "_max_range": lambda values: max(values, default=0.0),
        "_abs": abs,
        "_round": round_half_away,
    }


    def compile_tree(tree: Node, arguments: Sequence[str]) -> Callable[..., float]:
        """Compile a checked tree to a Python function of its arguments."""
        source = f"lambda {', '.join(arguments)}: {to_python(tree)}"
        compiled: Callable[..., float] = eval(source, dict(NAMESPACE))
        return compiled


    LARGEST = 1.7976931348623157e308

    MISSING, GOOD, NOTHING, IMPOSSIBLE = 0, 1, 2, -1

    Result = float | KpiError | None


    def domain_conditions(name: str, unit: str, is_range: bool) -> tuple[Compare, ...]:
        """Return the conditions that a unit puts on an argument, such as ``clients >= 0``."""
        low, high = domain(unit)

        def end(function: str, operator: str, edge: float) -> Compare:
            subject: Node = Call(function, (Name(name),)) if is_range else Name(name)
            return Compare(operator, subject, Number(edge))

        found = [end("min", ">=", low)] if low is not None else []
        return tuple(found + ([end("max", "<=", high)] if high is not None else []))


    def as_number(value: object, name: str) -> float:
        """Return one argument as a number, or raise what stands in its way."""
        if isinstance(value, KpiError):
            raise value
        if value is None:
            raise MissingInputError(f"{name} is None; give a number.")
        if isinstance(value, str):
            if value in EXCEL_ERRORS:
                raise KpiError(f"{name} is already the error {value}.", value)
            raise NotANumberError(f'{name} is text ("{value[:40]}"); give a number.')
        if not hasattr(value, "__float__") and not hasattr(value, "__index__"):
            raise NotANumberError(f"{name} is a {type(value).__name__}; give a number.")
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        except (TypeError, ValueError):
            raise NotANumberError(f"{name} is a {type(value).__name__}; give a number.") from None
        if not isfinite(number):
            raise ImpossibleInputError(f"{name} is not a finite number.")
        return number


    def is_number(value: object) -> bool:
        """Whether a cell's value counts as a typed number: finite, and neither text nor TRUE."""
        return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


    @dataclass(frozen=True)
    class Rule:
        """A formula, its arguments and the conditions on them."""

        arguments: tuple[str, ...]
        formula: Node
        conditions: tuple[Compare, ...]
        ranges: frozenset[str] = frozenset()
        optional: Mapping[str, float] = field(default_factory=dict)
        fixed: frozenset[str] = frozenset()

        @cached_property
        def without_conditions(self) -> Rule:
            """The same for inputs of several months, which need not keep what is required of one."""
            return Rule(self.arguments, self.formula, (), self.ranges, self.optional, self.fixed)

        @cached_property
        def _formula(self) -> Callable[..., float]:
            return compile_tree(self.formula, self.arguments)

        @cached_property
        def _conditions(self) -> tuple[Callable[..., float], ...]:
            return tuple(compile_tree(condition, self.arguments) for condition in self.conditions)

        @cached_property
        def quick(self) -> Callable[..., float | None] | None:
            """A function for plain, possible numbers; it gives ``None``, or raises, where more care is needed."""
            if self.ranges or any(condition.operator not in ("<=", ">=") for condition in self.conditions):
                return None
            source = f"lambda {', '.join(self.arguments)}: {quick_source(self)}"
            compiled: Callable[..., float | None] = eval(
                source, {**NAMESPACE, "_MAX": LARGEST, "type": type, "float": float}
            )
            return compiled

        def compute(self, values: Sequence[float | list[float]]) -> float:
            """Compute the formula from clean numbers, or raise the ``KpiError`` that fits."""
            try:
                result: float | None = float(self._formula(*values))
            except ZeroDivisionError:
                raise ZeroDivisorError(f"{self._divisor_text} is zero; nothing can be divided by it.") from None
            except OverflowError:
                result = None
            for condition, holds in zip(self.conditions, self._conditions, strict=True):
                if not holds(*values):
                    raise ImpossibleInputError(f"These inputs cannot be: {to_text(condition)} must hold.")
            if result is None or not isfinite(result):
                raise OverflowedError("The result is too large for a cell.")
            return result

        @cached_property
        def _divisor_text(self) -> str:
            return " or ".join(dict.fromkeys(to_text(divisor) for divisor in _all_divisors(self.formula))) or "A divisor"

        # -- as a row of a table ------------------------------------------------------------------

        def row(self, inputs: Mapping[str, object]) -> Result:
            """Return a row's figure: missing where an input is missing or nothing was there to divide by."""
            return self.outcome(inputs)[1]

        def outcome(self, inputs: Mapping[str, object]) -> tuple[int, Result]:
            """Return a row's state and its figure."""
            values = self.row_values(inputs)
            if values is None:
                return MISSING, None
            try:
                return GOOD, self.compute(values)
            except ZeroDivisorError:
                return NOTHING, None
            except OverflowedError as error:
                return GOOD, error
            except KpiError as error:
                return IMPOSSIBLE, error

        def row_values(self, inputs: Mapping[str, object]) -> list[float | list[float]] | None:
            """Return the row's clean numbers in the order of the arguments, or ``None`` if one is missing."""
            values: list[float | list[float]] = []
            members = self._row_ranges(inputs)
            for name in self.arguments:
                value = inputs.get(name)
                if name in self.ranges:
                    if not members[name]:
                        return None
                    values.append(members[name])
                elif isinstance(value, (int, float)) and is_number(value):
                    values.append(float(value))
                else:
                    return None
            return values

        def _row_ranges(self, inputs: Mapping[str, object]) -> dict[str, list[float]]:
            columns = {name: list(inputs.get(name) or ()) for name in self.arguments if name in self.ranges}
            rows = [row for row in zip(*columns.values(), strict=True) if all(map(is_number, row))]
            return {name: [float(row[place]) for row in rows] for place, name in enumerate(columns)}


    def quick_tests(rule: Rule) -> str:
        """Return a Python test that plain, possible numbers pass, exact where rounding could only widen it."""
        low = dict.fromkeys(rule.arguments, -LARGEST)
        high = dict.fromkeys(rule.arguments, LARGEST)
        others = []
        for condition in rule.conditions:
            subject, edge = condition.left, condition.right
            if isinstance(subject, Name) and isinstance(edge, Number):
                name = subject.id
                if condition.operator == ">=":
                    low[name] = max(low[name], edge.value)
                else:
                    high[name] = min(high[name], edge.value)
            else:
                others.append(to_python(condition, exact_compare=True))
        ends = {-LARGEST: "-_MAX", LARGEST: "_MAX"}

        def end(value: float) -> str:
            return ends.get(value, repr(value))

        return " and ".join([f"{end(low[name])} <= {name} <= {end(high[name])}" for name in rule.arguments] + others)


    def quick_source(rule: Rule) -> str:
        """Return a Python expression: the result for plain, possible numbers, else ``None``."""
        result = f"(_r := {to_python(rule.formula)})"
        return f"_r if {quick_tests(rule)} and -_MAX <= {result} <= _MAX and type(_r) is float else None"


    def _all_divisors(tree: Node) -> list[Node]:
        found = [divisor for child in children(tree) for divisor in _all_divisors(child)]
        own = own_divisor(tree)
        return found if own is None else [*found, own]


    def own_divisor(tree: Node) -> Node | None:
        """Return what a node itself divides by, if anything that could be zero."""
        if isinstance(tree, Binary) and tree.operator == "/" and not isinstance(tree.right, Number):
            return tree.right
        return Call("count", tree.arguments) if isinstance(tree, Call) and tree.function == "mean" else None


    Grid = list[list[object]]

    GAP = object()

    _NUMBERS = frozenset((int, float))

    _CHUNK = 512

    _WHOLE = 10**300  # larger ones cannot all be floats


    def _as_list(value: object) -> list[object] | None:
        """Return a list, tuple, range or array as a list, and ``None`` for a single value."""
        if isinstance(value, (list, tuple, range)):
            return list(value)
        if hasattr(value, "tolist") and getattr(value, "ndim", None):
            return list(value.tolist())
        return None


    def _as_grid(name: str, items: list[object]) -> tuple[Grid, bool]:
        """Return a list as one row, or a list of lists as rows, and whether it was a plain list."""
        rows = [_as_list(item) for item in items]
        grid = [row for row in rows if row is not None]
        if not grid:
            return [items], True
        if len(grid) < len(rows):
            raise NotANumberError(f"{name} mixes numbers and lists; give one list, or a list of rows.")
        odd = kinds(grid) - _NUMBERS  # most ranges hold nothing else, and then no member is looked at
        if odd and any(_as_list(member) is not None for row in grid for member in row):
            raise NotANumberError(f"{name} nests deeper than a list of rows.")
        return grid, False


    def kinds(grid: Grid) -> set[type]:
        """Return the types of a grid's members."""
        return set(map(type, chain.from_iterable(grid)))


    def call(rule: Rule, given: Sequence[object]) -> float | list[object]:
        """Answer as an Excel function does: numbers give a number, ranges give ranges."""
        ranges: dict[str, Grid] = {}
        fixed: dict[str, object] = {}
        spread: dict[str, Grid] = {}
        flat = True
        for name, value in zip(rule.arguments, given, strict=False):
            items = _as_list(value)
            if name in rule.ranges:
                ranges[name] = [[value]] if items is None else _as_grid(name, items)[0]
            elif items is None:
                fixed[name] = value
            else:
                spread[name], is_flat = _as_grid(name, items)
                flat = flat and is_flat
        if not spread:
            return _single(rule, fixed, ranges)
        grids = [spread.get(name) or [[fixed.get(name)]] for name in rule.arguments if name not in rule.ranges]
        rows = None if ranges else bulk(rule, grids)
        if rows is None:
            rows = [list(row) for row in _spread(rule, fixed, ranges, spread)]
        return rows[0] if flat else list(rows)


    def bulk(rule: Rule, grids: Sequence[Grid]) -> Grid | None:
        """Answer at once where every argument is a single value or a range of the same shape."""
        largest = max(grids, key=lambda grid: len(grid) * len(grid[0]))
        height, width = len(largest), len(largest[0])
        columns = [_flattened(grid, height, width) for grid in grids]
        if rule.quick is None or not width or None in columns:
            return None
        size = height * width
        results: list[object] = []
        for start in range(0, size, _CHUNK):  # one bad member costs its chunk, not a hundred thousand
            part: Any = columns if size <= _CHUNK else [column[start : start + _CHUNK] for column in columns]
            results += _chunk(rule, part)
        if width == 1:
            return [[result] for result in results]
        return [results[start : start + width] for start in range(0, size, width)]


    def _chunk(rule: Rule, columns: list[list[object]]) -> Iterable[object]:
        """Answer some elements: at once if all are plain, possible numbers, else one by one."""
        try:
            results = list(map(rule.quick, *columns))
        except (TypeError, ValueError, ArithmeticError):
            results = [None]
        return map(_element(rule, {}), *columns) if None in results else results


    def _flattened(grid: Grid, height: int, width: int) -> list[object] | None:
        """Return a grid's members in one list of the size of the result, or ``None`` where they do not fit."""
        if len(grid) == len(grid[0]) == 1:
            return _as_floats(grid[0]) * (height * width)
        if len(grid) != height or set(map(len, grid)) != {width}:
            return None
        return _as_floats(list(chain.from_iterable(grid)))


    def _as_floats(members: list[object]) -> list[object]:
        """Make floats of whole numbers, as a row of a table takes them: beyond 2**53 the two would differ."""
        if int not in set(map(type, members)):
            return members
        return [float(each) if type(each) is int and abs(each) < _WHOLE else each for each in members]


    def _single(rule: Rule, fixed: dict[str, object], ranges: dict[str, Grid]) -> float:
        columns = _range_columns(rule, ranges)
        values = [columns[n] if n in rule.ranges else as_number(fixed.get(n), n) for n in rule.arguments]
        return rule.compute(values)


    def _range_columns(rule: Rule, ranges: dict[str, Grid]) -> dict[str, list[float]]:
        """Return the numbers of each range; members count only where every paired range has a number."""
        given = {name: grid for name, grid in ranges.items() if name not in rule.optional or not _left_out(grid)}
        shapes = {tuple(len(row) for row in grid) for grid in given.values()}
        if len(shapes) > 1:
            raise ShapeError(f"{' and '.join(given)} must be ranges of the same shape.")
        columns = {name: [member for row in grid for member in row] for name, grid in given.items()}
        for name, members in columns.items():
            for member in members:
                if isinstance(member, KpiError) or (isinstance(member, str) and member in EXCEL_ERRORS):
                    as_number(member, name)
        size = len(next(iter(columns.values()), []))
        for name in rule.arguments:
            if name in rule.ranges and name not in columns:
                columns[name] = [rule.optional[name]] * size
        order = [name for name in rule.arguments if name in rule.ranges]
        rows = [row for row in zip(*(columns[name] for name in order), strict=True) if all(map(_counts, row))]
        return {name: [float(row[place]) for row in rows] for place, name in enumerate(order)}


    def _left_out(grid: Grid) -> bool:
        return grid == [[None]]


    def _counts(member: object) -> bool:
        """Whether a member of a range is a number; blanks, text and TRUE are skipped, as Excel's SUM does."""
        if is_number(member):
            return True
        return not isinstance(member, (str, bool)) and member is not None and as_number(member, "a member") is not None


    def _spread(
        rule: Rule, fixed: dict[str, object], ranges: dict[str, Grid], spread: dict[str, Grid]
    ) -> Iterator[Iterable[object]]:
        """Yield the rows of a result whose shape is that of all the spread arguments together."""
        height = max(len(grid) for grid in spread.values())
        width = max((len(row) for grid in spread.values() for row in grid), default=0)
        element = _element(rule, ranges)
        wide = {name: stretched(grid, width) for name, grid in spread.items()}
        for place in range(height):
            yield map(element, *_columns(rule, fixed, wide, place, width))


    def stretched(grid: Grid, width: int) -> Grid:
        """Return rows of a width: a single column repeats, what else is missing is a gap."""
        if all(len(row) == 1 for row in grid):
            return [row * width for row in grid]
        return [row + [GAP] * (width - len(row)) for row in grid]


    def _columns(
        rule: Rule, fixed: dict[str, object], wide: dict[str, Grid], place: int, width: int
    ) -> Iterator[list[object]]:
        """Yield what each single-number argument holds along one row of the result; a single row repeats."""
        for name in rule.arguments:
            if name in rule.ranges:
                continue
            grid = wide.get(name, [[fixed.get(name)] * width])
            if len(grid) == 1:
                yield grid[0]
            else:
                yield grid[place] if place < len(grid) else [GAP] * width


    def _element(rule: Rule, ranges: dict[str, Grid]) -> Callable[..., object]:
        """Return a function that computes one element and returns, never raises, what went wrong."""
        try:
            columns = _range_columns(rule, ranges) if rule.ranges else {}
        except KpiError as error:
            failed = error
            return lambda *_: failed
        scalars = [name for name in rule.arguments if name not in rule.ranges]

        def careful(*values: object) -> object:
            try:
                if any(value is GAP for value in values):
                    raise ShapeError("The ranges do not meet here; give them the same shape.")
                clean = {name: as_number(value, name) for name, value in zip(scalars, values, strict=True)}
                return rule.compute([columns[n] if n in rule.ranges else clean[n] for n in rule.arguments])
            except KpiError as error:
                return error

        quick = None if rule.ranges else rule.quick
        if quick is None:
            return careful

        def element(*values: object) -> object:
            try:
                result = quick(*values)
            except (TypeError, ValueError, ArithmeticError):
                return careful(*values)
            return careful(*values) if result is None else result

        return element


    LEVEL_KEYS = ("level.below", "level.typical", "level.above", "level.exceptional")

    OUTSIDE = "level.outside"  # what is below all bands where a range is best: too low or too high

    _FRENCH_SPACE = re.compile(r" (?=[:;?!%»])|(?<=«) ")

    _SPANISH_SPACE = re.compile(r"(?<=\d) (?=%)")


    class Text(dict[str, str]):
        """A text in several languages; a language that is missing falls back to English."""

        def __init__(self, texts: Mapping[str, str] | None = None) -> None:
            super().__init__()
            for language, text in (texts or {}).items():
                self[language] = text

        def __setitem__(self, language: str, text: str) -> None:
            """Keep a text; no line breaks before French punctuation or before a percent sign."""
            pattern = {"fr": _FRENCH_SPACE, "es": _SPANISH_SPACE}.get(language)
            super().__setitem__(language, pattern.sub("\u00a0", text) if pattern else text)

        def get_in(self, language: str) -> str:
            """Return the text in a language, or in English where that language is missing."""
            return self.get(language) or self.get("en", "")


    def level_keys(better: str) -> tuple[str, ...]:
        """Return the keys of the levels' words: what a range does not hold lies outside it, not below."""
        return (OUTSIDE, *LEVEL_KEYS[1:]) if better == "range" else LEVEL_KEYS


    BANDS = ("typical", "above", "exceptional")


    @dataclass(frozen=True)
    class Argument:
        """One argument of a function."""

        id: str
        unit: str
        help: Text


    @dataclass(frozen=True)
    class Example:
        """A worked example: inputs, the right figure, and what the article prints where that differs."""

        inputs: Mapping[str, float | list[float]]
        gives: float
        printed: float | None = None


    @dataclass(frozen=True)
    class Function:
        """A formula with a name, callable in Python and Excel."""

        name: str
        help: Text
        arguments: tuple[Argument, ...]
        formula: Node
        require: tuple[Compare, ...]
        expect: tuple[Compare, ...]
        unit: str
        optional: Mapping[str, float] = field(default_factory=dict)
        example: Example | None = None
        companions: tuple[str, ...] = ()
        unit_note: Mapping[str, str] = field(default_factory=dict)  # by the check of units that it waives, the reason
        vertical: str = ""
        file: str = field(default="", compare=False)  # of the user's own, that it stands in

        @cached_property
        def ranges(self) -> frozenset[str]:
            """The arguments that are ranges."""
            return ranges(self.formula)

        @cached_property
        def rule(self) -> Rule:
            """The formula with its conditions."""
            conditions = [
                condition
                for argument in self.arguments
                for condition in domain_conditions(argument.id, argument.unit, argument.id in self.ranges)
            ]
            order = tuple(argument.id for argument in self.arguments)
            return Rule(order, self.formula, (*conditions, *self.require), self.ranges, self.optional)

        def __call__(self, *values: object) -> float | list[object]:
            """Compute the KPI; see :func:`xlkpi.arrays.call`."""
            least = len(self.arguments) - len(self.optional)
            if not least <= len(values) <= len(self.arguments):
                wanted = ", ".join(argument.id for argument in self.arguments)
                many = "1 value was" if len(values) == 1 else f"{len(values)} values were"
                raise TypeError(f"{self.name} takes {wanted}; {many} given")
            return call(self.rule, values)


    @dataclass(frozen=True)
    class Input:
        """A figure that the user types, month by month."""

        id: str
        unit: str
        kind: str
        label: Text
        carry: str = ""
        of: str = ""
        values: tuple[float, ...] = ()
        default: float | None = None
        was: tuple[str, ...] = ()  # its ids in earlier files


    @dataclass(frozen=True)
    class Band:
        """The entry to one band: at least, more than, at most, less than, or between two values."""

        level: int
        operator: str
        edge: float
        upper: float | None = None

        @property
        def strict(self) -> bool:
            """Whether the edge itself lies outside."""
            return self.operator in (">", "<")

        def holds(self, value: float) -> bool:
            """Whether a value enters the band; both sides are rounded to nine decimals."""
            side = compare(value, self.edge)
            if self.upper is not None:
                return side >= 0 >= compare(value, self.upper)
            return {">=": side >= 0, ">": side > 0, "<=": side <= 0, "<": side < 0}[self.operator]

        def distance(self, value: float, step: float) -> float:
            """How far a value outside lies from the band; past a strict edge it takes one ``step``."""
            if self.upper is not None:
                return max(self.edge - value, value - self.upper)
            extra = step if self.strict else 0.0
            return abs(self.edge - value) + extra


    @dataclass(frozen=True)
    class Article:
        """Where benchmarks come from."""

        title: str
        date: date | None
        language: str
        region: str
        names_source: bool = False


    @dataclass(frozen=True)
    class Benchmark:
        """What the article says about a KPI's bands."""

        period: str = ""
        period_matters: bool = False
        year_scale: str = ""
        printed: Text = field(default_factory=Text)
        note: Text = field(default_factory=Text)


    @dataclass(frozen=True)
    class Lever:
        """What an owner can move to reach the next band."""

        input: str
        step: str


    class Rating(NamedTuple):
        """A figure's level (0 to 3) and the band's word."""

        level: int
        word: str


    @dataclass(frozen=True)
    class Kpi:
        """A KPI of a line of business: what its row shows and how it is judged."""

        id: str
        function: Function
        name: Text
        unit: str
        better: str
        year: str
        values: Mapping[str, Rule]
        bands: Mapping[str, tuple[Band, ...]]
        segments: Mapping[str, Text]
        benchmark: Benchmark
        ui: Mapping[str, Text]
        expect: Mapping[str, tuple[Compare, ...]] = field(default_factory=dict)
        example: Example | None = None
        levers: Mapping[str, tuple[Lever, ...]] = field(default_factory=dict)
        note: Text = field(default_factory=Text)
        companion_of: str = ""
        written: Mapping[str, Node] = field(default_factory=dict)  # what a row shows, its functions called by name
        unit_note: Mapping[str, str] = field(default_factory=dict)
        was: tuple[str, ...] = ()  # its ids in earlier files
        segments_were: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

        @property
        def words(self) -> tuple[Text, ...]:
            """The words of the levels, from below (or outside) the benchmark to exceptional."""
            return tuple(self.ui[key] for key in level_keys(self.better))

        @property
        def step(self) -> float:
            """The smallest difference that is shown, such as 0.1 for percentages."""
            return float(10 ** -decimals(self.unit))

        def __call__(self, *values: object) -> float | list[object]:
            """Compute the KPI's function; see :func:`xlkpi.arrays.call`."""
            return self.function(*values)

        def bands_of(self, segment: str | None) -> tuple[Band, ...]:
            """Return the bands of a segment, which may be left out where there is one; else a ``KpiError``."""
            if segment is None:
                if len(self.segments) > 1:
                    raise KpiError(f"{self.id} has segments; name one of {', '.join(self.segments)}.", "#N/A")
                segment = next(iter(self.segments))
            if segment not in self.segments:
                raise KpiError(f'{self.id} has no segment "{segment}".', "#N/A")
            return self.bands.get(segment, ())

        def level(self, value: float, segment: str | None = None) -> int | None:
            """Return the level of a figure: 0 below the benchmark, 1 typical, 2 above, 3 exceptional."""
            if not is_number(value):
                raise KpiError(f"A level needs a finite number, not {value!r}.")
            bands = self.bands_of(segment)
            return max((band.level for band in bands if band.holds(value)), default=0) if bands else None

        def rate(self, value: float, segment: str | None = None, language: str = "en") -> Rating | None:
            """Return a figure's level and the band's word, or ``None`` where no band is stated."""
            level = self.level(value, segment)
            return None if level is None else Rating(level, self.words[level].get_in(language))

        def next(self, value: float, segment: str | None = None) -> float | None:
            """Return how far a figure is from the next band, or ``None`` where there is none above."""
            level = self.level(value, segment)
            above = [band for band in self.bands_of(segment) if level is not None and band.level > level]
            if not above:
                return None
            distance = min(above, key=lambda band: band.level).distance(value, self.step)
            return round(distance, 12)


    @dataclass(frozen=True)
    class Vertical:
        """A line of business."""

        id: str
        name: Text
        article: Article
        inputs: Mapping[str, Input]
        kpis: Mapping[str, Kpi]
        functions: Mapping[str, Function]
        source: str = ""  # the text of its own file
        borrowed: Mapping[str, str] = field(default_factory=dict)  # texts of other files whose functions it uses, by name
        file: str = field(default="", compare=False)  # of the user's own, that it stands in
        was: tuple[str, ...] = ()  # its names before

        def rows(self) -> Iterator[tuple[Kpi, str]]:
            """Yield each row of a KPI table: a KPI and its segment."""
            for kpi in self.kpis.values():
                for segment in kpi.segments:
                    yield kpi, segment

        @property
        def in_use(self) -> Vertical:
            """The same without inputs that no KPI needs, for which a workbook has no place."""
            needed = {item.id for kpi, segment in self.rows() for item in self.inputs_of(kpi, segment)}
            needed |= {self.inputs[name].of for name in needed}
            if all(name in needed for name in self.inputs):
                return self
            return replace(self, inputs={name: item for name, item in self.inputs.items() if name in needed})

        def inputs_of(self, kpi: Kpi, segment: str) -> list[Input]:
            """Return the inputs of a KPI row in the order of the file, with those that its openings are carried on from."""
            wanted = set(kpi.values[segment].arguments)
            wanted |= {self.inputs[name].carry for name in wanted}
            return [item for item in self.inputs.values() if item.id in wanted]


    @dataclass(frozen=True)
    class Catalogue:
        """All lines of business and all functions."""

        verticals: Mapping[str, Vertical]
        functions: Mapping[str, Function]
        ui: Mapping[str, Text]
        shared_source: str = ""

        def example_of(self, function: Function) -> Example | None:
            """Return a function's own worked example, or that of the first KPI that uses it."""
            if function.example is not None:
                return function.example
            kpis = (kpi for vertical in self.verticals.values() for kpi in vertical.kpis.values())
            return next((kpi.example for kpi in kpis if kpi.function.name == function.name and kpi.example), None)


    _DECIMAL_COMMA = frozenset(("pt", "fr"))

    _SEMICOLON = frozenset(("pt", "fr", "es"))  # separator of arguments, where Excel shows a decimal comma


    def separator(language: str) -> str:
        """Return what stands between the arguments of a function."""
        return "; " if language in _SEMICOLON else ", "


    def localised(text: str, language: str) -> str:
        """Write a number with the decimal sign of a language's Excel."""
        return text.replace(".", ",") if language in _DECIMAL_COMMA else text


    def shown_number(value: float, language: str) -> str:
        """Write a number as a reader of a language types it."""
        return localised(number_text(float(value)), language)


    def signature(function: Function, language: str) -> str:
        """Return how a function is typed, such as ``=CSS(satisfied_clients, surveyed_clients)``."""
        return typed_as(function.name, function, language)


    def typed_as(name: str, function: Function, language: str) -> str:
        """Return how a function is typed under another name, such as that of its LAMBDA."""
        return typed(name, [(each.id, each.id in function.optional) for each in function.arguments], language)


    def typed(name: str, arguments: Iterable[tuple[str, bool]], language: str) -> str:
        """Return how a function is typed, from its arguments and whether each may be left out."""
        shown = (f"[{argument}]" if optional else argument for argument, optional in arguments)
        return f"={name}({separator(language).join(shown)})"


    def shown_formula(function: Function, language: str) -> str:
        """Return the formula over argument names, as a reader of the workbook would type it."""
        text = to_text(function.formula).replace("**", "^")
        return localised(text.replace(", ", separator(language)), language)


    def shown_band(band: Band, language: str) -> str:
        """Return where a band begins, such as ``>= 80`` or ``60 .. 90``."""
        edge = shown_number(band.edge, language)
        if band.upper is not None:
            return f"{edge} .. {shown_number(band.upper, language)}"
        return f"{band.operator} {edge}"


    NOT_AVAILABLE = "#N/A"

    _PLAIN = frozenset((int, float))

    _ERROR_NUMBERS = range(-2146826288, -2146826200)  # how COM writes the errors of Excel; no figure is ever there


    @dataclass(frozen=True)
    class Parameter:
        """One argument of a function as a host shows it."""

        id: str
        help: Text
        optional: bool = False


    @dataclass(frozen=True)
    class CellFunction:
        """A function that cells may call."""

        name: str
        help: Text
        parameters: tuple[Parameter, ...]
        answer: Callable[[Sequence[object]], Grid]


    def as_grid(value: object) -> Grid:
        """Return what a host hands over as rows: it may come as rows, as one row, or as a single value."""
        if not isinstance(value, (list, tuple)):
            return [[value]]
        rows = [row if type(row) is list else list(row) for row in value if isinstance(row, (list, tuple))]
        grid = rows if len(rows) == len(value) else [list(value)]
        if not grid or not grid[0]:
            return [[None]]
        return grid


    def named_errors(grid: Grid, blank: object = None) -> Grid:
        """Return a grid with 0 or another value for its blanks, and #VALUE! for errors that came as numbers."""
        numbers: Any = chain.from_iterable(grid)
        if kinds(grid) <= _PLAIN and min(numbers) > _ERROR_NUMBERS[-1]:
            return grid

        def named(cell: object) -> object:
            if cell is None or cell == "":
                return blank
            return "#VALUE!" if type(cell) in _PLAIN and cell in _ERROR_NUMBERS else cell

        return [[named(cell) for cell in row] for row in grid]


    def as_word(value: object) -> str:
        """Return a text argument; a blank cell may arrive as 0, an error is raised, and so is #N/A for a range."""
        grid = as_grid(value)
        if len(grid) * len(grid[0]) != 1:
            raise KpiError("One text is needed here, not a range.", NOT_AVAILABLE)
        return cell_word(grid[0][0])


    def cell_word(cell: object) -> str:
        """Return the text in one cell; an error is raised."""
        if isinstance(cell, str) and cell in EXCEL_ERRORS:
            raise KpiError(f"The text is already the error {cell}.", cell)
        return "" if cell is None or cell == 0 else str(cell).strip()


    def shown(value: object) -> object:
        """Return a result as a host may have it: a number or text, or the code of the error."""
        if isinstance(value, KpiError):
            return value.code if value.code in EXCEL_ERRORS else NOT_AVAILABLE
        return value


    def answer(function: Function, given: Sequence[object]) -> Grid:
        """Answer a call of a catalogue function from a cell; never raises."""
        prepared: list[Any] = []
        for argument, value in zip(function.arguments, given, strict=True):
            if argument.id in function.ranges:
                prepared.append(
                    None if value is None and argument.id in function.optional else named_errors(as_grid(value))
                )
            else:  # a blank cell counts as 0, since hosts cannot tell it from one
                prepared.append(named_errors(as_grid(value), 0))
        result: Any = None if function.ranges else bulk(function.rule, prepared)
        try:
            result = result or call(function.rule, prepared)
        except KpiError as error:
            return [[shown(error)]]
        rows: Any = result if isinstance(result, list) else [[result]]
        return rows if kinds(rows) <= _PLAIN else [[shown(cell) for cell in row] for row in rows]


    def cell_function(function: Function) -> CellFunction:
        """Return a catalogue function as one that cells may call."""
        parameters = tuple(
            Parameter(argument.id, argument.help, argument.id in function.optional) for argument in function.arguments
        )
        return CellFunction(function.name, function.help, parameters, lambda given: answer(function, given))


    _LIST_COLUMNS = ("function", "name", "formula", "unit", "better", "bands", "period", "vertical", "kpi", "segment")


    def cell_functions(catalogue: Catalogue, language: str = "en") -> list[CellFunction]:
        """Return every function that cells may call: those of the catalogue, then the companions."""
        own = [cell_function(function) for function in catalogue.functions.values()]
        return own + _companions(catalogue, language)


    def _companions(catalogue: Catalogue, language: str) -> list[CellFunction]:
        bodies = Companions(catalogue, language)
        return [
            CellFunction(name, catalogue.ui[f"companion.{name}"], _parameters(catalogue, text), bodies.guarded(name))
            for name, text in COMPANIONS.items()
        ]


    def _parameters(catalogue: Catalogue, text: str) -> tuple[Parameter, ...]:
        """Read the arguments of a companion; the help of each names what is allowed."""
        allowed = {
            "verticals": _fitting(catalogue.verticals),
            "languages": ", ".join(LANGUAGES),
            "bands": ", ".join(BANDS),
        }
        found = []
        for word in text.split():
            name = word.strip("[]")
            help_text = catalogue.ui[f"companion.arg.{name}"]
            filled = Text({language: each.format(**allowed) for language, each in help_text.items()})
            found.append(Parameter(name, filled, word.startswith("[")))
        return tuple(found)


    def _fitting(names: Iterable[str]) -> str:
        """Join names as far as a help text of Excel has room for them."""
        joined = ""
        for name in names:
            longer = f"{joined}, {name}" if joined else name
            if len(longer) > HELP_LIMIT - 60:
                return f"{joined} ..."
            joined = longer
        return joined


    class Companions:
        """The companions over one catalogue; each method takes its arguments as a host hands them over."""

        def __init__(self, catalogue: Catalogue, language: str) -> None:
            self.catalogue, self.language = catalogue, language

        def guarded(self, name: str) -> Callable[[Sequence[object]], Grid]:
            """Return a companion that answers what cannot be with Excel's error."""
            body: Callable[..., Grid] = getattr(self, f"_{name.lower()}")

            def answer(given: Sequence[object]) -> Grid:
                try:
                    return body(*given)
                except KpiError as error:
                    return [[shown(error)]]

            return answer

        def _language(self, value: object) -> str:
            language = cell_word(value).lower() or self.language
            if language not in LANGUAGES:
                raise KpiError(f'There are no texts in "{language}".', NOT_AVAILABLE)
            return language

        def _kpi(self, vertical: object, kpi: object) -> Kpi:
            """Find a KPI by its id or by the name of its function."""
            place, name = cell_word(vertical).lower(), cell_word(kpi)
            if place in self.catalogue.verticals:
                for found in self.catalogue.verticals[place].kpis.values():
                    if name.lower() == found.id or name.upper() == found.function.name:
                        return found
            raise KpiError(f'There is no KPI "{name}" in "{place}".', NOT_AVAILABLE)

        def _kpiband(self, vertical: object, kpi: object, value: object, segment: object, language: object) -> Grid:
            def judge(vertical: object, kpi: object, figure: object, segment: object, language: object) -> object:
                spoken = self._language(language)
                rating = self._kpi(vertical, kpi).rate(as_number(figure, "value"), _segment(segment), spoken)
                return NOT_AVAILABLE if rating is None else rating.word

            return _each(judge, vertical, kpi, value, segment, language)

        def _kpilevel(self, vertical: object, kpi: object, value: object, segment: object) -> Grid:
            def judge(vertical: object, kpi: object, figure: object, segment: object) -> object:
                reached = self._kpi(vertical, kpi).level(as_number(figure, "value"), _segment(segment))
                return NOT_AVAILABLE if reached is None else reached

            return _each(judge, vertical, kpi, value, segment)

        def _kpinext(self, vertical: object, kpi: object, value: object, segment: object) -> Grid:
            def judge(vertical: object, kpi: object, figure: object, segment: object) -> object:
                distance = self._kpi(vertical, kpi).next(as_number(figure, "value"), _segment(segment))
                return "" if distance is None else distance

            return _each(judge, vertical, kpi, value, segment)

        def _kpithreshold(self, vertical: object, kpi: object, band_name: object, segment: object) -> Grid:
            def edges(vertical: object, kpi: object, band_name: object, segment: object) -> object:
                wanted = self._level_named(cell_word(band_name).lower())
                bands = self._kpi(vertical, kpi).bands_of(_segment(segment))
                return next((band for band in bands if band.level == wanted), NOT_AVAILABLE)

            found = _each(edges, vertical, kpi, band_name, segment)
            if len(found) == len(found[0]) == 1 and isinstance(found[0][0], Band) and found[0][0].upper is not None:
                return [[found[0][0].edge, found[0][0].upper]]
            return [[cell.edge if isinstance(cell, Band) else cell for cell in row] for row in found]

        def _level_named(self, word: str) -> int:
            """Return the level of a band, by its name in catalogue files or by its word in any language."""
            names = {name: level for level, name in enumerate(BANDS, 1)}
            for level, key in enumerate(LEVEL_KEYS):
                names |= {text.lower(): level for text in self.catalogue.ui[key].values()}
            return names.get(word, -1)

        def _kpilist(self, vertical: object, language: object) -> Grid:
            place, spoken = as_word(vertical).lower(), self._language(as_word(language))
            if place and place not in self.catalogue.verticals:
                return [[NOT_AVAILABLE]]
            rows: Grid = [[self.catalogue.ui[f"list.{column}"].get_in(spoken) for column in _LIST_COLUMNS]]
            for name in [place] if place else self.catalogue.verticals:
                for kpi in self.catalogue.verticals[name].kpis.values():
                    rows += [self._listed(name, kpi, segment, spoken) for segment in kpi.segments]
            return rows

        def _listed(self, vertical: str, kpi: Kpi, segment: str, language: str) -> list[object]:
            bands = "; ".join(
                f"{kpi.words[band.level].get_in(language)} {shown_band(band, language)}"
                for band in kpi.bands.get(segment, ())
            )
            better = self.catalogue.ui[f"better.{kpi.better}"].get_in(language)
            period = self.catalogue.ui[f"period.{kpi.benchmark.period or 'none'}"].get_in(language)
            formula, unit = shown_formula(kpi.function, language), self._unit(kpi.unit, language)
            name = kpi.name.get_in(language)
            return [kpi.function.name, name, formula, unit, better, bands, period, vertical, kpi.id, segment]

        def _unit(self, unit: str, language: str) -> str:
            return self.catalogue.ui["unit.count" if unit.startswith("count:") else f"unit.{unit}"].get_in(language)

        def _kpihelp(self, function_name: object, language: object) -> Grid:
            name, spoken = as_word(function_name).upper(), self._language(as_word(language))
            if name in self.catalogue.functions:
                return self._function_help(self.catalogue.functions[name], spoken)
            if name not in COMPANIONS:
                return [[NOT_AVAILABLE]]
            parameters = _parameters(self.catalogue, COMPANIONS[name])
            head = typed(name, [(each.id, each.optional) for each in parameters], spoken)
            rows: Grid = [[head, self.catalogue.ui[f"companion.{name}"].get_in(spoken)]]
            return rows + [[each.id, each.help.get_in(spoken)] for each in parameters]

        def _function_help(self, function: Function, language: str) -> Grid:
            def word(key: str) -> str:
                return self.catalogue.ui[f"functions.{key}"].get_in(language)

            example = self.catalogue.example_of(function)
            rows: Grid = [
                [signature(function, language), function.help.get_in(language), word("example") if example else ""],
                [word("formula"), shown_formula(function, language), ""],
            ]
            for argument in function.arguments:
                rows.append([argument.id, argument.help.get_in(language), _example_value(example, argument.id, language)])
            if example is not None:
                rows.append([word("result"), self._unit(function.unit, language), example.gives])
            return rows

        def _xlkpiversion(self) -> Grid:
            return [[__version__]]


    def _example_value(example: Example | None, name: str, language: str) -> object:
        """Return an example's input as a cell shows it; the members of a range are joined."""
        value = "" if example is None else example.inputs.get(name, "")
        return "; ".join(shown_number(member, language) for member in value) if isinstance(value, list) else value


    def _segment(cell: object) -> str | None:
        return cell_word(cell).lower() or None


    def _each(judge: Callable[..., object], *given: object) -> Grid:
        """Judge cell by cell, each argument a value or a range; a blank figure in a range gives a blank."""
        grids = [named_errors(as_grid(value)) for value in given]
        height, width = max(map(len, grids)), max(len(row) for grid in grids for row in grid)
        wide = [stretched(grid, width) for grid in grids]
        single = len(grids[2]) == len(grids[2][0]) == 1

        def one(cells: Sequence[object]) -> object:
            if any(cell is GAP for cell in cells):
                return NOT_AVAILABLE
            if cells[2] is None or cells[2] == "":
                if not single:
                    return ""
                cells = [*cells[:2], 0, *cells[3:]]  # Lite and Server hand over a blank cell as 0
            try:
                return judge(*cells)
            except KpiError as error:
                return shown(error)

        return [
            [one(cells) for cells in zip(*row, strict=True)]
            for row in zip(*(_tall(grid, height) for grid in wide), strict=True)
        ]


    def _tall(grid: Grid, height: int) -> Grid:
        """Return a grid with so many rows: a single one repeats, what else is missing is a gap."""
        return grid * height if len(grid) == 1 else grid + [[GAP] * len(grid[0])] * (height - len(grid))


    _BINARY = ("+", "-", "*", "/", "**")

    _COMPARE = ("<", "<=", ">", ">=", "==", "!=")

    _NEGATIVE = "negative"


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


    def make(
        function: CellFunction, module: str = __name__, language: str = "en", help_url: str = ""
    ) -> Callable[..., Grid]:
        """Return the xlwings function of a function that cells may call, such as ``css`` for ``CSS``."""
        size = len(function.parameters)

        def made(*given: object) -> Grid:
            return function.answer((*given, *[None] * (size - len(given))))

        made.__name__ = made.__qualname__ = function.name.lower()
        made.__module__ = module
        made.__doc__ = function.help.get_in(language)[:HELP_LIMIT]
        made.__annotations__ = {}  # hosts would evaluate them anew at each call, a third of its time
        made.__signature__ = inspect.Signature(
            [
                inspect.Parameter(
                    each.id,
                    inspect.Parameter.POSITIONAL_OR_KEYWORD,
                    default=None if each.optional else inspect.Parameter.empty,
                )
                for each in function.parameters
            ]
        )
        options: dict[str, Any] = {"category": CATEGORY, "name": function.name}
        if help_url:
            options["help_url"] = help_url.replace("{function}", function.name.lower()).replace("{language}", language)
        decorated: Callable[..., Grid] = made
        for each in function.parameters:
            text = each.help.get_in(language)[:HELP_LIMIT]
            decorated = arg(each.id, ndim=2, err_to_str=True, doc=text)(decorated)
        # func() comes last, since each arg() sets what it said back to its defaults.
        return cast("Callable[..., Grid]", func(**options)(decorated))


    def register(
        space: dict[str, object], catalogue: Catalogue | None = None, language: str = "en", help_url: str = ""
    ) -> list[str]:
        """Put every function that cells may call into a module's names, where hosts look for them."""
        functions = cell_functions(load() if catalogue is None else catalogue, language)
        made = [make(each, str(space.get("__name__", __name__)), language, help_url) for each in functions]
        for each in made:
            space[each.__name__] = each
        return [each.__name__ for each in made]


    return register, unpacked


# What the catalogue says: texts in four languages, formulas as trees, benchmark bands.
_CATALOGUE = json.loads(
    r"""
{"words":{
"level.below":{"en":"Below the benchmark","pt":"Abaixo da referência","fr":"Sous le repère","es":"Por debajo de la referencia"},
"level.outside":{"en":"Outside the benchmark","pt":"Fora da referência","fr":"Hors du repère","es":"Fuera de la referencia"},
"level.typical":{"en":"Typical","pt":"Típico","fr":"Typique","es":"Típico"},
"level.above":{"en":"Above average","pt":"Acima da média","fr":"Au-dessus de la moyenne","es":"Superior al promedio"},
"level.exceptional":{"en":"Exceptional","pt":"Excepcional","fr":"Exceptionnel","es":"Excepcional"},
"unit.percent":{"en":"%","pt":"%","fr":"%","es":"%"},
"unit.money":{"en":"money","pt":"moeda","fr":"montant","es":"importe"},
"unit.hours":{"en":"hours","pt":"horas","fr":"heures","es":"horas"},
"unit.minutes":{"en":"minutes","pt":"minutos","fr":"minutes","es":"minutos"},
"unit.days":{"en":"days","pt":"dias","fr":"jours","es":"días"},
"unit.months":{"en":"months","pt":"meses","fr":"mois","es":"meses"},
"unit.points":{"en":"points","pt":"pontos","fr":"points","es":"puntos"},
"unit.score":{"en":"score","pt":"pontuação","fr":"score","es":"puntaje"},
"unit.ratio":{"en":"ratio","pt":"razão","fr":"ratio","es":"cociente"},
"unit.count":{"en":"number","pt":"quantidade","fr":"nombre","es":"cantidad"},
"better.higher":{"en":"higher","pt":"maior","fr":"plus élevé","es":"es más alto"},
"better.lower":{"en":"lower","pt":"menor","fr":"plus bas","es":"es más bajo"},
"better.range":{"en":"between two values","pt":"entre dois valores","fr":"entre deux valeurs","es":"está entre dos valores"},
"period.month":{"en":"month","pt":"mês","fr":"mois","es":"mes"},
"period.quarter":{"en":"quarter","pt":"trimestre","fr":"trimestre","es":"trimestre"},
"period.year":{"en":"year","pt":"ano","fr":"année","es":"año"},
"period.none":{"en":"not stated","pt":"não indicado","fr":"non indiquée","es":"no indicado"},
"period.latest":{"en":"Latest month","pt":"Último mês","fr":"Dernier mois","es":"Último mes"},
"period.to_date":{"en":"Year to date","pt":"Acumulado do ano","fr":"Cumul de l'année","es":"Acumulado del año"},
"period.whole_year":{"en":"Full year","pt":"Ano inteiro","fr":"Année entière","es":"Año completo"},
"functions.title":{"en":"{vertical}: the functions","pt":"{vertical}: funções","fr":"{vertical} : les fonctions","es":"{vertical}: las funciones"},
"functions.how":{"en":"Each function with its worked example, calculated here with an ordinary formula.","pt":"Cada função com seu exemplo, calculado na hora pela fórmula nativa.","fr":"Chaque fonction avec son exemple, calculé en direct par la formule native.","es":"Cada función con su ejemplo, calculado aquí mismo con una fórmula común."},
"functions.function":{"en":"Function","pt":"Função","fr":"Fonction","es":"Función"},
"functions.help":{"en":"What it gives","pt":"O que calcula","fr":"Ce qu'elle donne","es":"Qué devuelve"},
"functions.arguments":{"en":"Argument","pt":"Argumento","fr":"Argument","es":"Argumento"},
"functions.meaning":{"en":"Meaning","pt":"Significado","fr":"Signification","es":"Significado"},
"functions.example":{"en":"Example","pt":"Exemplo","fr":"Exemple","es":"Ejemplo"},
"functions.formula":{"en":"Formula","pt":"Fórmula","fr":"Formule","es":"Fórmula"},
"functions.result":{"en":"Result","pt":"Resultado","fr":"Résultat","es":"Resultado"},
"functions.expected":{"en":"Expected","pt":"Esperado","fr":"Attendu","es":"Esperado"},
"functions.agrees":{"en":"Same?","pt":"Igual?","fr":"Identique ?","es":"¿Igual?"},
"functions.printed":{"en":"The article prints {value}.","pt":"O artigo publica {value}.","fr":"L'article donne {value}.","es":"El artículo publica {value}."},
"functions.yes":{"en":"yes","pt":"sim","fr":"oui","es":"sí"},
"functions.no":{"en":"no","pt":"não","fr":"non","es":"no"},
"companion.KPIBAND":{"en":"The benchmark band that a figure reaches, in words, such as Typical.","pt":"Faixa de referência que um valor alcança, em palavras, por exemplo Típico.","fr":"Niveau atteint par un chiffre par rapport au repère, en toutes lettres, par exemple Typique.","es":"Franja de referencia que alcanza una cifra, en palabras, por ejemplo Típico."},
"companion.KPILEVEL":{"en":"The benchmark band that a figure reaches, as a number: 0 below the benchmark, 1 typical, 2 above average, 3 exceptional. Useful for conditional formatting.","pt":"Faixa de referência que um valor alcança, como número: 0 abaixo da referência, 1 típico, 2 acima da média, 3 excepcional. Útil para a formatação condicional.","fr":"Niveau atteint par un chiffre, sous forme de numéro : 0 sous le repère, 1 typique, 2 au-dessus de la moyenne, 3 exceptionnel. Utile pour la mise en forme conditionnelle.","es":"Franja de referencia que alcanza una cifra, como número: 0 por debajo de la referencia, 1 típico, 2 superior al promedio, 3 excepcional. Útil para el formato condicional."},
"companion.KPITHRESHOLD":{"en":"The figure at which a benchmark band begins; for a band between two values both limits, in two cells side by side.","pt":"Limite de entrada de uma faixa de referência; se a faixa fica entre dois valores, os dois limites, em células vizinhas.","fr":"Seuil d'entrée d'un niveau ; si le niveau se situe entre deux valeurs, ses deux bornes, dans deux cellules voisines.","es":"Límite en el que empieza una franja de referencia; si la franja está entre dos valores, ambos límites, en celdas contiguas."},
"companion.KPINEXT":{"en":"How far a figure is from the next better band; empty where there is none.","pt":"Quanto falta para um valor chegar à próxima faixa; vazio se não há faixa melhor.","fr":"Écart qui sépare un chiffre du niveau supérieur ; vide s'il n'y en a pas.","es":"Cuánto le falta a una cifra para llegar a la franja siguiente; vacío si no hay una mejor."},
"companion.KPILIST":{"en":"A table of all KPIs: function, name, formula, unit, when a figure is better, bands, and the names that KPIBAND and its companions take.","pt":"Tabela de todos os indicadores: função, nome, fórmula, unidade, quando o valor é melhor, faixas e os nomes que KPIBAND e as funções afins aceitam.","fr":"Tableau de tous les indicateurs : fonction, nom, formule, unité, sens favorable, niveaux, et les noms à donner à KPIBAND et aux fonctions voisines.","es":"Tabla de todos los indicadores: función, nombre, fórmula, unidad, cuándo la cifra es mejor, franjas y los nombres que aceptan KPIBAND y las funciones afines."},
"companion.KPIHELP":{"en":"What a function gives, what it needs, and a worked example.","pt":"O que uma função calcula, de que dados precisa e um exemplo com números.","fr":"Ce que donne une fonction, les données qu'il lui faut et un exemple chiffré.","es":"Qué devuelve una función, qué datos necesita y un ejemplo con números."},
"companion.XLKPIVERSION":{"en":"The version of xlkpi in use.","pt":"Versão do xlkpi em uso.","fr":"Version de xlkpi utilisée.","es":"Versión de xlkpi en uso."},
"companion.arg.vertical":{"en":"Line of business: {verticals}","pt":"Ramo de atividade: {verticals}","fr":"Activité : {verticals}","es":"Tipo de negocio: {verticals}"},
"companion.arg.kpi":{"en":"Name of the KPI's function, such as CSS, or the KPI's id; KPILIST shows both","pt":"Nome da função do indicador, como CSS, ou ID do indicador; KPILIST mostra os dois","fr":"Nom de la fonction de l'indicateur, comme CSS, ou identifiant de l'indicateur ; KPILIST donne les deux","es":"Nombre de la función del indicador, como CSS, o ID del indicador; KPILIST muestra ambos"},
"companion.arg.value":{"en":"Figure, or range of figures, for the period of the benchmark; KPILIST shows the period","pt":"Valor, ou intervalo de valores, relativo ao período da referência; KPILIST mostra o período","fr":"Chiffre, ou plage de chiffres, sur la période du repère ; KPILIST indique cette période","es":"Cifra, o rango de cifras, correspondiente al período de la referencia; KPILIST muestra el período"},
"companion.arg.segment":{"en":"Segment whose bands apply, for a KPI with several segments; KPILIST shows them","pt":"Segmento cujas faixas valem, se o indicador tem mais de um segmento; KPILIST mostra quais são","fr":"Segment dont les niveaux s'appliquent, si l'indicateur compte plusieurs segments ; KPILIST les indique","es":"Segmento cuyas franjas se aplican, si el indicador tiene varios segmentos; KPILIST los muestra"},
"companion.arg.language":{"en":"Language of the answer: {languages}; the add-in's own if left out","pt":"Idioma da resposta: {languages}; o do suplemento se for omitido","fr":"Langue de la réponse : {languages} ; par défaut celle du complément","es":"Idioma de la respuesta: {languages}; el del complemento si se omite"},
"companion.arg.band_name":{"en":"Band: {bands}, or the word for it in any of the languages","pt":"Faixa: {bands}, ou a palavra correspondente em qualquer um dos idiomas","fr":"Niveau : {bands}, ou le mot correspondant dans l'une des langues","es":"Franja: {bands}, o la palabra correspondiente en cualquiera de los idiomas"},
"companion.arg.function_name":{"en":"Name of a function, such as CSS or KPIBAND","pt":"Nome de uma função, como CSS ou KPIBAND","fr":"Nom d'une fonction, comme CSS ou KPIBAND","es":"Nombre de una función, como CSS o KPIBAND"},
"list.function":{"en":"Function","pt":"Função","fr":"Fonction","es":"Función"},
"list.name":{"en":"Name","pt":"Nome","fr":"Nom","es":"Nombre"},
"list.formula":{"en":"Formula","pt":"Fórmula","fr":"Formule","es":"Fórmula"},
"list.unit":{"en":"Unit","pt":"Unidade","fr":"Unité","es":"Unidad"},
"list.better":{"en":"Better when","pt":"Melhor quando","fr":"Mieux si","es":"Mejor si"},
"list.bands":{"en":"Bands","pt":"Faixas","fr":"Niveaux","es":"Franjas"},
"list.period":{"en":"Period of the benchmark","pt":"Período da referência","fr":"Période du repère","es":"Período de la referencia"},
"list.vertical":{"en":"Line of business","pt":"Ramo de atividade","fr":"Activité","es":"Tipo de negocio"},
"list.kpi":{"en":"KPI id","pt":"ID do indicador","fr":"Identifiant de l'indicateur","es":"ID del indicador"},
"list.segment":{"en":"Segment","pt":"Segmento","fr":"Segment","es":"Segmento"}
},"functions":{
"CSS":{"help":{"en":"Customer satisfaction score: the share of surveyed clients who say they are satisfied, in percent.","pt":"Índice de satisfação do cliente: parcela de clientes satisfeitos entre os que responderam à pesquisa, em porcentagem.","fr":"Score de satisfaction client : part des clients interrogés qui se disent satisfaits, en pourcentage.","es":"Índice de satisfacción del cliente: parte de los clientes encuestados que se declaran satisfechos, en porcentaje."},"unit":"percent","arguments":[["satisfied_clients","count:clients",{"en":"Clients who say they are satisfied","pt":"Clientes que se dizem satisfeitos","fr":"Clients qui se disent satisfaits","es":"Clientes que se declaran satisfechos"}],["surveyed_clients","count:clients",{"en":"Clients who answered the survey","pt":"Clientes que responderam à pesquisa","fr":"Clients qui ont répondu à l'enquête","es":"Clientes que respondieron la encuesta"}]],"formula":["*",["/","satisfied_clients","surveyed_clients"],100.0],"require":[["<=","satisfied_clients","surveyed_clients"]],"example":[{"satisfied_clients":85.0,"surveyed_clients":100.0},85.0]},
"CSSMEAN":{"help":{"en":"Mean rating that clients give: each rating weighted by how many clients gave it. Without counts, each rating counts once.","pt":"Nota média dada pelos clientes: cada nota ponderada por quantos clientes a deram. Sem as quantidades, cada nota conta uma vez.","fr":"Note moyenne donnée par les clients : chaque note est pondérée par le nombre de clients qui l'ont donnée. Sans ces nombres, chaque note compte une fois.","es":"Calificación media de los clientes: cada calificación ponderada por cuántos clientes la dieron. Sin cantidades, cada calificación cuenta una vez."},"unit":"score","arguments":[["ratings","score",{"en":"Range of ratings","pt":"Intervalo com as notas","fr":"Plage des notes","es":"Rango con las calificaciones"}],["counts","count:answers",{"en":"Range of the same shape: how many clients gave each rating (optional)","pt":"Intervalo do mesmo tamanho: quantos clientes deram cada nota (opcional)","fr":"Plage de même taille : nombre de clients ayant donné chaque note (facultatif)","es":"Rango del mismo tamaño: cuántos clientes dieron cada calificación (opcional)"}]],"formula":["/",["sumproduct","ratings","counts"],["sum","counts"]],"optional":{"counts":1.0},"example":[{"ratings":[9.0,8.0,7.0],"counts":[40.0,5.0,5.0]},8.7]},
"CRR":{"help":{"en":"Client retention rate: the share of the clients at the start of a period who are still clients at its end, in percent.","pt":"Taxa de retenção de clientes: parcela dos clientes do início do período que continuam clientes no fim, em porcentagem.","fr":"Taux de rétention des clients : part des clients du début de la période qui le sont encore à la fin, en pourcentage.","es":"Tasa de retención de clientes: parte de los clientes del inicio del período que siguen siéndolo al final, en porcentaje."},"unit":"percent","arguments":[["end_clients","count:clients",{"en":"Clients at the end of the period","pt":"Clientes no fim do período","fr":"Clients à la fin de la période","es":"Clientes al final del período"}],["new_clients","count:clients",{"en":"Clients won during the period","pt":"Clientes conquistados durante o período","fr":"Clients gagnés pendant la période","es":"Clientes ganados durante el período"}],["start_clients","count:clients",{"en":"Clients at the start of the period","pt":"Clientes no início do período","fr":"Clients au début de la période","es":"Clientes al inicio del período"}]],"formula":["*",["/",["-","end_clients","new_clients"],"start_clients"],100.0],"require":[["<=","new_clients","end_clients"]],"example":[{"end_clients":220.0,"new_clients":50.0,"start_clients":200.0},85.0]},
"ATACM":{"help":{"en":"Average time that clients need to reach a career milestone (a promotion, a new job), in months.","pt":"Tempo médio que os clientes levam para alcançar um marco de carreira (uma promoção, um novo emprego), em meses.","fr":"Temps moyen qu'il faut aux clients pour franchir une étape de carrière (une promotion, un nouvel emploi), en mois.","es":"Tiempo medio que tardan los clientes en alcanzar un hito profesional (un ascenso, un nuevo empleo), en meses."},"unit":"months","arguments":[["total_months","months",{"en":"Total months these clients took to reach their milestone","pt":"Meses que os clientes levaram até o marco, somados","fr":"Total des mois qu'il a fallu aux clients ayant franchi une étape","es":"Total de meses que tardaron esos clientes en alcanzar su hito"}],["milestone_clients","count:clients",{"en":"Clients who reached a milestone","pt":"Clientes que alcançaram um marco","fr":"Clients qui ont franchi une étape","es":"Clientes que alcanzaron un hito"}]],"formula":["/","total_months","milestone_clients"],"example":[{"total_months":200.0,"milestone_clients":20.0},10.0]},
"NPS":{"help":{"en":"Net promoter score from shares: percentage of promoters (9-10) minus percentage of detractors (0-6). Runs from -100 to 100.","pt":"Net Promoter Score a partir de porcentagens: % de promotores (9-10) menos % de detratores (0-6). Vai de -100 a 100.","fr":"Net Promoter Score à partir de pourcentages : % de promoteurs (9-10) moins % de détracteurs (0-6). Va de -100 à 100.","es":"Net Promoter Score a partir de porcentajes: % de promotores (9-10) menos % de detractores (0-6). Va de -100 a 100."},"unit":"points","arguments":[["promoters_pct","percent",{"en":"Promoters among all who answered, in percent (60, not 0.6)","pt":"Promotores entre todos os que responderam, em porcentagem (60, não 0,6)","fr":"Promoteurs parmi les répondants, en pourcentage (60 et non 0,6)","es":"Promotores entre quienes respondieron, en porcentaje (60, no 0.6)"}],["detractors_pct","percent",{"en":"Detractors among all who answered, in percent (20, not 0.2)","pt":"Detratores entre todos os que responderam, em porcentagem (20, não 0,2)","fr":"Détracteurs parmi les répondants, en pourcentage (20 et non 0,2)","es":"Detractores entre quienes respondieron, en porcentaje (20, no 0.2)"}]],"formula":["-","promoters_pct","detractors_pct"],"require":[["<=",["+","promoters_pct","detractors_pct"],100.0]],"example":[{"promoters_pct":60.0,"detractors_pct":20.0},40.0]},
"NPSCOUNTS":{"help":{"en":"Net promoter score from counts: promoters minus detractors over all who answered, times 100. Runs from -100 to 100.","pt":"Net Promoter Score a partir de quantidades: promotores menos detratores sobre o total de respostas, vezes 100. Vai de -100 a 100.","fr":"Net Promoter Score à partir du nombre de réponses : promoteurs moins détracteurs, rapportés au total des réponses, fois 100. Va de -100 à 100.","es":"Net Promoter Score a partir de cantidades: promotores menos detractores sobre el total de respuestas, por 100. Va de -100 a 100."},"unit":"points","arguments":[["promoters","count:answers",{"en":"People who answered 9 or 10","pt":"Pessoas que responderam 9 ou 10","fr":"Personnes ayant répondu 9 ou 10","es":"Personas que respondieron 9 o 10"}],["passives","count:answers",{"en":"People who answered 7 or 8","pt":"Pessoas que responderam 7 ou 8","fr":"Personnes ayant répondu 7 ou 8","es":"Personas que respondieron 7 u 8"}],["detractors","count:answers",{"en":"People who answered 0 to 6","pt":"Pessoas que responderam de 0 a 6","fr":"Personnes ayant répondu de 0 à 6","es":"Personas que respondieron de 0 a 6"}]],"formula":["*",["/",["-","promoters","detractors"],["+",["+","promoters","passives"],"detractors"]],100.0],"example":[{"promoters":60.0,"passives":20.0,"detractors":20.0},40.0]},
"NPSSCORES":{"help":{"en":"Net promoter score from the answers themselves: the share of 9s and 10s minus the share of 0 to 6, times 100.","pt":"Net Promoter Score a partir das próprias respostas: parcela de notas 9 e 10 menos a parcela de 0 a 6, vezes 100.","fr":"Net Promoter Score à partir des réponses elles-mêmes : part des notes 9 et 10 moins part des notes 0 à 6, fois 100.","es":"Net Promoter Score a partir de las propias respuestas: proporción de respuestas 9 y 10 menos proporción de respuestas 0 a 6, por 100."},"unit":"points","arguments":[["scores","score",{"en":"Range of answers from 0 to 10","pt":"Intervalo com as respostas de 0 a 10","fr":"Plage des réponses de 0 à 10","es":"Rango con las respuestas de 0 a 10"}]],"formula":["*",["/",["-",["countif",[">=","scores",9.0]],["countif",["<=","scores",6.0]]],["count","scores"]],100.0],"require":[[">=",["min","scores"],0.0],["<=",["max","scores"],10.0]],"example":[{"scores":[10.0,9.0,9.0,8.0,7.0,6.0,10.0,9.0,3.0,10.0]},40.0]},
"MSCR":{"help":{"en":"Mentoring session completion rate: mentoring sessions completed as a share of those scheduled, in percent.","pt":"Taxa de conclusão das sessões de mentoria: sessões concluídas em relação às agendadas, em porcentagem.","fr":"Taux de réalisation des séances de mentorat : séances réalisées rapportées aux séances prévues, en pourcentage.","es":"Tasa de sesiones de mentoría completadas: sesiones completadas sobre sesiones programadas, en porcentaje."},"unit":"percent","arguments":[["completed_sessions","count:sessions",{"en":"Mentoring sessions completed","pt":"Sessões de mentoria concluídas","fr":"Séances de mentorat réalisées","es":"Sesiones de mentoría completadas"}],["scheduled_sessions","count:sessions",{"en":"Mentoring sessions scheduled","pt":"Sessões de mentoria agendadas","fr":"Séances de mentorat prévues","es":"Sesiones de mentoría programadas"}]],"formula":["*",["/","completed_sessions","scheduled_sessions"],100.0],"example":[{"completed_sessions":80.0,"scheduled_sessions":100.0},80.0]},
"CCAR":{"help":{"en":"Client career advancement rate: mentored clients who moved forward in their career, in percent.","pt":"Taxa de avanço dos clientes na carreira: parcela dos clientes em mentoria que avançaram na carreira, em porcentagem.","fr":"Taux de progression de carrière : part des clients suivis qui ont progressé professionnellement, en pourcentage.","es":"Tasa de avance profesional: parte de los clientes en mentoría que progresaron en su carrera, en porcentaje."},"unit":"percent","arguments":[["advanced_clients","count:clients",{"en":"Clients who advanced in their career","pt":"Clientes que avançaram na carreira","fr":"Clients ayant progressé dans leur carrière","es":"Clientes que avanzaron en su carrera"}],["mentored_clients","count:clients",{"en":"All clients mentored, with or without an advance","pt":"Todos os clientes em mentoria, com ou sem avanço","fr":"Tous les clients suivis, avec ou sans progression","es":"Todos los clientes en mentoría, con o sin avance"}]],"formula":["*",["/","advanced_clients","mentored_clients"],100.0],"require":[["<=","advanced_clients","mentored_clients"]],"example":[{"advanced_clients":30.0,"mentored_clients":50.0},60.0]},
"WAG":{"help":{"en":"Workshop attendance growth: change in attendance from the earlier to the recent workshop, in percent of the earlier one. Negative when fewer people came.","pt":"Crescimento da participação em workshops: variação do workshop anterior para o mais recente, em porcentagem do anterior. Negativo quando veio menos gente.","fr":"Croissance de la fréquentation des ateliers : écart entre l'atelier précédent et le plus récent, en pourcentage du précédent. Négatif si moins de monde est venu.","es":"Crecimiento de la asistencia a talleres: cambio entre el taller anterior y el reciente, en porcentaje del anterior. Negativo si asistió menos gente."},"unit":"percent","arguments":[["new_attendance","count:attendees",{"en":"People at the recent workshop","pt":"Participantes do workshop mais recente","fr":"Participants à l'atelier le plus récent","es":"Asistentes al taller reciente"}],["old_attendance","count:attendees",{"en":"People at the earlier workshop","pt":"Participantes do workshop anterior","fr":"Participants à l'atelier précédent","es":"Asistentes al taller anterior"}]],"formula":["*",["/",["-","new_attendance","old_attendance"],"old_attendance"],100.0],"example":[{"new_attendance":65.0,"old_attendance":50.0},30.0]},
"NESR":{"help":{"en":"Networking event success rate: valuable connections made per 100 people attending. It can pass 100%.","pt":"Taxa de sucesso dos eventos de networking: contatos valiosos feitos a cada 100 pessoas presentes. Pode passar de 100%.","fr":"Taux de réussite des événements de networking : contacts utiles noués pour 100 personnes présentes. Il peut dépasser 100 %.","es":"Tasa de éxito de los eventos de networking: contactos valiosos logrados por cada 100 asistentes. Puede superar el 100 %."},"unit":"percent","arguments":[["connections","count:connections",{"en":"Valuable connections made at the events","pt":"Contatos valiosos feitos nos eventos","fr":"Contacts utiles noués pendant les événements","es":"Contactos valiosos logrados en los eventos"}],["attendees","count:attendees",{"en":"People who attended the events","pt":"Pessoas presentes nos eventos","fr":"Personnes présentes aux événements","es":"Personas que asistieron a los eventos"}]],"formula":["*",["/","connections","attendees"],100.0],"example":[{"connections":25.0,"attendees":100.0},25.0]},
"SAIR":{"help":{"en":"Skills alignment improvement rate: how far the score for matching what the industry asks has risen, in percent of the initial score.","pt":"Taxa de melhoria do alinhamento de competências: quanto subiu a nota de adequação às exigências do setor, em porcentagem da nota inicial.","fr":"Taux d'amélioration de l'adéquation des compétences : hausse du score d'adéquation aux attentes du secteur, en pourcentage du score initial.","es":"Tasa de mejora de la alineación de competencias: cuánto subió el puntaje de adecuación a lo que pide el sector, en porcentaje del puntaje inicial."},"unit":"percent","arguments":[["final_score","score",{"en":"Skills alignment score at the end of the period","pt":"Nota de alinhamento de competências no fim do período","fr":"Score d'adéquation des compétences à la fin de la période","es":"Puntaje de alineación de competencias al final del período"}],["initial_score","score",{"en":"Skills alignment score at the start of the period","pt":"Nota de alinhamento de competências no início do período","fr":"Score d'adéquation des compétences au début de la période","es":"Puntaje de alineación de competencias al inicio del período"}]],"formula":["*",["/",["-","final_score","initial_score"],"initial_score"],100.0],"example":[{"final_score":75.0,"initial_score":60.0},25.0]},
"UEL":{"help":{"en":"User engagement level: log-ins, session minutes, profile updates and uses of personal advice, simply added up. For a percentage use UELRATE.","pt":"Nível de engajamento do usuário: acessos, minutos de sessão, atualizações de perfil e usos da orientação, apenas somados. Para uma porcentagem, use UELRATE.","fr":"Niveau d'engagement des utilisateurs : connexions, minutes de session, mises à jour du profil et recours aux conseils, simplement additionnés. Pour un pourcentage, voir UELRATE.","es":"Nivel de interacción del usuario: accesos, minutos de sesión, actualizaciones de perfil y usos de la orientación, simplemente sumados. Para un porcentaje, use UELRATE."},"unit":"score","arguments":[["weekly_logins","count:logins",{"en":"Average log-ins per user and week","pt":"Média de acessos por usuário e por semana","fr":"Connexions par utilisateur et par semaine, en moyenne","es":"Promedio de accesos por usuario y por semana"}],["session_minutes","minutes",{"en":"Average length of a session, in minutes","pt":"Duração média de uma sessão, em minutos","fr":"Durée moyenne d'une session, en minutes","es":"Duración media de una sesión, en minutos"}],["profile_updates","count:updates",{"en":"Average profile updates per user and month","pt":"Média de atualizações de perfil por usuário e por mês","fr":"Mises à jour du profil par utilisateur et par mois, en moyenne","es":"Promedio de actualizaciones de perfil por usuario y por mes"}],["advice_uses","count:uses",{"en":"Average uses of the personal advice features per user and week","pt":"Média de usos dos recursos de orientação personalizada por usuário e por semana","fr":"Recours aux conseils personnalisés par utilisateur et par semaine, en moyenne","es":"Promedio de usos de las funciones de orientación personalizada por usuario y por semana"}]],"formula":["+",["+",["+","weekly_logins","session_minutes"],"profile_updates"],"advice_uses"],"example":[{"weekly_logins":3.0,"session_minutes":30.0,"profile_updates":1.0,"advice_uses":1.0},35.0]},
"UELRATE":{"help":{"en":"User engagement rate: log-ins, session minutes, profile updates and uses of advice, each against its target and capped at 100%, then averaged, in percent.","pt":"Taxa de engajamento do usuário: acessos, minutos de sessão, atualizações de perfil e usos da orientação, cada um comparado com a sua meta e limitado a 100%; depois, a média dos quatro, em porcentagem.","fr":"Taux d'engagement des utilisateurs : connexions, minutes de session, mises à jour du profil et recours aux conseils, chacun rapporté à sa cible et plafonné à 100 % ; moyenne en pourcentage.","es":"Tasa de interacción del usuario: accesos, minutos de sesión, actualizaciones de perfil y usos de la orientación, cada uno frente a su meta y con tope del 100 %; promedio en porcentaje."},"unit":"percent","arguments":[["weekly_logins","count:logins",{"en":"Average log-ins per user and week","pt":"Média de acessos por usuário e por semana","fr":"Connexions par utilisateur et par semaine, en moyenne","es":"Promedio de accesos por usuario y por semana"}],["session_minutes","minutes",{"en":"Average length of a session, in minutes","pt":"Duração média de uma sessão, em minutos","fr":"Durée moyenne d'une session, en minutes","es":"Duración media de una sesión, en minutos"}],["profile_updates","count:updates",{"en":"Average profile updates per user and month","pt":"Média de atualizações de perfil por usuário e por mês","fr":"Mises à jour du profil par utilisateur et par mois, en moyenne","es":"Promedio de actualizaciones de perfil por usuario y por mes"}],["advice_uses","count:uses",{"en":"Average uses of the personal advice features per user and week","pt":"Média de usos dos recursos de orientação personalizada por usuário e por semana","fr":"Recours aux conseils personnalisés par utilisateur et par semaine, en moyenne","es":"Promedio de usos de las funciones de orientación personalizada por usuario y por semana"}],["target_weekly_logins","count:logins",{"en":"Your target for log-ins per user and week","pt":"Sua meta de acessos por usuário e por semana","fr":"Votre cible de connexions par utilisateur et par semaine","es":"Su meta de accesos por usuario y por semana"}],["target_session_minutes","minutes",{"en":"Your target for the length of a session, in minutes","pt":"Sua meta de duração de uma sessão, em minutos","fr":"Votre cible de durée d'une session, en minutes","es":"Su meta de duración de una sesión, en minutos"}],["target_profile_updates","count:updates",{"en":"Your target for profile updates per user and month","pt":"Sua meta de atualizações de perfil por usuário e por mês","fr":"Votre cible de mises à jour du profil par utilisateur et par mois","es":"Su meta de actualizaciones de perfil por usuario y por mes"}],["target_advice_uses","count:uses",{"en":"Your target for uses of personal advice per user and week","pt":"Sua meta de usos da orientação personalizada por usuário e por semana","fr":"Votre cible de recours aux conseils personnalisés par utilisateur et par semaine","es":"Su meta de usos de la orientación personalizada por usuario y por semana"}]],"formula":["*",["/",["+",["+",["+",["min",["/","weekly_logins","target_weekly_logins"],1.0],["min",["/","session_minutes","target_session_minutes"],1.0]],["min",["/","profile_updates","target_profile_updates"],1.0]],["min",["/","advice_uses","target_advice_uses"],1.0]],4.0],100.0],"example":[{"weekly_logins":3.0,"session_minutes":30.0,"profile_updates":1.0,"advice_uses":1.0,"target_weekly_logins":4.0,"target_session_minutes":30.0,"target_profile_updates":1.0,"target_advice_uses":2.0},81.25]},
"CPSR":{"help":{"en":"Career progression success rate: coached clients who moved ahead in their career, in percent.","pt":"Taxa de sucesso na progressão de carreira: parcela dos clientes acompanhados que avançaram na carreira, em porcentagem.","fr":"Taux de réussite de la progression de carrière : clients accompagnés ayant progressé dans leur carrière, en pourcentage.","es":"Tasa de éxito en la progresión profesional: clientes en coaching que avanzaron en su carrera, en porcentaje."},"unit":"percent","arguments":[["successful_clients","count:clients",{"en":"Clients who moved ahead in their career","pt":"Clientes que avançaram na carreira","fr":"Clients ayant progressé dans leur carrière","es":"Clientes que avanzaron en su carrera"}],["coached_clients","count:clients",{"en":"Clients coached","pt":"Clientes acompanhados","fr":"Clients accompagnés","es":"Clientes en coaching"}]],"formula":["*",["/","successful_clients","coached_clients"],100.0],"require":[["<=","successful_clients","coached_clients"]],"example":[{"successful_clients":70.0,"coached_clients":100.0},70.0]},
"MAI":{"help":{"en":"Market adaptability index: the plain average of trend awareness, success of personal guidance and client satisfaction, in percent.","pt":"Índice de adaptabilidade ao mercado: média simples do conhecimento das tendências, do sucesso da orientação e da satisfação dos clientes, em porcentagem.","fr":"Indice d'adaptabilité au marché : moyenne simple de la connaissance des tendances, de la réussite des conseils et de la satisfaction des clients, en pourcentage.","es":"Índice de adaptabilidad al mercado: promedio simple del conocimiento de las tendencias, el éxito de la orientación y la satisfacción de los clientes, en porcentaje."},"unit":"percent","arguments":[["trend_awareness","percent",{"en":"Awareness of industry trends, in percent (80, not 0.8)","pt":"Conhecimento das tendências do setor, em porcentagem (80, não 0,8)","fr":"Connaissance des tendances du secteur, en pourcentage (80 et non 0,8)","es":"Conocimiento de las tendencias del sector, en porcentaje (80, no 0.8)"}],["guidance_success","percent",{"en":"Success of personal guidance, in percent (90, not 0.9)","pt":"Sucesso da orientação personalizada, em porcentagem (90, não 0,9)","fr":"Réussite des conseils personnalisés, en pourcentage (90 et non 0,9)","es":"Éxito de la orientación personalizada, en porcentaje (90, no 0.9)"}],["client_satisfaction","percent",{"en":"Satisfied clients, in percent (85, not 0.85)","pt":"Clientes satisfeitos, em porcentagem (85, não 0,85)","fr":"Clients satisfaits, en pourcentage (85 et non 0,85)","es":"Clientes satisfechos, en porcentaje (85, no 0.85)"}]],"formula":["/",["+",["+","trend_awareness","guidance_success"],"client_satisfaction"],3.0],"example":[{"trend_awareness":80.0,"guidance_success":90.0,"client_satisfaction":85.0},85.0]},
"RRAU":{"help":{"en":"Active user retention rate: the share of the active users at the start of a period who are still active at its end, in percent.","pt":"Taxa de retenção de usuários ativos: parcela dos usuários ativos do início do período que continuam ativos no fim, em porcentagem.","fr":"Taux de rétention des utilisateurs actifs : part des utilisateurs actifs du début de la période qui le sont encore à la fin, en pourcentage.","es":"Tasa de retención de usuarios activos: parte de los usuarios activos del inicio del período que siguen activos al final, en porcentaje."},"unit":"percent","arguments":[["end_users","count:users",{"en":"Active users at the end of the period","pt":"Usuários ativos no fim do período","fr":"Utilisateurs actifs à la fin de la période","es":"Usuarios activos al final del período"}],["new_users","count:users",{"en":"Users won during the period","pt":"Usuários conquistados durante o período","fr":"Utilisateurs gagnés pendant la période","es":"Usuarios ganados durante el período"}],["start_users","count:users",{"en":"Active users at the start of the period","pt":"Usuários ativos no início do período","fr":"Utilisateurs actifs au début de la période","es":"Usuarios activos al inicio del período"}]],"formula":["*",["/",["-","end_users","new_users"],"start_users"],100.0],"require":[["<=","new_users","end_users"]],"example":[{"end_users":480.0,"new_users":50.0,"start_users":500.0},86.0]},
"CCAG":{"help":{"en":"Corporate client acquisition growth: corporate clients won in a period, in percent of those at its start.","pt":"Crescimento da aquisição de clientes corporativos: clientes corporativos conquistados no período, em porcentagem dos que havia no início.","fr":"Croissance de l'acquisition de clients entreprises : clients entreprises gagnés pendant la période, en pourcentage de ceux du début.","es":"Crecimiento de la captación de clientes corporativos: clientes corporativos ganados en el período, en porcentaje de los que había al inicio."},"unit":"percent","arguments":[["new_corporate_clients","count:clients",{"en":"Corporate clients won during the period","pt":"Clientes corporativos conquistados durante o período","fr":"Clients entreprises gagnés pendant la période","es":"Clientes corporativos ganados durante el período"}],["start_corporate_clients","count:clients",{"en":"Corporate clients at the start of the period","pt":"Clientes corporativos no início do período","fr":"Clients entreprises au début de la période","es":"Clientes corporativos al inicio del período"}]],"formula":["*",["/","new_corporate_clients","start_corporate_clients"],100.0],"example":[{"new_corporate_clients":10.0,"start_corporate_clients":50.0},20.0]},
"CCAGPRINTED":{"help":{"en":"Corporate client acquisition growth as the article prints its formula: new clients minus those at the start, over those at the start. Below zero unless the clients double; prefer CCAG.","pt":"Crescimento da aquisição de clientes corporativos pela fórmula publicada no artigo: novos menos os do início, sobre os do início. Fica negativo se os clientes não dobrarem; prefira CCAG.","fr":"Croissance de l'acquisition de clients entreprises selon la formule de l'article : nouveaux clients moins clients du début, divisés par ceux du début. Négative tant que leur nombre ne double pas ; préférez CCAG.","es":"Crecimiento de la captación de clientes corporativos con la fórmula publicada: nuevos menos los del inicio, sobre los del inicio. Negativo mientras no se dupliquen; es preferible CCAG."},"unit":"percent","arguments":[["new_corporate_clients","count:clients",{"en":"Corporate clients won during the period","pt":"Clientes corporativos conquistados durante o período","fr":"Clients entreprises gagnés pendant la période","es":"Clientes corporativos ganados durante el período"}],["start_corporate_clients","count:clients",{"en":"Corporate clients at the start of the period","pt":"Clientes corporativos no início do período","fr":"Clients entreprises au début de la période","es":"Clientes corporativos al inicio del período"}]],"formula":["*",["/",["-","new_corporate_clients","start_corporate_clients"],"start_corporate_clients"],100.0],"example":[{"new_corporate_clients":10.0,"start_corporate_clients":50.0},-80.0]},
"SCR":{"help":{"en":"Session completion rate: sessions held as a share of sessions scheduled, in percent.","pt":"Taxa de realização de sessões: sessões realizadas em relação às agendadas, em porcentagem.","fr":"Taux de réalisation des séances : séances réalisées rapportées aux séances prévues, en pourcentage.","es":"Tasa de sesiones realizadas: sesiones realizadas sobre sesiones programadas, en porcentaje."},"unit":"percent","arguments":[["completed_sessions","count:sessions",{"en":"Sessions held","pt":"Sessões realizadas","fr":"Séances réalisées","es":"Sesiones realizadas"}],["scheduled_sessions","count:sessions",{"en":"Sessions scheduled","pt":"Sessões agendadas","fr":"Séances prévues","es":"Sesiones programadas"}]],"formula":["*",["/","completed_sessions","scheduled_sessions"],100.0],"example":[{"completed_sessions":40.0,"scheduled_sessions":50.0},80.0]},
"ARPU":{"help":{"en":"Average revenue per user: revenue divided by the number of users of the same period.","pt":"Receita média por usuário: receita dividida pelo número de usuários do mesmo período.","fr":"Revenu moyen par utilisateur : chiffre d'affaires divisé par le nombre d'utilisateurs de la même période.","es":"Ingreso medio por usuario: ingresos divididos entre el número de usuarios del mismo período."},"unit":"money","arguments":[["total_revenue","money",{"en":"Revenue of the period","pt":"Receita do período","fr":"Chiffre d'affaires de la période","es":"Ingresos del período"}],["active_users","count:users",{"en":"Users in the period","pt":"Usuários no período","fr":"Utilisateurs pendant la période","es":"Usuarios en el período"}]],"formula":["/","total_revenue","active_users"],"example":[{"total_revenue":100000.0,"active_users":1000.0},100.0]},
"CRFCPC":{"help":{"en":"Conversion rate from free consultation to paying client: paying clients won, over free consultations given, in percent.","pt":"Taxa de conversão de consulta gratuita em cliente pagante: clientes pagantes obtidos sobre consultas gratuitas, em porcentagem.","fr":"Taux de conversion des consultations gratuites en clients payants : clients payants gagnés rapportés aux consultations gratuites, en pourcentage.","es":"Tasa de conversión de consulta gratuita a cliente de pago: clientes de pago logrados sobre consultas gratuitas, en porcentaje."},"unit":"percent","arguments":[["paying_clients","count:clients",{"en":"Free consultations that became paying clients","pt":"Consultas gratuitas que viraram clientes pagantes","fr":"Consultations gratuites ayant abouti à un client payant","es":"Consultas gratuitas convertidas en clientes de pago"}],["free_consultations","count:consultations",{"en":"Free consultations given","pt":"Consultas gratuitas realizadas","fr":"Consultations gratuites réalisées","es":"Consultas gratuitas realizadas"}]],"formula":["*",["/","paying_clients","free_consultations"],100.0],"example":[{"paying_clients":20.0,"free_consultations":50.0},40.0]},
"CJPSR":{"help":{"en":"Client job placement success rate: coached clients who found a job, in percent.","pt":"Taxa de sucesso na recolocação de clientes: parcela dos clientes acompanhados que conseguiram emprego, em porcentagem.","fr":"Taux d'accès à l'emploi : part des clients accompagnés ayant trouvé un emploi, en pourcentage.","es":"Tasa de éxito en la inserción laboral: clientes en coaching que consiguieron empleo, en porcentaje."},"unit":"percent","arguments":[["placed_clients","count:clients",{"en":"Clients who found a job","pt":"Clientes que conseguiram emprego","fr":"Clients ayant trouvé un emploi","es":"Clientes que consiguieron empleo"}],["coached_clients","count:clients",{"en":"Clients coached","pt":"Clientes acompanhados","fr":"Clients accompagnés","es":"Clientes en coaching"}]],"formula":["*",["/","placed_clients","coached_clients"],100.0],"example":[{"placed_clients":30.0,"coached_clients":50.0},60.0]},
"RTT":{"help":{"en":"Resume turnaround time: average elapsed hours from a client's first consultation to delivery of the finished resume.","pt":"Prazo de entrega do currículo: média de horas corridas entre a primeira consulta do cliente e a entrega do currículo pronto.","fr":"Délai de livraison d'un CV : nombre moyen d'heures écoulées entre la première consultation du client et la livraison du CV terminé.","es":"Plazo de entrega del currículum: promedio de horas transcurridas desde la primera consulta del cliente hasta la entrega del currículum terminado."},"unit":"hours","arguments":[["elapsed_hours","hours",{"en":"Elapsed hours from first consultation to delivery, added up over all these resumes (1 day = 24 hours)","pt":"Horas corridas da primeira consulta à entrega, somadas para todos os currículos entregues (1 dia = 24 horas)","fr":"Heures écoulées de la première consultation à la livraison, additionnées pour tous les CV livrés (1 jour = 24 heures)","es":"Horas transcurridas de la primera consulta a la entrega, sumadas para todos esos currículums (1 día = 24 horas)"}],["completed_resumes","count:resumes",{"en":"Resumes delivered","pt":"Currículos entregues","fr":"CV livrés","es":"Currículums entregados"}]],"formula":["/","elapsed_hours","completed_resumes"],"example":[{"elapsed_hours":150.0,"completed_resumes":20.0},7.5]},
"CAC":{"help":{"en":"Client acquisition cost: sales and marketing spend divided by the number of clients won in the same period.","pt":"Custo de aquisição de clientes: gastos com vendas e marketing divididos pelo número de clientes conquistados no mesmo período.","fr":"Coût d'acquisition d'un client : dépenses commerciales et marketing divisées par le nombre de clients gagnés sur la même période.","es":"Costo de adquisición de clientes: gasto en ventas y marketing dividido entre los clientes ganados en el mismo período."},"unit":"money","arguments":[["acquisition_spend","money",{"en":"Sales and marketing spend of the period: advertising, promotions, salaries, commissions","pt":"Gastos com vendas e marketing no período: publicidade, promoções, salários, comissões","fr":"Dépenses commerciales et marketing de la période : publicité, promotions, salaires, commissions","es":"Gasto en ventas y marketing del período: publicidad, promociones, sueldos, comisiones"}],["new_clients","count:clients",{"en":"Clients won during the period","pt":"Clientes conquistados durante o período","fr":"Clients gagnés pendant la période","es":"Clientes ganados durante el período"}]],"formula":["/","acquisition_spend","new_clients"],"example":[{"acquisition_spend":10000.0,"new_clients":100.0},100.0]},
"RBR":{"help":{"en":"Repeat business rate: the share of the clients served who came back for another service, in percent.","pt":"Taxa de clientes recorrentes: parcela dos clientes atendidos que voltou para contratar outro serviço, em porcentagem.","fr":"Taux de clients récurrents : part des clients servis qui sont revenus pour une autre prestation, en pourcentage.","es":"Tasa de clientes recurrentes: parte de los clientes atendidos que volvió a contratar otro servicio, en porcentaje."},"unit":"percent","arguments":[["repeat_clients","count:clients",{"en":"Clients who used the service more than once","pt":"Clientes que usaram o serviço mais de uma vez","fr":"Clients ayant eu recours au service plus d'une fois","es":"Clientes que usaron el servicio más de una vez"}],["served_clients","count:clients",{"en":"All clients served in the period","pt":"Total de clientes atendidos no período","fr":"Tous les clients servis pendant la période","es":"Total de clientes atendidos en el período"}]],"formula":["*",["/","repeat_clients","served_clients"],100.0],"require":[["<=","repeat_clients","served_clients"]],"example":[{"repeat_clients":40.0,"served_clients":100.0},40.0]},
"RICR":{"help":{"en":"Resume-to-interview conversion rate: job interviews obtained per 100 resumes sent to employers, in percent.","pt":"Taxa de conversão de currículos em entrevistas: entrevistas de emprego obtidas a cada 100 currículos enviados, em porcentagem.","fr":"Taux de conversion des CV en entretiens : entretiens d'embauche obtenus pour 100 CV envoyés aux employeurs, en pourcentage.","es":"Tasa de conversión de currículums en entrevistas: entrevistas de trabajo obtenidas por cada 100 currículums enviados, en porcentaje."},"unit":"percent","arguments":[["interviews","count:interviews",{"en":"Job interviews obtained","pt":"Entrevistas de emprego obtidas","fr":"Entretiens d'embauche obtenus","es":"Entrevistas de trabajo obtenidas"}],["submitted_resumes","count:resumes",{"en":"Resumes sent to employers","pt":"Currículos enviados a empregadores","fr":"CV envoyés aux employeurs","es":"Currículums enviados a empleadores"}]],"formula":["*",["/","interviews","submitted_resumes"],100.0],"example":[{"interviews":20.0,"submitted_resumes":100.0},20.0]},
"ART":{"help":{"en":"Average resolution time: hours taken to resolve client requests, divided by the number of requests resolved.","pt":"Tempo médio de resolução: horas gastas para resolver as solicitações dos clientes, divididas pelo número de solicitações resolvidas.","fr":"Temps moyen de résolution : total des heures qu'il a fallu pour résoudre les demandes des clients, divisé par le nombre de demandes résolues.","es":"Tiempo medio de resolución: horas dedicadas a resolver solicitudes de clientes, divididas entre el número de solicitudes resueltas."},"unit":"hours","arguments":[["resolution_hours","hours",{"en":"Hours taken by all the requests resolved, added up (half an hour is 0.5)","pt":"Horas que as solicitações resolvidas levaram, somadas (meia hora é 0,5)","fr":"Total des heures de résolution, toutes demandes confondues (une demi-heure vaut 0,5)","es":"Total de horas que tomaron las solicitudes resueltas (media hora es 0.5)"}],["resolved_requests","count:requests",{"en":"Client requests resolved","pt":"Solicitações de clientes resolvidas","fr":"Demandes de clients résolues","es":"Solicitudes de clientes resueltas"}]],"formula":["/","resolution_hours","resolved_requests"],"example":[{"resolution_hours":100.0,"resolved_requests":50.0},2.0]},
"TCR":{"help":{"en":"Task completion rate: tasks completed as a share of tasks assigned to the assistants, in percent.","pt":"Taxa de conclusão de tarefas: tarefas concluídas em relação às atribuídas aos assistentes, em porcentagem.","fr":"Taux d'achèvement des tâches : tâches achevées rapportées aux tâches confiées aux assistants, en pourcentage.","es":"Tasa de tareas completadas: tareas completadas sobre tareas asignadas a los asistentes, en porcentaje."},"unit":"percent","arguments":[["completed_tasks","count:tasks",{"en":"Tasks completed","pt":"Tarefas concluídas","fr":"Tâches achevées","es":"Tareas completadas"}],["assigned_tasks","count:tasks",{"en":"Tasks assigned to the assistants","pt":"Tarefas atribuídas aos assistentes","fr":"Tâches confiées aux assistants","es":"Tareas asignadas a los asistentes"}]],"formula":["*",["/","completed_tasks","assigned_tasks"],100.0],"example":[{"completed_tasks":85.0,"assigned_tasks":100.0},85.0]},
"AUR":{"help":{"en":"Assistant utilization rate: hours of productive work for clients as a share of the working hours available, in percent.","pt":"Taxa de ocupação dos assistentes: horas de trabalho produtivo para clientes em relação às horas de trabalho disponíveis, em porcentagem.","fr":"Taux d'occupation des assistants : heures de travail productif pour les clients rapportées aux heures de travail disponibles, en pourcentage.","es":"Tasa de ocupación de los asistentes: horas de trabajo productivo para clientes sobre horas de trabajo disponibles, en porcentaje."},"unit":"percent","arguments":[["productive_hours","hours",{"en":"Hours the assistants spent on productive work for clients","pt":"Horas que os assistentes dedicaram a trabalho produtivo para clientes","fr":"Heures consacrées par les assistants à un travail productif pour les clients","es":"Horas que los asistentes dedicaron a trabajo productivo para clientes"}],["available_hours","hours",{"en":"Working hours the assistants had available","pt":"Horas de trabalho que os assistentes tinham disponíveis","fr":"Heures de travail dont disposaient les assistants","es":"Horas de trabajo disponibles de los asistentes"}]],"formula":["*",["/","productive_hours","available_hours"],100.0],"example":[{"productive_hours":600.0,"available_hours":800.0},75.0]},
"NCAR":{"help":{"en":"New client acquisition rate: new clients won, over leads generated in the same period, in percent.","pt":"Taxa de aquisição de novos clientes: novos clientes conquistados sobre leads gerados no mesmo período, em porcentagem.","fr":"Taux d'acquisition de nouveaux clients : nouveaux clients gagnés rapportés aux prospects obtenus pendant la même période, en pourcentage.","es":"Tasa de captación de clientes nuevos: clientes nuevos ganados sobre prospectos generados en el mismo período, en porcentaje."},"unit":"percent","arguments":[["new_clients","count:clients",{"en":"Clients won during the period","pt":"Clientes conquistados durante o período","fr":"Clients gagnés pendant la période","es":"Clientes ganados durante el período"}],["generated_leads","count:leads",{"en":"Leads (possible clients) generated during the period","pt":"Leads (possíveis clientes) gerados durante o período","fr":"Prospects (clients possibles) obtenus pendant la période","es":"Prospectos (posibles clientes) generados durante el período"}]],"formula":["*",["/","new_clients","generated_leads"],100.0],"example":[{"new_clients":20.0,"generated_leads":200.0},10.0]},
"SDI":{"help":{"en":"Service diversification index: different services on offer, divided by the number of clients served. A ratio, not a percentage.","pt":"Índice de diversificação de serviços: serviços diferentes oferecidos, divididos pelo número de clientes atendidos. É uma razão, não uma porcentagem.","fr":"Indice de diversification des services : services différents proposés, divisés par le nombre de clients servis. C'est un ratio, non un pourcentage.","es":"Índice de diversificación de servicios: servicios distintos ofrecidos, divididos entre el número de clientes atendidos. Es un cociente, no un porcentaje."},"unit":"ratio","arguments":[["services_offered","count:services",{"en":"Different services on offer, each counted once","pt":"Serviços diferentes oferecidos, cada um contado uma vez","fr":"Services différents proposés, chacun compté une fois","es":"Servicios distintos ofrecidos, cada uno contado una vez"}],["active_clients","count:clients",{"en":"Clients served","pt":"Clientes atendidos","fr":"Clients servis","es":"Clientes atendidos"}]],"formula":["/","services_offered","active_clients"],"example":[{"services_offered":10.0,"active_clients":50.0},0.2]}
},"verticals":{
"career-mentoring":{"client_satisfaction":{"function":"CSSMEAN","name":{"en":"Customer satisfaction score (mean rating)","pt":"Índice de satisfação do cliente (nota média)","fr":"Score de satisfaction client (note moyenne)","es":"Índice de satisfacción del cliente (calificación media)"},"unit":"score","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",8.0],[2,">=",8.5],[3,">=",9.0]]}},"session_completion":{"function":"MSCR","name":{"en":"Mentoring session completion rate","pt":"Taxa de conclusão das sessões de mentoria","fr":"Taux de réalisation des séances de mentorat","es":"Tasa de sesiones de mentoría completadas"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",75.0],[2,">=",80.0],[3,">=",90.0]]}},"career_advancement":{"function":"CCAR","name":{"en":"Client career advancement rate","pt":"Taxa de avanço dos clientes na carreira","fr":"Taux de progression de carrière des clients","es":"Tasa de avance profesional de los clientes"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",50.0],[2,">=",70.0],[3,">",85.0]]}},"time_to_milestone":{"function":"ATACM","name":{"en":"Average time to a career milestone","pt":"Tempo médio até um marco de carreira","fr":"Temps moyen pour franchir une étape de carrière","es":"Tiempo medio hasta un hito profesional"},"unit":"months","better":"lower","period":"","segments":[""],"bands":{"":[[1,"<=",12.0],[2,"<=",6.0],[3,"<",3.0]]}},"client_retention":{"function":"CRR","name":{"en":"Client retention rate","pt":"Taxa de retenção de clientes","fr":"Taux de rétention des clients","es":"Tasa de retención de clientes"},"unit":"percent","better":"higher","period":"year","segments":[""],"bands":{"":[[1,">=",70.0],[2,">=",80.0],[3,">=",90.0]]}},"workshop_growth":{"function":"WAG","name":{"en":"Workshop attendance growth","pt":"Crescimento da participação em workshops","fr":"Croissance de la fréquentation des ateliers","es":"Crecimiento de la asistencia a talleres"},"unit":"percent","better":"higher","period":"year","segments":[""],"bands":{"":[[1,">=",10.0],[2,">",20.0],[3,">=",30.0]]}},"networking_success":{"function":"NESR","name":{"en":"Networking event success rate","pt":"Taxa de sucesso dos eventos de networking","fr":"Taux de réussite des événements de networking","es":"Tasa de éxito de los eventos de networking"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",20.0],[2,">=",30.0],[3,">=",40.0]]}}},
"data-driven-career-coaching":{"satisfaction_score":{"function":"CSSMEAN","name":{"en":"Customer satisfaction score (mean rating)","pt":"Índice de satisfação do cliente (nota média)","fr":"Score de satisfaction client (note moyenne)","es":"Índice de satisfacción del cliente (calificación media)"},"unit":"points","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",70.0],[2,">=",80.0],[3,">=",90.0]]}},"skills_improvement":{"function":"SAIR","name":{"en":"Skills alignment improvement rate","pt":"Taxa de melhoria do alinhamento de competências","fr":"Taux d'amélioration de l'adéquation des compétences","es":"Tasa de mejora de la alineación de competencias"},"unit":"percent","better":"higher","period":"","segments":["individual","corporate"],"bands":{"individual":[[1,">=",15.0],[2,">=",25.0],[3,">=",35.0]],"corporate":[[1,">=",20.0],[2,">=",30.0],[3,">=",40.0]]}},"user_engagement":{"function":"UEL","name":{"en":"User engagement level","pt":"Nível de engajamento do usuário","fr":"Niveau d'engagement des utilisateurs","es":"Nivel de interacción del usuario"},"unit":"score","better":"higher","period":"","segments":[""],"bands":{}},"engagement_rate":{"function":"UELRATE","name":{"en":"User engagement rate","pt":"Taxa de engajamento do usuário","fr":"Taux d'engagement des utilisateurs","es":"Tasa de interacción del usuario"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",60.0],[2,">=",75.0],[3,">=",80.0]]}},"career_progression":{"function":"CPSR","name":{"en":"Career progression success rate","pt":"Taxa de sucesso na progressão de carreira","fr":"Taux de réussite de la progression de carrière","es":"Tasa de éxito en la progresión profesional"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",60.0],[2,">",75.0],[3,">=",80.0]]}},"market_adaptability":{"function":"MAI","name":{"en":"Market adaptability index","pt":"Índice de adaptabilidade ao mercado","fr":"Indice d'adaptabilité au marché","es":"Índice de adaptabilidad al mercado"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",75.0],[2,">",85.0],[3,">",90.0]]}},"user_retention":{"function":"RRAU","name":{"en":"Active user retention rate","pt":"Taxa de retenção de usuários ativos","fr":"Taux de rétention des utilisateurs actifs","es":"Tasa de retención de usuarios activos"},"unit":"percent","better":"higher","period":"month","segments":[""],"bands":{"":[[1,">=",80.0],[2,">=",85.0],[3,">",90.0]]}},"corporate_growth":{"function":"CCAG","name":{"en":"Corporate client acquisition growth","pt":"Crescimento da aquisição de clientes corporativos","fr":"Croissance de l'acquisition de clients entreprises","es":"Crecimiento de la captación de clientes corporativos"},"unit":"percent","better":"higher","period":"quarter","segments":[""],"bands":{"":[[1,">=",5.0],[2,">=",20.0],[3,">",40.0]]}}},
"remote-career-coaching":{"client_satisfaction":{"function":"CSS","name":{"en":"Customer satisfaction score","pt":"Índice de satisfação do cliente","fr":"Score de satisfaction client","es":"Índice de satisfacción del cliente"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",80.0],[2,">",90.0],[3,">=",95.0]]}},"session_completion":{"function":"SCR","name":{"en":"Session completion rate","pt":"Taxa de realização de sessões","fr":"Taux de réalisation des séances","es":"Tasa de sesiones realizadas"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",70.0],[2,">=",80.0],[3,">=",90.0]]}},"client_retention":{"function":"CRR","name":{"en":"Client retention rate","pt":"Taxa de retenção de clientes","fr":"Taux de rétention des clients","es":"Tasa de retención de clientes"},"unit":"percent","better":"higher","period":"quarter","segments":[""],"bands":{"":[[1,">=",80.0],[3,">=",90.0]]}},"revenue_per_user":{"function":"ARPU","name":{"en":"Average revenue per user","pt":"Receita média por usuário","fr":"Revenu moyen par utilisateur","es":"Ingreso medio por usuario"},"unit":"money","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",150.0],[2,">=",200.0],[3,">=",300.0]]}},"consultation_conversion":{"function":"CRFCPC","name":{"en":"Conversion from free consultation to paying client","pt":"Conversão de consulta gratuita em cliente pagante","fr":"Conversion des consultations gratuites en clients payants","es":"Conversión de consulta gratuita a cliente de pago"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",20.0],[2,">=",40.0],[3,">",60.0]]}},"job_placement":{"function":"CJPSR","name":{"en":"Client job placement success rate","pt":"Taxa de sucesso na recolocação de clientes","fr":"Taux d'accès à l'emploi des clients","es":"Tasa de éxito en la inserción laboral"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",50.0],[2,">=",70.0],[3,">",80.0]]}},"time_to_milestone":{"function":"ATACM","name":{"en":"Average time to a career milestone","pt":"Tempo médio até um marco de carreira","fr":"Temps moyen pour franchir une étape de carrière","es":"Tiempo medio hasta un hito profesional"},"unit":"months","better":"lower","period":"","segments":[""],"bands":{"":[[1,"<=",8.0],[2,"<=",5.0],[3,"<=",3.0]]}}},
"remote-resume-writing":{"client_satisfaction":{"function":"CSS","name":{"en":"Customer satisfaction score","pt":"Índice de satisfação do cliente","fr":"Score de satisfaction client","es":"Índice de satisfacción del cliente"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",80.0],[2,">",85.0],[3,">",90.0]]}},"resume_turnaround":{"function":"RTT","name":{"en":"Resume turnaround time","pt":"Prazo de entrega do currículo","fr":"Délai de livraison d'un CV","es":"Plazo de entrega del currículum"},"unit":"hours","better":"lower","period":"month","segments":[""],"bands":{"":[[1,"<=",168.0],[2,"<=",72.0],[3,"<",48.0]]}},"acquisition_cost":{"function":"CAC","name":{"en":"Client acquisition cost","pt":"Custo de aquisição de clientes","fr":"Coût d'acquisition d'un client","es":"Costo de adquisición de clientes"},"unit":"money","better":"lower","period":"month","segments":[""],"bands":{"":[[1,"<=",150.0],[3,"<=",50.0]]}},"repeat_business":{"function":"RBR","name":{"en":"Repeat business rate","pt":"Taxa de clientes recorrentes","fr":"Taux de clients récurrents","es":"Tasa de clientes recurrentes"},"unit":"percent","better":"higher","period":"year","segments":[""],"bands":{"":[[1,">=",40.0],[2,">=",60.0],[3,">",70.0]]}},"interview_conversion":{"function":"RICR","name":{"en":"Resume-to-interview conversion rate","pt":"Taxa de conversão de currículos em entrevistas","fr":"Taux de conversion des CV en entretiens","es":"Tasa de conversión de currículums en entrevistas"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",10.0],[2,">=",25.0],[3,">=",35.0]]}},"client_retention":{"function":"CRR","name":{"en":"Client retention rate","pt":"Taxa de retenção de clientes","fr":"Taux de rétention des clients","es":"Tasa de retención de clientes"},"unit":"percent","better":"higher","period":"year","segments":[""],"bands":{"":[[1,">=",70.0],[3,">",90.0]]}},"net_promoter":{"function":"NPS","name":{"en":"Net promoter score","pt":"Net Promoter Score","fr":"Net Promoter Score","es":"Net Promoter Score"},"unit":"points","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",30.0],[3,">=",50.0]]}}},
"remote-virtual-assistant-agency":{"client_satisfaction":{"function":"CSS","name":{"en":"Customer satisfaction score","pt":"Índice de satisfação do cliente","fr":"Score de satisfaction client","es":"Índice de satisfacción del cliente"},"unit":"percent","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",85.0],[2,">=",90.0],[3,">=",95.0]]}},"resolution_time":{"function":"ART","name":{"en":"Average resolution time","pt":"Tempo médio de resolução","fr":"Temps moyen de résolution","es":"Tiempo medio de resolución"},"unit":"hours","better":"lower","period":"month","segments":[""],"bands":{"":[[1,"<=",3.0],[2,"<",1.0],[3,"<",0.5]]}},"client_retention":{"function":"CRR","name":{"en":"Client retention rate","pt":"Taxa de retenção de clientes","fr":"Taux de rétention des clients","es":"Tasa de retención de clientes"},"unit":"percent","better":"higher","period":"year","segments":[""],"bands":{"":[[1,">=",75.0],[3,">",90.0]]}},"task_completion":{"function":"TCR","name":{"en":"Task completion rate","pt":"Taxa de conclusão de tarefas","fr":"Taux d'achèvement des tâches","es":"Tasa de tareas completadas"},"unit":"percent","better":"higher","period":"month","segments":[""],"bands":{"":[[1,">=",75.0],[2,">",85.0],[3,">",90.0]]}},"assistant_utilization":{"function":"AUR","name":{"en":"Assistant utilization rate","pt":"Taxa de ocupação dos assistentes","fr":"Taux d'occupation des assistants","es":"Tasa de ocupación de los asistentes"},"unit":"percent","better":"higher","period":"month","segments":[""],"bands":{"":[[1,">=",65.0],[2,">=",80.0],[3,">",90.0]]}},"client_acquisition":{"function":"NCAR","name":{"en":"New client acquisition rate","pt":"Taxa de aquisição de novos clientes","fr":"Taux d'acquisition de nouveaux clients","es":"Tasa de captación de clientes nuevos"},"unit":"percent","better":"higher","period":"month","segments":[""],"bands":{"":[[1,">=",5.0],[2,">=",10.0],[3,">",15.0]]}},"service_diversification":{"function":"SDI","name":{"en":"Service diversification index","pt":"Índice de diversificação de serviços","fr":"Indice de diversification des services","es":"Índice de diversificación de servicios"},"unit":"ratio","better":"higher","period":"","segments":[""],"bands":{"":[[1,">=",0.15],[2,">=",0.26],[3,">=",0.36]]}}}
}}
"""
)

_register, _unpacked = _core()
_register(globals(), _unpacked(_CATALOGUE), 'en', '')
