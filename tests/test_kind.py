"""What makes a workbook kind to its user: protection, the first page, links, shapes, and pages that print well."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pypdfium2
import pytest
import sheets
from engines import formulas
from openpyxl.cell import MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from trades import EVERY

import xlkpi
from xlkpi.names import LANGUAGES
from xlkpi.texts import LEVEL_KEYS
from xlkpi.workbook import build
from xlkpi.workbook.links import HOME
from xlkpi.workbook.style import LEVEL_SHAPES, TYPED

VERTICALS = EVERY
PAIRS = [(vertical, LANGUAGES[number % 4]) for number, vertical in enumerate(VERTICALS)]
PAIRS += [("remote-career-coaching", language) for language in LANGUAGES if language != PAIRS[2][1]]
SHEETS = [key.removeprefix("start.about_") for key in xlkpi.load().ui if key.startswith("start.about_")]
SHEETS_THAT_SCROLL = ("inputs", "kpis", "trends", "benchmarks", "functions", "lambdas")
YELLOW = f"00{TYPED}"


@pytest.fixture(scope="module")
def catalogue(every):
    return every


@pytest.fixture(scope="module")
def files(catalogue):
    return {
        (vertical, language, sample): build(catalogue, catalogue.verticals[vertical], language, sample=sample)
        for (vertical, language), sample in itertools.product(PAIRS, (False, True))
    }


@pytest.fixture(scope="module")
def books(files):
    return {key: openpyxl.load_workbook(io.BytesIO(data)) for key, data in files.items()}


def cells_of(sheet):
    """Every cell; of those that are merged the first."""
    return (cell for row in sheet.iter_rows() for cell in row if not isinstance(cell, MergedCell))


# -- protection ----------------------------------------------------------------------------------------


def test_every_sheet_is_protected_without_a_password(books):
    for book in books.values():
        for sheet in book:
            guard = sheet.protection
            assert guard.sheet is (sheet.title != "_xlkpi"), sheet.title
            assert guard.password is None
            assert not guard.hashValue
            if guard.sheet:  # True means forbidden, in the file as well
                allowed = (guard.formatCells, guard.formatColumns, guard.formatRows, guard.sort, guard.autoFilter)
                assert not any((*allowed, guard.selectLockedCells, guard.selectUnlockedCells)), sheet.title
                assert guard.insertRows
                assert guard.deleteColumns


def test_cells_to_type_in_are_open_and_no_others(books):
    for book in books.values():
        opened = {}
        for sheet in book:
            opened[sheet.title] = {cell.coordinate for cell in cells_of(sheet) if not cell.protection.locked}
            for name in opened[sheet.title]:
                assert sheet[name].data_type != "f", (sheet.title, name)
                assert sheet[name].fill.fgColor.rgb == YELLOW, (sheet.title, name)
        assert sum(map(len, opened.values())) > 100
        for name, defined in book.defined_names.items():
            title, area = defined.attr_text.rsplit("!", 1)
            left, top, right, bottom = range_boundaries(area.replace("$", "")) if name[:4] != "KPI." else (0, 0, 0, 0)
            if not re.match("in_|bench_|target_|set_", name):
                continue
            for row, column in itertools.product(range(top, bottom + 1), range(left, right + 1)):
                assert f"{get_column_letter(column)}{row}" in opened[title.strip("'")], (name, row, column)


def test_tab_begins_at_the_first_cell_to_type_in_and_meets_none_that_is_hidden(books, every):
    """Excel and LibreOffice go through the open cells of a protected sheet row by row."""
    for (vertical, language, _), book in books.items():
        # Where a range is best there is no word to choose beside where its bands begin.
        begins = "F5" if next(every.verticals[vertical].rows())[0].better == "range" else "E5"
        for key, first in (("inputs", "D4"), ("benchmarks", begins)):
            sheet = sheets.sheet(book, key, language)
            opened = [cell for cell in cells_of(sheet) if not cell.protection.locked]
            assert opened[0].coordinate == first
            assert sheet.sheet_view.selection
            assert {part.activeCell for part in sheet.sheet_view.selection} == {first}
            for cell in opened:
                hidden = sheet.column_dimensions[cell.column_letter].hidden or sheet.row_dimensions[cell.row].hidden
                assert not hidden, cell.coordinate


@pytest.mark.libreoffice
def test_libreoffice_sees_what_is_locked_and_what_is_open(files, libreoffice, tmp_path):
    for key in (("remote-career-coaching", "fr", True), ("career-mentoring", "en", False)):
        book = openpyxl.load_workbook(io.BytesIO(files[key]))
        opened = [(s.title, c.coordinate) for s in book for c in cells_of(s) if not c.protection.locked]
        locked = list(formulas(files[key]))
        asked = [*opened, *locked, ("_xlkpi", "A1")]
        found = libreoffice.looks(files[key], asked, tmp_path)
        assert len(opened) > 100
        assert len(locked) > 1000
        assert {tuple(found[cell][:2]) for cell in opened} == {(True, False)}
        assert {tuple(found[cell][:2]) for cell in locked} == {(True, True)}
        assert found["_xlkpi", "A1"][0] is False


# -- the first page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_the_start_sheet_has_three_steps_a_legend_and_the_sheets_there_are(catalogue, books, vertical, language):
    for sample in (False, True):
        book = books[vertical, language, sample]
        start = sheets.sheet(book, "start", language)
        texts = {cell.value: cell for cell in cells_of(start) if cell.value}
        assert [start.cell(row, 1).value for row in (5, 6, 7)] == ["1", "2", "3"]
        assert all(start.cell(row, 2).hyperlink.location for row in (5, 6, 7))
        for level, shape in enumerate(LEVEL_SHAPES):
            word = catalogue.ui[LEVEL_KEYS[level]][language]
            assert f"{shape} {word}" in texts
        assert catalogue.ui["start.empty"][language] in texts
        assert (catalogue.ui["inputs.sample"][language] in texts) is sample
        for key in SHEETS:
            seen = f"sheet.{key}" in catalogue.ui and sheets.title(key, language) in book.sheetnames
            assert (catalogue.ui[f"start.about_{key}"][language] in texts) is (seen and key != "start"), key
            if seen and key != "start":
                assert (
                    texts[sheets.title(key, language)]
                    .hyperlink.location.strip("'")
                    .startswith(sheets.title(key, language))
                )
        visible = {sheet.title for sheet in book if sheet.sheet_state == "visible"}
        listed = {title for title in visible if title in texts}
        assert listed == visible - {start.title}


def test_an_empty_template_opens_on_the_start_sheet(files, books):
    for (vertical, language, sample), book in books.items():
        if not sample:
            assert book.active.title == sheets.title("start", language), vertical
        selected = [sheet.title for sheet in book if sheet.sheet_view.tabSelected]
        assert selected == [book.active.title], "two selected sheets are typed into at once"


# -- links ---------------------------------------------------------------------------------------------


def broken_links(book: openpyxl.Workbook) -> list[str]:
    """The links that lead nowhere: to no sheet, or beyond what is used of one."""
    wrong = []
    for sheet in book:
        for cell in cells_of(sheet):
            if (link := cell.hyperlink) is None:
                continue
            title, _, place = link.location.rpartition("!")
            target = title[1:-1].replace("''", "'") if title.startswith("'") else title
            if target not in book.sheetnames or book[target].sheet_state != "visible":
                wrong.append(f"{sheet.title}!{cell.coordinate}: {link.location}")
                continue
            column, row, *_ = range_boundaries(place)
            bottom = max(book[target].max_row, *[chart.anchor.to.row for chart in book[target]._charts], 0)
            right = max(book[target].max_column, *[chart.anchor.to.col for chart in book[target]._charts], 0)
            if row > bottom or column > right:
                wrong.append(f"{sheet.title}!{cell.coordinate}: {link.location}")
    return wrong


def test_every_link_leads_somewhere_and_is_underlined(books):
    for book in books.values():
        assert broken_links(book) == []
        links = [cell for sheet in book for cell in cells_of(sheet) if cell.hyperlink]
        assert len(links) > 25
        for cell in links:
            assert cell.hyperlink.target is None, "a link inside the file needs no relationship"
            assert cell.font.u == "single" or cell.value is None
        plain = [c for sheet in book for c in cells_of(sheet) if c.font.u and not c.hyperlink and c.value is not None]
        assert plain == [], "what is underlined is a link"


@pytest.mark.parametrize("location", ["Nowhere!A1", "KPIs!A999", "KPIs!XFD1", "Calc!A1"])
def test_a_broken_link_is_found(files, location):
    book = openpyxl.load_workbook(io.BytesIO(files["career-mentoring", "en", False]))
    cell = next(cell for cell in cells_of(book["Start"]) if cell.hyperlink)
    cell.hyperlink.location = location
    assert broken_links(book) == [f"Start!{cell.coordinate}: {location}"]


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_a_kpi_its_benchmark_and_its_chart_lead_to_one_another(catalogue, books, vertical, language):
    book = books[vertical, language, True]
    kpis, bench, trends = (sheets.sheet(book, key, language) for key in ("kpis", "benchmarks", "trends"))
    for place, (kpi, _) in enumerate(catalogue.verticals[vertical].rows()):
        row = 5 + place
        assert kpis.cell(row, 21).hyperlink.location == f"{bench.title}!A{row}"
        assert bench.cell(row, 1).hyperlink.location == f"{kpis.title}!A{row}"
        anchor = trends._charts[place].anchor
        corner = f"{get_column_letter(anchor._from.col + 1)}{anchor._from.row + 1}"
        assert kpis.cell(row, 1).hyperlink.location == f"{trends.title}!{corner}"
        back = trends.cell(anchor.to.row + 1, anchor._from.col + 1)
        assert back.hyperlink.location == f"{kpis.title}!A{row}"
        for cell in (kpis.cell(row, 21), bench.cell(row, 1), kpis.cell(row, 1), back):
            assert kpi.name.get_in(language) in cell.hyperlink.tooltip


def test_each_sheet_has_a_way_back_at_its_top(books):
    for (_, language, _), book in books.items():
        home = sheets.title(HOME, language)
        apart = {sheets.title("start", language), home}
        for sheet in book:
            if sheet.sheet_state == "visible" and sheet.title not in apart:
                top = [cell for cell in cells_of(sheet) if cell.row < 3 and cell.hyperlink]
                assert [cell.value for cell in top] == [f"← {home}"], sheet.title


# -- status as word and shape --------------------------------------------------------------------------


def widest(code: str) -> str:
    """The most that a number format shows of an amount of six figures, 100 % or a negative one."""
    first = code.split(";")[0]
    text = re.sub(r'"([^"]*)"', r"\1", first).replace("* ", "")
    return text.replace("#,##0", "123,456" if ".00" in first else "1,234").replace(
        "0.0", "-100.0" if "%" in first else "0.0"
    )


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_each_band_has_a_shape_in_its_number_format(catalogue, files, books, vertical, language):
    book = books[vertical, language, True]
    sheet, codes = sheets.sheet(book, "kpis", language), {}
    for area in sheet.conditional_formatting:
        match = re.fullmatch(r"D(\d+):P\1", str(area.sqref))
        for level, rule in enumerate(area.rules if match else ()):
            number = rule.dxf.numFmt
            plain = sheet[f"D{match[1]}"].number_format
            assert number.formatCode.startswith(f'"{LEVEL_SHAPES[level]} "* {plain}')
            assert number.formatCode.endswith(f"-{plain}"), "the sign stays with the figure"
            assert not is_date_format(number.formatCode)
            assert rule.formula == [f"AND(ISNUMBER(W{match[1]}),W{match[1]}={level})"]
            assert codes.setdefault(number.numFmtId, number.formatCode) == number.formatCode
            assert len(widest(number.formatCode)) <= sheet.column_dimensions["D"].width
    assert len(codes) == len(set(codes.values())) >= 4
    assert min(codes) >= 164
    with zipfile.ZipFile(io.BytesIO(files[vertical, language, True])) as archive:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    own = {each.get("numFmtId") for each in styles.iterfind("{*}numFmts/{*}numFmt")}
    assert not own & {str(number) for number in codes}


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_band_words_stand_behind_their_shapes(catalogue, files, vertical, language):
    book = openpyxl.load_workbook(io.BytesIO(files[vertical, language, True]), data_only=True)
    sheet = sheets.sheet(book, "kpis", language)
    words = {level: f"{shape} {catalogue.ui[LEVEL_KEYS[level]][language]}" for level, shape in enumerate(LEVEL_SHAPES)}
    outside = f"{LEVEL_SHAPES[0]} {catalogue.ui['level.outside'][language]}"
    seen = set()
    for row, (kpi, _) in enumerate(catalogue.verticals[vertical].rows(), 5):
        own = words | ({0: outside} if kpi.better == "range" else {})
        for column, number in (("S", "AI"), ("T", "AJ")):
            level = sheet[f"{number}{row}"].value
            assert sheet[f"{column}{row}"].value == (own[level] if isinstance(level, int) else None)
            seen.add(level)
    assert len(seen) > 2
    assert [c.value for c in sheet[7 + len(list(catalogue.verticals[vertical].rows())) - 1] if c.value][1:] == list(
        words.values()
    )


@pytest.mark.libreoffice
def test_libreoffice_shows_every_shape_and_no_column_is_too_narrow(catalogue, libreoffice, tmp_path):
    for vertical, language in (("remote-career-coaching", "fr"), ("data-driven-career-coaching", "en")):
        data = build(catalogue, catalogue.verticals[vertical], language, sample=True)
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        sheet = sheets.sheet(book, "kpis", language)
        rows = range(5, 5 + len(list(catalogue.verticals[vertical].rows())))
        levels = [sheet.cell(row, column).value for row in rows for column in range(23, 36)]
        pdf = libreoffice.printed(data, tmp_path)
        shown = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
        title = " ".join(sheet["A1"].value.split())
        # A hidden column at the edge of a page leaves marks of its own there, which nobody sees.
        pages = [page for page in shown if title in " ".join(page.split())]
        assert pages
        assert not any("##" in page for page in pages)
        for level, shape in enumerate(LEVEL_SHAPES):
            assert "".join(pages).count(shape) == levels.count(level) + 1, "each figure of the band, and the legend"


# -- pages that print well -----------------------------------------------------------------------------


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_every_sheet_is_set_up_for_print(catalogue, books, vertical, language):
    book = books[vertical, language, True]
    for sheet in book:
        if sheet.sheet_state != "visible":
            continue
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, int(sheet.page_setup.paperSize)) == (1, 9)
        assert sheet.page_setup.orientation in ("portrait", "landscape")
        assert sheet.oddFooter.right.text == "&P / &N"
        assert catalogue.verticals[vertical].name.get_in(language) in sheet.oddFooter.left.text
        assert sheet.print_area
    start = sheets.sheet(book, "start", language)
    assert (start.page_setup.fitToHeight, start.page_setup.orientation) == (1, "portrait")
    for key in SHEETS_THAT_SCROLL:
        sheet = sheets.sheet(book, key, language)
        assert sheet.freeze_panes, key
        assert sheet.print_title_rows, key
    for key, repeated in (("kpis", "$A:$A"), ("benchmarks", "$A:$B")):
        sheet = sheets.sheet(book, key, language)
        assert len(str(sheet.print_area).split(",")) == 2, "figures on one page, what they mean on the next"
        assert sheet.print_title_cols == repeated
