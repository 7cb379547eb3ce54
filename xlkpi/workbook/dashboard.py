"""The dashboard: a card for each KPI in the chosen period, all on one page."""

from __future__ import annotations

from math import floor

from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter

from ..chosen import FEW_MONTHS, MISSED, REACHED, compounds
from ..notation import round_half_away
from ..texts import LEVEL_KEYS
from .bars import CELLS, bar_formula, bar_of
from .book import CALC, Book, Row, Sheet, Shown, period_called
from .chosen import DIFFERENCE, LEVER_WORDS, PERIOD_CHOICES, lever_words, shown_difference
from .inputs import has_money
from .layout import PERIOD_CELL, Layout, bench_columns
from .next_steps import source_note
from .style import BAR_CODES, bar_rule, level_style
from .verdicts import (
    CALLED,
    Columns,
    change_words,
    goal_words,
    level_word,
    shown_change,
    shown_edge,
    verdict_word,
    verdict_words,
)

ACROSS = 3
FIRST_ROW, HIGH = 7, 8
_HEIGHTS = (31, 31, 16, 14, 16, 29, 15, 9)
_NAME, _VALUE, _CHANGE, _BAR, _GOAL, _TAKES, _NOTE, _GAP = range(8)
_FIGURE = 8  # columns of the figure before its verdict
_NUMBER = 5  # columns of the number before the words of what it takes
_SENSIBLE = 1000  # percent; a rate that comes to more over the benchmark's period tells nobody anything
_WIDE = CELLS + 1  # a card and the gap behind it
_LAST = ACROSS * _WIDE - 1


def write_dashboard(book: Book, layout: Layout) -> None:
    """Write the dashboard."""
    sheet = Sheet(book, "dashboard")
    sheet.widths({get_column_letter(column): 2.2 for column in range(1, _LAST + 1)})
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("dashboard.title", vertical=name), "title")
    sheet.text(2, 1, book.say("dashboard.how"), "how")
    _period(sheet, book, layout)
    if book.sample:
        for column in range(1, _LAST + 1):
            sheet.text(4, column, book.say("inputs.sample") if column == 1 else "", "banner_small")
    _summary(sheet, book, layout)
    for place, entry in enumerate(book.rows):
        top, left = _corner(place)
        _Card(sheet, book, layout, entry, top, left).write()
    last = FIRST_ROW + -(-len(book.rows) // ACROSS) * HIGH
    _colours(sheet, book)
    end = _legend(sheet, book, last)
    sheet.cells.freeze_panes = f"A{FIRST_ROW - 1}"
    sheet.printed(f"{get_column_letter(_LAST)}{end}", "1:1")
    sheet.cells.page_setup.fitToHeight = 1
    sheet.cells.print_options.horizontalCentered = True


def _corner(place: int) -> tuple[int, int]:
    """The first row and column of a card."""
    return FIRST_ROW + place // ACROSS * HIGH, 1 + place % ACROSS * _WIDE


def card_verdict(place: int) -> tuple[int, int]:
    """Return the row and column of a card's verdict."""
    top, left = _corner(place)
    return top + _VALUE, left + _FIGURE


def check_place() -> tuple[int, int]:
    """Return the row and column beside the period, for what the sheet of checks says."""
    return 3, 2 * _WIDE + 1


def card_takes(place: int) -> tuple[int, int]:
    """Return the row and column of the words for what it takes."""
    top, left = _corner(place)
    return top + _TAKES, left + _NUMBER


def _merge(sheet: Sheet, row: int, first: int, last: int) -> None:
    """Join cells without borders; openpyxl's own way works out each one's border, which takes long."""
    sheet.cells.merged_cells.add(f"{get_column_letter(first)}{row}:{get_column_letter(last)}{row}")


def _period(sheet: Sheet, book: Book, layout: Layout) -> None:
    """The cell that drives all others, and which months it stands for."""
    sheet.text(3, 1, book.say("dashboard.period"), "strong_line")
    for column in range(7, 18):
        sheet.text(3, column, book.period_word if column == 7 else "", "typed_word")
    _merge(sheet, 3, 7, 17)
    book.define("set_period", "dashboard", PERIOD_CELL)
    called, choices = f"{CALC}!${CALLED}${layout.period}", f"{CALC}!{PERIOD_CHOICES}"
    sheet.validate([PERIOD_CELL.replace("$", "")], "valid.choice", "list", (choices,), None, blank=False)
    unknown, none = book.word("dashboard.unknown"), book.word("dashboard.none")
    formula = f'IF(ISNUMBER(MATCH({PERIOD_CELL},{choices},0)),IF({called}="",{none},{called}),{unknown})'
    sheet.formula(3, 19, formula, period_text(book), "strong_line")
    sheet.cells.row_dimensions[3].height = 20


def period_text(book: Book) -> str:
    """Return which months the dashboard shows, in words."""
    if book.settings.period not in book.period_words:
        return book.say("dashboard.unknown")
    return period_called(book) or book.say("dashboard.none")


def _summary(sheet: Sheet, book: Book, layout: Layout) -> None:
    """How many KPIs stand where, from best to worst, and how many are not judged."""
    cells = [f"{CALC}!${Columns.SHOWN_LEVEL}${layout.calc[entry.id].chosen}" for entry in book.rows]
    levels = [entry.chosen.shown_level for entry in book.rows]
    wide = 12
    for place, level in enumerate((3, 2, 1, 0)):
        many = "+".join(f"({cell}={level})" for cell in cells)
        first = 1 + place * (wide + 1)
        word = f"{CALC}!$B${book.words[f'verdict.{level}']}"
        text = f"{verdict_word(book, level)}{book.say('dashboard.colon')} {levels.count(level)}"
        sheet.formula(5, first, f'{word}&{book.word("dashboard.colon")}&" "&({many})', text, f"level{level}_small")
        _merge(sheet, 5, first, first + wide - 1)
    first = 1 + 4 * (wide + 1)
    unjudged = f'{book.word("dashboard.unjudged")}&" "&({len(cells)}-COUNT({",".join(cells)}))'
    sheet.formula(5, first, unjudged, f"{book.say('dashboard.unjudged')} {levels.count(None)}", "how")
    sheet.cells.row_dimensions[5].height = 20
    sheet.cells.row_dimensions[6].height = 8


class _Card:
    """One card: name, value and verdict, change, bar, goal, what it takes, a note."""

    def __init__(self, sheet: Sheet, book: Book, layout: Layout, entry: Row, top: int, left: int) -> None:
        self.sheet, self.book, self.layout, self.entry = sheet, book, layout, entry
        self.top, self.left = top, left
        self.rows = layout.calc[entry.id]

    def write(self) -> None:
        """Write the card's cells."""
        for row, height in enumerate(_HEIGHTS):
            self.sheet.cells.row_dimensions[self.top + row].height = height
        chosen, unit, book = self.entry.chosen, self.entry.kpi.unit, self.book
        self._text(_NAME, (0, 16), book.row_name(self.entry), "card_name")
        self._unit()
        self._formula(_VALUE, (0, _FIGURE), Columns.FIGURE, chosen.figure, "card_value", unit)
        self._formula(_VALUE, (_FIGURE, CELLS), Columns.VERDICT_WORDS, verdict_words(book, self.entry), "card_verdict")
        self._formula(_CHANGE, (0, 6), Columns.CHANGE, shown_change(self.entry), "card_change", unit)
        self._formula(_CHANGE, (6, CELLS), Columns.CHANGE_WORDS, change_words(book, self.entry), "card_small")
        bar = bar_of(book, self.entry)
        for place in range(1, CELLS + 1):
            shown = bar.cell(place)
            formula = bar_formula(self.layout, self.entry, place)
            self.sheet.formula(self.top + _BAR, self.left + place - 1, formula, shown, "bar")
        self._formula(_GOAL, (0, 15), Columns.GOAL_WORDS, goal_words(book, self.entry), "card_small")
        edge = Columns.edge(self.entry.kpi.better)
        self._formula(_GOAL, (15, CELLS), edge, shown_edge(self.entry), "card_number", unit)
        self._takes()
        self._note()
        level = f"{CALC}!${Columns.SHOWN_LEVEL}${self.rows.chosen}"
        shown_level = chosen.shown_level
        self.sheet.formula(self.top + _GAP, self.left, level, shown_level, "unseen")

    def _fill(self, row: int, columns: tuple[int, int], role: str, unit: str = "") -> tuple[int, int]:
        """Style and join the cells of a line, which all look as the first does; return where that one is."""
        first, last = self.left + columns[0], self.left + columns[1] - 1
        self.book.styles.put(self.sheet.cells.cell(self.top + row, first), role, unit)
        _merge(self.sheet, self.top + row, first, last)
        return self.top + row, first

    def _text(self, row: int, columns: tuple[int, int], text: str, role: str) -> None:
        self.sheet.text(*self._fill(row, columns, role), text, role)

    def _formula(
        self, row: int, columns: tuple[int, int], letter: str, value: Shown, role: str, unit: str = ""
    ) -> None:
        """Show a cell of the KPI's row on Calc."""
        where = self._fill(row, columns, role, unit)
        formula = f"{CALC}!${letter}${self.rows.chosen}"
        self.sheet.formula(*where, formula, value, role, unit)

    def _unit(self) -> None:
        """The unit's word; amounts are in the currency that the user chose."""
        book, unit = self.book, self.entry.kpi.unit
        where = self._fill(_NAME, (16, CELLS), "card_unit")
        if unit == "money" and has_money(book):
            currency = book.settings.currency
            self.sheet.formula(*where, f'{book.at("inputs")}!$D$5&""', currency, "card_unit")
        else:
            self.sheet.text(*where, book.unit(unit), "card_unit")

    def _takes(self) -> None:
        """What the first input takes; the others stand on the sheet of next steps."""
        if not self.rows.levers:
            self._text(_TAKES, (0, _NUMBER), "", "card_small")
            self._text(_TAKES, (_NUMBER, CELLS), self.book.say("next_steps.nothing"), "card_wrap")
            return
        line, needed = self.rows.levers[0], self.entry.chosen.needed[0]
        unit = self.book.vertical.inputs[needed.lever.input].unit
        where = self._fill(_TAKES, (0, _NUMBER), "card_takes", unit)
        difference = shown_difference(self.entry, needed)
        shown = difference
        self.sheet.formula(*where, f"{CALC}!${DIFFERENCE}${line}", shown, "card_takes", unit)
        words = self._fill(_TAKES, (_NUMBER, CELLS), "card_wrap")
        text = lever_words(self.book, self.entry, needed)
        self.sheet.formula(*words, f"{CALC}!${LEVER_WORDS}${line}", text, "card_wrap")

    def _note(self) -> None:
        """What a rate comes to over the benchmark's period, or the band beside a target; the months it stands for."""
        book, row = self.book, self.rows.chosen
        band = f"{CALC}!${Columns.LEVEL}${row}"
        verdict, covered = f"{CALC}!${Columns.VERDICT}${row}", f"{CALC}!${Columns.COVERED}${row}"
        word = level_word(book, self.entry.kpi.better, band, LEVEL_KEYS[-1], f"{CALC}!")
        is_target = f"AND(ISNUMBER({band}),OR({verdict}={REACHED},{verdict}={MISSED}))"
        said = f'IF({is_target}," "&{book.word("dashboard.band")}&" "&{word}&".","")'
        if compounds(self.entry.kpi):
            said = self._pace(said)
        months = f'IF(({covered}>0)*({verdict}<>{FEW_MONTHS})," "&{covered}&" "&{book.word("kpis.of12")}&".","")'
        where = self._fill(_NOTE, (0, CELLS), "card_note")
        self.sheet.formula(*where, f"MID({said}&{months},2,999)", note(book, self.entry), "card_note")

    def _pace(self, otherwise: str) -> str:
        """The rate as the verdict sees it, where that is another figure than the card shows."""
        book, row = self.book, self.rows.chosen
        figure, comparable = (f"{CALC}!${letter}${row}" for letter in (Columns.FIGURE, Columns.COMPARABLE))
        sign = "-" if self.entry.kpi.better == "lower" else ""
        column = bench_columns(book).letter_of_period
        period = f"{book.at('benchmarks')}!${column}${self.layout.bench[self.entry.id]}"
        called = f'" "&{book.word("dashboard.pace")}&" "&{sign}INT({comparable})&{book.word("dashboard.percent")}'
        words = f'{called}&" ("&{period}&")."'
        differs = f"AND(ABS({comparable})<{_SENSIBLE},{sign}{comparable}<>ROUND({figure},9))"
        return f"IF(IF(ISNUMBER({comparable}),IF({differs},1,0),0)=1,{words},{otherwise})"


def note(book: Book, entry: Row) -> str:
    """Return the note at the foot of a card."""
    chosen, text = entry.chosen, _pace(book, entry)
    if not text and chosen.verdict in (REACHED, MISSED) and chosen.level is not None:
        text = f" {book.say('dashboard.band')} {entry.kpi.words[chosen.level].get_in(book.language)}."
    counts = chosen.covered and chosen.verdict != FEW_MONTHS  # which says so itself
    return (text + (f" {chosen.covered} {book.say('kpis.of12')}." if counts else ""))[1:]


def _pace(book: Book, entry: Row) -> str:
    figure, comparable, kpi = entry.chosen.figure, entry.chosen.comparable, entry.kpi
    if not compounds(kpi) or not isinstance(figure, float) or not isinstance(comparable, float):
        return ""
    sign = -1 if kpi.better == "lower" else 1
    if abs(comparable) >= _SENSIBLE or sign * comparable == round_half_away(figure, 9):
        return ""
    # Rounded towards the worse, so that what falls short of a band never looks as if it reached it.
    many = f"{sign * floor(comparable)}{book.say('dashboard.percent')}"
    return f" {book.say('dashboard.pace')} {many} ({book.say(f'period.{kpi.benchmark.period}')})."


def _colours(sheet: Sheet, book: Book) -> None:
    """Colour verdicts and bars by the numbers in the cells; the rules exclude one another."""
    bars = []
    for place in range(len(book.rows)):
        top, left = _corner(place)
        number = f"${get_column_letter(left)}${top + _GAP}"
        chip = f"{get_column_letter(left + _FIGURE)}{top + _VALUE}:{get_column_letter(left + CELLS - 1)}{top + _VALUE}"
        for level in range(4):
            fill, font = level_style(level)
            rule = FormulaRule([f"AND(ISNUMBER({number}),{number}={level})"], fill=fill, font=font)
            sheet.cells.conditional_formatting.add(chip, rule)
        row = top + _BAR
        bars.append(f"{get_column_letter(left)}{row}:{get_column_letter(left + CELLS - 1)}{row}")
    for code in BAR_CODES:
        sheet.cells.conditional_formatting.add(" ".join(bars), bar_rule(code, f"A{FIRST_ROW + _BAR}"))


def _legend(sheet: Sheet, book: Book, row: int) -> int:
    """Write how the cards are read, and return the last row."""
    said = [book.say("dashboard.legend")]
    if bench_columns(book).with_upper:
        said.append(book.say("dashboard.legend_range"))
    if note := source_note(book):
        said.append(note)
    said.append(book.say("dashboard.more", next_steps=book.title("next_steps")))
    for place, text in enumerate(said):
        sheet.text(row + place, 1, text, "how")
    return row + len(said) - 1
