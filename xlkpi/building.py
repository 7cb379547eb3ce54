"""From one catalogue file to its records: the functions that it defines, and its line of business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .document import Document
from .errors import CatalogueError
from .model import Catalogue, Example, Function, Kpi, Vertical
from .names import refuse_function, refuse_identifier
from .reading import Context, read_article, read_example, read_function, read_input, read_kpi
from .renamed import read_was
from .rules import check_companions
from .section import Section
from .shape import KPI
from .tree import Call, walk


def build_functions(document: Document, home: str) -> dict[str, Function]:
    """Read the functions of a document.

    Args:
        document: the file; what is wrong with them is noted in it.
        home: the line of business that they belong to; empty where several share them.

    Returns:
        Those that can be used, in the order of the file.

    >>> list(build_functions(Document("functions.toml", ""), ""))
    []
    """
    tables = Section(document, "", document.data).tables("function", refuse_function)
    read = {name: read_function(name, part, home) for name, part in tables.items()}
    return {name: function for name, function in read.items() if function is not None}


def written_functions(document: Document) -> list[str]:
    """Return the names of all functions of a document, also of those that cannot be used."""
    table = document.data.get("function")
    return list(table) if isinstance(table, dict) else []


def with_examples(document: Document, functions: Mapping[str, Function]) -> dict[str, Function]:
    """Let functions without a worked example of their own have that of the first KPI of their file."""
    found: dict[str, Example] = {}
    kpis = document.data.get("kpi")
    for table in kpis.values() if isinstance(kpis, dict) else ():
        aside = Document("", "")  # what is wrong with a KPI is said where the KPI is read
        example = read_example(Section(aside, "", table, KPI), "example")
        if example is not None and not aside.failed:
            found.setdefault(str(table.get("function")), example)
    return {
        name: replace(function, example=found[name]) if function.example is None and name in found else function
        for name, function in functions.items()
    }


def build_vertical(
    document: Document,
    name: str,
    catalogue: Catalogue,
    own: Mapping[str, Function],
    unreadable: frozenset[str] = frozenset(),
) -> Vertical:
    """Build the line of business of a document, as far as it can be built.

    Args:
        document: the file; what is wrong with it is noted in it.
        name: of the line of business.
        catalogue: what the file may refer to beside its own functions.
        own: its own functions.
        unreadable: functions that are there, but have problems of their own.

    Returns:
        The line of business, without the KPIs that cannot be read.
    """
    root = Section(document, "", document.data)
    head = root.table("vertical")
    title, was = head.text("name"), read_was(head)
    head.finish()
    article = read_article(root.table("article"))
    inputs = {key: read_input(key, part) for key, part in root.tables("input", refuse_identifier).items()}
    functions = {**catalogue.functions, **own}
    check_companions(document, own.values(), {*functions, *unreadable})
    context = Context(document, inputs, functions, catalogue.ui, unreadable)
    kpis = {
        key: kpi
        for key, part in root.tables("kpi", refuse_identifier).items()
        if (kpi := read_kpi(key, part, context)) is not None
    }
    root.finish()
    if not root.data.get("kpi"):
        document.add("", "The file has no KPI.", "Add a table such as [kpi.client_retention].")
    return Vertical(name, title, article, inputs, kpis, _used_functions(kpis, own, functions), document.text, was=was)


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


def called_functions(vertical: Vertical) -> set[str]:
    """Return the names of all catalogue functions that a line of business shows or calls."""
    called = set(vertical.functions)
    for kpi in vertical.kpis.values():
        for tree in kpi.written.values():
            called |= {node.function for node in walk(tree) if isinstance(node, Call) and node.function.isupper()}
    return called


def refuse_errors(document: Document) -> None:
    """Raise what is wrong with a document.

    Raises:
        CatalogueError: there is an error in it.
    """
    if document.failed:
        raise CatalogueError([problem for problem in document.problems if problem.severity == "error"])
