"""The chosen period on the hidden sheet Calc: each KPI's figure in it, how it stands, and what it takes.

One row holds what was chosen. One row a KPI holds the figures, in the columns of :class:`Columns`; below it
stand the inputs that the next step is worked out from, and a row for each input that can be moved.
"""

from __future__ import annotations

from ..chosen import PERIODS, WHOLE_YEAR, compounds, current_month, latest_month
from ..errors import KpiError
from ..excel_levers import Cells, excel_needed
from ..levers import CANNOT, CHANGE, MOST_STEPS, Needed
from ..levers import MISSING as UNKNOWN
from ..levers import REACHED as ALREADY
from ..model import Lever
from ..notation import round_half_away
from ..policy import GOOD
from ..series import MONTHS
from ..units import decimals
from .book import FIRST_MONTH, MONTH_LETTERS, YEAR, Book, Row, Sheet, Shown, before_called, period_called, span
from .comparing import comparable_formula, level_formula, turned
from .layout import LAST_YEAR, PERIOD_CELL, CalcRows, Layout
from .verdicts import (
    BEFORE_CALLED,
    CALLED,
    CURRENT,
    LATEST,
    MONTH,
    PLACE,
    SPANS,
    Columns,
    shown_change,
    write_goal,
    write_verdict,
)

PERIOD_CHOICES = "$C$3:$Q$3"
_SPANNING = PERIODS.index("ytd")
# Columns of an input that can be moved: its new value or why there is none, its present one, the difference, words.
NEW, NOW, DIFFERENCE, LEVER_WORDS = "DEFG"
_CODES = {UNKNOWN: "", ALREADY: "reached", CANNOT: "cannot"}


def write_period(sheet: Sheet, book: Book, layout: Layout) -> None:
    """Write what was chosen on the dashboard, and the list to choose from."""
    row, period, names = layout.period, book.period, span(3)
    for column, key in ((FIRST_MONTH - 1, "latest"), (YEAR, "to_date"), (YEAR + 1, "whole_year")):
        sheet.text(3, column, book.say(f"period.{key}"))
    sheet.text(row, 1, "chosen")
    cell = f"{book.at('dashboard')}!{PERIOD_CELL}"
    each_latest = ",".join(f"${MONTH_LETTERS[-1]}{layout.calc[entry.id].latest}" for entry in book.rows)
    place, month, spans = (f"${letter}{row}" for letter in (PLACE, MONTH, SPANS))
    month_now = f"IF(AND({place}>0,{place}<{_SPANNING}),{place},IF({place}=0,${CURRENT}{row},${LATEST}{row}))"
    many, figures = span(row + 1), [entry.series for entry in book.rows]
    current = f"SUMPRODUCT(MAX(({many}*2>=MAX({many}))*({many}>0)*{span(2)}))"
    _figures_a_month(sheet, book, layout, row + 1)
    called = f"INDEX({names},{month})"
    from_first = f'IF({month}>1,{MONTH_LETTERS[0]}3&" – "&{called},{called})'
    for letter, formula, value in (
        (LATEST, f"MAX({each_latest})", latest_month(figures)),
        (CURRENT, current, current_month(figures)),
        (PLACE, f"IFERROR(MATCH({cell},{PERIOD_CHOICES},0)-1,0)", PERIODS.index(period.choice)),
        (SPANS, f"IF({place}<{_SPANNING},0,1)", int(period.spans)),
        (MONTH, f"IF({place}={PERIODS.index(WHOLE_YEAR)},{MONTHS},{month_now})", period.month),
        (CALLED, f'IF({month}=0,"",IF({spans}=1,{from_first},{called}))', period_called(book)),
        (BEFORE_CALLED, _before_formula(book, row, names), before_called(book)),
    ):
        sheet.put(row, letter, formula, value)


def _figures_a_month(sheet: Sheet, book: Book, layout: Layout, row: int) -> None:
    """How many KPIs have a figure in each month."""
    sheet.text(row, 1, "figures")
    for place, letter in enumerate(MONTH_LETTERS):
        formula = "+".join(f"({letter}{layout.calc[entry.id].state}=1)" for entry in book.rows)
        many = sum(entry.series.states[place] == GOOD for entry in book.rows)
        sheet.formula(row, FIRST_MONTH + place, formula, many)


def _before_formula(book: Book, row: int, names: str) -> str:
    earlier = f"IF(${MONTH}{row}>1,INDEX({names},${MONTH}{row}-1),{book.own_word('change.last_month')})"
    return f"IF(${SPANS}{row}=1,{book.own_word('change.last_year')},{earlier})"


def write_chosen(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Write a KPI in the chosen period."""
    rows = layout.calc[entry.id]
    sheet.text(rows.chosen, 1, f"{entry.id}: chosen")
    for letter, formula, value in _figures(book, layout, entry):
        sheet.put(rows.chosen, letter, formula, value)
    _basis_inputs(sheet, book, layout, entry)
    references = _basis_references(book, rows)
    write_goal(sheet, book, layout, entry)
    write_verdict(sheet, book, layout, entry, references)
    for row, needed in zip(rows.levers, entry.chosen.needed, strict=True):
        _lever(sheet, book, layout, entry, row, needed)


def _figures(book: Book, layout: Layout, entry: Row) -> list[tuple[str, str, Shown]]:
    """The figure, the one before, and what the next step is worked out from."""
    rows, chosen = layout.calc[entry.id], entry.chosen
    months, basis = f"{book.at('kpis')}!{span(layout.kpi[entry.id])}", chosen.basis
    month, spans = f"${MONTH}{layout.period}", f"${SPANS}{layout.period}"
    yearly = entry.kpi.year != "none"

    def pick(to_date: int, by_month: str) -> str:
        of_span = f"INDEX({span(to_date)},{month})" if yearly else '""'
        return f'IF({month}=0,"",IF({spans}=1,{of_span},INDEX({by_month},{month})))'

    figure, before = f"${Columns.FIGURE}{rows.chosen}", f"${Columns.BEFORE}{rows.chosen}"
    of_span = comparable_formula(entry, rows, figure, f"${Columns.COVERED}{rows.chosen}")
    compared = f'IF({month}=0,"",IF({spans}=1,{of_span},INDEX({span(rows.compare)},{month})))'
    digits = decimals(entry.kpi.unit)
    change = f'IF(ISNUMBER({figure})*ISNUMBER({before}),ROUND(ROUND({figure}-{before},9),{digits}),"")'
    found: list[tuple[str, str, Shown]] = [
        (Columns.FIGURE, pick(rows.to_date, months), chosen.figure),
        (Columns.COMPARABLE, compared, turned(entry, chosen.comparable)),
        (Columns.LEVEL, level_formula(entry, f"${Columns.COMPARABLE}{rows.chosen}", rows), chosen.level),
        (Columns.BEFORE, _before(layout, entry, months, book), chosen.before),
        (Columns.CHANGE, change, shown_change(entry)),
        (Columns.COVERED, _covered(layout, entry), chosen.covered),
    ]
    if entry.kpi.year != "inputs":
        own = f"${Columns.BASIS_MONTH}{rows.chosen}"
        place = f"IF({month}=0,0,IF({spans}=1,INDEX({span(rows.latest)},{month}),{month}))"
        found.append((Columns.BASIS_MONTH, place, basis.month))
        for letter, source, value in (
            (Columns.BASIS_FIGURE, months, basis.figure),
            (Columns.BASIS_COMPARABLE, span(rows.compare), turned(entry, basis.comparable)),
            (Columns.BASIS_LEVEL, span(rows.level), basis.level),
        ):
            found.append((letter, f'IF({own}=0,"",INDEX({source},{own}))', value))
    return [(letter, formula, value) for letter, formula, value in found]


def _before(layout: Layout, entry: Row, months: str, book: Book) -> str:
    """The month before, or last year's figure of the same months; an empty cell is no figure."""
    row, month = layout.last_year[entry.id], f"${MONTH}{layout.period}"
    last, spans = f"{book.at('last_year')}!{span(row)}", f"${SPANS}{layout.period}"
    reached = f"${LATEST}{layout.period}"

    def number(cell: str) -> str:
        return f'IF(ISNUMBER({cell}),{cell},"")'

    same_span = f'IF({reached}=0,"",{number(f"INDEX({last},{reached})")})'
    alone = number(f"{book.at('last_year')}!${LAST_YEAR}{row}")
    earlier = f"IF({month}=1,{alone},{number(f'INDEX({months},{month}-1)')})"
    return f'IF({month}=0,"",IF({spans}=1,{same_span},{earlier}))'


def _covered(layout: Layout, entry: Row) -> str:
    """How many months the figure of a span stands for."""
    rows, month = layout.calc[entry.id], f"${MONTH}{layout.period}"
    many = f"INDEX({span(rows.counted)},{month})"
    if entry.kpi.year == "compound":
        latest = f"INDEX({span(rows.latest)},{month})"
        many = f"IF({latest}=0,0,INDEX({span(rows.length)},{latest}))"
    return f"IF(${SPANS}{layout.period}*{month}=0,0,{many})"


def _basis_inputs(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    rows, month = layout.calc[entry.id], f"${MONTH}{layout.period}"
    own = f"${Columns.BASIS_MONTH}{rows.chosen}"
    for name, (first, last) in rows.basis.items():
        item, value = book.vertical.inputs[name], entry.chosen.basis.inputs.get(name)
        for offset, row in enumerate(range(first, last + 1)):
            sheet.text(row, 1, f"{entry.id}: {name}, chosen")
            if item.values:
                sheet.number(row, 3, item.values[offset])
                continue
            used = span(layout.used[name][0] + offset)
            formula = f'IF({own}=0,"",INDEX({used},{own}))'
            if entry.kpi.year == "inputs":
                spanned = span(rows.contribution[name][0] + offset)
                formula = (
                    f'IF({month}=0,"",IF(${SPANS}{layout.period}=1,INDEX({spanned},{month}),INDEX({used},{month})))'
                )
            shown = value[offset] if isinstance(value, list) else value
            sheet.put(row, "D", formula, shown if isinstance(shown, (int, float, KpiError)) else "")


def _basis_references(book: Book, rows: CalcRows) -> dict[str, str]:
    """The cell of each input that the next step is worked out from."""
    found = {}
    for name, (first, last) in rows.basis.items():
        item = book.vertical.inputs[name]
        column = "$C" if item.values else "$D"
        found[name] = f"{column}{first}:{column}{last}" if item.kind == "tally" else f"{column}{first}"
    return found


def _lever(sheet: Sheet, book: Book, layout: Layout, entry: Row, row: int, needed: Needed) -> None:
    """An input that can be moved: its new value for the goal, its present one, and the difference."""
    rows, kpi = layout.calc[entry.id], entry.kpi
    figure, _, _ = Columns.basis(kpi.year)
    letters = (figure, Columns.EDGE, Columns.STRICT, Columns.UPPER, Columns.POWER)
    own = [f"${letter}{rows.chosen}" for letter in letters]
    is_range = kpi.better == "range"
    cells = Cells(
        own[0],
        own[1],
        strict="0" if is_range else own[2],
        upper=own[3] if is_range else "",
        power=own[4] if compounds(kpi) else "",
        words={kind: f'"{code}"' for kind, code in _CODES.items()},
    )
    references = _basis_references(book, rows)
    formula = excel_needed(book.vertical, kpi, entry.segment, needed.lever, references, cells, longest=_LONGEST)
    every = ",".join([*references.values(), own[0]])
    formula = f'IF(MAX({every})>{MOST_STEPS:.0E},"",IF(MIN({every})<-{MOST_STEPS:.0E},"",{formula}))'
    formula = f'IF(ISNUMBER({own[0]}),{formula},"")'
    label = lever_label(book, entry, needed.lever)
    new, now, label_cell = f"{NEW}{row}", f"{NOW}{row}", f"$B{row}"
    many = book.vertical.inputs[needed.lever.input].kind == "tally"
    sheet.text(row, 1, f"{entry.id}: {needed.lever.input}, needed")
    sheet.text(row, 2, label)
    is_change = needed.kind == CHANGE
    sheet.put(row, NEW, formula, needed.value if is_change else _CODES[needed.kind])
    difference = f'IF(ISNUMBER({new}),{new},"")'
    if not many:
        present = entry.chosen.basis.inputs.get(needed.lever.input)
        shown = present if isinstance(present, (int, float)) else ""
        sheet.put(row, NOW, f"{references[needed.lever.input]}", shown)
        difference = f'IF(ISNUMBER({new}),ROUND({new}-{now},{_DIGITS}),"")'
    shown_now = shown_difference(entry, needed)
    sheet.put(row, DIFFERENCE, difference, shown_now)
    cannot = f'{book.own_word("needed.cannot")}&" "&{label_cell}'
    words = f'IF({new}="{_CODES[CANNOT]}",{cannot},"")'
    words = f'IF({new}="{_CODES[ALREADY]}",{book.own_word("needed.reached")},{words})'
    sheet.put(row, LEVER_WORDS, f"IF(ISNUMBER({new}),{label_cell},{words})", lever_words(book, entry, needed))


def shown_difference(entry: Row, needed: Needed) -> float | None:
    """Return by how much an input has to change, or ``None`` where no change does; of a tally how many more answers."""
    if needed.kind != CHANGE or needed.value is None:
        return None
    present = entry.chosen.basis.inputs.get(needed.lever.input)
    return round_half_away(needed.value - present, _DIGITS) if isinstance(present, (int, float)) else needed.value


_DIGITS = 6  # of a difference: more than any input is shown with, and few enough for every program to round alike
# What a range takes is asked from both sides, over as many inputs as the KPI has.
_LONGEST = 4000


def lever_label(book: Book, entry: Row, lever: Lever) -> str:
    """Return what an input that can be moved is called; of a list of answers it is the best one that is added."""
    item = book.vertical.inputs[lever.input]
    label = item.label.get_in(book.language)
    if item.kind != "tally":
        return label
    scale = book.vertical.inputs[item.of].values
    best = max(scale) if entry.kpi.better == "higher" else min(scale)
    return book.say("inputs.rating", label=label, value=f"{best:g}")


def lever_words(book: Book, entry: Row, needed: Needed) -> str:
    """Return the words beside the difference."""
    label = lever_label(book, entry, needed.lever)
    return {
        CHANGE: label,
        ALREADY: book.say("needed.reached"),
        CANNOT: f"{book.say('needed.cannot')} {label}",
    }.get(needed.kind, "")
