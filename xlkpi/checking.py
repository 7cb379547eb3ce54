"""What can be wrong with the cells of a filled workbook: plain values in, an answer out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from .model import Kpi
from .notation import compare
from .policy import is_number
from .series import HOME_CURRENCY

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
FIRST_DATE = 36526  # the first of January 2000 as a spreadsheet counts days


def misplaced(cells: Sequence[object]) -> int:
    """Return how many cells hold a text or TRUE where a number belongs."""
    return sum(cell is not None and not is_number(cell) for cell in cells)


def fractions(cells: Sequence[object]) -> int:
    """Return how many cells hold a number between 0 and 1, as a percentage typed as a fraction does.

    >>> fractions([0.85, 0, 1, 85, None, "0.5", True])
    1
    """
    return sum(isinstance(cell, (int, float)) and is_number(cell) and 0 < cell < 1 for cell in cells)


def hardly_a_fraction(kpi: Kpi) -> bool:
    """Whether a figure between 0 and 1 is hardly meant: a percentage, of which the catalogue knows none so small.

    Args:
        kpi: the KPI as its file states it, whatever a user has made of its thresholds.

    Returns:
        False for a rate of errors whose worked example gives 0.9 or whose best band begins at 0.5.
    """
    known = [end for bands in kpi.bands.values() for band in bands for end in (band.edge, band.upper)]
    known += [kpi.example.gives] if kpi.example else []
    return kpi.unit == "percent" and not fractions(known)


def skipped(filled: Sequence[bool]) -> list[int]:
    """Return the empty months between the first and the last filled one, counted from 1.

    >>> skipped([False, True, False, False, True, False])
    [3, 4]
    """
    months = [place for place, is_filled in enumerate(filled, 1) if is_filled]
    return [place for place in range(months[0], months[-1]) if place not in months] if months else []


def out_of_order(better: str, edges: Sequence[object], uppers: Sequence[object] = ()) -> bool:
    """Whether thresholds do not get stricter from one band to the next.

    Args:
        better: ``higher``, ``lower`` or ``range``.
        edges: where each band begins; what is no number is no band.
        uppers: where each band ends, for a range.

    Returns:
        Whether two bands are in the wrong order, or a range has one end only or is turned round.

    >>> out_of_order("higher", (60, None, 50)), out_of_order("lower", (60, None, 50))
    (True, False)
    """
    if better != "range":
        sign = -1 if better == "lower" else 1
        numbers = [sign * edge for edge in edges if isinstance(edge, (int, float)) and is_number(edge)]
        return any(compare(after, before) <= 0 for before, after in combinations(numbers, 2))
    if any(is_number(edge) != is_number(upper) for edge, upper in zip(edges, uppers, strict=True)):
        return True
    spans = [
        (edge, upper)
        for edge, upper in zip(edges, uppers, strict=True)
        if isinstance(edge, (int, float)) and isinstance(upper, (int, float)) and is_number(edge) and is_number(upper)
    ]
    return any(compare(upper, edge) <= 0 for edge, upper in spans) or any(
        not _inside(after, before) for before, after in combinations(spans, 2)
    )


def target_turned(start: object, end: object) -> bool:
    """Whether a target that ends somewhere begins nowhere, or only behind its end.

    >>> target_turned(70, 80), target_turned(70, None), target_turned(80, 70), target_turned(None, 80)
    (False, False, True, True)
    """
    if not is_number(end):
        return False
    return not is_number(start) or compare(float(str(end)), float(str(start))) < 0


def _inside(after: tuple[float, float], before: tuple[float, float]) -> bool:
    """Whether a range lies within another and is not the same."""
    begins, ends = compare(after[0], before[0]), compare(before[1], after[1])
    return begins >= 0 and ends >= 0 and begins + ends > 0


def is_currency_code(value: object) -> bool:
    """Whether a cell holds three letters.

    >>> is_currency_code(" EUR "), is_currency_code("€")
    (True, False)
    """
    text = str(value).strip(" ") if isinstance(value, str) else ""
    return len(text) == 3 and all(letter in LETTERS for letter in text)


def lacks_rate(currency: object, rate: object) -> bool:
    """Whether amounts cannot be held against US dollars: the currency is another one, and there is no rate."""
    if isinstance(currency, str) and currency.strip(" ").upper() == HOME_CURRENCY:
        return False
    return not (isinstance(rate, (int, float)) and is_number(rate) and rate > 0)


def is_first_month(days: object) -> bool:
    """Whether a cell holds a date of this century, given as a spreadsheet counts days."""
    return isinstance(days, (int, float)) and is_number(days) and days > FIRST_DATE
