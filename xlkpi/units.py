"""Units: what a figure counts in, how it is shown, and which unit a formula gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .tree import Binary, Call, Compare, Name, Negative, Node, Number, walk

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
COUNTED = "count:[a-z][a-z_]{1,30}"
# The checks of units, by the name that unit_note waives them with, and what each says of a formula.
CHECKS = {
    "adding": "adds, subtracts or mixes what has different units",
    "comparing": "compares what has different units",
    "dividing": "divides one count by another",
    "result": "gives another unit than it is said to",
    "scale": "gives a share of 1 where a percentage is wanted",
}


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
_TIMES = {("/", "minutes", 60.0): "hours", ("*", "hours", 60.0): "minutes"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is odd about the units in a formula, and which of ``CHECKS`` says so."""

    check: str
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

    def doubt(self, check: str, what: str, node: Node, severity: str = "error") -> None:
        """Note what is odd at a node."""
        self.doubts.append(Doubt(check, what, node.column, severity))

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
            self._compare(node)
            return None
        if isinstance(node, Call):
            return self._call(node)
        return self._binary(node)

    def _compare(self, node: Compare) -> None:
        left, right = self.read(node.left), self.read(node.right)
        if left is not None and right is not None and left != right:
            severity = "warning" if _counts(left) and _counts(right) else "error"
            self.doubt("comparing", f"It compares {_name(left)} with {_name(right)}.", node, severity)

    def _add(self, node: Binary) -> Dimension | None:
        left, right = self.read(node.left), self.read(node.right)
        if left is not None and right is not None and left != right:
            what = f"adds up {_name(left)} and" if node.operator == "+" else f"subtracts {_name(right)} from"
            other = right if node.operator == "+" else left
            hint = " 60 minutes are an hour: divide by 60 first." if _clock(left, right) else ""
            self.doubt("adding", f"It {what} {_name(other)}.{hint}", node)
        return left if left is not None else right

    def _binary(self, node: Binary) -> Dimension | None:
        if node.operator in ("+", "-"):
            return self._add(node)
        left, right = self.read(node.left), self.read(node.right)
        if node.operator == "**":
            return _power(left, node.right)
        if left is None and right is None:
            return None
        if left is not None and right is None and isinstance(node.right, Number):
            left = _converted(left, node.operator, node.right.value)
        sign = 1 if node.operator == "*" else -1
        if sign < 0 and _counts(left) and _counts(right) and left != right:
            self.doubt("dividing", f"It divides {_name(left)} by {_name(right)}.", node, "warning")
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
        other = next((dimension for dimension in known if dimension != known[0]), None)
        if other is not None:
            self.doubt("adding", f"{node.function} mixes {_name(known[0])} and {_name(other)}.", node)
        return known[0] if known else None


def _counts(dimension: Dimension | None) -> bool:
    return bool(dimension) and all(b.startswith("count:") and p == 1 for b, p in dimension or ())


def _clock(left: Dimension, right: Dimension) -> bool:
    return {left, right} == {(("hours", 1),), (("minutes", 1),)}


def _power(base: Dimension | None, exponent: Node) -> Dimension | None:
    if not base:
        return base
    if isinstance(exponent, Number) and exponent.value.is_integer():
        return tuple((unit, power * int(exponent.value)) for unit, power in base if exponent.value)
    return ()


def _converted(dimension: Dimension, operator: str, number: float) -> Dimension:
    """Minutes by 60 are hours, and the like."""
    if len(dimension) != 1 or dimension[0][1] != 1:
        return dimension
    other = _TIMES.get((operator, dimension[0][0], number))
    return ((other, 1),) if other else dimension


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
        Doubts, of severity ``"error"`` (money + hours) or ``"warning"`` (clients over sessions), each of one kind
        and place once.
    """
    reader = UnitReader(units)
    dimension = reader.read(tree)
    if not any(doubt.severity == "error" for doubt in reader.doubts) and dimension is not None:
        if not _fits(dict(dimension), declared):
            reader.doubts.append(Doubt("result", f"It gives {_name(dimension)}, not {declared}.", 1, "error"))
        elif declared == "percent" and _share_of_one(tree, units):
            what = "It gives a share such as 0.75 where percent means 75; * 100 is missing."
            reader.doubts.append(Doubt("scale", what, 1, "warning"))
    return list(dict.fromkeys(reader.doubts))


def check_condition(condition: Compare, units: Mapping[str, str]) -> list[Doubt]:
    """Say what is wrong with the units of a condition; two counts of different things may be compared."""
    reader = UnitReader(units)
    reader.read(condition)
    return [doubt for doubt in reader.doubts if doubt.severity == "error"]


def _share_of_one(tree: Node, units: Mapping[str, str]) -> bool:
    """Whether a tree divides, and nothing in it is, or makes, a percentage."""
    nodes = list(walk(tree))
    divides = any(isinstance(node, Binary) and node.operator == "/" for node in nodes)
    hundred = any(isinstance(node, Number) and node.value in (100.0, 0.01, 1200.0, 10_000.0) for node in nodes)
    percent = any(isinstance(node, Name) and units[node.id] in _PLAIN for node in nodes)
    return divides and not hundred and not percent


def _fits(dimension: Mapping[str, int], declared: str) -> bool:
    if declared in _PLAIN:
        return not dimension
    # Hours per request are still hours: what remains may only divide by counts.
    rest = {base: power for base, power in dimension.items() if base != declared}
    counts = all(base.startswith("count:") and power < 0 for base, power in rest.items())
    return dimension.get(declared, 0) == 1 and counts
