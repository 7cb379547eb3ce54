"""Texts in several languages, and the keys in ``ui.toml`` of the words for levels and edges."""

from __future__ import annotations

import re
from collections.abc import Mapping

LEVEL_KEYS = ("level.below", "level.typical", "level.above", "level.exceptional")
OUTSIDE = "level.outside"  # what is below all bands where a range is best: too low or too high
OPERATOR_KEYS = {">=": "edge.ge", ">": "edge.gt", "<=": "edge.le", "<": "edge.lt"}
# The words that may stand beside an edge, by direction: the one that takes the edge in, the one that does not.
EDGE_KEYS: dict[str, tuple[str, ...]] = {
    "higher": (OPERATOR_KEYS[">="], OPERATOR_KEYS[">"]),
    "lower": (OPERATOR_KEYS["<="], OPERATOR_KEYS["<"]),
    "range": (),
}

_FRENCH_SPACE = re.compile(r" (?=[:;?!%»])|(?<=«) ")
_SPANISH_SPACE = re.compile(r"(?<=\d) (?=%)")


class Text(dict[str, str]):
    """A text in several languages; a language that is missing falls back to English."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        super().__init__()
        for language, text in (texts or {}).items():
            self[language] = text

    def __setitem__(self, language: str, text: str) -> None:
        """Keep a text; no line breaks before French punctuation or before a percent sign."""
        pattern = {"fr": _FRENCH_SPACE, "es": _SPANISH_SPACE}.get(language)
        super().__setitem__(language, pattern.sub("\u00a0", text) if pattern else text)

    def get_in(self, language: str) -> str:
        """Return the text in a language, or in English where that language is missing."""
        return self.get(language) or self.get("en", "")


def level_keys(better: str) -> tuple[str, ...]:
    """Return the keys of the levels' words: what a range does not hold lies outside it, not below.

    >>> level_keys("range")[0], level_keys("lower")[0]
    ('level.outside', 'level.below')
    """
    return (OUTSIDE, *LEVEL_KEYS[1:]) if better == "range" else LEVEL_KEYS
