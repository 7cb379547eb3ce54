"""Load the shipped catalogue and the user's own files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING

from .document import Document, Section
from .errors import CatalogueError, Problem
from .model import Catalogue, Function, Kpi, Vertical
from .names import DATA, refuse_function, refuse_identifier, refuse_vertical, shipped_text
from .reading import Context, read_article, read_function, read_input, read_kpi
from .renamed import check_renamed_vertical, read_was
from .rules import check_functions, check_vertical
from .texts import Text
from .tree import Call, walk

if TYPE_CHECKING:
    from pathlib import Path


def load(*paths: str | Path) -> Catalogue:
    """Load the shipped lines of business and functions, and any files of your own.

    Args:
        paths: catalogue files (TOML) of further lines of business.

    Returns:
        The catalogue.

    Raises:
        CatalogueError: a file cannot be used; it holds every problem found.

    >>> load().functions["CSS"](85, 100)
    85.0
    """
    catalogue = _shipped()
    if not paths:
        return catalogue
    verticals, functions = dict(catalogue.verticals), dict(catalogue.functions)
    from pathlib import Path

    problems: list[Problem] = []
    for path in paths:
        vertical, found = read_vertical(Path(path), Catalogue(verticals, functions, catalogue.ui))
        problems += [problem for problem in found if problem.severity == "error"]
        if vertical is not None:
            verticals[vertical.id] = vertical
            functions |= {name: f for name, f in vertical.functions.items() if f.vertical == vertical.id}
    if problems:
        raise CatalogueError(problems)
    return Catalogue(verticals, functions, catalogue.ui, catalogue.shared_source)


def check(path: str | Path) -> list[Problem]:
    """Return every problem of a catalogue file, errors and warnings, in the order of its lines.

    Args:
        path: the file.

    Returns:
        The problems; empty when the file is good.
    """
    from pathlib import Path

    _, problems = read_vertical(Path(path), _shipped())
    return problems


def read_vertical(path: Path, catalogue: Catalogue) -> tuple[Vertical | None, list[Problem]]:
    """Read and check one file of a line of business beside a catalogue.

    Args:
        path: the file; its name, without ``.toml``, is the name of the line of business.
        catalogue: what the file may refer to.

    Returns:
        The line of business, or ``None`` when the file has errors, and all problems.
    """
    document = Document.read(path)
    if document.failed:
        return None, document.problems
    if path.suffix != ".toml":
        document.add("", f'"{path.name}" does not end in .toml.', "Rename the file.")
    if reason := refuse_vertical(path.stem):
        document.add("", f'The file name "{path.stem[:80]}" cannot name a line of business: {reason}.', "Rename it.")
    if path.stem in catalogue.verticals:
        what = f'A line of business "{path.stem}" is already there.'
        document.add("", what, "Give the file another name; shipped ones are never replaced.")
    vertical = _vertical(document, path.stem, catalogue)
    if not document.failed or vertical.kpis:
        check_functions(document, [f for f in vertical.functions.values() if f.vertical == vertical.id])
        check_vertical(document, vertical)
    check_renamed_vertical(document, vertical, catalogue.verticals)
    document.doubt_missing_languages()
    document.problems.sort(key=lambda problem: (problem.line, problem.key))
    return (None if document.failed else vertical), document.problems


def _vertical(document: Document, name: str, catalogue: Catalogue) -> Vertical:
    """Build the records of one document, as far as they can be built."""
    root = Section(document, "", document.data)
    head = root.table("vertical")
    title, was = head.text("name", 60), read_was(head)
    head.finish()
    article = read_article(root.table("article"))
    inputs = {key: read_input(key, part) for key, part in root.tables("input", refuse_identifier).items()}
    own = _functions(root, name, catalogue.functions)
    functions = {**catalogue.functions, **own}
    unreadable = frozenset(root.table("function").data) - set(functions)
    context = Context(document, inputs, functions, catalogue.ui, unreadable)
    kpis = {
        key: kpi
        for key, part in root.tables("kpi", refuse_identifier).items()
        if (kpi := read_kpi(key, part, context)) is not None
    }
    root.finish()
    if not root.data.get("kpi"):
        document.add("", "The file has no KPI.", "Add a table such as [kpi.client_retention].")
    used = _used_functions(kpis, own, functions)
    return Vertical(name, title, article, inputs, kpis, used, document.text, was)


def _functions(root: Section, vertical: str, known: Mapping[str, Function]) -> dict[str, Function]:
    found = {}
    for name, part in root.tables("function", refuse_function).items():
        if name in known:
            home = known[name].vertical or "functions.toml"
            part.document.add(part.path, f'The function "{name}" is already there, in {home}.', "Choose another name.")
        function = read_function(name, part, vertical)
        if function is not None:
            found[name] = function
    return found


def _used_functions(
    kpis: Mapping[str, Kpi], own: Mapping[str, Function], functions: Mapping[str, Function]
) -> dict[str, Function]:
    """Functions of the KPIs, in their order, each followed by its companions, then the file's others."""
    used: dict[str, Function] = {}
    for kpi in kpis.values():
        used.setdefault(kpi.function.name, kpi.function)
        for companion in kpi.function.companions:
            if companion in functions:
                used.setdefault(companion, functions[companion])
    return {**used, **{name: function for name, function in own.items() if name not in used}}


def lenders(catalogue: Catalogue, vertical: Vertical) -> list[str]:
    """Return the other lines of business whose own functions a line of business uses."""
    called = set(vertical.functions)
    for kpi in vertical.kpis.values():
        for tree in kpi.written.values():
            called |= {node.function for node in walk(tree) if isinstance(node, Call)}
    homes = {catalogue.functions[name].vertical for name in called if name in catalogue.functions}
    return sorted(homes - {"", vertical.id})


def load_texts(name: str, texts: Mapping[str, str]) -> Catalogue:
    """Load a line of business from the texts that a workbook carries, as they were when it was made.

    Args:
        name: the line of business.
        texts: by file name: its own file, ``functions.toml``, and files of others whose functions it uses.

    Returns:
        The catalogue, with that line of business beside the shipped ones.

    Raises:
        CatalogueError: the texts cannot be used.
    """
    shipped = _shipped()
    own, shared = texts.get(f"{name}.toml", ""), texts.get("functions.toml", "")
    if name in shipped.verticals and own == shipped.verticals[name].source and shared == shipped.shared_source:
        return shipped
    found: dict[str, Function] = {}
    documents = {file: Document(file, text) for file, text in texts.items()}
    document = documents.setdefault(f"{name}.toml", Document(f"{name}.toml", own))
    for file, lent in documents.items():
        if lent is not document:
            home = file.removesuffix(".toml")
            found |= _functions(Section(lent, "", lent.data), "" if home == "functions" else home, {})
            _refuse_errors(lent)
    if reason := refuse_vertical(name):
        document.add("", f'"{name[:80]}" cannot name a line of business: {reason}.', "")
    written = document.data.get("function")
    mine = set(written) if isinstance(written, dict) else set()
    known = {key: each for key, each in shipped.functions.items() if key not in mine} | found
    vertical = _vertical(document, name, Catalogue({}, known, shipped.ui))
    if not document.failed:
        check_functions(document, [f for f in vertical.functions.values() if f.vertical == name])
        check_vertical(document, vertical)
    _refuse_errors(document)
    functions = {**known, **vertical.functions}
    return Catalogue({**shipped.verticals, name: vertical}, functions, shipped.ui, shared)


class ShippedVerticals(Mapping[str, Vertical]):
    """The shipped lines of business; each file is read when it is first asked for.

    That the files hold to the rules is for the project's tests to see.
    """

    def __init__(self, shared: Mapping[str, Function], ui: Mapping[str, Text]) -> None:
        self.shared, self.ui = shared, ui
        files = sorted(os.listdir(os.path.join(DATA, "verticals")))
        self.read: dict[str, Vertical | None] = {f.removesuffix(".toml"): None for f in files if f.endswith(".toml")}

    def __getitem__(self, name: str) -> Vertical:
        vertical = self.read[name]
        if vertical is None:
            document = Document(f"{name}.toml", shipped_text("verticals", f"{name}.toml"))
            vertical = self.read[name] = _vertical(document, name, Catalogue({}, self.shared, self.ui))
            _refuse_errors(document)
        return vertical

    def __iter__(self) -> Iterator[str]:
        return iter(self.read)

    def __len__(self) -> int:
        return len(self.read)


class ShippedFunctions(Mapping[str, Function]):
    """The shared functions, and those of every shipped line of business once one of them is asked for."""

    def __init__(self, shared: Mapping[str, Function], verticals: Mapping[str, Vertical]) -> None:
        self.shared, self.verticals = shared, verticals

    @cached_property
    def _all(self) -> dict[str, Function]:
        found = dict(self.shared)
        for vertical in self.verticals.values():
            found |= {name: f for name, f in vertical.functions.items() if f.vertical == vertical.id}
        return found

    def __getitem__(self, name: str) -> Function:
        return self.shared[name] if name in self.shared else self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def _refuse_errors(document: Document) -> None:
    if document.failed:
        raise CatalogueError([problem for problem in document.problems if problem.severity == "error"])


@cache
def _shipped() -> Catalogue:
    text = shipped_text("functions.toml")
    document = Document("functions.toml", text)
    shared = _functions(Section(document, "", document.data), "", {})
    _refuse_errors(document)
    ui = ShippedTexts()
    verticals = ShippedVerticals(shared, ui)
    return Catalogue(verticals, ShippedFunctions(shared, verticals), ui, text)


def check_shipped() -> list[Problem]:
    """Hold every shipped file against all rules; for the project's own tests."""
    from pathlib import Path

    catalogue = _shipped()
    shared = Document("functions.toml", catalogue.shared_source)
    check_functions(shared, [f for f in catalogue.functions.values() if not f.vertical])
    problems = list(shared.problems)
    for vertical in catalogue.verticals.values():
        others = {n: v for n, v in catalogue.verticals.items() if n != vertical.id}
        functions = {n: f for n, f in catalogue.functions.items() if f.vertical != vertical.id}
        path = Path(DATA, "verticals", f"{vertical.id}.toml")
        _, found = read_vertical(path, Catalogue(others, functions, catalogue.ui))
        problems += found
    return problems


class ShippedTexts(Mapping[str, Text]):
    """The texts of ``ui.toml`` by their dotted keys, read when the first of them is asked for."""

    @cached_property
    def _texts(self) -> dict[str, Text]:
        document = Document("ui.toml", shipped_text("ui.toml"))
        _refuse_errors(document)
        found: dict[str, Text] = {}

        def visit(key: str, value: object) -> None:
            if isinstance(value, dict) and isinstance(value.get("en"), str):
                found[key] = Text(value)
            elif isinstance(value, dict):
                for name, inner in value.items():
                    visit(f"{key}.{name}" if key else name, inner)

        visit("", document.data)
        return found

    def __getitem__(self, key: str) -> Text:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
