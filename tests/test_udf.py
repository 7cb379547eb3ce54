"""The functions as a host calls them: directly, and through xlwings' real server code."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_functions import RANGE_ERRORS, RANGES, SCALAR

from xlkpi import __version__, udf
from xlkpi.errors import EXCEL_ERRORS
from xlkpi.names import VBA_KEYWORDS

SPACE: dict[str, object] = {}
NAMES = udf.register(SPACE)
ERROR_TYPES = {
    "Div0": "#DIV/0!",
    "Value": "#VALUE!",
    "Num": "#NUM!",
    "NotAvailable": "#N/A",
    "Ref": "#REF!",
}


class Server:
    """xlwings' server code in a process of its own."""

    def __init__(self) -> None:
        script = str(Path(__file__).with_name("host_server.py"))
        self.process = subprocess.Popen(
            [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.meta = json.loads(self.process.stdout.readline())

    def __call__(self, name: str, *args: object) -> list[list[object]]:
        sent = [[[as_sent(cell) for cell in row] for row in rows] for rows in args]
        self.process.stdin.write(json.dumps({"name": name, "args": sent}) + "\n")
        self.process.stdin.flush()
        rows = json.loads(self.process.stdout.readline())
        return [[plain(cell) for cell in row] for row in rows]

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


def as_sent(cell: object) -> object:
    """An error in a cell, as Office sends it."""
    return {"type": "Error", "basicType": "Error", "basicValue": cell} if cell in EXCEL_ERRORS else cell


def plain(cell: object) -> object:
    return ERROR_TYPES.get(cell["errorType"], cell["errorType"]) if isinstance(cell, dict) else cell


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def direct(name: str, *args: object) -> list[list[object]]:
    return SPACE[name](*args)


@pytest.fixture(params=["direct", "server"])
def host(request):
    return direct if request.param == "direct" else request.getfixturevalue("server")


def grid(value: object) -> list[list[object]]:
    """What a host hands over for an argument of the result table."""
    if not isinstance(value, list):
        return [[value]]
    return [list(row) for row in value] if value and isinstance(value[0], list) else [value]


def same(found: object, expected: object) -> bool:
    if isinstance(expected, str):
        return found == expected
    return isinstance(found, (int, float)) and abs(found - float(expected)) <= max(1e-9 * abs(float(expected)), 1e-12)


@pytest.mark.parametrize("row", SCALAR, ids=[row[0] for row in SCALAR])
def test_the_result_table_of_single_figures(host, row):
    name, good, result, zero, impossible, overflow = row
    lower, grids = name.lower(), [grid(value) for value in good]
    assert same(host(lower, *grids)[0][0], result)
    assert same(host(lower, *[[[value], [value]] for value in good])[1][0], result), "a column spills"
    assert host(lower, [["abc"]], *grids[1:]) == [["#VALUE!"]]
    assert host(lower, [["#REF!"]], *grids[1:]) == [["#REF!"]]
    if zero is not None:
        assert host(lower, *map(grid, zero)) == [["#DIV/0!"]]
    for arguments in impossible:
        assert host(lower, *map(grid, arguments)) == [["#NUM!"]]
    if overflow is not None:
        assert host(lower, *map(grid, overflow)) == [["#NUM!"]]


@pytest.mark.parametrize("name, arguments, result", RANGES)
def test_the_result_table_of_ranges(host, name, arguments, result):
    assert same(host(name.lower(), *map(grid, arguments))[0][0], result)


@pytest.mark.parametrize("name, arguments, code", [row for row in RANGE_ERRORS if [] not in row[1]])
def test_the_result_table_of_ranges_in_error(host, name, arguments, code):
    assert host(name.lower(), *map(grid, arguments)) == [[code]]


def test_a_blank_cell_counts_as_zero(host):
    assert host("css", [[None]], [[100]]) == [[0]]
    assert host("css", [[85]], [[None]]) == [["#DIV/0!"]]


# companion | arguments | result
COMPANIONS = [
    ("kpiband", ("remote-career-coaching", "CSS", 85), [["Typical"]]),
    ("kpiband", ("remote-career-coaching", "css", [[85], [95]]), [["Typical"], ["Exceptional"]]),
    ("kpiband", ("remote-career-coaching", "client_satisfaction", 85, None, "pt"), [["Típico"]]),
    ("kpiband", ("remote-career-coaching", "CSS", 85, None, "de"), [["#N/A"]]),
    ("kpiband", ("nowhere", "CSS", 85), [["#N/A"]]),
    ("kpiband", ("career-mentoring", "CSS", 85), [["#N/A"]]),
    ("kpiband", ("data-driven-career-coaching", "SAIR", 30), [["#N/A"]]),
    ("kpiband", ("data-driven-career-coaching", "SAIR", 30, "corporate"), [["Above average"]]),
    ("kpiband", ("data-driven-career-coaching", "UEL", 30), [["#N/A"]]),
    ("kpilevel", ("remote-career-coaching", "ATACM", 3), [[3]]),
    ("kpilevel", ("remote-career-coaching", "ATACM", "x"), [["#VALUE!"]]),
    ("kpilevel", ("remote-career-coaching", "ATACM", "#DIV/0!"), [["#DIV/0!"]]),
    ("kpithreshold", ("remote-career-coaching", "CSS", "exceptional"), [[95]]),
    ("kpithreshold", ("remote-career-coaching", "CRR", "above"), [["#N/A"]]),
    ("kpithreshold", ("data-driven-career-coaching", "SAIR", "typical"), [["#N/A"]]),
    ("kpinext", ("remote-career-coaching", "CRFCPC", 60), [[0.1]]),
    ("kpinext", ("remote-career-coaching", "CRFCPC", 90), [[""]]),
    ("kpilist", ("nowhere",), [["#N/A"]]),
    ("kpihelp", ("CSZ",), [["#N/A"]]),
    ("xlkpiversion", (), [[__version__]]),
]


@pytest.mark.parametrize("name, arguments, result", COMPANIONS)
def test_companions(host, name, arguments, result):
    assert host(name, *map(grid, arguments)) == result


def test_tables_spill():
    rows = direct("kpilist")
    assert len(rows) == 37
    assert {len(row) for row in rows} == {6}
    help_rows = direct("kpihelp", [["CRR"]], [["es"]])
    assert help_rows[-1] == ["=", 85]
    assert {len(row) for row in help_rows} == {2}


def test_what_hosts_ask_of_a_function(server):
    """The portability rules: lower case, no hints, no VBA words, help of one line, grids, errors as text."""
    registered = {each["name"]: each for each in server.meta["functions"]}
    assert len(NAMES) == len(registered) == 39
    for name in NAMES:
        function = SPACE[name]
        signature = inspect.signature(function)
        assert name == name.lower() == function.__name__
        assert signature.return_annotation is inspect.Signature.empty
        assert "\n" not in function.__doc__
        assert len(function.__doc__) <= 255
        for parameter in signature.parameters.values():
            assert parameter.annotation is inspect.Parameter.empty
            assert parameter.default in (None, inspect.Parameter.empty)
            assert parameter.name not in VBA_KEYWORDS | {"caller", name}
        listed = registered[name.upper()]
        assert [each["name"] for each in listed["parameters"]] == list(signature.parameters)
        assert all(each["description"] for each in listed["parameters"])
