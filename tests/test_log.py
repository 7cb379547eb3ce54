"""The log: which lines count in which month, what they make, and that engines make the same of every cell."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from engines import IronBook, by_formualizer, by_ironcalc, formulas, row_column, same
from lint import lint
from scenarios import random_year
from sdk import sdk_errors
from sheets import part
from sheets import sheet as sheet_of
from sheets import title as title_of
from test_cli import run
from test_engines import compare
from test_workbook import faults

import xlkpi
from xlkpi import logged
from xlkpi.logged import Entry, monthly, place
from xlkpi.names import LANGUAGES
from xlkpi.texts import Text
from xlkpi.used import used_inputs
from xlkpi.workbook import build, file_name
from xlkpi.workbook.log_layout import LOG_HEADER, ROOM

VERTICALS = list(xlkpi.load().verticals)
JANUARY = date(2026, 1, 1)
HELD, HOURS, SPEND, MINUTES, AWARE, ANSWERS = (
    "completed_sessions", "total_months", "total_revenue", "session_minutes", "trend_awareness", "counts"
)  # fmt: skip


def who(name):
    """The first line of business that has an input."""
    return next(vertical for vertical in xlkpi.load().verticals.values() if name in vertical.inputs)


def at(text):
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


# what is seen | first month | input | lines: date and figure | month -> figure; every other month is empty
MONTHS = [
    ("lines without a figure are one each", "2026-01-01", HELD, [("2026-01-05", None)] * 3, {1: 3}),
    ("figures add up, in any order", "2026-01-01", HELD, [("2026-03-09", 4), ("2026-01-05", 2), ("2026-03-01", 1.5)], {1: 2, 3: 5.5}),
    ("with and without a figure", "2026-01-01", HELD, [("2026-12-31", None), ("2026-12-01", 7)], {12: 8}),
    ("a zero is an entry", "2026-01-01", HELD, [("2026-02-10", 0)], {2: 0}),
    ("a correction takes away", "2026-01-01", HELD, [("2026-02-10", 9), ("2026-02-11", -2)], {2: 7}),
    ("money without a figure is none", "2026-01-01", SPEND, [("2026-02-10", None), ("2026-02-11", 120.5)], {2: 120.5}),
    ("months of work without a figure are none", "2026-01-01", HOURS, [("2026-02-10", None)], {}),
    ("levels are averaged", "2026-01-01", MINUTES, [("2026-05-01", 20), ("2026-05-31", 40), ("2026-06-01", 33)], {5: 30, 6: 33}),
    ("percentages are averaged", "2026-01-01", AWARE, [("2026-05-01", 70), ("2026-05-02", 75), ("2026-05-02", 80)], {5: 75}),
    ("the last second of a month", "2026-01-01", HELD, [("2026-01-31T23:59:59", 1), ("2026-02-01T00:00:00", 2)], {1: 1, 2: 2}),
    ("the ends of the year", "2026-01-01", HELD, [("2025-12-31T23:59:59", 1), ("2026-01-01", 2), ("2026-12-31T23:59:59", 4), ("2027-01-01", 8)], {1: 2, 12: 4}),
    ("a leap day", "2028-01-01", HELD, [("2028-02-29", 5), ("2028-03-01", 1)], {2: 5, 3: 1}),
    ("a year from July", "2026-07-01", HELD, [("2026-06-30", 1), ("2026-07-01", 2), ("2027-01-15", 4), ("2027-06-30", 8), ("2027-07-01", 16)], {1: 2, 7: 4, 12: 8}),
    ("a year from December", "2026-12-01", HELD, [("2026-12-31", 2), ("2027-01-01", 4), ("2027-11-30", 8)], {1: 2, 2: 4, 12: 8}),
    ("the first month is the month of its day", "2026-03-17", HELD, [("2026-03-01", 2), ("2027-02-28", 3), ("2027-03-01", 4)], {1: 2, 12: 3}),
]  # fmt: skip


@pytest.mark.parametrize("seen, start, name, lines, expected", MONTHS, ids=[each[0] for each in MONTHS])
def test_what_the_lines_make_of_the_months(seen, start, name, lines, expected):
    entries = [Entry(at(day), name, figure) for day, figure in lines]
    found = monthly(who(name), at(start), entries)
    assert found[name] == [expected.get(month) for month in range(1, 13)]
    others = [cell for other, cells in found.items() if other != name for cell in cells]
    assert all(cell is None or cell == [None] * 12 for cell in others)


def test_a_rating_is_one_answer_in_its_row():
    lines = [("2026-01-31", 10), ("2026-01-02", 8), ("2026-01-02", 8.0), ("2026-03-01", 1), ("2026-03-01", 11)]
    rows = monthly(who(ANSWERS), JANUARY, [Entry(at(day), ANSWERS, rating) for day, rating in lines])[ANSWERS]
    found = {rating: row[:4] for rating, row in zip(who(ANSWERS).inputs["ratings"].values, rows, strict=True)}
    assert found[10] == [1, None, 0, None]
    assert found[8] == [2, None, 0, None]
    assert found[1] == [0, None, 1, None]
    assert found[5] == [0, None, 0, None], "asked in that month, and nobody gave it"


# line | the month that it counts in, or why nowhere
PLACES = [
    (Entry(date(2026, 4, 1), HELD), 4),
    (Entry(datetime(2026, 4, 30, 23, 59, 59, 999_999), HELD), 4),
    (Entry(datetime(2026, 4, 30, 23, 59, tzinfo=UTC), HELD), 4),
    (Entry(46_113, HELD), 4),  # 2026-04-01 as Excel counts days
    (Entry(46_142.999, HELD), 4),
    (Entry(46_143, HELD), 5),
    (Entry(None, HELD), logged.NO_DATE),
    (Entry("2026-04-01", HELD), logged.NO_DATE),
    (Entry(True, HELD), logged.NO_DATE),
    (Entry(None, "", 5), logged.NO_DATE),
    (Entry(date(2025, 12, 31), HELD), logged.OUTSIDE),
    (Entry(date(2027, 1, 1), HELD), logged.OUTSIDE),
    (Entry(-5, HELD), logged.OUTSIDE),
    (Entry(1e300, HELD), logged.OUTSIDE),
    (Entry(0, HELD), logged.OUTSIDE),
    (Entry(date(2026, 4, 1), "dancing"), logged.UNKNOWN),
    (Entry(date(2026, 4, 1), ""), logged.UNKNOWN),
    (Entry(date(2026, 4, 1), "end_clients", 5), logged.UNKNOWN),
    (Entry(date(2026, 4, 1), "ratings", 5), logged.UNKNOWN),
    (Entry(date(2026, 4, 1), HELD, "five"), logged.NO_NUMBER),
    (Entry(date(2026, 4, 1), HELD, True), logged.NO_NUMBER),
    (Entry(date(2026, 4, 1), HOURS), logged.NO_FIGURE),
    (Entry(date(2026, 4, 1), ANSWERS), logged.NO_FIGURE),
    (Entry(date(2026, 4, 1), ANSWERS, 10), 4),
    (Entry(date(2026, 4, 1), ANSWERS, 0), logged.NO_RATING),
    (Entry(date(2026, 4, 1), ANSWERS, 7.5), logged.NO_RATING),
    (Entry(date(2027, 4, 1), "dancing", "five"), logged.OUTSIDE),
]


def test_a_line_counts_in_one_month_or_says_why_not(catalogue, tmp_path, compared):
    """The same lines stand in a workbook, where engines come to the same months and words."""
    vertical = catalogue.verticals["career-mentoring"]
    for entry, expected in PLACES:
        assert place(vertical, JANUARY, entry) == expected, entry
        assert place(vertical, None, entry) == (logged.NO_DATE if expected == logged.NO_DATE else logged.OUTSIDE)
    assert {expected for _, expected in PLACES if expected < 0} == set(range(-len(logged.FAULTS), 0))
    data = build(catalogue, vertical, "en", {}, start=JANUARY, log=[entry for entry, _ in PLACES])
    for name, find in (("IronCalc", by_ironcalc), ("formualizer", by_formualizer)):
        compare(name, data, find, tmp_path, compared)
    cells = formulas(data)
    words = [cells["Log", f"E{LOG_HEADER + 1 + line}"].cached for line in range(len(PLACES))]
    expected = ["Apr 2026" if month == 4 else "May 2026" if month == 5 else catalogue.ui[f"log.{logged.FAULTS[-month - 1]}"]["en"]
                for _, month in PLACES]  # fmt: skip
    assert words == expected
    many = sum(month < 0 for _, month in PLACES)
    assert cells["Log", "A5"].cached.startswith(f"Lines that count nowhere: {many}. No date (4). ")


# typed | log | what counts
SECOND = [
    ([5, None, 7], [1, 2, None], [5, 2, 7]),
    ([0, "", "n/a"], [1, 2, 3], [0, 2, "text"]),
    ([], [1, 0, None], [1, 0, None]),
]


@pytest.mark.parametrize("typed, log, counts", SECOND)
def test_a_month_typed_by_hand_takes_precedence(typed, log, counts):
    vertical = who(HELD)
    assert used_inputs(vertical, {HELD: typed}, {HELD: log + [None] * 9})[HELD][:3] == counts
    assert used_inputs(vertical, {HELD: typed})[HELD] == used_inputs(vertical, {HELD: typed}, {})[HELD]


def test_answers_typed_by_hand_are_those_of_the_whole_month():
    vertical = who(ANSWERS)
    many = len(vertical.inputs["ratings"].values)
    typed = [[4, None, None], [None, None, "?"]]
    log = [[place, place, place] + [None] * 9 for place in range(many)]
    found = used_inputs(vertical, {ANSWERS: typed}, {ANSWERS: log})[ANSWERS]
    assert found[0] == [4] + [None] * (many - 1)
    assert found[1] == list(range(many))
    assert found[2] == [None] * many, "a text is a mistake to be seen, and nothing takes its place"


def edge_dates(start: date | None, chance: random.Random) -> list[object]:
    """Days around the first of each month of the year, by day and by the second."""
    first = start or date(2026, 1, 1)
    found: list[object] = [None, "soon", 0, -3, 46_500.75, 3e6]
    for month in range(-1, 15):
        years, number = divmod(first.month - 1 + month, 12)
        day = datetime(first.year + years, number + 1, 1)
        found += [day.date(), day - timedelta(seconds=1), day + timedelta(seconds=1), day + timedelta(27.5)]
        found += [(day + timedelta(chance.randint(0, 27))).date()] * 4
    return found


def random_log(vertical, start, seed, many=150) -> list[Entry]:
    """Lines of chance: mostly right, at the edges of months, and wrong in every way."""
    chance = random.Random(f"{vertical.id} log {seed}")
    items = logged.loggable(vertical)
    days, lines = edge_dates(start, chance), []
    for _ in range(many):
        item, figure = chance.choice(items), None
        scale = logged.ratings(vertical, item)
        if scale and chance.random() < 0.95:
            figure = chance.choice(scale)
        elif chance.random() < 0.8:
            high = 100 if item.unit == "percent" else chance.choice((3, 50, 2000))
            figure = round(chance.uniform(0, high), chance.randint(0, 3))
        if chance.random() < 0.04:
            figure = chance.choice(("many", "12", -1, 1e6))
        name = item.id if chance.random() < 0.96 else chance.choice(("", "other", "*", "?", "=1+1", *vertical.inputs))
        lines.append(Entry(chance.choice(days), name, figure, chance.choice(("", "by phone", "=A1"))))
        if chance.random() < 0.05:
            lines.append(Entry(None, "", None, chance.choice(("", "a note alone"))))
    return lines


def books(catalogue, number):
    """A line of business in four years that begin in different months, and once without a first month."""
    vertical = catalogue.verticals[VERTICALS[number]]
    starts = [date(2027, (number + turn * 3) % 12 + 1, 1 + 8 * turn) for turn in range(4)]
    for turn, start in enumerate([*starts, None]):
        typed = random_year(vertical, number * 10 + turn, gaps=0.6)
        log = random_log(vertical, start, turn)
        yield start, build(catalogue, vertical, LANGUAGES[turn % 4], typed, start=start, log=log)


def test_every_month_is_tried_as_the_first():
    assert {(number + turn * 3) % 12 + 1 for number in range(len(VERTICALS)) for turn in range(4)} == set(range(1, 13))


@pytest.mark.parametrize("number", range(len(VERTICALS)), ids=VERTICALS)
def test_logs_of_chance_by_ironcalc_and_formualizer(catalogue, number, tmp_path, compared):
    for start, data in books(catalogue, number):
        compare("IronCalc", data, by_ironcalc, tmp_path, compared)
        compare("formualizer", data, by_formualizer, tmp_path, compared)
        logged_months = [
            formula.cached
            for (sheet, cell), formula in formulas(data).items()
            if sheet in {title_of("log", language) for language in LANGUAGES}
            and "I" <= cell[0] <= "T" and int(cell[1:]) > LOG_HEADER
        ]  # fmt: skip
        assert any(isinstance(value, float) for value in logged_months) is (start is not None)


@pytest.mark.libreoffice
@pytest.mark.parametrize("number", range(len(VERTICALS)), ids=VERTICALS)
def test_logs_of_chance_by_libreoffice(catalogue, number, libreoffice, tmp_path, compared):
    for _, data in books(catalogue, number):
        compare("LibreOffice", data, libreoffice.values, tmp_path, compared, exact_errors=False)


class Model:
    """A workbook as a user works in it: cells are found by the defined name of their range."""

    def __init__(self, data: bytes, folder) -> None:
        self.book, self.names = IronBook(data, folder), openpyxl.load_workbook(io.BytesIO(data)).defined_names

    def cell(self, name: str, column: int, row: int) -> tuple[str, str]:
        sheet, cells = self.names[name].attr_text.split("!")
        top, left = row_column(cells.split(":")[0].replace("$", ""))
        return sheet.strip("'"), f"{openpyxl.utils.get_column_letter(left + column)}{top + row}"

    def type(self, name: str, text: str, column: int = 0, row: int = 0) -> None:
        sheet, cell = self.cell(name, column, row)
        self.book.type(sheet, {cell: text})

    def see(self, name: str, column: int = 0, row: int = 0):
        return self.book.see(*self.cell(name, column, row))


def test_what_is_typed_by_hand_counts_at_once_and_the_log_again_when_it_is_cleared(catalogue, tmp_path):
    vertical = catalogue.verticals["remote-career-coaching"]
    log = [Entry(date(2026, 2, 3), HELD, 8), Entry(date(2026, 2, 4), "scheduled_sessions", 10)]
    model = Model(build(catalogue, vertical, "en", {}, start=JANUARY, log=log), tmp_path)
    february, check, counts = 1, 13, 4
    assert model.see("use_completed_sessions", february) == 8
    assert model.see("kpi_session_completion", february) == pytest.approx(80)
    assert model.see("in_completed_sessions", check) == "Months from the log: 1."
    assert model.see("log_entries", counts) == "Feb 2026"
    model.type("in_completed_sessions", "5", february)
    assert model.see("kpi_session_completion", february) == pytest.approx(50)
    assert not model.see("in_completed_sessions", check)
    assert model.see("log_entries", counts) == "Feb 2026 (typed by hand instead)"
    said = [model.see("log_entries", 20, row) for row in range(20)]
    assert [words for words in said if words] == ["Months typed by hand, which take precedence: 1"]
    model.type("in_completed_sessions", "none", february)
    assert model.see("use_completed_sessions", february) == ""
    assert model.see("kpi_session_completion", february) == ""
    assert "Text or TRUE" in model.see("in_completed_sessions", check)
    model.type("in_completed_sessions", "", february)
    assert model.see("kpi_session_completion", february) == pytest.approx(80)


def test_a_line_typed_by_a_user_counts_at_once(catalogue, tmp_path):
    vertical = catalogue.verticals["career-mentoring"]
    model = Model(build(catalogue, vertical, "en", {}, log=()), tmp_path)
    last = ROOM - 1
    for row in (0, last):
        for column, text in enumerate(("2026-03-31", "Satisfaction rating: one client's answer", "9")):
            model.type("log_entries", text, column, row)
    assert model.see("log_entries", 4, last) == "Mar 2026"
    assert model.see("use_counts", 2, 1) == 2
    assert model.see("use_counts", 2, 0) == 0
    assert model.see("kpi_client_satisfaction", 2) == pytest.approx(9)
    standing = model.book.see("Log", "A5")
    assert standing.startswith("The list is full: type the figures of past months by hand")
    model.type("set_first_month", "")
    assert model.see("use_counts", 2, 1) == ""
    standing = model.book.see("Log", "A5")
    assert standing.startswith("Type the first month of the year")
    assert "Lines that count nowhere: 2. Outside this workbook's year (2)." in standing


def test_a_part_above_its_whole_is_said_of_logged_months_too(catalogue):
    vertical = catalogue.verticals["remote-career-coaching"]
    log = [Entry(date(2026, 2, 3), "satisfied_clients", 8), Entry(date(2026, 2, 4), "surveyed_clients", 5)]
    log += [Entry(date(2026, 4, 4), "new_clients", -2)]
    book = openpyxl.load_workbook(io.BytesIO(build(catalogue, vertical, "en", {}, log=log)), data_only=True)
    inputs = sheet_of(book, "inputs")

    def said(name):
        return inputs.cell(
            row_column(book.defined_names[f"in_{name}"].attr_text.split("!")[1].split(":")[0].replace("$", ""))[0], 17
        ).value

    assert said("satisfied_clients").startswith("Cannot be more than")
    assert said("new_clients") == "A negative number is not possible here. Months from the log: 1."


@pytest.mark.parametrize("vertical", VERTICALS)
def test_a_log_moves_no_cell_to_type_in_and_changes_no_kpi(catalogue, vertical):
    chosen = catalogue.verticals[vertical]
    plain, log = build(catalogue, chosen, sample=True), build(catalogue, chosen, sample=True, log=())
    names = [openpyxl.load_workbook(io.BytesIO(data)).defined_names for data in (plain, log)]
    cells = [{name: each.attr_text for name, each in found.items()} for found in names]
    assert {name: cells[1][name] for name in cells[0]} == cells[0]
    assert cells[1].keys() - cells[0].keys() == {"log_entries", "log_kinds", "log_by_hand", "log_starts", "log_word"}
    after = formulas(log)
    before = {key: formula for key, formula in formulas(plain).items() if key[0] != "Check"}  # which lists every sheet
    changed = {key for key, formula in before.items() if after[key].text != formula.text}
    assert {sheet for sheet, _ in changed} == {"Inputs", "Calc"}
    assert {cell[0] for sheet, cell in changed if sheet == "Inputs"} == {"Q"}
    kpis = [(key, formula) for key, formula in before.items() if key[0] == "KPIs"]
    assert all(same(formula.cached, after[key].cached) for key, formula in kpis), "a sample of the same figures"
    assert any("Months from the log: 2." in str(formula.cached) for formula in after.values())
    assert build(catalogue, chosen, sample=True, log=()) == log


@pytest.mark.parametrize("sample", [False, True], ids=["empty", "sample"])
@pytest.mark.parametrize("number", range(len(VERTICALS)), ids=VERTICALS)
def test_every_file_with_a_log_is_valid(catalogue, number, sample, tmp_path):
    language = LANGUAGES[(number + sample) % 4]
    data = build(catalogue, catalogue.verticals[VERTICALS[number]], language, sample=sample, log=())
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    assert faults(path) == []
    assert lint(data) == []


@pytest.mark.node
def test_the_validator_of_microsoft_finds_nothing(catalogue, tmp_path):
    for number, vertical in enumerate(catalogue.verticals.values()):
        for sample in (False, True):
            language = LANGUAGES[number % 4]
            data = build(
                catalogue, vertical, language, sample=sample, log=() if sample else random_log(vertical, JANUARY, 1)
            )
            (tmp_path / file_name(vertical, language, sample, log=True)).write_bytes(data)
    said = sdk_errors(tmp_path.iterdir())
    assert len(said) == 2 * len(VERTICALS)
    assert not [error for errors in said.values() for error in errors]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_offers_what_can_be_logged_and_says_what_is_wrong(catalogue, language):
    vertical = catalogue.verticals["data-driven-career-coaching"]
    book = openpyxl.load_workbook(io.BytesIO(build(catalogue, vertical, language, log=())))
    cells = sheet_of(book, "log", language)
    first, last = book.defined_names["log_kinds"].attr_text.split("!")[1].replace("$", "").split(":")
    kinds = [row[0].value for row in book["Calc"][first:last]]
    items = [vertical.inputs[name] for name in logged.labels(vertical, catalogue.ui, language)]
    assert len(kinds) == len(items) == len(set(kinds)) == 12
    assert {item.kind for item in items} == {"flow", "level", "tally"}
    assert all(
        item.label.get_in(language) == kind for item, kind in zip(items, kinds, strict=True) if item.kind != "tally"
    )
    rules = {str(rule.sqref): rule for rule in cells.data_validations.dataValidation}
    area = f"{LOG_HEADER + 1}:{{0}}{LOG_HEADER + ROOM}"
    dates, what, figures = (rules[column + area.format(column)] for column in "ABC")
    assert (dates.errorStyle, what.formula1, figures.type) == ("warning", "log_kinds", "decimal")
    assert (dates.error, figures.error) == (
        catalogue.ui["valid.log_date"][language],
        catalogue.ui["valid.log"][language],
    )
    assert all(
        rule.showErrorMessage and rule.errorTitle == catalogue.ui["valid.title"][language] for rule in rules.values()
    )
    assert cells.freeze_panes == f"A{LOG_HEADER + 1}"
    assert {cells.cell(row, column).style for row in (8, 1007) for column in (1, 3)} <= {
        "xlkpi typed date",
        "xlkpi typed",
    }
    texts = {each.value for row in cells["A1:U7"] for each in row}
    shown = ("log.date", "log.what", "log.figure", "log.note", "log.counts", "log.summary", "log.by_hand")
    assert {catalogue.ui[key][language] for key in shown} <= texts
    assert book["_xlkpi"]["B6"].value == "yes"


def test_the_months_are_printed_before_the_list(catalogue):
    data = build(catalogue, catalogue.verticals["remote-resume-writing"], "fr", log=())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "'Journal'!$G$6:$U$20,'Journal'!$A$1:$E$1007<" in archive.read("xl/workbook.xml").decode()


def test_marks_exclude_one_another_and_show_what_is_typed_by_hand(catalogue):
    data = build(catalogue, catalogue.verticals["remote-resume-writing"], "en", log=())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        log, inputs = (archive.read(part(data, key)).decode() for key in ("log", "inputs"))
    assert log.count("<cfRule ") == 3
    assert log.count("log_by_hand") == 2
    blue = inputs.count("ISNUMBER(INDEX(use_")
    assert blue == len(logged.loggable(catalogue.verticals["remote-resume-writing"]))


def test_labels_that_look_like_patterns_or_one_another_are_told_apart(catalogue, tmp_path, compared):
    vertical = catalogue.verticals["remote-resume-writing"]
    strange = iter(["*", "?", "~*", "Same", "same", ">0", "=", "<>", "12", "a~", "A?", "a*"])
    inputs = {
        name: replace(item, label=Text({"en": next(strange, f"Label {name}")})) if item.kind == "flow" else item
        for name, item in vertical.inputs.items()
    }
    chosen = replace(vertical, inputs=inputs)
    found = logged.labels(chosen, catalogue.ui, "en")
    assert found["new_clients"] == "same (new_clients)" or "same (" in "".join(found.values())
    log = [Entry(date(2026, 1, 1 + number), name, 10**number) for number, name in enumerate(found) for _ in range(2)]
    assert all(sum(cell or 0 for cell in cells) for cells in monthly(chosen, JANUARY, log).values())
    data = build(catalogue, chosen, "en", {}, log=log)
    compare("IronCalc", data, by_ironcalc, tmp_path, compared)
    compare("formualizer", data, by_formualizer, tmp_path, compared)
    named = [replace(entry, input=found[entry.input].upper()) for entry in log]
    assert formulas(build(catalogue, chosen, "en", {}, log=named))["Log", "A5"].cached == ""


# lines | lines below which the list ends | whether it is said to be full
ROOMS = [(0, ROOM, False), (ROOM - 1, ROOM, False), (ROOM, ROOM, True), (ROOM + 1, 2 * ROOM, False)]


@pytest.mark.parametrize("lines, room, full", ROOMS)
def test_a_long_log_gets_room(catalogue, tmp_path, compared, lines, room, full):
    vertical = catalogue.verticals["remote-resume-writing"]
    log = [Entry(date(2026, 3, 1), "completed_resumes")] * lines
    data = build(catalogue, vertical, "en", {}, log=log)
    compare("IronCalc", data, by_ironcalc, tmp_path, compared)
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert book.defined_names["log_entries"].attr_text.endswith(f"$D${LOG_HEADER + room}")
    assert str(sheet_of(book, "log")["A5"].value).startswith("The list is full") is full
    use = book.defined_names["use_completed_resumes"].attr_text.split("!")[1].replace("$", "")
    assert [cell.value or 0 for cell in book["Calc"][use][0]][:4] == [0, 0, lines, 0]
    read_back = log + [Entry(None, "")] * (room - lines)
    assert build(catalogue, vertical, "en", {}, log=read_back) == data


def test_where_nothing_can_be_logged_there_is_no_such_sheet(catalogue):
    vertical = catalogue.verticals["remote-resume-writing"]
    kpi = next(kpi for kpi in vertical.kpis.values() if kpi.year == "compound")
    inputs = {name: replace(vertical.inputs[name], kind="closing", carry="") for name in kpi.values[""].arguments}
    book = openpyxl.load_workbook(
        io.BytesIO(build(catalogue, replace(vertical, kpis={kpi.id: kpi}, inputs=inputs), log=()))
    )
    assert title_of("log") not in book.sheetnames
    assert book["_xlkpi"]["B6"].value == "no"


def test_the_command_builds_a_workbook_with_a_log(tmp_path):
    result = run(
        "build", "career-mentoring", "--lang", "pt", "--log", "--sample", "--start", "2026-07", "--out", str(tmp_path)
    )
    assert result.exit_code == 0
    path = tmp_path / "career-mentoring.pt.log.sample.xlsx"
    assert str(path) in result.output
    book = openpyxl.load_workbook(path, data_only=True)
    titles = [title_of(key, "pt") for key in ("inputs", "last_year", "log", "kpis")]
    assert [title for title in book.sheetnames if title in titles] == titles
    cells = book["Registro"]
    counts = [row[0].value for row in cells["E8:E200"] if row[0].value]
    assert {"maio 2027", "jun. 2027", "abr. 2027 (vale o digitado à mão)"} == set(counts)
    assert cells["A5"].value is None
