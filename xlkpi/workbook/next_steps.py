"""The sheet of next steps: what it takes to bring each KPI to its next band or target, and how sure its figure is."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.formatting.rule import FormulaRule

from ..intervals import FEW, MEAN, WILSON, method
from ..levers import CHANGE, Needed
from .book import CALC, Book, Row, Sheet, Shown, period_called
from .chosen import DIFFERENCE, LEVER_WORDS, NEW, NOW, lever_words, shown_difference
from .layout import PERIOD_CELL, Layout
from .plotted import STATED
from .style import level_style
from .verdicts import CALLED, Columns, goal_words, shown_edge, target_cell, verdict_words

HEADER = 5
(
    NAME, FIGURE, UNIT, VERDICT, GOAL, EDGE, JUDGED_BY, WHAT, DIFFERS, PRESENT, NEEDED,
    ANSWERS, LOW, HIGH, WARNING, LEVEL,
) = range(1, 17)  # fmt: skip
_WIDTHS = (34, 11, 8, 24, 27, 11, 13, 32, 12, 11, 11, 10, 9, 9, 26, 6)


def write_next_steps(book: Book, layout: Layout) -> None:
    """Write the sheet of next steps."""
    sheet = Sheet(book, "next_steps")
    sheet.widths({chr(ord("A") + place): width for place, width in enumerate(_WIDTHS)})
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("next_steps.title", vertical=name), "title")
    sheet.text(2, 1, book.say("next_steps.how"), "how")
    sheet.text(3, 1, book.say("dashboard.period"), "muted")
    sheet.formula(3, 2, f'{book.at("dashboard")}!{PERIOD_CELL}&""', book.period_word, "strong_line")
    sheet.formula(3, 4, f"{CALC}!${CALLED}${layout.period}", period_called(book), "strong_line")
    _header(sheet, book)
    row = HEADER + 1
    for entry in book.rows:
        row = _block(sheet, book, layout, entry, row)
    _colours(sheet, row - 1)
    row = _notes(sheet, book, row + 1)
    sheet.cells.freeze_panes = f"B{HEADER + 1}"
    sheet.cells.column_dimensions["P"].hidden = True
    sheet.printed(f"O{row - 1}", f"{HEADER}:{HEADER}")


def _header(sheet: Sheet, book: Book) -> None:
    keys = (
        "kpis.kpi", "next_steps.figure", "inputs.unit", "next_steps.verdict", "next_steps.goal", "next_steps.edge",
        "next_steps.judged_by", "next_steps.what", "next_steps.difference", "next_steps.now", "next_steps.needed",
        "next_steps.answers", "next_steps.low", "next_steps.high", "next_steps.sure",
    )  # fmt: skip
    left = (NAME, VERDICT, GOAL, WHAT, WARNING)
    for column, key in enumerate(keys, 1):
        sheet.text(HEADER, column, book.say(key), "header_left" if column in left else "header")
    sheet.cells.row_dimensions[HEADER].height = 46


def _block(sheet: Sheet, book: Book, layout: Layout, entry: Row, row: int) -> int:
    """A KPI: a line for each input that can be moved; return the row behind it."""
    rows, chosen, unit = layout.calc[entry.id], entry.chosen, entry.kpi.unit
    layout.next_steps[entry.id] = row
    for line in range(row, row + max(1, len(rows.levers))):
        sheet.cells.row_dimensions[line].height = 31
    sheet.text(row, NAME, book.row_name(entry), "name")
    sheet.text(row, UNIT, book.unit(unit), "unit")
    own: Sequence[tuple[int, str, Shown, str, str]] = (
        (FIGURE, Columns.FIGURE, chosen.figure, "figure", unit),
        (VERDICT, Columns.VERDICT_WORDS, verdict_words(book, entry), "cell_box", ""),
        (GOAL, Columns.GOAL_WORDS, goal_words(book, entry), "cell_box", ""),
        (EDGE, Columns.edge(entry.kpi.better), shown_edge(entry), "figure", unit),
        (LEVEL, Columns.SHOWN_LEVEL, chosen.shown_level, "unseen", ""),
    )
    for column, letter, value, role, kind in own:
        shown = value
        sheet.formula(row, column, f"{CALC}!${letter}${rows.chosen}", shown, role, kind)
    sheet.formula(row, JUDGED_BY, _judged_by(book, layout, entry), judged_by(book, entry), "word")
    _sure(sheet, book, layout, entry, row)
    for line, needed in zip(rows.levers, chosen.needed, strict=True):
        _lever(sheet, book, entry, row, line, needed)
        row += 1
    if not rows.levers:
        for column in (WHAT, DIFFERS, PRESENT, NEEDED):
            sheet.text(row, column, book.say("next_steps.nothing") if column == WHAT else "", "cell_box")
    return max(row, layout.next_steps[entry.id] + 1)


def _judged_by(book: Book, layout: Layout, entry: Row) -> str:
    stated = f"{CALC}!${STATED}${layout.calc[entry.id].compare}"
    target, bench = book.word("next_steps.by_target"), book.word("next_steps.by_benchmark")
    return f'IF(ISNUMBER({target_cell(book, layout, entry)}),{target},IF({stated}>0,{bench},""))'


def judged_by(book: Book, entry: Row) -> str:
    """Return what a figure is held against: the user's own target, or the benchmark."""
    if book.settings.targets.get(entry.id) is not None:
        return book.say("next_steps.by_target")
    return book.say("next_steps.by_benchmark") if entry.kpi.bands.get(entry.segment) else ""


def _lever(sheet: Sheet, book: Book, entry: Row, row: int, line: int, needed: Needed) -> None:
    unit = book.vertical.inputs[needed.lever.input].unit
    sheet.formula(row, WHAT, f"{CALC}!${LEVER_WORDS}${line}", lever_words(book, entry, needed), "cell_box")
    is_change = needed.kind == CHANGE
    new = f"{CALC}!${NEW}${line}"
    difference = shown_difference(entry, needed)
    sheet.formula(row, DIFFERS, f"{CALC}!${DIFFERENCE}${line}", difference, "change", unit)
    if book.vertical.inputs[needed.lever.input].kind == "tally":
        sheet.text(row, PRESENT, "", "figure")
        sheet.text(row, NEEDED, "", "figure")
        return
    present, there = entry.chosen.basis.inputs.get(needed.lever.input), f"ISNUMBER({new})"
    shown = present if is_change and isinstance(present, (int, float)) else None
    sheet.formula(row, PRESENT, f'IF({there},{CALC}!${NOW}${line},"")', shown, "figure", unit)
    value = needed.value if is_change else None
    sheet.formula(row, NEEDED, f'IF({there},{new},"")', value, "year", unit)


def _sure(sheet: Sheet, book: Book, layout: Layout, entry: Row, row: int) -> None:
    """The answers behind the figure, the interval around it, and a warning where they are few."""
    if method(book.vertical, entry.kpi, entry.segment) is None:
        for column in (ANSWERS, LOW, HIGH, WARNING):
            sheet.text(row, column, "", "cell_box")
        return
    sure, own = entry.chosen.sure, f"{CALC}!$%s${layout.calc[entry.id].chosen}"
    values = (None, None, None) if sure is None else (sure.answers, sure.low, sure.high)
    letters = (Columns.ANSWERS, Columns.LOW, Columns.HIGH)
    units = ("count", entry.kpi.unit, entry.kpi.unit)
    for column, letter, value, unit in zip((ANSWERS, LOW, HIGH), letters, values, units, strict=True):
        sheet.formula(row, column, own % letter, value, "figure", unit)
    answers = own % Columns.ANSWERS
    few = book.say("sure.few") if sure is not None and sure.few else ""
    warning = f'IF(ISNUMBER({answers}),IF({answers}<{FEW},{book.word("sure.few")},""),"")'
    sheet.formula(row, WARNING, warning, few, "cell_box")


def _colours(sheet: Sheet, last: int) -> None:
    first = HEADER + 1
    for level in range(4):
        fill, font = level_style(level)
        rule = FormulaRule([f"AND(ISNUMBER($P{first}),$P{first}={level})"], fill=fill, font=font)
        sheet.cells.conditional_formatting.add(f"D{first}:D{last}", rule)


def _notes(sheet: Sheet, book: Book, row: int) -> int:
    """How the answers are meant, and by which method the intervals are worked out."""
    methods = {method(book.vertical, entry.kpi, entry.segment) for entry in book.rows}
    kinds = {found.kind for found in methods if found is not None}
    keys = ["next_steps.note_others", "next_steps.note_latest", "next_steps.note_source"]
    keys += ["next_steps.note_wilson"] * (WILSON in kinds) + ["next_steps.note_mean"] * (MEAN in kinds)
    for key in keys:
        text = source_note(book) if key == "next_steps.note_source" else book.say(key)
        if not text:
            continue
        sheet.text(row, 1, text, "how")
        row += 1
    return row


def source_note(book: Book) -> str:
    """Return where the benchmarks come from, in a sentence; empty where the file does not say."""
    article = book.vertical.article
    date = f" ({article.date.isoformat()})" if article.date else ""
    return book.say("next_steps.note_source", article=article.title, date=date) if article.title else ""
