"""Ready-made workbooks: everything that touches openpyxl."""

from __future__ import annotations

from .build import START, build, file_name, write

__all__ = ["START", "build", "file_name", "write"]
