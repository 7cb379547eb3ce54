"""What inputs, KPIs and lines of business were called before, so that older workbooks find their figures again."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .document import Document
from .model import Vertical
from .section import Section
from .shape import WAS

Olds = Mapping[str, tuple[str, ...]]
_ONCE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")


def read_was(section: Section) -> tuple[str, ...]:
    """Read a ``was`` key: the ids that the table had before."""
    return tuple(str(item) for item in section.members("was", WAS))


def take_was(section: Section) -> tuple[str, ...]:
    """Read a ``was`` key that stands among texts in several languages, and take it out of them."""
    found = read_was(section)
    section.data = {key: value for key, value in section.data.items() if key != "was"}
    return found


def check_renames(document: Document, vertical: Vertical) -> None:
    """Refuse former ids that are in use, or that two tables claim.

    Args:
        document: the file; problems are noted there.
        vertical: the line of business that was read from it.
    """
    _clashes(document, "input", {item.id: item.was for item in vertical.inputs.values()})
    _clashes(document, "kpi", {kpi.id: kpi.was for kpi in vertical.kpis.values()})
    for kpi in vertical.kpis.values():
        segments = dict.fromkeys(filter(None, kpi.segments), ()) | dict(kpi.segments_were)
        _clashes(document, f"kpi.{kpi.id}.segment", segments)


def check_renamed_vertical(document: Document, vertical: Vertical, others: Mapping[str, Vertical]) -> None:
    """Refuse former names of a line of business that another one has, or claims as well.

    Args:
        document: the file of the line of business.
        vertical: what was read from it.
        others: the lines of business that are there already.
    """
    if vertical.was:  # else the others need not be read
        known = {name: other.was for name, other in others.items() if name != vertical.id}
        _clashes(document, "vertical", {**known, vertical.id: vertical.was}, vertical.id)


def _clashes(document: Document, group: str, olds: Olds, only: str = "") -> None:
    """Note each former id that cannot be one; of a line of business, those of that one alone."""
    current = {name.casefold(): name for name in olds}
    claimed: dict[str, str] = {}
    for name, former in olds.items():
        key = f"{group}.was" if only else f"{group}.{name}.was"
        for old in former:
            folded = old.casefold()
            if only and name != only:
                claimed.setdefault(folded, name)
            elif not _ONCE.fullmatch(old):
                fix = "Write the id as it stood in the file before."
                document.add(key, f'"{old[:60]}" can never have been a name here.', fix)
            elif folded in current:
                what = f'"{old}" is still in use, so it cannot be the former name of "{name}".'
                document.add(key, what, "Remove it from was, or rename what is called so now.")
            elif folded in claimed:
                what = f'"{old}" is given twice as a former name: of "{claimed[folded]}" and of "{name}".'
                document.add(key, what, "Keep it in one place, where its figures belong.")
            else:
                claimed[folded] = name


def now_called(olds: Olds, old: str) -> str:
    """Return what an id is called now, or an empty text where nothing is or was called so.

    Args:
        olds: the former ids, by the present one.
        old: the id in an older workbook.

    Returns:
        The present id.

    >>> now_called({"new_clients": ("signups",), "sessions": ()}, "signups")
    'new_clients'
    """
    if old in olds:
        return old
    return next((name for name, former in olds.items() if old in former), "")
