"""The pictures that CI and the documentation show: every visible sheet, and no page without anything on it."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from xlkpi.catalogue import load
from xlkpi.workbook import build

SCRIPT = Path(__file__).parent.parent / "docs" / "pictures.py"
VERTICAL, LANGUAGE, WIDTH = "remote-resume-writing", "pt", 700


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("pictures", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["pictures"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def office(script):
    found = script.find_office()
    if found is None:
        pytest.skip("LibreOffice is not on this machine")
    return found


@pytest.mark.libreoffice
def test_every_visible_sheet_has_a_picture_and_no_page_is_blank(script, office, catalogue, tmp_path):
    old = tmp_path / f"{VERTICAL}.{LANGUAGE}.gone.1.png"
    other = tmp_path / "another.pt.inputs.1.png"
    old.touch()
    other.touch()
    written = script.draw(tmp_path, [VERTICAL], [LANGUAGE], WIDTH, office)
    assert {*tmp_path.iterdir()} == {*written, other}, "pictures of sheets that are no more are deleted"
    titles = script.visible(build(catalogue, catalogue.verticals[VERTICAL], LANGUAGE, sample=True))
    keys = {text.get_in(LANGUAGE): key for key, text in catalogue.ui.items() if key.startswith("sheet.")}
    shown = Counter(path.name.split(".")[2] for path in written)
    assert shown.keys() == {keys[title].removeprefix("sheet.") for title in titles}
    assert len(titles) >= 6
    for path in written:
        with Image.open(path) as picture:
            assert picture.mode == "P"
            assert picture.width <= WIDTH
            pixels = picture.convert("L")
        ink = sum(many for shade, many in enumerate(pixels.histogram()) if shade < 128)
        assert ink > 500, f"{path.name} has hardly anything on it"
        assert path.stat().st_size < 100_000


@pytest.mark.libreoffice
def test_a_sheet_that_prints_nothing_is_an_error(script, office, catalogue, tmp_path):
    book = tmp_path / "book.xlsx"
    book.write_bytes(build(catalogue, catalogue.verticals[VERTICAL], LANGUAGE))
    script.printed([book], tmp_path, office)
    keys = {title: title for title in script.visible(book.read_bytes())}
    found = list(script.pages(tmp_path / "book.pdf", keys, WIDTH))
    assert {page.sheet for page in found} == keys.keys()
    with pytest.raises(ValueError, match="nothing is printed of Dashboards"):
        list(script.pages(tmp_path / "book.pdf", keys | {"Dashboards": "dashboards"}, WIDTH))


def test_a_blank_page_is_an_error(script, tmp_path):
    path = tmp_path / "blank.pdf"
    Image.new("RGB", (200, 100), script.PAPER).save(path)
    assert script.content(Image.new("RGB", (200, 100), script.PAPER)) is None

    class Bookmark:
        get_title = staticmethod(lambda: "Inputs")
        get_dest = staticmethod(lambda: Bookmark)
        get_index = staticmethod(lambda: 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script.pypdfium2.PdfDocument, "get_toc", lambda _: [Bookmark])
        with pytest.raises(ValueError, match=r"blank\.pdf: page 1, of Inputs, is blank"):
            list(script.pages(path, {"Inputs": "inputs"}, 200))


@pytest.mark.parametrize("required", [False, True])
def test_without_libreoffice_it_says_so_and_fails_only_where_nothing_may_be_missing(required, tmp_path):
    env = {**os.environ, "PATH": str(tmp_path), "XLKPI_REQUIRE_ALL": "1" if required else ""}
    command = [sys.executable, str(SCRIPT), "--out", str(tmp_path / "out")]
    result = subprocess.run(command, env=env, capture_output=True, text=True)
    assert result.returncode == required
    assert "LibreOffice is not on this machine" in result.stdout
    assert not (tmp_path / "out").exists()


def test_ci_draws_every_line_of_business_in_two_languages(script):
    text = (SCRIPT.parent.parent / ".ci" / "run").read_text("utf-8")
    assert 'docs/pictures.py --out "${XLKPI_OUTPUT:-build/pictures}" --lang en --lang fr' in text
    assert {*script.DOCS[0]} <= load().verticals.keys()
