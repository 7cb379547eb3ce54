"""Gather the names that functions of ours must not have, and write them into ``xlkpi/data``.

Run by hand, never by the tests: ``python tests/collect_function_names.py FOLDER``, with npm, pip, apt-get, dpkg
and chromium on the machine. FOLDER keeps what is fetched; nothing is installed. Only names are taken over.

Where they come from:

* ``excel_functions.txt``, English: what the file has already, openpyxl, XlsxWriter, and ``NEWEST`` below.
* ``function_names.txt``: the language packs of HyperFormula, which follow Excel; those of LibreOffice, which
  mostly do (names that only it has are marked); the tables of Excel's old macro functions in oletools and pyxlsb2;
  the globals of a page in Chromium with the scripts of xlwings Server, if that is installed.
"""

from __future__ import annotations

import gettext
import html
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from openpyxl.utils import FORMULAE

DATA = Path(__file__).parent.parent / "xlkpi" / "data"
NAME = re.compile(r"[A-Z][A-Z0-9]{2,30}")  # nothing else can equal a name of ours
HYPERFORMULA = {
    "csCZ": "cs", "daDK": "da", "deDE": "de", "esES": "es", "fiFI": "fi", "frFR": "fr", "huHU": "hu", "idID": "id",
    "itIT": "it", "nbNO": "nb", "nlNL": "nl", "plPL": "pl", "ptPT": "pt", "ruRU": "ru", "svSE": "sv", "trTR": "tr",
}  # fmt: skip
# Only languages in which Excel has names of its own.
LIBREOFFICE = ("ca", "cs", "da", "de", "es", "fi", "fr", "gl", "hu", "it", "nb", "nl", "pl", "pt", "pt-br", "sv", "tr")
# Excel's functions that none of the libraries knows.
NEWEST = """
    ACOT BAHTTEXT CALL COPILOT DATESTRING DBCS DETECTLANGUAGE EUROCONVERT GROUPBY IMPORTCSV IMPORTTEXT ISTHAIDIGIT
    NUMBERSTRING PERCENTOF PIVOTBY PY REGEXEXTRACT REGEXREPLACE REGEXTEST ROUNDBAHTDOWN ROUNDBAHTUP STOCKHISTORY
    THAIDAYOFWEEK THAIDIGIT THAIMONTHOFYEAR THAINUMSOUND THAINUMSTRING THAISTRINGLENGTH THAIYEAR TRANSLATE TRIMRANGE
    USDOLLAR
"""
# Globals of other browsers and hosts than this Chromium, and of Pyodide, in which xlwings Lite runs.
OTHER_GLOBALS = """
    browser define exports external global load orientation process pyodide read require safari sidebar webkit xlwings
    callbacks config ongesturechange ongestureend ongesturestart onorientationchange ontouchcancel ontouchend
    ontouchmove ontouchstart
"""
PAGE = """<html><body>%s<script>
setTimeout(() => {
  const all = new Set();
  for (let at = window; at; at = Object.getPrototypeOf(at)) Object.getOwnPropertyNames(at).forEach((n) => all.add(n));
  document.body.textContent = JSON.stringify([...all]);
}, 500);
</script></body></html>"""


def run(folder: Path, *command: str) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def fetch(folder: Path) -> None:
    """Get the packages by their ordinary clients and unpack them, once."""
    if (folder / "done").exists():
        return
    run(folder, "npm", "install", "--ignore-scripts", "--prefix", str(folder), "hyperformula")
    run(
        folder,
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "-q",
        "-t",
        "py",
        "oletools",
        "pyxlsb2",
        "xlsxwriter",
    )
    for language in LIBREOFFICE:
        run(folder, "apt-get", "download", f"libreoffice-l10n-{language}")
    for package in folder.glob("*.deb"):
        run(folder, "dpkg", "-x", package.name, "office")
    (folder / "done").touch()


def english(folder: Path) -> set[str]:
    """Excel's own names, those with a dot too."""
    lines = (DATA / "excel_functions.txt").read_text(encoding="utf-8").splitlines()
    known = {line for line in lines if not line.startswith("#")}
    future = (folder / "py/xlsxwriter/worksheet.py").read_text(encoding="utf-8")
    known |= {name.replace("\\", "") for name in re.findall(r'"_xlfn\.(?:_xlws\.)?([A-Z0-9.]+)\(', future)}
    return known | set(NEWEST.split()) | {name for name in FORMULAE if re.fullmatch(r"[A-Z][A-Z0-9.]*", name)}


def hyperformula(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield language, English name and name."""
    for pack, language in HYPERFORMULA.items():
        text = (folder / f"node_modules/hyperformula/es/i18n/languages/{pack}.mjs").read_text(encoding="utf-8")
        text = text[text.index("functions:") :]
        for key, name in re.findall(r"""^\s*['"]?([A-Z][A-Z0-9_.]*)['"]?: ['"](.*?)['"],?$""", text, re.M):
            yield language, key, name.upper()


def libreoffice(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield language, English name and name."""
    for language in LIBREOFFICE:
        place = f"office/usr/lib/libreoffice/program/resource/{language.replace('-br', '_BR')}/LC_MESSAGES"
        for part in ("for", "sca"):
            with (folder / place / f"{part}.mo").open("rb") as file:
                messages = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            for message, name in messages.items():
                context, _, key = message.partition("\x04") if isinstance(message, str) else ("", "", "")
                if "FUNCTION_NAMES" in context or "FUNCNAME" in context:
                    yield language[:2], key, name.upper()


def macros(folder: Path) -> set[str]:
    """Functions of Excel 4.0 macros and their commands."""
    found = set()
    for path in ("py/oletools/thirdparty/oledump/plugin_biff.py", "py/pyxlsb2/ptgs.py"):
        text = (folder / path).read_text(encoding="utf-8")
        found |= set(re.findall(r"""0x[0-9A-Fa-f]+: ?\(?'([A-Z][A-Z0-9]+)'""", text))
    return found - {"BIFF8", "FONT2"}


def page_globals(folder: Path) -> set[str]:
    """Lower-case globals of the page in which functions become globals too."""
    found = set(OTHER_GLOBALS.split())
    spec = find_spec("xlwings_server")
    scripts = []
    if spec and spec.origin:
        static = Path(spec.origin).parent / "static"
        for pattern in (
            "office-js/*/dist/office.js",
            "**/htmx.min.js",
            "**/socket.io.min.js",
            "**/bootstrap.bundle.min.js",
        ):
            scripts += [f'<script src="{path}"></script>' for path in (static / "vendor").glob(pattern)]
        for path in (static / "js").rglob("*.js"):  # not all are modules
            text = path.read_text(encoding="utf-8")
            if not re.search(r"^(import|export)\b", text, re.M):
                pattern = r"^(?:const|let|var|class|function|async function) ([a-z][a-z0-9]*)\b"
                found |= set(re.findall(pattern, text, re.M))
    page = folder / "page.html"
    page.write_text(PAGE % "".join(scripts), encoding="utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--dump-dom")
    shown = run(folder, "chromium", *flags, page.as_uri())
    match = re.findall(r"\[&quot;.*\]|\[\".*\]", shown)
    return found | {name for name in json.loads(html.unescape(match[-1])) if re.fullmatch(r"[a-z][a-z0-9]*", name)}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    fetch(folder)
    own = english(folder)
    certain: dict[str, set[str]] = defaultdict(set)
    doubtful: dict[str, set[str]] = defaultdict(set)
    for source, into in ((hyperformula, certain), (libreoffice, doubtful)):
        counts: dict[str, set[str]] = defaultdict(set)
        for language, key, name in source(folder):
            if key in own and name not in own and NAME.fullmatch(name):
                into[name].add(language)
                counts[language].add(name)
        print(source.__name__, {language: len(names) for language, names in sorted(counts.items())})
    tags: dict[str, list[str]] = {name: sorted(languages) for name, languages in certain.items()}
    tags |= {name: ["~", *sorted(languages)] for name, languages in doubtful.items() if name not in certain}
    print("of one source only, LibreOffice:", len(tags) - len(certain), "of", len(tags))
    for tag, names in (("page", page_globals(folder)), ("xlm", macros(folder))):
        fitting = sorted(name for name in {name.upper() for name in names} - own if NAME.fullmatch(name))
        print(tag, len(fitting))
        for name in fitting:
            tags[name] = [tag, *tags.get(name, [])]

    comment = "# Names of Excel's functions in English. See tests/collect_function_names.py.\n"
    (DATA / "excel_functions.txt").write_text(comment + "\n".join(sorted(own)) + "\n", encoding="utf-8")
    comment = (
        "# Other names that a function must not have, and why: xlm, a function of Excel's old macros; page, a global of\n"
        "# the add-in's page; else the languages in which Excel has it (after ~: LibreOffice has it, and Excel may).\n"
        "# Those of excel_functions.txt are not repeated. See tests/collect_function_names.py.\n"
    )
    lines = [f"{name} {' '.join(tags[name])}" for name in sorted(tags)]
    (DATA / "function_names.txt").write_text(comment + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
