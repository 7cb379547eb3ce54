"""xlwings Lite: the file that stands alone, and the workbooks that carry it, in real Pyodide."""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xlwings
from host_table import CALLS, mismatches
from test_udf import as_sent, plain

import xlkpi
from xlkpi.addin.bundle import bundle
from xlkpi.catalogue import load
from xlkpi.companions import cell_functions
from xlkpi.pack import packed, packed_tree, unpacked, unpacked_tree
from xlkpi.workbook import build

NODE = Path(__file__).with_name("node")
README = Path(__file__).parent.parent / "README.md"
PYODIDES = {"0.27.5": "pyodide-0.27", "314.0.7": "pyodide"}  # what Lite wrote for long, and what it writes now
_WEB = "{http://schemas.microsoft.com/office/webextensions/webextension/2010/11}"


def settings(data: bytes) -> dict[str, str]:
    """What a workbook carries for xlwings Lite, read as Office does: XML, then JSON."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("xl/webextensions/webextension1.xml"))
    return {each.get("name"): json.loads(each.get("value")) for each in root.iter(f"{_WEB}property")}


def run_as_lite_does(code: str, name: str = "main_of_a_test") -> object:
    """The text is run before the module is known by its name."""
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader=None))
    exec(code, module.__dict__)
    return module


@pytest.fixture(scope="module")
def code() -> str:
    return bundle(load())


def test_the_file_imports_xlwings_and_the_standard_library_alone(code):
    roots = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            roots.add(node.module.split(".")[0])
    assert roots - set(sys.stdlib_module_names) == {"xlwings"}


def test_the_file_answers_alone_as_the_package_does(code):
    module = run_as_lite_does(code)
    assert not mismatches([getattr(module, each.name)(*each.arguments) for each in CALLS])


def test_the_file_needs_nothing_of_the_package(code, tmp_path):
    (tmp_path / "main.py").write_text(code, "utf-8")
    script = "import main, sys; assert main.css([[85]], [[100]]) == [[85.0]]; sys.exit(any('xlkpi' in m for m in sys.modules))"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path)


def test_the_file_is_short_enough_to_be_read_and_carried(code):
    assert len(code.encode()) < 135_000
    assert max(map(len, code.split("_CATALOGUE = ")[0].splitlines())) <= 124


def test_the_file_holds_no_second_copy_of_a_formula(code):
    """Formulas stand in the data as trees, which the catalogue made; the code knows none."""
    text = code.split("_CATALOGUE = ")[0]
    assert "satisfied_clients / surveyed" not in text
    assert not re.search(r"\bend_clients\b", text)


def test_the_help_is_in_the_language_asked_for():
    module = run_as_lite_does(bundle(load(), "pt", "https://example.org/{function}?lang={language}"), "main_pt")
    assert module.css.__doc__.startswith("Índice de satisfação")


def test_a_users_own_functions_are_in_the_file(tmp_path):
    path = tea_shop(tmp_path)
    module = run_as_lite_does(bundle(load(path)), "main_tea")
    assert module.tearate([[30]], [[40]]) == [[75.0]]
    assert module.tearate([[50]], [[40]]) == [["#NUM!"]]
    assert module.kpiband("tea-shop", "TEARATE", [[75]]) == [["Above average"]]
    assert module.kpihelp("TEARATE")[-1][-1] == 75


def tea_shop(folder: Path, *changes: tuple[str, str]) -> Path:
    """The README's own file of a user, changed."""
    text = re.search(r"<!-- own file -->\n```toml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)[1]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "tea-shop.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "name", ["CHAIN", "KINDS", "BULK", "RANGES", "FSUM", "ISFINITE", "DOMAIN", "WALK", "INSPECT", "JSON"]
)
def test_a_users_function_cannot_take_the_place_of_anything_in_the_file(name, tmp_path):
    """The core stands in a namespace of its own; what of Python's own it needs is refused as a name."""
    module = run_as_lite_does(bundle(load(tea_shop(tmp_path, ("TEARATE", name)))), f"main_{name}")
    assert not mismatches([getattr(module, each.name)(*each.arguments) for each in CALLS])
    assert getattr(module, name.lower())([[30]], [[40]]) == [[75.0]]


NASTY = [
    "{a},",
    '""" "',
    '"',
    "a\\",
    "\U0001f375, \u00e9",
    "+SUM(1)",
    "{0} {x}",
    "'''",
    "}},",
    "},",
    '\\"""\\',
    "</a>&<b",
]


@pytest.mark.parametrize("text", NASTY)
def test_whatever_a_text_holds_comes_back(text, tmp_path):
    written = text.replace("\\", "\\\\").replace('"', '\\"')
    path = tea_shop(
        tmp_path, ("Cups sold as a share of cups made, in percent.", written), ("Share of cups sold", written)
    )
    catalogue = load(path)
    module = run_as_lite_does(bundle(catalogue), "main_text")
    assert module.kpihelp("TEARATE")[0][1] == text
    assert module.kpilist("tea-shop")[1][1] == text
    assert module.tearate([[30]], [[40]]) == [[75.0]]
    data = build(catalogue, catalogue.verticals["tea-shop"], host="lite")
    assert settings(data)["main.py"] == bundle(catalogue)


def test_companions_answer_in_the_language_of_the_file_where_none_is_asked_for():
    module = run_as_lite_does(bundle(load(), "fr"), "main_fr")
    assert module.kpiband("remote-career-coaching", "CSS", 85) == [["Typique"]]
    assert module.kpiband("remote-career-coaching", "CSS", 85, None, "en") == [["Typical"]]
    assert module.kpilist()[0][0] == "Fonction"


def test_what_is_packed_comes_back(catalogue):
    again = unpacked(json.loads(json.dumps(packed(catalogue))))
    assert [each.name for each in cell_functions(again)] == [each.name for each in cell_functions(catalogue)]
    for name, function in catalogue.functions.items():
        assert again.functions[name].formula == function.formula
        assert again.functions[name].rule == function.rule
        assert unpacked_tree(json.loads(json.dumps(packed_tree(function.formula)))) == function.formula
    for name, vertical in catalogue.verticals.items():
        for kpi in vertical.kpis.values():
            assert again.verticals[name].kpis[kpi.id].bands == kpi.bands
            assert list(again.verticals[name].kpis[kpi.id].segments) == list(kpi.segments)


@pytest.mark.parametrize("language", ["en", "pt"])
def test_a_workbook_carries_the_code_where_lite_looks_for_it(catalogue, language):
    vertical = catalogue.verticals["remote-resume-writing"]
    data = build(catalogue, vertical, language, sample=True, host="lite")
    found = settings(data)
    assert found["main.py"] == bundle(catalogue, language)
    assert found["requirements.txt"].split() == ["xlwings"]
    assert set(found) == {"main.py", "requirements.txt", "pyodideVersion"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names, types = set(archive.namelist()), archive.read("[Content_Types].xml").decode()
        rels = archive.read("_rels/.rels").decode()
        web = archive.read("xl/webextensions/webextension1.xml").decode()
    for part in ("xl/webextensions/taskpanes.xml", "xl/webextensions/webextension1.xml", "xl/metadata.xml"):
        assert part in names
        assert f'PartName="/{part}"' in types
    assert "webextensiontaskpanes" in rels
    assert "_xldudf_CSS<" in web
    assert 'id="wa200008175"' in web


def test_plain_workbooks_carry_no_code(catalogue):
    data = build(catalogue, catalogue.verticals["career-mentoring"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "webextension" in name]


def xlwings_archive(folder: Path) -> Path:
    """The Python files of the installed xlwings, as they would be in a wheel for Pyodide."""
    home, target = Path(xlwings.__file__).parent, folder / "xlwings.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path in home.rglob("*.py"):
            archive.write(path, path.relative_to(home.parent))
    return target


@pytest.mark.node
@pytest.mark.parametrize("version", PYODIDES)
def test_the_code_of_a_built_workbook_answers_in_pyodide(catalogue, version, tmp_path):
    pyodide = NODE / "node_modules" / PYODIDES[version]
    if shutil.which("node") is None or not pyodide.exists():
        pytest.skip("Node or its packages are missing: npm install --prefix tests/node")
    data = build(catalogue, catalogue.verticals["remote-career-coaching"], "en", host="lite")
    main = tmp_path / "main.py"
    main.write_text(settings(data)["main.py"], "utf-8")
    calls = [
        {"name": each.name, "args": [rows and [[as_sent(c) for c in row] for row in rows] for rows in each.arguments]}
        for each in CALLS
    ]
    request = tmp_path / "request.json"
    archive = xlwings_archive(tmp_path)
    request.write_text(
        json.dumps({"pyodide": str(pyodide), "xlwings": str(archive), "main": str(main), "calls": calls})
    )
    command = ["node", str(NODE / "pyodide_lite.mjs"), str(request)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert result.returncode == 0, result.stderr[-3000:]
    found = json.loads(result.stdout.splitlines()[-1])
    assert not mismatches([[[plain(cell) for cell in row] for row in each] for each in found["answers"]])
    assert not found["refused"], "nothing is fetched"
    names = {each["name"]: each for each in found["meta"]["functions"]}
    assert set(names) == {each.name for each in cell_functions(xlkpi.load())}
    assert names["CSS"]["description"].startswith("Customer satisfaction score")
