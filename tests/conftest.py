"""What the tests share; where everything must run, a skip is a failure."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from engines import LibreOffice, find_libreoffice
from trades import every_trade

import xlkpi
from xlkpi.model import Catalogue

REQUIRE_ALL = os.environ.get("XLKPI_REQUIRE_ALL") == "1"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn skips into failures where XLKPI_REQUIRE_ALL=1 says that nothing may be missing."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {report.longrepr}"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return xlkpi.load()


@pytest.fixture(scope="session")
def every() -> Catalogue:
    """The shipped catalogue with the examples beside it."""
    return every_trade()


@pytest.fixture(scope="session")
def libreoffice() -> Iterator[LibreOffice]:
    found = find_libreoffice()
    if found is None:
        pytest.skip("LibreOffice with its Python bridge (python3-uno) is not on this machine")
    office = LibreOffice(*found)
    yield office
    office.close()


COMPARED: dict[str, int] = {}


@pytest.fixture(scope="session")
def compared() -> dict[str, int]:
    """How many cells each engine was compared on; printed at the end."""
    return COMPARED


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the counts of a parallel worker to the run as a whole."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["compared"] = COMPARED


def pytest_testnodedown(node: object) -> None:
    for engine, number in getattr(node, "workeroutput", {}).get("compared", {}).items():
        COMPARED[engine] = COMPARED.get(engine, 0) + number


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for engine, number in sorted(COMPARED.items()):
        terminalreporter.write_line(f"{engine}: {number:,}")
