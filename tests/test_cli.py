"""The commands as people type them: what is printed, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import xlkpi
from xlkpi.cli import main
from xlkpi.typed import TypedValueError, figure_text, typed_value

GOOD = Path(__file__).parent / "broken" / "good.toml"


def run(*arguments: str):
    result = CliRunner().invoke(main, list(arguments))
    assert "Traceback" not in result.output
    return result


# command line | exit code | words on standard output | words on standard error
CALLS = [
    ("calc CSS 85 100", 0, "85\n", ""),
    ("calc css 85 100", 0, "85\n", ""),
    ("calc CRR 400 150 300", 0, "83.3333333333\n", ""),
    ("calc CCAG 10 50", 0, "20\n", ""),
    ("calc CCAGPRINTED 10 50", 0, "-80\n", ""),
    ("calc SDI 10 50", 0, "0.2\n", ""),
    ("calc CSSMEAN 9;8;7 40;5;5", 0, "8.7\n", ""),
    ("calc CSSMEAN 9,8,7 40,5,5", 0, "8.7\n", ""),
    ("calc CSSMEAN 9,8,7", 0, "8\n", ""),
    ("calc CSS 85;90 100", 0, "85 90\n", ""),
    ("calc CSS TRUE 1", 0, "100\n", ""),
    ("calc CSS 85.5 100", 0, "85.5\n", ""),
    ("calc CSS 1 0", 1, "#DIV/0!  surveyed_clients is zero", ""),
    ("calc CSS 101 100", 1, "#NUM!  These inputs cannot be", ""),
    ("calc CSS -1 100", 1, "#NUM!", ""),
    ("calc CSS abc 100", 1, '#VALUE!  satisfied_clients is text ("abc")', ""),
    ("calc CSS #REF! 100", 1, "#REF!", ""),
    ("calc CSSMEAN 9;8 1;2;3", 1, "#N/A", ""),
    ("calc CSS 85;x 100", 1, "85 #VALUE!\n", "#VALUE!"),
    ("calc CSS 85,5 100", 2, "", 'Is "85,5" the number 85.5, or the two numbers 85 and 5?'),
    ("calc CSSMEAN 9;x;7 40;5;5", 2, "", '"x" in the range is no number'),
    ("calc CSS 85% 100", 2, "", "Write 85; 85 stands for 85%"),
    ("calc CSS 1,234,567 2000", 2, "", "the number 1234567, or a range"),
    ("calc CSSMEAN 9;8 100;200", 0, "8.33333333333", ""),
    ("calc CSS 85", 2, "", "CSS takes satisfied_clients, surveyed_clients; 1 value was given"),
    ("calc CSZ 85 100", 2, "", 'Did you mean "CSS"?'),
    ("show CRRR", 2, "", 'Did you mean "CRR"?'),
    ("show remote-resume-writin", 2, "", 'Did you mean "remote-resume-writing"?'),
    ("build remote-resume", 2, "", "There is no line of business"),
    ("build --lang de", 2, "", "Invalid value for '--lang'"),
    ("build --start 2026-13", 2, "", "is no month"),
    ("check", 2, "", "There is nothing to check"),
    ("nonsense", 2, "", "No such command"),
    ("check none.toml", 1, "There is no such file", "1 error, 0 warnings"),
    ("build none.toml", 1, "", "There is no such file"),
    ("--version", 0, f"xlkpi {xlkpi.__version__}\n", ""),
]


@pytest.mark.parametrize("line, code, printed, warned", CALLS, ids=[row[0] for row in CALLS])
def test_calls(line, code, printed, warned):
    result = run(*line.split(" "))
    assert result.exit_code == code, result.output
    assert printed in result.stdout
    assert warned in result.stderr


def test_calc_takes_ranges_in_quotes():
    assert run("calc", "CSSMEAN", "9 8 7", "40 5 5").stdout == "8.7\n"


@pytest.mark.parametrize("kpi", [k for v in xlkpi.load().verticals.values() for k in v.kpis.values() if k.example],
                         ids=lambda kpi: f"{kpi.function.name}-{kpi.id}")  # fmt: skip
def test_calc_answers_every_worked_example(kpi):
    def typed(value):
        return ";".join(map(str, value)) if isinstance(value, list) else str(value)

    result = run("calc", kpi.function.name, *map(typed, kpi.example.inputs.values()))
    assert result.stdout == f"{kpi.example.gives:.12g}\n"


@pytest.mark.parametrize(
    "text, value",
    [
        ("85", 85.0), ("85.5", 85.5), (".5", 0.5), ("-1", -1.0), ("1e3", 1000.0), ("9 8 7", [9, 8, 7]), ("9; 8;7", [9, 8, 7]),
        ("9,8,7", [9, 8, 7]), ("9, 8, 7", [9, 8, 7]), ("9, 8", [9, 8]), ("9;8", [9, 8]), ("9;", [9]), ("TRUE", True), ("false", False),
        ("n/a", "n/a"), ("#N/A", "#N/A"), ("inf", "inf"), ("nan", "nan"), ("0x10", "0x10"),
    ],
)  # fmt: skip
def test_values_as_typed(text, value):
    assert typed_value(text) == value


@pytest.mark.parametrize(
    "text", ["85,5", "-85,5", ",5", "0,5", "1,5;2", "1,5 2,5", "", " ", "85%", "$85", "85 €", "1,234,567", "1 000"]
)
def test_what_can_be_read_in_two_ways_is_asked_for(text):
    with pytest.raises(TypedValueError):
        typed_value(text)


@pytest.mark.parametrize(
    "value, text",
    [(85.0, "85"), (250 / 3, "83.3333333333"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (1e14, "100000000000000"),
     (123456789012345.0, "123456789012000"), (1e300, "1e+300"), (1e-7, "1e-07"), (0.00012, "0.00012"), ([1.0, [2.0]], "1\n2")],
)  # fmt: skip
def test_figures_as_printed(value, text):
    assert figure_text(value) == text


def test_list_and_show_speak_the_language_asked_for():
    assert "Coaching de carrière à distance" in run("list", "--lang", "fr").stdout
    text = run("show", "crr", "--lang", "es").stdout
    assert "(end_clients - new_clients) / start_clients * 100" in text
    assert "Tasa de retención" in text
    assert "xlkpi calc CRR 220 50 200 -> 85" in text
    assert "the article prints 83" in run("show", "CRR").stdout
    vertical = run("show", "remote-resume-writing").stdout
    assert "promoters" in vertical
    assert "Rédaction de CV" not in vertical


def test_json_is_stable():
    listed = json.loads(run("list", "--json").stdout)
    assert set(listed) == {"verticals", "functions"}
    assert set(listed["verticals"][0]) == {"id", "name", "kpis", "file"}
    assert set(listed["functions"][0]) == {"name", "arguments", "help", "file"}
    function = json.loads(run("show", "CSSMEAN", "--json").stdout)
    assert set(function) == {
        "function", "help", "arguments", "formula", "require", "unit", "example", "companions", "file", "kpis",
    }  # fmt: skip
    assert set(function["kpis"][0]) == {
        "vertical", "id", "name", "function", "shows", "unit", "better", "year", "bands", "example", "benchmark", "note",
    }  # fmt: skip
    vertical = json.loads(run("show", "career-mentoring", "--json").stdout)
    assert set(vertical) == {"vertical", "name", "inputs", "kpis", "file"}
    assert len(vertical["kpis"]) == 7


def test_check_prints_problems_and_counts_them(tmp_path):
    good = tmp_path / "tea-shop.toml"
    good.write_bytes(GOOD.read_bytes())
    assert run("check", str(good)).stdout == "No problems.\n"
    bad = tmp_path / "tea-stall.toml"
    text = GOOD.read_text("utf-8").replace('kind = "flow"', 'kind = "flows"')
    for name in ("TEARATE", "SEATUSE", "GUESTGROWTH"):  # which the other file has already
        text = text.replace(name, f"STALL{name}")
    bad.write_text(text, "utf-8")
    result = run("check", str(good), str(bad))
    assert result.exit_code == 1
    assert f"{bad}:" in result.stdout
    assert "2 errors" in result.stderr
    assert {"file", "line", "key", "column", "severity", "what", "fix"} == set(
        json.loads(run("check", "--json", str(bad)).stdout)[0]
    )
    assert run("check", str(tmp_path)).exit_code == 1, "a folder stands for the files in it"
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no catalogue file" in run("check", str(empty)).stdout


def test_build_writes_all_lines_of_business_in_all_languages_below_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("build")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 20
    assert len(list((tmp_path / "workbook_templates").glob("*.xlsx"))) == 20
    assert not list((tmp_path / "workbook_templates").glob(".*"))


def test_build_of_a_users_own_file(tmp_path):
    source = tmp_path / "tea-shop.toml"
    source.write_bytes(GOOD.read_bytes())
    out = tmp_path / "out"
    result = run(
        "build",
        str(source),
        "career-mentoring",
        "--lang",
        "en",
        "--lang",
        "fr",
        "--out",
        str(out),
        "--sample",
    )
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == [
        "career-mentoring.en.sample.xlsx", "career-mentoring.fr.sample.xlsx",
        "tea-shop.en.sample.xlsx", "tea-shop.fr.sample.xlsx",
    ]  # fmt: skip


def test_build_of_a_broken_file_writes_nothing(tmp_path):
    source = tmp_path / "tea-shop.toml"
    source.write_text("[kpi]\n", "utf-8")
    out = tmp_path / "out"
    assert run("build", str(source), "--out", str(out)).exit_code == 1
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    blocker = tmp_path / "out"
    blocker.write_text("a file where a folder should be")
    result = run("build", "career-mentoring", "--lang", "en", "--out", str(blocker / "below"))
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_every_command_has_help():
    for name in ("list", "show", "calc", "check", "build", "lambdas"):
        result = run(name, "--help")
        assert result.exit_code == 0
        assert len(result.stdout.splitlines()) > 4


def test_the_program_starts_as_a_module_too():
    command = [sys.executable, "-m", "xlkpi.cli", "calc", "CSS", "85", "100"]
    assert subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout == "85\n"


def test_a_companion_is_for_cells_and_calc_says_so():
    result = run("calc", "KPIBAND", "1")
    assert result.exit_code == 2
    assert "for cells" in result.output


def test_lambdas_are_printed_for_all_for_a_line_of_business_and_for_a_function(tmp_path):
    assert run("lambdas").stdout.count(" = LAMBDA(") == 32
    printed = run("lambdas", "remote-resume-writing", "CSS", "cssmean").stdout
    assert [line.split()[0] for line in printed.splitlines() if line.startswith("KPI.")] == [
        f"KPI.{name}"
        for name in ("CSS", "RTT", "CAC", "RBR", "RICR", "CRR", "NPS", "NPSCOUNTS", "NPSSCORES", "CSSMEAN")
    ]
    assert run("lambdas", "CSS", "--lang", "es").stdout.startswith("/** Índice de satisfacción")
    own = tmp_path / "tea-shop.toml"
    own.write_bytes(GOOD.read_bytes())
    assert "KPI.CSS = " not in run("lambdas", "tea-shop", "--catalogue", str(own)).stdout
    assert "KPI.TEARATE = LAMBDA(" in run("lambdas", "tea-shop", "--catalogue", str(own)).stdout
    result = run("lambdas", "CSZ")
    assert result.exit_code == 2
    assert 'Did you mean "CSS"?' in result.stderr


def test_lambdas_may_be_left_out_of_a_workbook(tmp_path):
    for option, wanted in (("--lambdas", True), ("--no-lambdas", False)):
        assert run("build", "career-mentoring", "--lang", "en", option, "--out", str(tmp_path)).exit_code == 0
        book = openpyxl.load_workbook(tmp_path / "career-mentoring.en.xlsx")
        assert ("Functions (Microsoft 365)" in book.sheetnames) == wanted
        assert any(name.startswith("KPI.") for name in book.defined_names) == wanted


def test_hosts_may_be_repeated(tmp_path):
    result = run("build", "career-mentoring", "--lang", "es", "--host", "lite", "--host", "classic", "--out", tmp_path)
    assert result.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "career-mentoring.es.classic.xlsx",
        "career-mentoring.es.lite.xlsx",
    ]


def test_a_file_named_without_its_ending_is_guessed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tea-shop.toml").write_text("", "utf-8")
    for command in ("check", "build"):
        result = CliRunner().invoke(main, [command, "tea-shop"])
        assert result.exit_code
        assert "Did you mean" in result.output
        assert 'tea-shop.toml"?' in result.output
