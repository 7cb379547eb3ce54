"""The sheet where figures are typed: a row an input, twelve months, the year, and what to check."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font

from ..errors import KpiError
from ..model import Input
from ..policy import is_number
from ..series import MONTHS
from ..units import domain
from ..used import total
from .book import CALC, FIRST_MONTH, MONTH_LETTERS, YEAR, Book, Sheet, span
from .layout import INPUT_HEADER, Layout, pairs
from .log_steps import from_log, mark_logged
from .style import MUTED, level_style

CHECK = YEAR + 1


def write_inputs(book: Book, layout: Layout) -> None:
    """Write the sheet of inputs."""
    sheet = Sheet(book, "inputs")
    month = 12 if has_money(book) else 10.5
    kind = 32 if layout.carried else 17  # where openings are carried on, a line says so
    sheet.widths({"A": _label_width(book), "B": 11, "C": kind, **dict.fromkeys(MONTH_LETTERS, month)})
    sheet.widths({"P": 13, "Q": 40})
    _head(sheet, book)
    for row, entry in layout.groups:
        for column in range(1, CHECK + 1):
            sheet.text(row, column, book.row_name(entry) if column == 1 else "", "group")
    checks = Checks(book, layout)
    for item in book.vertical.inputs.values():
        if item.id in layout.typed:
            _rows(sheet, book, layout, item, checks)
    sheet.cells.freeze_panes = f"D{INPUT_HEADER + 1}"
    sheet.printed(f"Q{layout.last_input}", f"{INPUT_HEADER}:{INPUT_HEADER}")


def _label_width(book: Book) -> float:
    labels = [item.label.get_in(book.language) for item in book.vertical.inputs.values()]
    names = [book.row_name(entry) for entry in book.rows]
    return max(32.0, max(map(len, [*labels, *names])) + 2.0)


def _head(sheet: Sheet, book: Book) -> None:
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("inputs.title", vertical=name), "title")
    more = "" if book.log is None else " " + book.say("inputs.how_log", log=book.title("log"))
    sheet.text(2, 1, book.say("inputs.how") + more, "how")
    if book.sample:
        for column in range(1, CHECK + 1):
            sheet.text(3, column, book.say("inputs.sample") if column == 1 else "", "banner")
    sheet.text(4, 1, book.say("inputs.first_month"), "plain")
    sheet.number(4, 4, book.start, "typed", "date")
    book.define("set_first_month", "inputs", "$D$4")
    sheet.validate(["D4"], "valid.date", "date", ("36526",), "greaterThan")
    sheet.formula(
        4,
        5,
        f'IF(ISNUMBER($D$4),"",{book.word("warn.date")})',
        "" if book.start else book.say("warn.date"),
        "warning",
    )
    if has_money(book):
        _currency(sheet, book)
    else:
        for row in (5, 6):
            sheet.cells.row_dimensions[row].hidden = True
    for column, key in ((1, "input"), (2, "unit"), (3, "kind"), (YEAR, "year"), (CHECK, "check")):
        sheet.text(INPUT_HEADER, column, book.say(f"inputs.{key}"), "header_left" if column == 1 else "header")
    sheet.months(INPUT_HEADER)
    sheet.cells.row_dimensions[INPUT_HEADER].height = 22


def has_money(book: Book) -> bool:
    """Whether amounts of money occur."""
    units = [item.unit for item in book.vertical.inputs.values()] + [kpi.unit for kpi in book.vertical.kpis.values()]
    return "money" in units


def _currency(sheet: Sheet, book: Book) -> None:
    sheet.text(5, 1, book.say("inputs.currency"), "plain")
    sheet.text(5, 4, book.settings.currency, "typed_word")
    sheet.text(6, 1, book.say("inputs.rate"), "plain")
    sheet.number(6, 4, book.settings.rate, "typed", "money")
    sheet.text(6, 5, book.say("inputs.rate_help"), "how")
    book.define("set_currency", "inputs", "$D$5")
    book.define("set_rate", "inputs", "$D$6")
    sheet.validate(["D5"], "valid.code", "textLength", ("3",), "equal")
    sheet.validate(["D6"], "valid.rate", "decimal", ("0",), "greaterThan")


def _rows(sheet: Sheet, book: Book, layout: Layout, item: Input, checks: Checks) -> None:
    first, last = layout.typed[item.id]
    label = item.label.get_in(book.language)
    values = book.vertical.inputs[item.of].values if item.of else ()
    for offset, row in enumerate(range(first, last + 1)):
        text = book.say("inputs.rating", label=label, value=f"{values[offset]:g}") if values else label
        sheet.text(row, 1, text, "plain")
        sheet.text(row, 2, book.unit(item.unit), "unit")
        sheet.text(row, 3, book.say(f"kind.{item.kind}"), "muted")
        _typed(sheet, book, item, row, offset)
        if item.kind != "constant":
            _year(sheet, layout, item, row)
        if item.id not in layout.carried:
            checks.write(sheet, item, row)
    cells = f"$D${first}" if item.kind == "constant" else f"$D${first}:$O${last}"
    book.define(f"in_{item.id}", "inputs", cells)
    _input_validation(sheet, book, layout, item, checks)
    if checks.from_log(item):
        mark_logged(sheet, layout, item)
    if item.id in layout.carried:
        _carried(sheet, book, layout, item)
        checks.write(sheet, item, first)


def _typed(sheet: Sheet, book: Book, item: Input, row: int, offset: int) -> None:
    """The cells to type in; for a constant there is one."""
    given = list(book.typed.get(item.id, ()))
    if item.kind == "tally":
        given = list(given[offset]) if offset < len(given) else []  # type: ignore[call-overload]
    if item.kind == "constant" and not given:
        given = [item.default]
    for place in range(1 if item.kind == "constant" else MONTHS):
        sheet.number(row, FIRST_MONTH + place, given[place] if place < len(given) else None, "typed", item.unit)


def _year(sheet: Sheet, layout: Layout, item: Input, row: int) -> None:
    """The year by the input's kind, over whatever months are there."""
    used_first = layout.used[item.id][0] + row - layout.typed[item.id][0]
    months = f"{CALC}!{span(used_first)}"
    numbers = f"{CALC}!$D$2:$O$2"
    formula = {
        "flow": f"SUM({months})",
        "tally": f"SUM({months})",
        "level": f"AVERAGE({months})",
        "opening": f'INDEX({months},13-SUMPRODUCT(MAX(({months}<>"")*(13-{numbers}))))',
        "closing": f'INDEX({months},SUMPRODUCT(MAX(({months}<>"")*{numbers})))',
    }[item.kind]
    used = sheet.book.used[item.id]
    offset = row - layout.typed[item.id][0]
    cells = [month[offset] if isinstance(month, list) else month for month in used]
    figures = [cell for cell in cells if isinstance(cell, (int, float)) and is_number(cell)]
    sheet.formula(
        row, YEAR, f'IF(COUNT({months})=0,"",{formula})', year_of(item.kind, figures), "year", item.unit
    )  # fmt: skip


def year_of(kind: str, figures: list[float]) -> float | str | KpiError:
    """Return the year of an input over the months that have a figure."""
    if not figures:
        return ""
    if kind in ("flow", "tally"):
        return total(figures)
    if kind == "level":
        return total(figures, len(figures))
    return figures[0] if kind == "opening" else figures[-1]


def _carried(sheet: Sheet, book: Book, layout: Layout, item: Input) -> None:
    """The opening that counts: typed, or the closing figure of the month before."""
    row, typed = layout.carried[item.id], layout.typed[item.id][0]
    closing = layout.used[item.carry][0]
    label = item.label.get_in(book.language)
    sheet.text(row, 1, book.say("inputs.used", label=label), "used_label")
    sheet.text(row, 3, book.say("inputs.used_help"), "used_label")
    given = list(book.typed.get(item.id, ()))
    before = ("C", *MONTH_LETTERS)
    for place, letter in enumerate(MONTH_LETTERS):
        last = f"{CALC}!{before[place]}{closing}"
        formula = f'IF(LEN({letter}{typed})=0,IF(ISNUMBER({last}),{last},""),{letter}{typed})'
        own = given[place] if place < len(given) else None
        used = book.used[item.id][place]
        shown = (used if is_number(used) else "") if own is None else own
        sheet.formula(row, FIRST_MONTH + place, formula, shown, "used", item.unit)  # type: ignore[arg-type]


class Checks:
    """What can be wrong with an input, in the cells' validation and in words beside the row."""

    def __init__(self, book: Book, layout: Layout) -> None:
        self.book, self.layout = book, layout
        self.wholes: dict[str, list[str]] = {}
        self.parts: dict[str, list[str]] = {}
        self.soft: dict[str, list[str]] = {}
        for entry in book.rows:
            for part, whole in pairs(entry.kpi.values[entry.segment].conditions):
                self.wholes.setdefault(part, []).append(whole)
                self.parts.setdefault(whole, []).append(part)
            for part, whole in pairs(entry.kpi.expect.get(entry.segment, ())):
                self.soft.setdefault(part, []).append(whole)

    def cells(self, name: str) -> str:
        """Return the cells of an input's twelve months: typed ones, or those used where there is a log."""
        if self.from_log(self.book.vertical.inputs[name]):
            return self._used(self.book.vertical.inputs[name], self.layout.typed[name][0])[0]
        return f"$D{self.row(name)}:$O{self.row(name)}"

    def from_log(self, item: Input) -> bool:
        """Whether months of an input may come from the log."""
        return self.layout.log is not None and item.id in self.layout.log.kinds

    def _used(self, item: Input, row: int) -> tuple[str, list[object]]:
        offset = row - self.layout.typed[item.id][0]
        months = [month[offset] if isinstance(month, list) else month for month in self.book.used[item.id]]
        return f"{CALC}!{span(self.layout.used[item.id][0] + offset)}", months

    def row(self, name: str) -> int:
        """Return the row in which an input's figures for a comparison stand."""
        return self.layout.carried.get(name, self.layout.typed[name][0])

    def tests(self, item: Input, row: int) -> list[tuple[str, str, bool]]:
        """Return each check of a row: its formula, the word that it gives, whether it holds now."""
        cells = f"$D{row}:$D{row}" if item.kind == "constant" else f"$D{row}:$O{row}"
        low, high = domain(item.unit)
        given = self._given(item, row)
        strange = any(isinstance(value, (str, bool)) for value in given)
        found = [(f"COUNTA({cells})>COUNT({cells})", "warn.text", strange)]
        if self.from_log(item):
            cells, given = self._used(item, row)
        numbers = [value for value in given if isinstance(value, (int, float)) and is_number(value)]
        if low == 0:
            found.append((f'COUNTIF({cells},"<0")>0', "warn.negative", any(value < 0 for value in numbers)))
        if high == 100:
            between = any(0 < value < 1 for value in numbers)
            found.append((f'COUNTIFS({cells},">0",{cells},"<1")>0', "warn.fraction", between))
            found.append((f'COUNTIF({cells},">100")>0', "warn.over", any(value > 100 for value in numbers)))
        for kind, others in (("part", self.wholes), ("soft", self.soft)):
            for whole in dict.fromkeys(others.get(item.id, ())):
                if self.book.vertical.inputs[whole].kind == "tally" or item.kind == "tally":
                    continue
                found.append(self._above(item.id, whole, f"warn.{kind}.{item.id}.{whole}"))
        return found

    def _above(self, part: str, whole: str, key: str) -> tuple[str, str, bool]:
        own, other = self.cells(part), self.cells(whole)
        # Text and TRUE are above every number, so that only pairs of numbers are left.
        pair = "*".join(f'({cells}<>"")*({cells}<9E+307)' for cells in (own, other))
        test = f"SUMPRODUCT({pair}*({own}>{other}))>0"
        rows = zip(self.book.used[part], self.book.used[whole], strict=True)
        now = any(a > b for a, b in rows if is_number(a) and is_number(b))  # type: ignore[operator]
        return test, key, now

    def _given(self, item: Input, row: int) -> list[object]:
        given = list(self.book.typed.get(item.id, ()))
        if item.kind == "tally":
            offset = row - self.layout.typed[item.id][0]
            return list(given[offset]) if offset < len(given) else []  # type: ignore[call-overload]
        return given or ([item.default] if item.kind == "constant" else [])

    def write(self, sheet: Sheet, item: Input, row: int) -> None:
        """Write the words of warning beside a row, and colour the row while there are any."""
        tests = self.tests(item, row)
        texts = [f'IF({test}," "&{self.book.word(key)},"")' for test, key, _ in tests]
        now = [self._word(key) for _, key, holds in tests if holds]
        if self.from_log(item):
            text, words = from_log(self.book, self.layout, item, row)
            texts.append(text)
            now += [words] if words else []
            only = f"LEFT($Q{row},LEN(log_word))=log_word"
            rule = FormulaRule([only], font=Font(color=MUTED, bold=False))
            sheet.cells.conditional_formatting.add(f"Q{row}", rule)
        sheet.formula(row, CHECK, f"MID({'&'.join(texts)},2,999)", " ".join(now), "warning")
        self._mark(sheet, item, row)

    def _mark(self, sheet: Sheet, item: Input, row: int) -> None:
        """Colour the cells that are wrong, and those alone."""
        first = f"$D{row}" if item.kind == "constant" else f"D{row}"
        low, high = domain(item.unit)
        tests = [f"AND(NOT(ISBLANK({first})),NOT(ISNUMBER({first})))"]
        if low == 0:
            tests.append(f"AND(ISNUMBER({first}),{first}<0)")
        if high == 100:
            tests.append(f"AND(ISNUMBER({first}),OR(AND({first}>0,{first}<1),{first}>100))")
        for whole in dict.fromkeys([*self.wholes.get(item.id, ()), *self.soft.get(item.id, ())]):
            if item.kind != "tally" and self.book.vertical.inputs[whole].kind != "tally":
                other = f"D{self.row(whole)}"
                tests.append(f"AND(ISNUMBER({first}),ISNUMBER({other}),{first}>{other})")
        fill, font = level_style(0)
        cells = f"D{row}" if item.kind == "constant" else f"D{row}:O{row}"
        sheet.cells.conditional_formatting.add(cells, FormulaRule([f"OR({','.join(tests)})"], fill=fill, font=font))

    def _word(self, key: str) -> str:
        if key.count(".") == 1:
            return self.book.say(key)
        _, kind, _, whole = key.split(".")
        return self.book.say(f"warn.{kind}", whole=self.book.vertical.inputs[whole].label.get_in(self.book.language))


def _input_validation(sheet: Sheet, book: Book, layout: Layout, item: Input, checks: Checks) -> None:
    first, last = layout.typed[item.id]
    cells = f"D{first}" if item.kind == "constant" else f"D{first}:O{last}"
    low, high = domain(item.unit)
    wholes = checks.wholes.get(item.id, []) if item.kind not in ("tally", "constant") else []
    parts = checks.parts.get(item.id, []) if item.kind not in ("tally", "constant") else []
    if low is None:
        sheet.validate([cells], "valid.amount")
    elif high is not None:
        sheet.validate([cells], "valid.percent", ends=("0", f"{high:g}"))
    elif wholes or parts:
        # The part may be typed before the whole: an empty cell stands in nobody's way.
        own = f"D{first}"
        tests = [f"ISNUMBER({own})", f"{own}>=0"]
        tests += [f"OR(NOT(ISNUMBER(D{checks.row(w)})),{own}<=D{checks.row(w)})" for w in wholes]
        tests += [f"OR(NOT(ISNUMBER(D{checks.row(p)})),{own}>=D{checks.row(p)})" for p in parts]
        other = (wholes or parts)[0]
        key, word = ("valid.part", "whole") if wholes else ("valid.whole", "part")
        label = book.vertical.inputs[other].label.get_in(book.language)
        sheet.validate([cells], key, "custom", (f"AND({','.join(tests)})",), None, words={word: label})
    else:
        sheet.validate([cells], "valid.positive", "decimal", ("0",), "greaterThanOrEqual")
