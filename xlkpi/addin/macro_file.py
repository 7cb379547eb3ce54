"""Write a workbook with macros and one sheet of texts: the smallest file that Excel takes for one.

Written directly, since the add-in's part of the package stands on the standard library alone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from .vba_project import Module, vba_project

SHEET_MODULE = "HelpSheet"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STAMP = (1980, 1, 1, 0, 0, 0)


def packaged(project: Sequence[Module], title: str, rows: Sequence[Sequence[str]], kind: str = "addin") -> bytes:
    """Return a workbook with a VBA project and one sheet of texts.

    Args:
        project: its modules, ``ThisWorkbook`` and ``HelpSheet`` among them.
        title: of the sheet.
        rows: what is on the sheet.
        kind: ``addin`` for an .xlam, ``sheet`` for an .xlsm.

    Returns:
        The bytes of the file: the same for the same arguments.

    Raises:
        ValueError: a module's text cannot be held by VBA.

    >>> packaged([], "help", [["a"]])[:2]
    b'PK'
    """
    parts = {name: (_HEAD + xml).encode() for name, xml in _parts(title, rows, kind).items()}
    parts["xl/vbaProject.bin"] = vba_project("XlkpiAddin", project)
    result = BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(info, content, compresslevel=6)
    return result.getvalue()


def _parts(title: str, rows: Sequence[Sequence[str]], kind: str) -> dict[str, str]:
    """Return the XML of the file, by the names of its parts."""
    texts = {text: number for number, text in enumerate(dict.fromkeys(text for row in rows for text in row))}
    core = (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>xlkpi</dc:title>'
        "<dc:description>KPI functions: type =KPILIST() in a cell for all of them.</dc:description>"
        "</cp:coreProperties>"
    )
    return {
        "[Content_Types].xml": _content_types(kind),
        "_rels/.rels": _relationships(
            (f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": core,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships">'
        '<workbookPr codeName="ThisWorkbook"/><bookViews><workbookView/></bookViews>'
        f'<sheets><sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relationships(
            (f"{_OFFICE}/relationships/worksheet", "worksheets/sheet1.xml"),
            (f"{_OFFICE}/relationships/styles", "styles.xml"),
            (f"{_OFFICE}/relationships/sharedStrings", "sharedStrings.xml"),
            ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin"),
        ),
        "xl/worksheets/sheet1.xml": _sheet(rows, texts),
        "xl/sharedStrings.xml": _shared(texts),
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/>'
        '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
        'patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
        '</cellStyleXfs><cellXfs count="1"><xf/></cellXfs></styleSheet>',
    }


def _content_types(kind: str) -> str:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    package = "application/vnd.openxmlformats-package"
    overrides = {
        "xl/workbook.xml": f"application/vnd.ms-excel.{kind}.macroEnabled.main+xml",
        "xl/worksheets/sheet1.xml": f"{sheet}.worksheet+xml",
        "xl/styles.xml": f"{sheet}.styles+xml",
        "xl/sharedStrings.xml": f"{sheet}.sharedStrings+xml",
        "xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
        "docProps/core.xml": f"{package}.core-properties+xml",
    }
    parts = "".join(f'<Override PartName="/{name}" ContentType="{each}"/>' for name, each in overrides.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{package}.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{parts}</Types>'
    )


def _relationships(*targets: tuple[str, str]) -> str:
    links = (f'<Relationship Id="rId{n}" Type="{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets, 1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(links)}</Relationships>'


def _sheet(rows: Sequence[Sequence[str]], texts: Mapping[str, int]) -> str:
    def line(row: Sequence[str]) -> str:
        return "".join(f'<c t="s"><v>{texts[text]}</v></c>' for text in row)

    body = "".join(f'<row r="{n}">{line(row)}</row>' for n, row in enumerate(rows, 1))
    return f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="{SHEET_MODULE}"/><sheetData>{body}</sheetData></worksheet>'


def _shared(texts: Iterable[str]) -> str:
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    return f'<sst xmlns="{_MAIN}">{items}</sst>'
