"""A year of monthly figures: what each KPI row shows, month by month and for the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from .errors import ImpossibleInputError, KpiError
from .model import Band, Input, Kpi, Vertical
from .notation import COMPARE_DIGITS, round_half_away
from .policy import GOOD, IMPOSSIBLE, MISSING, NOTHING, Result, Rule, is_number

MONTHS = 12
PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}
HOME_CURRENCY = "USD"

Cell = float | str | bool | None
Typed = Mapping[str, Sequence[object]]  # an input's twelve cells; one cell for a constant; rows for a tally
Used = dict[str, list[object]]
_TEXT = "text"  # typed, but no number: missing, and nothing is carried on in its place


@dataclass(frozen=True)
class Settings:
    """What the user sets beside the figures.

    Args:
        currency: code of the currency that amounts are in.
        rate: how much of that currency one US dollar buys, or ``None``.
        targets: the user's own target of a KPI row, by the row's name.
    """

    currency: str = HOME_CURRENCY
    rate: float | None = None
    targets: Mapping[str, float] = field(default_factory=dict)

    @property
    def factor(self) -> float | None:
        """What a benchmark in US dollars is multiplied with, or ``None`` where the rate is missing."""
        if self.currency.strip().upper() == HOME_CURRENCY:
            return 1.0
        return self.rate if self.rate is not None and is_number(self.rate) and self.rate > 0 else None


@dataclass
class Series:
    """The figures of one KPI row.

    Args:
        states: state of each month (see :mod:`xlkpi.policy`).
        months: figure of each month.
        year: the year's figure.
        year_inputs: what each argument contributes to the year.
        runs: product of the monthly rates since the last gap, by month.
        lengths: months since the last gap, by month.
        comparable: each month's figure as it is held against the benchmark, then the year's.
        levels: the level of each month, then the year's.
    """

    states: list[int]
    months: list[Result]
    year: Result = None
    year_inputs: dict[str, object] = field(default_factory=dict)
    runs: list[Result] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    comparable: list[Result] = field(default_factory=list)
    levels: list[int | None] = field(default_factory=list)

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


def used_inputs(vertical: Vertical, typed: Typed) -> Used:
    """Return, for each input, the twelve figures that count: typed, or carried on, or missing.

    Args:
        vertical: the line of business.
        typed: what stands in the cells; an input that is left out is empty.

    Returns:
        Twelve values an input; twelve lists, one member a rating, for a tally.
    """
    used: Used = {}
    for item in vertical.inputs.values():
        cells = list(typed.get(item.id, ()))
        if item.kind == "tally":
            used[item.id] = _tally(vertical, item, cells)
        elif item.kind == "constant":
            value = cells[0] if cells else item.default
            used[item.id] = [value if is_number(value) else None] * MONTHS
        else:
            padded = cells + [None] * (MONTHS - len(cells))
            used[item.id] = [None if _blank(value) else value if is_number(value) else _TEXT for value in padded]
    for item in vertical.inputs.values():
        if item.carry:
            used[item.id] = _carried(used[item.id], used[item.carry])
    return used


def _blank(value: object) -> bool:
    return value is None or value == ""


def _tally(vertical: Vertical, item: Input, rows: Sequence[object]) -> list[object]:
    if item.values:
        return [list(item.values)] * MONTHS
    many = len(vertical.inputs[item.of].values)
    columns = [list(row) if isinstance(row, (list, tuple)) else [] for row in rows]
    columns += [[]] * (many - len(columns))
    return [[_cell(column, month) for column in columns] for month in range(MONTHS)]


def _cell(column: Sequence[object], month: int) -> object:
    value = column[month] if month < len(column) else None
    return value if is_number(value) else None


def _carried(opening: Sequence[object], closing: Sequence[object]) -> list[object]:
    """An opening left blank continues the closing of the month before; text there stays missing."""
    before = [None, *closing[:-1]]
    return [last if _blank(own) and is_number(last) else own for own, last in zip(opening, before, strict=True)]


def bands_in(kpi: Kpi, segment: str, settings: Settings) -> tuple[Band, ...] | None:
    """Return a KPI row's bands in the user's currency, or ``None`` where the rate is missing."""
    bands = kpi.bands.get(segment, ())
    factor = settings.factor if kpi.unit == "money" else 1.0
    if factor is None:
        return None

    def scaled(edge: float) -> float:
        return round_half_away(edge * factor, COMPARE_DIGITS)

    return tuple(
        Band(band.level, band.operator, scaled(band.edge), None if band.upper is None else scaled(band.upper))
        for band in bands
    )


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
            edges[band.level, side] = _for_a_month(kpi, (band.edge, band.upper)[side])
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
    row.year = _year(vertical, kpi, rule, row, used)
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


def _year(vertical: Vertical, kpi: Kpi, rule: Rule, row: Series, used: Used) -> Result:
    if kpi.year == "none":
        return None
    if kpi.year == "inputs":
        row.year_inputs = {name: _year_input(vertical.inputs[name], row, used[name]) for name in rule.arguments}
    if row.broken:
        return next(figure for state, figure in zip(row.states, row.months, strict=True) if state == IMPOSSIBLE)
    if kpi.year == "inputs":
        return _from_inputs(rule, row)
    if not row.latest:
        return None
    if kpi.year == "compound":
        product = row.runs[row.latest - 1]
        return product if isinstance(product, KpiError) or product is None else product * 100
    figures = [figure for figure in row.months if figure is not None]
    return next((f for f in figures if isinstance(f, KpiError)), None) or _mean(figures)


def _mean(figures: Sequence[Result]) -> float:
    return fsum(figure for figure in figures if isinstance(figure, float)) / len(figures)


def _year_input(item: Input, row: Series, values: Sequence[object]) -> object:
    """What an input contributes to the year, over the months counted."""
    if not row.counted:
        return None
    months = [value for value, state in zip(values, row.states, strict=True) if state > 0]
    if item.kind == "tally":
        if item.values:
            return list(item.values)
        columns = zip(*(value for value in months if isinstance(value, list)), strict=True)
        return [fsum(v for v in column if is_number(v)) for column in columns]
    numbers = [value for value in months if isinstance(value, (int, float))]
    if item.kind in ("flow", "level"):
        total = fsum(numbers)
        return total if item.kind == "flow" else total / len(numbers)
    return numbers[0] if item.kind == "opening" else numbers[-1]


def _from_inputs(rule: Rule, row: Series) -> Result:
    """Compute the year from its inputs; conditions hold for typed months, not for sums."""
    if not row.counted:
        return None
    unchecked = Rule(rule.arguments, rule.formula, (), rule.ranges)
    state, figure = unchecked.outcome(row.year_inputs)
    return figure if state in (GOOD, MISSING, NOTHING) else ImpossibleInputError("The year's figures cannot be.")


def _judge(kpi: Kpi, segment: str, row: Series, settings: Settings) -> None:
    """Bring each figure to the benchmark's period, where that can be done, and give it its level."""
    bands = bands_in(kpi, segment, settings)
    benchmark_months = PERIOD_MONTHS.get(kpi.benchmark.period)
    covered = row.counted if kpi.year == "inputs" and kpi.benchmark.year_scale != "month" else 1
    if kpi.year == "compound":
        covered = row.lengths[row.latest - 1] if row.latest else 0
    spans = [1] * MONTHS + [covered]
    for figure, span in zip([*row.months, row.year], spans, strict=True):
        comparable = _comparable(kpi, figure, span, benchmark_months) if bands is not None else None
        row.comparable.append(comparable)
        if comparable is None or isinstance(comparable, KpiError) or not bands:
            row.levels.append(None)
        else:
            row.levels.append(max((band.level for band in bands if band.holds(comparable)), default=0))


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
