"""Every function against the table of what goes in and what comes out, with figures worked out by hand."""

from __future__ import annotations

import doctest
import inspect
from decimal import Decimal
from fractions import Fraction as F

import pytest

from xlkpi import catalogue as loading
from xlkpi import formula, functions, names, notation, typed, units
from xlkpi.errors import (
    ImpossibleInputError,
    KpiError,
    MissingInputError,
    NotANumberError,
    ShapeError,
    ZeroDivisorError,
)

# function | good arguments | result | arguments that divide by zero | arguments that cannot be | overflow
SCALAR = [
    ("CSS", (85, 100), 85, (0, 0), [(-1, 100), (101, 100), (5, -10)], None),
    ("SCR", (40, 50), 80, (1, 0), [(-1, 50), (1, -50)], (1e307, 1e-10)),
    (
        "CRR",
        (220, 50, 200),
        85,
        (5, 1, 0),
        [(-5, 0, 10), (5, -1, 10), (5, 1, -10), (5, 6, 10)],
        (1e307, 0, 1e-10),
    ),
    ("ARPU", (100000, 1000), 100, (5, 0), [(5, -1)], (1e307, 1e-10)),
    ("CRFCPC", (20, 50), 40, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("CJPSR", (30, 50), 60, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("ATACM", (100, 20), 5, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("SAIR", (75, 60), 25, (1, 0), [], (1e307, 1e-10)),
    (
        "UEL",
        (3, 30, 1, 1),
        35,
        None,
        [(-1, 30, 1, 1), (3, -30, 1, 1), (3, 30, -1, 1), (3, 30, 1, -1)],
        (1e308, 1e308, 0, 0),
    ),
    (
        "UELRATE",
        (3, 30, 1, 1, 4, 30, 1, 2),
        F(8125, 100),
        (3, 30, 1, 1, 4, 30, 1, 0),
        [(-3, 30, 1, 1, 4, 30, 1, 2)],
        None,
    ),
    ("CPSR", (70, 100), 70, (0, 0), [(-1, 100), (101, 100), (1, -2)], None),
    ("MAI", (80, 90, 85), 85, None, [(-1, 50, 50), (101, 50, 50), (50, 100.5, 50)], None),
    ("RRAU", (480, 50, 500), 86, (5, 1, 0), [(-5, 0, 10), (5, 6, 10)], (1e307, 0, 1e-10)),
    ("CCAG", (10, 50), 20, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("CCAGPRINTED", (10, 50), -80, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("MSCR", (80, 100), 80, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("CCAR", (30, 50), 60, (0, 0), [(-1, 5), (6, 5)], None),
    ("WAG", (65, 50), 30, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("NESR", (25, 100), 25, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("RTT", (150, 20), F(15, 2), (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("CAC", (10000, 100), 100, (1, 0), [(1, -5)], (1e307, 1e-10)),
    ("RBR", (40, 100), 40, (0, 0), [(-1, 5), (6, 5)], None),
    ("RICR", (20, 100), 20, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("NPS", (60, 20), 40, None, [(-1, 20), (60, 101), (60, 50)], None),
    ("NPSCOUNTS", (60, 20, 20), 40, (0, 0, 0), [(-1, 1, 1), (1, -1, 1), (1, 1, -1)], None),
    ("ART", (100, 50), 2, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("TCR", (85, 100), 85, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("AUR", (600, 800), 75, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("NCAR", (20, 200), 10, (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
    ("SDI", (10, 50), F(1, 5), (1, 0), [(-1, 5), (1, -5)], (1e307, 1e-10)),
]
RANGES = [
    ("CSSMEAN", ([9, 8, 7], [40, 5, 5]), F(87, 10)),
    ("CSSMEAN", ([8, 9, 7],), 8),
    ("CSSMEAN", ([[9, 8], [7, None]], [[40, 5], [5, 3]]), F(87, 10)),
    ("CSSMEAN", ([9, None, "x", 8, True],), F(17, 2)),
    ("CSSMEAN", ([9, 8, 7], [1, None, 1]), 8),
    ("CSSMEAN", (9, 3), 9),
    ("NPSSCORES", ([10, 9, 9, 8, 7, 6, 10, 9, 3, 10],), 40),
    ("NPSSCORES", ([10, None, "n/a", 0],), 0),
    ("NPSSCORES", ([[9, 9], [7, 6]],), 25),
    ("NPSSCORES", (10,), 100),
]
RANGE_ERRORS = [
    ("CSSMEAN", ([9, 8], [1, 2, 3]), "#N/A"),
    ("CSSMEAN", ([9, 8], [[1], [2]]), "#N/A"),
    ("CSSMEAN", ([None, "x"],), "#DIV/0!"),
    ("CSSMEAN", ([],), "#DIV/0!"),
    ("CSSMEAN", ([9, 8], [0, 0]), "#DIV/0!"),
    ("CSSMEAN", ([9, 8], [3, -1]), "#NUM!"),
    ("CSSMEAN", ([9, "#REF!"],), "#REF!"),
    ("CSSMEAN", ([1e308, 1e308], [10, 10]), "#NUM!"),
    ("NPSSCORES", ([11],), "#NUM!"),
    ("NPSSCORES", ([-1, 5],), "#NUM!"),
    ("NPSSCORES", ([],), "#DIV/0!"),
    ("NPSSCORES", ([None],), "#DIV/0!"),
    ("NPSSCORES", ([9, "#DIV/0!"],), "#DIV/0!"),
]
BY_NAME = {row[0]: row for row in SCALAR}


def same(found: object, expected: float | F) -> bool:
    return isinstance(found, float) and abs(found - float(expected)) <= max(1e-9 * abs(float(expected)), 1e-12)


def code(name: str, arguments: tuple) -> str:
    with pytest.raises(KpiError) as caught:
        getattr(functions, name)(*arguments)
    assert caught.value.message.endswith("."), "an error says a sentence"
    return caught.value.code


def test_the_tables_cover_every_function():
    assert {row[0] for row in SCALAR} | {row[0] for row in RANGES} == set(functions.__all__)
    assert len(functions.__all__) == 32


@pytest.mark.parametrize("name", BY_NAME)
class TestNumbers:
    def test_numbers_give_the_number(self, name):
        _, good, result, *_ = BY_NAME[name]
        assert same(getattr(functions, name)(*good), result)
        assert type(getattr(functions, name)(*good)) is float
        assert same(getattr(functions, name)(*map(Decimal, good)), result)
        assert same(getattr(functions, name)(*map(F, good)), result)

    def test_a_list_is_answered_element_by_element(self, name):
        _, good, result, *_ = BY_NAME[name]
        found = getattr(functions, name)([good[0], good[0]], *good[1:])
        assert all(same(item, result) for item in found)
        assert len(found) == 2

    def test_a_row_and_a_column_stretch(self, name):
        _, good, result, *_ = BY_NAME[name]
        found = getattr(functions, name)([[good[0], good[0], good[0]]], [[good[1]], [good[1]]], *good[2:])
        assert [len(row) for row in found] == [3, 3]
        assert all(same(item, result) for row in found for item in row)

    def test_where_shapes_do_not_meet_stands_na(self, name):
        _, good, result, *_ = BY_NAME[name]
        found = getattr(functions, name)([good[0]] * 2, [good[1]] * 3, *good[2:])
        assert same(found[0], result)
        assert isinstance(found[2], ShapeError)
        assert found[2].code == "#N/A"

    def test_true_is_one_and_none_is_an_error_of_its_own(self, name):
        _, good, *_ = BY_NAME[name]
        place = len(good) - 1
        with_one = (*good[:place], 1, *good[place + 1 :])
        with_true = (*good[:place], True, *good[place + 1 :])
        assert outcome(name, with_true) == outcome(name, with_one)
        with pytest.raises(MissingInputError):
            getattr(functions, name)(None, *good[1:])

    @pytest.mark.parametrize("text", ["12", "abc", "", " "])
    def test_text_is_value(self, name, text):
        _, good, *_ = BY_NAME[name]
        for place in range(len(good)):
            arguments = (*good[:place], text, *good[place + 1 :])
            assert code(name, arguments) == "#VALUE!"
        with pytest.raises(NotANumberError):
            getattr(functions, name)(text, *good[1:])

    def test_an_error_value_stays_that_error(self, name):
        _, good, *_ = BY_NAME[name]
        for error in ("#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!"):
            assert code(name, (error, *good[1:])) == error
        found = getattr(functions, name)([KpiError("it is gone.", "#REF!"), good[0]], *good[1:])
        assert found[0].code == "#REF!"
        assert isinstance(found[1], float), "one bad element never spoils the rest"

    def test_a_zero_divisor(self, name):
        zero = BY_NAME[name][3]
        if zero is None:
            assert "/" not in functions._RULES[name][1].replace("/ 3", "")
            return
        assert code(name, zero) == "#DIV/0!"
        with pytest.raises(ZeroDivisionError):
            getattr(functions, name)(*zero)
        found = getattr(functions, name)([zero[0], BY_NAME[name][1][0]], *zero[1:])
        assert isinstance(found[0], ZeroDivisorError)

    def test_impossible_inputs(self, name):
        for arguments in BY_NAME[name][4]:
            assert code(name, arguments) == "#NUM!", arguments
            with pytest.raises(ImpossibleInputError):
                getattr(functions, name)(*arguments)

    def test_what_is_too_large_and_what_is_not_finite(self, name):
        _, good, _, _, _, overflow = BY_NAME[name]
        if overflow is not None:
            assert code(name, overflow) == "#NUM!"
        for value in (float("inf"), float("-inf"), float("nan"), 10**400):
            for place in range(len(good)):
                assert code(name, (*good[:place], value, *good[place + 1 :])) == "#NUM!"


def outcome(name: str, arguments: tuple) -> object:
    try:
        return getattr(functions, name)(*arguments)
    except KpiError as error:
        return error.code


@pytest.mark.parametrize("name, arguments, result", RANGES)
def test_range_functions(name, arguments, result):
    assert same(getattr(functions, name)(*arguments), result)


@pytest.mark.parametrize("name, arguments, expected", RANGE_ERRORS)
def test_range_functions_in_error(name, arguments, expected):
    assert code(name, arguments) == expected


def test_a_single_bad_element_is_told_apart_from_good_ones():
    found = functions.CSS([85, "x", None, 3, 101, -1, True], 100)
    shown = [item if isinstance(item, float) else item.code for item in found]
    assert shown == [85.0, "#VALUE!", "#N/A", 3.0, "#NUM!", "#NUM!", 1.0]


@pytest.mark.parametrize(
    "arguments, shape",
    [
        (([85, 90], 100), [2]),
        (([[85, 90]], 100), [[2]]),
        (([[85], [90]], [[100], [100]]), [[1], [1]]),
        (([85, 90], [[100], [100]]), [[2], [2]]),
        (((85, 90), range(100, 102)), [2]),
        (([], 100), [0]),
    ],
)
def test_the_result_has_the_shape_of_the_ranges(arguments, shape):
    found = functions.CSS(*arguments)
    assert ([len(row) for row in found] if found and isinstance(found[0], list) else [len(found)]) == (
        [row[0] for row in shape] if shape and isinstance(shape[0], list) else shape
    )


def test_lists_that_are_no_grid_are_refused():
    for value in ([1, [2]], [[[1]]]):
        with pytest.raises(NotANumberError):
            functions.CSS(value, 100)


@pytest.mark.parametrize("name", functions.__all__)
def test_signature_and_docstring_are_complete(name, catalogue):
    function, record = getattr(functions, name), catalogue.functions[name]
    assert list(inspect.signature(function).parameters) == [argument.id for argument in record.arguments]
    text = inspect.getdoc(function)
    for part in ("Args:", "Returns:", "Raises:", "Source:", f">>> {name}("):
        assert part in text
    assert all(f"{argument.id}:" in text for argument in record.arguments)


def test_every_docstring_example_runs():
    for module in (functions, notation, names, units, typed, formula, loading):
        result = doctest.testmod(module)
        assert result.failed == 0, module.__name__
    assert doctest.testmod(functions).attempted == 32


def test_wrong_numbers_of_arguments_are_told(catalogue):
    with pytest.raises(TypeError, match="CSS takes satisfied_clients, surveyed_clients; 1 value"):
        catalogue.functions["CSS"](1)
