"""Named LAMBDAs: the result table through IronCalc, random figures against the core, and how Excel stores them."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import ironcalc
import openpyxl
import pytest
from host_table import CALLS, Call, Rows, call, same
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName

import xlkpi
from xlkpi import lambdas as module
from xlkpi.cells import answer
from xlkpi.errors import EXCEL_ERRORS
from xlkpi.formula import parse
from xlkpi.lambdas import NamedLambda, named_lambda, named_lambdas, sheet_text
from xlkpi.model import Argument, Function
from xlkpi.names import LANGUAGES, excel_length, looks_like_cell
from xlkpi.texts import Text
from xlkpi.tree import ranges
from xlkpi.workbook import build
from xlkpi.workbook.finish import packed
from xlkpi.workbook.parts import add_spill_parts, spilling

FUNCTIONS = xlkpi.load().functions
COM_ERRORS = range(-2146826288, -2146826200)  # how COM writes errors that xlwings does not know
BEYOND = 10**15  # openpyxl writes 16 digits of a number


def references(sheet, row: int, column: int, rows: Rows) -> tuple[str, int]:
    """Write an argument into cells; return the reference to it and the next free column."""
    for down, cells in enumerate(rows):
        for right, value in enumerate(cells):
            # A host hands over an empty text for a blank cell; here it is a blank cell.
            cell = sheet.cell(row + down, column + right, None if value == "" else value)
            if isinstance(value, str):
                cell.data_type = "e" if value in EXCEL_ERRORS else "s"
            elif isinstance(value, int) and abs(value) > BEYOND:
                cell.value = f"={value // BEYOND}*{BEYOND}+{value % BEYOND}"
    first, last = f"{get_column_letter(column)}{row}", f"{get_column_letter(column + len(rows[0]) - 1)}{row + down}"
    return first if first == last else f"{first}:{last}", column + len(rows[0])


def ask(calls: Sequence[Call], functions: Sequence[Function], folder: Path) -> list[Rows]:
    """Answer calls through the stored LAMBDAs: arguments in cells, results read cell by cell with one cell around."""
    book = openpyxl.Workbook()
    sheet = book.active
    known = {function.name: function for function in functions}
    for each in named_lambdas(functions):
        book.defined_names[each.name] = DefinedName(each.name, attr_text=each.stored, comment=each.comment)
    row, places = 1, []
    for each in calls:
        column, given = 1, []
        function = known[each.name.upper()]
        for rows in each.arguments:
            reference, column = references(sheet, row, column, rows or [[None]])
            given.append(reference if rows is not None else "")
        sheet.cell(row, column, f"=KPI.{function.name}({','.join(given)})")
        places.append((row, column))
        row += max(map(len, (each.expected, *(rows for rows in each.arguments if rows)))) + 2
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source:
        parts = {name: source.read(name).decode() for name in source.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = spilling(parts[name], {f"{get_column_letter(column)}{row}" for row, column in places})
    add_spill_parts(parts)
    path = folder / "calls.xlsx"
    path.write_bytes(packed(parts))
    model = ironcalc.load_from_xlsx(str(path))
    model.evaluate()
    answers = []
    for each, (row, column) in zip(calls, places, strict=True):
        height, width = len(each.expected), len(each.expected[0])
        found = [
            [model.get_cell_value(0, row + down, column + right) for right in range(width + 1)]
            for down in range(height + 1)
        ]
        around = [found[height][n] for n in range(width + 1)] + [line[width] for line in found]
        assert not any(around), f"{each.id} spills beyond what it must give: {around}"
        answers.append([line[:width] for line in found[:height]])
    return answers


def wrong(calls: Sequence[Call], answers: Sequence[Rows]) -> list[str]:
    return [
        f"{each.id[:300]}: expected {each.expected[:8]}, found {rows[:8]}"
        for each, rows in zip(calls, answers, strict=True)
        if not all(map(same, chain(*rows), chain(*each.expected)))
    ]


# IronCalc 0.9.1 looks into a single cell before MAP may: MAP(A1,...) of a blank gives its LAMBDA a zero, and of an
# error gives that error without asking the LAMBDA. Two such cells go through it as they are.
DOUBLED = [call("npsscores", [[None]], "#DIV/0!"), call("css", ["abc", "#REF!"], "#VALUE!")]


def doubled(each: Call) -> Call:
    """The same call with each of its cells twice, one below the other, where IronCalc cannot do it with one."""
    if each not in DOUBLED:
        return each
    many = 1 if FUNCTIONS[each.name.upper()].ranges else 2
    return Call(each.name, tuple(rows and rows * 2 for rows in each.arguments), each.expected * many)


def _only_by_com(each: Call) -> bool:
    return any(cell in COM_ERRORS for rows in each.arguments for row in rows or () for cell in row if type(cell) is int)


OWN = [each for each in CALLS if each.name.upper() in FUNCTIONS]


def test_every_row_of_the_table_by_ironcalc(tmp_path, compared):
    # A number is how COM hands over an error like #SPILL!; in a cell it is a number and nothing else.
    calls = [doubled(each) for each in OWN if not _only_by_com(each)]
    assert sum(new not in OWN for new in calls) == 1, "one row of the table takes two cells"
    assert len(OWN) - len(calls) == 2
    assert len(calls) > 470
    assert {each.name.upper() for each in calls} == set(FUNCTIONS)
    assert not wrong(calls, ask(calls, list(FUNCTIONS.values()), tmp_path))
    compared["calls of LAMBDAs compared with IronCalc"] = sum(len(e.expected) * len(e.expected[0]) for e in calls)


MORE = [
    call("css", ["abc", "#REF!"], "#VALUE!"),  # the first argument's error comes first
    call("css", ["#REF!", "abc"], "#REF!"),
    call("css", ["#N/A", "#DIV/0!"], "#N/A"),
    call("css", [-1, 0], "#DIV/0!"),  # a divisor of zero before an impossible input
    call("cssmean", [[1, "#REF!"], ["#N/A", 1]], "#REF!"),
    call("cssmean", [["#REF!", 1], [1, 2, 3]], "#N/A"),
    call("cssmean", [[9, "12", True, None, 7], [1, 1, 1, 1, 1]], 8),
    call("cssmean", [[9, 5], ["n/a", None]], "#DIV/0!"),
    call("cssmean", [[9, 8, 7], None], 8),
    call("npsscores", [[8.9999999999, 0.4, True, "9"]], 0),
    call("crr", [[[5], [None], [True]], 0, [[10, 0]]], [[50, "#DIV/0!"], [0, "#DIV/0!"], [10, "#DIV/0!"]]),
]


def test_the_order_of_what_can_go_wrong_by_ironcalc(tmp_path):
    calls = [doubled(each) for each in MORE]
    assert sum(new not in MORE for new in calls) == 1
    assert not wrong(calls, ask(calls, list(FUNCTIONS.values()), tmp_path))
    for each in MORE:
        given = [*each.arguments, None][: len(FUNCTIONS[each.name.upper()].arguments)]
        assert all(map(same, chain(*answer(FUNCTIONS[each.name.upper()], given)), chain(*each.expected))), each.id


# -- the whole formula language, as a file of one's own may use it -------------------------------------


def made(name: str, formula: str, require: str = "", unit: str = "money", **optional: float) -> Function:
    tree = parse(formula)
    order = list(dict.fromkeys(re.findall(r"[a-z]+_[a-z]+", formula)))
    arguments = tuple(Argument(each, unit, Text()) for each in order)
    conditions = tuple(parse(text, condition=True) for text in require.split("; ") if text)
    return Function(name, Text({"en": "It is made up."}), arguments, tree, conditions, (), "money", optional)


LANGUAGE = [
    made("ONEFIGURE", "one_part * 2"),
    made("BARE", "max(one_part, the_whole)"),
    made("LEAST", "min(one_part / the_whole, 1, the_whole)", unit="percent"),
    made("PICK", "if_(one_part > the_whole, one_part, the_whole)"),
    made("PICKBARE", "if_(one_part == 3, the_whole, one_part)", unit="count:cups"),
    made("PICKDIVISOR", "if_(one_part >= the_whole, one_part / the_whole, the_whole / one_part)"),
    made("POWERS", "-one_part ** 2 - 2 ** -the_whole"),
    made("ROUNDED", "round(one_part / the_whole, 2) - round(the_whole)"),
    made("STRICT", "abs(one_part - the_whole)", "one_part < the_whole; one_part != 2.5"),
    made("EQUAL", "one_part + the_whole", "one_part == the_whole"),
    made("CUTOFF", "countif(all_values >= cut_off) / count(all_values) * 100", "cut_off >= 0"),
    made("SCALED", "sum(all_values) * one_factor + one_shift", "min(all_values) > one_shift"),
    made("SPAN", "mean(all_values) - min(all_values) + max(all_values)", "max(all_values) <= 3; sum(all_values) > 0"),
    made("EMPTY", "max(all_values) - min(all_values) + count(all_values)", unit="count:cups"),
    made("OVERMEAN", "one_part / mean(all_values) ** 2", "one_part >= mean(all_values)"),
    made("OVERSPAN", "sum(all_values) / (max(all_values) - min(all_values))"),
    made("SIGNS", "countif(all_values == 3) + 10 * countif(all_values != 3) + 100 * countif(all_values < 3) + "
         "1000 * countif(all_values <= 3) + 10000 * countif(all_values > 3) + 100000 * countif(all_values >= 3)"),
    made("WEIGHTED", "sumproduct(all_values, all_weights) - sum(all_weights)", all_weights=2.5),
    made("THREE", "sumproduct(all_values, all_weights) / sum(other_values)"),
    made("LEFTOUT", "sum(all_values) + count(all_values)", all_values=1.0),
]  # fmt: skip
PLAIN = (0, 1, 2.5, 3, 3.0000000004, 3.000000001, 2, 5, -1)
# No square of these is too large: IronCalc 0.9.1 says #DIV/0! where a power is too large (1E200^2), Excel #NUM!.
ODD = ("x", "12", None, True, "#REF!", "#N/A", "#DIV/0!", -2.5, 1e150)
SHAPES = ((1, 1), (1, 3), (2, 1), (2, 3))


def chance_calls(many: int) -> list[Call]:
    chance = random.Random(7)
    found = []
    for function in LANGUAGE:
        for _ in range(many):
            odd = chance.choice((0.0, 0.0, 0.15, 0.4))
            size = chance.choice(SHAPES[1:])
            given: list[Rows | None] = []
            for argument in function.arguments:
                shape = size if argument.id in function.ranges else chance.choice(SHAPES)
                if argument.id in function.ranges and chance.random() < 0.1:
                    shape = chance.choice(SHAPES[1:])
                if argument.id in function.optional and chance.random() < 0.4:
                    given.append(None)
                else:
                    given.append([[chance.choice(ODD if chance.random() < odd else PLAIN) for _ in range(shape[1])]
                                  for _ in range(shape[0])])  # fmt: skip
            found.append(Call(function.name.lower(), tuple(given), answer(function, given)))
    return found


def test_the_whole_formula_language_against_the_core_by_ironcalc(tmp_path, compared):
    calls = chance_calls(150)
    codes = {cell for each in calls for row in each.expected for cell in row if isinstance(cell, str)}
    assert codes == {"#VALUE!", "#REF!", "#N/A", "#DIV/0!", "#NUM!"}
    assert any(ranges(function.formula) and len(function.ranges) < len(function.arguments) for function in LANGUAGE)
    bad = wrong(calls, ask(calls, LANGUAGE, tmp_path))
    assert not bad, f"{len(bad)} of {len(calls)}\n" + "\n".join(bad[:20])
    compared["calls of LAMBDAs by chance compared with IronCalc"] = len(calls)


# -- how Excel stores them -------------------------------------------------------------------------------

PLAIN_FUNCTIONS = frozenset(
    ("ABS", "COLUMNS", "IF", "IFERROR", "ISERROR", "ISNUMBER", "ISTEXT", "MAX", "MIN", "OR", "ROUND", "ROWS", "SUM")
)
YOUNG_FUNCTIONS = frozenset(("LAMBDA", "LET", "MAP", "ISOMITTED"))
TOKEN = re.compile(r'"[^"]*"|#[A-Z0-9/]+[!?A]|[A-Za-z_][A-Za-z0-9_.]*|[0-9.]+(?:E-?[0-9]+)?|<>|<=|>=|[-+*/^=<>(),]')
MANY = [*FUNCTIONS.values(), *LANGUAGE]


def tokens(text: str) -> list[str]:
    found = TOKEN.findall(text)
    assert "".join(found) == re.sub(r"\s", "", text), "there is nothing else in it"
    return found


def balanced(found: Sequence[str]) -> bool:
    depth = 0
    for token in found:
        depth += (token == "(") - (token == ")")
        if depth < 0:
            return False
    return depth == 0


def faults(each: NamedLambda) -> list[str]:
    """What Excel would not take of a named LAMBDA: it drops the name, shows #NAME?, or refuses the file."""
    text, found = each.stored, tokens(each.stored.replace("[", "").replace("]", "").removeprefix("="))
    said = []
    if text.startswith("=") or not text.startswith("_xlfn.LAMBDA("):
        said.append("beginning")
    if "[" in text:
        said.append("bracket")
    if len(text) >= 8192 or excel_length(each.comment) > 255:
        said.append("length")
    if not balanced(found):
        said.append("balance")
    declared = {token[6:] for token, after in zip(found, [*found[1:], ""], strict=True) if token[:6] == "_xlop."}
    for place, token in enumerate(found):
        if not re.match(r"[A-Za-z_]", token):
            continue
        before, after = found[place - 1] if place else "", found[place + 1] if place + 1 < len(found) else ""
        if after == "(":
            bare = token.removeprefix("_xlfn.")
            if bare not in (YOUNG_FUNCTIONS if bare != token else PLAIN_FUNCTIONS):
                said.append(f"function {token}")
        elif token[:6] == "_xlpm.":
            if before in (",", "(") and after == ",":
                declared.add(token[6:])  # in a list of parameters, or bound by LET; or passed on, having been so
            if token[6:] not in declared or looks_like_cell(token[6:]):
                said.append(f"name {token}")
        elif token[:6] != "_xlop." and not re.fullmatch(r"[0-9.]+(E-?[0-9]+)?", token):
            said.append(f"unmarked {token}")
    return said


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_are_stored_as_excel_stores_them(language):
    found = named_lambdas(MANY, language)
    assert [each.name for each in found] == [f"KPI.{function.name}" for function in MANY]
    for each in found:
        assert not faults(each), (each.stored, faults(each))
    for each, function in zip(found, FUNCTIONS.values(), strict=False):
        assert each.comment == function.help.get_in(language)


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("_xlfn.LAMBDA(", "LAMBDA(", "beginning"),
        ("_xlfn.LET(", "LET(", "function LET"),
        ("_xlfn.MAP(", "MAP(", "function MAP"),
        ("_xlfn.ISOMITTED(", "ISOMITTED(", "function ISOMITTED"),
        ("ROUND(", "_xlfn.ROUND(", "function _xlfn.ROUND"),
        ("_xlop.counts", "[_xlpm.counts]", "bracket"),
        ("_xlop.counts", "counts", "unmarked counts"),
        ("ISOMITTED(_xlpm.counts", "ISOMITTED(counts", "unmarked counts"),
        ("ISOMITTED(_xlpm.counts", "ISOMITTED(_xlpm.others", "name _xlpm.others"),
        ("_xlpm.ratings", "_xlpm.q1", "name _xlpm.q1"),
        ("IF(", "IF((", "balance"),
        ("_xlfn.LAMBDA(", "=_xlfn.LAMBDA(", "beginning"),
        ("_xlfn.LAMBDA(", f"_xlfn.LAMBDA({'_xlpm.a,' * 1200}", "length"),
    ],
)
def test_the_lint_sees_what_is_stored_wrongly(old, new, fault):
    good = named_lambda(FUNCTIONS["CSSMEAN"])
    assert old in good.stored
    assert fault in faults(NamedLambda(good.name, good.stored.replace(old, new, 1), good.typed, good.comment))


def test_a_lambda_never_has_the_bare_name_of_a_function(catalogue):
    for vertical in catalogue.verticals.values():  # it would stop every Python function in xlwings Lite
        data = build(catalogue, vertical, "pt", host="lite")
        names = {name.upper(): each for name, each in openpyxl.load_workbook(io.BytesIO(data)).defined_names.items()}
        assert not set(names) & set(catalogue.functions)
        for function in vertical.functions.values():
            found = named_lambda(function, "pt")
            assert names[found.name].attr_text == found.stored
            assert names[found.name].comment == found.comment
        assert {name for name, each in names.items() if "LAMBDA" in each.attr_text} == {
            f"KPI.{name}" for name in vertical.functions
        }


def test_no_cell_outside_their_sheet_calls_or_reads_them(catalogue):
    vertical = catalogue.verticals["career-mentoring"]
    with_them, without = (build(catalogue, vertical, sample=True, lambdas=lambdas) for lambdas in (True, False))
    texts = [
        {
            sheet.title: [[cell.value for cell in row] for row in sheet]
            for sheet in openpyxl.load_workbook(io.BytesIO(data))
        }
        for data in (with_them, without)
    ]
    own = texts[0].pop("Functions (Microsoft 365)")
    start, other = (text.pop("Start") for text in texts)
    assert [row[1] for row in start if row not in other] == ["Functions (Microsoft 365)"], "the line that lists it"
    assert [row for row in start if row in other] == other
    check, unlisted = ([row[0] for row in text.pop("Check")] for text in texts)
    assert [said for said in check if said not in unlisted] == ["Functions (Microsoft 365)"], "the line on its formulas"
    assert texts[0] == texts[1], "all else is the same without them"
    assert "KPI." not in str(texts[0]["KPIs"]) + str(texts[0]["Calc"])
    assert sum(hasattr(cell, "text") and "KPI." in cell.text for row in own for cell in row) == len(vertical.functions)
    with zipfile.ZipFile(io.BytesIO(without)) as archive:
        assert "xl/metadata.xml" not in archive.namelist()
        assert "LAMBDA" not in archive.read("xl/workbook.xml").decode()


# -- as a person types them --------------------------------------------------------------------------------


def test_the_text_for_the_advanced_formula_environment_is_the_stored_one_in_another_spelling():
    found = named_lambdas(MANY)
    definitions = re.findall(r"/\*\* (.*?) \*/\n(KPI\.[A-Z0-9]+) = (LAMBDA\(.*?\));(?:\n\n|$)", sheet_text(found), re.S)
    assert len(definitions) == len(MANY)
    for each, (comment, name, text) in zip(found, definitions, strict=True):
        assert (comment, name, f"={text}") == (each.comment, each.name, each.typed)
        assert "_xl" not in text
        assert "\t" not in text
        optional = set(re.findall(r"\[(\w+)\]", text.partition("LET")[0]))
        read = tokens(re.sub(r"[\[\]]", "", text))
        assert balanced(read)
        stored = [re.sub(r"^_xl(fn|pm|op)\.", "", token) for token in tokens(each.stored)]
        assert read == stored
        assert optional == set(re.findall(r"_xlop\.(\w+)", each.stored))


def test_names_inside_never_meet_those_of_arguments():
    taken = Function(
        "TAKEN", Text({"en": "Its arguments have the names that a LAMBDA gives."}),
        tuple(Argument(each, "money", Text()) for each in ("cell_1", "shape", "fault", "each_shape")),
        parse("cell_1 - shape / fault + each_shape"), (), (), "money",
    )  # fmt: skip
    text = named_lambda(taken).typed
    assert "LAMBDA(\n  cell_1, shape, fault, each_shape," in text
    assert {"cell_1_", "shape_", "fault_", "each_shape_"} <= set(re.findall(r"\w+", text))


def test_names_like_those_inside_give_the_same(tmp_path):
    order = ("cell_1", "shape", "fault", "each_shape")
    taken = Function(
        "TAKEN", Text({"en": "Its arguments have the names that a LAMBDA gives."}),
        tuple(Argument(each, "money", Text()) for each in order), parse("cell_1 - shape / fault + each_shape"), (), (), "money",
    )  # fmt: skip
    calls = [call("taken", [[[9], [8]], [[6, 4]], 2, 1], [[7, 8], [6, 7]])]
    assert not wrong(calls, ask(calls, [taken], tmp_path))


def test_one_that_is_too_long_for_excel_is_left_out():
    names = [f"argument_no_{place}" for place in range(100, 160)]
    long = Function(
        "LONG", Text({"en": "It has sixty arguments."}), tuple(Argument(each, "count:cups", Text()) for each in names),
        parse("+".join(names)), (), (), "count:cups",
    )  # fmt: skip
    assert not named_lambda(long).fits
    assert [each.name for each in named_lambdas([long, FUNCTIONS["CSS"]])] == ["KPI.CSS"]


def test_a_comment_is_cut_to_what_excel_takes_and_ends_no_comment_early():
    odd = made("ODD", "one_part * 2")
    odd.help["en"] = "😀" * 200 + "*/"
    assert excel_length(named_lambda(odd).comment) <= 255
    odd.help["en"] = "It is half */ done."
    assert sheet_text([named_lambda(odd)]).count("*/") == 1


def test_the_examples_of_the_module_run():
    import doctest

    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
