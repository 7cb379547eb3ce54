"""The sheet of trends: a line for each KPI over twelve months, with the lines where bands begin, and the target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import quoteattr

from openpyxl.chart import LineChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

from ..policy import is_number
from ..series import MONTHS
from ..texts import LEVEL_KEYS
from .book import CALC, MONTH_LETTERS, Book, Row, Sheet, month_name
from .kpis import TREND
from .layout import Layout, bench_columns
from .parts import Parts
from .plotted import no_lines, plotted_end, plotted_target, why_no_lines
from .style import BRAND, INK, LINE, MUTED, number_format

# Charts side by side, and how many columns and rows of the sheet each takes.
ACROSS, WIDE, HIGH = 2, 7, 17
_FIRST_ROW = 4
_EMPTY_ROW = 4  # of the sheet Calc
_ROWS_A_PAGE = 2  # of charts
# Strong colours that people with any kind of colour vision tell apart (tests/test_colours.py measures how well),
# and a pattern of dashes for each.
_VALUE_LINE = (INK, "solid")
_BAND_LINES = {1: ("C27C00", "sysDash"), 2: ("3B8FC0", "dash"), 3: ("00588F", "lgDash")}
_TARGET_LINE = ("5B3A00", "sysDot")
_COLUMNS = "3B8FC0"
_END = " …"  # behind the name of the line where a range ends
_CHART_END = re.compile(r"</(c:)?chart>")
_FRAME = re.compile(r'(<(?:xdr:)?cNvPr id="\d+" name=")(Chart \d+)"')


def write_trends(book: Book, layout: Layout) -> None:
    """Write the sheet of trends."""
    sheet = Sheet(book, "trends")
    name = book.vertical.name.get_in(book.language)
    sheet.text(1, 1, book.say("trends.title", vertical=name), "title")
    sheet.text(2, 1, book.say("trends.how", benchmarks=book.title("benchmarks")), "how")
    sheet.widths({get_column_letter(column): 11.0 for column in range(1, ACROSS * WIDE + 1)})
    for place, entry in enumerate(book.rows):
        sheet.cells.add_chart(_chart(book, layout, entry, place))
        _foot(sheet, book, layout, entry, place)
    rows = -(-len(book.rows) // ACROSS) * HIGH
    for page in range(1, -(-rows // (HIGH * _ROWS_A_PAGE))):
        sheet.cells.row_breaks.append(Break(id=_FIRST_ROW - 1 + page * _ROWS_A_PAGE * HIGH))
    sheet.cells.freeze_panes = "A4"
    sheet.printed(f"{get_column_letter(ACROSS * WIDE)}{_FIRST_ROW + rows - 1}", "1:3")


def chart_cell(place: int) -> str:
    """Return the cell at the upper left of a chart, by its place from 0."""
    return f"{get_column_letter(place % ACROSS * WIDE + 1)}{_FIRST_ROW + place // ACROSS * HIGH}"


def way_back(place: int) -> tuple[int, int]:
    """Return the row and column under a chart that lead back to its figures."""
    return _FIRST_ROW + place // ACROSS * HIGH + HIGH - 1, place % ACROSS * WIDE + 1


def _foot(sheet: Sheet, book: Book, layout: Layout, entry: Row, place: int) -> None:
    """Under a chart: the way back to its figures, and why there are no lines to compare with, if there are none."""
    row, column = way_back(place)
    sheet.text(row, column, f"← {book.title('kpis')}", "back")
    letter = get_column_letter(bench_columns(book).after(1))
    period = f"{book.at('benchmarks')}!${letter}${layout.bench[entry.id]}"
    why = why_no_lines(book, entry, layout.calc[entry.id], period)
    sheet.formula(row, column + 2, why, no_lines(book, entry), "how_wrap")
    sheet.cells.merge_cells(start_row=row, end_row=row, start_column=column + 2, end_column=column + WIDE - 1)
    sheet.cells.row_dimensions[row].height = 30


def finish_charts(parts: Parts, book: Book) -> None:
    """Say what each chart shows to those who hear it, and let #N/A be a gap in its line.

    Args:
        parts: the workbook's parts by name; drawings and charts are changed.
        book: whose rows the charts show, in their order.
    """
    for name in [each for each in parts if each.startswith("xl/charts/chart")]:
        parts[name] = _CHART_END.sub(
            lambda end: _NA_IS_A_GAP.format(prefix=end[1] or "") + end[0], parts[name], count=1
        )
    told = iter(book.say("trends.chart", kpi=book.row_name(entry)) for entry in book.rows)
    for name in [each for each in parts if each.startswith("xl/drawings/drawing")]:
        parts[name] = _FRAME.sub(lambda frame: f"{frame[0]} descr={quoteattr(next(told))}", parts[name])


def add_sparklines(parts: Parts, book: Book, layout: Layout) -> None:
    """Draw the months of each KPI small beside its year; as columns, since LibreOffice prints no small lines.

    Args:
        parts: the workbook's parts by name; that of the sheet of KPIs is changed.
        book: whose rows are drawn.
        layout: where the figures are.
    """
    sheet = f"xl/worksheets/sheet{book.workbook.sheetnames.index(book.title('kpis')) + 1}.xml"
    first, last, column = MONTH_LETTERS[0], MONTH_LETTERS[-1], get_column_letter(TREND)
    drawn = "".join(
        f"<x14:sparkline><xm:f>{CALC}!{first}{row}:{last}{row}</xm:f><xm:sqref>{column}{layout.kpi[entry.id]}"
        "</xm:sqref></x14:sparkline>"
        for entry in book.rows
        for row in [layout.calc[entry.id].plot.value]
    )
    # One group for all: Excel repairs a sheet that has a group for each.
    parts[sheet] = parts[sheet].replace("</worksheet>", f"{_SPARKLINES.format(drawn=drawn, ink=_COLUMNS)}</worksheet>")


_SPARKLINES = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}"><x14:sparklineGroups '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup type="column" '
    'displayEmptyCellsAs="gap" displayHidden="1"><x14:colorSeries rgb="FF{ink}"></x14:colorSeries>'
    "<x14:sparklines>{drawn}</x14:sparklines>"
    "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
)
# Excel 2016 and newer; older ones join the points on both sides of a gap.
_NA_IS_A_GAP = (
    '<{prefix}extLst><{prefix}ext xmlns:c16r3="http://schemas.microsoft.com/office/drawing/2017/03/chart" '
    'uri="{{56B9EC1D-385E-4148-901F-78D8002777C0}}"><c16r3:dataDisplayOptions16><c16r3:dispNaAsBlank val="1">'
    "</c16r3:dispNaAsBlank></c16r3:dataDisplayOptions16></{prefix}ext></{prefix}extLst>"
)


def _chart(book: Book, layout: Layout, entry: Row, place: int) -> LineChart:
    chart = LineChart()
    chart.title = _title(book.row_name(entry), 1200, BRAND)
    chart.anchor = _anchor(place)
    chart.roundedCorners = False
    chart.legend.position = "b"
    chart.legend.txPr = _looks(900, MUTED)
    chart.display_blanks = "gap"
    chart.visible_cells_only = False  # what is plotted stands on a hidden sheet
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=9525))
    for axis, title in ((chart.x_axis, book.say("inputs.month")), (chart.y_axis, book.unit(entry.kpi.unit))):
        axis.delete = False
        axis.title = _title(title, 900, MUTED)
        axis.txPr = _looks(900, MUTED)
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="E5E7EB"))
    chart.y_axis.number_format = number_format(entry.kpi.unit, book.language)
    chart.series.extend(_lines(book, layout, entry))
    # LibreOffice draws #N/A as 0 unless some line has an empty cell: one that nobody sees has.
    unseen = _line(_EMPTY_ROW, [None] * MONTHS, " ", (LINE, "solid"), 0)
    unseen.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.series.append(unseen)
    # A range's end looks as its beginning does, which the legend names.
    ends = [place for place, line in enumerate(chart.series) if line.tx.v.endswith(_END)]
    chart.legend.legendEntry = [LegendEntry(idx=place, delete=True) for place in (*ends, len(chart.series) - 1)]
    return chart


def _lines(book: Book, layout: Layout, entry: Row) -> Iterator[Series]:
    """The figure first, then what it is held against."""
    plot = layout.calc[entry.id].plot
    value = _line(plot.value, entry.series.months, entry.kpi.function.name, _VALUE_LINE, 28575)
    value.cat = AxDataSource(strRef=_months(book))  # for all lines: the first one's are the axis'
    value.marker.symbol, value.marker.size = "circle", 6
    value.marker.graphicalProperties = GraphicalProperties(solidFill=INK, ln=LineProperties(solidFill=INK))
    yield value
    stated = {band.level for band in entry.kpi.bands.get(entry.segment, ())}
    for (level, side), row in plot.edges.items():
        if level not in stated:
            continue
        word = book.say(LEVEL_KEYS[level]) + (_END if side else "")
        edge = entry.edges[level, side]
        yield _line(row, [edge] * MONTHS, word, _BAND_LINES[level], 15875)
    target = plotted_target(book, entry)
    yield _line(plot.target, [target] * MONTHS, book.say("kpis.target"), _TARGET_LINE, 15875)
    if plot.target_end:
        end = plotted_end(book, entry)
        yield _line(plot.target_end, [end] * MONTHS, book.say("kpis.target") + _END, _TARGET_LINE, 15875)


def _line(row: int, values: Sequence[object], name: str, look: tuple[str, str], width: int) -> Series:
    """A line over the months of a row of the sheet Calc, with what it shows for programs that do not calculate."""
    first, last = MONTH_LETTERS[0], MONTH_LETTERS[-1]
    points = [NumVal(idx=place, v=repr(float(str(value)))) for place, value in enumerate(values) if is_number(value)]
    numbers = NumRef(f=f"{CALC}!${first}${row}:${last}${row}", numCache=NumData("General", MONTHS, pt=points))
    series = Series(tx=SeriesLabel(v=name), val=NumDataSource(numRef=numbers))
    series.smooth = False
    colour, dash = look
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=width, prstDash=dash))
    series.marker.symbol = "none"
    return series


def _months(book: Book) -> StrRef:
    """The months' names below the axis."""
    names = [StrVal(idx=place, v=month_name(book, place)) for place in range(MONTHS)]
    cells = f"{CALC}!${MONTH_LETTERS[0]}$3:${MONTH_LETTERS[-1]}$3"
    return StrRef(f=cells, strCache=StrData(MONTHS, pt=names))


def _anchor(place: int) -> TwoCellAnchor:
    """Where a chart stands; bound to cells, so that charts never overlap, whatever font a program has."""
    row, column = _FIRST_ROW - 1 + place // ACROSS * HIGH, place % ACROSS * WIDE
    anchor = TwoCellAnchor(editAs="oneCell")
    anchor._from = AnchorMarker(col=column, row=row, rowOff=40000)  # else the frame is printed on the page before, too
    anchor.to = AnchorMarker(col=column + WIDE, colOff=-120000, row=row + HIGH - 1)
    return anchor


def _looks(size: int, colour: str) -> RichText:
    looks = CharacterProperties(sz=size, solidFill=colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=looks), r=[], endParaRPr=looks)])


def _title(text: str, size: int, colour: str) -> Title:
    looks = CharacterProperties(sz=size, b=size > 1000, solidFill=colour)
    run = RegularTextRun(rPr=looks, t=text)
    title = Title(tx=Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=looks), r=[run])])))
    title.overlay = False
    return title
