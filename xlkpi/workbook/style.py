"""Colours, fonts, number formats and the named styles of every cell."""

from __future__ import annotations

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.workbook import Workbook

# openpyxl writes a font's colour before its size, which the schema forbids; the schema's order:
Font.__elements__ = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color",
    "name", "family", "charset", "scheme",
)  # fmt: skip

INK, MUTED, LINE = "1F2937", "565E6B", "D1D5DB"
BRAND, BRAND_PALE, GROUP = "0B4A73", "EAF2F8", "F3F4F6"
TYPED, TYPED_LINE = "FFFBE6", "9C8228"
LOGGED = "DCEAF6"  # a cell to type in whose figure comes from the log
WARNING = "9A3412"
CARD, BAR_INK = "F8FAFC", "111827"
BAR_GREYS = ("F3F4F6", "E5E7EB", "D1D5DB", "B6BCC6")
_UNSEEN = ";;;"
# Told apart by people with any kind of colour vision; the word stands beside in every case.
LEVEL_FILLS = ("F4C7B3", "FCE8B2", "CFE6F5", "7FB8DE")
# The same in every language; no level is said by its colour alone.
LEVEL_SHAPES = ("▼", "●", "▲", "★")
LEVEL_INKS = ("7A2200", "6B4A00", "0B4A73", "08324F")

_FORMATS = {
    "money": "#,##0.00",
    "hours": "#,##0.00",
    "minutes": "#,##0.0",
    "days": "#,##0.0",
    "months": "#,##0.0",
    "points": "0.0",
    "score": "0.00",
    "ratio": "0.00",
}


def number_format(unit: str, language: str) -> str:
    """Return the number format of a unit; 85 is shown as 85.0% where it means percent."""
    if unit == "date":
        return "yyyy-mm-dd" if language == "en" else "dd/mm/yyyy"
    if unit == "percent":
        return '0.0"%"' if language in ("en", "pt") else '0.0"\u00a0%"'
    return _FORMATS.get(unit, "#,##0")


def level_format(level: int, unit: str, language: str) -> str:
    """Return a unit's number format with the shape of a level at the left of the cell."""
    shape, plain = f'"{LEVEL_SHAPES[level]} "* ', number_format(unit, language)
    return f"{shape}{plain};{shape}-{plain}"  # the sign stays with the figure


def signed(number: str, shapes: bool = False) -> str:
    """Return a number format that shows the sign of a difference, with an arrow if wanted."""
    # Signs within quotes, as LibreOffice would put them, too.
    up, down, same = ('"▲ +"', '"▼ -"', '"= "') if shapes else ('"+"', "-", "")
    return f"{up}{number};{down}{number};{same}{number}"


def level_style(level: int) -> tuple[PatternFill, Font]:
    """Return the fill and font of a level, for conditional formats."""
    fill = PatternFill("solid", bgColor=LEVEL_FILLS[level], fgColor=LEVEL_FILLS[level])
    return fill, Font(color=LEVEL_INKS[level], bold=level == 3)


def level_font(level: int) -> Font:
    """Return a level's font for a cell of its own, such as in a legend."""
    return Font(name="Calibri", size=11, color=LEVEL_INKS[level], bold=level == 3)


def _side(colour: str) -> Side:
    return Side("thin", color=colour)


def _box(colour: str) -> Border:
    return Border(left=_side(colour), right=_side(colour), top=_side(colour), bottom=_side(colour))


class Styles:
    """The named styles of one workbook, made when first asked for.

    Args:
        workbook: the workbook.
        language: language of the number formats.
    """

    def __init__(self, workbook: Workbook, language: str) -> None:
        self.workbook, self.language = workbook, language
        self.made: dict[str, StyleArray] = {}

    def put(self, cell: Cell, role: str, unit: str = "") -> None:
        """Give a cell the style of a role, with a unit's number format; no role leaves the cell plain."""
        if not role:
            return
        key = f"{role} {unit.partition(':')[0]}" if unit else role
        if key not in self.made:
            style = _make(f"xlkpi {key}", role)
            if unit:
                style.number_format = _role_format(role, number_format(unit, self.language), self.language)
            self.workbook.add_named_style(style)
            cell.style = style.name
            self.made[key] = cell._style
        # Looking a style up by its name for each cell takes a third of the time of a workbook.
        cell._style = self.made[key]


# What a difference of two percentages is counted in.
_POINTS = {"en": "pp", "pt": "p.p.", "fr": "pt", "es": "pp"}


def _role_format(role: str, number: str, language: str) -> str:
    if role in ("change", "card_change", "card_takes") and "%" in number:
        number = f'0.0"\u00a0{_POINTS[language]}"'
    return signed(number, role == "card_change") if role in ("change", "card_change", "card_takes") else number


def _make(name: str, role: str) -> NamedStyle:
    """Build one style from its role."""
    font = Font(name="Calibri", size=11, color=INK)
    style = NamedStyle(name, font=font, alignment=Alignment(vertical="center"))
    wrap = Alignment(vertical="center", wrap_text=True)
    if role == "title":
        style.font = Font(name="Calibri", size=16, bold=True, color=BRAND)
    elif role in ("how", "how_wrap", "remark"):
        style.font = Font(name="Calibri", size=10, color=MUTED)
        style.alignment = Alignment(
            horizontal="left", vertical="center", wrap_text=role != "how", indent=int(role == "remark")
        )
    elif role in ("banner", "banner_small", "banner_wrap"):
        style.font = Font(name="Calibri", size=9 if role == "banner_small" else 11, bold=True, color=LEVEL_INKS[0])
        style.fill = PatternFill("solid", fgColor=LEVEL_FILLS[0])
        style.alignment = Alignment(vertical="center", wrap_text=role == "banner_wrap")
    elif role in ("header", "header_left", "header_line"):
        style.font = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
        style.fill = PatternFill("solid", fgColor=BRAND)
        side = "center" if role == "header" else "left"
        style.alignment = Alignment(horizontal=side, vertical="center", wrap_text=role != "header_line")
    elif role == "step":
        style.font = Font(name="Calibri", size=14, bold=True, color="FFFFFF")
        style.fill = PatternFill("solid", fgColor=BRAND)
        style.alignment = Alignment(horizontal="center", vertical="center")
    elif role == "back":
        style.font = Font(name="Calibri", size=11, color=BRAND)
    elif role == "group":
        style.font = Font(name="Calibri", size=11, bold=True, color=BRAND)
        style.fill = PatternFill("solid", fgColor=BRAND_PALE)
    elif role in ("typed", "typed_word", "typed_text"):
        style.fill, style.border = PatternFill("solid", fgColor=TYPED), _box(TYPED_LINE)
        side = {"typed": "right", "typed_word": "center", "typed_text": "left"}[role]
        style.alignment = Alignment(horizontal=side, vertical="center", indent=int(role == "typed_text"))
        if role == "typed_word":
            style.number_format = "@"  # else Excel makes a date of "Jan 2026", even where it is chosen from a list
        style.protection = Protection(locked=False)
    elif role == "typed_shown":  # looks like a cell to type in, in a legend
        style.fill, style.border = PatternFill("solid", fgColor=TYPED), _box(TYPED_LINE)
        style.alignment = Alignment(horizontal="center", vertical="center")
    elif role in ("figure", "year", "used", "change"):
        style.border, style.alignment = _box(LINE), Alignment(horizontal="right", vertical="center")
        style.font = Font(name="Calibri", size=11, bold=role in ("year", "change"), italic=role == "used", color=INK)
        style.fill = PatternFill("solid", fgColor=GROUP) if role in ("year", "used") else PatternFill()
    elif role == "word":
        style.border = _box(LINE)
        style.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    elif role in ("warning", "warning_wrap"):
        style.font = Font(name="Calibri", size=10, bold=True, color=WARNING)  # runs on to the right, never cut
        style.alignment = wrap if role == "warning_wrap" else style.alignment
    elif role in ("muted", "used_label", "unit"):
        style.font = Font(name="Calibri", size=10, italic=role == "used_label", color=MUTED)
        style.alignment = Alignment(vertical="center", horizontal="center" if role == "unit" else None)
    elif role == "wrap":
        style.alignment = Alignment(vertical="top", wrap_text=True)
    elif role == "strong":
        style.font = Font(name="Calibri", size=11, bold=True, color=BRAND)
        style.alignment = Alignment(vertical="top", wrap_text=True)
    elif role.startswith("level"):
        level = int(role[len("level")])
        style.fill, style.font = level_style(level)[0], level_font(level)
        style.alignment = Alignment(horizontal="center", vertical="center")
        if role.endswith("small"):
            style.font = Font(name="Calibri", size=10, bold=True, color=LEVEL_INKS[level])
    elif role == "name":
        style.font = Font(name="Calibri", size=11, bold=True, color=BRAND)
        style.alignment = wrap
    elif role in ("cell", "about"):
        style.alignment = wrap
        if role == "about":
            style.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    elif role == "strong_line":
        style.font = Font(name="Calibri", size=11, bold=True, color=BRAND)
    elif role == "cell_box":
        style.alignment, style.border = wrap, _box(LINE)
    elif role == "bar":
        style.font = Font(name="Calibri", size=9, bold=True, color=BAR_INK)
        style.alignment = Alignment(horizontal="center", vertical="center")
        style.number_format = _UNSEEN
    elif role == "unseen":
        style.font = Font(name="Calibri", size=6, color=MUTED)
        style.number_format = _UNSEEN
    elif role.startswith("card"):
        _make_card(style, role)
    elif role in ("code", "code_wrap"):
        style.font = Font(name="Consolas", size=10, color=INK)
        style.alignment = Alignment(vertical="center", wrap_text=role == "code_wrap")
    return style


def _make_card(style: NamedStyle, role: str) -> None:
    """The lines of a card of the dashboard, on one ground."""
    style.fill = PatternFill("solid", fgColor=CARD)
    size = {"card_value": 20, "card_name": 11}.get(role, 10)
    colour = {"card_name": BRAND, "card_unit": MUTED, "card_small": INK, "card_note": MUTED}.get(role, INK)
    bold = role in ("card_name", "card_value", "card_verdict", "card_takes")
    style.font = Font(name="Calibri", size=size, bold=bold, color=colour)
    side = {
        "card_unit": "right", "card_number": "right", "card_verdict": "center",
        "card_value": "left", "card_change": "left", "card_takes": "left",
    }.get(role, "left")  # fmt: skip
    wrapped = ("card_name", "card_verdict", "card_wrap")
    style.alignment = Alignment(
        horizontal=side, vertical="center", wrap_text=role in wrapped, shrink_to_fit=role not in wrapped
    )


# What a bar's cell holds: the level of its band (0 to 3), more where the figure or the target lies, and more where
# nothing is judged.
BAR_VALUE, BAR_TARGET, BAR_GREY = 10, 20, 40
_BAR_MARKS = {0: _UNSEEN, BAR_VALUE: '"●"', BAR_TARGET: '"◇"', BAR_VALUE + BAR_TARGET: '"◆"'}
BAR_CODES = tuple(zone + mark + shade for shade in (0, BAR_GREY) for mark in _BAR_MARKS for zone in range(4))
_FIRST_FORMAT = 200  # numbers below 164 are Excel's own, those from it on the workbook's


def bar_rule(code: int, first: str) -> Rule:
    """Return the rule that draws a bar's cell: its band's colour, and the mark in it."""
    grey = code >= BAR_GREY
    mark, zone = divmod(code - BAR_GREY * grey, BAR_VALUE)
    mark *= BAR_VALUE
    fill = (BAR_GREYS if grey else LEVEL_FILLS)[zone]
    look = DifferentialStyle(
        font=Font(color=BAR_INK, bold=True),
        numFmt=NumberFormat(_FIRST_FORMAT + mark // BAR_VALUE, _BAR_MARKS[mark]),
        fill=PatternFill("solid", bgColor=fill, fgColor=fill),
    )
    return Rule(type="expression", dxf=look, formula=[f"AND(ISNUMBER({first}),{first}={code})"])
