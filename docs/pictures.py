"""Pictures of workbooks, as LibreOffice prints them: ``python docs/pictures.py --out DIR``.

Builds the sample workbook of each line of business and language, prints it into a PDF, and draws each page into a file
named ``<vertical>.<lang>.<sheet>.<page>.png``, where the sheet has its key in xlkpi/data/ui.toml: "inputs", "kpis".
``--docs`` draws the pictures that the documentation shows, small, into docs/pictures/. Needs LibreOffice and the extra
``test`` (pypdfium2, Pillow).
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pypdfium2
from PIL import Image, ImageChops

import xlkpi
from xlkpi.names import LANGUAGES
from xlkpi.workbook import build

HERE = Path(__file__).parent
DOCS = ("career-mentoring", "remote-resume-writing"), ("en", "fr")
DOCS_WIDTH, WIDTH = 1100, 1600
MARGIN = 16  # pixels of white that are left round a picture
COLOURS = 64
PAPER = (255, 255, 255)
# Have LibreOffice show its own figures rather than those in the file: as it is set at first, it keeps them.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


class Page(NamedTuple):
    """One printed page: the key of its sheet, its number on that sheet, and what it looks like."""

    sheet: str
    number: int
    image: Image.Image


def find_office() -> str | None:
    """Return where LibreOffice is."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def printed(workbooks: Collection[Path], folder: Path, office: str) -> None:
    """Print each workbook into a PDF in a folder; its bookmarks say on which page each sheet begins.

    Args:
        workbooks: the files.
        folder: where the PDFs and LibreOffice's settings go.
        office: LibreOffice.
    """
    settings = folder.resolve() / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(SETTINGS, "utf-8")
    profile = f"-env:UserInstallation={settings.parent.parent.as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, workbooks)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=600)
    missing = [path.name for path in workbooks if not (folder / path.with_suffix(".pdf").name).exists()]
    if missing:
        raise RuntimeError(f"LibreOffice did not print {', '.join(missing)}: {said.stderr.strip()}")


def pages(pdf: Path, keys: dict[str, str], width: int) -> Iterator[Page]:
    """Draw each page of a printed workbook.

    Args:
        pdf: the printed workbook.
        keys: the key of each visible sheet, by its title.
        width: of a whole page, in pixels.

    Raises:
        ValueError: a visible sheet has no page, or a page is blank.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        starts = {bookmark.get_title(): bookmark.get_dest().get_index() for bookmark in document.get_toc()}
        if unseen := keys.keys() - starts.keys():
            raise ValueError(f"{pdf.name}: nothing is printed of {', '.join(sorted(unseen))}")
        ends = [*sorted(starts.values())[1:], len(document)]
        for (title, start), end in zip(sorted(starts.items(), key=lambda one: one[1]), ends, strict=True):
            for number in range(start, end):
                page = document[number]
                image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
                if content(image) is None:
                    raise ValueError(f"{pdf.name}: page {number + 1}, of {title}, is blank")
                yield Page(keys[title], number - start + 1, image)


def content(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box that holds all that is not white, or None where there is nothing."""
    return ImageChops.difference(image, Image.new("RGB", image.size, PAPER)).getbbox()


def small(image: Image.Image) -> Image.Image:
    """Cut off the empty paper and keep few colours, for a small file."""
    left, top, right, bottom = content(image) or (0, 0, 1, 1)
    box = (
        max(left - MARGIN, 0),
        max(top - MARGIN, 0),
        min(right + MARGIN, image.width),
        min(bottom + MARGIN, image.height),
    )
    return image.crop(box).quantize(COLOURS, dither=Image.Dither.NONE)


def draw(out: Path, verticals: Collection[str], languages: Collection[str], width: int, office: str) -> list[Path]:
    """Build, print and draw workbooks.

    Args:
        out: folder of the pictures; those of these workbooks that it held are deleted first.
        verticals: lines of business.
        languages: of the workbooks.
        width: of a page before the empty paper is cut off, in pixels.
        office: LibreOffice.

    Returns:
        The files written.
    """
    catalogue = xlkpi.load()
    titles = {key.removeprefix("sheet."): text for key, text in catalogue.ui.items() if key.startswith("sheet.")}
    out.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        books = {
            folder / f"{vertical}.{language}.xlsx": build(
                catalogue, catalogue.verticals[vertical], language, sample=True
            )
            for vertical, language in itertools.product(verticals, languages)
        }
        for path, data in books.items():
            path.write_bytes(data)
        printed(books, folder, office)
        for path, data in books.items():
            for old in out.glob(f"{path.stem}.*.png"):
                old.unlink()
            language = path.stem.rpartition(".")[2]
            known = {text.get_in(language): key for key, text in titles.items()}
            keys = {title: known[title] for title in visible(data)}
            for page in pages(path.with_suffix(".pdf"), keys, width):
                target = out / f"{path.stem}.{page.sheet}.{page.number}.png"
                small(page.image).save(target, optimize=True)
                written.append(target)
    return written


def visible(data: bytes) -> list[str]:
    """Return the titles of the sheets that a reader sees."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return [one.get("name", "") for one in book.iterfind(".//{*}sheet") if one.get("state", "visible") == "visible"]


def main() -> None:
    """Read the command line and draw."""
    every = tuple(xlkpi.load().verticals)
    parser = argparse.ArgumentParser(description="Draw every sheet of the sample workbooks.")
    parser.add_argument("--out", type=Path, help="folder of the pictures")
    parser.add_argument("--vertical", action="append", choices=every, help="line of business; may be repeated")
    parser.add_argument("--lang", action="append", choices=LANGUAGES, help="language; may be repeated")
    parser.add_argument("--width", type=int, help=f"of a page, in pixels ({WIDTH}; with --docs {DOCS_WIDTH})")
    parser.add_argument("--docs", action="store_true", help="draw the small pictures of the documentation")
    chosen = parser.parse_args()
    if not chosen.docs and not chosen.out:
        parser.error("say where the pictures go: --out DIR")
    office = find_office()
    if office is None:
        print("No pictures: LibreOffice is not on this machine (soffice is not in the PATH).")
        sys.exit(os.environ.get("XLKPI_REQUIRE_ALL") == "1")
    verticals, languages = DOCS if chosen.docs else (every, ("en",))
    verticals, languages = chosen.vertical or verticals, chosen.lang or languages
    width = chosen.width or (DOCS_WIDTH if chosen.docs else WIDTH)
    out = chosen.out or HERE / "pictures"
    written = draw(out, verticals, languages, width, office)
    print(f"{len(written)} pictures, {sum(path.stat().st_size for path in written) / 1e6:.1f} MB, in {out}")


if __name__ == "__main__":
    main()
