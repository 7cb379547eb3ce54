"""The user's own files: lines of business and functions beside the shipped ones, each able to use the others'."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .building import build_functions, build_vertical, called_functions, with_examples, written_functions
from .document import Document
from .errors import Problem
from .model import Catalogue, Function, Vertical
from .names import refuse_vertical
from .renamed import check_renamed_vertical
from .rules import check_functions, check_vertical
from .section import Section
from .shape import FUNCTIONS_FILE
from .shipped import SHARED

SETTINGS = "xlkpi.toml"  # says where a user's files are, and is none of them
LENT = "functions.own"  # what a file of shared functions is called where a workbook carries it
_CALL = re.compile(r"\b([A-Z][A-Z0-9]{2,})\s*\(")


@dataclass(eq=False)
class OwnFile:
    """A file of the user: a line of business, or functions that several share.

    Args:
        path: as the user gave it.
        document: what stands in it, and what is wrong with it.
        role: ``named`` where it was asked for, ``beside`` where others were, ``lender`` where it gives functions alone.
        functions: those of its own that can be used.
    """

    path: Path
    document: Document
    role: str
    functions: dict[str, Function] = field(default_factory=dict)

    @property
    def shared(self) -> bool:
        """Whether it holds functions alone."""
        return self.path.name == SHARED

    @property
    def home(self) -> str:
        """The line of business that its functions belong to; empty where several share them."""
        return "" if self.shared else self.path.stem

    @property
    def place(self) -> str:
        """The file as messages name it."""
        return self.document.file

    @property
    def problems(self) -> list[Problem]:
        """What is to be said of it: warnings only where the file was asked for, in the order of lines."""
        found = [each for each in self.document.problems if self.role == "named" or each.severity == "error"]
        return sorted(found, key=lambda problem: (problem.line, problem.key))


@dataclass(frozen=True)
class Own:
    """What was read: the catalogue with the user's own files in it, and all that is wrong with them."""

    catalogue: Catalogue
    problems: tuple[Problem, ...]


def read_own(paths: Iterable[Path], base: Catalogue, beside: Iterable[Path] = ()) -> Own:
    """Read files and folders of the user beside a catalogue.

    Args:
        paths: catalogue files, and folders of such. The functions of a folder are there for a single file of it, too.
        base: the shipped catalogue.
        beside: further files and folders, of which only errors are told.

    Returns:
        The catalogue as far as it can be used, and every problem of all files.
    """
    reading = _Reading(base)
    for role, given in (("named", paths), ("beside", beside)):
        for path in given:
            reading.take(path, role)
    reading.lend()
    return reading.own()


def folder_files(path: Path) -> list[Path] | None:
    """Return the catalogue files of a folder, in the order of their names, or ``None`` for what is no folder.

    Args:
        path: the folder. Hidden files and ``xlkpi.toml`` are left out.

    >>> folder_files(Path("there is none")) is None
    True
    """
    try:
        names = sorted(os.listdir(path))
    except NotADirectoryError:
        return None
    except (OSError, ValueError):
        return [] if os.path.isdir(path) else None
    return [path / name for name in names if name.endswith(".toml") and name[0] != "." and name != SETTINGS]


class _Reading:
    """Files on their way into a catalogue: all are opened first, then functions are read, then lines of business."""

    def __init__(self, base: Catalogue) -> None:
        self.base = base
        self.files: dict[str, OwnFile] = {}  # by their real path, so that none is read twice
        self.single: list[OwnFile] = []  # given by themselves, so that others of their folder may lend functions
        self.loose: list[Problem] = []

    def take(self, path: Path, role: str) -> None:
        """Open a file, or those of a folder."""
        members = folder_files(path)
        if members is None and path.name == SETTINGS:
            what = f"{SETTINGS} says where your files are; it is no line of business itself."
            fix = 'Leave it out: run in its folder, every command finds it, and "xlkpi check" checks it.'
            self.loose.append(Problem(str(path), 0, "", 0, what, fix))
        elif members is None:
            file = self.open(path, role)
            if file not in self.single:
                self.single.append(file)
            shared = path.parent / SHARED
            if file.document.readable and os.path.isfile(shared):
                self.open(shared, "beside")
        elif members:
            for member in members:
                self.open(member, role)
        else:
            fix = "Name another folder, or put a file of a line of business into it."
            self.loose.append(Problem(str(path), 0, "", 0, "The folder holds no catalogue file (.toml).", fix))

    def open(self, path: Path, role: str) -> OwnFile:
        """Read a file, once; one that is asked for is so however else it is met."""
        key = _key(path)
        if key not in self.files:
            self.files[key] = OwnFile(path, Document.read(path), role)
        elif role == "named":
            self.files[key].role = role
        return self.files[key]

    def lend(self) -> None:
        """Find functions that single files use and nobody has, in other files of the same folder."""
        known = {
            *self.base.functions,
            *(name for file in self.files.values() for name in written_functions(file.document)),
        }
        for file in self.single:
            wanted = set(_used_names(file.document)) - known
            for path in (folder_files(file.path.parent) or []) if wanted else []:
                if _key(path) in self.files:
                    continue
                document = Document.read(path)
                lent = wanted & set(written_functions(document))
                if lent:
                    _keep_functions(document, lent)
                    self.open(path, "lender").document = document

    def own(self) -> Own:
        """Read functions, then lines of business, and check them."""
        functions: dict[str, Function] = dict(self.base.functions)
        written: set[str] = set()
        files = list(self.files.values())
        for file in files:
            if file.document.readable:
                self._functions(file)
                written |= set(written_functions(file.document))
        self._refuse_clashes(files)
        for file in files:
            functions |= {name: each for name, each in file.functions.items() if name not in functions}
        whole = Catalogue(dict(self.base.verticals), functions, self.base.ui, self.base.shared_source)
        unreadable = frozenset(written - set(functions))
        lines = [file for file in files if not file.shared and file.role != "lender"]
        taken: dict[str, OwnFile] = {}
        verticals = {v.id: v for file in lines if (v := self._vertical(file, whole, unreadable, taken)) is not None}
        self._refuse_claims(lines, verticals)
        problems = [*self.loose, *(problem for file in files for problem in file.problems)]
        return Own(replace(whole, verticals={**self.base.verticals, **verticals}), tuple(problems))

    def _functions(self, file: OwnFile) -> None:
        """Read and check the functions of a file."""
        document = file.document
        found = build_functions(document, file.home)
        check_functions(document, found.values())
        named = {name: replace(function, file=file.place) for name, function in found.items()}
        file.functions = with_examples(document, named)
        if not file.shared:
            return
        Section(document, "", document.data, FUNCTIONS_FILE).finish()
        if not document.data:
            document.add("", "The file has no function.", "Add a table such as [function.MYRATE].", "warning")
        document.doubt_missing_languages()
        document.doubt_numbers()

    def _refuse_clashes(self, files: Iterable[OwnFile]) -> None:
        """Refuse functions that are there already, shipped or in another file; the first one stays."""
        seen: dict[str, OwnFile] = {}
        spelt: dict[str, str] = {}
        for file in files:
            for name in written_functions(file.document):
                folded, key = name.upper(), f"function.{name}"
                if folded in self.base.functions:
                    home = self.base.functions[folded].vertical
                    place = _shipped_place(self.base, home, f"function.{folded}")
                    fix = (
                        "Choose another name, or leave this table out to use that one; a shipped one is never replaced."
                    )
                elif folded in seen and seen[folded] is not file:
                    place = _place(seen[folded].document, f"function.{spelt[folded]}")
                    fix = f"Rename one of them, or keep it once, in {SHARED}, for all files of a folder."
                else:
                    seen[folded], spelt[folded] = file, name
                    continue
                file.functions.pop(name, None)
                file.document.add(key, f'The function "{name}" is already there, in {place}.', fix)

    def _vertical(
        self, file: OwnFile, whole: Catalogue, unreadable: frozenset[str], taken: dict[str, OwnFile]
    ) -> Vertical | None:
        """Read and check a line of business; ``None`` where it cannot be used."""
        document, name = file.document, file.home
        if not document.readable:
            return None
        if file.path.suffix != ".toml":
            document.add("", f'"{file.path.name}" does not end in .toml.', "Rename the file.")
        if reason := refuse_vertical(name):
            document.add(
                "", f'The file name "{name[:80]}" cannot name a line of business: {reason}.', "Rename the file."
            )
        self._refuse_twin(file, taken)
        vertical = build_vertical(document, name, whole, file.functions, unreadable)
        if not document.failed or vertical.kpis:
            check_vertical(document, vertical)
        document.doubt_missing_languages()
        document.doubt_numbers()
        if document.failed:
            return None
        return replace(vertical, file=file.place, borrowed=self._borrowed(file, vertical))

    def _refuse_twin(self, file: OwnFile, taken: dict[str, OwnFile]) -> None:
        """Refuse a line of business whose name is taken, shipped or by another file."""
        name = file.home.lower()
        if name in self.base.verticals:
            place = _shipped_place(self.base, name, "vertical")
            fix = "Give the file another name; shipped ones are never replaced."
        elif name in taken:
            place, fix = _place(taken[name].document, "vertical"), "Give one of the files another name."
        else:
            taken[name] = file
            return
        file.document.add("vertical", f'A line of business "{file.home}" is already there, in {place}.', fix)

    def _refuse_claims(self, files: Iterable[OwnFile], verticals: Mapping[str, Vertical]) -> None:
        """Refuse former names that are in use, or that a file before claims as well."""
        others = {**self.base.verticals, **{name: replace(each, was=()) for name, each in verticals.items()}}
        for file in files:
            if vertical := verticals.get(file.home):
                check_renamed_vertical(file.document, vertical, others)
                others[file.home] = vertical

    def _borrowed(self, file: OwnFile, vertical: Vertical) -> dict[str, str]:
        """Return the texts of all other files whose functions a line of business uses, by a name for each."""
        found = {f"{vertical.id}.toml": "", SHARED: ""}
        called = called_functions(vertical) - set(file.functions)
        homes = {self.base.functions[name].vertical for name in called if name in self.base.functions} - {""}
        for home in sorted(homes):
            found[f"{home}.toml"] = self.base.verticals[home].source
        for other in sorted(self.files.values(), key=lambda each: str(each.path)):
            if other is not file and called & set(other.functions):
                stem = LENT if other.shared else other.home
                numbers: Iterator[str] = (f"{stem}{number or ''}.toml" for number in range(len(found) + 1))
                found[next(name for name in numbers if name not in found)] = other.document.text
        return dict(list(found.items())[2:])


def _key(path: Path) -> str:
    """Return what tells a file from others, however it is named."""
    try:
        return os.path.normcase(os.path.realpath(path))
    except (OSError, ValueError):
        return str(path)


def _used_names(document: Document) -> Iterator[str]:
    """Yield the names of functions that the KPIs of a document use, and companions of its functions."""
    for group in ("kpi", "function"):
        tables = document.data.get(group)
        for table in tables.values() if isinstance(tables, dict) else ():
            values = table if isinstance(table, dict) else {}
            yield str(values.get("function"))
            shown = values.get("value")
            yield from _CALL.findall(" ".join(map(str, shown.values())) if isinstance(shown, dict) else str(shown))
            companions = values.get("companions")
            yield from (str(each) for each in companions) if isinstance(companions, list) else ()


def _keep_functions(document: Document, names: set[str]) -> None:
    """Leave those functions of a document, and KPIs for their examples; nothing else of it is looked at."""
    tables: object = document.data.get("function")
    kept = {name: table for name, table in tables.items() if name in names} if isinstance(tables, Mapping) else {}
    document.data = {"function": kept, "kpi": document.data.get("kpi", {})}


def _place(document: Document, key: str) -> str:
    line = document.line(key)
    return f"{document.file}:{line}" if line else document.file


def _shipped_place(base: Catalogue, home: str, key: str) -> str:
    text = base.verticals[home].source if home else base.shared_source
    return f"{_place(Document(f'{home}.toml' if home else SHARED, text), key)} of xlkpi itself"
