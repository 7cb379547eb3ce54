"""How sure: the number of answers behind a figure and a 95 % interval around it.

For a share whose part is a part of its whole it is the score interval of E. B. Wilson, "Probable inference,
the law of succession, and statistical inference", Journal of the American Statistical Association 22 (1927),
209-212, without correction for continuity. For a net promoter score it is the usual normal interval: the
mean of answers that count +1, 0 and -1, whose variance is ``(promoters + detractors) / n - mean ** 2``, plus
and minus z standard errors of that mean. It says too little of small samples and nothing where all answers
agree, which is why fewer than 30 are warned of.

Which kind fits is read off a KPI's formula and conditions, not off its name. Python computes, and Excel is
given, the same trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from .model import Kpi, Vertical
from .notation import ExcelPrinter, compile_tree, paired
from .policy import GOOD, Rule
from .tree import Binary, Call, Compare, Name, Node, Number

Z = 1.959963984540054  # 97.5 % of the standard normal distribution lie below it
FEW = 30
WILSON, MEAN = "wilson", "mean"
_HUNDRED = Number(100.0)


@dataclass(frozen=True)
class Interval:
    """A 95 % interval.

    Args:
        low: its lower end, in the KPI's unit.
        high: its upper end.
        answers: how many answers stand behind the figure.
    """

    low: float
    high: float
    answers: float

    @property
    def few(self) -> bool:
        """Whether there are so few answers that the figure says little: under 30."""
        return self.answers < FEW


@dataclass(frozen=True)
class Method:
    """How a KPI row's interval is worked out.

    Args:
        kind: :data:`WILSON` or :data:`MEAN`.
        low: tree of the lower end.
        high: tree of the upper end.
        answers: tree of the number of answers.
    """

    kind: str
    low: Node
    high: Node
    answers: Node


def method(vertical: Vertical, kpi: Kpi, segment: str) -> Method | None:
    """Return how sure a KPI row's figure can be said to be, or ``None`` where that cannot be said.

    Args:
        vertical: the line of business, whose units say what is counted: a share of hours is no sample.
        kpi: the KPI.
        segment: its segment.

    Returns:
        The method: Wilson's for ``part / whole * 100`` where the part cannot exceed the whole and both
        count, the mean's for ``(promoters - detractors) / answers * 100``.

    >>> from xlkpi import load
    >>> vertical = load().verticals["remote-resume-writing"]
    >>> [key for key, kpi in vertical.kpis.items() if method(vertical, kpi, "")]
    ['client_satisfaction', 'repeat_business', 'net_promoter']
    """
    rule = kpi.values[segment]
    quotient = _of_hundred(rule.formula)
    counted = (vertical.inputs[name].unit.startswith("count:") for name in rule.arguments if name not in rule.ranges)
    if quotient is None or not all(counted):
        return None
    part, whole = quotient.left, quotient.right
    if isinstance(part, Name) and isinstance(whole, Name):
        return _wilson(part, whole) if _is_part(rule, part, whole) else None
    if isinstance(part, Binary) and part.operator == "-" and _counts_both(part, whole):
        return _mean(part.left, part.right, whole)
    return None


def _of_hundred(tree: Node) -> Binary | None:
    """Return the quotient of ``quotient * 100``."""
    if not isinstance(tree, Binary) or tree.operator != "*":
        return None
    other = {tree.right: tree.left, tree.left: tree.right}.get(_HUNDRED)
    return other if isinstance(other, Binary) and other.operator == "/" else None


def _is_part(rule: Rule, part: Name, whole: Name) -> bool:
    return any(test in rule.conditions for test in (Compare("<=", part, whole), Compare(">=", whole, part)))


def _counts_both(part: Binary, whole: Node) -> bool:
    """Whether two kinds of answers are subtracted, each of them counted in the whole."""
    if isinstance(whole, Call) and whole.function == "count":
        both = (part.left, part.right)
        tests = [term.arguments[0] for term in both if isinstance(term, Call) and term.function == "countif"]
        return len(tests) == 2 and all(isinstance(t, Compare) and t.left == whole.arguments[0] for t in tests)
    terms = _summands(whole)
    return len(terms) == len(set(terms)) > 1 and {part.left, part.right} <= set(terms) and part.left != part.right


def _summands(tree: Node) -> list[Node]:
    """Return the names that are added up; an empty list for any other sum."""
    if isinstance(tree, Name):
        return [tree]
    if not isinstance(tree, Binary) or tree.operator != "+":
        return []
    left, right = _summands(tree.left), _summands(tree.right)
    return left + right if left and right else []


def _wilson(part: Node, whole: Node) -> Method:
    """Wilson's interval: ``(k + z2/2 -+ z sqrt(k (n - k) / n + z2/4)) / (n + z2)``, in percent."""
    square = Z * Z
    centre = Binary("+", part, Number(square / 2))
    rest = Binary("/", Binary("*", part, Binary("-", whole, part)), whole)
    spread = Binary("*", Number(Z), _root(Binary("+", rest, Number(square / 4))))
    over = Binary("+", whole, Number(square))

    def end(sign: str) -> Node:
        return Binary("*", Binary("/", Binary(sign, centre, spread), over), _HUNDRED)

    return _clipped(WILSON, end("-"), end("+"), 0.0, whole)


def _mean(plus: Node, minus: Node, whole: Node) -> Method:
    """The normal interval of the mean of +1, 0 and -1: ``m -+ z sqrt(((p + d) / n - m ** 2) / n)``, times 100."""
    mean = Binary("/", Binary("-", plus, minus), whole)
    square = Binary("**", mean, Number(2.0))
    variance = Binary("-", Binary("/", Binary("+", plus, minus), whole), square)
    error = _root(Binary("/", variance, whole))  # never below zero: the share of both is no less than the mean
    spread = Binary("*", Number(Z), error)

    def end(sign: str) -> Node:
        return Binary("*", Binary(sign, mean, spread), _HUNDRED)

    return _clipped(MEAN, end("-"), end("+"), -100.0, whole)


def _root(tree: Node) -> Node:
    return Binary("**", tree, Number(0.5))


def _clipped(kind: str, low: Node, high: Node, least: float, answers: Node) -> Method:
    return Method(kind, Call("max", (low, Number(least))), Call("min", (high, _HUNDRED)), answers)


def interval(
    vertical: Vertical, kpi: Kpi, segment: str, inputs: Mapping[str, object], sums: bool = False
) -> Interval | None:
    """Return the 95 % interval around a KPI row's figure.

    Args:
        vertical: the line of business.
        kpi: the KPI.
        segment: its segment.
        inputs: the value of each input of the row: counts of people or answers, of a month or a year.
        sums: whether the inputs are those of several months, which need not keep what is required of one.

    Returns:
        Both ends in the KPI's unit, within 0 to 100 for shares and -100 to 100 for net promoter scores,
        and the number of answers; ``None`` where the row has no figure or no interval.

    >>> from xlkpi import load
    >>> vertical = load().verticals["remote-resume-writing"]
    >>> kpi = vertical.kpis["client_satisfaction"]
    >>> sure = interval(vertical, kpi, "", {"satisfied_clients": 17, "surveyed_clients": 20})
    >>> round(sure.low, 1), round(sure.high, 1), sure.answers, sure.few
    (64.0, 94.8, 20.0, True)
    """
    how, rule = method(vertical, kpi, segment), kpi.values[segment]
    values = rule.row_values(inputs)
    checked = rule.without_conditions if sums else rule
    if how is None or values is None or checked.outcome(inputs)[0] != GOOD:
        return None
    try:
        ends = [float(compile_tree(tree, rule.arguments)(*values)) for tree in (how.low, how.high, how.answers)]
    except OverflowError:
        return None
    return Interval(*ends) if all(map(isfinite, ends)) else None


def excel_interval(
    vertical: Vertical,
    kpi: Kpi,
    segment: str,
    references: Mapping[str, str],
    figure: str,
    nothing: str = '""',
) -> tuple[str, str, str] | None:
    """Return formulas for the lower end, the upper end and the number of answers.

    Args:
        vertical: the line of business.
        kpi: the KPI.
        segment: its segment.
        references: the cell or range of each input of the row.
        figure: the row's own figure, as the KPI's cell shows it; no number where it is missing.
        nothing: what the cells say where there is no figure.

    Returns:
        The formulas' texts, without ``=``, in functions of Excel 2010; ``None`` where the row has no interval.

    >>> from xlkpi import load
    >>> vertical = load().verticals["remote-resume-writing"]
    >>> where = {"satisfied_clients": "A1", "surveyed_clients": "B1"}
    >>> excel_interval(vertical, vertical.kpis["client_satisfaction"], "", where, "C1")[2]
    'IF(ISNUMBER(C1),B1,"")'
    """
    how, rule = method(vertical, kpi, segment), kpi.values[segment]
    if how is None:
        return None
    printer = ExcelPrinter(references, [name for name in paired(rule.formula) if name not in rule.fixed])
    low, high, answers = (
        f"IF(ISNUMBER({figure}),{printer.print(tree)},{nothing})" for tree in (how.low, how.high, how.answers)
    )
    return low, high, answers
