Attribute VB_Name = "XlkpiFunctions"
' The functions as cells call them. Made by xlkpi; change the catalogue and make the add-in anew.
Option Explicit

Public Function CSS(satisfied_clients, surveyed_clients)
    CSS = XlkpiAnswer("css", Array(satisfied_clients, surveyed_clients))
End Function

Public Function CSSMEAN(ratings, Optional counts)
    CSSMEAN = XlkpiAnswer("cssmean", Array(ratings, counts))
End Function

Public Function CRR(end_clients, new_clients, start_clients)
    CRR = XlkpiAnswer("crr", Array(end_clients, new_clients, start_clients))
End Function

Public Function ATACM(total_months, milestone_clients)
    ATACM = XlkpiAnswer("atacm", Array(total_months, milestone_clients))
End Function

Public Function NPS(promoters_pct, detractors_pct)
    NPS = XlkpiAnswer("nps", Array(promoters_pct, detractors_pct))
End Function

Public Function NPSCOUNTS(promoters, passives, detractors)
    NPSCOUNTS = XlkpiAnswer("npscounts", Array(promoters, passives, detractors))
End Function

Public Function NPSSCORES(scores)
    NPSSCORES = XlkpiAnswer("npsscores", Array(scores))
End Function

Public Function MSCR(completed_sessions, scheduled_sessions)
    MSCR = XlkpiAnswer("mscr", Array(completed_sessions, scheduled_sessions))
End Function

Public Function CCAR(advanced_clients, mentored_clients)
    CCAR = XlkpiAnswer("ccar", Array(advanced_clients, mentored_clients))
End Function

Public Function WAG(new_attendance, old_attendance)
    WAG = XlkpiAnswer("wag", Array(new_attendance, old_attendance))
End Function

Public Function NESR(connections, attendees)
    NESR = XlkpiAnswer("nesr", Array(connections, attendees))
End Function

Public Function SAIR(final_score, initial_score)
    SAIR = XlkpiAnswer("sair", Array(final_score, initial_score))
End Function

Public Function UEL(weekly_logins, session_minutes, profile_updates, advice_uses)
    UEL = XlkpiAnswer("uel", Array(weekly_logins, session_minutes, profile_updates, advice_uses))
End Function

Public Function UELRATE(weekly_logins, session_minutes, profile_updates, advice_uses, target_weekly_logins, target_session_minutes, target_profile_updates, target_advice_uses)
    UELRATE = XlkpiAnswer("uelrate", Array(weekly_logins, session_minutes, profile_updates, advice_uses, target_weekly_logins, target_session_minutes, target_profile_updates, target_advice_uses))
End Function

Public Function CPSR(successful_clients, coached_clients)
    CPSR = XlkpiAnswer("cpsr", Array(successful_clients, coached_clients))
End Function

Public Function MAI(trend_awareness, guidance_success, client_satisfaction)
    MAI = XlkpiAnswer("mai", Array(trend_awareness, guidance_success, client_satisfaction))
End Function

Public Function RRAU(end_users, new_users, start_users)
    RRAU = XlkpiAnswer("rrau", Array(end_users, new_users, start_users))
End Function

Public Function CCAG(new_corporate_clients, start_corporate_clients)
    CCAG = XlkpiAnswer("ccag", Array(new_corporate_clients, start_corporate_clients))
End Function

Public Function CCAGPRINTED(new_corporate_clients, start_corporate_clients)
    CCAGPRINTED = XlkpiAnswer("ccagprinted", Array(new_corporate_clients, start_corporate_clients))
End Function

Public Function SCR(completed_sessions, scheduled_sessions)
    SCR = XlkpiAnswer("scr", Array(completed_sessions, scheduled_sessions))
End Function

Public Function ARPU(total_revenue, active_users)
    ARPU = XlkpiAnswer("arpu", Array(total_revenue, active_users))
End Function

Public Function CRFCPC(paying_clients, free_consultations)
    CRFCPC = XlkpiAnswer("crfcpc", Array(paying_clients, free_consultations))
End Function

Public Function CJPSR(placed_clients, coached_clients)
    CJPSR = XlkpiAnswer("cjpsr", Array(placed_clients, coached_clients))
End Function

Public Function RTT(elapsed_hours, completed_resumes)
    RTT = XlkpiAnswer("rtt", Array(elapsed_hours, completed_resumes))
End Function

Public Function CAC(acquisition_spend, new_clients)
    CAC = XlkpiAnswer("cac", Array(acquisition_spend, new_clients))
End Function

Public Function RBR(repeat_clients, served_clients)
    RBR = XlkpiAnswer("rbr", Array(repeat_clients, served_clients))
End Function

Public Function RICR(interviews, submitted_resumes)
    RICR = XlkpiAnswer("ricr", Array(interviews, submitted_resumes))
End Function

Public Function ART(resolution_hours, resolved_requests)
    ART = XlkpiAnswer("art", Array(resolution_hours, resolved_requests))
End Function

Public Function TCR(completed_tasks, assigned_tasks)
    TCR = XlkpiAnswer("tcr", Array(completed_tasks, assigned_tasks))
End Function

Public Function AUR(productive_hours, available_hours)
    AUR = XlkpiAnswer("aur", Array(productive_hours, available_hours))
End Function

Public Function NCAR(new_clients, generated_leads)
    NCAR = XlkpiAnswer("ncar", Array(new_clients, generated_leads))
End Function

Public Function SDI(services_offered, active_clients)
    SDI = XlkpiAnswer("sdi", Array(services_offered, active_clients))
End Function

Public Function KPIBAND(vertical, kpi, value, Optional segment, Optional language)
    KPIBAND = XlkpiAnswer("kpiband", Array(vertical, kpi, value, segment, language))
End Function

Public Function KPILEVEL(vertical, kpi, value, Optional segment)
    KPILEVEL = XlkpiAnswer("kpilevel", Array(vertical, kpi, value, segment))
End Function

Public Function KPITHRESHOLD(vertical, kpi, band_name, Optional segment)
    KPITHRESHOLD = XlkpiAnswer("kpithreshold", Array(vertical, kpi, band_name, segment))
End Function

Public Function KPINEXT(vertical, kpi, value, Optional segment)
    KPINEXT = XlkpiAnswer("kpinext", Array(vertical, kpi, value, segment))
End Function

Public Function KPILIST(Optional vertical, Optional language)
    KPILIST = XlkpiAnswer("kpilist", Array(vertical, language))
End Function

Public Function KPIHELP(function_name, Optional language)
    KPIHELP = XlkpiAnswer("kpihelp", Array(function_name, language))
End Function

Public Function XLKPIVERSION()
    XLKPIVERSION = XlkpiAnswer("xlkpiversion", Array())
End Function
