"""Data written as the text of a TOML file, in the manner of the shipped catalogue files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

_INLINE = frozenset(("bands", "example", "optional", "value"))  # short tables that stand on one line


def value_text(value: object) -> str:
    """Write one value.

    Args:
        value: a text, number, true or false, date, list or table of such.

    Returns:
        The value as TOML, on one line.

    Raises:
        TypeError: TOML has no such value.

    >>> value_text({"typical": ">= 80", "steps": [1, 2.5, True]})
    '{ typical = ">= 80", steps = [1, 2.5, true] }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's escapes are all TOML's, too
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key_text(str(key))} = {value_text(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    raise TypeError(f"TOML has no {type(value).__name__}")


def key_text(key: str) -> str:
    """Write one part of a key, in quotes where it needs them.

    >>> key_text("end_clients"), key_text("a b")
    ('end_clients', '"a b"')
    """
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else value_text(key)


def assignments(table: Mapping[str, object], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Take a table apart into the lines below its header.

    Args:
        table: what stands below the header.
        above: the parts of the key that the table itself has.

    Returns:
        Each key in its parts, and its line, such as ``label.en = "Clients"``.

    >>> [line for _, line in assignments({"unit": "hours", "label": {"en": "Hours"}})]
    ['unit = "hours"', 'label.en = "Hours"']
    """
    for name, value in table.items():
        key = (*above, str(name))
        if isinstance(value, Mapping) and value and not _is_inline(str(name), value, above):
            yield from assignments(value, key)
        else:
            yield key, f"{'.'.join(map(key_text, key))} = {value_text(value)}"


def _is_inline(name: str, table: Mapping[str, object], above: tuple[str, ...]) -> bool:
    """Whether a table stands in braces: the bands of a segment, too, but no table of tables."""
    named = name in _INLINE or (bool(above) and above[-1] in _INLINE)
    return named and not any(isinstance(item, Mapping) for item in table.values())
