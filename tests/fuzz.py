"""Mutated catalogue files and formulas: each ends in a workbook that validates or in named problems.

    python tests/fuzz.py files 10000 [--seed 1] [--build 1.0] [--save FOLDER]
    python tests/fuzz.py formulas 1000000 [--seconds 600]

``files`` mutates good catalogue files with Hypothesis, checks each, builds a share of those that pass (all of them
unless asked otherwise) and holds the workbooks against the lint. It prints how many files ended in what, and each fault
once, by the place in the code where it shows; ``--save`` keeps the smallest file of each. ``formulas`` runs Atheris, which
sees what lines and branches its inputs reach, on the formula parser; ``pip install atheris`` into an environment of its
own for it (Linux and macOS only). Exit code 1 where there was a fault.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

GOOD_FILES = [HERE / "broken" / "good.toml", *sorted((HERE.parent / "xlkpi" / "data" / "verticals").glob("*.toml"))]
SLOW = 1.0  # seconds of the processor that a check may take
_NAMES = ("sold_cups", "made_cups", "stars", "star_counts", "seat_hours", "open_hours", "end_guests", "x")
_NUMBERS = ("0", "1", "100", "0.5", "1e400", "9**9", "007", "1_000", "30.", "١", "9" * 31)
_VALUES = (
    "1", "-1", "0", "0.5", "1e308", "1e400", "-inf", "nan", "9" * 400, "9" * 5000, "0xff", "true", "[]", "{}", '""', '" "', '"x"',
    "[1, 2]", "[1, nan]", '["a"]', "[[1]]", "[{}]", "{ en = 1 }", '{ en = "x" }', "1979-05-27", "1979-05-27T07:32:00Z",
    "0001-01-01", "9999-12-31", "07:32:00", '"=1+1"', "\"=cmd|' /C calc'!A0\"", '"@SUM(1)"', '"-2+3"', '"{0}{x}"',
    '"' + "w" * 2000 + '"', '"\\u202e"', '"a\\u200bb"', '"a\\u0000b"', '"\\n"', '"\U0001f600"', '"<&>\\""', '"_x000D_"',
    '">= 50"', '"< 8"', '"60..90"', '"90..60"', '"percent"', '"money"', '"hours"', '"ratio"', '"count:cups"', '"tally"', '"flow"',
    '"opening"', '"closing"', '"level"', '"constant"', '"range"', '"lower"', '"higher"', '"compound"', '"mean"', '"none"', '"inputs"',
    '"year"', '"quarter"', '"month"', '"CSS"', '"NPS"', '"TEARATE"', '"SEATUSE"', '"stars"', '"sold_cups"', '"end_guests"',
)  # fmt: skip
_KEYS = (
    "x", "en", "de", "unit", "kind", "formula", "value", "bands", "segment", "better", "year", "example", "gives", "values", "of",
    "carry", "default", "require", "expect", "args", "arg", "optional", "companions", "companion_of", "lever", "benchmark", "note",
    "AB12", "R1C1", "TRUE", "'../x'", '"a\\u001bb"', '""', '"é"', "con", "sum", "SUM", "q1", "n" * 60, "n" * 200, "__class__",
)  # fmt: skip
_SCRAPS = (
    "[kpi.x]", "[[kpi]]", "[", "]", "{", "}", '"""', "'''", '"', "=", ".", "#", ",", "\n", "\r", "\r\n", "\t", "\x00", "\x1b", "\ufeff", "\u202e",
    "é", "\\u", "= 1", "[input.x]\n", "[function.XYZ]\n", "key = ", "1979-", "0x", "''", "....",
)  # fmt: skip


class Outcome(NamedTuple):
    """How a file ended: refused, warned, built or good; or a fault, with where it showed."""

    kind: str
    place: str = ""
    words: str = ""

    @property
    def fault(self) -> bool:
        return self.kind in ("traceback", "slow", "lint")


# -- mutated files -----------------------------------------------------------------------------------------------------


def formulas() -> SearchStrategy[str]:
    """Formulas grown from the grammar, with terms that it does not know, too."""
    from hypothesis import strategies as st

    leaves = (
        st.sampled_from(_NAMES) | st.sampled_from(_NUMBERS) | st.text("()+-*/<>=!., ^%&\"'\\\n$abE1é\u200b", max_size=4)
    )

    def grow(inner: SearchStrategy[str]) -> SearchStrategy[str]:
        calls = st.sampled_from(
            (
                "sum",
                "mean",
                "count",
                "countif",
                "sumproduct",
                "min",
                "max",
                "abs",
                "round",
                "if_",
                "IF",
                "TEARATE",
                "CSS",
                "exec",
            )
        )
        pair = st.tuples(inner, inner)
        return st.one_of(
            st.builds(
                "{0[0]} {1} {0[1]}".format,
                pair,
                st.sampled_from(("+", "-", "*", "/", "**", "<=", ">", "==", "!=", "<", "^")),
            ),
            st.builds("({})".format, inner),
            st.builds("-{}".format, inner),
            st.builds(lambda name, given: f"{name}({', '.join(given)})", calls, st.lists(inner, max_size=4)),
        )

    return st.recursive(leaves, grow, max_leaves=12)


class Change(NamedTuple):
    """One mutation: what is done, where (a number that is brought within the file), and with what."""

    how: str
    place: int
    other: int
    with_what: str


def changes() -> SearchStrategy[Change]:
    """Mutations that know the structure of a file, and some that do not."""
    from hypothesis import strategies as st

    value = st.sampled_from(_VALUES)
    formula = formulas().map(
        lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    )
    rows: list[tuple[str, SearchStrategy[str]]] = [
        ("value", value),
        ("value", value),
        ("any formula", formula),
        ("any formula", formula),
        *[("same kind", st.just(""))] * 6,
        ("delete line", st.just("")),
        ("move line", st.just("")),
        ("rename", st.sampled_from(_KEYS)),
        ("rename everywhere", st.sampled_from(_KEYS)),
        ("delete line", st.just("")),
        ("duplicate line", st.just("")),
        ("move line", st.just("")),
        ("delete table", st.just("")),
        ("duplicate table", st.sampled_from(_KEYS)),
        ("add key", st.tuples(st.sampled_from(_KEYS), value).map(" = ".join)),
        ("splice", st.sampled_from(_SCRAPS) | st.text(max_size=6)),
        ("cut", st.just("")),
        ("flip", st.just("")),
        ("repeat", st.just("")),
    ]
    whole = st.integers(0, 1_000_000)
    return st.one_of(*(st.builds(Change, st.just(how), whole, whole, what) for how, what in rows))


def mutate(data: bytes, change: Change) -> bytes:
    """Apply one mutation."""
    text = data.decode("utf-8", "surrogateescape")
    if change.how == "flip":
        at = change.place % max(1, len(data))
        return data[:at] + bytes([data[at] ^ (1 << change.other % 8)]) + data[at + 1 :] if data else data
    if change.how in ("splice", "cut", "repeat"):
        return _spliced(text, change).encode("utf-8", "surrogateescape")
    return "\n".join(_lines(text.split("\n"), change)).encode("utf-8", "surrogatepass")


def _spliced(text: str, change: Change) -> str:
    at = change.place % (len(text) + 1)
    if change.how == "splice":
        return text[:at] + change.with_what + text[at:]
    size = change.other % 60
    return text[:at] + (text[at : at + size] * 3 if change.how == "repeat" else "") + text[at + size :]


def _lines(lines: list[str], change: Change) -> list[str]:
    """Apply a mutation of whole lines, or of what stands on one."""
    settings = [at for at, line in enumerate(lines) if re.match(r"[\w.]+ = ", line)]
    headers = [at for at, line in enumerate(lines) if line.startswith("[")]
    if not settings or not headers:
        return lines
    at, other = settings[change.place % len(settings)], settings[change.other % len(settings)]
    key, _, value = lines[at].partition(" = ")
    if change.how == "value":
        lines[at] = f"{key} = {change.with_what}"
    elif change.how == "any formula":
        wanted = [at for at in settings if re.match(r"(formula|value|require) = ", lines[at])] or settings
        lines[wanted[change.place % len(wanted)]] = (
            re.sub(r" = .*", "", lines[wanted[change.place % len(wanted)]])
            + " = "
            + (f"[{change.with_what}]" if "require" in lines[wanted[change.place % len(wanted)]] else change.with_what)
        )
    elif change.how == "same kind":  # what stands under the same key elsewhere: legal, and in the wrong place
        same = [at for at in settings if lines[at].partition(" = ")[0] == key]
        lines[at] = lines[same[change.other % len(same)]]
    elif change.how == "rename":
        lines[at] = f"{change.with_what} = {value}"
    elif change.how == "rename everywhere":
        word = re.findall(r"\w+", lines[headers[change.place % len(headers)]])[-1:]
        return [re.sub(rf"\b{word[0]}\b", lambda _: change.with_what, line) for line in lines] if word else lines
    elif change.how == "delete line":
        del lines[at]
    elif change.how == "duplicate line":
        lines.insert(other, lines[at])
    elif change.how == "move line":
        lines.insert(other, lines.pop(at))
    elif change.how == "add key":
        lines.insert(at, change.with_what)
    else:
        _table(lines, headers, change)
    return lines


def _table(lines: list[str], headers: list[int], change: Change) -> None:
    first = headers[change.place % len(headers)]
    last = next((at for at in headers if at > first), len(lines))
    if change.how == "delete table":
        del lines[first:last]
    else:
        copy = [re.sub(r"\.?[\w]+\]$", lambda _: f".{change.with_what}]", lines[first]), *lines[first + 1 : last]]
        lines[last:last] = copy


def mutated_files() -> SearchStrategy[bytes]:
    """Good catalogue files with one to five mutations."""
    from hypothesis import strategies as st

    # Functions of the shipped files are in the catalogue already, and there may be none of the same name.
    good = [
        re.sub(r"(?ms)^\[function\..*?(?=^\[(?!function)|\Z)", "", path.read_text("utf-8")) for path in GOOD_FILES[1:]
    ]
    small = GOOD_FILES[0].read_text("utf-8")
    first = st.sampled_from([*[small] * 12, *good]).map(str.encode)
    few = st.one_of(*(st.lists(changes(), min_size=size, max_size=size) for size in (1, 1, 1, 2, 3, 5)))

    def apply(data: bytes, made: Sequence[Change]) -> bytes:
        for change in made:
            data = mutate(data, change)
        return data

    return st.builds(apply, first, few)


# -- how a file ends ---------------------------------------------------------------------------------------------------


def outcome(data: bytes, folder: Path, build_it: bool = True) -> Outcome:
    """Check a file, and build it if it passes.

    Args:
        data: the file.
        folder: where it may be written.
        build_it: whether to build it, too, rather than check it alone.
    """
    from xlkpi.catalogue import check, load
    from xlkpi.errors import CatalogueError

    path = folder / "tea-shop.toml"
    path.write_bytes(data)
    before = time.process_time()
    try:
        problems = check(path)
        took = time.process_time() - before
        "\n".join(map(str, problems)).encode()
        if took > SLOW:
            return Outcome("slow", f"{took:.1f} s", str(problems[:1]))
        if any(problem.severity == "error" for problem in problems):
            unnamed = [problem for problem in problems if not problem.what or not problem.fix or problem.line < 0]
            return Outcome("lint", "a problem without words", str(unnamed[0])) if unnamed else Outcome("refused")
        try:
            catalogue = load(path)
        except CatalogueError as error:
            return Outcome("lint", "load refuses what check passes", str(error))
        return _built(catalogue, len(data)) if build_it else Outcome("passed")
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "xlkpi" in frame.filename and "tests" not in frame.filename] or frames
        place = f"{Path(own[-1].filename).name}:{own[-1].lineno}"
        return Outcome("traceback", f"{type(error).__name__} at {place}", "".join(traceback.format_exception(error)))


def _built(catalogue: object, turn: int) -> Outcome:
    """Build a workbook in a language and of a kind that ``turn`` chooses, and read it again."""
    from lint import lint

    from xlkpi.names import LANGUAGES
    from xlkpi.workbook import build
    from xlkpi.workbook.read import filled
    from xlkpi.workbook.saved import Saved

    vertical = catalogue.verticals["tea-shop"]  # type: ignore[attr-defined]
    options = {"sample": turn % 2 == 0, "log": () if turn % 5 == 0 else None, "lambdas": turn % 3 > 0}
    data = build(catalogue, vertical, LANGUAGES[turn % 4], **options)  # type: ignore[arg-type]
    found = lint(data)
    if found:
        return Outcome("lint", found[0].rule, "\n".join(map(str, found[:5])))
    if filled(Saved(data), "tea-shop.xlsx").vertical.kpis.keys() != vertical.kpis.keys():
        return Outcome("lint", "the workbook says other KPIs", "")
    return Outcome("built")


class Tally:
    """How files ended, and the smallest file of each fault."""

    def __init__(self, folder: Path, share: float = 1.0, seed: int = 1) -> None:
        self.folder, self.share, self.chance = folder, share, random.Random(seed)
        self.ends: Counter[str] = Counter()
        self.faults: dict[tuple[str, str], tuple[bytes, str]] = {}
        self.slowest = 0.0

    def take(self, data: bytes) -> Outcome:
        """Take one more file."""
        before = time.process_time()
        found = outcome(data, self.folder, self.chance.random() < self.share)
        self.slowest = max(self.slowest, time.process_time() - before)
        self.ends[found.kind] += 1
        if found.fault:
            key = found.kind, found.place
            if key not in self.faults:
                print(f"{found.kind}: {found.place}\n{found.words[-1500:]}", file=sys.stderr, flush=True)
            if key not in self.faults or len(data) < len(self.faults[key][0]):
                self.faults[key] = data, found.words
        return found

    def __str__(self) -> str:
        ends = ", ".join(f"{many:,} {kind}" for kind, many in self.ends.most_common())
        return f"{self.ends.total():,} files: {ends}; slowest with its workbook {self.slowest:.1f} s"


def run_files(many: int, seed: int, tally: Tally, show: Callable[..., object] = print) -> None:
    """Mutate files until there were enough."""
    from hypothesis import HealthCheck, Phase, Verbosity, given, settings
    from hypothesis import seed as seeded

    started = time.monotonic()
    lap = 500
    for number in range(0, many, lap):  # laps of their own: one long run would look at its own past ever longer

        @seeded(seed * 1_000_003 + number)
        @settings(
            max_examples=min(lap, many - number),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        @given(mutated_files())
        def lap_of(data: bytes) -> None:
            tally.take(data)

        lap_of()
        show(f"{time.monotonic() - started:,.0f} s  {tally}", flush=True)


def run_formulas(many: int, seconds: int) -> None:
    """Let Atheris look for a text that the formula parser answers with anything but a tree or a FormulaError."""
    import atheris

    with atheris.instrument_imports(include=["xlkpi"]):
        from xlkpi.errors import FormulaError
        from xlkpi.formula import MAX_CHARACTERS, parse
        from xlkpi.guards import excel_formula
        from xlkpi.notation import compile_tree, to_text
        from xlkpi.policy import Rule
        from xlkpi.tree import Compare, names, ranges

    def one(data: bytes) -> None:
        text, condition = data[1:].decode("utf-8", "replace"), data[:1] == b"?"
        try:
            tree = parse(text, {"CSS": (2, 2), "CSSMEAN": (2, 2)}, condition)
        except FormulaError as error:
            if not error.what or not 0 <= error.column <= len(text) + 1:
                raise RuntimeError(f"no words, or a caret beyond the text: {error!r}") from error
            return
        if "CSS" in text:
            return
        printed = to_text(tree)  # with blanks between all terms, which may be more than a formula may have
        if len(printed) <= MAX_CHARACTERS:
            again = parse(printed, None, condition=isinstance(tree, Compare))
            assert again == tree, "another tree when printed and read again"
        compile_tree(tree, names(tree))
        if not isinstance(tree, Compare):
            cells = {name: "A1:A3" if name in ranges(tree) else "A1" for name in names(tree)}
            excel_formula(Rule(names(tree), tree, (), ranges(tree)), cells)

    arguments = [sys.argv[0], f"-runs={many}", "-max_len=1500", "-print_final_stats=1", "-seed=1", "-timeout=60"]
    atheris.Setup([*arguments, *([f"-max_total_time={seconds}"] if seconds else []), *_seeds()], one)
    atheris.Fuzz()


def _seeds() -> list[str]:
    """Write the shipped formulas where Atheris takes its first inputs from."""
    folder = Path(tempfile.mkdtemp(prefix="xlkpi-formulas-"))
    texts = {text for path in GOOD_FILES for text in re.findall(r'"([^"]*[*/<>(][^"]*)"', path.read_text("utf-8"))}
    for number, text in enumerate(sorted(texts)):
        for first in (b"?", b"="):
            (folder / f"{number}-{first[0]}").write_bytes(first + text.encode())
    return [str(folder)]


def main() -> None:
    """Read the call and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("files", "formulas"))
    parser.add_argument("many", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--build", type=float, default=1.0, help="the share of good files that is built")
    parser.add_argument("--save", type=Path, help="a folder for the smallest file of each fault")
    parser.add_argument("--seconds", type=int, default=0, help="how long Atheris may take")
    call = parser.parse_args()
    if call.what == "formulas":
        run_formulas(call.many, call.seconds)
        return
    with tempfile.TemporaryDirectory() as folder:
        tally = Tally(Path(folder), call.build, call.seed)
        run_files(call.many, call.seed, tally)
    for number, ((kind, place), (data, words)) in enumerate(sorted(tally.faults.items()), 1):
        print(f"\n{number}. {kind}: {place}\n{words[-1500:]}")
        if call.save:
            call.save.mkdir(parents=True, exist_ok=True)
            (call.save / f"{number}.toml").write_bytes(data)
    sys.exit(1 if tally.faults else 0)


if __name__ == "__main__":
    main()
