"""The sheet of benchmarks: the entry of each band, open to change, and where it comes from."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from ..series import upper_end
from ..texts import EDGE_KEYS, OPERATOR_KEYS
from .book import CALC, Book, Row, Sheet
from .layout import BENCH_HEADER, BenchColumns, Layout, bench_columns, stated

_PRINTS, _NOTE = 3, 4  # places of columns behind the bands: what the article prints, and what is to be said of it
_WIDTHS = (12, 14, 26, 48, 60, 36, 12, 16, 26)


def write_benchmarks(book: Book, layout: Layout) -> None:
    """Write the sheet of benchmarks."""
    sheet, columns = Sheet(book, "benchmarks"), bench_columns(book)
    sheet.widths({"A": _name_width(book), "B": 20, "C": 19, "D": 14})
    for level in (1, 2, 3):
        sheet.widths({get_column_letter(columns.operator(level)): 13, get_column_letter(columns.edge(level)): 11})
    sheet.widths({get_column_letter(columns.after(place)): width for place, width in enumerate(_WIDTHS)})
    if columns.with_upper:
        sheet.widths({get_column_letter(columns.target_end): 13})
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("bench.title", vertical=name), "title")
    sheet.text(2, 1, book.say("bench.how"), "how")
    if not any(entry.segment for entry in book.rows):
        sheet.cells.column_dimensions["B"].hidden = True
    _header(sheet, book, columns)
    for entry in book.rows:
        _row(sheet, book, layout, columns, entry)
    last = BENCH_HEADER + len(book.rows)
    _choices(sheet, book, columns, last)
    sheet.cells.freeze_panes = f"B{BENCH_HEADER + 1}"
    # Two pages that can be read: the bands, then what the article says. The columns that say the same in every
    # row are not printed; the sheet of sources has them.
    end, begin, note = (get_column_letter(columns.after(place)) for place in (2, _PRINTS, _NOTE))
    if not book.vertical.article.title:
        begin = _hide_the_article(sheet, book, columns)
    titles = f"{BENCH_HEADER}:{BENCH_HEADER}"
    sheet.printed(f"{end}{last}", titles, beside=f"{begin}{BENCH_HEADER}:{note}{last}", repeat="A:B")


def _hide_the_article(sheet: Sheet, book: Book, columns: BenchColumns) -> str:
    """Hide what would be said of an article where there is none; return the first column that is left."""
    nothing = not any(entry.kpi.benchmark.printed for entry in book.rows)
    for place in (*([_PRINTS] if nothing else []), *range(_NOTE + 1, len(_WIDTHS))):
        sheet.cells.column_dimensions[get_column_letter(columns.after(place))].hidden = True
    return str(get_column_letter(columns.after(_NOTE if nothing else _PRINTS)))


def _name_width(book: Book) -> float:
    return max(36.0, max(len(entry.kpi.name.get_in(book.language)) for entry in book.rows) * 1.1)


def _header(sheet: Sheet, book: Book, columns: BenchColumns) -> None:
    keys = {1: "bench.kpi", 2: "bench.segment", 3: "bench.better", 4: "bench.unit"}
    names = ("target", "period", "assumed", "prints", "note", "article", "date", "region", "source")
    keys |= {columns.after(place): f"bench.{name}" for place, name in enumerate(names)}
    if not book.vertical.article.title:
        keys[columns.after(_NOTE)] = "kpis.remark"
    if columns.with_upper:
        keys[columns.target_end] = "bench.target_end"
    for column, key in keys.items():
        sheet.text(BENCH_HEADER, column, book.say(key), "header_left" if column == 1 else "header")
    for level, key in enumerate(("level.typical", "level.above", "level.exceptional"), 1):
        sheet.text(BENCH_HEADER, columns.operator(level), book.say(key), "header")
        sheet.text(BENCH_HEADER, columns.edge(level), "", "header")
        end = columns.edge(level)
        if columns.with_upper:
            sheet.text(BENCH_HEADER, columns.upper(level), book.say("bench.upper"), "header")
        sheet.cells.merge_cells(
            start_row=BENCH_HEADER, end_row=BENCH_HEADER, start_column=columns.operator(level), end_column=end
        )
    sheet.cells.row_dimensions[BENCH_HEADER].height = 32


def _row(sheet: Sheet, book: Book, layout: Layout, columns: BenchColumns, entry: Row) -> None:
    row, kpi, language = layout.bench[entry.id], entry.kpi, book.language
    sheet.text(row, 1, kpi.name.get_in(language), "name")
    segment = kpi.segments[entry.segment].get_in(language) if entry.segment else ""
    unit = book.say("bench.dollars") if kpi.unit == "money" else book.unit(kpi.unit)
    for column, text in ((2, segment), (3, book.say(f"better.{kpi.better}")), (4, unit)):
        sheet.text(row, column, text, "cell")
    _bands(sheet, book, columns, entry, row)
    sheet.number(row, columns.after(0), book.settings.targets.get(entry.id), "typed", kpi.unit)
    book.define(f"target_{entry.id}", "benchmarks", f"${get_column_letter(columns.after(0))}${row}")
    if kpi.better == "range":
        letter = get_column_letter(columns.target_end)
        sheet.number(row, columns.target_end, book.settings.target_ends.get(entry.id), "typed", kpi.unit)
        book.define(f"targetend_{entry.id}", "benchmarks", f"${letter}${row}")
    period = kpi.benchmark.period
    sheet.text(row, columns.after(1), book.say(f"period.{period or 'none'}"), "typed_word")
    book.define(f"period_{entry.id}", "benchmarks", f"${get_column_letter(columns.after(1))}${row}")
    article = book.vertical.article
    assumed = "" if not kpi.benchmark.period_matters else book.say(f"assumed.{'example' if period else 'none'}")
    if not article.title or stated(book, kpi).benchmark.period != period:
        assumed = ""  # the author's own, or the user's own choice, carried on from the year before
    sheet.text(row, columns.after(2), assumed, "cell")
    sheet.text(row, columns.after(5), article.title, "cell")
    sheet.number(row, columns.after(6), article.date, "cell", "date")
    region = f"region.{article.region}"
    sheet.text(row, columns.after(7), book.say(region) if region in book.catalogue.ui else article.region, "cell")
    sheet.text(
        row, columns.after(8), book.say("bench.no_source") if article.title and not article.names_source else "", "cell"
    )
    sheet.text(row, columns.after(3), kpi.benchmark.printed.get_in(language), "cell")
    sheet.text(row, columns.after(4), kpi.benchmark.note.get_in(language), "cell")
    longest = max(
        len(kpi.benchmark.note.get_in(language)) / 58, len(kpi.benchmark.printed.get_in(language)) / 46,
        len(article.title) / 34, len(kpi.name.get_in(language)) / 38, len(assumed) / 22,
    )  # fmt: skip
    sheet.cells.row_dimensions[row].height = 15.5 * (int(longest) + 1) + 3


def _bands(sheet: Sheet, book: Book, columns: BenchColumns, entry: Row, row: int) -> None:
    kpi = entry.kpi
    stated = {band.level: band for band in kpi.bands.get(entry.segment, ())}
    inclusive = {"higher": ">=", "lower": "<="}
    for level, name in enumerate(("typical", "above", "exceptional"), 1):
        band = stated.get(level)
        operator, edge = columns.operator(level), columns.edge(level)
        if kpi.better == "range":
            sheet.text(row, operator, book.say("edge.between"), "word")
            sheet.number(row, columns.upper(level), upper_end(band) if band else None, "typed", kpi.unit)
            book.define(f"upper_{entry.id}_{name}", "benchmarks", f"${get_column_letter(columns.upper(level))}${row}")
        else:
            key = OPERATOR_KEYS[band.operator if band else inclusive[kpi.better]]
            sheet.text(row, operator, book.say(key), "typed_word")
            book.define(f"operator_{entry.id}_{name}", "benchmarks", f"${get_column_letter(operator)}${row}")
        sheet.number(row, edge, band.edge if band else None, "typed", kpi.unit)
        book.define(f"bench_{entry.id}_{name}", "benchmarks", f"${get_column_letter(edge)}${row}")


def _choices(sheet: Sheet, book: Book, columns: BenchColumns, last: int) -> None:
    """Offer the words that formulas know: edges for each direction, and periods."""
    words = book.words

    def choose(cells: list[str], first: str, final: str) -> None:
        if not cells:
            return
        source = f"{CALC}!$B${words[first]}:$B${words[final]}"
        sheet.validate(cells, "valid.choice", "list", (source,), None, blank=False)

    for better in ("higher", "lower"):
        first, final = EDGE_KEYS[better]
        rows = [BENCH_HEADER + 1 + place for place, entry in enumerate(book.rows) if entry.kpi.better == better]
        choose(
            [f"{get_column_letter(columns.operator(level))}{row}" for row in rows for level in (1, 2, 3)],
            first,
            final,
        )
    letter = get_column_letter(columns.after(1))
    choose([f"{letter}{BENCH_HEADER + 1}:{letter}{last}"], "period.month", "period.none")
    ends = [columns.edge(level) for level in (1, 2, 3)] + [columns.after(0)]
    ends += [*map(columns.upper, (1, 2, 3)), columns.target_end] if columns.with_upper else []
    letters = map(get_column_letter, ends)
    sheet.validate([f"{letter}{BENCH_HEADER + 1}:{letter}{last}" for letter in letters], "valid.amount")
