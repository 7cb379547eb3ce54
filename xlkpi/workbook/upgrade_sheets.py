"""Copy the sheets that a user has added: cells, formats, formulas; what cannot be copied is noted."""

from __future__ import annotations

from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from ..errors import KpiError
from ..names import MAX_SHEET_TITLE
from .book import CALC, Book, Shown
from .read import Entry
from .saved import ErrorValue, SavedCell
from .upgrade_formulas import Moves
from .upgrade_left import Ledger
from .upgrade_match import FAMILIES
from .upgrade_stray import Surroundings, copied

# What may be attached to a sheet and is carried over with it, or is nothing that a user would miss.
_COPIED = frozenset(("comments", "vmlDrawing", "table", "hyperlink", "printerSettings", "threadedComment"))
_OBJECTS = {"drawing": "upgrade.drawing", "pivotTable": "upgrade.pivot"}


def own_titles(around: Surroundings) -> list[str]:
    """Return the titles of the sheets that the user has added."""
    return [title for title in around.found.titles if title not in around.ours]


def free_titles(book: Book, titles: list[str], ours: list[str]) -> dict[str, str]:
    """Return what each sheet is to be called in a workbook, where another sheet may be called so already."""
    taken = {title.casefold() for title in (*book.workbook.sheetnames, *ours)}
    found: dict[str, str] = {}
    for title in titles:
        name, number = title, 2
        while name.casefold() in taken:
            tail = f" ({number})"
            name, number = title[: MAX_SHEET_TITLE - len(tail)] + tail, number + 1
        taken.add(name.casefold())
        found[title] = name
    return found


def own_names(around: Surroundings, book: Book) -> dict[str, str]:
    """Return the names that the user has defined for the whole workbook, by their lower case."""
    known = {name.casefold() for name in (*around.expected.names, *book.workbook.defined_names)}
    return {
        name.casefold(): name
        for name in around.found.names
        if name.casefold() not in known
        and not name.casefold().startswith(("_xl", "kpi.", *(f"{family}_" for family in FAMILIES)))
    }


class OwnSheets:
    """Copies the user's own sheets and names into a workbook that is being built.

    Args:
        around: the older workbook.
        book: the one being built, all its own sheets written.
        moves: where cells of the older one stand in it.
        ledger: where what stays behind is noted.
    """

    def __init__(self, around: Surroundings, book: Book, moves: Moves, ledger: Ledger) -> None:
        self.around, self.book, self.moves, self.ledger = around, book, moves, ledger
        self.styles: dict[tuple[int, ...], StyleArray] = {}
        self.tables: set[str] = set()

    def copy(self) -> None:
        """Copy all of them, before the sheets that are hidden."""
        for title, name in self.moves.titles.items():
            at = self.book.workbook.sheetnames.index(CALC)
            target: Worksheet = self.book.workbook.create_sheet(name, at)
            self.shown = self.book.shown.setdefault(name, {})
            opened = self.around.opened
            if opened is not None and title in opened.sheetnames and isinstance(opened[title], Worksheet):
                self._sheet(title, opened[title], target)
            else:
                self._bare(title, target)
            for kind in sorted(self.around.found.attached(title) - _COPIED):
                self._lose(title, "", _OBJECTS.get(kind, "upgrade.object"), "" if kind in _OBJECTS else kind)
            if self.around.found.extended(title):
                self._lose(title, "", "upgrade.extended")
            if name != title:
                self._lose(title, "", "upgrade.renamed", "", now=name)

    def names(self, names: dict[str, str]) -> None:
        """Define the user's own names anew; one whose cells are no more is noted."""
        for name in names.values():
            text = self.around.found.names[name]
            moved = self.moves.formula(text)
            if moved is None:
                self.ledger.lose(
                    "",
                    "",
                    self.ledger.words("upgrade.name_own", name=name),
                    f"={text}",
                    self.ledger.words("upgrade.moved"),
                )
            else:
                self.book.workbook.defined_names[name] = DefinedName(name, attr_text=moved)

    def _lose(self, title: str, cell: str, why: str, text: str = "", **words: object) -> None:
        label = self.ledger.words("upgrade.own_sheet")
        self.ledger.lose(title, cell, label, text, self.ledger.words(why, **words))

    def _bare(self, title: str, target: Worksheet) -> None:
        """Copy what stands in the cells, where nothing more can be read."""
        self._lose(title, "", "upgrade.looks")
        for place, cell in self.around.found.cells(title).items():
            self._value(title, target[place], cell.formula, cell)

    def _sheet(self, title: str, source: Worksheet, target: Worksheet) -> None:
        saved = self.around.found.cells(title)
        for row in source.iter_rows():
            for cell in row:
                if not isinstance(cell, MergedCell) and (cell.value is not None or cell.has_style or cell.comment):
                    self._cell(title, cell, target.cell(cell.row, cell.column), saved.get(cell.coordinate, SavedCell()))
        self._dimensions(source, target)
        self._view(source, target)
        for area in source.merged_cells.ranges:
            target.merge_cells(str(area))
        for copier, called in (
            (self._validations, "dataValidations"),
            (self._formats, "conditionalFormatting"),
            (self._tables, "tables"),
        ):
            try:
                copier(title, source, target)
            except Exception:  # openpyxl reads rules that it cannot copy, and none is worth the workbook
                self._lose(title, "", "upgrade.object", called)

    def _cell(self, title: str, source: Cell, target: Cell, saved: SavedCell) -> None:
        value: object = source.value
        if isinstance(value, DataTableFormula):
            self._leave_formula(title, target, f"TABLE({value.ref})", saved)
        elif isinstance(value, ArrayFormula):
            text = str(value.text or "").removeprefix("=")
            moved = self.moves.formula(text)
            if moved is None:
                self._leave_formula(title, target, text, saved)
            else:
                target.value = ArrayFormula(value.ref, f"={moved}")
        elif source.data_type == "f":
            self._value(title, target, str(value).removeprefix("="), saved)
        elif source.data_type == "e" and not isinstance(saved.value, ErrorValue):
            _put(target, saved.value)  # a number that openpyxl takes for a date that cannot be
        elif value is not None:
            target.value = value
            target.data_type = source.data_type
        self._style(source, target)
        if source.comment is not None:
            target.comment = copied(source.comment)
        if source.hyperlink is not None:
            self._link(title, source, target)

    def _style(self, source: Cell, target: Cell) -> None:
        if not source.has_style:
            return
        key = tuple(source._style)
        if key not in self.styles:
            for part in ("font", "fill", "border", "alignment", "protection"):
                setattr(target, part, copy(getattr(source, part)))
            target.number_format = source.number_format
            target.quotePrefix = source.quotePrefix
            self.styles[key] = copy(target._style)
        target._style = copy(self.styles[key])

    def _value(self, title: str, target: Cell, formula: str, saved: SavedCell) -> None:
        """Write a formula as it has to be now, with its result; or else the result alone."""
        moved = self.moves.formula(formula) if formula else None
        if moved is not None:
            target.value = f"={moved}"
            self.shown[target.coordinate] = _shown(saved.value)
        elif formula:
            self._leave_formula(title, target, formula, saved)
        else:
            _put(target, saved.value)

    def _leave_formula(self, title: str, target: Cell, formula: str, saved: SavedCell) -> None:
        _put(target, saved.value)
        entry = Entry(title, target.coordinate, saved.value, formula)
        known = None
        if saved.value is not None:
            shown = self.ledger.report.shown(saved.value)
            known = self.ledger.words("upgrade.value", value=shown, formula=f"={formula}")
        self.ledger.leave(entry, self.ledger.words("upgrade.own_sheet"), self.ledger.words("upgrade.moved"), known)

    def _link(self, title: str, source: Cell, target: Cell) -> None:
        link = source.hyperlink
        location = self.moves.formula(link.location) if link.location else None
        if link.location and location is None:
            self._lose(title, source.coordinate, "upgrade.link", link.location)
            return
        target._hyperlink = Hyperlink(
            ref=target.coordinate, target=link.target, location=location, tooltip=link.tooltip, display=link.display
        )

    @staticmethod
    def _dimensions(source: Worksheet, target: Worksheet) -> None:
        for letter, width in source.column_dimensions.items():
            new = target.column_dimensions[letter]
            new.min, new.max, new.hidden = width.min, width.max, width.hidden
            new.outlineLevel, new.collapsed = width.outlineLevel, width.collapsed
            if width.customWidth:
                new.width = width.width
        for number, height in source.row_dimensions.items():
            if height.height is not None or height.hidden or height.outlineLevel:
                row = target.row_dimensions[number]
                row.height, row.hidden, row.outlineLevel = height.height, height.hidden, height.outlineLevel

    @staticmethod
    def _view(source: Worksheet, target: Worksheet) -> None:
        target.freeze_panes = source.freeze_panes
        target.sheet_view.showGridLines = source.sheet_view.showGridLines
        target.sheet_view.zoomScale = source.sheet_view.zoomScale
        target.sheet_properties.tabColor = copy(source.sheet_properties.tabColor)
        target.sheet_state = source.sheet_state
        target.protection = copy(source.protection)
        target.page_setup.orientation, target.page_setup.paperSize = (
            source.page_setup.orientation,
            source.page_setup.paperSize,
        )
        target.auto_filter.ref = source.auto_filter.ref

    def _formulas(self, owner: Any, *fields: str) -> bool:
        """Move the formulas of a rule; whether all of them could be."""
        for field in fields:
            text = getattr(owner, field)
            if text and not str(text).startswith('"'):
                moved = self.moves.formula(str(text).removeprefix("="))
                if moved is None:
                    return False
                setattr(owner, field, moved)
        return True

    def _validations(self, title: str, source: Worksheet, target: Worksheet) -> None:
        for rule in source.data_validations.dataValidation:
            new = copy(rule)
            if self._formulas(new, "formula1", "formula2"):
                target.add_data_validation(new)
            else:
                self._lose(title, str(rule.sqref), "upgrade.rule", str(rule.formula1))

    def _formats(self, title: str, source: Worksheet, target: Worksheet) -> None:
        for area in source.conditional_formatting:
            for rule in area.rules:
                new = copy(rule)
                moved = [self.moves.formula(text) for text in rule.formula]
                if None in moved:
                    self._lose(title, str(area.sqref), "upgrade.rule", "; ".join(rule.formula))
                    continue
                new.formula = moved
                new.dxfId = None
                target.conditional_formatting.add(str(area.sqref), new)

    def _tables(self, title: str, source: Worksheet, target: Worksheet) -> None:
        for table in source.tables.values():
            name = str(table.displayName)
            strange = any(each.calculatedColumnFormula or each.totalsRowFormula for each in table.tableColumns)
            if strange or name.casefold() in self.tables:
                self._lose(title, str(table.ref), "upgrade.table", name)
                continue
            self.tables.add(name.casefold())
            new = Table(name=table.name, displayName=name, ref=table.ref, headerRowCount=table.headerRowCount)
            new.totalsRowCount, new.tableStyleInfo = table.totalsRowCount, copy(table.tableStyleInfo)
            target.add_table(new)


def _shown(value: object) -> Shown:
    """Return a saved result as a workbook in the making keeps it."""
    if isinstance(value, ErrorValue):
        return KpiError(str(value), str(value))
    return value if isinstance(value, (bool, int, float, str)) else None


def _put(target: Cell, value: object) -> None:
    """Write a result as a value; a text stays a text."""
    target.value = value
    if isinstance(value, ErrorValue):
        target.data_type = "e"
    elif isinstance(value, str):
        target.data_type = "s"
