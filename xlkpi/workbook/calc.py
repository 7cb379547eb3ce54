"""The hidden sheet of steps in between: figures used, each row's state, years, and levels."""

from __future__ import annotations

from ..guards import excel_formula, excel_guarded, excel_state
from ..model import Input
from ..policy import is_number
from ..series import MONTHS
from .bars import write_bar
from .book import CALC, FIRST_MONTH, MONTH_LETTERS, Book, Row, Sheet, month_name, span
from .chosen import write_chosen, write_period
from .comparing import write_comparing
from .hosts import call_text, holds_for_sums
from .layout import FIRST_WORD_ROW, CalcRows, Layout, formula_words, pairs
from .log_steps import logged_cell, write_log_steps
from .plotted import write_plotted
from .verdicts import write_verdict_words

_BEFORE = ("C", *MONTH_LETTERS)  # the column before each month's


def of_year(row: int) -> str:
    """Return the cell of a row on this sheet that holds what is true up to the last month."""
    return f"{CALC}!${MONTH_LETTERS[-1]}{row}"


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
    write_verdict_words(sheet, book)
    write_period(sheet, book, layout)
    for item in book.vertical.inputs.values():
        _used(sheet, book, layout, item)
    for entry in book.rows:
        _state(sheet, book, layout, entry)
        _contributions(sheet, book, layout, entry)
        if layout.calc[entry.id].run:
            _runs(sheet, layout, entry)
        _to_date(sheet, book, layout, entry)
        write_comparing(sheet, book, layout, entry)
        write_chosen(sheet, book, layout, entry)
        write_bar(sheet, book, layout, entry)
        write_plotted(sheet, book, layout, entry)
    if layout.log is not None:
        write_log_steps(sheet, book, layout, layout.log)


def _month_names(sheet: Sheet, book: Book) -> None:
    """Month names in the workbook's language, whatever the computer's: looked up, never formatted."""
    start = f"{book.at('inputs')}!$D$4"
    first = FIRST_WORD_ROW
    for place, letter in enumerate(MONTH_LETTERS):
        month = f"MONTH({start})+{letter}$2-2"
        name = f'INDEX($B${first}:$B${first + 11},MOD({month},12)+1)&" "&(YEAR({start})+INT(({month})/12))'
        blank = f'{book.own_word("inputs.month")}&" "&{letter}$2'
        sheet.formula(3, FIRST_MONTH + place, f"IF(ISNUMBER({start}),{name},{blank})", month_name(book, place))


def _words(sheet: Sheet, book: Book) -> None:
    for key in formula_words(book):
        text = book.say(key)
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
            if layout.log is not None and item.id in layout.log.kinds:
                nothing_typed, logged = logged_cell(book, layout, layout.log, item, place, offset)
                formula = f"IF({nothing_typed},{logged},{formula})"
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


def to_date_references(book: Book, layout: Layout, entry: Row, letter: str, sheet: str) -> dict[str, str]:
    """Return the cell of what each argument contributes to the months up to one."""
    found = {}
    for name, (first, last) in layout.calc[entry.id].contribution.items():
        column = "$C" if book.vertical.inputs[name].values else letter
        many = book.vertical.inputs[name].kind == "tally"
        found[name] = f"{sheet}{column}{first}" + (f":{column}{last}" if many else "")
    return found


def _state(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """A row's state by month; then, up to each month: how many count, the latest with a figure, how many cannot be."""
    rows, figures = layout.calc[entry.id], entry.series
    sheet.text(rows.state, 1, f"{entry.id}: state")
    sheet.text(rows.counted, 1, f"{entry.id}: months counted")
    sheet.text(rows.latest, 1, f"{entry.id}: latest month")
    if rows.broken:
        sheet.text(rows.broken, 1, f"{entry.id}: impossible months")
    for place, letter in enumerate(MONTH_LETTERS):
        state, before, until = f"{letter}{rows.state}", _BEFORE[place], figures.until(place + 1)
        column = FIRST_MONTH + place
        formula = excel_state(entry.kpi.values[entry.segment], month_references(book, layout, entry, letter, ""))
        sheet.formula(rows.state, column, formula, figures.states[place])
        sheet.formula(rows.counted, column, f"N({before}{rows.counted})+({state}>0)", until.counted)
        sheet.formula(rows.latest, column, f"IF({state}=1,{letter}$2,N({before}{rows.latest}))", until.latest)
        if rows.broken:
            sheet.formula(rows.broken, column, f"N({before}{rows.broken})+({state}<0)", until.broken)


def _contributions(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """What each argument contributes to the months counted up to each month."""
    rows = layout.calc[entry.id]
    for name, (first, last) in rows.contribution.items():
        item, used_first = book.vertical.inputs[name], layout.used[name][0]
        for offset, row in enumerate(range(first, last + 1)):
            sheet.text(row, 1, f"{entry.id}: {name}")
            if item.values:
                sheet.number(row, 3, item.values[offset])
                continue
            for place, letter in enumerate(MONTH_LETTERS):
                value = entry.series.inputs_to_date[place].get(name)
                shown = value[offset] if isinstance(value, list) else value
                formula = _contribution(item.kind, rows, row, used_first + offset, place)
                formula = f'IF({letter}{rows.counted}=0,"",{formula})'
                sheet.formula(row, FIRST_MONTH + place, formula, shown)  # type: ignore[arg-type]


def _contribution(kind: str, rows: CalcRows, row: int, used: int, place: int) -> str:
    letter, before, first = MONTH_LETTERS[place], _BEFORE[place], MONTH_LETTERS[0]
    if kind == "constant":
        return f"${first}{used}"
    if kind == "opening":
        return f"IF(N({before}{rows.counted})=0,{letter}{used},{before}{row})"
    if kind == "closing":
        return f"IF({letter}{rows.state}>0,{letter}{used},{before}{row})"
    total = f'SUMIF(${first}{rows.state}:{letter}{rows.state},">0",${first}{used}:{letter}{used})'
    return f"{total}/{letter}{rows.counted}" if kind == "level" else total


def _runs(sheet: Sheet, layout: Layout, entry: Row) -> None:
    """Monthly rates multiplied since the last gap, and how many they are."""
    rows, kpi_row, figures = layout.calc[entry.id], layout.kpi[entry.id], entry.series
    kpis = sheet.book.at("kpis")
    sheet.text(rows.run, 1, f"{entry.id}: product")
    sheet.text(rows.length, 1, f"{entry.id}: months")
    for place, letter in enumerate(MONTH_LETTERS):
        last = f"{_BEFORE[place]}{rows.run}"
        chain = f"IF(N({_BEFORE[place]}{rows.length})=0,1,{last})"
        product = f'IF({letter}{rows.state}=1,{kpis}!{letter}{kpi_row}/100*{chain},"")'
        value = figures.runs[place]
        sheet.formula(rows.run, FIRST_MONTH + place, product, value)
        length = f"IF({letter}{rows.state}=1,N({_BEFORE[place]}{rows.length})+1,0)"
        sheet.formula(rows.length, FIRST_MONTH + place, length, figures.lengths[place])


def _to_date(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """The figure from the first month to each month."""
    row = layout.calc[entry.id].to_date
    sheet.text(row, 1, f"{entry.id}: to date")
    for place, letter in enumerate(MONTH_LETTERS if entry.kpi.year != "none" else ()):
        value = entry.series.to_date[place]
        formula = to_date_formula(book, layout, entry, letter)
        sheet.formula(row, FIRST_MONTH + place, formula, value)


def to_date_formula(book: Book, layout: Layout, entry: Row, letter: str, sheet: str = "", call: bool = False) -> str:
    """Return the formula of a KPI's figure from the first month to one.

    Args:
        book: the workbook.
        layout: where everything stands.
        entry: the KPI row.
        letter: column of the last month.
        sheet: ``"Calc!"`` where the formula stands on another sheet.
        call: whether the function of the workbook's host may be called.

    Returns:
        The formula's text, without ``=``.
    """
    rows, kpi, rule = layout.calc[entry.id], entry.kpi, entry.kpi.values[entry.segment]
    latest, broken = f"{sheet}{letter}{rows.latest}", f"{sheet}{letter}{rows.broken}"

    def unless_broken(formula: str) -> str:
        """One impossible month makes the whole an error; where nothing can be impossible nothing is asked."""
        return f"IF({broken}>0,#NUM!,{formula})" if rows.broken else formula

    if kpi.year == "inputs":
        references = to_date_references(book, layout, entry, letter, sheet)
        body = call_text(book.host, entry, references) if call and holds_for_sums(book.vertical, entry) else ""
        inner = excel_guarded(rule, references, body)
        return unless_broken(f'IF({sheet}{letter}{rows.counted}=0,"",{inner})')
    if kpi.year == "compound":
        return unless_broken(f'IF({latest}=0,"",INDEX({sheet}{span(rows.run)},{latest})*100)')
    # An impossible month is an error in its own cell, which the mean passes on.
    months = f"${MONTH_LETTERS[0]}{layout.kpi[entry.id]}:{letter}{layout.kpi[entry.id]}"
    where = "" if sheet else f"{book.at('kpis')}!"
    nothing = unless_broken('""')
    return f"IF({latest}=0,{nothing},AVERAGE({where}{months}))"


def month_formula(book: Book, layout: Layout, entry: Row, letter: str) -> str:
    """Return the formula of a KPI's figure in one month on the sheet of KPIs."""
    state = f"{CALC}!{letter}{layout.calc[entry.id].state}"
    references = month_references(book, layout, entry, letter, CALC + "!")
    called = call_text(book.host, entry, references)
    formula = called or excel_formula(entry.kpi.values[entry.segment], references)
    otherwise = f'IF({state}<0,#NUM!,"")' if entry.kpi.values[entry.segment].conditions else '""'
    return f"IF({state}=1,{formula},{otherwise})"
