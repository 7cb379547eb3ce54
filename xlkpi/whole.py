"""Write a file whole: to a temporary one first, which then takes its place."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def written_beside(folder: Path, data: bytes) -> Path:
    """Write a temporary file, to be moved where it belongs; everybody may read it, as what it will replace.

    Args:
        folder: where, on the same disk as the file that it will replace.
        data: what is to be in it.

    Returns:
        Its path.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    handle, name = tempfile.mkstemp(dir=folder, prefix=".xlkpi-", suffix=".tmp")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as fresh:
            fresh.write(data)
        path.chmod(0o644)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
