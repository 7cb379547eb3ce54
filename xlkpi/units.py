"""Units: what a figure counts in, how it is shown, and which unit a formula gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .tree import Binary, Call, Compare, Name, Negative, Node, Number

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
SIMPLE_UNITS = tuple(_DECIMALS)
_NEVER_NEGATIVE = frozenset(("hours", "minutes", "days", "months"))
_PLAIN = frozenset(("percent", "points", "ratio"))


def is_unit(text: str) -> bool:
    """Whether a text names a unit: one of the simple ones, or ``count:`` and what is counted.

    >>> is_unit("count:clients"), is_unit("dollars")
    (True, False)
    """
    return text in _DECIMALS or bool(re.fullmatch(r"count:[a-z][a-z_]{1,30}", text))


def decimals(unit: str) -> int:
    """Return how many decimals a figure of this unit is shown with."""
    return _DECIMALS.get(unit, 0)


def domain(unit: str) -> tuple[float | None, float | None]:
    """Return the lowest and highest possible figure of a unit, ``None`` where there is no limit.

    >>> domain("count:clients"), domain("percent"), domain("money")
    ((0.0, None), (0.0, 100.0), (None, None))
    """
    if unit == "percent":
        return (0.0, 100.0)
    return (0.0, None) if unit.startswith("count:") or unit in _NEVER_NEGATIVE else (None, None)


Dimension = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is odd about the units in a formula."""

    what: str
    column: int
    severity: str


class UnitReader:
    """Work out the dimension of a tree and collect what does not fit.

    Args:
        units: unit of each name in the tree.
    """

    def __init__(self, units: Mapping[str, str]) -> None:
        self.units = units
        self.doubts: list[Doubt] = []

    def read(self, node: Node) -> Dimension | None:
        """Return the dimension of a node, or ``None`` for a bare number, which fits anything."""
        if isinstance(node, Number):
            return None
        if isinstance(node, Name):
            unit = self.units[node.id]
            return () if unit in _PLAIN else ((unit, 1),)
        if isinstance(node, Negative):
            return self.read(node.operand)
        if isinstance(node, Compare):
            self._same(node, "compares")
            return None
        if isinstance(node, Call):
            return self._call(node)
        return self._binary(node)

    def _same(self, node: Binary | Compare, verb: str) -> Dimension | None:
        left, right = self.read(node.left), self.read(node.right)
        if left is not None and right is not None and left != right:
            text = f"It {verb} {_name(left)} and {_name(right)}."
            self.doubts.append(Doubt(text, node.column, "error"))
        return left if left is not None else right

    def _binary(self, node: Binary) -> Dimension | None:
        if node.operator in ("+", "-"):
            return self._same(node, "adds up" if node.operator == "+" else "subtracts")
        left, right = self.read(node.left), self.read(node.right)
        if node.operator == "**":
            return left if right is None and left in (None, ()) else ()
        if left is None and right is None:
            return None
        sign = 1 if node.operator == "*" else -1
        if sign < 0 and _counts(left) and _counts(right) and left != right:
            self.doubts.append(Doubt(f"It divides {_name(left)} by {_name(right)}.", node.column, "warning"))
            return ()
        total = dict(left or ())
        for base, power in right or ():
            total[base] = total.get(base, 0) + sign * power
        return tuple(sorted((base, power) for base, power in total.items() if power))

    def _call(self, node: Call) -> Dimension | None:
        first = node.arguments[0]
        if node.function in ("count", "countif"):
            if isinstance(first, Compare):
                self.read(first)
            return (("count:values", 1),)
        if node.function == "sumproduct":
            total: dict[str, int] = {}
            for argument in node.arguments:
                for base, power in self.read(argument) or ():
                    total[base] = total.get(base, 0) + power
            return tuple(sorted(total.items()))
        kept = [self.read(argument) for argument in node.arguments]
        if node.function == "if_":
            kept = kept[1:]
        if node.function == "round":
            kept = kept[:1]
        known = [dimension for dimension in kept if dimension is not None]
        if any(dimension != known[0] for dimension in known[1:]):
            self.doubts.append(Doubt(f"{node.function} mixes {_name(known[0])} and others.", node.column, "error"))
        return known[0] if known else None


def _counts(dimension: Dimension | None) -> bool:
    return bool(dimension) and all(b.startswith("count:") and p == 1 for b, p in dimension or ())


def _name(dimension: Dimension | None) -> str:
    parts = [base.removeprefix("count:") + (f"^{power}" if power != 1 else "") for base, power in dimension or ()]
    return " x ".join(parts) or "a plain number"


def check(tree: Node, units: Mapping[str, str], declared: str) -> list[Doubt]:
    """Say what is odd about the units of a formula.

    Args:
        tree: the formula.
        units: unit of each name in it.
        declared: the unit that the result is said to have.

    Returns:
        Doubts, of severity ``"error"`` (money + hours) or ``"warning"`` (clients over sessions).
    """
    reader = UnitReader(units)
    dimension = reader.read(tree)
    if not reader.doubts and dimension is not None and not _fits(dict(dimension), declared):
        reader.doubts.append(Doubt(f"It gives {_name(dimension)}, not {declared}.", 1, "error"))
    return reader.doubts


def _fits(dimension: Mapping[str, int], declared: str) -> bool:
    if declared in _PLAIN:
        return not dimension
    # Hours per request are still hours: what remains may only divide by counts.
    rest = {base: power for base, power in dimension.items() if base != declared}
    counts = all(base.startswith("count:") and power < 0 for base, power in rest.items())
    return dimension.get(declared, 0) == 1 and counts
