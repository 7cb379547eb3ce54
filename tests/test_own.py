"""The user's own files: folders, shared functions, names that clash, xlkpi.toml, and the workbooks made from them."""

from __future__ import annotations

import io
import itertools
import json
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from filled import full_year, read
from own_files import function, kpi, line_of_business, write

import xlkpi
from xlkpi.addin.bundle import bundle
from xlkpi.carried import carried_texts, load_texts
from xlkpi.catalogue import check, load
from xlkpi.cli import main
from xlkpi.errors import CatalogueError
from xlkpi.names import HOSTS, LANGUAGES
from xlkpi.project import find_project, read_project
from xlkpi.workbook import build
from xlkpi.workbook.roll import roll
from xlkpi.workbook.start import untranslated
from xlkpi.workbook.verify import verify_filled


def run(*arguments: object):
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def errors(*paths, beside=()):
    return [str(problem) for problem in check(*paths, beside=beside) if problem.severity == "error"]


@pytest.fixture
def trades(tmp_path) -> Path:
    """Two lines of business that use each other's functions, those of the folder, and shipped ones."""
    paid = kpi("CAC").replace("sold_cups, made_cups", "spent, gained")
    inputs = '[input.spent]\nunit = "money"\nkind = "flow"\nlabel.en = "Spent"\n'
    inputs += '[input.gained]\nunit = "count:clients"\nkind = "flow"\nlabel.en = "Gained"\n'
    return write(
        tmp_path / "trades",
        alpha=line_of_business(["ALPHARATE"], ["ALPHARATE", "ZULURATE", "SHARERATE"])
        + inputs
        + paid.replace("higher", "lower").replace(">=", "<="),
        zulu=line_of_business(["ZULURATE"], ["ZULURATE", "ALPHARATE"], example=True),
        functions=function("SHARERATE") + function("UNUSEDRATE"),
    )


# -- folders ------------------------------------------------------------------------------------------


def test_a_folder_adds_lines_of_business_and_functions_beside_the_shipped_ones(trades):
    assert errors(trades) == []
    shipped, found = load(), load(trades)
    assert set(found.verticals) == {*shipped.verticals, "alpha", "zulu"}
    assert set(found.functions) == {*shipped.functions, "ALPHARATE", "ZULURATE", "SHARERATE", "UNUSEDRATE"}
    assert found.functions["SHARERATE"](1, 4) == 25
    assert list(found.verticals["alpha"].functions) == ["ALPHARATE", "ZULURATE", "SHARERATE", "CAC"]
    assert found.verticals["alpha"].file == str(trades / "alpha.toml")
    assert found.functions["UNUSEDRATE"].file == str(trades / "functions.toml")
    assert {v.file for v in shipped.verticals.values()} | {f.file for f in shipped.functions.values()} == {""}


def test_the_order_of_files_does_not_matter(trades):
    paths = sorted(trades.glob("*.toml"))
    for order in itertools.permutations(paths):
        assert load(*order) == load(trades), [path.name for path in order]


def test_a_file_that_is_named_twice_is_read_once(trades, monkeypatch):
    monkeypatch.chdir(trades)
    again = trades / ".." / "trades" / "alpha.toml"
    assert errors(trades, trades / "alpha.toml", again, Path("alpha.toml"), Path()) == []
    (trades.parent / "link").symlink_to(trades)
    assert errors(trades, trades.parent / "link") == []


def test_what_is_no_catalogue_file_of_a_folder_is_left_alone(trades):
    write(trades, xlkpi='catalogue = ["."]\n')
    (trades / "._alpha.toml").write_bytes(b"\0\1\2")
    (trades / "notes.txt").write_text("no TOML")
    assert errors(trades) == []


def test_single_files_have_the_functions_of_their_folder(trades):
    for name in ("alpha", "zulu"):
        assert errors(trades / f"{name}.toml") == []
    found = load(trades / "alpha.toml")
    assert "zulu" not in found.verticals, "a file that lends functions is no line of business of the call"
    assert found.verticals["alpha"] == load(trades).verticals["alpha"]


def test_other_files_of_the_folder_matter_only_where_a_function_of_theirs_is_used(trades):
    write(
        trades, broken="[kpi\n", pyproject="[tool.other]\nx = 1\n", later=line_of_business(["LATERRATE"]) + "[kpi.x]\n"
    )
    assert errors(trades / "alpha.toml") == []
    assert len(errors(trades)) > 3
    write(trades, zulu=line_of_business(["ZULURATE"]).replace("part_count /", "part_count ^"))
    (problem,) = errors(trades / "alpha.toml")
    assert problem.startswith(f"{trades / 'zulu.toml'}:")
    assert 'Write "**"' in problem
    assert "No KPI uses" not in str(check(trades / "alpha.toml")), "the KPI that cannot be read may use it"


def test_a_function_that_nobody_has_is_told_once(tmp_path):
    folder = write(tmp_path, alpha=line_of_business(used=["NORATE"]), functions=function("NORATES"))
    (problem,) = errors(folder / "alpha.toml")
    assert "error: kpi.norate_kpi.function: " in problem
    assert 'Did you mean "NORATES"?' in problem


@pytest.mark.parametrize(
    "formula",
    ["SECONDRATE(part_count, whole_count)", "FIRSTRATE(part_count, whole_count)", "CSS(part_count, whole_count)"],
)
def test_functions_do_not_call_one_another_so_that_there_is_no_circle(tmp_path, formula):
    text = function("FIRSTRATE", formula) + function("SECONDRATE", "FIRSTRATE(part_count, whole_count)")
    found = errors(write(tmp_path, functions=text))
    assert len(found) == 2
    assert all("There is no function" in each and "Functions do not call one another" in each for each in found)


def test_a_file_of_functions_holds_nothing_else(tmp_path):
    write(tmp_path, functions=function("SHARERATE") + kpi("SHARERATE"), alpha=line_of_business(used=["SHARERATE"]))
    (problem,) = errors(tmp_path)
    assert problem.startswith(f"{tmp_path / 'functions.toml'}:")
    assert '"kpi" is not known here' in problem
    write(tmp_path, functions="")
    assert [p.what for p in check(tmp_path / "functions.toml")] == ["The file has no function."]


def test_functions_of_a_folder_are_checked_like_any_other(tmp_path):
    wrong = function("SHARERATE", "part_count / whole_count", example=True)
    (problem,) = errors(write(tmp_path, functions=wrong))
    assert "The formula gives 0.25, the example says 25" in problem


# -- names that clash ---------------------------------------------------------------------------------

ONE, TWO = line_of_business(["ONERATE"]), line_of_business(["TWORATE"])
FIRST = ONE.splitlines().index("[function.ONERATE]") + 1
# files | the file and line of the problem | what it says, with the other place
CLASHES = [
    ({"a/one": ONE, "b/two": ONE}, ("b/two", FIRST), '"ONERATE" is already there, in {a/one}:' + str(FIRST)),
    ({"a/one": ONE, "a/functions": function("ONERATE")}, ("a/one", FIRST), "already there, in {a/functions}:2."),
    ({"a/one": ONE, "b/two": TWO.replace("TWORATE", "OneRate")}, ("b/two", FIRST), '"OneRate" is already there, in {a/one}:'),
    ({"a/one": line_of_business(["CSS"])}, ("a/one", FIRST), '"CSS" is already there, in functions.toml:4 of xlkpi itself.'),
    ({"a/one": line_of_business(["Css"])}, ("a/one", FIRST), '"Css" is already there, in functions.toml:4 of xlkpi itself.'),
    ({"a/functions": function("RTT")}, ("a/functions", 2), "in remote-resume-writing.toml:138 of xlkpi itself."),
    ({"a/one": ONE, "b/one": TWO}, ("b/one", 1), 'A line of business "one" is already there, in {a/one}:1.'),
    ({"a/one": ONE, "b/One": TWO}, ("b/One", 1), 'A line of business "One" is already there, in {a/one}:1.'),
    ({"a/career-mentoring": ONE}, ("a/career-mentoring", 1), "in career-mentoring.toml:1 of xlkpi itself."),
]  # fmt: skip


@pytest.mark.parametrize("files, place, words", CLASHES, ids=[words for *_, words in CLASHES])
def test_names_that_clash_are_refused_with_both_places(tmp_path, files, place, words):
    paths = {name: tmp_path / f"{name}.toml" for name in files}
    for name, text in files.items():
        paths[name].parent.mkdir(exist_ok=True)
        paths[name].write_text(text, "utf-8")
    for name, path in paths.items():
        words = words.replace(f"{{{name}}}", str(path))
    folders = sorted({path.parent for path in paths.values()})
    found = [text for text in errors(*folders) if "already there" in text]
    assert len(found) == 1, found
    assert found[0].startswith(f"{paths[place[0]]}:{place[1]}: error: ")
    assert words in found[0]
    with pytest.raises(CatalogueError):
        load(*folders)


def test_the_line_of_a_shipped_function_is_that_of_its_table():
    folder = Path(xlkpi.__file__).parent / "data"
    assert (folder / "functions.toml").read_text("utf-8").splitlines()[3] == "[function.CSS]"
    text = (folder / "verticals" / "remote-resume-writing.toml").read_text("utf-8")
    assert text.splitlines()[137] == "[function.RTT]"


def test_all_problems_of_all_files_come_at_once(tmp_path):
    spoilt = ONE.replace('kind = "flow"', 'kind = "flows"')
    write(tmp_path, one=spoilt, two=TWO.replace("higher", "highr"), three="[vertical\n", functions=function("CSS"))
    write(tmp_path / "empty")
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, tmp_path / "none.toml", tmp_path / "empty")
    text = str(caught.value)
    assert text.count('Did you mean "flow"?') == 2
    for words in (
        '"higher"?',
        "three.toml:1",
        "functions.toml:4 of xlkpi",
        "no such file",
        "holds no catalogue file",
    ):
        assert words in text, words


# -- xlkpi.toml ---------------------------------------------------------------------------------------


def test_xlkpi_toml_is_found_in_the_folder_and_above(trades, tmp_path, monkeypatch):
    write(tmp_path, xlkpi='catalogue = ["trades"]\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    for folder in (tmp_path, below):
        monkeypatch.chdir(folder)
        project = find_project()
        assert [path.resolve() for path in project.catalogue] == [trades]
        assert project.problems == ()
        assert "alpha" in run("list").stdout
    write(below, xlkpi="catalogue = []\n")
    assert find_project().catalogue == (), "the nearest one counts"


# what stands in it | key | words; a warning where they begin with "warning"
FAULTS = [
    ("catalogue = [", "catalogue", "["),
    ('catalog = ["trades"]', "catalog", 'Did you mean "catalogue"?'),
    ('catalogue = ["trades"]\nlang = "fr"', "lang", "not known here"),
    ('catalogue = "trades"', "catalogue", 'Write a list: catalogue = ["trades"]'),
    ("catalogue = [1]", "catalogue", "a list of files and folders"),
    ('catalogue = ["trade"]', "catalogue", 'There is no file or folder "trade"'),
    ('catalogue = ["trades", "none.toml"]', "catalogue", 'There is no file or folder "none.toml"'),
    ('catalogue = [""]', "catalogue", "something else than files and folders"),
    ('catalogue = ["a\\u0000b"]', "catalogue", "is no file or folder"),
    (f'catalogue = ["{"x" * 999}"]', "catalogue", "There is no file or folder"),
    (f'catalogue = ["{"x" * 5000}"]', "", "This line has 5,0"),
    ('catalogue = ["xlkpi.toml"]', "catalogue", "no line of business itself"),
    ('catalogue = ["empty"]', "catalogue", "warning: holds no catalogue file"),
    ("", "catalogue", "warning: names no catalogue"),
    ("catalogue = []", "catalogue", "warning: names no catalogue"),
]


@pytest.mark.parametrize("text, key, words", FAULTS, ids=[f"{row[0][:40]}" for row in FAULTS])
def test_each_fault_of_xlkpi_toml_is_told(trades, tmp_path, monkeypatch, text, key, words):
    write(tmp_path, xlkpi=text)
    write(tmp_path / "empty")
    monkeypatch.chdir(tmp_path)
    severity, words = ("warning", words[9:]) if words.startswith("warning: ") else ("error", words)
    found = [p for p in find_project().problems if words in f"{p.what} {p.fix}"]
    assert [(p.key, p.severity, p.file) for p in found] == [(key, severity, "xlkpi.toml")]
    result = run("list")
    assert result.exit_code == (severity == "error")
    assert (words in result.stderr) == (severity == "error")
    checked = run("check")
    assert words in checked.stdout
    assert checked.exit_code == (severity == "error")


def test_what_cannot_be_read_is_told(tmp_path):
    (tmp_path / "xlkpi.toml").write_bytes(b"\xff\xfe")
    (problem,) = read_project(tmp_path / "xlkpi.toml").problems
    assert "not UTF-8" in problem.what
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    assert "a device or a pipe" in str(check(pipe)[0])
    assert "cannot be read" in str(check("a\0b.toml")[0])
    (tmp_path / "folder.toml").mkdir()
    assert "holds no catalogue file" in str(check(tmp_path / "folder.toml")[0])


def test_xlkpi_toml_is_never_a_line_of_business(trades):
    path = write(trades, xlkpi="catalogue = []\n") / "xlkpi.toml"
    (problem,) = errors(path)
    assert problem.startswith(f"{path}: error: xlkpi.toml says where your files are")
    assert run("build", path).exit_code == 1


def test_faults_of_xlkpi_toml_and_of_its_files_come_at_once(tmp_path, monkeypatch):
    write(tmp_path / "trades", one=ONE.replace("higher", "highr"))
    write(tmp_path, xlkpi='catalogue = ["trades", "gone"]\ncatalog = 1\n')
    monkeypatch.chdir(tmp_path)
    result = run("list")
    assert result.exit_code == 1
    for words in ('"gone"', '"catalog"', '"higher"?', "xlkpi.toml says which files are read"):
        assert words in result.stderr, words


def test_a_mark_of_byte_order_does_no_harm(tmp_path, monkeypatch):
    (tmp_path / "one.toml").write_bytes(b"\xef\xbb\xbf" + ONE.encode())
    (tmp_path / "xlkpi.toml").write_bytes(b'\xef\xbb\xbfcatalogue = ["one.toml"]\r\n')
    monkeypatch.chdir(tmp_path)
    assert "one.toml" in run("list").stdout


# -- the commands ---------------------------------------------------------------------------------------

# command line | words on standard output
COMMANDS = [
    ("list", "trades/alpha.toml"),
    ("list --json", '"file": "trades/functions.toml"'),
    ("show SHARERATE", "file       trades/functions.toml"),
    ("show alpha", "file: trades/alpha.toml"),
    ("calc ZULURATE 1 4", "25\n"),
    ("check", "0 errors"),
    ("lambdas alpha", "KPI.ZULURATE = LAMBDA("),
    ("lambdas UNUSEDRATE", "KPI.UNUSEDRATE = LAMBDA("),
    ("build alpha --lang en --out out", "out/alpha.en.xlsx"),
    ("build trades --lang en --out out", "out/zulu.en.xlsx"),
    ("build trades/zulu.toml --lang en --out out", "out/zulu.en.xlsx"),
    ("addin build --out excel", "excel/lite/main.py"),
]


@pytest.mark.parametrize("line, words", COMMANDS, ids=[row[0] for row in COMMANDS])
@pytest.mark.parametrize("how", ["option", "file"])
def test_every_command_knows_the_users_own_files(trades, tmp_path, monkeypatch, how, line, words):
    monkeypatch.chdir(tmp_path)
    if how == "file":
        write(tmp_path, xlkpi='catalogue = ["trades"]\n')
    result = run(*line.split(), *(["--catalogue", "trades"] if how == "option" else []))
    assert result.exit_code == 0, result.output
    assert words in result.output


def test_the_option_stands_in_place_of_xlkpi_toml_and_may_be_repeated(trades, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, xlkpi='catalogue = ["trades"]\n', one=ONE, two=TWO)
    listed = run("list", "--catalogue", "one.toml", "--catalogue", "two.toml").stdout
    assert "one.toml" in listed
    assert "two.toml" in listed
    assert "alpha" not in listed
    everything = json.loads(run("list", "--json").stdout)
    assert {each["id"]: each["file"] for each in everything["verticals"]}["zulu"] == str(Path("trades", "zulu.toml"))
    assert everything["verticals"][0]["file"] is None


def test_check_of_one_file_tells_only_errors_of_those_beside_it(trades, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, xlkpi='catalogue = ["trades"]\n', one=line_of_business(["ONERATE"], ["ONERATE", "SHARERATE"]))
    result = run("check", "one.toml")
    assert result.exit_code == 0
    assert "trades" not in result.stdout
    assert result.stdout.count("one.toml: warning: The file has no text in") == 1
    write(tmp_path, one=line_of_business(["ONERATE", "ALPHARATE"]))
    result = run("check", "one.toml")
    assert result.exit_code == 1
    assert f'"ALPHARATE" is already there, in one.toml:{FIRST + 8}' in result.stdout
    assert run("check", "--catalogue", "trades").exit_code == 0
    assert "ALPHARATE" not in run("check", "one.toml", "--catalogue", "trades/functions.toml").stdout


def test_build_without_names_builds_the_users_own_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, one=ONE)
    assert run("build", "--catalogue", "one.toml", "--lang", "en").exit_code == 0
    assert len(list((tmp_path / "workbook_templates").iterdir())) == 6


def test_build_tells_what_it_cannot_build(trades, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("build", "trades/functions.toml")
    assert result.exit_code == 2
    assert "functions alone" in result.stderr
    write(tmp_path / "empty")
    assert "holds no catalogue file" in run("build", "empty/").stderr
    result = run("build", "alfa", "--catalogue", "trades")
    assert result.exit_code == 2
    assert 'Did you mean "alpha"?' in result.stderr
    (tmp_path / "career-mentoring").mkdir()
    write(tmp_path / "career-mentoring", one=ONE)
    assert "career-mentoring.en.xlsx" in run("build", "career-mentoring", "--lang", "en", "--out", "out").stdout


# -- workbooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "language, host", [*itertools.product(LANGUAGES, ["plain"]), *itertools.product(["fr"], HOSTS[1:])]
)
def test_a_workbook_explains_itself_without_the_files(trades, language, host):
    found = load(trades)
    alpha = found.verticals["alpha"]
    data = build(found, alpha, language, full_year(alpha), host=host)
    for path in trades.iterdir():
        path.unlink()
    filled = read(data)
    assert filled.vertical == alpha
    assert [str(each) for each in verify_filled(filled)] == []
    rolled = read(roll(filled).data)
    assert rolled.vertical == alpha
    assert [str(each) for each in verify_filled(rolled) if each.severity == "error"] == []
    assert set(openpyxl.load_workbook(io.BytesIO(data)).sheetnames) == {
        *openpyxl.load_workbook(io.BytesIO(build(load(), load().verticals["career-mentoring"], language))).sheetnames
    }


def test_a_workbook_carries_the_texts_of_all_files_whose_functions_it_uses(trades):
    marked = line_of_business(["ZULURATE"]) + "# =1+1 _x000D_ ' é €\n" + ("#" * 999 + "\n") * 70
    write(trades, zulu=marked)
    found = load(trades)
    borrowed = found.verticals["alpha"].borrowed
    assert list(borrowed) == ["remote-resume-writing.toml", "functions.own.toml", "zulu.toml"]
    assert borrowed["zulu.toml"] == marked
    assert read(build(found, found.verticals["alpha"])).vertical.borrowed == borrowed
    assert list(found.verticals["zulu"].borrowed) == []


def test_what_is_wrong_elsewhere_in_a_file_that_lends_a_function_stays_there(trades):
    text = line_of_business(["ZULURATE"]) + function("HALFDONE", "part_count /") + "[kpi.half_done]\n"
    write(trades, zulu=text)
    found = load(trades / "alpha.toml")
    assert read(build(found, found.verticals["alpha"])).vertical == found.verticals["alpha"]
    assert any("half_done" in each for each in errors(trades))


def test_what_a_workbook_cannot_use_is_told_with_its_file(trades):
    found = load(trades)
    alpha = found.verticals["alpha"]
    texts = carried_texts(found, alpha)
    texts["zulu.toml"] = texts["zulu.toml"].replace("part_count / whole", "part_count ^ whole")
    with pytest.raises(CatalogueError) as caught:
        load_texts("alpha", texts)
    assert next(problem.file for problem in caught.value.problems) == "zulu.toml"


def test_files_of_one_name_in_two_folders_are_both_carried(tmp_path):
    first = write(tmp_path / "a", functions=function("ONERATE"))
    second = write(tmp_path / "b", functions=function("TWORATE"), mine=line_of_business(used=["ONERATE", "TWORATE"]))
    found = load(first, second)
    mine = found.verticals["mine"]
    assert list(mine.borrowed) == ["functions.own.toml", "functions.own1.toml"]
    assert read(build(found, mine)).vertical == mine


def test_a_workbook_says_nothing_of_the_users_other_lines_of_business(trades):
    write(trades, secret=line_of_business(["SECRETRATE"]))
    found = load(trades)
    for host in HOSTS:
        with zipfile.ZipFile(io.BytesIO(build(found, found.verticals["alpha"], host=host))) as archive:
            everything = b"".join(archive.read(name) for name in archive.namelist())
        assert b"ZULURATE" in everything
        assert b"SECRETRATE" not in everything, host


@pytest.mark.parametrize("host", HOSTS)
def test_shipped_workbooks_stay_the_same_whatever_the_user_has(trades, catalogue, host):
    found = load(trades)
    name = "remote-resume-writing"
    assert build(found, found.verticals[name], host=host) == build(catalogue, catalogue.verticals[name], host=host)


def test_all_hosts_have_the_functions_of_a_folder(trades):
    space: dict[str, object] = {"__name__": "made"}
    exec(compile(bundle(load(trades)), "made", "exec"), space)
    for name in ("alpharate", "zulurate", "sharerate", "unusedrate", "css"):
        assert space[name]([[1]], [[4]]) == [[25.0]], name
    assert space["kpilevel"]([["zulu"]], [["ALPHARATE"]], [[60]], [[None]]) == [[1]]


# -- texts that are not translated ------------------------------------------------------------------------


def start_texts(catalogue, vertical, language, sample=False):
    book = openpyxl.load_workbook(io.BytesIO(build(catalogue, vertical, language, sample=sample)))
    sheet = book[catalogue.ui["sheet.start"][language]]
    return [str(cell.value) for row in sheet.iter_rows(max_col=1) for cell in row if cell.value]


@pytest.mark.parametrize("language, words", [("pt", "português"), ("fr", "français"), ("es", "español")])
def test_a_workbook_says_how_many_texts_are_in_english(tmp_path, catalogue, language, words):
    text = line_of_business(["ONERATE"], ["ONERATE", "CSS"]).replace(
        '"A trade"', f'"A trade"\nname.{language} = "Ofício"'
    )
    found = load(write(tmp_path, one=text))
    one = found.verticals["one"]
    # two inputs, two KPIs, a function with two arguments; shipped functions are translated
    assert untranslated(one, language) == 7
    assert untranslated(one, "en") == 0
    for sample in (False, True):
        (notice,) = [line for line in start_texts(found, one, language, sample) if words in line]
        assert notice.endswith("7.")
    assert not any("7." in line for line in start_texts(found, one, "en"))


def test_shipped_workbooks_have_no_such_notice(catalogue):
    for vertical, language in itertools.product(catalogue.verticals.values(), LANGUAGES):
        assert untranslated(vertical, language) == 0
