"""Companions of the KPI functions: they make benchmarks, lists and help usable in a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from . import __version__
from .arrays import Grid
from .cells import NOT_AVAILABLE, CellFunction, Parameter, as_grid, as_word, cell_function, shown
from .errors import KpiError
from .model import BANDS, LANGUAGES, LEVEL_KEYS, Catalogue, Example, Function, Kpi, Text
from .policy import as_number
from .wording import separator, shown_band, shown_formula, shown_number, signature

HELP_LIMIT = 255
_LIST_COLUMNS = ("function", "name", "formula", "unit", "better", "bands", "period", "vertical", "kpi", "segment")
# Name in Excel -> its arguments; those in brackets may be left out.
SIGNATURES = {
    "KPIBAND": "vertical kpi value [segment] [language]",
    "KPILEVEL": "vertical kpi value [segment]",
    "KPITHRESHOLD": "vertical kpi band_name [segment]",
    "KPINEXT": "vertical kpi value [segment]",
    "KPILIST": "[vertical] [language]",
    "KPIHELP": "function_name [language]",
    "XLKPIVERSION": "",
}


def cell_functions(catalogue: Catalogue) -> list[CellFunction]:
    """Return every function that cells may call: those of the catalogue, then the companions."""
    own = [cell_function(function) for function in catalogue.functions.values()]
    return own + _companions(catalogue)


def _companions(catalogue: Catalogue) -> list[CellFunction]:
    bodies = Companions(catalogue)
    return [
        CellFunction(name, catalogue.ui[f"companion.{name}"], _parameters(catalogue, text), bodies.guarded(name))
        for name, text in SIGNATURES.items()
    ]


def _parameters(catalogue: Catalogue, text: str) -> tuple[Parameter, ...]:
    """Read the arguments of a companion; the help of each names what is allowed."""
    allowed = {
        "verticals": _fitting(catalogue.verticals),
        "languages": ", ".join(LANGUAGES),
        "bands": ", ".join(BANDS),
    }
    found = []
    for word in text.split():
        name = word.strip("[]")
        help_text = catalogue.ui[f"companion.arg.{name}"]
        filled = Text({language: each.format(**allowed) for language, each in help_text.items()})
        found.append(Parameter(name, filled, word.startswith("[")))
    return tuple(found)


def _fitting(names: Iterable[str]) -> str:
    """Join names as far as a help text of Excel has room for them."""
    joined = ""
    for name in names:
        longer = f"{joined}, {name}" if joined else name
        if len(longer) > HELP_LIMIT - 60:
            return f"{joined} ..."
        joined = longer
    return joined


class Companions:
    """The companions over one catalogue; each method takes its arguments as a host hands them over."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def guarded(self, name: str) -> Callable[[Sequence[object]], Grid]:
        """Return a companion that answers what cannot be with Excel's error."""
        body: Callable[..., Grid] = getattr(self, f"_{name.lower()}")

        def answer(given: Sequence[object]) -> Grid:
            try:
                return body(*given)
            except KpiError as error:
                return [[shown(error)]]

        return answer

    def _language(self, value: object) -> str:
        language = as_word(value).lower() or "en"
        if language not in LANGUAGES:
            raise KpiError(f'There are no texts in "{language}".', NOT_AVAILABLE)
        return language

    def _kpi(self, vertical: object, kpi: object) -> Kpi:
        """Find a KPI by its id or by the name of its function."""
        place, name = as_word(vertical).lower(), as_word(kpi)
        if place in self.catalogue.verticals:
            for found in self.catalogue.verticals[place].kpis.values():
                if name.lower() == found.id or name.upper() == found.function.name:
                    return found
        raise KpiError(f'There is no KPI "{name}" in "{place}".', NOT_AVAILABLE)

    def _kpiband(self, vertical: object, kpi: object, value: object, segment: object, language: object) -> Grid:
        spoken, found, part = self._language(language), self._kpi(vertical, kpi), as_word(segment) or None

        def judge(figure: float) -> object:
            rating = found.rate(figure, part, spoken)
            return NOT_AVAILABLE if rating is None else rating.word

        return _each(value, judge)

    def _kpilevel(self, vertical: object, kpi: object, value: object, segment: object) -> Grid:
        found, part = self._kpi(vertical, kpi), as_word(segment) or None

        def judge(figure: float) -> object:
            reached = found.level(figure, part)
            return NOT_AVAILABLE if reached is None else reached

        return _each(value, judge)

    def _kpinext(self, vertical: object, kpi: object, value: object, segment: object) -> Grid:
        found, part = self._kpi(vertical, kpi), as_word(segment) or None

        def judge(figure: float) -> object:
            distance = found.next(figure, part)
            return "" if distance is None else distance

        return _each(value, judge)

    def _kpithreshold(self, vertical: object, kpi: object, band_name: object, segment: object) -> Grid:
        found, wanted = self._kpi(vertical, kpi), as_word(band_name).lower()
        names = {name: level for level, name in enumerate(BANDS, 1)}
        for level, key in enumerate(LEVEL_KEYS):
            names |= {word.lower(): level for word in self.catalogue.ui[key].values()}
        for band in found.bands_of(as_word(segment) or None):
            if band.level == names.get(wanted):
                return [[band.edge]] if band.upper is None else [[band.edge, band.upper]]
        return [[NOT_AVAILABLE]]

    def _kpilist(self, vertical: object, language: object) -> Grid:
        place, spoken = as_word(vertical).lower(), self._language(language)
        if place and place not in self.catalogue.verticals:
            return [[NOT_AVAILABLE]]
        rows: Grid = [[self.catalogue.ui[f"list.{column}"].get_in(spoken) for column in _LIST_COLUMNS]]
        for name in [place] if place else self.catalogue.verticals:
            for kpi in self.catalogue.verticals[name].kpis.values():
                rows += [self._listed(name, kpi, segment, spoken) for segment in kpi.segments]
        return rows

    def _listed(self, vertical: str, kpi: Kpi, segment: str, language: str) -> list[object]:
        bands = "; ".join(
            f"{kpi.words[band.level].get_in(language)} {shown_band(band, language)}"
            for band in kpi.bands.get(segment, ())
        )
        better = self.catalogue.ui[f"better.{kpi.better}"].get_in(language)
        period = self.catalogue.ui[f"period.{kpi.benchmark.period or 'none'}"].get_in(language)
        formula, unit = shown_formula(kpi.function, language), self._unit(kpi.unit, language)
        name = kpi.name.get_in(language)
        return [kpi.function.name, name, formula, unit, better, bands, period, vertical, kpi.id, segment]

    def _unit(self, unit: str, language: str) -> str:
        return self.catalogue.ui["unit.count" if unit.startswith("count:") else f"unit.{unit}"].get_in(language)

    def _kpihelp(self, function_name: object, language: object) -> Grid:
        name, spoken = as_word(function_name).upper(), self._language(language)
        if name in self.catalogue.functions:
            return self._function_help(self.catalogue.functions[name], spoken)
        if name not in SIGNATURES:
            return [[NOT_AVAILABLE]]
        parameters = _parameters(self.catalogue, SIGNATURES[name])
        typed = [f"[{each.id}]" if each.optional else each.id for each in parameters]
        head: list[object] = [f"={name}({separator(spoken).join(typed)})"]
        rows: Grid = [[*head, self.catalogue.ui[f"companion.{name}"].get_in(spoken)]]
        return rows + [[each.id, each.help.get_in(spoken)] for each in parameters]

    def _function_help(self, function: Function, language: str) -> Grid:
        def word(key: str) -> str:
            return self.catalogue.ui[f"functions.{key}"].get_in(language)

        example = self.catalogue.example_of(function)
        rows: Grid = [
            [signature(function, language), function.help.get_in(language), word("example") if example else ""],
            [word("formula"), shown_formula(function, language), ""],
        ]
        for argument in function.arguments:
            rows.append([argument.id, argument.help.get_in(language), _example_value(example, argument.id, language)])
        if example is not None:
            rows.append([word("result"), self._unit(function.unit, language), example.gives])
        return rows

    def _xlkpiversion(self) -> Grid:
        return [[__version__]]


def _example_value(example: Example | None, name: str, language: str) -> object:
    """Return an example's input as a cell shows it; the members of a range are joined."""
    value = "" if example is None else example.inputs.get(name, "")
    return "; ".join(shown_number(member, language) for member in value) if isinstance(value, list) else value


def _each(value: object, judge: Callable[[float], object]) -> Grid:
    """Judge each figure of a range; a blank stays blank, an error stays that error."""

    def one(cell: object) -> object:
        if cell is None or cell == "":
            return ""
        try:
            return judge(as_number(cell, "value"))
        except KpiError as error:
            return shown(error)

    return [[one(cell) for cell in row] for row in as_grid(value)]
