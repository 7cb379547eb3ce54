"""Every cell of every workbook, recalculated by engines that know nothing of this project."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sheets
from engines import by_formualizer, by_ironcalc, formulas, known_to, same, without_lambdas
from scenarios import (
    TINY,
    constant_years,
    first_month,
    has,
    only_argument,
    random_year,
    replaced,
    steady_year,
    years,
    zero_year,
    zeroed_rows,
)
from trades import EVERY, EXAMPLES, SHIPPED

from xlkpi.chosen import PERIODS
from xlkpi.model import Band, Catalogue, Vertical
from xlkpi.series import Settings
from xlkpi.workbook import build
from xlkpi.workbook.book import row_id

VERTICALS = SHIPPED
LANGUAGES = ("en", "pt", "fr", "es")
RANDOM_YEARS = 50
RANDOM_YEARS_OF_EXAMPLES = 3


def compare(name, data, find, folder, compared, exact_errors=True):
    """Hold each formula cell against the value that the core put beside it."""
    expected = known_to(find, formulas(data))
    found = find(data, list(expected), folder)
    wrong = [
        f"{sheet}!{cell} {formula.text[:120]}: the core says {formula.cached!r}, {name} says {found[sheet, cell]!r}"
        for (sheet, cell), formula in expected.items()
        if not same(formula.cached, found[sheet, cell], exact_errors)
    ]
    assert not wrong, f"{len(wrong)} cells\n" + "\n".join(wrong[:10])
    key = f"cells compared with {name}"
    compared[key] = compared.get(key, 0) + len(expected)


def variants(vertical: Vertical) -> dict[str, tuple[Vertical, Settings]]:
    """The same line of business with other bands, periods and currencies, as a user may set them."""

    def with_kpis(change) -> Vertical:
        return replace(vertical, kpis={key: change(kpi) for key, kpi in vertical.kpis.items()})

    def turned(kpi):
        flip = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
        bands = {s: tuple(replace(b, operator=flip[b.operator]) for b in bands) for s, bands in kpi.bands.items()}
        return replace(kpi, bands=bands)

    def finer(kpi):
        bands = {s: tuple(replace(b, edge=b.edge + 0.37) for b in bands) for s, bands in kpi.bands.items()}
        return replace(kpi, bands=bands)

    def between(kpi):
        ends = {1: (40.37, 95.41), 2: (60.0, 90.0), 3: (70.0, 80.0)}
        bands = {s: tuple(Band(level, "..", *ends[level]) for level in (1, 2, 3)) for s in kpi.segments}
        return replace(kpi, better="range", bands=bands)

    def period(name, matters=True):
        return lambda kpi: replace(kpi, benchmark=replace(kpi.benchmark, period=name, period_matters=matters))

    def every_other(odd) -> Vertical:
        rows = {row: turn for turn, row in enumerate((kpi.id, segment) for kpi, segment in vertical.rows())}
        return with_kpis(
            lambda kpi: replace(kpi, bands={s: b for s, b in kpi.bands.items() if rows[kpi.id, s] % 2 != odd})
        )

    def one_band(kpi):
        return replace(kpi, bands={segment: bands[:1] for segment, bands in kpi.bands.items()})

    def typical_at(edge):
        def change(kpi):
            band = Band(1, "<=" if kpi.better == "lower" else ">=", edge)
            return period("quarter")(replace(kpi, bands=dict.fromkeys(kpi.segments, (band,))))

        return change

    def filled(kpi):
        edges = {"higher": ((30, ">="), (45, ">"), (60, ">=")), "lower": ((8, "<="), (5, "<"), (2, "<="))}
        bands = tuple(Band(level, sign, edge) for level, (edge, sign) in enumerate(edges[kpi.better], 1))
        return replace(kpi, bands=dict.fromkeys(kpi.segments, bands))

    def in_turn(shift) -> Vertical:
        names = ("month", "quarter", "year", "")
        kpis = enumerate(vertical.kpis.items())
        return replace(
            vertical,
            kpis={key: period(names[(n + shift) % 4])(kpi if kpi.bands else between(kpi)) for n, (key, kpi) in kpis},
        )

    plain = Settings()
    return {
        "as shipped": (vertical, plain),
        "strict turned": (with_kpis(turned), plain),
        "fine edges": (with_kpis(finer), plain),
        "no bands": (with_kpis(lambda kpi: replace(period("month")(kpi), bands={})), plain),
        "one band": (with_kpis(lambda k: period("month")(one_band(k))), plain),
        "every band": (with_kpis(filled), plain),
        "edges below zero": (with_kpis(typical_at(-5.0)), plain),
        "edges at zero": (with_kpis(typical_at(0.0)), plain),
        "between": (with_kpis(between), plain),
        "every other": (every_other(0), plain),
        "the others": (every_other(1), plain),
        "periods in turn": (in_turn(0), plain),
        "other turns": (in_turn(1), Settings("EUR", "n/a")),  # type: ignore[arg-type]
        "more turns": (in_turn(2), plain),
        "a month": (with_kpis(period("month")), plain),
        "a month turned": (with_kpis(lambda kpi: turned(period("month")(kpi))), plain),
        "a quarter": (with_kpis(period("quarter")), Settings("EUR", 0.9)),
        "a year": (with_kpis(period("year")), Settings("usd")),
        "unstated": (with_kpis(period("")), Settings("BRL")),
        "no rate": (with_kpis(period("month")), Settings("EUR", 0.0)),
        "bad rate": (with_kpis(period("month")), Settings("EUR", -1.0)),
    }


def all_years(vertical: Vertical):
    """Edges as shipped, and one year of chance for each variant."""
    for number, typed in enumerate(years(vertical)):
        yield vertical, Settings(), typed, LANGUAGES[number % 4]
    special = [
        zero_year(vertical),
        steady_year(vertical, 0),
        first_month(vertical),
        first_month(vertical, -1),
        only_argument(vertical, 0),
    ]
    for number, typed in enumerate([*special, zeroed_rows(vertical, 0), *constant_years(vertical)]):
        yield vertical, Settings(), typed, LANGUAGES[number % 4]
    for number, (changed, settings) in enumerate(variants(vertical).values()):
        yield changed, settings, random_year(vertical, 1000 + number, gaps=0, broken=0), LANGUAGES[number % 4]
        yield changed, settings, next(years(vertical)), "en"


@pytest.mark.parametrize("vertical", VERTICALS)
def test_every_edge_by_ironcalc_and_formualizer(catalogue: Catalogue, vertical, tmp_path, compared):
    for changed, settings, typed, language in all_years(catalogue.verticals[vertical]):
        data = build(catalogue, changed, language, typed, settings)
        compare("formualizer", data, by_formualizer, tmp_path, compared)
        if has(typed, TINY):
            data = build(catalogue, changed, language, replaced(typed, TINY, 1e-6), settings)
        compare("IronCalc", data, by_ironcalc, tmp_path, compared)


@pytest.mark.parametrize("part", range(5))
@pytest.mark.parametrize("vertical", VERTICALS)
def test_years_of_chance_by_ironcalc_and_formualizer(catalogue: Catalogue, vertical, part, tmp_path, compared):
    for seed in range(part, RANDOM_YEARS, 5):
        typed = random_year(catalogue.verticals[vertical], seed)
        data = build(catalogue, catalogue.verticals[vertical], LANGUAGES[seed % 4], typed)
        compare("IronCalc", data, by_ironcalc, tmp_path, compared)
        compare("formualizer", data, by_formualizer, tmp_path, compared)


@pytest.mark.parametrize("sample", [False, True], ids=["empty", "sample"])
@pytest.mark.parametrize("vertical, language", [*itertools.product(EVERY, LANGUAGES)])
def test_templates_and_samples_by_ironcalc_and_formualizer(
    every: Catalogue, vertical, language, sample, tmp_path, compared
):
    data = build(every, every.verticals[vertical], language, sample=sample)
    compare("IronCalc", data, by_ironcalc, tmp_path, compared)
    compare("formualizer", data, by_formualizer, tmp_path, compared)


def years_of_examples(vertical: Vertical) -> Iterator[tuple[dict[str, list[object]], Settings]]:
    """Every edge, nothing but zeros, a first month, and years of chance with the user's own targets, also with two ends."""
    yield from ((typed, Settings()) for typed in years(vertical))
    yield zero_year(vertical), Settings("EUR", 0.9)
    yield first_month(vertical), Settings(period="ytd")
    for seed in range(RANDOM_YEARS_OF_EXAMPLES):
        yield random_year(vertical, seed), two_ended(vertical, seed)


def two_ended(vertical: Vertical, seed: int) -> Settings:
    """Settings of chance: targets that begin, that end, that do both, and that are turned round."""
    chance = random.Random(f"{vertical.id} {seed}")
    names = [row_id(*row) for row in vertical.rows()]
    starts = {name: chance.choice((4.0, 10.5, 60.0, 72.0)) for name in names if chance.random() < 0.7}
    ends = {name: chance.choice((6.0, 12.5, 50.0, 80.0)) for name in names if chance.random() < 0.7}
    return Settings(targets=starts, period=chance.choice(PERIODS), target_ends=ends)


@pytest.mark.parametrize("vertical", EXAMPLES)
def test_examples_by_ironcalc_and_formualizer(every: Catalogue, vertical, tmp_path, compared):
    for number, (typed, settings) in enumerate(years_of_examples(every.verticals[vertical])):
        data = build(every, every.verticals[vertical], LANGUAGES[number % 4], replaced(typed, TINY, 1e-6), settings)
        compare("formualizer", data, by_formualizer, tmp_path, compared)
        compare("IronCalc", data, by_ironcalc, tmp_path, compared)


@pytest.mark.libreoffice
@pytest.mark.parametrize("vertical", EXAMPLES)
def test_examples_by_libreoffice(every: Catalogue, vertical, libreoffice, tmp_path, compared):
    for number, (typed, settings) in enumerate(years_of_examples(every.verticals[vertical])):
        data = build(every, every.verticals[vertical], LANGUAGES[number % 4], replaced(typed, True, None), settings)
        compare("LibreOffice", data, libreoffice.values, tmp_path, compared, exact_errors=False)


@pytest.mark.libreoffice
@pytest.mark.parametrize("vertical", VERTICALS)
def test_every_edge_by_libreoffice(catalogue: Catalogue, vertical, libreoffice, tmp_path, compared):
    for changed, settings, typed, language in all_years(catalogue.verticals[vertical]):
        # LibreOffice keeps TRUE in a cell of numbers as the number 1, whatever the file says.
        data = build(catalogue, changed, language, replaced(typed, True, None), settings)
        compare("LibreOffice", data, libreoffice.values, tmp_path, compared, exact_errors=False)


@pytest.mark.libreoffice
@pytest.mark.parametrize("vertical", VERTICALS)
def test_years_of_chance_by_libreoffice(catalogue: Catalogue, vertical, libreoffice, tmp_path, compared):
    for seed in range(RANDOM_YEARS):
        typed = random_year(catalogue.verticals[vertical], seed)
        data = build(catalogue, catalogue.verticals[vertical], LANGUAGES[seed % 4], typed)
        compare("LibreOffice", data, libreoffice.values, tmp_path, compared, exact_errors=False)


@pytest.mark.libreoffice
@pytest.mark.parametrize("sample", [False, True], ids=["empty", "sample"])
@pytest.mark.parametrize(
    "vertical, language", [*itertools.product(VERTICALS, LANGUAGES), *zip(EXAMPLES, LANGUAGES, strict=False)]
)
def test_templates_and_samples_by_libreoffice(
    every: Catalogue, vertical, language, sample, libreoffice, tmp_path, compared
):
    data = build(every, every.verticals[vertical], language, sample=sample)
    compare("LibreOffice", data, libreoffice.values, tmp_path, compared, exact_errors=False)


@pytest.mark.parametrize("vertical", VERTICALS)
def test_only_the_calls_of_lambdas_and_what_reads_them_are_left_out(catalogue: Catalogue, vertical):
    chosen = catalogue.verticals[vertical]
    found = formulas(build(catalogue, chosen, "fr"))
    left_out = set(found) - set(without_lambdas(found))
    assert {sheet for sheet, _ in left_out} == {"Fonctions (Microsoft 365)"}
    assert {cell[0] for _, cell in left_out} == {"C", "E"}, "the ordinary formulas beside them are compared"
    assert len(left_out) == 2 * len(chosen.functions)
    plain = formulas(build(catalogue, chosen, "fr", lambdas=False))
    assert without_lambdas(plain) == plain


# -- the proof itself is proved ------------------------------------------------------------------------


def spoiled(data: bytes) -> tuple[bytes, tuple[str, str]]:
    """The same file with one wrong figure written beside a formula."""
    import io
    import re
    import zipfile

    result, kpis = io.BytesIO(), sheets.part(data, "kpis")
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w") as target:
        for name in source.namelist():
            part = source.read(name).decode()
            if name == kpis:
                part, many = re.subn(r'(<c r="D5"[^>]*><f>[^<]*</f><v>)[^<]*', r"\g<1>999", part)
                assert many == 1
            target.writestr(name, part)
    return result.getvalue(), ("KPIs", "D5")


def test_a_wrong_figure_in_the_file_is_caught(catalogue: Catalogue, tmp_path):
    data, cell = spoiled(build(catalogue, catalogue.verticals["career-mentoring"], sample=True))
    assert formulas(data)[cell].cached == 999
    for find in (by_ironcalc, by_formualizer):
        with pytest.raises(AssertionError, match="1 cells"):
            compare("an engine", data, find, tmp_path, {})


@pytest.mark.libreoffice
def test_libreoffice_would_repeat_a_wrong_figure_unless_it_recalculates(catalogue, libreoffice, tmp_path):
    data, cell = spoiled(build(catalogue, catalogue.verticals["career-mentoring"], sample=True))
    assert libreoffice.values(data, [cell], tmp_path, recalculation=False)[cell] == 999
    assert libreoffice.values(data, [cell], tmp_path)[cell] != 999
    with pytest.raises(AssertionError, match="1 cells"):
        compare("LibreOffice", data, libreoffice.values, tmp_path, {}, exact_errors=False)
