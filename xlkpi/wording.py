"""How functions and numbers are written for a reader, with the separators of a language's Excel."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Band, Function
from .notation import number_text, to_text

_DECIMAL_COMMA = frozenset(("pt", "fr"))
_SEMICOLON = frozenset(("pt", "fr", "es"))  # separator of arguments, where Excel shows a decimal comma


def separator(language: str) -> str:
    """Return what stands between the arguments of a function."""
    return "; " if language in _SEMICOLON else ", "


def localised(text: str, language: str) -> str:
    """Write a number with the decimal sign of a language's Excel."""
    return text.replace(".", ",") if language in _DECIMAL_COMMA else text


def shown_number(value: float, language: str) -> str:
    """Write a number as a reader of a language types it."""
    return localised(number_text(float(value)), language)


def signature(function: Function, language: str) -> str:
    """Return how a function is typed, such as ``=CSS(satisfied_clients, surveyed_clients)``."""
    return typed_as(function.name, function, language)


def typed_as(name: str, function: Function, language: str) -> str:
    """Return how a function is typed under another name, such as that of its LAMBDA."""
    return typed(name, [(each.id, each.id in function.optional) for each in function.arguments], language)


def typed(name: str, arguments: Iterable[tuple[str, bool]], language: str) -> str:
    """Return how a function is typed, from its arguments and whether each may be left out."""
    shown = (f"[{argument}]" if optional else argument for argument, optional in arguments)
    return f"={name}({separator(language).join(shown)})"


def shown_formula(function: Function, language: str) -> str:
    """Return the formula over argument names, as a reader of the workbook would type it."""
    text = to_text(function.formula).replace("**", "^")
    return localised(text.replace(", ", separator(language)), language)


def shown_band(band: Band, language: str) -> str:
    """Return where a band begins, such as ``>= 80`` or ``60 .. 90``."""
    edge = shown_number(band.edge, language)
    if band.upper is not None:
        return f"{edge} .. {shown_number(band.upper, language)}"
    return f"{band.operator} {edge}"
