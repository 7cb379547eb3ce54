"""Which inputs and KPI rows of an older definition live on in a newer one, and under which name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..model import BANDS, Input, Kpi, Vertical
from ..renamed import now_called
from .book import row_id

_OF_INPUTS = ("in", "use")
_OF_ROWS = ("kpi", "year", "band_year", "band_latest", "target", "targetend", "period", "prev")
_OF_BANDS = ("bench", "operator", "upper")
FAMILIES = (*_OF_INPUTS, *_OF_ROWS, *_OF_BANDS, "set", "log", "kept", "band", "lever", "sure")
_MONTHLY = ("flow", "opening", "closing", "level")


@dataclass(frozen=True)
class RowPair:
    """A KPI row of the older definition beside the one that it has become."""

    old: Kpi
    old_segment: str
    new: Kpi
    new_segment: str

    @property
    def old_id(self) -> str:
        """The older row's name in defined names."""
        return row_id(self.old, self.old_segment)

    @property
    def new_id(self) -> str:
        """The newer row's name in defined names."""
        return row_id(self.new, self.new_segment)


@dataclass(frozen=True)
class Match:
    """Two definitions of a line of business beside each other.

    Args:
        old: the one that a workbook was made by.
        new: the one that it is to have.
    """

    old: Vertical
    new: Vertical

    @cached_property
    def inputs(self) -> dict[str, Input]:
        """What each older input is now, by the older id; one that is no more is left out."""
        olds = {item.id: item.was for item in self.new.inputs.values()}
        found: dict[str, Input] = {}
        for name in self.old.inputs:
            now = now_called(olds, name)
            # Where both names were in use, the one that still is keeps its figures.
            if now and (now == name or now not in self.old.inputs) and now not in [each.id for each in found.values()]:
                found[name] = self.new.inputs[now]
        return found

    @cached_property
    def rows(self) -> dict[str, RowPair]:
        """What each older KPI row is now, by the older row's name."""
        found: dict[str, RowPair] = {}
        taken: set[str] = set()
        olds = {kpi.id: kpi.was for kpi in self.new.kpis.values()}
        for kpi, segment in self.old.rows():
            now = now_called(olds, kpi.id)
            if not now or (now != kpi.id and now in self.old.kpis):
                continue
            new = self.new.kpis[now]
            segments = {name: new.segments_were.get(name, ()) for name in new.segments}
            other = segment if segment in segments else now_called(segments, segment) if segment else ""
            if other in segments and (other == segment or other not in kpi.segments):
                pair = RowPair(kpi, segment, new, other)
                if pair.new_id not in taken:
                    taken.add(pair.new_id)
                    found[pair.old_id] = pair
        return found

    def changed(self, old: Input) -> str:
        """Return why an input's figures cannot go on: ``gone``, ``kind``, ``unit``, ``scale``; nothing if they can."""
        new = self.inputs.get(old.id)
        if new is None or bool(new.values) != bool(old.values):
            return "gone"
        if new.kind != old.kind and not (new.kind in _MONTHLY and old.kind in _MONTHLY):
            return "kind"
        if not same_unit(old.unit, new.unit):
            return "unit"
        return "scale" if set(scale(self.old, old)) != set(scale(self.new, new)) else ""

    @cached_property
    def names(self) -> dict[str, str]:
        """What each defined name of cells that keep their shape is now, in lower case."""
        return {old.casefold(): new for old, new in self._names()}

    def _names(self) -> Iterator[tuple[str, str]]:
        for item in self.old.inputs.values():
            new = self.inputs.get(item.id)
            if new is not None and not self.changed(item) and scale(self.old, item) == scale(self.new, new):
                for family in _OF_INPUTS:
                    yield f"{family}_{item.id}", f"{family}_{new.id}"
        for pair in self.rows.values():
            for family in _OF_ROWS:
                yield f"{family}_{pair.old_id}", f"{family}_{pair.new_id}"
            for family in _OF_BANDS:
                for band in BANDS:
                    yield f"{family}_{pair.old_id}_{band}", f"{family}_{pair.new_id}_{band}"
        for name in ("set_first_month", "set_currency", "set_rate", "set_period", "log_entries"):
            yield name, name


def same_unit(one: str, other: str) -> bool:
    """Whether figures of two units may stand for each other: what is counted may be called otherwise."""
    return one.partition(":")[0] == other.partition(":")[0]


def scale(vertical: Vertical, item: Input) -> tuple[float, ...]:
    """Return the ratings of a tally, in their order; none for another input."""
    if item.kind != "tally":
        return ()
    return item.values or vertical.inputs[item.of].values
