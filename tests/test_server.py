"""The project of xlwings Server: its files, the running server over HTTP, and its page in a browser."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
import tomllib
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from engines import end_of_input
from host_table import CALLS, mismatches

import xlkpi
from xlkpi.addin.bundle import bundle
from xlkpi.addin.server import ENVIRONMENTS, manifest_id, manifest_version, server_files
from xlkpi.companions import cell_functions
from xlkpi.errors import EXCEL_ERRORS
from xlkpi.names import DATA, HELP_LIMIT

NODE = Path(__file__).with_name("node")
TEMPLATES = Path(DATA, "hosts", "server")
ERROR_CODES = {
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "NotAvailable": "#N/A",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}
# The command xlwings-server as it is, but for the port and the reloader; it ends with its standard input, says
# which connections it opens, and uses Python's own event loop so that each can be seen.
START = """
import os, sys, threading
import uvicorn

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        print("OUTSIDE", event, arguments[-1], file=sys.stderr, flush=True)

threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from xlwings_server.cli import main
run = uvicorn.run
uvicorn.run = lambda app, **options: run(app, **{**options, "port": 0, "reload": False, "loop": "asyncio"})
sys.argv = ["xlwings-server"]
sys.addaudithook(watch)
main()
"""


def module_text() -> str:
    """The Python file of the functions, as "xlkpi addin build" makes it."""
    return bundle(xlkpi.load())


def files() -> dict[str, bytes]:
    return server_files(module_text(), xlkpi.__version__)


class Server:
    """A real server process in a folder that holds the project and nothing else."""

    def __init__(self, folder: Path, **settings: str) -> None:
        for path, content in files().items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        self.log = folder / "log.txt"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("XLWINGS_")} | settings
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", START], cwd=folder, env=environment, stdin=subprocess.PIPE, stderr=log,
                stdout=log,
            )  # fmt: skip
        self.address = self._address()
        place = urlsplit(self.address)
        if place.scheme == "https":
            context = ssl.create_default_context(cafile=str(folder / "certs" / "localhost+2.pem"))
            self.connection = http.client.HTTPSConnection(place.hostname, place.port, timeout=20, context=context)
        else:
            self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)

    def _address(self) -> str:
        for _ in range(600):
            found = re.search(r"running on (https?://127\.0\.0\.1:\d+)", self.log.read_text())
            if found:
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.close()
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def get(self, path: str, **headers: str) -> bytes:
        return self._ask("GET", path, None, {key.replace("_", "-"): value for key, value in headers.items()})

    def call(self, name: str, *arguments: list[list[object]] | None) -> list[list[object]]:
        request = {
            "client": "Office.js",
            "func_name": name,
            "args": [rows and [[as_sent(cell) for cell in row] for row in rows] for rows in arguments],
            "caller_address": "[Book1]Sheet1!A1",
            "culture_info_name": "en-US",
            "date_format": "m/d/yyyy",
            "version": "0.37.8",
            "runtime": "1.4",
        }
        kind = {"Content-Type": "application/json"}
        content = self._ask("POST", "/xlwings/custom-functions-call", json.dumps(request), kind)
        return [[plain(cell) for cell in row] for row in json.loads(content)["result"]]

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            self.connection.close()  # the server may have closed it too; the next test opens another
            raise AssertionError(f"{path} was answered by {answer.status}: {content[:200]!r}, asked {body!r}")
        return content

    def close(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
        end_of_input(self.process, 10)


def as_sent(cell: object) -> object:
    """An error in a cell, as Office sends it."""
    if cell not in EXCEL_ERRORS:
        return cell
    kind = next(kind for kind, code in ERROR_CODES.items() if code == cell)
    return {"type": "Error", "errorType": kind, "basicType": "Error", "basicValue": cell}


def plain(cell: object) -> object:
    return ERROR_CODES.get(cell["errorType"], cell["errorType"]) if isinstance(cell, dict) else cell


def need_server() -> None:
    if find_spec("xlwings_server") is None:
        pytest.skip("xlwings_server is not installed: pip install xlwings-server==1.20.*")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    need_server()
    running = Server(tmp_path_factory.mktemp("server"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def page(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What happened when Chromium opened the task pane and called everything."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("there is no chromium on this machine; CHROMIUM may say where it is")
    if shutil.which("node") is None:
        pytest.skip("there is no node on this machine")
    if not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("playwright-core is missing: run npm install in tests/node")
    screenshot = os.environ.get("XLKPI_SCREENSHOT") or str(tmp_path_factory.mktemp("page") / "pane.png")
    calls = json.dumps([{"name": each.name, "arguments": each.arguments} for each in CALLS])
    done = subprocess.run(
        ["node", "server_page.mjs", server.address, screenshot], cwd=NODE, input=calls, capture_output=True, text=True,
        encoding="utf-8", timeout=60, env=os.environ | {"CHROMIUM": browser},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) | {"screenshot": screenshot}


# The files


def test_the_files_are_the_same_every_time_and_none_is_forgotten():
    assert files() == files()
    assert list(files()) == sorted(files())
    assert files()["custom_functions/functions.py"] == module_text().encode()
    assert {"custom_scripts/__init__.py", ".env", "README.md"} <= set(files())
    used = set(files().values()) | {b""}
    marks = (b"@IDS@", b"@VERSION@", b"@VERSION4@")
    for each in TEMPLATES.rglob("*"):
        if each.is_file():
            content = each.read_bytes()
            assert content in used or any(mark in content for mark in marks), f"{each} is not used"


def test_the_files_hold_no_mark_secret_or_private_path():
    for path, content in files().items():
        assert not re.search(rb"@[A-Z0-9]+@", content), path
        assert not re.search(rb"(?i)/(home|work|root|tmp|users)/|[a-z]:\\", content), path
        assert b"SECRET" not in content, path
        if path.endswith(".png"):
            assert len(content) < 2048
            assert content.startswith(b"\x89PNG\r\n\x1a\n")
        else:
            assert content.decode().isascii() or path == "custom_functions/functions.py"
            assert b"\r" not in content
    settings = files()[".env"].decode()
    assert re.findall(r'^XLWINGS_LICENSE_KEY="(.*)"$', settings, re.MULTILINE) == ["noncommercial"]
    assert "commercial use" in settings


def test_the_manifest_has_ids_of_its_own_that_stay():
    settings = tomllib.loads(files()["pyproject.toml"].decode())["tool"]["xlwings_server"]
    ids = {each: uuid.UUID(settings[f"manifest_id_{each}"]) for each in ENVIRONMENTS}
    assert ids == {each: manifest_id(each) for each in ENVIRONMENTS}
    assert len(set(ids.values())) == 5
    assert {each.version for each in ids.values()} == {4}
    assert str(ids["prod"]) == "3476f9f1-951b-4635-aa2d-48e62174aeba", "Excel would take it for another add-in"


@pytest.mark.parametrize(
    "version, shown", [("0.1.0", "0.1.0.0"), ("2", "2.0.0.0"), ("1.2.3rc1", "1.2.3.0"), ("1.2.3.4.5", "1.2.3.4")]
)
def test_the_version_has_four_numbers(version, shown):
    assert manifest_version(version) == shown
    assert f"<Version>{shown}</Version>".encode() in server_files("", version)["templates/manifest.xml"]


def test_a_version_without_a_number_is_refused():
    with pytest.raises(ValueError, match="must begin with a number"):
        server_files("", "next")


# The running server


@pytest.mark.server
def test_the_server_lists_the_functions(server):
    meta = json.loads(server.get("/xlwings/custom-functions-meta.json"))
    assert meta["allowErrorForDataTypeAny"]
    expected = {each.name: each for each in cell_functions(xlkpi.load())}
    found = {each["name"]: each for each in meta["functions"]}
    assert set(found) == set(expected)
    assert len(found) == len(meta["functions"]) == 39
    for name, function in expected.items():
        listed = found[name]
        assert listed["id"] == name
        assert listed["description"] == function.help.get_in("en")[:HELP_LIMIT]
        assert [(each["name"], each["description"], each.get("optional", False)) for each in listed["parameters"]] == [
            (each.id, each.help.get_in("en")[:HELP_LIMIT], each.optional) for each in function.parameters
        ]
        assert all(each["description"] for each in listed["parameters"])
        assert {each["dimensionality"] for each in [listed["result"], *listed["parameters"]]} == {"matrix"}


@pytest.mark.server
def test_the_server_answers_every_call(server):
    assert not mismatches([server.call(each.name, *each.arguments) for each in CALLS])
    outside = [line for line in server.log.read_text().splitlines() if line.startswith("OUTSIDE")]
    assert outside == [], "neither the start nor a call may contact anyone"
    assert "Traceback" not in server.log.read_text()


@pytest.mark.server
def test_a_large_range_is_answered(server):
    """What makes it four times faster must come before xlwings reads its first cell."""
    column = [[85]] * 10_000
    assert server.call("css", column, [[100]] * 10_000) == column
    text = files()["custom_functions/__init__.py"].decode()
    assert 0 < text.index('sys.modules.setdefault("pyodide", None)') < text.index("from . import functions")


def manifest(server: Server, **headers: str) -> ET.Element:
    return ET.fromstring(server.get("/manifest.xml", **headers))


def values(root: ET.Element, name: str) -> list[str]:
    return [each.get("DefaultValue", each.text) for each in root.iter() if each.tag.rpartition("}")[2] == name]


def addresses(root: ET.Element) -> list[str]:
    """Every address, whether it is the value of an attribute or text."""
    found = [each.get("DefaultValue", each.text or "") for each in root.iter()]
    return [each for each in found if "://" in each]


def resources(root: ET.Element) -> dict[str, str]:
    return {
        each.get("id"): each.get("DefaultValue")
        for each in root.iter()
        if "officeappbasictypes" in each.tag and "id" in each.attrib
    }


@pytest.mark.server
def test_the_manifest_is_well_formed_and_our_own(server):
    root = manifest(server)
    assert [each.tag.rpartition("}")[2] for each in root] == [
        "Id", "Version", "ProviderName", "DefaultLocale", "DisplayName", "Description", "IconUrl",
        "HighResolutionIconUrl", "AppDomains", "Hosts", "Requirements", "DefaultSettings", "Permissions",
        "VersionOverrides",
    ]  # fmt: skip
    assert values(root, "Id") == [str(manifest_id("prod"))]
    assert values(root, "Version") == [manifest_version(xlkpi.__version__)]
    assert values(root, "ProviderName") == values(root, "DisplayName") == ["xlkpi"]
    assert values(root, "Namespace") == []
    used = [each.get("resid") for each in root.iter() if "resid" in each.attrib]
    defined = [each.get("id") for each in root.iter() if "officeappbasictypes" in each.tag and "id" in each.attrib]
    assert set(used) == set(defined)
    assert len(defined) == len(set(defined))
    assert max(map(len, used)) <= 32
    text = server.get("/manifest.xml").decode().lower()
    foreign = "hello xlwings.org demo example mytab mygroup customtab executefunction {% {{ {#"
    assert not [word for word in foreign.split() if word in text]
    assert server.get("/manifest/download") == server.get("/manifest.xml")


@pytest.mark.server
def test_what_the_manifest_names_is_served(server):
    root = manifest(server)
    found = set(addresses(root))
    assert {each[: len(server.address)] for each in found} == {server.address}
    pictures = {each for each in found if each.endswith(".png")}
    assert len(pictures) == 4
    for each in pictures:
        content, size = server.get(urlsplit(each).path), int(each.rpartition("-")[2].removesuffix(".png"))
        assert content == (TEMPLATES / "icons" / f"xlkpi-{size}.png").read_bytes()
        assert content[16:24] == size.to_bytes(4, "big") * 2, "width and height"
    for each in found - pictures - {server.address}:
        assert server.get(urlsplit(each).path)
    assert server.get("/favicon.ico") == (TEMPLATES / "icons" / "xlkpi-32.png").read_bytes()


@pytest.mark.server
def test_a_proxy_with_a_certificate_makes_every_address_https(server):
    """Office asks for https in SourceLocation, the icons and the resources."""
    found = addresses(manifest(server, X_Forwarded_Proto="https"))
    assert len(found) >= 10
    assert {urlsplit(each).scheme for each in found} == {"https"}


@pytest.mark.server
def test_with_a_certificate_the_server_is_https_and_an_environment_is_an_add_in_of_its_own(tmp_path):
    need_server()
    certify(tmp_path / "certs")
    running = Server(tmp_path, XLWINGS_ENVIRONMENT="dev")
    try:
        root = manifest(running)
        assert running.address.startswith("https://")
        assert {urlsplit(each).scheme for each in addresses(root)} == {"https"}
        assert values(root, "Id") == [str(manifest_id("dev"))]
        assert values(root, "DisplayName") == ["xlkpi (dev)"]
        prefix = next(each.get("resid") for each in root.iter() if each.tag.endswith("}Namespace"))
        assert resources(root)[prefix] == "DEV"
        assert running.call("css", [[85]], [[100]]) == [[85]]
    finally:
        running.close()


def certify(folder: Path) -> None:
    """Make what mkcert makes: a certificate for this machine under the name that the server looks for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    hosts = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
    certificate = builder.add_extension(hosts, critical=False).sign(key, hashes.SHA256())
    (folder / "localhost+2.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "localhost+2-key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip


# The page in a browser


@pytest.mark.server
@pytest.mark.browser
def test_the_page_registers_every_function_by_itself_and_asks_nobody_else(page):
    assert sorted(page["registered"]) == sorted(each.name for each in cell_functions(xlkpi.load()))
    assert page["stubbed"] == 1, "Office.js comes from this server, and only the stand-in for it was used"
    assert page["foreign"] == []
    assert page["failed"] == []
    assert page["errors"] == []


@pytest.mark.server
@pytest.mark.browser
def test_every_call_from_the_page_is_answered_right(page):
    assert not mismatches(page["answers"])
    spilled = next(i for i, each in enumerate(CALLS) if each.name == "css" and each.arguments[0][1:] == [[101], ["x"]])
    assert page["answers"][spilled] == [[85], ["#NUM!"], ["#VALUE!"]]


@pytest.mark.server
@pytest.mark.browser
def test_the_task_pane_shows_the_functions(page):
    assert page["title"] == "xlkpi"
    assert sorted(page["listed"]) == sorted(page["registered"])
    assert "CSS" in page["found"]
    assert len(page["found"]) < 5
    assert page["hidden"], "messages of the base page are not to be seen"
    assert Path(page["screenshot"]).stat().st_size > 20_000
