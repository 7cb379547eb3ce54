"""What it takes, as Excel text: the same solution over cells, in functions of Excel 2010.

Two hops: :func:`xlkpi.levers.solve` gives the answer tree, this module prints it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .inversion import NotSolvableError, constant
from .levers import CANNOT, EDGE, MISSING, MORE, POWER, REACHED, Side, Solution, solve
from .model import Kpi, Lever, Vertical
from .notation import COMPARE_DIGITS, ExcelPrinter, number_text, paired
from .reach import Reach
from .tree import Name, Node

MOST_CHARACTERS = 1000
_CALL = re.compile(r"[A-Z]+\(")
_PLAIN = re.compile(r"[\w!$.:']+|[0-9]E[+][0-9]+")
WORDS = {MISSING: '""', REACHED: '"reached"', CANNOT: '"cannot"'}


@dataclass(frozen=True)
class Cells:
    """The cells that an answer is made of, beside the row's inputs.

    Args:
        figure: the row's own figure, as the KPI's cell shows it; no number where it is missing.
        edge: the band's edge or the target, in the KPI's unit; no number where there is none.
        strict: 1 where the edge itself does not do, else 0; a cell or the number.
        upper: the upper edge where a range is best, else empty.
        power: the benchmark's months over those of the figure where figures compound, else empty.
        words: what the cell says for each kind that is no number; texts in quotes, or cells.
    """

    figure: str
    edge: str
    strict: str = "0"
    upper: str = ""
    power: str = ""
    words: Mapping[str, str] = field(default_factory=lambda: WORDS)


def excel_needed(
    vertical: Vertical,
    kpi: Kpi,
    segment: str,
    lever: Lever,
    references: Mapping[str, str],
    cells: Cells,
    difference: bool = False,
    longest: int = MOST_CHARACTERS,
) -> str:
    """Return a formula for the new value of a lever, or for the difference to its present one.

    Args:
        vertical: the line of business.
        kpi: the KPI.
        segment: its segment.
        lever: which input moves, and which way.
        references: the cell or range of each input of the row.
        cells: the figure, the edge and what else is asked.
        difference: whether the difference is wanted rather than the new value.
        longest: characters at which a formula is refused; a range that is best takes about twice as many.

    Returns:
        The formula's text, without ``=``, of fewer characters than ``longest``.

    Raises:
        NotSolvableError: the formula cannot be solved for that input, or would be too long.

    >>> from xlkpi import load
    >>> vertical = load().verticals["remote-resume-writing"]
    >>> kpi = vertical.kpis["client_satisfaction"]
    >>> where = {"satisfied_clients": "A1", "surveyed_clients": "B1"}
    >>> text = excel_needed(vertical, kpi, "", kpi.levers[""][0], where, Cells("C1", "D1", "E1"))
    >>> "ROUND(D1/100*B1,0)" in text
    True
    """
    solution = solve(vertical, kpi, segment, lever, bool(cells.power))
    text = _Writer(kpi, solution, references, cells).write(difference)
    if len(text) >= longest:
        raise NotSolvableError(f"What {kpi.id} takes would need a formula of {len(text)} characters.")
    return text


class _Writer:
    """One answer in the making: which cells stand for what."""

    def __init__(self, kpi: Kpi, solution: Solution, references: Mapping[str, str], cells: Cells) -> None:
        self.solution, self.cells = solution, cells
        self.references = {**references, MORE: "0", POWER: _atom(cells.power)}
        rule = solution.rule
        self.pairs = [name for name in paired(rule.formula) if name not in rule.fixed]
        self.sides = {"higher": (1,), "lower": (-1,), "range": (1, -1)}[kpi.better]
        self.edges = dict(zip(self.sides, (cells.edge, cells.upper), strict=False))

    def print(self, node: Node, edge: str = "", lever: str = "") -> str:
        """Print a tree with an edge and another value of the lever in their places."""
        own = {EDGE: _atom(edge)} | ({self.solution.name: _atom(lever)} if lever else {})
        return ExcelPrinter({**self.references, **own}, self.pairs).print(node)

    def write(self, difference: bool) -> str:
        """Return the whole formula."""
        cells, words = self.cells, self.cells.words
        now = self.print(self.solution.tree) if cells.power else cells.figure
        answer = words[REACHED]
        for sign in reversed(self.sides):
            answer = f"IF({self._fails(sign, now)},{self._side(sign, difference)},{answer})"
        if cells.power:
            answer = f"IF({cells.edge}>0,{answer},{words[MISSING]})"
        wanted = [cell for cell in (cells.figure, cells.edge, cells.upper, cells.power) if cell]
        return f"IF(COUNT({','.join(wanted)})={len(wanted)},{answer},{words[MISSING]})"

    def _fails(self, sign: int, figure: str) -> str:
        """A test that a figure has not come to an edge; SIGN is 0 on the edge itself, which may not do."""
        ends = f"ROUND({figure},9)", f"ROUND({self.edges[sign]},9)"
        high, low = ends if sign > 0 else ends[::-1]
        return f"SIGN({high}-{low})<{self.cells.strict}"

    def _side(self, sign: int, difference: bool) -> str:
        """The answer where the figure has to come up (or down) to an edge."""
        solution, words, edge = self.solution, self.cells.words, self.edges[sign]
        reach = solution.reach(Side(sign, 0.0), len(self.sides) > 1)
        limit = self._limit(reach)
        cannot = [self._fails(sign, self.print(solution.tree, lever=limit))]
        flat = [] if solution.inverse.slope is None else [f"{self.print(solution.inverse.slope, edge)}=0"]
        new = self._new(sign, reach, edge)
        others = [other for other in self.sides if other != sign]
        leapt = [self._fails(other, self.print(solution.tree, lever=new)) for other in others]
        result = f"ROUND({new}-{self.print(Name(solution.name))},9)" if difference else new
        # In this order: where no value helps, what the solution divides by may itself divide by zero.
        for test in (*leapt, *flat, *cannot):
            result = f"IF({test},{words[CANNOT]},{result})"
        if solution.inverse.divisor is None:
            return result
        here, there = (f"({self.print(solution.inverse.divisor, lever=place)})" for place in ("", limit))
        return f"IF(SIGN{here}*SIGN{there}<=0,{words[MISSING]},{result})"

    def _new(self, sign: int, reach: Reach, edge: str) -> str:
        solution, digits = self.solution, self.solution.digits
        nearest = f"ROUND({self.print(solution.inverse.solution, edge)},{digits})"
        fails = self._fails(sign, self.print(solution.tree, lever=nearest))
        step = f"{number_text(solution.step)}*" if digits else ""
        text = f"{nearest}{'+' if reach.up else '-'}{step}({fails})"
        return f"ROUND({text},{digits})" if digits else text

    def _limit(self, reach: Reach) -> str:
        """The furthest whole step; a limit at which the formula divides by zero is not one."""
        settled = constant(reach.tree)
        if settled is not None:
            furthest = f"{reach.whole(settled):.0E}"
            limit = furthest if not reach.ends else f"{reach.whole(settled):.15G}"
        else:
            shift = reach.digits
            size = number_text(10.0**shift)
            scaled = f"{_atom(self.print(reach.tree))}*{size}" if shift else self.print(reach.tree)
            steps = f"ROUND({scaled},{COMPARE_DIGITS - shift})"
            limit = (f"INT({steps})" if reach.up else f"-INT(-{steps})") + (f"/{size}" if shift else "")
        if self.solution.inverse.divisor is None or not reach.ends:
            return limit
        zero = f"({self.print(self.solution.inverse.divisor, lever=limit)}=0)"
        return f"{limit}{'-' if reach.up else '+'}{number_text(self.solution.step)}*{zero}"


def _atom(text: str) -> str:
    """Put what is more than a cell, a number or a call in parentheses."""
    if _PLAIN.fullmatch(text) or (_CALL.match(text) and _closes_at_end(text)):
        return text
    return f"({text})" if text else text


def _closes_at_end(text: str) -> bool:
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and sign == ")":
            return place == len(text) - 1
    return False
