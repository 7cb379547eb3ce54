"""How a KPI is judged: its bands, what the article says of them, and what an owner can move."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .document import Section
from .model import BANDS, PERIODS, WHOLE, Band, Benchmark, Input, Lever
from .names import suggest
from .texts import Text

_NUMBER = r"(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)"
_BAND = re.compile(rf"\s*(>=|<=|>|<)\s*{_NUMBER}\s*")
_RANGE = re.compile(rf"\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s*")


def _bands(section: Section, better: str) -> tuple[Band, ...]:
    """Read the bands of one segment, such as ``{ typical = ">= 80", exceptional = "> 90" }``."""
    found = []
    for level, name in enumerate(BANDS, 1):
        text = section.string(name)
        if not text:
            continue
        if not better:  # said already; here the text alone can be looked at
            if not _BAND.fullmatch(text) and not _RANGE.fullmatch(text):
                section.add(name, f'"{text[:40]}" is no band.', 'Write it like ">= 80", "< 8" or "60..90".')
            continue
        if better == "range":
            match = _RANGE.fullmatch(text)
            usage = 'Write it like "60..90".'
        else:
            match = _BAND.fullmatch(text)
            usage = 'Write it like ">= 80" or "> 80".' if better == "higher" else 'Write it like "<= 8" or "< 8".'
        if match is None:
            section.add(name, f'"{text[:40]}" is no band of a KPI where {better} is better.', usage)
        elif better == "range":
            found.append(Band(level, "..", float(match[1]), float(match[2])))
        elif (match[1][0] == ">") != (better == "higher"):
            section.add(name, f'"{text}" does not go with better = "{better}".', usage)
        else:
            found.append(Band(level, match[1], float(match[2])))
    section.finish()
    return tuple(found)


def read_bands(section: Section, segments: Mapping[str, Text], better: str) -> dict[str, tuple[Band, ...]]:
    """Read ``bands``: those of the KPI, or of each of its segments."""
    if not section.has("bands"):
        return {}
    part = section.table("bands")
    if not segments:
        return {WHOLE: _bands(part, better)}
    bands = {segment: _bands(part.table(segment), better) for segment in segments if part.has(segment)}
    part.finish()
    return bands


def read_levers(
    section: Section, segments: Mapping[str, Text], inputs: Mapping[str, Input]
) -> dict[str, tuple[Lever, ...]]:
    """Read what the owner can move, for each segment."""
    if not segments:
        return {WHOLE: _lever_list(section, "lever", inputs)}
    part = section.table("lever")
    levers = {segment: _lever_list(part, segment, inputs) for segment in segments}
    part.finish()
    return levers


def _lever_list(section: Section, name: str, inputs: Mapping[str, Input]) -> tuple[Lever, ...]:
    levers = []
    for place, item in enumerate(section.items(name, dict, "tables such as { input = ..., step = ... }")):
        part = Section(section.document, f"{section.key(name)}.{place}", item)
        lever = Lever(part.string("input", required=True), part.string("step", ("up", "down"), required=True))
        part.finish()
        if lever.input and lever.input not in inputs:
            part.add("input", f'There is no input "{lever.input}".{suggest(lever.input, inputs)}', "Name an input.")
        levers.append(lever)
    return tuple(levers)


def read_benchmark(section: Section) -> Benchmark:
    """Read what the article says about the bands."""
    benchmark = Benchmark(
        section.string("period", PERIODS),
        section.flag("period_matters"),
        section.string("year_scale", ("month",)),
        section.text("printed", required=False),
        section.text("note", required=False),
    )
    section.finish()
    return benchmark
