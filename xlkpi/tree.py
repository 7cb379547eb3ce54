"""The tree of a formula: six frozen kinds of node, and how to walk them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field


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
OWN_FUNCTIONS = RANGE_FUNCTIONS | {"min", "max", "abs", "round", "if_"}


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


def names(tree: Node) -> tuple[str, ...]:
    """Return the names in a tree in the order of their first appearance."""
    return tuple(dict.fromkeys(node.id for node in walk(tree) if isinstance(node, Name)))


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


def scalar_names(node: Node) -> Iterator[Name]:
    """Yield the names that stand for single numbers."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Call) and _is_range_call(node):
        for argument in node.arguments:
            if isinstance(argument, Compare):
                yield from scalar_names(argument.right)
    elif isinstance(node, Call) and node.function not in OWN_FUNCTIONS:
        return  # the called function decides which of its arguments are ranges
    else:
        for child in children(node):
            yield from scalar_names(child)


def transform(tree: Node, change: Callable[[Node], Node]) -> Node:
    """Return the tree rebuilt from its leaves up, each node replaced by what ``change`` makes of it."""
    if isinstance(tree, Negative):
        tree = Negative(transform(tree.operand, change), tree.column)
    elif isinstance(tree, (Binary, Compare)):
        left, right = transform(tree.left, change), transform(tree.right, change)
        tree = type(tree)(tree.operator, left, right, tree.column)
    elif isinstance(tree, Call):
        tree = Call(tree.function, tuple(transform(item, change) for item in tree.arguments), tree.column)
    return change(tree)


def substitute(tree: Node, replacements: Mapping[str, Node]) -> Node:
    """Return the tree with names replaced by other trees."""
    return transform(tree, lambda node: replacements.get(node.id, node) if isinstance(node, Name) else node)
