"""The shape of a catalogue file: which keys stand where, and what each may hold.

The checker reads files by it and the JSON Schema is printed from it, so that the two cannot part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .formula import FUNCTIONS, MAX_CHARACTERS
from .model import BANDS, DIRECTIONS, KINDS, PERIODS, YEAR_RULES
from .names import HELP_LIMIT, MAX_ARGUMENTS, MAX_FUNCTION, MAX_IDENTIFIER
from .units import CHECKS, COUNTED, SIMPLE_UNITS

ARGUMENT_LIMIT = 120
LABEL_LIMIT = 60
MAX_TEXT = 1_000
MAX_NUMBER = 1e300
MAX_TALLY = 30
CONTROL = "\\u0000-\\u001f\\u007f\\ufffe\\uffff"  # inside the brackets of a pattern
IDENTIFIER = "[a-z][a-z0-9_]*"
FUNCTION_NAME = "[A-Z][A-Z0-9]{2,}"
ISO_DATE = "(?:19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_NUMBER = "-?[0-9]{1,15}(?:\\.[0-9]{1,15})?"
# How a band is written, by the KPI's direction.
EDGES: Mapping[str, str] = {
    "higher": rf"\s*(>=|>)\s*({_NUMBER})\s*",
    "lower": rf"\s*(<=|<)\s*({_NUMBER})\s*",
    "range": rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*",
}


# No comparison and no text of their own: each method that is not made is a faster start.
@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Field:
    """What may stand under a key.

    Args:
        about: what the key is for, as an editor shows it.
        required: whether the key must be there.
        only: another key of the table and the one value of it that this key goes with.
    """

    about: str
    required: bool = False
    only: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Word(Field):
    """A text in quotes that is the same in every language: one of ``choices``, or of a pattern, or any."""

    choices: tuple[str, ...] = ()
    pattern: str = ""
    limit: int = MAX_TEXT
    called: str = "a text in quotes"
    lines: bool = False  # whether it may go over several lines


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Figure(Field):
    """A finite number, or perhaps a list of them."""

    ranges: bool = False


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Flag(Field):
    """True or false."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Day(Field):
    """A date."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Words(Field):
    """A text in each language, English at least, and perhaps other keys beside them."""

    limit: int = MAX_TEXT
    also: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Items(Field):
    """A list of members of one kind."""

    each: Field
    called: str
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Table(Field):
    """A table: keys of its own, and perhaps any others that all hold the same.

    Args:
        fields: the keys that are known by name.
        each: what every other key holds; ``None`` where there are no others.
        names: the pattern of those other keys, with the most characters they may have.
        text_too: whether a plain text may stand in its place.
        either: a key, a value of it, and the keys of which that value needs one.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)
    each: Field | None = None
    names: tuple[str, int] = (IDENTIFIER, MAX_IDENTIFIER)
    text_too: bool = False
    either: tuple[str, str, tuple[str, ...]] | None = None

    def member(self, name: str) -> Field:
        """Return what stands under a key."""
        found = self.fields.get(name, self.each)
        if found is None:
            raise KeyError(name)
        return found


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BySegment(Field):
    """What a KPI has once, or once for each segment where it has segments.

    Args:
        each: what stands there.
        for_all: whether one may stand for all segments.
        judged: whether it is the bands, which are written as ``better`` says.
    """

    each: Field
    for_all: bool = False
    judged: bool = False


_PLAIN_FIGURE = Figure(about="A number with a decimal point.")
FIGURES = Items(about="A range.", each=_PLAIN_FIGURE, called="numbers")
_UNIT = Word(
    about=f"What the figure counts in: {', '.join(SIMPLE_UNITS)}, or count:<what is counted>, such as count:clients.",
    choices=SIMPLE_UNITS,
    pattern=COUNTED,
    called='a unit in quotes, such as "percent", "money" or "count:clients"',
    required=True,
)
_FORMULA = Word(
    about=f"Arithmetic over names: + - * / ** ( ), comparisons, and {', '.join(FUNCTIONS)}.",
    limit=MAX_CHARACTERS,
    called='a formula in quotes, such as "part / whole * 100"',
    lines=True,
)
_CONDITION = Word(about='A comparison, such as "part <= whole".', limit=MAX_CHARACTERS, lines=True)
_EXAMPLE = Table(
    about="A worked example: each argument with its figure, and what the function gives.",
    fields={
        "gives": Figure(about="The right figure.", required=True),
        "printed": Figure(about="What the article prints, where that differs."),
    },
    each=Figure(about="The figure of an argument, or a list for a range.", ranges=True),
)
_NOTES = Table(
    about='Waives one check of the units with the reason, such as unit_note.dividing = "one lead is one client".',
    fields={
        name: Word(about=f"Why this is meant: the formula {what}.", called="the reason in quotes")
        for name, what in CHECKS.items()
    },
    text_too=True,
)


def _formula(required: bool) -> Word:
    return Word(about=_FORMULA.about, limit=_FORMULA.limit, called=_FORMULA.called, lines=True, required=required)


WAS = Items(
    about="What it was called before, so that older workbooks find their figures.",
    each=Word(about="A former name."),
    called="names in quotes",
)
VERTICAL = Table(
    about="The line of business.",
    required=True,
    fields={"name": Words(about="Its name, in each language.", limit=LABEL_LIMIT, required=True), "was": WAS},
)
ARTICLE = Table(
    about="Where the benchmarks come from.",
    fields={
        "title": Word(about="Title of the article, or what else the benchmarks are from."),
        "date": Day(about="Its date, such as 2024-10-13."),
        "language": Word(about="Its language, such as en."),
        "region": Word(about="Where the benchmarks hold, such as US."),
        "names_source": Flag(
            about="Whether it names a source for its figures; else the workbook says that it does not."
        ),
    },
)
INPUT = Table(
    about="A figure that the user types, month by month.",
    either=("kind", "tally", ("values", "of")),
    fields={
        "unit": _UNIT,
        "kind": Word(
            about="flow: months add up; opening, closing: a count at the start or the end; level: a state or rate, "
            "whose mean is taken; constant: one cell; tally: a row for each rating.",
            choices=KINDS,
            required=True,
        ),
        "label": Words(about="What the sheet calls it, in each language.", limit=LABEL_LIMIT, required=True),
        "was": WAS,
        "carry": Word(about="The closing input that an opening one is carried on from.", only=("kind", "opening")),
        "of": Word(about="The tally that holds the ratings which this one counts.", only=("kind", "tally")),
        "values": Items(
            about="The ratings of a tally, from best to worst.",
            each=_PLAIN_FIGURE,
            called="numbers",
            least=1,
            most=MAX_TALLY,
            only=("kind", "tally"),
        ),
        "default": Figure(about="What stands in the cell of a constant at first.", only=("kind", "constant")),
    },
)
ARGUMENT = Table(
    about="An argument of the function.",
    fields={
        "unit": _UNIT,
        "help": Words(about="What it is, in each language.", limit=ARGUMENT_LIMIT, required=True),
    },
)
FUNCTION = Table(
    about="A function of Excel and Python.",
    fields={
        "help": Words(about="What it computes, in each language.", limit=HELP_LIMIT, required=True),
        "formula": _formula(required=True),
        "unit": _UNIT,
        "unit_note": _NOTES,
        "require": Items(
            about="What holds for every possible input, such as part <= whole; else the figures cannot be: #NUM!.",
            each=_CONDITION,
            called="conditions",
        ),
        "expect": Items(about="What nearly always holds; else the sheet asks.", each=_CONDITION, called="conditions"),
        "args": Items(
            about="The order of the arguments; without it that of the formula.",
            each=Word(about="An argument."),
            called="argument names",
            most=MAX_ARGUMENTS,
        ),
        "companions": Items(
            about="Functions that the workbook shows beside this one.",
            each=Word(about="A function."),
            called="function names",
        ),
        "optional": Table(
            about="A range at the end that may be left out, and the number that each of its cells then holds.",
            each=_PLAIN_FIGURE,
        ),
        "arg": Table(about="The arguments.", each=ARGUMENT),
        "example": _EXAMPLE,
    },
)
LEVER = Table(
    about="An input that the owner can move.",
    fields={
        "input": Word(about="The input.", required=True),
        "step": Word(about="Which way it moves.", choices=("up", "down"), required=True),
    },
)
BENCHMARK = Table(
    about="What the article says of the bands.",
    fields={
        "period": Word(about="The period that its figures hold for.", choices=PERIODS),
        "period_matters": Flag(about="Whether a figure of another period cannot be held against them."),
        "year_scale": Word(about="month: the figure of a year is brought to a month.", choices=("month",)),
        "printed": Words(about="The bands as the article prints them, in each language."),
        "note": Words(about="What is unclear about them, in each language."),
    },
)
BAND_TABLE = Table(
    about='Where each band begins: ">= 80" or "> 80", "<= 8" or "< 8", "60..90" where the best lies between.',
    fields={name: Word(about=f"Where the band {name} begins.", called="a band in quotes") for name in BANDS},
)
KPI = Table(
    about="A KPI: what its row shows and how it is judged.",
    fields={
        "function": Word(about="The function that computes it: a shipped one, or one of this file.", required=True),
        "value": BySegment(
            about="What the row shows, where that is more than the function of the inputs of the same names.",
            each=_formula(required=False),
            for_all=True,
        ),
        "name": Words(about="Its name, in each language.", limit=LABEL_LIMIT, required=True),
        "unit": Word(about=_UNIT.about, choices=_UNIT.choices, pattern=_UNIT.pattern, called=_UNIT.called),
        "unit_note": _NOTES,
        "better": Word(about="Which way is better; range: the best lies between.", choices=DIRECTIONS, required=True),
        "year": Word(
            about="The year's figure: inputs (from the year's inputs), compound (monthly rates multiplied), "
            "mean (of the months), none.",
            choices=YEAR_RULES,
            required=True,
        ),
        "segment": Table(
            about="Segments whose bands differ, each with its name in each language.",
            each=Words(about="The segment's name, in each language.", limit=LABEL_LIMIT, also={"was": WAS}),
        ),
        "bands": BySegment(about=BAND_TABLE.about, each=BAND_TABLE, judged=True),
        "lever": BySegment(
            about="What the owner can move to reach the next band.",
            each=Items(about="The levers.", each=LEVER, called="tables such as { input = ..., step = ... }"),
        ),
        "benchmark": BENCHMARK,
        "example": _EXAMPLE,
        "note": Words(about="What to know about the KPI, in each language."),
        "companion_of": Word(about="The KPI of this file that this one stands beside."),
        "was": WAS,
    },
)
_FUNCTIONS = Table(about="Functions, by name.", each=FUNCTION, names=(FUNCTION_NAME, MAX_FUNCTION))
CATALOGUE = Table(
    about="A line of business for xlkpi: inputs, functions, KPIs, bands and texts.",
    fields={
        "vertical": VERTICAL,
        "article": ARTICLE,
        "input": Table(about="Inputs, by name.", each=INPUT),
        "function": _FUNCTIONS,
        "kpi": Table(about="KPIs, by name.", each=KPI, required=True),
    },
)
FUNCTIONS_FILE = Table(
    about="Functions that several lines of business share.",
    fields={"function": Table(about=_FUNCTIONS.about, each=FUNCTION, names=_FUNCTIONS.names, required=True)},
)


def per_segment(field: BySegment) -> Table:
    """Return the table that holds a key's value for each segment."""
    return Table(about=field.about, each=field.each)
