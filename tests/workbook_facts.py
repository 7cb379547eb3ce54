"""What a workbook holds, read from its parts as they stand, so that two files can be compared fact by fact.

Each aspect is a table: where something stands (a sheet and a cell, a column, a name) and what it is. A rule that lies
over an area is told for each of its cells, since programs cut areas up and join them as they please.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl.formula.translate import Translator
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange

Facts = dict[str, dict[Any, Any]]
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NUMBER = re.compile(r'"(?:[^"]|"")*"|(?<![\w.$!])\d+\.?\d*(?:[Ee][+-]?\d+)?(?![\w.!:(])')
_YES = ("1", "true")


def read(data: bytes) -> Facts:
    """Return every aspect of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        trees = {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }
    return _Reader(trees).read()


def spelled(formula: str) -> str:
    """Write the numbers of a formula one way: programs agree on 1E-9, but not on how to spell it."""
    return _NUMBER.sub(lambda one: one[0] if one[0][0] == '"' else repr(float(one[0])), formula)


class _Reader:
    def __init__(self, trees: dict[str, Element]) -> None:
        self.trees = trees
        self.book = trees["xl/workbook.xml"]
        self.strings = [_text(one) for one in trees.get("xl/sharedStrings.xml", Element("sst"))]
        related = self._related("xl/workbook.xml")
        self.sheets = {
            one.get("name", ""): related[one.get(f"{_RELATION}id", "")] for one in self.book.iterfind(".//{*}sheet")
        }
        self.facts: Facts = {}
        self._styles(trees["xl/styles.xml"])

    def put(self, aspect: str, key: Any, value: Any) -> None:
        self.facts.setdefault(aspect, {})[key] = value

    def read(self) -> Facts:
        titles = list(self.sheets)
        for one in self.book.iterfind(".//{*}sheet"):
            self.put("sheets", one.get("name"), one.get("state", "visible"))
        for one in self.book.iterfind(".//{*}definedName"):
            scope, name = one.get("localSheetId"), one.get("name", "")
            key = (titles[int(scope)] if scope else "", name)
            self.put("LAMBDAs" if name.startswith("KPI.") else "names", key, _unquoted(one.text or ""))
            self.put("comments of names", key, one.get("comment", ""))
        calculation = self.book.find("{*}calcPr")
        full = calculation is not None and calculation.get("fullCalcOnLoad") in _YES
        self.put("recalculation on opening", "", full)
        for one in self.trees["docProps/core.xml"]:
            if one.tag.split("}")[1] in ("title", "creator", "language"):
                self.put("document properties", one.tag.split("}")[1], one.text)
        for title, part in self.sheets.items():
            self._sheet(title, part, self.trees[part])
        for rules in (self.facts.get(f"{one}conditional formats", {}) for one in ("", "looks of ", "stops of ")):
            for cell, found in rules.items():
                rules[cell] = [told for _, told in sorted(found, key=lambda each: each[0])]
        return self.facts

    def _related(self, part: str) -> dict[str, str]:
        folder, name = posixpath.split(part)
        tree = self.trees.get(f"{folder}/_rels/{name}.rels", Element("none"))
        return {
            one.get("Id", ""): one.get("Target", "")
            if one.get("TargetMode") == "External"
            else posixpath.normpath(posixpath.join("/" + folder, one.get("Target", "")))[1:]
            for one in tree
        }

    def _styles(self, tree: Element) -> None:
        codes = dict(BUILTIN_FORMATS)
        codes |= {
            int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in tree.iterfind("{*}numFmts/{*}numFmt")
        }
        fonts = [_font(one) for one in tree.iterfind("{*}fonts/{*}font")]
        fills = [_fill(one, "fgColor") for one in tree.iterfind("{*}fills/{*}fill")]
        borders = [_border(one) for one in tree.iterfind("{*}borders/{*}border")]
        self.looks = []
        for one in tree.iterfind("{*}cellXfs/{*}xf"):
            alignment, protection = one.find("{*}alignment"), one.find("{*}protection")
            aligned = alignment if alignment is not None else Element("alignment")
            self.looks.append({
                "number formats": _format(codes.get(int(one.get("numFmtId", 0)), "General")),
                "fonts": fonts[int(one.get("fontId", 0))],
                "fills": fills[int(one.get("fillId", 0))],
                "borders": borders[int(one.get("borderId", 0))],
                "alignment": (
                    aligned.get("horizontal", "general"), aligned.get("vertical", "bottom"),
                    aligned.get("wrapText") in _YES, int(aligned.get("indent", 0)),
                ),
                "cells open or locked": protection is None or protection.get("locked", "1") in _YES,
                "texts that begin like formulas": one.get("quotePrefix") in _YES,
            })  # fmt: skip
        self.changes = [_change(one) for one in tree.iterfind("{*}dxfs/{*}dxf")]

    def _sheet(self, title: str, part: str, tree: Element) -> None:
        related = self._related(part)
        for one in tree.iterfind("{*}sheetData/{*}row/{*}c"):
            self._cell((title, one.get("r", "")), one)
        for one in tree.iterfind("{*}sheetData/{*}row"):
            if one.get("customHeight") in _YES:
                self.put("row heights", (title, int(one.get("r", 0))), float(one.get("ht", 0)))
            if one.get("hidden") in _YES:
                self.put("hidden rows", (title, int(one.get("r", 0))), True)
        for one in tree.iterfind("{*}cols/{*}col"):
            for column in range(int(one.get("min", 0)), min(int(one.get("max", 0)), 200) + 1):
                if one.get("customWidth") in _YES:
                    self.put("column widths", (title, get_column_letter(column)), float(one.get("width", 0)))
                if one.get("hidden") in _YES:
                    self.put("hidden columns", (title, get_column_letter(column)), True)
                if int(one.get("outlineLevel", 0)):
                    self.put("groups of columns", (title, get_column_letter(column)), int(one.get("outlineLevel", 0)))
        for one in tree.iterfind(".//{*}mergeCell"):
            self.put("merged cells", (title, one.get("ref")), True)
        self._view(title, tree)
        self._printing(title, tree)
        for one in tree.iterfind(".//{*}dataValidation"):
            self._validation(title, one)
        for area in tree.iterfind(".//{*}conditionalFormatting"):
            self._formatting(title, area)
        for one in tree.iterfind("{*}hyperlinks/{*}hyperlink"):
            outside = related.get(one.get(f"{_RELATION}id", ""), "")
            place = one.get("location", "")
            # LibreOffice writes a place in the file as an address that is a place alone.
            target = _unquoted(f"{outside}#{place}".replace("##", "#") if place else outside)
            self.put("links", (title, one.get("ref")), target)
            self.put("tips of links", (title, one.get("ref")), one.get("tooltip", ""))
        for group in tree.iter():
            if group.tag.endswith("}sparklineGroup"):
                for one in group.iterfind(".//{*}sparkline"):
                    cell, cells = one.findtext("{*}sqref"), _unquoted(one.findtext("{*}f") or "")
                    look = (group.get("type", "line"), group.get("displayEmptyCellsAs"), group.get("displayHidden"))
                    self.put("sparklines", (title, cell), (cells, look, _colour(group.find("{*}colorSeries"))))
        drawing = tree.find("{*}drawing")
        if drawing is not None:
            self._drawing(title, related[drawing.get(f"{_RELATION}id", "")])

    def _cell(self, key: tuple[str, str], cell: Element) -> None:
        formula, value = cell.find("{*}f"), self._value(cell)
        if formula is not None and formula.text:
            self.put("formulas", key, spelled(_unquoted(formula.text)))
            self.put("values", key, value)
            if cell.get("cm"):
                self.put("marks of formulas that may spill", key, True)
        elif value is not None:
            self.put("typed cells", key, value)
        for aspect, look in self.looks[int(cell.get("s", 0))].items():
            self.put(aspect, key, look)
        if self.facts["number formats"][key] == "General":
            self.facts["number formats"].pop(key)  # a formula without a format takes over that of what it reads
        if isinstance(value, str) and "\n" in value:
            self.facts["alignment"].pop(key)  # a line break alone makes LibreOffice wrap the text

    def _value(self, cell: Element) -> Any:
        kind, text = cell.get("t", "n"), cell.findtext("{*}v")
        if kind == "inlineStr":
            return _text(cell.find("{*}is"))
        if text is None or (text == "" and kind == "n"):
            return None
        if kind == "s":
            return self.strings[int(text)]
        return {"n": float, "b": lambda one: one == "1"}.get(kind, str)(text)

    def _view(self, title: str, tree: Element) -> None:
        view = tree.find("{*}sheetViews/{*}sheetView")
        pane = None if view is None else view.find("{*}pane")
        if pane is not None and pane.get("state") == "frozen":
            self.put("frozen rows", title, int(float(pane.get("ySplit", 0))))
            self.put("frozen columns", title, int(float(pane.get("xSplit", 0))))
        if view is not None:
            self.put("grid lines", title, view.get("showGridLines", "1") in _YES)
            self.put("zoom", title, int(view.get("zoomScale", 100)))
        colour = tree.find("{*}sheetPr/{*}tabColor")
        self.put("colours of tabs", title, _colour(colour))
        protection = tree.find("{*}sheetProtection")
        told: tuple[bool, ...] = ()
        if protection is not None and protection.get("sheet") in _YES:
            allowed = [protection.get(one, "0") not in _YES for one in ("selectLockedCells", "selectUnlockedCells")]
            allowed += [protection.get(one, "1") not in _YES for one in ("formatCells", "formatColumns", "formatRows")]
            told = bool(protection.get("password") or protection.get("hashValue")), *allowed
        self.put("protection", title, told)

    def _printing(self, title: str, tree: Element) -> None:
        setup, fit = tree.find("{*}pageSetup"), tree.find("{*}sheetPr/{*}pageSetUpPr")
        if setup is not None:
            fitted = fit is not None and fit.get("fitToPage") in _YES
            pages = (setup.get("fitToWidth", "1"), setup.get("fitToHeight", "1")) if fitted else None
            self.put("pages", title, (setup.get("orientation"), setup.get("paperSize"), pages))
            margins = tree.find("{*}pageMargins")
            for side in ("left", "right", "top", "bottom", "header", "footer"):
                self.put("margins", (title, side), float(margins.get(side, 0)) if margins is not None else None)
        for place in ("oddHeader", "oddFooter"):
            self.put("headers and footers", (title, place), tree.findtext(f"{{*}}headerFooter/{{*}}{place}") or "")

    def _validation(self, title: str, rule: Element) -> None:
        kind, operator = rule.get("type", "none"), rule.get("operator", "between")
        bare = kind in ("list", "custom", "none")
        ends = [rule.find("{*}formula1"), rule.find("{*}formula2")]
        if bare or "etween" not in operator:
            ends.pop()
        # Excel 2010's extension keeps each inside an element of its own.
        texts = [spelled(_unquoted("".join(end.itertext()))) if end is not None else "" for end in ends]
        told = (
            rule.get("allowBlank") in _YES, rule.get("showErrorMessage") in _YES, rule.get("showInputMessage") in _YES,
            rule.get("errorStyle", "stop"), rule.get("errorTitle", ""), rule.get("error", ""),
            rule.get("promptTitle", ""), rule.get("prompt", ""), kind == "list" and rule.get("showDropDown") in _YES,
        )  # fmt: skip
        for cell, formulas in _each(rule.get("sqref") or rule.findtext("{*}sqref") or "", texts):
            self.put("validations", (title, cell), (kind, "" if bare else operator, *formulas, *told))

    def _formatting(self, title: str, area: Element) -> None:
        cells = area.get("sqref") or area.findtext("{*}sqref") or ""
        for rule in area.iterfind("{*}cfRule"):
            kind, priority = rule.get("type"), int(rule.get("priority", 0))
            if kind == "dataBar" and rule.get("id"):  # what Excel 2010 adds to a bar that stands above
                bar = rule.find("{*}dataBar")
                assert bar is not None
                for cell, _ in _each(cells, []):
                    self.put("fills of data bars", (title, cell), bar.get("gradient", "1") in _YES)
                continue
            operator = rule.get("operator") if kind == "cellIs" else ""
            texts = [one.text or "" for one in (*rule.iterfind("{*}formula"), *rule.iterfind("{*}f"))]
            limits = [one for one in rule.iter() if one.tag.endswith("}cfvo")]
            scale = [(one.get("type"), one.get("val") or one.findtext("{*}f")) for one in limits]
            drawn = [(one.get("iconSet"), one.get("showValue", "1") in _YES) for one in rule if one.get("iconSet")]
            number, inside = rule.get("dxfId"), rule.find("{*}dxf")
            look = self.changes[int(number)] if number else _change(inside) if inside is not None else None
            for cell, formulas in _each(cells, [spelled(_unquoted(text)) for text in texts]):
                told = (kind, operator, *formulas, *scale, *drawn)
                for aspect, fact in (("", told), ("looks of ", look), ("stops of ", rule.get("stopIfTrue") in _YES)):
                    rules = self.facts.setdefault(f"{aspect}conditional formats", {})
                    rules.setdefault((title, cell), []).append((priority, fact))

    def _drawing(self, title: str, part: str) -> None:
        related = self._related(part)
        for number, anchor in enumerate(self.trees[part], 1):
            key, frame = (title, number), anchor.find(".//{*}cNvPr")
            corners = [
                (int(one.findtext("{*}col") or 0), int(one.findtext("{*}row") or 0))
                for one in (*anchor.iterfind("{*}from"), *anchor.iterfind("{*}to"))
            ]
            self.put("places of charts", key, tuple(corners))
            if frame is not None:
                self.put("alternative texts", key, (frame.get("title", ""), frame.get("descr", "")))
            chart = anchor.find(".//{http://schemas.openxmlformats.org/drawingml/2006/chart}chart")
            if chart is not None:
                self._chart(key, self.trees[related[chart.get(f"{_RELATION}id", "")]])

    def _chart(self, key: tuple[str, int], tree: Element) -> None:
        chart = tree.find("{*}chart")
        assert chart is not None
        self.put("titles of charts", key, _text(chart.find("{*}title")))
        axes = [one for one in chart.iterfind("{*}plotArea/*") if one.tag.endswith("Ax")]
        self.put("titles of axes", key, sorted(_text(one.find("{*}title")) for one in axes))
        amounts = [one.find("{*}numFmt") for one in axes if one.tag.endswith("}valAx")]
        self.put(
            "number formats of axes", key, [_format(one.get("formatCode", "")) for one in amounts if one is not None]
        )
        series = list(chart.iterfind("{*}plotArea/*/{*}ser"))
        self.put("series of charts", key, [
            (_name(one), *(_unquoted(one.findtext(f"{{*}}{role}//{{*}}f") or "") for role in ("cat", "val")))
            for one in series
        ])  # fmt: skip
        self.put("lines of charts", key, [
            (
                _colour(one.find("{*}spPr/{*}ln/{*}solidFill")),
                _value(one.find("{*}spPr/{*}ln/{*}prstDash"), "solid"),
                _value(one.find("{*}marker/{*}symbol"), "none"),
            )
            for one in series
        ])  # fmt: skip
        kinds = [one.tag.split("}")[1] for one in chart.iterfind("{*}plotArea/*") if one.tag.endswith("Chart")]
        self.put("kinds of charts", key, sorted(kinds))
        self.put("gaps of charts", key, _value(chart.find("{*}dispBlanksAs"), "gap"))
        missing = [one for one in chart.iter() if one.tag.endswith("}dispNaAsBlank")]
        self.put("#N/A as a gap of charts", key, bool(missing))
        self.put("legends of charts", key, chart.find("{*}legend") is not None)


def _each(cells: str, formulas: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each cell of an area, with the formulas as they read there."""
    areas = MultiCellRange(cells).ranges
    # Formulas are written for the upper left cell of all areas together.
    row, column = min(one.min_row for one in areas), min(one.min_col for one in areas)
    origin = f"{get_column_letter(column)}{row}"
    fixed = not any(re.search(r"(?<!\$)\b[A-Z]{1,3}\$?\d|\$[A-Z]{1,3}\d", one) for one in formulas)
    for area in areas:
        for down in range(area.min_row, area.max_row + 1):
            for across in range(area.min_col, area.max_col + 1):
                cell = f"{get_column_letter(across)}{down}"
                moved = (
                    formulas if fixed else [Translator("=" + one, origin).translate_formula(cell) for one in formulas]
                )
                yield cell, [one.removeprefix("=") for one in moved]


def _unquoted(formula: str) -> str:
    """Leave out quotes round a sheet's title that needs none."""
    return re.sub(r"'([^\W\d]\w*)'!", r"\1!", formula)


def _text(element: Element | None) -> str:
    return "" if element is None else "".join(one.text or "" for one in element.iter() if one.tag.endswith("}t"))


def _value(element: Element | None, default: str) -> str:
    return default if element is None else element.get("val", default)


def _name(series: Element) -> str:
    """The name of a series: a text, or a formula that is a text."""
    return (series.findtext("{*}tx//{*}f") or series.findtext("{*}tx/{*}v") or "").strip('"')


def _format(code: str) -> str:
    """Write the literal characters of a number format one way."""
    return re.sub(r'"([-/ :()])"', r"\1", re.sub(r"\\(.)", r'"\1"', code))


def _colour(element: Element | None) -> str:
    if element is None:
        return ""
    for one in element.iter():
        if one.get("rgb") or one.tag.endswith("}srgbClr"):
            return str(one.get("rgb") or one.get("val"))[-6:].upper()
        if one.get("theme"):
            return {"0": "FFFFFF", "1": "000000"}.get(str(one.get("theme")), f"theme {one.get('theme')}")
    return ""


def _change(element: Element) -> tuple[str, str, bool]:
    """What a conditional format changes: the fill, the colour of the text, whether it is bold."""
    bold = element.find("{*}font/{*}b") is not None
    return _fill(element.find("{*}fill"), "bgColor"), _colour(element.find("{*}font/{*}color")), bold


def _fill(element: Element | None, colour: str) -> str:
    pattern = None if element is None else element.find("{*}patternFill")
    if pattern is None or pattern.get("patternType") == "none":
        return ""
    return _colour(pattern.find(f"{{*}}{colour}")) or _colour(pattern.find("{*}fgColor"))


def _font(element: Element) -> tuple[str, float, bool, bool, str]:
    def has(name: str) -> bool:
        found = element.find(f"{{*}}{name}")
        return found is not None and found.get("val", "1") in _YES

    def value(name: str) -> str:
        found = element.find(f"{{*}}{name}")
        return "" if found is None else found.get("val", "")

    return value("name"), float(value("sz") or 11), has("b"), has("i"), _colour(element.find("{*}color"))


def _border(element: Element) -> tuple[str, ...]:
    return tuple(
        (found.get("style", "") if (found := element.find(f"{{*}}{side}")) is not None else "")
        for side in ("left", "right", "top", "bottom")
    )
