"""Write a VBA project, the file ``vbaProject.bin`` in a workbook with macros, from the text of its modules.

After Microsoft's open specification [MS-OVBA]. The project holds source text alone: the version in
``_VBA_PROJECT`` tells Office that there is no compiled code it could use, and it compiles the text anew.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from .compound import compound_file

STANDARD, CLASS, DOCUMENT = "Module", "Class", "Document"
_CODE_PAGE = 1252
_CHUNK = 4096
_SOURCE_ONLY = bytes.fromhex("cc61ffff000000")
_COOKIE = b"\xff\xff"  # what the specification asks of those who write no compiled code
# Read by no one, but it must be there; fixed, so that the same text makes the same file.
_ID = "{6B1D3C52-8A0E-4D57-9F43-2C71E85AB90D}"
_SEED = 0x2A
_HOST = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"
_REFERENCES = {
    "stdole": r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation",
    "Office": r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files"
    r"\Microsoft Shared\OFFICE16\MSO.DLL#Microsoft Office 16.0 Object Library",
}


@dataclass(frozen=True)
class Module:
    """A module of a project.

    Args:
        name: as its ``VB_Name`` says.
        kind: ``STANDARD``, ``CLASS`` or ``DOCUMENT`` (the workbook itself, and each of its sheets).
        text: its whole text, the lines with attributes too; line ends as they are to be in the file.
    """

    name: str
    kind: str
    text: str


def vba_project(name: str, modules: Sequence[Module]) -> bytes:
    r"""Return a project with these modules.

    Args:
        name: of the project; no module may have it.
        modules: in the order in which the project lists them.

    Returns:
        The bytes of ``vbaProject.bin``: the same for the same modules.

    Raises:
        ValueError: a text has a character that is not in code page 1252, or does not say its module's name.

    >>> text = 'Attribute VB_Name = "Sums"\r\nFunction TWO()\r\n    TWO = 2\r\nEnd Function\r\n'
    >>> vba_project("Example", [Module("Sums", STANDARD, text)])[:4].hex()
    'd0cf11e0'
    """
    streams = {
        "PROJECT": _settings(name, modules),
        "PROJECTwm": b"".join(_both(each.name, b"\0", b"\0\0") for each in modules) + b"\0\0",
        "VBA/_VBA_PROJECT": _SOURCE_ONLY,
        "VBA/dir": compressed(_directory(name, modules)),
    }
    for module in modules:
        if f'Attribute VB_Name = "{module.name}"' not in module.text.splitlines():
            raise ValueError(f'The text of the module "{module.name}" does not say that name.')
        streams[f"VBA/{module.name}"] = compressed(_encoded(module.text, module.name))
    return compound_file(streams)


def compressed(data: bytes) -> bytes:
    """Return the bytes as VBA stores them: in chunks of 4,096, where what was there before is pointed at.

    Args:
        data: any bytes; text becomes about a third.

    Returns:
        What [MS-OVBA] 2.4.1 reads back as the same bytes.

    Raises:
        ValueError: the bytes end in noise, for which the format has no exact way.

    >>> compressed(b"aaaaaaaaaa").hex()
    '0103b002610600'
    """
    chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
    return b"\x01" + b"".join(map(_chunk, chunks))


def _chunk(data: bytes) -> bytes:
    packed = _packed(data)
    if len(packed) <= _CHUNK:
        return struct.pack("<H", (len(packed) - 1) | 0xB000) + packed
    if len(data) < _CHUNK:
        raise ValueError("These bytes cannot be compressed, which text always can.")
    return struct.pack("<H", (_CHUNK - 1) | 0x3000) + data


def _packed(data: bytes) -> bytes:
    """Pack a chunk: groups of a byte with eight flags, then a byte or a pointer of two bytes for each flag."""
    result, group, flags, count, position = bytearray(), bytearray(), 0, 0, 0
    seen: dict[bytes, list[int]] = {}
    while position < len(data):
        bits = max((position - 1).bit_length(), 4)
        start, length = _longest(data, position, seen.get(data[position : position + 3], ()), (0xFFFF >> bits) + 3)
        if length:
            group += struct.pack("<H", (position - start - 1) << (16 - bits) | (length - 3))
            flags |= 1 << count
        else:
            group.append(data[position])
        for each in range(position, position + (length or 1)):
            seen.setdefault(data[each : each + 3], []).append(each)
        position += length or 1
        count += 1
        if count == 8 or position == len(data):
            result += bytes([flags]) + group
            group, flags, count = bytearray(), 0, 0
    return bytes(result)


def _longest(data: bytes, position: int, candidates: Sequence[int], limit: int) -> tuple[int, int]:
    """Return where the longest earlier copy of what follows begins, and its length; 0 for none of three bytes."""
    best, longest = 0, 0
    end = min(len(data), position + limit)
    if end - position < 3:
        return best, longest
    for start in reversed(candidates[-32:]):
        reached = position + 3
        while reached < end and data[start + reached - position] == data[reached]:
            reached += 1
        if reached - position > longest:
            best, longest = start, reached - position
    return best, longest


def _encoded(text: str, what: str) -> bytes:
    try:
        return text.encode(f"cp{_CODE_PAGE}")
    except UnicodeEncodeError as error:
        raise ValueError(
            f'"{what}" has the character "{text[error.start]}", which code page {_CODE_PAGE} does not have; '
            "VBA cannot hold it. Put the text on a sheet instead."
        ) from None


def _record(number: int, content: bytes) -> bytes:
    return struct.pack("<HI", number, len(content)) + content


def _both(text: str, end: bytes = b"", wide_end: bytes = b"") -> bytes:
    """Write a name in the code page, then in Unicode."""
    return _encoded(text, text) + end + text.encode("utf-16-le") + wide_end


def _twice(number: int, wide_number: int, text: str = "") -> bytes:
    """Write a record in the code page, then in Unicode."""
    return _record(number, _encoded(text, text)) + _record(wide_number, text.encode("utf-16-le"))


def _directory(name: str, modules: Sequence[Module]) -> bytes:
    """Write the stream ``dir``: what the project is, refers to and consists of."""
    return (
        _record(0x01, struct.pack("<I", 1))  # 32-bit Windows; Office takes it on every system
        + _record(0x02, struct.pack("<I", 0x409))
        + _record(0x14, struct.pack("<I", 0x409))
        + _record(0x03, struct.pack("<H", _CODE_PAGE))
        + _record(0x04, _encoded(name, name))
        + _twice(0x05, 0x40)  # description
        + _twice(0x06, 0x3D)  # help file
        + _record(0x07, bytes(4))  # help context
        + _record(0x08, bytes(4))  # flags
        + struct.pack("<HIIH", 0x09, 4, 1, 0)  # version; the length stands for its first half alone
        + _twice(0x0C, 0x3C)  # constants
        + b"".join(_reference(*each) for each in _REFERENCES.items())
        + _record(0x0F, struct.pack("<H", len(modules)))
        + _record(0x13, _COOKIE)
        + b"".join(map(_module, modules))
        + _record(0x10, b"")
    )


def _reference(name: str, library: str) -> bytes:
    sized = struct.pack("<I", len(library)) + library.encode("ascii") + bytes(6)
    return _twice(0x16, 0x3E, name) + _record(0x0D, sized)


def _module(module: Module) -> bytes:
    return (
        _twice(0x19, 0x47, module.name)
        + _twice(0x1A, 0x32, module.name)  # its stream
        + _twice(0x1C, 0x48)  # description
        + _record(0x31, bytes(4))  # where in the stream the text begins
        + _record(0x1E, bytes(4))  # help context
        + _record(0x2C, _COOKIE)
        + _record(0x21 if module.kind == STANDARD else 0x22, b"")
        + _record(0x2B, b"")
    )


def _settings(name: str, modules: Sequence[Module]) -> bytes:
    """Write the stream ``PROJECT``: the project as text, open to be read, with no password."""
    suffixes = {DOCUMENT: "/&H00000000"}
    lines = [
        f'ID="{_ID}"',
        *(f"{each.kind}={each.name}{suffixes.get(each.kind, '')}" for each in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_hidden(bytes(4))}"',
        f'DPB="{_hidden(bytes(1))}"',
        f'GC="{_hidden(bytes([0xFF]))}"',
        "",
        "[Host Extender Info]",
        _HOST,
        "",
        "[Workspace]",
        *(f"{each.name}=0, 0, 0, 0, C" for each in modules),
        "",
    ]
    return _encoded("\r\n".join(lines), name)


def _hidden(data: bytes) -> str:
    """Write bytes the way of [MS-OVBA] 2.4.3.2, which hides them from no one but must be kept to."""
    key = sum(_ID.encode("ascii")) & 0xFF
    result = [_SEED, _SEED ^ 2, _SEED ^ key]
    plain, before, last = key, result[1], result[2]
    for byte in bytes([_SEED]) * ((_SEED & 6) // 2) + struct.pack("<I", len(data)) + data:
        result.append(byte ^ ((before + plain) & 0xFF))
        plain, before, last = byte, last, result[-1]
    return bytes(result).hex().upper()
