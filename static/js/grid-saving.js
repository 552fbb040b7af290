"use strict";

// Sending what was typed, one request at a time, and keeping it in this browser until it is saved.

const GRID_PAUSE_MS = 1500;
const GRID_RETRY_MS = 15000;
const GRID_PATIENCE_MS = 30000;

// crypto.randomUUID exists on https alone.
function gridUuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class GridDrafts {
  #key;
  #mine = new Set();

  constructor(key) {
    this.#key = key;
  }

  // A browser may refuse its storage; the page then works without this safety net.
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.#key))?.cells ?? {};
    } catch {
      return {};
    }
  }

  // Drafts that are not of this page (not yet restored, or of another tab) stay as they are.
  store(cells) {
    const drafts = this.read();
    for (const id of this.#mine) delete drafts[id];
    this.#mine.clear();
    for (const cell of cells) {
      const id = GridSheet.id(cell.row.series, cell.month);
      drafts[id] = { series: cell.row.series, month: cell.month, ...cell.typed };
      this.#mine.add(id);
    }
    this.#write(drafts);
  }

  drop(ids) {
    const drafts = this.read();
    for (const id of ids) delete drafts[id];
    this.#write(drafts);
  }

  #write(drafts) {
    try {
      if (Object.keys(drafts).length === 0) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify({ cells: drafts }));
    } catch {
      // Full or forbidden storage: the warning before leaving the page remains.
    }
  }
}

class GridSaving {
  #sheet;
  #page;
  #data;
  #drafts;
  #busy = false;
  #again = false;
  #lost = null; // a request whose answer never came; it is sent again as it was
  #timer = 0;
  #retry = 0;

  constructor(sheet, table, page) {
    this.#sheet = sheet;
    this.#page = page;
    this.#data = table.dataset;
    const { user, agency, year } = table.dataset;
    this.#drafts = new GridDrafts(`grid:${user}:${agency}:${year}`);
    this.onconflict = () => {};
    window.addEventListener("online", () => this.#resend());
    page.reason?.addEventListener("input", () => page.reason.removeAttribute("aria-invalid"));
  }

  get #automatic() {
    return this.#data.autosave === "true";
  }

  say(text, kind = "") {
    const { status } = this.#page;
    if (!status) return;
    if (status.textContent !== text) status.textContent = text;
    status.dataset.kind = kind;
  }

  // After every edit: into the browser's storage at once, to the server after a pause.
  edited(cells) {
    const disputed = cells.filter((cell) => cell.conflict);
    for (const cell of disputed) if (!cell.typed) this.resolve(cell, false);
    if (disputed.length) this.onconflict(false);
    const unsaved = this.#keep();
    this.#tellUnsaved(unsaved);
    if (this.#automatic) this.#soon();
  }

  #keep() {
    const unsaved = [...this.#sheet.unsaved()];
    this.#drafts.store(unsaved);
    if (unsaved.length) window.addEventListener("beforeunload", GridSaving.#warn);
    else window.removeEventListener("beforeunload", GridSaving.#warn);
    return unsaved;
  }

  static #warn(event) {
    event.preventDefault();
    event.returnValue = gridWords.say("leave"); // older browsers ask only when this is set
  }

  #tellUnsaved(unsaved, otherwise = "") {
    const wrong = unsaved.find((cell) => cell.problem);
    if (wrong) this.say(this.#problemText(wrong), "error");
    else if (unsaved.some((cell) => cell.conflict)) this.say(gridWords.say("conflict"), "error");
    else if (unsaved.length) this.say(gridWords.say("unsaved", unsaved.length), "unsaved");
    else this.say(otherwise, otherwise ? "saved" : "");
  }

  #problemText(cell) {
    return `${gridWords.say("invalid")} ${this.#sheet.label(cell)}: ${cell.problem}`;
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), GRID_PAUSE_MS);
  }

  #resend() {
    if (this.#lost && !this.#busy) this.#dispatch(this.#lost);
  }

  // Send what can be sent; asked again while a request is under way, once more after it.
  save() {
    clearTimeout(this.#timer);
    if (this.#busy || this.#lost) this.#again = true;
    if (this.#lost) return this.#resend();
    if (this.#busy) return undefined;
    this.#again = false;
    const request = this.#compose();
    return request && this.#dispatch(request);
  }

  #compose() {
    const unsaved = [...this.#sheet.unsaved()];
    const cells = unsaved.filter((cell) => !cell.problem && !cell.conflict);
    if (!cells.length) {
      if (unsaved.length) this.#tellUnsaved(unsaved);
      return null;
    }
    const reason = this.#page.reason?.value.trim() ?? "";
    if (!reason && !this.#automatic) {
      this.say(gridWords.say("reason_needed"), "error");
      this.#page.reason?.setAttribute("aria-invalid", "true");
      this.#page.reason?.focus();
      return null;
    }
    return GridSaving.#request(cells, reason);
  }

  static #request(cells, reason) {
    const sent = new Map(cells.map((cell) => [cell, GridSheet.content(cell.typed)]));
    for (const [cell, content] of sent) cell.sent = content;
    const entries = cells.map((cell) => ({
      series: Number(cell.row.series),
      month: cell.month,
      ...cell.sent,
      revision: cell.typed.revision,
    }));
    return { sent, body: JSON.stringify({ key: gridUuid(), reason, cells: entries }) };
  }

  async #dispatch(request) {
    clearTimeout(this.#retry);
    this.#busy = true;
    this.#lost = null;
    this.say(gridWords.say("saving"), "saving");
    const answer = await this.#ask(request.body);
    this.#busy = false;
    if (answer.lost) this.#waitFor(request, answer.message);
    else this.#receive(request, answer);
  }

  // Signing in again in another tab changes the token; the cookie has the one that counts.
  get #token() {
    return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? this.#data.csrf;
  }

  async #ask(body) {
    try {
      const response = await fetch(this.#data.saveUrl, {
        method: "POST",
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": this.#token,
        },
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(GRID_PATIENCE_MS),
      });
      return await GridSaving.#read(response);
    } catch {
      return { lost: true, message: "offline" };
    }
  }

  static async #read(response) {
    const { status, type } = response;
    const away = type === "opaqueredirect" || status === 401 || status === 403;
    if (away) return { message: "signed_out" };
    if (status >= 500 || status === 429) return { lost: true, message: "failed" };
    const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
    if (!isJson) return { message: response.ok ? "signed_out" : "failed" };
    return { status, data: await response.json() };
  }

  // Nobody knows whether it was saved: the very same request, with its key, is sent again.
  #waitFor(request, message) {
    this.#lost = request;
    this.#retry = setTimeout(() => this.#resend(), GRID_RETRY_MS);
    this.say(gridWords.say(message), "error");
  }

  #receive(request, { status, data, message }) {
    const cells = [...request.sent.keys()];
    if (status === 200) return this.#saved(cells, data);
    for (const cell of cells) {
      cell.sent = null;
      this.#sheet.dropIfSame(cell);
    }
    this.#sheet.refresh(cells);
    this.#keep();
    if (status === 409) return this.#conflicting(data.conflicts ?? []);
    if (status === 422) return this.#refused(request, data.problems ?? []);
    return this.say(gridWords.say(message ?? "failed"), "error");
  }

  #saved(cells, { saved = [], at = "" }) {
    const settled = this.#each(saved, (cell, item) => this.#sheet.settle(cell, item));
    for (const cell of cells) cell.sent = null;
    this.#sheet.refresh(new Set([...cells, ...settled]));
    this.#tellUnsaved(this.#keep(), `${gridWords.say("saved")} ${at}`.trim());
    // An answer that saved nothing must not be asked for over and over.
    if (settled.length) this.#continue();
  }

  #continue() {
    if (this.#again) this.save();
    else if (this.#automatic && [...this.#sheet.unsaved()].length) this.#soon();
  }

  #each(items, act) {
    const cells = [];
    for (const item of items) {
      const cell = this.#sheet.find(item.series, item.month);
      if (!cell) continue;
      act(cell, item);
      cells.push(cell);
    }
    return cells;
  }

  #conflicting(conflicts) {
    const cells = this.#each(conflicts, (cell, item) => {
      cell.conflict = item;
    });
    this.#sheet.refresh(cells);
    this.#tellUnsaved([...this.#sheet.unsaved()]);
    this.onconflict(true);
    if (cells.length) this.#sendRest();
  }

  static #said({ message = "", remedy = "" }) {
    return [message, remedy].filter(Boolean).join(" ");
  }

  #refused(request, problems) {
    const general = problems.filter((problem) => !this.#sheet.find(problem.series, problem.month));
    const cells = this.#each(problems, (cell, fault) => {
      // Typed anew while the answer was on its way: that text has not been judged.
      const judged = request.sent.get(cell);
      if (judged && cell.typed && GridSheet.same(judged, cell.typed)) cell.problem = GridSaving.#said(fault);
    });
    this.#sheet.refresh(cells);
    if (general.length) this.say(general.map(GridSaving.#said).join(" "), "error");
    else this.#tellUnsaved([...this.#sheet.unsaved()]);
    if (cells.some((cell) => request.sent.has(cell))) this.#sendRest();
  }

  #sendRest() {
    const rest = [...this.#sheet.unsaved()].some((cell) => !cell.problem && !cell.conflict);
    if (rest) this.save();
  }

  // Theirs is what the server holds from now on; yours is kept as an edit of it, or dropped.
  resolve(cell, keepYours) {
    const { who, ...theirs } = cell.conflict;
    if (!keepYours) this.#sheet.discard(cell);
    this.#sheet.settle(cell, theirs);
    this.#sheet.forget(cell);
    this.#sheet.refresh([cell]);
    this.#tellUnsaved(this.#keep());
    if (keepYours && cell.typed) this.save();
  }

  // Drafts of an earlier visit that still differ from the page; the others are forgotten. Those of
  // cells that were closed meanwhile cannot be put back, but only their writer throws them away.
  drafts() {
    const stale = [];
    const found = [];
    const closed = [];
    for (const [id, draft] of Object.entries(this.#drafts.read())) {
      const cell = this.#sheet.find(draft.series, draft.month);
      const content = GridSheet.content(draft);
      const differs = cell && !GridSheet.same(content, this.#sheet.current(cell));
      const kept = { id, cell, ...content, revision: draft.revision };
      if (!differs) stale.push(id);
      else if (cell.writable) found.push(kept);
      else closed.push(kept);
    }
    if (stale.length) this.#drafts.drop(stale);
    return { found, closed };
  }

  restore(found) {
    this.forget(found);
    this.#sheet.write(found.map(({ id, ...change }) => change));
  }

  forget(found) {
    this.#drafts.drop(found.map(({ id }) => id));
  }
}
