"""A rule as Excel text: the formula over cells, and the guards that stand before it.

A row's guards are the same whether its formula is written out or a function of the add-in is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .notation import ExcelPrinter, paired
from .policy import Rule, own_divisor
from .tree import Call, Compare, Name, Node, Number, children

_CELL = re.compile(r"(.*?\$?[A-Z]{1,3}\$?)(\d+)")
_OPPOSITE = {"<=": ">", ">=": "<", "<": ">=", ">": "<=", "==": "!=", "!=": "=="}


def excel_formula(rule: Rule, references: Mapping[str, str]) -> str:
    """Return a rule's formula over cells, unguarded and without ``=``.

    Args:
        rule: the rule.
        references: the cell or range of each argument, such as ``{"end_clients": "Calc!E12"}``.

    Returns:
        The formula's text.

    >>> from xlkpi import load
    >>> excel_formula(load().functions["SCR"].rule, {"completed_sessions": "A1", "scheduled_sessions": "B1"})
    'A1/B1*100'
    """
    return _printer(rule, references).print(rule.formula)


def excel_guarded(rule: Rule, references: Mapping[str, str], body: str = "") -> str:
    """Return a formula that is empty where a divisor is zero, else the rule's figure.

    Args:
        rule: the rule.
        references: the cell or range of each argument.
        body: what gives the figure, if it is not the formula written out.

    Returns:
        The formula's text, without ``=``.
    """
    printer = _printer(rule, references)
    return _after_zero_tests(rule, printer, '""', body or printer.print(rule.formula))


def excel_state(rule: Rule, references: Mapping[str, str]) -> str:
    """Return a formula for a row's state: 0 missing, 2 nothing to divide by, -1 impossible, 1 good.

    Args:
        rule: the rule.
        references: the cell or range of each argument.

    Returns:
        The formula's text, without ``=``.
    """
    printer = _printer(rule, references)
    broken = _broken(rule, printer)
    result = _after_zero_tests(rule, printer, "2", f"IF({_either(broken)},-1,1)" if broken else "1")
    return f"IF({_either(_missing(rule, references))},0,{result})"


def _printer(rule: Rule, references: Mapping[str, str]) -> ExcelPrinter:
    return ExcelPrinter(references, [name for name in paired(rule.formula) if name not in rule.fixed])


def _after_zero_tests(rule: Rule, printer: ExcelPrinter, nothing: str, result: str) -> str:
    """Put the tests for a divisor that is zero before a formula."""
    tests = list(dict.fromkeys(_zero_tests(rule.formula, printer)))
    # Tests that divide by nothing themselves stand in one OR, before those that do.
    plain = [test for test in tests if "/" not in test and not test.startswith("IF(")]
    steps = [_either(plain)] if plain else []
    for zero in reversed(steps + [test for test in tests if test not in plain]):
        result = f"IF({zero},{nothing},{result})"
    return result


def _missing(rule: Rule, references: Mapping[str, str]) -> list[str]:
    single = [references[name] for name in rule.arguments if name not in rule.ranges]
    missing = [f"COUNT({','.join(merge_cells(single))})<{len(single)}"] if single else []
    spans = [name for name in rule.arguments if name in rule.ranges - rule.fixed]
    return missing + [f"COUNT({references[name]})=0" for name in spans]


def _broken(rule: Rule, printer: ExcelPrinter) -> list[str]:
    """Tests for impossible inputs; those against the same limit are put together."""
    limits: dict[tuple[str, float], list[str]] = {}
    tests = []
    for condition in rule.conditions:
        subject, edge = condition.left, condition.right
        extreme = {">=": "min", "<=": "max"}.get(condition.operator)
        of_range = isinstance(subject, Call) and subject.function == extreme and len(subject.arguments) == 1
        bare = subject.arguments[0] if isinstance(subject, Call) and of_range else subject
        if isinstance(bare, Name) and isinstance(edge, Number) and condition.operator in ("<=", ">="):
            limits.setdefault((condition.operator, edge.value), []).append(printer.print(bare))
        else:
            tests.append(Compare(_OPPOSITE[condition.operator], condition.left, condition.right))
    texts = []
    for (operator, limit), cells in limits.items():
        function = "MIN" if operator == ">=" else "MAX"
        several = len(cells) > 1 or ":" in cells[0]
        subject_text = f"{function}({','.join(merge_cells(cells))})" if several else cells[0]
        texts.append(f"ROUND({subject_text},9){_OPPOSITE[operator]}{printer.print(Number(limit))}")
    return texts + [printer.print(test) for test in tests]


def _either(tests: Sequence[str]) -> str:
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def merge_cells(cells: Sequence[str]) -> list[str]:
    """Join references to cells that follow one another in a column: A1, A2, A3 become A1:A3."""
    merged: list[tuple[str, int, int]] = []
    texts: list[str] = []
    for cell in cells:
        match = _CELL.fullmatch(cell)
        if match is None:
            texts.append(cell)
            continue
        column, row = match[1], int(match[2])
        if merged and merged[-1][0] == column and merged[-1][2] == row - 1:
            merged[-1] = (column, merged[-1][1], row)
        else:
            merged.append((column, row, row))
    for column, first, last in merged:
        end = column.rpartition("!")[2] + str(last)
        texts.append(f"{column}{first}" if first == last else f"{column}{first}:{end}")
    return texts


def _zero_tests(tree: Node, printer: ExcelPrinter) -> list[str]:
    """Tests for a divisor that is zero, innermost first; a branch of IF is tested only when it is taken."""
    if isinstance(tree, Call) and tree.function == "if_":
        test, then, otherwise = tree.arguments
        inner = [_in_order(_zero_tests(branch, printer)) for branch in (then, otherwise)]
        tests = _zero_tests(test, printer)
        if any(text != "1=0" for text in inner):
            tests.append(f"IF({printer.print(test)},{inner[0]},{inner[1]})")
        return tests
    below = [test for child in children(tree) for test in _zero_tests(child, printer)]
    own = own_divisor(tree)
    return below if own is None else [*below, f"{printer.print(own)}=0"]


def _in_order(tests: Sequence[str]) -> str:
    """Join tests so that a later one, which may divide, is made only when the earlier ones fail."""
    result = "1=0"
    for test in reversed(tests):
        result = test if result == "1=0" else f"IF({test},1=1,{result})"
    return result
