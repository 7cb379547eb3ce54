"""Load the shipped catalogue and the user's own files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .document import Document, Section
from .errors import CatalogueError, Problem
from .model import Catalogue, Function, Kpi, Text, Vertical
from .names import DATA, refuse_function, refuse_identifier, refuse_vertical
from .reading import Context, read_article, read_function, read_input, read_kpi
from .rules import check_functions, check_vertical

LEVEL_KEYS = ("level.below", "level.typical", "level.above", "level.exceptional")


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
    vertical = _vertical(document, path, catalogue)
    if not document.failed or vertical.kpis:
        check_functions(document, [f for f in vertical.functions.values() if f.vertical == vertical.id])
        check_vertical(document, vertical)
    document.problems.sort(key=lambda problem: (problem.line, problem.key))
    return (None if document.failed else vertical), document.problems


def _vertical(document: Document, path: Path, catalogue: Catalogue) -> Vertical:
    """Build the records of one document, as far as they can be built."""
    root = Section(document, "", document.data)
    head = root.table("vertical")
    name = head.text("name", 60)
    head.finish()
    article = read_article(root.table("article"))
    inputs = {key: read_input(key, part) for key, part in root.tables("input", refuse_identifier).items()}
    own = _functions(root, path.stem, catalogue.functions)
    functions = {**catalogue.functions, **own}
    words = tuple(catalogue.ui[key] for key in LEVEL_KEYS)
    context = Context(document, inputs, functions, words)
    kpis = {
        key: kpi
        for key, part in root.tables("kpi", refuse_identifier).items()
        if (kpi := read_kpi(key, part, context)) is not None
    }
    root.finish()
    if not root.data.get("kpi"):
        document.add("", "The file has no KPI.", "Add a table such as [kpi.client_retention].")
    used = _used_functions(kpis, own, functions)
    return Vertical(path.stem, name, article, inputs, kpis, used, document.text, str(path))


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


@cache
def _shipped() -> Catalogue:
    """Read the shipped files once; that they hold to the rules is for the tests to see."""
    ui = _texts(Document("ui.toml", (DATA / "ui.toml").read_text("utf-8")))
    shared_text = (DATA / "functions.toml").read_text("utf-8")
    shared = Document("functions.toml", shared_text)
    functions = _functions(Section(shared, "", shared.data), "", {})
    verticals: dict[str, Vertical] = {}
    problems = list(shared.problems)
    for entry in sorted((DATA / "verticals").glob("*.toml")):
        document = Document(entry.name, entry.read_text("utf-8"))
        vertical = _vertical(document, Path(entry.name), Catalogue(verticals, functions, ui))
        verticals[vertical.id] = vertical
        functions = {
            **functions,
            **{n: f for n, f in vertical.functions.items() if f.vertical == vertical.id},
        }
        problems += document.problems
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise CatalogueError(errors)
    return Catalogue(verticals, functions, ui, shared_text)


def check_shipped() -> list[Problem]:
    """Hold every shipped file against all rules; for the project's own tests."""
    catalogue = _shipped()
    shared = Document("functions.toml", catalogue.shared_source)
    check_functions(shared, [f for f in catalogue.functions.values() if not f.vertical])
    problems = list(shared.problems)
    for vertical in catalogue.verticals.values():
        others = {n: v for n, v in catalogue.verticals.items() if n != vertical.id}
        functions = {n: f for n, f in catalogue.functions.items() if f.vertical != vertical.id}
        path = DATA / "verticals" / f"{vertical.id}.toml"
        _, found = read_vertical(path, Catalogue(others, functions, catalogue.ui))
        problems += found
    return problems


def _texts(document: Document) -> dict[str, Text]:
    """Flatten the tables of ui.toml to dotted keys with a text each."""
    found: dict[str, Text] = {}

    def visit(key: str, value: object) -> None:
        if isinstance(value, dict) and isinstance(value.get("en"), str):
            found[key] = Text(value)
        elif isinstance(value, dict):
            for name, inner in value.items():
                visit(f"{key}.{name}" if key else name, inner)

    visit("", document.data)
    return found
