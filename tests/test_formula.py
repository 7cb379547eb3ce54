"""The formula language: what it takes, how it prints, and what it refuses with which words."""

import pytest

from xlkpi.arrays import call
from xlkpi.errors import FormulaError, ImpossibleInputError
from xlkpi.formula import parse
from xlkpi.guards import excel_state, merge_cells
from xlkpi.notation import ExcelPrinter, compare, compile_tree, paired, round_half_away, to_text
from xlkpi.policy import Rule
from xlkpi.tree import names, ranges

# formula | as text | as Excel over A, B, C, S | arguments | value; shapes that Excel binds differently are kept
PRINTED = [
    ("a / b * 100", "a / b * 100", "A/B*100", {"a": 85, "b": 100}, 85.0),
    ("-a**2", "-(a ** 2)", "-(A^2)", {"a": 3}, -9.0),
    ("(-a)**2", "(-a) ** 2", "(-A)^2", {"a": 3}, 9.0),
    ("2**3**a", "2 ** (3 ** a)", "2^(3^A)", {"a": 2}, 512.0),
    ("(2**3)**a", "(2 ** 3) ** a", "(2^3)^A", {"a": 2}, 64.0),
    ("a - (b - c)", "a - (b - c)", "A-(B-C)", {"a": 9, "b": 5, "c": 3}, 7.0),
    ("a - b - c", "a - b - c", "A-B-C", {"a": 9, "b": 5, "c": 3}, 1.0),
    ("a / (b / c)", "a / (b / c)", "A/(B/C)", {"a": 9, "b": 6, "c": 2}, 3.0),
    ("a / b / c", "a / b / c", "A/B/C", {"a": 12, "b": 2, "c": 3}, 2.0),
    ("a - -b", "a - (-b)", "A-(-B)", {"a": 1, "b": 2}, 3.0),
    ("+a", "a", "A", {"a": 4}, 4.0),
    ("0.25 * a", "0.25 * a", "0.25*A", {"a": 8}, 2.0),
    ("min(a / b, 1)", "min(a / b, 1)", "MIN(A/B,1)", {"a": 3, "b": 2}, 1.0),
    ("max(a, b, c)", "max(a, b, c)", "MAX(A,B,C)", {"a": 3, "b": 7, "c": 5}, 7.0),
    ("abs(a)", "abs(a)", "ABS(A)", {"a": -3}, 3.0),
    ("round(a)", "round(a)", "ROUND(A,0)", {"a": 2.5}, 3.0),
    ("round(a, 2)", "round(a, 2)", "ROUND(A,2)", {"a": 2.675}, 2.68),
    (
        "if_(a >= b, a, c)",
        "if_(a >= b, a, c)",
        "IF(ROUND(A,9)>=ROUND(B,9),A,C)",
        {"a": 1, "b": 2, "c": 5},
        5.0,
    ),
    ("if_(a != 0, b / a, 0)", "if_(a != 0, b / a, 0)", "IF(ROUND(A,9)<>0,B/A,0)", {"a": 0, "b": 2}, 0.0),
    ("sum(s)", "sum(s)", "SUM(S)", {"s": [1, 2, 3.5]}, 6.5),
    ("mean(s)", "mean(s)", "AVERAGE(S)", {"s": [1, 2, 6]}, 3.0),
    ("count(s)", "count(s)", "COUNT(S)", {"s": [1, 2, 6]}, 3.0),
    ("min(s) + max(s)", "min(s) + max(s)", "MIN(S)+MAX(S)", {"s": [4, 2, 6]}, 8.0),
    ("countif(s >= 9)", "countif(s >= 9)", 'COUNTIF(S,">="&8.9999999995)', {"s": [9, 10, 8.9]}, 2.0),
    ("countif(s > 9)", "countif(s > 9)", 'COUNTIF(S,">="&9.0000000005)', {"s": [9, 10, 8.9]}, 1.0),
    ("countif(s <= 6)", "countif(s <= 6)", 'COUNTIF(S,"<"&6.0000000005)', {"s": [6, 7, 0]}, 2.0),
    ("countif(s < 6)", "countif(s < 6)", 'COUNTIF(S,"<"&5.9999999995)', {"s": [6, 7, 0]}, 1.0),
    (
        "countif(s == 6)",
        "countif(s == 6)",
        'COUNTIFS(S,">="&5.9999999995,S,"<"&6.0000000005)',
        {"s": [6, 7, 0]},
        1.0,
    ),
    (
        "sumproduct(s, t) / sum(t)",
        "sumproduct(s, t) / sum(t)",
        'SUMPRODUCT(S,T)/SUMIFS(T,S,"<9E+307",T,"<9E+307")',
        {"s": [9, 8, 7], "t": [40, 5, 5]},
        8.7,
    ),
    (
        "sum(t) / mean(s)",
        "sum(t) / mean(s)",
        'SUMIFS(T,S,"<9E+307",T,"<9E+307")/(SUMIFS(S,S,"<9E+307",T,"<9E+307")/COUNTIFS(S,"<9E+307",T,"<9E+307"))',
        {"s": [9, 8, 7], "t": [4, 5, 7]},
        2.0,
    ),
]


@pytest.mark.parametrize("text, canonical, excel, arguments, value", PRINTED, ids=[row[0] for row in PRINTED])
def test_each_formula_prints_and_computes_the_same_thing(text, canonical, excel, arguments, value):
    tree = parse(text)
    assert to_text(tree) == canonical
    assert parse(canonical) == tree, "what is printed must read back as the same tree"
    assert ExcelPrinter({name: name.upper() for name in names(tree)}, paired(tree)).print(tree) == excel
    result = compile_tree(tree, tuple(arguments))(*arguments.values())
    assert result == pytest.approx(value, rel=1e-12)


# text | words that the message must hold | column
REFUSED = [
    ("", "empty", 1),
    ("   ", "empty", 1),
    ("a ^ 2", 'Write "**"', 3),
    ("a = b", 'Write "=="', 3),
    ("a <> b", 'Write "!="', 3),
    ("=a / b", 'Leave the first "=" out', 1),
    ("IF(a > 1, 2, 3)", "if_(test, then, otherwise)", 1),
    ("min(a; b)", 'Write ","', 6),
    ("a * 5%", "/ 100", 6),
    ("a // b", 'Write "/"', 3),
    ("a.real", "point after a name", 2),
    ("a[0]", "Brackets", 2),
    ("{a}", "Brackets", 1),
    ("'a'", "quotes", 1),
    ('__import__("os")', "quotes", 12),
    ("1e5 * a", "plain decimal", 1),
    ("0x10 * a", "plain decimal", 1),
    ("1_000 * a", "plain decimal", 1),
    ("1.2.3 * a", "plain decimal", 1),
    ("1j * a", "plain decimal", 1),
    ("a < b < c", "chained", 1),
    ("a < b", "comparison", 1),
    ("a + (b < c)", "comparison", 6),
    ("a and b", "no place", 1),
    ("a if b else c", "no place", 1),
    ("not a", "no place", 1),
    ("lambda: 1", "no place", 7),
    ("a : b", "no place", 3),
    ("é * a", "no place", 1),
    ("a @ b", "no place", 3),
    ("a % b", "is not an operator", 3),
    ("~a", "no place", 1),
    ("a, b", "no place", 2),
    ("a * 0,5", "Decimals stand after a point", 6),
    ("round(a * 0,5, 2)", "Decimals stand after a point", 1),
    ("MÉDIA(a)", 'Write "mean"', 1),
    ("SE(a > 1, 2, 3)", 'Write "if_', 1),
    ("AND(a, b)", '"if_"', 1),
    ("IFERROR(a / b, 0)", "stays empty", 1),
    ("a × b", 'Write "*"', 3),
    ("a ÷ b", 'Write "/"', 3),
    ("a – b", 'Write "-"', 3),
    ("a => b", 'Write ">="', 3),
    ("a ≥ b", 'Write "<=", ">="', 3),
    ("SUM(B2:M2)", "names of inputs", 5),
    ("€5 * a", "number alone", 1),
    ("a +", "stops after", 3),
    ("a b", "cannot be read", 3),
    ("(a", "not closed", 2),
    ("a)", "closes nothing", 2),
    ("foo(a)", 'no function "foo"', 1),
    ("SUM(a)", 'mean "sum"', 1),
    ("averge(a)", "The functions are", 1),
    ("sum(a, b)", "takes 1 argument", 1),
    ("sum(a + b)", "sum(values)", 1),
    ("sumproduct(a)", "2 to 9", 1),
    ("countif(a)", "countif(values >= 9)", 1),
    ("countif(1 < a)", "countif(values >= 9)", 1),
    ("round(a, b)", "round(a, 2)", 1),
    ("round(a, 0.5)", "round(a, 2)", 1),
    ("if_(a, b, c)", "if_(a >= b, x, y)", 1),
    ("min(1)", "min(a, b)", 1),
    ("sum(a) + a", "both as a range", 10),
    ("sum(x=1)", 'Write "=="', 6),
    ("abs(*a)", "no place", 5),
    ("100", "no argument", 1),
    ("True * 2", "not a number", 1),
    ("a / (1 / 0)", "no number that a cell", 6),
]


@pytest.mark.parametrize("text, words, column", REFUSED, ids=[row[0] or "empty" for row in REFUSED])
def test_each_refusal_says_what_where_and_how_to_mend(text, words, column):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert words in str(caught.value)
    assert caught.value.column == column
    assert caught.value.what.endswith(".")
    assert caught.value.fix[-1] in ".?"
    if text.strip():
        assert caught.value.excerpt.splitlines()[1].index("^") == 4 + column - 1


HOSTILE = {
    "parentheses": "(" * 10_000,
    "power tower": "9**9**9",
    "power tower with a name": "a * 9**9**9",
    "900 digits": "1" * 900 + " * a",
    "5 MB": "a + " * 1_250_000 + "a",
    "brackets": "[" * 10_000,
    "import": '__import__("os")',
    "signs": "-" * 900 + "a",
    "right towers": "a**" * 200 + "a",
    "long sum": "a+" * 450 + "a",
    "nested calls": "abs(" * 30 + "a" + ")" * 30,
    "null": "a\0b",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused(text):
    with pytest.raises(FormulaError):
        parse(text)


def test_a_long_chain_is_no_deep_nesting():
    assert len(names(parse(" + ".join(f"a{place}x" for place in range(60))))) == 60


def test_a_condition_compares():
    assert to_text(parse("part <= whole", condition=True)) == "part <= whole"
    with pytest.raises(FormulaError, match="compares two terms"):
        parse("part", condition=True)


def test_ranges_are_told_from_numbers():
    assert ranges(parse("sumproduct(r, c) / sum(c) / scale * 100")) == {"r", "c"}
    assert ranges(parse("min(a, b) + max(s)")) == {"s"}


@pytest.mark.parametrize(
    "left, right, expected",
    [
        (58 / 100 * 100, 58, 0),
        (0.1 + 0.2, 0.3, 0),
        (80.0000000004, 80, 0),
        (80.0000000006, 80, 1),
        (79.9999999996, 80, 0),
        (79.9999999994, 80, -1),
        (-80.0000000006, -80, -1),
        (1e300, 1e300, 0),
        (1e15 + 1, 1e15, 1),
    ],
)
def test_comparing_rounds_to_nine_decimals(left, right, expected):
    assert compare(left, right) == expected


@pytest.mark.parametrize(
    "value, digits, expected",
    [
        (0.5, 0, 1),
        (-0.5, 0, -1),
        (2.5, 0, 3),
        (2.675, 2, 2.68),
        (1.005, 2, 1.01),
        (-2.675, 2, -2.68),
        (1e300, 2, 1e300),
    ],
)
def test_rounding_is_half_away_from_zero_as_in_excel(value, digits, expected):
    assert round_half_away(value, digits) == expected


def test_cells_that_follow_one_another_are_joined():
    assert merge_cells(["Calc!D5", "Calc!D6", "Calc!D8"]) == ["Calc!D5:D6", "Calc!D8"]


def test_a_divisor_inside_a_divisor_is_tested_first():
    tree = parse("a / (b / c)")
    rule = Rule(("a", "b", "c"), tree, ())
    state = excel_state(rule, {"a": "A1", "b": "B1", "c": "C1"})
    assert state == "IF(COUNT(A1,B1,C1)<3,0,IF(C1=0,2,IF(B1/C1=0,2,1)))"


def test_a_divisor_in_a_branch_is_tested_only_when_the_branch_is_taken():
    rule = Rule(("a", "b"), parse("if_(b > 0, a / b, a)"), ())
    assert rule.row({"a": 5, "b": 0}) == 5
    assert excel_state(rule, {"a": "A1", "b": "B1"}) == "IF(COUNT(A1,B1)<2,0,IF(IF(ROUND(B1,9)>0,B1=0,1=0),2,1))"


# arguments | conditions | impossible values that must be refused | what Excel asks
CONDITIONS = [
    (("a",), ["a >= 0", "a >= -5"], [(-1,)], "ROUND(A1,9)<0"),
    (("a",), ["a <= 100", "a <= 200"], [(150,)], "ROUND(A1,9)>100"),
    (("a",), ["abs(a) <= 5"], [(-6,), (6,)], "ROUND(ABS(A1),9)>5"),
    (("a",), ["round(a) >= 1"], [(0.4,)], "ROUND(ROUND(A1,0),9)<1"),
    (("a", "b"), ["min(a, b) >= 1"], [(5, 0)], "ROUND(MIN(A1,B1),9)<1"),
    (("a", "b"), ["a < b"], [(2, 2), (3, 2)], "ROUND(A1,9)>=ROUND(B1,9)"),
    (("a", "b"), ["a + b <= 100"], [(60, 50)], "ROUND(A1+B1,9)>100"),
]


@pytest.mark.parametrize("arguments, conditions, refused, asked", CONDITIONS)
def test_conditions_hold_in_calls_in_rows_and_in_excel(arguments, conditions, refused, asked):
    trees = tuple(parse(text, condition=True) for text in conditions)
    rule = Rule(arguments, parse(" + ".join(arguments)), trees)
    for values in refused:
        with pytest.raises(ImpossibleInputError):
            call(rule, values)
        (shown,) = call(rule, [[value] for value in values])
        assert isinstance(shown, ImpossibleInputError)
        assert isinstance(rule.row(dict(zip(arguments, values, strict=True))), ImpossibleInputError)
    assert asked in excel_state(rule, {"a": "A1", "b": "B1"})


def test_a_condition_on_a_sum_is_not_taken_for_one_on_each_member():
    rule = Rule(("s",), parse("sum(s)"), (parse("sum(s) >= 10", condition=True),), frozenset("s"))
    assert call(rule, [[4, 7]]) == 11
    assert "SUM(A1:A3)" in excel_state(rule, {"s": "A1:A3"}).split("=0,0,")[1]
    with pytest.raises(ImpossibleInputError):
        call(rule, [[4, 5]])
