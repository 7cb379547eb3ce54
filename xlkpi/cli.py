"""The command line: each command is one call of the library and a way to print its answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import __version__
from .cli_addin import addin
from .cli_common import (
    CALL_AT_FAULT,
    DATA_AT_FAULT,
    DONE,
    catalogue_option,
    load_catalogue,
    own_catalogue,
    stop,
)
from .cli_new import new_command
from .cli_schema import schema_command
from .cli_upgrade import upgrade_command
from .cli_workbook import roll_command, summary, verify_command
from .names import HOSTS, LANGUAGES

if TYPE_CHECKING:
    from .model import Catalogue, Vertical


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="xlkpi", message="%(prog)s %(version)s")
def main() -> None:
    """KPI functions in Excel, and the workbooks that go with them.

    Exit codes: 0 done, 1 something is wrong with your data, 2 something is wrong with the call.
    """


main.add_command(addin)
main.add_command(verify_command)
main.add_command(roll_command)
main.add_command(new_command)
main.add_command(schema_command)
main.add_command(upgrade_command)


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@main.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the names.")
@catalogue_option
def list_command(as_json: bool, lang: str, files: tuple[str, ...]) -> None:
    """List the lines of business and the functions; of your own also the file that each stands in."""
    from . import present

    catalogue = load_catalogue(*files)
    if as_json:
        _print_json(present.list_record(catalogue, lang))
    else:
        click.echo(present.list_text(catalogue, lang))


@main.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the texts.")
@catalogue_option
def show_command(name: str, as_json: bool, lang: str, files: tuple[str, ...]) -> None:
    """Show a function (CRR) or a line of business (remote-resume-writing)."""
    from . import present
    from .names import suggest

    catalogue = load_catalogue(*files)
    function, vertical = catalogue.functions.get(name.upper()), catalogue.verticals.get(name.lower())
    if function is not None:
        record, text = present.function_record(catalogue, function, lang), present.function_text
    elif vertical is not None:
        record, text = present.vertical_record(catalogue, vertical, lang), present.vertical_text
    else:
        hint = suggest(name.upper(), catalogue.functions) or suggest(name.lower(), catalogue.verticals)
        stop(f'There is no function or line of business "{name}".{hint} "xlkpi list" shows all.', CALL_AT_FAULT)
    if as_json:
        _print_json(record)
    else:
        click.echo(text(catalogue, record, lang))


@main.command("calc", context_settings={"ignore_unknown_options": True})
@click.argument("function")
@click.argument("values", nargs=-1, type=click.UNPROCESSED)
@catalogue_option
def calc_command(function: str, values: tuple[str, ...], files: tuple[str, ...]) -> None:
    """Compute a FUNCTION from VALUES.

    \b
    xlkpi calc CSS 85 100                      a number for each argument
    xlkpi calc CSSMEAN "9 8 7" "40 5 5"        a range in quotes, or as 9;8;7
    """  # noqa: D301
    from .errors import KpiError
    from .names import COMPANIONS, suggest
    from .typed import TypedValueError, figure_text, typed_value

    catalogue = load_catalogue(*files)
    found = catalogue.functions.get(function.upper())
    if function.upper() in COMPANIONS:
        stop(f"{function.upper()} is for cells of Excel alone; see README, or type it in a sheet.", CALL_AT_FAULT)
    if found is None:
        hint = suggest(function.upper(), catalogue.functions)
        stop(f'There is no function "{function}".{hint} "xlkpi list" shows all.', CALL_AT_FAULT)
    try:
        names = [argument.id for argument in found.arguments]
        spans = [name in found.ranges for name in names] + [False] * len(values)
        given = [typed_value(text, is_range) for text, is_range in zip(values, spans, strict=False)]
        result = found(*given)
    except TypedValueError as error:
        stop(str(error), CALL_AT_FAULT)
    except TypeError as error:
        stop(f"{error}. See: xlkpi show {found.name}", CALL_AT_FAULT)
    except KpiError as error:
        click.echo(f"{error.code}  {error.message}")
        sys.exit(DATA_AT_FAULT)
    click.echo(figure_text(result))
    if isinstance(result, list) and (wrong := [item for item in result if isinstance(item, KpiError)]):
        stop("\n".join(dict.fromkeys(f"{error.code}  {error.message}" for error in wrong)), DATA_AT_FAULT)


@main.command("check")
@click.argument("what", nargs=-1, metavar="[FILE.toml | FOLDER ...]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
@catalogue_option
def check_command(what: tuple[str, ...], as_json: bool, files: tuple[str, ...]) -> None:
    """Name every problem of catalogue files: where it is, what it is, how to mend it.

    A folder stands for the .toml files in it. Files may use the functions of their folder, and of --catalogue or
    xlkpi.toml; of these only errors are told. Without FILE or FOLDER, they are checked themselves.
    """
    from .catalogue import check

    own, project = own_catalogue(files)
    if not what and not own and project is None:
        fix = "Name a file or folder, or begin an xlkpi.toml that says where your files are."
        stop(f"There is nothing to check: no xlkpi.toml is in this folder or one above it. {fix}", CALL_AT_FAULT)
    told = [each for each in project.problems if not what or each.severity == "error"] if project else []
    problems = [*told, *(check(*what, beside=own) if what else check(*own))]
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        _print_json([problem.as_dict() for problem in problems])
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(summary(errors, len(problems) - errors), err=bool(problems))
    sys.exit(DATA_AT_FAULT if errors else DONE)


@main.command("build")
@click.argument("what", nargs=-1, metavar="[VERTICAL | FILE.toml | FOLDER ...]")
@click.option("--lang", "languages", multiple=True, type=click.Choice(LANGUAGES), help="Language; may be repeated.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("workbook_templates"),
              show_default=True, help="Folder to write to.")  # fmt: skip
@click.option("--sample", is_flag=True, help="Fill in a made-up year, to look at.")
@click.option("--start", metavar="YYYY-MM", help="First month of the year.  [default: 2026-01]")
@click.option("--host", "hosts", multiple=True, type=click.Choice(HOSTS), default=("plain",), show_default=True,
              help="Whose functions the KPI cells call; plain cells need no add-in. May be repeated.")  # fmt: skip
@click.option("--lambdas/--no-lambdas", default=True, show_default=True,
              help="With a sheet of named LAMBDAs for Microsoft 365, such as KPI.CSS, or without.")  # fmt: skip
@click.option("--log", is_flag=True,
              help="With a sheet to list single answers, sessions and tasks, which fills the months.")  # fmt: skip
@catalogue_option
def build_command(
    what: tuple[str, ...],
    files: tuple[str, ...],
    languages: tuple[str, ...],
    out: Path,
    sample: bool,
    start: str | None,
    hosts: tuple[str, ...],
    lambdas: bool,
    log: bool,
) -> None:
    """Build workbooks: all lines of business in all languages, or those that are named.

    With --host the KPI cells call the functions of one add-in: classic (Excel for Windows), lite (xlwings Lite,
    whose code the workbook then carries) or server (xlwings Server). Such a workbook shows #NAME? wherever that
    add-in is missing; the plain ones work everywhere.
    """
    from .workbook import build, file_name, write

    first = _first_month(start)
    catalogue = load_catalogue(*files, more=[name for name in what if _is_path(name)])
    named = {each.id: each for name in what for each in _chosen(catalogue, name)}
    chosen = named or catalogue.verticals
    jobs = [(each, language, host) for each in chosen.values() for language in languages or LANGUAGES for host in hosts]
    written = []
    with click.progressbar(jobs, label="Building", file=sys.stderr, hidden=not sys.stderr.isatty()) as steps:
        for vertical, language, host in steps:
            target = out / file_name(vertical, language, sample, host, log)
            try:
                data = build(
                    catalogue,
                    vertical,
                    language,
                    sample=sample,
                    start=first,
                    host=host,
                    lambdas=lambdas,
                    log=() if log else None,
                )
                write(target, data)
            except OSError as error:
                what_now = "Choose another --out."
                if isinstance(error, PermissionError):
                    what_now = f"Close the file if it is open in a spreadsheet program. {what_now}"
                stop(f"{target} cannot be written: {error.strerror}. {what_now}", DATA_AT_FAULT)
            written.append(target)
    for target in written:
        click.echo(str(target))


@main.command("lambdas")
@click.argument("what", nargs=-1, metavar="[VERTICAL | FUNCTION ...]")
@catalogue_option
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the help.")
def lambdas_command(what: tuple[str, ...], files: tuple[str, ...], lang: str) -> None:
    """Print functions as named LAMBDAs: all, or those of what is named.

    Paste the text into the Workbook module of Advanced Formula Environment (in the add-in Excel Labs, from
    Microsoft). Each can then be typed in any cell of that workbook: =KPI.CSS(85,100). Needs Microsoft 365 or Excel
    on the web. The text is in the spelling of English Excel, to which that add-in can be switched.
    """
    from .lambdas import named_lambdas, sheet_text

    catalogue = load_catalogue(*files)
    chosen = list(dict.fromkeys(function for name in what for function in _functions_of(catalogue, name)))
    wanted = [catalogue.functions[name] for name in chosen] if what else list(catalogue.functions.values())
    found = named_lambdas(wanted, lang)
    click.echo(sheet_text(found))
    if len(found) < len(wanted):
        kept = {each.name for each in found}
        long = ", ".join(each.name for each in wanted if f"KPI.{each.name}" not in kept)
        stop(f"Too long for a LAMBDA, and left out: {long}.", DATA_AT_FAULT)


def _functions_of(catalogue: Catalogue, name: str) -> list[str]:
    """Return the name of a function, or those of all of a line of business."""
    from .names import suggest

    if name.upper() in catalogue.functions:
        return [name.upper()]
    if name.lower() in catalogue.verticals:
        return list(catalogue.verticals[name.lower()].functions)
    hint = suggest(name.upper(), catalogue.functions) or suggest(name.lower(), catalogue.verticals)
    return stop(f'There is no function or line of business "{name}".{hint} "xlkpi list" shows all.', CALL_AT_FAULT)


def _is_path(name: str) -> bool:
    """Whether a word of the call means a file or folder of catalogue files, not the name of a line of business."""
    from .own import folder_files
    from .shipped import shipped

    if name.lower() in shipped().verticals:
        return False
    return bool(Path(name).suffix or Path(name).name != name or folder_files(Path(name)))


def _chosen(catalogue: Catalogue, name: str) -> list[Vertical]:
    """Return the lines of business of a folder, or the one that is named, or that stands in a file."""
    from .names import suggest
    from .own import folder_files
    from .shipped import SHARED

    members = folder_files(Path(name)) if _is_path(name) else None
    if members is not None:
        return [catalogue.verticals[path.stem] for path in members if path.stem in catalogue.verticals]
    key = Path(name).stem if name.endswith(".toml") else name.lower()
    if Path(name).name == SHARED:
        stop(f"{name} holds functions alone; name a line of business that uses them.", CALL_AT_FAULT)
    if key not in catalogue.verticals:
        beside = Path(f"{name}.toml").is_file()
        hint = f' Did you mean the file "{name}.toml"?' if beside else suggest(key, catalogue.verticals)
        known = ", ".join(catalogue.verticals)
        stop(f'There is no line of business "{name}".{hint} There are: {known}.', CALL_AT_FAULT)
    return [catalogue.verticals[key]]


def _first_month(text: str | None) -> Any:
    from datetime import date

    from .workbook import START

    if text is None:
        return START
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        stop(f'"{text}" is no month. Write it like 2026-01.', CALL_AT_FAULT)


if __name__ == "__main__":
    main()
