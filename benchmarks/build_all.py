"""Build all twenty workbooks and print, as JSON, the seconds that each took and its size in bytes.

``run.py --against REV`` runs this with another revision of the package; it therefore uses nothing but what every
revision has.
"""

from __future__ import annotations

import json
import statistics
import time

import xlkpi
from xlkpi.workbook import build

LANGUAGES = ("en", "pt", "fr", "es")
ROUNDS = 3


def measured() -> list[dict[str, float]]:
    """Return, for each workbook, the median of its times in seconds and its size in bytes."""
    catalogue = xlkpi.load()
    found = []
    for vertical in catalogue.verticals.values():
        for language in LANGUAGES:
            taken = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                data = build(catalogue, vertical, language)
                taken.append(time.perf_counter() - start)
            found.append({"seconds": statistics.median(taken), "bytes": len(data)})
    return found


if __name__ == "__main__":
    print(json.dumps(measured()))
