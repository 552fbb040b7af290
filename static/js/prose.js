"use strict";

// Writing a section: what is typed is kept as a draft every few seconds, shown as it will read, and
// put away in the browser while there is no connection. Figures are inserted where the cursor is.
const form = document.querySelector("[data-prose]");
const field = form.elements.text;
const state = form.querySelector("[data-prose-state]");
const preview = document.querySelector("[data-preview]");
const atWork = document.querySelector("[data-at-work]");
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
    localStorage.setItem(place, JSON.stringify({ text: field.value, seen: form.elements.seen.value }));
  } catch {
    // A browser that keeps nothing still sends the draft.
  }
}

async function keep() {
  const text = field.value;
  const body = new FormData();
  body.append("text", text);
  body.append("seen", form.elements.seen.value);
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body });
    const said = await answer.json();
    if (said.problem) {
      state.textContent = said.problem;
      return;
    }
    kept = text;
    localStorage.removeItem(place);
    state.textContent = form.dataset.kept;
    if (preview.innerHTML !== said.preview) preview.innerHTML = said.preview;
    atWork.hidden = !said.at_work;
    atWork.textContent = said.at_work;
  } catch {
    state.textContent = form.dataset.lost;
    putAway();
    later(AGAIN);
  }
}

function insert(reference) {
  const { selectionStart: start, selectionEnd: end } = field;
  field.focus();
  field.setRangeText(reference, start, end, "end");
  field.dispatchEvent(new Event("input"));
}

function ready(list) {
  for (const button of list.querySelectorAll("[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => insert(button.dataset.insert));
  }
}

field.addEventListener("input", () => {
  putAway();
  later();
});
form.addEventListener("submit", () => {
  leaving = true;
  localStorage.removeItem(place);
});
addEventListener("beforeunload", (event) => {
  if (!leaving && field.value !== kept) event.preventDefault();
});
addEventListener("online", () => field.value !== kept && keep());

const list = document.querySelector("[data-figure-list]");
const search = document.querySelector("[data-figure-search]");
ready(list);
search.addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = new URLSearchParams({ q: search.elements.q.value, part: "1" });
  const answer = await fetch(`${form.dataset.figures}?${query}`);
  if (!answer.ok) return;
  list.innerHTML = await answer.text();
  ready(list);
});

const offered = localStorage.getItem(place);
if (offered) {
  const { text, seen } = JSON.parse(offered);
  if (text !== field.value && seen === form.elements.seen.value) {
    field.value = text;
    state.textContent = form.dataset.offered;
    later();
  }
}
// Whoever has the page open has the section in hand; others are told.
setInterval(() => document.hasFocus() && field.value !== field.defaultValue && keep(), 60000);
