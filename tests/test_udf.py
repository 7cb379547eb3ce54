"""The functions as a host calls them: directly, and through xlwings' real server code."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from host_table import CALLS, mismatches

from xlkpi import udf
from xlkpi.errors import EXCEL_ERRORS
from xlkpi.names import VBA_KEYWORDS

SPACE: dict[str, object] = {"__name__": "functions"}
NAMES = udf.register(SPACE)
ERROR_TYPES = {
    "Div0": "#DIV/0!",
    "Value": "#VALUE!",
    "Num": "#NUM!",
    "NotAvailable": "#N/A",
    "Ref": "#REF!",
    "Name": "#NAME?",
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
        sent = [None if rows is None else [[as_sent(cell) for cell in row] for row in rows] for rows in args]
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


def test_the_result_table(host):
    assert not mismatches([host(each.name, *each.arguments) for each in CALLS])


def test_a_wrong_answer_is_noticed():
    answers = [direct(each.name, *each.arguments) for each in CALLS]
    for place, rows in enumerate(answers):
        cell = rows[0][0]
        spoiled = [*answers]
        spoiled[place] = [["#NULL!" if isinstance(cell, str) else cell + 0.001, *rows[0][1:]], *rows[1:]]
        assert len(mismatches(spoiled)) == 1, CALLS[place]


def test_the_table_of_kpis_spills(host, catalogue):
    rows = host("kpilist")
    listed = [vertical.id for vertical in catalogue.verticals.values() for _ in vertical.rows()]
    assert rows[0] == ["Function", "Name", "Formula", "Unit", "Better when", "Bands", "Period of the benchmark",
                       "Line of business", "KPI id", "Segment"]  # fmt: skip
    assert [row[7] for row in rows[1:]] == listed
    assert len(listed) == 37
    assert {len(row) for row in rows} == {10}
    french = host("kpilist", [["remote-resume-writing"]], [["fr"]])
    assert [row[0] for row in french[1:]] == ["CSS", "RTT", "CAC", "RBR", "RICR", "CRR", "NPS"]
    assert french[1][5].startswith("Typique >= ")


def test_what_the_table_lists_is_what_companions_take(catalogue):
    for row in direct("kpilist")[1:]:
        bands, vertical, kpi, segment = row[5], *row[7:]
        answer = direct("kpilevel", [[vertical]], [[kpi]], [[50]], [[segment]])
        assert answer == [["#N/A"]] if not bands else answer[0][0] in (0, 1, 2, 3), row


def test_help_tells_what_a_function_needs_and_its_example(host):
    rows = host("kpihelp", [["CRR"]], [["es"]])
    assert rows[0][0] == "=CRR(end_clients; new_clients; start_clients)"
    assert [row[2] for row in rows] == ["Ejemplo", "", 220, 50, 200, 85]
    assert rows[-1][0] == "Resultado"
    assert {len(row) for row in rows} == {3}
    assert host("kpihelp", [["CSSMEAN"]])[2][2] == "9; 8; 7"
    assert host("kpihelp", [["cssmean"]], [["fr"]])[0][0] == "=CSSMEAN(ratings; [counts])"


def test_help_on_a_companion_names_what_is_allowed(host, catalogue):
    rows = host("kpihelp", [["KPIBAND"]])
    assert rows[0][0] == "=KPIBAND(vertical, kpi, value, [segment], [language])"
    assert all(name in rows[1][1] for name in catalogue.verticals)
    assert "en, pt, fr, es" in rows[-1][1]


def test_every_function_has_help_in_every_language(host, catalogue):
    for language in ("en", "pt", "fr", "es"):
        for name in NAMES:
            rows = host("kpihelp", [[name]], [[language]])
            assert len(rows) >= 1
            assert all(row[1] for row in rows if len(row) > 1), (name, language)


def test_what_hosts_ask_of_a_function(server):
    """The portability rules: lower case, no hints, no VBA words, help of one line, grids, errors as text."""
    registered = {each["name"]: each for each in server.meta["functions"]}
    assert len(NAMES) == len(registered) == 39
    for name in NAMES:
        function = SPACE[name]
        signature = inspect.signature(function)
        assert name == name.lower() == function.__name__
        assert function.__module__ == "functions", "hosts may pass over what belongs to another module"
        assert signature.return_annotation is inspect.Signature.empty
        assert function.__annotations__ == {}, "hosts evaluate annotations at each call"
        assert "\n" not in function.__doc__
        assert len(function.__doc__) <= 255
        for parameter in signature.parameters.values():
            assert parameter.annotation is inspect.Parameter.empty
            assert parameter.default in (None, inspect.Parameter.empty)
            assert parameter.name not in VBA_KEYWORDS | {"caller", name}
        listed = registered[name.upper()]
        assert [each["name"] for each in listed["parameters"]] == list(signature.parameters)
        assert all(each["description"] and len(each["description"]) <= 255 for each in listed["parameters"])
        optional = [each.get("optional", False) for each in listed["parameters"]]
        assert optional == [parameter.default is None for parameter in signature.parameters.values()]


def test_nothing_a_host_hands_over_makes_a_function_raise():
    """Hosts retry what raises, and write the error's text into cells."""
    odd = [
        None,
        "",
        [],
        [[]],
        [[None]],
        [["x"]],
        [[1, 2], [3]],
        ((1, 2),),
        True,
        float("nan"),
        float("inf"),
        {},
        object(),
    ]
    for name in NAMES:
        size = len(inspect.signature(SPACE[name]).parameters)
        for value in odd:
            rows = SPACE[name](*[value] * size)
            assert isinstance(rows, list), (name, value)
            for cell in (cell for row in rows for cell in row):
                assert isinstance(cell, (int, float, str)), (name, value, cell)
                assert not isinstance(cell, float) or abs(cell) < float("inf"), (name, value, cell)


def test_help_links_and_languages(server):
    space: dict[str, object] = {"__name__": "mine"}
    udf.register(space, language="fr")
    assert space["css"].__doc__.startswith("Score de satisfaction")
    listed = {each["name"]: each for each in server.meta["functions"]}
    assert listed["CSS"]["helpUrl"] == "https://example.org/en/css"
