"""Small catalogue files of a user, written by tests into folders of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def function(name: str, formula: str = "part_count / whole_count * 100", example: bool = False) -> str:
    """A function of two counts, in percent."""
    return f"""
[function.{name}]
help.en = "A part as a share of a whole, in percent ({name})."
formula = "{formula}"
unit = "percent"
arg.part_count = {{ unit = "count:things", help.en = "The part" }}
arg.whole_count = {{ unit = "count:things", help.en = "The whole" }}
{"example = { part_count = 1, whole_count = 4, gives = 25 }" if example else ""}
"""


def kpi(name: str, example: bool = False) -> str:
    """A KPI that shows a function."""
    return f"""
[kpi.{name.lower()}_kpi]
function = "{name}"
value = "{name}(sold_cups, made_cups)"
name.en = "Share {name}"
better = "higher"
year = "inputs"
bands = {{ typical = ">= 50" }}
{"example = { part_count = 3, whole_count = 4, gives = 75 }" if example else ""}
"""


def line_of_business(own: Sequence[str] = (), used: Sequence[str] = (), example: bool = False) -> str:
    """A line of business that defines some functions and shows some."""
    return "".join([
        '[vertical]\nname.en = "A trade"\n\n[article]\ntitle = "My own books"\nnames_source = true\n',
        '[input.sold_cups]\nunit = "count:things"\nkind = "flow"\nlabel.en = "Sold"\n',
        '[input.made_cups]\nunit = "count:things"\nkind = "flow"\nlabel.en = "Made"\n',
        *map(function, own),
        *(kpi(name, example) for name in used or own),
    ])  # fmt: skip


def write(folder: Path, **texts: str) -> Path:
    """Write files named after the keywords, with hyphens for underscores, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name.replace('_', '-')}.toml").write_text(text, "utf-8")
    return folder
