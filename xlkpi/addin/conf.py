"""The configuration that the add-in's VBA reads: lines of a name and a value, in the system's code page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .machine import AddinError

INTERPRETER, SEARCH_PATH = "INTERPRETER_WIN", "PYTHONPATH"
# VBA's Input # takes text with quotes or without; Windows allows no quote in a path.
_LINE = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<bare>[^",]*?))\s*,\s*(?:"(?P<value>[^"]*)"|(?P<plain>[^"]*?))\s*')


class ConfError(AddinError):
    """The configuration is there and cannot be read; ``what`` says why, ``fix`` what to do."""

    def __init__(self, path: Path, why: str) -> None:
        self.what, self.fix = f"{path} cannot be read: {why}.", "Delete or rename it, then run: xlkpi addin install"
        super().__init__(f"{self.what} {self.fix}")


@dataclass(frozen=True, slots=True)
class Conf:
    """A configuration as its lines, each with its end, so that what is not ours stays as it is.

    Args:
        lines: the lines.
    """

    lines: tuple[str, ...] = ()

    def _at(self, name: str) -> int | None:
        """The first line of a name; VBA takes the first, and capitals for small letters."""
        return next((place for place, line in enumerate(self.lines) if _pair(line)[0].lower() == name.lower()), None)

    def line(self, name: str) -> str:
        """The line of a name as it stands; ``""`` when there is none."""
        place = self._at(name)
        return "" if place is None else self.lines[place]

    def value(self, name: str) -> str:
        """The value of a name; ``""`` when there is none."""
        return _pair(self.line(name))[1]

    def with_line(self, name: str, line: str) -> Conf:
        """The configuration with another line for a name, in its place or on top; ``""`` takes it away."""
        place = self._at(name)
        fresh = (line,) if line else ()
        if place is None:
            # VBA stops reading at the name that it seeks: what stands on top is found whatever comes after.
            return Conf((*fresh, *self.lines))
        return Conf((*self.lines[:place], *fresh, *self.lines[place + 1 :]))

    def with_value(self, name: str, value: str) -> Conf:
        """The configuration with another value for a name; ``""`` takes it away."""
        return self.with_line(name, f'"{name}","{value}"\r\n' if value else "")

    def odd_line(self) -> int:
        """The first line, from 1, that is no name and value; VBA loses its place there. 0 when there is none."""
        return next((n for n, line in enumerate(self.lines, 1) if line.strip() and not _LINE.fullmatch(line)), 0)


def _pair(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if found is None:
        return "", ""
    return found["quoted"] or found["bare"] or "", found["value"] or found["plain"] or ""


def read_conf(path: Path, encoding: str) -> Conf:
    r"""Read a configuration.

    Args:
        path: the file.
        encoding: the code page that VBA reads it in.

    Returns:
        What it says; nothing when there is no file.

    Raises:
        ConfError: it is there and cannot be read.

    >>> read_conf(Path("there is none.conf"), "cp1252").lines
    ()
    """
    try:
        text = path.read_bytes().decode(encoding)
    except FileNotFoundError:
        return Conf()
    except OSError as error:
        raise ConfError(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise ConfError(path, "its letters are not of this computer's code page") from error
    return Conf(tuple(re.findall(r"[^\n]*\n|[^\n]+", text)))


def folders_of(value: str) -> list[str]:
    r"""Split a list of folders.

    Args:
        value: folders with ``;`` between them.

    Returns:
        The folders.

    >>> folders_of(r"C:\kpis;;D:\work")
    ['C:\\kpis', 'D:\\work']
    """
    return [folder for folder in value.split(";") if folder.strip()]
