// Play Excel: open the task pane of a running server in Chromium, let it register its functions, and call them.
//
//   node server_page.mjs ADDRESS SCREENSHOT < calls.json
//
// ADDRESS is the server's, such as http://127.0.0.1:8000. The calls are [{name, arguments}], where an argument is a
// list of rows, or null for one that is left out. The answers and all that went wrong are printed as JSON. Chromium
// is CHROMIUM in the environment, else "chromium".
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [address, screenshot] = process.argv.slice(2);
const calls = JSON.parse(readFileSync(0, "utf8"));
const home = new URL(address);
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

// In place of Office.js: what the page asks of Excel, and nothing more, so that asking for more shows as an error.
function office() {
  const info = { host: "Excel", platform: "OfficeOnline" };
  class Context {
    workbook = { name: "Book1.xlsx", load() {} };
    application = {
      cultureInfo: { name: "en-US", load() {}, datetimeFormat: { shortDatePattern: "m/d/yyyy", load() {} } },
    };
    async sync() {}
  }
  class Failure extends Error {
    constructor(code, message) {
      super(message);
      this.code = code;
    }
  }
  globalThis.registered = {};
  globalThis.Office = {
    onReady(then) {
      return Promise.resolve(info).then((found) => (then?.(found), found));
    },
    context: { requirements: { isSetSupported: () => true } },
  };
  globalThis.Excel = { RequestContext: Context, run: (action) => action(new Context()) };
  globalThis.CustomFunctions = {
    associate(id, body) {
      if (id in globalThis.registered) throw new Error(`${id} is registered twice`);
      globalThis.registered[id] = body;
    },
    Error: Failure,
    ErrorCode: {
      invalidValue: "#VALUE!", notAvailable: "#N/A", divisionByZero: "#DIV/0!", invalidNumber: "#NUM!",
      nullReference: "#NULL!", invalidName: "#NAME?", invalidReference: "#REF!",
    },
  };
}

// In the page: call every function as Excel would, with what the metadata says, all at once.
async function play(calls) {
  const TYPES = {
    "#DIV/0!": "Div0", "#N/A": "NotAvailable", "#NAME?": "Name", "#NULL!": "Null", "#NUM!": "Num", "#REF!": "Ref",
    "#VALUE!": "Value",
  };
  const CODES = Object.fromEntries(Object.entries(TYPES).map(([code, type]) => [type, code]));
  const meta = await (await fetch("/xlwings/custom-functions-meta.json")).json();
  const known = Object.fromEntries(meta.functions.map((each) => [each.name, each]));

  function asSent(cell) {
    if (!(cell in TYPES)) return cell;
    return { type: "Error", errorType: TYPES[cell], basicType: "Error", basicValue: cell };
  }
  function plain(cell) {
    return cell?.type === "Error" ? (CODES[cell.errorType] ?? cell.errorType) : cell;
  }
  async function answer({ name, arguments: given }, index) {
    const one = known[name.toUpperCase()];
    const sent = one.parameters.map((_, i) => given[i]?.map((row) => row.map(asSent)) ?? null);
    const invocation = { address: `Sheet1!A${index + 1}`, parameterAddresses: [] };
    try {
      const rows = await globalThis.registered[one.id](...sent, invocation);
      return rows.map((row) => row.map(plain));
    } catch (error) {
      if (error instanceof CustomFunctions.Error) return [[error.code]];
      throw error;
    }
  }
  const began = performance.now();
  const answers = await Promise.all(calls.map(answer));
  return { answers, milliseconds: performance.now() - began };
}

// In the page: what somebody sees who looks for a function.
function look(words) {
  const search = document.getElementById("xlkpi-search");
  search.value = words;
  search.dispatchEvent(new Event("input"));
  return [...document.querySelectorAll("#xlkpi-list > details:not([hidden]) b")].map((each) => each.textContent);
}

const executablePath = process.env.CHROMIUM || execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
try {
  const context = await browser.newContext({ viewport: { width: 350, height: 760 }, deviceScaleFactor: 2 });
  const page = await context.newPage();
  const out = { errors: [], foreign: [], failed: [], stubbed: 0 };
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && out.errors.push(message.text()));
  page.on("pageerror", (error) => out.errors.push(String(error)));
  page.on("response", (response) => response.status() >= 400 && out.failed.push(response.url()));
  await context.route("**", (route) => {
    const url = new URL(route.request().url());
    if (url.pathname.endsWith("/office.js")) {
      out.stubbed += 1;
      return route.fulfill({ contentType: "text/javascript", body: `(${office})();` });
    }
    if (url.origin === home.origin) return route.continue();
    out.foreign.push(url.href);
    return route.abort();
  });
  await page.goto(`${home.origin}/taskpane.html`, { waitUntil: "load" });
  await page.waitForSelector("#xlkpi-list > details", { timeout: 10_000 });
  out.registered = await page.evaluate(() => Object.keys(globalThis.registered));
  Object.assign(out, await page.evaluate(play, calls));
  out.found = await page.evaluate(look, "  Client satisf");
  out.listed = await page.evaluate(look, "");
  await page.click("#xlkpi-list > details >> nth=0");
  await page.evaluate(() => scrollTo(0, 0));
  if (screenshot) await page.screenshot({ path: screenshot });
  out.hidden = await page.evaluate(() =>
    ["global-error-alert", "global-status-alert", "xlwings-office-ready-error"].every(
      (id) => getComputedStyle(document.getElementById(id)).display === "none",
    ),
  );
  out.title = await page.title();
  console.log(JSON.stringify(out));
} finally {
  await browser.close();
}
