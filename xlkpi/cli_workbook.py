"""The commands for workbooks that a user has filled: verify and roll."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from .cli_common import DATA_AT_FAULT, DONE, stop
from .cli_files import free_target, refuse_other_ending, write_new
from .names import LANGUAGES

_language = click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language of the messages.  [default: the workbook's own]"
)


@click.command("verify")
@click.argument("files", nargs=-1, required=True, metavar="FILE.xlsx...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
@_language
def verify_command(files: tuple[Path, ...], as_json: bool, lang: str | None) -> None:
    """Say cell by cell what is wrong with filled workbooks.

    Formulas that were overwritten, changed or deleted; figures that are text or cannot be; months that were
    skipped; thresholds out of order; results that are not what the figures give; sheets and names that are gone.
    """
    from .workbook.finding import ERROR, WARNING, Finding
    from .workbook.saved import WorkbookError
    from .workbook.verify import verify

    findings: list[Finding] = []
    for file in files:
        try:
            findings += verify(file, lang or "")
        except WorkbookError as error:
            findings.append(Finding(str(file), "", "", str(error)))
    counts = [sum(each.severity == severity for each in findings) for severity in (ERROR, WARNING)]
    if as_json:
        click.echo(json.dumps([each.as_dict() for each in findings], ensure_ascii=False, indent=2))
    else:
        for each in findings:
            click.echo(str(each))
        click.echo(summary(*counts), err=bool(findings))
    sys.exit(DATA_AT_FAULT if counts[0] else DONE)


def summary(errors: int, warnings: int) -> str:
    """Return how many problems there are, in words."""

    def many(number: int, noun: str) -> str:
        return f"{number} {noun}{'' if number == 1 else 's'}"

    return f"{many(errors, 'error')}, {many(warnings, 'warning')}" if errors or warnings else "No problems."


@click.command("roll")
@click.argument("old", metavar="OLD.xlsx", type=click.Path(path_type=Path))
@click.option("-o", "--out", "new", metavar="NEW.xlsx", type=click.Path(dir_okay=False, path_type=Path),
              help="File to write.  [default: beside OLD, named for the new year]")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace NEW if it is there.")
@_language
def roll_command(old: Path, new: Path | None, force: bool, lang: str | None) -> None:
    """Start the next year's workbook from a filled one.

    Settings, targets, thresholds and constants are carried on; this year's figures become those of the previous
    year, and its last closing figures open the new one. OLD is never touched. What could not be carried on is
    listed cell by cell.
    """
    from .workbook.read import read_workbook
    from .workbook.roll import roll
    from .workbook.saved import WorkbookError

    refuse_other_ending(new)
    try:
        rolled = roll(read_workbook(old), lang or "")
    except WorkbookError as error:
        stop(f"{old}: {error}", DATA_AT_FAULT)
    target = free_target(old, new, rolled.name, force)
    write_new(target, rolled.data)
    for each in rolled.left:
        click.echo(str(each), err=True)
    click.echo(str(target))
