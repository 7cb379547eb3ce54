// Plays xlwings Lite: real Pyodide, real xlwings, the main.py that a workbook carries, no network.
// Usage: node pyodide_lite.mjs REQUEST.json; prints one JSON object.
import fs from "node:fs";
import net from "node:net";

const request = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const refused = [];
function refuse(what) {
  refused.push(String(what));
  throw new Error(`no network here: ${what}`);
}
globalThis.fetch = (address) => refuse(address?.url ?? address);
net.Socket.prototype.connect = (...where) => refuse(JSON.stringify(where[0]));

const { loadPyodide } = await import(request.pyodide + "/pyodide.mjs");
const started = performance.now();
const python = await loadPyodide({ indexURL: request.pyodide });
python.unpackArchive(new Uint8Array(fs.readFileSync(request.xlwings)), "zip", {
  extractDir: python.runPython("import site; site.getsitepackages()[0]"),
});
python.globals.set("code", fs.readFileSync(request.main, "utf8"));
const meta = python.runPython(`
import importlib.util, json, os, sys
os.environ.update(XLWINGS_ON_SERVER="true", XLWINGS_LICENSE_KEY="noncommercial")
import xlwings.server
# As xlwings' own runtime in the browser does it: the text is run first and becomes a module then.
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("main", loader=None))
exec(code, module.__dict__)
sys.modules["main"] = module

async def call(data):
    return json.dumps(await xlwings.server.custom_functions_call(data.to_py(), module=module))

json.dumps(xlwings.server.custom_functions_meta(module))
`);
const ready = performance.now() - started;
const call = python.globals.get("call");
async function answer(name, args) {
  const data = {
    client: "Office.js", func_name: name, args, caller_address: "[Book1]Sheet1!A1",
    culture_info_name: "en-US", date_format: "m/d/yyyy", version: "0", runtime: "1.4",
  };
  return JSON.parse(await call(data));
}
const answers = [];
for (const { name, args } of request.calls) answers.push(await answer(name, args));
const times = {};
for (const { label, name, args, repeat } of request.timed ?? []) {
  const taken = [];
  for (let round = 0; round < repeat; round++) {
    const begin = performance.now();
    await answer(name, args);
    taken.push(performance.now() - begin);
  }
  times[label] = taken.sort((a, b) => a - b)[taken.length >> 1];
}
const version = python.runPython("import platform; platform.python_version()");
console.log(JSON.stringify({ meta: JSON.parse(meta), answers, times, refused, python: version, ready }));
