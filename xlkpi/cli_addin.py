"""The commands about the add-in: install the classic one, remove it, see what is there and what is wrong."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .cli_common import CALL_AT_FAULT, DATA_AT_FAULT, DONE, catalogue_option, load_catalogue, stop
from .names import LANGUAGES

if TYPE_CHECKING:
    from .addin.machine import Machine


@click.group("addin")
def addin() -> None:
    """Put the functions into Excel itself, as an add-in."""


@contextmanager
def _spoken() -> Iterator[None]:
    """Turn what can go wrong into a message and an exit code."""
    from .addin.machine import AddinError, NotWindowsError

    try:
        yield
    except NotWindowsError as error:
        stop(str(error), CALL_AT_FAULT)
    except AddinError as error:
        stop(str(error), DATA_AT_FAULT)
    except ValueError as error:  # names that VBA needs for something else
        stop(str(error), DATA_AT_FAULT)
    except OSError as error:
        stop(f"{error.filename or 'A file'} cannot be read: {error.strerror or error}.", DATA_AT_FAULT)


def _this_machine() -> Machine:
    from .addin import machine

    return machine.this_machine()


@addin.command("build")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("excel"), show_default=True,
              help="Folder to write to.")  # fmt: skip
@catalogue_option
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True,
              help="Language of the companions' answers, and of the help in Lite and Server; in the classic add-in the "
                   "help follows Excel's language.")  # fmt: skip
@click.option("--help-url", default="", metavar="URL",
              help="Where a function's help is, such as https://example.org/{language}/{function}.")  # fmt: skip
def build_command(out: Path, files: tuple[str, ...], lang: str, help_url: str) -> None:
    """Write all that Excel needs for the functions: classic add-in, xlwings Lite, xlwings Server, and a README.

    Works on any system. What you changed in server/.env is kept.
    """
    from .addin.build import addin_files, write_addin

    _check_help_url(help_url)
    catalogue = load_catalogue(*files)
    with _spoken():
        for line in write_addin(out, addin_files(catalogue, lang, help_url)):
            click.echo(line)
    click.echo(f"The steps for each way stand in {out / 'README.md'}.")


def _check_help_url(text: str) -> None:
    left = text.replace("{function}", "").replace("{language}", "")
    if text and (not re.fullmatch(r"https?://[^\s\"'<>\\{}]+", left) or text in ("http://", "https://")):
        what = f'"{text}" is no usable address of help.'
        stop(f"{what} Write one like https://example.org/{{language}}/{{function}}.", CALL_AT_FAULT)


@addin.command("install")
@catalogue_option
def install_command(files: tuple[str, ...]) -> None:
    """Install the classic add-in in Excel on Windows, or bring it up to date."""
    from .addin.install import check_ready, install

    with _spoken():
        machine = _this_machine()
        check_ready(machine)
        catalogue = load_catalogue(*files)
        from .addin.bundle import bundle
        from .addin.classic import build_xlam, xlwings_version

        report = install(machine, build_xlam(catalogue), bundle(catalogue), xlwings_version())
    click.echo(str(report))


@addin.command("uninstall")
def uninstall_command() -> None:
    """Remove the classic add-in from Excel."""
    from .addin.install import uninstall

    with _spoken():
        report = uninstall(_this_machine())
    click.echo(str(report))


@addin.command("status")
def status_command() -> None:
    """Show what is installed, and where."""
    from .addin.install import status

    with _spoken():
        report = status(_this_machine())
    click.echo(str(report))


@addin.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def doctor_command(as_json: bool) -> None:
    """Find out why the classic add-in does not work: every reason at once, each with what to do."""
    from .addin.doctor import ALL_WELL, ERROR, diagnose

    with _spoken():
        found = diagnose(_this_machine())
    if as_json:
        click.echo(json.dumps([each.as_dict() for each in found], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(map(str, found)) or ALL_WELL)
    sys.exit(DATA_AT_FAULT if any(each.severity == ERROR for each in found) else DONE)
