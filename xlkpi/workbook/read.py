"""Read a workbook of ours that a user has filled: figures, settings and thresholds, found by their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from ..carried import load_texts
from ..chosen import LATEST
from ..errors import CatalogueError, visible
from ..logged import Entry as LogEntry
from ..logged import Logged, labels, monthly
from ..model import BANDS, PERIODS, Band, Catalogue, Kpi, Vertical
from ..names import HOSTS, LANGUAGES, refuse_vertical
from ..policy import is_number
from ..series import HOME_CURRENCY, MONTHS, NEVER, Settings
from ..texts import OPERATOR_KEYS
from ..used import Used, used_inputs
from .book import CALC, period_words, row_id
from .hosts import PLAIN
from .saved import Saved, SavedCell, WorkbookError
from .sources import DEFINITION

_NOT_OURS = "This is no workbook of xlkpi, or its hidden sheet is gone. Take a copy that still has it."
_ANOTHER = "Take a copy in which nobody changed it."
_MAX_FACT = 100
_FACTS = ("xlkpi", "vertical", "language", "sample")


@dataclass(frozen=True)
class Entry:
    """A cell that the user may type in.

    Args:
        sheet: title of its sheet.
        cell: where it stands, such as ``"D10"``.
        value: what stands in it: a number, a text, TRUE, an error; ``None`` when it is empty.
        formula: the formula that gave the value, without ``=``, where the user typed one.
    """

    sheet: str
    cell: str
    value: object = None
    formula: str = ""

    @property
    def number(self) -> float | None:
        """The value if it is a number."""
        return self.value if isinstance(self.value, (int, float)) and is_number(self.value) else None


@dataclass(frozen=True)
class Filled:
    """A workbook as its user has filled it.

    Args:
        file: the name of the file.
        version: of xlkpi, that made it.
        catalogue: as it was when the workbook was made.
        vertical: the line of business, by the definition that the workbook carries.
        language: of the workbook.
        host: whose functions its cells call.
        sample: whether it was made with invented figures.
        with_log: whether it has the sheet of single answers, sessions and tasks.
        saved: the file itself.
        entries: the cells to type in, by defined name, in rows; a name that is gone has none.
    """

    file: str
    version: str
    catalogue: Catalogue
    vertical: Vertical
    language: str
    host: str
    sample: bool
    with_log: bool
    saved: Saved
    entries: Mapping[str, tuple[tuple[Entry, ...], ...]] = field(default_factory=dict)

    def one(self, name: str) -> Entry | None:
        """Return the single cell of a name, or ``None`` where the name is gone."""
        rows = self.entries.get(name, ())
        return rows[0][0] if rows else None

    def say(self, key: str, **values: object) -> str:
        """Return a text of the product in the workbook's language."""
        text = self.catalogue.ui[key].get_in(self.language)
        return text.format(**values) if values else text

    @property
    def lambdas(self) -> bool:
        """Whether the workbook has the sheet of named LAMBDAs, or at least its names."""
        called = any(name.casefold().startswith("kpi.") for name in self.saved.names)
        return called or self.say("sheet.lambdas") in self.saved.titles

    @property
    def start(self) -> date | None:
        """The first month, where a date is typed."""
        entry = self.one("set_first_month")
        return None if entry is None else self.saved.day(entry.value)

    @property
    def period_words(self) -> dict[str, str]:
        """The choices of a period, by what each is called in the cell to choose it in."""
        return {word.casefold(): choice for choice, word in period_words(self).items()}

    @cached_property
    def typed(self) -> dict[str, list[object]]:
        """What stands in the cells of each input: see :data:`xlkpi.series.Typed`."""
        found: dict[str, list[object]] = {}
        for item in self.vertical.inputs.values():
            rows = [[entry.value for entry in row[:MONTHS]] for row in self.entries.get(f"in_{item.id}", ())]
            if rows:
                found[item.id] = [*rows] if item.kind == "tally" else rows[0]
        return found

    @cached_property
    def log(self) -> tuple[LogEntry, ...] | None:
        """The lines of the log down to the last that holds anything; ``None`` where there is no log."""
        if not self.with_log:
            return None
        words = labels(self.vertical, self.catalogue.ui, self.language)
        names = {word.casefold(): name for name, word in words.items()}
        rows = [[entry.value for entry in row] for row in self.entries.get("log_entries", ()) if len(row) > 3]
        while rows and not any(value is not None for value in rows[-1]):
            rows.pop()
        found = []
        for day, kind, figure, note, *_ in rows:
            what = "" if kind is None else str(kind)
            note = "" if note is None else str(note)
            found.append(LogEntry(self.saved.counted(day), names.get(what.casefold(), what), figure, note))
        return tuple(found)

    @cached_property
    def logged(self) -> Logged:
        """The monthly figures that the log makes."""
        return monthly(self.vertical, self.start, self.log) if self.log else {}

    @cached_property
    def used(self) -> Used:
        """The figures that count: typed, logged or carried on."""
        return used_inputs(self.vertical, self.typed, self.logged)

    @cached_property
    def settings(self) -> Settings:
        """The currency, the rate, the targets and last year's figures, as far as they can be used."""
        currency, rate = self.one("set_currency"), self.one("set_rate")
        names = [row_id(kpi, segment) for kpi, segment in self.vertical.rows()]
        targets, ends = ({name: self.one(f"{kind}_{name}") for name in names} for kind in ("target", "targetend"))
        period = self.one("set_period")
        chosen = str(period.value or "") if period else LATEST
        return Settings(
            str(currency.value or "") if currency else HOME_CURRENCY,
            rate.number if rate else None,
            {name: float(each.number) for name, each in targets.items() if each and each.number is not None},
            self.period_words.get(chosen.casefold(), chosen),
            {
                name: [entry.number for row in self.entries[f"prev_{name}"] for entry in row]
                for name in names
                if f"prev_{name}" in self.entries
            },
            {name: float(each.number) for name, each in ends.items() if each and each.number is not None},
        )

    @cached_property
    def as_changed(self) -> Vertical:
        """The line of business with the thresholds and periods that stand in the workbook now."""
        kpis = {kpi.id: self._changed(kpi) for kpi in self.vertical.kpis.values()}
        return replace(self.vertical, kpis=kpis)

    @property
    def mixed_periods(self) -> bool:
        """Whether the segments of a KPI have different periods now, of which :attr:`as_changed` knows the first."""
        for kpi in self.vertical.kpis.values():
            cells = [self.one(f"period_{row_id(kpi, segment)}") for segment in kpi.segments]
            if len({str(cell.value).casefold() for cell in cells if cell}) > 1:
                return True
        return False

    def _changed(self, kpi: Kpi) -> Kpi:
        bands = {segment: found for segment in kpi.segments if (found := tuple(self._bands(kpi, segment)))}
        period = self.one(f"period_{row_id(kpi, next(iter(kpi.segments)))}")
        known = {self.say(f"period.{each}").casefold(): each for each in PERIODS}
        chosen = kpi.benchmark.period if period is None else known.get(str(period.value).casefold(), "")
        return replace(kpi, bands=bands, benchmark=replace(kpi.benchmark, period=chosen))

    def _bands(self, kpi: Kpi, segment: str) -> Iterator[Band]:
        """Read a row's bands as the workbook's own formulas do: what is no number states no band."""
        name, operator = row_id(kpi, segment), ".."
        stated = {band.level: band for band in kpi.bands.get(segment, ())}
        for level, word in enumerate(BANDS, 1):
            edge, upper = self.one(f"bench_{name}_{word}"), self.one(f"upper_{name}_{word}")
            if edge is None:  # the name is gone
                yield from (stated[level],) if level in stated else ()
            elif edge.number is not None:
                end = None
                if kpi.better == "range":
                    end = upper.number if upper and upper.number is not None else NEVER
                else:
                    operator = self._operator(kpi, f"operator_{name}_{word}", stated.get(level))
                yield Band(level, operator, float(edge.number), end)

    def _operator(self, kpi: Kpi, name: str, stated: Band | None) -> str:
        other, strict = (">=", ">") if kpi.better == "higher" else ("<=", "<")
        entry, word = self.one(name), self.say(OPERATOR_KEYS[strict])
        if entry is None and stated is not None:  # the first workbooks had no names for these cells
            return stated.operator
        return strict if entry and str(entry.value).casefold() == word.casefold() else other

    @cached_property
    def own_sheets(self) -> tuple[str, ...]:
        """The titles of the sheets that the user has added."""
        ours = {self.say(key) for key in self.catalogue.ui if key.startswith("sheet.")} | {CALC, DEFINITION}
        ours |= {entry.sheet for rows in self.entries.values() for row in rows for entry in row}
        return tuple(title for title in self.saved.titles if title not in ours)


def read_workbook(path: Path) -> Filled:
    """Read a workbook of ours.

    Args:
        path: the file, as any spreadsheet program saved it.

    Returns:
        What the user has typed, and what the workbook says of itself.

    Raises:
        WorkbookError: it cannot be read, or is none of ours.
    """
    return filled(Saved.read(path), path.name)


def filled(saved: Saved, file: str) -> Filled:
    """Read a workbook of ours that is open already; as :func:`read_workbook`."""
    facts, texts = _definition(saved)
    facts.setdefault("host", PLAIN)  # the first workbooks knew no other
    if not all(key in facts for key in _FACTS) or facts["language"] not in LANGUAGES or facts["host"] not in HOSTS:
        raise WorkbookError(_NOT_OURS)
    try:
        catalogue = load_texts(facts["vertical"], texts)
    except CatalogueError as error:
        what = "The definition on its hidden sheet cannot be used; take a copy in which nobody changed it."
        raise WorkbookError(f"{what}\n{error}") from None
    vertical = catalogue.verticals[facts["vertical"]].in_use
    entries = {name: rows for name in _names(vertical) if (rows := _entries(saved, name))}
    return Filled(
        file, facts["xlkpi"], catalogue, vertical, facts["language"], facts["host"], facts["sample"] == "yes",
        facts.get("log") == "yes", saved, entries,
    )  # fmt: skip


def _definition(saved: Saved) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the hidden sheet says of the workbook, and the catalogue's files that it carries."""
    cells = saved.cells(DEFINITION)
    if not cells:
        raise WorkbookError(_NOT_OURS)
    facts: dict[str, str] = {}
    texts: dict[str, str] = {}
    row = 1
    while f"A{row}" in cells:
        key, text = str(cells[f"A{row}"].value), str(cells.get(f"B{row}", SavedCell("")).value)
        if key.endswith(".toml"):
            if refuse_vertical(key.removesuffix(".toml").partition(".own")[0]):
                what = f'The definition on its hidden sheet names a file "{visible(key[:80])}".'
                raise WorkbookError(f"{what} {_ANOTHER}")
            texts[key] = texts.get(key, "") + text
        else:
            facts[key] = text[:_MAX_FACT]
        row += 1
    return facts, texts


def _names(vertical: Vertical) -> Iterator[str]:
    """Yield the defined names of all cells to type in."""
    yield from ("set_first_month", "set_currency", "set_rate", "set_period", "log_entries")
    yield from (f"in_{item.id}" for item in vertical.inputs.values())
    for kpi, segment in vertical.rows():
        name = row_id(kpi, segment)
        yield from (f"target_{name}", f"targetend_{name}", f"period_{name}", f"prev_{name}")
        yield from (f"{kind}_{name}_{band}" for kind in ("bench", "operator", "upper") for band in BANDS)


def _entries(saved: Saved, name: str) -> tuple[tuple[Entry, ...], ...]:
    area = saved.area(name)
    if area is None or area.sheet not in saved.titles:
        return ()
    cells = saved.cells(area.sheet)

    def entry(place: str) -> Entry:
        cell = cells.get(place, SavedCell())
        return Entry(area.sheet, place, None if cell.value == "" else cell.value, cell.formula)

    return tuple(tuple(map(entry, row)) for row in area.rows)
