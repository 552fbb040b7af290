// @ts-check
"use strict";

// The figures of the page: what the server holds, what was typed since, and the steps back. Nothing
// is worked out here: while a figure is not saved, what depends on it shows that it is to come.

const GRID_MOST_STEPS = 500;
const GRID_TO_COME = "…";
const GRID_MOST_NAMED = 6;

/** @typedef {Content & {paste: string, revision?: number, problem?: string}} Side */
/** @typedef {{cell: Cell, before: Side, after: Side}} Part */
/** @typedef {{series: number | string, total: string, cells: {month: string, text: string}[]}} WorkedOut */

class GridSheet {
  /** @type {Map<string, Cell>} */
  #byId = new Map();
  /** @type {Map<string, Row>} */
  #bySeries = new Map();
  /** @type {WeakMap<Element, Cell>} */
  #byElement = new WeakMap();
  /** @type {HTMLElement[]} */
  #months;
  /** @type {Part[][]} */
  #done = [];
  /** @type {Part[][]} */
  #undone = [];
  /** @type {(cells: Cell[]) => void} */
  onchange = () => {};
  /** @type {(cells: Iterable<Cell>) => void} */
  onrefresh = () => {};

  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.canEdit = table.dataset.canEdit === "true";
    this.#months = [...(table.tHead?.querySelectorAll("th") ?? [])].filter(
      (head) => head.dataset.month,
    );
    const lines = [...table.tBodies].flatMap((body) => [...body.rows]);
    /** @type {Row[]} */
    this.rows = lines.filter((line) => line.dataset.series).map((line, at) => this.#row(line, at));
    for (const row of this.rows) {
      for (const part of row.parts) this.#bySeries.get(part)?.dependents.push(row);
    }
  }

  /** @param {HTMLTableRowElement} line @param {number} at @returns {Row} */
  #row(line, at) {
    const { series = "", computed, numerator, denominator } = line.dataset;
    /** @type {HTMLElement | null} */
    const total = line.querySelector("[data-total]");
    /** @type {Row} */
    const row = {
      at,
      series,
      head: /** @type {HTMLElement} */ (line.querySelector("th")),
      total,
      totalText: total?.textContent?.trim() ?? "",
      computed: computed === "true",
      parts: computed === "true" ? [numerator ?? "", denominator ?? ""] : [],
      dependents: [],
      cells: [],
    };
    this.#bySeries.set(series, row);
    const cells = [...line.cells].filter((td) => td.dataset.month);
    row.cells = cells.map((td, column) => this.#cell(td, row, column));
    return row;
  }

  /** @param {HTMLTableCellElement} td @param {Row} row @param {number} column @returns {Cell} */
  #cell(td, row, column) {
    const data = td.dataset;
    /** @type {Cell} */
    const cell = {
      td,
      row,
      column,
      month: data.month ?? "",
      writable: this.canEdit && !row.computed && data.locked !== "true",
      closed: data.locked === "true" ? td.title : "",
      server: {
        text: data.value ?? "",
        note: data.note ?? "",
        evidence: data.evidence ?? "",
        display: td.textContent?.trim() ?? "",
        revision: Number(data.revision) || 0,
        state: data.state ?? "",
        warning: data.warning ?? "",
      },
      typed: null,
      sent: null,
      problem: "",
      conflict: null,
    };
    this.#byId.set(GridSheet.id(row.series, cell.month), cell);
    this.#byElement.set(td, cell);
    td.tabIndex = -1;
    if (!cell.writable) td.setAttribute("aria-readonly", "true");
    this.#paintTitle(cell);
    return cell;
  }

  /** @param {number | string} series @param {string} month */
  static id(series, month) {
    return `${series}|${month}`;
  }

  /** @param {Content} content @returns {Content} */
  static content({ text, note, evidence }) {
    return { text, note, evidence };
  }

  /** @param {Content} one @param {Content} other */
  static same(one, other) {
    return one.text === other.text && one.note === other.note && one.evidence === other.evidence;
  }

  /** @param {number | string} series @param {string} month @returns {Cell | undefined} */
  find(series, month) {
    return this.#byId.get(GridSheet.id(series, month));
  }

  /** @param {number} row @param {number} column @returns {Cell | undefined} */
  at(row, column) {
    return this.rows[row]?.cells[column];
  }

  /** @param {EventTarget | null} node @returns {Cell | undefined} */
  cellOf(node) {
    const td = node instanceof Element ? node.closest("td[data-month]") : null;
    return td ? this.#byElement.get(td) : undefined;
  }

  /** @param {Cell} cell @returns {Content} */
  current(cell) {
    return cell.typed ?? cell.server;
  }

  /** @param {Cell} cell */
  label(cell) {
    const words = [cell.row.head, this.#months[cell.column]].map((head) => head?.textContent);
    return words.join(" ").replace(/\s+/g, " ").trim();
  }

  // How many cells, and the first of them by name.
  /** @param {string} key @param {Cell[]} cells */
  named(key, cells) {
    if (!cells.length) return "";
    const names = cells.slice(0, GRID_MOST_NAMED).map((cell) => this.label(cell));
    const more = cells.length > names.length ? ["…"] : [];
    return `${gridWords.say(key, cells.length)} ${[...names, ...more].join(gridWords.say("comma"))}`;
  }

  /** @returns {Cell[]} */
  unsaved() {
    return [...this.#byId.values()].filter((cell) => cell.typed);
  }

  // One step of the person's work, however many cells it touches; returns how many it changed. An
  // edit of a cell that came with a paste stays with the paste: both are sent together.
  /** @param {Change[]} changes */
  write(changes) {
    /** @type {Part[]} */
    const step = [];
    for (const { cell, ...change } of changes) {
      const before = { ...GridSheet.content(this.current(cell)), paste: cell.typed?.paste ?? "" };
      const after = { ...before, ...change };
      if (!GridSheet.same(before, after)) step.push({ cell, before, after });
    }
    if (!step.length) return 0;
    this.#done.push(step);
    if (this.#done.length > GRID_MOST_STEPS) this.#done.shift();
    this.#undone = [];
    this.#apply(step, "after");
    return step.length;
  }

  // Steps from before somebody else's change would put back what that person replaced.
  /** @param {Cell} cell */
  forget(cell) {
    const without = (/** @type {Part[][]} */ steps) =>
      steps.map((step) => step.filter((part) => part.cell !== cell)).filter((step) => step.length);
    this.#done = without(this.#done);
    this.#undone = without(this.#undone);
  }

  undo() {
    return this.#travel(this.#done, this.#undone, "before");
  }

  redo() {
    return this.#travel(this.#undone, this.#done, "after");
  }

  /** @param {Part[][]} from @param {Part[][]} to @param {"before" | "after"} side */
  #travel(from, to, side) {
    const step = from.pop();
    if (!step) return null;
    to.push(step);
    this.#apply(step, side);
    return step.map(({ cell }) => cell);
  }

  /** @param {Part[]} step @param {"before" | "after"} side */
  #apply(step, side) {
    for (const part of step) this.#put(part.cell, part[side]);
    const cells = step.map(({ cell }) => cell);
    this.refresh(cells);
    this.onchange(cells);
  }

  /** @param {Cell} cell @param {Side} side */
  #put(cell, side) {
    const { revision = cell.typed?.revision ?? cell.server.revision, problem = "" } = side;
    cell.typed = { ...GridSheet.content(side), paste: side.paste, revision };
    cell.problem = problem;
    this.dropIfSame(cell);
  }

  // What was typed back to what the server holds needs no saving, unless something else is under
  // way and will be there when it arrives.
  /** @param {Cell} cell */
  dropIfSame(cell) {
    if (cell.typed && !cell.sent && GridSheet.same(cell.typed, cell.server)) cell.typed = null;
  }

  // The server's word about a cell. What was typed while the request was under way is kept.
  /** @param {Cell} cell @param {Partial<Stored> & {value: string, revision: number}} answer */
  settle(cell, { value, ...stored }) {
    const { sent, server, typed } = cell;
    cell.sent = null;
    cell.conflict = null;
    for (const key of /** @type {(keyof Stored)[]} */ (Object.keys(server))) {
      if (key in stored) Object.assign(server, { [key]: stored[key] });
    }
    server.text = value;
    if (!typed) return;
    if (sent && GridSheet.same(sent, typed)) cell.typed = null;
    else typed.revision = server.revision;
    this.dropIfSame(cell);
  }

  // What the server worked out anew: the year of rows, and the months of computed ones.
  /** @param {WorkedOut[]} rows */
  settleRows(rows) {
    for (const { series, total, cells } of rows) {
      const row = this.#bySeries.get(String(series));
      if (!row) continue;
      row.totalText = total;
      for (const { month, text } of cells) {
        const cell = this.find(series, month);
        if (cell) cell.server.display = text;
      }
      for (const cell of row.computed ? row.cells : []) this.paint(cell);
      this.#retotal(row);
    }
  }

  /** @param {Cell} cell */
  discard(cell) {
    cell.typed = null;
    cell.problem = "";
  }

  /** @param {Iterable<Cell>} cells */
  refresh(cells) {
    /** @type {Set<Row>} */
    const rows = new Set();
    for (const cell of cells) {
      this.paint(cell);
      rows.add(cell.row);
      for (const row of cell.row.dependents) {
        rows.add(row);
        const rate = this.find(row.series, cell.month);
        if (rate) this.paint(rate);
      }
    }
    for (const row of rows) this.#retotal(row);
    this.onrefresh(cells);
  }

  /** @param {Cell | undefined} cell */
  static #changed(cell) {
    return Boolean(cell?.typed && cell.typed.text !== cell.server.text);
  }

  /** @param {Row} row */
  #retotal(row) {
    if (!row.total) return;
    const sources = [row, ...row.parts.map((part) => this.#bySeries.get(part))];
    const toCome = sources.some((source) => source?.cells.some(GridSheet.#changed));
    this.#setText(row.total, toCome ? GRID_TO_COME : row.totalText);
  }

  /** @param {Cell} cell */
  shownText(cell) {
    const { typed, server, row, month } = cell;
    const toCome = row.parts.some((part) => GridSheet.#changed(this.find(part, month)));
    if (toCome) return GRID_TO_COME;
    return typed && typed.text !== server.text ? typed.text : server.display;
  }

  /** @param {Cell} cell */
  paint(cell) {
    const { td, server } = cell;
    this.#setText(td, this.shownText(cell));
    const { note, evidence } = this.current(cell);
    const facts = { value: server.text, revision: String(server.revision), note, evidence };
    Object.assign(td.dataset, facts, { state: server.state, warning: server.warning });
    td.toggleAttribute("data-dirty", Boolean(cell.typed));
    td.toggleAttribute("data-conflict", Boolean(cell.conflict));
    td.toggleAttribute("data-invalid", Boolean(cell.problem));
    if (cell.problem) td.setAttribute("aria-invalid", "true");
    else td.removeAttribute("aria-invalid");
    this.#paintTitle(cell);
  }

  // The cell of the moment holds the input, which must stay where it is.
  /** @param {HTMLElement} td @param {string} text */
  #setText(td, text) {
    const first = td.firstChild;
    if (first instanceof Text && [...td.children].every((child) => child.matches(".grid-input"))) {
      if (first.data !== text) first.data = text;
      return;
    }
    for (const child of [...td.childNodes]) {
      if (!(child instanceof Element && child.matches(".grid-input"))) child.remove();
    }
    td.prepend(text);
  }

  /** @param {Cell} cell */
  lockedText(cell) {
    return cell.writable ? "" : cell.closed || gridWords.say("locked");
  }

  /** @param {Cell} cell @returns {string[]} */
  describe(cell) {
    const { warning, state } = cell.server;
    return [
      cell.problem,
      cell.typed ? gridWords.maybe("unsaved_cell") : "",
      state ? gridWords.maybe(`state_${state}`) : "",
      this.lockedText(cell),
      cell.closed.includes(warning) ? "" : warning,
      this.current(cell).note,
    ].filter(Boolean);
  }

  /** @param {Cell} cell */
  #paintTitle(cell) {
    const text = this.describe(cell).join(" · ");
    if (text) cell.td.title = text;
    else cell.td.removeAttribute("title");
  }
}
