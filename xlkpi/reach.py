"""How far an input can go: to the whole that it is a part of, or to the end of its unit's scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

from .inversion import ONE, NotSolvableError, constant, divide, fraction, holds_name, negative, number, subtract
from .notation import COMPARE_DIGITS, round_half_away, to_text
from .tree import Binary, Call, Compare, Name, Negative, Node, Number


@dataclass(frozen=True)
class Reach:
    """How far a lever can go one way.

    Args:
        ends: trees of the conditions' limits, such as the whole that it is a part of.
        up: whether this is the way up.
        furthest: where there is no such limit, the end of what anybody has.
        digits: decimals of a step.
    """

    ends: tuple[Node, ...]
    up: bool
    furthest: float
    digits: int

    @cached_property
    def tree(self) -> Node:
        """The nearest of the limits, not yet on a whole step."""
        if not self.ends:
            return number(self.furthest)
        return self.ends[0] if len(self.ends) == 1 else Call("min" if self.up else "max", self.ends)

    def whole(self, value: float) -> float:
        """Return a limit brought back to a whole step."""
        steps = round_half_away(value * 10**self.digits, COMPARE_DIGITS - self.digits)
        return float((floor(steps) if self.up else ceil(steps)) / 10**self.digits)


def limits(conditions: tuple[Compare, ...], name: str) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Return the limits that conditions put on a name.

    Args:
        conditions: what holds for every possible input.
        name: the name.

    Returns:
        The lower ones and the upper ones, each a tree over the other names; of plain numbers the nearest.

    Raises:
        NotSolvableError: a condition is no plain limit.
    """
    found: dict[bool, list[Node]] = {False: [], True: []}
    for condition in conditions:
        if not holds_name(condition, name):
            continue
        if condition.operator not in ("<=", ">="):
            raise NotSolvableError(f"The condition {to_text(condition)} is no plain limit.")
        parts = fraction(subtract(condition.left, condition.right), name)
        slope = _sign(parts.a, conditions)
        if slope is None or not parts.plain or parts.d != ONE:
            raise NotSolvableError(f"The condition {to_text(condition)} is no plain limit of {name}.")
        if slope:
            found[(condition.operator == "<=") == (slope > 0)].append(divide(negative(parts.b), parts.a))
    return _nearest(found[False], max), _nearest(found[True], min)


def _sign(slope: Node, conditions: tuple[Compare, ...]) -> float | None:
    """Whether a slope goes up or down; of other names only where none of them is ever below zero.

    Where one of them is zero the limit divides by zero; a formula with a figure then does so, too, or the
    condition says nothing of the name.
    """
    known = constant(slope)
    if known is not None:
        return known
    if isinstance(slope, Negative):
        inner = _sign(slope.operand, conditions)
        return None if inner is None else -inner
    if isinstance(slope, Name):
        return 1.0 if Compare(">=", slope, Number(0.0)) in conditions else None
    if isinstance(slope, Binary) and slope.operator in ("*", "/"):
        signs = [_sign(side, conditions) for side in (slope.left, slope.right)]
        return None if None in signs else signs[0] * signs[1]  # type: ignore[operator]
    return None


def _nearest(ends: list[Node], choose: Callable[[list[float]], float]) -> tuple[Node, ...]:
    numbers = [value for end in ends if (value := constant(end)) is not None]
    others = [end for end in dict.fromkeys(ends) if constant(end) is None]
    return (*others, number(choose(numbers))) if numbers else tuple(others)
