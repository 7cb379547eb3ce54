"""Texts in several languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
