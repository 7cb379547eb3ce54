"""What people who know spreadsheets but no TOML write, line by line, and what to write instead.

A TOML reader stops at its first fault and says little of it. Here each statement is read by itself; what fails is
mended as a person would mend it, and where that makes it good the mended line is the advice.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .lines import header_of, key_of, plain_letters, split
from .names import LANGUAGES

MAX_SLIPS = 50
_MAX_LINES = 60  # of one statement
_SHOWN = 100
# Characters of one statement, and of all, that are tried to be mended: a text that nobody typed is not worth minutes.
_MAX_MENDED = 1_500
_MAX_EFFORT = 30_000
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?<=[=,\[{ ])\'[^\'\n]*\'')
_STARTS = re.compile(r"\s*(?:\[\[?\s*[^\W\d][\w.\- \"']*\]?\]? *(?:#.*)?$|[^\s=#\"'{}\[\],]+[^=#\"'{}\[\],]*=)")
# What most lines are, told without a reader.
_SURELY = re.compile(
    r"\[[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)*\]|[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)* = "
    r'(?:"[^"\\\x00-\x1f\x7f]*"|-?[1-9][0-9]{0,15}|true|false)'
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚", "'"))
_YES = {"true", "yes", "sim", "oui", "vrai", "verdadeiro", "verdadero", "si", "sí", "on"}
_NO = {"false", "no", "não", "nao", "non", "faux", "falso", "off"}


@dataclass(frozen=True)
class Slip:
    """A statement that is no TOML: its line, its key, what is wrong, what to do, and the mended lines or ``""``."""

    line: int
    key: str
    what: str
    fix: str
    lines: int = 1
    mended: str = ""


def masked(text: str) -> str:
    """Return a statement with what stands in quotes, and its comment, blotted out at the same length."""
    blotted = _STRING.sub(lambda match: '"' + "~" * (len(match[0]) - 2) + '"', text)
    return re.sub(r"#[^\n]*", lambda match: " " * len(match[0]), blotted)


def reads(text: str) -> bool:
    """Whether a text is TOML by itself."""
    if _SURELY.fullmatch(text):
        return True
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


# -- mends: each takes a statement and gives it mended, or the same where it has nothing to say --------------------


def _replace(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    """Return a mend that replaces a pattern outside of quotes."""
    compiled = re.compile(pattern)

    def mend(text: str) -> str:
        hidden, parts, end = masked(text), [], 0
        for match in compiled.finditer(hidden):
            parts += [text[end : match.start()], match.expand(new) if isinstance(new, str) else new(match)]
            end = match.end()
        return "".join([*parts, text[end:]])

    return mend


def _key_of_one_word(text: str) -> str:
    match = re.match(r"(\s*\[?\s*)([^=\[\]{}#\n]+?)(\s*(?:=|\]|\n|$))", text)
    if match is None:
        return text
    one_word = re.fullmatch(r"[A-Za-z0-9_\-.\s]*\.?[A-Za-z0-9_\-]+", match[2])
    if ('"' in match[2] or "'" in match[2] or one_word) and not re.search(r"[\w\-]\s+[\w\-]", match[2], re.ASCII):
        return text
    key = re.sub(r"\s+(?=(?:en|pt|fr|es)$)", ".", match[2].strip())  # a language stands after a point
    return match[1] + plain_letters(key) + match[3] + text[match.end() :]


def _truth(match: re.Match[str]) -> str:
    word = match[2].lower()
    return match[1] + ("true" if word in _YES else "false") if word in _YES | _NO else match[0]


def _day_first(match: re.Match[str]) -> str:
    day, month, year = int(match[1]), int(match[2]), match[3]
    if day <= 12 < month:
        day, month = month, day
    return f"{year}-{month:02}-{day:02}" if month <= 12 and day <= 31 else match[0]


def _closed(text: str) -> str:
    """Close a quote that was opened and not closed, before brackets and comments that follow it."""
    if "='" not in text.replace(" ", "") and '"' not in masked(text).replace('""', "").replace('"~', "").replace(
        '~"', ""
    ):
        return text
    if match := re.fullmatch(r"([^='\"]*=\s*)'([^'\"]*)", text):
        return f'{match[1]}"{match[2]}"'
    for tail in (r"\s*$", r"\s*\}\s*$", r"\s*\]\s*$", r"\s*\}\s*\]\s*$"):
        if (match := re.search(tail, text)) and reads(candidate := f'{text[: match.start()]}"{text[match.start() :]}'):
            return candidate
    return text


def _inner_quotes(text: str) -> str:
    match = re.fullmatch(r'(\s*[^="]+=\s*)"(.*)"(\s*(?:#.*)?)', text)
    if match is None or '"' not in match[2].replace('\\"', ""):
        return text
    inner = re.sub(r'(?<!\\)"', r"\\" + '"', match[2])
    return f'{match[1]}"{inner}"{match[3]}'


def _backslashes(text: str) -> str:
    return re.sub(r'\\(?![btnfr"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})', r"\\\\", text)


def _quoted(text: str) -> str:
    match = re.fullmatch(r"(\s*[A-Za-z0-9_.\-]+\s*=\s*)([^\s\"'\[{#][^#\"]*?)(\s*(?:#.*)?)", text)
    return f'{match[1]}"{match[2]}"{match[3]}' if match else text


def _joined(text: str) -> str:
    if "\n" not in text or "{" not in masked(text):
        return text
    return re.sub(r",\s*\}", " }", re.sub(r"\s*\n\s*", " ", re.sub(r"#[^\n\"]*(?=\n)", "", text)))


_DECIMAL = r"-?\d+(?:\.\d+)?"
_NUMBER_END = r"(?=\s*(?:[,}\]]|$))"
# Each row is (what it is, the mend); a mend that changes nothing has nothing to say.
_MENDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ('A comment begins with "#".', _replace(r"^\s*(?:;|//|--|')\s*", "# ")),
    ("Curly quotes are no quotes here; a word processor makes them of straight ones.",
     lambda text: text.translate(_QUOTES)),
    ("A table in braces stands on one line.", _joined),
    ("This bracket is not closed.", _replace(r"^(\s*\[[^\[\]=]*[^\[\]=\s])\s*$", r"\1]")),
    ('Between a key and its value stands "=".', _replace(r"^(\s*[\w.\-]+)\s*:(?!=)\s*", r"\1 = ")),
    ('Between a key and its value stands "=".', _replace(r"^(\s*[A-Za-z][\w.\-]*)(?:\t+|\s+)(?=[\"'\d\[{])", r"\1 = ")),
    ('Only one "=" stands between a key and its value; a formula has none before it.',
     _replace(r"^(\s*[\w.\-]+\s*)(?::=|=\s*=)\s*", r"\1= ")),
    ("A name is one word of the letters a-z, digits and underscores.", _key_of_one_word),
    ("A number has no separators of thousands.",
     _replace(r"(?<![\w.,])(\d{1,3})((?:[ \u00a0\u202f'’]\d{3})+|(?:\.\d{3}){2,}|(?:,\d{3}){2,})(?![\w.])",
              lambda m: m[1] + re.sub(r"\D", "", m[2]))),
    ("This is no plain blank; it came from another program.", _replace("[\u00a0\u2007\u202f\u200b\ufeff]", " ")),
    ("An amount has no currency sign.", _replace(r"(?:R\$|[$€£])\s*(?=\d)|(?<=\d)\s*[$€£]", "")),
    ("A percentage is a plain number, 85 for 85 %.", _replace(r"(?<=\d)\s*%", "")),
    ("A date is written year first.", _replace(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b", _day_first)),
    ("Decimals stand after a point; a comma separates two values.",
     _replace(r"((?:=|[<>]=?)\s*-?\d+),(\d+)(?=\s*(?:[,}]|$))", r"\1.\2")),
    ("A number has a digit before its point, and after it.",
     _replace(r"(?<![\w.])(-?)\.(\d+)" + _NUMBER_END, r"\g<1>0.\2")),
    ("A number has a digit before its point, and after it.", _replace(r"(?<![\w.])(-?\d+)\." + _NUMBER_END, r"\1.0")),
    ("A number does not begin with a zero.", _replace(r"(?<![\w.\-])0+(\d+(?:\.\d+)?)" + _NUMBER_END, r"\1")),
    ("It is written true or false, in small letters.", _replace(r"(=\s*)([^\W\d]+)" + _NUMBER_END, _truth)),
    ("Values are separated by commas.", _replace(r"(?<=[\w\"\]}])\s*;(?=.*[}\]])", ",")),
    ("A band stands in quotes.",
     _replace(rf"(=\s*)((?:[<>]=?|=[<>]|[≥≤])\s*{_DECIMAL}|{_DECIMAL}\s*\.\.\s*{_DECIMAL})" + _NUMBER_END,
              r'\1"\2"')),
    ("A text stands in quotes.", _replace(r"(=\s*)(?!(?:true|false|inf|nan)\b)([^\W\d]\w*)(?=\s*[,}])", r'\1"\2"')),
    ("Between two values stands a comma.", _replace(r"(?<=[\w\"\]}])\s+(?=[A-Za-z_][\w.]*\s*=[^=].*\})", ", ")),
    ("A table in braces ends without a comma.", _replace(r",\s*(?=\})", " ")),
    ("A quote is opened and not closed.", _closed),
    ('A quote inside a text has a backslash before it: \\".', _inner_quotes),
    ("A backslash in a text is written twice.", _backslashes),
    ("A text, and a formula, stands in quotes.", _quoted),
)  # fmt: skip


def _diagnose(statement: str, left: int) -> tuple[str, str, str]:
    """Return what is wrong with a statement, what to do, and the statement mended or ``""``; if it is not too long."""
    text, said = statement, []
    if len(statement) > left or re.search(r"\s{80}", statement):  # blanks without end cost without end
        return *_unmendable(statement, []), ""
    for what, mend in _MENDS:
        changed = mend(text)
        if changed == text:
            continue
        text = changed
        said.append(what)
        if reads(text):
            shown = text.strip()
            fix = f"Write {shown}" if len(shown) <= _SHOWN and "\n" not in shown else "Mend the line so."
            if match := re.search(r"(?<!\d)(\d{1,3}),(\d{3})(?!\d)", masked(statement)):
                fix += f" or, if the comma separates thousands, {match[1]}{match[2]}"
            return " ".join(dict.fromkeys(said)), fix, text
    return *_unmendable(statement, said), ""


def _unmendable(statement: str, said: list[str]) -> tuple[str, str]:
    first = statement.splitlines()[0]
    if re.fullmatch(r"\s*[^=]+=\s*(#.*)?", first):
        return "Nothing stands after the equals sign.", "Write a value, or remove the line."
    if "=" not in first and not first.lstrip().startswith("["):
        if "\t" in first:
            return "These are cells of a sheet, not TOML.", 'Write a line such as key = "value" for each.'
        return "This is no line of TOML.", 'Write key = "value", [table], or # before a comment.'
    reason = _reason(statement)
    return (said[0] if said else f"This is not TOML: {reason}."), "Texts stand in double quotes, tables in [brackets]."


def _reason(statement: str) -> str:
    try:
        tomllib.loads(statement)
    except ValueError as error:
        return re.sub(r"\s*\(at .*\)$", "", str(error))
    except RecursionError:
        pass
    return "it nests too deeply"


# -- statements ----------------------------------------------------------------------------------------------------


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement of a text, which may go over lines, and the line that it begins on."""
    lines = split(text)
    at = 0
    while at < len(lines):
        size = 1
        if lines[at].strip() and not lines[at].lstrip().startswith("#"):
            size = _size(lines, at)
            yield at + 1, "\n".join(lines[at : at + size])
        at += size


def _size(lines: list[str], at: int) -> int:
    """How many lines a statement takes: those that make it good, or those up to the bracket or fence that ends it."""
    first = lines[at]
    if reads(first):
        return 1
    fence = next((mark for mark in ('"""', "'''") if first.count(mark) == 1), "")
    hidden = masked(first)
    opened = fence or (hidden.partition("=")[2].lstrip()[:1] in ("[", "{") and "=" in hidden)
    if not opened:
        return 1
    closing = fence or ("]" if hidden.partition("=")[2].lstrip()[0] == "[" else "}")
    for size in range(2, min(_MAX_LINES, len(lines) - at) + 1):
        last = lines[at + size - 1]
        if closing in last and (reads("\n".join(lines[at : at + size])) or last.strip().startswith(closing)):
            return size
        if not fence and closing == "]" and _STARTS.match(last):
            return 1
        if not fence and re.match(r"\s*\[", last) and closing == "}":
            return 1
    return 1


def find(text: str) -> list[Slip]:
    """Return the statements of a text that are no TOML, and tables and keys that stand twice, in their order."""
    found: list[Slip] = []
    seen: dict[str, int] = {}
    whole: dict[str, int] = {}
    table, left = "", _MAX_EFFORT
    for line, statement in statements(text):
        what, fix, good = ("", "", statement) if reads(statement) else _diagnose(statement, min(left, _MAX_MENDED))
        left -= len(statement) if what else 0
        header, key = header_of(good or statement), key_of(good or statement)
        table = header if header and not key else table
        name = f"{table}.{key}".lstrip(".") if key else header
        if what:
            found.append(Slip(line, name or table, what, fix, statement.count("\n") + 1, good))
        if name and not good.lstrip().startswith("[["):
            if again := _again(name, line, seen, whole):
                found.append(again)
            seen.setdefault(name, line)
            if key:
                whole.setdefault(name, line)
        if len(found) >= MAX_SLIPS:
            break
    return found


def _again(name: str, line: int, seen: dict[str, int], whole: dict[str, int]) -> Slip | None:
    """Say that a key or table stands twice, or once as a whole and once in parts."""
    if name in seen:
        called = f'"{name.rpartition(".")[2]}"' if name in whole else f"[{name}]"
        return Slip(line, name, f"{called} stands twice; it is on line {seen[name]}, too.", "Keep one, or rename one.")
    parts = name.split(".")
    for size in range(1, len(parts)):
        outer = ".".join(parts[:size])
        if outer in whole:
            what = f'"{outer}" is there as a whole on line {whole[outer]} and here in part.'
            first = f"{parts[size - 1]}.en" if parts[-1] in LANGUAGES else ""
            fix = f"Write {first} = on line {whole[outer]}." if first else "Write it in one of the two ways."
            del whole[outer]  # said once
            return Slip(line, name, what, fix)
    return None


def mended(text: str, slips: list[Slip]) -> str:
    """Return the text with its slips mended, each line where it was, or ``""`` where one could not be."""
    lines = split(text)
    for slip in slips:
        if not slip.mended:
            return ""
        lines[slip.line - 1 : slip.line - 1 + slip.lines] = [*slip.mended.split("\n"), *[""] * slip.lines][: slip.lines]
    return "\n".join(lines)


def doubts(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield what is TOML, but hardly meant: the line, what it is, what to do."""
    if not re.search(r"\d\.\d\d0|\d,\d", text):
        return
    for line, statement in statements(text):
        hidden = masked(statement)
        if match := re.search(r"(?<![\w.])(\d{1,3})\.(\d\d0)(?![\w.])", hidden):
            yield (
                line,
                f"{match[0]} is {float(match[0]):g}; a point does not separate thousands.",
                (f"Write {match[1]}{match[2]} or {float(match[0]):g}."),
            )
        for inner in re.findall(r"\[[^\[\]]*\]", hidden):
            if (pair := re.search(r"(\d+),(\d+)", inner)) and re.search(r"\d,\s+-?\d", inner):
                yield (
                    line,
                    f"{pair[0]} in a list is two numbers, {pair[1]} and {pair[2]}.",
                    (f"Write {pair[1]}.{pair[2]} if it is one number, else {pair[1]}, {pair[2]}."),
                )
