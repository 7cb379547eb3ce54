"""Answer calls through xlwings' own server code, as an xlwings Server does; one JSON request a line.

Runs in a process of its own, since xlwings decides at its import which host it serves. The server code is
under xlwings' noncommercial licence; it is used by these tests alone.
"""

import asyncio
import json
import os
import sys
import types

os.environ["XLWINGS_ON_SERVER"] = "true"
os.environ["XLWINGS_LICENSE_KEY"] = "noncommercial"
sys.modules.setdefault("pyodide", None)  # a failing import becomes a look into a table: four times faster

from xlwings import server  # noqa: E402

from xlkpi import udf  # noqa: E402

module = types.ModuleType("functions")
names = udf.register(module.__dict__, help_url="https://example.org/{language}/{function}")


def call(name, args):
    request = {
        "client": "Office.js",
        "func_name": name,
        "args": args,
        "caller_address": "[Book1]Sheet1!A1",
        "culture_info_name": "en-US",
        "date_format": "m/d/yyyy",
        "version": "0",
        "runtime": "1.4",
    }
    return asyncio.run(server.custom_functions_call(request, module))


print(json.dumps(server.custom_functions_meta(module)), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(call(request["name"], request["args"])), flush=True)
