"""``xlkpi addin build``: one folder with all three ways into Excel, and its output kept in the repository."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import xlkpi
from xlkpi.addin.build import addin_files
from xlkpi.catalogue import load
from xlkpi.cli import main
from xlkpi.companions import cell_functions

ROOT = Path(__file__).parent.parent
UDFS = ROOT / "udfs"


def run(*arguments: object) -> object:
    return CliRunner().invoke(main, ["addin", "build", *map(str, arguments)])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_folder_in_the_repository_is_current():
    expected = addin_files(load())
    found = contents(UDFS)
    assert set(found) - set(expected) == {"CHECKLIST.md"}
    stale = [path for path, data in expected.items() if found.get(path) != data]
    assert not stale, 'run "xlkpi addin build --out udfs"'


def test_it_writes_everything_and_says_so(tmp_path):
    result = run("--out", tmp_path / "mine")
    assert result.exit_code == 0, result.output
    assert contents(tmp_path / "mine") == addin_files(load())
    for path in ("classic/xlkpi.xlam", "lite/main.py", "server/.env", "README.md"):
        assert str(tmp_path / "mine" / path) in result.output


def test_the_three_ways_run_the_same_file():
    files = addin_files(load())
    assert files["lite/main.py"] == files["classic/xlkpi_functions.py"] == files["server/custom_functions/functions.py"]


def test_a_licence_key_that_was_filled_in_is_kept(tmp_path):
    run("--out", tmp_path)
    settings = tmp_path / "server" / ".env"
    settings.write_text('XLWINGS_LICENSE_KEY="mine"\n', "utf-8")
    result = run("--out", tmp_path)
    assert result.exit_code == 0
    assert settings.read_text("utf-8") == 'XLWINGS_LICENSE_KEY="mine"\n'
    assert "(kept: it is yours)" in result.output


def test_other_files_of_the_folder_stay(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    run("--out", tmp_path)
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"


def test_a_users_own_file_adds_its_functions_to_all_three(tmp_path):
    readme = (ROOT / "README.md").read_text("utf-8")
    path = tmp_path / "tea-shop.toml"
    path.write_text(re.search(r"<!-- own file -->\n```toml\n(.*?)```", readme, re.DOTALL)[1], "utf-8")
    result = run("--out", tmp_path / "out", "--catalogue", path, "--lang", "fr")
    assert result.exit_code == 0, result.output
    code = (tmp_path / "out" / "lite" / "main.py").read_text("utf-8")
    assert '"TEARATE"' in code
    assert (tmp_path / "out" / "server" / "custom_functions" / "functions.py").read_text("utf-8") == code
    with zipfile.ZipFile(tmp_path / "out" / "classic" / "xlkpi.xlam") as archive:
        assert any(
            b"TEARATE" in archive.read(name) for name in archive.namelist() if "sheet" in name or "shared" in name
        )
    script = "import xlkpi_functions as f; print(f.tearate([[30]], [[40]]), f.css.__doc__)"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path / "out" / "classic",
        env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert found.stdout.startswith("[[75.0]] Score de satisfaction")


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda text: text.replace("TEARATE", "SOMME"), "in French"),
        (lambda text: text.replace("sold_cups / made_cups", "sold_cups / "), "formula"),
    ],
)
def test_a_broken_file_is_told_and_nothing_is_written(tmp_path, spoil, words):
    readme = (ROOT / "README.md").read_text("utf-8")
    path = tmp_path / "tea-shop.toml"
    path.write_text(spoil(re.search(r"<!-- own file -->\n```toml\n(.*?)```", readme, re.DOTALL)[1]), "utf-8")
    result = run("--out", tmp_path / "out", "--catalogue", path)
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "out").write_text("a file", "utf-8")
    result = run("--out", tmp_path / "out" / "deeper")
    assert result.exit_code == 1
    assert "cannot be written" in result.output
    assert "Traceback" not in result.output


def test_the_help_link_reaches_all_three(tmp_path):
    result = run("--out", tmp_path, "--help-url", "https://example.org/{language}/{function}")
    assert result.exit_code == 0
    assert "https://example.org/{language}/{function}" in (tmp_path / "lite" / "main.py").read_text("utf-8")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "classic" / "xlkpi.xlam").read_bytes())) as archive:
        assert any(b"https://example.org/pt/css" in archive.read(name) for name in archive.namelist())


def test_it_works_without_xlwings(tmp_path):
    """The wheel brings all that is needed; only running the functions needs xlwings."""
    script = (
        "import sys; sys.modules['xlwings'] = None\n"
        "from importlib import util; found = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'xlwings' else found(name, *rest)\n"
        f"sys.argv = ['xlkpi', 'addin', 'build', '--out', {str(tmp_path)!r}]\n"
        "from xlkpi.cli import main; main()"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert contents(tmp_path) == addin_files(load())


def test_the_readme_of_the_folder_says_the_truth():
    text = (UDFS / "README.md").read_text("utf-8")
    assert xlkpi.__version__ in text
    assert "noncommercial" in text
    for name in re.findall(r"`=([A-Z]+)\(", text):
        assert name in {each.name for each in cell_functions(load())}
    for path in re.findall(r"`((?:lite|classic|server)/[^`]+)`", text):
        assert (UDFS / path).exists(), path
    checklist = (UDFS / "CHECKLIST.md").read_text("utf-8")
    steps = [int(number) for number in re.findall(r"^(\d+)\. ", checklist, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))


@pytest.mark.parametrize(
    "address",
    ["https://example.org/{page}", "javascript:alert(1)", "file:///etc/passwd", "example.org/x", "https://", "{function}",
     "https://example.org/{function.x}", "https://example.org/{function!r}", "https://a b", 'https://a"b', "https://{0}"],
)  # fmt: skip
def test_an_address_of_help_that_is_none_is_refused(address, tmp_path):
    result = run("--out", tmp_path / "out", "--help-url", address)
    assert result.exit_code == 2
    assert address in result.output
    assert "https://example.org/{language}/{function}" in result.output
    assert not (tmp_path / "out").exists()


def test_everybody_may_read_the_files(tmp_path):
    run("--out", tmp_path)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()} == {0o644}


def test_the_folder_is_called_excel_where_nobody_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["addin", "build"]).exit_code == 0
    assert (tmp_path / "excel" / "lite" / "main.py").exists()
    done = subprocess.run([sys.executable, "-m", "xlkpi", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("xlkpi ")
