"""Where a sheet's formulas stand, as rectangles, and formulas that count those that are gone."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

_FURTHEST = 100_000_000  # more than the place of any cell
_WIDE = 1000  # more than the columns of any sheet
_A_CELL = 6  # rectangles counted by one cell, so that no formula gets long

Block = tuple[int, int, int, int]  # first row, first column, last row, last column


def blocks(cells: Iterable[str]) -> list[Block]:
    """Return the fewest rectangles by rows that cover cells exactly, from the top.

    >>> blocks(["B2", "C2", "B3", "C3", "E3"])
    [(2, 2, 3, 3), (3, 5, 3, 5)]
    """
    found: list[Block] = []
    open_runs: dict[tuple[int, int], int] = {}  # columns of a run in the row before: where its block stands
    for row, places in groupby(sorted(map(coordinate_to_tuple, cells)), key=lambda place: place[0]):
        runs: dict[tuple[int, int], int] = {}
        for first, last in _runs([column for _, column in places]):
            above = open_runs.get((first, last))
            if above is not None and found[above][2] == row - 1:
                found[above] = (found[above][0], first, row, last)
                runs[first, last] = above
            else:
                runs[first, last] = len(found)
                found.append((row, first, row, last))
        open_runs = runs
    return found


def _runs(columns: list[int]) -> list[tuple[int, int]]:
    """Return the unbroken runs of ascending numbers."""
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs


def lost_formulas(sheet: str, cells: Iterable[str]) -> list[tuple[str, str]]:
    """Return formulas that count the cells that are no formulas any more.

    Args:
        sheet: the sheet's title as it stands before ``!`` in a formula.
        cells: where formulas belong.

    Returns:
        Pairs, each for a few rectangles: how many are lost, and how far the first of them lies before the end.
    """
    areas = [
        f"{sheet}!${get_column_letter(left)}${top}:${get_column_letter(right)}${bottom}"
        for top, left, bottom, right in blocks(cells)
    ]
    pairs = []
    for start in range(0, len(areas), _A_CELL):
        some = areas[start : start + _A_CELL]
        many = "+".join(f"SUMPRODUCT(--NOT(_xlfn.ISFORMULA({area})))" for area in some)
        far = ",".join(
            f"SUMPRODUCT(MAX((1-_xlfn.ISFORMULA({area}))*({_FURTHEST}-{_WIDE}*ROW({area})-COLUMN({area}))))"
            for area in some
        )
        pairs.append((many, f"MAX({far})"))
    return pairs


def lost_anywhere(sheet: str, cells: Iterable[str]) -> str:
    """Return a formula that counts the lost cells of a sheet where nobody types formulas of their own.

    Args:
        sheet: the sheet's title as it stands before ``!`` in a formula.
        cells: where formulas belong.

    Returns:
        The formula's text: how many there were less those that are there.
    """
    places = [coordinate_to_tuple(cell) for cell in cells]
    last = f"${get_column_letter(max(column for _, column in places))}${max(row for row, _ in places)}"
    return f"{len(places)}-SUMPRODUCT(--_xlfn.ISFORMULA({sheet}!$A$1:{last}))"


def first_address(far: str) -> str:
    """Return a formula for the address of the first lost cell, from how far it lies before the end."""
    place = f"({_FURTHEST}-{far})"
    return f"ADDRESS(INT({place}/{_WIDE}),MOD({place},{_WIDE}),4)"
