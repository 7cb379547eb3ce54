"""The sheet of sources, and the hidden sheet that lets a file explain itself."""

from __future__ import annotations

from .. import __version__
from ..catalogue import lenders
from .book import Book, Sheet
from .hosts import PLAIN
from .saved_text import escaped

_RULES = ("rule_best", "rule_absent", "rule_year", "rule_period", "rule_edges", "rule_money")
_ABOUT = ("proved", "calc", "addin", "fallback")
DEFINITION = "_xlkpi"
_CHUNK = 30_000  # a cell holds 32,767 characters


def write_sources(book: Book) -> None:
    """Write the sheet of sources."""
    sheet, language, article = Sheet(book, "sources"), book.language, book.vertical.article
    sheet.widths({"A": 44, "B": 110})
    sheet.text(1, 1, book.say("sources.title", vertical=book.vertical.name.get_in(language)), "title")
    region, spoken = f"region.{article.region}", f"spoken.{article.language}"
    facts = (
        ("article", article.title),
        ("date", article.date.isoformat() if article.date else ""),
        ("language", book.say(spoken) if spoken in book.catalogue.ui else article.language),
        ("region", book.say(region) if region in book.catalogue.ui else article.region),
    )
    row = 3
    for key, text in facts if article.title else ():
        _line(sheet, row, book.say(f"sources.{key}"), text)
        row += 1
    if article.title and not article.names_source:
        _line(sheet, row, "", book.say("sources.quality"))
        row += 1
    row = _heading(sheet, row + 1, book.say("sources.errata"))
    for kpi in book.vertical.kpis.values():
        notes = [text for text in (kpi.note.get_in(language), kpi.benchmark.note.get_in(language)) if text]
        for place, note in enumerate(notes):
            _line(sheet, row, f"{kpi.name.get_in(language)} ({kpi.function.name})" if place == 0 else "", note)
            row += 1
    row = _heading(sheet, row + 1, book.say("sources.rules"))
    for key in _RULES:
        _line(sheet, row, "", book.say(f"sources.{key}"))
        row += 1
    row = _heading(sheet, row + 1, book.say("sources.about"))
    texts = [
        book.say("sources.version", version=__version__),
        book.say("sources.bare" if book.host == PLAIN else f"host.{book.host}"),
        *(book.say(f"sources.{key}") for key in _ABOUT),
    ]
    for text in texts:
        _line(sheet, row, "", text)
        row += 1
    sheet.printed(f"B{row - 1}", "1:1", portrait=True)


def _heading(sheet: Sheet, row: int, text: str) -> int:
    for column in (1, 2):
        sheet.text(row, column, text if column == 1 else "", "group")
    return row + 1


def _line(sheet: Sheet, row: int, label: str, text: str) -> None:
    sheet.text(row, 1, label, "strong")
    sheet.text(row, 2, text, "wrap")
    lines = max(len(text) // 128, len(label) // 46) + 1
    sheet.cells.row_dimensions[row].height = 15.5 * lines + 2


def write_definition(book: Book) -> None:
    """Write the hidden sheet with the version, the language and the vertical's own definition."""
    cells = book.workbook.create_sheet(DEFINITION)
    cells.sheet_state = "hidden"
    facts = (
        ("xlkpi", __version__),
        ("vertical", book.vertical.id),
        ("language", book.language),
        ("sample", "yes" if book.sample else "no"),
        ("host", book.host),
        ("log", "no" if book.log is None else "yes"),
    )
    for row, (key, value) in enumerate(facts, 1):
        _plain(cells, row, 1, key)
        _plain(cells, row, 2, value)
    row = len(facts) + 1
    texts = (
        (f"{book.vertical.id}.toml", book.vertical.source),
        ("functions.toml", book.catalogue.shared_source),
        *((f"{name}.toml", book.catalogue.verticals[name].source) for name in lenders(book.catalogue, book.vertical)),
    )
    for name, text in texts:
        for place in range(0, len(text), _CHUNK):
            _plain(cells, row, 1, name)
            _plain(cells, row, 2, text[place : place + _CHUNK])
            row += 1


def _plain(cells: object, row: int, column: int, text: str) -> None:
    cell = cells.cell(row, column, escaped(text))  # type: ignore[attr-defined]
    cell.data_type = "s"
