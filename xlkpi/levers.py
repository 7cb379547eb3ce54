"""What it takes: how much of which input brings a KPI's figure to a band or a target.

The row's formula is solved for one input, its lever, all others fixed. Python computes and Excel is given
one and the same answer tree. The solution is rounded to the nearest whole step and tried out on the formula
itself, with the comparison that bands use; if it does not do, the next step does. So the answer is right at
strict edges and whatever the rounding of the machine, and one step less would not do, as long as one step
moves the figure by more than 1e-9.

Whether it can be reached at all is tried out first, with the furthest value that the lever can take: the
whole that it is a part of, the end of its unit's scale, or more than anybody has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .inversion import ONE, ZERO, Inverse, NotSolvableError, add, holds_name, invert, multiply, number
from .model import Band, Input, Kpi, Lever, Vertical
from .notation import COMPARE_DIGITS, compare, compile_tree, round_half_away, to_text
from .policy import GOOD, Rule, is_number
from .reach import Reach, limits
from .tree import Binary, Call, Name, Node, Number, substitute, transform
from .units import decimals

MISSING, REACHED, CANNOT, CHANGE = "needed.missing", "needed.reached", "needed.cannot", "needed.change"
LIMIT, FLAT, CAPPED, NARROW, POLE = "limit", "flat", "capped", "narrow", "pole"
EDGE, POWER, MORE = "_edge", "_power", "_more"  # no input's name begins like this

# No lever goes further than so many of its steps: a hundred million million, all of whose digits a cell
# holds. Where the lever stands below the line too, the solution loses digits by the square: ten million.
MOST_STEPS, MOST_STEPS_BELOW = 1e14, 1e7


@dataclass(frozen=True)
class Needed:
    """What it takes to reach a band.

    Args:
        kind: :data:`MISSING` (there is no figure, or nothing can be said), :data:`REACHED`, :data:`CANNOT`,
            :data:`CHANGE`.
        lever: which input moves.
        value: the input's new value, in its unit; for a tally, how many more answers.
        difference: the new value less the present one.
        reason: why not: :data:`LIMIT` (the furthest possible value is not enough), :data:`FLAT` (moving it
            that way does not help), :data:`CAPPED` (the rest of the formula holds the figure back),
            :data:`NARROW` (each whole step leaps over the band), :data:`POLE` (the figure leaps on the way).
        limit: the furthest value that the input can take, where that is what stands in the way.
    """

    kind: str
    lever: Lever
    value: float | None = None
    difference: float | None = None
    reason: str = ""
    limit: float | None = None


@dataclass(frozen=True)
class Side:
    """One edge of a band: the figure must come up (``sign`` 1) or down (-1) to it, or past it."""

    sign: int
    edge: float
    strict: bool = False

    def passes(self, figure: float) -> bool:
        """Whether a figure lies on the right side; both are rounded to nine decimals."""
        return self.sign * compare(figure, self.edge) >= self.strict


def sides(band: Band) -> tuple[Side, ...]:
    """Return the edges of a band, the lower one first."""
    if band.upper is not None:
        return Side(1, band.edge), Side(-1, band.upper)
    return (Side(1 if band.operator[0] == ">" else -1, band.edge, band.strict),)


def target_band(kpi: Kpi, target: float, upper: float | None = None) -> Band:
    """Return a user's own target as a band: at least it, at most it, or between the two.

    Args:
        kpi: the KPI.
        target: the target, in the KPI's unit.
        upper: the upper end where a range is best; without it the target is the least that does.

    Returns:
        The band, of level 0.
    """
    if kpi.better == "range" and upper is not None:
        return Band(0, "..", target, upper)
    return Band(0, "<=" if kpi.better == "lower" else ">=", target)


@dataclass(frozen=True)
class Solution:
    """A KPI row's formula solved for one of its levers.

    Args:
        lever: which input moves.
        rule: the row's rule.
        name: what the formula is solved for: the input, or for a tally :data:`MORE` answers.
        tree: the formula, brought to the benchmark's period where figures compound.
        inverse: the solution over :data:`EDGE` (and :data:`POWER`).
        down: how far the lever goes down.
        up: how far it goes up.
        digits: decimals of one step of the lever.
        compound: whether the figure is brought to the benchmark's period.
    """

    lever: Lever
    rule: Rule
    name: str
    tree: Node
    inverse: Inverse
    down: Reach
    up: Reach
    digits: int
    compound: bool = False
    _compiled: dict[Node, Callable[..., float]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def step(self) -> float:
        """The smallest change of the lever: 1 for people, 0.01 for hours and money."""
        return float(10**-self.digits)

    def reach(self, side: Side, is_range: bool) -> Reach:
        """Return which way the lever moves; from above a range it moves against its usual step."""
        up = self.lever.step == "up"
        return self.up if up != (is_range and side.sign < 0) else self.down

    def value(self, tree: Node, values: Mapping[str, object]) -> float:
        """Compute a tree over the row's inputs and what stands beside them."""
        arguments = (*self.rule.arguments, *([MORE] if self.name == MORE else []), EDGE, POWER)
        if tree not in self._compiled:
            self._compiled[tree] = compile_tree(tree, arguments)
        return float(self._compiled[tree](*(values[name] for name in arguments)))

    def needed(self, inputs: Mapping[str, object], band: Band, power: float = 1.0, sums: bool = False) -> Needed:
        """Say what it takes to reach a band; see :func:`needed`."""
        state, figure = (self.rule.without_conditions if sums else self.rule).outcome(inputs)
        clean = self.rule.row_values(inputs)
        if state != GOOD or not isinstance(figure, float) or clean is None:
            return Needed(MISSING, self.lever)
        if self.compound and not (band.edge > 0 and power > 0):
            return Needed(MISSING, self.lever)
        values: dict[str, object] = {EDGE: 0.0, POWER: power, MORE: 0.0}
        values |= zip(self.rule.arguments, clean, strict=True)
        try:
            return self._needed(values, band)
        except (ArithmeticError, ValueError):  # figures too large to say anything of them
            return Needed(MISSING, self.lever)

    def _needed(self, values: Mapping[str, object], band: Band) -> Needed:
        figure = self.value(self.tree, values)
        ahead = [side for side in sides(band) if not side.passes(figure)]
        if not ahead:
            return Needed(REACHED, self.lever)
        side = ahead[0]
        reach = self.reach(side, band.upper is not None)
        limit = self._limit(values, reach)
        if self._leaps(values, limit):
            return Needed(MISSING, self.lever, reason=POLE)
        best = self.value(self.tree, {**values, self.name: limit})
        values = {**values, EDGE: side.edge}
        # In this order: where no value helps, what the solution divides by may itself divide by zero.
        if not side.passes(best) or self._is_flat(values):
            return Needed(CANNOT, self.lever, None, None, self._reason(side, reach, figure, best), limit)
        new = self._rounded(values, side, reach)
        if not all(other.passes(self.value(self.tree, {**values, self.name: new})) for other in sides(band)):
            return Needed(CANNOT, self.lever, reason=NARROW)
        present = values[self.name]
        assert isinstance(present, float)  # noqa: S101 (only single numbers are levers)
        return Needed(CHANGE, self.lever, new, round_half_away(new - present, COMPARE_DIGITS))

    def _limit(self, values: Mapping[str, object], reach: Reach) -> float:
        limit = reach.whole(self.value(reach.tree, values))
        if self.inverse.divisor is None or not reach.ends:
            return limit
        # A limit at which the formula divides by zero is no month to reach; the step before it is.
        on_pole = self.value(self.inverse.divisor, {**values, self.name: limit}) == 0
        return limit + self.step * on_pole * (-1 if reach.up else 1)

    def _leaps(self, values: Mapping[str, object], limit: float) -> bool:
        """Whether the figure leaps from one end to the other on the way to the limit."""
        if self.inverse.divisor is None:
            return False
        now, then = (self.value(self.inverse.divisor, place) for place in (values, {**values, self.name: limit}))
        return not ((now < 0 and then < 0) or (now > 0 and then > 0))  # a product could be too large

    def _is_flat(self, values: Mapping[str, object]) -> bool:
        return self.inverse.slope is not None and self.value(self.inverse.slope, values) == 0

    def _reason(self, side: Side, reach: Reach, figure: float, best: float) -> str:
        if not reach.ends and side.sign * compare(best, figure) > 0 and self.inverse.capped:
            return CAPPED
        return LIMIT if reach.ends or side.sign * compare(best, figure) > 0 else FLAT

    def _rounded(self, values: Mapping[str, object], side: Side, reach: Reach) -> float:
        """Return the first whole step that does: the nearest to the solution, or the one after it."""
        nearest = round_half_away(self.value(self.inverse.solution, values), self.digits)
        fails = not side.passes(self.value(self.tree, {**values, self.name: nearest}))
        return round_half_away(nearest + self.step * fails * (1 if reach.up else -1), self.digits)


def solve(vertical: Vertical, kpi: Kpi, segment: str, lever: Lever, compound: bool = False) -> Solution:
    """Solve a KPI row's formula for one of its levers.

    Args:
        vertical: the line of business.
        kpi: the KPI.
        segment: its segment.
        lever: which input moves, and which way. Where a range is best it moves that way from below the
            range and the other way from above. A tally moves up: more answers of the best rating.
        compound: whether figures are brought to the benchmark's period before they are compared:
            ``(figure / 100) ** power * 100``.

    Returns:
        The solution, for any inputs and any edge.

    Raises:
        NotSolvableError: the formula or a condition cannot be turned round; the message says why.
    """
    if compound and kpi.better != "higher":
        raise NotSolvableError(f"{kpi.id} compounds though {kpi.better} is better; nothing can be said of it.")
    item = vertical.inputs[lever.input]
    rule = kpi.values[segment]
    if item.id not in rule.arguments:
        raise NotSolvableError(f"{item.id} does not stand in the formula of {kpi.id}.")
    name, tree, conditions = item.id, rule.formula, rule.conditions
    if item.id in rule.ranges:
        name, conditions = MORE, ()  # more answers break no condition on how many there are
        tree = _with_more(vertical, kpi, item, lever, tree)
    inverse = invert(tree, name, Name(EDGE))
    digits = decimals(item.unit)
    furthest = (MOST_STEPS if inverse.divisor is None else MOST_STEPS_BELOW) / 10**digits
    low, high = limits(conditions, name)
    reaches = Reach(low, False, -furthest, digits), Reach(high, True, furthest, digits)
    if compound:
        tree, inverse = _compounded(tree), _with_edge_of_a_month(inverse)
    return Solution(lever, rule, name, tree, inverse, *reaches, digits, compound)


def _with_more(vertical: Vertical, kpi: Kpi, item: Input, lever: Lever, tree: Node) -> Node:
    """The formula with some more answers of the best rating, where it is made of their sums."""
    if lever.step != "up" or not item.of or kpi.better == "range":
        raise NotSolvableError(f"{item.id} is a list of answers, which can only be added to.")
    scale = vertical.inputs[item.of].values
    if not scale:
        raise NotSolvableError(f"{item.id} counts answers to {item.of}, whose scale is not stated.")
    best = number(max(scale) if kpi.better == "higher" else min(scale))

    def change(node: Node) -> Node:
        if not isinstance(node, Call) or not holds_name(node, item.id):
            return node
        if node == Call("sum", (Name(item.id),)):
            return add(node, Name(MORE))
        if node.function == "sumproduct" and set(node.arguments) == {Name(item.id), Name(item.of)}:
            return add(node, multiply(best, Name(MORE)))
        raise NotSolvableError(f"{item.id} stands in {to_text(node)}, which cannot be turned round.")

    return transform(tree, change)


def _compounded(tree: Node) -> Node:
    """The figure in the benchmark's period; below zero nothing compounds, which no edge above zero lets pass."""
    rate = Binary("/", Call("max", (tree, ZERO)), Number(100.0))
    return Binary("*", Binary("**", rate, Name(POWER)), Number(100.0))


def _with_edge_of_a_month(inverse: Inverse) -> Inverse:
    rate = Binary("/", Name(EDGE), Number(100.0))
    edge = Binary("*", Binary("**", rate, Binary("/", ONE, Name(POWER))), Number(100.0))
    slope = None if inverse.slope is None else substitute(inverse.slope, {EDGE: edge})
    return Inverse(substitute(inverse.solution, {EDGE: edge}), inverse.divisor, slope, inverse.capped)


def needed(
    vertical: Vertical,
    kpi: Kpi,
    segment: str,
    inputs: Mapping[str, object],
    band: Band,
    lever: Lever | None = None,
    power: float | None = None,
    sums: bool = False,
) -> Needed:
    """Say how much of an input, all others fixed, brings a KPI's figure into a band.

    Args:
        vertical: the line of business.
        kpi: the KPI.
        segment: its segment.
        inputs: the value of each input of the row, in its unit.
        band: the band, or a target from :func:`target_band`.
        lever: which input moves; without it the first that the catalogue names.
        power: for figures that compound, the benchmark's months over those of the figure (12 for a month
            against a yearly benchmark); ``None`` compares the figure as it stands.
        sums: whether the inputs are those of several months, which need not keep what is required of one.

    Returns:
        The kind of answer and, where it takes something, the input's new value and the difference.

    Raises:
        NotSolvableError: the formula cannot be solved for that input, or no lever is named.

    >>> from xlkpi import load
    >>> vertical = load().verticals["remote-resume-writing"]
    >>> kpi = vertical.kpis["client_satisfaction"]
    >>> needed(vertical, kpi, "", {"satisfied_clients": 70, "surveyed_clients": 100}, kpi.bands[""][1]).difference
    16.0
    """
    levers = kpi.levers.get(segment, ())
    if lever is None and not levers:
        raise NotSolvableError(f"The catalogue names nothing that moves {kpi.id}.")
    chosen = lever or levers[0]
    if power is not None and not is_number(power):
        raise NotSolvableError(f"{power!r} is no ratio of periods.")
    return solve(vertical, kpi, segment, chosen, power is not None).needed(inputs, band, power or 1.0, sums)
