"""What people who know spreadsheets but no TOML write: each slip is named with the line as it should be."""

from __future__ import annotations

import time
import tomllib

import pytest
from spoil import GOOD

from xlkpi import slips
from xlkpi.catalogue import check
from xlkpi.lines import key_lines

# what was typed | words of what is wrong | the line as it should be
SLIPS = [
    ("name.en = “Tea shop”", "Curly quotes", 'name.en = "Tea shop"'),
    ("name.en = «Tea shop»", "Curly quotes", 'name.en = "Tea shop"'),
    ("name.en = Tea shop", "stands in quotes", 'name.en = "Tea shop"'),
    ("better = higher", "stands in quotes", 'better = "higher"'),
    ("formula = a / b * 100", "stands in quotes", 'formula = "a / b * 100"'),
    ("formula = =a/b", 'Only one "="', 'formula = "a/b"'),
    ("formula == a/b", 'Only one "="', 'formula = "a/b"'),
    ('name.fr = "Salon de thé', "opened and not closed", 'name.fr = "Salon de thé"'),
    ("name.fr = 'Salon de thé", "opened and not closed", 'name.fr = "Salon de thé"'),
    ('require = ["a <= b]', "opened and not closed", 'require = ["a <= b"]'),
    ('bands = { typical = ">= 80 }', "opened and not closed", 'bands = { typical = ">= 80" }'),
    ('help.en = "the "best" tea"', "quote inside a text", 'help.en = "the \\"best\\" tea"'),
    ('title = "C:\\Users\\me"', "backslash", 'title = "C:\\\\Users\\\\me"'),
    ('name.es: "Casa"', 'stands "="', 'name.es = "Casa"'),
    ('name.es "Casa"', 'stands "="', 'name.es = "Casa"'),
    ('unit\t"percent"', 'stands "="', 'unit = "percent"'),
    ('label en = "x"', "one word", 'label.en = "x"'),
    ('satisfação = "x"', "one word", 'satisfacao = "x"'),
    ("[kpi.cup rate]", "one word", "[kpi.cup_rate]"),
    ("[kpi.taxa de retenção]", "one word", "[kpi.taxa_de_retencao]"),
    ("[kpi.cup_rate", "not closed", "[kpi.cup_rate]"),
    ("gives = 8,7", "after a point", "gives = 8.7"),
    ("gives = -0,5 # half", "after a point", "gives = -0.5 # half"),
    ("example = { a = 1,5, b = 3, gives = 0,5 }", "after a point", "example = { a = 1.5, b = 3, gives = 0.5 }"),
    ("default = 1.000.000", "thousands", "default = 1000000"),
    ("default = 1,000,000", "thousands", "default = 1000000"),
    ("default = 1 000", "thousands", "default = 1000"),
    ("default = 1\u202f000", "thousands", "default = 1000"),
    ("default = 1'000", "thousands", "default = 1000"),
    ("default = 1,234", "separates thousands, 1234", "default = 1.234"),
    ("default = €12", "currency", "default = 12"),
    ("default = R$ 12", "currency", "default = 12"),
    ("default = 12 €", "currency", "default = 12"),
    ("gives = 75%", "percentage", "gives = 75"),
    ("gives = 75,5 %", "percentage", "gives = 75.5"),
    ("names_source = True", "small letters", "names_source = true"),
    ("names_source = sim", "small letters", "names_source = true"),
    ("names_source = NÃO", "small letters", "names_source = false"),
    ("date = 13/10/2024", "year first", "date = 2024-10-13"),
    ("date = 10/13/2024", "year first", "date = 2024-10-13"),
    ("date = 13.10.2024", "year first", "date = 2024-10-13"),
    ("gives = .5", "before its point", "gives = 0.5"),
    ("gives = 5.", "before its point", "gives = 5.0"),
    ("gives = 007", "begin with a zero", "gives = 7"),
    ("bands = { typical = >= 50, above = > 70% }", "band stands in quotes", 'bands = { typical = ">= 50", above = "> 70" }'),
    ("bands = { typical = 60..90 }", "band stands in quotes", 'bands = { typical = "60..90" }'),
    ("lever = [{ input = sold_cups, step = up }]", "stands in quotes", 'lever = [{ input = "sold_cups", step = "up" }]'),
    ("example = { a = 1; b = 2 }", "separated by commas", "example = { a = 1, b = 2 }"),
    ("values = [5;4;3]", "separated by commas", "values = [5,4,3]"),
    ("example = { a = 1 b = 2 }", "stands a comma", "example = { a = 1, b = 2 }"),
    ("example = { a = 1, }", "without a comma", "example = { a = 1 }"),
    ("example = {\n  a = 1,\n  gives = 2,\n}", "on one line", "example = { a = 1, gives = 2 }"),
    ("; a note", "comment", "# a note"),
    ("// a note", "comment", "# a note"),
    ("unit\u00a0= \"percent\"", "plain blank", 'unit = "percent"'),
]  # fmt: skip


@pytest.mark.parametrize("typed, words, right", SLIPS, ids=[row[0] for row in SLIPS])
def test_a_slip_is_named_and_mended(typed, words, right):
    (slip,) = slips.find(typed)
    assert words in f"{slip.what} {slip.fix}"
    assert slip.mended.strip() == right
    assert f"Write {right}" in slip.fix
    assert tomllib.loads(slip.mended) or right.startswith("#")


@pytest.mark.parametrize(
    "typed, words",
    [("z =", "Nothing stands after"), ("just text", "no line of TOML"), ("a\tb\tc", "cells of a sheet"),
     ("x = [1, 2", "not TOML"), ("x = @", "stands in quotes")],
)  # fmt: skip
def test_what_cannot_be_mended_is_named(typed, words):
    (slip,) = slips.find(typed)
    assert words in slip.what
    assert slip.fix


@pytest.mark.parametrize(
    "text, line, words",
    [
        ('[kpi.a]\nunit = "x"\n[kpi.b]\n[kpi.a]\n', 4, "[kpi.a] stands twice; it is on line 1"),
        ('[kpi.a]\nunit = "x"\nname.en = "y"\nunit = "x"\n', 4, '"unit" stands twice; it is on line 2'),
        ('[kpi.a]\nname.en = "x"\nname.en = "x"\n', 3, "stands twice"),
        ('[kpi.a]\nbands = { typical = "> 1" }\nbands.above = "> 2"\n', 3, "as a whole on line 2"),
        ('[kpi.a]\nbands = { typical = "> 1" }\n[kpi.a.bands]\n', 3, "stands twice; it is on line 2"),
    ],
)
def test_what_stands_twice_is_named_with_both_lines(text, line, words):
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    (slip,) = slips.find(text)
    assert slip.line == line
    assert words in slip.what


def test_good_files_have_no_slips(catalogue):
    for text in (GOOD, *(vertical.source for vertical in catalogue.verticals.values())):
        assert slips.find(text) == []
        assert list(slips.doubts(text)) == []


def test_every_slip_of_a_file_is_named_at_its_line_and_the_rest_is_checked(tmp_path):
    path = tmp_path / "tea-shop.toml"
    text = GOOD
    faults = {
        'name.en = "Tea shop"': "name.en = “Tea shop”",
        "default = 8": "default = 8,5",
        'better = "range"': "better = range",
        'unit = "percent"': 'unit = "percents"',  # TOML, and wrong
        "gives = 75 }": "gives = 76 }",
    }
    for old, new in faults.items():
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    problems = check(path)
    lines = text.split("\n")
    named = {lines[problem.line - 1] for problem in problems if problem.severity == "error"}
    for new in faults.values():
        assert any(new in line for line in named), (new, problems)
    assert len([problem for problem in problems if problem.severity == "error"]) == len(faults)


def test_an_unmendable_line_hides_only_what_follows_from_it(tmp_path):
    path = tmp_path / "tea-shop.toml"
    path.write_text(GOOD.replace("date = 2026-01-01", "date =").replace("default = 8", "default = 8,5"), "utf-8")
    assert [problem.key for problem in check(path)] == ["article.date", "input.open_hours.default"]


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("default = 8", "default = 1.250", "1.250 is 1.25"),
        ("[5, 4, 3, 2, 1]", "[5, 4,5, 3, 2, 1]", "4,5 in a list is two"),
    ],
)
def test_numbers_that_read_as_others_are_doubted(tmp_path, old, new, words):
    path = tmp_path / "tea-shop.toml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    (problem,) = [each for each in check(path) if words in each.what]
    assert problem.severity == "warning"
    assert new in path.read_text("utf-8").split("\n")[problem.line - 1]


def test_files_saved_by_notepad_are_read(tmp_path):
    path = tmp_path / "tea-shop.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert check(path) == []
    path.write_bytes(GOOD.encode("utf-16"))
    assert "Notepad" in check(path)[0].fix
    path.write_bytes(GOOD.encode("cp1252"))
    (problem,) = check(path)
    assert "not UTF-8 (line 3," in problem.what


HOSTILE = {
    "a line of blanks": "[" + " " * 3_900 + "x",
    "lines of blanks": ("[" + " " * 1_400 + "x y\n") * 20,
    "quotes": "a = " + '"' * 3_900,
    "words": ("x" + " y" * 700 + "\n") * 20,
    "thousands": ("x = " + "1.000 " * 240 + "\n") * 20,
    "open brackets": "a = [\n" * 19_000,
    "many slips": "a = b\n" * 19_000,
    "a key of many parts": "a." * 100_000 + "b = 1",
    "a key of many parts in quotes": '"a" . ' * 100_000 + "b = 1",
    "a table of many parts": "[" + ".".join(["a"] * 100_000) + "]",
    "a long line": "a = {" + ",".join(f"b{n} = 1" for n in range(90_000)) + "}",
    "many lines": "".join(f"[a{n}]\n" for n in range(120_000)),
    "many digits": "a = " + "9" * 3_900,
    "brackets": "a = " + "[" * 3_000,
    "no characters": "\x00" * 900_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_at_once(tmp_path, name):
    path = tmp_path / "tea-shop.toml"
    path.write_text(HOSTILE[name], "utf-8")
    before = time.process_time()
    problems = check(path)
    assert time.process_time() - before < 1
    assert any(problem.severity == "error" for problem in problems)


def test_lines_end_where_toml_ends_them():
    assert key_lines('a = "x\u2028y"\nb = 1') == {"a": 1, "b": 2}
