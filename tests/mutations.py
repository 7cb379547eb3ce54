"""Mutations of a good catalogue file: one fault of structure each, at every place of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date, time

# What is put in the place of each value, by a word for it.
VALUES: dict[str, object] = {
    "number": 7,
    "text": "zzz zzz",
    "empty text": "",
    "blank text": "  ",
    "long text": "z" * 1_001,
    "text of two lines": "a\nb",
    "formula as text": "=1+1",
    "true": True,
    "list": [],
    "list of numbers": [7, 8],
    "list of texts": ["zzz"],
    "list of many": [1.5] * 61,
    "list of tables": [{"zzz": 1}],
    "table": {},
    "table of a number": {"zzz": 1},
    "table of a text": {"zzz": "zzz"},
    "date": date(2026, 1, 2),
    "time": time(10, 11),
    "huge": 1e301,
    "infinite": float("inf"),
}
NAMES = ("Zzz Zzz", "z" * 50, "9z", "zz-zz", "zzzé")


def places(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield the path of each value below the top."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


def _holder(data: dict, path: tuple[object, ...]) -> object:
    found: object = data
    for key in path[:-1]:
        found = found[key]  # type: ignore[index]
    return found


def mutations(good: dict) -> Iterator[tuple[str, dict]]:
    """Yield the name and the data of each mutation."""
    for path in places(good):
        where = ".".join(map(str, path))
        for word, value in VALUES.items():
            if isinstance(value, (date, time)) and path[-1] != "date":
                continue  # an editor hands dates to the schema as texts
            data = copy.deepcopy(good)
            _holder(data, path)[path[-1]] = value  # type: ignore[index]
            yield f"{where} is a {word}", data
        data = copy.deepcopy(good)
        del _holder(data, path)[path[-1]]  # type: ignore[attr-defined]
        yield f"{where} is missing", data
        if isinstance(path[-1], str):
            for name in NAMES:
                data = copy.deepcopy(good)
                holder = _holder(data, path)
                holder[name] = holder.pop(path[-1])  # type: ignore[index,attr-defined]
                yield f"{where} is called {name}", data
            data = copy.deepcopy(good)
            _holder(data, path)["zzzz"] = 1  # type: ignore[index]
            yield f"beside {where} stands another", data


def toml(data: dict) -> str:
    """Write data as TOML: a header for each table of the second level, all below it in line."""
    lines = []
    for name, value in data.items():
        if isinstance(value, dict) and value and all(isinstance(inner, dict) for inner in value.values()):
            for key, inner in value.items():
                lines += [f"[{_key(name)}.{_key(key)}]", *(f"{_key(k)} = {_value(v)}" for k, v in inner.items())]
        elif isinstance(value, dict):
            lines += [f"[{_key(name)}]", *(f"{_key(k)} = {_value(v)}" for k, v in value.items())]
        else:
            lines.insert(0, f"{_key(name)} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return json.dumps(name)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, (date, time)):
        return value.isoformat()
    return "inf" if value == float("inf") else json.dumps(value, ensure_ascii=False)
