"""The tutorial does what it says: each command, change and answer of it, in its order, in an empty folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "new-line-of-business.md").read_text("utf-8")
BLOCK = re.compile(r"<!-- (\w+) -->\n```(?:toml)?\n(.*?)```", re.DOTALL)
FILE = "podcast-editing.toml"


def blocks(text: str) -> list[tuple[str, str]]:
    return [(match[1], match[2]) for match in BLOCK.finditer(text)]


def steps(block: str) -> list[tuple[str, str]]:
    """Each command of a block with the answer that is printed below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == "", "a block that is run begins with a command"
    return list(zip(parts[1::2], parts[2::2], strict=True))


class Reader:
    """Someone who does what a tutorial says, and nothing else."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        path = os.pathsep.join([str(programs), os.environ["PATH"]])
        self.environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}

    def follow(self, kind: str, block: str, after: str) -> None:
        if kind == "run":
            for command, answer in steps(block):
                assert self.run(command) == answer, command
        elif kind == "shown":
            assert block in self.file
        elif kind == "replace":
            assert self.file.count(block) == 1, f"this is not there once:\n{block}"
            self.file = self.file.replace(block, after)
        elif kind == "add":
            self.file += block
        else:
            assert kind in ("install", "by"), kind

    def run(self, command: str) -> str:
        if command.startswith("cd "):
            self.folder = self.folder / command.removeprefix("cd ")
            assert self.folder.is_dir()
            return ""
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8", timeout=120,
        )  # fmt: skip
        return done.stdout

    @property
    def file(self) -> str:
        return (self.folder / FILE).read_text("utf-8")

    @file.setter
    def file(self, text: str) -> None:
        (self.folder / FILE).write_text(text, "utf-8")


@pytest.mark.skipif(os.name == "nt", reason="the tutorial's commands are those of a Unix shell")
def test_each_step_of_the_tutorial_does_what_it_says(tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "xlkpi"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xlkpi.cli "$@"\n')
    program.chmod(0o755)
    (tmp_path / "empty").mkdir()
    reader = Reader(tmp_path / "empty", programs)
    assert shutil.which("xlkpi", path=reader.environment["PATH"]) == str(program)
    found = blocks(TEXT)
    kinds = [kind for kind, _ in found]
    assert {"install", "run", "shown", "replace", "by", "add"} == set(kinds)
    assert all(kinds[place + 1] == "by" for place, kind in enumerate(kinds) if kind == "replace")
    # In a text that is a part of a line, the line goes on behind it.
    for place, (kind, block) in enumerate(found):
        after = found[place + 1][1] if kind == "replace" else ""
        part = kind == "replace" and block not in reader.file
        reader.follow(kind, block.rstrip("\n") if part else block, after.rstrip("\n") if part else after)
    built = openpyxl.load_workbook(reader.folder / "workbooks" / "podcast-editing.en.xlsx", read_only=True)
    said = {cell for row in built["KPIs"].iter_rows(values_only=True) for cell in row}
    assert {"Editing hours per episode", "Customer satisfaction score"} <= said
    built.close()


def test_no_block_of_the_tutorial_is_left_out():
    assert TEXT.count("```") == 2 * len(blocks(TEXT))


def test_the_tutorial_installs_as_the_readme_does():
    readme = (ROOT / "README.md").read_text("utf-8")
    command = re.search(r"<!-- build command -->\n```\n(.*?)\n```", readme, re.DOTALL)[1]
    block = dict(blocks(TEXT))["install"]
    assert block.splitlines()[0] == command
