"""How a KPI stands in the chosen period, on the hidden sheet Calc: its goal, the verdict, and both in words."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.utils import get_column_letter

from ..chosen import (
    CANNOT_BE,
    FEW_ANSWERS,
    FEW_MONTHS,
    MISSED,
    NO_BANDS,
    NO_FIGURE,
    NO_RATE,
    NO_YEAR,
    NOT_MEASURED,
    OTHER_PERIOD,
    PART,
    PERIODS,
    REACHED,
    TARGET,
    VERDICTS,
    WHOLE_YEAR,
    compounds,
    power_of,
    typed_arguments,
)
from ..intervals import FEW, excel_interval
from ..notation import round_half_away
from ..series import MONTHS, upper_end
from ..texts import EDGE_KEYS, LEVEL_KEYS, OPERATOR_KEYS, OUTSIDE, level_keys
from ..units import decimals
from .book import Book, Row, Sheet, before_called, span
from .comparing import edge_cells
from .layout import OUTSIDE_VERDICT, Layout, bench_columns
from .plotted import FACTOR, FAR, PERIOD, STATED
from .style import LEVEL_SHAPES

# The row of what was chosen: place in the list, whether it spans months, the month, what that and the period
# before are called; the last month that has any figure, and the last that has most figures.
PLACE, SPANS, MONTH, CALLED, BEFORE_CALLED, LATEST, CURRENT = "DEFGHIJ"


class Columns:
    """Columns of a KPI's row in the chosen period."""

    FIGURE, COMPARABLE, LEVEL, BEFORE, CHANGE, COVERED = "DEFGHI"
    BASIS_MONTH, BASIS_FIGURE, BASIS_COMPARABLE, BASIS_LEVEL = "JKLM"
    GOAL, EDGE, STRICT, UPPER, POWER = "NOPQR"
    ANSWERS, LOW, HIGH = "STU"
    VERDICT, VERDICT_WORDS, SHOWN_LEVEL, CHANGE_WORDS, GOAL_WORDS = "VWXYZ"
    SHOWN_EDGE = "AX"  # behind the bar's columns: of a range the end that the figure has to come to

    @classmethod
    def edge(cls, better: str) -> str:
        """Return the column of the goal's edge as it is shown."""
        return cls.SHOWN_EDGE if better == "range" else cls.EDGE

    @classmethod
    def basis(cls, year: str) -> tuple[str, str, str]:
        """Return the columns of the figure, comparable and level that the next step is worked out from."""
        if year == "inputs":
            return cls.FIGURE, cls.COMPARABLE, cls.LEVEL
        return cls.BASIS_FIGURE, cls.BASIS_COMPARABLE, cls.BASIS_LEVEL


# Beyond any figure that can be judged, and small enough for every program to round.
_NO_END = "1E+250"


def verdict_word(book: Book, code: int, better: str = "") -> str:
    """Return the word of a verdict, with its shape where a figure is judged."""
    if code < len(LEVEL_KEYS):
        return f"{LEVEL_SHAPES[code]} {book.say(level_keys(better)[code])}"
    return book.say(f"verdict.v{code}")


def level_word(book: Book, better: str, level: str, last: str, calc: str = "") -> str:
    """Return a formula for the word of a level, or of a verdict with its shape.

    Args:
        book: the workbook.
        better: which way the KPI's figures are better.
        level: the cell of the level or verdict.
        last: key of the last word that may be asked for: of a level, or of a verdict.
        calc: the sheet's name with ``!`` where the formula stands elsewhere than on Calc.

    Returns:
        The formula's text, without ``=``.
    """
    shaped = last.startswith("verdict.")
    first = book.words["verdict.0" if shaped else LEVEL_KEYS[0]]
    word = f"INDEX({calc}$B${first}:$B${book.words[last]},{level}+1)"
    if better != "range":
        return word
    return f"IF({level}=0,{calc}$B${book.words[OUTSIDE_VERDICT if shaped else OUTSIDE]},{word})"


def write_verdict_words(sheet: Sheet, book: Book) -> None:
    """Write the words of all verdicts, one below the other."""
    for code in range(VERDICTS):
        sheet.text(book.words[f"verdict.{code}"], 1, f"verdict.{code}")
        sheet.text(book.words[f"verdict.{code}"], 2, verdict_word(book, code))
    if OUTSIDE_VERDICT in book.words:
        sheet.text(book.words[OUTSIDE_VERDICT], 1, OUTSIDE_VERDICT)
        sheet.text(book.words[OUTSIDE_VERDICT], 2, verdict_word(book, 0, "range"))


def target_cell(book: Book, layout: Layout, entry: Row) -> str:
    """Return the cell of the user's own target on the sheet of KPIs."""
    return f"{book.at('kpis')}!$C{layout.kpi[entry.id]}"


def target_end_cell(book: Book, layout: Layout, entry: Row) -> str:
    """Return the cell in which the user's own target ends, where a range is best."""
    return f"{book.at('benchmarks')}!${get_column_letter(bench_columns(book).target_end)}${layout.bench[entry.id]}"


def write_goal(sheet: Sheet, book: Book, layout: Layout, entry: Row) -> None:
    """Write what to reach next: the user's own target, or the next band."""
    rows, chosen, kpi = layout.calc[entry.id], entry.chosen, entry.kpi
    row, target, band = rows.chosen, target_cell(book, layout, entry), entry.chosen.band
    _, comparable, level = (f"${letter}{row}" for letter in Columns.basis(kpi.year))
    goal = f"${Columns.GOAL}{row}"
    edges = [edge_cells(rows, each) for each in (1, 2, 3)]
    next_level = "0"
    for each in (3, 2, 1):
        next_level = f"IF(({level}<{each})*({edges[each - 1][0]}<{FAR[0]}),{each},{next_level})"
    reach = f'IF(ISNUMBER({target}),{TARGET},IF(ISNUMBER({level}),{next_level},""))'
    sheet.put(row, Columns.GOAL, f'IF(ISNUMBER({comparable}),{reach},"")', chosen.goal)

    def chosen_of(own: str, cells: list[str]) -> str:
        return f'IF(N({goal})=0,"",IF({goal}={TARGET},{own},CHOOSE({goal},{",".join(cells)})))'

    sign = "-" if kpi.better == "lower" else ""
    firsts, seconds = [sign + first for first, _ in edges], [second for _, second in edges]
    sheet.put(row, Columns.EDGE, chosen_of(target, firsts), None if band is None else band.edge)
    if kpi.better == "range":
        end = target_end_cell(book, layout, entry)
        ends = chosen_of(f"IF(ISNUMBER({end}),{end},{_NO_END})", seconds)
        upper = None if band is None else float(_NO_END) if band.upper is None else band.upper
        sheet.put(row, Columns.UPPER, ends, upper)
        _write_shown_edge(sheet, entry, row, comparable)
    else:
        sheet.put(row, Columns.STRICT, chosen_of("0", seconds), None if band is None else int(band.strict))
    if compounds(kpi):
        period = f"${PERIOD}{rows.compare}"
        sheet.put(row, Columns.POWER, f"IF(ISNUMBER({period}),{period},1)", power_of(kpi))
    sheet.put(row, Columns.GOAL_WORDS, _goal_formula(book, layout, entry), goal_words(book, entry))


def _write_shown_edge(sheet: Sheet, entry: Row, row: int, comparable: str) -> None:
    """Of a range, the end that the figure has to come to: from above the upper one, else the lower one."""
    edge, upper = (f"${letter}{row}" for letter in (Columns.EDGE, Columns.UPPER))
    too_high = f"IF({upper}>{FAR[1]},IF({comparable}>{upper},{upper},{edge}),{edge})"
    sheet.put(row, Columns.SHOWN_EDGE, f'IF(ISNUMBER({edge}),{too_high},"")', shown_edge(entry))


def shown_edge(entry: Row) -> float | None:
    """Return the edge of the goal as it is shown; of a range the end that the figure has to come to."""
    band = entry.chosen.band
    if band is None:
        return None
    return upper_end(band) if is_too_high(entry) else band.edge


def is_too_high(entry: Row) -> bool:
    """Whether a figure lies above the range that it should come to."""
    band, figure = entry.chosen.band, entry.chosen.basis.comparable
    end = None if band is None else upper_end(band)
    return end is not None and isinstance(figure, float) and figure > end


def _goal_formula(book: Book, layout: Layout, entry: Row) -> str:
    rows, kpi = layout.calc[entry.id], entry.kpi
    goal, strict = f"${Columns.GOAL}{rows.chosen}", f"${Columns.STRICT}{rows.chosen}"
    word = level_word(book, "", goal, LEVEL_KEYS[-1])  # never the lowest
    name = f'IF({goal}={TARGET},{book.own_word("goal.target")},{book.own_word("goal.next")}&" "&{word})'
    if compounds(kpi):
        column = bench_columns(book).letter_of_period
        called = f"{book.at('benchmarks')}!${column}${layout.bench[entry.id]}"
        name += f'&IF(${Columns.POWER}{rows.chosen}>1," ("&{called}&")","")'
    # Last, since the number stands behind it.
    loose, tight = EDGE_KEYS[kpi.better] or (OPERATOR_KEYS[">="], OPERATOR_KEYS["<="])
    other = f"{strict}=1"
    if kpi.better == "range":
        edge, shown = f"${Columns.EDGE}{rows.chosen}", f"${Columns.SHOWN_EDGE}{rows.chosen}"
        other = f"{shown}>{edge}"
    name += f'&", "&IF({other},{book.own_word(tight)},{book.own_word(loose)})'
    return f'IF({goal}="","",IF({goal}=0,{book.own_word("goal.best")},{name}))'


def goal_words(book: Book, entry: Row) -> str:
    """Return what to reach next, in words: the band or the target, its period, and how its edge is meant."""
    chosen, kpi = entry.chosen, entry.kpi
    if chosen.goal is None:
        return ""
    if chosen.band is None:
        return book.say("goal.best")
    is_target = chosen.goal == TARGET
    text = book.say("goal.target") if is_target else f"{book.say('goal.next')} {book.say(LEVEL_KEYS[chosen.goal])}"
    if power_of(kpi) > 1:
        text += f" ({book.say(f'period.{kpi.benchmark.period}')})"
    if kpi.better == "range":
        edge, shown = chosen.band.edge, shown_edge(entry)
        sign = "<=" if shown is not None and shown > edge else ">="
        return f"{text}, {book.say(OPERATOR_KEYS[sign])}"
    return f"{text}, {book.say(EDGE_KEYS[kpi.better][chosen.band.strict])}"


def write_verdict(sheet: Sheet, book: Book, layout: Layout, entry: Row, references: Mapping[str, str]) -> None:
    """Write how a KPI stands, how sure that is, and the change in words."""
    rows, chosen, kpi = layout.calc[entry.id], entry.chosen, entry.kpi
    row = rows.chosen
    basis = f"${Columns.basis(kpi.year)[0]}{row}"
    ends = excel_interval(book.vertical, kpi, entry.segment, references, basis)
    if ends is not None:
        sure = chosen.sure
        values = (None, None, None) if sure is None else (sure.low, sure.high, sure.answers)
        for letter, formula, value in zip((Columns.LOW, Columns.HIGH, Columns.ANSWERS), ends, values, strict=True):
            sheet.put(row, letter, formula, value)
    sheet.put(row, Columns.VERDICT, _verdict(book, layout, entry, references, ends is not None), chosen.verdict)
    code, covered = f"${Columns.VERDICT}{row}", f"${Columns.COVERED}{row}"
    more = f'IF({code}={FEW_MONTHS}," "&{covered}&" "&{book.own_word("kpis.of12")},"")'
    if ends is not None:
        more = f'IF({code}={FEW_ANSWERS}," "&INT(${Columns.ANSWERS}{row}),{more})'
    words = f"{level_word(book, kpi.better, code, f'verdict.{VERDICTS - 1}')}&{more}"
    sheet.put(row, Columns.VERDICT_WORDS, words, verdict_words(book, entry))
    shown = f'IF({code}<{REACHED},{code},IF({code}={REACHED},2,IF({code}={MISSED},0,"")))'
    sheet.put(row, Columns.SHOWN_LEVEL, shown, chosen.shown_level)
    sheet.put(row, Columns.CHANGE_WORDS, _change_formula(book, layout, entry), change_words(book, entry))


def verdict_words(book: Book, entry: Row) -> str:
    """Return how a KPI stands, in words."""
    code, sure = entry.chosen.verdict, entry.chosen.sure
    text = verdict_word(book, code, entry.kpi.better)
    if code == FEW_MONTHS:
        return f"{text} {entry.chosen.covered} {book.say('kpis.of12')}"
    return f"{text} {int(sure.answers)}" if code == FEW_ANSWERS and sure is not None else text


def _verdict(book: Book, layout: Layout, entry: Row, references: Mapping[str, str], has_interval: bool) -> str:
    rows, kpi = layout.calc[entry.id], entry.kpi
    figure = f"${Columns.FIGURE}{rows.chosen}"
    place, spans = f"${PLACE}{layout.period}", f"${SPANS}{layout.period}"
    judged = _judged(book, layout, entry)
    if has_interval:
        few = f"${Columns.ANSWERS}{rows.chosen}<{FEW}"
        # A span that compounds or averages shows the answers of its latest month alone, which judge no span.
        few = few if kpi.year == "inputs" else f"AND({spans}=0,{few})"
        judged = f"IF({few},{FEW_ANSWERS},{judged})"
    short = f"AND({place}={PERIODS.index(WHOLE_YEAR)},${LATEST}{layout.period}<{MONTHS})"
    judged = f"IF({short},{FEW_MONTHS},{judged})"
    empty = _why_empty(book, layout, entry, references)
    return f"IF(ISERROR({figure}),{CANNOT_BE},IF(ISNUMBER({figure}),{judged},{empty}))"


def _judged(book: Book, layout: Layout, entry: Row) -> str:
    rows, kpi, target = layout.calc[entry.id], entry.kpi, target_cell(book, layout, entry)
    comparable, level = f"${Columns.COMPARABLE}{rows.chosen}", f"${Columns.LEVEL}{rows.chosen}"
    wanted = f"ROUND({'-' if kpi.better == 'lower' else ''}{target},9)"
    test = f"{comparable}>={wanted}"
    if kpi.better == "range":
        end = target_end_cell(book, layout, entry)
        test = f"IF(ISNUMBER({end}),AND({test},{comparable}<=ROUND({end},9)),{test})"
    by_target = f"IF(ISNUMBER({comparable}),IF({test},{REACHED},{MISSED}),{OTHER_PERIOD})"
    unknown = f"IF(ISNUMBER(${FACTOR}{rows.compare}),{OTHER_PERIOD},{NO_RATE})" if kpi.unit == "money" else OTHER_PERIOD
    by_band = f"IF(${STATED}{rows.compare}=0,{NO_BANDS},IF(ISNUMBER({level}),{level},{unknown}))"
    return f"IF(ISNUMBER({target}),{by_target},{by_band})"


def _why_empty(book: Book, layout: Layout, entry: Row, references: Mapping[str, str]) -> str:
    rows, kpi = layout.calc[entry.id], entry.kpi
    month, spans = f"${MONTH}{layout.period}", f"${SPANS}{layout.period}"
    typed = ",".join(references[name] for name in typed_arguments(book.vertical, kpi, entry.segment))
    one_alone = sum(not book.vertical.inputs[name].values for name in kpi.values[entry.segment].arguments) == 1
    part = str(NO_FIGURE) if one_alone else f"IF(COUNT({typed})>0,{PART},{NO_FIGURE})"
    of_month = f"IF(INDEX({span(rows.state)},{month})=2,{NOT_MEASURED},{part})"
    of_span = f"IF(INDEX({span(rows.counted)},{month})>0,{NOT_MEASURED},{NO_FIGURE})"
    if kpi.year == "none":
        return f"IF({spans}=1,{NO_YEAR},IF({month}=0,{NO_FIGURE},{of_month}))"
    return f"IF({month}=0,{NO_FIGURE},IF({spans}=1,{of_span},{of_month}))"


def _change_formula(book: Book, layout: Layout, entry: Row) -> str:
    row = layout.calc[entry.id].chosen
    figure, change = f"${Columns.FIGURE}{row}", f"${Columns.CHANGE}{row}"
    up, down, same, none = (book.own_word(key) for key in _change_keys(entry))
    words = f"IF(ISNUMBER({change}),IF({change}=0,{same},IF({change}>0,{up},{down})),{none})"
    return f'IF(ISNUMBER({figure}),{words}&" ("&${BEFORE_CALLED}{layout.period}&")","")'


def _change_keys(entry: Row) -> tuple[str, str, str, str]:
    """Keys of the words for more, less, the same, and nothing to compare with."""
    up, down = {
        "higher": ("change.better", "change.worse"),
        "lower": ("change.worse", "change.better"),
        "range": ("change.up", "change.down"),
    }[entry.kpi.better]
    return up, down, "change.same", "change.none"


def shown_change(entry: Row) -> float | None:
    """Return the change as exactly as it is shown: what rounds to nothing is no change."""
    change = entry.chosen.change
    return None if change is None else round_half_away(change, decimals(entry.kpi.unit))


def change_words(book: Book, entry: Row) -> str:
    """Return the change against the period before, in words."""
    chosen = entry.chosen
    if not isinstance(chosen.figure, float):
        return ""
    up, down, same, none = _change_keys(entry)
    change = shown_change(entry)
    key = none if change is None else same if change == 0 else up if change > 0 else down
    return f"{book.say(key)} ({before_called(book)})"
