"""What the Windows registry says of Excel: where it is, 32 or 64 bits, and what forbids its macros."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from ..names import ADDIN_FILE

# A registry as a function: hive ("HKCU") and key give the key's values, names in lower case; none for no key.
Registry = Callable[[str, str], Mapping[str, object]]

POLICY, YOU = "policy", "you"
_HIVES = {"HKCU": "HKEY_CURRENT_USER", "HKLM": "HKEY_LOCAL_MACHINE", "HKCR": "HKEY_CLASSES_ROOT"}
_VERSIONS = ("16.0", "15.0", "14.0")
_OFFICE = r"Software\Microsoft\Office"
# The first that holds a value wins: the Cloud Policy service, group policies, then the Trust Center's own.
_BRANCHES = (
    ("HKCU", r"Software\Policies\Microsoft\Cloud\Office", POLICY),
    ("HKCU", r"Software\Policies\Microsoft\Office", POLICY),
    ("HKLM", r"Software\Policies\Microsoft\Office", POLICY),
    ("HKCU", _OFFICE, YOU),
)
# "Except digitally signed macros" and "without notification": the add-in is not signed.
_MACROS_OFF = (3, 4)
_MACHINES = {0x014C: 32, 0x8664: 64, 0xAA64: 64}


@dataclass(frozen=True, slots=True)
class Excel:
    """The Excel of a computer.

    Args:
        path: the program.
        version: as the registry counts: ``16.0`` since 2016.
        bits: 32 or 64; 0 when it cannot be told.
        running: whether it is open now.
    """

    path: Path
    version: str = "16.0"
    bits: int = 0
    running: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """What keeps Excel from running the add-in; each field says who set it.

    Args:
        vba_off: VBA is off in all of Office: ``"policy"``, ``"you"``, or ``""`` when it is not; so for each field.
        macros_off: macros without a signature are off, except in trusted locations.
        locations_off: no folder is a trusted location.
        addins_off: all application add-ins are off.
        addins_signed: application add-ins must be signed.
        startup_signed: macros that are loaded at each start must be signed.
        not_listed: only listed add-ins may run and this one is not, or it is listed as blocked.
        crashed: Excel disabled this add-in after a crash.
    """

    vba_off: str = ""
    macros_off: str = ""
    locations_off: str = ""
    addins_off: str = ""
    addins_signed: str = ""
    startup_signed: str = ""
    not_listed: str = ""
    crashed: str = ""


def windows_registry(hive: str, key: str) -> dict[str, object]:
    r"""Read a key of this computer's registry.

    Args:
        hive: ``HKCU``, ``HKLM`` or ``HKCR``.
        key: the key's path.

    Returns:
        The key's values by their names in lower case; nothing when there is no such key.

    >>> windows_registry("HKCU", r"Software\Microsoft\Office")  # doctest: +SKIP
    {}
    """
    winreg: Any = import_module("winreg")  # there is none elsewhere than on Windows
    values: dict[str, object] = {}
    # A 32-bit program on a 64-bit Windows writes to a view of its own; the 64-bit view goes before it.
    for view in (winreg.KEY_WOW64_32KEY, winreg.KEY_WOW64_64KEY):
        try:
            with winreg.OpenKey(getattr(winreg, _HIVES[hive]), key, 0, winreg.KEY_READ | view) as opened:
                for index in range(winreg.QueryInfoKey(opened)[1]):
                    name, value, _ = winreg.EnumValue(opened, index)
                    values[name.lower()] = value
        except OSError:
            continue
    return values


def find_excel(registry: Registry, running: bool = False) -> Excel | None:
    """Find Excel.

    Args:
        registry: the computer's.
        running: whether it is open now.

    Returns:
        What is known of it, or ``None`` when no entry leads to a program.

    >>> find_excel(lambda hive, key: {}) is None
    True
    """
    version = _version(registry)
    path = next((path for path in _places(registry, version) if _is_there(path)), None)
    return None if path is None else Excel(path, version, program_bits(path) or _told_bits(registry, version), running)


def _version(registry: Registry) -> str:
    current = str(registry("HKCR", r"Excel.Application\CurVer").get("", ""))
    number = current.rpartition(".")[2]
    return f"{number}.0" if number.isdigit() else _VERSIONS[0]


def _places(registry: Registry, version: str) -> list[Path]:
    run = r"Software\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
    told = [str(registry(hive, run).get("", "")).strip('"') for hive in ("HKCU", "HKLM")]
    places = [Path(text) for text in told if text]
    for each in dict.fromkeys((version, *_VERSIONS)):
        folder = registry("HKLM", rf"{_OFFICE}\{each}\Excel\InstallRoot").get("path")
        places += [Path(str(folder)) / "EXCEL.EXE"] if folder else []
    folder = registry("HKLM", rf"{_OFFICE}\ClickToRun\Configuration").get("installationpath")
    return [*places, Path(str(folder)) / "root" / "Office16" / "EXCEL.EXE"] if folder else places


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # a program of the Microsoft Store, which may be run but not looked at
        return True


def program_bits(path: Path) -> int:
    """Read from a program's own head whether it is a 32-bit or a 64-bit one.

    Args:
        path: an .exe file.

    Returns:
        32 or 64; 0 when it cannot be told.

    >>> program_bits(Path("there is none.exe"))
    0
    """
    try:
        with path.open("rb") as program:
            head = program.read(64)
            program.seek(int.from_bytes(head[60:64], "little"))
            mark = program.read(6)
    except (OSError, OverflowError):
        return 0
    if head[:2] != b"MZ" or mark[:4] != b"PE\0\0":
        return 0
    return _MACHINES.get(int.from_bytes(mark[4:6], "little"), 0)


def _told_bits(registry: Registry, version: str) -> int:
    platform = registry("HKLM", rf"{_OFFICE}\ClickToRun\Configuration").get("platform")
    bitness = registry("HKLM", rf"{_OFFICE}\{version}\Outlook").get("bitness")
    return {"x86": 32, "x64": 64}.get(str(platform or bitness).lower(), 0)


def find_trust(registry: Registry, version: str) -> Trust:
    """Find what keeps Excel from running the add-in.

    Args:
        registry: the computer's.
        version: Excel's, such as ``16.0``.

    Returns:
        Who set each of the settings that are documented to stop macros or add-ins.

    >>> find_trust(lambda hive, key: {}, "16.0") == Trust()
    True
    """

    def setter(branch: str, name: str, bad: tuple[int, ...] = (1,)) -> str:
        value, who = _setting(registry, version, branch, name)
        return who if value in bad else ""

    return Trust(
        vba_off=setter("Common", "vbaoff"),
        macros_off=setter(r"Excel\Security", "vbawarnings", _MACROS_OFF),
        locations_off=setter(r"Excel\Security\Trusted Locations", "alllocationsdisabled"),
        addins_off=setter(r"Excel\Security", "disablealladdins"),
        addins_signed=setter(r"Excel\Security", "requireaddinsig"),
        startup_signed=setter(r"Common\Security", "requirealwaysonmacrosig"),
        not_listed=_not_listed(registry, version),
        crashed=_crashed(registry, version),
    )


def _setting(registry: Registry, version: str, branch: str, name: str) -> tuple[object, str]:
    for hive, root, who in _BRANCHES:
        values = registry(hive, rf"{root}\{version}\{branch}")
        if name in values:
            return values[name], who
    return None, ""


def _not_listed(registry: Registry, version: str) -> str:
    listed, _ = _setting(registry, version, r"Excel\Resiliency\AddinList", ADDIN_FILE)
    only_listed, who = _setting(registry, version, r"Excel\Resiliency", "restricttolist")
    if str(listed) == "0":
        return POLICY
    return who if only_listed == 1 and str(listed) not in ("1", "2") else ""


def _crashed(registry: Registry, version: str) -> str:
    items = registry("HKCU", rf"{_OFFICE}\{version}\Excel\Resiliency\DisabledItems").values()
    # Each is a head of twelve bytes and two texts: the file in lower case, and its name.
    found = any(
        isinstance(item, bytes) and ADDIN_FILE in item[12:].decode("utf-16-le", "replace").lower() for item in items
    )
    return "Excel" if found else ""


def other_startup_folder(registry: Registry, version: str) -> Path | None:
    """Find the folder "At startup, open all files in" of Excel's options.

    Args:
        registry: the computer's.
        version: Excel's, such as ``16.0``.

    Returns:
        The folder, or ``None`` when there is none.

    >>> str(other_startup_folder(lambda hive, key: {"altstartup": "kpis"}, "16.0"))
    'kpis'
    """
    text = str(registry("HKCU", rf"{_OFFICE}\{version}\Excel\Options").get("altstartup", ""))
    return Path(text) if text else None
