"""A made-up year for any line of business, solved backwards from its bands and worked examples.

Every band occurs, month 8 is empty and in month 3 the first KPI had nothing to measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..model import Input, Kpi, Vertical
from ..policy import GOOD, Rule
from ..series import MONTHS, PERIOD_MONTHS
from ..tree import Call, Name

EMPTY_MONTH, ZERO_MONTH = 7, 2  # from 0
LEVELS = (1, 0, 1, 1, 2, 1, 2, 0, 2, 3, 2, 3)  # a business that gets better
_SEASON = (1.0, 0.95, 1.05, 1.0, 1.1, 1.05, 0.9, 1.0, 1.0, 1.1, 1.15, 0.95)
_PLAIN = {"percent": 75.0, "points": 40.0, "score": 60.0, "money": 5000.0, "hours": 120.0, "minutes": 30.0}
_ANSWERS = 40
_STEADY = ("days",)  # units of what no season moves

Figures = dict[str, list[object]]


def sample_figures(vertical: Vertical, levels: Sequence[int] = LEVELS, gaps: bool = True) -> Figures:
    """Return a plausible year of figures for every input of a line of business.

    Args:
        vertical: the line of business.
        levels: the levels that each row goes through, each row beginning one further on.
        gaps: leave a month empty, and let there be nothing to measure in another.

    Returns:
        Twelve cells an input; rows of cells for a tally; none for constants, which keep their default.
    """
    figures: Figures = {}
    for turn, (kpi, segment) in enumerate(vertical.rows()):
        _fill(vertical, kpi, segment, [levels[(month + turn) % len(levels)] for month in range(MONTHS)], figures)
    if not gaps:
        return figures
    for cells in figures.values():
        for row in cells if cells and isinstance(cells[0], list) else [cells]:
            row[EMPTY_MONTH] = None  # type: ignore[index]
    _nothing_to_measure(vertical, figures)
    return figures


def _nothing_to_measure(vertical: Vertical, figures: Figures) -> None:
    """Put zeros into one month of the first row whose inputs are its own and add up."""
    rows = [(kpi.values[segment], kpi) for kpi, segment in vertical.rows()]
    for rule, _ in rows:
        own = [vertical.inputs[name] for name in rule.arguments if not vertical.inputs[name].values]
        shared = sum(any(item.id in other.arguments for item in own) for other, _ in rows) > 1
        if shared or any(item.kind not in ("flow", "tally", "constant") for item in own):
            continue
        for item in own:
            if item.kind != "constant":
                for row in figures[item.id] if item.kind == "tally" else [figures[item.id]]:
                    row[ZERO_MONTH] = 0  # type: ignore[index]
        return


def _fill(vertical: Vertical, kpi: Kpi, segment: str, levels: Sequence[int], figures: Figures) -> None:
    """Add the figures of one KPI row; inputs that another row has filled already stay."""
    rule = kpi.values[segment]
    fresh = [vertical.inputs[name] for name in rule.arguments if name not in figures]
    fresh = [item for item in fresh if item.kind != "constant" and not item.values]
    for item in fresh:
        many = len(vertical.inputs[item.of].values) if item.kind == "tally" else 0
        figures[item.id] = [[None] * MONTHS for _ in range(many)] if many else [None] * MONTHS
    for month in range(MONTHS):
        target = _target(kpi, segment, levels[month], month)
        if target is not None:
            target /= _share_of_period(vertical, kpi, rule)
        inputs = {
            name: _base(vertical, (kpi, segment), vertical.inputs[name], month, figures) for name in rule.arguments
        }
        movable = [item for item in fresh if item.id in _levers(kpi, segment, fresh)]
        for item in fresh:
            if item.kind == "tally":
                _answers(vertical, rule, item, inputs, target, figures[item.id], month)
        if movable and movable[0].kind != "tally":
            _solve(rule, movable, inputs, target)
        for item in fresh:
            if item.kind != "tally" and (not item.carry or month in (0, EMPTY_MONTH + 1)):
                figures[item.id][month] = inputs[item.id]


def _share_of_period(vertical: Vertical, kpi: Kpi, rule: Rule) -> int:
    """Growth over a quarter or a year comes in monthly parts."""
    grows = any(vertical.inputs[name].kind == "opening" for name in rule.arguments)
    return PERIOD_MONTHS.get(kpi.benchmark.period, 1) if grows and kpi.year == "inputs" else 1


def _levers(kpi: Kpi, segment: str, fresh: list[Input]) -> list[str]:
    """Return the inputs that are scaled together: a part and its whole would leave their share as it is."""
    free = [item.id for item in fresh]
    named = [lever for lever in kpi.levers.get(segment, ()) if lever.input in free]
    return [lever.input for lever in named if lever.step == named[0].step] or free[:1]


def _target(kpi: Kpi, segment: str, level: int, month: int) -> float | None:
    """Return a figure in the middle of a band, in the month's own period."""
    bands = sorted(kpi.bands.get(segment, ()), key=lambda band: band.level)
    if not bands:
        return None
    better = -1.0 if kpi.better == "lower" else 1.0
    if kpi.better == "range":
        return _in_range(kpi, segment, level, month)
    edges = {band.level: band.edge for band in bands}
    reach = abs(bands[-1].edge - bands[0].edge) or abs(bands[0].edge) * 0.1
    own = max((known for known in edges if known <= level), default=0)
    after = min((known for known in edges if known > own), default=0)
    if own == 0:
        value = max(bands[0].edge - better * 0.3 * reach, bands[0].edge * 0.7)
    elif after:
        value = (edges[own] + edges[after]) / 2
    else:
        value = edges[own] + better * 0.25 * reach if better > 0 else edges[own] * 0.8
    if kpi.unit == "percent" and kpi.better == "higher":
        value = min(value, (edges.get(own, value) + 100) / 2 if edges.get(own, 0) < 100 else value)
    if kpi.year == "compound" and kpi.benchmark.period_matters:
        value = (value / 100) ** (1 / PERIOD_MONTHS.get(kpi.benchmark.period, 1)) * 100
    return value


def _in_range(kpi: Kpi, segment: str, level: int, month: int) -> float | None:
    """Return a figure inside one range and outside the next better one: below it in one month, above in the next."""
    bands = {band.level: (band.edge, band.upper or band.edge) for band in kpi.bands[segment]}
    own = max((known for known in bands if known <= level), default=0)
    better = min((known for known in bands if known > own), default=0)
    if not better:
        return sum(bands[own]) / 2
    wide = 0.3 * (bands[better][1] - bands[better][0])
    low, high = bands[own] if own else (bands[better][0] - wide, bands[better][1] + wide)
    if kpi.unit == "percent":
        low, high = max(low, 0.4 * bands[better][0]), min(high, max(100.0, bands[better][1]))
    end = month % 2
    return (bands[better][end] + (low, high)[end]) / 2 if own else (low, high)[end]


def _base(vertical: Vertical, row: tuple[Kpi, str], item: Input, month: int, figures: Figures) -> object:
    """Return an input's ordinary figure in a month, before it is moved towards the target."""
    if item.values:
        return list(item.values)
    if item.kind == "tally":
        return [0.0] * len(vertical.inputs[item.of].values)
    if item.kind == "constant":
        return item.default if item.default is not None else 1.0
    if item.carry:
        return _carried(row, item, month, figures)
    filled = figures.get(item.id)
    if filled is not None and filled[month] is not None:
        return filled[month]
    swings = item.kind in ("flow", "level") and item.unit not in _STEADY
    return _rounded(item, _example(row, item) * (_SEASON[month] if swings else 1.0))


def _carried(row: tuple[Kpi, str], item: Input, month: int, figures: Figures) -> float:
    closing = figures.get(item.carry, [])
    before = [value for value in closing[:month] if isinstance(value, (int, float))]
    if before and month != EMPTY_MONTH:
        return float(before[-2] if month == EMPTY_MONTH + 1 and len(before) > 1 else before[-1])
    return _example(row, item)


def _example(row: tuple[Kpi, str], item: Input) -> float:
    """Return the input's figure in the worked example, or an ordinary one of its unit."""
    kpi = row[0]
    given = kpi.example.inputs.get(_argument(*row, item)) if kpi.example else None
    if isinstance(given, (int, float)):
        # A retention example spans months; a month brings fewer new clients.
        months = PERIOD_MONTHS.get(kpi.benchmark.period, 1) if kpi.year == "compound" and item.kind == "flow" else 1
        return max(1.0, given / months)
    return _PLAIN.get(item.unit, 50.0)


def _argument(kpi: Kpi, segment: str, item: Input) -> str:
    """Return which argument of the KPI's function an input is given to; the row may call it what it likes."""
    written = kpi.written.get(segment)
    if not isinstance(written, Call) or written.function != kpi.function.name:
        return item.id
    given = zip(kpi.function.arguments, written.arguments, strict=True)
    return next((argument.id for argument, node in given if node == Name(item.id)), item.id)


def _solve(rule: Rule, movable: list[Input], inputs: dict[str, object], target: float | None) -> None:
    """Scale the movable inputs together until the row shows the target, or comes as near as it can."""
    if target is None:
        return
    base = {item.id: float(str(inputs[item.id])) or 1.0 for item in movable}

    def at(scale: float) -> float | None:
        trial = {**inputs, **{item.id: _rounded(item, base[item.id] * scale) for item in movable}}
        values = rule.row_values(trial)
        state, figure = rule.outcome(trial)
        return figure if values is not None and state == GOOD and isinstance(figure, float) else None

    # What is in stock or owed at the end of a month never shrinks to nothing to make up for how the month began.
    scale = _nearest(at, target, 0.4 if movable[0].kind == "closing" else 0.001)
    for item in movable:
        inputs[item.id] = _rounded(item, base[item.id] * scale)


def _nearest(at: Callable[[float], float | None], target: float, least: float) -> float:
    """Search the scale whose figure comes nearest to the target: coarse steps, then finer ones."""
    best, width = 1.0, 1.0
    candidates = [0.05 * step for step in range(1, 81) if 0.05 * step >= least]
    for _ in range(4):
        scored = [(abs(figure - target), scale) for scale in candidates if (figure := at(scale)) is not None]
        if not scored:
            return best
        best = min(scored)[1]
        width /= 12
        candidates = [max(least, best + width * step / 10) for step in range(-10, 11)]
    return best


def _rounded(item: Input, value: float) -> float:
    return float(round(value)) if item.unit.startswith("count:") and item.kind != "level" else round(value, 1)


def _answers(
    vertical: Vertical, rule: Rule, item: Input, inputs: dict[str, object], target: float | None,
    rows: list[object], month: int,
) -> None:  # fmt: skip
    """Spread a month's answers over the ratings so that their mean shows the target."""
    values = vertical.inputs[item.of].values
    best: tuple[float, list[int]] | None = None
    for step in range(_ANSWERS * (len(values) - 1) + 1):
        place, more = divmod(step, _ANSWERS)
        counts = [0] * len(values)
        counts[place] += _ANSWERS - more
        if more:
            counts[place + 1] += more
        state, figure = rule.outcome({**inputs, item.id: counts})
        if state == GOOD and isinstance(figure, float):
            distance = abs(figure - (target if target is not None else figure))
            if best is None or distance < best[0]:
                best = (distance, counts)
    for row, count in zip(rows, best[1] if best else [0] * len(values), strict=True):
        row[month] = count  # type: ignore[index]
