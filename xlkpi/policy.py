"""What becomes of blanks, text, zero divisors and impossible inputs.

A :class:`Rule` is a formula together with what its inputs must satisfy. It answers in two ways: as a
function call, which behaves as Excel's own functions do, and as a row, where a missing input gives a
missing result. How it answers a call over ranges stands in :mod:`xlkpi.arrays`, how it is written for
Excel in :mod:`xlkpi.guards`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite

from .errors import (
    EXCEL_ERRORS,
    ImpossibleInputError,
    KpiError,
    MissingInputError,
    NotANumberError,
    OverflowedError,
    ZeroDivisorError,
)
from .notation import NAMESPACE, compile_tree, to_python, to_text
from .tree import Binary, Call, Compare, Name, Node, Number, children
from .units import domain

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
    """Return one argument as a number, or raise what stands in its way.

    Args:
        value: what the caller gave.
        name: the argument's name, for the message.

    Returns:
        The number; ``True`` is 1.

    Raises:
        KpiError: of the kind that fits, or the error value itself.
    """
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
        number = float(value)  # type: ignore[arg-type]
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
    """A formula, its arguments and the conditions on them.

    Args:
        arguments: argument names in order.
        formula: the tree.
        conditions: comparisons that hold for every possible input.
        ranges: the arguments that are ranges.
        optional: value that each member of a range takes when that range is left out.
        fixed: ranges whose cells always hold numbers, so that no cell has to look whether they do.
    """

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
        """Return a row's figure: missing where an input is missing or nothing was there to divide by.

        Args:
            inputs: each argument's value; a list for a range.

        Returns:
            The number, ``None`` for a missing figure, or a ``KpiError`` for impossible inputs.
        """
        return self.outcome(inputs)[1]

    def outcome(self, inputs: Mapping[str, object]) -> tuple[int, Result]:
        """Return a row's state and its figure.

        Args:
            inputs: each argument's value; a list for a range.

        Returns:
            The state, one of :data:`MISSING`, :data:`GOOD`, :data:`NOTHING`, :data:`IMPOSSIBLE`, and what
            :meth:`row` gives. A figure too large for a cell is an error of good inputs.
        """
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
        columns = {name: list(inputs.get(name) or ()) for name in self.arguments if name in self.ranges}  # type: ignore[call-overload]
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
