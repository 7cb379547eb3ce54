"""Files that break one rule each, made from one good file and a table of changes.

``python tests/spoil.py FOLDER`` writes them all, to see what ``xlkpi check FOLDER`` says.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent / "broken"
GOOD = (HERE / "good.toml").read_text("utf-8")


class Fault(NamedTuple):
    """One row of the table."""

    old: str
    new: str
    severity: str
    key: str
    words: str

    @property
    def text(self) -> str:
        """The good file with this fault in it."""
        old, new = (text.replace("\\n", "\n") for text in (self.old, self.new))
        if old not in GOOD:
            raise ValueError(f"the good file has no {old!r}")
        return GOOD.replace(old, new, 1)


FAULTS = [
    Fault(*line.split(" | "))
    for line in (HERE / "table.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def main() -> None:
    """Write a file for each fault."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, fault in enumerate(FAULTS, 1):
        (folder / f"broken-rule-{number:02}.toml").write_text(fault.text, "utf-8")


if __name__ == "__main__":
    main()
