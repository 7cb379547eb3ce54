"""The records of the catalogue: what a KPI is, whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from .arrays import call
from .errors import KpiError
from .notation import compare
from .policy import Rule, domain_conditions, is_number
from .texts import Text, level_keys
from .tree import Compare, Node, names, ranges
from .units import decimals

KINDS = ("flow", "opening", "closing", "level", "constant", "tally")
DIRECTIONS = ("higher", "lower", "range")
YEAR_RULES = ("inputs", "compound", "mean", "none")
PERIODS = ("month", "quarter", "year")
BANDS = ("typical", "above", "exceptional")
WHOLE = ""  # the segment of a KPI that has none


@dataclass(frozen=True)
class Argument:
    """One argument of a function."""

    id: str
    unit: str
    help: Text


@dataclass(frozen=True)
class Example:
    """A worked example: inputs, the right figure, and what the article prints where that differs."""

    inputs: Mapping[str, float | list[float]]
    gives: float
    printed: float | None = None


@dataclass(frozen=True)
class Function:
    """A formula with a name, callable in Python and Excel."""

    name: str
    help: Text
    arguments: tuple[Argument, ...]
    formula: Node
    require: tuple[Compare, ...]
    expect: tuple[Compare, ...]
    unit: str
    optional: Mapping[str, float] = field(default_factory=dict)
    example: Example | None = None
    companions: tuple[str, ...] = ()
    unit_note: Mapping[str, str] = field(default_factory=dict)  # by the check of units that it waives, the reason
    vertical: str = ""
    file: str = field(default="", compare=False)  # of the user's own, that it stands in

    @cached_property
    def ranges(self) -> frozenset[str]:
        """The arguments that are ranges."""
        return ranges(self.formula)

    @cached_property
    def rule(self) -> Rule:
        """The formula with its conditions."""
        conditions = [
            condition
            for argument in self.arguments
            for condition in domain_conditions(argument.id, argument.unit, argument.id in self.ranges)
        ]
        order = tuple(argument.id for argument in self.arguments)
        return Rule(order, self.formula, (*conditions, *self.require), self.ranges, self.optional)

    def __call__(self, *values: object) -> float | list[object]:
        """Compute the KPI; see :func:`xlkpi.arrays.call`."""
        least = len(self.arguments) - len(self.optional)
        if not least <= len(values) <= len(self.arguments):
            wanted = ", ".join(argument.id for argument in self.arguments)
            many = "1 value was" if len(values) == 1 else f"{len(values)} values were"
            raise TypeError(f"{self.name} takes {wanted}; {many} given")
        return call(self.rule, values)


@dataclass(frozen=True)
class Input:
    """A figure that the user types, month by month."""

    id: str
    unit: str
    kind: str
    label: Text
    carry: str = ""
    of: str = ""
    values: tuple[float, ...] = ()
    default: float | None = None
    was: tuple[str, ...] = ()  # its ids in earlier files


@dataclass(frozen=True)
class Band:
    """The entry to one band: at least, more than, at most, less than, or between two values."""

    level: int
    operator: str
    edge: float
    upper: float | None = None

    @property
    def strict(self) -> bool:
        """Whether the edge itself lies outside."""
        return self.operator in (">", "<")

    def holds(self, value: float) -> bool:
        """Whether a value enters the band; both sides are rounded to nine decimals."""
        side = compare(value, self.edge)
        if self.upper is not None:
            return side >= 0 >= compare(value, self.upper)
        return {">=": side >= 0, ">": side > 0, "<=": side <= 0, "<": side < 0}[self.operator]

    def distance(self, value: float, step: float) -> float:
        """How far a value outside lies from the band; past a strict edge it takes one ``step``."""
        if self.upper is not None:
            return max(self.edge - value, value - self.upper)
        extra = step if self.strict else 0.0
        return abs(self.edge - value) + extra


@dataclass(frozen=True)
class Article:
    """Where benchmarks come from."""

    title: str
    date: date | None
    language: str
    region: str
    names_source: bool = False


@dataclass(frozen=True)
class Benchmark:
    """What the article says about a KPI's bands."""

    period: str = ""
    period_matters: bool = False
    year_scale: str = ""
    printed: Text = field(default_factory=Text)
    note: Text = field(default_factory=Text)


@dataclass(frozen=True)
class Lever:
    """What an owner can move to reach the next band."""

    input: str
    step: str


class Rating(NamedTuple):
    """A figure's level (0 to 3) and the band's word."""

    level: int
    word: str


@dataclass(frozen=True)
class Kpi:
    """A KPI of a line of business: what its row shows and how it is judged."""

    id: str
    function: Function
    name: Text
    unit: str
    better: str
    year: str
    values: Mapping[str, Rule]
    bands: Mapping[str, tuple[Band, ...]]
    segments: Mapping[str, Text]
    benchmark: Benchmark
    ui: Mapping[str, Text]
    expect: Mapping[str, tuple[Compare, ...]] = field(default_factory=dict)
    example: Example | None = None
    levers: Mapping[str, tuple[Lever, ...]] = field(default_factory=dict)
    note: Text = field(default_factory=Text)
    companion_of: str = ""
    written: Mapping[str, Node] = field(default_factory=dict)  # what a row shows, its functions called by name
    unit_note: Mapping[str, str] = field(default_factory=dict)
    was: tuple[str, ...] = ()  # its ids in earlier files
    segments_were: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def words(self) -> tuple[Text, ...]:
        """The words of the levels, from below (or outside) the benchmark to exceptional."""
        return tuple(self.ui[key] for key in level_keys(self.better))

    @property
    def step(self) -> float:
        """The smallest difference that is shown, such as 0.1 for percentages."""
        return float(10 ** -decimals(self.unit))

    def __call__(self, *values: object) -> float | list[object]:
        """Compute the KPI's function; see :func:`xlkpi.arrays.call`."""
        return self.function(*values)

    def bands_of(self, segment: str | None) -> tuple[Band, ...]:
        """Return the bands of a segment, which may be left out where there is one; else a ``KpiError``."""
        if segment is None:
            if len(self.segments) > 1:
                raise KpiError(f"{self.id} has segments; name one of {', '.join(self.segments)}.", "#N/A")
            segment = next(iter(self.segments))
        if segment not in self.segments:
            raise KpiError(f'{self.id} has no segment "{segment}".', "#N/A")
        return self.bands.get(segment, ())

    def level(self, value: float, segment: str | None = None) -> int | None:
        """Return the level of a figure: 0 below the benchmark, 1 typical, 2 above, 3 exceptional.

        Args:
            value: the figure, in the KPI's unit.
            segment: which segment's bands; may be left out where there is one.

        Returns:
            The level of the best band entered, or ``None`` where the article states no band.

        Raises:
            KpiError: the value is no finite number, or the segment is unknown or missing.
        """
        if not is_number(value):
            raise KpiError(f"A level needs a finite number, not {value!r}.")
        bands = self.bands_of(segment)
        return max((band.level for band in bands if band.holds(value)), default=0) if bands else None

    def rate(self, value: float, segment: str | None = None, language: str = "en") -> Rating | None:
        """Return a figure's level and the band's word, or ``None`` where no band is stated.

        Args:
            value: the figure, in the KPI's unit.
            segment: which segment's bands; may be left out where there is one.
            language: language of the word.

        Returns:
            The level (0 to 3) and the word.

        Raises:
            KpiError: as :meth:`level`.
        """
        level = self.level(value, segment)
        return None if level is None else Rating(level, self.words[level].get_in(language))

    def next(self, value: float, segment: str | None = None) -> float | None:
        """Return how far a figure is from the next band, or ``None`` where there is none above.

        Args:
            value: the figure, in the KPI's unit.
            segment: which segment's bands; may be left out where there is one.

        Returns:
            A distance above zero, in the KPI's unit; beyond a "more than" edge it takes the smallest
            step that is shown.

        Raises:
            KpiError: as :meth:`level`.
        """
        level = self.level(value, segment)
        above = [band for band in self.bands_of(segment) if level is not None and band.level > level]
        if not above:
            return None
        distance = min(above, key=lambda band: band.level).distance(value, self.step)
        return round(distance, 12)


@dataclass(frozen=True)
class Vertical:
    """A line of business."""

    id: str
    name: Text
    article: Article
    inputs: Mapping[str, Input]
    kpis: Mapping[str, Kpi]
    functions: Mapping[str, Function]
    source: str = ""  # the text of its own file
    borrowed: Mapping[str, str] = field(default_factory=dict)  # texts of other files whose functions it uses, by name
    file: str = field(default="", compare=False)  # of the user's own, that it stands in
    was: tuple[str, ...] = ()  # its names before

    def rows(self) -> Iterator[tuple[Kpi, str]]:
        """Yield each row of a KPI table: a KPI and its segment."""
        for kpi in self.kpis.values():
            for segment in kpi.segments:
                yield kpi, segment

    @property
    def in_use(self) -> Vertical:
        """The same without inputs that no KPI needs, for which a workbook has no place."""
        needed = {item.id for kpi, segment in self.rows() for item in self.inputs_of(kpi, segment)}
        needed |= {self.inputs[name].of for name in needed}
        if all(name in needed for name in self.inputs):
            return self
        return replace(self, inputs={name: item for name, item in self.inputs.items() if name in needed})

    def inputs_of(self, kpi: Kpi, segment: str) -> list[Input]:
        """Return the inputs of a KPI row in the order of the file, with those that its openings are carried on from."""
        wanted = set(kpi.values[segment].arguments)
        wanted |= {self.inputs[name].carry for name in wanted}
        return [item for item in self.inputs.values() if item.id in wanted]


@dataclass(frozen=True)
class Catalogue:
    """All lines of business and all functions."""

    verticals: Mapping[str, Vertical]
    functions: Mapping[str, Function]
    ui: Mapping[str, Text]
    shared_source: str = ""

    def example_of(self, function: Function) -> Example | None:
        """Return a function's own worked example, or that of the first KPI that uses it."""
        if function.example is not None:
            return function.example
        kpis = (kpi for vertical in self.verticals.values() for kpi in vertical.kpis.values())
        return next((kpi.example for kpi in kpis if kpi.function.name == function.name and kpi.example), None)


def row_rule(
    formula: Node,
    conditions: tuple[Compare, ...],
    units: Mapping[str, str],
    fixed: frozenset[str] = frozenset(),
) -> Rule:
    """Return the rule of a KPI row: its formula, its functions' conditions and its inputs' units."""
    spans = ranges(formula)
    own = [c for name in names(formula) for c in domain_conditions(name, units[name], name in spans)]
    order = names(formula)
    return Rule(order, formula, tuple(dict.fromkeys([*own, *conditions])), spans, fixed=fixed & spans)
