"""The hidden sheet of steps in between: figures used, each row's state, years, and levels."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from ..guards import excel_formula, excel_guarded, excel_state
from ..model import Input
from ..notation import COMPARE_DIGITS, round_half_away
from ..policy import is_number
from ..series import HOME_CURRENCY, MONTHS, PERIOD_MONTHS
from .book import CALC, FIRST_MONTH, MONTH_LETTERS, YEAR, YEAR_LETTER, Book, Row, Sheet, month_name
from .hosts import call_text, holds_for_sums
from .layout import FIRST_WORD_ROW, FORMULA_WORDS, CalcRows, Layout, bench_columns, pairs
from .plotted import EDGES, FACTOR, FAR, PERIOD, STATED, write_plotted


def span(row: int, fixed: bool = True) -> str:
    """Return the twelve months of a row, with fixed columns unless asked otherwise."""
    first, last = MONTH_LETTERS[0], MONTH_LETTERS[-1]
    return f"${first}{row}:${last}{row}" if fixed else f"{first}{row}:{last}{row}"


def write_calc(book: Book, layout: Layout) -> None:
    """Write the sheet Calc."""
    sheet = Sheet(book, CALC)
    sheet.cells.sheet_state = "hidden"
    sheet.widths({"A": 44, "B": 34, "C": 10})
    sheet.text(1, 1, CALC, "title")
    for place in range(MONTHS):
        sheet.number(2, FIRST_MONTH + place, place + 1)
    _month_names(sheet, book)
    _words(sheet, book)
    for item in book.vertical.inputs.values():
        _used(sheet, book, layout, item)
    for entry in book.rows:
        _state(sheet, book, layout, entry)
        _year_inputs(sheet, book, layout, entry)
        if layout.calc[entry.id].run:
            _runs(sheet, layout, entry)
        _compare(sheet, book, layout, entry)
        _levels(sheet, layout, entry)
        write_plotted(sheet, book, layout, entry)


def _month_names(sheet: Sheet, book: Book) -> None:
    """Month names in the workbook's language, whatever the computer's: looked up, never formatted."""
    start = f"{book.at('inputs')}!$D$4"
    first = FIRST_WORD_ROW
    for place, letter in enumerate(MONTH_LETTERS):
        month = f"MONTH({start})+{letter}$2-2"
        name = f'INDEX($B${first}:$B${first + 11},MOD({month},12)+1)&" "&(YEAR({start})+INT(({month})/12))'
        blank = f'{book.word("inputs.month").split("!")[1]}&" "&{letter}$2'
        sheet.formula(3, FIRST_MONTH + place, f"IF(ISNUMBER({start}),{name},{blank})", month_name(book, place))


def _words(sheet: Sheet, book: Book) -> None:
    for key in FORMULA_WORDS:
        kind, _, place = key.partition(".")
        text = book.level_word(int(place)) if kind == "mark" else book.say(key)
        if "{inputs}" in text:
            text = text.format(inputs=book.title("inputs"))
        _word(sheet, book, key, text)
    for entry in book.rows:
        rule, soft = entry.kpi.values[entry.segment], entry.kpi.expect.get(entry.segment, ())
        for kind, conditions in (("part", rule.conditions), ("soft", soft)):
            for part, whole in pairs(conditions):
                label = book.vertical.inputs[whole].label.get_in(book.language)
                _word(sheet, book, f"warn.{kind}.{part}.{whole}", book.say(f"warn.{kind}", whole=label))


def _word(sheet: Sheet, book: Book, key: str, text: str) -> None:
    sheet.text(book.words[key], 1, key)
    sheet.text(book.words[key], 2, text)


def _used(sheet: Sheet, book: Book, layout: Layout, item: Input) -> None:
    """The figures that count: typed ones, carried ones, or an empty text."""
    first, last = layout.used[item.id]
    book.define(f"use_{item.id}", CALC, f"$D${first}:$O${last}" if not item.values else f"$C${first}:$C${last}")
    values = item.values or (book.vertical.inputs[item.of].values if item.of else ())
    for offset, row in enumerate(range(first, last + 1)):
        sheet.text(row, 1, item.id)
        if values:
            sheet.number(row, 3, values[offset])
        if item.values:
            continue
        for place, letter in enumerate(MONTH_LETTERS):
            source = _source(book, layout, item, letter, offset)
            used = book.used[item.id][place]
            value = used[offset] if isinstance(used, list) else used
            shown = value if is_number(value) else ""
            formula = f'IF(ISNUMBER({source}),{source},"")'
            sheet.formula(row, FIRST_MONTH + place, formula, shown)  # type: ignore[arg-type]


def _source(book: Book, layout: Layout, item: Input, letter: str, offset: int) -> str:
    if item.carry:
        return f"{book.at('inputs')}!{letter}{layout.carried[item.id]}"
    row = layout.typed[item.id][0] + offset
    cell = f"$D${row}" if item.kind == "constant" else f"{letter}{row}"
    return f"{book.at('inputs')}!{cell}"


def month_references(book: Book, layout: Layout, entry: Row, letter: str, sheet: str) -> dict[str, str]:
    """Return the cell of each argument of a KPI row in one month."""
    names = entry.kpi.values[entry.segment].arguments
    return {name: layout.reference(book.vertical.inputs[name], letter, sheet) for name in names}


def year_references(book: Book, layout: Layout, entry: Row) -> dict[str, str]:
    """Return the cell of each argument's year figure."""
    found = {}
    for name, (first, last) in layout.calc[entry.id].year.items():
        letter = "$C" if book.vertical.inputs[name].values else f"${YEAR_LETTER}"
        many = book.vertical.inputs[name].kind == "tally"
        found[name] = f"{CALC}!{letter}{first}" + (f":{letter}{last}" if many else "")
    return found


def _state(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """A row's state by month; then months counted, first, last, impossible, and the latest with a figure."""
    row = layout.calc[entry.id].state
    rule, figures = entry.kpi.values[entry.segment], entry.series
    sheet.text(row, 1, f"{entry.id}: state")
    for place, letter in enumerate(MONTH_LETTERS):
        formula = excel_state(rule, month_references(book, layout, entry, letter, ""))
        sheet.formula(row, FIRST_MONTH + place, formula, figures.states[place])
    states, numbers = span(row), "$D$2:$O$2"
    tail = (
        (f'COUNTIF({states},">0")', figures.counted),
        (f"13-SUMPRODUCT(MAX(({states}>0)*(13-{numbers})))", figures.first),
        (f"SUMPRODUCT(MAX(({states}>0)*{numbers}))", figures.last),
        (f'COUNTIF({states},"<0")', figures.broken),
        (f"SUMPRODUCT(MAX(({states}=1)*{numbers}))", figures.latest),
    )
    for place, (formula, value) in enumerate(tail):
        if place != 3 or rule.conditions:  # where nothing can be impossible nothing is counted
            sheet.formula(row, YEAR + 1 + place, formula, value)


# Columns of the state row behind the months.
COUNTED, FIRST, LAST, BROKEN, LATEST = (get_column_letter(YEAR + 1 + place) for place in range(5))


def _year_inputs(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """What each argument contributes to the year, over the months counted."""
    rows = layout.calc[entry.id]
    counted = f"${COUNTED}{rows.state}"
    for name, (first, last) in rows.year.items():
        item = book.vertical.inputs[name]
        used_first = layout.used[name][0]
        value = entry.series.year_inputs.get(name)
        for offset, row in enumerate(range(first, last + 1)):
            sheet.text(row, 1, f"{entry.id}: {name}")
            if item.values:
                sheet.number(row, 3, item.values[offset])
                continue
            months = span(used_first + offset)
            total = f'SUMIF({span(rows.state)},">0",{months})'
            formula = {
                "flow": total,
                "tally": total,
                "level": f"{total}/{counted}",
                "opening": f"INDEX({months},${FIRST}{rows.state})",
                "constant": f"${MONTH_LETTERS[0]}{used_first}",
            }.get(item.kind, f"INDEX({months},${LAST}{rows.state})")
            shown = value[offset] if isinstance(value, list) else value
            formula = f'IF({counted}=0,"",{formula})'
            sheet.formula(row, YEAR, formula, "" if shown is None else shown)  # type: ignore[arg-type]


def _runs(sheet: Sheet, layout: Layout, entry: Row) -> None:
    """Monthly rates multiplied since the last gap, and how many they are."""
    rows, kpi_row, figures = layout.calc[entry.id], layout.kpi[entry.id], entry.series
    kpis = sheet.book.at("kpis")
    sheet.text(rows.run, 1, f"{entry.id}: product")
    sheet.text(rows.length, 1, f"{entry.id}: months")
    before = ("C", *MONTH_LETTERS)
    for place, letter in enumerate(MONTH_LETTERS):
        last = f"{before[place]}{rows.run}"
        chain = f"IF(N({before[place]}{rows.length})=0,1,{last})"
        product = f'IF({letter}{rows.state}=1,{kpis}!{letter}{kpi_row}/100*{chain},"")'
        value = figures.runs[place]
        sheet.formula(rows.run, FIRST_MONTH + place, product, "" if value is None else value)
        length = f"IF({letter}{rows.state}=1,N({before[place]}{rows.length})+1,0)"
        sheet.formula(rows.length, FIRST_MONTH + place, length, figures.lengths[place])


def _compare(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Each figure as it is held against the benchmark: rounded, in its period, turned where lower is better."""
    rows, kpi, kpis = layout.calc[entry.id], entry.kpi, book.at("kpis")
    sheet.text(rows.compare, 1, f"{entry.id}: compared")
    sign = "-" if kpi.better == "lower" else ""
    for place, letter in enumerate((*MONTH_LETTERS, YEAR_LETTER)):
        figure = f"{kpis}!{letter}{layout.kpi[entry.id]}"
        formula = _comparable(entry, rows, figure, sign, letter == YEAR_LETTER)
        if kpi.unit == "money":
            formula = f'IF(ISNUMBER(${FACTOR}{rows.compare}),{formula},"")'
        value = entry.series.comparable[place]
        if sign and isinstance(value, float):
            value = -value
        sheet.formula(rows.compare, FIRST_MONTH + place, formula, "" if value is None else value)
    _edges(sheet, book, layout, entry)


def _comparable(entry: Row, rows: CalcRows, figure: str, sign: str, is_year: bool) -> str:
    benchmark, kpi = entry.kpi.benchmark, entry.kpi
    plain = f"ROUND({sign}{figure},9)"
    if not benchmark.period_matters:
        return f'IF(ISNUMBER({figure}),{plain},"")'
    period = f"${PERIOD}{rows.compare}"
    if kpi.year == "compound":
        power = period
        if is_year:
            power = f"({period}/INDEX({span(rows.length)},${LATEST}{rows.state}))"
        # What is too small to compound is 0 and no error, what is too large has no band.
        lost = f'IF({figure}<1,0,"")'
        turned = f'IF({figure}>=0,IFERROR(ROUND({sign}({figure}/100)^{power}*100,9),{lost}),"")'
        return f'IF(ISNUMBER({figure}),IF(ISNUMBER({period}),{turned},{plain}),"")'
    months = "1"
    if is_year and kpi.year == "inputs" and benchmark.year_scale != "month":
        months = f"${COUNTED}{rows.state}"
    return f'IF(ISNUMBER({figure}),IF({period}="",{plain},IF({period}={months},{plain},"")),"")'


def _edges(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """The bands as typed on the sheet of benchmarks, made ready for comparing."""
    rows, kpi, columns = layout.calc[entry.id], entry.kpi, bench_columns(book)
    row, bench, bench_row = rows.compare, book.at("benchmarks"), layout.bench[entry.id]
    factor = book.settings.factor if kpi.unit == "money" else 1.0
    by_level = {band.level: band for band in kpi.bands.get(entry.segment, ())}
    sign = -1.0 if kpi.better == "lower" else 1.0
    cells = []
    for level in (1, 2, 3):
        band = by_level.get(level)
        edge = f"{bench}!${get_column_letter(columns.edge(level))}${bench_row}"
        cells.append(edge)
        ends = [(edge, band.edge if band else None)]
        if kpi.better == "range":
            upper = f"{bench}!${get_column_letter(columns.upper(level))}${bench_row}"
            ends.append((upper, band.upper if band else None))
        for place, (cell, value) in enumerate(ends):
            far = FAR[place]
            minus = "-" if sign < 0 else ""
            formula = f"IF(ISNUMBER({cell}),{minus}ROUND({cell},9),{far})"
            if kpi.unit == "money":
                known = f"ISNUMBER({cell})*ISNUMBER(${FACTOR}{row})"
                formula = f"IF({known},{minus}ROUND({cell}*${FACTOR}{row},9),{far})"
            shown = (
                float(far)
                if value is None or factor is None
                else sign * round_half_away(value * factor, COMPARE_DIGITS)
            )
            sheet.formula(row, _edge_column(level, place), formula, shown)
        if kpi.better != "range":
            operator = f"{bench}!${get_column_letter(columns.operator(level))}${bench_row}"
            strict = book.word("edge.gt" if kpi.better == "higher" else "edge.lt").split("!")[1]
            shown_strict = int(band.strict) if band else 0
            sheet.formula(row, _edge_column(level, 1), f"IF({operator}={strict},1,0)", shown_strict)
    sheet.formula(row, YEAR + 7, f"COUNT({','.join(cells)})", len(by_level))
    _period(sheet, book, layout, entry)
    if kpi.unit == "money":
        _factor(sheet, book, row)


def _edge_column(level: int, place: int) -> int:
    return YEAR + 1 + (level - 1) * 2 + place


def _period(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    row, column = layout.calc[entry.id].compare, bench_columns(book).after(1)
    cell = f"{book.at('benchmarks')}!${get_column_letter(column)}${layout.bench[entry.id]}"
    first = book.words["period.month"]
    formula = f'IFERROR(CHOOSE(MATCH({cell},$B${first}:$B${first + 2},0),1,3,12),"")'
    sheet.formula(row, YEAR + 8, formula, PERIOD_MONTHS.get(entry.kpi.benchmark.period, ""))


def _factor(sheet: Sheet, book: Book, row: int) -> None:
    inputs, factor = book.at("inputs"), book.settings.factor
    rate = f'IF(ISNUMBER({inputs}!$D$6),IF({inputs}!$D$6>0,{inputs}!$D$6,""),"")'
    formula = f'IF(TRIM({inputs}!$D$5)="{HOME_CURRENCY}",1,{rate})'
    sheet.formula(row, YEAR + 9, formula, "" if factor is None else factor)


def _levels(sheet: Sheet, layout: Layout, entry: Row) -> None:
    """The level of each month and of the year: the best band entered."""
    rows = layout.calc[entry.id]
    sheet.text(rows.level, 1, f"{entry.id}: level")
    for place, letter in enumerate((*MONTH_LETTERS, YEAR_LETTER)):
        figure = f"{letter}{rows.compare}"
        formula = "0"
        for level in (1, 2, 3):
            edge, other = (f"${EDGES[(level - 1) * 2 + side]}{rows.compare}" for side in (0, 1))
            if entry.kpi.better == "range":
                test = f"AND({figure}>={edge},{figure}<={other})"
            else:
                test = f"({figure}>={edge})-{other}*({figure}={edge})"
            formula = f"IF({test},{level},{formula})"
        formula = f'IF(ISNUMBER({figure})*(${STATED}{rows.compare}>0),{formula},"")'
        level_now = entry.series.levels[place]
        sheet.formula(rows.level, FIRST_MONTH + place, formula, "" if level_now is None else level_now)


def year_formula(book: Book, layout: Layout, entry: Row) -> str:
    """Return the formula of a KPI's year figure on the sheet of KPIs."""
    rows, kpi = layout.calc[entry.id], entry.kpi
    broken, latest = f"{CALC}!${BROKEN}{rows.state}", f"{CALC}!${LATEST}{rows.state}"
    if kpi.year == "inputs":
        references = year_references(book, layout, entry)
        body = call_text(book.host, entry, references) if holds_for_sums(book.vertical, entry) else ""
        inner = excel_guarded(kpi.values[entry.segment], references, body)
        return _unless_broken(entry, broken, f'IF({CALC}!${COUNTED}{rows.state}=0,"",{inner})')
    if kpi.year == "compound":
        inner = f"INDEX({CALC}!{span(rows.run)},{latest})*100"
    else:
        # An impossible month is an error in its own cell, which the mean passes on.
        nothing = _unless_broken(entry, broken, '""')
        return f"IF({latest}=0,{nothing},AVERAGE({span(layout.kpi[entry.id])}))"
    return _unless_broken(entry, broken, f'IF({latest}=0,"",{inner})')


def _unless_broken(entry: Row, broken: str, formula: str) -> str:
    """One impossible month makes the year an error; where nothing can be impossible nothing is asked."""
    return f"IF({broken}>0,#NUM!,{formula})" if entry.kpi.values[entry.segment].conditions else formula


def month_formula(book: Book, layout: Layout, entry: Row, letter: str) -> str:
    """Return the formula of a KPI's figure in one month on the sheet of KPIs."""
    state = f"{CALC}!{letter}{layout.calc[entry.id].state}"
    references = month_references(book, layout, entry, letter, CALC + "!")
    called = call_text(book.host, entry, references)
    formula = called or excel_formula(entry.kpi.values[entry.segment], references)
    otherwise = f'IF({state}<0,#NUM!,"")' if entry.kpi.values[entry.segment].conditions else '""'
    return f"IF({state}=1,{formula},{otherwise})"
