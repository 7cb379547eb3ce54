"""The classic add-in on a computer that is not there: a faked Windows, with real files in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import xlkpi
from xlkpi import whole
from xlkpi.addin import doctor, machine, registry
from xlkpi.addin.conf import Conf, read_conf
from xlkpi.addin.doctor import diagnose
from xlkpi.addin.install import install, read_record, status, uninstall
from xlkpi.addin.machine import AddinError, Machine, NotWindowsError, Probe, ask_python, this_machine
from xlkpi.addin.registry import Excel, Trust, find_excel, find_trust, windows_registry
from xlkpi.cli_addin import addin

VERSION = "0.37.8"
XLAM = b"PK the add-in"
FUNCTIONS = f'"""The functions."""\n\n__version__ = "{xlkpi.__version__}"\n'
GOOD = Probe(True, VERSION, True)


def touch(path: Path, data: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.fixture
def pc(tmp_path: Path) -> Machine:
    """A computer on which everything is as it should be, and the add-in is not installed."""
    home, environment = tmp_path / "Users" / "José da Conceição", tmp_path / "kpi env"
    for name in ("Scripts/python.exe", "Scripts/pythonw.exe"):
        touch(environment / name)
    for bits in (32, 64):
        touch(environment / f"xlwings{bits}-{VERSION}.dll")
    appdata = home / "AppData" / "Roaming"
    appdata.mkdir(parents=True)
    return Machine(
        system="Windows",
        home=home,
        appdata=appdata,
        python=environment / "Scripts" / "python.exe",
        xlwings=VERSION,
        pywin32=True,
        encoding="cp1252",
        excel=Excel(tmp_path / "Office" / "EXCEL.EXE", "16.0", 64),
        startup_folders=(appdata / "Microsoft" / "AddIns", tmp_path / "Office" / "XLSTART"),
        ask=lambda interpreter, folder: GOOD,
    )


@pytest.fixture
def installed(pc: Machine) -> Machine:
    install(pc, XLAM, FUNCTIONS, VERSION)
    return pc


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder, with what is in it."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


def codes(computer: Machine) -> list[str]:
    return [found.code for found in diagnose(computer)]


# --- installing -------------------------------------------------------------------------------------------------------


def test_install_status_and_doctor_agree(pc):
    report = str(install(pc, XLAM, FUNCTIONS, VERSION))
    assert pc.xlam.read_bytes() == XLAM
    assert pc.module.read_text("utf-8") == FUNCTIONS
    assert pc.conf.read_bytes().decode("cp1252") == (
        f'"INTERPRETER_WIN","{pc.python.with_name("pythonw.exe")}"\r\n"PYTHONPATH","{pc.folder}"\r\n'
    )
    for path in (pc.xlam, pc.module, pc.conf):
        assert str(path) in report
    assert "xlkpi addin uninstall" in report
    assert "=XLKPIVERSION()" in report
    assert "Open Excel" in report
    found = str(status(pc))
    assert f"{pc.xlam} (xlkpi {xlkpi.__version__}, for xlwings {VERSION})" in found
    assert "16.0, 64-bit" in found
    assert str(pc.python.with_name("pythonw.exe")) in found
    assert diagnose(pc) == []


def test_status_of_nothing(pc):
    found = str(status(replace(pc, excel=None)))
    assert "Excel: none" in found
    assert "Add-in: not installed" in found
    assert "Python for Excel: not set" in found
    assert "Functions: not installed" in found


def test_status_line_by_line(installed):
    found = status(replace(installed, python_bits=32, excel=Excel(Path("/EXCEL.EXE"), "15.0", 0, running=True)))
    assert found.lines[0] == "Excel: /EXCEL.EXE (15.0, open)"
    assert found.lines[2] == f"Functions: {installed.module}"
    assert found.lines[4] == f"This Python: {installed.python} (32-bit, xlwings {VERSION})"
    assert str(found) == "\n".join(found.lines)
    assert "xlwings none" in str(status(replace(installed, xlwings="")))
    assert status(installed).lines[0] == f"Excel: {installed.excel.path} (16.0, 64-bit)"


def test_the_folders_are_those_that_excel_and_vba_look_in(pc):
    assert pc.xlam == pc.appdata / "Microsoft" / "Excel" / "XLSTART" / "xlkpi.xlam"
    assert pc.conf == pc.home / ".xlkpi" / "xlkpi.conf"
    assert pc.module == pc.home / ".xlkpi" / "xlkpi_functions.py"
    assert pc.record == pc.home / ".xlkpi" / "installed.json"


def test_installing_twice_is_the_same(installed):
    before = tree(installed.home)
    install(installed, XLAM, FUNCTIONS, VERSION)
    assert tree(installed.home) == before


def test_an_update_replaces_everything(installed):
    newer = replace(installed, xlwings="0.40.0")
    install(newer, b"newer", FUNCTIONS + "# newer\n", "0.40.0")
    assert newer.xlam.read_bytes() == b"newer"
    assert newer.module.read_text("utf-8").endswith("# newer\n")
    assert read_record(newer).xlwings == "0.40.0"


def test_open_excel_must_be_opened_again(pc):
    running = replace(pc, excel=replace(pc.excel, running=True))
    assert "Close Excel and open it again" in str(install(running, XLAM, FUNCTIONS, VERSION))


def test_python_without_a_windowless_twin_is_taken_itself(pc):
    pc.python.with_name("pythonw.exe").unlink()
    install(pc, XLAM, FUNCTIONS, VERSION)
    assert read_conf(pc.conf, "cp1252").value("INTERPRETER_WIN") == str(pc.python)


def locked(monkeypatch, target: Path, error: OSError) -> None:
    """Let nobody put a file in the place of another, as Windows does while Excel has it open."""
    real_replace, real_unlink = Path.replace, Path.unlink

    def replace_unless_locked(self, to):
        if Path(to) == target:
            raise error
        return real_replace(self, to)

    def unlink_unless_locked(self, missing_ok=False):
        if self == target:
            raise error
        return real_unlink(self, missing_ok)

    monkeypatch.setattr(Path, "replace", replace_unless_locked)
    monkeypatch.setattr(Path, "unlink", unlink_unless_locked)


def test_a_locked_add_in_changes_nothing_and_says_close_excel(installed, monkeypatch):
    before = tree(installed.home)
    locked(monkeypatch, installed.xlam, PermissionError(13, "Permission denied"))
    with pytest.raises(AddinError, match=r"in use.*Nothing was changed.*Close Excel") as told:
        install(installed, b"newer", "newer", VERSION)
    assert str(installed.xlam) in str(told.value)
    assert tree(installed.home) == before


@pytest.mark.parametrize("name", ["xlam", "module", "conf", "record"])
@pytest.mark.parametrize("there", [True, False], ids=["update", "first"])
def test_a_failing_write_leaves_the_old_files(pc, monkeypatch, name, there):
    if there:
        install(pc, XLAM, FUNCTIONS, VERSION)
    before = tree(pc.home)
    locked(monkeypatch, getattr(pc, name), OSError(28, "No space left on device"))
    with pytest.raises(AddinError, match=r"cannot be written: No space left on device\. Nothing was changed") as told:
        install(pc, b"newer", "newer", VERSION)
    assert str(getattr(pc, name)) in str(told.value)
    assert "Close Excel" not in str(told.value)
    assert tree(pc.home) == before


def test_a_disk_that_is_full_at_once_leaves_the_old_files(installed, monkeypatch):
    before = tree(installed.home)

    def full(handle, mode):
        os.close(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole.os, "fdopen", full)
    with pytest.raises(AddinError, match="No space left"):
        install(installed, b"newer", "newer", VERSION)
    assert tree(installed.home) == before


def test_an_interruption_leaves_the_old_files(installed, monkeypatch):
    before = tree(installed.home)
    locked(monkeypatch, installed.conf, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        install(installed, b"newer", "newer", VERSION)
    assert tree(installed.home) == before


def test_no_temporary_file_is_ever_in_the_folder_that_excel_opens(pc, monkeypatch):
    seen = []
    real = whole.tempfile.mkstemp
    monkeypatch.setattr(whole.tempfile, "mkstemp", lambda **at: seen.append(at["dir"]) or real(**at))
    install(pc, XLAM, FUNCTIONS, VERSION)
    assert seen == [pc.xlam.parent.parent, pc.folder, pc.folder, pc.folder]


NOT_READY = [
    ({"xlwings": ""}, r"has no xlwings\. Run: .*-m pip install xlwings"),
    ({"pywin32": False}, r"has no pywin32\. Run: .*-m pip install pywin32"),
    ({"xlwings": "", "pywin32": False}, r"has no xlwings and no pywin32\. Run: .*-m pip install xlwings pywin32"),
    ({"xlwings": "0.30.0"}, rf"works with xlwings {VERSION}, and this Python has 0\.30\.0.*xlwings=={VERSION}"),
    ({"store_python": True}, r"Microsoft Store.*python\.org"),
    ({"encoding": "ascii"}, r"José.*code page.*plain letters.*UTF-8"),
]


@pytest.mark.parametrize("change, told", NOT_READY, ids=[", ".join(row[0]) for row in NOT_READY])
def test_what_must_be_done_before(pc, change, told):
    before = tree(pc.home)
    with pytest.raises(AddinError, match=told):
        install(replace(pc, **change), XLAM, FUNCTIONS, VERSION)
    assert tree(pc.home) == before


def test_a_python_in_a_folder_that_vba_cannot_open(pc, tmp_path):
    with pytest.raises(AddinError, match="Łódź"):
        install(replace(pc, python=tmp_path / "Łódź" / "python.exe"), XLAM, FUNCTIONS, VERSION)


@pytest.mark.parametrize("act", [lambda c: install(c, XLAM, FUNCTIONS, VERSION), uninstall, status])
@pytest.mark.parametrize("system, name", [("Darwin", "macOS"), ("Linux", "Linux")])
def test_elsewhere_than_on_windows(pc, act, system, name):
    before = tree(pc.home)
    with pytest.raises(NotWindowsError, match=rf"{name}.*xlwings Lite.*xlwings Server.*xlkpi addin build"):
        act(replace(pc, system=system))
    assert tree(pc.home) == before


# --- the configuration ------------------------------------------------------------------------------------------------

OTHER_CONF = b'"LICENSE_KEY","abc"\r\n"interpreter_win","C:\\old\\pythonw.exe"\r\n"SHOW CONSOLE","True"\r\n"PYTHONPATH","D:\\mine"\r\n'


def test_other_lines_survive_and_come_back(pc):
    touch(pc.conf, OTHER_CONF)
    before = tree(pc.home)
    install(pc, XLAM, FUNCTIONS, VERSION)
    conf = read_conf(pc.conf, "cp1252")
    assert [conf.value(name) for name in ("LICENSE_KEY", "show console")] == ["abc", "True"]
    assert conf.value("INTERPRETER_WIN") == str(pc.python.with_name("pythonw.exe"))
    assert conf.value("PYTHONPATH") == f"{pc.folder};D:\\mine"
    assert len(conf.lines) == 4
    assert diagnose(pc) == []
    install(pc, XLAM, FUNCTIONS, VERSION)
    uninstall(pc)
    assert tree(pc.home) == before


def test_a_python_that_was_written_since_is_left(installed):
    conf = read_conf(installed.conf, "cp1252").with_value("INTERPRETER_WIN", "C:\\other\\pythonw.exe")
    installed.conf.write_bytes("".join(conf.lines).encode("cp1252"))
    uninstall(installed)
    assert installed.conf.read_bytes() == b'"INTERPRETER_WIN","C:\\other\\pythonw.exe"\r\n'


def test_a_python_that_was_written_since_comes_back_after_another_installation(installed):
    conf = read_conf(installed.conf, "cp1252").with_value("INTERPRETER_WIN", "C:\\other\\pythonw.exe")
    installed.conf.write_bytes("".join(conf.lines).encode("cp1252"))
    install(installed, XLAM, FUNCTIONS, VERSION)
    uninstall(installed)
    assert installed.conf.read_bytes() == b'"INTERPRETER_WIN","C:\\other\\pythonw.exe"\r\n'


def test_ours_stands_on_top_where_vba_finds_it_whatever_follows(pc):
    touch(pc.conf, b"a line that is no pair\r\n")
    install(pc, XLAM, FUNCTIONS, VERSION)
    assert pc.conf.read_bytes().startswith(b'"INTERPRETER_WIN",')


CONF_LINES = [
    ('"A","b"', "b"), ('a, b ', "b"), ('"A",b', "b"), ('A,"b, c"', "b, c"), ('"A",""', ""), ("A,", ""), ("", ""), ("A", ""),
]  # fmt: skip


@pytest.mark.parametrize("line, value", CONF_LINES)
def test_lines_as_vba_reads_them(line, value):
    assert Conf((line + "\r\n",)).value("A") == value


def test_the_first_line_of_a_name_counts():
    assert Conf(('"A","1"\r\n', '"A","2"\r\n')).value("a") == "1"


# --- removing ---------------------------------------------------------------------------------------------------------


def test_uninstall_restores_the_folder(pc):
    touch(pc.appdata / "Microsoft" / "Excel" / "Excel15.xlb", b"the user's own")
    before = tree(pc.home)
    install(pc, XLAM, FUNCTIONS, VERSION)
    install(pc, XLAM, FUNCTIONS, VERSION)
    report = str(uninstall(pc))
    assert tree(pc.home) == before
    assert f"Removed {pc.xlam}" in report
    assert f"Removed {pc.conf}" in report


def test_uninstall_leaves_what_is_not_ours(installed):
    other = touch(installed.folder / "notes.txt", b"mine")
    sheet = touch(installed.xlam.with_name("personal.xlsb"), b"mine")
    uninstall(installed)
    assert tree(installed.folder) == {"notes.txt": b"mine"}
    assert (other.exists(), sheet.exists(), installed.xlam.exists()) == (True, True, False)


def test_uninstall_leaves_a_configuration_that_never_was_ours(pc):
    touch(pc.conf, OTHER_CONF)
    assert "nothing to remove" in str(uninstall(pc))
    assert pc.conf.read_bytes() == OTHER_CONF


def test_uninstall_of_nothing(pc):
    before = tree(pc.home)
    assert "nothing to remove" in str(uninstall(pc))
    assert tree(pc.home) == before


def test_uninstall_while_excel_is_open_changes_nothing(installed, monkeypatch):
    before = tree(installed.home)
    locked(monkeypatch, installed.xlam, PermissionError(13, "Permission denied"))
    with pytest.raises(AddinError, match=r"cannot be removed.*Close Excel"):
        uninstall(installed)
    assert tree(installed.home) == before


def test_uninstall_can_be_repeated_after_a_failure(installed, monkeypatch):
    with monkeypatch.context() as patched:
        locked(patched, installed.module, PermissionError(13, "Permission denied"))
        with pytest.raises(AddinError):
            uninstall(installed)
    uninstall(installed)
    assert not installed.folder.exists()


def test_uninstall_without_a_record(installed):
    installed.record.unlink()
    uninstall(installed)
    assert not installed.xlam.exists()
    assert not installed.module.exists()
    assert read_conf(installed.conf, "cp1252").value("PYTHONPATH") == ""


# --- the doctor: each makes one thing wrong, and that alone is found --------------------------------------------------


def probe(**said):
    answer = replace(GOOD, **said)
    return lambda pc: replace(pc, ask=lambda interpreter, folder: answer)


def trust(**forbidden):
    return lambda pc: replace(pc, trust=Trust(**forbidden))


def without(name):
    return lambda pc: (getattr(pc, name).unlink(), pc)[1]


def conf(name, value):
    def change(pc):
        changed = read_conf(pc.conf, "cp1252").with_value(name, value)
        pc.conf.write_bytes("".join(changed.lines).encode("cp1252"))
        return pc

    return change


def without_dll(*bits, excel=64):
    def change(pc):
        for each in bits:
            (pc.python.parent.parent / f"xlwings{each}-{VERSION}.dll").unlink()
        return replace(pc, excel=replace(pc.excel, bits=excel))

    return change


def written(name, data, suffix=""):
    def change(pc):
        path = getattr(pc, name)
        touch(path.with_name(path.name + suffix), data)
        return pc

    return change


def store_interpreter(pc):
    python = touch(pc.home / "AppData" / "Local" / "Microsoft" / "WindowsApps" / "python.exe")
    return conf("INTERPRETER_WIN", str(python))(pc)


def other_record(**fields):
    def change(pc):
        told = json.loads(pc.record.read_text("utf-8"))
        pc.record.write_text(json.dumps({**told, **fields}), "utf-8")
        return pc

    return change


# code | what makes it so | words of what is wrong | words of what to do
WRONG = [
    ("not-windows", lambda pc: replace(pc, system="Darwin"), "macOS", "xlkpi addin build"),
    ("excel-missing", lambda pc: replace(pc, excel=None), "no Excel", "xlwings Lite"),
    ("excel-store", lambda pc: replace(pc, excel=Excel(Path("/Program Files/WindowsApps/Office/EXCEL.EXE"), bits=64)),
     "Microsoft Store", "office.com"),
    ("vba-off", trust(vba_off="policy"), "Visual Basic is turned off", "those who look after your computer"),
    ("addins-off", trust(addins_off="you"), "add-ins are turned off", "You can change it yourself"),
    ("addins-off", trust(addins_off="policy"), "add-ins are turned off", "It is a policy"),
    ("addins-signed", trust(addins_signed="policy"), "signed add-ins alone", "It is a policy"),
    ("startup-signed", trust(startup_signed="policy"), "at its start", "It is a policy"),
    ("not-listed", trust(not_listed="policy"), "not on the list", "to allow xlkpi.xlam"),
    ("macros-off", trust(macros_off="policy", locations_off="policy"), "and so are trusted locations", "Lite"),
    ("locations-off", trust(locations_off="you"), "may ask", "Trusted Locations"),
    ("crashed", trust(crashed="Excel"), "after a crash", "Manage: Disabled Items"),
    ("path-letters", lambda pc: replace(pc, encoding="ascii"), "code page", "UTF-8"),
    ("python-store", lambda pc: replace(pc, store_python=True), "Microsoft Store", "python.org"),
    ("python-store", store_interpreter, "Microsoft Store", "python.org"),
    ("not-installed", without("xlam"), "not installed", "xlkpi addin install"),
    ("second-copy", lambda pc: (touch(pc.startup_folders[0] / "xlkpi.xlam"), pc)[1], "another xlkpi.xlam", "delete"),
    ("second-copy", lambda pc: (touch(pc.startup_folders[1] / "xlkpi.xlam"), pc)[1], "another xlkpi.xlam", "delete"),
    ("from-internet", written("xlam", b"[ZoneTransfer]\r\nZoneId=3\r\n", ":Zone.Identifier"), "internet", "install"),
    ("from-internet", written("xlam", b"ZoneId=4", ":Zone.Identifier"), "internet", "install"),
    ("record-missing", without("record"), "record of the installation", "xlkpi addin install"),
    ("record-missing", written("record", b"{"), "record of the installation", "xlkpi addin install"),
    ("functions-missing", without("module"), "functions are missing", "xlkpi addin install"),
    ("other-version", written("module", b'__version__ = "0.0.1"\n'), "xlkpi 0.0.1 and", "xlkpi addin install"),
    ("other-version", written("module", b"# of another origin\n"), "unknown", "xlkpi addin install"),
    ("other-version", other_record(xlkpi="0.0.2"), "0.0.2 and", "xlkpi addin install"),
    ("conf-missing", without("conf"), "configuration is missing", "xlkpi addin install"),
    ("conf-unreadable", written("conf", b'"INTERPRETER_WIN","\x81"\r\n'), "letters", "xlkpi addin install"),
    ("conf-line", lambda pc: written("conf", pc.conf.read_bytes() + b"what is this\r\n")(pc), "Line 3", "Delete"),
    ("conf-search-path", conf("PYTHONPATH", ""), "PYTHONPATH", "xlkpi addin install"),
    ("conf-search-path", conf("PYTHONPATH", "D:\\mine"), "PYTHONPATH", "xlkpi addin install"),
    ("conf-interpreter", conf("INTERPRETER_WIN", ""), "INTERPRETER_WIN", "xlkpi addin install"),
    ("conf-interpreter", conf("INTERPRETER_WIN", "pythonw"), "full path", "xlkpi addin install"),
    ("python-moved", conf("INTERPRETER_WIN", "/gone/pythonw.exe"), "not there any more", "xlkpi addin install"),
    ("python-broken", probe(runs=False, xlwings="", error="No Python at 'C:\\gone'"), "No Python at", "reinstall"),
    ("xlwings-missing", probe(xlwings=""), "xlwings cannot be imported", "pip install --force-reinstall xlwings"),
    ("pywin32-missing", probe(pywin32=False, error="x"), "pywin32", "python.exe\" -m pip install"),
    ("xlwings-changed", probe(xlwings="0.99.0"), "has xlwings 0.99.0 now", "xlkpi addin install"),
    ("dll-missing", without_dll(32, 64), f"xlwings64-{VERSION}.dll", f"xlwings=={VERSION}"),
    ("dll-missing", without_dll(32, 64, excel=0), f"xlwings64-{VERSION}.dll", "virtual environment"),
    ("dll-bits", without_dll(32, excel=32), f"xlwings32-{VERSION}.dll is missing", f"xlwings=={VERSION}"),
    ("dll-bits", without_dll(64), f"xlwings64-{VERSION}.dll is missing", f"xlwings=={VERSION}"),
    ("functions-fail", probe(error="SyntaxError: invalid syntax"), "SyntaxError", "xlkpi addin install"),
]  # fmt: skip


@pytest.mark.parametrize("code, change, what, fix", WRONG, ids=[f"{n}-{row[0]}" for n, row in enumerate(WRONG)])
def test_each_fault_is_found_alone(installed, code, change, what, fix):
    found = diagnose(change(installed))
    assert [each.code for each in found] == [code]
    assert what in found[0].what
    assert fix in found[0].fix
    assert found[0].where


def test_every_diagnosis_is_in_the_table():
    source = Path(doctor.__file__).read_text("utf-8")
    named = set(re.findall(r'Diagnosis\(\s*f?"([a-z{}]+-?[a-z{}0-9-]*)"', source))
    named = (named - {"{name}-missing"}) | {row[0].replace("_", "-") for row in doctor._TRUST}
    assert named | {"xlwings-missing", "pywin32-missing"} == {row[0] for row in WRONG}


FINE = [
    ("macros are off, but not in XLSTART", trust(macros_off="policy")),
    ("a 32-bit Excel", without_dll(64, excel=32)),
    ("the bits of Excel are not known", without_dll(64, excel=0)),
    ("a 32-bit Python", lambda pc: replace(pc, python_bits=32)),
    ("a file of the local network", written("xlam", b"[ZoneTransfer]\r\nZoneId=1\r\n", ":Zone.Identifier")),
    ("another Python runs this", lambda pc: replace(pc, python=Path("/other/python.exe"), xlwings="", pywin32=False)),
    ("another Python in an odd folder runs this", lambda pc: replace(pc, python=Path("/Łódź/python.exe"))),
    ("the user's XLSTART is named twice", lambda pc: replace(pc, startup_folders=(pc.xlam.parent,))),
    ("DLLs beside Python, without a virtual environment", lambda pc: (
        [dll.rename(pc.python.parent / dll.name) for dll in pc.python.parent.parent.glob("*.dll")], pc)[1]),
]  # fmt: skip


@pytest.mark.parametrize("change", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_what_is_fine(installed, change):
    assert diagnose(change(installed)) == []


def test_all_at_once(installed):
    touch(installed.startup_folders[0] / "xlkpi.xlam")
    installed.module.unlink()
    bad = trust(addins_off="policy", crashed="Excel")(probe(xlwings="", pywin32=False)(replace(installed, excel=None)))
    assert codes(bad) == [
        "excel-missing", "addins-off", "crashed", "functions-missing", "second-copy", "xlwings-missing",
        "pywin32-missing",
    ]  # fmt: skip


def test_before_the_installation_this_python_is_looked_at(pc):
    assert codes(replace(pc, xlwings="", pywin32=False)) == ["xlwings-missing", "pywin32-missing", "not-installed"]
    assert codes(pc) == ["not-installed"]
    assert codes(replace(pc, python=Path("/Łódź/python.exe"))) == ["path-letters"]
    assert codes(replace(pc, store_python=True)) == ["python-store"]
    touch(pc.startup_folders[0] / "xlkpi.xlam")
    assert codes(pc) == ["not-installed", "second-copy"]


def test_without_a_record_the_dll_of_the_xlwings_that_is_there_is_sought(installed):
    installed.record.unlink()
    without_dll(32, 64)(installed)
    found = diagnose(installed)
    assert [each.code for each in found] == ["record-missing", "dll-missing"]
    assert VERSION in found[1].what
    assert found[1].where == f"{installed.python.parent} or {installed.python.parent.parent}"


def test_the_mend_names_the_python_with_a_console(installed):
    assert f'"{installed.python}" -m pip' in diagnose(probe(xlwings="")(installed))[0].fix
    assert f'"{installed.python}" -m pip' in diagnose(without_dll(64)(installed))[0].fix


def test_the_python_of_the_configuration_is_asked(installed):
    asked = []
    diagnose(replace(installed, ask=lambda *given: asked.append(given) or GOOD))
    assert asked == [(installed.python.with_name("pythonw.exe"), installed.folder)]


# --- asking a Python, for real ----------------------------------------------------------------------------------------

PYTHON = Path(sys.executable)


def test_a_real_python_answers(tmp_path):
    (tmp_path / "xlkpi_functions.py").write_text("x = 1\n")
    found = ask_python(PYTHON, tmp_path)
    assert (found.runs, found.error) == (True, "")
    assert found.xlwings == machine._xlwings_version()
    assert not found.pywin32
    assert [path.name for path in tmp_path.iterdir()] == ["xlkpi_functions.py"]


@pytest.mark.parametrize("text, told", [(None, "ModuleNotFoundError"), ("x = (", "SyntaxError"), ("import sys; sys.exit(3)", "SystemExit: 3"),
                                        ("print('noise'); 1/0", "ZeroDivisionError")])  # fmt: skip
def test_a_real_python_says_why_the_functions_fail(tmp_path, text, told):
    if text is not None:
        (tmp_path / "xlkpi_functions.py").write_text(text)
    assert told in ask_python(PYTHON, tmp_path).error


def test_a_python_that_does_not_run(tmp_path):
    assert not ask_python(tmp_path / "none.exe", tmp_path).runs
    broken = touch(tmp_path / "python.exe", b"#!/bin/sh\necho \"No Python at 'C:/gone'\" >&2\nexit 103\n")
    broken.chmod(0o755)
    assert ask_python(broken, tmp_path) == Probe(False, "", False, "No Python at 'C:/gone'")
    silent = touch(tmp_path / "silent.exe", b"#!/bin/sh\nexit 7\n")
    silent.chmod(0o755)
    assert ask_python(silent, tmp_path).error == "It ended with code 7."


def test_a_python_that_takes_too_long(tmp_path):
    slow = touch(tmp_path / "python.exe", b"#!/bin/sh\nexec sleep 5\n")
    slow.chmod(0o755)
    assert ask_python(slow, tmp_path, seconds=0.1) == Probe(False, "", False, "It took longer than 0.1 seconds.")


def test_the_console_twin_of_pythonw_is_asked(tmp_path):
    touch(tmp_path / "pythonw.exe")
    console = touch(tmp_path / "python.exe", b'#!/bin/sh\necho \'["1.2", true, ""]\'\n')
    console.chmod(0o755)
    assert ask_python(tmp_path / "pythonw.exe", tmp_path) == Probe(True, "1.2", True, "")


# --- the registry -----------------------------------------------------------------------------------------------------

OFFICE = r"Software\Microsoft\Office"
PATHS = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
SECURITY = r"16.0\Excel\Security"


def keys(**given):
    """A registry of "HKCU" and others, each a table of keys and values."""
    return lambda hive, key: {k.lower(): v for k, v in given.get(hive, {}).items()}.get(key.lower(), {})


def program(path: Path, kind: int) -> Path:
    head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 128)
    return touch(path, head.ljust(128, b"\0") + b"PE\0\0" + struct.pack("<H", kind))


@pytest.mark.parametrize("kind, bits", [(0x14C, 32), (0x8664, 64), (0xAA64, 64), (0x1C0, 0)])
def test_excel_and_its_bits(tmp_path, kind, bits):
    path = program(tmp_path / "EXCEL.EXE", kind)
    found = find_excel(
        keys(HKLM={PATHS: {"": str(path)}}, HKCR={r"Excel.Application\CurVer": {"": "Excel.Application.15"}})
    )
    assert found == Excel(path, "15.0", bits)


def test_excel_where_setup_put_it(tmp_path):
    path = program(tmp_path / "EXCEL.EXE", 0x8664)
    told = {OFFICE + r"\16.0\Excel\InstallRoot": {"path": str(tmp_path)}, PATHS: {"": str(tmp_path / "gone.exe")}}
    assert find_excel(keys(HKLM=told)).path == path
    click_to_run = program(tmp_path / "root" / "Office16" / "EXCEL.EXE", 0x14C)
    told = {OFFICE + r"\ClickToRun\Configuration": {"installationpath": str(tmp_path)}}
    assert find_excel(keys(HKLM=told)) == Excel(click_to_run, "16.0", 32)
    assert find_excel(keys(HKLM={PATHS: {"": str(tmp_path / "gone.exe")}})) is None


def test_an_older_excel_of_this_user(tmp_path):
    path = program(tmp_path / "EXCEL.EXE", 0x14C)
    assert find_excel(keys(HKCU={PATHS: {"": str(path)}})).path == path
    for version in ("15.0", "14.0"):
        assert find_excel(keys(HKLM={rf"{OFFICE}\{version}\Excel\InstallRoot": {"path": str(tmp_path)}})).path == path


def test_an_excel_that_may_not_be_looked_at_is_there(tmp_path, monkeypatch):
    def exists(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", exists)
    path = tmp_path / "WindowsApps" / "EXCEL.EXE"
    assert find_excel(keys(HKLM={PATHS: {"": str(path)}})) == Excel(path, "16.0", 0)


@pytest.mark.parametrize("mark, kind", [(b"XX", b"PE\0\0"), (b"MZ", b"NE\0\0")])
def test_what_is_no_program_has_no_bits(tmp_path, mark, kind):
    data = program(tmp_path / "EXCEL.EXE", 0x14C).read_bytes()
    path = touch(tmp_path / "other.exe", data.replace(b"MZ", mark).replace(b"PE\0\0", kind))
    assert registry.program_bits(path) == 0


@pytest.mark.parametrize("key, values, bits", [(r"\ClickToRun\Configuration", {"platform": "x86"}, 32),
                                               (r"\16.0\Outlook", {"bitness": "x64"}, 64), (r"\16.0\Word", {}, 0)])  # fmt: skip
def test_bits_that_the_program_does_not_tell(tmp_path, key, values, bits):
    path = touch(tmp_path / "EXCEL.EXE", b"not to be read")
    assert find_excel(keys(HKLM={PATHS: {"": f'"{path}"'}, OFFICE + key: values})).bits == bits


POLICIES = r"Software\Policies\Microsoft\Office"
CLOUD = r"Software\Policies\Microsoft\Cloud\Office"
SETTINGS = [
    ("vba_off", "policy", {"HKLM": {rf"{POLICIES}\16.0\Common": {"vbaoff": 1}}}),
    ("macros_off", "policy", {"HKCU": {rf"{POLICIES}\{SECURITY}": {"vbawarnings": 4}}}),
    ("macros_off", "you", {"HKCU": {rf"{OFFICE}\{SECURITY}": {"vbawarnings": 3}}}),
    ("macros_off", "", {"HKCU": {rf"{OFFICE}\{SECURITY}": {"vbawarnings": 2}}}),
    ("macros_off", "", {"HKCU": {rf"{POLICIES}\{SECURITY}": {"vbawarnings": 1}, rf"{OFFICE}\{SECURITY}": {"vbawarnings": 4}}}),
    ("macros_off", "policy", {"HKCU": {rf"{CLOUD}\{SECURITY}": {"vbawarnings": 4}, rf"{POLICIES}\{SECURITY}": {"vbawarnings": 2}}}),
    ("locations_off", "policy", {"HKCU": {rf"{POLICIES}\{SECURITY}\Trusted Locations": {"alllocationsdisabled": 1}}}),
    ("addins_off", "you", {"HKCU": {rf"{OFFICE}\{SECURITY}": {"disablealladdins": 1}}}),
    ("addins_signed", "policy", {"HKCU": {rf"{POLICIES}\{SECURITY}": {"requireaddinsig": 1}}}),
    ("addins_signed", "", {"HKCU": {rf"{POLICIES}\{SECURITY}": {"requireaddinsig": 0}}}),
    ("startup_signed", "policy", {"HKCU": {rf"{POLICIES}\16.0\Common\Security": {"requirealwaysonmacrosig": 1}}}),
    ("not_listed", "policy", {"HKCU": {rf"{POLICIES}\16.0\Excel\Resiliency": {"restricttolist": 1}}}),
    ("not_listed", "policy", {"HKCU": {rf"{POLICIES}\16.0\Excel\Resiliency\AddinList": {"xlkpi.xlam": "0"}}}),
    ("not_listed", "", {"HKCU": {rf"{POLICIES}\16.0\Excel\Resiliency": {"restricttolist": 1},
                                 rf"{POLICIES}\16.0\Excel\Resiliency\AddinList": {"xlkpi.xlam": "1"}}}),
    ("not_listed", "", {"HKCU": {rf"{POLICIES}\16.0\Excel\Resiliency": {"restricttolist": 1},
                                 rf"{POLICIES}\16.0\Excel\Resiliency\AddinList": {"xlkpi.xlam": "2"}}}),
    ("crashed", "Excel", {"HKCU": {rf"{OFFICE}\16.0\Excel\Resiliency\DisabledItems": {
        "4f2a": struct.pack("<III", 2, 70, 22) + "c:\\users\\ana\\xlstart\\xlkpi.xlam\0".encode("utf-16-le")}}}),
    ("crashed", "", {"HKCU": {rf"{OFFICE}\16.0\Excel\Resiliency\DisabledItems": {
        "4f2a": struct.pack("<III", 2, 70, 22) + "c:\\other.xlam\0".encode("utf-16-le")}}}),
]  # fmt: skip


@pytest.mark.parametrize("field, who, given", SETTINGS)
def test_what_excel_forbids(field, who, given):
    assert find_trust(keys(**given), "16.0") == Trust(**{field: who})


def test_both_views_of_the_windows_registry_are_read(monkeypatch):
    views = {
        ("HKLM", "Office", 32): [("Bitness", "x86", 1), ("Path", "32", 1)],
        ("HKLM", "Office", 64): [("PATH", "64", 1)],
    }

    class Key(list):
        def __enter__(self):
            return self

        def __exit__(self, *raised):
            return None

    def open_key(root, key, reserved, access):
        if (root, key, access - 0x1000) not in views:
            raise FileNotFoundError(key)
        return Key(views[root, key, access - 0x1000])

    fake = SimpleNamespace(HKEY_LOCAL_MACHINE="HKLM", KEY_READ=0x1000, KEY_WOW64_32KEY=32, KEY_WOW64_64KEY=64,
                           OpenKey=open_key, QueryInfoKey=lambda key: (0, len(key), 0), EnumValue=lambda key, n: key[n])  # fmt: skip
    monkeypatch.setitem(sys.modules, "winreg", fake)
    assert windows_registry("HKLM", "Office") == {"bitness": "x86", "path": "64"}
    assert windows_registry("HKLM", "None") == {}
    fake.HKEY_CURRENT_USER, fake.HKEY_CLASSES_ROOT = "HKCU", "HKCR"
    assert windows_registry("HKCU", "None") == windows_registry("HKCR", "None") == {}


def test_this_machine_on_windows(monkeypatch, tmp_path):
    path = program(tmp_path / "Office" / "EXCEL.EXE", 0x14C)
    answers = {"EXCEL.EXE": b'"EXCEL.EXE","42","Console","1","90 K"\r\n'}
    monkeypatch.setattr(machine.platform, "system", lambda: "Windows")
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "Ana Sá"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setattr(
        machine.subprocess, "run", lambda command, **how: SimpleNamespace(stdout=answers["EXCEL.EXE"], returncode=0)
    )
    told = {PATHS: {"": str(path)}}
    own = {
        rf"{OFFICE}\16.0\Excel\Options": {"altstartup": str(tmp_path / "more")},
        rf"{OFFICE}\{SECURITY}": {"disablealladdins": 1},
    }
    found = this_machine(keys(HKLM=told, HKCU=own))
    assert found.excel == Excel(path, "16.0", 32, running=True)
    assert (found.home, found.appdata) == (tmp_path / "Ana Sá", tmp_path / "Roaming")
    assert found.trust == Trust(addins_off="you")
    assert found.encoding == "mbcs"
    assert found.python_bits == struct.calcsize("P") * 8
    assert found.startup_folders == (
        tmp_path / "Roaming" / "Microsoft" / "AddIns",
        path.parent / "XLSTART",
        tmp_path / "more",
    )
    answers["EXCEL.EXE"] = b"INFO: No tasks are running which match the specified criteria.\r\n"
    assert not this_machine(keys(HKLM=told)).excel.running
    found = this_machine(keys())
    assert (found.excel, found.startup_folders) == (None, (tmp_path / "Roaming" / "Microsoft" / "AddIns",))
    monkeypatch.delenv("APPDATA")
    assert this_machine(keys()).appdata == tmp_path / "Ana Sá" / "AppData" / "Roaming"


def test_windows_is_asked_whether_excel_runs(monkeypatch):
    asked = []

    def run(command, **how):
        asked.append(command)
        raise FileNotFoundError(2, "No such file")

    monkeypatch.setattr(machine.subprocess, "run", run)
    monkeypatch.setenv("SYSTEMROOT", "/Windows")
    assert machine._excel_runs() is False
    assert asked == [["/Windows/System32/tasklist.exe", "/FI", "IMAGENAME eq EXCEL.EXE", "/FO", "CSV", "/NH"]]


def test_pywin32_is_looked_for(monkeypatch):
    monkeypatch.setattr(machine.util, "find_spec", lambda name: object() if name == "win32api" else None)
    assert this_machine(keys()).pywin32
    monkeypatch.setattr(machine.util, "find_spec", lambda name: None)
    assert not this_machine(keys()).pywin32


def test_this_machine_here_asks_no_registry(monkeypatch):
    monkeypatch.setattr(machine.platform, "system", lambda: "Linux")
    found = this_machine(lambda hive, key: pytest.fail("no registry here"))
    assert (found.excel, found.python, found.trust) == (None, PYTHON, Trust())


def test_what_comes_from_the_store(monkeypatch):
    assert machine.from_store(r"C:\Program Files\WindowsApps\Microsoft.Office\EXCEL.EXE")
    assert not machine.from_store(r"C:\Users\windowsapps fan\python.exe")
    monkeypatch.setattr(
        machine.sys, "base_prefix", r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12"
    )
    assert this_machine(keys()).store_python


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, pc):
    def call(*arguments, **change):
        monkeypatch.setattr(machine, "this_machine", lambda: replace(pc, **change))
        result = CliRunner().invoke(addin, list(arguments))
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return call


@pytest.fixture
def quick(monkeypatch):
    """The add-in and its functions without making them, which others test."""
    import xlkpi.addin.bundle
    import xlkpi.addin.classic

    monkeypatch.setattr(xlkpi.addin.bundle, "bundle", lambda catalogue: FUNCTIONS)
    monkeypatch.setattr(xlkpi.addin.classic, "build_xlam", lambda catalogue: XLAM)
    monkeypatch.setattr(xlkpi.addin.classic, "xlwings_version", lambda: VERSION)


def test_the_commands_in_their_order(run, quick, pc):
    assert run("doctor").exit_code == 1
    result = run("install")
    assert result.exit_code == 0, result.output
    assert f"Wrote {pc.xlam}" in result.stdout
    assert "Add-in: " in run("status").stdout
    result = run("doctor")
    assert (result.exit_code, "All is well" in result.stdout) == (0, True)
    assert "XlkpiWhy" in result.stdout
    result = run("uninstall")
    assert (result.exit_code, f"Removed {pc.xlam}" in result.stdout) == (0, True)
    assert not pc.xlam.exists()


def test_doctor_prints_what_to_do(run, installed):
    result = run("doctor", trust=Trust(locations_off="you", addins_off="policy"))
    assert result.exit_code == 1
    assert result.stdout.count("to do:") == 2
    assert run("doctor", trust=Trust(locations_off="you")).exit_code == 0
    result = run("doctor", "--json", trust=Trust(locations_off="you"))
    assert [list(each) for each in json.loads(result.stdout)] == [["code", "severity", "what", "where", "fix"]]


def test_severities_are_those_that_are_promised(run, installed):
    result = run("doctor", "--json", trust=Trust(locations_off="you", addins_off="you"))
    assert [each["severity"] for each in json.loads(result.stdout)] == ["error", "warning"]


def test_nothing_is_made_where_nothing_can_be_installed(run, monkeypatch):
    import xlkpi.addin.classic

    monkeypatch.setattr(xlkpi.addin.classic, "build_xlam", lambda catalogue: pytest.fail("it was made"))
    assert run("install", pywin32=False).exit_code == 1


def test_names_that_vba_needs_for_something_else(run, quick, monkeypatch):
    import xlkpi.addin.classic

    def clash(catalogue):
        raise ValueError("VBA needs the names NEXT for something else; rename these functions.")

    monkeypatch.setattr(xlkpi.addin.classic, "build_xlam", clash)
    result = run("install")
    assert (result.exit_code, "rename these functions" in result.stderr) == (1, True)


@pytest.mark.parametrize("command", ["install", "uninstall", "status"])
def test_a_configuration_that_cannot_be_read(run, quick, installed, command):
    installed.conf.write_bytes(b"\x81")
    before = tree(installed.home)
    result = run(command)
    assert result.exit_code == 1
    assert f"{installed.conf} cannot be read" in result.stderr
    assert "Delete or rename it" in result.stderr
    assert tree(installed.home) == before


@pytest.mark.parametrize("command", ["install", "uninstall", "status"])
def test_commands_elsewhere_than_on_windows(run, command):
    result = run(command, system="Darwin")
    assert result.exit_code == 2
    assert "xlwings Lite" in result.stderr
    assert result.stdout == ""


def test_a_command_that_cannot(run, quick, monkeypatch, installed, tmp_path):
    assert run("install", xlwings="").exit_code == 1
    broken = touch(tmp_path / "mine.toml", b"this is no toml")
    result = run("install", "--catalogue", str(broken))
    assert (result.exit_code, "mine.toml" in result.stderr) == (1, True)
    locked(monkeypatch, installed.xlam, PermissionError(13, "Permission denied"))
    for command in ("install", "uninstall"):
        result = run(command)
        assert (result.exit_code, "Close Excel" in result.stderr) == (1, True)


def test_a_file_that_cannot_be_read_is_no_traceback(run, installed, monkeypatch):
    real = Path.read_text

    def unreadable(self, *how, **given):
        if self.name == "xlkpi_functions.py":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *how, **given)

    monkeypatch.setattr(Path, "read_text", unreadable)
    result = run("doctor")
    assert (result.exit_code, "xlkpi_functions.py cannot be read" in result.stderr) == (1, True)


def test_commands_start_quickly():
    code = "import sys, xlkpi.cli_addin; print([m for m in ('openpyxl', 'xlwings', 'subprocess') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_real_add_in_and_the_real_functions_from_end_to_end(run, monkeypatch, tmp_path):
    """Nothing is faked but the computer: what is installed is imported by a Python that knows nothing of xlkpi."""
    from xlkpi.addin.classic import xlwings_version

    here, bound = machine._xlwings_version(), xlwings_version()
    twin = touch(tmp_path / "kpi env" / "Scripts" / "python.exe", f'#!/bin/sh\nexec "{PYTHON}" "$@"\n'.encode())
    twin.chmod(0o755)
    dll = touch(tmp_path / "kpi env" / f"xlwings64-{bound}.dll")

    def ask(interpreter, folder):
        return replace(ask_python(interpreter, folder), pywin32=True)  # there is none on this system

    given = {"xlwings": bound, "python": twin, "ask": ask}
    assert run("install", **given).exit_code == 0
    result = run("doctor", **given)
    assert (result.exit_code, "All is well" in result.stdout) == ((0, True) if here == bound else (1, False)), (
        result.output
    )
    dll.unlink()
    assert run("doctor", **given).exit_code == 1
