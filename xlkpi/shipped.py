"""The catalogue that comes with xlkpi; each of its files is read when something in it is first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache, cached_property

from .building import build_functions, build_vertical, refuse_errors
from .document import Document
from .model import Catalogue, Function, Vertical
from .names import DATA, shipped_text
from .texts import Text

SHARED = "functions.toml"  # holds functions that several lines of business share, here and in a user's folder


@cache
def shipped() -> Catalogue:
    """Return the shipped lines of business, functions and texts.

    >>> shipped().functions["CSS"](85, 100)
    85.0
    """
    text = shipped_text(SHARED)
    document = Document(SHARED, text)
    shared = build_functions(document, "")
    refuse_errors(document)
    ui = ShippedTexts()
    verticals = ShippedVerticals(shared, ui)
    return Catalogue(verticals, ShippedFunctions(shared, verticals), ui, text)


class ShippedVerticals(Mapping[str, Vertical]):
    """The shipped lines of business; each file is read when it is first asked for.

    That the files hold to the rules is for the project's tests to see.
    """

    def __init__(self, shared: Mapping[str, Function], ui: Mapping[str, Text]) -> None:
        self.shared, self.ui = shared, ui
        files = sorted(os.listdir(os.path.join(DATA, "verticals")))
        self.read: dict[str, Vertical | None] = {f.removesuffix(".toml"): None for f in files if f.endswith(".toml")}

    def __getitem__(self, name: str) -> Vertical:
        vertical = self.read[name]
        if vertical is None:
            document = Document(f"{name}.toml", shipped_text("verticals", f"{name}.toml"))
            own = build_functions(document, name)
            vertical = self.read[name] = build_vertical(document, name, Catalogue({}, self.shared, self.ui), own)
            refuse_errors(document)
        return vertical

    def __iter__(self) -> Iterator[str]:
        return iter(self.read)

    def __len__(self) -> int:
        return len(self.read)


class ShippedFunctions(Mapping[str, Function]):
    """The shared functions, and those of every shipped line of business once one of them is asked for."""

    def __init__(self, shared: Mapping[str, Function], verticals: Mapping[str, Vertical]) -> None:
        self.shared, self.verticals = shared, verticals

    @cached_property
    def _all(self) -> dict[str, Function]:
        found = dict(self.shared)
        for vertical in self.verticals.values():
            found |= {name: f for name, f in vertical.functions.items() if f.vertical == vertical.id}
        return found

    def __getitem__(self, name: str) -> Function:
        return self.shared[name] if name in self.shared else self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


class ShippedTexts(Mapping[str, Text]):
    """The texts of ``ui.toml`` by their dotted keys, read when the first of them is asked for."""

    @cached_property
    def _texts(self) -> dict[str, Text]:
        document = Document("ui.toml", shipped_text("ui.toml"))
        refuse_errors(document)
        found: dict[str, Text] = {}

        def visit(key: str, value: object) -> None:
            if isinstance(value, dict) and isinstance(value.get("en"), str):
                found[key] = Text(value)
            elif isinstance(value, dict):
                for name, inner in value.items():
                    visit(f"{key}.{name}" if key else name, inner)

        visit("", document.data)
        return found

    def __getitem__(self, key: str) -> Text:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
