"""The JSON Schema of a catalogue file, printed from the table that the checker reads by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .model import BANDS
from .names import LANGUAGES
from .shape import (
    BAND_TABLE,
    CATALOGUE,
    CONTROL,
    EDGES,
    FUNCTIONS_FILE,
    ISO_DATE,
    KPI,
    MAX_NUMBER,
    BySegment,
    Day,
    Field,
    Figure,
    Flag,
    Items,
    Table,
    Word,
    Words,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS: Mapping[str, Table] = {"vertical": CATALOGUE, "functions": FUNCTIONS_FILE}
_LANGUAGE_NAMES = {"en": "English", "pt": "Portuguese (Brazil)", "fr": "French", "es": "Spanish"}
_SOME_WORDS = f"^[^{CONTROL}]*[^{CONTROL}\\s][^{CONTROL}]*$"
Schema = dict[str, Any]


def schema(kind: str = "vertical") -> Schema:
    """Return the JSON Schema (draft 2020-12) of a catalogue file, for editors that complete and underline.

    Args:
        kind: ``"vertical"`` for the file of a line of business, ``"functions"`` for a folder's ``functions.toml``.

    Returns:
        The schema, as plain values.

    >>> schema()["required"]
    ['vertical', 'kpi']
    """
    top = KINDS[kind]
    return {"$schema": DIALECT, "title": f"xlkpi: {kind}", **_table(top), "$defs": _shared()}


def _shared() -> Schema:
    """Return what stands in many places, once."""
    texts = {f"words_{limit}": _texts(limit) for limit in sorted(set(_limits(CATALOGUE)))}
    return {**texts, **{f"bands_{better}": _bands(better) for better in EDGES}}


def _texts(limit: int) -> Schema:
    """Return the schema of a text in each language."""
    return {
        "type": "object",
        "required": ["en"],
        "additionalProperties": False,
        "properties": {
            language: {
                "type": "string",
                "description": f"In {_LANGUAGE_NAMES[language]}, {limit:,} characters at most.",
                "maxLength": limit,
                "pattern": _SOME_WORDS,
                "not": {"pattern": "^\\s*="},
            }
            for language in LANGUAGES
        },
    }


def _limits(field: Field) -> list[int]:
    if isinstance(field, Words):
        return [field.limit]
    inner = [*field.fields.values(), field.each] if isinstance(field, Table) else []
    inner += [field.each] if isinstance(field, (BySegment, Items)) else []
    return [limit for each in inner if each is not None for limit in _limits(each)]


def _of(field: Field) -> Schema:
    """Return the schema of a key, with what it is for."""
    for kind, write in _WRITERS.items():
        if isinstance(field, kind):
            return {"description": field.about, **write(field)}
    raise TypeError(type(field).__name__)


def _word(field: Word) -> Schema:
    if field.choices and field.pattern:
        return {"type": "string", "anyOf": [{"enum": list(field.choices)}, {"pattern": f"^{field.pattern}$"}]}
    if field.choices:
        return {"type": "string", "enum": list(field.choices)}
    return {"type": "string", "maxLength": field.limit, "pattern": "\\S" if field.lines else _SOME_WORDS}


def _figure(field: Figure) -> Schema:
    number: Schema = {"type": "number", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER}
    # Not anyOf, whose errors would not say which member of the list is wrong.
    return {**number, "type": ["number", "array"], "items": number} if field.ranges else number


def _flag(_: Flag) -> Schema:
    return {"type": "boolean"}


def _day(_: Day) -> Schema:
    return {"type": "string", "format": "date", "pattern": f"^{ISO_DATE}$"}


def _words(field: Words) -> Schema:
    if field.also:
        plain = _texts(field.limit)
        return {
            **plain,
            "properties": {**plain["properties"], **{name: _of(each) for name, each in field.also.items()}},
        }
    return {"$ref": f"#/$defs/words_{field.limit}"}


def _items(field: Items) -> Schema:
    least = {"minItems": field.least} if field.least else {}
    most = {} if field.most is None else {"maxItems": field.most}
    return {"type": "array", "items": _of(field.each), **least, **most}


def _table(field: Table) -> Schema:
    """Return the schema of a table: its keys, those of one pattern, and what goes together."""
    pattern, limit = field.names
    found: Schema = {"description": field.about, "type": ["object", "string"] if field.text_too else "object"}
    if required := [name for name, each in field.fields.items() if each.required]:
        found["required"] = required
    if field.fields:
        found["properties"] = {name: _of(each) for name, each in field.fields.items()}
    found["additionalProperties"] = False if field.each is None else _of(field.each)
    if field.each is not None and not field.fields:
        found["propertyNames"] = {"pattern": f"^{pattern}$", "maxLength": limit}
    if field.required:
        found["minProperties"] = 1
    if rules := [*_together(field), *(_kpi_rules() if field is KPI else [])]:
        found["allOf"] = rules
    return found


def _together(field: Table) -> list[Schema]:
    """Return the rules of keys that go with one value of another."""
    rules: list[Schema] = [
        {"if": {"not": _is(*each.only)}, "then": {"properties": {name: False}}}
        for name, each in field.fields.items()
        if each.only
    ]
    if field.either:
        key, value, wanted = field.either
        needs = {"anyOf": [{"required": [name]} for name in wanted]}
        rules.append({"if": _is(key, value), "then": needs})
    return rules


def _is(key: str, value: str) -> Schema:
    return {"required": [key], "properties": {key: {"const": value}}}


def _kpi_rules() -> list[Schema]:
    """Return how a KPI is written with segments and without, and its bands by the direction that is better."""
    segmented = {"required": ["segment"], "properties": {"segment": {"type": "object", "minProperties": 1}}}
    once: Schema = {}
    each: Schema = {}
    for name, field in KPI.fields.items():
        if isinstance(field, BySegment) and not field.judged:
            once[name] = _of(field.each)
            each[name] = _per_segment(once[name], field.for_all)
    rules: list[Schema] = [{"if": segmented, "then": {"properties": each}, "else": {"properties": once}}]
    for better in EDGES:
        bands = {"$ref": f"#/$defs/bands_{better}"}
        then = {
            "if": segmented,
            "then": {"properties": {"bands": _per_segment(bands, for_all=False)}},
            "else": {"properties": {"bands": bands}},
        }
        rules.append({"if": _is("better", better), "then": then})
    return rules


def _per_segment(inner: Schema, for_all: bool) -> Schema:
    found: Schema = {"type": "object", "additionalProperties": inner}
    return {**inner, **found, "type": ["object", inner["type"]]} if for_all else found


def _bands(better: str) -> Schema:
    word = BAND_TABLE.fields
    return {
        "type": "object",
        "description": BAND_TABLE.about,
        "additionalProperties": False,
        "properties": {
            name: {"type": "string", "description": word[name].about, "pattern": f"^{EDGES[better]}$"} for name in BANDS
        },
    }


def _by_segment(field: BySegment) -> Schema:
    """Return what an editor shows of the key; how it is written depends on other keys, see ``_kpi_rules``."""
    inner = "array" if isinstance(field.each, Items) else "string" if isinstance(field.each, Word) else "object"
    return {"type": ["object", inner]} if inner != "object" else {"type": "object"}


_WRITERS: dict[type[Field], Callable[[Any], Schema]] = {
    Word: _word,
    Figure: _figure,
    Flag: _flag,
    Day: _day,
    Words: _words,
    Items: _items,
    Table: _table,
    BySegment: _by_segment,
}
