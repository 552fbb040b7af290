"use strict";

// What is done to a block of cells at once: clearing, filling, copying and pasting.

class GridBlocks {
  #sheet;
  #editor;
  #say;

  constructor(sheet, editor, say) {
    this.#sheet = sheet;
    this.#editor = editor;
    this.#say = say;
    const events = { copy: this.#copy, cut: this.#cut, paste: this.#paste };
    for (const [name, act] of Object.entries(events)) {
      document.addEventListener(name, (event) => {
        if (this.#editor.hasFocus && !this.#editor.editing) act.call(this, event);
      });
    }
  }

  // Cells that cannot be written are left out and counted.
  #write(changes, key, ...more) {
    const open = changes.filter(({ cell }) => cell.writable);
    const skipped = changes.length - open.length;
    this.#sheet.write(open);
    const words = [
      key && gridWords.say(key, open.length),
      skipped && gridWords.say("skipped_locked", skipped),
      ...more,
    ];
    const text = words.filter(Boolean).join(" · ");
    if (text) this.#say(text);
  }

  clear() {
    this.#write(this.#editor.selected.map((cell) => ({ cell, text: "" })), "");
  }

  // From the first row or column of the selection, or into a single one from its neighbour.
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

  #copy(event) {
    event.preventDefault();
    const text = (cell) => gridNumbers.forSheet(this.#sheet.current(cell).text);
    const rows = this.#editor.cellsOf(this.#editor.block).map((row) => row.map(text));
    event.clipboardData.setData("text/plain", gridClipboard.write(rows));
    this.#say(gridWords.say("copied", this.#editor.selected.length));
  }

  #cut(event) {
    this.#copy(event);
    this.clear();
  }

  #paste(event) {
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    if (text === "") return;
    const rows = gridClipboard.parse(text);
    const block = this.#target(rows);
    const targets = this.#editor.cellsOf(block);
    const across = block.pastedWidth;
    const changes = targets.flatMap((line, down) =>
      line.flatMap((cell, right) => {
        const value = rows[down % rows.length][right % across];
        return value === undefined ? [] : [{ cell, text: value }];
      }),
    );
    this.#editor.show(targets.flat());
    const outside = block.height * block.width - targets.flat().length;
    this.#write(changes, "pasted", outside && gridWords.maybe("pasted_outside", outside));
  }

  // A selection that holds the pasted block a whole number of times is filled with it.
  #target(rows) {
    const { top, left, height, width } = this.#editor.block;
    const pastedWidth = rows.reduce((most, row) => Math.max(most, row.length), 0);
    const fits = (space, size) => (space % size === 0 ? space : size);
    return {
      top,
      left,
      height: fits(height, rows.length),
      width: fits(width, pastedWidth),
      pastedWidth,
    };
  }
}
