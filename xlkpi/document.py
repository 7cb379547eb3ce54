"""A TOML file whose every value knows its line, and which collects what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from typing import TYPE_CHECKING

from .bounds import breaches
from .errors import Problem
from .files import UnreadableError, read_bounded
from .lines import MAX_LINE, MAX_LINES, key_lines, split
from .names import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1_000_000
MAX_PROBLEMS = 1_000
# A key of so many parts that reading it would take minutes.
_PARTS = 50
_DEEP_KEY = rf"""(?<![\w\-])(?:(?:[\w\-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_PARTS}}}"""


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
        if self._too_large() or self._no_text():
            return
        try:
            self.data = tomllib.loads(text)
        except ValueError as error:  # also a number of thousands of digits
            self._broken(str(error))
        except RecursionError:
            self.problems.append(self._nested())
        self._refuse_breaches()

    def _no_text(self) -> bool:
        """Note a byte that no text has, as in files of other kinds."""
        before, nul, _ = self.text.partition("\0")
        if nul:
            what = "This is not TOML: it holds a NUL, which no text does."
            fix = "Type the line anew, and save the file as plain text in UTF-8."
            self.problems.append(Problem(self.file, before.count("\n") + 1, "", 0, what, fix))
        return bool(nul)

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
        """Name every statement that is no TOML; where all can be mended, the rest is read as if they were."""
        from . import slips

        found = slips.find(self.text)
        for slip in found:
            self.problems.append(Problem(self.file, slip.line, slip.key, 0, slip.what, slip.fix))
        if mended := slips.mended(self.text, found):
            try:
                self.data = tomllib.loads(mended)
                self.text = mended
            except (ValueError, RecursionError):
                pass
        if not found:
            place = re.search(r"\(at line (\d+), column (\d+)\)", reason)
            line = int(place[1]) if place else len(split(self.text)) if "end of document" in reason else 0
            what = re.sub(r"\s*\(at .*\)$", "", reason)
            fix = "Mend the file there; texts stand in double quotes, tables in [brackets]."
            self.problems.append(Problem(self.file, line, "", 0, f"This is not TOML: {what}.", fix))

    def _nested(self) -> Problem:
        what, fix = "This is not TOML that can be read: it nests too deeply.", "Take the brackets apart."
        return Problem(self.file, 0, "", 0, what, fix)

    def _too_large(self) -> bool:
        """Note lines too long or too many, which would take minutes to read."""
        lines = split(self.text)
        if len(lines) > MAX_LINES:
            what = f"The file has {len(lines):,} lines; {MAX_LINES:,} are read."
            self.problems.append(Problem(self.file, 0, "", 0, what, "Split it by line of business."))
        for number, line in enumerate(lines[:MAX_LINES], 1):
            if len(line) > MAX_LINE:
                what = f"This line has {len(line):,} characters; {MAX_LINE:,} are read."
                self.problems.append(Problem(self.file, number, "", 0, what, "Take it apart."))
                return True
        if any(line.count(".") >= _PARTS and re.search(_DEEP_KEY, line) for line in lines[:MAX_LINES]):
            self.problems.append(self._nested())
        return bool(self.problems)

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a file; what cannot be read becomes a problem of an empty document."""

        def empty(what: str, fix: str) -> Document:
            document = cls(str(path), "")
            document.problems.append(Problem(str(path), 0, "", 0, what, fix))
            return document

        try:
            data = read_bounded(path, MAX_BYTES)
            if data[:2] == b"PK":
                return empty("This is a workbook, not a catalogue file.", "Give the .toml file that it was made from.")
            return cls(str(path), data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            where = "" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else f" (line {line:,}, byte {error.start + 1:,})"
            fix = 'Save it as UTF-8: in Notepad "Save as", Encoding: UTF-8; in Excel or Word use a text editor instead.'
            return empty(f"The file is not UTF-8{where}.", fix)
        except UnreadableError as error:
            there = path.suffix != ".toml" and path.with_name(f"{path.name}.toml").is_file()
            return empty(error.what, f'Did you mean "{path}.toml"?' if there else error.fix)

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

    def text_at(self, key: str) -> str:
        """Return the text that stands under a dotted key, or an empty one."""
        found: object = self.data
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found if isinstance(found, str) else ""

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

    def doubt_numbers(self) -> None:
        """Warn of numbers that are TOML, but read as others than most would mean."""
        from . import slips  # not at the start, which it would make slower

        keys = {line: key for key, line in self.lines.items()}
        for line, what, fix in slips.doubts(self.text):
            self.problems.append(Problem(self.file, line, keys.get(line, ""), 0, what, fix, "warning"))

    @property
    def readable(self) -> bool:
        """Whether there is anything to look at, for all that may be wrong with it."""
        return bool(self.data) or not self.failed

    @property
    def failed(self) -> bool:
        """Whether there is an error, not warnings alone."""
        return any(problem.severity == "error" for problem in self.problems)
