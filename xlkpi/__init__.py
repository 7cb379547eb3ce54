"""KPI functions and ready-made KPI workbooks for small service businesses.

>>> from xlkpi import functions
>>> functions.CSS(85, 100)
85.0
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["Catalogue", "CatalogueError", "FormulaError", "Kpi", "KpiError", "Problem", "Vertical", "load"]

TYPE_CHECKING = False  # type checkers take it for true; importing typing would double the start of functions
if TYPE_CHECKING:
    from .catalogue import load
    from .errors import CatalogueError, FormulaError, KpiError, Problem
    from .model import Catalogue, Kpi, Vertical

_HOMES = {
    "load": "catalogue",
    "Catalogue": "model",
    "Kpi": "model",
    "Vertical": "model",
    "CatalogueError": "errors",
    "FormulaError": "errors",
    "KpiError": "errors",
    "Problem": "errors",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that functions alone start fast."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xlkpi' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
