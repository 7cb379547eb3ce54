"""What there is to say about a filled workbook: where it is, what it is, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import visible
from ..policy import is_number
from ..wording import shown_number
from .read import Entry, Filled
from .saved import ErrorValue

_LONGEST = 120  # characters of a text that are worth repeating
_LONGEST_WHAT = 1_000  # of all that is said to be wrong, which may repeat a formula
ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class Finding:
    """One thing to say about a workbook.

    Args:
        file: name of the file.
        sheet: title of the sheet; empty when the whole file is meant.
        cell: the cell, such as ``"D10"``; empty when the whole sheet is meant.
        what: what is wrong, in a sentence.
        fix: what to do, in a sentence.
        severity: ``"error"``, ``"warning"``, or ``"note"`` for what is as good as it was.
    """

    file: str
    sheet: str
    cell: str
    what: str
    fix: str = ""
    severity: str = ERROR

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        where = f"{self.file}: {place}: " if place else f"{self.file}: "
        lines = f"{where}{self.severity}: {self.what} {self.fix}".rstrip().split("\n")
        return "\n".join(map(visible, lines))

    def as_dict(self) -> dict[str, object]:
        """Return the finding as plain values, for ``--json``."""
        return {name: getattr(self, name) for name in ("file", "sheet", "cell", "severity", "what", "fix")}


class Report:
    """The findings of one workbook, in the words of a language.

    Args:
        filled: the workbook.
        language: of the words; the workbook's own where it is empty.
    """

    def __init__(self, filled: Filled, language: str = "") -> None:
        self.filled, self.language = filled, language or filled.language
        self.start = filled.start
        self.findings: list[Finding] = []

    def say(self, key: str, **values: object) -> str:
        """Return a text of the product."""
        text = self.filled.catalogue.ui[key].get_in(self.language)
        return text.format(**values) if values else text

    def shown(self, value: object) -> str:
        """Return what stands in a cell, as people read it."""
        if value is None or value == "":
            return self.say("verify.empty")
        if isinstance(value, (int, float)) and is_number(value):
            return shown_number(value, self.language)
        return str(value)[:_LONGEST] if isinstance(value, (ErrorValue, bool)) else f'"{str(value)[:_LONGEST]}"'

    def of(self, label: str, what: str) -> str:
        """Return a sentence about a figure of that name, as one sentence."""
        return self.say("verify.of", label=label, what=f"{what[:1].lower()}{what[1:]}")

    def add(self, sheet: str, cell: str, what: str, fix: str = "", severity: str = ERROR) -> None:
        """Note a finding."""
        if len(what) > _LONGEST_WHAT:
            what = f"{what[:_LONGEST_WHAT]}…"
        self.findings.append(Finding(self.filled.file, sheet, cell, what, fix, severity))

    def at(self, entry: Entry, what: str, fix: str = "", severity: str = ERROR) -> None:
        """Note a finding about a cell that the user may type in."""
        self.add(entry.sheet, entry.cell, what, fix, severity)
