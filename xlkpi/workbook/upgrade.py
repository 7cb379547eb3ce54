"""Bring a filled workbook up to date: a new one with all that was typed, and a list of what had to stay behind."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

import openpyxl
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook

from ..catalogue import load
from ..model import Catalogue, Vertical
from ..renamed import now_called
from .book import Book, Shown
from .build import build
from .finding import WARNING, Finding, Report
from .kept import read_kept, write_kept
from .read import Filled
from .saved import Saved, WorkbookError, area_of
from .upgrade_bands import Thresholds
from .upgrade_figures import Carried, Figures
from .upgrade_left import Ledger
from .upgrade_match import Match
from .upgrade_sheets import OwnSheets, free_titles, own_names, own_titles
from .upgrade_stray import Surroundings, carry_comments, leave_stray, moves_of
from .verify import expected


@dataclass(frozen=True)
class Upgraded:
    """A workbook that is up to date.

    Args:
        vertical: the line of business, by the definition that it has now.
        data: its bytes.
        left: what could not be carried over, cell by cell, and what is worth a mention.
    """

    vertical: Vertical
    data: bytes
    left: tuple[Finding, ...]


def upgrade(filled: Filled, catalogue: Catalogue | None = None, wanted: str = "", language: str = "") -> Upgraded:
    """Build a current workbook from a filled one of an earlier version or of an earlier catalogue file.

    Args:
        filled: the older workbook.
        catalogue: where the current definition is looked for; the shipped one where it is left out.
        wanted: the line of business to upgrade to; where it is empty, the one that is or was called as the workbook's,
            and the workbook's own definition where there is none.
        language: of what is said; the workbook's own where it is empty.

    Returns:
        The new workbook: every figure, target, threshold, setting, log line, comment and sheet of the user's that has
        a place in it; the rest on a sheet of its own.

    Raises:
        WorkbookError: the line of business that is wanted shares no figure with the workbook.
    """
    report = Report(filled, language)
    ledger = Ledger(report)
    catalogue = catalogue or load()
    vertical = definition(filled, catalogue, wanted, ledger)
    if vertical is filled.vertical:
        catalogue = filled.catalogue
    vertical = vertical.in_use
    match = Match(filled.vertical, vertical)
    if not any(not match.changed(item) for item in filled.vertical.inputs.values() if not item.values):
        raise WorkbookError(
            f'No figure of this workbook ("{filled.vertical.id}") has a place in "{vertical.id}". Name the line of '
            'business that it is of, or say in the catalogue file what its inputs were called before: was = ["old_id"].'
        )
    figures = Figures(filled, match, ledger)
    figures.inputs()
    settings, start = figures.settings(), figures.start()
    figures.log()
    changed = Thresholds(figures).vertical()
    _say_unknown_names(filled, ledger)
    rest = _Rest(filled, match, figures.carried, ledger)
    data = build(
        catalogue, changed, filled.language, figures.carried.typed, settings, start,
        filled.sample, filled.host, filled.lambdas, figures.carried.log, finishing=rest.finish,
    )  # fmt: skip
    return Upgraded(vertical, data, tuple(report.findings))


def definition(filled: Filled, catalogue: Catalogue, wanted: str, ledger: Ledger) -> Vertical:
    """Return the definition that a workbook is to have, and say so where it is not the one of the same name."""
    own = filled.vertical.id
    if wanted:
        found = wanted
    elif own in catalogue.verticals:
        found = own
    else:
        found = now_called({name: each.was for name, each in catalogue.verticals.items()}, own)
    if not found:
        ledger.mention("", "", ledger.words("upgrade.own_definition", vertical=own))
        return filled.vertical
    if found != own:
        ledger.mention("", "", ledger.words("upgrade.other_vertical", before=own, now=found))
    return catalogue.verticals[found]


def _say_unknown_names(filled: Filled, ledger: Ledger) -> None:
    """Note names that look like those of inputs, of inputs that not even the older definition knew."""
    known = {f"in_{item.id}" for item in filled.vertical.inputs.values()}
    for name in filled.saved.names:
        if name.casefold().startswith("in_") and name.casefold() not in known:
            area = filled.saved.area(name)
            place = (area.sheet, area.rows[0][0]) if area else ("", "")
            label = ledger.words("upgrade.name_own", name=name)
            ledger.lose(*place, label, f"={filled.saved.names[name]}", ledger.words("upgrade.gone"))


def opened_whole(saved: Saved) -> Workbook | None:
    """Open a workbook with its formats and comments, or return ``None`` where openpyxl cannot read it."""
    data = saved.whole()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it cannot read, which is noted by us
            return openpyxl.load_workbook(BytesIO(data))
    except Exception:  # it fails in ways of its own at files that spreadsheet programs open
        return None


class _Rest:
    """What is added to the new workbook once its own sheets are written."""

    def __init__(self, filled: Filled, match: Match, carried: Carried, ledger: Ledger) -> None:
        self.filled, self.match, self.carried, self.ledger = filled, match, carried, ledger
        self.around = Surroundings(filled, expected(filled, filled.vertical), opened_whole(filled.saved))

    def finish(self, book: Book) -> None:
        """Add formulas, words, comments, the user's own sheets, and the sheet of what stays behind."""
        self._formulas(book)
        self._words(book)
        leave_stray(self.around, self.ledger)
        titles = free_titles(book, own_titles(self.around), [book.say("sheet.kept")])
        names = own_names(self.around, book)
        moves = moves_of(self.around, book, self.match.names, titles, names)
        carry_comments(self.around, moves, book, self.ledger)
        own = OwnSheets(self.around, book, moves, self.ledger)
        own.names(names)
        own.copy()
        if self.around.opened is None:
            self.ledger.report.add(
                "", "", self.ledger.words("upgrade.unopened")(self.ledger.report.language), "", WARNING
            )
        write_kept(book, [*read_kept(self.filled), *self.ledger.kept])

    def _formulas(self, book: Book) -> None:
        for (name, row, column), (formula, value) in self.carried.formulas.items():
            area = area_of(book.workbook.defined_names[name].attr_text)
            if area is not None:
                place = area.rows[row][column]
                cell = book.workbook[area.sheet][place]
                cell.value = f"={formula}"
                book.shown[area.sheet][place] = _result(value)

    def _words(self, book: Book) -> None:
        for name, word in self.carried.words.items():
            area = area_of(book.workbook.defined_names[name].attr_text)
            if area is not None:
                book.workbook[area.sheet][area.rows[0][0]].value = word


def _result(value: object) -> Shown:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return float(to_excel(value))
