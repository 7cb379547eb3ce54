"""The last step: put each formula's value beside it, and make the file the same on every run."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from io import BytesIO
from types import MappingProxyType
from xml.sax.saxutils import escape

from openpyxl.workbook import Workbook
from openpyxl.writer.excel import ExcelWriter

from ..errors import KpiError
from .book import Shown
from .parts import Parts, add_spill_parts, spilling

_STAMP = (1980, 1, 1, 0, 0, 0)
_CREATED = "2026-01-01T00:00:00Z"
_FORMULA_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*?)( t="[a-z]+")?><f>([^<]*)</f><v></v></c>')
_EMPTY_TAG = re.compile(r"<([^\s/>?!]+)([^>]*?)\s*/>")
_CHARACTER = re.compile(r"&#([0-9]{3,});")
_NAMESPACE = re.compile(r' xmlns:([A-Za-z0-9]+)="([^"]*)"')
_ROOT = re.compile(r"<([^\s>]+)([^>]*)>")
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>\s*")
_LEVEL = 6
_HIGHEST = 409.5  # points; Excel knows no higher row


def finish(
    workbook: Workbook,
    shown: Mapping[str, Mapping[str, Shown]],
    spill: Mapping[str, Collection[str]] = MappingProxyType({}),
    more: Iterable[Callable[[Parts], None]] = (),
) -> bytes:
    """Return the finished file.

    Args:
        workbook: the workbook, with its formulas.
        shown: for each sheet's title, the value of each cell that has a formula.
        spill: for each sheet's title, the cells whose formula may spill.
        more: each changes parts or adds its own.

    Returns:
        The bytes of the .xlsx file: the same for the same workbook, whenever and wherever.

    Raises:
        ValueError: a formula has no value, which would leave a previewer with an empty cell.
    """
    for sheet in workbook.worksheets:
        for dimension in sheet.row_dimensions.values():
            dimension.height = dimension.height and min(dimension.height, _HIGHEST)
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(workbook, archive).save()
    with zipfile.ZipFile(raw) as source:
        parts = {name: normal(source.read(name).decode("utf-8")) for name in source.namelist()}
    for number, title in enumerate(workbook.sheetnames, 1):
        name = f"xl/worksheets/sheet{number}.xml"
        parts[name] = with_values(parts[name], title, shown.get(title, {}))
        if title in spill:
            parts[name] = spilling(parts[name], spill[title])
    stamp = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
    parts["docProps/core.xml"] = stamp.sub(rf"\g<1>{_CREATED}", parts["docProps/core.xml"])
    if spill:
        add_spill_parts(parts)
    for change in more:
        change(parts)
    return packed(parts)


def packed(parts: Parts) -> bytes:
    """Return the parts of a workbook as a file, the same bytes for the same parts."""
    result = BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, xml in parts.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
            target.writestr(info, xml.encode(), compresslevel=_LEVEL)
    return result.getvalue()


def normal(xml: str) -> str:
    """Write XML one way, whichever library openpyxl used.

    One declaration, no short empty tags, characters as themselves, prefixes declared at the root.
    """
    body = _EMPTY_TAG.sub(r"<\1\2></\1>", _DECLARATION.sub("", xml))
    body = _CHARACTER.sub(lambda match: chr(int(match[1])), body)
    if prefixes := sorted(set(_NAMESPACE.findall(body))):
        spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in prefixes)
        body = _ROOT.sub(rf"<\1\2{spaces}>", _NAMESPACE.sub("", body), count=1)
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{body}'


def with_values(xml: str, title: str, shown: Mapping[str, Shown]) -> str:
    """Write each formula cell's value into the XML of a sheet."""
    missing: list[str] = []

    def put(match: re.Match[str]) -> str:
        coordinate, attributes, _, formula = match.groups()
        if coordinate not in shown:
            missing.append(coordinate)
            return match[0]
        kind, value = _value(shown[coordinate])
        return f'<c r="{coordinate}"{attributes}{kind}><f>{formula}</f><v>{value}</v></c>'

    result, found = _FORMULA_CELL.subn(put, xml)
    if missing or found != xml.count("<f>") or found != len(shown):
        raise ValueError(f"{title}: {found} formulas found, {len(shown)} values known, none for {missing[:5]}")
    return result


def _value(value: Shown) -> tuple[str, str]:
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, (int, float)):
        return "", repr(float(value)) if isinstance(value, float) and not value.is_integer() else f"{value:.17g}"
    if isinstance(value, KpiError):
        return ' t="e"', value.code
    return ' t="str"', escape(value or "")
