// The task pane: lists the functions that this server has, as Excel is told of them.

const main = document.getElementById("xlkpi");
const list = document.getElementById("xlkpi-list");
const state = document.getElementById("xlkpi-state");
const search = document.getElementById("xlkpi-search");
document.title = "xlkpi";

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function signature(each) {
  const names = each.parameters.map((one) => (one.optional ? `[${one.name}]` : one.name));
  return `=${each.name}(${names.join(", ")})`;
}

function card(each) {
  const made = document.createElement("details");
  const head = document.createElement("summary");
  head.append(element("b", each.name), element("span", each.description));
  made.append(head, element("code", signature(each)));
  if (each.parameters.length) {
    const parts = document.createElement("dl");
    for (const one of each.parameters) {
      const text = one.description + (one.optional ? " (may be left out)" : "");
      parts.append(element("dt", one.name), element("dd", text));
    }
    made.append(parts);
  }
  if (each.helpUrl) {
    const link = element("a", "More about it");
    link.href = each.helpUrl;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    made.append(link);
  }
  made.dataset.words = `${each.name} ${each.description}`.toLowerCase();
  return made;
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const each of list.children) {
    each.hidden = !words.every((word) => each.dataset.words.includes(word));
    shown += each.hidden ? 0 : 1;
  }
  state.textContent = shown === 1 ? "1 function" : `${shown} functions`;
}

async function fill() {
  const answer = await fetch(main.dataset.functions);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const { functions } = await answer.json();
  list.append(...functions.map(card));
  const example = functions.find((each) => each.parameters.length === 2);
  if (example) {
    const place = document.getElementById("xlkpi-example");
    place.firstElementChild.textContent = signature(example);
    place.hidden = false;
  }
  search.addEventListener("input", filter);
  filter();
}

fill().catch((error) => {
  state.textContent = `The list of functions did not load: ${error.message}. Reopen this pane to try again.`;
});
