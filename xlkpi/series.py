"""A year of monthly figures: what each KPI row shows, month by month and for the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .errors import ImpossibleInputError, KpiError
from .model import Band, Input, Kpi, Vertical
from .notation import COMPARE_DIGITS, round_half_away
from .policy import GOOD, IMPOSSIBLE, MISSING, NOTHING, Result, Rule, is_number
from .used import MONTHS as MONTHS
from .used import Typed as Typed
from .used import Used as Used
from .used import flat, total

PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}
HOME_CURRENCY = "USD"
NEVER = -9e307  # an upper end that is missing: no figure lies in such a range, as in a workbook


@dataclass(frozen=True)
class Settings:
    """What the user sets beside the figures.

    Args:
        currency: code of the currency that amounts are in.
        rate: how much of that currency one US dollar buys, or ``None``.
        targets: the user's own target of a KPI row, by the row's name.
        period: what the dashboard shows: ``"latest"``, a month from ``"1"`` to ``"12"``, ``"ytd"`` or ``"year"``.
        previous: last year's figures of a KPI row, by the row's name: its last month alone, then from the first
            month to each of the twelve. What is missing is ``None``.
        target_ends: where the user's own target ends, for KPIs of which a range is best, by the row's name.
    """

    currency: str = HOME_CURRENCY
    rate: float | None = None
    targets: Mapping[str, float] = field(default_factory=dict)
    period: str = "latest"
    previous: Mapping[str, Sequence[object]] = field(default_factory=dict)
    target_ends: Mapping[str, float] = field(default_factory=dict)

    @property
    def factor(self) -> float | None:
        """What a benchmark in US dollars is multiplied with, or ``None`` where the rate is missing."""
        if self.currency.strip(" ").upper() == HOME_CURRENCY:  # what TRIM takes away, and no more
            return 1.0
        return self.rate if self.rate is not None and is_number(self.rate) and self.rate > 0 else None


@dataclass
class Series:
    """The figures of one KPI row.

    Args:
        states: state of each month (see :mod:`xlkpi.policy`).
        months: figure of each month.
        to_date: figure from the first month to each month; the last is the year's.
        inputs_to_date: what each argument contributes to that figure, by month.
        runs: product of the monthly rates since the last gap, by month.
        lengths: months since the last gap, by month.
        comparable: each month's figure as it is held against the benchmark, then the year's.
        levels: the level of each month, then the year's.
        comparable_to_date: the figure to each month as it is held against the benchmark.
        levels_to_date: its level.
    """

    states: list[int]
    months: list[Result]
    to_date: list[Result] = field(default_factory=list)
    inputs_to_date: list[dict[str, object]] = field(default_factory=list)
    runs: list[Result] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    comparable: list[Result] = field(default_factory=list)
    levels: list[int | None] = field(default_factory=list)
    comparable_to_date: list[Result] = field(default_factory=list)
    levels_to_date: list[int | None] = field(default_factory=list)

    def until(self, month: int) -> Series:
        """Return the row as it stood after a month, from 1 to 12."""
        return Series(self.states[:month], self.months[:month], runs=self.runs[:month], lengths=self.lengths[:month])

    @property
    def year(self) -> Result:
        """The year's figure."""
        return self.to_date[-1]

    @property
    def counted(self) -> int:
        """How many months have all the inputs."""
        return sum(state > 0 for state in self.states)

    @property
    def first(self) -> int:
        """The first month counted, from 1; 13 where there is none."""
        return next((place + 1 for place, state in enumerate(self.states) if state > 0), MONTHS + 1)

    @property
    def last(self) -> int:
        """The last month counted, from 1; 0 where there is none."""
        return max((place + 1 for place, state in enumerate(self.states) if state > 0), default=0)

    @property
    def latest(self) -> int:
        """The last month with a figure, from 1; 0 where there is none."""
        return max((place + 1 for place, state in enumerate(self.states) if state == GOOD), default=0)

    @property
    def broken(self) -> int:
        """How many months hold impossible figures."""
        return self.states.count(IMPOSSIBLE)

    @property
    def latest_level(self) -> int | None:
        """The level of the last month with a figure."""
        return self.levels[self.latest - 1] if self.latest else None


def bands_in(kpi: Kpi, segment: str, settings: Settings) -> tuple[Band, ...] | None:
    """Return a KPI row's bands in the user's currency, or ``None`` where the rate is missing."""
    bands = kpi.bands.get(segment, ())
    factor = settings.factor if kpi.unit == "money" else 1.0
    if factor is None:
        return None

    def scaled(edge: float) -> float:
        return edge if edge == NEVER else round_half_away(edge * factor, COMPARE_DIGITS)

    return tuple(
        Band(band.level, band.operator, scaled(band.edge), None if band.upper is None else scaled(band.upper))
        for band in bands
    )


def upper_end(band: Band) -> float | None:
    """Return where a band ends; ``None`` where it has no end, or the end of a range is missing."""
    return None if band.upper == NEVER else band.upper


def typical_month(kpi: Kpi, segment: str, settings: Settings) -> float | None:
    """Return where the typical band begins for a month's figure, or ``None`` where that cannot be said.

    Args:
        kpi: the KPI.
        segment: its segment.
        settings: currency and rate.

    Returns:
        The edge in the user's currency, brought to a month where figures compound.
    """
    return month_edges(kpi, segment, settings)[1, 0]


def month_edges(kpi: Kpi, segment: str, settings: Settings) -> dict[tuple[int, int], float | None]:
    """Return where each band begins, and ends if it is a range, for a month's figure.

    Args:
        kpi: the KPI.
        segment: its segment.
        settings: currency and rate.

    Returns:
        By level and side (0 where it begins, 1 the upper end of a range): the edge in the user's currency, brought
        to a month where figures compound; ``None`` where that cannot be said, or no such band is stated.
    """
    sides = (0, 1) if kpi.better == "range" else (0,)
    edges: dict[tuple[int, int], float | None] = {(level, side): None for level in (1, 2, 3) for side in sides}
    for band in bands_in(kpi, segment, settings) or ():
        for side in sides:
            edges[band.level, side] = _for_a_month(kpi, (band.edge, upper_end(band))[side])
    return edges


def month_target(kpi: Kpi, target: float | None) -> float | None:
    """Return the user's own target as it holds for a month's figure, or ``None`` where that cannot be said.

    Args:
        kpi: the KPI, for the period of whose benchmark a target holds.
        target: in the user's own currency.

    Returns:
        The target, brought to a month where figures compound.
    """
    return _for_a_month(kpi, target)


def _for_a_month(kpi: Kpi, edge: float | None) -> float | None:
    months = PERIOD_MONTHS.get(kpi.benchmark.period)
    if edge is None or not kpi.benchmark.period_matters or months is None:
        return edge
    if kpi.year == "compound":
        return (edge / 100) ** (1 / months) * 100 if edge >= 0 else None
    return edge if months == 1 else None


def series(vertical: Vertical, kpi: Kpi, segment: str, used: Used, settings: Settings | None = None) -> Series:
    """Work out a KPI row over twelve months and the year, with its levels.

    Args:
        vertical: the line of business.
        kpi: the KPI.
        segment: its segment.
        used: from :func:`used_inputs`.
        settings: currency and rate.

    Returns:
        The row's figures.
    """
    rule = kpi.values[segment]
    outcomes = [rule.outcome({name: used[name][month] for name in rule.arguments}) for month in range(MONTHS)]
    row = Series([state for state, _ in outcomes], [figure for _, figure in outcomes])
    _run(row)
    for month in range(1, MONTHS + 1):
        inputs, figure = _until(vertical, kpi, rule, row.until(month), used)
        row.inputs_to_date.append(inputs)
        row.to_date.append(figure)
    _judge(kpi, segment, row, settings or Settings())
    return row


def _run(row: Series) -> None:
    """Multiply monthly rates over unbroken months; a gap begins anew."""
    product: Result = None
    length = 0
    for state, figure in zip(row.states, row.months, strict=True):
        if state != GOOD:
            product, length = None, 0
        elif isinstance(figure, KpiError) or isinstance(product, KpiError):
            product, length = figure if isinstance(figure, KpiError) else product, length + 1
        else:
            product, length = (figure or 0.0) / 100 * (1.0 if product is None else product), length + 1
        row.runs.append(product)
        row.lengths.append(length)


def _until(vertical: Vertical, kpi: Kpi, rule: Rule, row: Series, used: Used) -> tuple[dict[str, object], Result]:
    """What each argument contributes to the months of a row, and the figure over them."""
    inputs: dict[str, object] = {}
    if kpi.year == "none":
        return inputs, None
    if kpi.year == "inputs":
        inputs = {name: _contribution(vertical.inputs[name], row, used[name]) for name in rule.arguments}
    if row.broken:
        return inputs, next(f for state, f in zip(row.states, row.months, strict=True) if state == IMPOSSIBLE)
    if kpi.year == "inputs":
        return inputs, _from_inputs(rule, row, inputs)
    if not row.latest:
        return inputs, None
    if kpi.year == "compound":
        product = row.runs[row.latest - 1]
        return inputs, product if isinstance(product, KpiError) or product is None else product * 100
    figures = [figure for figure in row.months if figure is not None]
    error = next((figure for figure in figures if isinstance(figure, KpiError)), None)
    return inputs, error or total((figure for figure in figures if isinstance(figure, float)), len(figures))


def _contribution(item: Input, row: Series, values: Sequence[object]) -> object:
    """What an input contributes to the months of a row that are counted."""
    if not row.counted:
        return None
    months = [value for value, state in zip(values, row.states, strict=False) if state > 0]
    if item.kind == "tally":
        if item.values:
            return list(item.values)
        columns = zip(*(value for value in months if isinstance(value, list)), strict=True)
        return [total(v for v in column if is_number(v)) for column in columns]
    numbers = [value for value in months if isinstance(value, (int, float))]
    if item.kind in ("flow", "level"):
        return total(numbers, 1 if item.kind == "flow" else len(numbers))
    return numbers[0] if item.kind == "opening" else numbers[-1]


def _from_inputs(rule: Rule, row: Series, inputs: Mapping[str, object]) -> Result:
    """Compute the figure of several months from their inputs; conditions hold for typed months, not for sums."""
    if not row.counted:
        return None
    too_large = next((value for value in flat(inputs.values()) if isinstance(value, KpiError)), None)
    if too_large is not None:
        return too_large
    state, figure = rule.without_conditions.outcome(inputs)
    return figure if state in (GOOD, MISSING, NOTHING) else ImpossibleInputError("The year's figures cannot be.")


def _judge(kpi: Kpi, segment: str, row: Series, settings: Settings) -> None:
    """Bring each figure to the benchmark's period, where that can be done, and give it its level."""
    bands = bands_in(kpi, segment, settings)
    spans = [_covered(kpi, row.until(month)) for month in range(1, MONTHS + 1)]
    for figures, months, comparable, levels in (
        ([*row.months, row.year], [1] * MONTHS + spans[-1:], row.comparable, row.levels),
        (row.to_date, spans, row.comparable_to_date, row.levels_to_date),
    ):
        for figure, span in zip(figures, months, strict=True):
            comparable.append(_comparable(kpi, figure, span, PERIOD_MONTHS.get(kpi.benchmark.period)))
            levels.append(level_of(bands or (), comparable[-1]))


def level_of(bands: Sequence[Band], figure: Result) -> int | None:
    """Return the best band that a comparable figure enters, 0 for none; ``None`` where that cannot be said."""
    if figure is None or isinstance(figure, KpiError) or not bands:
        return None
    return max((band.level for band in bands if band.holds(figure)), default=0)


def _covered(kpi: Kpi, row: Series) -> int:
    """How many months the figure over a row's months stands for."""
    if kpi.year == "compound":
        return row.lengths[row.latest - 1] if row.latest else 0
    return row.counted if kpi.year == "inputs" and kpi.benchmark.year_scale != "month" else 1


def _comparable(kpi: Kpi, figure: Result, span: int, benchmark_months: int | None) -> Result:
    if figure is None or isinstance(figure, KpiError):
        return None
    if not kpi.benchmark.period_matters or benchmark_months is None:
        return round_half_away(figure, COMPARE_DIGITS)
    if kpi.year != "compound":
        return round_half_away(figure, COMPARE_DIGITS) if span == benchmark_months else None
    if figure < 0:
        return None
    try:
        return round_half_away((figure / 100) ** (benchmark_months / span) * 100, COMPARE_DIGITS)
    except OverflowError:
        return None  # too large to compound
