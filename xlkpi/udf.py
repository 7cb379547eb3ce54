"""The functions as xlwings functions, for whichever host is there: classic Excel, Server, Lite.

One factory turns every function that cells may call into one that any host registers, so that a function
in a catalogue file needs no code. What the hosts do not agree on is avoided: every argument is a grid, no
annotation says anything, nothing is raised, nothing that is not a finite number, text or error code is
returned, Python names are lower case.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, cast

from xlwings import arg, func

from .arrays import Grid
from .catalogue import load
from .cells import CellFunction
from .companions import cell_functions
from .model import Catalogue
from .names import CATEGORY, HELP_LIMIT


def make(
    function: CellFunction, module: str = __name__, language: str = "en", help_url: str = ""
) -> Callable[..., Grid]:
    """Return the xlwings function of a function that cells may call, such as ``css`` for ``CSS``.

    Args:
        function: what it is called, takes and answers.
        module: name of the module it is to belong to; hosts may pass over what belongs to another.
        language: of the help.
        help_url: address of its help, with ``{function}`` and ``{language}`` filled in; none where empty.

    Returns:
        A Python function under the decorators of the host that xlwings found; it never raises.

    Source:
        The rules of the three hosts, see ``docs/hosts.md``.

    >>> from xlkpi import load
    >>> from xlkpi.companions import cell_functions
    >>> make(cell_functions(load())[0]).__name__
    'css'
    """
    size = len(function.parameters)

    def made(*given: object) -> Grid:
        return function.answer((*given, *[None] * (size - len(given))))

    made.__name__ = made.__qualname__ = function.name.lower()
    made.__module__ = module
    made.__doc__ = function.help.get_in(language)[:HELP_LIMIT]
    made.__annotations__ = {}  # hosts would evaluate them anew at each call, a third of its time
    made.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                each.id,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if each.optional else inspect.Parameter.empty,
            )
            for each in function.parameters
        ]
    )
    options: dict[str, Any] = {"category": CATEGORY, "name": function.name}
    if help_url:
        options["help_url"] = help_url.replace("{function}", function.name.lower()).replace("{language}", language)
    decorated: Callable[..., Grid] = made
    for each in function.parameters:
        text = each.help.get_in(language)[:HELP_LIMIT]
        decorated = arg(each.id, ndim=2, err_to_str=True, doc=text)(decorated)
    # func() comes last, since each arg() sets what it said back to its defaults.
    return cast("Callable[..., Grid]", func(**options)(decorated))


def register(
    space: dict[str, object], catalogue: Catalogue | None = None, language: str = "en", help_url: str = ""
) -> list[str]:
    """Put every function that cells may call into a module's names, where hosts look for them.

    Args:
        space: the module's ``globals()``.
        catalogue: whose functions; the shipped ones where it is left out.
        language: of the help, and of the companions' answers where a cell asks for none.
        help_url: see :func:`make`.

    Returns:
        The names that were added.

    Source:
        The rules of the three hosts, see ``docs/hosts.md``.

    >>> "css" in register({})
    True
    """
    functions = cell_functions(load() if catalogue is None else catalogue, language)
    made = [make(each, str(space.get("__name__", __name__)), language, help_url) for each in functions]
    for each in made:
        space[each.__name__] = each
    return [each.__name__ for each in made]
