"""How a KPI is judged: its bands, what the article says of them, and what an owner can move."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .model import BANDS, WHOLE, Band, Benchmark, Input, Lever
from .names import suggest
from .section import Section
from .shape import BAND_TABLE, EDGES, LEVER, BySegment, Field, Items, Table, per_segment
from .texts import Text

_HOW = {
    "higher": 'Write it like ">= 80" or "> 80".',
    "lower": 'Write it like "<= 8" or "< 8".',
    "range": 'Write it like "60..90".',
    "": 'Write it like ">= 80", "< 8" or "60..90".',
}


def _bands(section: Section, better: str) -> tuple[Band, ...]:
    """Read the bands of one segment, such as ``{ typical = ">= 80", exceptional = "> 90" }``."""
    found = []
    for level, name in enumerate(BANDS, 1):
        text = section.string(name)
        if not text:
            continue
        match = re.fullmatch(EDGES[better], text, re.ASCII) if better else None
        if match is None:
            _refuse(section, name, text, better)
        elif better == "range":
            found.append(Band(level, "..", float(match[1]), float(match[2])))
        else:
            found.append(Band(level, match[1], float(match[2])))
    section.finish()
    return tuple(found)


def _refuse(section: Section, name: str, text: str, better: str) -> None:
    """Say what is wrong with the text of a band, and how it is written."""
    fitting = [direction for direction, edge in EDGES.items() if re.fullmatch(edge, text, re.ASCII)]
    if not better and fitting:
        return  # what is wrong with better is said already; here the text alone can be looked at
    if better and set(fitting) & {"higher", "lower"} and better != "range":
        section.add(name, f'"{text[:40]}" does not go with better = "{better}".', _HOW[better])
        return
    said = f"no band of a KPI where {better} is better" if better else "no band"
    mended = mended_band(text, better)
    section.add(name, f'"{text[:40]}" is {said}.', f'Write {name} = "{mended}".' if mended else _HOW[better])


def mended_band(text: str, better: str) -> str:
    """Return a band as it is written, from what people write instead, or an empty text.

    Args:
        text: what stands in the file.
        better: the KPI's direction, ``""`` where it is not known.

    Returns:
        The band.

    >>> mended_band("≥ 80,5 %", "higher"), mended_band("60 – 90%", "range"), mended_band("high", "higher")
    ('>= 80.5', '60..90', '')
    """
    plain = re.sub(r"\s*%", "", text.strip()).replace("≥", ">=").replace("≤", "<=").replace("−", "-")
    plain = re.sub(r"^=\s*([<>])", r"\1=", plain)
    plain = re.sub(r"(\d),(\d)", r"\1.\2", plain)
    plain = re.sub(r"^([<>]=?)\s*(?=[\d-])", r"\1 ", plain)
    between = re.fullmatch(r"([\d.]+)\s*(?:-|–|—|\.\.\.|…|to|a|à|:)\s*([\d.]+)", plain)
    if better in ("range", "") and between:
        plain = f"{between[1]}..{between[2]}"
    if better in ("higher", "lower"):
        plain = re.sub(r"^([\d.]+)\s*\+?$", (">=" if better == "higher" else "<=") + r" \1", plain)
    fits = (re.fullmatch(edge, plain, re.ASCII) for direction, edge in EDGES.items() if better in ("", direction))
    return plain if any(fits) else ""


def read_bands(section: Section, segments: Mapping[str, Text], better: str) -> dict[str, tuple[Band, ...]]:
    """Read ``bands``: those of the KPI, or of each of its segments."""
    if not section.has("bands"):
        return {}
    if not segments:
        return {WHOLE: _bands(section.table("bands", BAND_TABLE), better)}
    part = section.table("bands", Table(about="", each=BAND_TABLE))
    bands = {segment: _bands(part.table(segment), better) for segment in segments if part.has(segment)}
    part.finish(segments)
    return bands


def read_levers(
    section: Section, segments: Mapping[str, Text], inputs: Mapping[str, Input]
) -> dict[str, tuple[Lever, ...]]:
    """Read what the owner can move, for each segment."""
    spec = section.shape.member("lever")
    assert isinstance(spec, BySegment)  # noqa: S101 - the shape says so
    if not segments:
        return {WHOLE: _lever_list(section, "lever", spec.each, inputs)}
    part = section.table("lever", per_segment(spec))
    levers = {segment: _lever_list(part, segment, spec.each, inputs) for segment in segments}
    part.finish(segments)
    return levers


def _lever_list(section: Section, name: str, field: Field, inputs: Mapping[str, Input]) -> tuple[Lever, ...]:
    assert isinstance(field, Items)  # noqa: S101 - the shape says so
    levers = []
    for place, item in enumerate(section.members(name, field)):
        part = Section(section.document, f"{section.key(name)}.{place}", item, LEVER)
        lever = Lever(part.string("input"), part.string("step"))
        part.finish()
        if lever.input and lever.input not in inputs:
            now = called_now(lever.input, inputs)
            hint = f' It is called "{now}" now.' if now else suggest(lever.input, inputs)
            part.add(
                "input", f'There is no input "{lever.input}".{hint}', f'Write "{now}".' if now else "Name an input."
            )
        levers.append(lever)
    return tuple(levers)


def called_now(name: str, inputs: Mapping[str, Input]) -> str:
    """Return the input that was called so before, or an empty text."""
    return next((item.id for item in inputs.values() if name in item.was), "")


def read_benchmark(section: Section) -> Benchmark:
    """Read what the article says about the bands."""
    benchmark = Benchmark(
        section.string("period"),
        section.flag("period_matters"),
        section.string("year_scale"),
        section.text("printed"),
        section.text("note"),
    )
    section.finish()
    return benchmark
