"""Everything that a person needs to put the functions into Excel, as files of one folder."""

from __future__ import annotations

from pathlib import Path

from .. import __version__
from ..model import Catalogue
from ..names import ADDIN_FILE, ADDIN_MODULE, shipped_text
from .bundle import REQUIREMENTS, bundle
from .classic import build_xlam, xlwings_version
from .files import write_all
from .server import server_files

# What a person may have changed, such as the key of a licence; it is never written over.
KEPT = frozenset(("server/.env",))


def addin_files(catalogue: Catalogue, language: str = "en", help_url: str = "") -> dict[str, bytes]:
    """Return the files of all three ways into Excel, by their paths in the folder.

    Args:
        catalogue: whose functions.
        language: of the help in Lite and Server; the classic add-in follows Excel's own language.
        help_url: address of each function's help; see :func:`xlkpi.udf.make`.

    Returns:
        Paths with ``/`` and what is to be in the files; the same for the same catalogue and xlwings.

    Raises:
        ValueError: a function of the catalogue has a name that VBA cannot hold.

    >>> from xlkpi import load
    >>> sorted(path for path in addin_files(load()) if path.startswith("lite/"))
    ['lite/main.py', 'lite/requirements.txt']
    """
    code = bundle(catalogue, language, help_url)
    readme = shipped_text("hosts", "README.md")
    readme = readme.replace("@VERSION@", __version__).replace("@XLWINGS@", xlwings_version())
    return {
        "README.md": readme.encode(),
        f"classic/{ADDIN_FILE}": build_xlam(catalogue, help_url),
        f"classic/{ADDIN_MODULE}.py": code.encode(),
        "lite/main.py": code.encode(),
        "lite/requirements.txt": REQUIREMENTS.encode(),
        **{f"server/{path}": data for path, data in server_files(code, __version__).items()},
    }


def write_addin(out: Path, files: dict[str, bytes]) -> list[str]:
    """Write the files into a folder, all of them or none, and say what was done.

    Args:
        out: the folder.
        files: see :func:`addin_files`.

    Returns:
        A line a file.

    Raises:
        AddinError: one cannot be written; the others are as they were.
    """
    kept = {path for path in KEPT if (out / path).is_file() and (out / path).read_bytes() != files.get(path)}
    write_all({out / path: data for path, data in files.items() if path not in kept}, "Choose another --out.")
    return [f"{out / path} (kept: it is yours)" if path in kept else str(out / path) for path in files]
