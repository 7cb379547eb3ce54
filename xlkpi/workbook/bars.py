"""The bar of each card, worked out on the hidden sheet Calc: bands side by side, better to the right, and two marks.

A bar is cut into equal cells. Calc holds where the scale begins and ends, from which cell on each band holds,
and in which cells the figure and the target lie; the dashboard's cells read a number from that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from ..notation import round_half_away
from ..policy import is_number
from ..series import bands_in, upper_end
from ..units import domain
from .book import Book, Row, Sheet
from .comparing import edge_cells
from .layout import CalcRows, Layout
from .plotted import FAR, STATED
from .style import BAR_GREY, BAR_TARGET, BAR_VALUE
from .verdicts import Columns, target_cell, target_end_cell

CELLS = 20
_PAD, _DIGITS = 0.15, 6
NOWHERE = 99  # no cell of a bar has that place

START, END, VALUE_PLACE, TARGET_PLACE, SHADE = "AA", "AB", "AC", "AD", "AE"
_FROM = ("AF", "AG", "AH")
_TO = ("AI", "AJ", "AK")
_EDGES, _UPPERS, _OWN = ("AL", "AM", "AN"), ("AO", "AP", "AQ"), "AR"
_LOWEST, _HIGHEST, _ROOM = "AS", "AT", "AU"
_OWN_END, END_PLACE = "AV", "AW"  # of the user's own target, where a range is best


@dataclass(frozen=True)
class Bar:
    """A bar as it is drawn.

    Args:
        edges: where the typical, the above-average and the exceptional band begin, as figures are compared.
        uppers: where they end, if ranges are best.
        figure: the figure as it is compared.
        target: the user's own target, likewise.
        limits: the ends that figures of this unit have, likewise.
        grey: whether nothing is judged.
        level: the figure's level.
        target_end: where the user's own target ends, if ranges are best.
    """

    edges: Sequence[float | None]
    uppers: Sequence[float | None]
    figure: float | None
    target: float | None
    limits: tuple[float | None, float | None]
    grey: bool
    level: int
    target_end: float | None = None

    @property
    def extremes(self) -> tuple[float, float] | None:
        """The lowest and the highest of all that is shown."""
        shown = [
            each for each in (*self.edges, *self.uppers, self.figure, self.target, self.target_end) if each is not None
        ]
        return (min(shown), max(shown)) if shown else None

    @property
    def room(self) -> float | None:
        """How much of the scale lies beyond them on either side."""
        if self.extremes is None:
            return None
        low, high = self.extremes
        return (high - low) * _PAD if high > low else max(1.0, abs(high) * _PAD)

    @property
    def ends(self) -> tuple[float, float] | None:
        """Where the scale begins and ends."""
        if self.extremes is None or self.room is None:
            return None
        (low, high), (least, most) = self.extremes, self.limits
        start, end = low - self.room, high + self.room
        start = start if least is None else max(start, min(least, low))
        return start, end if most is None else min(end, max(most, high))

    def place(self, value: float | None) -> int:
        """Return the cell, from 1, in which a value lies."""
        if value is None or self.ends is None:
            return 0
        return max(1, min(CELLS, floor(self._share(value)) + 1))

    def _share(self, value: float) -> float:
        start, end = self.ends or (0.0, 1.0)
        return round_half_away((value - start) / (end - start) * CELLS, _DIGITS)

    def begins(self, edge: float | None) -> float:
        """Return the place from which on (or up to which) the middles of cells lie beyond an edge."""
        return NOWHERE if edge is None else self._share(edge) + 0.5

    def cell(self, place: int) -> int | None:
        """Return the number of one cell, from 1; ``None`` where there is no bar."""
        if self.ends is None:
            return None
        zone = self.level if place == self.place(self.figure) else self._zone(place)
        marked = place in (self.place(self.target), self.place(self.target_end))
        marks = BAR_VALUE * (place == self.place(self.figure)) + BAR_TARGET * marked
        return zone + marks + BAR_GREY * self.grey

    def _zone(self, place: int) -> int:
        for level in (3, 2, 1):
            upper = self.uppers[level - 1] if self.uppers else None
            if place >= self.begins(self.edges[level - 1]) and (upper is None or place <= self.begins(upper)):
                return level
        return 0


def bar_of(book: Book, entry: Row) -> Bar:
    """Return the bar of a KPI row in the chosen period."""
    kpi, chosen = entry.kpi, entry.chosen
    sign = -1.0 if kpi.better == "lower" else 1.0
    bands = {band.level: band for band in bands_in(kpi, entry.segment, book.settings) or ()}
    is_range = kpi.better == "range"
    target, figure = book.settings.targets.get(entry.id), chosen.comparable
    end = book.settings.target_ends.get(entry.id) if is_range and target is not None else None
    return Bar(
        edges=[sign * bands[level].edge if level in bands else None for level in (1, 2, 3)],
        uppers=[upper_end(bands[level]) if level in bands else None for level in (1, 2, 3)] if is_range else (),
        figure=sign * figure if isinstance(figure, float) else None,
        target=round_half_away(sign * target, 9) if target is not None and is_number(target) else None,
        limits=_limits(kpi.unit, sign),
        grey=chosen.shown_level is None or not kpi.bands.get(entry.segment),
        level=chosen.level or 0,
        target_end=round_half_away(end, 9) if end is not None and is_number(end) else None,
    )


def _limits(unit: str, sign: float) -> tuple[float | None, float | None]:
    low, high = domain(unit)
    # Less a number from 0: minus 0 would be printed as such.
    return (low, high) if sign > 0 else (None if high is None else 0 - high, None if low is None else 0 - low)


def write_bar(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Write what a KPI's bar is made of."""
    rows, bar = layout.calc[entry.id], bar_of(book, entry)
    row, is_range = rows.chosen, entry.kpi.better == "range"
    figure = f"${Columns.COMPARABLE}${row}"
    shown_edges = _shown_edges(sheet, rows, bar, is_range)
    sign = "-" if entry.kpi.better == "lower" else ""
    target = target_cell(book, layout, entry)
    sheet.put(row, _OWN, f'IF(ISNUMBER({target}),ROUND({sign}{target},9),"")', bar.target)
    shown = f"{shown_edges},{figure},${_OWN}{row}"
    marks = [(VALUE_PLACE, figure, bar.figure), (TARGET_PLACE, f"${_OWN}{row}", bar.target)]
    if is_range:
        end = target_end_cell(book, layout, entry)
        there = f"ISNUMBER(${_OWN}{row})*ISNUMBER({end})"
        sheet.put(row, _OWN_END, f'IF({there},ROUND({end},9),"")', bar.target_end)
        shown += f",${_OWN_END}{row}"
        marks.append((END_PLACE, f"${_OWN_END}{row}", bar.target_end))
    _scale(sheet, row, shown, bar)
    for letter, cell, value in marks:
        place = f"MAX(1,MIN({CELLS},INT({_share(row, cell)})+1))"
        sheet.put(row, letter, f"IF(ISNUMBER({cell}),{place},0)", bar.place(value))
    level, stated = f"${Columns.SHOWN_LEVEL}{row}", f"${STATED}{rows.compare}"
    sheet.put(row, SHADE, f"IF(ISNUMBER({level})*({stated}>0),0,{BAR_GREY})", BAR_GREY * bar.grey)
    for letters, sources, edges in ((_FROM, _EDGES, bar.edges), (_TO, _UPPERS, bar.uppers)):
        for letter, source, edge in zip(letters, sources, edges, strict=False):
            formula = f"IF(ISNUMBER(${source}{row}),{_share(row, f'${source}{row}')}+0.5,{NOWHERE})"
            sheet.put(row, letter, formula, bar.begins(edge))


def _shown_edges(sheet: Sheet, rows: CalcRows, bar: Bar, is_range: bool) -> str:
    """The edges that are stated, and empty cells for the others; return where they stand."""
    sides = [(_EDGES, bar.edges, 0, f"<{FAR[0]}"), (_UPPERS, bar.uppers, 1, f">{FAR[1]}")]
    for letters, edges, side, there in sides[: 2 if is_range else 1]:
        for level, (letter, edge) in enumerate(zip(letters, edges, strict=True), 1):
            cell = edge_cells(rows, level)[side]
            sheet.put(rows.chosen, letter, f'IF({cell}{there},{cell},"")', edge)
    last = (_UPPERS if is_range else _EDGES)[-1]
    return f"${_EDGES[0]}{rows.chosen}:${last}{rows.chosen}"


def _scale(sheet: Sheet, row: int, shown: str, bar: Bar) -> None:
    """Where the scale begins and ends, from the lowest and the highest of all that is shown."""
    low, high, room = (f"${letter}{row}" for letter in (_LOWEST, _HIGHEST, _ROOM))
    beyond = f"IF({high}>{low},({high}-{low})*{_PAD},MAX(1,ABS({high})*{_PAD}))"
    least, most = bar.limits
    start, end = f"{low}-{room}", f"{high}+{room}"
    start = start if least is None else f"MAX({start},MIN({least:g},{low}))"
    end = end if most is None else f"MIN({end},MAX({most:g},{high}))"
    (lowest, highest), (first, last) = (each or (None, None) for each in (bar.extremes, bar.ends))
    for letter, formula, value in (
        (_LOWEST, f"MIN({shown})", lowest),
        (_HIGHEST, f"MAX({shown})", highest),
        (_ROOM, beyond, bar.room),
        (START, start, first),
        (END, end, last),
    ):
        sheet.put(row, letter, f'IF(COUNT({shown})=0,"",{formula})', value)


def _share(row: int, cell: str) -> str:
    return f"ROUND(({cell}-${START}{row})/(${END}{row}-${START}{row})*{CELLS},{_DIGITS})"


def bar_formula(layout: Layout, entry: Row, place: int) -> str:
    """Return the formula of one of the dashboard's cells of a bar, from 1."""
    row = layout.calc[entry.id].chosen

    def cell(letter: str) -> str:
        return f"Calc!${letter}${row}"

    zone = "0"
    for level in (1, 2, 3):
        test = f"{place}>={cell(_FROM[level - 1])}"
        if entry.kpi.better == "range":
            test = f"AND({test},{place}<={cell(_TO[level - 1])})"
        zone = f"IF({test},{level},{zone})"
    here = f"IF({cell(VALUE_PLACE)}={place},{BAR_VALUE}+N({cell(Columns.LEVEL)}),{zone})"
    own = f"{cell(TARGET_PLACE)}={place}"
    if entry.kpi.better == "range":
        own = f"OR({own},{cell(END_PLACE)}={place})"
    mark = f"IF({own},{BAR_TARGET},0)"
    return f'IF({cell(START)}="","",{here}+{mark}+{cell(SHADE)})'
