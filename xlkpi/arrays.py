"""Function calls over ranges: element by element, as a spreadsheet spills them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from .errors import EXCEL_ERRORS, KpiError, NotANumberError, ShapeError
from .policy import Rule, as_number, is_number

Grid = list[list[object]]
GAP = object()
_NUMBERS = frozenset((int, float))
_CHUNK = 512
_WHOLE = 10**300  # larger ones cannot all be floats


def _as_list(value: object) -> list[object] | None:
    """Return a list, tuple, range or array as a list, and ``None`` for a single value."""
    if isinstance(value, (list, tuple, range)):
        return list(value)
    if hasattr(value, "tolist") and getattr(value, "ndim", None):
        return list(value.tolist())
    return None


def _as_grid(name: str, items: list[object]) -> tuple[Grid, bool]:
    """Return a list as one row, or a list of lists as rows, and whether it was a plain list."""
    rows = [_as_list(item) for item in items]
    grid = [row for row in rows if row is not None]
    if not grid:
        return [items], True
    if len(grid) < len(rows):
        raise NotANumberError(f"{name} mixes numbers and lists; give one list, or a list of rows.")
    odd = kinds(grid) - _NUMBERS  # most ranges hold nothing else, and then no member is looked at
    if odd and any(_as_list(member) is not None for row in grid for member in row):
        raise NotANumberError(f"{name} nests deeper than a list of rows.")
    return grid, False


def kinds(grid: Grid) -> set[type]:
    """Return the types of a grid's members."""
    return set(map(type, chain.from_iterable(grid)))


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
            ranges[name] = [[value]] if items is None else _as_grid(name, items)[0]
        elif items is None:
            fixed[name] = value
        else:
            spread[name], is_flat = _as_grid(name, items)
            flat = flat and is_flat
    if not spread:
        return _single(rule, fixed, ranges)
    grids = [spread.get(name) or [[fixed.get(name)]] for name in rule.arguments if name not in rule.ranges]
    rows = None if ranges else bulk(rule, grids)
    if rows is None:
        rows = [list(row) for row in _spread(rule, fixed, ranges, spread)]
    return rows[0] if flat else list(rows)


def bulk(rule: Rule, grids: Sequence[Grid]) -> Grid | None:
    """Answer at once where every argument is a single value or a range of the same shape.

    Args:
        rule: the function's rule; none of its arguments is a range.
        grids: rows of each argument.

    Returns:
        The rows of the result, in which a ``KpiError`` stands where a number cannot; ``None`` where the shapes
        do not meet so simply.
    """
    largest = max(grids, key=lambda grid: len(grid) * len(grid[0]))
    height, width = len(largest), len(largest[0])
    columns = [_flattened(grid, height, width) for grid in grids]
    if rule.quick is None or not width or None in columns:
        return None
    size = height * width
    results: list[object] = []
    for start in range(0, size, _CHUNK):  # one bad member costs its chunk, not a hundred thousand
        part: Any = columns if size <= _CHUNK else [column[start : start + _CHUNK] for column in columns]  # type: ignore[index]
        results += _chunk(rule, part)
    if width == 1:
        return [[result] for result in results]
    return [results[start : start + width] for start in range(0, size, width)]


def _chunk(rule: Rule, columns: list[list[object]]) -> Iterable[object]:
    """Answer some elements: at once if all are plain, possible numbers, else one by one."""
    try:
        results = list(map(rule.quick, *columns))  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError):
        results = [None]
    return map(_element(rule, {}), *columns) if None in results else results


def _flattened(grid: Grid, height: int, width: int) -> list[object] | None:
    """Return a grid's members in one list of the size of the result, or ``None`` where they do not fit."""
    if len(grid) == len(grid[0]) == 1:
        return _as_floats(grid[0]) * (height * width)
    if len(grid) != height or set(map(len, grid)) != {width}:
        return None
    return _as_floats(list(chain.from_iterable(grid)))


def _as_floats(members: list[object]) -> list[object]:
    """Make floats of whole numbers, as a row of a table takes them: beyond 2**53 the two would differ."""
    if int not in set(map(type, members)):
        return members
    return [float(each) if type(each) is int and abs(each) < _WHOLE else each for each in members]


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
) -> Iterator[Iterable[object]]:
    """Yield the rows of a result whose shape is that of all the spread arguments together."""
    height = max(len(grid) for grid in spread.values())
    width = max((len(row) for grid in spread.values() for row in grid), default=0)
    element = _element(rule, ranges)
    wide = {name: stretched(grid, width) for name, grid in spread.items()}
    for place in range(height):
        yield map(element, *_columns(rule, fixed, wide, place, width))


def stretched(grid: Grid, width: int) -> Grid:
    """Return rows of a width: a single column repeats, what else is missing is a gap."""
    if all(len(row) == 1 for row in grid):
        return [row * width for row in grid]
    return [row + [GAP] * (width - len(row)) for row in grid]


def _columns(
    rule: Rule, fixed: dict[str, object], wide: dict[str, Grid], place: int, width: int
) -> Iterator[list[object]]:
    """Yield what each single-number argument holds along one row of the result; a single row repeats."""
    for name in rule.arguments:
        if name in rule.ranges:
            continue
        grid = wide.get(name, [[fixed.get(name)] * width])
        if len(grid) == 1:
            yield grid[0]
        else:
            yield grid[place] if place < len(grid) else [GAP] * width


def _element(rule: Rule, ranges: dict[str, Grid]) -> Callable[..., object]:
    """Return a function that computes one element and returns, never raises, what went wrong."""
    try:
        columns = _range_columns(rule, ranges) if rule.ranges else {}
    except KpiError as error:
        failed = error
        return lambda *_: failed
    scalars = [name for name in rule.arguments if name not in rule.ranges]

    def careful(*values: object) -> object:
        try:
            if any(value is GAP for value in values):
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
