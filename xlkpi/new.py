"""The first file of a new line of business: KPIs of the catalogue, with a comment on each key."""

from __future__ import annotations

import textwrap
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .borrowing import Pick, Table, inputs_of, source_of
from .document import Document
from .model import BANDS, DIRECTIONS, PERIODS, Article, Catalogue, Function, Kpi, Vertical
from .names import (
    FORMULA_FUNCTIONS,
    LANGUAGES,
    MAX_IDENTIFIER,
    refuse_vertical,
    shipped_text,
)
from .notation import to_text
from .section import Section
from .shape import LABEL_LIMIT
from .toml_text import assignments, value_text
from .tree import Call, walk
from .units import SIMPLE_UNITS

_WIDTH = 112
# What says something of the bands; without them it has nothing to say.
_OF_BANDS = ("period", "period_matters", "year_scale")


@cache
def _comments() -> Table:
    return tomllib.loads(shipped_text("new", "comments.toml"))


@cache
def _own() -> Table:
    return tomllib.loads(shipped_text("new", "own.toml"))


def usual_kpis() -> list[str]:
    """Return the functions that a file begins with where nothing is named."""
    return list(_comments()["kpis"])


# -- the name -------------------------------------------------------------------------------------------


def suggested_name(text: str) -> str:
    """Return a name for the file of a line of business, or an empty text where nothing can be made of it.

    Args:
        text: what people call it.

    Returns:
        The name, without ``.toml``.

    >>> suggested_name("Podcast Editing"), suggested_name("Édition & son"), suggested_name("播客")
    ('podcast-editing', 'edition-son', '')
    """
    text = text.strip().removesuffix(".toml")
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("ß", "ss")
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in kept).split()
    while words and words[0][0].isdigit():
        del words[0]
    name = "-".join(words)[: MAX_IDENTIFIER * 2].rstrip("-")
    return "" if refuse_vertical(name) else name


def usual_title(name: str) -> str:
    """Return what people may call a line of business, from its name.

    >>> usual_title("podcast-editing")
    'Podcast editing'
    """
    return name.replace("-", " ").capitalize()[:LABEL_LIMIT].rstrip()


def refuse_titles(titles: Mapping[str, str]) -> list[str]:
    """Say what is wrong with the names that people shall read, by the rules of every text of a catalogue file.

    Args:
        titles: the name in each language.

    Returns:
        Sentences; none where all is well.

    >>> refuse_titles({"en": "Tea shop", "pt": " "})
    ['Name in pt: This text is empty or no text.']
    """
    document = Document("", "")
    Section(document, "", dict(titles)).languages(LABEL_LIMIT)
    found = [f"Name in {each.key}: {each.what}" for each in document.problems]
    broken = [language for language, title in titles.items() if any("\ud800" <= c <= "\udfff" for c in title)]
    return found + [f"Name in {language}: It holds half a character. Type it anew." for language in broken]


# -- the file -------------------------------------------------------------------------------------------


def new_file(
    catalogue: Catalogue,
    name: str,
    titles: Mapping[str, str],
    picks: Sequence[Pick],
    languages: Sequence[str] = LANGUAGES,
    benchmarks: bool = False,
) -> str:
    """Write the file of a new line of business.

    Args:
        catalogue: what the KPIs are taken from.
        name: of the line of business, and of the file without ``.toml``.
        titles: what people call it, in each language that has a name for it; English must be there.
        picks: the KPIs to begin with; see :func:`xlkpi.borrowing.choose`.
        languages: of the texts.
        benchmarks: whether the benchmarks of the KPIs stay, with a note where they come from; else they are
            commented out.

    Returns:
        The text of the file.

    >>> from xlkpi.borrowing import choose
    >>> text = new_file(load(), "tea-shop", {"en": "Tea shop"}, choose(load(), ["CSS"])[0])
    >>> text.splitlines()[0]
    '# Tea shop: a line of business for xlkpi.'
    """
    page = _Page([language for language in LANGUAGES if language in languages or language == "en"])
    spoken = _or(LANGUAGES)
    page.lines += _wrapped(
        _comments()["head"].format(title=titles["en"], file=f"{name}.toml", languages=spoken), keep=True
    )
    page.part("vertical")
    page.table("vertical", "vertical", {"name": dict(titles)})
    if missing := [language for language in page.languages if language not in titles]:
        page.say("untranslated")
        page.lines += [f"# name.{language} = {value_text(titles['en'])}" for language in missing]
    page.part("article")
    _write_article(page, picks, benchmarks)
    page.part("input")
    written: set[str] = set()
    for pick in picks:
        for key in inputs_of(pick):
            if key not in written:
                written.add(key)
                page.table("input", f"input.{key}", source_of(pick.vertical)["input"][key])
    page.part("kpi")
    for pick in picks:
        _write_kpi(page, catalogue, pick, {each.kpi.id: each.id for each in picks}, benchmarks)
    page.part("own")
    page.say("own")
    page.lines += _own_kpi(page)
    return "\n".join(page.lines) + "\n"


def _write_article(page: _Page, picks: Sequence[Pick], benchmarks: bool) -> None:
    homes = {pick.vertical.id: pick.vertical for pick in picks if any(pick.kpi.bands.values())}
    if benchmarks and homes:
        page.say("article")
        page.table("article", "article", _one_article(list(homes.values())))
        return
    page.say("no_article")
    page.lines += ["", "# [article]"]
    page.assign("article", _own()["article"], hidden=True)


def _one_article(homes: Sequence[Vertical]) -> Table:
    """One table for all the articles: their titles, and what is the same of all of them."""
    articles: list[Article] = [home.article for home in homes]
    titles = [article.title for article in articles]
    if len(homes) > 1:
        titles = [f"{home.name.get_in('en')}: {home.article.title}" for home in homes]
    table: Table = {"title": " / ".join(titles)}
    for key in ("date", "language", "region"):
        values = {getattr(article, key) for article in articles}
        if len(values) == 1 and (value := values.pop()):
            table[key] = value
    if all(article.names_source for article in articles):
        table["names_source"] = True
    return table


def _write_kpi(page: _Page, catalogue: Catalogue, pick: Pick, names: Mapping[str, str], benchmarks: bool) -> None:
    kpi, source = pick.kpi, pick.table
    table = {key: value for key, value in source.items() if key not in ("bands", "benchmark", "note", "companion_of")}
    if not benchmarks and "example" in table:  # what an article misprints is of no use without the article
        table["example"] = {key: value for key, value in table["example"].items() if key != "printed"}
    if kpi.companion_of in names:
        table["companion_of"] = names[kpi.companion_of]
    of_bands: Table = {key: source[key] for key in ("bands", "benchmark") if key in source}
    if benchmarks:
        if any(kpi.bands.values()):
            of_bands["benchmark"] = _taken_over(catalogue, pick, source.get("benchmark", {}))
        table |= of_bands
        table |= {key: source[key] for key in ("note",) if key in source}
    page.table("kpi", f"kpi.{pick.id}", table, [_formula_line(each) for each in _functions_of(catalogue, kpi)])
    if not benchmarks:
        _write_hidden_bands(page, pick, of_bands)


def _write_hidden_bands(page: _Page, pick: Pick, of_bands: Table) -> None:
    """Write what the other line of business says of a KPI, and its bands, as comments."""
    home = pick.vertical.name.get_in("en")
    if note := pick.kpi.note.get_in("en"):
        page.say("note", vertical=home, note=note)
    if any(pick.kpi.bands.values()):
        page.say("bands", vertical=home)
        page.assign("kpi", {"bands": of_bands["bands"]}, hidden=True)
        benchmark = of_bands.get("benchmark", {})
        kept = {key: benchmark[key] for key in _OF_BANDS if benchmark.get(key)}
        page.assign("kpi", {"benchmark": kept} if kept else {}, hidden=True)


def _taken_over(catalogue: Catalogue, pick: Pick, benchmark: Mapping[str, Any]) -> Table:
    """What is said of bands, and before it, in each language, whose they are."""
    note = {}
    for language in LANGUAGES:
        home = pick.vertical.name.get_in(language)
        whose = catalogue.ui["new.borrowed"].get_in(language).format(vertical=home)
        note[language] = f"{whose} {benchmark.get('note', {}).get(language, '')}".strip()
    return {**benchmark, "note": note}


def _functions_of(catalogue: Catalogue, kpi: Kpi) -> list[Function]:
    called = [n.function for tree in kpi.written.values() for n in walk(tree) if isinstance(n, Call)]
    return [catalogue.functions[name] for name in dict.fromkeys(called) if name in catalogue.functions]


def _formula_line(function: Function) -> str:
    arguments = ", ".join(argument.id for argument in function.arguments)
    return f"{function.name}({arguments}) = {to_text(function.formula)}"


def _own_kpi(page: _Page) -> list[str]:
    """The KPI of one's own that can be uncommented."""
    hidden = _Page(page.languages, page.seen)
    for group in ("input", "function", "kpi"):
        for key, table in _own()[group].items():
            hidden.table(group, f"{group}.{key}", table)
    return ["", *(f"# {line}" if line else "" for line in hidden.lines)]


def _wrapped(text: str, keep: bool = False) -> Iterator[str]:
    """The lines of a comment; ``keep`` leaves them as they are."""
    paragraphs = text.strip("\n").split("\n") if keep else textwrap.wrap(text, _WIDTH)
    for line in paragraphs:
        yield f"# {line}".rstrip()


@dataclass
class _Page:
    """The lines of a file, and which keys have been explained."""

    languages: Sequence[str]
    seen: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def part(self, name: str) -> None:
        """Begin a part of the file."""
        self.lines += ["", f"# --- {_comments()['part'][name]} ---", ""]

    def say(self, key: str, **values: str) -> None:
        """Write a comment."""
        self.lines += _wrapped(_comments()["say"][key].format(**values))

    def table(self, group: str, path: str, table: Table, formulas: Sequence[str] = ()) -> None:
        """Write a table with its header; before its first key stands what its functions compute."""
        if self.lines and self.lines[-1]:
            self.lines.append("")
        self.lines.append(f"[{path}]")
        self.assign(group, table, formulas)

    def assign(self, group: str, table: Table, formulas: Sequence[str] = (), hidden: bool = False) -> None:
        """Write the lines of a table, each key explained where it first stands; ``hidden`` comments them out."""
        for place, (key, line) in enumerate(assignments(self._spoken(table))):
            self._explain(group, key)
            if place == 0:
                for formula in formulas:
                    self.lines += _wrapped(formula)
            self.lines.append(f"# {line}" if hidden else line)

    def _spoken(self, table: Table) -> Table:
        """A table without the languages that the file leaves out."""
        is_text = "en" in table and set(table) <= set(LANGUAGES)
        return {
            key: self._spoken(value) if isinstance(value, dict) else value
            for key, value in table.items()
            if not is_text or key in self.languages
        }

    def _explain(self, group: str, key: Sequence[str]) -> None:
        known = _comments()["key"]
        paths = (".".join((group, *key[:length])) for length in range(len(key), 0, -1))
        path = next((path for path in paths if path in known), None)
        if path is not None and path not in self.seen:
            self.seen.add(path)
            self.lines += _wrapped(_filled(known[path]))


def _filled(text: str) -> str:
    """Put the program's own lists into a comment."""
    for name, words in (
        ("units", (*SIMPLE_UNITS, "count:<things>")),
        ("formula_functions", sorted(FORMULA_FUNCTIONS)),
        ("better", DIRECTIONS),
        ("bands", BANDS),
        ("periods", PERIODS),
    ):
        text = text.replace(f"{{{name}}}", _or(words))
    return text


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
