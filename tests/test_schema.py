"""The JSON Schema and the checker say the same of the same files, at the same keys."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, time
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from mutations import mutations, toml
from spoil import FAULTS, GOOD

from xlkpi.cli import main
from xlkpi.model import Catalogue
from xlkpi.names import DATA
from xlkpi.own import read_own
from xlkpi.schema import schema

SCHEMA = schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker(["date"]))
SHIPPED = sorted(Path(DATA, "verticals").glob("*.toml"))

# What the checker alone can see: the keys where, and the words by which it says so. What has a caret is a formula.
CHECKER_ONLY = {
    "names that Excel, VBA, Python or a spreadsheet keep": (r"^(input|function|kpi)\.", r"cannot be a name"),
    "inputs, KPIs and functions that are named and not there": (
        r"\.(carry|of|function|companions|companion_of|value|lever.*\.input|lever\.input)$",
        r"There is no |is no (closing|tally) input|is no companion of itself|has no values of its own",
    ),
    "segments that are named and not there": (r"\.(bands|lever|value)\.\w+", r"is not known here|has no value"),
    "arguments of a formula, and their descriptions": (
        r"^function\.\w+\.(args|arg\.\w+|formula|require|expect|optional)",
        r"not in the formula|not in args|is not described|is no argument|stands twice|cannot be optional",
    ),
    "arguments and figures of an example": (
        r"\.example$", r"leaves out|is no argument|The formula gives|The example gives the error",
    ),
    "units through formulas": (r"\.(formula|value|require)$", r"^It (gives|adds|subtracts|compares)|mixes"),
    "tallies where a formula takes single numbers": (r"\.value$", r"to be (a|no) tally"),
    "how a KPI goes with its unit and bands": (r"\.(year|bands)$", r"Only a percentage compounds|ends before it begins"),
    "two rows of one name": (r"^kpi\.\w+$", r"is called"),
    "former names": (r"\.was$", r"is still in use|is given twice|can never have been a name"),
    "a function that the catalogue has": (r"^function\.\w+$", r"already there"),
}  # fmt: skip


def plain(value: object) -> object:
    """Data as an editor hands them to a schema: dates and times are texts."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, (date, time)) else value


def keys_of(error: jsonschema.ValidationError) -> set[str]:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "required":
        names = [name for name in error.validator_value if name not in error.instance]
    elif error.validator == "additionalProperties" and error.validator_value is False:
        names = [name for name in error.instance if name not in error.schema.get("properties", {})]
    elif "propertyNames" in error.absolute_schema_path:
        names = [error.instance]
    else:
        names = []
    return {bare(".".join([*path, name])) for name in names} or {bare(".".join(path))}


def bare(key: str) -> str:
    """A key without places in lists, which the checker names for levers alone."""
    return ".".join(part for part in key.split(".") if not part.isdigit())


def refused_by_schema(text: str) -> set[str]:
    errors = VALIDATOR.iter_errors(plain(tomllib.loads(text)))
    return {key for error in errors for key in keys_of(error)}


def refused_by_checker(text: str, catalogue, folder: Path, name: str = "tea-shop"):
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return [problem for problem in read_own([path], catalogue).problems if problem.severity == "error"]


def disagreement(text: str, catalogue, folder: Path, name: str = "tea-shop") -> str:
    """Say where the two differ, or nothing."""
    schema_keys = refused_by_schema(text)
    errors = refused_by_checker(text, catalogue, folder, name)
    checker_keys = {bare(problem.key) for problem in errors}
    for key in schema_keys:
        if not any(other == key or other.startswith(f"{key}.") for other in checker_keys) and not _said(key, errors):
            return f"the schema alone refuses {key!r}; the checker {sorted(checker_keys)}"
    for problem in errors:
        if "no KPI" in problem.what and "kpi" in schema_keys:
            continue
        key = bare(problem.key)
        seen = any(key == other or key.startswith(f"{other}.") or other.startswith(f"{key}.") for other in schema_keys)
        if not seen and not problem.excerpt and not _checker_only(problem):
            return f"the checker alone refuses {problem}; the schema {sorted(schema_keys)}"
    return ""


def _checker_only(problem) -> bool:
    return any(re.search(keys, problem.key) and re.search(words, problem.what) for keys, words in CHECKER_ONLY.values())


def _said(key: str, errors) -> bool:
    """Whether the checker says the same of the table around a key."""
    for problem in errors:
        around = bare(problem.key)
        if key == "kpi" and "no KPI" in problem.what:
            return True
        if key == f"{around}.en" and "English text is missing" in problem.what:
            return True
        if key.startswith(f"{around}.") and "cannot be a name" in problem.what:
            return True  # what is in a table that has to be renamed is looked at then
    return False


def without(catalogue, name: str) -> Catalogue:
    """The catalogue without one line of business and the functions that are its own."""
    verticals = {key: each for key, each in catalogue.verticals.items() if key != name}
    functions = {key: each for key, each in catalogue.functions.items() if each.vertical != name}
    return Catalogue(verticals, functions, catalogue.ui)


def test_the_schema_is_a_schema():
    for kind in ("vertical", "functions"):
        jsonschema.Draft202012Validator.check_schema(schema(kind))
        assert json.loads(json.dumps(schema(kind))) == schema(kind)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_files_pass_both(path, catalogue, tmp_path):
    text = path.read_text("utf-8")
    assert refused_by_schema(text) == set()
    assert refused_by_checker(text, without(catalogue, path.stem), tmp_path, path.stem) == []


def test_the_shared_functions_pass_their_schema():
    text = Path(DATA, "functions.toml").read_text("utf-8")
    validator = jsonschema.Draft202012Validator(schema("functions"))
    assert not list(validator.iter_errors(tomllib.loads(text)))
    assert list(validator.iter_errors({"kpi": {}, "function": {}}))


def is_toml(text: str) -> bool:
    try:
        return bool(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return False


TOML_FAULTS = [fault for fault in FAULTS if is_toml(fault.text)]  # of what is no TOML no editor asks the schema


@pytest.mark.parametrize("fault", TOML_FAULTS, ids=[f"{fault.key}: {fault.words}" for fault in TOML_FAULTS])
def test_both_say_the_same_of_each_broken_file(fault, catalogue, tmp_path):
    assert disagreement(fault.text, catalogue, tmp_path) == ""


def test_the_good_file_is_written_anew_without_loss():
    assert tomllib.loads(toml(tomllib.loads(GOOD))) == tomllib.loads(GOOD)


# One of each kind; the others of the good file have the same keys.
TABLES = [
    "vertical",
    "article",
    "input.sold_cups",
    "input.stars",
    "input.star_counts",
    "input.start_guests",
    "input.open_hours",
    "function.TEARATE",
    "function.SEATUSE",
    "kpi.cup_rate",
    "kpi.mean_stars",
    "kpi.seat_use",
]


@pytest.mark.parametrize("table", TABLES)
def test_both_say_the_same_of_every_mutation(table, catalogue, tmp_path):
    lines = [line for line in GOOD.splitlines() if not re.search(r"\.(pt|fr|es) = ", line)]  # as en, so much longer
    _all_differences(tomllib.loads("\n".join(lines)), table, catalogue, tmp_path)


SEGMENTED = """
[vertical]
name.en = "Tea shop"
[input.sold_cups]
unit = "count:cups"
kind = "flow"
label.en = "Cups sold"
[input.made_cups]
unit = "count:cups"
kind = "flow"
label.en = "Cups made"
[function.TEARATE]
help.en = "Cups sold as a share of cups made, in percent."
formula = "sold_cups / made_cups * 100"
unit = "percent"
arg.sold_cups = { unit = "count:cups", help.en = "Cups sold" }
arg.made_cups = { unit = "count:cups", help.en = "Cups made" }
companions = ["CSS"]
[kpi.cup_rate]
function = "TEARATE"
name.en = "Share of cups sold"
better = "lower"
year = "inputs"
segment.green.en = "Green tea"
segment.black.en = "Black tea"
value = { green = "TEARATE(sold_cups, made_cups)", black = "TEARATE(sold_cups, made_cups) / 2" }
bands = { green = { typical = "<= 50" }, black = { typical = "<= 60", above = "< 50" } }
lever = { green = [{ input = "made_cups", step = "up" }], black = [{ input = "sold_cups", step = "down" }] }
note.en = "A note."
benchmark = { period = "month", period_matters = false, year_scale = "month", note.en = "A note." }
"""


def test_both_say_the_same_of_every_mutation_of_a_kpi_with_segments(catalogue, tmp_path):
    good = tomllib.loads(SEGMENTED)
    assert disagreement(SEGMENTED, catalogue, tmp_path) == ""
    assert refused_by_checker(SEGMENTED, catalogue, tmp_path) == []
    _all_differences(good, "kpi.cup_rate", catalogue, tmp_path)


def _all_differences(good, table, catalogue, folder):
    """Mutate one table of a good file at each of its places, and hold the two against each other."""
    found, tried = [], 0
    group, _, member = table.partition(".")
    part = {group: good[group] if not member else {member: good[group][member]}}
    for what, mutated in mutations(part):
        data = {**good, **{key: value for key, value in mutated.items() if key != group}}
        if group not in mutated:
            data.pop(group)
        elif member and isinstance(mutated[group], dict):
            rest = {key: value for key, value in good[group].items() if key != member}
            data[group] = {**rest, **mutated[group]}
        else:
            data[group] = mutated[group]
        tried += 1
        if said := disagreement(toml(data), catalogue, folder):
            found.append(f"{what}: {said}")
    assert tried >= 50
    assert not found, f"{len(found)} of {tried}\n" + "\n".join(found[:40])


def test_xlkpi_schema_prints_and_writes_it(tmp_path):
    runner = CliRunner()
    assert json.loads(runner.invoke(main, ["schema"]).stdout) == SCHEMA
    assert json.loads(runner.invoke(main, ["schema", "functions"]).stdout) == schema("functions")
    out = tmp_path / "xlkpi.schema.json"
    assert runner.invoke(main, ["schema", "--out", str(out)]).stdout == f"{out}\n"
    assert json.loads(out.read_text("utf-8")) == SCHEMA
    refused = runner.invoke(main, ["schema", "--out", str(out / "below")])
    assert refused.exit_code == 1
    assert "cannot be written" in refused.stderr
