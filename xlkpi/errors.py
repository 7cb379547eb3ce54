"""What can go wrong, as records and exceptions that speak to the user."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a user's file: where it is, what it is, how to mend it.

    Args:
        file: name of the file as the user gave it.
        line: line in the file, from 1; 0 when the whole file is meant.
        key: dotted key in the file, such as ``kpi.retention.bands``.
        column: column in a formula, from 1; 0 when no formula is meant.
        what: what is wrong, in a sentence.
        fix: what to do, in a sentence.
        severity: ``"error"`` or ``"warning"``.
        excerpt: the formula with a caret under the place, or ``""``.
    """

    file: str
    line: int
    key: str
    column: int
    what: str
    fix: str
    severity: str = "error"
    excerpt: str = ""

    def __str__(self) -> str:
        where = self.file + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")
        key = f" {self.key}:" if self.key else ""
        text = visible(f"{where}: {self.severity}:{key} {self.what} {self.fix}".rstrip())
        return f"{text}\n{self.excerpt}" if self.excerpt else text

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain values, for ``--json``."""
        names = ("file", "line", "key", "column", "severity", "what", "fix")
        return {name: getattr(self, name) for name in names}


def visible(text: str) -> str:
    r"""Return a text with its control and hidden characters spelt out, which a terminal might obey.

    >>> visible("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\u00a0" else c.encode("unicode_escape").decode() for c in text)


class CatalogueError(Exception):
    """A catalogue cannot be used; ``problems`` holds every reason, not the first alone."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class FormulaError(ValueError):
    """A formula is not in the formula language.

    Args:
        what: what is wrong.
        fix: how to mend it.
        column: where, from 1.
        text: the formula, for the line with the caret.
    """

    def __init__(self, what: str, fix: str, column: int = 1, text: str = "") -> None:
        self.what, self.fix, self.column, self.text = what, fix, column, text
        super().__init__(f"{what} {fix}" + (f"\n{self.excerpt}" if text else ""))

    @property
    def excerpt(self) -> str:
        """The part of the formula around the fault, with a caret under it."""
        start = max(0, self.column - 41)
        piece = "".join(c if c.isprintable() else " " for c in self.text[start : start + 80])
        return f"    {piece}\n    {' ' * (self.column - 1 - start)}^" if piece else ""


class KpiError(ArithmeticError):
    """A KPI cannot be computed from these inputs.

    Each kind has the error code that Excel shows for it, in ``code``; ``message`` is a sentence.
    """

    code = "#VALUE!"

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r})"


class NotANumberError(KpiError):
    """An argument is text or another thing that is no number (#VALUE!)."""

    code = "#VALUE!"


class ZeroDivisorError(KpiError, ZeroDivisionError):
    """The formula would divide by zero (#DIV/0!)."""

    code = "#DIV/0!"


class ImpossibleInputError(KpiError):
    """An input that cannot be, or a result that is no real, finite number (#NUM!)."""

    code = "#NUM!"


class OverflowedError(ImpossibleInputError):
    """The inputs are possible, the result is too large for a cell (#NUM!)."""


class ShapeError(KpiError):
    """Two ranges whose shapes do not meet (#N/A)."""

    code = "#N/A"


class MissingInputError(KpiError):
    """Python's ``None`` was given where a number is needed (#N/A)."""

    code = "#N/A"


EXCEL_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
