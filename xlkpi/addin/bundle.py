"""Make one Python file of the core, a catalogue and the functions: it imports xlwings alone.

The same file serves the three homes: as ``main.py`` in xlwings Lite, in the project of xlwings Server, and
beside the classic add-in. Its parts are taken over from this package as they stand, each only if something
in the file needs it; nothing is written a second time.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .. import __version__
from ..model import Catalogue
from ..pack import packed

# In the order of their imports; each may use those before it.
MODULES = (
    "errors", "names", "tree", "units", "notation", "policy", "arrays", "texts", "model", "wording", "cells",
    "companions", "pack", "udf",
)  # fmt: skip
_PACKAGE = Path(__file__).parent.parent
_ENTRY = (("udf", "register"), ("pack", "unpacked"))
REQUIREMENTS = "xlwings\n"  # what the file needs beside the standard library, as pip reads it
_VERSION = "__version__"
_WIDTH = 120
_FOR_TOOLS = re.compile(r"  # (type: ignore|noqa).*")
_HEAD = '''\
"""KPI functions for Excel: xlkpi {version}.

Made by "xlkpi addin build"; change the catalogue and make it anew rather than this file.
Type =KPILIST() in a cell for all functions and benchmarks, =KPIHELP("CSS") for one function.

MIT licence, Copyright (c) 2026 the xlkpi authors. The benchmarks come from five articles of 2024, which
name no source; take them as orientation.
"""

from __future__ import annotations

import json
import sys
import types

{version_name} = "{version}"

# Lite runs this text before it makes a module of it, and dataclasses look for theirs.
sys.modules.setdefault(__name__, types.ModuleType(__name__))


def _core():
    """Define all that the functions need where no function of yours can take its place, whatever its name."""
{imports}
'''
_TAIL = '''\
    return register, unpacked


# What the catalogue says: texts in four languages, formulas as trees, benchmark bands.
_CATALOGUE = json.loads(
    r"""
{data}
"""
)

_register, _unpacked = _core()
_register(globals(), _unpacked(_CATALOGUE), {language!r}, {help_url!r})
'''


class BundleError(Exception):
    """A module of the core is written in a way that one file cannot hold."""


@dataclass
class _Part:
    """A statement at the top of a module: its text, what it defines and what it uses."""

    text: str
    line: int
    defines: tuple[str, ...]
    uses: frozenset[str]


@dataclass
class _Module:
    """A module's statements, and where each name that it uses comes from."""

    name: str
    parts: list[_Part] = field(default_factory=list)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    standard: dict[str, str] = field(default_factory=dict)


def bundle(catalogue: Catalogue, language: str = "en", help_url: str = "") -> str:
    """Return the text of one Python file that registers every function of a catalogue.

    Args:
        catalogue: the functions, lines of business and texts.
        language: of the help that the host shows, and of answers where a cell asks for no language.
        help_url: address of each function's help; see :func:`xlkpi.udf.make`.

    Returns:
        The file's text: the same for the same catalogue, whatever the Python.

    Raises:
        BundleError: a module of the core cannot be taken over.

    >>> from xlkpi import load
    >>> "import xlwings" in bundle(load()) or "from xlwings import" in bundle(load())
    True
    """
    modules = {name: _read(name) for name in MODULES}
    wanted = _reachable(modules)
    imports: set[str] = set()
    texts: list[str] = []
    seen: dict[str, str] = {}
    for module in modules.values():
        for part in module.parts:
            if (module.name, part.line) not in wanted:
                continue
            for name in part.defines:
                if seen.setdefault(name, module.name) != module.name:
                    raise BundleError(f'"{name}" is defined in {seen[name]}.py and in {module.name}.py; rename one.')
            if any(line.count('"""') % 2 for line in part.text.splitlines()):
                raise BundleError(f"{module.name}.py:{part.line} has a text of several lines; moving it changes it.")
            imports |= {module.standard[name] for name in part.uses if name in module.standard}
            texts.append(textwrap.indent(part.text, "    "))
    names = textwrap.indent("\n".join(_sorted(imports)), "    ")
    head = _HEAD.format(version=__version__, version_name=_VERSION, imports=names)
    tail = _TAIL.format(data=_lines(packed(catalogue)), language=language, help_url=help_url)
    return re.sub(r"\n{4,}", "\n\n\n", "\n\n".join([head.rstrip(), *texts, tail]))


def _sorted(imports: set[str]) -> list[str]:
    """Join imports from the same module; the standard library comes first."""
    plain = sorted(line for line in imports if line.startswith("import"))
    homes: dict[str, list[str]] = {}
    for line in sorted(imports - set(plain)):
        home, name = line.split(" import ")
        homes.setdefault(home, []).append(name)
    joined = [_wrapped(home, names) for home, names in homes.items()]
    return [
        *plain,
        *(line for line in joined if "xlwings" not in line),
        *(line for line in joined if "xlwings" in line),
    ]


def _wrapped(home: str, names: list[str]) -> str:
    line = f"{home} import {', '.join(names)}"
    return line if len(line) <= _WIDTH else f"{home} import (\n    {', '.join(names)},\n)"


def _lines(data: Mapping[str, Mapping[str, object]]) -> str:
    """Write the data as JSON, each function, line of business and word on a line, so that an editor can show it.

    JSON never has three quotation marks in a row without a backslash, which would end a text of Python.
    """

    def dump(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    parts = []
    for name, members in data.items():
        lines = ",\n".join(f"{dump(key)}:{dump(value)}" for key, value in members.items())
        parts.append(f"{dump(name)}:{{\n{lines}\n}}")
    return f"{{{','.join(parts)}}}"


def _read(name: str) -> _Module:
    source = (_PACKAGE / f"{name}.py").read_text("utf-8")
    module, lines = _Module(name), source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom):
            _take_import(module, node)
        elif isinstance(node, ast.Import):
            module.standard |= {alias.asname or alias.name: f"import {alias.name}" for alias in node.names}
        elif not _is_docstring(node) and not _is_for_type_checkers(node):
            module.parts.append(_part(name, node, lines))
    return module


def _take_import(module: _Module, node: ast.ImportFrom) -> None:
    for alias in node.names:
        if alias.asname:
            raise BundleError(f"{module.name}.py:{node.lineno} renames {alias.name}; one file has one name for it.")
        if node.level == 0 and node.module != "__future__":
            module.standard[alias.name] = f"from {node.module} import {alias.name}"
        elif node.level and alias.name != _VERSION:
            module.imported[alias.name] = (node.module or "", alias.name)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_type_checkers(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _part(module: str, node: ast.stmt, lines: list[str]) -> _Part:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    for inner in ast.walk(node):
        if isinstance(inner, ast.ImportFrom) and inner.level:
            raise BundleError(f"{module}.py:{inner.lineno} imports inside a function; one file has no modules.")
        if isinstance(inner, ast.Global):
            raise BundleError(f"{module}.py:{inner.lineno} says global; in one file there is no such thing.")
    text = "\n".join(_brief(node, lines, first))
    if decorators or isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        text = f"\n{text}\n"
    uses = frozenset(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
    return _Part(text, node.lineno, tuple(_defined(node)), uses)


def _brief(node: ast.stmt, lines: list[str], first: int) -> Iterator[str]:
    """Yield a statement's lines; of each docstring only the first sentence, since the rest is in the package."""
    left_out: set[int] = set()
    closing: set[int] = set()
    for inner in ast.walk(node):
        if isinstance(inner, (ast.FunctionDef, ast.ClassDef)) and _is_docstring(inner.body[0]):
            text = inner.body[0]
            if text.end_lineno != text.lineno:
                closing.add(text.lineno)
                left_out |= set(range(text.lineno + 1, (text.end_lineno or 0) + 1))
    for number in range(first + 1, (node.end_lineno or 0) + 1):
        if number not in left_out:
            yield _FOR_TOOLS.sub("", lines[number - 1]) + ('"""' if number in closing else "")


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    for target in getattr(node, "targets", [getattr(node, "target", None)]):
        if isinstance(target, (ast.Name, ast.Tuple)):
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def _reachable(modules: dict[str, _Module]) -> set[tuple[str, int]]:
    """Return the statements that the entry needs, and those that these need, by module and line."""
    homes = {(m.name, name): part for m in modules.values() for part in m.parts for name in part.defines}
    found: set[tuple[str, int]] = set()
    open_names = list(_ENTRY)
    while open_names:
        module_name, name = open_names.pop()
        part = homes.get((module_name, name))
        if part is None or (module_name, part.line) in found:
            continue
        found.add((module_name, part.line))
        imported = modules[module_name].imported
        open_names += [imported.get(used, (module_name, used)) for used in part.uses]
    return found
