"""The result table as calls from cells: what every host must answer, whichever way it is reached.

A call is a name (lower case) and its arguments: each a list of rows, or ``None`` for one left out. An answer
is a list of rows; errors are their codes. A host's test turns :data:`CALLS` into answers by real means and
asserts that :func:`mismatches` finds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from test_functions import RANGE_ERRORS, RANGES, SCALAR

from xlkpi import __version__

Rows = list[list[object]]


@dataclass(frozen=True)
class Call:
    """One call and what it must answer."""

    name: str
    arguments: tuple[Rows | None, ...]
    expected: Rows

    @property
    def id(self) -> str:
        return f"{self.name}{self.arguments}"


def grid(value: object) -> Rows | None:
    """What a host hands over for an argument of the table."""
    if value is None:
        return None
    if not isinstance(value, list):
        return [[plain(value)]]
    rows = value if value and isinstance(value[0], list) else [value]
    return [[plain(cell) for cell in row] for row in rows]


def plain(cell: object) -> object:
    """A value as it can travel to a host: exact fractions become floats."""
    return float(cell) if isinstance(cell, Fraction) else cell


def call(name: str, arguments: Sequence[object], expected: object) -> Call:
    rows = expected if isinstance(expected, list) else [[expected]]
    return Call(
        name.lower(), tuple(grid(value) for value in arguments), [[plain(cell) for cell in row] for row in rows]
    )


def _single_figures() -> list[Call]:
    found = []
    for name, good, result, zero, impossible, overflow in SCALAR:
        rest = list(good[1:])
        found.append(call(name, good, result))
        found.append(call(name, [[[value], [value], [value]] for value in good], [[result]] * 3))
        found.append(call(name, [[[value, value]] for value in good], [[result, result]]))
        found.append(call(name, ["abc", *rest], "#VALUE!"))
        found.append(call(name, ["12", *rest], "#VALUE!"))
        found += [call(name, [error, *rest], error) for error in ("#REF!", "#N/A", "#DIV/0!", "#NUM!", "#VALUE!")]
        found.append(call(name, [[[good[0]], ["abc"], ["#REF!"], [good[0]]], *rest],
                          [[result], ["#VALUE!"], ["#REF!"], [result]]))  # fmt: skip
        if zero is not None:
            found.append(call(name, zero, "#DIV/0!"))
        found += [call(name, arguments, "#NUM!") for arguments in impossible]
        if overflow is not None:
            found.append(call(name, overflow, "#NUM!"))
    return found


_CROSSED = [[50, 25], [100, 50]]
_OTHERS = [
    call("css", [[[None]], [[100]]], 0),  # a blank cell counts as zero
    call("css", [[[85]], [[None]]], "#DIV/0!"),
    call("css", [[[""]], [[100]]], 0),
    call("css", [[[85], [101], ["x"]], [[100]]], [[85], ["#NUM!"], ["#VALUE!"]]),
    call("css", [[[1], [2]], [[2, 4]]], _CROSSED),  # a column meets a row
    call("css", [[[1], [2], [3]], [[4], [4]]], [[25], [50], ["#N/A"]]),
    call("css", [[[True]], [[1]]], 100),
    # one bad cell among many, and the first cell behind a chunk
    call("css", [[[n] for n in range(1000)], [[1000]]], [[n / 10] for n in range(1000)]),
    call(
        "css",
        [[["x"] if n == 600 else [n] for n in range(1000)], [[1000]]],
        [["#VALUE!"] if n == 600 else [n / 10] for n in range(1000)],
    ),
    call("cac", [[[9, None], ["#N/A", 4]], [[3, 3], [3, 0]]], [[3, 0], ["#N/A", "#DIV/0!"]]),
    call("crr", [[[10**17 + 2**10]], [[10**17]], [[2**10]]], 100),
    # what classic Excel hands over for #SPILL! and others that xlwings does not know
    call("cac", [[[-2146826243]], [[100]]], "#VALUE!"),
    call("cssmean", [[[9], [-2146826245]], [[1], [1]]], "#VALUE!"),
]
# companion | arguments | result
_COMPANIONS = [
    ("kpiband", ("remote-career-coaching", "CSS", 85), "Typical"),
    ("kpiband", ("remote-career-coaching", "css", [[85], [95]]), [["Typical"], ["Exceptional"]]),
    ("kpiband", ("remote-career-coaching", "client_satisfaction", 85, None, "pt"), "Típico"),
    ("kpiband", ("remote-career-coaching", "CSS", 85, None, "de"), "#N/A"),
    ("kpiband", ("nowhere", "CSS", 85), "#N/A"),
    ("kpiband", ("#REF!", "CSS", 85), "#REF!"),
    ("kpihelp", ("#NAME?",), "#NAME?"),
    ("kpiband", ("career-mentoring", "CSS", 85), "#N/A"),
    ("kpiband", ("data-driven-career-coaching", "SAIR", 30), "#N/A"),
    ("kpiband", ("data-driven-career-coaching", "SAIR", 30, "corporate"), "Above average"),
    ("kpiband", ("data-driven-career-coaching", "SAIR", 30, "nobody"), "#N/A"),
    ("kpiband", ("data-driven-career-coaching", "UEL", 30), "#N/A"),
    ("kpilevel", ("remote-career-coaching", "ATACM", 3), 3),
    ("kpilevel", ("remote-career-coaching", "ATACM", "x"), "#VALUE!"),
    ("kpilevel", ("remote-career-coaching", "ATACM", "#DIV/0!"), "#DIV/0!"),
    ("kpilevel", ("remote-career-coaching", "ATACM", [[99], [None]]), [[0], [""]]),
    ("kpithreshold", ("remote-career-coaching", "CSS", "exceptional"), 95),
    ("kpithreshold", ("remote-career-coaching", "CSS", "Excepcional"), 95),
    ("kpithreshold", ("remote-career-coaching", "CRR", "above"), "#N/A"),
    ("kpithreshold", ("remote-career-coaching", "CSS", "below"), "#N/A"),
    ("kpithreshold", ("data-driven-career-coaching", "SAIR", "typical"), "#N/A"),
    ("kpithreshold", ("data-driven-career-coaching", "SAIR", "typical", "corporate"), 20),
    ("kpinext", ("remote-career-coaching", "CRFCPC", 60), 0.1),
    ("kpinext", ("remote-career-coaching", "CRFCPC", 90), ""),
    # names in ranges are paired with the figures, as KPILIST puts them side by side
    (
        "kpiband",
        ("remote-career-coaching", [["CSS"], ["CRR"], ["nope"]], [[85], [85], [85]]),
        [["Typical"], ["Typical"], ["#N/A"]],
    ),
    ("kpilevel", ([["career-mentoring"], ["remote-career-coaching"]], "CRR", [[85], [95]]), [[2], [3]]),
    ("kpilevel", ("remote-career-coaching", [["CSS", "CRR"]], [[85], [95]]), [[1, 1], [3, 3]]),
    ("kpilevel", ("remote-career-coaching", [["CSS"], ["CRR"]], [[85], [95], [95]]), [[1], [3], ["#N/A"]]),
    (
        "kpithreshold",
        ("remote-career-coaching", [["CSS"], ["CRR"]], [["typical", "exceptional"]]),
        [[80, 95], [80, 90]],
    ),
    ("kpiband", ("data-driven-career-coaching", "SAIR", 30, "Corporate"), "Above average"),
    ("kpilevel", ("remote-career-coaching", "ATACM", [[None]]), 3),  # a blank cell alone arrives as 0 on the web
    ("kpihelp", ([["CSS"], ["CRR"]],), "#N/A"),
    ("kpilist", ("nowhere",), "#N/A"),
    ("kpilist", (None, "xx"), "#N/A"),
    ("kpihelp", ("CSZ",), "#N/A"),
    ("kpihelp", ("CSS", "xx"), "#N/A"),
    ("xlkpiversion", (), __version__),
]

CALLS: list[Call] = [
    *_single_figures(),
    *(call(name, arguments, result) for name, arguments, result in RANGES),
    *(call(name, arguments, code) for name, arguments, code in RANGE_ERRORS if [] not in arguments),
    *_OTHERS,
    *(call(*row) for row in _COMPANIONS),
]


def same(found: object, expected: object) -> bool:
    """Whether a host's value is the expected one: 1e-9 relative or 1e-12 absolute; a blank is an empty text."""
    if isinstance(expected, str) or expected is None:
        return (found or "") == (expected or "")
    number = float(expected)  # type: ignore[arg-type]
    return isinstance(found, (int, float)) and abs(found - number) <= max(1e-9 * abs(number), 1e-12)


def mismatches(answers: Sequence[Rows]) -> list[str]:
    """Say where a host's answers to :data:`CALLS` are not what they must be."""
    assert len(answers) == len(CALLS) > 400
    wrong = []
    for each, rows in zip(CALLS, answers, strict=True):
        good = [len(row) for row in rows] == [len(row) for row in each.expected] and all(
            same(cell, expected)
            for row, expected_row in zip(rows, each.expected, strict=True)
            for cell, expected in zip(row, expected_row, strict=True)
        )
        if not good:
            wrong.append(f"{each.id}: expected {each.expected}, found {rows}")
    return wrong
