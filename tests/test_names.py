"""What names may be: refused with the reason in words, by tables and by what is shipped."""

import re

import pytest

from xlkpi.names import (
    _LANGUAGES,
    COMPANIONS,
    JAVASCRIPT_KEYWORDS,
    MAX_FUNCTION,
    excel_functions,
    refuse_argument,
    refuse_excel_function,
    refuse_function,
    refuse_identifier,
    shipped_text,
)


@pytest.mark.parametrize(
    "name, words",
    [
        # the shape
        ("css", "upper-case"), ("KPI_X", "upper-case"), ("É", "upper-case"), ("MÉDIA", "upper-case"), ("", "upper-case"),
        ("1ST", "upper-case"), ("SUM.IF", "upper-case"), ("CSS\n", "upper-case"),
        ("AB", "three characters"), ("Z", "three characters"), ("X" * (MAX_FUNCTION + 1), "longer"),
        # a cell
        ("Q1", "cell"), ("R2C3", "cell"), ("TAX2024", "cell"), ("R", "cell"),
        # kept for xlkpi
        ("KPIBAND", "companion"), ("KPILIST", "companion"), ("XLKPIX", "kept for"),
        # what the add-in's VBA and Python's own functions are called
        ("TIMER", "VBA code"), ("MSGBOX", "VBA code"), ("DICTIONARY", "VBA code"), ("LIST", "Python"), ("ZIP", "Python"),
        # Excel in English
        ("SUM", "Excel has a function"), ("SEC", "Excel has a function"), ("XLOOKUP", "Excel has a function"),
        ("TRUE", "Excel has a function"), ("DATEDIF", "Excel has a function"), ("IMPORTCSV", "Excel has a function"),
        # Excel in other languages
        ("SOMME", "French"), ("SUMME", "German"), ("SOMMA", "Italian"), ("SOMA", "Portuguese"), ("SUMA", "Spanish"),
        ("SUMA", "Polish"), ("SOM", "Dutch"), ("SUMMA", "Finnish, Swedish"), ("SUMMER", "Norwegian"), ("TOPLA", "Turkish"),
        ("SUMA", "Czech"), ("SVERWEIS", "German"), ("RECHERCHEV", "French"), ("BUSCARV", "Spanish"), ("SZUM", "Hungarian"),
        ("ARBEJDSDAG", "Danish"), ("MOYENNE", "(in French)"), ("MOYENNE", "silently use its own"), ("PROCV", "Portuguese"),
        ("ZINSSATZ", "German"), ("TAXA", "Portuguese"), ("LUCRODESC", "Portuguese"), ("TAUX", "French"),
        # only LibreOffice is known to have it
        ("TABELLE", "LibreOffice has a function of that name (in German)"),
        # Excel 4.0 macros
        ("ECHO", "old macro"), ("RUN", "old macro"), ("ALERT", "old macro"), ("TABLE", "old macro"), ("SHARE", "old macro"),
        # Python, VBA, JavaScript, xlwings
        ("RAISE", "Python"), ("ASSERT", "Python"), ("NEW", "VBA"), ("CLASS", "Python"), ("STOP", "VBA"),
        ("DELETE", "JavaScript"), ("VOID", "JavaScript"), ("ARGUMENTS", "JavaScript"), ("PACKAGE", "JavaScript"),
        ("APPLICATION", "xlwings"), ("RANGE", "xlwings"), ("ARRAY", "VBA"), ("CIRCLE", "VBA"),
        # the page
        *[(name, "page") for name in ("FETCH", "TOP", "SELF", "PARENT", "STATUS", "ORIGIN", "HISTORY", "WINDOW")],
        *[(name, "page") for name in ("SOCKET", "RUNTIME", "XLWINGS", "ONERROR", "CONSTRUCTOR", "CRYPTO", "SCREEN")],
    ],
)  # fmt: skip
def test_function_names_are_refused_with_their_reason(name, words):
    assert words in str(refuse_function(name))


@pytest.mark.parametrize("name", ["ABC", "CSSX", "KPI", "TAXX", "MYFETCH", "Z" * MAX_FUNCTION, "CHURNRATE", "A1B2"])
def test_good_function_names_pass(name):
    assert refuse_function(name) is None


def test_the_longest_name_is_within_what_office_allows():
    assert MAX_FUNCTION <= 128


@pytest.mark.parametrize("name", ["SUM", "SOMME", "SUMME", "SOMMA", "ECHO"])
def test_the_reason_of_a_clash_says_that_it_is_excel(name):
    assert str(refuse_function(name)).startswith("Excel has ")


def test_names_in_several_languages_are_told_with_all_of_them():
    assert "(in Czech, Spanish, Polish)" in str(refuse_function("SUMA"))


COMMON = [
    ("Clients", "lower-case"), ("é", "lower-case"), ("a b", "lower-case"), ("x\n", "lower-case"), ("_a", "lower-case"),
    ("b" * 41, "longer"), ("sum", "formula language"), ("lambda", "Python"), ("match", "Python"), ("end", "VBA"),
    ("to", "VBA"), ("array", "VBA"), ("scale", "VBA"), ("fix", "VBA"), ("circle", "VBA"), ("true", "VBA"), ("caller", "calling cell"), ("r", "cell"), ("c", "cell"), ("q1", "cell"),
    *[(word, "JavaScript") for word in ("arguments", "eval", "package", "interface", "var", "this", "delete", "default")],
    *[(word, "JavaScript") for word in ("switch", "void", "export", "super", "throw", "catch")],
    *[(word, "xlwings") for word in ("application", "range", "err", "thisworkbook", "activeworkbook", "xlpy")],
]  # fmt: skip


@pytest.mark.parametrize("name, words", COMMON)
def test_identifiers_are_refused_with_their_reason(name, words):
    assert words in str(refuse_identifier(name))
    assert refuse_argument(name, "CSS") == refuse_identifier(name)


def test_no_word_of_javascript_is_an_identifier_or_a_function():
    for word in JAVASCRIPT_KEYWORDS:
        assert refuse_identifier(word), word
        assert refuse_function(word.upper()), word


@pytest.mark.parametrize(
    "name", ["clients", "end_clients", "callers", "arrays", "ranges_", "xfe1", "defaults", "status"]
)
def test_good_identifiers_pass(name):
    assert refuse_identifier(name) is None
    assert refuse_argument(name, "CSS") is None


def test_an_argument_is_not_named_like_its_function():
    assert "VBA makes no difference" in str(refuse_argument("css", "CSS"))
    assert refuse_argument("css", "CSSMEAN") is None
    assert refuse_argument("nps", "CSS") is None


def test_shipped_names_are_free(catalogue):
    for name in catalogue.functions:
        assert refuse_function(name) is None, name
    for name in COMPANIONS:
        assert refuse_excel_function(name) is None, name
    for function in catalogue.functions.values():
        for argument in function.arguments:
            assert refuse_argument(argument.id, function.name) is None, (function.name, argument.id)
    for name, text in COMPANIONS.items():
        for word in text.split():
            assert refuse_argument(word.strip("[]"), name) is None, (name, word)


def _lines(name):
    text = shipped_text(name)
    assert text.endswith("\n")
    lines = text.splitlines()
    head = sum(line.startswith("#") for line in lines)
    assert head
    assert all(line.startswith("#") for line in lines[:head])
    return lines[head:]


def test_the_list_of_english_names_is_in_order():
    names = _lines("excel_functions.txt")
    assert names == sorted(set(names))
    assert set(names) == excel_functions()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]*(\.[A-Z0-9]+)*", name) for name in names)


def test_the_list_of_other_names_is_in_order():
    rows = [line.split(" ") for line in _lines("function_names.txt")]
    names = [row[0] for row in rows]
    assert names == sorted(set(names))
    assert not set(names) & excel_functions()
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{2,}", name) for name in names)
    for name, *tags in rows:
        assert set(tags) <= {*_LANGUAGES, "xlm", "page", "~"}, name
        assert set(tags) & {*_LANGUAGES, "xlm", "page"}, name
        assert refuse_function(name), name
    for language in _LANGUAGES:
        assert sum(language in row for row in rows) > 50, language


def test_the_lists_stay_small():
    assert len(shipped_text("excel_functions.txt")) + len(shipped_text("function_names.txt")) < 60_000
