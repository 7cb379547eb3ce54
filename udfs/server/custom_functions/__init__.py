"""The KPI functions of xlkpi, where xlwings Server looks for them."""

import sys

# xlwings tries to import pyodide for every cell that it reads. An entry of None makes the failing import a look
# into a table, so that a call with a large range takes a quarter of the time. It must come first.
sys.modules.setdefault("pyodide", None)

from . import functions

# xlwings Server registers what it finds among the names of this module and xlwings has marked as a function.
globals().update({name: each for name, each in vars(functions).items() if hasattr(each, "__xlfunc__")})
