"""Parts that openpyxl does not write: formulas that may spill, and the code that xlwings Lite reads."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from ..addin.bundle import REQUIREMENTS

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WEB_REL = "http://schemas.microsoft.com/office/2011/relationships"
_WEB = "http://schemas.microsoft.com/office/webextensions"
_PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPILL = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
# xlwings Lite in Microsoft's store.
_LITE, _LITE_VERSION, _WEB_ID = "WA200008175", "1.0.0.0", "{8E0A6A5C-3C5B-5B0E-9B64-6B0F6F3C1D21}"
_HAS_FUNCTIONS = "{D87F86FE-615C-45B5-9D79-34F1136793EB}"
_FUNCTION_LIST = "{7C84B067-C214-45C3-A712-C9D94CD141B2}"
# Lite reads these of the document's settings. Pyodide 0.27.5 is what Lite itself wrote for long.
PYODIDE = "0.27.5"

Parts = dict[str, str]

METADATA = (
    f'{_HEAD}<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:xda="{_SPILL}">'
    '<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" '
    'pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" '
    'coerce="1" cellMeta="1"></metadataType></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>'
    '<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0">'
    "</xda:dynamicArrayProperties></ext></extLst></bk></futureMetadata>"
    '<cellMetadata count="1"><bk><rc t="1" v="0"></rc></bk></cellMetadata></metadata>'
)


def spilling(xml: str, cells: Collection[str]) -> str:
    """Mark formula cells of a sheet as Excel marks formulas that may spill."""

    def mark(match: re.Match[str]) -> str:
        coordinate, rest = match.groups()
        if coordinate not in cells:
            return match[0]
        return f'<c r="{coordinate}" cm="1"{rest}><f t="array" ref="{coordinate}">'

    return re.sub(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>', mark, xml)


def add_spill_parts(parts: Parts) -> None:
    """Add the part that says what the mark of :func:`spilling` means."""
    parts["xl/metadata.xml"] = METADATA
    _declare(parts, "/xl/metadata.xml", f"{_SHEET_TYPE}.sheetMetadata+xml")
    _relate(parts, "xl/_rels/workbook.xml.rels", f"{_REL}/sheetMetadata", "metadata.xml")


def add_lite_parts(parts: Parts, code: str, functions: Iterable[str]) -> None:
    """Put the code of the functions into a workbook where xlwings Lite looks for it.

    Args:
        parts: the workbook's parts by name; the new ones are added.
        code: text of ``main.py``.
        functions: names of the functions in Excel.
    """
    settings = {"main.py": code, "requirements.txt": REQUIREMENTS, "pyodideVersion": PYODIDE}
    parts["xl/webextensions/webextension1.xml"] = _HEAD + _extension(settings, functions)
    parts["xl/webextensions/taskpanes.xml"] = (
        f'{_HEAD}<wetp:taskpanes xmlns:wetp="{_WEB}/taskpanes/2010/11"><wetp:taskpane dockstate="right" '
        f'visibility="0" width="350" row="0"><wetp:webextensionref xmlns:r="{_REL}" r:id="rId1">'
        "</wetp:webextensionref></wetp:taskpane></wetp:taskpanes>"
    )
    parts["xl/webextensions/_rels/taskpanes.xml.rels"] = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE_REL}"></Relationships>'
    )
    _relate(parts, "xl/webextensions/_rels/taskpanes.xml.rels", f"{_WEB_REL}/webextension", "webextension1.xml")
    for part, kind in (("taskpanes", "webextensiontaskpanes"), ("webextension1", "webextension")):
        _declare(parts, f"/xl/webextensions/{part}.xml", f"application/vnd.ms-office.{kind}+xml")
    _relate(parts, "_rels/.rels", f"{_WEB_REL}/webextensiontaskpanes", "xl/webextensions/taskpanes.xml")


def _extension(settings: Mapping[str, str], functions: Iterable[str]) -> str:
    """Return the part that Office keeps an add-in's settings of a document in; each value is a JSON text."""
    values = "".join(
        f'<we:property name="{name}" value={_attribute(json.dumps(value, ensure_ascii=False))}></we:property>'
        for name, value in settings.items()
    )
    ids = "".join(f"<we:customFunctionIds>_xldudf_{escape(name)}</we:customFunctionIds>" for name in functions)
    return (
        f'<we:webextension xmlns:we="{_WEB}/webextension/2010/11" id="{_WEB_ID}">'
        f'<we:reference id="{_LITE.lower()}" version="{_LITE_VERSION}" store="en-US" storeType="OMEX"></we:reference>'
        f'<we:alternateReferences><we:reference id="{_LITE}" version="{_LITE_VERSION}" store="{_LITE}" '
        'storeType="OMEX"></we:reference></we:alternateReferences>'
        f"<we:properties>{values}</we:properties><we:bindings></we:bindings>"
        f'<we:snapshot xmlns:r="{_REL}"></we:snapshot><we:extLst>'
        f'<a:ext xmlns:a="{_DRAWING}" uri="{_HAS_FUNCTIONS}"><we:containsCustomFunctions></we:containsCustomFunctions>'
        f'</a:ext><a:ext xmlns:a="{_DRAWING}" uri="{_FUNCTION_LIST}">'
        f"<we:customFunctionIdList>{ids}</we:customFunctionIdList></a:ext></we:extLst></we:webextension>"
    )


def _attribute(value: str) -> str:
    """Quote an attribute; JSON leaves no line break or tab in it that a reader would turn into a blank."""
    return quoteattr(value, {'"': "&quot;"})


def _declare(parts: Parts, name: str, kind: str) -> None:
    override = f'<Override PartName="{name}" ContentType="{kind}"></Override></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override)


def _relate(parts: Parts, rels: str, kind: str, target: str) -> None:
    """Add a relationship under the first id that is free."""
    used = set(re.findall(r'Id="([^"]+)"', parts[rels]))
    number = next(f"rId{number}" for number in range(1, len(used) + 2) if f"rId{number}" not in used)
    line = f'<Relationship Id="{number}" Type="{kind}" Target="{target}"></Relationship></Relationships>'
    parts[rels] = parts[rels].replace("</Relationships>", line)
