"""Checks over whole functions and lines of business; each adds its problems and none stops the others."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from .arrays import call
from .document import Document
from .doubting import doubt_function, doubt_unused, doubt_vertical
from .errors import KpiError
from .measuring import check_function_units, check_kpi_units
from .model import BANDS, WHOLE, Band, Example, Function, Input, Kpi, Vertical
from .names import suggest
from .notation import compare
from .renamed import check_renames

MAX_INPUTS = 120
MAX_ROWS = 60  # of KPIs and their segments; some formulas of a workbook name them all
_SAME = 1e-9


def check_functions(document: Document, functions: Iterable[Function]) -> None:
    """Check the functions that a document defines: worked examples and units."""
    for function in functions:
        if function.example is not None:
            _example(document, f"function.{function.name}.example", function, function.example)
        check_function_units(document, function)
        doubt_function(document, function)


def check_companions(document: Document, functions: Iterable[Function], known: Iterable[str]) -> None:
    """Check that the companions of a document's functions are there."""
    names = list(known)
    for function in functions:
        for companion in function.companions:
            if companion not in names:
                what = f'There is no function "{companion[:60]}".{suggest(companion, names)}'
                document.add(f"function.{function.name}.companions", what, "Name functions of the catalogue.")


def _example(document: Document, key: str, function: Function, example: Example) -> None:
    """Hold an example against its function: the arguments, and the figure they give."""
    wanted = [argument.id for argument in function.arguments]
    missing = [name for name in wanted if name not in example.inputs and name not in function.optional]
    for name in missing:
        document.add(key, f'The example leaves out "{name}".', f"Give {', '.join(wanted)} and gives.")
    strange = [name for name in example.inputs if name not in wanted]
    for name in strange:
        what = f'"{name[:60]}" is no argument of {function.name}.{suggest(name, wanted)}'
        document.add(key, what, f"The arguments are {', '.join(wanted)}.")
    if missing or strange:
        return
    given = [example.inputs[name] for name in wanted if name in example.inputs]
    try:
        result = call(function.rule, given)
    except KpiError as error:
        document.add(key, f"The example gives the error {error.code}: {error.message}", "Mend the example.")
        return
    if not isinstance(result, float) or abs(result - example.gives) > max(1e-12, _SAME * abs(example.gives)):
        what = f"The formula gives {result}, the example says {example.gives:g}."
        document.add(key, what, "Mend the example or the formula; what an article misprints goes into printed.")


def check_vertical(document: Document, vertical: Vertical) -> None:
    """Check a line of business: how its inputs, KPIs and texts go together."""
    for item in vertical.inputs.values():
        _input(document, vertical, item)
    for kpi in vertical.kpis.values():
        _kpi(document, vertical, kpi)
    _row_names(document, vertical)
    check_renames(document, vertical)
    _room(document, vertical)
    doubt_vertical(document, vertical)
    kpis = document.data.get("kpi")
    all_read = not document.failed and isinstance(kpis, dict) and len(kpis) == len(vertical.kpis)
    if all_read:  # else what seems unused may be used where nothing could be read
        doubt_unused(document, vertical)
    if not vertical.article.title and any(edges for kpi in vertical.kpis.values() for edges in kpi.bands.values()):
        fix = 'Add [article] with title = "...", date, language and region.'
        document.add("article", "The benchmarks have no source.", fix, "warning")


def _input(document: Document, vertical: Vertical, item: Input) -> None:
    key = f"input.{item.id}"
    for name, wanted, kind in (("carry", item.carry, "closing"), ("of", item.of, "tally")):
        other = vertical.inputs.get(wanted)
        if wanted and (other is None or other.kind != kind):
            hint = suggest(wanted, [i.id for i in vertical.inputs.values() if i.kind == kind])
            document.add(f"{key}.{name}", f'"{wanted}" is no {kind} input of this file.{hint}', f"Name a {kind} input.")
    other = vertical.inputs.get(item.of)
    if item.kind == "tally" and other is not None and other.kind == "tally" and other.of:
        what = f'"{item.of[:60]}" has no values of its own.'
        document.add(f"{key}.of", what, "Name a tally that has values.")


def _kpi(document: Document, vertical: Vertical, kpi: Kpi) -> None:
    key = f"kpi.{kpi.id}"
    if kpi.example is not None:
        _example(document, f"{key}.example", kpi.function, kpi.example)
    if kpi.companion_of == kpi.id:
        document.add(f"{key}.companion_of", "A KPI is no companion of itself.", "Name another, or remove it.")
    if kpi.companion_of and kpi.companion_of not in vertical.kpis:
        hint = suggest(kpi.companion_of, vertical.kpis)
        document.add(f"{key}.companion_of", f'There is no KPI "{kpi.companion_of}".{hint}', "Name a KPI of this file.")
    for segment, rule in kpi.values.items():
        spans = {name for name in rule.arguments if vertical.inputs[name].kind == "tally"}
        for name in sorted(spans ^ set(rule.ranges)):
            wants = "a tally" if name in rule.ranges else "no tally"
            fix = f"Change kind of [input.{name}], or the formula."
            document.add(f"{key}.value", f'The formula needs "{name}" to be {wants}.', fix)
        _bands(document, f"{key}.bands", kpi, segment)
    check_kpi_units(document, vertical, kpi)
    if kpi.year == "compound" and kpi.unit != "percent":
        document.add(f"{key}.year", "Only a percentage compounds.", 'Use year = "inputs" or "mean".')
    if kpi.year == "compound" and any(kpi.bands.values()) and not kpi.benchmark.period:
        what = "The benchmark has no period, so a month and a year are held against the same edges."
        document.add(f"{key}.benchmark", what, 'Add benchmark.period = "year" and period_matters = true.', "warning")
    _year_kinds(document, vertical, kpi)


def _year_kinds(document: Document, vertical: Vertical, kpi: Kpi) -> None:
    """A share of sums needs inputs that add up or a first and a last state, so levels are doubted."""
    if kpi.year != "inputs":
        return
    levels = [n for rule in kpi.values.values() for n in rule.arguments if vertical.inputs[n].kind == "level"]
    if levels:
        what = f'The year takes the mean of "{levels[0]}" over the months.'
        document.add(f"kpi.{kpi.id}.year", what, 'Use year = "mean" if the figure itself is to be averaged.', "warning")


def _bands(document: Document, key: str, kpi: Kpi, segment: str) -> None:
    """Doubt bands that are out of order for the KPI's direction; refuse ranges turned round."""
    place = f"{key}.{segment}" if segment != WHOLE else key
    bands = kpi.bands.get(segment, ())
    for band in bands:
        if band.upper is not None and compare(band.upper, band.edge) <= 0:
            what = f"The range {band.edge:g}..{band.upper:g} ends before it begins."
            document.add(place, what, "Write the lower value first.")
    for lower, better in itertools.pairwise(bands):
        if not _beyond(lower, better, kpi.better):
            above, below = BANDS[better.level - 1], BANDS[lower.level - 1]
            what = f"The band {above} does not lie beyond {below}, where {kpi.better} is better."
            document.add(place, what, "Check the edges and better.", "warning")


def _beyond(lower: Band, better: Band, direction: str) -> bool:
    if direction == "range":
        inside = compare(better.edge, lower.edge) >= 0 >= compare(better.upper or 0.0, lower.upper or 0.0)
        return inside and (better.edge, better.upper) != (lower.edge, lower.upper)
    side = compare(better.edge, lower.edge)
    return side > 0 if direction == "higher" else side < 0


def _row_names(document: Document, vertical: Vertical) -> None:
    """A KPI and its segment make one defined name, which no other row may have."""
    seen: dict[str, str] = {}
    for kpi, segment in vertical.rows():
        name = f"{kpi.id}_{segment}" if segment else kpi.id
        if name in seen and seen[name] != kpi.id:
            what = f'Its row is called "{name}", like a row of "{seen[name]}".'
            document.add(f"kpi.{kpi.id}", what, "Rename the KPI or the segment.")
        seen[name] = kpi.id


def _room(document: Document, vertical: Vertical) -> None:
    """Refuse more than a workbook has room for."""
    for key, many, most, what in (
        ("input", len(vertical.inputs), MAX_INPUTS, "inputs"),
        ("kpi", len(list(vertical.rows())), MAX_ROWS, "rows of KPIs and segments"),
    ):
        if many > most:
            document.add(key, f"{many} {what} are too many; a workbook has room for {most}.", "Split the file.")
