"""The command that prints the JSON Schema of catalogue files, for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .cli_common import DATA_AT_FAULT, stop

_KINDS = ("vertical", "functions")


@click.command("schema")
@click.argument("kind", type=click.Choice(_KINDS), default="vertical")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write to, instead of printing.")
def schema_command(kind: str, out: Path | None) -> None:
    """Print the JSON Schema of catalogue files, by which editors complete and underline.

    \b
    xlkpi schema --out xlkpi.schema.json       for files of a line of business
    xlkpi schema functions                     for the functions.toml of a folder

    Then write as the first line of a catalogue file: #:schema ./xlkpi.schema.json
    """  # noqa: D301
    from .schema import schema

    text = json.dumps(schema(kind), ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    from .workbook.build import write

    try:
        write(out, f"{text}\n".encode())
    except OSError as error:
        stop(f"{out} cannot be written: {error.strerror}. Choose another --out.", DATA_AT_FAULT)
    click.echo(str(out))
