"""Numbers as people type them on a command line, and figures as they are printed back."""

from __future__ import annotations

import re
from decimal import Decimal

from .errors import EXCEL_ERRORS, KpiError

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_DRESSED = re.compile(r"[$€£]\s?-?\d+(\.\d+)?|-?\d+(\.\d+)?\s?[%$€£]")
_THOUSANDS = re.compile(r"\d{1,3}([, ])\d{3}(\1\d{3})*")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")


class TypedValueError(ValueError):
    """A value can be read in two ways, or in none."""


def typed_value(text: str, is_range: bool = False) -> object:
    """Read one argument: a number, a range in spaces, semicolons or commas, TRUE, or a text.

    Args:
        text: as typed, such as ``85``, ``"9 8 7"``, ``9;8;7`` or ``9,8,7``.
        is_range: whether the argument is a range, in which every member must be a number.

    Returns:
        A number, a list, a truth value, or the text itself, which no formula accepts.

    Raises:
        TypedValueError: ``85,5`` may be a decimal or two numbers, so it has to be asked for.

    >>> typed_value("9 8 7"), typed_value("85")
    ([9.0, 8.0, 7.0], 85.0)
    """
    stripped = text.strip()
    if not stripped:
        raise TypedValueError("An argument is empty. Write 0 if you mean zero.")
    if _DRESSED.fullmatch(stripped):
        bare = re.sub(r"[^0-9.\-]", "", stripped)
        raise TypedValueError(f'"{stripped}" is not a plain number. Write {bare}; 85 stands for 85%.')
    if _THOUSANDS.fullmatch(stripped) and ("," in stripped or not is_range):
        bare = re.sub(r"[^0-9]", "", stripped)
        raise TypedValueError(f'Is "{stripped}" the number {bare}, or a range? Write {bare}, or join a range by ";".')
    if _DECIMAL_COMMA.fullmatch(stripped):
        left, right = stripped.split(",")
        raise TypedValueError(
            f'Is "{stripped}" the number {left or 0}.{right}, or the two numbers {left or 0} and {right}? '
            f'Write {left or 0}.{right} for the one, "{left or 0};{right}" for the other.'
        )
    if ";" in stripped or re.search(r"\s", stripped) or stripped.count(",") > 1:
        parts = re.split(r"\s*;\s*|\s+", stripped) if re.search(r"[;\s]", stripped) else stripped.split(",")
        return [_in_range(part.strip(","), is_range) for part in parts if part.strip(",")]
    return _in_range(stripped, is_range)


def _in_range(text: str, is_range: bool) -> object:
    """Read a member; what Excel would skip in a range without a word is asked about here."""
    value = _member(text)
    if is_range and isinstance(value, str) and value not in EXCEL_ERRORS:
        raise TypedValueError(f'"{value}" in the range is no number. Leave it out, or write a number.')
    return value


def _member(text: str) -> object:
    if _DECIMAL_COMMA.fullmatch(text):
        raise TypedValueError(f'"{text}" has a comma; write {text.replace(",", ".")} for a decimal number.')
    if _PLAIN.fullmatch(text):
        return float(text)
    return {"TRUE": True, "FALSE": False}.get(text.upper(), text)


def figure_text(value: object) -> str:
    """Print a figure with up to 12 significant digits and no trailing zeros; a list member by member.

    >>> figure_text(83.33333333333333), figure_text(85.0)
    ('83.3333333333', '85')
    """
    if isinstance(value, list):
        rows = [figure_text(item) for item in value]
        return ("\n" if any(isinstance(item, list) for item in value) else " ").join(rows)
    if isinstance(value, KpiError):
        return value.code
    number = float(str(value))
    rounded = f"{number:.12g}"
    if "e" in rounded and 1e-5 <= abs(number) < 1e15:
        rounded = format(Decimal(rounded), "f")
    return "0" if rounded == "-0" else rounded
