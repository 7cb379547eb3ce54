"""What the functions cost in each host, against one that does the same arithmetic: ``python benchmarks/hosts.py``.

The peer is a hand-written xlwings function with no check at all, called through the same host in the same run,
turn by turn. Needs what the tests need: the extra ``test``, and for Pyodide Node and ``npm install`` in
``tests/node``. Times are medians; a ratio of 1.3 is the aim.
"""

from __future__ import annotations

import asyncio
import http.client
import importlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import types
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
SIZES = {1: 300, 10_000: 9, 100_000: 3}  # cells an argument, and how often each is called
PEER = '''

from xlwings import arg, func


@func
@arg("satisfied_clients", ndim=2)
@arg("surveyed_clients", ndim=2)
def bare(satisfied_clients, surveyed_clients):
    """Satisfied clients over surveyed ones, in percent, unchecked."""
    return [[a / b * 100 for a, b in zip(*rows)] for rows in zip(satisfied_clients, surveyed_clients)]
'''
Times = dict[int, dict[str, float]]
Call = Callable[[str, list[object]], object]


def inside(host: str, main: Path) -> None:
    """Measure in this process, which becomes the host: xlwings decides at its import which one it serves."""
    call = {"classic": as_classic_excel, "server": as_server}[host](main)
    print(json.dumps(turns(call)))


def as_server(main: Path) -> Call:
    os.environ.update(XLWINGS_ON_SERVER="true", XLWINGS_LICENSE_KEY="noncommercial")
    sys.modules.setdefault("pyodide", None)  # as the project of "xlkpi addin build" does
    from xlwings import server

    module = types.ModuleType("functions")
    exec(main.read_text("utf-8"), module.__dict__)
    return lambda name, args: asyncio.run(server.custom_functions_call(request(name, args), module))


def as_classic_excel(main: Path) -> Call:
    sys.path[:0] = [str(TESTS), str(main.parent)]
    import host_classic

    host_classic.stand_in()
    host_classic.import_xlwings()
    python = importlib.import_module("xlwings.com_server").XLPython()
    workbook, caller = host_classic.Workbook(), host_classic.Dispatched([[None]])

    def call(name: str, args: list[object]) -> object:
        ranges = tuple(map(host_classic.as_range, args))
        return python.CallUDF("xlkpi_functions", name, ranges, workbook, caller)

    return call


def request(name: str, args: object) -> dict[str, object]:
    return {
        "client": "Office.js", "func_name": name, "args": args, "caller_address": "[Book1]Sheet1!A1",
        "culture_info_name": "en-US", "date_format": "m/d/yyyy", "version": "0", "runtime": "1.4",
    }  # fmt: skip


def run(host: str, main: Path) -> Times:
    done = subprocess.run([sys.executable, __file__, host, str(main)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return {int(size): times for size, times in json.loads(done.stdout.splitlines()[-1]).items()}


def over_http(code: str, folder: Path) -> Times:
    from xlkpi import __version__
    from xlkpi.addin.server import server_files

    for path, data in server_files(code, __version__).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    program = (
        "import sys, uvicorn; from xlwings_server.cli import main; run = uvicorn.run\n"
        "uvicorn.run = lambda app, **o: run(app, **{**o, 'port': 0, 'reload': False})\n"
        "sys.argv = ['xlwings-server']; main()"
    )
    log = folder / "log.txt"
    with log.open("wb") as output:
        server = subprocess.Popen([sys.executable, "-P", "-c", program], cwd=folder, stdout=output, stderr=output)
    try:
        while not (found := re.search(r"running on http://(127\.0\.0\.1):(\d+)", log.read_text())):
            if server.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.05)
        connection = http.client.HTTPConnection(found[1], int(found[2]), timeout=60)

        def call(name: str, args: list[object]) -> None:
            kind = {"Content-Type": "application/json"}
            connection.request("POST", "/xlwings/custom-functions-call", json.dumps(request(name, args)), kind)
            answer = connection.getresponse()
            if answer.status != 200:
                raise RuntimeError(answer.read())
            answer.read()

        return turns(call)
    finally:
        server.terminate()
        server.wait()


def turns(call: Call) -> Times:
    found: Times = {}
    for size, repeat in SIZES.items():
        args = [[[float(n % 100)] for n in range(size)], [[100.0]] * size]
        taken: dict[str, list[float]] = {"css": [], "bare": []}
        for _ in range(repeat):
            for name, times in taken.items():
                start = time.perf_counter()
                call(name, args)
                times.append(time.perf_counter() - start)
        found[size] = {name: statistics.median(times) for name, times in taken.items()}
    return found


def in_pyodide(main: Path, pyodide: Path, folder: Path) -> Times:
    import xlwings

    archive, home = folder / "xlwings.zip", Path(xlwings.__file__).parent
    with zipfile.ZipFile(archive, "w") as target:
        for path in home.rglob("*.py"):
            target.write(path, path.relative_to(home.parent))
    timed = [
        {"label": f"{name} {size}", "name": name, "repeat": repeat,
         "args": [[[float(n % 100)] for n in range(size)], [[100.0]] * size]}
        for size, repeat in SIZES.items() for name in ("css", "bare")
    ]  # fmt: skip
    request = folder / "request.json"
    request.write_text(
        json.dumps({"pyodide": str(pyodide), "xlwings": str(archive), "main": str(main), "calls": [], "timed": timed})
    )
    command = ["node", str(TESTS / "node" / "pyodide_lite.mjs"), str(request)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    times = json.loads(done.stdout.splitlines()[-1])["times"]
    return {size: {name: times[f"{name} {size}"] / 1e3 for name in ("css", "bare")} for size in SIZES}


def hosts(folder: Path) -> Iterator[tuple[str, Times]]:
    import xlkpi
    from xlkpi.addin.bundle import bundle

    code = bundle(xlkpi.load()) + PEER
    main = folder / "xlkpi_functions.py"
    main.write_text(code, "utf-8")
    yield "classic, xlwings.udfs with pywin32 stubbed", run("classic", main)
    yield "Server, its code in one process", run("server", main)
    yield "Server, over HTTP on this machine", over_http(code, folder / "server")
    for name in ("pyodide-0.27", "pyodide"):
        home = TESTS / "node" / "node_modules" / name
        if shutil.which("node") is None or not home.exists():
            print(f"Lite, {name}: left out, since Node or npm install in tests/node is missing")
            continue
        number = json.loads((home / "package.json").read_text())["version"]
        yield f"Lite, its code in Pyodide {number}", in_pyodide(main, home, folder)


def main() -> None:
    print(f"Python {sys.version.split()[0]}, xlwings {version('xlwings')}; milliseconds a call")
    print(f"{'host':<44} {'cells':>8} {'CSS':>10} {'bare':>10} {'ratio':>6}  aim")
    with tempfile.TemporaryDirectory() as name:
        for host, times in hosts(Path(name)):
            for size, each in times.items():
                ours, peer = each["css"] * 1e3, each["bare"] * 1e3
                print(f"{host:<44} {size:>8,} {ours:>10.3f} {peer:>10.3f} {ours / peer:>6.2f}  <= 1.3", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        inside(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
