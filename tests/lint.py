"""Our own lint of a built .xlsx: what Excel repairs, refuses or shows as an error, and no schema forbids.

It reads the parts of the file as they stand, with nothing but the standard library and openpyxl's list of the functions
that Excel stores under their bare name, so that it shares no code with what wrote them.
"""

from __future__ import annotations

import io
import math
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, pairwise
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from openpyxl.utils import FORMULAE as OLD_FUNCTIONS  # Excel 2007's: every later one is stored with a prefix

# rule | what Excel does with a file that breaks it
RULES = {
    "xml": "refuses the file",
    "content-type": "refuses the file or drops the part",
    "relationship": "refuses the file or drops what leads nowhere",
    "sheet-title": "renames the sheet",
    "sheet-visible": "refuses a file with no sheet to show",
    "sheet-selected": "groups the sheets: what is typed in one is typed in all",
    "name": "drops the name",
    "name-twice": "drops one of the two",
    "name-scope": "drops a name of a sheet that is not there",
    "print": "drops the titles or the area",
    "formula-begins": "drops the name or the rule",
    "formula-syntax": "drops the formula",
    "formula-separator": "drops the formula: files have commas in every language",
    "formula-length": "drops the formula",
    "formula-depth": "drops the formula",
    "function": "shows #NAME?",
    "sheet-reference": "drops the name or the chart's line, or asks for a file",
    "lost-reference": "shows #REF!",
    "external": "shows #REF! or #NAME?",
    "unknown-name": "shows #NAME?",
    "parameter": "drops the name",
    "order": "drops the rows",
    "twice": "drops the cell",
    "grid": "refuses the sheet",
    "style": "drops the styles",
    "shared-string": "drops the text",
    "cell-value": "drops the value",
    "text-length": "cuts the text",
    "array": "drops the formula",
    "columns": "drops the widths",
    "size": "drops the width or height",
    "merge": "drops the merges",
    "merge-hides": "shows nothing of what a merge covers",
    "table-name": "renames or drops the table",
    "table-header": "writes other headings over the cells",
    "table-shape": "drops the table",
    "table-overlap": "drops the table",
    "table-column": "drops the formula",
    "filter": "drops the filter",
    "validation-list": "drops the list",
    "validation-message": "drops the validation",
    "format-style": "drops the rule or the styles",
    "scale": "drops the rule",
    "scale-reference": "drops the rule",
    "header": "drops header and footer",
    "link": "drops the link",
    "link-target": "says that the reference is not valid",
    "number-format": "drops the format, and with it the styles",
    "styles": "drops the styles",
    "axis": "drops the drawing",
    "calc-chain": "drops the part and reports a repair",
}  # fmt: skip

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ROWS, _COLUMNS = 1_048_576, 16_384
_ERRORS = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"]
_ICONS = re.compile(r"([345])[A-Z]")
_FORMULAS = ("f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula")
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
      | (?P<error>\#(?:[A-Z]+(?:/0)?[!?]|N/A))
      | (?P<sheet>(?:'(?:[^']|'')*'|\[\d+\]\w*|\w[\w.]*(?::\w[\w.]*)?)!)
      | (?P<call>[^\W\d][\w.]*\()
      | (?P<area>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(])|\$?\d+:\$?\d+)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?)
      | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d*(?![\w.(]))
      | (?P<name>[^\W\d][\w.?]*|\\[\w.?]*)
      | (?P<column>\[(?:[^\[\]]|\[[^\[\]]*\])*\])
      | (?P<open>[({])
      | (?P<close>[)}])
      | (?P<semicolon>;)
      | (?P<operator>[-+*/^&=<>%,:@#\s])""",
    re.VERBOSE,
)
_FORMAT = re.compile(
    r"""(?:"[^"]*" | \\. | _. | \*. | General | AM/PM | A/P | [0-9#?.,%/\s\-+():$!^&'~{}<>=@]
      | [YMDHSBG] | E[+-]? | [^\x00-\x7f]
      | \[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color\s?\d+|[<>=]{1,2}-?[\d.]+|\$[^\]]*|h+|m+|s+)\])*""",
    re.VERBOSE | re.IGNORECASE,
)


class Finding(NamedTuple):
    """One fault: the rule it breaks, where, and in words."""

    rule: str
    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words} (Excel {RULES[self.rule]})"


class Area(NamedTuple):
    """A rectangle of cells."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Area) -> bool:
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


class Table(NamedTuple):
    """A table: its part, its sheet, its name, where it lies and its columns."""

    part: str
    sheet: str
    name: str
    area: Area | None
    columns: list[str]


def lint(data: bytes) -> list[Finding]:
    """Return what is wrong with a file, in words; nothing when nothing is."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    trees: dict[str, Element] = {}
    found = []
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                trees[name] = ElementTree.fromstring(content)
            except ElementTree.ParseError as error:
                found.append(Finding("xml", name, str(error)))
    return found or list(_Lint(list(parts), trees).run())


class _Lint:
    def __init__(self, names: list[str], trees: Mapping[str, Element]) -> None:
        self.names, self.trees = names, trees
        self.workbook = trees["xl/workbook.xml"]
        related = self.related("xl/workbook.xml")
        self.sheets = {
            sheet.get("name", ""): related.get(sheet.get(f"{_RELATION}id", ""), "")
            for sheet in self.workbook.iterfind(".//{*}sheet")
        }
        self.titles = {title.casefold() for title in self.sheets}
        self.defined = list(self.workbook.iterfind(".//{*}definedName"))
        links = [
            related.get(one.get(f"{_RELATION}id", ""), "") for one in self.workbook.iterfind(".//{*}externalReference")
        ]
        self.links = [
            {name.get("name", "") for name in trees[link].iterfind(".//{*}definedName")} if link in trees else set()
            for link in links
        ]
        self.tables = list(self._tables())
        self.known = {name.get("name", "").casefold() for name in self.defined}
        self.columns: dict[str, list[str]] = {}
        for table in self.tables:
            self.columns.setdefault(table.name.casefold(), []).extend(table.columns)
        self.styles = trees.get("xl/styles.xml", Element("styleSheet"))
        self.strings = ["".join(one.itertext()) for one in trees.get("xl/sharedStrings.xml", Element("sst"))]

    def run(self) -> Iterator[Finding]:
        yield from self._package()
        yield from self._sheets()
        yield from self._names()
        yield from self._styles()
        yield from self._table_names()
        for title, part in self.sheets.items():
            if part.startswith("xl/worksheets/") and part in self.trees:
                yield from self._sheet(title, self.trees[part])
        for part, tree in self.trees.items():
            if re.match(r"xl/(charts|tables)/[^/]+$", part):
                for element in tree.iter():
                    if _local(element) in _FORMULAS and element.text:
                        yield from self._formula(part, element.text)
            if part.startswith("xl/charts/"):
                yield from _axes(part, tree)

    # The package

    def related(self, part: str) -> dict[str, str]:
        """Return where each relationship of a part leads; nowhere for one that leaves the file."""
        folder, name = posixpath.split(part)
        tree = self.trees.get(f"{folder}/_rels/{name}.rels".lstrip("/"), Element("Relationships"))
        return {
            one.get("Id", ""): ""
            if one.get("TargetMode") == "External"
            else posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
            for one in tree
        }

    def _package(self) -> Iterator[Finding]:
        types = self.trees["[Content_Types].xml"]
        endings = {
            one.get("Extension", "").casefold(): one.get("ContentType") for one in types.iterfind(".//{*}Default")
        }
        own = {one.get("PartName", "").lstrip("/"): one.get("ContentType") for one in types.iterfind(".//{*}Override")}
        for name in self.names:
            kind = own.get(name, endings.get(name.rpartition(".")[2].casefold()))
            plain = name.startswith("xl/") and kind == "application/xml"
            if name != "[Content_Types].xml" and (kind is None or plain):
                yield Finding("content-type", name, "nothing says what kind of part this is")
        for name in own.keys() - set(self.names):
            yield Finding("content-type", name, "a kind is given for a part that is not there")
        for name, tree in {"": Element("none"), **self.trees}.items():
            if name.endswith(".rels"):
                continue
            related = self.related(name)
            for key, target in related.items():
                if target and target not in self.names:
                    yield Finding("relationship", name, f"{key} leads to {target}, which is not there")
            for element in tree.iter():
                for attribute, key in element.attrib.items():
                    if attribute.startswith(_RELATION) and key not in related:
                        yield Finding("relationship", name, f"{_local(element)} refers to {key}, which is not there")

    # The workbook

    def _sheets(self) -> Iterator[Finding]:
        sheets = list(self.workbook.iterfind(".//{*}sheet"))
        for title, times in Counter(sheet.get("name", "").casefold() for sheet in sheets).items():
            if times > 1:
                yield Finding("sheet-title", title, "two sheets have this title, whatever the case")
        for title in self.sheets:
            if not 0 < len(title) <= 31 or re.search(r"[][:*?/\\]|^'|'$", title) or title.casefold() == "history":
                yield Finding("sheet-title", title, "a sheet cannot have this title")
        if all(sheet.get("state", "visible") != "visible" for sheet in sheets):
            yield Finding("sheet-visible", "xl/workbook.xml", "every sheet is hidden")
        views = [self.trees[part].find(".//{*}sheetView") for part in self.sheets.values() if part in self.trees]
        if sum(view is not None and view.get("tabSelected") in ("1", "true") for view in views) > 1:
            yield Finding("sheet-selected", "xl/workbook.xml", "more than one sheet is selected")
        chain = self.trees.get("xl/calcChain.xml", Element("calcChain"))
        numbers = {sheet.get("sheetId"): part for sheet, part in zip(sheets, self.sheets.values(), strict=False)}
        number = None
        for cell in chain:
            number = cell.get("i", number)
            tree = self.trees.get(numbers.get(number, ""), Element("none"))
            if tree.find(f".//{{*}}c[@r='{cell.get('r')}']/{{*}}f") is None:
                yield Finding("calc-chain", f"xl/calcChain.xml {cell.get('r')}", "there is no formula in this cell")

    def _names(self) -> Iterator[Finding]:
        titles = list(self.sheets)
        scopes: Counter[tuple[str | None, str]] = Counter()
        for defined in self.defined:
            name, text, scope = defined.get("name", ""), defined.text or "", defined.get("localSheetId")
            scopes[scope, name.casefold()] += 1
            if scope is not None and int(scope) >= len(titles):
                yield Finding("name-scope", name, f"belongs to sheet {scope}, counted from 0, which is not there")
                continue
            if name.startswith("_xlnm.Print_"):
                own = titles[int(scope)] if scope is not None else ""
                if not _prints(name, text, own):
                    yield Finding("print", f"{own} {name}", f"{text!r} are no rows, columns or cells of its sheet")
            elif not name.startswith("_xlnm.") and not _is_name(name):
                yield Finding("name", name, "a name cannot be spelled so")
            elif "LAMBDA(" in text and name.upper() in OLD_FUNCTIONS:
                yield Finding("name", name, "Excel has a function of this name, which wins")
            if len(defined.get("comment", "")) > 255:
                yield Finding("name", name, "its comment is longer than 255 characters")
            yield from self._formula(name, text)
        for (_, name), times in scopes.items():
            if times > 1:
                yield Finding("name-twice", name, "two names are the same, whatever the case")

    # Formulas

    def _formula(self, place: str, text: str) -> Iterator[Finding]:
        """Check one formula, wherever it stands."""
        if text.startswith("="):
            yield Finding("formula-begins", place, "a stored formula has no = of its own")
            text = text[1:]
        if len(text) > 8192:
            yield Finding("formula-length", place, f"has {len(text)} characters; 8192 are allowed")
        tokens = []
        at = 0
        while at < len(text):
            if (match := _TOKEN.match(text, at)) is None:
                yield Finding("formula-syntax", place, f"cannot be read from {text[at : at + 20]!r} on")
                return
            tokens.append((match.lastgroup or "", match[0]))
            at = match.end()
        yield from self._brackets(place, tokens)
        before: tuple[str, str] = ("", "")
        for kind, token in tokens:
            yield from self._token(place, text, kind, token, before)
            if not token.isspace():
                before = kind, token

    def _brackets(self, place: str, tokens: list[tuple[str, str]]) -> Iterator[Finding]:
        pairs = {")": "(", "}": "{"}
        open_ones: list[str] = []
        depth = deepest = 0
        for kind, token in tokens:
            if kind in ("call", "open"):
                open_ones.append(token[-1] if kind == "open" else "call")
                depth += kind == "call"
                deepest = max(depth, deepest)
            elif kind == "close":
                last = open_ones.pop() if open_ones else ""
                depth -= last == "call"
                if last != pairs[token] and (token != ")" or last != "call"):
                    yield Finding("formula-syntax", place, f"{token} closes nothing")
                    return
            elif kind == "semicolon" and open_ones[-1:] != ["{"]:
                yield Finding("formula-separator", place, "; stands where a comma belongs")
        if open_ones:
            yield Finding("formula-syntax", place, "a bracket is not closed")
        if deepest > 64:
            yield Finding("formula-depth", place, f"calls {deepest} functions inside one another; 64 are allowed")

    def _token(self, place: str, text: str, kind: str, token: str, before: tuple[str, str]) -> Iterator[Finding]:
        outside = before[0] == "sheet" and before[1].lstrip("'").startswith("[")
        if kind == "sheet":
            yield from self._sheet_token(place, token)
        elif kind == "error" and token == "#REF!":
            yield Finding("lost-reference", place, "refers to cells that are no more")
        elif kind == "call":
            name = token[:-1]
            if outside:
                yield from self._external(place, before[1], name)
            elif not self._is_function(name):
                yield Finding("function", place, f"{name} is not how a file spells a function")
        elif kind == "name":
            yield from self._name_token(place, text, token, before)
        elif kind == "cell" and _corner(token) is None:
            yield Finding("unknown-name", place, f"there is no cell or name {token}")
        elif kind == "column":
            columns = self.columns.get(before[1].casefold())
            if before[0] != "name" or columns is None:
                rule = "parameter" if re.search(r"_xl[po][mp]\.", token) else "formula-syntax"
                yield Finding(rule, place, f"{token} stands behind no table")
                return
            inner = token[1:-1]
            for column in re.findall(r"\[([^\[\]]*)\]", inner) if "[" in inner else [inner]:
                if column and not column.startswith("#") and column not in columns:
                    yield Finding("table-column", place, f"{before[1]} has no column {column}")

    def _sheet_token(self, place: str, token: str) -> Iterator[Finding]:
        title = _unquoted(token[:-1])
        if title.startswith("["):
            yield from self._external(place, title, "")
            return
        for one in title.split(":"):
            if one.casefold() not in self.titles:
                yield Finding("sheet-reference", place, f"there is no sheet {one}")

    def _external(self, place: str, token: str, name: str) -> Iterator[Finding]:
        number = int(re.findall(r"\d+", token)[0])
        if not 0 < number <= len(self.links):
            if not name:
                yield Finding("external", place, f"there is no file [{number}]")
        elif name and name not in self.links[number - 1]:
            yield Finding("external", place, f"file [{number}] is not said to have {name}")

    def _is_function(self, name: str) -> bool:
        if name.startswith(("_xlpm.", "_xldudf_")) or name.casefold() in self.known:
            return True
        bare = name.removeprefix("_xlfn.")
        if bare == name:
            return name in OLD_FUNCTIONS
        if bare in ("SORT", "FILTER"):
            return False
        return bare.removeprefix("_xlws.") not in OLD_FUNCTIONS

    def _name_token(self, place: str, text: str, token: str, before: tuple[str, str]) -> Iterator[Finding]:
        if match := re.match(r"_xl(?:pm|op)\.(.*)", token):
            inside = re.search(r"_xlfn\.(LAMBDA|LET)\(", text)
            if not inside or "." in match[1] or not _is_name(match[1]):
                yield Finding("parameter", place, f"{token} cannot be a parameter")
            return
        known = token.casefold() in self.known | self.columns.keys() | {"true", "false"}
        if not known and before[0] != "sheet" and not token.startswith("_xleta."):
            yield Finding("unknown-name", place, f"there is no name {token}")

    # One sheet

    def _sheet(self, title: str, tree: Element) -> Iterator[Finding]:
        merges = [_area(one.get("ref", "")) for one in tree.iterfind(".//{*}mergeCell")]
        yield from self._cells(title, tree, [area for area in merges if area])
        yield from self._merges(title, merges)
        yield from _columns(title, tree)
        yield from self._rules(title, tree)
        own = tree.find("{*}autoFilter")
        for table in self.tables:
            if table.sheet == title and own is not None and table.area:
                area = _area(own.get("ref", ""))
                if area is None or area.meets(table.area):
                    yield Finding("filter", f"{title}!{own.get('ref')}", f"the sheet's filter lies over {table.name}")
        for element in tree.iterfind(".//{*}headerFooter/*"):
            if len(element.text or "") > 255:
                yield Finding("header", title, f"{_local(element)} has {len(element.text or '')} characters, not 255")
        yield from self._links(title, tree)

    def _cells(self, title: str, tree: Element, merges: list[Area]) -> Iterator[Finding]:
        formats = len(list(self.styles.iterfind("{*}cellXfs/{*}xf")))
        covered = {
            (row, column)
            for area in merges
            if (area.bottom - area.top) * (area.right - area.left) < 1_000_000
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
            if (row, column) != (area.top, area.left)
        }
        for column in tree.iterfind("{*}cols/{*}col"):
            if int(column.get("style", "0")) >= formats:
                yield Finding("style", f"{title}!{column.get('min')}", f"there is no style {column.get('style')}")
        rows = list(tree.iterfind("{*}sheetData/{*}row"))
        numbers = [int(row.get("r", "0")) for row in rows]
        for first, second in pairwise(numbers):
            if second <= first:
                rule = "twice" if first == second else "order"
                yield Finding(rule, f"{title}!{second}", f"row {second} comes after row {first}")
        for row, number in zip(rows, numbers, strict=True):
            last = 0
            if int(row.get("s", "0")) >= formats:
                yield Finding("style", f"{title}!{number}", f"there is no style {row.get('s')}")
            for cell in row:
                name = cell.get("r", "")
                place = f"{title}!{name}"
                corner = _corner(name)
                if corner is None:
                    yield Finding("grid", place, "there is no such cell")
                    continue
                if corner[0] != number:
                    yield Finding("order", place, f"stands in row {number}")
                elif corner[1] <= last:
                    rule = "twice" if corner[1] == last else "order"
                    yield Finding(rule, place, "comes after a cell that is further right, or the same")
                last = corner[1]
                if int(cell.get("s", "0")) >= formats:
                    yield Finding("style", place, f"there is no style {cell.get('s')}")
                yield from self._cell(place, cell, corner, merges)
                if corner in covered and (cell.find("{*}f") is not None or _text(cell, self.strings)):
                    yield Finding("merge-hides", place, "a merge covers what stands here")

    def _cell(self, place: str, cell: Element, corner: tuple[int, int], merges: list[Area]) -> Iterator[Finding]:
        kind, value = cell.get("t", "n"), cell.findtext("{*}v") or ""
        right = {
            "n": not value or _is_number(value),
            "b": value in ("", "0", "1"),
            "e": value in _ERRORS,
        }.get(kind, True)
        if not right:
            yield Finding("cell-value", place, f"{value!r} is no value of kind {kind}")
        if kind == "s" and not (value.isdigit() and int(value) < len(self.strings)):
            yield Finding("shared-string", place, f"there is no shared text {value}")
        if len(_text(cell, self.strings)) > 32767:
            yield Finding("text-length", place, "has more than 32767 characters")
        formula = cell.find("{*}f")
        if formula is None:
            return
        if formula.text:
            yield from self._formula(place, formula.text)
        if formula.get("t") == "array":
            area = _area(formula.get("ref", ""))
            if area is None or (area.top, area.left) != corner or any(area.meets(merge) for merge in merges):
                yield Finding("array", place, f"{formula.get('ref')} does not begin here, or is merged")

    def _merges(self, title: str, merges: list[Area | None]) -> Iterator[Finding]:
        for area in merges:
            if area is None or area[:2] == area[2:]:
                yield Finding("merge", title, f"{area} are not two cells or more")
        areas = [area for area in merges if area]
        for one, other in combinations(areas, 2):
            if one.meets(other):
                yield Finding("merge", title, f"merges overlap: {one} and {other}")
        for table in self.tables:
            if table.sheet == title and table.area and any(table.area.meets(area) for area in areas):
                yield Finding("merge", title, f"a merge lies in table {table.name}")

    def _rules(self, title: str, tree: Element) -> Iterator[Finding]:
        """Check what is conditional: formats, validations, sparklines."""
        styles = len(list(self.styles.iterfind("{*}dxfs/{*}dxf")))
        for element in tree.iter():
            kind = _local(element)
            if kind in ("conditionalFormatting", "dataValidation", "sparkline"):
                place = f"{title}!{element.get('sqref') or element.findtext('{*}sqref')}"
                for part in element.iter():
                    if _local(part) in _FORMULAS and (part.text or "").strip():
                        yield from self._formula(place, part.text or "")
            if kind == "dataValidation" and max(len(element.get(key, "")) for key in ("error", "prompt")) > 255:
                yield Finding("validation-message", place, "a message is longer than 255 characters")
            if kind == "dataValidation" and element.get("type") == "list":
                text = "".join(part for one in element.iterfind("{*}formula1") for part in one.itertext())
                if text.startswith('"') and len(text) > 257:
                    yield Finding("validation-list", place, f"lists {len(text) - 2} characters; 255 are allowed")
            if kind == "cfRule":
                if int(element.get("dxfId", "0")) >= styles > 0 or (element.get("dxfId") and not styles):
                    yield Finding("format-style", title, f"there is no differential style {element.get('dxfId')}")
                yield from _scale(title, element)

    def _links(self, title: str, tree: Element) -> Iterator[Finding]:
        targets = {
            one.get("Id", ""): one.get("Target", "") for name, one in self._outside() if name == self.sheets[title]
        }
        for link in tree.iterfind(".//{*}hyperlink"):
            place = f"{title}!{link.get('ref')}"
            location = link.get("location", "")
            if len(targets.get(link.get(f"{_RELATION}id", ""), "")) + len(location) > 2079:
                yield Finding("link", place, "the address is longer than 2079 characters")
            if len(link.get("tooltip", "")) > 255:
                yield Finding("link", place, "the tip is longer than 255 characters")
            if location and f"{_RELATION}id" not in link.attrib and list(self._formula(place, location)):
                yield Finding("link-target", place, f"leads to {location}, which is not there")

    def _outside(self) -> Iterator[tuple[str, Element]]:
        """Every relationship that leaves the file, with the part it belongs to."""
        for name, tree in self.trees.items():
            folder, own = posixpath.split(name)
            if own.endswith(".rels"):
                for one in tree:
                    if one.get("TargetMode") == "External":
                        yield posixpath.join(posixpath.dirname(folder), own.removesuffix(".rels")), one

    # Tables

    def _tables(self) -> Iterator[Table]:
        for title, part in self.sheets.items():
            related = self.related(part)
            for one in self.trees.get(part, Element("none")).iterfind(".//{*}tablePart"):
                name = related.get(one.get(f"{_RELATION}id", ""), "")
                if name in self.trees:
                    tree = self.trees[name]
                    columns = [column.get("name", "") for column in tree.iterfind(".//{*}tableColumn")]
                    yield Table(name, title, tree.get("displayName", ""), _area(tree.get("ref", "")), columns)

    def _table_names(self) -> Iterator[Finding]:
        names = Counter(table.name.casefold() for table in self.tables)
        ids = Counter(self.trees[table.part].get("id") for table in self.tables)
        for table in self.tables:
            name, tree, area = table.name, self.trees[table.part], table.area
            if not _is_name(name) or names[name.casefold()] > 1 or name.casefold() in self.known:
                yield Finding("table-name", table.part, f"a table cannot have the name {name}, or it is taken")
            filtered = tree.find("{*}autoFilter")
            if (
                area is None
                or area.bottom - area.top < 1
                or area.right - area.left + 1 != len(table.columns)
                or ids[tree.get("id")] > 1
                or (filtered is not None and not _inside(_area(filtered.get("ref", "")), area))
            ):
                yield Finding("table-shape", table.part, f"{name}: cells, columns, filter or number do not fit")
            else:
                yield from self._table_header(table, area)
        for one, other in combinations(self.tables, 2):
            if one.sheet == other.sheet and one.area and other.area and one.area.meets(other.area):
                yield Finding("table-overlap", other.part, f"{one.name} and {other.name} share cells")

    def _table_header(self, table: Table, area: Area) -> Iterator[Finding]:
        if len({column.casefold() for column in table.columns}) != len(table.columns):
            yield Finding("table-header", table.part, f"{table.name}: two columns have one name")
        if self.trees[table.part].get("headerRowCount") == "0":
            return
        cells = {cell.get("r"): cell for cell in self.trees[self.sheets[table.sheet]].iterfind(".//{*}c")}
        for number, column in enumerate(table.columns, area.left):
            name = f"{_letters(number)}{area.top}"
            cell = cells.get(name, Element("c"))
            text = _text(cell, self.strings).replace("\n", "_x000a_")
            if cell.get("t") not in ("s", "inlineStr", "str") or text != column:
                yield Finding("table-header", f"{table.sheet}!{name}", f"the column is {column!r}, the text {text!r}")

    # Styles

    def _styles(self) -> Iterator[Finding]:
        part = "xl/styles.xml"
        codes = {
            number.get("numFmtId"): number.get("formatCode", "") for number in self.styles.iterfind(".//{*}numFmt")
        }
        for own, code in codes.items():
            sections = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).count(";") + 1
            if not _FORMAT.fullmatch(code.replace(";", " ")) or sections > 4 or not 0 < len(code) <= 255:
                yield Finding("number-format", f"{part} {own}", f"{code!r} is no number format")
        counts = {
            f"{one}Id": len(list(self.styles.iterfind(f"{{*}}{one}s/{{*}}{one}"))) for one in ("font", "fill", "border")
        }
        counts["xfId"] = len(list(self.styles.iterfind("{*}cellStyleXfs/{*}xf")))
        for place in ("cellStyleXfs/{*}xf", "cellXfs/{*}xf", "cellStyles/{*}cellStyle"):
            for number, xf in enumerate(self.styles.iterfind(f"{{*}}{place}")):
                missing = [key for key, count in counts.items() if int(xf.get(key, "0")) >= count]
                format_id = xf.get("numFmtId", "0")
                if int(format_id) >= 164 and format_id not in codes:
                    missing.append("numFmtId")
                if missing:
                    yield Finding("styles", f"{part} {place[:9]} {number}", f"{', '.join(missing)} is not there")
        names = Counter(one.get("name", "").casefold() for one in self.styles.iterfind("{*}cellStyles/{*}cellStyle"))
        for name, times in names.items():
            if times > 1:
                yield Finding("styles", part, f"two cell styles are called {name}")


def _axes(part: str, tree: Element) -> Iterator[Finding]:
    """Every axis that a plot names must be there."""
    elements = [one for area in tree.iterfind(".//{*}plotArea") for one in area]
    there = {own.get("val") for one in elements if _local(one).endswith("Ax") for own in one.iterfind("{*}axId")}
    for plot in elements:
        for axis in plot.iterfind("{*}axId"):
            if axis.get("val") not in there:
                yield Finding("axis", part, f"there is no axis {axis.get('val')}")


def _columns(title: str, tree: Element) -> Iterator[Finding]:
    last = 0
    for column in tree.iterfind("{*}cols/{*}col"):
        first, end = int(column.get("min", "0")), int(column.get("max", "0"))
        if not last < first <= end <= _COLUMNS:
            yield Finding("columns", f"{title}!{first}", "columns overlap or come out of order")
        if float(column.get("width", "0")) > 255:
            yield Finding("size", f"{title}!{first}", "the column is wider than 255 characters")
        last = end
    for row in tree.iterfind("{*}sheetData/{*}row"):
        if float(row.get("ht", "0")) > 409.5:
            yield Finding("size", f"{title}!{row.get('r')}", "the row is higher than 409.5 points")


def _scale(title: str, rule: Element) -> Iterator[Finding]:
    """Check icons, bars and colours: how many limits, and that these are anchored."""
    for element in rule:
        limits = list(element.iterfind("{*}cfvo"))
        icons = _ICONS.match(element.get("iconSet", "3TrafficLights1"))
        wanted = {"iconSet": {int(icons[1])} if icons else set(), "dataBar": {2}, "colorScale": {2, 3}}
        wrong = len(limits) not in wanted.get(_local(element), {len(limits)})
        if _local(element) == "colorScale" and len(limits) != len(list(element.iterfind("{*}color"))):
            wrong = True
        if wrong:
            yield Finding("scale", title, f"{_local(element)} has {len(limits)} limits")
        for limit in limits:
            for kind, token in _tokens(limit.get("val") or limit.findtext("{*}f") or ""):
                if kind == "cell" and token.count("$") < 2:
                    yield Finding("scale-reference", title, f"the limit {token} is not anchored by two $")


def _tokens(text: str) -> Iterable[tuple[str, str]]:
    return ((match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text))


def _prints(name: str, text: str, sheet: str) -> bool:
    """Whether the text of a print title or area is made of rows and columns, or of cells, of its own sheet."""
    shape = r"\$[A-Z]+:\$[A-Z]+|\$\d+:\$\d+" if name.endswith("Titles") else r"\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?"
    pieces = re.findall(r"(?:'(?:[^']|'')*'|[^,'])+", text)
    for piece in pieces:
        title, _, cells = piece.rpartition("!")
        if _unquoted(title).casefold() != sheet.casefold() or not re.fullmatch(shape, cells):
            return False
    return bool(pieces) and (name.endswith("Area") or len(pieces) <= 2)


def _unquoted(title: str) -> str:
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def _is_name(name: str) -> bool:
    """Whether Excel takes this for a name: no cell, no blank, no sign."""
    return (
        re.fullmatch(r"[^\W\d][\w.?]*|\\[\w.?]*", name) is not None
        and len(name) <= 255
        and _corner(name) is None
        and re.fullmatch(r"(?i)r\d*(c\d*)?|c\d*|true|false", name) is None
    )


def _corner(cell: str) -> tuple[int, int] | None:
    """Return row and column of a cell, if Excel has it."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([1-9]\d*)", cell)
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return (int(match[2]), column) if int(match[2]) <= _ROWS and column <= _COLUMNS else None


def _area(text: str) -> Area | None:
    corners = [_corner(cell) for cell in text.split(":")]
    first, last = corners[0], corners[-1]
    if len(corners) > 2 or first is None or last is None or first[0] > last[0] or first[1] > last[1]:
        return None
    return Area(*first, *last)


def _inside(area: Area | None, other: Area) -> bool:
    return area is not None and (
        other.top <= area.top and area.bottom <= other.bottom and (area.left, area.right) == (other.left, other.right)
    )


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?(\d+\.?\d*|\.\d+)([Ee][+-]?\d+)?", text) is not None and math.isfinite(float(text))


def _text(cell: Element, strings: list[str]) -> str:
    """Return what a cell shows: its text, or its value as it is written."""
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "s":
        return strings[int(value)] if value.isdigit() and int(value) < len(strings) else ""
    return "".join(text.text or "" for text in cell.iterfind("{*}is//{*}t")) if cell.get("t") == "inlineStr" else value


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
