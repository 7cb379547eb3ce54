"""Function calls over ranges: element by element, as a spreadsheet spills them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .errors import EXCEL_ERRORS, KpiError, NotANumberError, ShapeError
from .policy import Rule, as_number, is_number

Grid = list[list[object]]
_GAP = object()


def _as_list(value: object) -> list[object] | None:
    """Return a list, tuple, range or array as a list, and ``None`` for a single value."""
    if isinstance(value, (list, tuple, range)):
        return list(value)
    if hasattr(value, "tolist") and getattr(value, "ndim", None):
        return list(value.tolist())
    return None


def _as_grid(name: str, items: list[object]) -> Grid:
    """Return a list as one row, or a list of lists as rows."""
    rows = [_as_list(item) for item in items]
    if all(row is None for row in rows):
        return [items]
    if any(row is None for row in rows):
        raise NotANumberError(f"{name} mixes numbers and lists; give one list, or a list of rows.")
    grid = [row for row in rows if row is not None]
    if any(_as_list(member) is not None for row in grid for member in row):
        raise NotANumberError(f"{name} nests deeper than a list of rows.")
    return grid


def call(rule: Rule, given: Sequence[object]) -> float | list[object]:
    """Answer as an Excel function does: numbers give a number, ranges give ranges.

    Args:
        rule: the function's rule.
        given: a value for each argument: a number, a list or a list of rows.

    Returns:
        A number, or a list (of lists) in which a ``KpiError`` stands where a number cannot.

    Raises:
        KpiError: for single numbers only; in lists nothing is raised.
    """
    ranges: dict[str, Grid] = {}
    fixed: dict[str, object] = {}
    spread: dict[str, Grid] = {}
    flat = True
    for name, value in zip(rule.arguments, given, strict=False):
        items = _as_list(value)
        if name in rule.ranges:
            ranges[name] = _as_grid(name, items) if items is not None else [[value]]
        elif items is None:
            fixed[name] = value
        else:
            spread[name] = _as_grid(name, items)
            flat = flat and all(_as_list(item) is None for item in items)
    if not spread:
        return _single(rule, fixed, ranges)
    rows = [list(row) for row in _spread(rule, fixed, ranges, spread)]
    return rows[0] if flat else list(rows)


def _single(rule: Rule, fixed: dict[str, object], ranges: dict[str, Grid]) -> float:
    columns = _range_columns(rule, ranges)
    values = [columns[n] if n in rule.ranges else as_number(fixed.get(n), n) for n in rule.arguments]
    return rule.compute(values)


def _range_columns(rule: Rule, ranges: dict[str, Grid]) -> dict[str, list[float]]:
    """Return the numbers of each range; members count only where every paired range has a number."""
    given = {name: grid for name, grid in ranges.items() if name not in rule.optional or not _left_out(grid)}
    shapes = {tuple(len(row) for row in grid) for grid in given.values()}
    if len(shapes) > 1:
        raise ShapeError(f"{' and '.join(given)} must be ranges of the same shape.")
    columns = {name: [member for row in grid for member in row] for name, grid in given.items()}
    for name, members in columns.items():
        for member in members:
            if isinstance(member, KpiError) or (isinstance(member, str) and member in EXCEL_ERRORS):
                as_number(member, name)
    size = len(next(iter(columns.values()), []))
    for name in rule.arguments:
        if name in rule.ranges and name not in columns:
            columns[name] = [rule.optional[name]] * size
    order = [name for name in rule.arguments if name in rule.ranges]
    rows = [row for row in zip(*(columns[name] for name in order), strict=True) if all(map(_counts, row))]
    return {name: [float(row[place]) for row in rows] for place, name in enumerate(order)}


def _left_out(grid: Grid) -> bool:
    return grid == [[None]]


def _counts(member: object) -> bool:
    """Whether a member of a range is a number; blanks, text and TRUE are skipped, as Excel's SUM does."""
    if is_number(member):
        return True
    return not isinstance(member, (str, bool)) and member is not None and as_number(member, "a member") is not None


def _spread(
    rule: Rule, fixed: dict[str, object], ranges: dict[str, Grid], spread: dict[str, Grid]
) -> Iterator[Iterator[object]]:
    """Yield the rows of a result whose shape is that of all the spread arguments together."""
    height = max(len(grid) for grid in spread.values())
    width = max((len(row) for grid in spread.values() for row in grid), default=0)
    element = _element(rule, ranges)
    for place in range(height):
        columns = [
            _row(spread[name], place, width) if name in spread else [fixed.get(name)] * width
            for name in rule.arguments
            if name not in rule.ranges
        ]
        yield map(element, *columns)


def _row(grid: Grid, place: int, width: int) -> list[object]:
    """Return one row of an argument, stretched when the argument is a single row or column."""
    if len(grid) > 1 and place >= len(grid):
        return [_GAP] * width
    row = grid[place] if len(grid) > 1 else grid[0]
    if all(len(other) == 1 for other in grid):
        return row * width
    return row + [_GAP] * (width - len(row))


def _element(rule: Rule, ranges: dict[str, Grid]) -> Callable[..., object]:
    """Return a function that computes one element and returns, never raises, what went wrong."""
    try:
        columns = _range_columns(rule, ranges)
    except KpiError as error:
        failed = error
        return lambda *_: failed
    scalars = [name for name in rule.arguments if name not in rule.ranges]

    def careful(*values: object) -> object:
        try:
            if any(value is _GAP for value in values):
                raise ShapeError("The ranges do not meet here; give them the same shape.")
            clean = {name: as_number(value, name) for name, value in zip(scalars, values, strict=True)}
            return rule.compute([columns[n] if n in rule.ranges else clean[n] for n in rule.arguments])
        except KpiError as error:
            return error

    quick = None if rule.ranges else rule.quick
    if quick is None:
        return careful

    def element(*values: object) -> object:
        try:
            result = quick(*values)
        except (TypeError, ValueError, ArithmeticError):
            return careful(*values)
        return careful(*values) if result is None else result

    return element
