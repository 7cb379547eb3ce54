"""Companions of the KPI functions: they make benchmarks, lists and help usable in a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from . import __version__
from .arrays import GAP, Grid, stretched
from .cells import (
    NOT_AVAILABLE,
    CellFunction,
    Parameter,
    as_grid,
    as_word,
    cell_function,
    cell_word,
    named_errors,
    shown,
)
from .errors import KpiError
from .model import BANDS, Band, Catalogue, Example, Function, Kpi
from .names import COMPANIONS, HELP_LIMIT, LANGUAGES
from .policy import as_number
from .texts import LEVEL_KEYS, Text
from .wording import shown_band, shown_formula, shown_number, signature, typed

_LIST_COLUMNS = ("function", "name", "formula", "unit", "better", "bands", "period", "vertical", "kpi", "segment")


def cell_functions(catalogue: Catalogue, language: str = "en") -> list[CellFunction]:
    """Return every function that cells may call: those of the catalogue, then the companions.

    Args:
        catalogue: whose functions.
        language: of the companions' answers where a cell asks for none.

    Returns:
        The functions, in the order of the catalogue.

    >>> from xlkpi import load
    >>> [each.name for each in cell_functions(load())][-1]
    'XLKPIVERSION'
    """
    own = [cell_function(function) for function in catalogue.functions.values()]
    return own + _companions(catalogue, language)


def _companions(catalogue: Catalogue, language: str) -> list[CellFunction]:
    bodies = Companions(catalogue, language)
    return [
        CellFunction(name, catalogue.ui[f"companion.{name}"], _parameters(catalogue, text), bodies.guarded(name))
        for name, text in COMPANIONS.items()
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

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self.catalogue, self.language = catalogue, language

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
        language = cell_word(value).lower() or self.language
        if language not in LANGUAGES:
            raise KpiError(f'There are no texts in "{language}".', NOT_AVAILABLE)
        return language

    def _kpi(self, vertical: object, kpi: object) -> Kpi:
        """Find a KPI by its id or by the name of its function."""
        place, name = cell_word(vertical).lower(), cell_word(kpi)
        if place in self.catalogue.verticals:
            for found in self.catalogue.verticals[place].kpis.values():
                if name.lower() == found.id or name.upper() == found.function.name:
                    return found
        raise KpiError(f'There is no KPI "{name}" in "{place}".', NOT_AVAILABLE)

    def _kpiband(self, vertical: object, kpi: object, value: object, segment: object, language: object) -> Grid:
        def judge(vertical: object, kpi: object, figure: object, segment: object, language: object) -> object:
            spoken = self._language(language)
            rating = self._kpi(vertical, kpi).rate(as_number(figure, "value"), _segment(segment), spoken)
            return NOT_AVAILABLE if rating is None else rating.word

        return _each(judge, vertical, kpi, value, segment, language)

    def _kpilevel(self, vertical: object, kpi: object, value: object, segment: object) -> Grid:
        def judge(vertical: object, kpi: object, figure: object, segment: object) -> object:
            reached = self._kpi(vertical, kpi).level(as_number(figure, "value"), _segment(segment))
            return NOT_AVAILABLE if reached is None else reached

        return _each(judge, vertical, kpi, value, segment)

    def _kpinext(self, vertical: object, kpi: object, value: object, segment: object) -> Grid:
        def judge(vertical: object, kpi: object, figure: object, segment: object) -> object:
            distance = self._kpi(vertical, kpi).next(as_number(figure, "value"), _segment(segment))
            return "" if distance is None else distance

        return _each(judge, vertical, kpi, value, segment)

    def _kpithreshold(self, vertical: object, kpi: object, band_name: object, segment: object) -> Grid:
        def edges(vertical: object, kpi: object, band_name: object, segment: object) -> object:
            wanted = self._level_named(cell_word(band_name).lower())
            bands = self._kpi(vertical, kpi).bands_of(_segment(segment))
            return next((band for band in bands if band.level == wanted), NOT_AVAILABLE)

        found = _each(edges, vertical, kpi, band_name, segment)
        if len(found) == len(found[0]) == 1 and isinstance(found[0][0], Band) and found[0][0].upper is not None:
            return [[found[0][0].edge, found[0][0].upper]]
        return [[cell.edge if isinstance(cell, Band) else cell for cell in row] for row in found]

    def _level_named(self, word: str) -> int:
        """Return the level of a band, by its name in catalogue files or by its word in any language."""
        names = {name: level for level, name in enumerate(BANDS, 1)}
        for level, key in enumerate(LEVEL_KEYS):
            names |= {text.lower(): level for text in self.catalogue.ui[key].values()}
        return names.get(word, -1)

    def _kpilist(self, vertical: object, language: object) -> Grid:
        place, spoken = as_word(vertical).lower(), self._language(as_word(language))
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
        name, spoken = as_word(function_name).upper(), self._language(as_word(language))
        if name in self.catalogue.functions:
            return self._function_help(self.catalogue.functions[name], spoken)
        if name not in COMPANIONS:
            return [[NOT_AVAILABLE]]
        parameters = _parameters(self.catalogue, COMPANIONS[name])
        head = typed(name, [(each.id, each.optional) for each in parameters], spoken)
        rows: Grid = [[head, self.catalogue.ui[f"companion.{name}"].get_in(spoken)]]
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


def _segment(cell: object) -> str | None:
    return cell_word(cell).lower() or None


def _each(judge: Callable[..., object], *given: object) -> Grid:
    """Judge cell by cell, each argument a value or a range; a blank figure in a range gives a blank."""
    grids = [named_errors(as_grid(value)) for value in given]
    height, width = max(map(len, grids)), max(len(row) for grid in grids for row in grid)
    wide = [stretched(grid, width) for grid in grids]
    single = len(grids[2]) == len(grids[2][0]) == 1

    def one(cells: Sequence[object]) -> object:
        if any(cell is GAP for cell in cells):
            return NOT_AVAILABLE
        if cells[2] is None or cells[2] == "":
            if not single:
                return ""
            cells = [*cells[:2], 0, *cells[3:]]  # Lite and Server hand over a blank cell as 0
        try:
            return judge(*cells)
        except KpiError as error:
            return shown(error)

    return [
        [one(cells) for cells in zip(*row, strict=True)]
        for row in zip(*(_tall(grid, height) for grid in wide), strict=True)
    ]


def _tall(grid: Grid, height: int) -> Grid:
    """Return a grid with so many rows: a single one repeats, what else is missing is a gap."""
    return grid * height if len(grid) == 1 else grid + [[GAP] * len(grid[0])] * (height - len(grid))
