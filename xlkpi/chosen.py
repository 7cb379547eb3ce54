"""One period of a year, as a dashboard shows it: each KPI's figure, how it stands, and what it takes.

A period is a month, all months to the latest, or the whole year. What a figure is held against comes in this
order: it is not judged where there is too little to judge by; the user's own target, where there is one; the
benchmark's bands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .errors import KpiError
from .intervals import Interval, interval
from .inversion import NotSolvableError
from .levers import MISSING as UNKNOWN
from .levers import MOST_STEPS, Needed, Solution, solve, target_band
from .model import Band, Kpi, Vertical
from .notation import COMPARE_DIGITS, round_half_away
from .policy import GOOD, NOTHING, Result, is_number
from .series import MONTHS, PERIOD_MONTHS, Series, Settings, Used, bands_in
from .used import flat

LATEST, TO_DATE, WHOLE_YEAR = "latest", "ytd", "year"
PERIODS = (LATEST, *(str(month) for month in range(1, MONTHS + 1)), TO_DATE, WHOLE_YEAR)
# How a figure stands. Below 4 it is a band's level; from 6 on it is not judged, for the reason that it names.
REACHED, MISSED = 4, 5
NO_FIGURE, PART, NOT_MEASURED, CANNOT_BE, NO_YEAR, FEW_MONTHS, FEW_ANSWERS = range(6, 13)
NO_BANDS, NO_RATE, OTHER_PERIOD = range(13, 16)
VERDICTS = 16
TARGET, BEST = 4, 0  # goals that are no level: the user's own, and none, as the best band is reached


@dataclass(frozen=True)
class Period:
    """A period of the year.

    Args:
        choice: one of :data:`PERIODS`.
        month: its last month, from 1; 0 where no month has a figure.
        reached: the last month of the year in which any row has a figure.
    """

    choice: str
    month: int
    reached: int = 0

    @property
    def spans(self) -> bool:
        """Whether it begins with the first month, whatever its last."""
        return self.choice in (TO_DATE, WHOLE_YEAR)


def period_of(choice: str, rows: Sequence[Series]) -> Period:
    """Return the period that a choice means.

    Args:
        choice: one of :data:`PERIODS`; anything else means the latest month.
        rows: all rows of KPIs. A month of which few have a figure so far is not the latest yet.

    Returns:
        The period.
    """
    if choice not in PERIODS:
        choice = LATEST
    reached = latest_month(rows)
    month = {LATEST: current_month(rows), TO_DATE: reached, WHOLE_YEAR: MONTHS}.get(choice)
    return Period(choice, int(choice) if month is None else month, reached)


def current_month(rows: Sequence[Series]) -> int:
    """Return the last month that has at least half as many figures as the fullest one, from 1; 0 for none."""
    many = [sum(row.states[month] == GOOD for row in rows) for month in range(MONTHS)]
    return max((month for month, each in enumerate(many, 1) if each and each * 2 >= max(many)), default=0)


def latest_month(rows: Sequence[Series]) -> int:
    """Return the last month in which any row has a figure, from 1; 0 where none has."""
    return max((row.latest for row in rows), default=0)


@dataclass(frozen=True)
class Basis:
    """The month or span that a KPI's next step is worked out from.

    Args:
        month: the month, from 1; 0 for all months of the period together, or where there is none.
        inputs: the value of each argument.
        figure: the KPI's figure.
        comparable: the figure as it is held against the benchmark.
        level: its level.
    """

    month: int = 0
    inputs: Mapping[str, object] = field(default_factory=dict)
    figure: Result = None
    comparable: Result = None
    level: int | None = None


@dataclass(frozen=True)
class Chosen:
    """A KPI row in the chosen period.

    Args:
        figure: its figure.
        level: its level by the benchmark.
        before: the figure of the period before; ``None`` where there is none.
        covered: how many months the figure stands for; 0 where there is none.
        comparable: its figure as it is held against the benchmark.
        verdict: how it stands: a level, :data:`REACHED`, :data:`MISSED`, or why it is not judged.
        basis: what the next step is worked out from.
        goal: the level to reach next, :data:`TARGET`, or :data:`BEST`; ``None`` where nothing can be said.
        band: the goal as a band.
        needed: what it takes to reach the goal, for each lever that can be solved.
        sure: the interval around the basis' figure.
    """

    figure: Result
    level: int | None
    before: float | None
    covered: int
    comparable: Result
    verdict: int
    basis: Basis
    goal: int | None
    band: Band | None
    needed: tuple[Needed, ...]
    sure: Interval | None

    @property
    def change(self) -> float | None:
        """The figure less the one before."""
        if self.before is None or not isinstance(self.figure, float):
            return None
        return round_half_away(self.figure - self.before, COMPARE_DIGITS)

    @property
    def shown_level(self) -> int | None:
        """The level whose colour it has: a target reached looks as above average does, one missed as below."""
        return {REACHED: 2, MISSED: 0}.get(self.verdict, self.verdict if self.verdict < REACHED else None)


def choose(
    vertical: Vertical, kpi: Kpi, segment: str, row: Series, used: Used, settings: Settings, period: Period, name: str
) -> Chosen:
    """Work out a KPI row for the chosen period.

    Args:
        vertical: the line of business.
        kpi: the KPI.
        segment: its segment.
        row: its figures.
        used: from :func:`xlkpi.used.used_inputs`.
        settings: currency, targets and last year's figures.
        period: the period.
        name: the row's name in the settings.

    Returns:
        The figure, how it stands, and what it takes.
    """
    figures, levels, comparables = _shown(row, period)
    place = period.month - 1
    figure, level, comparable = (None, None, None) if place < 0 else (figures[place], levels[place], comparables[place])
    basis = _basis(kpi, segment, row, used, period, Basis(0, {}, figure, comparable, level))
    sums = period.spans and not basis.month
    target = own_target(kpi, settings, name)
    goal, band = _goal(kpi, segment, settings, target, basis)
    aim = None if _too_large([*basis.inputs.values(), basis.figure]) else band
    now = Chosen(
        figure=figure,
        level=level,
        before=_before(row, period, settings.previous.get(name, ())),
        covered=_covered(kpi, row, period),
        comparable=comparable,
        verdict=_judged(kpi, segment, settings, comparable, level, target),
        basis=basis,
        goal=goal,
        band=band,
        needed=tuple(
            solution.needed(basis.inputs, aim, power_of(kpi), sums) if aim else Needed(UNKNOWN, solution.lever)
            for solution in solutions(vertical, kpi, segment)
        ),
        sure=interval(vertical, kpi, segment, basis.inputs, sums) if is_number(basis.figure) else None,
    )
    reason = _too_little(vertical, kpi, segment, row, now, period)
    return now if reason is None else replace(now, verdict=reason)


def _too_large(values: Sequence[object]) -> bool:
    """Whether an input or the figure is larger than a cell holds all the digits of."""
    return any(abs(cell) > MOST_STEPS for cell in flat(values) if isinstance(cell, (int, float)))


def _shown(row: Series, period: Period) -> tuple[list[Result], list[int | None], list[Result]]:
    if period.spans:
        return row.to_date, row.levels_to_date, row.comparable_to_date
    return row.months, row.levels[:MONTHS], row.comparable[:MONTHS]


def _basis(kpi: Kpi, segment: str, row: Series, used: Used, period: Period, shown: Basis) -> Basis:
    """The period itself; of a span that compounds or averages, its latest month with a figure."""
    if not period.month:
        return shown
    if period.spans and kpi.year == "inputs":
        return replace(shown, inputs=row.inputs_to_date[period.month - 1])
    month = row.until(period.month).latest if period.spans else period.month
    if not month:
        return Basis()
    inputs = {name: used[name][month - 1] for name in kpi.values[segment].arguments}
    return Basis(month, inputs, row.months[month - 1], row.comparable[month - 1], row.levels[month - 1])


def _before(row: Series, period: Period, last_year: Sequence[object]) -> float | None:
    """The month before, or the same months of last year."""
    if not period.month:
        return None
    place = min(period.month, period.reached) if period.spans else 0
    if period.spans and not place:
        return None
    found: object = last_year[place] if place < len(last_year) else None
    if not period.spans and period.month > 1:
        found = row.months[period.month - 2]
    return float(found) if isinstance(found, (int, float)) and is_number(found) else None


def _covered(kpi: Kpi, row: Series, period: Period) -> int:
    if not period.spans:
        return 0
    until = row.until(period.month)
    if kpi.year != "compound":
        return until.counted
    return until.lengths[until.latest - 1] if until.latest else 0


def _goal(
    kpi: Kpi, segment: str, settings: Settings, target: Band | None, basis: Basis
) -> tuple[int | None, Band | None]:
    """The user's own target, or the next band."""
    if not isinstance(basis.comparable, float):
        return None, None
    if target is not None:
        return TARGET, target
    if basis.level is None:
        return None, None
    ahead = [band for band in bands_in(kpi, segment, settings) or () if band.level > basis.level]
    return (ahead[0].level, ahead[0]) if ahead else (BEST, None)


def _too_little(vertical: Vertical, kpi: Kpi, segment: str, row: Series, now: Chosen, period: Period) -> int | None:
    """Why a figure is not judged, whatever it is held against."""
    if now.figure is None:
        there = [now.basis.inputs.get(name) for name in typed_arguments(vertical, kpi, segment)]
        return _why_empty(kpi, row, there, period)
    if isinstance(now.figure, KpiError):
        return CANNOT_BE
    if period.choice == WHOLE_YEAR and period.reached < MONTHS:
        return FEW_MONTHS
    of_latest_month = period.spans and now.basis.month
    return FEW_ANSWERS if now.sure is not None and now.sure.few and not of_latest_month else None


def _why_empty(kpi: Kpi, row: Series, typed: Sequence[object], period: Period) -> int:
    if period.spans and kpi.year == "none":
        return NO_YEAR
    if not period.month:
        return NO_FIGURE
    if period.spans:
        return NOT_MEASURED if row.until(period.month).counted else NO_FIGURE
    if row.states[period.month - 1] == NOTHING:
        return NOT_MEASURED
    return PART if any(map(is_number, flat(typed))) else NO_FIGURE


def typed_arguments(vertical: Vertical, kpi: Kpi, segment: str) -> list[str]:
    """Return the arguments of a KPI row that are typed month by month: no constants and no scales."""
    items = [vertical.inputs[name] for name in kpi.values[segment].arguments]
    return [item.id for item in items if item.kind != "constant" and not item.values]


def _judged(
    kpi: Kpi, segment: str, settings: Settings, comparable: Result, level: int | None, target: Band | None
) -> int:
    """How a figure stands to the target or to the bands, or why that cannot be said."""
    if target is not None:
        if not isinstance(comparable, float):
            return OTHER_PERIOD
        return REACHED if target.holds(comparable) else MISSED
    if not kpi.bands.get(segment):
        return NO_BANDS
    if level is not None:
        return level
    return NO_RATE if bands_in(kpi, segment, settings) is None else OTHER_PERIOD


def own_target(kpi: Kpi, settings: Settings, name: str) -> Band | None:
    """Return the user's own target of a KPI row as a band, ``None`` where there is none."""
    target = settings.targets.get(name)
    return None if target is None else target_band(kpi, target, settings.target_ends.get(name))


def power_of(kpi: Kpi) -> float:
    """Return to which power a month's rate is raised to be held against the benchmark."""
    return float(PERIOD_MONTHS.get(kpi.benchmark.period, 1)) if compounds(kpi) else 1.0


def compounds(kpi: Kpi) -> bool:
    """Whether figures are brought to the benchmark's period by compounding."""
    return kpi.year == "compound" and kpi.benchmark.period_matters


def solutions(vertical: Vertical, kpi: Kpi, segment: str) -> tuple[Solution, ...]:
    """Return a KPI row's formula solved for each of its levers, but for those that it cannot be solved for."""
    found = []
    for lever in kpi.levers.get(segment, ()):
        try:
            found.append(solve(vertical, kpi, segment, lever, compounds(kpi)))
        except NotSolvableError:
            continue
    return tuple(found)
