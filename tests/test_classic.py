"""The classic add-in: read back by others' tools, run by xlwings' own code and by LibreOffice.

What only Excel itself can show is left: that it opens the file, and that the DLL of xlwings starts Python.
``XLKPI_RENEW=1 pytest tests/test_classic.py`` renews the VBA in ``tests/golden``.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import io
import json
import os
import random
import re
import string
import struct
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import olefile
import pytest
from engines import find_libreoffice
from host_table import CALLS, mismatches
from openxml_audit import OpenXmlValidator

from xlkpi.addin import classic
from xlkpi.addin.compound import compound_file
from xlkpi.addin.macro_file import packaged
from xlkpi.addin.vba_project import CLASS, STANDARD, Module, compressed, vba_project
from xlkpi.addin.vba_text import as_vba, functions_text, names_used
from xlkpi.cells import CellFunction, Parameter
from xlkpi.companions import cell_functions
from xlkpi.names import LANGUAGES, VBA_KEYWORDS, refuse_function
from xlkpi.texts import Text

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools calls pyparsing by names that pyparsing will give up
    from oletools.olevba import VBA_Parser, decompress_stream

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
XLWINGS = Path(importlib.util.find_spec("xlwings").origin).parent
INSTALLED_VBA = (XLWINGS / "xlwings_custom_addin.bas").read_text("cp1252")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def functions(catalogue) -> list[CellFunction]:
    return cell_functions(catalogue)


@pytest.fixture(scope="module")
def project(functions) -> dict[str, Module]:
    return {each.name: each for each in classic.modules(functions)}


@pytest.fixture(scope="module")
def xlam(catalogue) -> bytes:
    return classic.build_xlam(catalogue)


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def opened(data: bytes) -> olefile.OleFileIO:
    return olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_UNSURE)


def expanded(data: bytes) -> bytes:
    return bytes(decompress_stream(bytearray(data)))


# The calls, through xlwings' own code


@pytest.fixture(scope="module")
def xlwings(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("classic")
    (folder / "xlkpi_functions.py").write_text("from xlkpi.udf import register\n\nregister(globals())\n")
    request = {"folder": str(folder), "calls": [[each.name, each.arguments] for each in CALLS]}
    command = [sys.executable, str(HERE / "host_classic.py")]
    result = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("way", ["range", "literal"])
def test_xlwings_answers_the_result_table(xlwings, way):
    assert mismatches(xlwings["answers"][way]) == []


def heads(text: str) -> dict[str, str]:
    """Name and arguments of each VBA function of a text, lower case."""
    joined = text.replace("\r\n", "\n").replace(" _\n        ", " ")
    found = re.findall(r"^(?:Public )?Function (\w+)\((.*?)\)", joined, re.MULTILINE)
    return {name.lower(): arguments.lower() for name, arguments in found}


def test_the_functions_are_those_that_xlwings_would_generate(xlwings, project, functions):
    ours, theirs = heads(project["XlkpiFunctions"].text), heads(xlwings["vba"])
    assert ours == theirs
    assert len(ours) == len(functions) > 30
    assert ours["kpiband"] == "vertical, kpi, value, optional segment, optional language"
    for name, arguments in ours.items():
        words = set(re.findall(r"\w+", arguments)) - {"optional"}
        assert not words & (VBA_KEYWORDS | {name, "array"})


def test_what_is_described_is_what_xlwings_would_describe(xlwings, functions):
    ours = {row[0]: row for row in classic.help_rows(functions) if row[1] == "en"}
    assert len(xlwings["options"]) == len(ours)
    for macro, description, category, arguments in xlwings["options"]:
        _, _, text, link, *rest = ours[macro.partition("!")[2].upper()]
        assert (text, link, rest, category) == (description, "", arguments or [], "KPI")


# The file


def test_olevba_reads_every_module_as_it_was_written(xlam, project):
    parser = VBA_Parser("xlkpi.xlam", data=xlam)
    found = {name: text for _, _, name, text in parser.extract_macros()}
    parser.close()
    assert found == {f"{each.name}.{'bas' if each.kind == STANDARD else 'cls'}": each.text for each in project.values()}
    assert list(project) == ["ThisWorkbook", "HelpSheet", "xlwings", "Dictionary", "XlkpiCore", "XlkpiHelp", "XlkpiFunctions"]  # fmt: skip


def test_the_same_add_in_has_the_same_bytes(xlam, catalogue):
    assert classic.build_xlam(catalogue) == xlam


def test_the_package_is_an_add_in(xlam):
    types = {
        each.get("PartName"): each.get("ContentType")
        for each in ElementTree.fromstring(part(xlam, "[Content_Types].xml"))
    }
    assert types["/xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert types["/xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"
    with zipfile.ZipFile(io.BytesIO(xlam)) as archive:
        assert {f"/{name}" for name in archive.namelist() if not name.endswith((".rels", "].xml"))} == set(types) - {
            None
        }
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    links = {
        each.get("Type").rpartition("/")[2]: each.get("Target")
        for each in ElementTree.fromstring(part(xlam, "xl/_rels/workbook.xml.rels"))
    }
    assert links["vbaProject"] == "vbaProject.bin"
    assert b'codeName="ThisWorkbook"' in part(xlam, "xl/workbook.xml")
    assert b'codeName="HelpSheet"' in part(xlam, "xl/worksheets/sheet1.xml")


def test_the_package_is_valid(xlam, tmp_path):
    path = tmp_path / "xlkpi.xlam"
    path.write_bytes(xlam)
    errors = [each.description for each in OpenXmlValidator().validate(path).errors]
    assert not [each for each in errors if "relationships/theme" not in each]  # a theme may be left out


def sheet_rows(data: bytes) -> list[list[str]]:
    texts = ["".join(each.itertext()) for each in ElementTree.fromstring(part(data, "xl/sharedStrings.xml"))]
    rows = ElementTree.fromstring(part(data, "xl/worksheets/sheet1.xml")).iter(f"{MAIN}row")
    return [[texts[int(cell.findtext(f"{MAIN}v"))] for cell in row] for row in rows]


def test_the_help_is_there_in_every_language(xlam, functions):
    head, *rows = sheet_rows(xlam)
    assert head == ["function", "language", "description", "help", "arguments"]
    assert len(rows) == len(functions) * len(LANGUAGES)
    found = {(row[0], row[1]): row[2:] for row in rows}
    for function in functions:
        for language in LANGUAGES:
            texts = [each.help.get_in(language) for each in function.parameters]
            assert found[function.name, language] == [function.help.get_in(language), "", *texts]
    assert max(len(text) for row in rows for text in row) <= 255
    assert any("ç" in row[2] for row in rows)


def test_long_and_odd_help_is_made_to_fit():
    long = Text(dict.fromkeys(LANGUAGES, "a" * 254 + "😀 <&>"))
    odd = Text(dict.fromkeys(LANGUAGES, "=<&>\x07 €"))
    rows = classic.help_rows(
        [CellFunction("ODD", long, (Parameter("one", odd),), lambda given: [[1]])],
        "https://x.org/{function}#{language}",
    )
    assert rows[2][1:] == ["pt", "a" * 254, "https://x.org/odd#pt", "=<&> \u20ac"]
    assert sheet_rows(packaged([], "help", rows)) == rows


# The VBA project


def directory_records(data: bytes) -> list[tuple[int, bytes]]:
    """The records of the stream ``dir``, those of modules left out."""
    content, records = expanded(opened(data).openstream("VBA/dir").read()), []
    while content:
        number, size = struct.unpack_from("<HI", content)
        size = 6 if number == 0x09 else size
        records.append((number, content[6 : 6 + size]))
        content = content[6 + size :]
    first = [number for number, _ in records].index(0x0F)
    return records[:first]


def shipped_by_xlwings(name: str) -> bytes:
    return part((XLWINGS / name).read_bytes(), "xl/vbaProject.bin")


def test_the_project_says_what_xlwings_own_add_in_says(xlam):
    ours, theirs = (
        directory_records(data)
        for data in (part(xlam, "xl/vbaProject.bin"), shipped_by_xlwings("quickstart_addin.xlam"))
    )
    ends = [[number for number, _ in records].index(0x3C) + 1 for records in (ours, theirs)]
    kept = [
        [record for record in records[:end] if record[0] not in (0x04, 0x09)]
        for records, end in zip((ours, theirs), ends, strict=True)
    ]
    assert kept[0] == kept[1]
    assert dict(ours)[0x04] == b"XlkpiAddin"


def test_the_references_are_those_of_xlwings(xlam):
    def references(data: bytes) -> list[tuple[int, bytes]]:
        found = directory_records(data)
        first = [number for number, _ in found].index(0x16)
        # a library is known by its GUID and version; where it lies differs from machine to machine
        return [
            (number, re.sub(rb"(#2.0#0#).*", rb"\1", content[4:]) if number == 0x0D else content)
            for number, content in found[first:]
        ]

    assert references(part(xlam, "xl/vbaProject.bin")) == references(shipped_by_xlwings("addin/xlwings.xlam"))


def revealed(stream: bytes) -> dict[str, bytes]:
    """Read what a PROJECT stream hides: protection, password, visibility ([MS-OVBA] 2.4.3.3)."""
    found = {}
    identity = re.search(rb'ID="(.*?)"', stream)[1]
    for name, text in re.findall(rb'(CMG|DPB|GC)="(\w+)"', stream):
        seed, *rest = bytes.fromhex(text.decode())
        assert rest[0] ^ seed == 2
        key = rest[1] ^ seed
        assert key == sum(identity) % 256
        plain, previous, last = [key], rest[0], rest[1]
        for byte in rest[2:]:
            plain.append(byte ^ ((previous + plain[-1]) % 256))
            previous, last = last, byte
        content = bytes(plain[1 + (seed & 6) // 2 :])
        assert len(content) == 4 + int.from_bytes(content[:4], "little")
        found[name.decode()] = content[4:]
    return found


def test_the_project_is_open(xlam):
    streams = [
        opened(data).openstream("PROJECT").read()
        for data in (part(xlam, "xl/vbaProject.bin"), shipped_by_xlwings("quickstart_addin.xlam"))
    ]
    assert revealed(streams[0]) == revealed(streams[1]) == {"CMG": bytes(4), "DPB": b"\0", "GC": b"\xff"}
    lines = streams[0].decode("cp1252").split("\r\n")
    assert lines[1:4] == ["Document=ThisWorkbook/&H00000000", "Document=HelpSheet/&H00000000", "Module=xlwings"]
    assert "Class=Dictionary" in lines


def test_each_module_is_of_its_kind(xlam, project):
    content = expanded(opened(part(xlam, "xl/vbaProject.bin")).openstream("VBA/dir").read())
    kinds = {}
    for module in content.split(struct.pack("<HI", 0x19, len("ThisWorkbook")) + b"ThisWorkbook")[1].split(
        b"\x2b\0\0\0\0\0"
    )[:-1]:
        name = re.search(rb"\x1a\0.\0\0\0(\w+)\x32\0", module, re.DOTALL)[1].decode()
        kinds[name] = struct.unpack("<H", module[-6:-4])[0]
    assert kinds == {each.name: 0x21 if each.kind == STANDARD else 0x22 for each in project.values()}


def test_the_modules_of_workbook_and_sheet_are_as_excel_writes_them(project):
    quickstart = VBA_Parser("quickstart_addin.xlam", data=(XLWINGS / "quickstart_addin.xlam").read_bytes())
    theirs = {name: text for _, _, name, text in quickstart.extract_macros()}
    quickstart.close()
    assert project["HelpSheet"].text == theirs["Sheet2.cls"].replace("Sheet2", "HelpSheet")
    assert project["ThisWorkbook"].text.startswith(theirs["ThisWorkbook.cls"])


def test_the_project_holds_source_alone(xlam):
    file = opened(part(xlam, "xl/vbaProject.bin"))
    assert file.openstream("VBA/_VBA_PROJECT").read().hex() == "cc61ffff000000"
    assert file.openstream("PROJECTwm").read().startswith(b"ThisWorkbook\0T\0h\0i\0s\0")
    assert not file.parsing_issues


@pytest.mark.parametrize("size", [*range(20), 4095, 4096, 4097, 8192, 30_000])
@pytest.mark.parametrize("letters", ["a", "ab", string.ascii_lowercase[:6]])
def test_compression_loses_nothing(size, letters):
    data = "".join(random.Random(size).choices(letters, k=size)).encode()
    assert expanded(compressed(data)) == data
    if size > 1000:
        assert len(compressed(data)) < 0.6 * size


def test_compression_of_text_and_of_noise():
    text = as_vba(INSTALLED_VBA).encode("cp1252")
    assert expanded(compressed(text)) == text
    assert len(compressed(text)) < 0.45 * len(text)
    noise = random.Random(1).randbytes(8192 + 3000)
    assert expanded(compressed(noise)) == noise
    with pytest.raises(ValueError, match="cannot be compressed"):
        compressed(noise[:4000])


def test_text_that_vba_cannot_hold_is_refused():
    head = 'Attribute VB_Name = "Words"\r\n'
    assert b"Words" in vba_project("Example", [Module("Words", STANDARD, head + "' caf\u00e9 \u20ac")])
    with pytest.raises(ValueError, match='"Words" has the character "→", which code page 1252 does not have'):
        vba_project("Example", [Module("Words", STANDARD, head + "' a \u2192 b")])
    with pytest.raises(ValueError, match='"Sums" does not say that name'):
        vba_project("Example", [Module("Sums", STANDARD, head)])


# The compound file


def test_a_compound_file_gives_back_every_stream():
    sizes = [0, 1, 63, 64, 65, 4095, 4096, 4097, 70_000]
    streams = {f"Place{size % 3}/inner/s{size}": random.Random(size).randbytes(size) for size in sizes} | {
        "Place0/x": b"x"
    }
    data = compound_file(streams)
    file = opened(data)
    assert {"/".join(path): file.openstream(path).read() for path in file.listdir()} == streams
    assert not file.parsing_issues
    assert len(data) % 512 == 0
    assert compound_file(dict(streams)) == data


def test_the_entries_of_a_compound_file_are_in_order():
    names = ["dir", "b", "B2", "aa", "_VBA_PROJECT", "Z", "ThisWorkbook", "xlwings", "Core"]
    file = opened(compound_file(dict.fromkeys(names, b"1")))
    entries = file.direntries

    def walked(number: int) -> list[str]:
        if number == olefile.NOSTREAM:
            return []
        entry = entries[number]
        assert entry.color == 1
        return [*walked(entry.sid_left), entry.name, *walked(entry.sid_right)]

    assert walked(entries[0].sid_child) == [
        "b",
        "Z",
        "aa",
        "B2",
        "dir",
        "Core",
        "xlwings",
        "ThisWorkbook",
        "_VBA_PROJECT",
    ]


@pytest.mark.parametrize(
    "streams, reason",
    [
        ({"a" * 32: b""}, "cannot be the name"),
        ({"a:b": b""}, "cannot be the name"),
        ({"": b""}, "cannot be the name"),
        ({"Ab": b"", "aB": b""}, "differ in more than their case"),
        ({"a": b"", "a/b": b""}, "differ in more than their case"),
        ({"a": bytes(7_200_000)}, "7 MB"),
    ],
)
def test_a_compound_file_that_cannot_be_is_refused(streams, reason):
    with pytest.raises(ValueError, match=reason):
        compound_file(streams)


# The VBA


# What is generated; the modules written by hand are reviewed where they stand, in xlkpi/data/hosts/classic.
@pytest.mark.parametrize("name", ["XlkpiFunctions.bas", "ThisWorkbook.cls"])
def test_the_generated_vba_is_as_it_was(project, name):
    text = project[name[:-4]].text.replace("\r\n", "\n")
    if os.environ.get("XLKPI_RENEW") == "1":
        (GOLDEN / name).write_bytes(text.encode("ascii"))
    assert text == (GOLDEN / name).read_text("ascii")


@pytest.mark.parametrize(
    ("module", "line", "times"),
    [
        ("XlkpiCore", 'Private Const PYTHON_MODULE As String = "xlkpi_functions"', 1),
        ("XlkpiHelp", 'ThisWorkbook.Worksheets("help").UsedRange.Value', 1),
        ("XlkpiHelp", 'Category:="KPI"', 4),
    ],
)
def test_the_vba_written_by_hand_is_filled_in(project, module, line, times):
    assert project[module].text.count(line) == times


def test_the_vba_is_within_its_limits(functions):
    wide = CellFunction(
        "WIDE",
        Text({"en": ""}),
        tuple(Parameter(f"{'a' * 37}_{n:02}", Text({"en": ""}), True) for n in range(60)),
        lambda given: [[1]],
    )
    modules = [*classic.modules(functions), *classic.modules([wide])]
    for module in modules:
        module.text.encode("ascii")
        assert "@" not in module.text or module.name == "Dictionary"
        assert module.text.count("\n") == module.text.count("\r\n")
        runs = re.findall(r"(?:[^\n]* _\r\n)+", module.text)
        assert max(map(len, module.text.splitlines())) <= 1023
        assert max([run.count("\n") for run in runs], default=0) <= 24
    assert "a_59))\r\nEnd Function" in modules[-1].text


def test_an_error_never_becomes_text_in_a_cell(project):
    assert "Err.Description" not in project["XlkpiFunctions"].text
    assert re.findall(r"XlkpiAnswer = (.*)\r", project["XlkpiCore"].text) == ["XlkpiCells(answer)", "CVErr(2015)"]


def test_names_that_vba_needs_are_refused():
    def one(name: str, argument: str = "value") -> list[CellFunction]:
        return [CellFunction(name, Text({"en": ""}), (Parameter(argument, Text({"en": ""})),), lambda given: [[1]])]

    for name in ("XLPY", "CVERR", "UBOUND", "XLKPICORE", "XLKPIFUNCTIONS", "DICTIONARY"):
        with pytest.raises(ValueError, match=f"names {name} for something else"):
            classic.modules(one(name))
    assert classic.modules(one("TEA"))
    for argument in ("array", "tea"):
        with pytest.raises(ValueError, match=f'TEA: the argument "{argument}"'):
            functions_text(one("TEA", argument))


# xlwings' own VBA in it


def test_the_module_of_xlwings_is_theirs_but_for_a_few_places(project):
    ours, theirs = project["xlwings"].text.split("\r\n"), INSTALLED_VBA.splitlines()
    assert ours.pop(1).startswith("'Changed for xlkpi")
    assert len(ours) - 1 == len(theirs)
    changed = [(mine, old) for mine, old in zip(ours, theirs, strict=False) if mine != old]
    assert len(changed) < 60
    rest = [(mine.strip(), old.strip()) for mine, old in changed]
    rest = [(mine, old) for mine, old in rest if mine not in (f"Private {old}", old.replace("Public ", "Private ", 1))]
    assert len(rest) == 6, rest
    assert 'Public Const PROJECT_NAME As String = "xlkpi"' in ours


def test_a_stranger_s_workbook_reaches_nothing_but_the_functions(project):
    """What is not private can be called by a formula in any workbook, of any sender, without a macro."""
    text = project["xlwings"].text
    open_to_cells = re.findall(
        r"^[ ]*(?!Private|Exit|End|')(?:Public )?(?:Declare (?:PtrSafe )?)?Function (\w+)", text, re.MULTILINE
    )
    assert open_to_cells == ["XLPy"]
    assert 'Optional source As String = "user") As Variant' in text  # no settings from a workbook or its folder
    assert text.count('GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "false")') == 2
    command = text[text.index("Function XLPyCommand()") : text.index("Private Sub XLPyLoadDLL()")]
    assert "ActiveWorkbook" not in command
    assert 'tail = " -P -B -c ""' in command  # no modules from the folder that Excel happens to be in
    assert "\r\nOption Private Module\r\n" in project["XlkpiCore"].text


def test_the_class_is_as_a_project_holds_it(project):
    module = project["Dictionary"]
    quickstart = VBA_Parser("quickstart_addin.xlam", data=(XLWINGS / "quickstart_addin.xlam").read_bytes())
    theirs = {name: text for _, _, name, text in quickstart.extract_macros()}["Dictionary.cls"]
    quickstart.close()
    assert module.kind == CLASS
    assert module.text.lower() == as_vba(theirs).lower()  # but for how the editor happened to write Err


def spec(folder: Path) -> SimpleNamespace:
    return SimpleNamespace(origin=str(folder / "__init__.py"))


def test_the_add_in_is_bound_to_the_installed_xlwings(monkeypatch, tmp_path, functions):
    assert importlib.metadata.version("xlwings") == classic.xlwings_version()
    (tmp_path / "addin").mkdir()
    (tmp_path / "addin" / "Dictionary.cls").write_text((XLWINGS / "addin" / "Dictionary.cls").read_text("cp1252"))
    (tmp_path / "xlwings_custom_addin.bas").write_text(INSTALLED_VBA.replace(classic.xlwings_version(), "0.99.1"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec(tmp_path))
    assert classic.xlwings_version() == "0.99.1"
    assert "xlwings64-0.99.1.dll" in classic.modules(functions)[2].text


def test_without_a_usable_xlwings_the_shipped_copy_serves(monkeypatch, tmp_path, catalogue):
    shipped = re.search(r"'Version: (\S+)", (classic._SHIPPED / "xlwings_custom_addin.bas").read_text())[1]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    without = classic.build_xlam(catalogue)
    assert classic.xlwings_version() == shipped
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec(tmp_path))  # an xlwings without the files
    assert classic.build_xlam(catalogue) == without
    (tmp_path / "addin").mkdir()
    (tmp_path / "addin" / "Dictionary.cls").write_text("Attribute VB_Name")
    (tmp_path / "xlwings_custom_addin.bas").write_text(INSTALLED_VBA.replace('"ADD_WORKBOOK_TO_PYTHONPATH"', '"ELSE"'))
    assert classic.build_xlam(catalogue) == without  # one whose VBA is not as expected


def test_every_name_that_would_clash_is_refused_when_a_file_is_checked(project):
    others = [module.text for module in project.values() if module.name != "XlkpiFunctions"]
    assert {"TIMER", "MSGBOX", "GETCONFIG"} <= names_used(others)
    assert [name for name in sorted(names_used(others)) if refuse_function(name) is None] == []


# The VBA, run by LibreOffice

# In place of xlwings: a "Python" that gives canned answers, fails when told to, and counts how often it was started.
STAND_IN = """\
Attribute VB_Name = "xlwings"
Option Explicit
Public breaks As Long, starts As Long, refused As Boolean, records As String, isAddin As Boolean, hides As Boolean
Public menus As Long

Public Function XLPy() As Object
    starts = starts + 1
    If refused Then Err.Raise 1000, , "no Python here"
    Set XLPy = New Dictionary
End Function
Public Function Started() As Long
    Started = starts
End Function
Public Sub BreakOnce()
    breaks = 1
End Sub
Public Sub BreakAndRefuse()
    breaks = 1
    refused = True
End Sub
Public Function DescribedWhileHidden() As String
    isAddin = True
    hides = True
    records = ""
    XlkpiDescribe
    DescribedWhileHidden = isAddin & records
End Function
Public Function DescribedInPortuguese() As String
    menus = 1046
    records = ""
    XlkpiDescribe
    DescribedInPortuguese = records
End Function
Public Function DescribedFirst() As String
    Dim number As Variant
    For Each number In Array(1033, 2070, 3084, 2058, 1031)
        menus = number
        records = ""
        XlkpiDescribe
        DescribedFirst = DescribedFirst & vbLf & Split(records, "|")(1)
    Next number
End Function
Public Sub StandInOptions(Macro, Description, Category, Optional HelpFile, Optional ArgumentDescriptions)
    Dim joined As String
    If isAddin And hides Then Err.Raise 1004, , "Cannot edit a macro on a hidden workbook."
    joined = Macro & "|" & Description & "|" & Category & "|"
    If Not IsMissing(HelpFile) Then joined = joined & HelpFile
    If Not IsMissing(ArgumentDescriptions) Then joined = joined & "|" & Join(ArgumentDescriptions, "|")
    records = records & vbLf & joined
End Sub
"""
PYTHON = """\
Attribute VB_Name = "Dictionary"
Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"
Option Explicit
Public Function CallUDF(module As Variant, functionName As Variant, arguments As Variant, book As Variant, caller As Variant) As Variant
    Dim rows(0 To 1, 0 To 2) As Variant
    If breaks > 0 Then
        breaks = breaks - 1
        Err.Raise 462, , "The remote server is gone"
    End If
    If module <> "xlkpi_functions" Then Err.Raise 1001, , "not our module"
    Select Case functionName
    Case "css"
        CallUDF = arguments(0) / arguments(1) * 100
    Case "kpiband"
        CallUDF = UBound(arguments) & TypeName(arguments(2)) & IsMissing(arguments(3))
    Case "kpilist"
        rows(0, 0) = 1.5
        rows(0, 1) = "#N/A"
        rows(0, 2) = "text"
        rows(1, 0) = "#NULL!"
        rows(1, 1) = "#NAME?"
        rows(1, 2) = ""
        CallUDF = rows
    Case "kpihelp"
        CallUDF = Array(2, "#NUM!")
    Case "nps"
        CallUDF = "#DIV/0!"
    Case "scr"
        CallUDF = "#REF!"
    Case "crr"
        CallUDF = "#VALUE!"
    Case "xlkpiversion"
        CallUDF = "1.2.3"
    Case Else
        Err.Raise 1001, , "a secret of Python"
    End Select
End Function
"""
REPLACED = {
    "Application.MacroOptions ": "StandInOptions ",
    "ThisWorkbook.IsAddin": "xlwings.isAddin",
    "Application.LanguageSettings.LanguageID(2)": "xlwings.menus",
}
FORMULAS = {
    "A1": "=CSS(85;100)",
    "A2": "=CSS(F1;F2)",
    "A3": "=KPIBAND(\"a\";\"b\";1)",
    "A4": "=KPIBAND(\"a\";\"b\";F1)",
    "A5": "=NPS(1;2)",
    "A6": "=SCR(1;2)",
    "A7": "=CRR(1;2;3)",
    "A8": "=XLKPIVERSION()",
    "A9": "=ART(1;2)",
    "F1": "30",
    "F2": "40",
}  # fmt: skip
RESTART = {"A1": "=CSS(1;4)"}
STEPS = [
    ["put", FORMULAS],
    ["array", {"B1:D2": "=KPILIST()", "B3:C3": "=KPIHELP(\"CSS\")"}],
    ["read", [*FORMULAS, "B1", "C1", "D1", "B2", "C2", "D2", "B3", "C3"]],
    ["macro", "XlkpiCore.XlkpiProblem"],
    ["put", {"A9": ""}],
    ["macro", "xlwings.Started"],
    ["macro", "xlwings.BreakOnce"],
    ["put", RESTART],
    ["read", ["A1"]],
    ["macro", "xlwings.Started"],
    ["macro", "xlwings.BreakAndRefuse"],
    ["put", {f"H{row}": "=CSS(1;2)" for row in range(1, 9)}],
    ["read", [f"H{row}" for row in range(1, 9)]],
    ["macro", "xlwings.Started"],
    ["macro", "xlwings.DescribedInPortuguese"],
    ["macro", "xlwings.DescribedWhileHidden"],
    ["macro", "xlwings.DescribedFirst"],
]  # fmt: skip


def described(functions: list[CellFunction]) -> list[list[str]]:
    """What is on the twin's sheet: with and without an address, with and without arguments."""
    rows = classic.help_rows(functions, "https://x.org/{function}#{language}")
    for row in rows[1::7]:
        row[3] = ""
    return [*rows, ["NOTHING", "pt", "takes nothing", ""]]


@pytest.fixture(scope="module")
def calculated(project, functions, tmp_path_factory) -> list:
    """What the steps gave in LibreOffice, with the workbook's own macros."""
    found = find_libreoffice()
    if found is None:
        pytest.skip("LibreOffice with its Python bridge (python3-uno) is not on this machine")
    help_text = project["XlkpiHelp"].text
    for old, new in REPLACED.items():
        assert old in help_text
        help_text = help_text.replace(old, new)
    twin = project | {
        "xlwings": Module("xlwings", STANDARD, as_vba(STAND_IN)),
        "Dictionary": Module("Dictionary", CLASS, as_vba(PYTHON)),
        "XlkpiHelp": Module("XlkpiHelp", STANDARD, help_text),
    }
    path = tmp_path_factory.mktemp("classic") / "twin.xlsm"
    path.write_bytes(packaged(list(twin.values()), "help", described(functions), "sheet"))
    python, soffice = found
    command = [python, str(HERE / "classic_bridge.py"), soffice, str(path)]
    result = subprocess.run(command, input=json.dumps(STEPS), capture_output=True, text=True, timeout=180)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def error(number: int) -> str:
    """How LibreOffice shows what VBA's CVErr makes: as a text, with the number that Excel knows."""
    return f"Error {number}"


@pytest.mark.libreoffice
def test_cells_get_numbers_texts_and_errors(calculated):
    cells = dict(zip(STEPS[2][1], calculated[2], strict=True))
    assert [cells[name][1] for name in ("A1", "A2", "B1", "B3")] == [85, 75, 1.5, 2]
    assert all(cells[name][3] for name in ("A1", "A2"))
    assert cells["A3"][0] == "4DoubleTrue"  # five arguments; the third a number, the fourth left out
    assert cells["A4"][0] == "4RangeTrue"  # the third as a range, not as its value
    assert [cells[name][0] for name in ("A5", "A6", "A7")] == [error(2007), error(2023), error(2015)]
    assert cells["A8"][0] == "1.2.3"
    assert [cells[name][0] for name in ("C1", "D1", "B2", "C2", "D2", "C3")] == [error(2042), "text", error(2000), error(2029), "", error(2036)]  # fmt: skip


@pytest.mark.libreoffice
def test_a_failure_is_an_error_and_its_text_is_kept_for_people(calculated):
    assert dict(zip(STEPS[2][1], calculated[2], strict=True))["A9"][0] == error(2015)
    assert calculated[3] == "ART: a secret of Python"


@pytest.mark.libreoffice
def test_python_is_started_once_and_again_when_it_has_ended(calculated):
    before, restarted, after = calculated[5], calculated[8], calculated[9]
    assert restarted[0][1] == 25
    assert after == before + 1
    assert before <= 3, "once, and anew after each call that failed"
    assert [cell[0] for cell in calculated[12]] == [error(2015)] * 8
    assert calculated[13] == after + 1, "one try for eight cells"


@pytest.mark.libreoffice
def test_every_function_is_described_in_the_language_of_excel(calculated, functions):
    found = [line.split("|") for line in calculated[14].strip("\n").split("\n")]
    rows = [row for row in described(functions) if row[1] == "pt"]
    assert found == [
        ["'twin.xlsm'!" + name, about, "KPI", link, *arguments] for name, _, about, link, *arguments in rows
    ]
    assert len(found) == len(functions) + 1
    assert {(bool(row[3]), bool(row[4:])) for row in found} == {
        (False, False),
        (False, True),
        (True, False),
        (True, True),
    }


@pytest.mark.libreoffice
def test_descriptions_are_tried_again_where_a_hidden_workbook_refuses_them(calculated):
    is_addin, _, records = calculated[15].partition("\n")
    assert is_addin == "True"
    assert records == calculated[14].strip("\n") != ""


@pytest.mark.libreoffice
def test_a_language_that_is_not_ours_gets_english(calculated, functions):
    """Menus in English, Portuguese of Portugal, French of Canada, Spanish of Mexico, German."""
    helped = functions[0].help
    assert calculated[16].strip("\n").split("\n") == [helped.get_in(each) for each in ("en", "pt", "fr", "es", "en")]
