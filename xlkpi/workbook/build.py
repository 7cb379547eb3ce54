"""Build the workbook of a line of business, and write it so that nothing is ever half written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from ..addin.bundle import bundle
from ..carried import carried_part
from ..companions import cell_functions
from ..logged import Entry
from ..model import Catalogue, Vertical
from ..series import Settings, Typed
from ..whole import written_beside
from .benchmarks import write_benchmarks
from .book import Book, Sheet
from .calc import write_calc
from .check import write_check
from .dashboard import write_dashboard
from .finish import finish
from .functions import write_functions
from .hosts import CLASSIC, LITE, PLAIN, link_addin
from .inputs import write_inputs
from .kpis import write_kpis
from .lambdas import write_lambdas
from .last_year import write_last_year
from .layout import plan
from .links import link_home, link_rows, show_check
from .log import print_months_first, write_log
from .next_steps import write_next_steps
from .parts import Parts, add_lite_parts
from .protect import protect
from .sample import sample_figures
from .sample_log import logged_sample
from .sources import write_definition, write_sources
from .start import place_start, write_start
from .trends import add_sparklines, finish_charts, write_trends

START = date(2026, 1, 1)


def build(
    catalogue: Catalogue,
    vertical: Vertical,
    language: str = "en",
    typed: Typed | None = None,
    settings: Settings | None = None,
    start: date | None = START,
    sample: bool = False,
    host: str = PLAIN,
    lambdas: bool = True,
    log: Sequence[Entry] | None = None,
    finishing: Callable[[Book], None] | None = None,
) -> bytes:
    """Build a workbook.

    Args:
        catalogue: where words come from.
        vertical: the line of business.
        language: ``en``, ``pt``, ``fr`` or ``es``.
        typed: figures for the input cells: twelve values an input; none for an empty workbook.
        settings: currency, rate, targets, the dashboard's period and last year's figures.
        start: first month of the workbook's year, or ``None`` for an empty cell.
        sample: fill in a made-up year, and say so.
        host: ``plain`` for formulas that need no add-in; ``classic``, ``lite`` or ``server`` for KPI cells that
            call the functions of that host's add-in.
        lambdas: define the functions as named LAMBDAs, too, and show them on a sheet of their own.
        log: lines for a sheet where single answers, sessions and tasks are listed; none for an empty one, and no
            such sheet for ``None``. A sample fills an empty one.
        finishing: adds to the workbook once all its sheets are written, such as sheets of the user's own.

    Returns:
        The bytes of the .xlsx file.

    >>> from xlkpi import load
    >>> catalogue = load()
    >>> build(catalogue, catalogue.verticals["career-mentoring"])[:2]
    b'PK'
    """
    vertical = vertical.in_use
    figures: Typed = typed if typed is not None else sample_figures(vertical) if sample else {}
    if sample and typed is None and log is not None and not log:
        figures, log = logged_sample(vertical, sample_figures(vertical), start)
    catalogue = carried_part(catalogue, vertical)
    book = Book(catalogue, vertical, language, figures, settings or Settings(), start, sample, host, log)
    book.workbook.remove(book.workbook.worksheets[0])
    layout = plan(book)
    write_dashboard(book, layout)
    write_inputs(book, layout)
    write_last_year(book, layout)
    if layout.log is not None:
        write_log(book, layout, layout.log)
    write_kpis(book, layout)
    write_next_steps(book, layout)
    write_trends(book, layout)
    write_benchmarks(book, layout)
    check = Sheet(book, "check")  # filled last, when all that it looks at is there
    write_functions(book)
    if lambdas:
        write_lambdas(book)
    write_sources(book)
    write_calc(book, layout)
    write_definition(book)
    write_start(book, layout)
    write_check(check, layout)
    show_check(book)
    place_start(book)
    link_rows(book, layout)
    link_home(book)
    protect(book)
    if finishing is not None:
        finishing(book)
    properties = book.workbook.properties
    properties.creator = "xlkpi"
    properties.title = book.vertical.name.get_in(language)
    properties.language = language
    # Where the add-in may be missing, the figures that the file brings along are better than #NAME?.
    book.workbook.calculation.fullCalcOnLoad = host == PLAIN
    if host == CLASSIC:
        link_addin(book.workbook, vertical.functions)
    more: list[Callable[[Parts], None]] = [
        lambda parts: finish_charts(parts, book),
        lambda parts: add_sparklines(parts, book, layout),
    ]
    if layout.log is not None:
        more.append(lambda parts: print_months_first(parts, book))
    if host == LITE:
        more.append(_lite_code(book))
    return finish(book.workbook, book.shown, book.spilling, more)


def _lite_code(book: Book) -> Callable[[Parts], None]:
    functions = [function.name for function in cell_functions(book.catalogue)]
    code = bundle(book.catalogue, book.language)
    return lambda parts: add_lite_parts(parts, code, functions)


def file_name(vertical: Vertical, language: str, sample: bool = False, host: str = PLAIN, log: bool = False) -> str:
    """Return the name of a workbook's file, such as ``career-mentoring.fr.xlsx``."""
    kinds = ("log" if log else "", "sample" if sample else "", "" if host == PLAIN else host)
    return ".".join([vertical.id, language, *filter(None, kinds), "xlsx"])


def write(target: Path, data: bytes) -> None:
    """Write a file whole: to a temporary one beside it, which then takes its place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = written_beside(target.parent, data)
    try:
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
