"""Say of a filled workbook, cell by cell, what is not as it should be: typed figures, formulas, results, sheets.

The workbook as it should be is built anew from what is typed in the file, and held against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import __version__
from ..model import Vertical
from ..policy import is_number
from .book import CALC, quoted, row_id
from .build import build
from .finding import ERROR, NOTE, WARNING, Finding, Report
from .hosts import PLAIN
from .read import Filled, read_workbook
from .same_formula import canonical
from .saved import Area, ErrorValue, Saved, SavedCell, area_of
from .verify_typed import check_typed

_DIGITS = 1e-9  # LibreOffice saves fifteen digits
_MOST = 2  # where more than one in so many formulas differs, one sentence says it
Missed = tuple[str, str, object, object]  # sheet, cell, what it shows, what it should show


def verify(path: Path, language: str = "") -> list[Finding]:
    """Say what is wrong with a filled workbook.

    Args:
        path: the file.
        language: of what is said; the workbook's own where it is empty.

    Returns:
        The findings, in the order of sheets and cells.

    Raises:
        WorkbookError: the file cannot be read, or is none of ours.
    """
    return verify_filled(read_workbook(path), language)


def verify_filled(filled: Filled, language: str = "") -> list[Finding]:
    """Say what is wrong with a workbook that is read already; as :func:`verify`."""
    report = Report(filled, language)
    check_typed(report)
    if filled.version == __version__:
        _Comparison(report).run()
    else:
        what = report.say("verify.version", found=filled.version, version=__version__)
        report.add("", "", what, "", WARNING)
        for title in filled.own_sheets:
            report.add(title, "", report.say("verify.sheet_own"), "", NOTE)
    order = {title: place for place, title in enumerate(filled.saved.titles)}
    return sorted(report.findings, key=lambda each: (order.get(each.sheet, -1), _place(each.cell)))


def expected(filled: Filled, vertical: Vertical) -> Saved:
    """Build the workbook anew, from what is typed in a filled one.

    Args:
        filled: the workbook.
        vertical: as its user has changed thresholds, or as it was made.
    """
    return Saved(
        build(
            filled.catalogue, vertical, filled.language, filled.typed, filled.settings, filled.start,
            filled.sample, filled.host, filled.lambdas, filled.log,
        )
    )  # fmt: skip


def _place(cell: str) -> tuple[int, int, str]:
    letters = cell.rstrip("0123456789")
    return (int(cell[len(letters) :]), len(letters), letters) if letters != cell else (0, 0, cell)


class _Comparison:
    """A filled workbook beside the one that it should be."""

    def __init__(self, report: Report) -> None:
        self.report, self.filled, self.found = report, report.filled, report.filled.saved
        self.wanted = expected(report.filled, report.filled.as_changed)
        self.now: dict[str, str] = {}  # what each sheet is called now
        self.same = True

    def run(self) -> None:
        """Note all that differs."""
        self._sheets()
        if not self._names():
            return  # by their places cells could not be told from one another
        before = len(self.report.findings)
        missed = [each for title in self.wanted.titles if title in self.now for each in self._formulas(title)]
        many = len(self.report.findings) - before
        if many > self._formula_count() / _MOST:
            del self.report.findings[before:]
            what = self.report.say("verify.most", many=many, version=__version__)
            self.report.add("", "", what, self.report.say("verify.sheet_back"))
        elif self.same:
            self._results(missed)
        elif missed:
            self.report.add("", "", self.report.say("verify.later"), "", NOTE)

    def _formula_count(self) -> int:
        cells = (cell for title in self.wanted.titles for cell in self.wanted.cells(title).values())
        return sum(bool(cell.formula) for cell in cells)

    def _error(self, sheet: str, cell: str, what: str, fix: str) -> None:
        self.same = False
        self.report.add(sheet, cell, what, fix)

    def _sheets(self) -> None:
        """Sheets that are missing, renamed, or the user's own."""
        say = self.report.say
        others = [title for title in self.found.titles if title not in self.wanted.titles]
        for title in self.wanted.titles:
            if title in self.found.titles:
                self.now[title] = title
                continue
            head = self.wanted.cells(title).get("A1", SavedCell()).value
            renamed = [
                other for other in others if head and head == self.found.cells(other).get("A1", SavedCell()).value
            ]
            if renamed:
                self.now[title] = renamed[0]
                others.remove(renamed[0])
                what = say("verify.sheet_renamed", sheet=title, found=renamed[0])
                self.report.add(renamed[0], "", what, say("verify.name_back"), WARNING)
            else:
                self._error(title, "", say("verify.sheet_missing", sheet=title), say("verify.sheet_back"))
        for title in set(others) - {self.filled.say("sheet.kept")}:
            self.report.add(title, "", say("verify.sheet_own"), "", NOTE)
        self.titles = {now: title for title, now in self.now.items()}

    def _names(self) -> bool:
        """Defined names that are missing or changed; whether all cells stand where they stood."""
        say, moved = self.report.say, set()
        found = {name.casefold(): text for name, text in self.found.names.items()}
        for name, text in self.wanted.names.items():
            wanted, now = area_of(text), found.get(name.casefold())
            if now is None or (wanted and area_of(now) is None):
                if wanted is None or wanted.sheet in self.now:
                    what = say("verify.defined_missing", name=name)
                    self._error(wanted.sheet if wanted else "", "", what, say("verify.define", cells=f"={text}"))
            elif wanted is None:
                if canonical(now, self.titles) != canonical(text, {}):
                    what = say("verify.defined_changed", name=name)
                    self._error("", "", what, say("verify.define", cells=f"={text}"))
            elif self._at_home(area_of(now)) != wanted and wanted.sheet not in moved:
                moved.add(wanted.sheet)
                what = say("verify.moved", name=name, found=now, expected=text)
                self._error(self.now.get(wanted.sheet, wanted.sheet), "", what, say("verify.move_back"))
        return not moved

    def _at_home(self, area: Area | None) -> Area | None:
        """Return an area with its sheet's first title."""
        if area is None:
            return None
        title = self.titles.get(area.sheet, area.sheet)
        return Area(title, area.first_row, area.last_row, area.first_column, area.last_column)

    def _formulas(self, title: str) -> Iterator[Missed]:
        """Note formulas that are not what they were; yield results that differ."""
        say, now = self.report.say, self.now[title]
        cells = self.found.cells(now)
        gone = [f"'{other}'!" for other in self.wanted.titles if other not in self.now]
        for place, wanted in self.wanted.cells(title).items():
            cell = cells.get(place, SavedCell())
            if not wanted.formula:
                if title == CALC and (cell.formula or not same(wanted.value, cell.value)):
                    found = f"={cell.formula}" if cell.formula else self.report.shown(cell.value)
                    shown = self.report.shown(wanted.value)
                    what = say("verify.altered", found=found, expected=shown)
                    self._error(now, place, what, say("verify.put_back", expected=shown))
                continue
            text = canonical(wanted.formula, {})
            if any(sheet in text for sheet in gone):
                continue  # its sheet is missing, which is said
            if canonical(cell.formula, self.titles) == text:
                if cell.value is not None and not same(wanted.value, cell.value):
                    yield now, place, cell.value, wanted.value
                continue
            if cell.formula:
                what = say("verify.changed", found=f"={cell.formula}")
            elif cell.value in (None, ""):
                what = say("verify.gone")
            else:
                what = say("verify.overwritten", value=self.report.shown(cell.value))
            self._error(now, place, what, say("verify.restore", formula=f"={wanted.formula}"))

    def _results(self, missed: list[Missed]) -> None:
        """Note results that are not what the figures typed give: those that others follow from, if there are any."""
        report, results = self.report, list(self._shown())
        if not any(value is not None for value in results):
            report.add("", "", report.say("verify.no_results"), report.say("verify.save"), NOTE)
            return
        if self.filled.host != PLAIN and "#NAME?" in [value for value in results if isinstance(value, ErrorValue)]:
            report.add("", "", report.say("verify.no_addin"), report.say("verify.save"), NOTE)
            return
        if self.filled.mixed_periods:
            report.add("", "", report.say("verify.segments"), "", NOTE)
            return
        hidden = [self.now.get(title) for title in self._uncompared()]
        left = [each for each in missed if each[0] not in hidden and not self._shows_checks(*each[:2])]
        kpis = self._kpi_cells()
        for chosen in (
            [each for each in left if each[:2] in kpis],
            [each for each in left if each[0] != self.now.get(CALC)],
            left,
        ):
            for sheet, cell, value, right in chosen:
                what = report.say("verify.stale", found=report.shown(value), expected=report.shown(right))
                report.add(sheet, cell, what, report.say("verify.recalculate"), ERROR)
            if chosen:
                return

    def _shown(self) -> Iterator[object]:
        for title in self.wanted.titles:
            for cell in self.found.cells(self.now.get(title, "")).values():
                if cell.formula:
                    yield cell.value

    def _uncompared(self) -> Iterator[str]:
        """Sheets whose results depend on the program, or on more than the figures typed."""
        for key in ("sheet.lambdas", "sheet.check"):
            if key in self.filled.catalogue.ui:
                yield self.filled.say(key)
        cells = [entry for rows in self.filled.entries.values() for row in rows for entry in row]
        if any(isinstance(entry.value, (bool, ErrorValue)) for entry in cells):
            yield self.filled.say("sheet.inputs")

    def _shows_checks(self, sheet: str, cell: str) -> bool:
        """Whether a cell of another sheet shows what the sheet of checks says."""
        formula = self.wanted.cells(self.titles[sheet])[cell].formula
        return f"{quoted(self.filled.say('sheet.check'))}!" in formula

    def _kpi_cells(self) -> set[tuple[str, str]]:
        """The figures of the KPIs: what a reader looks at first."""
        found = set()
        for kpi, segment in self.filled.vertical.rows():
            for name in (f"kpi_{row_id(kpi, segment)}", f"year_{row_id(kpi, segment)}"):
                area = self.found.area(name)
                found |= {(area.sheet, cell) for row in area.rows for cell in row} if area else set()
        return found


def same(wanted: object, found: object) -> bool:
    """Whether a cell shows what it should: an empty text is an empty cell, and errors differ between programs."""
    left, right = ("" if value is None else value for value in (wanted, found))
    if isinstance(left, ErrorValue) or isinstance(right, ErrorValue):
        return isinstance(left, ErrorValue) and isinstance(right, ErrorValue)
    if is_number(left) and is_number(right):
        a, b = float(str(left)), float(str(right))
        return abs(a - b) <= max(_DIGITS * abs(a), 1e-12)
    return type(left) is type(right) and left == right
