"""A TOML file whose every value knows its line, and sections that collect what is wrong with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from .bounds import breaches
from .errors import FormulaError, Problem
from .files import UnreadableError, read_bounded
from .formula import parse
from .names import LANGUAGES, excel_length, suggest
from .texts import Text
from .tree import Node

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1_000_000
MAX_TEXT = 1_000
MAX_NUMBER = 1e300
MAX_PROBLEMS = 1_000
FIRST_YEAR = 1900  # no spreadsheet knows an earlier day
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+(?:\s*\.\s*[A-Za-z0-9_\-\"']+)*)\s*=")
_CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
_BARE_QUOTES = re.compile(r"[\s\"']")


def key_lines(text: str) -> dict[str, int]:
    """Map each dotted key of a TOML text to its line, from 1; the first place wins."""
    lines: dict[str, int] = {}
    table, fence = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if fence:  # inside a text of several lines nothing is a key
            fence = "" if fence in line else fence
            continue
        if header := _HEADER.match(line):
            table = _BARE_QUOTES.sub("", header[1])
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            key = _BARE_QUOTES.sub("", match[1])
            lines.setdefault(f"{table}.{key}" if table else key, number)
            rest = line[match.end() :]
            fence = next((mark for mark in ('"""', "'''") if rest.count(mark) == 1), "")
    return lines


class Document:
    """One catalogue file: its data, the line of each key, and every problem found so far.

    Args:
        file: the name to show in messages.
        text: the TOML text.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.problems: list[Problem] = []
        self.texts: list[tuple[str, frozenset[str]]] = []  # each text's key and its languages
        self.data: dict[str, object] = {}
        try:
            self.data = tomllib.loads(text)
        except ValueError as error:  # also a number of thousands of digits
            self._broken(str(error))
        except RecursionError:
            self._broken("it nests too deeply")
        self._refuse_breaches()

    def _refuse_breaches(self) -> None:
        """Note what breaks the bounds of a file; one that is out of all size is not read any further."""
        found = list(breaches(self.data))
        if any(each.oversized for each in found):
            found, self.data = [each for each in found if each.oversized], {}
        for each in found:
            self.add(each.key, each.what, each.fix)

    @cached_property
    def lines(self) -> dict[str, int]:
        """The line of each key, looked for only when there is something to say about one."""
        return key_lines(self.text)

    def _broken(self, reason: str) -> None:
        place = re.search(r"\(at line (\d+), column (\d+)\)", reason)
        line = int(place[1]) if place else len(self.text.splitlines()) if "end of document" in reason else 0
        what = re.sub(r"\s*\(at .*\)$", "", reason)
        if "int_max_str_digits" in reason:
            what = "it holds a number of thousands of digits"
        fix = "Mend the file there; texts stand in double quotes, tables in [brackets]."
        self.problems.append(Problem(self.file, line, "", 0, f"This is not TOML: {what}.", fix))

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a file; what cannot be read becomes a problem of an empty document."""

        def empty(what: str, fix: str) -> Document:
            document = cls(str(path), "")
            document.problems.append(Problem(str(path), 0, "", 0, what, fix))
            return document

        try:
            data = read_bounded(path, MAX_BYTES)
        except UnreadableError as error:
            return empty(error.what, error.fix)
        if data[:2] == b"PK":
            return empty("This is a workbook, not a catalogue file.", "Give the .toml file that it was made from.")
        try:
            return cls(str(path), data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            encoding = "UTF-16, which Notepad calls Unicode" if data[:2] in _UTF_16 else ""
            line = data[: error.start].count(b"\n") + 1
            what = f"The file is {encoding}, and not UTF-8." if encoding else f"The file is not UTF-8 (line {line:,})."
            return empty(what, "Save it as UTF-8.")

    @cached_property
    def _tables(self) -> dict[str, int]:
        """The line of the first key of each table that has no line of its own."""
        found: dict[str, int] = {}
        for key, line in self.lines.items():
            while (key := key.rpartition(".")[0]) and key not in found:
                found[key] = line
        return found

    def line(self, key: str) -> int:
        """Return the line of a key, or of the nearest table above it."""
        while key:
            if key in self.lines:
                return self.lines[key]
            if key in self._tables:
                return self._tables[key]
            key = key.rpartition(".")[0]
        return 0

    def add(self, key: str, what: str, fix: str, severity: str = "error", column: int = 0, excerpt: str = "") -> None:
        """Note a problem with a key; beyond a thousand, that there are more."""
        if len(self.problems) >= MAX_PROBLEMS:
            if len(self.problems) == MAX_PROBLEMS:
                more = Problem(self.file, 0, "", 0, "There are more problems.", "Mend those that are named first.")
                self.problems.append(more)
            return
        self.problems.append(Problem(self.file, self.line(key), key, column, what, fix, severity, excerpt))

    def doubt_missing_languages(self) -> None:
        """Warn of texts that miss a language: once for a language that the whole file misses."""
        never = set(LANGUAGES) - {language for _, languages in self.texts for language in languages}
        if self.texts and (absent := [language for language in LANGUAGES if language in never and language != "en"]):
            what = f"The file has no text in {', '.join(absent)}; the English one stands in everywhere."
            self.add("", what, "Add the languages that you need.", "warning")
        for key, languages in self.texts:
            missing = [language for language in LANGUAGES if language not in languages and language not in never]
            if missing and missing != ["en"] and "en" in languages:
                what = f"No text in {', '.join(missing)}; the English one stands in."
                self.add(key, what, "Add the missing languages.", "warning")

    @property
    def failed(self) -> bool:
        """Whether there is an error, not warnings alone."""
        return any(problem.severity == "error" for problem in self.problems)


class Section:
    """A table of a document; each question takes one key, and ``finish`` names the keys nobody asked for."""

    def __init__(self, document: Document, path: str, data: object) -> None:
        self.document, self.path = document, path
        self.data: dict[str, object] = {}
        self.asked: set[str] = set()
        if isinstance(data, dict):
            self.data = data
        else:
            document.add(path, "This must be a table.", f"Write it under [{path}] or in braces.")

    def key(self, name: str) -> str:
        """Return the dotted key of a member."""
        return f"{self.path}.{name}" if self.path else name

    def add(self, name: str, what: str, fix: str, severity: str = "error") -> None:
        """Note a problem with a member."""
        self.document.add(self.key(name), what, fix, severity)

    def has(self, name: str) -> bool:
        """Whether the member is there; it counts as asked for."""
        self.asked.add(name)
        return name in self.data

    def _take(self, name: str, kind: type | tuple[type, ...], called: str, required: bool) -> object:
        if not self.has(name):
            if required:
                self.add(name, f'"{name}" is missing.', f"Add {name} = ...; it is {called}.")
            return None
        value = self.data[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.add(name, f'"{name}" is not {called}.', f"Write {called}.")
            return None
        return value

    def string(self, name: str, choices: Iterable[str] = (), required: bool = False, default: str = "") -> str:
        """Return a short text, one of ``choices`` if there are any."""
        value = self._take(name, str, "a text in quotes", required)
        if not isinstance(value, str):
            return default
        if required and not value.strip():
            self.add(name, f'"{name}" is empty.', "Write it.")
            return default
        if len(value) > MAX_TEXT and name not in ("formula", "value"):  # whose reader says it
            self.add(name, f"The text has {len(value):,} characters; {MAX_TEXT:,} fit.", "Shorten it.")
            return default
        if _CONTROL.search(value.replace("\n", "").replace("\t", "")):
            self.add(name, "The text holds a control character.", "Type the text anew.")
            return default
        known = list(choices)
        if known and value not in known:
            self.add(name, f'"{value[:60]}" is not allowed.{suggest(value, known)}', f"Use {', '.join(known)}.")
            return default
        return value

    def number(self, name: str, required: bool = False) -> float | None:
        """Return a finite number."""
        value = self._take(name, (int, float), "a number", required)
        if isinstance(value, (int, float)) and abs(value) <= MAX_NUMBER:
            return float(value)
        if value is not None:
            self.add(name, f'"{name}" is no finite number.', "Write a plain number.")
        return None

    def flag(self, name: str) -> bool:
        """Return true or false; false where nothing stands."""
        return bool(self._take(name, bool, "true or false", required=False))

    def day(self, name: str) -> date | None:
        """Return a date."""
        value = self._take(name, date, "a date such as 2024-10-13", required=False)
        if isinstance(value, datetime) or (isinstance(value, date) and value.year < FIRST_YEAR):
            self.add(
                name, f'"{name}" is not a plain date since {FIRST_YEAR}.', "Write it like 2024-10-13, without a time."
            )
            return None
        return value if isinstance(value, date) else None

    def items(self, name: str, kind: type | tuple[type, ...], called: str) -> list[object]:
        """Return a list whose members are all of one kind."""
        value = self._take(name, list, f"a list of {called}", required=False)
        members = value if isinstance(value, list) else []
        if any(not isinstance(member, kind) or isinstance(member, bool) for member in members):
            self.add(name, f'"{name}" holds something else than {called}.', f"Write a list of {called}.")
            return []
        if any(isinstance(member, (int, float)) and not abs(member) <= MAX_NUMBER for member in members):
            self.add(name, f'"{name}" holds a number that is not finite.', "Write plain numbers.")
            return []
        return members

    def table(self, name: str) -> Section:
        """Return a table below this one, empty where there is none."""
        return Section(self.document, self.key(name), self.data[name] if self.has(name) else {})

    def tables(self, name: str, refuse: Callable[[str], str | None]) -> dict[str, Section]:
        """Return the tables of a group such as ``[kpi.*]``; bad and look-alike names become problems."""
        group = self.table(name)
        found: dict[str, Section] = {}
        folded: dict[str, str] = {}
        for member, data in group.data.items():
            if reason := refuse(member):
                group.add(member, f'"{member[:60]}" cannot be a name: {reason}.', "Choose another name.")
            elif member.casefold() in folded:
                other = folded[member.casefold()]
                group.add(member, f'"{member}" and "{other}" differ only by case.', "Excel would take them for one.")
            else:
                folded[member.casefold()] = member
                found[member] = Section(self.document, group.key(member), data)
        return found

    def text(self, name: str, limit: int = MAX_TEXT, required: bool = True) -> Text:
        """Return a text in several languages; English must be there."""
        if not self.has(name):
            if required:
                self.add(name, f'"{name}" is missing.', f'Add {name}.en = "...", and pt, fr, es.')
            return Text()
        section = self.table(name)
        return section.languages(limit)

    def languages(self, limit: int) -> Text:
        """Read this table itself as a text in several languages."""
        found = Text()
        for language, value in self.data.items():
            self.asked.add(language)
            if language not in LANGUAGES:
                hint = suggest(language, LANGUAGES)
                self.add(language, f'"{language}" is no language of xlkpi.{hint}', f"Use {', '.join(LANGUAGES)}.")
            elif not isinstance(value, str) or not value.strip():
                self.add(language, "This text is empty or no text.", "Write it in quotes.")
            elif (size := excel_length(value)) > limit:
                self.add(language, f"The text has {size} characters; {limit} fit.", "Shorten it.")
            elif _CONTROL.search(value):
                self.add(language, "The text holds a line break or control character.", "Write it on one line.")
            else:
                found[language] = value
        if "en" not in self.data:
            self.document.add(self.path, "The English text is missing.", 'Add .en = "...".')
        self.document.texts.append((self.path, frozenset(self.data) & set(LANGUAGES)))
        return found

    def formula(
        self,
        name: str,
        text: str,
        functions: Mapping[str, tuple[int, int]] | None = None,
        condition: bool = False,
    ) -> Node | None:
        """Return the tree of a formula that stands under a key, or note why it cannot be read."""
        try:
            return parse(text, functions, condition)
        except FormulaError as error:
            self.document.add(self.key(name), error.what, error.fix, "error", error.column, error.excerpt)
            return None

    def finish(self) -> None:
        """Name every key that nobody asked for."""
        for name in self.data:
            if name not in self.asked:
                hint = suggest(name, self.asked)
                self.add(
                    name,
                    f'"{name[:60]}" is not known here.{hint}',
                    f"Known are {', '.join(sorted(self.asked))}.",
                )
