// @ts-check
"use strict";

// What is done to a block of cells at once: clearing, filling, copying.

class GridBlocks {
  #sheet;
  #editor;
  #say;

  /** @param {GridSheet} sheet @param {GridEditor} editor @param {(text: string) => void} say */
  constructor(sheet, editor, say) {
    this.#sheet = sheet;
    this.#editor = editor;
    this.#say = say;
    this.#listen("copy", (event) => this.#copy(event));
    this.#listen("cut", (event) => {
      this.#copy(event);
      this.clear();
    });
  }

  /** @param {"copy" | "cut"} name @param {(event: ClipboardEvent) => void} act */
  #listen(name, act) {
    document.addEventListener(name, (event) => {
      if (this.#editor.hasFocus && !this.#editor.editing) act(event);
    });
  }

  // Cells that cannot be written are left out and counted; stored figures that go are named.
  /** @param {{cell: Cell, text: string}[]} changes @param {string} [key] */
  #write(changes, key) {
    const open = changes.filter(({ cell }) => cell.writable);
    const skipped = changes.length - open.length;
    const emptied = open.filter(({ cell, text }) => !text && cell.server.text);
    this.#sheet.write(open);
    const words = [
      key && gridWords.say(key, open.length),
      skipped && gridWords.say("skipped_locked", skipped),
      this.#sheet.named("emptied", emptied.map(({ cell }) => cell)),
    ];
    const text = words.filter(Boolean).join(" · ");
    if (text) this.#say(text);
  }

  clear() {
    this.#write(this.#editor.selected.map((cell) => ({ cell, text: "" })));
  }

  // From the first row or column of the selection, or into a single one from its neighbour.
  /** @param {"down" | "right"} direction */
  fill(direction) {
    const down = direction === "down";
    const { top, left, height, width } = this.#editor.block;
    const first = down ? top : left;
    const alone = (down ? height : width) === 1;
    const source = alone ? first - 1 : first;
    const changes = this.#editor.selected.flatMap((cell) => {
      const from = down ? this.#sheet.at(source, cell.column) : cell.row.cells[source];
      const isSource = (down ? cell.row.at : cell.column) === source;
      return from && !isSource ? [{ cell, text: this.#sheet.current(from).text }] : [];
    });
    if (changes.length) this.#write(changes, "filled");
  }

  // Figures go out as plain numbers, as a spreadsheet takes them.
  /** @param {ClipboardEvent} event */
  #copy(event) {
    event.preventDefault();
    const rows = this.#editor.cellsOf(this.#editor.block).map((row) =>
      row.map((cell) => this.#sheet.current(cell).text),
    );
    event.clipboardData?.setData("text/plain", gridClipboard.write(rows));
    this.#say(gridWords.say("copied", this.#editor.selected.length));
  }
}
