"""Hostile and broken files: each is refused with words, or built into a workbook that validates, and soon."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from filled import place, read, resaved, with_cell, with_parts
from lint import lint
from spoil import GOOD

from xlkpi.bounds import hidden
from xlkpi.catalogue import check, load
from xlkpi.errors import CatalogueError
from xlkpi.workbook import build
from xlkpi.workbook.read import read_workbook
from xlkpi.workbook.roll import roll
from xlkpi.workbook.saved import Saved, WorkbookError, area_of
from xlkpi.workbook.verify import verify

ROOT = Path(__file__).parent.parent


def but(old: str, new: str) -> bytes:
    """The good file with something else in one place."""
    assert old in GOOD, old
    return GOOD.replace(old, new, 1).encode()


def after(text: str) -> bytes:
    """The good file with more at its end."""
    return GOOD.encode() + text.encode()


def rows(line: str, many: int) -> str:
    """A line many times over, each with its number where # stands."""
    return "".join(line.replace("#", str(number)) for number in range(many))


FORMULA = "sold_cups / made_cups * 100"
KPI_NAME = 'name.en = "Share of cups sold"'
INPUT = '[input.extra_#]\nunit = "money"\nkind = "flow"\nlabel.en = "Extra #"\n'
KPI = '[kpi.extra_#]\nfunction = "TEARATE"\nname.en = "Extra #"\nbetter = "higher"\nyear = "none"\n'
OWN = (
    '[function.EXTRA#Z]\nhelp.en = "x"\nformula = "a_part / a_whole"\nunit = "ratio"\n'
    'arg.a_part = { unit = "ratio", help.en = "x" }\narg.a_whole = { unit = "ratio", help.en = "x" }\n'
)
# what the file is | its bytes | words of the message
REFUSED: list[tuple[str, bytes, str]] = [
    # bytes that are no text, or no TOML
    ("nothing", b"", "no KPI"),
    ("blanks alone", b" \r\n\t\n", "no KPI"),
    ("UTF-16", GOOD.encode("utf-16"), "UTF-16, which Notepad calls Unicode"),
    ("UTF-16 without a mark", GOOD.encode("utf-16-le"), "not UTF-8"),
    ("Latin-1", GOOD.encode("latin-1"), "not UTF-8 (line 3)"),
    ("a NUL", but("Tea shop", "Tea\0shop"), "not TOML"),
    ("NULs alone", bytes(1000), "not TOML"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not UTF-8"),
    ("a workbook", b"PK\x03\x04" + bytes(100), "a workbook, not a catalogue file"),
    ("half a character", GOOD.encode() + b"\xe2\x82", "not UTF-8"),
    ("a lone surrogate", but("Tea shop", "\\ud800"), "not TOML"),
    ("50 MB", b"# " + b"x" * 50_000_000, "larger than 1 MB"),
    # nesting
    ("brackets without end", b"a = " + b"[" * 400_000, "nests too deeply"),
    ("lists in lists", f"a = {'[' * 100}{']' * 100}\n".encode() + GOOD.encode(), "nest deeper than 12 levels"),
    ("braces in braces", f"a = {'{a = ' * 2000}1{'}' * 2000}\n".encode() + GOOD.encode(), "nests too deeply"),
    ("a dotted key", ".".join("a" * 3000).encode() + b" = 1\n" + GOOD.encode(), "nest deeper than 12 levels"),
    ("a dotted header", after(f"[{'.'.join('a' * 3000)}]\n"), "nest deeper than 12 levels"),
    # numbers
    ("a number of 5,000 digits", but("default = 8", f"default = {'9' * 5000}"), "thousands of digits"),
    ("a number of 4,000 digits", but("default = 8", f"default = {'9' * 4000}"), "no finite number"),
    ("infinity", but("default = 8", "default = inf"), "no finite number"),
    ("not a number", but("gives = 75", "gives = nan"), "no finite number"),
    ("beyond the largest", but("default = 8", "default = 1e400"), "no finite number"),
    ("infinite ratings", but("[5, 4, 3, 2, 1]", "[inf, 4, 3, 2, 1]"), "holds a number that is not finite"),
    ("no rating", but("[5, 4, 3, 2, 1]", "[nan]"), "holds a number that is not finite"),
    ("a rating of 4,000 digits", but("[5, 4, 3, 2, 1]", f"[{'9' * 4000}]"), "holds a number that is not finite"),
    ("an infinite example", but("sold_cups = 3", "sold_cups = [inf, 3]"), "holds a number that is not finite"),
    ("a band out of reach", but('">= 50"', f'">= {"9" * 400}"'), "is no band"),
    ("a range out of reach", but('"60..90"', f'"60..{"9" * 400}"'), "is no band"),
    ("digits of another script", but('">= 50"', '">= ٥٠"'), "is no band"),
    # dates
    ("a date with a time", but("2026-01-01", "2026-01-01T10:00:00Z"), "not a plain date"),
    ("a time", but("2026-01-01", "10:00:00"), "not a date"),
    ("a date before all spreadsheets", but("2026-01-01", "0001-01-01"), "not a plain date since 1900"),
    ("a date for a unit", but('"score"', "2026-01-01"), "not a text"),
    ("a date for all inputs", b"input = 2026-01-01\n", "must be a table"),
    # formulas
    ("a tower of powers", but(FORMULA, "sold_cups * 9**9**9**9"), "no number that a cell can hold"),
    ("10,000 brackets", but(FORMULA, "(" * 10_000 + "sold_cups" + ")" * 10_000), "1,000 are allowed"),
    ("400 brackets", but(FORMULA, "(" * 400 + "sold_cups" + ")" * 400), "nest deeper than 25"),
    ("900 signs", but(FORMULA, "-" * 900 + "sold_cups"), "nests deeper than 25"),
    ("a sum without end", but(FORMULA, " + ".join(["sold_cups"] * 30_000)), "1,000 are allowed"),
    ("a sum of many", but(FORMULA, "+".join(["x"] * 400)), "more than 200 parts"),
    ("Python", but(FORMULA, "__import__('os').system('true')"), "no place in a formula"),
    ("Python without quotes", but(FORMULA, "().__class__.__mro__"), "no place in a formula"),
    ("a command", but(FORMULA, "=cmd|' /C calc'!A0"), 'does not begin with "="'),
    ("itself", but(FORMULA, "TEARATE(sold_cups, made_cups)"), 'no function "TEARATE"'),
    ("no formula", but(FORMULA, ""), '"formula" is empty'),
    # texts
    ("right to left", but(KPI_NAME, 'name.en = "Share \\u202e of cups"'), "U+202E (Right-to-left override)"),
    ("no width", but(KPI_NAME, 'name.en = "\\u200b\\u200b"'), "U+200B (Zero width space)"),
    ("joiners alone", but(KPI_NAME, 'name.en = "\\u200d\\u200c"'), "nothing in it that can be seen"),
    ("a line separator", but(KPI_NAME, 'name.en = "a\\u2028b"'), "U+2028"),
    ("a control character of old", but(KPI_NAME, 'name.en = "a\\u009bb"'), "U+009B"),
    ("an escape", but(KPI_NAME, 'name.en = "a\\u001b[31mb"'), "control character"),
    ("no character", but(KPI_NAME, 'name.en = "a\\ufffeb"'), "U+FFFE"),
    ("an escape in the source", but("A good cup", "a\\u001bb"), "control character"),
    ("a source without end", but("A good cup", "a" * 100_000), "100,000 characters; 1,000 fit"),
    ("a hidden word", but('kind = "flow"', 'kind = "fl\\u200bow"'), "U+200B"),
    # names
    ("a cell for an input", after(INPUT.replace("extra_#", "ab12")), "looks like a cell"),
    ("a cell of numbers for an input", after(INPUT.replace("extra_#", "r1c1")), "looks like a cell"),
    ("a cell for a function", after(OWN.replace("EXTRA#Z", "ABC12")), "looks like a cell"),
    ("TRUE for a function", after(OWN.replace("EXTRA#Z", "TRUE")), "Excel has a function of that name"),
    ("a word of VBA for a KPI", after(KPI.replace("extra_#", "end")), "VBA"),
    ("a path for a KPI", after('[kpi."../x"]\n'), "cannot be a name"),
    ("nothing for an input", after('[input.""]\n'), "cannot be a name"),
    ("a name of 900,000 characters", b"k" * 900_000 + b" = 1\n" + GOOD.encode(), "900,000 characters is too long"),
    ("a name of 90 characters", after(KPI.replace("extra_#", "k" * 90)), "longer than 40"),
    ("an escape for a name", after('["\\u001b[31mred"]\n'), "\\x1b[31mred"),
    ("two lines for a name", after('["a\\nb"]\n'), "a\\nb"),
    # too many
    ("12,000 inputs", after(rows(INPUT, 12_000)), "12,008 keys is too long"),
    ("8,000 KPIs", after(rows(KPI, 8_000)), "8,004 keys is too long"),
    ("5,000 functions", after(rows(OWN, 5_000)), "5,003 keys is too long"),
    ("90,000 keys", rows("k#=1\n", 90_000).encode() + GOOD.encode(), "90,005 keys is too long"),
    ("90,000 keys of a table", after("[zz]\n" + rows("k#=1\n", 90_000)), "90,000 keys is too long"),
    ("50,000 levers", but('{ input = "sold_cups", step = "up" }', "{}," * 50_000), "50,000 values is too long"),
    ("many conditions", but('["sold_cups <= made_cups"]', f'[{chr(34) * 2}{", " + chr(34) * 2} {", 1" * 300}]'), "302 values"),
    ("40,000 values in all", after(rows("[zz.#]\n" + rows("a# = 1\n", 199).replace("\\", ""), 199)), "more than 10,000 values"),
    ("121 inputs", after(rows(INPUT, 113)), "121 inputs are too many"),
    ("61 KPIs", after(rows(KPI, 57)), "61 rows of KPIs and segments are too many"),
    ("199 slips in each KPI", after(rows(KPI + rows("z# = 1\n", 40), 190)), "There are more problems"),
    ("31 ratings", but("[5, 4, 3, 2, 1]", str(list(range(31)))), "30 at most"),
    # found by the fuzz run, or on the way to it
    ("an argument twice", but("require =", 'args = ["sold_cups", "sold_cups", "made_cups"]\nrequire ='), "stands twice"),
    ("a tally of itself", but('of = "stars"', 'of = "star_counts"'), "no values of its own"),
    ("a unit of nothing", but('[function.TEARATE.arg.sold_cups]\nunit = "count:cups"', '[function.TEARATE.arg.sold_cups]\nunit = ""'),
     '"unit" is empty'),
]  # fmt: skip


def file_of(folder: Path, data: bytes) -> Path:
    path = folder / "tea-shop.toml"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("data, words", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_hostile_catalogue_file_is_refused_with_words(tmp_path, data, words):
    path = file_of(tmp_path, data)
    problems = check(path)
    errors = [problem for problem in problems if problem.severity == "error"]
    said = [str(problem) for problem in errors]
    assert any(words in line for line in said), said[:5]
    assert len(problems) <= 1_001
    for problem in errors:
        assert problem.file == str(path)
        assert problem.what[-1] in ".?"
        assert problem.fix
    for line in said:
        assert len(line) < 12_000
        assert all(character.isprintable() or character == "\n" for character in line)
    with pytest.raises(CatalogueError):
        load(path)


# what is legal, and must be built into a workbook that validates
BUILT: list[tuple[str, bytes]] = [
    ("the mark of Windows Notepad", b"\xef\xbb\xbf" + GOOD.encode()),
    ("lines of Windows", GOOD.replace("\n", "\r\n").encode()),
    ("both", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()),
    ("a formula for a KPI's name", but(KPI_NAME, "name.en = \"=cmd|' /C calc'!A0\"")),
    ("a sum for the line of business", but("Tea shop", "@SUM(1+1)*cmd|' /C calc'!A0")),
    ("a plus for an input", but('label.en = "Cups sold"', 'label.en = "+1-2"')),
    ("a minus for a segment", but("[kpi.cup_rate]", '[kpi.cup_rate]\nsegment.home.en = "-1"').replace(b'bands = { typical = ">= 50", above = "> 70", exceptional = ">= 90" }\n', b"").replace(b'lever = [{ input = "sold_cups", step = "up" }]\n', b"")),
    ("a tab for a KPI", but(KPI_NAME, 'name.en = "=1+1 + A1"')),
    ("marks of XML", but("Tea shop", '<&>\\"\'&amp;]]>')),
    ("marks of a header", but("Tea shop", "&A&F&D%[x]{0}{name}")),
    ("an escape of Excel", but('label.en = "Cups sold"', 'label.en = "_x0041_ _x000D_"')),
    ("faces and flags", but("Tea shop", "Tea \U0001f468‍\U0001f469‍\U0001f467 \U0001f1e7\U0001f1f7")),
    ("a source of many lines", but("A good cup", "a\\nb\\tc")),
    ("a source of a thousand wide letters", but("A good cup", "W" * 1000)),
    ("a note of a thousand wide letters", but("better =", f'note.en = "{"W" * 1000}"\nbetter =')),
    ("inputs that no KPI uses", after(rows(INPUT, 3))),
    ("an opening whose closing no KPI uses",
     after(INPUT.replace("extra_#", "the_end").replace('"flow"', '"closing"')
           + INPUT.replace("extra_#", "the_start").replace('"flow"', '"opening"\ncarry = "the_end"'))),
    ("a tally that no KPI uses", after(INPUT.replace("extra_#", "the_count").replace('"flow"', '"tally"\nof = "stars"'))),
    ("as many as there may be", after(rows(INPUT, 112) + rows(KPI + 'bands = { typical = ">= 3" }\n', 56))),
]  # fmt: skip


@pytest.mark.parametrize("data", [row[1] for row in BUILT], ids=[row[0] for row in BUILT])
def test_what_is_legal_is_built_into_a_workbook_that_validates(tmp_path, data):
    path = file_of(tmp_path, data)
    assert [str(problem) for problem in check(path) if problem.severity == "error"] == []
    own = load(path)
    book = build(own, own.verticals["tea-shop"], "fr", sample=True)
    assert list(map(str, lint(book))) == []
    assert not formulas_beyond(book), "a text became a formula"
    assert read(book).vertical == own.verticals["tea-shop"]


def formulas_beyond(data: bytes) -> list[str]:
    """Formulas of a workbook that start a program."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
    return [found for part in parts for found in re.findall(r"<(?:f|definedName)[^>]*>[^<]*cmd[^<]*<", part)]


def test_unused_inputs_have_a_heading_of_their_own(tmp_path):
    own = load(file_of(tmp_path, after(rows(INPUT, 2))))
    book = build(own, own.verticals["tea-shop"], "es")
    sheet, cell = place(book, "in_extra_0")
    row = int(re.sub(r"\D", "", cell))
    assert Saved(book).cells(sheet)[f"A{row - 1}"].value == "Otras cifras"
    assert place(book, "in_extra_1") == (sheet, f"D{row + 1}")


@pytest.mark.parametrize("text", ["é", "日本語", "العربية", "😀", "a\u00adb", "👨\u200d👩", "\u00a0", "—", "𝒳"])
def test_letters_of_any_language_are_not_hidden(text):
    assert not any(map(hidden, text))


# -- files that are none -----------------------------------------------------------------------------------------------


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def locked(path: Path) -> None:
    path.write_text(GOOD, "utf-8")
    path.chmod(0)


STRANGE = [
    (pipe, "a device or a pipe"),
    (device, "a device or a pipe"),
    (loop, "cannot be read"),
    (Path.mkdir, "a folder"),
    (lambda path: path.symlink_to("nowhere"), "no such file"),
    *([(locked, "cannot be read")] if getattr(os, "geteuid", int)() else []),  # root may read everything
]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other ones")
@pytest.mark.parametrize(
    "make, words", STRANGE, ids=["pipe", "device", "loop", "folder", "nowhere", "locked"][: len(STRANGE)]
)
def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path, make, words):
    """In a process of its own: what waits for a pipe can be stopped from outside alone."""
    make(tmp_path / "tea-shop.toml")
    make(tmp_path / "book.xlsx")
    script = (
        "import sys; from pathlib import Path; from xlkpi.catalogue import check; from xlkpi.workbook.verify import verify\n"
        "from xlkpi.workbook.saved import WorkbookError\n"
        "print(check(Path(sys.argv[1], 'tea-shop.toml'))[0])\n"
        "try: verify(Path(sys.argv[1], 'book.xlsx'))\n"
        "except WorkbookError as error: print(error)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    said = result.stdout.splitlines()
    assert len(said) == 2, result.stderr
    assert all(words in line for line in said), said


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "", "\udcff"])
def test_names_that_no_file_can_have(tmp_path, name):
    (problem, *_) = check(tmp_path / f"{name}.toml")
    assert problem.severity == "error"
    str(problem).encode()
    with pytest.raises(WorkbookError):
        read_workbook(tmp_path / f"{name}.xlsx")


@pytest.mark.parametrize("name", ["con", "nul", "..", "a b", "-x", "x.y", "é", "ab--c", "A"])
def test_nothing_is_written_outside_the_folder(tmp_path, name):
    """A name that would be a path, a device or an option is refused before anything is written."""
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / f"{name}.toml"
    path.write_text(GOOD, "utf-8")
    before = sorted(tmp_path.rglob("*"))
    command = [sys.executable, "-m", "xlkpi.cli", "build", "--out", str(tmp_path / "in" / "out"), str(path)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path / "in", env=env)
    assert result.returncode == 1, result.stdout
    assert "cannot name a line of business" in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


# -- workbooks ---------------------------------------------------------------------------------------------------------

WORKBOOK = "xl/workbook.xml"
NAME = "in_completed_sessions"


@pytest.fixture(scope="module")
def book(catalogue) -> bytes:
    return build(catalogue, catalogue.verticals["remote-career-coaching"], sample=True)


def part(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    return with_parts(data, lambda found, text: change(text) if found == name else text)


def redirected(data: bytes, to: str, name: str = NAME) -> bytes:
    """The file with a name that means something else."""
    found = re.compile(rf'(<definedName name="{name}"[^>]*>)[^<]*')
    return part(data, WORKBOOK, lambda text: found.sub(lambda match: match[1] + to, text))


def typed(data: bytes, inside: str, kind: str = "", name: str = NAME) -> bytes:
    """The file with something else saved in the first cell of a name."""
    return with_cell(data, *place(data, name), inside, kind)


def encoded(data: bytes, codec: str) -> bytes:
    """The file with a workbook part in another encoding, and a document type in it."""

    def change(content: bytes) -> bytes:
        head = f'<?xml version="1.0" encoding="{codec}"?><!DOCTYPE a [<!ENTITY a "{"a" * 100}">]>'
        return (head + content.decode().partition("?>")[2]).encode(codec)

    return bytes_of(data, WORKBOOK, change)


def bytes_of(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.namelist():
            target.writestr(each, change(source.read(each)) if each == name else source.read(each))
    return result.getvalue()


def lying(data: bytes) -> bytes:
    """A bomb whose list of parts says that it is small."""
    spoiled = bytearray(bytes_of(data, WORKBOOK, lambda content: b"a" * 90_000_000))
    place_ = -1
    while (place_ := spoiled.find(b"PK\x01\x02", place_ + 1)) >= 0:
        length = int.from_bytes(spoiled[place_ + 28 : place_ + 30], "little")
        if spoiled[place_ + 46 : place_ + 46 + length] == WORKBOOK.encode():
            spoiled[place_ + 24 : place_ + 28] = (100).to_bytes(4, "little")
    return bytes(spoiled)


def defined(data: bytes, *rows_: tuple[str, str]) -> bytes:
    """The file with more rows on the hidden sheet."""
    return resaved(data, lambda opened: [opened["_xlkpi"].append(row) for row in rows_])


def billion(data: bytes) -> bytes:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    laughs = f'<!DOCTYPE a [<!ENTITY a0 "ha">{lines}]>'
    return part(
        data, WORKBOOK, lambda text: text.replace("?>", f"?>{laughs}", 1).replace("<sheets>", "<a>&a8;</a><sheets>")
    )


SHEET = "xl/worksheets/sheet3.xml"
# what the file is | how it comes about | words of the message
BROKEN: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("a billion laughs", billion, "document type"),
    ("entities in UTF-16", lambda data: encoded(data, "utf-16"), "document type"),
    ("entities in EBCDIC", lambda data: encoded(data, "cp037"), "damaged"),
    ("a bomb that says it is small", lying, "damaged"),
    ("a bomb of rows", lambda data: part(data, SHEET, lambda t: t.replace("</sheetData>", "<row/>" * 4_000_000 + "</sheetData>")), "unpack to far more"),
    ("a bomb in an attribute", lambda data: part(data, SHEET, lambda t: t.replace("<sheetData>", f'<a b="{"x" * 30_000_000}"/><sheetData>')), "unpack to far more"),
    ("cut off", lambda data: data[:-100], "damaged"),
    ("its end alone", lambda data: b"PK\x05\x06" + bytes(18), "damaged"),
    ("a part in a circle", lambda data: part(data, "_rels/.rels", lambda t: t.replace("xl/workbook.xml", "_rels/.rels")), "damaged"),
    ("a shared text too far", lambda data: typed(data, "<v>999999</v>", "s"), "Inputs!D"),
    ("a shared text before the first", lambda data: typed(data, "<v>-1</v>", "s"), "Inputs!D"),
    ("a shared formula that is nowhere", lambda data: typed(data, '<f t="shared" si="9"></f><v>1</v>'), "Inputs!D"),
    ("1e999", lambda data: typed(data, "<v>1e999</v>"), "Inputs!D"),
    ("not a number", lambda data: typed(data, "<v>nan</v>"), "Inputs!D"),
    ("a number as Python has it", lambda data: typed(data, "<v>1_000</v>"), "Inputs!D"),
    ("a date that is none", lambda data: typed(data, "<v>2026-13-45</v>", "d"), "Inputs!D"),
    ("a cell that is none", lambda data: part(data, SHEET, lambda t: t.replace('<c r="D13"', '<c r="D0"')), "damaged"),
    ("no sheets", lambda data: part(data, WORKBOOK, lambda t: re.sub("<sheets>.*</sheets>", "<sheets></sheets>", t)), "no workbook of xlkpi"),
    ("a definition out of its folder", lambda data: defined(data, ("../../x.toml", "[function.ABX]")), 'a file "../../x.toml"'),
    ("a definition of a device", lambda data: defined(data, ("con.toml", "x = 1")), 'a file "con.toml"'),
    ("a definition of many keys", lambda data: defined(data, *(("remote-career-coaching.toml", rows(f"\nz{n}_# = 1", 2500)) for n in range(30))), "cannot be used"),
]  # fmt: skip


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("spoil, words", [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
@pytest.mark.filterwarnings("ignore:Sparkline")
def test_a_hostile_workbook_is_refused_with_words(book, tmp_path, spoil, words):
    path = saved(tmp_path, spoil(book))
    with pytest.raises(WorkbookError, match=re.escape(words)) as caught:
        verify(path)
    assert len(str(caught.value)) < 5_000


# what the file is | how it comes about | words of a finding, or none where the file is as good as before
ODD: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("parts out of the folder", lambda data: with_more(data, "../../x", "/x", "C:\\x"), ""),
    ("thousands of parts", lambda data: with_more(data, *(f"x/{n}" for n in range(3000))), ""),
    ("deep elements", lambda data: part(data, SHEET, lambda t: t.replace("<sheetData>", "<a>" * 50_000 + "</a>" * 50_000 + "<sheetData>")), ""),
    ("a name of nothing", lambda data: redirected(data, "#REF!"), NAME),
    ("a name of itself", lambda data: redirected(data, NAME), NAME),
    ("a name of several sheets", lambda data: redirected(data, "Inputs:KPIs!$D$9:$O$9"), NAME),
    ("a name of another workbook", lambda data: redirected(data, "'[1]Inputs'!$D$9:$O$9"), NAME),
    ("a name of a file", lambda data: redirected(data, "'C:\\[x.xlsx]Inputs'!$D$9:$O$9"), NAME),
    ("a name of a whole sheet", lambda data: redirected(data, "Inputs!$A$1:$XFD$1048576"), NAME),
    ("a name of many cells", lambda data: redirected(data, "Inputs!$A$1:$A$100000"), NAME),
    ("a name beyond the last column", lambda data: redirected(data, "Inputs!$ZZZ$9:$ZZZ$9"), NAME),
    ("a name of row 0", lambda data: redirected(data, "Inputs!$D$0:$O$0"), NAME),
    ("a name of a row of 5,000 digits", lambda data: redirected(data, f"Inputs!$D${'9' * 5000}"), NAME),
    ("a name turned round", lambda data: redirected(data, "Inputs!$O$9:$D$9"), NAME),
    ("a name of one cell", lambda data: redirected(data, "Inputs!$D$9"), NAME),
    ("a name of a block", lambda data: redirected(data, "Inputs!$D$9:$Z$20"), NAME),
    ("a name of the hidden sheet", lambda data: redirected(data, "_xlkpi!$A$1:$L$1"), NAME),
    ("a name of quotes", lambda data: redirected(data, "'" + "a''" * 20_000), NAME),
    ("a first month of many cells", lambda data: redirected(data, "Inputs!$A$1:$L$12", "set_first_month"), "set_first_month"),
    ("two sheets of one title", lambda data: part(data, WORKBOOK, lambda t: t.replace('name="KPIs"', 'name="Inputs"')), "KPIs"),
    ("the largest number", lambda data: typed(data, "<v>1.7E308</v>"), "1.7E+308"),
    ("an error without end", lambda data: typed(data, f"<v>{'#' * 1_000_000}</v>", "e"), "####"),
    ("a text without end", lambda data: typed(data, f"<is><t>{'x' * 1_000_000}</t></is>", "inlineStr"), "xxxx"),
    ("a formula without end", lambda data: typed(data, f"<f>{'A1+' * 100_000}A1</f><v>1</v>"), "A1+A1"),
    ("a text that a terminal obeys", lambda data: typed(data, "<v>\u009b31m</v>", "str"), "\\x9b31m"),
    ("the last day", lambda data: typed(data, "<v>2958465</v>", name="set_first_month"), ""),
    ("the last day, counted from 1904", lambda data: part(typed(data, "<v>2958465</v>", name="set_first_month"), WORKBOOK,
     lambda t: re.sub("<workbookPr(?= |>)[^>]*>", '<workbookPr date1904="1">', t)), "no date"),
    ("a day before all days", lambda data: typed(data, "<v>-5</v>", name="set_first_month"), "no date"),
    ("a day beyond all days", lambda data: typed(data, "<v>1e300</v>", name="set_first_month"), "no date"),
    ("a version without end", lambda data: typed_version(data, "9" * 30_000), "99999"),
    ("a version that a terminal obeys", lambda data: typed_version(data, "\u202e1"), "\\u202e1"),
]  # fmt: skip


def with_more(data: bytes, *names: str) -> bytes:
    result = io.BytesIO(data)
    with zipfile.ZipFile(result, "a", zipfile.ZIP_DEFLATED) as target:
        for name in names:
            target.writestr(name, b"x")
    return result.getvalue()


def typed_version(data: bytes, version: str) -> bytes:
    def change(opened: object) -> None:
        for key, cell, *_ in opened["_xlkpi"].iter_rows():  # type: ignore[index]
            if key.value == "xlkpi":
                cell.value = version

    return resaved(data, change)


@pytest.mark.parametrize("spoil, words", [row[1:] for row in ODD], ids=[row[0] for row in ODD])
@pytest.mark.filterwarnings("ignore:Sparkline")
def test_an_odd_workbook_is_read_and_what_is_odd_is_said(book, tmp_path, spoil, words):
    path = saved(tmp_path, spoil(book))
    said = [str(finding) for finding in verify(path)]
    assert any(words in line for line in said) or not words, said[:5]
    assert all(len(line) < 10_000 for line in said)
    assert all(character.isprintable() for line in said for character in line)
    rolled = roll(read_workbook(path))
    assert lint(rolled.data) == []
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text, good",
    [
        ("Inputs!$D$9:$O$9", True), ("'It''s'!$A$1", True), ("Inputs!$XFD$1048576", True), ("Inputs!$XFE$1", False), ("Inputs!$A$1048577", False),
        ("Inputs!$A$0", False), ("Inputs!$A$1:$A$0", False), ("Inputs!$B$1:$A$1", False), ("#REF!", False), ("Inputs!#REF!", False), ("", False),
    ],
)  # fmt: skip
def test_only_cells_of_the_grid_are_cells(text, good):
    assert (area_of(text) is not None) == good
