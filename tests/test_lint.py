"""Faults planted into a built workbook: each must be caught, and nothing that is legal."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from typing import NamedTuple

import pytest
from lint import RULES, lint
from sdk import sdk_errors
from sheets import part as sheet_part

import xlkpi
from xlkpi.workbook import build
from xlkpi.workbook.finish import packed
from xlkpi.workbook.parts import Parts, add_spill_parts

BOOK, STYLES, KINDS = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
MORE, MORE_RELS = "xl/worksheets/sheet98.xml", "xl/worksheets/_rels/sheet98.xml.rels"
TABLE, OTHER, CHART = "xl/tables/table1.xml", "xl/tables/table2.xml", "xl/charts/chart98.xml"
STRINGS, CHAIN, LINK = "xl/sharedStrings.xml", "xl/calcChain.xml", "xl/externalLinks/externalLink1.xml"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SPACES = f'xmlns="{_MAIN}" xmlns:r="{_REL}"'


def _table(number: int, area: str, columns: str, headless: str = "") -> str:
    names = "".join(f'<tableColumn id="{i}" name="{name}"/>' for i, name in enumerate(columns.split(), 1))
    filtered = "" if headless else f'<autoFilter ref="{area}"/>'
    return (
        f'<table xmlns="{_MAIN}" id="{number}" name="People{number}" displayName="People{number}_" ref="{area}"{headless}>'
        f'{filtered}<tableColumns count="2">{names}</tableColumns></table>'
    )


def _rels(**targets: str) -> str:
    lines = "".join(
        f'<Relationship Id="{key}" Type="{kind if "://" in kind else _REL + "/" + kind}" Target="{target}"{mode}/>'
        for key, (kind, target, mode) in ((key, (*text.split(" "), "")[:3]) for key, text in targets.items())
    )
    lines = re.sub(r'(Target="https?:[^"]*")', r'\1 TargetMode="External"', lines)
    return f'<Relationships xmlns="{_RELS}">{lines}</Relationships>'


# What our workbooks do not hold yet: tables, icons, a chart, links, a list, shared texts, LAMBDAs. All of it is right.
NEW_PARTS = {
    MORE: f"""<worksheet {_SPACES}><sheetViews><sheetView workbookViewId="0"/></sheetViews>
<cols><col min="1" max="2" width="20" customWidth="1"/><col min="3" max="4" width="12" customWidth="1"/></cols>
<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Month</t></is></c><c r="B1" t="s"><v>0</v></c>
<c r="D1" t="inlineStr"><is><t>Name</t></is></c><c r="E1" t="inlineStr"><is><t>Hours</t></is></c></row>
<row r="2" ht="20" customHeight="1"><c r="A2"><v>1</v></c><c r="B2"><v>10</v></c><c r="D2" t="s"><v>1</v></c></row>
<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>20</v></c><c r="E3"><v>4</v></c></row>
<row r="5"><c r="A5"><f>KPI.PLANTED(85,100)</f><v>85</v></c><c r="B5"><f>SUM(People1_[Clients])</f><v>30</v></c>
<c r="C5" t="b"><v>1</v></c><c r="D5"><f>_xlfn.STDEV.S(B2:B3)</f><v>7.0710678118654755</v></c>
<c r="E5" cm="1"><f t="array" ref="E5">SUM(B2:B3*1)</f><v>30</v></c></row>
<row r="8"><c r="A8" t="inlineStr"><is><t>wide</t></is></c><c r="B8" s="1"/></row></sheetData>
<autoFilter ref="G1:H3"/>
<mergeCells count="2"><mergeCell ref="A8:B9"/><mergeCell ref="D8:E9"/></mergeCells>
<conditionalFormatting sqref="B2:B3"><cfRule type="iconSet" priority="1"><iconSet iconSet="3Arrows">
<cfvo type="num" val="0"/><cfvo type="formula" val="$B$2"/><cfvo type="num" val="15"/></iconSet></cfRule>
<cfRule type="expression" dxfId="0" priority="2"><formula>B2&gt;Inputs!$D$6</formula></cfRule></conditionalFormatting>
<dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="C2"><formula1>"yes,no"</formula1>
</dataValidation></dataValidations>
<hyperlinks><hyperlink ref="A11" r:id="rId4"/><hyperlink ref="A12" location="Inputs!A1" tooltip="there"/></hyperlinks>
<pageMargins left="0.7" right="0.7" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>
<headerFooter><oddHeader>&amp;Lhead</oddHeader></headerFooter>
<drawing r:id="rId3"/><tableParts count="2"><tablePart r:id="rId1"/><tablePart r:id="rId2"/></tableParts>
<extLst><ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{_X14}"><x14:sparklineGroups
xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup displayEmptyCellsAs="gap">
<x14:sparklines><x14:sparkline><xm:f>More!B2:B3</xm:f><xm:sqref>F2</xm:sqref></x14:sparkline></x14:sparklines>
</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>
</worksheet>""",
    MORE_RELS: _rels(
        rId1="table ../tables/table1.xml",
        rId2="table ../tables/table2.xml",
        rId3="drawing ../drawings/drawing98.xml",
        rId4="hyperlink https://example.org/",
    ),
    TABLE: _table(1, "A1:B3", "Month Clients"),
    OTHER: _table(2, "D1:E3", "Name Hours"),
    "xl/drawings/drawing98.xml": f"""<x:wsDr xmlns:x="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main">
<x:twoCellAnchor><x:from><x:col>6</x:col><x:colOff>0</x:colOff><x:row>5</x:row><x:rowOff>0</x:rowOff></x:from>
<x:to><x:col>12</x:col><x:colOff>0</x:colOff><x:row>20</x:row><x:rowOff>0</x:rowOff></x:to>
<x:graphicFrame macro=""><x:nvGraphicFramePr><x:cNvPr id="2" name="Chart 1"/><x:cNvGraphicFramePr/>
</x:nvGraphicFramePr><x:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></x:xfrm><a:graphic>
<a:graphicData uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" xmlns:r="{_REL}" r:id="rId1"/>
</a:graphicData></a:graphic></x:graphicFrame><x:clientData/></x:twoCellAnchor></x:wsDr>""",
    "xl/drawings/_rels/drawing98.xml.rels": _rels(rId1="chart ../charts/chart98.xml"),
    CHART: f"""<c:chartSpace xmlns:c="{_DRAWING}/chart"><c:chart><c:plotArea><c:layout/><c:lineChart>
<c:grouping val="standard"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/>
<c:val><c:numRef><c:f>'More'!$B$2:$B$3</c:f></c:numRef></c:val></c:ser><c:axId val="10"/><c:axId val="20"/></c:lineChart>
<c:catAx><c:axId val="10"/><c:scaling/><c:delete val="0"/><c:axPos val="b"/><c:crossAx val="20"/></c:catAx>
<c:valAx><c:axId val="20"/><c:scaling/><c:delete val="0"/><c:axPos val="l"/><c:crossAx val="10"/></c:valAx>
</c:plotArea></c:chart></c:chartSpace>""",
    STRINGS: f'<sst xmlns="{_MAIN}"><si><t>Clients</t></si><si><r><t>An</t></r><r><t>na</t></r></si></sst>',
    CHAIN: f'<calcChain xmlns="{_MAIN}"><c r="A5" i="99"/></calcChain>',
}  # fmt: skip

LAMBDAS = (
    '<definedName name="KPI.PLANTED">_xlfn.LAMBDA(_xlpm.part,_xlop.whole,IF(_xlfn.ISOMITTED(_xlpm.whole),_xlpm.part,'
    "_xlfn.LET(_xlpm.share,_xlpm.part/_xlpm.whole,_xlpm.share*100)))</definedName>"
)


@functools.cache
def built() -> bytes:
    catalogue = xlkpi.load()
    return build(
        catalogue, catalogue.verticals["remote-career-coaching"], "en", sample=True, host="classic", lambdas=False
    )


@functools.cache
def furnished() -> Parts:
    """The parts of a built workbook, with one sheet more that holds what ours do not."""
    with zipfile.ZipFile(io.BytesIO(built())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts |= NEW_PARTS
    kinds = {MORE: "worksheet", TABLE: "table", OTHER: "table", STRINGS: "sharedStrings", CHAIN: "calcChain"}
    lines = [(part, f"{_SHEET_KIND}.{kind}+xml") for part, kind in kinds.items()]
    lines += [
        ("xl/drawings/drawing98.xml", "application/vnd.openxmlformats-officedocument.drawing+xml"),
        (CHART, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"),
    ]
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in lines)
    related = _rels(
        rId97="calcChain calcChain.xml",
        rId98="worksheet worksheets/sheet98.xml",
        rId99="sharedStrings sharedStrings.xml",
    )
    for part, end, more in (
        (KINDS, "</Types>", overrides),
        ("xl/_rels/workbook.xml.rels", "</Relationships>", "".join(re.findall("<Relationship .*?/>", related))),
        (BOOK, "</sheets>", '<sheet name="More" sheetId="99" state="visible" r:id="rId98"/>'),
        (BOOK, "</definedNames>", LAMBDAS),
    ):
        parts[part] = replaced(parts[part], end, more + end)
    add_spill_parts(parts)
    return parts


def replaced(text: str, old: str, new: str, times: int = 1) -> str:
    assert old in text, f"nothing to plant on: {old}"
    return text.replace(old, new, times)


class Fault(NamedTuple):
    """A change of one part: the first ``old`` becomes ``new``; no ``old`` is a new part, no ``new`` one part less."""

    what: str
    part: str
    old: str
    new: str
    rule: str = ""  # the rule of our lint that catches it, and no other does
    sdk: bool = False  # whether Microsoft's validator catches it
    times: int = 1  # how often the change is made; -1: wherever it can be


def named(text: str, name: str = "planted", more: str = "") -> str:
    return f'<definedNames><definedName name="{name}"{more}>{text}</definedName>'


NAMES = "<definedNames>"
A5 = "<f>KPI.PLANTED(85,100)</f>"
MONTHS = "Inputs!$D$10:$O$10"

SCATTER = (
    NEW_PARTS[CHART]
    .replace('<c:grouping val="standard"/>', "")
    .replace("c:lineChart", "c:scatterChart")
    .replace("<c:val>", "<c:yVal>")
    .replace("</c:val>", "</c:yVal>")
    .replace("c:catAx", "c:valAx")
)

FAULTS = [
    # the file
    Fault("a part that is no XML", "docProps/app.xml", "</Properties>", "", "xml", True),
    Fault("two parts that differ by case", "docProps/APP.xml", "", "<a/>", "", True),
    Fault("a sheet whose kind is not given", KINDS, '<Override PartName="/{calc}"', '<Override PartName="/xl/no.xml"', "content-type", True),
    Fault("a kind given for a missing part", KINDS, "</Types>", '<Override PartName="/xl/no.xml" ContentType="application/xml"/></Types>', "content-type"),
    Fault("a relationship to a missing part", MORE_RELS, "table2.xml", "table9.xml", "relationship", True),
    Fault("the file's own relationship to a missing part", "_rels/.rels", "docProps/app.xml", "docProps/no.xml", "relationship", True),
    Fault("a table under an id that is not there", MORE, '<tablePart r:id="rId2"', '<tablePart r:id="rId7"', "relationship"),
    Fault("a formula chain with a cell without formula", CHAIN, 'r="A5"', 'r="A2"', "calc-chain"),
    # sheets
    Fault("a sheet title of 32 characters", BOOK, 'name="_xlkpi"', f'name="{"M" * 32}"', "sheet-title", True),
    Fault("a sheet title with a forbidden sign", BOOK, 'name="_xlkpi"', 'name="a/b"', "sheet-title", True),
    Fault("two sheet titles that differ by case", BOOK, 'name="_xlkpi"', 'name="inputs"', "sheet-title", True),
    Fault("a sheet called History", BOOK, 'name="_xlkpi"', 'name="History"', "sheet-title"),
    Fault("no sheet to show", BOOK, 'state="visible"', 'state="hidden"', "sheet-visible", times=-1),
    Fault("two sheets selected", "inputs", "<sheetView ", '<sheetView tabSelected="1" ', "sheet-selected"),
    # names
    Fault("a name like a cell", BOOK, NAMES, named(MONTHS, "CSS1"), "name"),
    Fault("a name like a cell of the other notation", BOOK, NAMES, named(MONTHS, "R1C1"), "name"),
    Fault("a name with a space", BOOK, NAMES, named(MONTHS, "two words"), "name"),
    Fault("a LAMBDA called like a function of Excel", BOOK, NAMES, named("_xlfn.LAMBDA(_xlpm.x,_xlpm.x)", "SUM"), "name"),
    Fault("a name's comment of 256 characters", BOOK, NAMES, named(MONTHS, more=f' comment="{"c" * 256}"'), "name", True),
    Fault("two names that differ by case", BOOK, NAMES, named(MONTHS, "KPI_client_retention"), "name-twice"),
    Fault("a name of a sheet that is not there", BOOK, NAMES, named(MONTHS, more=' localSheetId="98"'), "name-scope"),
    Fault("a name whose text begins with =", BOOK, NAMES, named("=" + MONTHS), "formula-begins"),
    Fault("a name that refers to a missing sheet", BOOK, NAMES, named("Missing!$A$1"), "sheet-reference"),
    Fault("a name that has lost its cells", BOOK, NAMES, named("Inputs!#REF!"), "lost-reference"),
    Fault("print titles that are no whole rows", BOOK, "'Inputs'!$8:$8", "'Inputs'!$A$8:$Q$8", "print"),
    Fault("print titles of another sheet", BOOK, "'Inputs'!$8:$8", "'KPIs'!$8:$8", "print"),
    # formulas
    Fault("a formula with a bracket missing", MORE, A5, "<f>SUM(B2:B3</f>", "formula-syntax"),
    Fault("a formula with a bracket too many", MORE, A5, "<f>SUM(B2:B3))</f>", "formula-syntax"),
    Fault("a text in a formula that is not closed", MORE, A5, '<f>IF(B2=1,"a)</f>', "formula-syntax"),
    Fault("a formula with ; between arguments", MORE, A5, "<f>SUM(B2;B3)</f>", "formula-separator"),
    Fault("a formula of 8193 characters", MORE, A5, f"<f>{'1+' * 4096}1</f>", "formula-length"),
    Fault("a name whose text has 8193 characters", BOOK, NAMES, named("1+" * 4096 + "1"), "formula-length"),
    Fault("65 functions inside one another", MORE, A5, f"<f>{'ABS(' * 65}1{')' * 65}</f>", "formula-depth"),
    Fault("a later function without _xlfn.", MORE, A5, "<f>STDEV.S(B2:B3)</f>", "function"),
    Fault("an old function with _xlfn.", MORE, A5, "<f>_xlfn.SUM(B2:B3)</f>", "function"),
    Fault("SORT without its second prefix", MORE, A5, "<f>_xlfn.SORT(B2:B3)</f>", "function"),
    Fault("LAMBDA without _xlfn.", BOOK, "_xlfn.LAMBDA", "LAMBDA", "function"),
    Fault("a function in another language", MORE, A5, "<f>SOMME(B2:B3)</f>", "function"),
    Fault("a formula that refers to a missing sheet", MORE, A5, "<f>Missing!B2</f>", "sheet-reference"),
    Fault("a formula that refers to a missing name", MORE, A5, "<f>bench_missing+1</f>", "unknown-name"),
    Fault("a formula that refers beyond the last row", MORE, A5, "<f>B1048577</f>", "unknown-name"),
    Fault("a formula that refers to a missing column", MORE, A5, "<f>SUM(People1_[Visits])</f>", "table-column"),
    Fault("a function of a missing file", "kpis", "[1]!", "[2]!", "external"),
    Fault("a function that the linked file is not said to have", LINK, 'definedName name="CRR"', 'definedName name="CR"', "external"),
    Fault("a parameter in brackets in LAMBDA", BOOK, "_xlop.whole", "[_xlpm.whole]", "parameter"),
    Fault("a parameter like a cell", BOOK, LAMBDAS, LAMBDAS.replace("part", "q1"), "parameter"),
    Fault("a chart that refers to a missing sheet", CHART, "'More'!", "'Gone'!", "sheet-reference"),
    Fault("a sparkline that refers to a missing sheet", MORE, "<xm:f>More!", "<xm:f>Gone!", "sheet-reference"),
    Fault("a validation by a function without _xlfn.", MORE, '"yes,no"', "XLOOKUP(1,B2:B3,B2:B3)", "function"),
    Fault("a format by a formula that cannot be read", MORE, "B2&gt;Inputs!$D$6", "B2&gt;(1", "formula-syntax"),
    # cells
    Fault("rows out of order", MORE, '<row r="3"><c r="A3"', '<row r="6"><c r="A6"', "order"),
    Fault("cells out of order", MORE, '<c r="A3"><v>2</v></c>', '<c r="F3"/><c r="A3"/>', "order"),
    Fault("a cell in another row", MORE, '<c r="B3">', '<c r="B4">', "order"),
    Fault("a cell twice", MORE, '<c r="A3">', '<c r="A3"/><c r="A3">', "twice"),
    Fault("a row twice", MORE, '<row r="3">', '<row r="3"></row><row r="3">', "twice"),
    Fault("a cell beyond the last column", MORE, "<v>4</v></c>", '<v>4</v></c><c r="XFE3"/>', "grid"),
    Fault("a cell of a style that is not there", MORE, 's="1"', 's="999"', "style", True),
    Fault("a row of a style that is not there", MORE, '<row r="3"', '<row r="3" s="999" customFormat="1"', "style"),
    Fault("a column of a style that is not there", MORE, 'width="12"', 'width="12" style="64999"', "style", True),
    Fault("a shared text that is not there", MORE, '<c r="D2" t="s"><v>1</v>', '<c r="D2" t="s"><v>2</v>', "shared-string"),
    Fault("a number that is none", MORE, "<v>10</v>", "<v>ten</v>", "cell-value"),
    Fault("a number beyond all", MORE, "<v>10</v>", "<v>inf</v>", "cell-value"),
    Fault("an error that Excel does not know", MORE, 't="b"><v>1', 't="e"><v>#DIV/0', "cell-value"),
    Fault("a truth that is neither", MORE, 't="b"><v>1', 't="b"><v>2', "cell-value", True),
    Fault("a text of 32768 characters", MORE, "wide", "w" * 32768, "text-length"),
    Fault("an array that begins elsewhere", MORE, 'ref="E5"', 'ref="E6"', "array"),
    Fault("an array in a merge", MORE, 'ref="D8:E9"', 'ref="E5:F6"', "array"),
    Fault("a mark of spilling without its meaning", MORE, 'cm="1"', 'cm="2"', "", True),
    Fault("columns that overlap", MORE, '<col min="3"', '<col min="2"', "columns"),
    Fault("a column 256 wide", MORE, 'width="12"', 'width="256"', "size", True),
    Fault("a row 410 high", MORE, 'ht="20"', 'ht="410"', "size"),
    Fault("merges that overlap", MORE, 'ref="D8:E9"', 'ref="B9:E9"', "merge"),
    Fault("a merge of one cell", MORE, 'ref="D8:E9"', 'ref="D8"', "merge"),
    Fault("a merge in a table", MORE, 'ref="D8:E9"', 'ref="D2:D3"', "merge"),
    Fault("a value that a merge covers", MORE, '<c r="B8" s="1"/>', '<c r="B8"><v>5</v></c>', "merge-hides"),
    # tables and filters
    Fault("a heading that is not its column's name", MORE, "<t>Month</t>", "<t>Months</t>", "table-header"),
    Fault("a heading that is a number", MORE, '<c r="A1" t="inlineStr"><is><t>Month</t></is></c>', '<c r="A1"><v>2026</v></c>', "table-header"),
    Fault("two columns of one name", OTHER, 'name="Hours"', 'name="NAME"', "table-header"),
    Fault("a table named like a cell", OTHER, '"People2_"', '"CSS1"', "table-name"),
    Fault("a table named like another", OTHER, '"People2_"', '"PEOPLE1_"', "table-name"),
    Fault("a table named like a name", OTHER, '"People2_"', '"kpi_client_retention"', "table-name"),
    Fault("a table of fewer columns than cells", OTHER, "D1:E3", "D1:F3", "table-shape", times=-1),
    Fault("a table without a row", OTHER, "D1:E3", "D1:E1", "table-shape", times=-1),
    Fault("tables that overlap", OTHER, _table(2, "D1:E3", "Name Hours"), _table(2, "B2:C4", "Name Hours", ' headerRowCount="0"'), "table-overlap"),
    Fault("the sheet's filter over a table", MORE, 'ref="G1:H3"', 'ref="A1:B3"', "filter"),
    # validations, formats, links
    Fault("a list of 256 characters", MORE, "yes,no", "y" * 256, "validation-list"),
    Fault("a message of 256 characters", MORE, 'type="list"', f'type="list" error="{"e" * 256}"', "validation-message"),
    Fault("a message's title of 33 characters", MORE, 'type="list"', f'type="list" errorTitle="{"e" * 33}"', "", True),
    Fault("a differential style that is not there", MORE, 'dxfId="0"', 'dxfId="99"', "format-style"),
    Fault("an icon set of too few limits", MORE, '<cfvo type="num" val="15"/>', "", "scale"),
    Fault("an icon set of too many limits", MORE, '<cfvo type="num" val="15"/>', '<cfvo type="num" val="15"/>' * 2, "scale"),
    Fault("an icon's limit that is not anchored", MORE, 'val="$B$2"', 'val="B2"', "scale-reference"),
    Fault("a header of 256 characters", MORE, "&amp;Lhead", "&amp;L" + "h" * 254, "header"),
    Fault("an address of 2080 characters", MORE_RELS, "example.org/", f"example.org/{'a' * 2060}", "link"),
    Fault("a tip of 256 characters", MORE, 'tooltip="there"', f'tooltip="{"t" * 256}"', "link", True),
    Fault("a link to a missing sheet", MORE, 'location="Inputs!A1"', 'location="Missing!A1"', "link-target"),
    Fault("a chart without one of its axes", CHART, '<c:axId val="20"/></c:lineChart>', '<c:axId val="30"/></c:lineChart>', "axis"),
    Fault("a scatter chart without its style, as openpyxl has it", CHART, NEW_PARTS[CHART], SCATTER, "", True),
    # styles
    Fault("a number format with a text not closed", STYLES, 'formatCode="yyyy-mm-dd"', 'formatCode="0.0&quot;%"', "number-format"),
    Fault("a number format with a bare word", STYLES, 'formatCode="yyyy-mm-dd"', 'formatCode="0 weeks"', "number-format"),
    Fault("a number format of five sections", STYLES, 'formatCode="yyyy-mm-dd"', 'formatCode="0;0;0;0;0"', "number-format"),
    Fault("a font's colour before its size, as openpyxl has it", STYLES, '<sz val="11"></sz><color theme="1"></color>', '<color theme="1"/><sz val="11"/>', "", True),
    Fault("a font that is not there", STYLES, 'fontId="3"', 'fontId="99"', "styles"),
    Fault("a number format that is not there", STYLES, 'numFmtId="164" fontId', 'numFmtId="999" fontId', "styles"),
    Fault("more than 65,490 cell formats", STYLES, "</cellXfs>", '<xf numFmtId="0"/>' * 65_490 + "</cellXfs>", "", True),
]  # fmt: skip

# what looks wrong and is right, and why
LEGAL = [
    Fault("a format that looks at another sheet: so since Excel 2010", MORE, "Inputs!$D$6", "KPIs!$D$5"),
    Fault("; between the rows of an array", MORE, A5, "<f>SUM({1,2;3,4})</f>"),
    Fault("brackets, ; and a missing sheet inside a text", MORE, A5, '<f>"(Missing!A1; [x] "</f>'),
    Fault("a formula of 8192 characters", MORE, A5, f"<f>{'1+' * 4095}11</f>"),
    Fault("a name whose first letters are a cell's", BOOK, NAMES, named(MONTHS, "CSS1_year")),
    Fault("one name in two scopes", BOOK, NAMES, named(MONTHS, "set_rate", ' localSheetId="1"')),
    Fault("a sheet title of 31 characters", BOOK, 'name="_xlkpi"', f'name="{"M" * 31}"'),
    Fault("print titles of rows and columns", BOOK, "'Inputs'!$8:$8", "'Inputs'!$A:$C,'Inputs'!$8:$8"),
    Fault("a style under a merge", MORE, '<c r="B8" s="1"/>', '<c r="B8" s="2"/>'),
    Fault("a list of 255 characters", MORE, "yes,no", "y" * 255),
    Fault("a text of 32767 characters", MORE, "wide", "w" * 32767),
    Fault("a later function with its prefix", MORE, A5, "<f>SUM(_xlfn._xlws.SORT(B2:B3))</f>"),
    Fault("headings of a table", MORE, A5, "<f>SUM(People1_[[#Headers],[Month]:[Clients]])</f>"),
    Fault("sheets from one to another", MORE, A5, "<f>SUM(Inputs:KPIs!D10)+SUM('Inputs:KPIs'!D10)</f>"),
    Fault("a number format with colour, condition and currency", STYLES, 'formatCode="yyyy-mm-dd"', 'formatCode="[Red][&lt;0]-[$€-407] 0.0;[h]:mm;General;@"'),
    Fault("a scatter chart with its style", CHART, NEW_PARTS[CHART], SCATTER.replace("<c:scatterChart>", '<c:scatterChart><c:scatterStyle val="lineMarker"/>')),
    Fault("a link out of the file with a place in it", MORE, '<hyperlink ref="A11"', '<hyperlink ref="A11" location="part"'),
]  # fmt: skip


def planted(fault: Fault) -> bytes:
    parts = dict(furnished())
    part = sheet_part(built(), fault.part) if fault.part in ("inputs", "kpis") else fault.part
    old = parts.get(part, "")
    planted_on = fault.old.replace("{calc}", sheet_part(built(), "Calc"))
    parts[part] = replaced(old, planted_on, fault.new, fault.times) if old else fault.new
    return packed(parts)


def test_the_workbook_before_planting_has_no_finding():
    assert lint(packed(furnished())) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_planted_fault_is_caught_by_the_rule_for_it(fault):
    assert fault.rule or fault.sdk
    found = lint(planted(fault))
    assert {one.rule for one in found} == ({fault.rule} if fault.rule else set())
    assert all(str(one).startswith(one.place) for one in found)


@pytest.mark.parametrize("fault", LEGAL, ids=lambda fault: fault.what)
def test_what_is_legal_is_not_caught(fault):
    assert lint(planted(fault)) == []


def own_faults() -> dict[str, Fault]:
    """For each rule, the first fault that it alone catches: no other rule, and not Microsoft's validator."""
    return {fault.rule: fault for fault in reversed(FAULTS) if not fault.sdk}


def test_every_rule_has_a_fault_that_only_it_catches():
    assert own_faults().keys() == set(RULES) - {"xml"}, "without XML the lint cannot go on"
    assert len(FAULTS) >= 36
    assert len({fault.what for fault in FAULTS + LEGAL}) == len(FAULTS + LEGAL)


@pytest.mark.node
def test_the_validator_of_microsoft_catches_what_the_table_says_and_nothing_of_our_own(tmp_path):
    caught = {"right.xlsx": False}
    (tmp_path / "right.xlsx").write_bytes(packed(furnished()))
    for number, fault in enumerate([*own_faults().values(), *(fault for fault in FAULTS if fault.sdk)]):
        name = f"{number:02} {re.sub('[^a-z ]', ' ', fault.what)}.xlsx"
        (tmp_path / name).write_bytes(planted(fault))
        caught[name] = fault.sdk
    said = sdk_errors(tmp_path / name for name in caught)
    assert {name: bool(errors) for name, errors in said.items()} == caught, said
