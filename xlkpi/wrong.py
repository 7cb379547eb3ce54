"""What to write where a value is of the wrong kind, or a key stands in the wrong table."""

from __future__ import annotations

import re

from .names import suggest
from .shape import ARTICLE, CATALOGUE, FUNCTION, INPUT, KPI, VERTICAL, Table

_TABLES = {"[vertical]": VERTICAL, "[article]": ARTICLE, "[input.*]": INPUT, "[function.*]": FUNCTION, "[kpi.*]": KPI}
# What people write for a word of the file, in four languages.
_WORDS = {
    word: frozenset(others.split())
    for word, others in {
        "money": "currency dollar dollars euro euros eur usd brl real reais $ € r$ dinheiro argent dinero price amount",
        "percent": "% percentage pct per_cent porcentagem pourcentage porcentaje rate",
        "hours": "hour h hr hrs time horas heures",
        "minutes": "minute min mins minutos",
        "days": "day d dia dias jour jours día días",
        "months": "month mes mês mois meses",
        "score": "rating stars nota note calificación",
        "ratio": "index share quotient índice indice",
        "flow": "sum total add monthly fluxo flux flujo",
        "closing": "stock end balance",
        "opening": "start beginning",
        "level": "average mean state rate",
        "constant": "fixed const parameter setting",
        "tally": "ratings histogram counts",
        "higher": "more up max bigger maior high",
        "lower": "less down min smaller menor low",
        "range": "between target middle",
        "inputs": "sum total inputs_sum recompute",
        "mean": "average avg média moyenne promedio",
        "compound": "product multiply cumulative",
        "up": "increase more higher raise +",
        "down": "decrease less lower reduce -",
    }.items()
}


def meant(word: str, choices: tuple[str, ...], counted: bool = False) -> str:
    """Return a hint of which word of some was meant by another, or an empty text.

    Args:
        word: what stands in the file.
        choices: the words that are allowed.
        counted: whether it is a unit, which may also be a count of things.

    Returns:
        A sentence with a space before it.

    >>> meant("average", ("inputs", "compound", "mean", "none")), meant("clients", ("money",), counted=True)
    (' Did you mean "mean"?', ' Did you mean "count:clients"?')
    """
    lower = word.strip().lower()
    if hint := suggest(word, choices) or suggest(lower, choices):
        return hint
    for each in (lower, *lower.split()):
        found = [other for other in choices if other == each or each in _WORDS.get(other, ())]
        if found:
            return f' Did you mean "{found[0]}"?'
    things = re.sub(r"[^a-z]+", "_", lower.removeprefix("count")).strip("_")
    return f' Did you mean "count:{things}"?' if counted and 2 <= len(things) <= 31 else ""


def cure(name: str, value: object, called: str) -> str:
    """Say how to write a value that is of another kind than it should be.

    Args:
        name: the key.
        value: what stands there.
        called: what should stand there.

    Returns:
        A sentence.

    >>> cure("gives", "75 %", "a number")
    'Write gives = 75, without quotes.'
    >>> cure("require", "part <= whole", "a list of conditions")
    'Write require = ["part <= whole"].'
    """
    if called == "a number" and isinstance(value, str) and (number := plain_number(value)):
        return f"Write {name} = {number}, without quotes."
    if (
        called == "true or false"
        and isinstance(value, (str, int))
        and str(value).lower() in ("true", "yes", "1", "sim")
    ):
        return f"Write {name} = true."
    if called.startswith("a list") and isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return f"Write {name} = [{_written(value)}]."
    if called.startswith("a list") and isinstance(value, dict):
        return f"Write {name} = [{{ ... }}], in square brackets."
    if "band" in called and isinstance(value, (int, float)):
        return f'Write {name} = ">= {value}", with at least, more than, at most or less than.'
    if "quotes" in called and isinstance(value, (int, float)) and not isinstance(value, bool):
        return f'Write {called}, such as {name} = "{value}".' if "such as" not in called else f"Write {called}."
    return f"Write {called}."


def _written(value: object) -> str:
    return f'"{value[:60]}"' if isinstance(value, str) else str(value)


def plain_number(text: str) -> str:
    """Return a number as TOML writes it, from a text that means one, or an empty text.

    >>> plain_number("1.234,5 €"), plain_number("85 %"), plain_number("about 8")
    ('1234.5', '85', '')
    """
    bare = re.sub(r"[\s%$€£]|R\$", "", text)
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+,\d+|-?\d+,\d+", bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", bare):
        bare = bare.replace(",", "")
    return bare if re.fullmatch(r"-?\d+(?:\.\d+)?", bare, re.ASCII) else ""


def home_of(name: str, here: Table) -> str:
    """Say in which tables a key is known that is not known in this one, or return an empty text.

    >>> home_of("bands", FUNCTION)
    ' It belongs in [kpi.*].'
    """
    homes = [title for title, table in _TABLES.items() if name in table.fields and table is not here]
    if not homes and name in CATALOGUE.fields and here is not CATALOGUE:
        return f" It is a table of its own: [{name}]."
    return f" It belongs in {' or '.join(homes)}." if homes else ""
