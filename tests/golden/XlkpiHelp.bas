Attribute VB_Name = "XlkpiHelp"
' Tells Excel what each function and argument means, and people why a cell failed. Made by xlkpi; change
' xlkpi/data/hosts/classic rather than this. The texts are on the sheet "help".
Option Explicit

' For people: Alt+F8, XlkpiWhy, Run.
Public Sub XlkpiWhy()
    MsgBox XlkpiReason(XlkpiProblem()), vbInformation, "xlkpi"
End Sub

' Nothing here may stop Excel from opening: without descriptions the functions work all the same.
Public Sub XlkpiDescribe()
    Dim texts As Variant, language As String, updating As Boolean, addin As Boolean, i As Long
    On Error Resume Next
    texts = ThisWorkbook.Worksheets("help").UsedRange.Value
    language = XlkpiLanguage()
    addin = ThisWorkbook.IsAddin
    updating = Application.ScreenUpdating
    Application.ScreenUpdating = False
    For i = 2 To UBound(texts, 1)
        If texts(i, 2) = language Then
            If Not XlkpiDescribed(texts, i) Then
                ' Some versions of Excel refuse while the workbook is hidden, as an add-in is.
                If ThisWorkbook.IsAddin Then
                    ThisWorkbook.IsAddin = False
                    XlkpiDescribed texts, i
                End If
            End If
        End If
    Next i
    If addin Then ThisWorkbook.IsAddin = True
    ThisWorkbook.Saved = True
    Application.ScreenUpdating = updating
End Sub

' Whether Excel took the description in that row: function, language, description, help, arguments.
Private Function XlkpiDescribed(ByVal texts As Variant, ByVal i As Long) As Boolean
    Dim target As String, about As String, link As String, arguments() As String, count As Long
    On Error GoTo failed
    target = "'" & ThisWorkbook.Name & "'!" & texts(i, 1)
    about = texts(i, 3)
    link = texts(i, 4)
    Do While count + 5 <= UBound(texts, 2)
        If texts(i, count + 5) = "" Then Exit Do
        count = count + 1
        ReDim Preserve arguments(1 To count)
        arguments(count) = texts(i, count + 4)
    Loop
    If link = "" And count = 0 Then
        Application.MacroOptions Macro:=target, Description:=about, Category:="KPI"
    ElseIf link = "" Then
        Application.MacroOptions Macro:=target, Description:=about, Category:="KPI", _
            ArgumentDescriptions:=arguments
    ElseIf count = 0 Then
        Application.MacroOptions Macro:=target, Description:=about, Category:="KPI", HelpFile:=link
    Else
        Application.MacroOptions Macro:=target, Description:=about, Category:="KPI", HelpFile:=link, _
            ArgumentDescriptions:=arguments
    End If
    XlkpiDescribed = True
failed:
End Function

Private Function XlkpiReason(ByVal problem As String) As String
    If problem = "" Then
        XlkpiReason = "No function of xlkpi has failed since Excel was started."
    Else
        XlkpiReason = problem & vbLf & vbLf & "Run ""xlkpi addin doctor"" in a command prompt: it says what to do." _
            & vbLf & "Then press Ctrl+Alt+F9 here, to calculate anew."
    End If
End Function

' The language of Excel's menus where it is one of ours, else English.
Private Function XlkpiLanguage() As String
    XlkpiLanguage = "en"
    On Error Resume Next
    Select Case Application.LanguageSettings.LanguageID(2) And &H3FF
    Case 22
        XlkpiLanguage = "pt"
    Case 12
        XlkpiLanguage = "fr"
    Case 10
        XlkpiLanguage = "es"
    End Select
End Function
