"""Ready-made workbooks: everything that touches openpyxl."""

from __future__ import annotations

import os

# Without lxml openpyxl writes the same bytes whether lxml is installed or not.
os.environ["OPENPYXL_LXML"] = "False"

from .build import START, build, file_name, write  # noqa: E402

__all__ = ["START", "build", "file_name", "write"]
