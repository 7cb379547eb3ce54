"""Install the classic add-in, remove it, and say what is there: whole files only, and all of them or none."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from .. import __version__
from .conf import INTERPRETER, SEARCH_PATH, Conf, folders_of, read_conf
from .files import missing_folders, remove, remove_empty, write_all
from .machine import WINDOWS, AddinError, Machine, NotWindowsError

UNDO = "To undo this: xlkpi addin uninstall"
STORE_PYTHON = (
    "Windows keeps what a Python from the Microsoft Store writes to itself, so Excel would never see the add-in. "
    "Install Python from python.org, then xlkpi in it."
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was done or found, line by line.

    Args:
        lines: sentences for the user.
        undo: how to undo it; ``""`` where there is nothing to undo.
    """

    lines: tuple[str, ...]
    undo: str = ""

    def __str__(self) -> str:
        return "\n".join([*self.lines, *([self.undo] if self.undo else [])])


@dataclass(frozen=True, slots=True)
class Record:
    """What an installation wrote, in ``installed.json``.

    Args:
        xlkpi: version of xlkpi.
        xlwings: version of xlwings whose DLL the add-in loads.
        interpreter: the Python in the configuration.
        before: the configuration's line for the Python before; ``""`` for none.
        folders: folders that were made.
    """

    xlkpi: str
    xlwings: str
    interpreter: str
    before: str = ""
    folders: tuple[str, ...] = ()


def check_ready(machine: Machine) -> None:
    """Make sure that an installation can work on this computer.

    Args:
        machine: the computer.

    Raises:
        NotWindowsError: it has no classic add-ins.
        AddinError: something else must be done before.

    >>> check_ready(Machine("Linux", Path(), Path(), Path()))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    xlkpi.addin.machine.NotWindowsError: The classic add-in is for Excel on Windows; this is Linux. ...
    """
    if machine.system != WINDOWS:
        raise NotWindowsError(machine.system)
    if machine.store_python:
        raise AddinError(f"This Python ({machine.python}) comes from the Microsoft Store. {STORE_PYTHON}")
    missing = [name for name, there in (("xlwings", machine.xlwings), ("pywin32", machine.pywin32)) if not there]
    if missing:
        raise AddinError(
            f"This Python ({machine.python}) has no {' and no '.join(missing)}. "
            f'Run: "{machine.python}" -m pip install {" ".join(missing)}'
        )
    for path in (machine.folder, machine.interpreter):
        if not machine.can_write(path):
            raise AddinError(" ".join(unwritable(path)))


def unwritable(path: Path) -> tuple[str, str]:
    """Say that VBA cannot open a path, for the letters in it.

    Args:
        path: the path.

    Returns:
        What is wrong, and what to do.

    >>> unwritable(Path("Łódź"))[0]
    "Łódź has letters that are not in this computer's code page, and VBA cannot open it."
    """
    return (
        f"{path} has letters that are not in this computer's code page, and VBA cannot open it.",
        "If it is the folder of Python: install Python in one with plain letters, such as C:\\Python. If it is your "
        'own: turn on "Use Unicode UTF-8 for worldwide language support" (Windows settings: Language and region, '
        "Administrative language settings), or use xlwings Lite, which needs no such folder.",
    )


def install(machine: Machine, xlam: bytes, module: str, xlwings_version: str) -> Report:
    """Install the classic add-in, or bring it up to date.

    Args:
        machine: the computer.
        xlam: the add-in.
        module: text of the functions' Python file.
        xlwings_version: the version of xlwings that the add-in is bound to.

    Returns:
        What was written, and how to undo it.

    Raises:
        AddinError: nothing was changed; the message says why and what to do.

    >>> install(this_machine(), build_xlam(catalogue), bundle(catalogue), xlwings_version())  # doctest: +SKIP
    """
    check_ready(machine)
    if machine.xlwings != xlwings_version:
        raise AddinError(
            f"The add-in works with xlwings {xlwings_version}, and this Python has {machine.xlwings}. "
            f'Run: "{machine.python}" -m pip install xlwings=={xlwings_version}'
        )
    old, conf = read_record(machine), read_conf(machine.conf, machine.encoding)
    folders = [str(folder) for target in (machine.xlam, machine.conf) for folder in missing_folders(target.parent)]
    record = Record(
        __version__,
        xlwings_version,
        str(machine.interpreter),
        _line_before(conf, old),
        tuple(dict.fromkeys([*(old.folders if old else ()), *folders])),
    )
    # The add-in goes first: it alone is locked while Excel is open.
    files = {
        machine.xlam: xlam,
        machine.module: module.encode("utf-8"),
        machine.conf: "".join(_our_conf(machine, conf).lines).encode(machine.encoding),
        machine.record: (json.dumps(asdict(record), ensure_ascii=False, indent=2) + "\n").encode("utf-8"),
    }
    write_all(files)
    start = "Close Excel and open it again" if machine.excel and machine.excel.running else "Open Excel"
    lines = [f"Wrote {path}" for path in files]
    return Report(
        (*lines, f"Excel will use {machine.interpreter}", f"{start}, and type =XLKPIVERSION() in a cell."), UNDO
    )


def _our_conf(machine: Machine, conf: Conf) -> Conf:
    others = [folder for folder in folders_of(conf.value(SEARCH_PATH)) if Path(folder) != machine.folder]
    return conf.with_value(SEARCH_PATH, ";".join([str(machine.folder), *others])).with_value(
        INTERPRETER, str(machine.interpreter)
    )


def _line_before(conf: Conf, old: Record | None) -> str:
    """The line for the Python that somebody else wrote, to be put back one day."""
    return old.before if old and conf.value(INTERPRETER) == old.interpreter else conf.line(INTERPRETER)


def read_record(machine: Machine) -> Record | None:
    """Read what an installation wrote.

    Args:
        machine: the computer.

    Returns:
        What it wrote; ``None`` when there is no record of it, or none that can be read.

    >>> read_record(Machine("Windows", Path("nowhere"), Path(), Path())) is None
    True
    """
    try:
        told = json.loads(machine.record.read_text("utf-8"))
        record = Record(**{**told, "folders": tuple(told["folders"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    texts = (record.xlkpi, record.xlwings, record.interpreter, record.before, *record.folders)
    return record if isinstance(told["folders"], list) and all(isinstance(text, str) for text in texts) else None


def uninstall(machine: Machine) -> Report:
    """Remove what the installation wrote, and nothing else.

    Args:
        machine: the computer.

    Returns:
        What was removed.

    Raises:
        AddinError: a file cannot be removed; the message says which and what to do.

    >>> uninstall(this_machine())  # doctest: +SKIP
    """
    if machine.system != WINDOWS:
        raise NotWindowsError(machine.system)
    record, conf = read_record(machine), read_conf(machine.conf, machine.encoding)
    # The add-in goes first: while Excel is open, nothing is changed. The record goes last: what failed can be repeated.
    lines = [*remove(machine.xlam), *remove(machine.module), *_conf_without_us(machine, conf, record)]
    lines += remove(machine.record)
    remove_empty([Path(folder) for folder in record.folders] if record else [])
    if not lines:
        return Report(("The add-in is not installed; there is nothing to remove.",))
    return Report(
        (*lines, "The functions are gone once Excel is opened again."), "To install it anew: xlkpi addin install"
    )


def _conf_without_us(machine: Machine, conf: Conf, record: Record | None) -> list[str]:
    """Take our lines out; a Python that somebody wrote there since is theirs."""
    folders = folders_of(conf.value(SEARCH_PATH))
    others = [folder for folder in folders if Path(folder) != machine.folder]
    left = conf if others == folders else conf.with_value(SEARCH_PATH, ";".join(others))
    if record and left.value(INTERPRETER) == record.interpreter:
        left = left.with_line(INTERPRETER, record.before)
    if left == conf:
        return []
    if not left.lines:
        return remove(machine.conf)
    write_all({machine.conf: "".join(left.lines).encode(machine.encoding)})
    return [f"Took xlkpi's lines out of {machine.conf}; the other lines are as they were"]


def status(machine: Machine) -> Report:
    """Say what is installed.

    Args:
        machine: the computer.

    Returns:
        A line for each part.

    Raises:
        AddinError: there is no classic add-in on such a computer, or its configuration cannot be read.

    >>> print(status(this_machine()))  # doctest: +SKIP
    """
    if machine.system != WINDOWS:
        raise NotWindowsError(machine.system)
    record, excel = read_record(machine), machine.excel
    bits = f", {excel.bits}-bit" if excel and excel.bits else ""
    versions = f" (xlkpi {record.xlkpi}, for xlwings {record.xlwings})" if record else ""
    interpreter = read_conf(machine.conf, machine.encoding).value(INTERPRETER)
    return Report(
        (
            f"Excel: {excel.path} ({excel.version}{bits}{', open' if excel.running else ''})"
            if excel
            else "Excel: none",
            f"Add-in: {machine.xlam}{versions}" if machine.xlam.exists() else "Add-in: not installed",
            f"Functions: {machine.module if machine.module.exists() else 'not installed'}",
            f"Python for Excel: {interpreter or 'not set'}",
            f"This Python: {machine.python} ({machine.python_bits}-bit, xlwings {machine.xlwings or 'none'})",
            "To see whether all fits together: xlkpi addin doctor",
        )
    )
