"""The functions as xlwings functions, for whichever host is there: classic COM, Server, Lite.

One factory turns catalogue functions into functions that any host registers, so that a function in a
catalogue file needs no code. What the hosts do not agree on is avoided: every data argument is a grid, no
annotation says anything, nothing is raised, nothing that is not a finite number, text or error code is
returned, Python names are lower case.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence

import xlwings

from . import __version__
from .arrays import call
from .catalogue import load
from .errors import EXCEL_ERRORS, KpiError
from .model import BANDS, LANGUAGES, Catalogue, Function, Kpi
from .notation import number_text, to_text

CATEGORY = "KPI"
HELP_LIMIT = 255
NOT_AVAILABLE = "#N/A"

Grid = list[list[object]]


def as_grid(value: object) -> Grid:
    """Return what a host hands over as rows: it may come as rows, as one row, or as a single value."""
    if isinstance(value, (list, tuple)):
        rows = [list(row) if isinstance(row, (list, tuple)) else None for row in value]
        return [list(value)] if None in rows else rows  # type: ignore[return-value]
    return [[value]]


def _shown(value: object) -> object:
    """Return a result as a host may have it: a number, or the code of the error."""
    if isinstance(value, KpiError):
        return value.code if value.code in EXCEL_ERRORS else NOT_AVAILABLE
    return value


def answer(function: Function, given: Sequence[object]) -> Grid:
    """Answer a call from a cell; never raises.

    Args:
        function: the catalogue function.
        given: the arguments as a host hands them over; ``None`` for one that is left out.

    Returns:
        Rows of numbers and Excel error codes, which spill.
    """
    prepared: list[object] = []
    for argument, value in zip(function.arguments, given, strict=True):
        if argument.id in function.optional and value in (None, [[None]], ((None,),)):
            prepared.append(None)
        elif argument.id in function.ranges:
            prepared.append(as_grid(value))
        else:  # a blank cell counts as 0; hosts cannot tell it from one
            prepared.append([[0 if cell in (None, "") else cell for cell in row] for row in as_grid(value)])
    try:
        result = call(function.rule, prepared)
    except KpiError as error:
        return [[_shown(error)]]
    rows = result if isinstance(result, list) else [[result]]
    return [[_shown(cell) for cell in row] for row in rows if isinstance(row, list)]


def _register(
    body: Callable[..., Grid],
    name: str,
    names: Sequence[str],
    optional: Sequence[str],
    text: str,
    helps: Mapping[str, str],
) -> Callable[..., Grid]:
    """Make a function with a name, a signature and help, and put it under the host's decorators."""

    def made(*given: object) -> Grid:
        return body(*given, *[None] * (len(names) - len(given)))

    made.__name__ = made.__qualname__ = name
    made.__module__ = __name__
    made.__doc__ = text[:HELP_LIMIT]
    made.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                each,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if each in optional else inspect.Parameter.empty,
            )
            for each in names
        ]
    )
    decorated: Callable[..., Grid] = xlwings.func(category=CATEGORY)(made)
    for each in names:
        options = {"ndim": 2, "err_to_str": True, "doc": helps.get(each, "")[:HELP_LIMIT]}
        decorated = xlwings.arg(each, **options)(decorated)
    return decorated


def make(function: Function, language: str = "en") -> Callable[..., Grid]:
    """Return the xlwings function of a catalogue function, such as ``css`` for ``CSS``."""

    def body(*given: object) -> Grid:
        return answer(function, given)

    names = [argument.id for argument in function.arguments]
    helps = {argument.id: argument.help.get_in(language) for argument in function.arguments}
    text = function.help.get_in(language)
    return _register(body, function.name.lower(), names, list(function.optional), text, helps)


# -- companions that make the benchmarks usable in a cell -----------------------------------------------


def _word(value: object) -> str:
    """Return a text argument, whatever shape a host gives it."""
    cell = as_grid(value)[0][0]
    return "" if cell is None or cell == 0 else str(cell).strip()


def _kpi(catalogue: Catalogue, vertical: object, kpi: object) -> Kpi:
    """Find a KPI by its id or by the name of its function."""
    place, name = _word(vertical).lower(), _word(kpi)
    if place in catalogue.verticals:
        kpis = catalogue.verticals[place].kpis
        for found in kpis.values():
            if name.lower() == found.id or name.upper() == found.function.name:
                return found
    raise KpiError(f'There is no KPI "{name}" in "{place}".', NOT_AVAILABLE)


def _each(value: object, judge: Callable[[float], object]) -> Grid:
    """Judge each figure of a range; a blank stays blank, an error stays that error."""

    def one(cell: object) -> object:
        if cell in (None, ""):
            return ""
        if isinstance(cell, str):
            return cell if cell in EXCEL_ERRORS else "#VALUE!"
        try:
            return judge(float(cell))  # type: ignore[arg-type]
        except KpiError as error:
            return _shown(error)

    return [[one(cell) for cell in row] for row in as_grid(value)]


def _companions(catalogue: Catalogue) -> list[Callable[..., Grid]]:
    verticals = ", ".join(catalogue.verticals)

    def guarded(body: Callable[..., Grid]) -> Callable[..., Grid]:
        def safe(*given: object) -> Grid:
            try:
                return body(*given)
            except KpiError as error:
                return [[_shown(error)]]

        return safe

    def band(vertical: object, kpi: object, value: object, segment: object, language: object) -> Grid:
        spoken = _word(language).lower() or "en"
        if spoken not in LANGUAGES:
            raise KpiError("The language is unknown.", NOT_AVAILABLE)
        found, part = _kpi(catalogue, vertical, kpi), _word(segment) or None

        def judge(figure: float) -> object:
            rating = found.rate(figure, part, spoken)
            return NOT_AVAILABLE if rating is None else rating.word

        return _each(value, judge)

    def level(vertical: object, kpi: object, value: object, segment: object) -> Grid:
        found, part = _kpi(catalogue, vertical, kpi), _word(segment) or None

        def judge(figure: float) -> object:
            reached = found.level(figure, part)
            return NOT_AVAILABLE if reached is None else reached

        return _each(value, judge)

    def next_band(vertical: object, kpi: object, value: object, segment: object) -> Grid:
        found, part = _kpi(catalogue, vertical, kpi), _word(segment) or None

        def judge(figure: float) -> object:
            distance = found.next(figure, part)
            return "" if distance is None else distance

        return _each(value, judge)

    def threshold(vertical: object, kpi: object, name: object, segment: object) -> Grid:
        found, wanted = _kpi(catalogue, vertical, kpi), _word(name).lower()
        found.level(0.0, _word(segment) or None)  # says when a segment is missing or unknown
        bands = found.bands.get(_word(segment) or next(iter(found.segments)), ())
        edges = [each.edge for each in bands if BANDS[each.level - 1] == wanted]
        return [[edges[0] if edges else NOT_AVAILABLE]]

    def listing(vertical: object, language: object) -> Grid:
        place, spoken = _word(vertical).lower(), _word(language).lower() or "en"
        if (place and place not in catalogue.verticals) or spoken not in LANGUAGES:
            return [[NOT_AVAILABLE]]
        chosen = [catalogue.verticals[place]] if place else list(catalogue.verticals.values())
        rows: Grid = []
        for each in chosen:
            for kpi in each.kpis.values():
                for part in kpi.segments:
                    edges = [f"{b.operator} {number_text(b.edge)}" for b in kpi.bands.get(part, ())]
                    name = kpi.name.get_in(spoken)
                    formula = to_text(kpi.function.formula)
                    rows.append([kpi.function.name, name, formula, kpi.unit, kpi.better, "; ".join(edges)])
        return rows

    def explain(function: object, language: object) -> Grid:
        found, spoken = catalogue.functions.get(_word(function).upper()), _word(language).lower() or "en"
        if found is None or spoken not in LANGUAGES:
            return [[NOT_AVAILABLE]]
        rows: Grid = [[found.name, found.help.get_in(spoken)]]
        rows += [[argument.id, argument.help.get_in(spoken)] for argument in found.arguments]
        example = catalogue.example_of(found)
        if example is not None:
            rows.append(["=", example.gives])
        return rows

    def version() -> Grid:
        return [[__version__]]

    helps = {
        "vertical": f"Line of business: {verticals}",
        "kpi": "The KPI's function, such as CSS, or its id",
        "value": "The figure, or a range of figures",
        "segment": "Which segment's bands, where a KPI has several",
        "language": f"One of {', '.join(LANGUAGES)}",
        "band_name": f"One of {', '.join(BANDS)}",
        "function_name": "Name of a function, such as CSS",
    }
    table: list[tuple[Callable[..., Grid], str, list[str], list[str], str]] = [
        (band, "kpiband", ["vertical", "kpi", "value", "segment", "language"], ["segment", "language"],
         "The word of the benchmark band that a figure reaches."),
        (level, "kpilevel", ["vertical", "kpi", "value", "segment"], ["segment"],
         "The level that a figure reaches: 0 below the benchmark, 1 typical, 2 above average, 3 exceptional."),
        (threshold, "kpithreshold", ["vertical", "kpi", "band_name", "segment"], ["segment"],
         "The figure at which a benchmark band begins."),
        (next_band, "kpinext", ["vertical", "kpi", "value", "segment"], ["segment"],
         "How far a figure is from the next band; empty where there is none above."),
        (listing, "kpilist", ["vertical", "language"], ["vertical", "language"],
         "A table of KPIs: function, name, formula, unit, better, bands."),
        (explain, "kpihelp", ["function_name", "language"], ["language"],
         "What a function gives, its arguments and the result of its worked example."),
        (version, "xlkpiversion", [], [], "The version of xlkpi."),
    ]  # fmt: skip
    return [_register(guarded(body), name, names, free, text, helps) for body, name, names, free, text in table]


def register(space: dict[str, object], catalogue: Catalogue | None = None, language: str = "en") -> list[str]:
    """Put the functions of a catalogue, and the companions, into a module's names, where hosts look.

    Args:
        space: the module's ``globals()``.
        catalogue: whose functions; the shipped ones where it is left out.
        language: of the help.

    Returns:
        The names that were added.
    """
    known = catalogue or load()
    made = [make(function, language) for function in known.functions.values()] + _companions(known)
    for each in made:
        space[each.__name__] = each
    return [each.__name__ for each in made]
