Attribute VB_Name = "XlkpiCore"
' Passes the calls of cells on to Python. Made by xlkpi; change xlkpi/data/hosts/classic rather than this.
Option Explicit
Option Private Module

Private Const PYTHON_MODULE As String = "@PYTHON_MODULE@"
Private Const PAUSE As Double = 5
Private python As Object
Private problem As String
Private failedAt As Double

' What a cell shows: Python's answer, or #VALUE! where there is none; XlkpiWhy tells why.
Public Function XlkpiAnswer(ByVal functionName As String, ByVal arguments As Variant) As Variant
    Dim answer As Variant, again As Boolean
    On Error GoTo failed
    again = Not python Is Nothing
retry:
    If python Is Nothing Then XlkpiStart
    answer = python.CallUDF(PYTHON_MODULE, functionName, (arguments), ThisWorkbook, Application.Caller)
    XlkpiAnswer = XlkpiCells(answer)
    Exit Function
failed:
    problem = UCase(functionName) & ": " & Err.Description
    Set python = Nothing
    ' Python may have been ended meanwhile: one more try, with a new one.
    If again Then
        again = False
        Resume retry
    End If
    XlkpiAnswer = CVErr(2015)
End Function

' The last failure, or nothing.
Public Function XlkpiProblem() As String
    XlkpiProblem = problem
End Function

' A start may take a minute to fail: the cells that follow do not try again at once, or Excel would hang.
Private Sub XlkpiStart()
    If failedAt > 0 And Abs(Timer - failedAt) < PAUSE Then Err.Raise 1000, , "Python could not be started just now."
    On Error GoTo failed
    Set python = XLPy
    failedAt = 0
    Exit Sub
failed:
    failedAt = Timer
    Err.Raise 1000, , Err.Description
End Sub

' Python hands over one value, one row, or rows.
Private Function XlkpiCells(ByVal answer As Variant) As Variant
    Dim made() As Variant, i As Long, j As Long
    Select Case XlkpiDimensions(answer)
    Case 0
        XlkpiCells = XlkpiCell(answer)
    Case 1
        ReDim made(LBound(answer) To UBound(answer))
        For i = LBound(answer) To UBound(answer)
            made(i) = XlkpiCell(answer(i))
        Next i
        XlkpiCells = made
    Case Else
        ReDim made(LBound(answer, 1) To UBound(answer, 1), LBound(answer, 2) To UBound(answer, 2))
        For i = LBound(answer, 1) To UBound(answer, 1)
            For j = LBound(answer, 2) To UBound(answer, 2)
                made(i, j) = XlkpiCell(answer(i, j))
            Next j
        Next i
        XlkpiCells = made
    End Select
End Function

Private Function XlkpiDimensions(ByVal answer As Variant) As Long
    Dim bound As Long
    If Not IsArray(answer) Then Exit Function
    XlkpiDimensions = 1
    On Error GoTo one
    bound = UBound(answer, 2)
    XlkpiDimensions = 2
one:
End Function

' Python can hand over an error as text alone; here it becomes the error itself.
Private Function XlkpiCell(ByVal answer As Variant) As Variant
    XlkpiCell = answer
    If VarType(answer) <> vbString Then Exit Function
    Select Case answer
    Case "#NULL!"
        XlkpiCell = CVErr(2000)
    Case "#DIV/0!"
        XlkpiCell = CVErr(2007)
    Case "#VALUE!"
        XlkpiCell = CVErr(2015)
    Case "#REF!"
        XlkpiCell = CVErr(2023)
    Case "#NAME?"
        XlkpiCell = CVErr(2029)
    Case "#NUM!"
        XlkpiCell = CVErr(2036)
    Case "#N/A"
        XlkpiCell = CVErr(2042)
    End Select
End Function
