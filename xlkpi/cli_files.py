"""How commands write a workbook beside the one that it was made from, which is never touched."""

from __future__ import annotations

from pathlib import Path

from .cli_common import CALL_AT_FAULT, DATA_AT_FAULT, stop


def refuse_other_ending(new: Path | None) -> None:
    """End the program where the file to write would be opened by no program.

    Args:
        new: the file to write, if one is named.

    Raises:
        SystemExit: it does not end in .xlsx.
    """
    if new is not None and new.suffix.lower() != ".xlsx":
        stop(
            f"{new} does not end in .xlsx, without which no program opens it. Name another file with -o.", CALL_AT_FAULT
        )


def free_target(old: Path, new: Path | None, usual: str, force: bool) -> Path:
    """Return the file to write, or end the program where that would replace another.

    Args:
        old: the workbook that the new one is made from.
        new: the file to write; beside the old one under its usual name where none is given.
        usual: that name.
        force: replace a file that is there, but never the old one.

    Returns:
        The file to write.

    Raises:
        SystemExit: the file is the old one, or is there and not to be replaced.
    """
    target = new or old.with_name(usual)
    if target.exists() and target.samefile(old):
        stop(f"{target} is the old workbook, which is never touched. Name another file with -o.", CALL_AT_FAULT)
    if target.exists() and not force:
        stop(f"{target} is there already. Name another file with -o, or replace it with --force.", CALL_AT_FAULT)
    return target


def write_new(target: Path, data: bytes) -> None:
    """Write a workbook whole, or end the program.

    Args:
        target: the file to write.
        data: its bytes.

    Raises:
        SystemExit: it cannot be written.
    """
    from .workbook import write

    try:
        write(target, data)
    except OSError as error:
        stop(f"{target} cannot be written: {error.strerror}. Name another file with -o.", DATA_AT_FAULT)
