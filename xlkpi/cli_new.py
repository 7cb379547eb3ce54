"""The command that begins the file of a new line of business: new."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from .cli_common import CALL_AT_FAULT, DATA_AT_FAULT, stop
from .names import LANGUAGES, refuse_vertical, suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .borrowing import Pick
    from .model import Catalogue

_T = TypeVar("_T")
_SPOKEN = {"en": "English", "pt": "Portuguese", "fr": "French", "es": "Spanish"}


@dataclass
class _Wishes:
    """What the file shall be, as far as it is known."""

    titles: dict[str, str]
    languages: tuple[str, ...]
    picks: list[Pick]
    benchmarks: bool


@click.command("new")
@click.argument("name", required=False, default="")
@click.option("--from", "home", metavar="VERTICAL",
              help="Begin with the KPIs of a line of business; with --kpis, with those among them.")  # fmt: skip
@click.option("--kpis", "kpis", metavar="FUNCTIONS", multiple=True,
              help="Begin with the KPIs of these functions; xlkpi list shows all.  [default: CSS,CRR,NPS]")  # fmt: skip
@click.option("--title", "titles", metavar="TEXT", multiple=True,
              help='What people call it, such as "Podcast editing"; pt="Edição de podcasts" in another language. '
                   "May be repeated.")  # fmt: skip
@click.option("--lang", "languages", multiple=True, type=click.Choice(LANGUAGES),
              help="Language of the texts; may be repeated.  [default: all; English is always there]")  # fmt: skip
@click.option("--benchmarks/--no-benchmarks", default=None,
              help="Take over the benchmarks of the other trade, with a note that says so; without, they are "
                   "comments.  [default: without]")  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path(), show_default="this folder",
              help="Folder to write to.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def new_command(
    name: str,
    home: str | None,
    kpis: tuple[str, ...],
    titles: tuple[str, ...],
    languages: tuple[str, ...],
    benchmarks: bool | None,
    out: Path,
    force: bool,
) -> None:
    """Begin the file of a new line of business.

    It is called NAME.toml and has a comment on each key. In a terminal xlkpi asks what it needs, unless
    one of --from, --kpis, --title, --lang or --benchmarks says it. The file builds as it is; change it, then run
    xlkpi check and xlkpi build.

    \b
    xlkpi new podcast-editing
    xlkpi new podcast-editing --kpis CSS,CRR,NPS --title "Podcast editing"
    xlkpi new podcast-editing --from remote-resume-writing
    """  # noqa: D301
    from .catalogue import load
    from .new import new_file

    catalogue = load()  # a fault in the user's other files is no reason not to begin another
    asks = _in_terminal() and not (home or kpis or titles or languages) and benchmarks is None
    if not name and not asks:
        stop("Name the line of business, such as: xlkpi new podcast-editing", CALL_AT_FAULT)
    try:
        if asks:
            name, title = _ask_name(catalogue, name)
            target = _target(out, name, force)
            wishes = _ask(catalogue, name, title)
        else:
            given = _Wishes({}, languages or LANGUAGES, [], bool(benchmarks))
            target, wishes = _as_told(catalogue, name, (home or "").lower(), kpis, titles, given, out, force)
    except _RefusedError as refusal:
        stop(str(refusal), CALL_AT_FAULT)
    spoken = (*wishes.languages, *wishes.titles)
    _write(target, new_file(catalogue, name, wishes.titles, wishes.picks, spoken, wishes.benchmarks))
    click.echo(str(target))
    typed = f'"{target}"' if " " in str(target) else str(target)
    only = [each for each in LANGUAGES if each == "en" or each in spoken]
    spoken_only = "".join(f" --lang {each}" for each in only) if len(only) < len(LANGUAGES) else ""
    click.echo(f"Look at it in an editor, then:\n  xlkpi check {typed}\n  xlkpi build {typed}{spoken_only}", err=True)


class _RefusedError(Exception):
    """What the user asked for cannot be; the text says why."""


def _in_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _as_told(
    catalogue: Catalogue,
    name: str,
    home: str,
    kpis: tuple[str, ...],
    titles: tuple[str, ...],
    wishes: _Wishes,
    out: Path,
    force: bool,
) -> tuple[Path, _Wishes]:
    """Return the file to write and what it shall be, or refuse everything that cannot be at once."""
    from .new import usual_kpis

    wrong: list[str] = []

    def tried(step: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return step()
        except _RefusedError as refusal:
            wrong.append(str(refusal))
            return otherwise

    tried(lambda: _refuse_name(catalogue, name), None)
    target = tried(lambda: _target(out, name, force), out) if not wrong else out
    wishes.titles = tried(lambda: _titles(titles, name), {})
    functions = [word for text in kpis for word in text.replace(",", " ").split()]
    if kpis and not functions:
        wrong.append("--kpis names no function. Write it like --kpis CSS,CRR,NPS.")
    wishes.picks = tried(lambda: _picks(catalogue, functions or ([] if home else usual_kpis()), home), [])
    if wrong:
        raise _RefusedError("\n".join(wrong))
    return target, wishes


def _refuse_name(catalogue: Catalogue, name: str) -> None:
    from .new import suggested_name

    if reason := refuse_vertical(name):
        hint = f" Try {suggested_name(name) or 'another, such as podcast-editing'}."
        raise _RefusedError(f'"{name[:80]}" cannot name a line of business: {reason}.{hint}')
    if name in catalogue.verticals:
        raise _RefusedError(
            f'A line of business "{name}" is already there. Choose another name; to begin with its KPIs: '
            f"xlkpi new my-{name} --from {name}"
        )


def _target(out: Path, name: str, force: bool) -> Path:
    """Return the file to write, which must not be there yet."""
    if out.suffix.lower() == ".toml" and not out.is_dir():
        if out.stem != name:
            raise _RefusedError(
                f"{out} is another name than {name}, and a file is named for its line of business. "
                f"Write: xlkpi new {out.stem} -o {out.parent}"
            )
        out = out.parent
    target = out / f"{name}.toml"
    if target.is_dir():
        raise _RefusedError(f"{target} is a folder. Choose another name, or another folder with -o.")
    if target.exists() and not force:
        raise _RefusedError(
            f"{target} is there already. Choose another name, another folder with -o, or replace it with --force."
        )
    return target


def _write(target: Path, text: str) -> None:
    from .workbook import write

    try:
        write(target, text.encode("utf-8"))
    except OSError as error:
        stop(f"{target} cannot be written: {error.strerror}. Choose another folder with -o.", DATA_AT_FAULT)


def _titles(given: tuple[str, ...], name: str) -> dict[str, str]:
    """Read the names from the command line; one without a language is English."""
    from .new import refuse_titles, usual_title

    found: dict[str, str] = {}
    for text in given:
        language, sign, rest = text.partition("=")
        title = (language, rest) if sign and language in LANGUAGES else ("en", text)
        if title[0] in found:
            raise _RefusedError(f'There are two names in {_SPOKEN[title[0]]}: "{found[title[0]]}" and "{title[1]}".')
        found[title[0]] = title[1].strip()
    found = {"en": usual_title(name)} | found
    if wrong := refuse_titles(found):
        raise _RefusedError("\n".join(wrong))
    return found


def _picks(catalogue: Catalogue, functions: list[str], home: str) -> list[Pick]:
    """Return the KPIs of functions, or refuse all that cannot be had."""
    from .borrowing import choose

    wrong = []
    if home and home not in catalogue.verticals:
        known = ", ".join(catalogue.verticals)
        wrong.append(f'There is no line of business "{home}".{suggest(home, catalogue.verticals)} There are: {known}.')
        home = ""
    picks, amiss = choose(catalogue, functions, home)
    if wrong + amiss:
        raise _RefusedError("\n".join(wrong + amiss))
    return picks


# -- the conversation -----------------------------------------------------------------------------------


def _prompt(question: str, usual: str, read: Callable[[str], _T]) -> _T:
    """Ask until the answer can be read."""

    def value(text: str) -> _T:
        try:
            return read(text)
        except _RefusedError as refusal:
            raise click.UsageError(str(refusal)) from None

    answer: _T = click.prompt(question, default=usual or None, value_proc=value, err=True)
    return answer


def _ask_name(catalogue: Catalogue, name: str) -> tuple[str, str]:
    """Return a name that a line of business can have, and what people call it if that was asked for."""
    from .new import suggested_name

    def good(text: str) -> str:
        _refuse_name(catalogue, text)
        return text

    title = ""
    if not name:
        title = _prompt("What people call the line of business, in English", "", lambda text: _one_title("en", text))
        name = suggested_name(title)
    else:
        try:
            return good(name), ""
        except _RefusedError as refusal:
            click.echo(str(refusal), err=True)
            name = suggested_name(name)
    name = _prompt("Name of the file, without .toml", name, good)
    return name, title


def _one_title(language: str, text: str) -> str:
    return _titles((f"{language}={text}",), "line-of-business")[language]


def _ask(catalogue: Catalogue, name: str, title: str) -> _Wishes:
    """Ask for the names, the languages, the KPIs, and what becomes of the benchmarks."""
    from .new import usual_kpis, usual_title

    click.echo("Enter takes what stands in [brackets]. All of it can be changed in the file.", err=True)
    languages = _prompt("Languages of the texts", " ".join(LANGUAGES), _read_languages)
    usual = title or usual_title(name)
    titles: dict[str, str] = {}
    for language in languages:
        known = title if language == "en" else ""
        question = f"What people call it in {_SPOKEN[language]}"
        answer = known or _prompt(question, usual, partial(_one_title, language))
        if language == "en":
            titles[language] = usual = answer
        elif answer != usual:
            titles[language] = answer
    click.echo(_menu(catalogue), err=True)
    question = "KPIs to begin with: names from the left, or a line of business"
    picks = _prompt(question, " ".join(usual_kpis()), lambda text: _read_picks(catalogue, text))
    benchmarks = False
    if any(any(pick.kpi.bands.values()) for pick in picks):
        question = "Their benchmarks are those of other trades. Take them over, with a note that says so"
        benchmarks = click.confirm(question, default=False, err=True)
    return _Wishes(titles, languages, picks, benchmarks)


def _read_languages(text: str) -> tuple[str, ...]:
    words = text.lower().replace(",", " ").split()
    if strange := [word for word in words if word not in LANGUAGES]:
        raise _RefusedError(f'"{strange[0]}" is no language of xlkpi. Use {", ".join(LANGUAGES)}.')
    return tuple(language for language in LANGUAGES if language in words or language == "en")


def _read_picks(catalogue: Catalogue, text: str) -> list[Pick]:
    words = text.replace(",", " ").split()
    if not words:
        raise _RefusedError("Name one KPI at least.")
    if len(words) == 1 and words[0].lower() in catalogue.verticals:
        return _picks(catalogue, [], words[0].lower())
    return _picks(catalogue, words, "")


def _menu(catalogue: Catalogue) -> str:
    """The KPIs that there are, each function once, below the line of business that it is taken from."""
    lines: list[str] = []
    seen: set[str] = set()
    for vertical in catalogue.verticals.values():
        kpis = [kpi for kpi in vertical.kpis.values() if kpi.function.name not in seen]
        seen |= {kpi.function.name for kpi in kpis}
        lines.append(vertical.id)
        lines += [f"  {kpi.function.name:<9}{kpi.name.get_in('en')}" for kpi in kpis]
    return "\n".join([*lines, "More of one says, in another window: xlkpi show CRR"])
