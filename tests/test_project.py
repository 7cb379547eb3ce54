"""The project itself: imports in one direction, generated files current, the wheel complete."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import xlkpi
from xlkpi.catalogue import check, load
from xlkpi.generate import sources

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "xlkpi"
# Each may import those before it; the core, all before "functions", stands on the standard library alone.
CORE = [
    "errors", "names", "files", "bounds", "tree", "formula", "units", "notation", "policy", "guards", "arrays", "texts", "model",
    "used", "series", "lines", "slips", "shape", "wrong", "document", "section", "judging", "renamed", "reading", "measuring",
    "doubting", "rules", "building", "shipped", "own", "project", "carried", "catalogue", "schema", "wording", "lambdas", "cells",
    "companions", "pack", "inversion",
    "reach", "levers", "excel_levers", "intervals", "chosen", "checking", "logged",
]  # fmt: skip
ORDER = [
    *CORE,
    "whole",
    "functions",
    "generate",
    "udf",
    "typed",
    "present",
    "toml_text",
    "borrowing",
    "new",
    "addin",
    "workbook",
    "cli_common",
    "cli_files",
    "cli_addin",
    "cli_new",
    "cli_schema",
    "cli_workbook",
    "cli_upgrade",
    "cli",
]
BACKWARD = {
    # only when a constant such as 9**9**9 is folded while a formula is read
    ("formula", "notation"),
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
        elif isinstance(node, ast.ImportFrom):
            inside = len(path.relative_to(PACKAGE).parts) - node.level
            if inside < 0 or (inside == 0 and node.module):
                found.add("." + (node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path):
    name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if name in ("__init__", "__main__"):
        return
    allowed = {*sys.stdlib_module_names, *("." + other for other in ORDER[: ORDER.index(name)]), "."}
    allowed |= {"." + other for own, other in BACKWARD if own == name}
    if name == "workbook":
        allowed |= {"openpyxl"}
    if name == "udf":
        allowed |= {"xlwings"}
    if name.startswith("cli"):
        allowed |= {"click"}
    assert imports(path) <= allowed, imports(path) - allowed


def test_the_core_loads_without_anything_installed():
    script = (
        "from xlkpi import functions, load; assert load().functions['CSS'](85, 100) == functions.CSS(85, 100) == 85"
    )
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {script}"],
        check=True,
    )


def test_functions_do_not_read_the_catalogue():
    script = "import sys; from xlkpi import functions; functions.CSS(85, 100); sys.exit('tomllib' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("name", ["functions.py", "functions.pyi"])
def test_generated_files_are_current(catalogue, name):
    assert (PACKAGE / name).read_text("utf-8") == sources(catalogue)[name], 'run "python -m xlkpi.generate"'


def test_the_package_is_typed_for_those_who_use_it(tmp_path):
    use = tmp_path / "use.py"
    use.write_text(
        "from typing import Any, assert_type\n\n"
        "import xlkpi\nfrom xlkpi import functions\n\n"
        "assert_type(functions.CSS(85, 100), float)\n"
        "assert_type(functions.CSS([85, 90], 100), list[Any])\n"
        "assert_type(functions.CSSMEAN([9, 8], [1, 2]), float)\n"
        'assert_type(xlkpi.load().verticals["career-mentoring"].id, str)\n'
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(use)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stdout
    use.write_text('from xlkpi import functions\n\nfunctions.CSS("a", 100)\nfunctions.CSS(85)\nfunctions.CSZ(1)\n')
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert result.stdout.count("error:") >= 3


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_linters_have_nothing_to_say(command):
    result = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]


def test_no_module_is_too_long_to_see_at_once():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 350 and path.name != "functions.py"
    }
    assert not long


def test_the_readme_says_the_truth(catalogue):
    text = (ROOT / "README.md").read_text("utf-8")
    for vertical in catalogue.verticals:
        assert vertical in text
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
        assert (ROOT / picture).exists()
    commands = re.findall(r"^xlkpi calc (.+?)\s{2,}# (\S+)$", text, re.MULTILINE)
    assert len(commands) >= 3
    for arguments, printed in commands:
        result = subprocess.run(
            f"{sys.executable} -m xlkpi.cli calc {arguments}", shell=True, capture_output=True, text=True
        )
        assert result.stdout.strip() == printed


def test_the_own_file_of_the_readme_passes_and_builds(tmp_path):
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"<!-- own file -->\n```toml\n(.*?)```", text, re.DOTALL)[1]
    path = tmp_path / "tea-shop.toml"
    path.write_text(block, "utf-8")
    problems = [str(problem) for problem in check(path)]
    assert len(problems) == 1, problems
    assert "no text in pt, fr, es" in problems[0]
    assert load(path).verticals["tea-shop"].kpis["cup_rate"](30, 40) == 75


def test_the_python_of_the_readme_gives_what_it_says():
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]
    space: dict[str, object] = {}
    shown = 0
    for line in block.splitlines():
        code, _, says = line.partition("  #")
        if not says:
            exec(code, space)
            continue
        value = repr(eval(code, space))
        expected = says.strip().split(", the distance")[0].replace(" ...)", "")
        assert value.replace(", 'These inputs cannot be: satisfied_clients <= surveyed_clients must hold.')", ",)") == (
            expected if "..." not in says else expected.replace(",]", ",)]")
        )
        shown += 1
    assert shown == 4


def test_the_changelog_and_the_version():
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.fullmatch(r"\d+\.\d+\.\d+", xlkpi.__version__)


@pytest.mark.wheel
def test_the_wheel_builds_a_workbook_in_an_empty_environment(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {
        "xlkpi/data/functions.toml",
        "xlkpi/data/ui.toml",
        "xlkpi/py.typed",
        "xlkpi/functions.pyi",
    } <= set(names)
    assert not [name for name in names if name.startswith(("tests", "udfs", "workbook_templates"))]
    venv.create(tmp_path / "env", with_pip=True)
    python = next(path for path in (tmp_path / "env").rglob("python*") if path.name in ("python", "python.exe"))
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    site = next((tmp_path / "env").rglob("site-packages"))
    # The two run-time dependencies, and what they need, come from this environment; nothing else does.
    for module in ("click", "openpyxl", "et_xmlfile"):
        (site / module).symlink_to(Path(__import__(module).__file__).parent)
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [
        str(python),
        "-I",
        "-m",
        "xlkpi.cli",
        "build",
        "career-mentoring",
        "--out",
        str(tmp_path / "out"),
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, env=env)
    assert len(list((tmp_path / "out").glob("*.xlsx"))) == 4
    where = [str(python), "-I", "-c", "import xlkpi; print(xlkpi.__file__)"]
    assert str(site) in subprocess.run(where, check=True, capture_output=True, text=True, env=env).stdout


def test_the_build_back_end_is_declared():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert settings["build-system"]["build-backend"] == "hatchling.build"
    assert settings["project"]["license"] == "MIT"
