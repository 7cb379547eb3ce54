"""Carry thresholds and the periods of benchmarks: what the user changed stays, the rest is stated anew."""

from __future__ import annotations

from dataclasses import replace

from ..model import BANDS, PERIODS, Band, Kpi, Vertical
from ..series import NEVER, upper_end
from ..texts import EDGE_KEYS, LEVEL_KEYS, OPERATOR_KEYS
from ..wording import shown_band
from .read import Entry
from .upgrade_figures import Figures, lost, row_name
from .upgrade_left import Words
from .upgrade_match import RowPair
from .verify import same

_INCLUSIVE = {"higher": ">=", "lower": "<="}


class Thresholds:
    """Carries the thresholds and periods that stand in an older workbook.

    Args:
        figures: of that workbook.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures, self.ledger, self.filled = figures, figures.ledger, figures.filled

    def vertical(self) -> Vertical:
        """Return the newer definition with what the user has changed of thresholds and periods."""
        match = self.figures.match
        kpis = dict(match.new.kpis)
        bands: dict[str, dict[str, tuple[Band, ...]]] = {kpi.id: dict(kpi.bands) for kpi in kpis.values()}
        periods: dict[str, dict[str, str]] = {}
        for kpi, segment in match.old.rows():
            pair = next((p for p in match.rows.values() if p.old is kpi and p.old_segment == segment), None)
            self._row(kpi, segment, pair, bands, periods)
        for name, kpi in kpis.items():
            stated = {segment: each for segment, each in bands[name].items() if each}
            benchmark = replace(kpi.benchmark, period=self._one_period(kpi, periods.get(name, {})))
            kpis[name] = replace(kpi, bands=stated, benchmark=benchmark)
        return replace(match.new, kpis=kpis)

    def _row(
        self, kpi: Kpi, segment: str, pair: RowPair | None, bands: dict[str, dict[str, tuple[Band, ...]]],
        periods: dict[str, dict[str, str]],
    ) -> None:  # fmt: skip
        called = row_name(kpi, segment)
        why = lost(pair) or ("better" if pair is not None and pair.new.better != kpi.better else "")
        found: list[Band] = []
        for level in range(1, len(BANDS) + 1):
            band = self._band(kpi, segment, level, called, None if why else pair, why)
            found += [band] if band is not None else []
        if pair is not None:
            if not why:
                bands[pair.new.id][pair.new_segment] = tuple(found)
            periods.setdefault(pair.new.id, {})[pair.new_segment] = self._period(pair, called)
        else:
            self._lost_period(kpi, segment, called)

    def _band(
        self, kpi: Kpi, segment: str, level: int, called: Words, pair: RowPair | None, why: str
    ) -> Band | None:  # fmt: skip
        """Return one band as it is to be: the user's where it was changed, else the newer definition's."""
        name = f"{kpi.id}_{segment}" if segment else kpi.id
        word = BANDS[level - 1]
        label = self.ledger.of(called, self.ledger.words(LEVEL_KEYS[level]))
        other = "upper" if kpi.better == "range" else "operator"
        for family in ("bench", other):
            self.figures.gone(f"{family}_{name}_{word}", label)
        edge = self.filled.one(f"bench_{name}_{word}")
        beside = self.filled.one(f"{other}_{name}_{word}")
        stated = next((band for band in kpi.bands.get(segment, ()) if band.level == level), None)
        fresh = None
        if pair is not None:
            fresh = next((b for b in pair.new.bands.get(pair.new_segment, ()) if b.level == level), None)
        changed = [entry for entry in (edge, beside) if entry is not None and self._changed(entry, kpi, stated, edge)]
        if edge is None or not changed:
            self._say_fresh(edge, label, stated, fresh if pair else stated)
            return fresh
        if pair is None:
            for entry in changed:
                self.figures.leave_typed(entry, label, why)
            return None
        return self._typed(pair, level, label, edge, beside, stated)

    def _changed(self, entry: Entry, kpi: Kpi, stated: Band | None, edge: Entry | None) -> bool:
        """Whether a cell of a band holds something else than the older definition put there."""
        if entry.formula:
            return True
        if entry is edge:
            return not same(stated.edge if stated else None, entry.value)
        if kpi.better == "range":
            return not same(upper_end(stated) if stated else None, entry.value)
        word = self.filled.say(OPERATOR_KEYS[stated.operator if stated else _INCLUSIVE[kpi.better]])
        return word.casefold() != str(entry.value or "").casefold()

    def _typed(
        self, pair: RowPair, level: int, label: Words, edge: Entry, beside: Entry | None, stated: Band | None
    ) -> Band | None:  # fmt: skip
        """Return the band that the user's cells make; what makes none is noted."""
        word = BANDS[level - 1]
        number = self.figures.number(edge, label, (f"bench_{pair.new_id}_{word}", 0, 0))
        if pair.old.better == "range":
            end = upper_end(stated) if stated and beside is None else None
            if beside is not None:
                end = self.figures.number(beside, label, (f"upper_{pair.new_id}_{word}", 0, 0))
            if number is None:
                if beside is not None and end is not None:
                    self.ledger.leave(beside, label, self.ledger.words("upgrade.alone"))
                self._forget(pair, word)
                return None
            return Band(level, "..", number, NEVER if end is None else end)
        operator = stated.operator if stated else _INCLUSIVE[pair.old.better]
        if beside is not None:
            operator = self._operator(pair.old, beside, label)
        usual = operator == _INCLUSIVE[pair.old.better]  # which stands beside an empty threshold in any case
        if number is None:
            if (f"bench_{pair.new_id}_{word}", 0, 0) in self.figures.carried.formulas:  # to get its result later
                self.figures.carried.words[f"operator_{pair.new_id}_{word}"] = self.filled.say(OPERATOR_KEYS[operator])
            elif beside is not None and not usual and self._changed(beside, pair.old, stated, edge):
                self.ledger.leave(beside, label, self.ledger.words("upgrade.alone"))
            return None
        return Band(level, operator, number)

    def _forget(self, pair: RowPair, word: str) -> None:
        """An upper end whose lower one is missing has no formula either; that of the lower one may get its result."""
        self.figures.carried.formulas.pop((f"upper_{pair.new_id}_{word}", 0, 0), None)

    def _operator(self, kpi: Kpi, entry: Entry, label: Words) -> str:
        by_word = {
            self.filled.say(key).casefold(): operator
            for operator, key in OPERATOR_KEYS.items()
            if key in EDGE_KEYS[kpi.better]
        }
        found = by_word.get(str(entry.value or "").casefold())
        if found is None:
            self.ledger.leave(entry, label, self.ledger.words("upgrade.unknown_word"))
            return _INCLUSIVE[kpi.better]  # what the formulas took it for
        if entry.formula:
            self.ledger.leave(entry, label, self.ledger.words("upgrade.word"))
        return found

    def _say_fresh(self, edge: Entry | None, label: Words, stated: Band | None, fresh: Band | None) -> None:
        """Say so where a threshold that nobody changed is another one now."""
        if edge is None or stated == fresh:
            return
        before, now = map(self._spelled, (stated, fresh))
        what = self.ledger.of(label, self.ledger.words("upgrade.fresh", before=before, now=now))
        self.ledger.mention(edge.sheet, edge.cell, what)

    def _spelled(self, band: Band | None) -> Words:
        """Return where a band begins, in words of any language."""

        def said(language: str) -> str:
            return shown_band(band, language) if band else self.filled.catalogue.ui["verify.empty"].get_in(language)

        return said

    def _period(self, pair: RowPair, called: Words) -> str:
        """Return the period of a row's benchmark."""
        name, stated, fresh = f"period_{pair.old_id}", pair.old.benchmark.period, pair.new.benchmark.period
        label = self.ledger.of(called, self.ledger.words("bench.period"))
        if self.figures.gone(name, label):
            return fresh
        entry = self.filled.entries[name][0][0]
        words = {self.filled.say(f"period.{each or 'none'}").casefold(): each for each in (*PERIODS, "")}
        found = words.get(str(entry.value or "").casefold())
        if entry.formula or found is None:
            self.ledger.leave(
                entry, label, self.ledger.words("upgrade.unknown_word" if found is None else "upgrade.word")
            )
        if found is None:
            return fresh
        if found == stated and not entry.formula:
            if fresh != stated:
                texts = [self.ledger.words(f"period.{each or 'none'}") for each in (stated, fresh)]
                what = self.ledger.words("upgrade.fresh", before=texts[0], now=texts[1])
                self.ledger.mention(entry.sheet, entry.cell, self.ledger.of(label, what))
            return fresh
        return found

    def _lost_period(self, kpi: Kpi, segment: str, called: Words) -> None:
        """Note a period that the user chose for a row that is no more."""
        entry = self.filled.one(f"period_{kpi.id}_{segment}" if segment else f"period_{kpi.id}")
        word = self.filled.say(f"period.{kpi.benchmark.period or 'none'}")
        if entry is not None and (entry.formula or str(entry.value or "").casefold() != word.casefold()):
            label = self.ledger.of(called, self.ledger.words("bench.period"))
            self.figures.leave_typed(entry, label, "gone_kpi")

    def _one_period(self, kpi: Kpi, periods: dict[str, str]) -> str:
        """Return the period of a KPI; where its segments differ, the others are written into their cells."""
        found = [periods.get(segment, kpi.benchmark.period) for segment in kpi.segments]
        for segment, period in zip(kpi.segments, found, strict=True):
            if period != found[0]:
                name = f"period_{kpi.id}_{segment}" if segment else f"period_{kpi.id}"
                self.figures.carried.words[name] = self.filled.say(f"period.{period or 'none'}")
                what = self.ledger.of(row_name(kpi, segment), self.ledger.words("upgrade.segments"))
                self.ledger.mention("", "", what)
        return found[0]
