"""Cases of how-sure: the shipped rows that have an interval, and one made of the answers themselves."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import xlkpi
from xlkpi.intervals import method
from xlkpi.model import Kpi, Vertical, row_rule


def scores_row() -> tuple[Vertical, Kpi]:
    """A net promoter score from a list of answers, as the catalogue's NPSSCORES."""
    catalogue = xlkpi.load()
    function = catalogue.functions["NPSSCORES"]
    rule = row_rule(function.formula, function.require, {"scores": "score"})
    vertical = catalogue.verticals["remote-resume-writing"]
    return vertical, replace(vertical.kpis["net_promoter"], id="scores", values={"": rule})


def rows_with_an_interval() -> list[tuple[Vertical, Kpi, str]]:
    verticals = xlkpi.load().verticals.values()
    shipped = [(v, kpi, segment) for v in verticals for kpi, segment in v.rows() if method(v, kpi, segment)]
    return [*shipped, (*scores_row(), "")]


def interval_cases(seed: int, rounds: int) -> Iterator[tuple[Vertical, Kpi, str, dict[str, object]]]:
    """Chance counts: none, all, few, many, missing and impossible ones."""
    chance = random.Random(seed)
    for vertical, kpi, segment in rows_with_an_interval():
        arguments = kpi.values[segment].arguments
        for _ in range(rounds):
            high = chance.choice((1, 5, 29, 30, 31, 200, 100_000))
            if arguments == ("scores",):
                own = chance.choice(([9, 10], [0, 6], [7, 8], list(range(11)), [8.9999999999, 6.0000000001, 6.5]))
                size = chance.randint(1, min(high, 40))
                cells = [chance.choice((*own, *own, None)) for _ in range(size)]
                if chance.random() < 0.05:
                    cells[0] = chance.choice((11, -1, "n/a"))
                yield vertical, kpi, segment, {"scores": cells}
                continue
            counts = [chance.choice((0, chance.randint(0, high), chance.randint(0, high))) for _ in arguments]
            if len(arguments) == 2 and chance.random() < 0.9:
                counts.sort()
                if chance.random() < 0.15:
                    counts[0] = counts[1]
            inputs: dict[str, object] = dict(zip(arguments, counts, strict=True))
            if chance.random() < 0.03:
                inputs[chance.choice(arguments)] = chance.choice((None, "n/a", -1, 0))
            yield vertical, kpi, segment, inputs
