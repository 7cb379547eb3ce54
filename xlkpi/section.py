"""A table of a catalogue file, read by its shape; what does not fit becomes a problem of the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from .document import Document
from .errors import FormulaError
from .formula import parse
from .lines import plain_letters
from .names import LANGUAGES, excel_length, suggest
from .shape import CATALOGUE, CONTROL, ISO_DATE, MAX_NUMBER, Field, Figure, Items, Table, Word, Words
from .texts import Text
from .tree import Node
from .wrong import cure, home_of, meant

FIRST_YEAR = 1900  # no spreadsheet knows an earlier day
_CONTROL = re.compile(f"[{CONTROL}]")


class Section:
    """A table of a document, read by its shape; each question takes one key, and ``finish`` looks at those left.

    Args:
        document: where problems go.
        path: the dotted key of the table.
        data: what stands there.
        shape: which keys it may have.
    """

    def __init__(self, document: Document, path: str, data: object, shape: Table = CATALOGUE) -> None:
        self.document, self.path, self.shape = document, path, shape
        self.data: dict[str, object] = {}
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
        """Whether the member is there."""
        return name in self.data

    def _take(self, name: str, field: Field, kind: type | tuple[type, ...], called: str) -> object:
        """Return the value of a member if it is of a kind; say so if it is missing and required, or of another."""
        if not self.has(name):
            if field.required:
                self.add(name, f'"{name}" is missing.', f"Add {name} = ...; it is {called}.")
            return None
        value = self.data[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.add(name, f'"{name}" is not {called}.', cure(name, value, called))
            return None
        return value

    def string(self, name: str, default: str = "", field: Field | None = None) -> str:
        """Return a short text: one of the choices of its shape or of its pattern, where it has any."""
        word = field or self.shape.member(name)
        assert isinstance(word, Word)  # noqa: S101 - the shape says so
        value = self._take(name, word, str, word.called)
        if not isinstance(value, str):
            return default
        if not value.strip():
            self.add(name, f'"{name}" is empty.', f"Write {word.called}, or remove the line.")
            return default
        good = value in word.choices or (word.pattern and re.fullmatch(word.pattern, value))
        if (word.choices or word.pattern) and not good:
            hint = meant(value, word.choices, bool(word.pattern))
            more = " or count:<what is counted>" if word.pattern else ""
            what = f'"{value[:60]}" is not allowed.' if not more else f'"{value[:60]}" is no unit.'
            self.add(name, f"{what}{hint}", f"Use {', '.join(word.choices)}{more}.")
            return default
        if len(value) > word.limit:
            self.add(name, f"The text has {len(value):,} characters; {word.limit:,} fit.", "Shorten it.")
            return default
        if not word.lines and _CONTROL.search(value):
            self.add(name, "The text holds a line break or control character.", "Write it on one line.")
            return default
        return value

    def number(self, name: str) -> float | None:
        """Return a finite number."""
        value = self._take(name, self.shape.member(name), (int, float), "a number")
        if isinstance(value, (int, float)) and abs(value) <= MAX_NUMBER:
            return float(value)
        if value is not None:
            self.add(name, f'"{name}" is no finite number.', "Write a plain number.")
        return None

    def flag(self, name: str) -> bool:
        """Return true or false; false where nothing stands."""
        return bool(self._take(name, self.shape.member(name), bool, "true or false"))

    def day(self, name: str) -> date | None:
        """Return a date, which may stand in quotes."""
        called = "a date such as 2024-10-13"
        value = self._take(name, self.shape.member(name), (date, str), called)
        if isinstance(value, str) and re.fullmatch(ISO_DATE, value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if isinstance(value, (str, datetime)) or (isinstance(value, date) and value.year < FIRST_YEAR):
            since = "" if isinstance(value, (str, datetime)) else f", in {FIRST_YEAR} or later"
            self.add(name, f'"{name}" is not {called}{since}.', f"Write {called}.")
            return None
        return value if isinstance(value, date) else None

    def items(self, name: str) -> list[object]:
        """Return a list whose members are all of the kind that its shape says."""
        field = self.shape.member(name)
        return self.members(name, field) if isinstance(field, Items) else []

    def members(self, name: str, field: Items) -> list[object]:
        """Return a list that stands under a key."""
        value = self._take(name, field, list, f"a list of {field.called}")
        found = value if isinstance(value, list) else []
        kinds: dict[type, type | tuple[type, ...]] = {Figure: (int, float), Word: str, Table: dict}
        kind = kinds[type(field.each)]
        wrong = [item for item in found if not isinstance(item, kind) or isinstance(item, bool)]
        if isinstance(field.each, Figure):
            wrong = wrong or [item for item in found if not abs(float(str(item))) <= MAX_NUMBER]
        if isinstance(field.each, Word):
            wrong = wrong or [item for item in found if not str(item).strip() or len(str(item)) > field.each.limit]
        if wrong:
            what = f'"{name}" holds something else than {field.called}: {str(wrong[0])[:40]!r}.'
            self.add(name, what, f"Write a list of {field.called}.")
            return []
        if isinstance(value, list) and len(found) < field.least:
            self.add(name, f'"{name}" is an empty list.', f"Write {field.called}, or remove the line.")
        if field.most is not None and len(found) > field.most:
            self.add(name, f"{len(found)} {field.called} are too many.", f"Use {field.most} at most.")
            return []
        return found

    def table(self, name: str, shape: Table | None = None) -> Section:
        """Return a table below this one, empty where there is none."""
        field = shape or self.shape.member(name)
        inner = field if isinstance(field, Table) else Table(about="")
        return Section(self.document, self.key(name), self.data[name] if self.has(name) else {}, inner)

    def tables(self, name: str, refuse: Callable[[str], str | None]) -> dict[str, Section]:
        """Return the tables of a group such as ``[kpi.*]``; bad and look-alike names become problems."""
        group = self.table(name)
        inner = group.shape.each if isinstance(group.shape.each, Table) else Table(about="")
        found: dict[str, Section] = {}
        folded: dict[str, str] = {}
        for member, data in group.data.items():
            if reason := refuse(member):
                fix = f'Choose another name, such as "{better}".' if (better := _better(member, refuse)) else ""
                group.add(member, f'"{member[:60]}" cannot be a name: {reason}.', fix or "Choose another name.")
            elif isinstance(data, str) and isinstance(group.shape.each, Words):
                fix = f'Write {name}.{member}.en = "...", and pt, fr, es.'
                group.add(member, f'"{member}" stands without a language.', fix)
            elif member.casefold() in folded:
                other = folded[member.casefold()]
                group.add(member, f'"{member}" and "{other}" differ only by case.', "Excel would take them for one.")
            else:
                folded[member.casefold()] = member
                found[member] = Section(self.document, group.key(member), data, inner)
        return found

    def text(self, name: str) -> Text:
        """Return a text in several languages; English must be there."""
        field = self.shape.member(name)
        if not self.has(name):
            if field.required:
                self.add(name, f'"{name}" is missing.', f'Add {name}.en = "...", and pt, fr, es.')
            return Text()
        value = self.data[name]
        if isinstance(value, str):
            self.add(name, f'"{name}" stands without a language.', f'Write {name}.en = "...", and pt, fr, es.')
            return Text()
        return self.table(name).languages(field.limit if isinstance(field, Words) else 0)

    def languages(self, limit: int) -> Text:
        """Read this table itself as a text in several languages."""
        found = Text()
        for language, value in self.data.items():
            if language not in LANGUAGES:
                hint = suggest(language, LANGUAGES)
                self.add(language, f'"{language}" is no language of xlkpi.{hint}', f"Use {', '.join(LANGUAGES)}.")
            elif not isinstance(value, str) or not value.strip():
                self.add(language, "This text is empty or no text.", "Write it in quotes.")
            elif (size := excel_length(value)) > limit:
                self.add(language, f"The text has {size} characters; {limit} fit.", "Shorten it.")
            elif _CONTROL.search(value):
                self.add(language, "The text holds a line break or control character.", "Write it on one line.")
            elif value.lstrip().startswith("="):
                self.add(language, "The text begins with =, and Excel would read a formula.", "Begin with a word.")
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

    def finish(self, known: Iterable[str] | None = None) -> None:
        """Name every key that the shape, or ``known``, does not have, and those that do not go together."""
        names = list(self.shape.fields if known is None else known)
        for name in self.data:
            if name not in names:
                hint = suggest(name, names) or suggest(name.lower(), names) or home_of(name, self.shape)
                self.add(name, f'"{name[:60]}" is not known here.{hint}', f"Known are {', '.join(names)}.")
        if known is None:
            self._together()

    def _together(self) -> None:
        for name, field in self.shape.fields.items():
            if field.only and name in self.data and self.data.get(field.only[0]) != field.only[1]:
                what = f'Only {_a(field.only[1])} {self.path.partition(".")[0]} has "{name}".'
                self.add(name, what, f'Write {field.only[0]} = "{field.only[1]}", or remove it.')
        if self.shape.either:
            key, value, wanted = self.shape.either
            if self.data.get(key) == value and not any(name in self.data for name in wanted):
                fix = "Add values = [10, 9, ...], or of = the input that holds them."
                self.document.add(self.path, f"This {value} has no {wanted[0]}.", fix)


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _better(name: str, refuse: Callable[[str], str | None]) -> str:
    """Return a name like one that is refused, but good; else an empty text."""
    plain = re.sub(r"[.\-]", "_", plain_letters(name)) if name.isascii() or name.strip() else ""
    for candidate in (plain, plain.lower(), plain.upper(), plain.upper().replace("_", "")):
        for tail in ("", "_count", "X"):
            if candidate and refuse(candidate + tail) is None:
                return candidate + tail
    return ""
