"""Lines of business and functions as records (for JSON, which stays stable) and as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .model import BANDS, Band, Catalogue, Example, Function, Kpi, Vertical
from .notation import number_text, to_text

Record = dict[str, Any]


def list_record(catalogue: Catalogue, language: str) -> Record:
    """Return all lines of business and functions with their names."""
    return {
        "verticals": [
            {
                "id": vertical.id,
                "name": vertical.name.get_in(language),
                "kpis": [
                    {"id": kpi.id, "name": kpi.name.get_in(language), "function": kpi.function.name}
                    for kpi in vertical.kpis.values()
                ],
                "file": vertical.file or None,
            }
            for vertical in catalogue.verticals.values()
        ],
        "functions": [
            {
                "name": function.name,
                "arguments": [argument.id for argument in function.arguments],
                "help": function.help.get_in(language),
                "file": function.file or None,
            }
            for function in sorted(catalogue.functions.values(), key=lambda function: function.name)
        ],
    }


def list_text(catalogue: Catalogue, language: str) -> str:
    """Return the list as two tables."""
    record = list_record(catalogue, language)
    verticals = [
        (v["id"], v["name"], " ".join(k["function"] for k in v["kpis"]), v["file"] or "") for v in record["verticals"]
    ]
    functions = [
        (f"{f['name']}({', '.join(f['arguments'])})" + (f"  {f['file']}" if f["file"] else ""), f["help"])
        for f in record["functions"]
    ]
    return f"{table(verticals)}\n\n{stacked(functions)}"


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Align the columns of a table."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def stacked(rows: list[tuple[str, str]]) -> str:
    """Put a wrapped text below each heading, for columns too wide to stand side by side."""
    import textwrap

    parts = []
    for heading, text in rows:
        parts += [heading, textwrap.fill(text, 96, initial_indent="    ", subsequent_indent="    ")]
    return "\n".join(parts)


def band_text(band: Band) -> str:
    """Write a band's entry as in a catalogue file."""
    if band.upper is not None:
        return f"{number_text(band.edge)}..{number_text(band.upper)}"
    return f"{band.operator} {number_text(band.edge)}"


def _example_record(example: Example | None) -> Record | None:
    if example is None:
        return None
    return {"inputs": dict(example.inputs), "gives": example.gives, "printed": example.printed}


def _kpi_record(vertical: Vertical, kpi: Kpi, language: str) -> Record:
    article = vertical.article
    return {
        "vertical": vertical.id,
        "id": kpi.id,
        "name": kpi.name.get_in(language),
        "function": kpi.function.name,
        "shows": {segment: to_text(rule.formula) for segment, rule in kpi.values.items()},
        "unit": kpi.unit,
        "better": kpi.better,
        "year": kpi.year,
        "bands": {
            segment: {BANDS[band.level - 1]: band_text(band) for band in bands} for segment, bands in kpi.bands.items()
        },
        "example": _example_record(kpi.example),
        "benchmark": {
            "article": article.title,
            "date": article.date.isoformat() if article.date else None,
            "region": article.region,
            "period": kpi.benchmark.period or None,
            "printed": kpi.benchmark.printed.get_in(language),
            "note": kpi.benchmark.note.get_in(language),
        },
        "note": kpi.note.get_in(language),
    }


def function_record(catalogue: Catalogue, function: Function, language: str) -> Record:
    """Return everything about a function, and each KPI that uses it."""
    return {
        "function": function.name,
        "help": function.help.get_in(language),
        "arguments": [
            {
                "id": argument.id,
                "unit": argument.unit,
                "help": argument.help.get_in(language),
                "range": argument.id in function.ranges,
                "optional": argument.id in function.optional,
            }
            for argument in function.arguments
        ],
        "formula": to_text(function.formula),
        "require": [to_text(condition) for condition in function.require],
        "unit": function.unit,
        "example": _example_record(catalogue.example_of(function)),
        "companions": list(function.companions),
        "file": function.file or None,
        "kpis": [
            _kpi_record(vertical, kpi, language)
            for vertical in catalogue.verticals.values()
            for kpi in vertical.kpis.values()
            if kpi.function.name == function.name
        ],
    }


def vertical_record(catalogue: Catalogue, vertical: Vertical, language: str) -> Record:
    """Return everything about a line of business."""
    del catalogue
    return {
        "vertical": vertical.id,
        "name": vertical.name.get_in(language),
        "inputs": [
            {"id": item.id, "label": item.label.get_in(language), "unit": item.unit, "kind": item.kind}
            for item in vertical.inputs.values()
        ],
        "kpis": [_kpi_record(vertical, kpi, language) for kpi in vertical.kpis.values()],
        "file": vertical.file or None,
    }


def function_text(catalogue: Catalogue, record: Record, language: str) -> str:
    """Return a function's record as text."""
    names = ", ".join(argument["id"] for argument in record["arguments"])
    lines = [f"{record['function']}({names})", record["help"], "", f"formula    {record['formula']}"]
    lines += [f"requires   {condition}" for condition in record["require"]]
    lines.append(f"unit       {record['unit']}")
    for argument in record["arguments"]:
        kind = (" range" if argument["range"] else "") + (" optional" if argument["optional"] else "")
        lines.append(f"argument   {argument['id']} ({argument['unit']}{kind}): {argument['help']}")
    if record["example"]:
        lines.append(f"example    {_example_text(record['function'], record['example'])}")
    if record["companions"]:
        lines.append(f"see also   {', '.join(record['companions'])}")
    if record["file"]:
        lines.append(f"file       {record['file']}")
    for kpi in record["kpis"]:
        lines += ["", *_kpi_lines(catalogue, kpi, language)]
    return "\n".join(lines)


def _example_text(name: str, example: Record) -> str:
    def write(value: object) -> str:
        if isinstance(value, list):
            return '"' + " ".join(number_text(float(item)) for item in value) + '"'
        return number_text(float(str(value)))

    values = " ".join(write(value) for value in example["inputs"].values())
    text = f"xlkpi calc {name} {values} -> {example['gives']:.12g}"
    if example["printed"] is not None:
        text += f" (the article prints {example['printed']:.12g})"
    return text


def _kpi_lines(catalogue: Catalogue, kpi: Record, language: str) -> list[str]:
    words = {name: catalogue.ui[f"level.{name}"].get_in(language) for name in BANDS}
    lines = [f"{kpi['vertical']}: {kpi['name']} [{kpi['function']}] ({kpi['better']} is better)"]
    for segment, shown in kpi["shows"].items():
        lines.append(f"  row shows  {shown}" + (f" ({segment})" if segment else ""))
    for segment, bands in kpi["bands"].items():
        stated = "; ".join(f"{words[name]} {edge}" for name, edge in bands.items())
        lines.append(f"  bands      {stated}" + (f" ({segment})" if segment else ""))
    if not kpi["bands"]:
        lines.append("  bands      none stated")
    if kpi["example"]:
        lines.append(f"  example    {_example_text(kpi['function'], kpi['example'])}")
    benchmark = kpi["benchmark"]
    if benchmark["article"]:
        lines.append(f"  source     {benchmark['article']}" + (f" ({benchmark['date']})" if benchmark["date"] else ""))
    for label, text in (
        ("prints", benchmark["printed"]),
        ("unclear", benchmark["note"]),
        ("note", kpi["note"]),
    ):
        if text:
            lines.append(f"  {label:<10} {text}")
    return lines


def vertical_text(catalogue: Catalogue, record: Record, language: str) -> str:
    """Return a line of business's record as text."""
    lines = [f"{record['vertical']}: {record['name']}"]
    lines += [f"file: {record['file']}"] if record["file"] else []
    lines += ["", "inputs"]
    inputs = [(f"  {item['id']}", item["kind"], item["unit"], item["label"]) for item in record["inputs"]]
    lines.append(table(inputs))
    for kpi in record["kpis"]:
        lines += ["", *_kpi_lines(catalogue, kpi, language)]
    return "\n".join(lines)
