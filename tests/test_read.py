"""Reading filled workbooks: what users type, what other programs make of the file, and files that are none of ours."""

from __future__ import annotations

import io
import itertools
import random
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from filled import full_year, place, read, resaved, with_cell, with_parts, without

import xlkpi
from xlkpi.model import Band
from xlkpi.names import HOSTS, LANGUAGES
from xlkpi.series import Settings
from xlkpi.workbook import build
from xlkpi.workbook.read import read_workbook
from xlkpi.workbook.saved import ErrorValue, Saved, SavedCell, WorkbookError

VERTICALS = list(xlkpi.load().verticals)
PAIRS = [*itertools.product(VERTICALS, LANGUAGES)]
GOOD = Path(__file__).parent / "broken" / "good.toml"


@pytest.fixture(scope="module")
def coaching(catalogue):
    return catalogue.verticals["remote-career-coaching"]


@pytest.fixture(scope="module")
def book(catalogue, coaching) -> bytes:
    return build(catalogue, coaching, "en", full_year(coaching))


@pytest.mark.parametrize("vertical, language", PAIRS)
def test_what_was_typed_comes_back(catalogue, vertical, language):
    chosen = catalogue.verticals[vertical]
    typed = full_year(chosen)
    targets = {name: 10.0 + place for place, name in enumerate(chosen.kpis) if len(chosen.kpis[name].segments) == 1}
    settings = Settings("BRL", 5.25, targets) if "set_rate" in names(catalogue, chosen) else Settings(targets=targets)
    data = build(catalogue, chosen, language, typed, settings, date(2027, 4, 1), sample=True, lambdas=False)
    for saved in (data, resaved(data)):
        found = read(saved)
        assert (found.version, found.vertical.id, found.language) == (xlkpi.__version__, vertical, language)
        assert (found.host, found.sample, found.lambdas, found.start) == ("plain", True, False, date(2027, 4, 1))
        assert {name: found.typed[name] for name in typed} == typed
        assert replace(found.settings, previous={}) == settings
        assert found.as_changed == chosen
        assert found.own_sheets == ()


def names(catalogue, vertical) -> list[str]:
    return list(Saved(build(catalogue, vertical)).names)


@pytest.mark.parametrize("host", HOSTS)
def test_the_host_comes_back(catalogue, coaching, host):
    assert read(build(catalogue, coaching, host=host)).host == host


# what stands in the cell as a file holds it | its type | what is read
TYPED = [
    ("<v>12.5</v>", "", 12.5),
    ("<v>12</v>", "n", 12),
    ("<v>1E3</v>", "", 1000),
    ("<is><t>12</t></is>", "inlineStr", "12"),
    ("<is><r><t>about </t></r><r><t>12</t></r><rPh><t>x</t></rPh></is>", "inlineStr", "about 12"),
    ("<is><t>2026-01-01</t></is>", "inlineStr", "2026-01-01"),
    ("<is><t>a_x000D_b_x0001_</t></is>", "inlineStr", "a\rb_x0001_"),
    ("<is><t></t></is>", "inlineStr", None),
    ("<v>1</v>", "b", True),
    ("<v>#N/A</v>", "e", "#N/A"),
    ("<f>12+3</f><v>15</v>", "", 15),
    ("<f>12+3</f><v></v>", "", None),
    ('<f>"n"&amp;"/a"</f><v>n/a</v>', "str", "n/a"),
    ("<v>2026-01-01T00:00:00</v>", "d", 46023),
]


@pytest.mark.parametrize("inside, kind, value", TYPED)
def test_cells_are_kept_as_they_are(book, inside, kind, value):
    sheet, cell = place(book, "in_new_clients", month=2)
    found = read(with_cell(book, sheet, cell, inside, kind))
    entry = found.entries["in_new_clients"][0][2]
    assert (entry.sheet, entry.cell) == (sheet, cell)
    assert entry.value == value
    assert type(entry.value) is type(value) or isinstance(entry.value, ErrorValue)
    assert isinstance(entry.value, ErrorValue) == (kind == "e")
    assert entry.formula == (re.search("<f>(.*)</f>", inside)[1].replace("&amp;", "&") if "<f>" in inside else "")
    assert found.typed["new_clients"][2] == value


def test_cells_are_found_by_their_names_wherever_they_stand(catalogue, coaching, book):
    def move(opened: openpyxl.Workbook) -> None:
        name = opened.defined_names["in_new_clients"]
        sheet, cells = name.attr_text.split("!")
        row = re.search(r"\d+", cells)[0]
        for column in range(4, 16):
            opened[sheet].cell(200, column, column * 2)
        name.attr_text = f"{sheet}!{cells.replace(row, '200')}"

    assert read(resaved(book, move)).typed["new_clients"] == [column * 2 for column in range(4, 16)]


@pytest.mark.parametrize("text, day", [("<v>46113.6</v>", date(2026, 4, 1)), ("<v>-1</v>", None), ("<v>1E9</v>", None)])
def test_the_first_month_is_a_day_or_nothing(book, text, day):
    sheet, cell = place(book, "set_first_month")
    assert read(with_cell(book, sheet, cell, text)).start == day


def test_a_workbook_that_counts_days_from_1904(book):
    older = with_parts(book, lambda name, text: re.sub("<workbookPr(?=[ >])", '<workbookPr date1904="1"', text))
    assert read(older).start == date(2030, 1, 2)  # 1,462 days further on, as Excel shows it


def test_thresholds_as_the_user_has_them_now(catalogue, coaching, book):
    def change(opened: openpyxl.Workbook) -> None:
        def put(name: str, value: object) -> None:
            sheet, cell = opened.defined_names[name].attr_text.replace("$", "").split("!")
            opened[sheet][cell] = value

        put("bench_client_satisfaction_typical", 75)
        put("operator_client_satisfaction_typical", "More than")
        put("bench_client_satisfaction_above", None)
        put("bench_client_retention_above", 85.5)
        put("bench_job_placement_typical", "n/a")
        put("operator_time_to_milestone_typical", "less than")
        put("period_client_retention", "year")
        put("period_revenue_per_user", "whenever")

    found = read(resaved(book, change)).as_changed
    assert found.kpis["client_satisfaction"].bands[""] == (Band(1, ">", 75.0), Band(3, ">=", 95.0))
    assert found.kpis["client_retention"].bands[""][1] == Band(2, ">=", 85.5)
    assert [band.level for band in found.kpis["job_placement"].bands[""]] == [2, 3]
    assert found.kpis["time_to_milestone"].bands[""][0] == Band(1, "<", 8.0)
    assert found.kpis["client_retention"].benchmark.period == "year"
    assert found.kpis["revenue_per_user"].benchmark.period == ""
    assert found.source == coaching.source
    assert read(book).as_changed == coaching


def test_every_threshold_has_a_name(catalogue):
    for vertical in [*catalogue.verticals.values(), xlkpi.load(GOOD).verticals["good"]]:
        found = Saved(build(xlkpi.load(GOOD), vertical))
        for kpi, segment in vertical.rows():
            row = f"{kpi.id}_{segment}" if segment else kpi.id
            cells = [found.area(f"period_{row}"), found.area(f"target_{row}")]
            for band in ("typical", "above", "exceptional"):
                cells += [found.area(f"bench_{row}_{band}")]
                other = found.area(f"{'upper' if kpi.better == 'range' else 'operator'}_{row}_{band}")
                side = 1 if kpi.better == "range" else -1
                assert other.first_column == cells[-1].first_column + side
                cells.append(other)
            assert len({(area.sheet, area.rows[0][0]) for area in cells}) == 8


def test_a_file_of_ones_own_explains_itself():
    own = xlkpi.load(GOOD)
    vertical = own.verticals["good"]
    data = build(own, vertical, "pt", full_year(vertical))
    found = read(data)
    assert found.vertical == vertical
    assert {name: found.typed[name] for name in full_year(vertical)} == full_year(vertical)
    assert "good" not in xlkpi.load().verticals


def test_a_changed_definition_is_read_from_the_file_not_from_what_is_shipped(catalogue, coaching):
    source = coaching.source.replace('typical = ">= 80", above = "> 90"', 'typical = ">= 79", above = "> 91"')
    other = replace(coaching, source=source)
    found = read(build(catalogue, other))
    assert found.vertical.kpis["client_satisfaction"].bands[""][:2] == (Band(1, ">=", 79.0), Band(2, ">", 91.0))
    assert found.catalogue.verticals["remote-career-coaching"] is found.vertical
    assert list(found.catalogue.verticals) == list(catalogue.verticals)


def test_functions_that_a_file_borrows_come_with_it(tmp_path):
    lender, borrower = tmp_path / "lender.toml", tmp_path / "borrower.toml"
    text = GOOD.read_text("utf-8")
    lender.write_text(text, "utf-8")
    used = re.sub(r"(?ms)^\[function\.GUESTGROWTH.*?(?=^\[(?!function\.GUESTGROWTH))", "", text)
    used = re.sub(r"(?ms)^\[function\.(?!GUESTGROWTH).*?(?=^\[)", "", used)
    borrower.write_text(used, "utf-8")
    own = xlkpi.load(lender, borrower)
    found = read(build(own, own.verticals["borrower"]))
    assert found.vertical == own.verticals["borrower"]
    assert "lender" not in found.catalogue.verticals


def test_sheets_of_the_user_are_named(book):
    assert read(resaved(book, lambda opened: opened.create_sheet("Mine"))).own_sheets == ("Mine",)


def test_shared_strings_and_shared_formulas(book):
    """As Excel writes them: texts once for the whole file, a row's formula once for the row."""
    before = Saved(book)
    title = "KPIs"
    first = before.cells(title)["D5"].formula
    changed = book
    for place_, cell in enumerate("DEFGHIJKLMNO"):
        value = before.cells(title)[f"{cell}5"].value
        inside = (
            f'<f t="shared" ref="D5:O5" si="3">{first.replace("<", "&lt;")}</f>'
            if not place_
            else '<f t="shared" si="3"></f>'
        )
        changed = with_cell(changed, title, f"{cell}5", f"{inside}<v>{value}</v>")
    assert Saved(changed).cells(title) == before.cells(title)


def test_the_strict_edition_of_the_format(book):
    def strict(name: str, text: str) -> str:
        text = text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        return text.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )

    assert read(with_parts(book, strict)).typed == read(book).typed


def zipped(parts: dict[str, bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return result.getvalue()


def plain_workbook() -> bytes:
    result = io.BytesIO()
    openpyxl.Workbook().save(result)
    return result.getvalue()


def last_sheet(data: bytes) -> str:
    """The part of the hidden sheet with the definition."""
    return f"xl/worksheets/sheet{len(Saved(data).titles)}.xml"


def without_definition(data: bytes) -> bytes:
    return resaved(data, lambda opened: opened.remove(opened["_xlkpi"]))


def redefined(data: bytes, old: str, new: str) -> bytes:
    def change(opened: openpyxl.Workbook) -> None:
        for row in opened["_xlkpi"].iter_rows():
            for cell in row:
                if old in str(cell.value):
                    cell.value = str(cell.value).replace(old, new)

    return resaved(data, change)


def bomb(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, "xl/workbook.xml": b"a" * 120_000_000})


def names_in(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# what the file is | how it comes about | words of the message
REFUSED = [
    ("empty", lambda data: b"", "The file is empty"),
    ("text", lambda data: b"PKW;1;2", "no Excel workbook"),
    ("csv", lambda data: b"month;1;2", "no Excel workbook"),
    ("old format", lambda data: OLD + bytes(1000), "old format (.xls)"),
    ("encrypted", lambda data: OLD + bytes(1000) + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
    ("cut short", lambda data: data[: len(data) // 2], "damaged"),
    ("opendocument", lambda data: zipped({"mimetype": b"x", "content.xml": b"<a/>"}), "OpenDocument"),
    ("binary", lambda data: zipped({"xl/workbook.bin": b"x"}), "binary workbook"),
    ("a zip", lambda data: zipped({"readme.txt": b"x"}), "damaged, or no Excel workbook"),
    ("another workbook", lambda data: plain_workbook(), "no workbook of xlkpi"),
    ("without definition", without_definition, "no workbook of xlkpi"),
    ("bomb", bomb, "unpack to far more"),
    ("too large", lambda data: data + bytes(20_000_001), "larger than 20 MB"),
    ("document type", lambda data: with_parts(data, lambda n, t: t.replace("?>", "?><!DOCTYPE a []>", 1)), "document type"),
    ("a part is missing", lambda data: without(data, last_sheet(data)), "damaged"),
    ("no relationships", lambda data: without(data, "xl/_rels/workbook.xml.rels"), "damaged"),
    ("unknown language", lambda data: with_fact(data, 3, "xx"), "no workbook of xlkpi"),
    ("unknown host", lambda data: with_fact(data, 5, "cloud"), "no workbook of xlkpi"),
    ("another name", lambda data: with_fact(data, 2, "CON"), "cannot be used"),
    ("no definition", lambda data: with_fact(data, 2, "tea-shop"), "cannot be used"),
    ("broken definition", lambda data: redefined(data, "[kpi.", "[kpi"), "cannot be used"),
    ("hostile formula", lambda data: redefined(data, "completed_sessions / scheduled_sessions", "__import__('os')"), "cannot be used"),
]  # fmt: skip


def with_fact(data: bytes, row: int, value: str) -> bytes:
    def change(opened: openpyxl.Workbook) -> None:
        opened["_xlkpi"].cell(row, 2, value)

    return resaved(data, change)


@pytest.mark.parametrize("spoil, words", [fault[1:] for fault in REFUSED], ids=[fault[0] for fault in REFUSED])
def test_what_cannot_be_read_gets_a_message(book, tmp_path, spoil, words):
    path = tmp_path / "book.xlsx"
    path.write_bytes(spoil(book))
    with pytest.raises(WorkbookError, match=re.escape(words)):
        read_workbook(path)


def test_what_is_not_there_gets_a_message(tmp_path):
    with pytest.raises(WorkbookError, match="no such file"):
        read_workbook(tmp_path / "book.xlsx")
    with pytest.raises(WorkbookError, match="folder"):
        read_workbook(tmp_path)
    with pytest.raises(WorkbookError, match="cannot be read"):
        read_workbook(Path("a\0b.xlsx"))


def test_a_bomb_is_not_inflated(book, monkeypatch):
    spoiled = bomb(book)
    inflated = []
    original = zipfile.ZipFile.read
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *a: inflated.append(a[1].file_size) or original(*a))
    with pytest.raises(WorkbookError):
        Saved(spoiled)
    assert sum(inflated) < 100_000


def everything(data: bytes) -> None:
    """Read all that a workbook holds."""
    found = read(data)
    assert found.typed
    assert found.settings
    assert found.as_changed
    for title in found.saved.titles:
        found.saved.cells(title)


def message(data: bytes) -> str | None:
    """What is said of a file that cannot be read."""
    try:
        everything(data)
    except WorkbookError as error:
        return str(error)
    return None


@pytest.mark.parametrize("seed", range(200))
def test_a_damaged_file_is_read_or_gets_a_message(book, seed):
    chance = random.Random(seed)
    spoiled = bytearray(book)
    if seed % 2:
        for _ in range(chance.choice((1, 3, 30, 300))):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    else:  # the list of parts at the end, where a byte means most
        for _ in range(chance.choice((1, 3, 10))):
            spoiled[-chance.randrange(1, 3000)] = chance.randrange(256)
    said = message(bytes(spoiled))
    assert said is None or said[0].isupper()


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_part_is_read_or_gets_a_message(book, seed):
    chance = random.Random(seed)
    part = chance.choice([name for name in names_in(book) if name.startswith(("xl/w", "_rels", "xl/_rels"))])

    def change(name: str, text: str) -> str:
        if name != part:
            return text
        start = chance.randrange(len(text))
        return text[:start] + chance.choice(("", "<", "&", "9", 'r="A1"', "</c>", "\x01", "é" * 9)) + text[start + 1 :]

    said = message(with_parts(book, change))
    assert said is None or said[0].isupper()


def test_a_lone_cell_far_away_costs_nothing(book):
    far = with_parts(
        book,
        lambda n, t: t.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    assert Saved(far).cells("Inputs")["XFD1048576"] == SavedCell(1)
    assert read(far).typed == read(book).typed
