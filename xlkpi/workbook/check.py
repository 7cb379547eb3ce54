"""The sheet that says in words whether a formula is gone, a figure is text, a month was skipped, a band is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from ..checking import (
    FIRST_DATE,
    LETTERS,
    hardly_a_fraction,
    is_currency_code,
    is_first_month,
    lacks_rate,
    misplaced,
    out_of_order,
    target_turned,
)
from ..series import HOME_CURRENCY
from ..texts import EDGE_KEYS
from .book import CALC, Book, Row, Sheet, quoted
from .check_inputs import write_inputs_lines
from .check_lines import FAR, FLAG, HEADER, LOST, MANY, SAID, STATE, TODO, WHAT, WIDTHS, Lines
from .chosen import PERIOD_CHOICES
from .formula_cells import first_address, lost_anywhere, lost_formulas
from .inputs import has_money
from .layout import PERIOD_CELL, Layout, bench_columns, stated
from .style import level_style


def write_check(sheet: Sheet, layout: Layout) -> None:
    """Write the sheet; all others must have been written, since their formulas are looked for.

    Args:
        sheet: the sheet, still empty.
        layout: where the figures and thresholds stand.
    """
    book = sheet.book
    watched = [title for title, shown in book.shown.items() if shown]
    lines = Lines(sheet, book, layout)
    _head(sheet, book)
    lines.group("check.formulas")
    first = lines.row + 1
    lines.row += len(watched) + 1  # these lines are written last, when all that they watch is there
    own = lines.row + 1
    write_inputs_lines(lines)
    _thresholds(lines)
    _settings(lines)
    last = lines.row
    lines.row = first - 1
    titles = [*watched, sheet.cells.title]
    cells = {title: _watched(book, title) for title in titles}
    for title in titles:
        _formulas(lines, title, cells[title], f"$D${own}:$D${last}")
    _total(sheet, book, first, last)
    fill, font = level_style(0)
    rule = FormulaRule([f"$D{first}=1"], fill=fill, font=font)
    sheet.cells.conditional_formatting.add(f"A{first}:C{last}", rule)
    sheet.cells.conditional_formatting.add(f"A{SAID}", FormulaRule([f"$D${SAID}>0"], fill=fill, font=font))
    sheet.cells.freeze_panes = f"A{HEADER + 1}"
    sheet.printed(f"C{last}", f"{HEADER}:{HEADER}")
    sheet.cells.column_dimensions.group("D", get_column_letter(sheet.cells.max_column), hidden=True)


def _head(sheet: Sheet, book: Book) -> None:
    sheet.widths(WIDTHS)
    sheet.text(1, 1, book.say("check.title", vertical=book.vertical.name.get_in(book.language)), "title")
    sheet.text(2, 1, book.say("check.how"), "how")
    for column, key in ((WHAT, "what"), (STATE, "state"), (TODO, "todo")):
        sheet.text(HEADER, column, book.say(f"check.{key}"), "header" if column == STATE else "header_left")
    sheet.cells.row_dimensions[SAID].height = 22
    sheet.cells.row_dimensions[HEADER].height = 22


def _total(sheet: Sheet, book: Book, first: int, last: int) -> None:
    """How many lines need a look, as a number and in words, for other sheets to show."""
    many = sum(sheet.shown.get(f"D{row}") == 1 for row in range(first, last + 1))
    sheet.formula(SAID, FLAG, f"SUM($D${first}:$D${last})", many, "muted")
    count = f"$D${SAID}"
    fine, one, more = (book.word(f"check.{key}") for key in ("fine", "one", "many"))
    said = f"{many} {book.say('check.many')}" if many > 1 else book.say("check.one" if many else "check.fine")
    sheet.formula(SAID, WHAT, f'IF({count}=0,{fine},IF({count}=1,{one},{count}&" "&{more}))', said, "name")
    book.define("check_count", "check", count)
    book.define("check_word", "check", f"$A${SAID}")


def _watched(book: Book, title: str) -> list[str]:
    """Return the formula cells of a sheet, but for those that show what this sheet says.

    Those would make a circle: they depend on the very formula that watches them.
    """
    cells, own = book.workbook[title], book.title("check")
    if title == own:
        return list(book.shown[title])
    showing = (f"{book.at('check')}!", "check_count", "check_word")
    return [place for place in book.shown[title] if not any(text in str(cells[place].value) for text in showing)]


def _formulas(lines: Lines, title: str, cells: list[str], own_flags: str) -> None:
    """Count the formulas of a sheet that are gone; a program that cannot tell says so and counts none."""
    sheet, book = lines.sheet, lines.book
    hidden = book.workbook[title].sheet_state != "visible"
    at = quoted(title)
    label = book.say("check.hidden", sheet=title) if hidden else title
    row = lines.begin(label, "" if hidden else f"{at}!A1")
    # Of the hidden sheet, which has most, the number is enough.
    pairs = [(lost_anywhere(at, cells), "0")] if hidden else lost_formulas(at, cells)
    for place, formulas in enumerate(pairs):
        for side, formula in enumerate(formulas):
            sheet.formula(row, LOST + 2 * place + side, formula, 0, "muted")
    counted, ends = (",".join(lines.at(LOST + 2 * place + side) for place in range(len(pairs))) for side in (0, 1))
    sheet.formula(row, MANY, f"SUM({counted})", 0, "muted")
    sheet.formula(row, FAR, f"MAX({ends})", 0, "muted")
    able, many = f"${get_column_letter(MANY)}${SAID}", lines.at(MANY)
    if f"{get_column_letter(MANY)}{SAID}" not in sheet.shown:
        formula = f"IFERROR(IF(SUMPRODUCT(--_xlfn.ISFORMULA({own_flags}))>1,1,0),0)"
        sheet.formula(SAID, MANY, formula, 1, "muted")
    words = {key: book.word(f"check.{key}") for key in ("unable", "whole", "over", "first_cell", "undo")}
    over = f'{words["over"]}&" "&{many}&". "'
    if not hidden:
        over += f'&{words["first_cell"]}&" "&{first_address(lines.at(FAR))}&". "'
    found = f'IF({many}=0,{words["whole"]}&" {len(cells)}.",{over}&{words["undo"]})'
    said = f"{book.say('check.whole')} {len(cells)}."
    sheet.formula(row, TODO, f"IF({able}=0,{words['unable']},{found})", said, "remark")
    sheet.formula(row, FLAG, f"IF({able}=0,0,IF({many}>0,1,0))", 0, "muted")
    state = f"IF({lines.at(FLAG)}=1,{book.word('check.look')},{book.word('check.ok')})"
    lines.status(f"IF({able}=0,{book.word('check.unknown')},{state})", False)


def _thresholds(lines: Lines) -> None:
    """A line for each row of benchmarks: no numbers, bands out of order, words that no formula knows."""
    lines.group("check.thresholds")
    for entry in lines.book.rows:
        _threshold(lines, entry)


def _threshold(lines: Lines, entry: Row) -> None:
    book, columns, row = lines.book, bench_columns(lines.book), lines.layout.bench[entry.id]
    at, cells, better = book.at("benchmarks"), book.workbook[book.title("benchmarks")], entry.kpi.better

    def place(column: int) -> str:
        return f"{at}!${get_column_letter(column)}${row}"

    def values(column_of: Callable[[int], int]) -> list[object]:
        return [cells.cell(row, column_of(level)).value for level in (1, 2, 3)]

    edges = [place(columns.edge(level)) for level in (1, 2, 3)]
    uppers = [place(columns.upper(level)) for level in (1, 2, 3)] if better == "range" else []
    edge_values, upper_values = values(columns.edge), values(columns.upper) if uppers else []
    texts = misplaced([*edge_values, *upper_values])
    numbers = ",".join((*edges, *uppers))
    wrong_order = out_of_order(better, edge_values, upper_values)
    order, key = (_nesting(edges, uppers), "check.nested") if uppers else (_ordering(edges, better), "check.order")
    operators = EDGE_KEYS[better]
    lists = [(place(columns.operator(level)), operators) for level in (1, 2, 3) if operators]
    lists.append((place(columns.after(1)), ("period.month", "period.quarter", "period.year", "period.none")))
    unknown = [_unknown(book, cell, keys) for cell, keys in lists]
    own = [columns.after(0), *([columns.target_end] if uppers else [])]
    targets, aims = [place(column) for column in own], [cells.cell(row, column).value for column in own]
    first = place(columns.operator(1)).replace("$", "")
    lines.begin(book.row_name(entry), f"{first}:{targets[-1].rpartition('!')[2].replace('$', '')}")
    facts = [
        (f"COUNTA({numbers})>COUNT({numbers})", "warn.text", texts > 0),
        (order, key, wrong_order),
        (f"{'+'.join(unknown)}>0", "check.choice", any(_is_unknown(book, cells, *pair) for pair in lists)),
        (f"COUNTA({','.join(targets)})>COUNT({','.join(targets)})", "check.target", misplaced(aims) > 0),
    ]
    if uppers:
        start, end = targets
        turned = f"IF(ISNUMBER({start}),IF(ROUND({end},9)<ROUND({start},9),1,0),1)"
        turned = f"IFERROR(IF(ISNUMBER({end}),{turned},0),1)=1"
        facts.append((turned, "check.target_ends", target_turned(*aims)))
    found = [(test, book.word(key), book.say(key) if now else "") for test, key, now in facts]
    if hardly_a_fraction(stated(book, entry.kpi)):
        found.append(lines.fractions([*edges, *uppers, *targets], [*edge_values, *upper_values, *aims]))
    lines.found(found)


def _unknown(book: Book, cell: str, keys: Sequence[str]) -> str:
    return f"IFERROR(IF({'+'.join(f'({cell}={book.word(key)})' for key in keys)}=0,1,0),1)"


def _is_unknown(book: Book, cells: Worksheet, cell: str, keys: Sequence[str]) -> bool:
    found = cells[cell.rpartition("!")[2].replace("$", "")].value
    return str(found or "").casefold() not in [book.say(key).casefold() for key in keys]


def _ordering(edges: list[str], better: str) -> str:
    """Return a test whether two bands that have an edge are in the wrong order."""
    wrong = "<=" if better == "higher" else ">="
    pairs = [(edges[before], edges[after]) for before, after in ((0, 1), (1, 2), (0, 2))]
    tests = [
        f"ISNUMBER({before})*ISNUMBER({after})*(ROUND(N({after}),9){wrong}ROUND(N({before}),9))"
        for before, after in pairs
    ]
    return f"IFERROR({'+'.join(tests)},0)>0"


def _nesting(edges: list[str], uppers: list[str]) -> str:
    """Return a test whether a range lacks an end, is turned round, or does not lie within one before."""
    tests = [f"(ISNUMBER({low})<>ISNUMBER({high}))" for low, high in zip(edges, uppers, strict=True)]
    tests += [
        f"ISNUMBER({low})*ISNUMBER({high})*(ROUND(N({high}),9)<=ROUND(N({low}),9))"
        for low, high in zip(edges, uppers, strict=True)
    ]
    for before, after in ((0, 1), (1, 2), (0, 2)):
        begins = [f"ROUND(N({edges[band]}),9)" for band in (before, after)]
        ends = [f"ROUND(N({uppers[band]}),9)" for band in (before, after)]
        out = f"({begins[1]}<{begins[0]})+({ends[1]}>{ends[0]})+({begins[1]}={begins[0]})*({ends[1]}={ends[0]})"
        there = ",".join((edges[before], edges[after], uppers[before], uppers[after]))
        tests.append(f"(COUNT({there})=4)*({out})")
    return f"IFERROR({'+'.join(tests)},0)>0"


def _settings(lines: Lines) -> None:
    """A line for each setting: the period, the first month, and the currency and its rate where there is money."""
    book, at = lines.book, lines.book.at("inputs")
    lines.group("check.settings")
    month, currency, rate = (f"{at}!$D${row}" for row in (4, 5, 6))
    days = to_excel(book.start) if book.start else None
    period = f"{book.at('dashboard')}!{PERIOD_CELL}"
    facts = [
        ("dashboard.period", period, f"IFERROR(MATCH({period},{CALC}!{PERIOD_CHOICES},0),0)=0", "dashboard.unknown",
         book.settings.period not in book.period_words),
        ("inputs.first_month", month, f"IF(ISNUMBER({month}),IF({month}>{FIRST_DATE},0,1),1)=1", "warn.date",
         not is_first_month(days)),
    ]  # fmt: skip
    if has_money(book):
        letters = "*".join(f'ISNUMBER(FIND(MID(TRIM({currency}),{place},1),"{LETTERS}"))' for place in (1, 2, 3))
        test = f"IFERROR((LEN(TRIM({currency}))=3)*{letters},0)=0"
        facts.append(("inputs.currency", currency, test, "valid.code", not is_currency_code(book.settings.currency)))
    if any(entry.kpi.unit == "money" for entry in book.rows):
        test = f'IFERROR(IF(TRIM({currency})="{HOME_CURRENCY}",0,IF(ISNUMBER({rate}),IF({rate}>0,0,1),1)),1)=1'
        now = lacks_rate(book.settings.currency, book.settings.rate)
        facts.append(("inputs.rate", rate, test, "valid.rate", now))
    for label, cell, test, key, now in facts:
        lines.begin(book.say(label), cell.replace("$", ""))
        lines.found([(test, book.word(key), book.say(key) if now else "")])
