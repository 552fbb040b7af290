// @ts-check
"use strict";

// Moving, selecting and typing. One input serves the whole grid. At rest it lies unseen in the
// active cell with the cell's text selected: whatever is typed replaces the text, and an input
// method for Chinese composes in a real field from its first key on.

class GridEditor {
  #sheet;
  #table;
  #input = gridElement("input", {
    type: "text",
    className: "grid-input",
    autocomplete: "off",
    spellcheck: false,
    maxLength: 100,
  });
  #description = gridElement("p", { className: "visually-hidden", id: "grid-cell-says" });
  #say;
  /** @type {Cell} */
  #active;
  /** @type {Cell} */
  #head;
  /** @type {Set<Cell>} */
  #selected = new Set();
  /** @type {"rest" | "replace" | "caret"} in "replace" arrows leave the cell, in "caret" the text */
  #mode = "rest";
  #moving = false;
  #touch = false;
  /** @type {(cell: Cell) => void} */
  onnote = () => {};

  /**
   * @param {GridSheet} sheet
   * @param {HTMLTableElement} table
   * @param {Cell} first where the person begins
   * @param {(text: string) => void} say
   */
  constructor(sheet, table, first, say) {
    this.#active = first;
    this.#head = first;
    this.#sheet = sheet;
    this.#table = table;
    this.#say = say;
    this.blocks = new GridBlocks(sheet, this, say);
    sheet.onrefresh = (cells) => this.#refreshed(cells);
    this.#build();
    this.#listen();
    this.#point(first, first);
  }

  #build() {
    this.#input.setAttribute("aria-describedby", this.#description.id);
    this.#input.setAttribute("autocapitalize", "off");
    this.#table.setAttribute("role", "grid");
    this.#table.setAttribute("aria-multiselectable", "true");
    if (!this.#sheet.canEdit) this.#table.setAttribute("aria-readonly", "true");
    // The grid is reached and scrolled by its cells: its frame needs no tab stop of its own.
    const frame = this.#table.closest(".grid-scroll");
    frame?.removeAttribute("tabindex");
    (frame ?? this.#table).after(this.#description);
  }

  #listen() {
    this.#table.addEventListener("keydown", (event) => this.#keydown(event));
    this.#table.addEventListener("focusin", (event) => this.#focusin(event));
    this.#table.addEventListener("focusout", (event) => this.#focusout(event));
    this.#table.addEventListener("pointerdown", (event) => {
      this.#touch = event.pointerType === "touch";
    });
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("compositionstart", () => this.#typed());
  }

  get active() {
    return this.#active;
  }

  get head() {
    return this.#head;
  }

  get byTouch() {
    return this.#touch;
  }

  get selected() {
    return [...this.#selected];
  }

  // The table has links as well; what is done there concerns no cell.
  get hasFocus() {
    return Boolean(this.#sheet.cellOf(document.activeElement));
  }

  get editing() {
    return this.#mode !== "rest";
  }

  // Moving

  /** @param {number} row @param {number} column */
  go(row, column, extend = false) {
    const clamp = (/** @type {number} */ number, /** @type {number} */ count) =>
      Math.max(0, Math.min(count - 1, number));
    const line = this.#sheet.rows[clamp(row, this.#sheet.rows.length)];
    const target = line?.cells[clamp(column, line.cells.length)];
    if (!target) return;
    this.#point(extend ? this.#active : target, target);
    if (!extend) this.#hold();
    target.td.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  }

  // By a pointer: what is being typed elsewhere is taken as it stands.
  /** @param {Cell} cell */
  goTo(cell, extend = false) {
    this.commit();
    this.go(cell.row.at, cell.column, extend);
    if (extend && !this.hasFocus) this.#hold();
  }

  focus() {
    this.go(this.#active.row.at, this.#active.column);
  }

  // Select from the first of these cells to the last.
  /** @param {Cell[]} cells */
  show(cells) {
    this.go(cells[0].row.at, cells[0].column);
    this.#point(cells[0], cells[cells.length - 1]);
  }

  // The active cell is where typing goes; a selection reaches from it to the head.
  /** @param {Cell} active @param {Cell} head */
  #point(active, head) {
    if (active !== this.#active) this.#leave(this.#active.td);
    if (!active.td.hasAttribute("data-active")) {
      active.td.setAttribute("data-active", "");
      active.td.tabIndex = 0;
    }
    this.#active = active;
    this.#head = head;
    this.#markSelection();
  }

  /** @param {HTMLElement} td */
  #leave(td) {
    td.removeAttribute("data-active");
    td.removeAttribute("aria-describedby");
    td.tabIndex = -1;
  }

  /** @returns {Block} */
  get block() {
    const order = (/** @type {number} */ one, /** @type {number} */ other) =>
      one < other ? [one, other] : [other, one];
    const [top, bottom] = order(this.#active.row.at, this.#head.row.at);
    const [left, right] = order(this.#active.column, this.#head.column);
    return { top, left, height: bottom - top + 1, width: right - left + 1 };
  }

  /** @param {Block} block */
  cellsOf({ top, left, height, width }) {
    const rows = this.#sheet.rows.slice(top, top + height);
    return rows.map((row) => row.cells.slice(left, left + width));
  }

  #markSelection() {
    const next = new Set(this.cellsOf(this.block).flat());
    for (const cell of this.#selected) {
      if (!next.has(cell)) cell.td.removeAttribute("aria-selected");
    }
    for (const cell of next) {
      if (!this.#selected.has(cell)) cell.td.setAttribute("aria-selected", "true");
    }
    this.#selected = next;
  }

  // Give the active cell the focus: by the input, or by itself where nothing can be typed or
  // where the input would call up a phone's keyboard.
  #hold(byTouch = this.#touch) {
    const cell = this.#active;
    this.#moving = true;
    this.#describe();
    if (cell.writable && !byTouch) {
      cell.td.tabIndex = -1;
      this.#rest();
      if (this.#input.parentNode !== cell.td) cell.td.append(this.#input);
      this.#input.focus({ preventScroll: true });
      this.#input.select();
    } else {
      this.#release();
      cell.td.setAttribute("aria-describedby", this.#description.id);
      cell.td.focus({ preventScroll: true });
    }
    this.#moving = false;
  }

  #rest() {
    this.#mode = "rest";
    this.#input.classList.remove("is-editing");
    this.#input.value = this.#sheet.shownText(this.#active);
    this.#input.setAttribute("aria-label", this.#sheet.label(this.#active));
  }

  // The server's spelling of a figure reaches the unseen input as well.
  /** @param {Iterable<Cell>} cells */
  #refreshed(cells) {
    if (this.editing || document.activeElement !== this.#input) return;
    if (![...cells].includes(this.#active)) return;
    this.#rest();
    this.#input.select();
    this.#describe();
  }

  #describe() {
    this.#description.textContent = this.#sheet.describe(this.#active).join(". ");
  }

  #release() {
    this.#mode = "rest";
    this.#input.classList.remove("is-editing");
    this.#input.remove();
    this.#active.td.tabIndex = 0;
  }

  /** @param {FocusEvent} event */
  #focusin(event) {
    if (this.#moving) return;
    const cell = this.#sheet.cellOf(event.target);
    if (!cell || event.target === this.#input) return;
    if (cell === this.#active) this.#hold();
    else this.go(cell.row.at, cell.column);
  }

  /** @param {FocusEvent} event */
  #focusout(event) {
    if (this.#moving || !this.#sheet.cellOf(event.target)) return;
    if (this.#sheet.cellOf(event.relatedTarget)) return;
    // Another window took over: the field keeps its text and gets the focus back later.
    if (document.activeElement === event.target) return;
    this.commit();
    this.#moving = true;
    this.#release();
    this.#moving = false;
  }

  // Typing

  #typed() {
    if (this.#mode === "rest") this.#startMode("replace");
  }

  /** @param {"replace" | "caret"} mode */
  #startMode(mode) {
    this.#mode = mode;
    this.#input.classList.add("is-editing");
    this.#point(this.#active, this.#active);
  }

  edit() {
    if (!this.#active.writable) return this.#say(this.#sheet.lockedText(this.#active));
    this.#hold(false);
    this.#input.value = this.#sheet.current(this.#active).text;
    this.#startMode("caret");
    return this.#input.setSelectionRange(-1, -1);
  }

  commit() {
    if (!this.editing) return;
    const text = this.#input.value.trim();
    this.#mode = "rest";
    this.#sheet.write([{ cell: this.#active, text }]);
    this.#rest();
  }

  #cancel() {
    if (this.editing) this.#rest();
    this.go(this.#active.row.at, this.#active.column);
  }

  // Keys

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    if (!this.#sheet.cellOf(event.target)) return;
    this.#touch = false;
    if (event.isComposing || event.keyCode === 229 || event.key === "Process") {
      if (event.target !== this.#input && this.#active.writable) this.#hold(false);
      return;
    }
    const act = this.editing ? this.#editingKey(event) : this.#restingKey(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  // What a key does, or null where the browser knows.
  /** @param {KeyboardEvent} event @returns {(() => void) | null} */
  #editingKey(event) {
    const { key, shiftKey } = event;
    const step = shiftKey ? -1 : 1;
    if (key === "Enter") return () => this.#commitAndMove(step, 0);
    if (key === "Tab") return this.#tabKey(step);
    if (key === "Escape") return () => this.#cancel();
    if (key === "F2") return () => this.#startMode(this.#mode === "caret" ? "replace" : "caret");
    const arrow = gridKeys.ARROWS[key];
    const leaves = arrow && this.#mode === "replace" && !gridKeys.isModified(event);
    return leaves ? () => this.#commitAndMove(...arrow) : null;
  }

  /** @param {number} down @param {number} right */
  #commitAndMove(down, right) {
    this.commit();
    this.go(this.#active.row.at + down, this.#active.column + right);
  }

  // From the end of a row to the start of the next; from the last cell out of the grid.
  /** @param {number} step */
  #tabKey(step) {
    const { row, column } = this.#active;
    if (row.cells[column + step]) return () => this.#commitAndMove(0, step);
    const next = this.#sheet.rows[row.at + step];
    if (!next) return null;
    return () => {
      this.commit();
      this.go(next.at, step > 0 ? 0 : next.cells.length - 1);
    };
  }

  /** @param {KeyboardEvent} event @returns {(() => void) | null} */
  #restingKey(event) {
    const { key, shiftKey, altKey } = event;
    if (altKey || key === "Tab") return null;
    if (key === "ContextMenu" || (shiftKey && (key === "F2" || key === "F10"))) {
      return () => this.onnote(this.#active);
    }
    const move = this.#moveKey(event);
    if (move) return () => this.go(move[0], move[1], shiftKey);
    if (event.ctrlKey || event.metaKey) return this.#commandKey(key.toLowerCase(), shiftKey);
    if (key === "Enter" || key === "F2") return () => this.edit();
    if (key === "Delete" || key === "Backspace") return () => this.blocks.clear();
    if (key === "Escape") return () => this.#cancel();
    if (key === " ") return () => {};
    if (key.length === 1) return this.#typeKey();
    return null;
  }

  // The key itself goes into the input by the browser; it only has to be there.
  #typeKey() {
    if (!this.#active.writable) return () => this.#say(this.#sheet.lockedText(this.#active));
    if (this.#input.parentNode !== this.#active.td) this.#hold(false);
    return null;
  }

  /** @param {KeyboardEvent} event */
  #moveKey(event) {
    const { row, column } = event.shiftKey ? this.#head : this.#active;
    const frame = this.#table.closest(".grid-scroll") ?? document.documentElement;
    const height = Math.min(frame.clientHeight, window.innerHeight);
    const page = Math.max(1, Math.floor(height / row.head.offsetHeight) - 2);
    const end = { row: this.#sheet.rows.length - 1, column: row.cells.length - 1, page };
    return gridKeys.target(event, { row: row.at, column }, end);
  }

  /** @param {string} key @param {boolean} shiftKey */
  #commandKey(key, shiftKey) {
    /** @type {Record<string, () => void>} */
    const commands = {
      z: () => (shiftKey ? this.redo() : this.undo()),
      y: () => this.redo(),
      d: () => this.blocks.fill("down"),
      r: () => this.blocks.fill("right"),
      a: () => this.#selectAll(),
    };
    return commands[key] ?? null;
  }

  #selectAll() {
    this.show(this.#sheet.rows.flatMap((row) => row.cells));
  }

  undo() {
    this.commit();
    const cells = this.#sheet.undo();
    this.#travel(cells);
    this.#say(gridWords.say(cells ? "undo_done" : "nothing_to_undo"));
  }

  redo() {
    const cells = this.#sheet.redo();
    this.#travel(cells);
    this.#say(gridWords.say(cells ? "redo_done" : "nothing_to_redo"));
  }

  /** @param {Cell[] | null} cells */
  #travel(cells) {
    if (cells && this.hasFocus) this.show(cells);
  }
}
