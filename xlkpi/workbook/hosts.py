"""Workbooks whose KPI cells call the functions of an add-in, in the spelling that each host stores.

A workbook made for one host shows #NAME? in another, so that plain cells, which need none, are the rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook import Workbook
from openpyxl.workbook.external_link.external import ExternalBook, ExternalDefinedName, ExternalLink

from ..model import Kpi, Vertical
from ..names import ADDIN_FILE, HOSTS
from ..notation import ExcelPrinter, paired
from ..tree import Call, Compare, Name, Number, names, walk

PLAIN, CLASSIC, LITE, SERVER = HOSTS
# Classic: a link to the add-in in Excel's start folder. Lite and Server: an id of Office.js without namespace.
_PREFIX = {CLASSIC: "[1]!", LITE: "_xldudf_", SERVER: "_xldudf_"}
_START_FOLDER = "http://schemas.microsoft.com/office/2006/relationships/xlExternalLinkPath/xlStartup"
_ADDED_UP = frozenset(("flow", "tally"))


class Entry(Protocol):
    """A row of the KPI table: a KPI and its segment."""

    @property
    def kpi(self) -> Kpi:
        """The KPI."""

    @property
    def segment(self) -> str:
        """Its segment."""


def call_text(host: str, entry: Entry, references: Mapping[str, str]) -> str:
    """Return what a KPI's cell computes by the functions of a host; empty for plain cells.

    Args:
        host: one of :data:`HOSTS`.
        entry: the row.
        references: the cell or range of each input.

    Returns:
        The formula's text, without ``=`` and guards.
    """
    if host == PLAIN:
        return ""
    rule = entry.kpi.values[entry.segment]
    pairs = [name for name in paired(rule.formula) if name not in rule.fixed]
    return HostPrinter(references, pairs, _PREFIX[host]).print(entry.kpi.written[entry.segment])


def may_spill(host: str, formula: str) -> bool:
    """Whether Excel stores a formula as one that may spill: a function of Office.js may give a grid."""
    return host in (LITE, SERVER) and _PREFIX[host] in formula


class HostPrinter(ExcelPrinter):
    """Print a KPI's tree with the catalogue's functions called by name, as a host spells them."""

    def __init__(self, references: Mapping[str, str], pairs: Sequence[str], prefix: str) -> None:
        super().__init__(references, pairs)
        self.prefix = prefix

    def _call(self, node: Call) -> str:
        if not node.function.isupper():
            return super()._call(node)
        return f"{self.prefix}{node.function}({','.join(map(self.print, node.arguments))})"


def holds_for_sums(vertical: Vertical, entry: Entry) -> bool:
    """Whether a function may be asked for the year: what it requires of a month must hold for sums, too.

    Months whose part is at most the whole add up to such a year where both add up; a closing count held
    against a year's sum of new clients does not, and the year's cell keeps the formula written out.
    """
    return all(_holds(vertical, condition) for condition in entry.kpi.values[entry.segment].conditions)


def _holds(vertical: Vertical, condition: Compare) -> bool:
    kinds = {vertical.inputs[name].kind for name in names(condition)}
    if condition.operator == "!=" or not _is_linear(condition):
        return False
    if kinds <= _ADDED_UP:  # sums keep the order of two sides, and their sign, but no other limit
        return all(node.value == 0 for node in walk(condition) if isinstance(node, Number))
    return len(kinds) == 1  # all taken from the same month, or all averaged


def _is_linear(condition: Compare) -> bool:
    """Whether a condition is made of names, sums and limits, and of the least of the greater side, if of any."""
    greater = {">=": "left", ">": "left", "<=": "right", "<": "right"}.get(condition.operator, "")
    for side, node in (("left", condition.left), ("right", condition.right)):
        allowed = "" if not greater else "min" if side == greater else "max"
        for each in walk(node):
            extreme = isinstance(each, Call) and each.function == allowed and len(each.arguments) == 1
            if not (isinstance(each, (Name, Number)) or extreme or getattr(each, "operator", "") in ("+", "-")):
                return False
            if getattr(each, "operator", "") == "-" and any(isinstance(below, Call) for below in walk(each)):
                return False  # the least of what is taken away would be the most
    return True


def link_addin(workbook: Workbook, functions: Iterable[str]) -> None:
    """Let a workbook's ``[1]!`` mean the classic add-in in the start folder of whoever opens it."""
    known = tuple(ExternalDefinedName(name=name) for name in functions)
    link = ExternalLink(externalBook=ExternalBook(definedNames=known, id="rId1"))
    link.file_link = Relationship(Id="rId1", Type=_START_FOLDER, Target=ADDIN_FILE, TargetMode="External")
    workbook._external_links.append(link)
