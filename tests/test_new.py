"""The file that begins a new line of business: what stands in it, how it is asked for, and what is refused."""

from __future__ import annotations

import doctest
import os
import re
import select
import sys
import time
import tomllib
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import xlkpi
from xlkpi import borrowing, cli_new, new, toml_text
from xlkpi.borrowing import choose
from xlkpi.catalogue import check, load
from xlkpi.cli import main
from xlkpi.names import DATA, LANGUAGES, refuse_vertical
from xlkpi.new import new_file, refuse_titles, suggested_name, usual_title
from xlkpi.toml_text import assignments, value_text
from xlkpi.workbook import build

ROOT = Path(__file__).parent.parent
VERTICALS = list(xlkpi.load().verticals)
WITH_A_KPI = sorted({k.function.name for v in xlkpi.load().verticals.values() for k in v.kpis.values()})
TITLES = dict.fromkeys(LANGUAGES, "Tea shop")
SHIPPED = [*Path(DATA).glob("*.toml"), *Path(DATA, "verticals").glob("*.toml"), *Path(DATA, "new").glob("*.toml")]


def run(*arguments: str, typed: str | None = None):
    result = CliRunner().invoke(main, ["new", *arguments], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "tea-shop.toml"
    path.write_text(text, "utf-8")
    return path


def begun(catalogue, functions, home="", **wishes) -> str:
    picks, amiss = choose(catalogue, functions, home)
    assert not amiss
    return new_file(catalogue, "tea-shop", TITLES, picks, **wishes)


def own_block(text: str) -> str:
    """The file with the lines of its last part uncommented, as an editor does it."""
    start = text.index("# [input.punctual_jobs]")
    return text[:start] + re.sub("^# ", "", text[start:], flags=re.MULTILINE)


# -- data as the text of a file -------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_comes_back_from_its_text(path):
    data = tomllib.loads(path.read_text("utf-8"))
    assert tomllib.loads("\n".join(line for _, line in assignments(data))) == data


@pytest.mark.parametrize(
    "value",
    [
        "", 'a "b" \\c', "tab\tand\nline", "\x7f\x00\x1b", "« naïve » 播客 🎧", "#[x] = 1", "'''", True, False, 0, -3, 10**18, 0.1, 1e22, -1e-9,
        250 / 3, date(2024, 10, 13), [], [1, [2.5, "x"]], {}, {"a b": 1, "": 2, "ü": {"x.y": []}, "1-a_b": [{"c": date(2026, 1, 1)}]},
    ],
    ids=repr,
)  # fmt: skip
def test_every_value_comes_back_from_its_text(value):
    back = tomllib.loads(f"value = {value_text(value)}")["value"]
    assert back == value
    assert type(back) is type(value)


def test_what_toml_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="NoneType"):
        value_text(None)


# -- the file -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("benchmarks", [False, True], ids=["without benchmarks", "with benchmarks"])
@pytest.mark.parametrize("home", VERTICALS)
def test_a_file_from_a_line_of_business_has_its_kpis_and_no_problem(catalogue, tmp_path, home, benchmarks):
    text = begun(catalogue, [], home, benchmarks=benchmarks)
    path = written(tmp_path, text)
    assert [str(problem) for problem in check(path)] == []
    old, found = tomllib.loads(catalogue.verticals[home].source), tomllib.loads(text)
    assert found["input"] == old["input"]
    assert list(found["kpi"]) == list(old["kpi"])
    assert set(found) == {"vertical", "input", "kpi"} | ({"article"} if benchmarks else set())
    assert not benchmarks or found["article"] == old["article"]
    for key, kpi in found["kpi"].items():
        before = old["kpi"][key]
        if benchmarks:
            note = before["benchmark"].get("note", {})
            if any(name in before for name in ("bands",)):
                for language in LANGUAGES:
                    whose = kpi["benchmark"]["note"][language].removesuffix(note.get(language, ""))
                    assert catalogue.verticals[home].name[language] in whose.replace("\N{NO-BREAK SPACE}", " ")
                    kpi["benchmark"]["note"][language] = kpi["benchmark"]["note"][language][len(whose) :]
                if not note:
                    del kpi["benchmark"]["note"]
            assert kpi == before
        else:
            about = {"bands", "benchmark", "note"}
            before.get("example", {}).pop("printed", None)
            assert kpi == {name: value for name, value in before.items() if name not in about}


@pytest.mark.parametrize("function", WITH_A_KPI)
def test_every_function_that_has_a_kpi_can_begin_a_file(catalogue, tmp_path, function):
    for benchmarks in (False, True):
        path = written(tmp_path, begun(catalogue, [function], benchmarks=benchmarks))
        assert [str(problem) for problem in check(path)] == []
        (kpi,) = load(path).verticals["tea-shop"].kpis.values()
        assert kpi.function.name == function
        assert any(kpi.bands.values()) == (benchmarks and function != "UEL")


def test_all_functions_together_make_one_file(catalogue, tmp_path):
    path = written(tmp_path, begun(catalogue, WITH_A_KPI, "data-driven-career-coaching", benchmarks=True))
    # Labels of two lines of business may sound alike, which is worth a warning.
    assert [str(problem) for problem in check(path) if problem.severity == "error"] == []
    vertical = load(path).verticals["tea-shop"]
    assert {kpi.function.name for kpi in vertical.kpis.values()} == set(WITH_A_KPI)
    assert vertical.article.title.count(" / ") == 4, "the articles of all five"
    assert vertical.article.language == "", "they are in several languages"
    assert vertical.article.region == "US"


@pytest.mark.parametrize("benchmarks", [False, True])
@pytest.mark.parametrize("home", ["", "data-driven-career-coaching"])
def test_the_file_builds_in_every_language(catalogue, tmp_path, home, benchmarks):
    path = written(tmp_path, begun(catalogue, [] if home else new.usual_kpis(), home, benchmarks=benchmarks))
    catalogue = load(path)
    for language in LANGUAGES:
        assert build(catalogue, catalogue.verticals["tea-shop"], language, sample=True)[:2] == b"PK"


@pytest.mark.parametrize("languages", [LANGUAGES, ("en",), ("en", "fr")], ids="-".join)
def test_the_kpi_of_ones_own_works_as_soon_as_it_is_uncommented(catalogue, tmp_path, languages):
    picks, _ = choose(catalogue, new.usual_kpis())
    titles = dict.fromkeys(languages, "Tea shop")
    path = written(tmp_path, own_block(new_file(catalogue, "tea-shop", titles, picks, languages)))
    said = [problem.what for problem in check(path)]
    missing = ", ".join(language for language in LANGUAGES if language not in languages)
    assert said == ([f"The file has no text in {missing}; the English one stands in everywhere."] if missing else [])
    catalogue = load(path)
    assert catalogue.functions["ONTIMERATE"](45, 50) == 90
    assert "punctuality" in catalogue.verticals["tea-shop"].kpis
    assert build(catalogue, catalogue.verticals["tea-shop"], "en")[:2] == b"PK"


def test_bands_and_their_source_work_as_soon_as_they_are_uncommented(catalogue, tmp_path):
    text = begun(catalogue, ["CSS", "CRR", "SAIR"])
    bands, source = r"(?:bands|benchmark)[\w.]* =", r"(?:title|date|language|region|names_source) =|\[article\]"
    path = written(tmp_path, re.sub(f"^# (?={bands}|{source})", "", text, flags=re.MULTILINE))
    assert [str(problem) for problem in check(path)] == []
    kpis = load(path).verticals["tea-shop"].kpis
    old = catalogue.verticals["remote-career-coaching"].kpis["client_retention"]
    assert kpis["client_retention"].bands == old.bands
    assert kpis["client_retention"].benchmark.period == old.benchmark.period
    assert set(kpis["skills_improvement"].bands) == {"individual", "corporate"}
    without = written(tmp_path, re.sub(f"^# (?={bands})", "", text, flags=re.MULTILINE))
    assert [problem.what for problem in check(without)] == ["The benchmarks have no source."]


def test_every_key_is_explained_where_it_first_stands(catalogue):
    text = own_block(begun(catalogue, WITH_A_KPI, "data-driven-career-coaching", benchmarks=True))
    seen: set[str] = set()
    group, above = "", ""
    for line in text.splitlines():
        if header := re.match(r"\[(\w+)", line):
            group = header[1]
        elif key := re.match(r"([a-z_]+(?:\.[a-z_]+)?)", line):
            parts = key[1].split(".")
            name = ".".join([group, *(parts if parts[0] == "benchmark" else parts[:1])])
            assert name in seen or above.startswith("# "), f"{name} stands without a comment"
            seen.add(name)
        above = line
    assert {"kpi.benchmark.printed", "input.of", "function.arg", "article.title", "kpi.segment"} <= seen


def test_comments_hold_the_programs_own_words_and_no_gaps(catalogue):
    text = own_block(begun(catalogue, WITH_A_KPI, "data-driven-career-coaching", benchmarks=True))
    comments = " ".join(line[2:] for line in text.splitlines() if line.startswith("#"))
    assert not re.search(r"\{\w*\}", comments)
    for word in ("count:<things>", "sumproduct", "higher, lower or range", "month, quarter or year", "exceptional"):
        assert word in comments
    for formula in ("CSS(satisfied_clients, surveyed_clients) = satisfied_clients / surveyed_clients * 100",):
        assert f"# {formula}\n" in text
    assert all(len(line) <= 115 for line in text.splitlines() if re.match(r"# [a-z]", line))


def test_bands_of_another_trade_are_said_to_be_so(catalogue):
    text = begun(catalogue, ["NPS"])
    assert "# from Remote resume writing, and no benchmark of your trade" in text
    assert '# bands = { typical = ">= 30", exceptional = ">= 50" }\n' in text
    assert "bands" not in str(tomllib.loads(text))


def test_texts_of_other_languages_are_left_out(catalogue, tmp_path):
    picks, _ = choose(catalogue, ["CSS"])
    text = new_file(catalogue, "tea-shop", {"en": "Tea shop"}, picks, ("pt",), benchmarks=True)
    assert set(re.findall(r"\.(en|pt|fr|es) =", text)) == {"en", "pt"}
    assert '# name.pt = "Tea shop"' in text, "a name that is missing is there to be translated"
    assert "# name.fr" not in text


# -- which KPIs -----------------------------------------------------------------------------------------

# functions | preferred line of business | id and line of business of each KPI
CHOICES = [
    ("CSS CRR NPS", "", "client_satisfaction client_retention net_promoter", {"remote-resume-writing"}),
    ("crr css", "", "client_retention client_satisfaction", {"remote-career-coaching"}),
    ("CRR", "remote-virtual-assistant-agency", "client_retention", {"remote-virtual-assistant-agency"}),
    ("NPSCOUNTS", "", "net_promoter", {"remote-resume-writing"}),
    ("NPS NPSCOUNTS NPS", "", "net_promoter", {"remote-resume-writing"}),
    ("CSS CSSMEAN", "remote-career-coaching", "client_satisfaction client_satisfaction_cssmean",
     {"remote-career-coaching", "career-mentoring"}),
    ("UELRATE", "", "engagement_rate", {"data-driven-career-coaching"}),
]  # fmt: skip


@pytest.mark.parametrize("functions, home, ids, homes", CHOICES, ids=[row[0] for row in CHOICES])
def test_kpis_are_taken_from_as_few_lines_of_business_as_can_be(catalogue, functions, home, ids, homes):
    picks, amiss = choose(catalogue, functions.split(), home)
    assert not amiss
    assert " ".join(pick.id for pick in picks) == ids
    assert {pick.vertical.id for pick in picks} == homes


def test_a_companion_row_keeps_its_kpi_only_where_that_is_there(catalogue):
    alone, both = (tomllib.loads(begun(catalogue, names))["kpi"] for names in (["UELRATE"], ["UEL", "UELRATE"]))
    assert "companion_of" not in alone["engagement_rate"]
    assert both["engagement_rate"]["companion_of"] == "user_engagement"


def test_inputs_of_one_name_that_mean_different_things_are_not_made_one(catalogue, tmp_path):
    text = own_block(begun(catalogue, ["CSS"]))
    text = '[vertical]\nname.en = "Tea shop"\n' + text[text.index("[input.punctual_jobs]") :]
    other = load(written(tmp_path, text.replace("punctual_jobs", "satisfied_clients")))
    picks, amiss = choose(other, ["CSS", "ONTIMERATE"], "career-mentoring")
    assert len(amiss) == 1
    assert 'both need an input "satisfied_clients"' in amiss[0]
    assert borrowing.inputs_of(picks[1]) == ["satisfied_clients", "delivered_jobs"]


# -- the name -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, name",
    [
        ("Podcast Editing", "podcast-editing"), ("podcast_editing", "podcast-editing"), ("tea-shop.toml", "tea-shop"), ("Édition", "edition"),
        ("  Straße & Söhne  ", "strasse-sohne"), ("24 hour gym", "hour-gym"), ("---", ""), ("播客", ""), ("con", ""), ("2026", ""),
        ("a" * 200, "a" * 80), ("a" * 79 + " bc", "a" * 79), ("../../etc/passwd", "etc-passwd"), ("C:\\tea", "c-tea"), ("", ""),
    ],
)  # fmt: skip
def test_a_name_that_is_refused_gets_a_better_one(text, name):
    assert suggested_name(text) == name
    assert not name or refuse_vertical(name) is None


def test_what_people_call_it_is_held_to_the_rules_of_every_text():
    assert usual_title("podcast-editing") == "Podcast editing"
    assert refuse_titles({"en": "Tea", "fr": "Thé"}) == []
    assert len(refuse_titles({"en": "x" * 61, "pt": "a\nb", "fr": " ", "es": "\ud800"})) == 4


# -- the command ----------------------------------------------------------------------------------------

# command line | exit code | words that are said
CALLS = [
    ("podcast-editing", 0, "podcast-editing.toml"),
    ("podcast-editing --from Remote-Resume-Writing", 0, "xlkpi check podcast-editing.toml"),
    ("podcast-editing --kpis CSS,crr --kpis NPS", 0, "podcast-editing.toml"),
    ("podcast-editing --out below/it", 0, "podcast-editing.toml"),
    ("podcast-editing --out below/podcast-editing.toml", 0, "podcast-editing.toml"),
    ("", 2, "xlkpi new podcast-editing"),
    ("Podcast_Editing", 2, "Try podcast-editing."),
    ("播客", 2, "Try another, such as podcast-editing."),
    ("con", 2, "Windows keeps that name"),
    ("career-mentoring", 2, "--from career-mentoring"),
    ("tea --from career-mentorin", 2, 'Did you mean "career-mentoring"?'),
    ("tea --kpis CSZ", 2, 'Did you mean "CSS"?'),
    ("tea --kpis NPSSCORES", 2, "Name NPS, which it goes with."),
    ("tea --kpis ,", 2, "--kpis names no function"),
    ("tea --title pt=a --title pt=b", 2, "two names in Portuguese"),
    ("tea --title en=", 2, "Name in en: This text is empty"),
    ("tea --lang de", 2, "Invalid value for '--lang'"),
    ("tea -o other.toml", 2, "xlkpi new other -o ."),
]


@pytest.mark.parametrize("line, code, said", CALLS, ids=[row[0] for row in CALLS])
def test_calls(folder, line, code, said):
    result = run(*line.split())
    assert result.exit_code == code, result.output
    assert said in result.output
    assert len(list(folder.rglob("*.toml"))) == (code == 0)
    if code == 0:
        path = Path(result.stdout.strip())
        assert all(problem.key == "vertical.name" for problem in check(path)), "only its name is still to translate"


def test_everything_wrong_is_said_at_once(folder):
    result = run("Tea", "--from", "mine", "--kpis", "CSZ,CSY", "--title", " ")
    assert result.exit_code == 2
    assert [line.split()[0] for line in result.stderr.splitlines()] == ['"Tea"', "Name", "There", "There", "There"]
    assert not list(folder.iterdir())


def test_names_in_several_languages(folder):
    run("tea-shop", "--title", "Tea = love", "--title", "pt=Casa de chá", "--title", "fr=Thé", "--title", "es=Té")
    assert [str(problem) for problem in check(Path("tea-shop.toml"))] == []
    names = tomllib.loads(Path("tea-shop.toml").read_text("utf-8"))["vertical"]["name"]
    assert names == {"en": "Tea = love", "pt": "Casa de chá", "fr": "Thé", "es": "Té"}


def test_a_file_that_is_there_is_replaced_only_by_force(folder):
    path = written(folder, "mine")
    result = run("tea-shop")
    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert path.read_text() == "mine"
    assert run("tea-shop", "--force").exit_code == 0
    assert path.read_text("utf-8").startswith("# Tea shop")
    (folder / "tea.toml").mkdir()
    assert "is a folder" in run("tea", "--force").stderr


def test_what_cannot_be_written_is_told_and_leaves_nothing(folder, monkeypatch):
    (folder / "file").write_text("")
    result = run("tea-shop", "-o", "file/below")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    path = written(folder, "mine")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    assert "Permission denied" in run("tea-shop", "--force").stderr
    assert path.read_text() == "mine"
    assert sorted(each.name for each in folder.iterdir()) == ["file", "tea-shop.toml"]


def test_the_steps_that_it_names_work(folder):
    result = run("podcast-editing")
    steps = re.findall(r"xlkpi (\w+) (\S+)", result.stderr)
    assert [step for step, _ in steps] == ["check", "build"]
    for step in steps:
        assert CliRunner().invoke(main, step).exit_code == 0
    assert len(list(folder.rglob("podcast-editing.*.xlsx"))) == 4


# -- the conversation -----------------------------------------------------------------------------------


@pytest.fixture
def terminal(folder, monkeypatch):
    monkeypatch.setattr(cli_new, "_in_terminal", lambda: True)
    return folder


def test_enter_alone_makes_the_usual_file(terminal, catalogue):
    assert run("tea-shop", typed="\n" * 8).exit_code == 0
    text = Path("tea-shop.toml").read_text("utf-8")
    assert text == new_file(catalogue, "tea-shop", {"en": "Tea shop"}, choose(catalogue, ["CSS", "CRR", "NPS"])[0])


def test_it_asks_again_until_an_answer_can_be_read(terminal):
    typed = [
        "Tea Shop!",
        "career-mentoring",
        "tea",
        "de",
        "pt",
        "Casa de chá",
        "CSZ",
        "NPSSCORES",
        "ARPU, UEL",
        "y",
    ]
    result = run(typed="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    for words in ('"career-mentoring" is already there', '"de" is no language', 'no function "CSZ"', "Name NPS"):
        assert words in result.output
    data = tomllib.loads(Path("tea.toml").read_text("utf-8"))
    assert data["vertical"]["name"] == {"en": "Tea Shop!", "pt": "Casa de chá"}
    assert [kpi["function"] for kpi in data["kpi"].values()] == ["ARPU", "UEL"]
    assert data["kpi"]["revenue_per_user"]["bands"]["typical"] == ">= 150"
    assert "fr" not in data["kpi"]["revenue_per_user"]["name"]


def test_a_line_of_business_may_be_named_instead_of_kpis(terminal, catalogue):
    assert run("Tea Shop", typed="\n\n\n\n\n\ncareer-mentoring\n\n").exit_code == 0
    data = tomllib.loads(Path("tea-shop.toml").read_text("utf-8"))
    assert list(data["kpi"]) == list(catalogue.verticals["career-mentoring"].kpis)


def test_without_benchmarks_nothing_is_asked_about_them(terminal):
    result = run("tea-shop", typed="en\n\nUEL\n")
    assert result.exit_code == 0
    assert "benchmarks" not in result.output


def test_whoever_stops_in_the_middle_leaves_nothing(terminal):
    assert run("tea-shop", typed="en\n").exit_code == 1
    assert not list(terminal.iterdir())


@pytest.mark.parametrize("flag", [["--kpis", "CSS"], ["--from", "career-mentoring"], ["--title", "Tea"], ["--lang", "en"],
                                  ["--benchmarks"], ["--no-benchmarks"]], ids=" ".join)  # fmt: skip
def test_with_flags_it_does_not_converse(terminal, flag):
    result = run("tea-shop", *flag, typed="")
    assert result.exit_code == 0
    assert "What people call" not in result.output


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals of this kind")
def test_it_converses_in_a_real_terminal(folder):
    import pty

    process, terminal = pty.fork()
    if process == 0:
        command = [sys.executable, "-m", "xlkpi.cli", "new", "tea-shop"]
        os.execve(sys.executable, command, {**os.environ, "PYTHONPATH": str(ROOT)})
    said, answered, end = b"", 0, time.monotonic() + 30
    while time.monotonic() < end:
        try:
            ready, _, _ = select.select([terminal], [], [], 1)
            piece = os.read(terminal, 4096) if ready else b""
        except OSError:  # the program has ended
            break
        said += piece
        asked = len(re.findall(rb"\](?: \[y/N\])?: ", said))
        for _ in range(answered, asked):
            os.write(terminal, b"\n")
        answered = max(asked, answered)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said
    assert answered >= 6
    assert [str(problem.key) for problem in check(folder / "tea-shop.toml")] == ["vertical.name"]


def test_every_docstring_example_runs():
    for module, attempted in ((new, 6), (borrowing, 2), (toml_text, 3)):
        result = doctest.testmod(module, extraglobs={"load": load})
        assert (result.failed, result.attempted) == (0, attempted), module.__name__
