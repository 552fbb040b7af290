"use strict";

// The figures of the page: what the server holds, what was typed since, and the steps back.

const GRID_MOST_STEPS = 500;
const GRID_MISSING = new Set(
  ["", "-", "－", "—", "–", "―", "…", "...", "……", "⋯", "⋯⋯", "n/a", "na"],
);

class GridSheet {
  #table;
  #byId = new Map();
  #bySeries = new Map();
  #byElement = new WeakMap();
  #months;
  #done = [];
  #undone = [];
  onchange = () => {};
  onrefresh = () => {};

  constructor(table) {
    this.#table = table;
    this.canEdit = table.dataset.canEdit === "true";
    this.#months = [...table.tHead.querySelectorAll("th[data-month]")];
    const lines = [...table.tBodies].flatMap((body) => [...body.rows]);
    this.rows = lines.filter((line) => line.dataset.series).map((line, at) => this.#row(line, at));
    for (const row of this.rows) this.#linkParts(row);
  }

  #row(line, at) {
    const data = line.dataset;
    const row = {
      at,
      series: data.series,
      head: line.querySelector("th"),
      total: line.querySelector("[data-total]"),
      rule: data.rule,
      decimals: Number(data.decimals) || 0,
      computed: data.computed === "true",
      numerator: data.numerator,
      denominator: data.denominator,
      scale: gridNumbers.parse(data.scale ?? "") ?? gridNumbers.UNIT,
      dependents: [],
    };
    this.#bySeries.set(row.series, row);
    row.cells = [...line.querySelectorAll("td[data-month]")].map((td, column) =>
      this.#cell(td, row, column),
    );
    return row;
  }

  #cell(td, row, column) {
    const data = td.dataset;
    const cell = {
      td,
      row,
      column,
      month: data.month,
      writable: this.canEdit && !row.computed && data.locked !== "true",
      closed: data.locked === "true" ? td.title : "", // the server's reason, if it gives one
      server: {
        text: data.value ?? "",
        note: data.note ?? "",
        evidence: data.evidence ?? "",
        display: td.textContent.trim(),
        revision: Number(data.revision) || 0,
        state: data.state ?? "",
        warning: data.warning ?? "",
      },
      typed: null, // what was typed and the server has not yet confirmed
      sent: null, // what is under way to the server
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

  #linkParts(row) {
    if (!row.computed) return;
    for (const part of [row.numerator, row.denominator]) {
      this.#bySeries.get(part)?.dependents.push(row);
    }
  }

  static id(series, month) {
    return `${series}|${month}`;
  }

  static content({ text, note, evidence }) {
    return { text, note, evidence };
  }

  static same(one, other) {
    return one.text === other.text && one.note === other.note && one.evidence === other.evidence;
  }

  find(series, month) {
    return this.#byId.get(GridSheet.id(series, month));
  }

  at(row, column) {
    return this.rows[row]?.cells[column];
  }

  cellOf(node) {
    const td = node instanceof Element ? node.closest("td[data-month]") : null;
    return td && this.#byElement.get(td);
  }

  current(cell) {
    return cell.typed ?? cell.server;
  }

  label(cell) {
    const words = [cell.row.head, this.#months[cell.column]].map((head) => head.textContent);
    return words.join(" ").replace(/\s+/g, " ").trim();
  }

  *unsaved() {
    for (const cell of this.#byId.values()) if (cell.typed) yield cell;
  }

  // One step of the person's work, however many cells it touches; returns how many it changed.
  write(changes) {
    const step = [];
    for (const { cell, ...change } of changes) {
      const before = GridSheet.content(this.current(cell));
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
  forget(cell) {
    const without = (steps) =>
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

  #travel(from, to, side) {
    const step = from.pop();
    if (!step) return null;
    to.push(step);
    this.#apply(step, side);
    return step.map(({ cell }) => cell);
  }

  #apply(step, side) {
    const cells = step.map((part) => {
      this.#put(part.cell, part[side]);
      return part.cell;
    });
    this.refresh(cells);
    this.onchange(cells);
  }

  #put(cell, content) {
    const { revision = cell.typed?.revision ?? cell.server.revision } = content;
    cell.problem = "";
    cell.typed = { ...GridSheet.content(content), revision, at: Date.now() };
    this.dropIfSame(cell);
  }

  // A figure that was typed back to what the server holds needs no saving, unless another
  // one is under way and will be there when it arrives.
  dropIfSame(cell) {
    if (!cell.typed || cell.sent) return;
    const { typed, server } = cell;
    const marks = typed.note === server.note && typed.evidence === server.evidence;
    if (marks && GridSheet.#sameFigure(typed.text, server.text)) cell.typed = null;
  }

  static #sameFigure(one, other) {
    if (one === other) return true;
    const missing = [one, other].map((text) => GRID_MISSING.has(text.trim().toLowerCase()));
    if (missing[0] || missing[1]) return missing[0] && missing[1];
    const [left, right] = [one, other].map(gridNumbers.parse);
    return left !== null && left === right;
  }

  // The server's word about a cell. What was typed while the request was under way is kept.
  settle(cell, answer) {
    const { value: text = cell.server.text, revision, ...rest } = answer;
    const sent = cell.sent;
    cell.sent = null;
    cell.conflict = null;
    for (const key of Object.keys(cell.server)) if (key in rest) cell.server[key] = rest[key] ?? "";
    Object.assign(cell.server, { text: text ?? "", revision: Number(revision) });
    if (!cell.typed) return;
    if (sent && GridSheet.same(sent, cell.typed)) cell.typed = null;
    else cell.typed.revision = cell.server.revision;
    this.dropIfSame(cell);
  }

  discard(cell) {
    cell.typed = null;
    cell.problem = "";
  }

  refresh(cells) {
    const rows = new Set();
    for (const cell of cells) {
      this.paint(cell);
      rows.add(cell.row);
      for (const row of cell.row.dependents) {
        rows.add(row);
        this.#recomputeCell(row, this.find(row.series, cell.month));
      }
    }
    for (const row of rows) this.#retotal(row);
    this.onrefresh(cells);
  }

  // Number of a cell, or null while there is none that this script can read.
  #figure(cell) {
    return cell ? gridNumbers.parse(this.current(cell).text) : null;
  }

  #retotal(row) {
    if (!row.total) return;
    const total = this.#total(row);
    if (total !== undefined) this.#setText(row.total, this.#shown(total, row));
  }

  #recomputeCell(row, cell) {
    if (!cell) return;
    const [over, under] = [row.numerator, row.denominator].map((series) =>
      this.#figure(this.find(series, cell.month)),
    );
    const rate = this.#ratio(over, under, row);
    const text = rate === null ? "" : gridNumbers.plain(rate, row.decimals);
    if (text === cell.server.text) return;
    cell.server.text = text;
    cell.server.display = this.#shown(rate, row);
    this.paint(cell);
  }

  #ratio(over, under, row) {
    if (over === null || under === null) return null;
    return gridNumbers.divide(over * row.scale, under * gridNumbers.UNIT, row.decimals);
  }

  #sum(row) {
    const figures = row ? row.cells.map((cell) => this.#figure(cell)) : [];
    const known = figures.filter((figure) => figure !== null);
    if (!known.length) return { sum: null, count: 0, last: null };
    const sum = known.reduce((total, figure) => total + figure, 0n);
    return { sum, count: known.length, last: known.at(-1) };
  }

  #total(row) {
    if (row.computed) {
      const parts = [row.numerator, row.denominator].map((series) => this.#bySeries.get(series));
      const [over, under] = parts.map((part) => this.#sum(part).sum);
      return this.#ratio(over, under, row);
    }
    const { sum, count, last } = this.#sum(row);
    const figure = { sum, mean: sum, last }[row.rule];
    if (figure === undefined || figure === null) return figure;
    const divisor = row.rule === "mean" ? BigInt(count) : 1n;
    return gridNumbers.divide(figure, gridNumbers.UNIT * divisor, row.decimals);
  }

  #shown(figure, row) {
    const style = this.#table.dataset.numerals;
    return figure === null ? "—" : gridNumbers.format(figure, row.decimals, style);
  }

  shownText(cell) {
    const { typed, server } = cell;
    return typed && typed.text !== server.text ? typed.text : server.display;
  }

  paint(cell) {
    const { td, server } = cell;
    this.#setText(td, this.shownText(cell));
    const { note, evidence } = this.current(cell);
    const facts = { value: server.text, revision: server.revision, note, evidence };
    Object.assign(td.dataset, facts, { state: server.state, warning: server.warning });
    td.toggleAttribute("data-dirty", Boolean(cell.typed));
    td.toggleAttribute("data-conflict", Boolean(cell.conflict));
    td.toggleAttribute("data-invalid", Boolean(cell.problem));
    if (cell.problem) td.setAttribute("aria-invalid", "true");
    else td.removeAttribute("aria-invalid");
    this.#paintTitle(cell);
  }

  // The cell of the moment holds the input, which must stay where it is.
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

  lockedText(cell) {
    return cell.writable ? "" : cell.closed || gridWords.say("locked");
  }

  describe(cell) {
    const { warning, state } = cell.server;
    return [
      cell.problem,
      cell.typed && gridWords.maybe("unsaved_cell"),
      state && gridWords.maybe(`state_${state}`),
      this.lockedText(cell),
      cell.closed.includes(warning) ? "" : warning,
      this.current(cell).note,
    ].filter(Boolean);
  }

  #paintTitle(cell) {
    const text = this.describe(cell).join(" · ");
    if (text) cell.td.title = text;
    else cell.td.removeAttribute("title");
  }
}
