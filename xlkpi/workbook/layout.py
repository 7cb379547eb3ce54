"""Where everything stands, worked out before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from ..chosen import VERDICTS
from ..model import Input, Kpi
from .book import CALC, Book, Row
from .log_layout import LogLayout, plan_log

# Words that formulas put together; each stands once on the sheet Calc.
FORMULA_WORDS = (
    *(f"month.m{month:02}" for month in range(1, 13)),
    "level.below", "level.typical", "level.above", "level.exceptional",
    "period.month", "period.quarter", "period.year", "period.none",
    "edge.ge", "edge.gt", "edge.le", "edge.lt",
    "kpis.of12", "inputs.month", "functions.yes", "functions.no", "lambdas.missing",
    "warn.text", "warn.negative", "warn.fraction", "warn.over", "warn.date",
    "remark.bands", "remark.empty", "remark.error", "remark.rate", "remark.period", "remark.compound",
    "remark.open", "remark.run", "trends.bands", "trends.rate", "trends.period",
    "change.better", "change.worse", "change.up", "change.down", "change.same", "change.none",
    "change.last_year", "change.last_month",
    "goal.next", "goal.target", "goal.best", "needed.reached", "needed.cannot",
    "sure.few", "next_steps.by_target", "next_steps.by_benchmark",
    "dashboard.unknown", "dashboard.none", "dashboard.unjudged", "dashboard.band",
    "dashboard.colon", "dashboard.pace", "dashboard.percent",
    "check.fine", "check.one", "check.many", "check.ok", "check.look", "check.unknown", "check.unable", "check.whole",
    "check.over", "check.first_cell", "check.undo", "check.cells", "check.one_skipped", "check.skipped",
    "check.first_month", "verify.fill", "check.rows", "check.order", "check.nested", "check.choice", "check.target",
    "valid.code", "valid.rate", "kpis.in_a_month", "kpis.colored_by",
)  # fmt: skip
RANGE_WORDS = ("level.outside", "check.target_ends")  # where a range is best
OUTSIDE_VERDICT = "verdict.outside"
FIRST_WORD_ROW = 5
INPUT_HEADER, KPI_HEADER, BENCH_HEADER, LAST_YEAR_HEADER = 8, 4, 4, 5
LAST_YEAR = "C"  # column of the last month alone, before the twelve that begin with the first
PERIOD_CELL = "$G$3"  # of the dashboard


@dataclass
class PlotRows:
    """The rows of one KPI's chart on the sheet Calc: the figure, where each band begins or ends, the target.

    Where a range is best, the target has an end, too.
    """

    value: int = 0
    edges: dict[tuple[int, int], int] = field(default_factory=dict)
    target: int = 0
    target_end: int = 0


@dataclass
class CalcRows:
    """The rows of one KPI on the sheet Calc; 0 where there is none."""

    state: int = 0
    counted: int = 0
    latest: int = 0
    broken: int = 0
    contribution: dict[str, tuple[int, int]] = field(default_factory=dict)
    run: int = 0
    length: int = 0
    to_date: int = 0
    compare: int = 0
    level: int = 0
    chosen: int = 0
    basis: dict[str, tuple[int, int]] = field(default_factory=dict)
    levers: list[int] = field(default_factory=list)
    plot: PlotRows = field(default_factory=PlotRows)


@dataclass
class Layout:
    """Rows of every input, KPI and benchmark."""

    groups: list[tuple[int, Row]] = field(default_factory=list)
    typed: dict[str, tuple[int, int]] = field(default_factory=dict)
    carried: dict[str, int] = field(default_factory=dict)
    used: dict[str, tuple[int, int]] = field(default_factory=dict)
    calc: dict[str, CalcRows] = field(default_factory=dict)
    kpi: dict[str, int] = field(default_factory=dict)
    bench: dict[str, int] = field(default_factory=dict)
    last_year: dict[str, int] = field(default_factory=dict)
    next_steps: dict[str, int] = field(default_factory=dict)
    period: int = 0
    last_input: int = 0
    log: LogLayout | None = None

    def reference(self, item: Input, letter: str, sheet: str = CALC + "!") -> str:
        """Return the cells of an input's used figures in one month's column."""
        first, last = self.used[item.id]
        if item.kind == "tally":
            column = "$C$" if item.values else letter
            return f"{sheet}{column}{first}:{column}{last}"
        return f"{sheet}{letter}{first}"


def plan(book: Book) -> Layout:
    """Lay the workbook out.

    Args:
        book: the workbook; its list of words is filled too.

    Returns:
        The layout.
    """
    layout = Layout()
    _plan_inputs(book, layout)
    layout.period = _plan_words(book)
    row = layout.period + 3
    for item in book.vertical.inputs.values():
        size = _size(book, item)
        layout.used[item.id] = (row, row + size - 1)
        row += size
    for place, entry in enumerate(book.rows):
        row = _plan_calc(book, layout, entry, row + 1)
        layout.kpi[entry.id] = KPI_HEADER + 1 + place
        layout.bench[entry.id] = BENCH_HEADER + 1 + place
        layout.last_year[entry.id] = LAST_YEAR_HEADER + 1 + place
    if book.log is not None:
        layout.log = plan_log(book, row + 1)
    return layout


def _size(book: Book, item: Input) -> int:
    if item.kind != "tally":
        return 1
    return len(item.values or book.vertical.inputs[item.of].values)


def _plan_inputs(book: Book, layout: Layout) -> None:
    row = INPUT_HEADER + 1
    for entry in book.rows:
        fresh = [
            item
            for item in book.vertical.inputs_of(entry.kpi, entry.segment)
            if item.id not in layout.typed and not item.values
        ]
        if not fresh:
            continue
        layout.groups.append((row, entry))
        row += 1
        for item in fresh:
            size = _size(book, item)
            layout.typed[item.id] = (row, row + size - 1)
            row += size
            if item.carry:
                layout.carried[item.id] = row
                row += 1
    layout.last_input = row - 1


def _plan_words(book: Book) -> int:
    row = FIRST_WORD_ROW
    for key in formula_words(book):
        book.words[key] = row
        row += 1
    for code in range(VERDICTS):
        book.words[f"verdict.{code}"] = row
        row += 1
    if bench_columns(book).with_upper:
        book.words[OUTSIDE_VERDICT] = row
        row += 1
    for kpi, segment in book.vertical.rows():
        for kind, conditions in (
            ("part", kpi.values[segment].conditions),
            ("soft", kpi.expect.get(segment, ())),
        ):
            for part, whole in pairs(conditions):
                key = f"warn.{kind}.{part}.{whole}"
                if key not in book.words:
                    book.words[key] = row
                    row += 1
    return row + 1


def formula_words(book: Book) -> tuple[str, ...]:
    """Return the keys of the words that a workbook's formulas put together."""
    return (*FORMULA_WORDS, *(RANGE_WORDS if bench_columns(book).with_upper else ()))


def pairs(conditions: tuple[object, ...]) -> list[tuple[str, str]]:
    """Return the (part, whole) of every condition that says ``part <= whole`` of two inputs."""
    from ..tree import Compare, Name

    found = []
    for condition in conditions:
        if isinstance(condition, Compare) and isinstance(condition.left, Name) and isinstance(condition.right, Name):
            if condition.operator in ("<=", "<"):
                found.append((condition.left.id, condition.right.id))
            elif condition.operator in (">=", ">"):
                found.append((condition.right.id, condition.left.id))
    return found


def _plan_calc(book: Book, layout: Layout, entry: Row, row: int) -> int:
    rows = CalcRows()
    wanted = ["state", "counted", "latest"]
    if entry.kpi.values[entry.segment].conditions:  # where nothing can be impossible nothing is counted
        wanted.append("broken")
    if entry.kpi.year == "compound":
        wanted += ["run", "length"]
    wanted += ["to_date", "compare", "level"]
    for name in wanted:
        setattr(rows, name, row)
        row += 1
    if entry.kpi.year == "inputs":
        for name in entry.kpi.values[entry.segment].arguments:
            size = _size(book, book.vertical.inputs[name])
            rows.contribution[name] = (row, row + size - 1)
            row += size
    rows.chosen = row
    row += 1
    for name in entry.kpi.values[entry.segment].arguments:
        size = _size(book, book.vertical.inputs[name])
        rows.basis[name] = (row, row + size - 1)
        row += size
    rows.levers = list(range(row, row + len(entry.chosen.needed)))
    row += len(rows.levers)
    layout.calc[entry.id] = rows
    rows.plot.value = row
    # Room for both ends of each band whatever is stated, so that nothing else moves when that changes.
    places = [(level, side) for level in (1, 2, 3) for side in (0, 1)]
    rows.plot.edges = {key: row + 1 + place for place, key in enumerate(places) if key in entry.edges}
    rows.plot.target = row + 1 + len(places)
    if entry.kpi.better != "range":
        return rows.plot.target + 1
    rows.plot.target_end = rows.plot.target + 1
    return rows.plot.target_end + 1


@dataclass(frozen=True)
class BenchColumns:
    """Columns of the sheet of benchmarks; a column for upper edges only where a KPI needs it."""

    with_upper: bool

    @property
    def width(self) -> int:
        """Columns a band."""
        return 3 if self.with_upper else 2

    def operator(self, level: int) -> int:
        """Column of a band's "at least / more than"."""
        return 5 + (level - 1) * self.width

    def edge(self, level: int) -> int:
        """Column of a band's entry."""
        return self.operator(level) + 1

    def upper(self, level: int) -> int:
        """Column of the upper end of a band that lies between two values."""
        return self.operator(level) + 2

    @property
    def letter_of_period(self) -> str:
        """Letter of the column of the benchmark's period."""
        return str(get_column_letter(self.after(1)))

    @property
    def target_end(self) -> int:
        """Column of the end of the user's own target, where a range is best."""
        return self.after(0) + 1

    def after(self, place: int) -> int:
        """Column of what follows the bands: target, period, ... from 0."""
        return 5 + 3 * self.width + place + (self.with_upper and place > 0)


def bench_columns(book: Book) -> BenchColumns:
    """Return the columns of the benchmarks of a workbook."""
    return BenchColumns(any(kpi.better == "range" for kpi in book.vertical.kpis.values()))


def stated(book: Book, kpi: Kpi) -> Kpi:
    """Return a KPI as its file states it, whatever the user has made of its thresholds and its period."""
    return book.catalogue.verticals.get(book.vertical.id, book.vertical).kpis.get(kpi.id, kpi)
