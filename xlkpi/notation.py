"""Print a formula's tree for Excel, for Python and for readers, and compile it.

Everything is printed from the tree with a precedence table, never by replacing text: ``-x**2`` and
``2**3**2`` bind differently in Excel than in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum, isfinite

from .errors import ImpossibleInputError
from .tree import Binary, Call, Compare, Name, Negative, Node, Number, ranges

COMPARE_DIGITS = 9
_PRECEDENCE = {"+": 2, "-": 2, "*": 3, "/": 3, "**": 4}
_EXCEL_COMPARE = {"==": "=", "!=": "<>"}
_COMPARE_NAMES = {"<": "_lt", "<=": "_le", ">": "_gt", ">=": "_ge", "==": "_eq", "!=": "_ne"}
_HALF_STEP = 0.5 / 10**COMPARE_DIGITS
_LARGE = "9E+307"  # every number is below it; blanks and text are not counted as below


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
    assert isinstance(node, Binary)  # noqa: S101 (the other kinds are printed by the callers)
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


class ExcelPrinter:
    """Print trees as Excel formulas over given references.

    Args:
        references: what stands for each name, such as ``{"end_clients": "Calc!E12"}``.
        pairs: names of ranges whose members count only together, as ``ratings`` and ``counts``.
    """

    def __init__(self, references: Mapping[str, str], pairs: Sequence[str] = ()) -> None:
        self.references = references
        self.pairs = tuple(pairs) if len(pairs) > 1 else ()

    def print(self, node: Node) -> str:
        """Return the formula's text, without the leading ``=``."""
        if isinstance(node, Number):
            return number_text(node.value)
        if isinstance(node, Name):
            return self.references[node.id]
        if isinstance(node, Compare):
            symbol = _EXCEL_COMPARE.get(node.operator, node.operator)
            return f"{self._rounded(node.left)}{symbol}{self._rounded(node.right)}"
        if isinstance(node, Call):
            return self._call(node)
        return _arithmetic(node, self.print, "^", spaced=False)

    def members(self, node: Name) -> str:
        """Return a range as MIN and MAX take it; they pass over blanks and text in cells by themselves."""
        return self.print(node)

    def _rounded(self, node: Node) -> str:
        if isinstance(node, Number) and round(node.value, COMPARE_DIGITS) == node.value:
            return number_text(node.value)
        return f"ROUND({self.print(node)},{COMPARE_DIGITS})"

    def _call(self, node: Call) -> str:
        first = node.arguments[0]
        if node.function in ("sum", "mean", "count") and self.pairs:
            numeric = ",".join(f'{self.references[name]},"<{_LARGE}"' for name in self.pairs)
            total, many = f"SUMIFS({self.print(first)},{numeric})", f"COUNTIFS({numeric})"
            return {"sum": total, "count": many, "mean": f"({total}/{many})"}[node.function]
        if node.function == "countif":
            assert isinstance(first, Compare)  # noqa: S101 (the reader lets nothing else through)
            return self._countif(first)
        names = {"mean": "AVERAGE", "if_": "IF"}
        arguments = [self.print(argument) for argument in node.arguments]
        if node.function == "round" and len(arguments) == 1:
            arguments.append("0")
        return f"{names.get(node.function, node.function.upper())}({','.join(arguments)})"

    def _countif(self, test: Compare) -> str:
        """Count by a criterion moved half a step, which is the same as rounding each member."""
        reference = self.print(test.left)
        right = test.right
        shift = {">=": -1, "<": -1, ">": 1, "<=": 1}.get(test.operator)
        if shift is None:  # equal, or not: between the two half steps
            low, high = (self._edge(right, side) for side in (-1, 1))
            inside = f'COUNTIFS({reference},">="&{low},{reference},"<"&{high})'
            return inside if test.operator == "==" else f"(COUNT({reference})-{inside})"
        symbol = {">": ">=", "<=": "<"}.get(test.operator, test.operator)
        return f'COUNTIF({reference},"{symbol}"&{self._edge(right, shift)})'

    def _edge(self, right: Node, side: int) -> str:
        if isinstance(right, Number):
            return number_text(round(right.value + side * _HALF_STEP, COMPARE_DIGITS + 1))
        return f"({self.print(right)}{'+' if side > 0 else '-'}{number_text(_HALF_STEP)})"


def to_python(node: Node, exact_compare: bool = False) -> str:
    """Print a tree as a Python expression over the names of :data:`NAMESPACE`.

    Args:
        node: the tree.
        exact_compare: compare as Python does instead of rounding first.

    Returns:
        The expression.
    """
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
        assert isinstance(first, Compare)  # noqa: S101 (the reader lets nothing else through)
        return f"_countif({to_python(first.left)}, {_COMPARE_NAMES[first.operator]}, {to_python(first.right)})"
    arguments = [to_python(argument, exact_compare) for argument in node.arguments]
    if node.function == "if_":
        return f"({arguments[1]} if {arguments[0]} else {arguments[2]})"
    single = node.function in ("min", "max") and len(arguments) == 1
    return f"_{node.function}{'_range' if single else ''}({', '.join(arguments)})"


def round_half_away(value: float, digits: int = 0) -> float:
    """Round half away from zero, as Excel's ROUND does.

    Args:
        value: a finite number.
        digits: decimals to keep.

    Returns:
        The rounded number.

    >>> round_half_away(2.675, 2), round_half_away(-0.5)
    (2.68, -1.0)
    """
    if abs(value) >= 1e15:
        return float(value)
    from decimal import ROUND_HALF_UP, Decimal

    # Excel rounds the 15 digits that it shows, so 2.675 goes to 2.68 though its double lies below.
    shown = Decimal(f"{value:.15g}")
    return float(shown.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


def compare(left: float, right: float) -> int:
    """Compare two numbers, both rounded to nine decimals: -1, 0 or 1.

    >>> compare(58 / 100 * 100, 58)
    0
    """
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
    """Compile a checked tree to a Python function of its arguments.

    Args:
        tree: the tree; its names are among ``arguments``.
        arguments: argument names in order; ranges are given as sequences of numbers.

    Returns:
        A function; it raises ``ZeroDivisionError``, ``OverflowError`` or a ``KpiError``.

    >>> from xlkpi.formula import parse
    >>> compile_tree(parse("part / whole * 100"), ("part", "whole"))(85, 100)
    85.0
    """
    source = f"lambda {', '.join(arguments)}: {to_python(tree)}"
    compiled: Callable[..., float] = eval(source, dict(NAMESPACE))
    return compiled


def paired(tree: Node) -> tuple[str, ...]:
    """Return the range names of a tree that count in pairs: all of them, when there are several."""
    found = tuple(sorted(ranges(tree)))
    return found if len(found) > 1 else ()
