// @ts-check
"use strict";

// Writing a section: what is typed is kept as a draft every few seconds, shown as it will read, and
// put away in the browser while there is no connection. Figures are inserted where the cursor is.
/** @template {HTMLElement} [T=HTMLElement] @param {string} marked @returns {T} */
const part = (marked) => /** @type {T} */ (document.querySelector(marked));
/** @param {string} name */
const input = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
/** @type {HTMLFormElement} */
const form = part("[data-prose]");
const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
const state = part("[data-prose-state]");
const preview = part("[data-preview]");
const atWork = part("[data-at-work]");
const place = `prose:${form.dataset.key}`;
const WAIT = 1500;
const AGAIN = 15000;
let kept = field.value;
let timer = 0;
let leaving = false;

function later(wait = WAIT) {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
}

function putAway() {
  try {
    localStorage.setItem(place, JSON.stringify({ text: field.value, seen: input("seen").value }));
  } catch {
    // A browser that keeps nothing still sends the draft.
  }
}

async function keep() {
  const text = field.value;
  const body = new FormData();
  body.append("text", text);
  body.append("seen", input("seen").value);
  body.append("csrfmiddlewaretoken", input("csrfmiddlewaretoken").value);
  try {
    const answer = await fetch(form.dataset.draft ?? "", { method: "POST", body });
    const said = await answer.json();
    if (said.problem) {
      state.textContent = said.problem;
      return;
    }
    kept = text;
    localStorage.removeItem(place);
    state.textContent = form.dataset.kept ?? "";
    if (preview.innerHTML !== said.preview) preview.innerHTML = said.preview;
    atWork.hidden = !said.at_work;
    atWork.textContent = said.at_work;
  } catch {
    state.textContent = form.dataset.lost ?? "";
    putAway();
    later(AGAIN);
  }
}

/** @param {string} reference what stands for a figure in the text */
function insert(reference) {
  const { selectionStart: start, selectionEnd: end } = field;
  field.focus();
  field.setRangeText(reference, start, end, "end");
  field.dispatchEvent(new Event("input"));
}

/** @param {HTMLElement} list */
function ready(list) {
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = list.querySelectorAll("[data-insert]");
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => insert(button.dataset.insert ?? ""));
  }
}

field.addEventListener("input", () => {
  putAway();
  later();
});
form.addEventListener("submit", () => {
  leaving = true; // what was typed stays in the browser until the page shows it as saved
});
addEventListener("beforeunload", (event) => {
  if (!leaving && field.value !== kept) event.preventDefault();
});
addEventListener("online", () => field.value !== kept && keep());

const list = part("[data-figure-list]");
/** @type {HTMLFormElement} */
const search = part("[data-figure-search]");
ready(list);
search.addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = new URLSearchParams({ q: String(new FormData(search).get("q") ?? ""), part: "1" });
  const answer = await fetch(`${form.dataset.figures}?${query}`);
  if (!answer.ok) return;
  list.innerHTML = await answer.text();
  ready(list);
});

const offered = localStorage.getItem(place);
if (offered) {
  const { text, seen } = JSON.parse(offered);
  if (text === field.value) localStorage.removeItem(place);
  else if (seen === input("seen").value) {
    field.value = text;
    state.textContent = form.dataset.offered ?? "";
    later();
  }
}
// Whoever has the page open has the section in hand; others are told.
setInterval(() => document.hasFocus() && field.value !== field.defaultValue && keep(), 60000);
