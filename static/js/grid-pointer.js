// @ts-check
"use strict";

// Mouse and touch on the grid. Cells have no listeners of their own.

const GRID_DOUBLE_TAP_MS = 400;

class GridPointer {
  #sheet;
  #editor;
  #dragging = false;
  /** @type {{cell: Cell | null, at: number}} */
  #lastTap = { cell: null, at: 0 };
  #menuKey = false;

  /** @param {GridSheet} sheet @param {GridEditor} editor @param {HTMLTableElement} table */
  constructor(sheet, editor, table) {
    this.#sheet = sheet;
    this.#editor = editor;
    table.addEventListener("mousedown", (event) => this.#mousedown(event));
    table.addEventListener("mouseover", (event) => this.#mouseover(event));
    table.addEventListener("dblclick", (event) => this.#dblclick(event));
    table.addEventListener("contextmenu", (event) => this.#contextmenu(event));
    table.addEventListener("keydown", ({ target, key, shiftKey }) => {
      const forMenu = key === "ContextMenu" || (key === "F10" && shiftKey);
      this.#menuKey = forMenu && Boolean(this.#sheet.cellOf(target));
    });
    document.addEventListener("mouseup", () => {
      this.#dragging = false;
    });
  }

  /** @param {MouseEvent} event */
  #mousedown(event) {
    this.#menuKey = false;
    const cell = this.#sheet.cellOf(event.target);
    const inField = event.target instanceof HTMLInputElement;
    if (!cell || (inField && this.#editor.editing)) return;
    event.preventDefault(); // the editor places the focus, and no text is to be marked
    if (event.button !== 0) {
      if (!this.#editor.selected.includes(cell)) this.#editor.goTo(cell);
      return;
    }
    this.#editor.goTo(cell, event.shiftKey);
    this.#dragging = !this.#editor.byTouch;
    if (this.#editor.byTouch) this.#tapped(cell);
  }

  // Not every phone sends dblclick.
  /** @param {Cell} cell */
  #tapped(cell) {
    const now = performance.now();
    const twice = this.#lastTap.cell === cell && now - this.#lastTap.at < GRID_DOUBLE_TAP_MS;
    this.#lastTap = { cell, at: now };
    if (twice) this.#editor.edit();
  }

  /** @param {MouseEvent} event */
  #mouseover(event) {
    if (!this.#dragging || !(event.buttons & 1)) return;
    const cell = this.#sheet.cellOf(event.target);
    if (cell && cell !== this.#editor.head) this.#editor.goTo(cell, true);
  }

  /** @param {MouseEvent} event */
  #dblclick(event) {
    const cell = this.#sheet.cellOf(event.target);
    if (cell && cell === this.#editor.active && !this.#editor.editing) this.#editor.edit();
  }

  // A long press opens the note; the mouse keeps the browser's menu, and the key for menus has
  // already opened the note when its event comes.
  /** @param {MouseEvent} event */
  #contextmenu(event) {
    const cell = this.#sheet.cellOf(event.target);
    const pressed = event instanceof PointerEvent && event.pointerType === "touch";
    if (this.#menuKey || (cell && pressed)) event.preventDefault();
    this.#menuKey = false;
    if (!cell || !pressed) return;
    this.#editor.goTo(cell);
    this.#editor.onnote(cell);
  }
}
