"""Write a compound file, the little file system inside a file that holds a VBA project.

After Microsoft's open specification [MS-CFB], version 3: sectors of 512 bytes; streams under 4,096 bytes share
sectors in pieces of 64 bytes. Nothing in it tells when or where it was written.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

_SECTOR, _PIECE, _SMALL = 512, 64, 4096
_END, _FREE, _TABLE, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_BLACK = 1
_IN_HEADER = 109
_MAX_NAME = 31


@dataclass
class _Entry:
    """A stream or a storage; its siblings form a search tree, as the format asks."""

    name: str
    kind: int
    content: bytes = b""
    inside: dict[str, _Entry] = field(default_factory=dict)
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = 0


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file that holds the streams.

    Args:
        streams: what is in each stream, by its path, such as ``VBA/dir``.

    Returns:
        The bytes of the file: the same for the same streams.

    Raises:
        ValueError: a name is longer than 31 characters or cannot be, two names differ in case alone, or the
            file would be over 7 MB, which needs a second kind of table.

    >>> compound_file({"VBA/dir": b"abc"})[:4].hex()
    'd0cf11e0'
    """
    entries = _numbered(_tree(streams))
    small = [each for each in entries if each.kind == _STREAM and 0 < len(each.content) < _SMALL]
    big = [each for each in entries if each.kind == _STREAM and len(each.content) >= _SMALL]
    pieces, piece_chains = _pieces(small)
    entries[0].content = pieces

    directory = -(-len(entries) * 128 // _SECTOR)
    piece_table = -(-len(piece_chains) * 4 // _SECTOR)
    sizes = [directory, piece_table, *(_sectors(each.content) for each in (entries[0], *big))]
    tables = _table_sectors(sum(sizes))
    starts, chains = _chains(tables, sizes)
    for entry, start in zip((entries[0], *big), starts[2:], strict=True):
        entry.start = start if entry.content else _END

    body = [_numbers(chains, tables), _directory(entries), _numbers(piece_chains, piece_table)]
    body += [_padded(each.content, _SECTOR) for each in (entries[0], *big)]
    return _header(tables, starts[0], starts[1] if piece_table else _END, piece_table) + b"".join(body)


def _tree(streams: Mapping[str, bytes]) -> _Entry:
    """Return the root with everything in it."""
    root = _Entry("Root Entry", _ROOT)
    for path, content in streams.items():
        *folders, name = path.split("/")
        place = root
        for folder in folders:
            place = _put(place, _Entry(folder, _STORAGE))
        _put(place, _Entry(name, _STREAM, bytes(content)))
    return root


def _put(place: _Entry, entry: _Entry) -> _Entry:
    """Put an entry into a storage; a storage that is there already is used again."""
    if not 1 <= len(entry.name) <= _MAX_NAME or set(entry.name) & set("/\\:!"):
        raise ValueError(f'"{entry.name}" cannot be the name of a stream; use 1 to 31 characters, none of / \\ : !')
    found = place.inside.setdefault(entry.name.upper(), entry)
    if found is not entry and (found.name, found.kind, entry.kind) != (entry.name, _STORAGE, _STORAGE):
        raise ValueError(f'"{entry.name}" stands beside "{found.name}"; names must differ in more than their case.')
    return found


def _numbered(root: _Entry) -> list[_Entry]:
    """Return all entries in the order of their numbers, the links between them set."""
    entries = [root]

    def place(siblings: list[_Entry]) -> int:
        """Number siblings so that the middle one leads to both halves; return its number."""
        if not siblings:
            return _NONE
        middle = len(siblings) // 2
        entry, number = siblings[middle], len(entries)
        entries.append(entry)
        entry.left = place(siblings[:middle])
        entry.right = place(siblings[middle + 1 :])
        entry.child = place(_sorted(entry))
        return number

    root.child = place(_sorted(root))
    return entries


def _sorted(entry: _Entry) -> list[_Entry]:
    """Return what is in a storage in the order of the format: the shorter name first, then the alphabet."""
    return sorted(entry.inside.values(), key=lambda each: (len(each.name), each.name.upper()))


def _pieces(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    """Join small streams in pieces; return them with the table that says which piece follows which."""
    joined = b""
    chains: list[int] = []
    for entry in entries:
        entry.start = len(chains)
        content = _padded(entry.content, _PIECE)
        chains += _chain(entry.start, len(content) // _PIECE)
        joined += content
    return joined, chains


def _chain(start: int, size: int) -> list[int]:
    return [*range(start + 1, start + size), _END] if size else []


def _sectors(content: bytes) -> int:
    return -(-len(content) // _SECTOR)


def _padded(content: bytes, size: int) -> bytes:
    return content + bytes(-len(content) % size)


def _table_sectors(others: int) -> int:
    """Return how many sectors the table takes, which has a number for each sector, its own too."""
    tables = 1
    while tables * _SECTOR // 4 < others + tables:
        tables += 1
    if tables > _IN_HEADER:
        raise ValueError("The streams are too large together; 7 MB is the most.")
    return tables


def _chains(tables: int, sizes: list[int]) -> tuple[list[int], list[int]]:
    """Lay out one thing after the other; return where each begins and the table of all sectors."""
    starts, chains = [], [_TABLE] * tables
    for size in sizes:
        starts.append(len(chains))
        chains += _chain(len(chains), size)
    return starts, chains


def _numbers(values: list[int], sectors: int) -> bytes:
    """Write numbers into whole sectors; what is left over is marked as free."""
    filled = values + [_FREE] * (sectors * _SECTOR // 4 - len(values))
    return struct.pack(f"<{len(filled)}I", *filled)


def _directory(entries: list[_Entry]) -> bytes:
    unused = struct.pack("<64sHBBIII36xIQ", b"", 0, 0, 0, _NONE, _NONE, _NONE, 0, 0)
    return b"".join(map(_written, entries)) + unused * (-len(entries) % (_SECTOR // 128))


def _written(entry: _Entry) -> bytes:
    """Write an entry of the directory; with every one black the tree is a plain search tree, which is allowed."""
    name = entry.name.encode("utf-16-le") + b"\0\0"
    start = entry.start if entry.content or entry.kind == _STORAGE else _END
    links = (entry.left, entry.right, entry.child)
    return struct.pack("<64sHBBIII36xIQ", name, len(name), entry.kind, _BLACK, *links, start, len(entry.content))


def _header(tables: int, directory: int, piece_table: int, piece_sectors: int) -> bytes:
    fixed = struct.pack("<8s16xHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    places = struct.pack("<9I", 0, tables, directory, 0, _SMALL, piece_table, piece_sectors, _END, 0)
    return fixed + places + struct.pack(f"<{_IN_HEADER}I", *range(tables), *[_FREE] * (_IN_HEADER - tables))
