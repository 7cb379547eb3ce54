"""Colours, fonts, number formats and the named styles of every cell."""

from __future__ import annotations

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.workbook import Workbook

# openpyxl writes a font's colour before its size, which the schema forbids; the schema's order:
Font.__elements__ = (
    "b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color",
    "name", "family", "charset", "scheme",
)  # fmt: skip

INK, MUTED, LINE = "1F2937", "565E6B", "D1D5DB"
BRAND, BRAND_PALE, GROUP = "0B4A73", "EAF2F8", "F3F4F6"
TYPED, TYPED_LINE = "FFFBE6", "9C8228"
WARNING = "9A3412"
# Told apart by people with any kind of colour vision; the word stands beside in every case.
LEVEL_FILLS = ("F4C7B3", "FCE8B2", "CFE6F5", "7FB8DE")
LEVEL_INKS = ("7A2200", "6B4A00", "0B4A73", "08324F")
# The same in every language; no level is said by its colour alone.
LEVEL_SHAPES = ("▼", "●", "▲", "★")

_FORMATS = {
    "money": "#,##0.00",
    "hours": "#,##0.00",
    "minutes": "#,##0.0",
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


def level_word(level: int, word: str) -> str:
    """Return the word of a level behind its shape."""
    return f"{LEVEL_SHAPES[level]} {word}"


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
                style.number_format = number_format(unit, self.language)
            self.workbook.add_named_style(style)
            cell.style = style.name
            self.made[key] = cell._style
        # Looking a style up by its name for each cell takes a third of the time of a workbook.
        cell._style = self.made[key]


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
    elif role in ("banner", "banner_wrap"):
        style.font = Font(name="Calibri", size=11, bold=True, color=LEVEL_INKS[0])
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
    elif role in ("typed", "typed_word"):
        style.fill, style.border = PatternFill("solid", fgColor=TYPED), _box(TYPED_LINE)
        style.alignment = Alignment(horizontal="right" if role == "typed" else "center", vertical="center")
        style.protection = Protection(locked=False)
    elif role == "typed_shown":  # looks like a cell to type in, in a legend
        style.fill, style.border = PatternFill("solid", fgColor=TYPED), _box(TYPED_LINE)
        style.alignment = Alignment(horizontal="center", vertical="center")
    elif role in ("figure", "year", "used"):
        style.border, style.alignment = _box(LINE), Alignment(horizontal="right", vertical="center")
        style.font = Font(name="Calibri", size=11, bold=role == "year", italic=role == "used", color=INK)
        style.fill = PatternFill("solid", fgColor=GROUP) if role != "figure" else PatternFill()
    elif role == "word":
        style.border = _box(LINE)
        style.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    elif role == "warning":
        style.font = Font(name="Calibri", size=10, bold=True, color=WARNING)  # runs on to the right, never cut
    elif role in ("muted", "used_label", "unit"):
        style.font = Font(name="Calibri", size=10, italic=role == "used_label", color=MUTED)
        style.alignment = Alignment(vertical="center", horizontal="center" if role == "unit" else None)
    elif role == "wrap":
        style.alignment = Alignment(vertical="top", wrap_text=True)
    elif role == "strong":
        style.font = Font(name="Calibri", size=11, bold=True, color=BRAND)
        style.alignment = Alignment(vertical="top", wrap_text=True)
    elif role.startswith("level"):
        level = int(role[-1])
        style.fill, style.font = level_style(level)[0], level_font(level)
        style.alignment = Alignment(horizontal="center", vertical="center")
    elif role == "name":
        style.font = Font(name="Calibri", size=11, bold=True, color=BRAND)
        style.alignment = wrap
    elif role in ("cell", "about"):
        style.alignment = wrap
        if role == "about":
            style.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    elif role in ("code", "code_wrap"):
        style.font = Font(name="Consolas", size=10, color=INK)
        style.alignment = Alignment(vertical="center", wrap_text=role == "code_wrap")
    return style
