"""Every KPI function, importable without reading the catalogue.

Generated from the catalogue by ``python -m xlkpi.generate``; change the catalogue, not this file.

A call behaves as Excel's own functions do. Numbers give a number, or raise a
:class:`xlkpi.KpiError` whose ``code`` is Excel's error. Lists, and lists of rows, are answered element
by element; a single row or column stretches, and where something is wrong the error stands in the list.
"""

from __future__ import annotations

from functools import cache

__all__ = [
    "ARPU",
    "ART",
    "ATACM",
    "AUR",
    "CAC",
    "CCAG",
    "CCAGPRINTED",
    "CCAR",
    "CJPSR",
    "CPSR",
    "CRFCPC",
    "CRR",
    "CSS",
    "CSSMEAN",
    "MAI",
    "MSCR",
    "NCAR",
    "NESR",
    "NPS",
    "NPSCOUNTS",
    "NPSSCORES",
    "RBR",
    "RICR",
    "RRAU",
    "RTT",
    "SAIR",
    "SCR",
    "SDI",
    "TCR",
    "UEL",
    "UELRATE",
    "WAG",
]

_MAX = 1.7976931348623157e308
_min, _max, _abs = min, max, abs


@cache
def _rule(name):
    """Build the checked rule of a function when a call needs more than plain numbers."""
    from .formula import parse
    from .policy import Rule
    from .tree import ranges

    arguments, formula, conditions, optional = _RULES[name]
    tree = parse(formula)
    return Rule(arguments, tree, tuple(parse(text, None, True) for text in conditions), ranges(tree), optional)


def _careful(name, given):
    """Answer a call with ranges, or one that plain arithmetic cannot answer."""
    from .arrays import call

    return call(_rule(name), given)


def ARPU(total_revenue: float | list, active_users: float | list) -> float | list:
    """Average revenue per user: revenue divided by the number of users of the same period.

    Args:
        total_revenue: Revenue of the period (money; number or range).
        active_users: Users in the period (count of users; number or range).

    Returns:
        The figure (money), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são as 7 principais métricas de um negócio de serviço de treinamento em carreira
            remota?" (2024-10-13)

    >>> ARPU(100000, 1000)
    100.0
    """
    try:
        if -_MAX <= total_revenue <= _MAX and 0.0 <= active_users <= _MAX:
            result = total_revenue / active_users
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("ARPU", (total_revenue, active_users))


def ART(resolution_hours: float | list, resolved_requests: float | list) -> float | list:
    """Average resolution time: hours taken to resolve client requests, divided by the number of requests resolved.

    Args:
        resolution_hours: Hours taken by all the requests resolved, added up (half an hour is 0.5)
            (hours; number or range).
        resolved_requests: Client requests resolved (count of requests; number or range).

    Returns:
        The figure (hours), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são os 7 principais kpis de um negócio remoto de agências de assistente virtual?"
            (2024-10-13)

    >>> ART(100, 50)
    2.0
    """
    try:
        if 0.0 <= resolution_hours <= _MAX and 0.0 <= resolved_requests <= _MAX:
            result = resolution_hours / resolved_requests
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("ART", (resolution_hours, resolved_requests))


def ATACM(total_months: float | list, milestone_clients: float | list) -> float | list:
    """Average time that clients need to reach a career milestone (a promotion, a new job), in months.

    Args:
        total_months: Total months these clients took to reach their milestone (months; number or
            range).
        milestone_clients: Clients who reached a milestone (count of clients; number or range).

    Returns:
        The figure (months), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "¿Cuáles son las métricas principales de los 7 KPI de un negocio de mentoría profesional?"
            (2024-09-27)
        "Quais são as 7 principais métricas de um negócio de serviço de treinamento em carreira
            remota?" (2024-10-13)

    >>> ATACM(200, 20)
    10.0
    """
    try:
        if 0.0 <= total_months <= _MAX and 0.0 <= milestone_clients <= _MAX:
            result = total_months / milestone_clients
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("ATACM", (total_months, milestone_clients))


def AUR(productive_hours: float | list, available_hours: float | list) -> float | list:
    """Assistant utilization rate: hours of productive work for clients as a share of the working hours available, in percent.

    Args:
        productive_hours: Hours the assistants spent on productive work for clients (hours; number
            or range).
        available_hours: Working hours the assistants had available (hours; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são os 7 principais kpis de um negócio remoto de agências de assistente virtual?"
            (2024-10-13)

    >>> AUR(600, 800)
    75.0
    """
    try:
        if 0.0 <= productive_hours <= _MAX and 0.0 <= available_hours <= _MAX:
            result = productive_hours / available_hours * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("AUR", (productive_hours, available_hours))


def CAC(acquisition_spend: float | list, new_clients: float | list) -> float | list:
    """Client acquisition cost: sales and marketing spend divided by the number of clients won in the same period.

    Args:
        acquisition_spend: Sales and marketing spend of the period: advertising, promotions,
            salaries, commissions (money; number or range).
        new_clients: Clients won during the period (count of clients; number or range).

    Returns:
        The figure (money), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quelles sont les 7 meilleures métriques KPI d'une entreprise de services de rédaction de CV
            à distance?" (2024-10-13)

    >>> CAC(10000, 100)
    100.0
    """
    try:
        if -_MAX <= acquisition_spend <= _MAX and 0.0 <= new_clients <= _MAX:
            result = acquisition_spend / new_clients
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CAC", (acquisition_spend, new_clients))


def CCAG(new_corporate_clients: float | list, start_corporate_clients: float | list) -> float | list:
    """Corporate client acquisition growth: corporate clients won in a period, in percent of those at its start.

    Args:
        new_corporate_clients: Corporate clients won during the period (count of clients; number or
            range).
        start_corporate_clients: Corporate clients at the start of the period (count of clients;
            number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quels sont les 7 meilleurs KPI d'une entreprise de services de coaching de carrière basée
            sur les données?" (2024-10-25)

    >>> CCAG(10, 50)
    20.0
    """
    try:
        if 0.0 <= new_corporate_clients <= _MAX and 0.0 <= start_corporate_clients <= _MAX:
            result = new_corporate_clients / start_corporate_clients * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CCAG", (new_corporate_clients, start_corporate_clients))


def CCAGPRINTED(new_corporate_clients: float | list, start_corporate_clients: float | list) -> float | list:
    """Corporate client acquisition growth as the article prints its formula: new clients minus those at the start, over those at the start. Below zero unless the clients double; prefer CCAG.

    Args:
        new_corporate_clients: Corporate clients won during the period (count of clients; number or
            range).
        start_corporate_clients: Corporate clients at the start of the period (count of clients;
            number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        this project's companion of CCAG

    >>> CCAGPRINTED(10, 50)
    -80.0
    """
    try:
        if 0.0 <= new_corporate_clients <= _MAX and 0.0 <= start_corporate_clients <= _MAX:
            result = (new_corporate_clients - start_corporate_clients) / start_corporate_clients * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CCAGPRINTED", (new_corporate_clients, start_corporate_clients))


def CCAR(advanced_clients: float | list, mentored_clients: float | list) -> float | list:
    """Client career advancement rate: mentored clients who moved forward in their career, in percent.

    Args:
        advanced_clients: Clients who advanced in their career (count of clients; number or range).
        mentored_clients: All clients mentored, with or without an advance (count of clients; number
            or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "¿Cuáles son las métricas principales de los 7 KPI de un negocio de mentoría profesional?"
            (2024-09-27)

    >>> CCAR(30, 50)
    60.0
    """
    try:
        if 0.0 <= advanced_clients <= _MAX and 0.0 <= mentored_clients <= _MAX and advanced_clients <= mentored_clients:
            result = advanced_clients / mentored_clients * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CCAR", (advanced_clients, mentored_clients))


def CJPSR(placed_clients: float | list, coached_clients: float | list) -> float | list:
    """Client job placement success rate: coached clients who found a job, in percent.

    Args:
        placed_clients: Clients who found a job (count of clients; number or range).
        coached_clients: Clients coached (count of clients; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são as 7 principais métricas de um negócio de serviço de treinamento em carreira
            remota?" (2024-10-13)

    >>> CJPSR(30, 50)
    60.0
    """
    try:
        if 0.0 <= placed_clients <= _MAX and 0.0 <= coached_clients <= _MAX:
            result = placed_clients / coached_clients * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CJPSR", (placed_clients, coached_clients))


def CPSR(successful_clients: float | list, coached_clients: float | list) -> float | list:
    """Career progression success rate: coached clients who moved ahead in their career, in percent.

    Args:
        successful_clients: Clients who moved ahead in their career (count of clients; number or
            range).
        coached_clients: Clients coached (count of clients; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quels sont les 7 meilleurs KPI d'une entreprise de services de coaching de carrière basée
            sur les données?" (2024-10-25)

    >>> CPSR(70, 100)
    70.0
    """
    try:
        if 0.0 <= successful_clients <= _MAX and 0.0 <= coached_clients <= _MAX and successful_clients <= coached_clients:
            result = successful_clients / coached_clients * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CPSR", (successful_clients, coached_clients))


def CRFCPC(paying_clients: float | list, free_consultations: float | list) -> float | list:
    """Conversion rate from free consultation to paying client: paying clients won, over free consultations given, in percent.

    Args:
        paying_clients: Free consultations that became paying clients (count of clients; number or
            range).
        free_consultations: Free consultations given (count of consultations; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são as 7 principais métricas de um negócio de serviço de treinamento em carreira
            remota?" (2024-10-13)

    >>> CRFCPC(20, 50)
    40.0
    """
    try:
        if 0.0 <= paying_clients <= _MAX and 0.0 <= free_consultations <= _MAX:
            result = paying_clients / free_consultations * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CRFCPC", (paying_clients, free_consultations))


def CRR(end_clients: float | list, new_clients: float | list, start_clients: float | list) -> float | list:
    """Client retention rate: the share of the clients at the start of a period who are still clients at its end, in percent.

    Args:
        end_clients: Clients at the end of the period (count of clients; number or range).
        new_clients: Clients won during the period (count of clients; number or range).
        start_clients: Clients at the start of the period (count of clients; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "¿Cuáles son las métricas principales de los 7 KPI de un negocio de mentoría profesional?"
            (2024-09-27)
        "Quais são as 7 principais métricas de um negócio de serviço de treinamento em carreira
            remota?" (2024-10-13)
        "Quelles sont les 7 meilleures métriques KPI d'une entreprise de services de rédaction de CV
            à distance?" (2024-10-13)
        "Quais são os 7 principais kpis de um negócio remoto de agências de assistente virtual?"
            (2024-10-13)

    >>> CRR(220, 50, 200)
    85.0
    """
    try:
        if 0.0 <= end_clients <= _MAX and 0.0 <= new_clients <= _MAX and 0.0 <= start_clients <= _MAX and new_clients <= end_clients:
            result = (end_clients - new_clients) / start_clients * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CRR", (end_clients, new_clients, start_clients))


def CSS(satisfied_clients: float | list, surveyed_clients: float | list) -> float | list:
    """Customer satisfaction score: the share of surveyed clients who say they are satisfied, in percent.

    Args:
        satisfied_clients: Clients who say they are satisfied (count of clients; number or range).
        surveyed_clients: Clients who answered the survey (count of clients; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são as 7 principais métricas de um negócio de serviço de treinamento em carreira
            remota?" (2024-10-13)
        "Quelles sont les 7 meilleures métriques KPI d'une entreprise de services de rédaction de CV
            à distance?" (2024-10-13)
        "Quais são os 7 principais kpis de um negócio remoto de agências de assistente virtual?"
            (2024-10-13)

    >>> CSS(85, 100)
    85.0
    """
    try:
        if 0.0 <= satisfied_clients <= _MAX and 0.0 <= surveyed_clients <= _MAX and satisfied_clients <= surveyed_clients:
            result = satisfied_clients / surveyed_clients * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("CSS", (satisfied_clients, surveyed_clients))


def CSSMEAN(ratings: list, counts: list | None = None) -> float:
    """Mean rating that clients give: each rating weighted by how many clients gave it. Without counts, each rating counts once.

    Args:
        ratings: Range of ratings (score; range).
        counts: Range of the same shape: how many clients gave each rating (optional) (count of
            answers; range, optional).

    Returns:
        The figure (score), not rounded.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "¿Cuáles son las métricas principales de los 7 KPI de un negocio de mentoría profesional?"
            (2024-09-27)
        "Quels sont les 7 meilleurs KPI d'une entreprise de services de coaching de carrière basée
            sur les données?" (2024-10-25)

    >>> CSSMEAN([9, 8, 7], [40, 5, 5])
    8.7
    """
    return _careful("CSSMEAN", (ratings, counts))


def MAI(trend_awareness: float | list, guidance_success: float | list, client_satisfaction: float | list) -> float | list:
    """Market adaptability index: the plain average of trend awareness, success of personal guidance and client satisfaction, in percent.

    Args:
        trend_awareness: Awareness of industry trends, in percent (80, not 0.8) (percent; number or
            range).
        guidance_success: Success of personal guidance, in percent (90, not 0.9) (percent; number or
            range).
        client_satisfaction: Satisfied clients, in percent (85, not 0.85) (percent; number or
            range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quels sont les 7 meilleurs KPI d'une entreprise de services de coaching de carrière basée
            sur les données?" (2024-10-25)

    >>> MAI(80, 90, 85)
    85.0
    """
    try:
        if 0.0 <= trend_awareness <= 100.0 and 0.0 <= guidance_success <= 100.0 and 0.0 <= client_satisfaction <= 100.0:
            result = (trend_awareness + guidance_success + client_satisfaction) / 3.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("MAI", (trend_awareness, guidance_success, client_satisfaction))


def MSCR(completed_sessions: float | list, scheduled_sessions: float | list) -> float | list:
    """Mentoring session completion rate: mentoring sessions completed as a share of those scheduled, in percent.

    Args:
        completed_sessions: Mentoring sessions completed (count of sessions; number or range).
        scheduled_sessions: Mentoring sessions scheduled (count of sessions; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "¿Cuáles son las métricas principales de los 7 KPI de un negocio de mentoría profesional?"
            (2024-09-27)

    >>> MSCR(80, 100)
    80.0
    """
    try:
        if 0.0 <= completed_sessions <= _MAX and 0.0 <= scheduled_sessions <= _MAX:
            result = completed_sessions / scheduled_sessions * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("MSCR", (completed_sessions, scheduled_sessions))


def NCAR(new_clients: float | list, generated_leads: float | list) -> float | list:
    """New client acquisition rate: new clients won, over leads generated in the same period, in percent.

    Args:
        new_clients: Clients won during the period (count of clients; number or range).
        generated_leads: Leads (possible clients) generated during the period (count of leads;
            number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são os 7 principais kpis de um negócio remoto de agências de assistente virtual?"
            (2024-10-13)

    >>> NCAR(20, 200)
    10.0
    """
    try:
        if 0.0 <= new_clients <= _MAX and 0.0 <= generated_leads <= _MAX:
            result = new_clients / generated_leads * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("NCAR", (new_clients, generated_leads))


def NESR(connections: float | list, attendees: float | list) -> float | list:
    """Networking event success rate: valuable connections made per 100 people attending. It can pass 100%.

    Args:
        connections: Valuable connections made at the events (count of connections; number or
            range).
        attendees: People who attended the events (count of attendees; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "¿Cuáles son las métricas principales de los 7 KPI de un negocio de mentoría profesional?"
            (2024-09-27)

    >>> NESR(25, 100)
    25.0
    """
    try:
        if 0.0 <= connections <= _MAX and 0.0 <= attendees <= _MAX:
            result = connections / attendees * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("NESR", (connections, attendees))


def NPS(promoters_pct: float | list, detractors_pct: float | list) -> float | list:
    """Net promoter score from shares: percentage of promoters (9-10) minus percentage of detractors (0-6). Runs from -100 to 100.

    Args:
        promoters_pct: Promoters among all who answered, in percent (60, not 0.6) (percent; number
            or range).
        detractors_pct: Detractors among all who answered, in percent (20, not 0.2) (percent; number
            or range).

    Returns:
        The figure (points), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quelles sont les 7 meilleures métriques KPI d'une entreprise de services de rédaction de CV
            à distance?" (2024-10-13)

    >>> NPS(60, 20)
    40.0
    """
    try:
        if 0.0 <= promoters_pct <= 100.0 and 0.0 <= detractors_pct <= 100.0 and promoters_pct + detractors_pct <= 100.0:
            result = promoters_pct - detractors_pct
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("NPS", (promoters_pct, detractors_pct))


def NPSCOUNTS(promoters: float | list, passives: float | list, detractors: float | list) -> float | list:
    """Net promoter score from counts: promoters minus detractors over all who answered, times 100. Runs from -100 to 100.

    Args:
        promoters: People who answered 9 or 10 (count of answers; number or range).
        passives: People who answered 7 or 8 (count of answers; number or range).
        detractors: People who answered 0 to 6 (count of answers; number or range).

    Returns:
        The figure (points), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        this project's companion of NPS

    >>> NPSCOUNTS(60, 20, 20)
    40.0
    """
    try:
        if 0.0 <= promoters <= _MAX and 0.0 <= passives <= _MAX and 0.0 <= detractors <= _MAX:
            result = (promoters - detractors) / (promoters + passives + detractors) * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("NPSCOUNTS", (promoters, passives, detractors))


def NPSSCORES(scores: list) -> float:
    """Net promoter score from the answers themselves: the share of 9s and 10s minus the share of 0 to 6, times 100.

    Args:
        scores: Range of answers from 0 to 10 (score; range).

    Returns:
        The figure (points), not rounded.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        this project's companion of NPS

    >>> NPSSCORES([10, 9, 9, 8, 7, 6, 10, 9, 3, 10])
    40.0
    """
    return _careful("NPSSCORES", (scores,))


def RBR(repeat_clients: float | list, served_clients: float | list) -> float | list:
    """Repeat business rate: the share of the clients served who came back for another service, in percent.

    Args:
        repeat_clients: Clients who used the service more than once (count of clients; number or
            range).
        served_clients: All clients served in the period (count of clients; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quelles sont les 7 meilleures métriques KPI d'une entreprise de services de rédaction de CV
            à distance?" (2024-10-13)

    >>> RBR(40, 100)
    40.0
    """
    try:
        if 0.0 <= repeat_clients <= _MAX and 0.0 <= served_clients <= _MAX and repeat_clients <= served_clients:
            result = repeat_clients / served_clients * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("RBR", (repeat_clients, served_clients))


def RICR(interviews: float | list, submitted_resumes: float | list) -> float | list:
    """Resume-to-interview conversion rate: job interviews obtained per 100 resumes sent to employers, in percent.

    Args:
        interviews: Job interviews obtained (count of interviews; number or range).
        submitted_resumes: Resumes sent to employers (count of resumes; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quelles sont les 7 meilleures métriques KPI d'une entreprise de services de rédaction de CV
            à distance?" (2024-10-13)

    >>> RICR(20, 100)
    20.0
    """
    try:
        if 0.0 <= interviews <= _MAX and 0.0 <= submitted_resumes <= _MAX:
            result = interviews / submitted_resumes * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("RICR", (interviews, submitted_resumes))


def RRAU(end_users: float | list, new_users: float | list, start_users: float | list) -> float | list:
    """Active user retention rate: the share of the active users at the start of a period who are still active at its end, in percent.

    Args:
        end_users: Active users at the end of the period (count of users; number or range).
        new_users: Users won during the period (count of users; number or range).
        start_users: Active users at the start of the period (count of users; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quels sont les 7 meilleurs KPI d'une entreprise de services de coaching de carrière basée
            sur les données?" (2024-10-25)

    >>> RRAU(480, 50, 500)
    86.0
    """
    try:
        if 0.0 <= end_users <= _MAX and 0.0 <= new_users <= _MAX and 0.0 <= start_users <= _MAX and new_users <= end_users:
            result = (end_users - new_users) / start_users * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("RRAU", (end_users, new_users, start_users))


def RTT(elapsed_hours: float | list, completed_resumes: float | list) -> float | list:
    """Resume turnaround time: average elapsed hours from a client's first consultation to delivery of the finished resume.

    Args:
        elapsed_hours: Elapsed hours from first consultation to delivery, added up over all these
            resumes (1 day = 24 hours) (hours; number or range).
        completed_resumes: Resumes delivered (count of resumes; number or range).

    Returns:
        The figure (hours), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quelles sont les 7 meilleures métriques KPI d'une entreprise de services de rédaction de CV
            à distance?" (2024-10-13)

    >>> RTT(150, 20)
    7.5
    """
    try:
        if 0.0 <= elapsed_hours <= _MAX and 0.0 <= completed_resumes <= _MAX:
            result = elapsed_hours / completed_resumes
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("RTT", (elapsed_hours, completed_resumes))


def SAIR(final_score: float | list, initial_score: float | list) -> float | list:
    """Skills alignment improvement rate: how far the score for matching what the industry asks has risen, in percent of the initial score.

    Args:
        final_score: Skills alignment score at the end of the period (score; number or range).
        initial_score: Skills alignment score at the start of the period (score; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quels sont les 7 meilleurs KPI d'une entreprise de services de coaching de carrière basée
            sur les données?" (2024-10-25)

    >>> SAIR(75, 60)
    25.0
    """
    try:
        if -_MAX <= final_score <= _MAX and -_MAX <= initial_score <= _MAX:
            result = (final_score - initial_score) / initial_score * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("SAIR", (final_score, initial_score))


def SCR(completed_sessions: float | list, scheduled_sessions: float | list) -> float | list:
    """Session completion rate: sessions held as a share of sessions scheduled, in percent.

    Args:
        completed_sessions: Sessions held (count of sessions; number or range).
        scheduled_sessions: Sessions scheduled (count of sessions; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são as 7 principais métricas de um negócio de serviço de treinamento em carreira
            remota?" (2024-10-13)

    >>> SCR(40, 50)
    80.0
    """
    try:
        if 0.0 <= completed_sessions <= _MAX and 0.0 <= scheduled_sessions <= _MAX:
            result = completed_sessions / scheduled_sessions * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("SCR", (completed_sessions, scheduled_sessions))


def SDI(services_offered: float | list, active_clients: float | list) -> float | list:
    """Service diversification index: different services on offer, divided by the number of clients served. A ratio, not a percentage.

    Args:
        services_offered: Different services on offer, each counted once (count of services; number
            or range).
        active_clients: Clients served (count of clients; number or range).

    Returns:
        The figure (ratio), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são os 7 principais kpis de um negócio remoto de agências de assistente virtual?"
            (2024-10-13)

    >>> SDI(10, 50)
    0.2
    """
    try:
        if 0.0 <= services_offered <= _MAX and 0.0 <= active_clients <= _MAX:
            result = services_offered / active_clients
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("SDI", (services_offered, active_clients))


def TCR(completed_tasks: float | list, assigned_tasks: float | list) -> float | list:
    """Task completion rate: tasks completed as a share of tasks assigned to the assistants, in percent.

    Args:
        completed_tasks: Tasks completed (count of tasks; number or range).
        assigned_tasks: Tasks assigned to the assistants (count of tasks; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quais são os 7 principais kpis de um negócio remoto de agências de assistente virtual?"
            (2024-10-13)

    >>> TCR(85, 100)
    85.0
    """
    try:
        if 0.0 <= completed_tasks <= _MAX and 0.0 <= assigned_tasks <= _MAX:
            result = completed_tasks / assigned_tasks * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("TCR", (completed_tasks, assigned_tasks))


def UEL(weekly_logins: float | list, session_minutes: float | list, profile_updates: float | list, advice_uses: float | list) -> float | list:
    """User engagement level: log-ins, session minutes, profile updates and uses of personal advice, simply added up. For a percentage use UELRATE.

    Args:
        weekly_logins: Average log-ins per user and week (count of logins; number or range).
        session_minutes: Average length of a session, in minutes (minutes; number or range).
        profile_updates: Average profile updates per user and month (count of updates; number or
            range).
        advice_uses: Average uses of the personal advice features per user and week (count of uses;
            number or range).

    Returns:
        The figure (score), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "Quels sont les 7 meilleurs KPI d'une entreprise de services de coaching de carrière basée
            sur les données?" (2024-10-25)

    >>> UEL(3, 30, 1, 1)
    35.0
    """
    try:
        if 0.0 <= weekly_logins <= _MAX and 0.0 <= session_minutes <= _MAX and 0.0 <= profile_updates <= _MAX and 0.0 <= advice_uses <= _MAX:
            result = weekly_logins + session_minutes + profile_updates + advice_uses
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("UEL", (weekly_logins, session_minutes, profile_updates, advice_uses))


def UELRATE(weekly_logins: float | list, session_minutes: float | list, profile_updates: float | list, advice_uses: float | list, target_weekly_logins: float | list, target_session_minutes: float | list, target_profile_updates: float | list, target_advice_uses: float | list) -> float | list:
    """User engagement rate: log-ins, session minutes, profile updates and uses of advice, each against its target and capped at 100%, then averaged, in percent.

    Args:
        weekly_logins: Average log-ins per user and week (count of logins; number or range).
        session_minutes: Average length of a session, in minutes (minutes; number or range).
        profile_updates: Average profile updates per user and month (count of updates; number or
            range).
        advice_uses: Average uses of the personal advice features per user and week (count of uses;
            number or range).
        target_weekly_logins: Your target for log-ins per user and week (count of logins; number or
            range).
        target_session_minutes: Your target for the length of a session, in minutes (minutes; number
            or range).
        target_profile_updates: Your target for profile updates per user and month (count of
            updates; number or range).
        target_advice_uses: Your target for uses of personal advice per user and week (count of
            uses; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        this project's companion of UEL

    >>> UELRATE(3, 30, 1, 1, 4, 30, 1, 2)
    81.25
    """
    try:
        if 0.0 <= weekly_logins <= _MAX and 0.0 <= session_minutes <= _MAX and 0.0 <= profile_updates <= _MAX and 0.0 <= advice_uses <= _MAX and 0.0 <= target_weekly_logins <= _MAX and 0.0 <= target_session_minutes <= _MAX and 0.0 <= target_profile_updates <= _MAX and 0.0 <= target_advice_uses <= _MAX:
            result = (_min(weekly_logins / target_weekly_logins, 1.0) + _min(session_minutes / target_session_minutes, 1.0) + _min(profile_updates / target_profile_updates, 1.0) + _min(advice_uses / target_advice_uses, 1.0)) / 4.0 * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("UELRATE", (weekly_logins, session_minutes, profile_updates, advice_uses, target_weekly_logins, target_session_minutes, target_profile_updates, target_advice_uses))


def WAG(new_attendance: float | list, old_attendance: float | list) -> float | list:
    """Workshop attendance growth: change in attendance from the earlier to the recent workshop, in percent of the earlier one. Negative when fewer people came.

    Args:
        new_attendance: People at the recent workshop (count of attendees; number or range).
        old_attendance: People at the earlier workshop (count of attendees; number or range).

    Returns:
        The figure (percent), not rounded; a list where an argument is a list.

    Raises:
        KpiError: #DIV/0! for a divisor of zero, #NUM! for impossible inputs, #VALUE! for text;
            in lists the error stands in its place instead.

    Source:
        "¿Cuáles son las métricas principales de los 7 KPI de un negocio de mentoría profesional?"
            (2024-09-27)

    >>> WAG(65, 50)
    30.0
    """
    try:
        if 0.0 <= new_attendance <= _MAX and 0.0 <= old_attendance <= _MAX:
            result = (new_attendance - old_attendance) / old_attendance * 100.0
            if -_MAX <= result <= _MAX and type(result) is float:
                return result
    except (TypeError, ValueError, ArithmeticError):
        pass
    return _careful("WAG", (new_attendance, old_attendance))


_RULES = {
    'ARPU': (('total_revenue', 'active_users'), 'total_revenue / active_users', ('active_users >= 0',), {}),
    'ART': (('resolution_hours', 'resolved_requests'), 'resolution_hours / resolved_requests', ('resolution_hours >= 0', 'resolved_requests >= 0'), {}),
    'ATACM': (('total_months', 'milestone_clients'), 'total_months / milestone_clients', ('total_months >= 0', 'milestone_clients >= 0'), {}),
    'AUR': (('productive_hours', 'available_hours'), 'productive_hours / available_hours * 100', ('productive_hours >= 0', 'available_hours >= 0'), {}),
    'CAC': (('acquisition_spend', 'new_clients'), 'acquisition_spend / new_clients', ('new_clients >= 0',), {}),
    'CCAG': (('new_corporate_clients', 'start_corporate_clients'), 'new_corporate_clients / start_corporate_clients * 100', ('new_corporate_clients >= 0', 'start_corporate_clients >= 0'), {}),
    'CCAGPRINTED': (('new_corporate_clients', 'start_corporate_clients'), '(new_corporate_clients - start_corporate_clients) / start_corporate_clients * 100', ('new_corporate_clients >= 0', 'start_corporate_clients >= 0'), {}),
    'CCAR': (('advanced_clients', 'mentored_clients'), 'advanced_clients / mentored_clients * 100', ('advanced_clients >= 0', 'mentored_clients >= 0', 'advanced_clients <= mentored_clients'), {}),
    'CJPSR': (('placed_clients', 'coached_clients'), 'placed_clients / coached_clients * 100', ('placed_clients >= 0', 'coached_clients >= 0'), {}),
    'CPSR': (('successful_clients', 'coached_clients'), 'successful_clients / coached_clients * 100', ('successful_clients >= 0', 'coached_clients >= 0', 'successful_clients <= coached_clients'), {}),
    'CRFCPC': (('paying_clients', 'free_consultations'), 'paying_clients / free_consultations * 100', ('paying_clients >= 0', 'free_consultations >= 0'), {}),
    'CRR': (('end_clients', 'new_clients', 'start_clients'), '(end_clients - new_clients) / start_clients * 100', ('end_clients >= 0', 'new_clients >= 0', 'start_clients >= 0', 'new_clients <= end_clients'), {}),
    'CSS': (('satisfied_clients', 'surveyed_clients'), 'satisfied_clients / surveyed_clients * 100', ('satisfied_clients >= 0', 'surveyed_clients >= 0', 'satisfied_clients <= surveyed_clients'), {}),
    'CSSMEAN': (('ratings', 'counts'), 'sumproduct(ratings, counts) / sum(counts)', ('min(counts) >= 0',), {'counts': 1.0}),
    'MAI': (('trend_awareness', 'guidance_success', 'client_satisfaction'), '(trend_awareness + guidance_success + client_satisfaction) / 3', ('trend_awareness >= 0', 'trend_awareness <= 100', 'guidance_success >= 0', 'guidance_success <= 100', 'client_satisfaction >= 0', 'client_satisfaction <= 100'), {}),
    'MSCR': (('completed_sessions', 'scheduled_sessions'), 'completed_sessions / scheduled_sessions * 100', ('completed_sessions >= 0', 'scheduled_sessions >= 0'), {}),
    'NCAR': (('new_clients', 'generated_leads'), 'new_clients / generated_leads * 100', ('new_clients >= 0', 'generated_leads >= 0'), {}),
    'NESR': (('connections', 'attendees'), 'connections / attendees * 100', ('connections >= 0', 'attendees >= 0'), {}),
    'NPS': (('promoters_pct', 'detractors_pct'), 'promoters_pct - detractors_pct', ('promoters_pct >= 0', 'promoters_pct <= 100', 'detractors_pct >= 0', 'detractors_pct <= 100', 'promoters_pct + detractors_pct <= 100'), {}),
    'NPSCOUNTS': (('promoters', 'passives', 'detractors'), '(promoters - detractors) / (promoters + passives + detractors) * 100', ('promoters >= 0', 'passives >= 0', 'detractors >= 0'), {}),
    'NPSSCORES': (('scores',), '(countif(scores >= 9) - countif(scores <= 6)) / count(scores) * 100', ('min(scores) >= 0', 'max(scores) <= 10'), {}),
    'RBR': (('repeat_clients', 'served_clients'), 'repeat_clients / served_clients * 100', ('repeat_clients >= 0', 'served_clients >= 0', 'repeat_clients <= served_clients'), {}),
    'RICR': (('interviews', 'submitted_resumes'), 'interviews / submitted_resumes * 100', ('interviews >= 0', 'submitted_resumes >= 0'), {}),
    'RRAU': (('end_users', 'new_users', 'start_users'), '(end_users - new_users) / start_users * 100', ('end_users >= 0', 'new_users >= 0', 'start_users >= 0', 'new_users <= end_users'), {}),
    'RTT': (('elapsed_hours', 'completed_resumes'), 'elapsed_hours / completed_resumes', ('elapsed_hours >= 0', 'completed_resumes >= 0'), {}),
    'SAIR': (('final_score', 'initial_score'), '(final_score - initial_score) / initial_score * 100', (), {}),
    'SCR': (('completed_sessions', 'scheduled_sessions'), 'completed_sessions / scheduled_sessions * 100', ('completed_sessions >= 0', 'scheduled_sessions >= 0'), {}),
    'SDI': (('services_offered', 'active_clients'), 'services_offered / active_clients', ('services_offered >= 0', 'active_clients >= 0'), {}),
    'TCR': (('completed_tasks', 'assigned_tasks'), 'completed_tasks / assigned_tasks * 100', ('completed_tasks >= 0', 'assigned_tasks >= 0'), {}),
    'UEL': (('weekly_logins', 'session_minutes', 'profile_updates', 'advice_uses'), 'weekly_logins + session_minutes + profile_updates + advice_uses', ('weekly_logins >= 0', 'session_minutes >= 0', 'profile_updates >= 0', 'advice_uses >= 0'), {}),
    'UELRATE': (('weekly_logins', 'session_minutes', 'profile_updates', 'advice_uses', 'target_weekly_logins', 'target_session_minutes', 'target_profile_updates', 'target_advice_uses'), '(min(weekly_logins / target_weekly_logins, 1) + min(session_minutes / target_session_minutes, 1) + min(profile_updates / target_profile_updates, 1) + min(advice_uses / target_advice_uses, 1)) / 4 * 100', ('weekly_logins >= 0', 'session_minutes >= 0', 'profile_updates >= 0', 'advice_uses >= 0', 'target_weekly_logins >= 0', 'target_session_minutes >= 0', 'target_profile_updates >= 0', 'target_advice_uses >= 0'), {}),
    'WAG': (('new_attendance', 'old_attendance'), '(new_attendance - old_attendance) / old_attendance * 100', ('new_attendance >= 0', 'old_attendance >= 0'), {}),
}
