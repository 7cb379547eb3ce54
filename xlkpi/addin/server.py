"""Write the project folder of xlwings Server: its settings, manifest, task pane and icons, with the functions.

The folder runs as it is with the command ``xlwings-server``. Its files are in ``data/hosts/server``; only the
version and the ids of the manifest are filled in.
"""

from __future__ import annotations

import re
import uuid
from hashlib import sha1
from pathlib import Path

from ..names import DATA

ENVIRONMENTS = ("dev", "qa", "uat", "staging", "prod")
_NAMESPACE = uuid.UUID("b6f3a5de-7d0c-5e0a-9b51-3a2f1c8d9e47")
_TEMPLATES = Path(DATA, "hosts", "server")
# File of the project -> the one that it is made from.
_FILES = {
    ".env": "env",
    ".gitignore": "gitignore",
    "README.md": "README.md",
    "custom_functions/__init__.py": "custom_functions.txt",
    "custom_scripts/__init__.py": "custom_scripts.txt",
    "pyproject.toml": "settings.toml",
    "static/css/style.css": "static/style.css",
    "static/images/favicon.png": "icons/xlkpi-32.png",
    "static/images/icons/xlkpi-16.png": "icons/xlkpi-16.png",
    "static/images/icons/xlkpi-32.png": "icons/xlkpi-32.png",
    "static/images/icons/xlkpi-64.png": "icons/xlkpi-64.png",
    "static/images/icons/xlkpi-80.png": "icons/xlkpi-80.png",
    "static/js/main.js": "static/main.js",
    "static/js/ribbon.js": "static/ribbon.js",
    "templates/manifest.xml": "templates/manifest.xml",
    "templates/taskpane.html": "templates/taskpane.html",
}
_FUNCTIONS = "custom_functions/functions.py"


def server_files(module_text: str, version: str) -> dict[str, bytes]:
    """Return every file of a project of xlwings Server, by its path in the project.

    Args:
        module_text: one Python file that registers the functions when it is imported, and imports xlwings alone.
        version: of xlkpi, such as ``0.1.0``; Excel is shown its numbers.

    Returns:
        Paths with ``/`` and what is to be in the files, sorted by path; the same for the same arguments.

    Raises:
        ValueError: the version does not begin with a number.

    >>> server_files("", "0.1.0")["custom_functions/functions.py"]
    b''
    """
    filled = {
        b"@IDS@": "\n".join(f'manifest_id_{each} = "{manifest_id(each)}"' for each in ENVIRONMENTS).encode(),
        b"@VERSION4@": manifest_version(version).encode(),
        b"@VERSION@": version.encode(),
    }
    found = {path: _filled(name, filled) for path, name in _FILES.items()}
    found[_FUNCTIONS] = module_text.encode()
    return dict(sorted(found.items()))


def manifest_version(version: str) -> str:
    """Return a version as Office wants it: four numbers, and nothing about a pre-release.

    Args:
        version: a version of Python's kind, such as ``1.2.3rc1``.

    Returns:
        Its first four numbers, with zeros for those that it lacks.

    Raises:
        ValueError: it does not begin with a number.

    >>> manifest_version("1.2.3rc1")
    '1.2.3.0'
    """
    release = re.match(r"\d+(\.\d+)*", version)
    if release is None:
        raise ValueError(f'"{version}" is not a version: it must begin with a number, such as 0.1.0.')
    numbers = release[0].split(".")
    return ".".join([*numbers, "0", "0", "0"][:4])


def manifest_id(environment: str) -> uuid.UUID:
    """Return the id by which Excel knows the add-in; it must never change.

    Args:
        environment: one of :data:`ENVIRONMENTS`; each is an add-in of its own.

    Returns:
        A UUID made from the name alone. It is marked as version 4, since xlwings Server takes no other.

    >>> str(manifest_id("prod"))
    '3476f9f1-951b-4635-aa2d-48e62174aeba'
    """
    digest = sha1(_NAMESPACE.bytes + environment.encode(), usedforsecurity=False).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def _filled(name: str, values: dict[bytes, bytes]) -> bytes:
    """Read a file of the package's data and put the values in the place of their marks; pictures have none."""
    content = (_TEMPLATES / name).read_bytes()
    for mark, value in values.items():
        content = content if name.endswith(".png") else content.replace(mark, value)
    return content
