// @ts-check
"use strict";

// Sending what was typed, one request at a time, until the server has it.

const GRID_PAUSE_MS = 1500;
const GRID_RETRY_MS = 15000;

/**
 * @typedef {{id: string, cell: Cell} & Typed} Kept
 * @typedef {{sent: Map<Cell, Content>, body: string}} Sending
 * @typedef {Partial<Place> & {message: string, remedy?: string}} Problem
 * @typedef {object} Told what the server answers, by its status
 * @property {(Place & Stored & {value: string})[]} [saved]
 * @property {string} [at]
 * @property {WorkedOut[]} [rows]
 * @property {Conflict[]} [conflicts]
 * @property {Problem[]} [problems]
 */

class GridSaving {
  #sheet;
  #page;
  #data;
  #drafts;
  #server;
  #busy = false;
  #again = false;
  /** @type {Sending | null} */
  #lost = null; // a request whose answer never came; it is sent again as it was
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  /** @type {(takeFocus: boolean) => void} */
  onconflict = () => {};

  /**
   * @param {GridSheet} sheet
   * @param {HTMLTableElement} table
   * @param {GridServer} server
   * @param {{status: HTMLElement | null, reason: HTMLInputElement | null}} page
   */
  constructor(sheet, table, server, page) {
    this.#sheet = sheet;
    this.#server = server;
    this.#page = page;
    this.#data = table.dataset;
    const { user, agency, year } = table.dataset;
    this.#drafts = new GridDrafts(`grid:${user}:${agency}:${year}`);
    window.addEventListener("online", () => this.#resend());
    page.reason?.addEventListener("input", () => page.reason?.removeAttribute("aria-invalid"));
  }

  get #automatic() {
    return this.#data.autosave === "true";
  }

  /** @param {string} text */
  say(text, kind = "") {
    const { status } = this.#page;
    if (!status) return;
    if (status.textContent !== text) status.textContent = text;
    status.dataset.kind = kind;
  }

  // After every edit: into the browser's storage at once, to the server after a pause.
  /** @param {Cell[]} cells */
  edited(cells) {
    const disputed = cells.filter((cell) => cell.conflict);
    for (const cell of disputed) if (!cell.typed) this.resolve(cell, false);
    if (disputed.length) this.onconflict(false);
    const unsaved = this.#keep();
    this.#tellUnsaved(unsaved);
    if (this.#automatic) this.#soon();
  }

  #keep() {
    const unsaved = this.#sheet.unsaved();
    this.#drafts.store(unsaved);
    if (unsaved.length) window.addEventListener("beforeunload", GridSaving.#warn);
    else window.removeEventListener("beforeunload", GridSaving.#warn);
    return unsaved;
  }

  /** @param {BeforeUnloadEvent} event */
  static #warn(event) {
    event.preventDefault();
    event.returnValue = gridWords.say("leave"); // older browsers ask only when this is set
  }

  /** @param {Cell[]} unsaved */
  #tellUnsaved(unsaved, otherwise = "", more = "") {
    const say = (/** @type {string} */ text, kind = "") =>
      this.say([text, more].filter(Boolean).join(" "), kind);
    const wrong = unsaved.find((cell) => cell.problem);
    if (wrong) say(this.#problemText(wrong, unsaved), "error");
    else if (unsaved.some((cell) => cell.conflict)) say(gridWords.say("conflict"), "error");
    else if (unsaved.length) say(gridWords.say("unsaved", unsaved.length), "unsaved");
    else say(otherwise, otherwise ? "saved" : "");
  }

  /** @param {Cell} cell @param {Cell[]} unsaved */
  #problemText(cell, unsaved) {
    const held = unsaved.length - GridSaving.#sendable(unsaved).length;
    const waiting = held > 1 ? gridWords.maybe("held", held) : "";
    const why = `${this.#sheet.label(cell)}: ${cell.problem}`;
    return [gridWords.say("invalid"), why, waiting].filter(Boolean).join(" ");
  }

  // Nothing of a paste is sent while one cell of it is refused.
  /** @param {Cell[]} unsaved */
  static #sendable(unsaved) {
    const refused = unsaved.filter((cell) => cell.problem);
    const held = new Set(refused.map(({ typed }) => typed?.paste).filter(Boolean));
    return unsaved.filter(
      ({ typed, problem, conflict }) => !problem && !conflict && !held.has(typed?.paste),
    );
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
    const unsaved = this.#sheet.unsaved();
    const cells = GridSaving.#sendable(unsaved);
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

  /** @param {Cell[]} cells @param {string} reason @returns {Sending} */
  static #request(cells, reason) {
    /** @type {Map<Cell, Content>} */
    const sent = new Map();
    const entries = [];
    for (const cell of cells) {
      if (!cell.typed) continue;
      const { revision } = cell.typed;
      cell.sent = GridSheet.content(cell.typed);
      sent.set(cell, cell.sent);
      const place = { series: Number(cell.row.series), month: cell.month };
      entries.push({ ...place, ...cell.sent, revision });
    }
    return { sent, body: JSON.stringify({ key: gridUuid(), reason, cells: entries }) };
  }

  /** @param {Sending} request */
  async #dispatch(request) {
    clearTimeout(this.#retry);
    this.#busy = true;
    this.#lost = null;
    this.say(gridWords.say("saving"), "saving");
    const answer = await this.#server.ask(this.#data.saveUrl ?? "", request.body);
    this.#busy = false;
    if (answer.lost) this.#waitFor(request, answer.message ?? "failed");
    else this.#receive(request, answer);
  }

  // Nobody knows whether it was saved: the very same request, with its key, is sent again.
  /** @param {Sending} request @param {string} message */
  #waitFor(request, message) {
    this.#lost = request;
    this.#retry = setTimeout(() => this.#resend(), GRID_RETRY_MS);
    this.say(gridWords.say(message), "error");
  }

  /** @param {Sending} request @param {Answer} answer */
  #receive(request, { status, data = {}, message }) {
    const cells = [...request.sent.keys()];
    if (status === 200) return this.#saved(cells, data);
    for (const cell of cells) {
      cell.sent = null;
      this.#sheet.dropIfSame(cell);
    }
    this.#sheet.refresh(cells);
    this.#keep();
    if (status === 409) return this.#conflicting(data);
    if (status === 422) return this.#refused(request, data.problems ?? []);
    return this.say(gridWords.say(message ?? "failed"), "error");
  }

  /** @param {Cell[]} cells @param {Told} told */
  #saved(cells, { saved = [], rows = [], at = "" }) {
    const before = new Map(cells.map((cell) => [cell, cell.server.text]));
    const settled = this.#each(saved, (cell, item) => this.#sheet.settle(cell, item));
    for (const cell of cells) cell.sent = null;
    this.#sheet.settleRows(rows);
    this.#sheet.refresh(new Set([...cells, ...settled]));
    const emptied = settled.filter((cell) => before.get(cell) && !cell.server.text);
    const said = this.#sheet.named("emptied", emptied);
    this.#tellUnsaved(this.#keep(), `${gridWords.say("saved")} ${at}`.trim(), said);
    // An answer that saved nothing must not be asked for over and over.
    if (settled.length) this.#continue();
  }

  #continue() {
    if (this.#again) this.save();
    else if (this.#automatic && GridSaving.#sendable(this.#sheet.unsaved()).length) this.#soon();
  }

  /**
   * @template {Partial<Place>} Item
   * @param {Item[]} items
   * @param {(cell: Cell, item: Item) => void} act
   */
  #each(items, act) {
    /** @type {Cell[]} */
    const cells = [];
    for (const item of items) {
      const cell = this.#sheet.find(item.series ?? "", item.month ?? "");
      if (!cell) continue;
      act(cell, item);
      cells.push(cell);
    }
    return cells;
  }

  /** @param {Told} told */
  #conflicting({ conflicts = [], rows = [] }) {
    const cells = this.#each(conflicts, (cell, item) => {
      cell.conflict = item;
    });
    this.#sheet.settleRows(rows);
    this.#sheet.refresh(cells);
    this.#tellUnsaved(this.#sheet.unsaved());
    this.onconflict(true);
    if (cells.length) this.#sendRest();
  }

  /** @param {{message?: string, remedy?: string}} fault */
  static #said({ message = "", remedy = "" }) {
    return [message, remedy].filter(Boolean).join(" ");
  }

  /** @param {Sending} request @param {Problem[]} problems */
  #refused(request, problems) {
    const general = problems.filter(
      ({ series = "", month = "" }) => !this.#sheet.find(series, month),
    );
    const cells = this.#each(problems, (cell, fault) => {
      // Typed anew while the answer was on its way: that text has not been judged.
      const judged = request.sent.get(cell);
      const asSent = judged && cell.typed && GridSheet.same(judged, cell.typed);
      if (asSent) cell.problem = GridSaving.#said(fault);
    });
    this.#sheet.refresh(cells);
    if (general.length) this.say(general.map(GridSaving.#said).join(" "), "error");
    else this.#tellUnsaved(this.#sheet.unsaved());
    if (cells.some((cell) => request.sent.has(cell))) this.#sendRest();
  }

  #sendRest() {
    if (GridSaving.#sendable(this.#sheet.unsaved()).length) this.save();
  }

  // Theirs is what the server holds from now on; yours is kept as an edit of it, or dropped.
  /** @param {Cell} cell @param {boolean} keepYours */
  resolve(cell, keepYours) {
    if (!cell.conflict) return;
    const { who: _who, ...theirs } = cell.conflict;
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
    /** @type {Kept[]} */
    const found = [];
    /** @type {Kept[]} */
    const closed = [];
    for (const [id, draft] of Object.entries(this.#drafts.read())) {
      const cell = this.#sheet.find(draft.series, draft.month);
      if (!cell || GridSheet.same(draft, this.#sheet.current(cell))) {
        stale.push(id);
        continue;
      }
      const { revision, paste = "" } = draft;
      const kept = { id, cell, ...GridSheet.content(draft), revision, paste };
      (cell.writable ? found : closed).push(kept);
    }
    if (stale.length) this.#drafts.drop(stale);
    return { found, closed };
  }

  /** @param {Kept[]} found */
  restore(found) {
    this.forget(found);
    this.#sheet.write(found.map(({ id: _id, ...change }) => change));
  }

  /** @param {Kept[]} found */
  forget(found) {
    this.#drafts.drop(found.map(({ id }) => id));
  }
}
