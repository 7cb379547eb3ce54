"""Types of the KPI functions; generated from the catalogue by ``python -m xlkpi.generate``."""

from typing import Any, TypeAlias, overload

Cells: TypeAlias = list[Any] | tuple[Any, ...] | range

@overload
def ARPU(total_revenue: float, active_users: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def ARPU(total_revenue: float | Cells, active_users: float | Cells) -> list[Any]: ...
@overload
def ART(resolution_hours: float, resolved_requests: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def ART(resolution_hours: float | Cells, resolved_requests: float | Cells) -> list[Any]: ...
@overload
def ATACM(total_months: float, milestone_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def ATACM(total_months: float | Cells, milestone_clients: float | Cells) -> list[Any]: ...
@overload
def AUR(productive_hours: float, available_hours: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def AUR(productive_hours: float | Cells, available_hours: float | Cells) -> list[Any]: ...
@overload
def CAC(acquisition_spend: float, new_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CAC(acquisition_spend: float | Cells, new_clients: float | Cells) -> list[Any]: ...
@overload
def CCAG(new_corporate_clients: float, start_corporate_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CCAG(new_corporate_clients: float | Cells, start_corporate_clients: float | Cells) -> list[Any]: ...
@overload
def CCAGPRINTED(new_corporate_clients: float, start_corporate_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CCAGPRINTED(new_corporate_clients: float | Cells, start_corporate_clients: float | Cells) -> list[Any]: ...
@overload
def CCAR(advanced_clients: float, mentored_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CCAR(advanced_clients: float | Cells, mentored_clients: float | Cells) -> list[Any]: ...
@overload
def CJPSR(placed_clients: float, coached_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CJPSR(placed_clients: float | Cells, coached_clients: float | Cells) -> list[Any]: ...
@overload
def CPSR(successful_clients: float, coached_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CPSR(successful_clients: float | Cells, coached_clients: float | Cells) -> list[Any]: ...
@overload
def CRFCPC(paying_clients: float, free_consultations: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CRFCPC(paying_clients: float | Cells, free_consultations: float | Cells) -> list[Any]: ...
@overload
def CRR(end_clients: float, new_clients: float, start_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CRR(end_clients: float | Cells, new_clients: float | Cells, start_clients: float | Cells) -> list[Any]: ...
@overload
def CSS(satisfied_clients: float, surveyed_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def CSS(satisfied_clients: float | Cells, surveyed_clients: float | Cells) -> list[Any]: ...
def CSSMEAN(ratings: Cells, counts: Cells | None = None) -> float: ...
@overload
def MAI(trend_awareness: float, guidance_success: float, client_satisfaction: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def MAI(trend_awareness: float | Cells, guidance_success: float | Cells, client_satisfaction: float | Cells) -> list[Any]: ...
@overload
def MSCR(completed_sessions: float, scheduled_sessions: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def MSCR(completed_sessions: float | Cells, scheduled_sessions: float | Cells) -> list[Any]: ...
@overload
def NCAR(new_clients: float, generated_leads: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def NCAR(new_clients: float | Cells, generated_leads: float | Cells) -> list[Any]: ...
@overload
def NESR(connections: float, attendees: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def NESR(connections: float | Cells, attendees: float | Cells) -> list[Any]: ...
@overload
def NPS(promoters_pct: float, detractors_pct: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def NPS(promoters_pct: float | Cells, detractors_pct: float | Cells) -> list[Any]: ...
@overload
def NPSCOUNTS(promoters: float, passives: float, detractors: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def NPSCOUNTS(promoters: float | Cells, passives: float | Cells, detractors: float | Cells) -> list[Any]: ...
def NPSSCORES(scores: Cells) -> float: ...
@overload
def RBR(repeat_clients: float, served_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def RBR(repeat_clients: float | Cells, served_clients: float | Cells) -> list[Any]: ...
@overload
def RICR(interviews: float, submitted_resumes: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def RICR(interviews: float | Cells, submitted_resumes: float | Cells) -> list[Any]: ...
@overload
def RRAU(end_users: float, new_users: float, start_users: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def RRAU(end_users: float | Cells, new_users: float | Cells, start_users: float | Cells) -> list[Any]: ...
@overload
def RTT(elapsed_hours: float, completed_resumes: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def RTT(elapsed_hours: float | Cells, completed_resumes: float | Cells) -> list[Any]: ...
@overload
def SAIR(final_score: float, initial_score: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def SAIR(final_score: float | Cells, initial_score: float | Cells) -> list[Any]: ...
@overload
def SCR(completed_sessions: float, scheduled_sessions: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def SCR(completed_sessions: float | Cells, scheduled_sessions: float | Cells) -> list[Any]: ...
@overload
def SDI(services_offered: float, active_clients: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def SDI(services_offered: float | Cells, active_clients: float | Cells) -> list[Any]: ...
@overload
def TCR(completed_tasks: float, assigned_tasks: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def TCR(completed_tasks: float | Cells, assigned_tasks: float | Cells) -> list[Any]: ...
@overload
def UEL(weekly_logins: float, session_minutes: float, profile_updates: float, advice_uses: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def UEL(weekly_logins: float | Cells, session_minutes: float | Cells, profile_updates: float | Cells, advice_uses: float | Cells) -> list[Any]: ...
@overload
def UELRATE(weekly_logins: float, session_minutes: float, profile_updates: float, advice_uses: float, target_weekly_logins: float, target_session_minutes: float, target_profile_updates: float, target_advice_uses: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def UELRATE(weekly_logins: float | Cells, session_minutes: float | Cells, profile_updates: float | Cells, advice_uses: float | Cells, target_weekly_logins: float | Cells, target_session_minutes: float | Cells, target_profile_updates: float | Cells, target_advice_uses: float | Cells) -> list[Any]: ...
@overload
def WAG(new_attendance: float, old_attendance: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def WAG(new_attendance: float | Cells, old_attendance: float | Cells) -> list[Any]: ...
