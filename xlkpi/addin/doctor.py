"""Find out why the classic add-in does not work: every reason at once, each with its mend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..names import ADDIN_FILE
from .conf import INTERPRETER, SEARCH_PATH, Conf, ConfError, folders_of, read_conf
from .install import STORE_PYTHON, Record, read_record, unwritable
from .machine import WINDOWS, Machine, NotWindowsError, Probe, from_store
from .registry import POLICY, Trust

ERROR, WARNING = "error", "warning"
INSTALL = "Run: xlkpi addin install"
ALL_WELL = (
    "All is well, as far as can be seen without Excel. Open Excel and type =XLKPIVERSION() in a cell.\n"
    "If a cell shows an error all the same: press Alt+F8, type XlkpiWhy and press Run; it shows the last failure."
)
_LITE = "Or use xlwings Lite, which needs no macros."
_ADDINS = "File > Options > Trust Center > Trust Center Settings > Add-ins"
# Field of Trust, severity, what is wrong, where the user finds the setting. The code is the field's name.
_TRUST = (
    ("vba_off", ERROR, "Visual Basic is turned off in all of Office.", "Office's setting VBAOff"),
    ("addins_off", ERROR, "All application add-ins are turned off in Excel.", _ADDINS),
    ("addins_signed", ERROR, "Excel runs signed add-ins alone, and this one has no signature.", _ADDINS),
    ("startup_signed", ERROR, "Office runs signed macros alone at its start, and this add-in has no signature.",
     "Office's setting RequireAlwaysOnMacroSig"),
    ("not_listed", ERROR, f"Excel runs listed add-ins alone, and {ADDIN_FILE} is blocked or not on the list.",
     "Office's settings List of managed add-ins and Block all unmanaged add-ins"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One reason why the add-in does not work, or may not.

    Args:
        code: a short name, such as ``dll-missing``.
        severity: ``"error"`` or ``"warning"``.
        what: what is wrong.
        where: the file, program or setting.
        fix: what to do.
    """

    code: str
    severity: str
    what: str
    where: str
    fix: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.what}\n  where: {self.where}\n  to do: {self.fix}"

    def as_dict(self) -> dict[str, str]:
        """Return the diagnosis as plain values, for ``--json``."""
        return {name: getattr(self, name) for name in ("code", "severity", "what", "where", "fix")}


def diagnose(machine: Machine) -> list[Diagnosis]:
    """Find every reason why the add-in does not work on a computer.

    Args:
        machine: the computer.

    Returns:
        The reasons; none when all is well. What follows from another reason is not named.

    >>> [found.code for found in diagnose(Machine("Linux", Path(), Path(), Path()))]
    ['not-windows']
    """
    if machine.system != WINDOWS:
        return [
            Diagnosis(
                "not-windows", ERROR, str(NotWindowsError(machine.system)), machine.system, "Run: xlkpi addin build"
            )
        ]
    found = [*_excel(machine), *_trust(machine.trust), *_paths(machine)]
    barred = any(each.code in ("path-letters", "python-store") for each in found)
    if machine.xlam.exists():
        return [*found, *_files(machine), *_copies(machine), *([] if barred else _configuration(machine))]
    if not barred:
        found += _packages(machine.python, Probe(True, machine.xlwings, machine.pywin32))
        found += [Diagnosis("not-installed", ERROR, "The add-in is not installed.", str(machine.xlam), INSTALL)]
    return [*found, *_copies(machine)]


def _excel(machine: Machine) -> Iterator[Diagnosis]:
    if machine.excel is None:
        fix = "Install Excel for Windows. Excel on the web needs xlwings Lite instead: xlkpi addin build"
        yield Diagnosis("excel-missing", ERROR, "There is no Excel on this computer.", "the Windows registry", fix)
    elif from_store(machine.excel.path):
        # github.com/xlwings/xlwings/issues/1166
        what = "This Excel comes from the Microsoft Store, and cannot reach a Python outside the store's walls."
        fix = f"Uninstall it, and install Office from your account at office.com. {_LITE}"
        yield Diagnosis("excel-store", ERROR, what, str(machine.excel.path), fix)


def _trust(trust: Trust) -> Iterator[Diagnosis]:
    for name, severity, what, where in _TRUST:
        if who := getattr(trust, name):
            yield Diagnosis(name.replace("_", "-"), severity, what, where, _ask(who, f"Excel: {where}"))
    if who := trust.locations_off:
        # Macros that are off are off outside trusted locations alone; XLSTART is one, unless there are none.
        where = "Excel: File > Options > Trust Center > Trust Center Settings > Trusted Locations"
        if trust.macros_off:
            what = "Macros without a signature are turned off, and so are trusted locations, the one place exempt."
            yield Diagnosis("macros-off", ERROR, what, f"{where}, and Macro Settings beside it", _ask(who, where))
        else:
            what = "Trusted locations are turned off: Excel may ask about the add-in's macros at each start."
            yield Diagnosis("locations-off", WARNING, what, where, _ask(who, where))
    if trust.crashed:
        fix = f"In Excel: File > Options > Add-ins > Manage: Disabled Items > Go; choose {ADDIN_FILE}, then Enable."
        yield Diagnosis("crashed", ERROR, "Excel disabled the add-in after a crash.", "Excel's Disabled Items", fix)


def _ask(who: str, where: str) -> str:
    if who == POLICY:
        return f"It is a policy: ask those who look after your computer to allow {ADDIN_FILE}. {_LITE}"
    return f"You can change it yourself. Go to {where}"


def _paths(machine: Machine) -> Iterator[Diagnosis]:
    # A Python that is not in use yet matters only before the installation.
    paths = [machine.folder] if machine.xlam.exists() else [machine.folder, machine.interpreter]
    for path in paths:
        if not machine.can_write(path):
            what, fix = unwritable(path)
            yield Diagnosis("path-letters", ERROR, what, str(path), fix)
    if machine.store_python:
        what = "This Python comes from the Microsoft Store."
        yield Diagnosis("python-store", ERROR, what, str(machine.python), STORE_PYTHON)


def _copies(machine: Machine) -> Iterator[Diagnosis]:
    for folder in machine.startup_folders:
        copy = folder / ADDIN_FILE
        if copy.exists() and copy.resolve() != machine.xlam.resolve():
            what = f"There is another {ADDIN_FILE}. Excel opens one of the two, perhaps the older."
            yield Diagnosis("second-copy", WARNING, what, str(copy), "Close Excel and delete this file.")


def _files(machine: Machine) -> Iterator[Diagnosis]:
    record = read_record(machine)
    if machine.comes_from_internet(machine.xlam):
        what = "Windows marks the add-in as a file from the internet, and Excel may refuse its macros."
        yield Diagnosis("from-internet", WARNING, what, str(machine.xlam), f"{INSTALL} (it writes the file anew).")
    if record is None:
        what = "The record of the installation is missing: nobody can tell which xlwings the add-in needs."
        yield Diagnosis("record-missing", WARNING, what, str(machine.record), INSTALL)
    if not machine.module.exists():
        yield Diagnosis("functions-missing", ERROR, "The functions are missing.", str(machine.module), INSTALL)
        return
    text = machine.module.read_text("utf-8", "replace")
    version = re.search(r'^__version__ = "([^"]*)"', text, re.MULTILINE)
    versions = {version[1] if version else "unknown", record.xlkpi if record else __version__}
    if versions != {__version__}:
        what = f"The add-in in Excel is xlkpi {' and '.join(sorted(versions))}; this is xlkpi {__version__}."
        yield Diagnosis("other-version", WARNING, what, str(machine.module), INSTALL)


def _configuration(machine: Machine) -> Iterator[Diagnosis]:
    where = str(machine.conf)
    try:
        conf = read_conf(machine.conf, machine.encoding)
    except ConfError as error:
        yield Diagnosis("conf-unreadable", ERROR, error.what, where, error.fix)
        return
    if not machine.conf.exists():
        yield Diagnosis("conf-missing", ERROR, "The add-in's configuration is missing.", where, INSTALL)
        return
    if line := conf.odd_line():
        what = f'Line {line} of the configuration is not of the kind "NAME","VALUE".'
        yield Diagnosis("conf-line", ERROR, what, f"{where}:{line}", "Delete the line.")
    if machine.folder not in map(Path, folders_of(conf.value(SEARCH_PATH))):
        what = f"{SEARCH_PATH} in the configuration does not name the folder of the functions."
        yield Diagnosis("conf-search-path", ERROR, what, where, INSTALL)
    yield from _interpreter(machine, conf)


def _interpreter(machine: Machine, conf: Conf) -> Iterator[Diagnosis]:
    interpreter = Path(conf.value(INTERPRETER))
    if not interpreter.is_absolute():
        what = f"{INTERPRETER} in the configuration is not the full path of a Python."
        yield Diagnosis("conf-interpreter", ERROR, what, str(machine.conf), INSTALL)
    elif not interpreter.exists():
        what = "The Python that Excel is to run is not there any more."
        yield Diagnosis("python-moved", ERROR, what, str(interpreter), f"{INSTALL} (in the Python that is there now)")
    elif from_store(interpreter) and not machine.store_python:
        what = "The Python that Excel is to run comes from the Microsoft Store."
        yield Diagnosis("python-store", ERROR, what, str(interpreter), STORE_PYTHON)
    else:
        yield from _python(machine, interpreter, read_record(machine))


def _python(machine: Machine, interpreter: Path, record: Record | None) -> Iterator[Diagnosis]:
    probe = machine.ask(interpreter, machine.folder)
    if not probe.runs:
        what = f"The Python that Excel is to run does not run. {probe.error}"
        yield Diagnosis("python-broken", ERROR, what, str(interpreter), f"Mend or reinstall it. {INSTALL}")
        return
    missing = list(_packages(interpreter, probe))
    yield from missing
    if probe.xlwings and record and probe.xlwings != record.xlwings:
        what = f"The add-in works with xlwings {record.xlwings}, and Python has xlwings {probe.xlwings} now."
        yield Diagnosis("xlwings-changed", ERROR, what, str(interpreter), INSTALL)
    elif probe.xlwings:
        yield from _dll(machine, interpreter, record.xlwings if record else probe.xlwings)
    if probe.error and not missing and machine.module.exists():
        what = f"Python cannot import the functions. {probe.error}"
        yield Diagnosis("functions-fail", ERROR, what, str(machine.module), INSTALL)


def _packages(interpreter: Path, probe: Probe) -> Iterator[Diagnosis]:
    for name, there in (("xlwings", probe.xlwings), ("pywin32", probe.pywin32)):
        if not there:
            console = interpreter.with_name(interpreter.name.replace("pythonw", "python"))
            fix = f'Run: "{console}" -m pip install --force-reinstall {name}'
            yield Diagnosis(f"{name}-missing", ERROR, f"{name} cannot be imported.", str(interpreter), fix)


def _dll(machine: Machine, interpreter: Path, version: str) -> Iterator[Diagnosis]:
    """The DLL is loaded into Excel, so its bits are Excel's; Python's do not matter."""
    # The two folders in which XLPyLoadDLL looks: that of Python, and above it for a virtual environment.
    folders = (interpreter.parent, interpreter.parent.parent)
    there = [bits for bits in (32, 64) if any((folder / _dll_name(bits, version)).exists() for folder in folders)]
    bits = machine.excel.bits if machine.excel else 0
    if bits in there or (there and not bits):
        return
    console = interpreter.with_name(interpreter.name.replace("pythonw", "python"))
    fix = (
        f'Run: "{console}" -m pip install --force-reinstall xlwings=={version} (without --user). If the file is '
        "still missing, make a virtual environment, install xlkpi and xlwings in it, and run xlkpi addin install there."
    )
    name, where = _dll_name(bits or 64, version), f"{folders[0]} or {folders[1]}"
    if there:
        what = f"Excel has {bits} bits, and there is xlwings' DLL for {there[0]} bits alone: {name} is missing."
        yield Diagnosis("dll-bits", ERROR, what, where, fix)
    else:
        yield Diagnosis("dll-missing", ERROR, f"xlwings' DLL {name} is missing.", where, fix)


def _dll_name(bits: int, version: str) -> str:
    return f"xlwings{bits}-{version}.dll"
