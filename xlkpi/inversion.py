"""Solve a formula for one of its names: the tree turned inside out.

Where a name stands once, the operations around it are undone one by one. Where it stands several times,
the smallest part that holds them all is written as ``(a x + b) / (c x + d)``, which has one solution.
Everything else is refused with the reason: no answer is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from .notation import to_text
from .tree import Binary, Call, Name, Negative, Node, Number, children, walk

ZERO, ONE = Number(0.0), Number(1.0)


class NotSolvableError(ValueError):
    """A formula cannot be solved for an input; the message is a sentence that says why."""


@dataclass(frozen=True)
class Inverse:
    """A formula solved for a name.

    Args:
        solution: the name's value at which the formula gives the target.
        divisor: what the formula divides by that holds the name itself (its zero is a pole, where the
            figure leaps from one end to the other), or ``None``.
        slope: what the solution divides by in that case; zero where no value gives the target.
        capped: whether ``min`` or ``max`` stands around the name, so that the target may be out of reach.
    """

    solution: Node
    divisor: Node | None = None
    slope: Node | None = None
    capped: bool = False


def holds_name(tree: Node, name: str) -> bool:
    """Whether a name stands anywhere in a tree."""
    return any(isinstance(node, Name) and node.id == name for node in walk(tree))


def invert(tree: Node, name: str, target: Node) -> Inverse:
    """Solve ``tree = target`` for a name.

    Args:
        tree: the formula.
        name: what is looked for.
        target: what the formula is to give; free of the name.

    Returns:
        The solution as a tree. With ``min`` and ``max`` around the name it is where the name's own side
        meets the target; whether the other side lets it through is for the caller to look at.

    Raises:
        NotSolvableError: the name stands nowhere, has no effect, or where it cannot be solved for.

    >>> from xlkpi.formula import parse
    >>> to_text(invert(parse("part / whole * 100"), "part", Name("edge")).solution)
    'edge / 100 * whole'
    """
    if isinstance(tree, Name) and tree.id == name:
        return Inverse(target)
    inside = [child for child in children(tree) if holds_name(child, name)]
    if not inside:
        raise NotSolvableError(f"{name} does not stand in {to_text(tree)}.")
    if isinstance(tree, Negative):
        return invert(tree.operand, name, negative(target))
    if isinstance(tree, Call) and tree.function in ("min", "max") and len(tree.arguments) > 1 and len(inside) == 1:
        found = invert(inside[0], name, target)
        return Inverse(found.solution, found.divisor, found.slope, capped=True)
    if isinstance(tree, Binary) and len(inside) == 1 and (step := _undo(tree, inside[0] is tree.left, target)):
        return invert(inside[0], name, step)
    return _solve(fraction(tree, name), name, target)


def _undo(tree: Binary, left: bool, target: Node) -> Node | None:
    """What one side has to be for the whole to be the target, or ``None`` where that is no plain step."""
    other = tree.right if left else tree.left
    if tree.operator == "+":
        return subtract(target, other)
    if tree.operator == "-":
        return add(target, other) if left else subtract(other, target)
    if tree.operator == "*" and other != ZERO:
        return divide(target, other)
    return multiply(target, other) if tree.operator == "/" and left else None


@dataclass(frozen=True)
class Fraction:
    """``(a x + b) / (c x + d)``, each of the four a tree without ``x``."""

    a: Node
    b: Node
    c: Node = ZERO
    d: Node = ONE

    @property
    def plain(self) -> bool:
        """Whether ``x`` does not stand below the line."""
        return self.c == ZERO


def _solve(parts: Fraction, name: str, target: Node) -> Inverse:
    if parts.a == ZERO and parts.c == ZERO:
        raise NotSolvableError(f"{name} cancels out: it has no effect.")
    above = subtract(multiply(target, parts.d), parts.b)
    below = subtract(parts.a, multiply(target, parts.c))
    if parts.plain:
        return Inverse(divide(above, below))
    slope = below.operand if isinstance(below, Negative) else below  # where it is zero is all that is asked of it
    return Inverse(divide(above, below), add(multiply(parts.c, Name(name)), parts.d), slope)


def fraction(tree: Node, name: str) -> Fraction:
    """Write a tree as a fraction of two terms that are at most linear in a name.

    Args:
        tree: the tree.
        name: the name.

    Returns:
        The fraction's four parts.

    Raises:
        NotSolvableError: it is no such fraction.
    """
    if not holds_name(tree, name):
        return Fraction(ZERO, tree)
    if isinstance(tree, Name):
        return Fraction(ONE, ZERO)
    if isinstance(tree, Negative):
        own = fraction(tree.operand, name)
        return Fraction(negative(own.a), negative(own.b), own.c, own.d)
    if isinstance(tree, Binary) and tree.operator in _OPERATORS:
        left, right = fraction(tree.left, name), fraction(tree.right, name)
        found = _OPERATORS[tree.operator](left, right)
        if found is not None:
            return found
        raise NotSolvableError(f"{to_text(tree)} is of a higher degree in {name}, or a fraction below a fraction.")
    what = tree.function if isinstance(tree, Call) else getattr(tree, "operator", "a comparison")
    raise NotSolvableError(f"{name} stands in {what}, which cannot be turned round: {to_text(tree)}.")


def _sum(left: Fraction, right: Fraction) -> Fraction | None:
    if (left.c, left.d) == (right.c, right.d):
        return Fraction(add(left.a, right.a), add(left.b, right.b), left.c, left.d)
    if left.plain and right.plain:
        a = add(multiply(left.a, right.d), multiply(right.a, left.d))
        return Fraction(a, add(multiply(left.b, right.d), multiply(right.b, left.d)), ZERO, multiply(left.d, right.d))
    if right.plain and right.a == ZERO:  # a plain term beside a fraction goes above its line
        a = add(multiply(left.a, right.d), multiply(right.b, left.c))
        b = add(multiply(left.b, right.d), multiply(right.b, left.d))
        return Fraction(a, b, multiply(left.c, right.d), multiply(left.d, right.d))
    return _sum(right, left) if left.plain and left.a == ZERO else None


def _difference(left: Fraction, right: Fraction) -> Fraction | None:
    return _sum(left, Fraction(negative(right.a), negative(right.b), right.c, right.d))


def _product(left: Fraction, right: Fraction) -> Fraction | None:
    if right.a == ZERO and right.c == ZERO:
        a, b, c, d = (multiply(own, by) for own, by in _pairs(left, right))
        return Fraction(a, b, c, d)
    return _product(right, left) if left.a == ZERO and left.c == ZERO else None


def _pairs(left: Fraction, right: Fraction) -> tuple[tuple[Node, Node], ...]:
    return (left.a, right.b), (left.b, right.b), (left.c, right.d), (left.d, right.d)


def _quotient(left: Fraction, right: Fraction) -> Fraction | None:
    if right.a == ZERO and right.c == ZERO:
        return _product(left, Fraction(ZERO, right.d, ZERO, right.b))
    # A fraction below the line is refused: where its own divisor is zero there is a hole, which no end would show.
    if left.plain and right.plain and left.d == right.d:
        return Fraction(left.a, left.b, right.a, right.b)
    if left.plain and right.plain:
        a, b = multiply(left.a, right.d), multiply(left.b, right.d)
        return Fraction(a, b, multiply(right.a, left.d), multiply(right.b, left.d))
    return None


_OPERATORS = {"+": _sum, "-": _difference, "*": _product, "/": _quotient}


# -- arithmetic on trees: what is plain to see is worked out, so that formulas stay short ---------------


def constant(term: Node) -> float | None:
    """Return the value of a plain number with or without a minus, ``None`` for everything else."""
    if isinstance(term, Negative) and isinstance(term.operand, Number):
        return -term.operand.value
    return term.value if isinstance(term, Number) else None


def number(value: float) -> Node:
    """Return a number as a tree; the language writes those below zero with a minus before them."""
    return Number(value) if value >= 0 else Negative(Number(-value))


def negative(term: Node) -> Node:
    """Return minus a term."""
    if term == ZERO:
        return ZERO
    if isinstance(term, Binary) and term.operator == "-":
        return Binary("-", term.right, term.left)
    return term.operand if isinstance(term, Negative) else Negative(term)


def add(left: Node, right: Node) -> Node:
    """Return the sum of two terms."""
    first, second = constant(left), constant(right)
    if first is not None and second is not None:
        return number(first + second)
    if ZERO in (left, right):
        return right if left == ZERO else left
    if isinstance(left, Negative):
        left, right = right, left
    if isinstance(left, Negative):
        return negative(add(left.operand, negative(right)))
    return Binary("-", left, right.operand) if isinstance(right, Negative) else Binary("+", left, right)


def subtract(left: Node, right: Node) -> Node:
    """Return the difference of two terms."""
    return ZERO if left == right else add(left, negative(right))


def multiply(left: Node, right: Node) -> Node:
    """Return the product of two terms."""
    first, second = constant(left), constant(right)
    if first is not None and second is not None:
        return number(first * second)
    if ZERO in (left, right):
        return ZERO
    if ONE in (left, right):
        return right if left == ONE else left
    if isinstance(left, Negative):
        return negative(multiply(left.operand, right))
    return negative(multiply(left, right.operand)) if isinstance(right, Negative) else Binary("*", left, right)


def divide(left: Node, right: Node) -> Node:
    """Return the quotient of two terms; a divisor that is the number zero is left as it stands."""
    if right == ONE:
        return left
    if isinstance(right, Negative):  # IronCalc 0.9 loses the parentheses of a minus below a line
        return divide(negative(left), right.operand)
    return ZERO if left == ZERO and right != ZERO else Binary("/", left, right)
