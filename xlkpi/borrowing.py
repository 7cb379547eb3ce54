"""KPIs that a new line of business begins with, taken over from those that are there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from .model import Catalogue, Kpi, Vertical
from .names import MAX_IDENTIFIER, suggest
from .tree import Call, walk

Table = dict[str, Any]


@dataclass(frozen=True)
class Pick:
    """A KPI that a new file begins with, its name there, and the line of business that it is taken from."""

    id: str
    kpi: Kpi
    vertical: Vertical

    @property
    def table(self) -> Table:
        """The KPI as its own file has it."""
        return source_of(self.vertical)["kpi"][self.kpi.id]  # type: ignore[no-any-return]


@cache
def _parsed(text: str) -> Table:
    return tomllib.loads(text)


def source_of(vertical: Vertical) -> Table:
    """Return a line of business as its own file has it."""
    return _parsed(vertical.source)


def choose(catalogue: Catalogue, wanted: Iterable[str], home: str = "") -> tuple[list[Pick], list[str]]:
    """Find the KPIs that compute some functions, as many as possible in one line of business.

    Args:
        catalogue: where to look.
        wanted: names of functions, in the order that the file shall have; all KPIs of ``home`` if there is none.
        home: a line of business to be preferred.

    Returns:
        The KPIs, and a sentence about each name for which there is none.

    >>> picks, _ = choose(load(), ["CSS", "NPS"])
    >>> [(pick.id, pick.vertical.id) for pick in picks]
    [('client_satisfaction', 'remote-resume-writing'), ('net_promoter', 'remote-resume-writing')]
    """
    functions = list(dict.fromkeys(name.upper() for name in wanted))
    verticals = list(catalogue.verticals.values())
    if not functions and home:
        functions = [kpi.function.name for kpi in catalogue.verticals[home].kpis.values()]

    def rank(vertical: Vertical) -> tuple[bool, int]:
        return vertical.id != home, -sum(_kpi_with(vertical, name) is not None for name in functions)

    picks: list[Pick] = []
    amiss: list[str] = []
    for name in functions:
        found = ((vertical, _kpi_with(vertical, name)) for vertical in sorted(verticals, key=rank))
        place = next(((vertical, kpi) for vertical, kpi in found if kpi is not None), None)
        if place is None:
            amiss.append(_no_kpi(catalogue, name))
        elif all(pick.kpi is not place[1] for pick in picks):
            picks.append(Pick(_free_id(place[1], picks), place[1], place[0]))
    return picks, amiss + _at_odds(picks)


def _kpi_with(vertical: Vertical, function: str) -> Kpi | None:
    """The KPI of a function: the one that is named for it, else one whose row calls it."""
    named = (kpi for kpi in vertical.kpis.values() if kpi.function.name == function)
    calling = (
        kpi
        for kpi in vertical.kpis.values()
        if any(isinstance(n, Call) and n.function == function for tree in kpi.written.values() for n in walk(tree))
    )
    return next(named, None) or next(calling, None)


def _no_kpi(catalogue: Catalogue, name: str) -> str:
    if name not in catalogue.functions:
        return f'There is no function "{name[:60]}".{suggest(name, catalogue.functions)} "xlkpi list" shows all.'
    leads = [function.name for function in catalogue.functions.values() if name in function.companions]
    instead = f" Name {leads[0]}, which it goes with." if leads else ' Name another; "xlkpi list" shows all.'
    return f"No line of business has a KPI with {name} that could be taken over.{instead}"


def _free_id(kpi: Kpi, picks: Sequence[Pick]) -> str:
    """The KPI's own name, or with its function's behind it where another KPI has that name."""
    if all(pick.id != kpi.id for pick in picks):
        return kpi.id
    end = f"_{kpi.function.name.lower()}"
    return kpi.id[: MAX_IDENTIFIER - len(end)].rstrip("_") + end


def _at_odds(picks: Sequence[Pick]) -> list[str]:
    """Say which KPIs need inputs of one name that are two different things."""
    seen: dict[str, Pick] = {}
    found = []
    for pick in picks:
        for name in inputs_of(pick):
            first = seen.setdefault(name, pick)
            if _shape(first.vertical, name) != _shape(pick.vertical, name):
                found.append(
                    f"{first.kpi.function.name} of {first.vertical.id} and {pick.kpi.function.name} of "
                    f'{pick.vertical.id} both need an input "{name}", and mean different things. Leave one of them '
                    "out, and add it to the file by hand under another name."
                )
    return list(dict.fromkeys(found))


def _shape(vertical: Vertical, name: str) -> Table:
    """An input without its texts."""
    return {key: value for key, value in source_of(vertical)["input"][name].items() if key != "label"}


def inputs_of(pick: Pick) -> list[str]:
    """Return the inputs that a KPI needs, those they are carried on from too, in the order of their file."""
    inputs = pick.vertical.inputs
    used = {name for rule in pick.kpi.values.values() for name in rule.arguments}
    used |= {other for name in used for other in (inputs[name].carry, inputs[name].of)}
    return [name for name in inputs if name in used]
