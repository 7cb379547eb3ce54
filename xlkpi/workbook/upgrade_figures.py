"""Carry typed figures, settings and the log from an older workbook to a newer definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from openpyxl.utils.datetime import to_excel

from ..chosen import LATEST
from ..logged import Entry as LogEntry
from ..logged import labels, loggable
from ..model import Input, Kpi, Vertical
from ..series import HOME_CURRENCY, MONTHS, Settings
from .book import month_name, row_id
from .read import Entry, Filled
from .upgrade_formulas import stands_alone
from .upgrade_left import Ledger, Words
from .upgrade_match import Match, RowPair, same_unit, scale

_LAST_YEAR = MONTHS + 1  # cells of a row of last year
_HEADS = ("date", "what", "figure", "note")
Place = tuple[str, int, int]  # a defined name, and the row and column in it, from 0


@dataclass
class Carried:
    """What goes into the new workbook.

    Args:
        typed: the figures.
        log: the log's lines, or ``None`` for no log.
        formulas: formulas typed into cells to type in, by their place, each with its value.
        words: words for single cells that the definition has no place for, by defined name.
    """

    typed: dict[str, list[object]] = field(default_factory=dict)
    log: list[LogEntry] | None = None
    formulas: dict[Place, tuple[str, object]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


class Figures:
    """Carries figures over, and notes those that stay behind.

    Args:
        filled: the older workbook.
        match: its definition beside the newer one.
        ledger: where what stays behind is noted.
    """

    def __init__(self, filled: Filled, match: Match, ledger: Ledger) -> None:
        self.filled, self.match, self.ledger = filled, match, ledger
        self.carried = Carried()
        self._has_dashboard = filled.say("sheet.dashboard") in filled.saved.titles  # which the period is chosen on
        self.families = {name.casefold().partition("_")[0] for name in filled.saved.names}

    def number(self, entry: Entry, label: Words, place: Place) -> float | None:
        """Return the number of a cell, if it holds one; keep a formula that needs no other cell."""
        say, alone = self.ledger.words, stands_alone(entry.formula) if entry.formula else True
        if entry.value is not None and entry.number is None:
            self.ledger.leave(entry, label, say("upgrade.number"))
        elif not alone and entry.value is None:
            self.ledger.leave(entry, label, say("upgrade.refers"))
        elif not alone:
            known = say("upgrade.value", value=self.ledger.report.shown(entry.value), formula=f"={entry.formula}")
            self.ledger.leave(entry, label, say("upgrade.refers"), known)
        elif entry.formula:
            self.carried.formulas[place] = entry.formula, entry.number
            if entry.value is None:
                what = self.ledger.of(label, say("upgrade.no_result", formula=f"={entry.formula}"))
                self.ledger.mention(entry.sheet, entry.cell, what)
        return entry.number

    def gone(self, name: str, label: Words) -> bool:
        """Whether a name is gone, and say so; an edition that had no names of the kind is not at fault."""
        if name in self.filled.entries:
            return False
        if name.partition("_")[0] in self.families and (name != "set_period" or self._has_dashboard):
            self.ledger.lose("", "", label, "", self.ledger.words("upgrade.name", name=name))
        return True

    def inputs(self) -> None:
        """Carry the figures of all inputs."""
        for old in self.filled.vertical.inputs.values():
            name = f"in_{old.id}"
            if old.values or self.gone(name, old.label.get_in):
                continue
            rows, why = self.filled.entries[name], self.match.changed(old)
            new = self.match.inputs.get(old.id)
            wide = 1 if old.kind == "constant" else MONTHS
            ratings = scale(self.filled.vertical, old)
            if not why and (len(rows) != max(1, len(ratings)) or any(len(row) != wide for row in rows)):
                why = "shape"
            if why or new is None:
                self._leave_rows(old, rows, ratings, why or "gone", new)
                continue
            if new.kind != old.kind:
                kinds = {"before": self.kind(old), "now": self.kind(new)}
                self.ledger.mention(
                    rows[0][0].sheet,
                    rows[0][0].cell,
                    self.ledger.of(old.label.get_in, self.ledger.words("upgrade.other_kind", **kinds)),
                )
            self._carry_rows(old, new, rows, ratings)

    def kind(self, item: Input) -> Words:
        """Return what an input's kind is called."""
        return self.ledger.words(f"kind.{item.kind}")

    def _carry_rows(self, old: Input, new: Input, rows: Sequence[Sequence[Entry]], ratings: Sequence[float]) -> None:
        order = scale(self.match.new, new)
        found: list[list[object]] = [[None] * len(rows[0]) for _ in rows]
        for offset, row in enumerate(rows):
            target = order.index(ratings[offset]) if ratings else offset
            for month, entry in enumerate(row):
                label = self._label(old, ratings, offset, month)
                found[target][month] = self.number(entry, label, (f"in_{new.id}", target, month))
        default = new.default if new.kind == "constant" else None
        if any(value != default for row in found for value in row):  # else the cells are as they are built
            self.carried.typed[new.id] = [*found] if new.kind == "tally" else found[0]

    def _leave_rows(
        self, old: Input, rows: Sequence[Sequence[Entry]], ratings: Sequence[float], why: str, new: Input | None
    ) -> None:
        words: dict[str, object] = {"before": self.kind(old)}
        if new is not None:
            words["now"] = self.kind(new)
        said = self.ledger.words(f"upgrade.{why}", **words)
        if why == "gone":
            said = self.ledger.renamed(said, old.id)
        for offset, row in enumerate(rows):
            for month, entry in enumerate(row):
                untouched = old.kind == "constant" and entry.number == old.default
                if entry.formula or (entry.value is not None and not untouched):
                    self.ledger.leave(entry, self._label(old, ratings, offset, month), said)

    def _label(self, item: Input, ratings: Sequence[float], offset: int, month: int) -> Words:
        label: Words = item.label.get_in
        if offset < len(ratings):
            label = self.ledger.words("inputs.rating", label=label, value=f"{ratings[offset]:g}")
        return label if item.kind == "constant" else self.ledger.of(label, self.month(month))

    def month(self, place: int) -> Words:
        """Return what a month of the workbook is called."""

        def said(language: str) -> str:
            return month_name(_Dated(self.filled, language), place)

        return said

    def settings(self) -> Settings:
        """Carry currency, rate, targets, the chosen period and last year's figures."""
        say, filled = self.ledger.words, self.filled
        currency, rate = filled.one("set_currency"), filled.one("set_rate")
        code, factor = HOME_CURRENCY, None
        if with_money(self.match.new):
            code = filled.settings.currency
            if currency and currency.formula:
                self.ledger.leave(currency, say("inputs.currency"), say("upgrade.word"))
            factor = self.number(rate, say("inputs.rate"), ("set_rate", 0, 0)) if rate else None
        else:
            for entry, key in ((currency, "currency"), (rate, "rate")):
                if entry and (entry.formula or entry.value not in (None, HOME_CURRENCY)):
                    self.ledger.leave(entry, say(f"inputs.{key}"), say("upgrade.no_money"))
        if with_money(filled.vertical):
            for name, key in (("set_currency", "currency"), ("set_rate", "rate")):
                self.gone(name, say(f"inputs.{key}"))
        ends = self._targets("targetend", "bench.target_end")
        return Settings(code, factor, self._targets(), self._period(), self._last_year(), ends)

    def start(self) -> date | None:
        """Carry the first month."""
        name, label = "set_first_month", self.ledger.words("inputs.first_month")
        if self.gone(name, label):
            return None
        entry = self.filled.entries[name][0][0]
        found = self.number(entry, label, (name, 0, 0))
        if found is not None and self.filled.start is None:
            self.ledger.leave(entry, label, self.ledger.words("warn.date"))
            self.carried.formulas.pop((name, 0, 0), None)
        if formula := self.carried.formulas.get((name, 0, 0)):  # days may have been counted from 1904
            day = self.filled.start
            self.carried.formulas[name, 0, 0] = formula[0], None if day is None else to_excel(day)
        return self.filled.start

    def _period(self) -> str:
        entry = self.filled.one("set_period")
        known = self.filled.settings.period
        label = self.ledger.words("dashboard.period")
        if entry is None:
            self.gone("set_period", label)
        elif known not in self.filled.period_words.values():
            self.ledger.leave(entry, label, self.ledger.words("upgrade.unknown_word"))
            return LATEST
        elif entry.formula:
            self.ledger.leave(entry, label, self.ledger.words("upgrade.word"))
        return known

    def _targets(self, family: str = "target", key: str = "bench.target") -> dict[str, float]:
        found: dict[str, float] = {}
        ranges = {row_id(kpi, segment) for kpi, segment in self.match.old.rows() if kpi.better == "range"}
        for name, called, pair in rows_of(self.match):
            label = self.ledger.of(called, self.ledger.words(key))
            if (family == "targetend" and name not in ranges) or self.gone(f"{family}_{name}", label):
                continue
            entry = self.filled.entries[f"{family}_{name}"][0][0]
            why = lost(pair)
            if not why and family == "targetend" and pair and pair.new.better != "range":
                why = "better"
            if why or pair is None:
                self.leave_typed(entry, label, why, self._kpi_of(name))
                continue
            value = self.number(entry, label, (f"{family}_{pair.new_id}", 0, 0))
            if value is not None:
                found[pair.new_id] = value
        return found

    def _kpi_of(self, row: str) -> str:
        return next((kpi.id for kpi, segment in self.match.old.rows() if row_id(kpi, segment) == row), "")

    def _last_year(self) -> dict[str, list[object]]:
        found: dict[str, list[object]] = {}
        for name, called, pair in rows_of(self.match):
            label = self.ledger.of(called, self.ledger.words("sheet.last_year"))
            if self.gone(f"prev_{name}", label):
                continue
            cells = [entry for row in self.filled.entries[f"prev_{name}"] for entry in row]
            why = lost(pair) or ("shape" if len(cells) != _LAST_YEAR else "")
            if why or pair is None:
                for entry in cells:
                    self.leave_typed(entry, label, why, self._kpi_of(name))
                continue
            row = [self.number(entry, label, (f"prev_{pair.new_id}", 0, at)) for at, entry in enumerate(cells)]
            if any(value is not None for value in row):
                found[pair.new_id] = [*row]
        return found

    def leave_typed(self, entry: Entry, label: Words, why: str, kpi: str = "") -> None:
        """Note a cell that holds anything."""
        if entry.value is not None or entry.formula:
            said = self.ledger.words(f"upgrade.{why}")
            self.ledger.leave(entry, label, self.ledger.renamed(said, kpi) if why == "gone_kpi" and kpi else said)

    def log(self) -> None:
        """Carry the lines of the log; a line whose input is no more is kept apart, so that it counts nowhere else."""
        filled = self.filled
        if filled.log is None or self.gone("log_entries", self.ledger.words("sheet.log")):
            self.carried.log = [] if filled.with_log else None
            return
        room = bool(loggable(self.match.new))
        self.carried.log = [] if room else None
        now = {label.casefold() for label in labels(self.match.new, filled.catalogue.ui, filled.language).values()}
        for line, cells in self._lines(filled.log, filled.entries["log_entries"]):
            entry = self._line(line, now) if room else None
            if entry is None:
                why = self.ledger.words("upgrade.log_kind" if room else "upgrade.log_gone")
                for cell, head in zip(cells, _HEADS, strict=False):
                    if cell.value is not None or cell.formula:
                        self.ledger.leave(cell, self._log_label(head), why)
            else:
                self._log_formulas(cells, len(self.carried.log or ()), entry)
                self.carried.log = [*(self.carried.log or ()), entry]

    @staticmethod
    def _lines(
        log: Sequence[LogEntry], rows: Sequence[Sequence[Entry]]
    ) -> Iterator[tuple[LogEntry, Sequence[Entry]]]:  # fmt: skip
        """Yield the lines of the log with their cells, down to the last that holds a value or a formula."""
        held = [place for place, row in enumerate(rows) if any(e.value is not None or e.formula for e in row)]
        for place, row in enumerate(rows[: max(held, default=-1) + 1]):
            yield log[place] if place < len(log) else LogEntry(None, ""), row

    def _log_label(self, head: str) -> Words:
        return self.ledger.of(self.ledger.words("sheet.log"), self.ledger.words(f"log.{head}"))

    def _line(self, line: LogEntry, now: set[str]) -> LogEntry | None:
        old = self.filled.vertical.inputs.get(line.input)
        if old is None or old not in loggable(self.filled.vertical):  # whatever it is, it counted nowhere
            known = line.input.casefold() in now or line.input in self.match.new.inputs
            return None if known else line
        new = self.match.inputs.get(old.id)
        if new is None or self.match.changed(old) or new not in loggable(self.match.new):
            return None
        return LogEntry(line.date, new.id, line.figure, line.note)

    def _log_formulas(self, cells: Sequence[Entry], line: int, entry: LogEntry) -> None:
        for column, (cell, head) in enumerate(zip(cells, _HEADS, strict=False)):
            if not cell.formula:
                continue
            if head in ("date", "figure"):
                place = ("log_entries", line, column)
                self.number(cell, self._log_label(head), place)
                if head == "date" and place in self.carried.formulas:
                    self.carried.formulas[place] = cell.formula, entry.date
            else:
                self.ledger.leave(cell, self._log_label(head), self.ledger.words("upgrade.word"))


def row_name(kpi: Kpi, segment: str) -> Words:
    """Return what a KPI row is called."""

    def said(language: str) -> str:
        name = kpi.name.get_in(language)
        return f"{name} ({kpi.segments[segment].get_in(language)})" if segment else name

    return said


def rows_of(match: Match) -> Iterator[tuple[str, Words, RowPair | None]]:
    """Yield each older KPI row: its name in defined names, what it is called, and what it has become."""
    for kpi, segment in match.old.rows():
        name = row_id(kpi, segment)
        yield name, row_name(kpi, segment), match.rows.get(name)


def lost(pair: RowPair | None) -> str:
    """Return why the figures of a KPI row cannot go on: the row is gone, or counts in another unit."""
    if pair is None:
        return "gone_kpi"
    return "" if same_unit(pair.old.unit, pair.new.unit) else "unit"


def with_money(vertical: Vertical) -> bool:
    """Whether amounts of money occur, so that there are cells for a currency."""
    units = {item.unit for item in vertical.inputs.values()} | {kpi.unit for kpi in vertical.kpis.values()}
    return "money" in units


class _Dated:
    """The first month of a workbook, with words of any language."""

    def __init__(self, filled: Filled, language: str) -> None:
        self.start, self._filled, self._language = filled.start, filled, language

    def say(self, key: str, **values: object) -> str:
        text = self._filled.catalogue.ui[key].get_in(self._language)
        return text.format(**values) if values else text
