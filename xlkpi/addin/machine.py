"""What the classic add-in asks of a computer: where things are, what is installed, what Excel allows."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib import metadata, util
from pathlib import Path

from ..names import ADDIN_FILE, ADDIN_MODULE
from .registry import Excel, Registry, Trust, find_excel, find_trust, other_startup_folder, windows_registry

WINDOWS = "Windows"
_SECONDS = 60  # the first import on a slow disk, with a virus scanner looking on
# Run by the Python that Excel runs, which may be another than this one; so it takes nothing of xlkpi with it.
_QUESTION = """
import importlib, importlib.metadata, json, sys
def failure(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return ""
try:
    version = importlib.metadata.version("xlwings")
except Exception:
    version = ""
failure("xlwings")  # it helps some installations to find the files of pywin32
pywin32 = not failure("win32com.client")
sys.path[:0] = sys.argv[1:]
print("\\n" + json.dumps([version, pywin32, failure("MODULE")]))
""".replace("MODULE", ADDIN_MODULE)


class AddinError(Exception):
    """The add-in cannot be installed, removed or looked at; the message says why and what to do."""


class NotWindowsError(AddinError):
    """The classic add-in was asked for on a computer that cannot have it."""

    def __init__(self, system: str) -> None:
        super().__init__(
            f"The classic add-in is for Excel on Windows; this is {'macOS' if system == 'Darwin' else system}. "
            "Two other ways lead to the same functions: xlwings Lite (free; Windows, Mac and Excel on the web) "
            'and xlwings Server. "xlkpi addin build" makes the files for both.'
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """What a Python says of itself.

    Args:
        runs: it can be run at all.
        xlwings: version of xlwings; ``""`` for none.
        pywin32: pywin32 can be imported.
        error: why the functions cannot be imported, or why it does not run; ``""`` when all is well.
    """

    runs: bool = True
    xlwings: str = ""
    pywin32: bool = False
    error: str = ""


def ask_python(interpreter: Path, folder: Path, seconds: float = _SECONDS) -> Probe:
    """Run a Python, and ask it for xlwings, for pywin32 and for the add-in's functions.

    Args:
        interpreter: python.exe or pythonw.exe.
        folder: where ``xlkpi_functions.py`` is.
        seconds: when to stop waiting.

    Returns:
        What it says.

    >>> ask_python(Path("there is none.exe"), Path()).runs
    False
    """
    console = interpreter.with_name("python.exe")  # pythonw.exe has no place to print to
    program = console if interpreter.name.lower() == "pythonw.exe" and console.exists() else interpreter
    command = [str(program), "-B", "-c", _QUESTION, str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that the user's own configuration names
            command, capture_output=True, timeout=seconds, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return Probe(runs=False, error=f"It took longer than {seconds:g} seconds.")
    except OSError as error:
        return Probe(runs=False, error=error.strerror or str(error))
    try:
        return Probe(True, *json.loads(done.stdout.splitlines()[-1]))
    except (ValueError, TypeError, IndexError):
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return Probe(runs=False, error=lines[-1] if lines else f"It ended with code {done.returncode}.")


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer, as far as the classic add-in asks.

    Args:
        system: ``Windows``, ``Darwin`` or ``Linux``.
        home: the user's folder, which Excel knows as USERPROFILE.
        appdata: the user's folder for programs' data, APPDATA.
        python: the Python that runs this.
        python_bits: 32 or 64.
        store_python: it comes from the Microsoft Store.
        xlwings: version of xlwings in this Python; ``""`` for none.
        pywin32: pywin32 is in this Python.
        encoding: the code page that VBA reads files in.
        excel: Excel, or ``None`` when there is none.
        trust: what Excel forbids.
        startup_folders: folders other than the user's XLSTART whose files Excel opens or may open at its start.
        ask: asks a Python about itself; see :func:`ask_python`.
    """

    system: str
    home: Path
    appdata: Path
    python: Path
    python_bits: int = 64
    store_python: bool = False
    xlwings: str = ""
    pywin32: bool = False
    encoding: str = "utf-8"
    excel: Excel | None = None
    trust: Trust = field(default_factory=Trust)
    startup_folders: tuple[Path, ...] = ()
    ask: Callable[[Path, Path], Probe] = ask_python

    @property
    def folder(self) -> Path:
        """The folder of the configuration and the functions: VBA finds it by the project's name."""
        return self.home / ".xlkpi"

    @property
    def conf(self) -> Path:
        """The configuration that the add-in's VBA reads."""
        return self.folder / "xlkpi.conf"

    @property
    def module(self) -> Path:
        """The functions that Excel's Python imports."""
        return self.folder / f"{ADDIN_MODULE}.py"

    @property
    def record(self) -> Path:
        """What the installation wrote, for those who update or remove it."""
        return self.folder / "installed.json"

    @property
    def xlam(self) -> Path:
        """The add-in, in the folder whose files Excel opens at each start."""
        return self.appdata / "Microsoft" / "Excel" / "XLSTART" / ADDIN_FILE

    @property
    def interpreter(self) -> Path:
        """The Python for Excel: the one without a window, where there is one."""
        windowless = self.python.with_name("pythonw.exe")
        return windowless if windowless.exists() else self.python

    def can_write(self, path: Path) -> bool:
        """Whether the code page holds all letters of a path; VBA cannot open it otherwise."""
        try:
            str(path).encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True

    def comes_from_internet(self, path: Path) -> bool:
        """Whether Windows marked a file as downloaded: zone 3 or 4 in a stream beside its content."""
        try:
            mark = Path(f"{path}:Zone.Identifier").read_text("utf-8", "replace")
        except OSError:
            return False
        return any(line.strip() in ("ZoneId=3", "ZoneId=4") for line in mark.splitlines())


def from_store(path: Path | str) -> bool:
    """Tell whether a program comes from the Microsoft Store, by the folder that is the store's alone.

    Args:
        path: the program or its folder.

    Returns:
        Whether it does.

    >>> from_store("C:/Users/ana/AppData/Local/Microsoft/WindowsApps/python.exe")
    True
    """
    return "windowsapps" in str(path).replace("\\", "/").lower().split("/")


def this_machine(registry: Registry = windows_registry) -> Machine:
    """Look at the computer that runs this.

    Args:
        registry: where Windows keeps its settings.

    Returns:
        What there is.

    >>> this_machine().system == platform.system()
    True
    """
    system, home = platform.system(), Path(os.environ.get("USERPROFILE") or Path.home())
    appdata = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    facts = Machine(
        system=system,
        home=home,
        appdata=appdata,
        python=Path(sys.executable),
        python_bits=64 if sys.maxsize > 2**32 else 32,
        store_python=from_store(sys.executable) or from_store(sys.base_prefix),
        xlwings=_xlwings_version(),
        pywin32=util.find_spec("win32api") is not None,
    )
    return _with_excel(facts, registry) if system == WINDOWS else facts


def _with_excel(facts: Machine, registry: Registry) -> Machine:
    excel = find_excel(registry, _excel_runs())
    version = excel.version if excel else "16.0"
    other = other_startup_folder(registry, version)
    folders = [facts.appdata / "Microsoft" / "AddIns"]
    folders += [excel.path.parent / "XLSTART"] if excel else []
    folders += [other] if other else []
    return replace(
        facts, encoding="mbcs", excel=excel, trust=find_trust(registry, version), startup_folders=tuple(folders)
    )


def _xlwings_version() -> str:
    try:
        return metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return ""


def _excel_runs() -> bool:
    tasklist = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "tasklist.exe"
    command = [str(tasklist), "/FI", "IMAGENAME eq EXCEL.EXE", "/FO", "CSV", "/NH"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)  # noqa: S603 - Windows' own
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"excel.exe" in done.stdout.lower()
