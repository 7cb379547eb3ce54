"""What an upgrade could not carry over: said on the terminal, and kept for a sheet of the new workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .finding import NOTE, WARNING, Report
from .kept import Kept
from .read import Entry

Words = Callable[[str], str]  # what something is called, in a language


@dataclass
class Ledger:
    """Notes what stays behind, in two languages: the terminal's, and that of the workbook.

    Args:
        report: of the older workbook, for the terminal.
        kept: the lines for the sheet.
    """

    report: Report
    kept: list[Kept] = field(default_factory=list)

    def words(self, key: str, **values: object) -> Words:
        """Return a text of the product, its placeholders filled, to be said in any language."""

        def said(language: str) -> str:
            text = self.report.filled.catalogue.ui[key].get_in(language)
            filled = {name: value(language) if callable(value) else value for name, value in values.items()}
            return text.format(**filled) if filled else text

        return said

    def of(self, label: Words, what: Words | str) -> Words:
        """Return a name with what is meant of it, such as a month."""
        return self.words("verify.of", label=label, what=what)

    def renamed(self, what: Words, name: str) -> Words:
        """Return a sentence with what to do where a name was only changed."""
        hint = self.words("upgrade.was", name=name)
        return lambda language: f"{what(language)} {hint(language)}"

    def leave(self, entry: Entry, label: Words, why: Words, known: Words | None = None) -> None:
        """Note what stands in a cell and is not carried over as it stands.

        Args:
            entry: the cell.
            label: what it was.
            why: a sentence.
            known: what was done instead, where the value itself was carried over; then it is no loss.
        """
        report, own = self.report, self.report.filled.language
        shown = f"={entry.formula}" if entry.formula else report.shown(entry.value)
        head = known or self.words("upgrade.left", value=shown)
        what = f"{self.of(label, head)(report.language)} {why(report.language)}"
        report.at(entry, what, "", WARNING)
        self.kept.append(
            Kept(entry.sheet, entry.cell, label(own), entry.value, entry.formula and f"={entry.formula}", why(own))
        )

    def lose(self, sheet: str, cell: str, label: Words, text: str, why: Words) -> None:
        """Note something else than a cell's value that stays behind: a comment, a chart, a name."""
        report, own = self.report, self.report.filled.language
        shown = f" {report.shown(text)}." if text else ""
        report.add(sheet, cell, f"{label(report.language)}:{shown} {why(report.language)}", "", WARNING)
        self.kept.append(Kept(sheet, cell, label(own), None, text, why(own)))

    def mention(self, sheet: str, cell: str, what: Words) -> None:
        """Say something that the sheet need not keep, because nothing is lost by it."""
        self.report.add(sheet, cell, what(self.report.language), "", NOTE)
