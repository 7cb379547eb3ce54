"""The command that brings a filled workbook up to date."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cli_common import CALL_AT_FAULT, DATA_AT_FAULT, catalogue_option, load_catalogue, stop
from .cli_files import free_target, refuse_other_ending, write_new
from .names import LANGUAGES, suggest

if TYPE_CHECKING:
    from .model import Catalogue

_NUMBERED = re.compile(r"(.*\.upgraded)(?:-(\d+))?", re.DOTALL)


@click.command("upgrade")
@click.argument("old", metavar="OLD.xlsx", type=click.Path(path_type=Path))
@click.option("-o", "--out", "new", metavar="NEW.xlsx", type=click.Path(dir_okay=False, path_type=Path),
              help="File to write.  [default: OLD.upgraded.xlsx, beside OLD]")  # fmt: skip
@catalogue_option
@click.option("--as", "wanted", metavar="VERTICAL",
              help="Line of business to upgrade to.  [default: the one that is or was called so]")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace NEW if it is there.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the messages.  [default: the workbook's own]")
def upgrade_command(
    old: Path, new: Path | None, files: tuple[str, ...], wanted: str | None, force: bool, lang: str | None
) -> None:
    """Make a current workbook from a filled one of an earlier version, or of a catalogue file that was edited since.

    Figures, targets, thresholds that were changed, settings, the log, comments and sheets of your own are carried
    over, found by their names. Thresholds that nobody changed follow the catalogue. What cannot be carried over is
    listed cell by cell, and kept on a sheet of its own in the new workbook. OLD is never touched.
    """
    from .workbook.finding import NOTE
    from .workbook.read import read_workbook
    from .workbook.saved import WorkbookError
    from .workbook.upgrade import upgrade

    refuse_other_ending(new)
    try:
        filled = read_workbook(old)
        target = free_target(old, new, upgraded_name(old.name), force)
        catalogue = load_catalogue(*files)
        upgraded = upgrade(filled, catalogue, _known(catalogue, wanted), lang or "")
    except WorkbookError as error:
        stop(f"{old}: {error}", DATA_AT_FAULT)
    write_new(target, upgraded.data)
    for each in upgraded.left:
        click.echo(str(each), err=True)
    if any(each.severity != NOTE for each in upgraded.left):
        sheet = catalogue.ui["sheet.kept"].get_in(filled.language)
        click.echo(f'What was not carried over is kept on the sheet "{sheet}" of the new workbook.', err=True)
    _say_unread(filled.vertical.id, catalogue)
    click.echo(str(target))


def _say_unread(vertical: str, catalogue: Catalogue) -> None:
    """Point to a file of this folder that would seem to be meant, and was not read."""
    file = Path(f"{vertical}.toml")
    if vertical not in catalogue.verticals and file.exists():
        click.echo(f"{file} in this folder was not read. If you mean it, add --catalogue {file}", err=True)


def upgraded_name(name: str) -> str:
    """Return the usual name of an upgraded workbook.

    Args:
        name: of the older file.

    Returns:
        The name of the newer one, which is never the same.

    >>> upgraded_name("mine.xlsx"), upgraded_name("mine.upgraded.xlsx"), upgraded_name("mine.upgraded-2.xlsx")
    ('mine.upgraded.xlsx', 'mine.upgraded-2.xlsx', 'mine.upgraded-3.xlsx')
    """
    stem = name[: -len(".xlsx")] if name.lower().endswith(".xlsx") else name
    if again := _NUMBERED.fullmatch(stem):
        return f"{again[1]}-{int(again[2] or 1) + 1}.xlsx"
    return f"{stem}.upgraded.xlsx"


def _known(catalogue: Catalogue, wanted: str | None) -> str:
    """Return the line of business that was asked for, by its name or by its file."""
    if wanted is None:
        return ""
    name = Path(wanted).stem if wanted.endswith(".toml") else wanted
    if name not in catalogue.verticals:
        hint, known = suggest(name, catalogue.verticals), ", ".join(catalogue.verticals)
        stop(f'There is no line of business "{wanted}".{hint} There are: {known}.', CALL_AT_FAULT)
    return name
