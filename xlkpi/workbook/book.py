"""One workbook in the making: its words, its cells, and the value that each formula is to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Protocol

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..chosen import LATEST, TO_DATE, WHOLE_YEAR, Chosen, Period, choose, period_of
from ..errors import KpiError
from ..logged import Entry, Logged, labels, loggable, monthly
from ..model import Catalogue, Example, Kpi, Vertical
from ..series import MONTHS, Series, Settings, Typed, Used, month_edges, series
from ..used import used_inputs
from .hosts import PLAIN, may_spill
from .saved_text import escaped
from .style import Styles

FIRST_MONTH, LAST_MONTH, YEAR = 4, 15, 16  # columns D to O, and P
MONTH_LETTERS = tuple(get_column_letter(column) for column in range(FIRST_MONTH, LAST_MONTH + 1))
YEAR_LETTER = get_column_letter(YEAR)
CALC = "Calc"
LEAST, MOST = "-9E+307", "9E+307"  # the ends of what a cell takes for a number

Shown = float | int | str | bool | KpiError | None


def row_id(kpi: Kpi, segment: str) -> str:
    """Return the name of a row of the KPI table in defined names."""
    return f"{kpi.id}_{segment}" if segment else kpi.id


@dataclass(frozen=True)
class Row:
    """A row of the KPI table: a KPI, its segment and its figures."""

    kpi: Kpi
    segment: str
    series: Series
    edges: dict[tuple[int, int], float | None]
    chosen: Chosen

    @property
    def id(self) -> str:
        """The name of the row in defined names."""
        return row_id(self.kpi, self.segment)


@dataclass
class Book:
    """What the sheets of one workbook share.

    Args:
        catalogue: where words come from.
        vertical: the line of business.
        language: of the workbook.
        typed: the figures in the input cells.
        settings: currency and rate.
        start: the first month; without one the months are numbered.
        sample: whether the figures are invented.
        host: whose functions the KPI cells call; see :mod:`xlkpi.workbook.hosts`.
        log: the lines of the log, or ``None`` for no such sheet; so it is, too, where nothing can be logged.
    """

    catalogue: Catalogue
    vertical: Vertical
    language: str
    typed: Typed
    settings: Settings
    start: date | None
    sample: bool = False
    host: str = PLAIN
    log: Sequence[Entry] | None = None
    workbook: Workbook = field(default_factory=Workbook)
    shown: dict[str, dict[str, Shown]] = field(default_factory=dict)
    spilling: dict[str, set[str]] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)  # what inputs are called in the log's list
    logged: Logged = field(default_factory=dict)
    used: Used = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    period: Period = field(default_factory=lambda: Period(LATEST, 0))
    examples: dict[str, tuple[Example, dict[str, str]]] = field(default_factory=dict)  # and where its inputs stand

    def __post_init__(self) -> None:
        self.styles = Styles(self.workbook, self.language)
        self.typed = {name: [_cell(cell) for cell in cells] for name, cells in self.typed.items()}
        self._read_log()
        self.used = used_inputs(self.vertical, self.typed, self.logged)
        figures = [series(self.vertical, *row, self.used, self.settings) for row in self.vertical.rows()]
        self.period = period_of(self.settings.period, figures)
        self.rows = [self._row(*row, each) for row, each in zip(self.vertical.rows(), figures, strict=True)]

    def _row(self, kpi: Kpi, segment: str, row: Series) -> Row:
        name = row_id(kpi, segment)
        chosen = choose(self.vertical, kpi, segment, row, self.used, self.settings, self.period, name)
        return Row(kpi, segment, row, month_edges(kpi, segment, self.settings), chosen)

    def _read_log(self) -> None:
        """Work out what the log makes; its lines may also name an input as the list does."""
        if not loggable(self.vertical):
            self.log = None
        if self.log is None:
            return
        self.kinds = labels(self.vertical, self.catalogue.ui, self.language)
        ids = {label.casefold(): name for name, label in self.kinds.items()}
        self.log = [
            replace(entry, input=ids.get(entry.input.casefold(), entry.input), date=_cell(entry.date),
                    figure=_cell(entry.figure))
            for entry in self.log
        ]  # fmt: skip
        self.logged = monthly(self.vertical, self.start, self.log)

    def say(self, key: str, **values: object) -> str:
        """Return a text of the product in the workbook's language."""
        text = self.catalogue.ui[key].get_in(self.language)
        return text.format(**values) if values else text

    def title(self, sheet: str) -> str:
        """Return a sheet's title in the workbook's language."""
        return CALC if sheet == CALC else self.say(f"sheet.{sheet}")

    def at(self, sheet: str) -> str:
        """Return a sheet's title as it stands before ``!`` in a formula."""
        return quoted(self.title(sheet))

    def unit(self, unit: str) -> str:
        """Return a unit's word; amounts are called by their currency on the sheet itself."""
        return self.say("unit.count" if unit.startswith("count:") else f"unit.{unit}")

    def row_name(self, row: Row) -> str:
        """Return a row's name in the workbook's language, with its segment."""
        name = row.kpi.name.get_in(self.language)
        return f"{name} ({row.kpi.segments[row.segment].get_in(self.language)})" if row.segment else name

    @property
    def period_words(self) -> dict[str, str]:
        """What each choice of a period is called in the cell to choose it in."""
        return period_words(self)

    @property
    def period_word(self) -> str:
        """What stands in that cell."""
        return self.period_words.get(self.settings.period, self.settings.period)

    def word(self, key: str) -> str:
        """Return the cell that holds a word for formulas."""
        return f"{CALC}!$B${self.words[key]}"

    def own_word(self, key: str) -> str:
        """Return that cell as it is called on its own sheet."""
        return self.word(key).split("!")[1]

    def define(self, name: str, sheet: str, cells: str) -> None:
        """Give cells a defined name, such as ``kpi_client_retention``."""
        self.workbook.defined_names[name] = DefinedName(name, attr_text=f"{self.at(sheet)}!{cells}")


def quoted(title: str) -> str:
    """Return a sheet's title as it stands before ``!`` in a formula."""
    return title if title.isalnum() else "'" + title.replace("'", "''") + "'"


def _cell(cell: object) -> object:
    """An empty text is an empty cell."""
    if isinstance(cell, (list, tuple)):
        return [_cell(member) for member in cell]
    return None if cell == "" else cell


class Sheet:
    """A sheet being written: texts stay texts, and every formula carries its value.

    Args:
        book: the workbook.
        name: key of the sheet, such as ``"inputs"``.
    """

    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name = book, name
        title = book.title(name)
        self.cells: Worksheet = book.workbook.create_sheet(title)
        self.shown = book.shown.setdefault(title, {})
        self.cells.sheet_view.showGridLines = False

    @classmethod
    def again(cls, book: Book, name: str) -> Sheet:
        """Return a sheet that is already written, to add to it."""
        sheet = cls.__new__(cls)
        sheet.book, sheet.name = book, name
        sheet.cells, sheet.shown = book.workbook[book.title(name)], book.shown[book.title(name)]
        return sheet

    def text(self, row: int, column: int, text: str, role: str = "") -> None:
        """Write a text; one that begins like a formula stays a text."""
        cell = self.cells.cell(row, column, escaped(text) or None)
        self.book.styles.put(cell, role)
        if text[:1] in ("=", "+", "-", "@"):
            cell.data_type = "s"
            cell._style = copy(cell._style)  # the mark is this cell's alone; its style is shared
            cell.quotePrefix = True

    def number(self, row: int, column: int, value: object, role: str = "", unit: str = "") -> None:
        """Write a number, a date, or an empty cell."""
        cell = self.cells.cell(row, column, value)
        self.book.styles.put(cell, role, unit)
        if isinstance(value, str):
            cell.data_type = "s"

    def formula(
        self, row: int, column: int, formula: str, value: Shown, role: str = "", unit: str = "", spills: bool = False
    ) -> None:
        """Write a formula (without ``=``) and remember the value that it gives, and whether it may spill.

        A value of ``None`` is the empty text of a cell that shows nothing.
        """
        cell = self.cells.cell(row, column, "=" + formula)
        self.book.styles.put(cell, role, unit)
        self.shown[cell.coordinate] = value
        if spills or may_spill(self.book.host, formula):
            self.book.spilling.setdefault(self.cells.title, set()).add(cell.coordinate)

    def put(self, row: int, letter: str, formula: str, value: Shown) -> None:
        """Write a formula into a column of the sheet Calc, which has no looks."""
        self.formula(row, column_index_from_string(letter), formula, value)

    def validate(
        self, cells: Sequence[str], key: str, kind: str = "decimal", ends: Sequence[str] = (LEAST, MOST),
        operator: str | None = "between", blank: bool = True, doubt: bool = False,
        words: Mapping[str, object] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """Say in the workbook's language what may be typed in cells; any number, unless asked otherwise.

        Args:
            cells: cells and areas.
            key: of the message.
            kind: of the validation, such as ``"decimal"``, ``"list"`` or ``"custom"``.
            ends: one end or two, or the list, or the formula.
            operator: how a figure is held against the ends; none for lists and formulas.
            blank: whether a cell may be left empty.
            doubt: whether something else may be typed after a question.
            words: what stands in the message's placeholders.
        """
        rule = DataValidation(kind, operator=operator, allow_blank=blank, errorStyle="warning" if doubt else None)
        rule.formula1, rule.formula2 = (*ends, None)[:2]
        rule.errorTitle, rule.error = self.book.say("valid.title")[:32], self.book.say(key, **words)[:225]
        rule.showErrorMessage = True
        for cell in cells:
            rule.add(cell)
        self.cells.add_data_validation(rule)

    def widths(self, widths: Mapping[str, float]) -> None:
        """Set column widths, in characters."""
        for letter, width in widths.items():
            self.cells.column_dimensions[letter].width = width

    def months(self, row: int) -> None:
        """Write the month names of a heading."""
        for place, letter in enumerate(MONTH_LETTERS):
            name = month_name(self.book, place)
            self.formula(row, FIRST_MONTH + place, f"{CALC}!{letter}$3", name, "header")

    def printed(
        self, last: str, titles: str, portrait: bool = False, pages_high: int = 0, beside: str = "", repeat: str = ""
    ) -> None:
        """Set the sheet up for printing: one page wide, headings repeated.

        Args:
            last: the last cell printed.
            titles: rows repeated on each page, such as ``"4:4"``; none where empty.
            portrait: upright rather than across.
            pages_high: how many pages it may take at most; 0 for as many as it needs.
            beside: a second part, such as ``"Q1:V9"``, for a page of its own.
            repeat: columns repeated beside that part, such as ``"A:A"``.
        """
        cells = self.cells
        cells.page_setup.orientation = "portrait" if portrait else "landscape"
        cells.page_setup.paperSize = cells.PAPERSIZE_A4
        cells.page_setup.fitToWidth, cells.page_setup.fitToHeight = 1, pages_high
        cells.sheet_properties.pageSetUpPr.fitToPage = True
        cells.page_margins.left = cells.page_margins.right = 0.4
        cells.page_margins.top = cells.page_margins.bottom = 0.5
        if titles:
            cells.print_title_rows = titles
        if repeat:
            cells.print_title_cols = repeat
        cells.print_area = [f"A1:{last}", beside] if beside else f"A1:{last}"
        cells.oddFooter.left.text = f"{self.book.vertical.name.get_in(self.book.language)}".replace("&", "&&")
        cells.oddFooter.right.text = "&P / &N"


def span(row: int, fixed: bool = True) -> str:
    """Return the twelve months of a row, with fixed columns unless asked otherwise."""
    first, last = MONTH_LETTERS[0], MONTH_LETTERS[-1]
    return f"${first}{row}:${last}{row}" if fixed else f"{first}{row}:{last}{row}"


class Dated(Protocol):
    """What has a first month and a language, such as a workbook in the making."""

    @property
    def start(self) -> date | None:
        """The first month."""

    def say(self, key: str, **values: object) -> str:
        """Return a text of the product."""


def month_name(book: Dated, place: int) -> str:
    """Return a month's name and year, counted from the first month of the workbook."""
    if book.start is None:
        return f"{book.say('inputs.month')} {place + 1}"
    month = book.start.month - 1 + place
    return f"{book.say(f'month.m{month % 12 + 1:02}')} {book.start.year + month // 12}"


def period_words(book: Dated) -> dict[str, str]:
    """Return what each choice of a period is called in the cell to choose it in."""
    words = {str(place + 1): month_name(book, place) for place in range(MONTHS)}
    for choice, key in ((LATEST, "latest"), (TO_DATE, "to_date"), (WHOLE_YEAR, "whole_year")):
        words[choice] = book.say(f"period.{key}")
    return words


def period_called(book: Book) -> str:
    """Return what the chosen period is called: a month, or the first and the last of several."""
    month = book.period.month
    if not month:
        return ""
    last = month_name(book, month - 1)
    return f"{month_name(book, 0)} – {last}" if book.period.spans and month > 1 else last


def before_called(book: Book) -> str:
    """Return what the period before the chosen one is called."""
    if book.period.spans:
        return book.say("change.last_year")
    month = book.period.month
    return month_name(book, month - 2) if month > 1 else book.say("change.last_month")
