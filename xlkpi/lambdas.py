"""A function of the catalogue as a named LAMBDA of Excel, in the two spellings that people meet.

Printed from the same tree, with the same guards, as the formulas of the cells. Excel keeps
``_xlfn.LAMBDA(_xlpm.part,...)`` in the file; a person types ``=LAMBDA(part, ...)``.

Single figures are mapped one by one, so that what is asked of each is an ordinary formula over numbers and
nothing has to be known about which functions of Excel take a range in the place of a number. Ranges are
looked through once for errors and once for what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent

from .guards import excel_answer
from .model import Function
from .names import HELP_LIMIT, excel_length
from .notation import ExcelPrinter, number_text
from .tree import Call, Compare, Name

PREFIX = "KPI."  # never the bare name: a LAMBDA of that name stops every Python function in xlwings Lite
TEXT_LIMIT = 8191  # characters of a formula in Excel
_MARKED = frozenset(("LAMBDA", "LET", "MAP", "ISOMITTED"))  # younger than the file format: stored with a mark


@dataclass(frozen=True)
class NamedLambda:
    """A function as a defined name.

    Args:
        name: such as ``KPI.CSS``.
        stored: the text that Excel keeps in a file.
        typed: the text that a person types or pastes, with its ``=``.
        comment: what it gives, at most 255 characters.
    """

    name: str
    stored: str
    typed: str
    comment: str

    @property
    def fits(self) -> bool:
        """Whether Excel takes a formula of that length."""
        return len(self.stored) <= TEXT_LIMIT


def lambda_name(function: Function) -> str:
    """Return the name of a function's LAMBDA, such as ``KPI.CSS``."""
    return PREFIX + function.name


def named_lambda(function: Function, language: str = "en") -> NamedLambda:
    """Return a function as a named LAMBDA.

    Args:
        function: the function of the catalogue.
        language: of the comment.

    Returns:
        The name, its text in both spellings, and its comment.

    >>> from xlkpi import load
    >>> found = named_lambda(load().functions["CSSMEAN"])
    >>> found.name, found.stored[:39], found.typed.split()[:3]
    ('KPI.CSSMEAN', '_xlfn.LAMBDA(_xlpm.ratings,_xlop.counts', ['=LAMBDA(', 'ratings,', '[counts],'])
    """
    stored, typed = (_Writer(function, spelling).text() for spelling in (_Stored(), _Typed()))
    return NamedLambda(lambda_name(function), stored, f"={typed}", _comment(function.help.get_in(language)))


def named_lambdas(functions: Iterable[Function], language: str = "en") -> list[NamedLambda]:
    """Return those of some functions whose LAMBDA is not too long for Excel.

    Args:
        functions: functions of the catalogue.
        language: of the comments.

    Returns:
        The named LAMBDAs, in the order of the functions.
    """
    return [found for function in functions if (found := named_lambda(function, language)).fits]


def sheet_text(found: Iterable[NamedLambda]) -> str:
    """Return named LAMBDAs as text for the Advanced Formula Environment, one definition after another.

    Args:
        found: the named LAMBDAs.

    Returns:
        The text: the help of each as a comment, then ``name = LAMBDA(...);``.

    >>> from xlkpi import load
    >>> sheet_text([named_lambda(load().functions["CSS"])]).splitlines()[1]
    'KPI.CSS = LAMBDA('
    """

    def definition(each: NamedLambda) -> str:
        help_text = each.comment.replace("*/", "* /")
        return f"/** {help_text} */\n{each.name} = {each.typed.removeprefix('=')};"

    return "\n\n".join(map(definition, found))


def _comment(text: str) -> str:
    """Cut a help text to what Excel takes; the catalogue holds it to that already, in every language."""
    while excel_length(text) > HELP_LIMIT:
        text = text[:-1]
    return text


class _Stored:
    """How Excel keeps a LAMBDA in a file."""

    def name(self, name: str) -> str:
        return f"_xlpm.{name}"

    def optional(self, name: str) -> str:
        return f"_xlop.{name}"

    def call(self, function: str, arguments: Sequence[str]) -> str:
        return f"{'_xlfn.' if function in _MARKED else ''}{function}({','.join(arguments)})"

    def pair(self, name: str, value: str) -> str:
        return f"{name},{value}"

    def lines(self, function: str, arguments: Sequence[str]) -> str:
        """Write a call whose arguments a reader meets one by one."""
        return self.call(function, arguments)


class _Typed(_Stored):
    """How a person types one, over several lines."""

    def name(self, name: str) -> str:
        return name

    def optional(self, name: str) -> str:
        return f"[{name}]"

    def call(self, function: str, arguments: Sequence[str]) -> str:
        return f"{function}({', '.join(arguments)})"

    def pair(self, name: str, value: str) -> str:
        return f"{name}, {value}"

    def lines(self, function: str, arguments: Sequence[str]) -> str:
        return f"{function}(\n{indent(f',{chr(10)}'.join(arguments), '  ')}\n)"


class _LambdaPrinter(ExcelPrinter):
    """Print a tree over names; of a range only what counts enters, as ``keep`` says with 1 and 0."""

    def __init__(self, references: Mapping[str, str], keep: str) -> None:
        super().__init__(references)
        self.keep = keep

    def members(self, node: Name) -> str:
        """Return a range's members that count; MIN and MAX pass over the FALSE of the others."""
        return f"IF({self.keep},{self.print(node)})"

    def _call(self, node: Call) -> str:
        first = node.arguments[0]
        if node.function == "countif" and isinstance(first, Compare):
            return self._sum(self._test(first))
        if node.function in ("sum", "sumproduct"):
            return self._sum("*".join(map(self.print, node.arguments)))
        if node.function == "count":
            return f"SUM({self.keep})"
        if node.function == "mean":
            return f"({self._sum(self.print(first))}/SUM({self.keep}))"
        if node.function in ("min", "max") and len(node.arguments) == 1 and isinstance(first, Name):
            return f"{node.function.upper()}({self.members(first)})"
        return super()._call(node)

    def _sum(self, members: str) -> str:
        return f"SUM(IF({self.keep},{members},0))"

    def _test(self, test: Compare) -> str:
        """Hold each member against an edge moved half a step, which is the same as rounding it; 1 or 0."""
        members = self.print(test.left)
        low, high = (self._edge(test.right, side) for side in (-1, 1))
        inside = f"({members}>={low})*({members}<{high})"
        texts = {">=": (">=", low), "<": ("<", low), ">": (">=", high), "<=": ("<", high)}
        if test.operator in texts:
            return f"({members}{''.join(texts[test.operator])})*1"
        return inside if test.operator == "==" else f"1-{inside}"


class _Writer:
    """Write one function's LAMBDA in one spelling."""

    def __init__(self, function: Function, spelling: _Stored) -> None:
        self.function, self.spelling = function, spelling
        self.arguments = [argument.id for argument in function.arguments]
        self.taken = set(self.arguments)
        self.ranges = [name for name in self.arguments if name in function.ranges]
        self.figures = [name for name in self.arguments if name not in function.ranges]
        self.references = {name: spelling.name(name) for name in self.arguments}
        self.keep, self.faults = self._fresh("keep"), ""

    def text(self) -> str:
        """Return the text, without ``=``."""
        optional, spelling = self.function.optional, self.spelling
        named = [spelling.optional(name) if name in optional else spelling.name(name) for name in self.arguments]
        left_out = [(self._fresh(f"all_{name}"), name) for name in self.ranges if name in optional]
        bound = [spelling.pair(fresh, self._filled(name)) for fresh, name in left_out]
        self.references |= {name: fresh for fresh, name in left_out}
        body = self._over_ranges() if self.ranges else self._over_figures()
        if bound:
            body = spelling.lines("LET", [*bound, body])
        return spelling.lines("LAMBDA", [self.spelling.call("", named)[1:-1], body])

    def _fresh(self, name: str) -> str:
        """Return a name that no argument has, as it is spelled."""
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return self.spelling.name(name)

    def _filled(self, name: str) -> str:
        """Return an optional range, or its default once for each member of the first one."""
        given, first = self.spelling.name(name), self.spelling.name(self.ranges[0])
        default = '""'  # the only range there is holds nothing
        if name != self.ranges[0]:
            default = self._mapped([first], lambda _: number_text(self.function.optional[name]))
        return f"IF({self.spelling.call('ISOMITTED', [given])},{default},{given})"

    def _mapped(self, over: Sequence[str], body: Callable[[list[str]], str], line: bool = False) -> str:
        """Return a MAP over arrays of the same shape; the body is given the names of their members."""
        cells = [self.spelling.name(self._free(f"cell_{place}")) for place, _ in enumerate(over, 1)]
        write = self.spelling.lines if line else self.spelling.call
        each = write("LAMBDA", [self.spelling.call("", cells)[1:-1], body(cells)])
        return write("MAP", [*over, each])

    def _free(self, name: str) -> str:
        while name in self.arguments:
            name += "_"
        return name

    def _over_ranges(self) -> str:
        """Look through the ranges: their shape, their errors, and which members count."""
        spelling, spans = self.spelling, [self.references[name] for name in self.ranges]
        errors = [self._mapped([span], lambda cell: f"IF(ISERROR({cell[0]}),{cell[0]},0)") for span in spans]
        counted = self._mapped(spans, lambda cells: "*".join(["1", *(f"ISNUMBER({cell})" for cell in cells)]))
        unlike = "+".join(f"({size}({spans[0]})<>{size}({span}))" for span in spans[1:] for size in ("ROWS", "COLUMNS"))
        first = "+".join(f"SUM({each})" for each in errors)
        self.faults = self._fresh("faults")
        found = spelling.pair(self.faults, f"IF({unlike}>0,#N/A,{first})" if unlike else first)
        return spelling.lines("LET", [found, spelling.pair(self.keep, counted), self._over_figures()])

    def _over_figures(self) -> str:
        """Answer for each member of the single figures, spread to the shape that they have together."""
        if not self.figures:
            return self._unless(self.faults)
        spelling, given = self.spelling, [self.references[name] for name in self.figures]
        if len(given) == 1:
            return self._mapped(given, self._each, line=True)
        shape = self._fresh("shape")
        zeros = f"IFERROR({'+'.join(f'{name}*0' for name in given)},0)"
        spread = self._mapped([f"IF({shape}=0,{name})" for name in given], self._each, line=True)
        return spelling.lines("LET", [spelling.pair(shape, zeros), spread])

    def _each(self, cells: list[str]) -> str:
        """Answer for one of each: text is no number, and the first error stays."""
        spelling = self.spelling
        numbers = [self._fresh(f"each_{name}") for name in self.figures]
        self.references |= dict(zip(self.figures, numbers, strict=True))
        bound = [
            spelling.pair(number, f"IF(ISTEXT({cell}),#VALUE!,{cell}*1)")
            for number, cell in zip(numbers, cells, strict=True)
        ]
        fault = self._fresh("fault")
        terms = [self.faults] * bool(self.faults) + [f"{number}*0" for number in numbers]
        return spelling.lines("LET", [*bound, spelling.pair(fault, "+".join(terms)), self._unless(fault)])

    def _unless(self, fault: str) -> str:
        """Return the answer, or the error that was found before."""
        answer = excel_answer(self.function.rule, _LambdaPrinter(self.references, self.keep))
        return self.spelling.lines("IF", [f"ISERROR({fault})", fault, answer])
