"""The formula language: from text to a small frozen tree.

A formula is arithmetic over names and numbers with one table of functions. Nothing of a file's text
is ever run: the text becomes a tree of six node kinds, and only that tree is compiled or printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import FormulaError
from .names import suggest
from .tree import Binary, Call, Compare, Name, Negative, Node, Number, names, ranges, scalar_names

MAX_CHARACTERS = 1_000
MAX_LEVELS = 25
MAX_NODES = 200
MAX_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Signature:
    """How many arguments a function takes, and of which kind."""

    least: int
    most: int
    takes: str  # "range", "ranges", "condition", "numbers", "test"
    usage: str


FUNCTIONS: Mapping[str, Signature] = {
    "sum": Signature(1, 1, "range", "sum(values)"),
    "mean": Signature(1, 1, "range", "mean(values)"),
    "count": Signature(1, 1, "range", "count(values)"),
    "countif": Signature(1, 1, "condition", "countif(values >= 9)"),
    "sumproduct": Signature(2, 9, "ranges", "sumproduct(values, weights)"),
    "min": Signature(1, 30, "numbers", "min(a, b) or min(values)"),
    "max": Signature(1, 30, "numbers", "max(a, b) or max(values)"),
    "abs": Signature(1, 1, "numbers", "abs(a)"),
    "round": Signature(1, 2, "numbers", "round(a, 2)"),
    "if_": Signature(3, 3, "test", "if_(a >= b, x, y)"),
}

# What surely holds none of the slips below: names, plain numbers and operators, and a term at the end.
_CLEAN = re.compile(
    r"(?:\s++|(?!(?i:if)\s*\()[A-Za-z_]\w*+|\d{1,30}+(?:\.\d{1,30}+)?(?![\w.])|[-+*(),]|/(?!/)|[<>=!]=|<(?!>)|>)*+"
    r"(?<![-+*/<>=,\s])"
)
# What Excel calls a function, in four languages, and what to write here.
_EXCEL = {
    name: what
    for names_of, what in (
        ("SOMA SOMME SUMA", 'Write "sum".'),
        ("AVERAGE MEDIA MÉDIA MOYENNE PROMEDIO", 'Write "mean".'),
        ("COUNTA CONTAR NB", 'Write "count".'),
        ("SOMARPRODUTO SOMMEPROD SUMAPRODUCTO", 'Write "sumproduct".'),
        ("SE SI", 'Write "if_(test, then, otherwise)".'),
        ("ARRED ARRONDI REDONDEAR", 'Write "round".'),
        ("POWER POTENCIA POTÊNCIA PUISSANCE", 'Write "a ** b".'),
        ("SQRT RAIZ RACINE RCUADRADA", 'Write "a ** 0.5".'),
        ("IFERROR SEERRO SIERREUR", "Leave it out: where nothing can be divided by, the cell stays empty by itself."),
        ("AND OR NOT E OU ET Y O", 'Put one "if_" into another.'),
        ("SUMIF AVERAGEIF SUMIFS COUNTIFS", 'Use "countif(values >= 9)", or inputs of their own.'),
    )
    for name in names_of.split()
}
# People type Excel; each row is (pattern, what it is, what to write instead).
_HINTS = (
    (r"^\s*(=)", 'A formula does not begin with "=".', 'Leave the first "=" out.'),
    (r"(\^)", '"^" is not an operator here.', 'Write "**" for a power.'),
    (r"(=>|=<)", "The sign of equality stands behind the other.", 'Write ">=" or "<=".'),
    (r"(<>)", '"<>" is not an operator here.', 'Write "!=" for "not equal".'),
    (r"(?<![<>=!])(=)(?!=)", '"=" does not compare here.', 'Write "==" for "equal".'),
    (
        r"(?i)\b(if)\s*\(",
        '"IF" is not a function here.',
        'Write "if_(test, then, otherwise)".',
    ),
    (r"(;)", '";" does not separate arguments here.', 'Write ",".'),
    (r"(%)", '"%" is not an operator here.', 'Write "/ 100" or "* 100".'),
    (r"(//)", '"//" is not an operator here.', 'Write "/".'),
    (
        r"""(["'])""",
        "Text in quotes has no place in a formula.",
        "Use names, numbers and operators.",
    ),
    (r"(\$?\b[A-Za-z]{1,3}\$?\d+:)", "Cells have no place in a formula.", "Use the names of inputs or arguments."),
    (r"([×·∙])", "This character does not multiply here.", 'Write "*".'),
    (r"(÷)", "This character does not divide here.", 'Write "/".'),
    (r"([−–—])", "This dash does not subtract here.", 'Write "-".'),
    (r"([≤≥≠])", "This character does not compare here.", 'Write "<=", ">=" or "!=".'),
    (r"([$€£])", "A currency sign has no place in a formula.", "Write the number alone."),
    (
        r"([\[\]{}])",
        "Brackets of this kind have no place in a formula.",
        'Use "(" and ")" alone.',
    ),
    (
        r"([^\sA-Za-z0-9_.,+\-*/()<>=!])",
        "This character has no place in a formula.",
        "Remove it.",
    ),
    (
        r"(?<![\w.])((?:\d[\d.]*[A-Za-z_][\w.]*)|(?:\d*\.\d*\.[\d.]*))",
        "This is not a plain decimal number.",
        "Write it like 100 or 0.25, without letters, underscores or a second point.",
    ),
    (
        rf"(?<![\w.])([\d.]{{{MAX_DIGITS + 1},}})",
        "This number has too many digits.",
        "Use 30 at most.",
    ),
    (
        r"([-+*/<>=,])\s*$",
        "The formula stops after an operator.",
        "Add the term that is missing.",
    ),
    (r"(?<=[A-Za-z_)])\s*(\.)", "A point after a name has no place in a formula.", "Remove it."),
)


def parse(text: str, functions: Mapping[str, tuple[int, int]] | None = None, condition: bool = False) -> Node:
    """Turn a formula's text into its tree.

    Args:
        text: the formula, such as ``"satisfied / surveyed * 100"``.
        functions: catalogue functions that may be called: name to (fewest, most) arguments.
        condition: whether a comparison is wanted (``"part <= whole"``) rather than a number.

    Returns:
        The root of the tree.

    Raises:
        FormulaError: the text is not in the language; says where and how to mend it.

    >>> parse("a / b").operator
    '/'
    """
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            f"The formula has {len(text):,} characters; {MAX_CHARACTERS:,} are allowed.",
            "Split it into functions of their own.",
        )
    _scan(text)
    tree = _Reader(text, functions or {}).read()
    if isinstance(tree, Compare) and not condition:
        raise FormulaError(
            "A formula gives a number, not a comparison.",
            "Use if_(test, then, otherwise).",
            tree.column,
            text,
        )
    if condition and not isinstance(tree, Compare):
        raise FormulaError("A condition compares two terms.", 'Write it like "part <= whole".', 1, text)
    if not condition and not names(tree):
        raise FormulaError("The formula uses no argument.", "Name at least one argument in it.", 1, text)
    scalar = {node.id: node for node in scalar_names(tree)}
    for both in sorted(ranges(tree) & set(scalar)):
        raise FormulaError(
            f'"{both}" is used both as a range and as a single number.',
            "Use two arguments.",
            scalar[both].column,
            text,
        )
    return tree


def _scan(text: str) -> None:
    """Refuse, before Python's parser sees it, what is no formula or nests too deeply."""
    if not text.strip():
        raise FormulaError("The formula is empty.", "Write it, such as part / whole * 100.")
    if not _CLEAN.fullmatch(text):
        found = [(match.start(1), what, fix) for slip, what, fix in _HINTS if (match := re.search(slip, text))]
        if found:
            start, what, fix = min(found, key=lambda row: row[0])
            raise FormulaError(what, fix, start + 1, text)
    level = 0
    for place, character in enumerate(text):
        level += (character == "(") - (character == ")")
        if level > MAX_LEVELS:
            raise FormulaError(
                f"Parentheses nest deeper than {MAX_LEVELS} levels.", "Split the formula.", place + 1, text
            )
        if level < 0:
            raise FormulaError('This ")" closes nothing.', "Remove it.", place + 1, text)
    if level:
        raise FormulaError(f'{level} "(" not closed.', 'Add ")".', len(text), text)


_CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")


class _Reader:
    """Walk Python's syntax tree against a whitelist, straight into our own nodes."""

    def __init__(self, text: str, functions: Mapping[str, tuple[int, int]]) -> None:
        self.text = text
        self.functions = functions
        self.nodes = 0

    def refuse(self, what: str, fix: str, column: int) -> FormulaError:
        return FormulaError(what, fix, column, self.text)

    def read(self) -> Node:
        import ast

        # Blanks and line ends become plain spaces, so that columns stay true.
        flat = re.sub(r"\s", " ", self.text)
        lead = len(flat) - len(flat.lstrip())
        try:
            tree = ast.parse(flat[lead:], mode="eval").body
        except SyntaxError as error:
            column = min((error.offset or 1) + lead, len(self.text))
            raise self.refuse(
                "The formula cannot be read here.", "Look for a missing operator or term.", column
            ) from None
        except (MemoryError, RecursionError, ValueError):
            raise self.refuse("The formula is too deep to read.", "Split it.", 1) from None
        self.ast, self.lead = ast, lead
        return self.node(tree, 1)

    def node(self, item: object, level: int) -> Node:
        ast = self.ast
        column = getattr(item, "col_offset", 0) + self.lead + 1
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.refuse(f"The formula has more than {MAX_NODES} parts.", "Split it.", column)
        if level > MAX_LEVELS:
            raise self.refuse(f"The formula nests deeper than {MAX_LEVELS} levels.", "Split it.", column)
        if isinstance(item, ast.Constant):
            return self.number(item.value, column)
        if isinstance(item, ast.Name):
            if _CELL.fullmatch(item.id):
                fix = "Write the name of an input or argument, such as sold_cups."
                raise self.refuse(f"{item.id} is a cell; a formula here has names.", fix, column)
            return Name(item.id, column)
        if isinstance(item, ast.UnaryOp) and isinstance(item.op, (ast.USub, ast.UAdd)):
            operand = self.term(item.operand, level + 1)
            return Negative(operand, column) if isinstance(item.op, ast.USub) else operand
        if isinstance(item, ast.BinOp):
            return self.binary(item, level, column)
        if isinstance(item, ast.Compare):
            return self.compare(item, level, column)
        if isinstance(item, ast.Call):
            return self.call(item, level, column)
        if isinstance(item, ast.Tuple):
            comma = self.text.find(",", column)
            fix = "Decimals stand after a point, as in 0.5; a comma separates what a function takes."
            raise self.refuse("This comma has no place in a formula.", fix, comma + 1 or column)
        raise self.refuse("This has no place in a formula.", "Use names, numbers, + - * / ** and functions.", column)

    def term(self, item: object, level: int) -> Node:
        """Read a node that must be a number."""
        node = self.node(item, level)
        if isinstance(node, Compare):
            raise self.refuse("A comparison stands where a number is needed.", "Use it in if_ or countif.", node.column)
        return node

    def number(self, value: object, column: int) -> Number:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.refuse("This is not a number.", "Use plain decimal numbers.", column)
        return Number(float(value), column)

    def binary(self, item: object, level: int, column: int) -> Node:
        ast = self.ast
        symbols = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
        symbol = symbols.get(type(item.op))  # type: ignore[attr-defined]
        if symbol is None:
            raise self.refuse("This operator has no place in a formula.", "Use + - * / **.", column)
        # A chain such as a + b + c is one level, however long.
        left = self.term(item.left, level if symbol != "**" else level + 1)  # type: ignore[attr-defined]
        right = self.term(item.right, level + 1)  # type: ignore[attr-defined]
        node = Binary(symbol, left, right, column)
        if not names(node):
            self.refuse_unbounded(node)
        return node

    def refuse_unbounded(self, node: Binary) -> None:
        """Refuse constants such as 9**9**9 or 1/0 that are no finite number."""
        from .notation import compile_tree

        try:
            value = compile_tree(node, ())()
        except ArithmeticError:
            value = float("inf")
        if abs(value) > 1e300:
            raise self.refuse(
                "This constant is no number that a cell can hold.", "Write the number itself.", node.column
            )

    def compare(self, item: object, level: int, column: int) -> Compare:
        ast = self.ast
        symbols = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
        ops, right = item.ops, item.comparators  # type: ignore[attr-defined]
        if len(ops) != 1:
            raise self.refuse("Comparisons cannot be chained.", "Compare two terms at a time.", column)
        symbol = symbols.get(type(ops[0]))
        if symbol is None:
            raise self.refuse("This comparison has no place in a formula.", "Use < <= > >= == !=.", column)
        left = self.term(item.left, level + 1)  # type: ignore[attr-defined]
        return Compare(symbol, left, self.term(right[0], level + 1), column)

    def call(self, item: object, level: int, column: int) -> Call:
        ast = self.ast
        target = item.func  # type: ignore[attr-defined]
        if not isinstance(target, ast.Name) or item.keywords:  # type: ignore[attr-defined]
            raise self.refuse("Only a function's plain name can be called.", "Write it like sum(values).", column)
        name = target.id
        own = FUNCTIONS.get(name)
        if own is None and name not in self.functions:
            known = [*FUNCTIONS, *self.functions]
            hint = suggest(name, known) or suggest(name.lower(), known)
            fix = _EXCEL.get(name.upper()) or hint.strip() or f"The functions are {', '.join(FUNCTIONS)}."
            if name.isupper() and not hint and not self.functions and name not in _EXCEL:
                fix = "Functions do not call one another: write its formula out, or call both in the value of a KPI."
            raise self.refuse(f'There is no function "{name}".', fix, column)
        least, most = (own.least, own.most) if own else self.functions[name]
        given = item.args  # type: ignore[attr-defined]
        if not least <= len(given) <= most:
            wants = str(least) if least == most else f"{least} to {most}"
            usage = f"Write it like {own.usage}." if own else f"Give it {wants}."
            if re.search(r"\d,\d", self.text):
                usage += " Decimals stand after a point."
            noun = "argument" if wants == "1" else "arguments"
            raise self.refuse(f"{name} takes {wants} {noun}, not {len(given)}.", usage, column)
        nodes = tuple(self.node(argument, level + 1) for argument in given)
        if own:
            self.check(name, own, nodes, column)
        return Call(name, nodes, column)

    def check(self, name: str, own: Signature, nodes: tuple[Node, ...], column: int) -> None:
        """Hold the arguments of a function of the language against its kind."""
        if own.takes in ("range", "ranges"):
            good = all(isinstance(node, Name) for node in nodes)
        elif own.takes == "condition":
            good = isinstance(nodes[0], Compare) and isinstance(nodes[0].left, Name)
        elif own.takes == "test":
            good = isinstance(nodes[0], Compare) and not any(isinstance(node, Compare) for node in nodes[1:])
        else:
            good = not any(isinstance(node, Compare) for node in nodes)
            if name in ("min", "max") and len(nodes) == 1:
                good = isinstance(nodes[0], Name)
            if name == "round" and len(nodes) == 2:
                digits = nodes[1].value if isinstance(nodes[1], Number) else -1.0
                good = good and digits.is_integer() and 0 <= digits <= 9
        if not good:
            raise self.refuse(f"{name} cannot take this.", f"Write it like {own.usage}.", column)
