"""What a workbook carries of the catalogue, so that it can be read, checked and continued by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .building import build_functions, build_vertical, called_functions, with_examples, written_functions
from .document import Document
from .errors import CatalogueError, Problem
from .model import Catalogue, Function, Vertical
from .names import refuse_vertical
from .rules import check_functions, check_vertical
from .shipped import SHARED, shipped


def carried_texts(catalogue: Catalogue, vertical: Vertical) -> dict[str, str]:
    """Return the files that a workbook of a line of business carries, by their names.

    Args:
        catalogue: that it is built from.
        vertical: the line of business.

    Returns:
        Its own file, the shared functions of xlkpi, and each other file whose functions it uses.

    >>> list(carried_texts(shipped(), shipped().verticals["career-mentoring"]))
    ['career-mentoring.toml', 'functions.toml']
    """
    return {f"{vertical.id}.toml": vertical.source, SHARED: catalogue.shared_source, **vertical.borrowed}


def carried_part(catalogue: Catalogue, vertical: Vertical) -> Catalogue:
    """Return the part of a catalogue that a workbook knows of: nothing of the user's other lines of business.

    A workbook that is read back knows no more than this, and must come out the same when it is built anew.
    """
    if catalogue is shipped():
        return catalogue
    called = called_functions(vertical)
    functions = {name: each for name, each in catalogue.functions.items() if not each.file or name in called}
    verticals = {name: each for name, each in catalogue.verticals.items() if not each.file or name == vertical.id}
    return replace(catalogue, verticals=verticals, functions=functions)


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
    base, own_file = shipped(), f"{name}.toml"
    own, shared = texts.get(own_file, ""), texts.get(SHARED, "")
    if name in base.verticals and own == base.verticals[name].source and shared == base.shared_source:
        return base
    found: dict[str, Function] = {}
    aside: list[Problem] = []  # of other files: what is wrong there matters only where this one needs it
    for file, text in texts.items():
        if file != own_file:
            lent, home = Document(file, text), _home(file)
            given = build_functions(lent, home)
            # Examples of shipped functions are looked for among all KPIs, see Catalogue.example_of.
            found |= given if home in base.verticals else with_examples(lent, given)
            aside += lent.problems
    document = Document(own_file, own)
    if reason := refuse_vertical(name):
        document.add("", f'"{name[:80]}" cannot name a line of business: {reason}.', "")
    mine = set(written_functions(document))
    known = {key: each for key, each in base.functions.items() if key not in mine} | found
    written = build_functions(document, name)
    vertical = build_vertical(document, name, Catalogue({}, known, base.ui), with_examples(document, written))
    if not document.failed:
        check_functions(document, written.values())
        check_vertical(document, vertical)
    if document.failed:
        raise CatalogueError([each for each in (*aside, *document.problems) if each.severity == "error"])
    borrowed = {file: text for file, text in texts.items() if file not in (own_file, SHARED)}
    vertical = replace(vertical, borrowed=borrowed)
    functions = {**known, **vertical.functions}
    return Catalogue({**base.verticals, name: vertical}, functions, base.ui, shared)


def _home(file: str) -> str:
    """Return the line of business that a file's functions belong to; those of shared ones belong to none."""
    stem = file.removesuffix(".toml")
    return "" if stem.partition(".")[0] == SHARED.partition(".")[0] else stem
