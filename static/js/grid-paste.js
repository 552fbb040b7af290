// @ts-check
"use strict";

// Pasting. Numbers alone, with a writable cell for each, go straight in. All else is read by the
// server as a spreadsheet is, and shown before it counts wherever it could be meant otherwise.

/**
 * @typedef {Place & {text: string, problem: string, empties: boolean}} Pasted
 * @typedef {{ask: boolean, html: string, cells: Pasted[]}} Understood
 * @typedef {{rows: Record<string, string>, columns: Record<string, string>}} Choices
 * @typedef {{rows: string[][], series: string, month: string, sure: boolean, choices?: Choices}} Sent
 */

const gridPlain = {
  NUMBER: /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/,

  // Numbers and blanks alone, which may fill a selection that holds them several times.
  /** @param {string[][]} rows */
  isNumeric(rows) {
    return rows.flat().every((text) => text === "" || gridPlain.NUMBER.test(text));
  },

  // A selection that holds the block a whole number of times is filled with it.
  /** @param {string[][]} rows @param {{height: number, width: number}} selection */
  repeated(rows, { height, width }) {
    const across = Math.max(...rows.map((row) => row.length));
    const more = height * width > rows.length * across;
    if (!more || height % rows.length || width % across) return rows;
    return Array.from({ length: height }, (_row, down) =>
      Array.from({ length: width }, (_cell, right) => rows[down % rows.length][right % across] ?? ""),
    );
  },

  // Whether every text has its cell beyond doubt and no figure goes.
  /**
   * @param {string[][]} rows
   * @param {{writable: boolean, text: string}[][]} targets the cells from the active one on
   * @param {number[]} heights of blocks that can only be meant for these rows
   */
  fits(rows, targets, heights) {
    return (
      gridPlain.isNumeric(rows) &&
      heights.includes(rows.length) &&
      rows.every((row, down) =>
        row.every((text, right) => {
          const cell = targets[down]?.[right];
          return cell?.writable && (text !== "" || cell.text === "");
        }),
      )
    );
  },
};

class GridPaste {
  #sheet;
  #editor;
  #server;
  #url;
  #dialog;
  #say;
  #asked = 0; // an answer counts while nothing else was asked since

  /**
   * @param {GridSheet} sheet
   * @param {GridEditor} editor
   * @param {GridServer} server
   * @param {{url: string, dialog: HTMLDialogElement, say: (text: string, kind?: string) => void}} page
   */
  constructor(sheet, editor, server, { url, dialog, say }) {
    this.#sheet = sheet;
    this.#editor = editor;
    this.#server = server;
    this.#url = url;
    this.#dialog = dialog;
    this.#say = say;
    document.addEventListener("paste", (event) => {
      if (this.#editor.hasFocus && !this.#editor.editing) this.#paste(event);
    });
    dialog.addEventListener("cancel", () => this.#say(gridWords.say("not_pasted")));
    dialog.addEventListener("close", () => this.#editor.focus());
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    event.preventDefault();
    const active = this.#editor.active;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!active || text === "") return;
    const { block } = this.#editor;
    const given = gridClipboard.parse(text);
    const alone = given.length === 1 && given[0].length === 1;
    const rows = alone || gridPlain.isNumeric(given) ? gridPlain.repeated(given, block) : given;
    const width = Math.max(...rows.map((row) => row.length));
    const targets = this.#editor.cellsOf({ ...block, height: rows.length, width });
    const shown = targets.map((line) =>
      line.map((cell) => ({ writable: cell.writable, text: this.#sheet.current(cell).text })),
    );
    const heights = this.#heights(active);
    if (!gridPlain.fits(rows, shown, heights)) {
      const sure = heights.includes(rows.length);
      this.#ask({ rows, series: active.row.series, month: active.month, sure });
      return;
    }
    const cells = rows.flatMap((row, down) =>
      row.map((value, right) => ({ cell: targets[down][right], text: value })),
    );
    this.#write(cells);
  }

  // A single line, what was selected, or all rows that take figures from here on.
  /** @param {Cell} active */
  #heights({ row, column }) {
    const below = this.#sheet.rows.slice(row.at);
    return [1, this.#editor.block.height, below.filter((one) => one.cells[column].writable).length];
  }

  /** @param {{cell: Cell, text: string, problem?: string}[]} cells */
  #write(cells) {
    if (!cells.length) return;
    const paste = gridUuid();
    this.#editor.show(cells.map(({ cell }) => cell));
    this.#sheet.write(cells.map((change) => ({ ...change, paste })));
    if (cells.every(({ problem }) => !problem)) this.#say(gridWords.say("pasted", cells.length));
  }

  /** @param {Sent} sent */
  async #ask(sent) {
    this.#say(gridWords.say("reading"), "saving");
    this.#asked += 1;
    const asked = this.#asked;
    const { status, data, message } = await this.#server.ask(this.#url, JSON.stringify(sent));
    if (asked !== this.#asked || (sent.choices && !this.#dialog.open)) return;
    if (status !== 200) {
      this.#dialog.close(); // what it shows is not what was chosen
      const why = data?.message ?? gridWords.say(message ?? "failed");
      this.#say(`${gridWords.say("not_pasted")} ${why}`, "error");
      return;
    }
    this.#say("");
    if (data.ask || this.#dialog.open) this.#show(sent, data);
    else this.#put(data.cells);
  }

  /** @param {Pasted[]} pasted */
  #put(pasted) {
    this.#write(
      pasted.flatMap(({ series, month, text, problem }) => {
        const cell = this.#sheet.find(series, month);
        return cell?.writable ? [{ cell, text, problem }] : [];
      }),
    );
  }

  // Changing what a row or a column is has the server read it all anew.
  /** @param {Sent} sent @param {Understood} data */
  #show(sent, { html, cells }) {
    const dialog = this.#dialog;
    const focused = dialog.open ? GridPaste.#nameOf(document.activeElement) : "";
    dialog.innerHTML = html; // a part of a page, as the server writes it
    const form = dialog.querySelector("form");
    if (!form) return;
    dialog.removeAttribute("aria-busy");
    form.addEventListener("change", () => {
      dialog.setAttribute("aria-busy", "true");
      this.#ask({ ...sent, choices: GridPaste.#choices(form) });
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // What is to be pasted is being read anew: what is shown counts no longer.
      if (dialog.hasAttribute("aria-busy")) return;
      const act = event.submitter?.getAttribute("value");
      const put = cells.filter(({ empties }) => act === "all" || !empties);
      dialog.close();
      this.#editor.focus();
      if (act === "all" || act === "keep") this.#put(put);
      else this.#say(gridWords.say("not_pasted"));
    });
    if (!dialog.open) dialog.showModal();
    const same = [...form.elements].find((field) => focused && GridPaste.#nameOf(field) === focused);
    const place = same ?? dialog.querySelector("h2");
    if (place instanceof HTMLElement) place.focus();
  }

  // By what a field is found again once the dialog is written anew.
  /** @param {Element | null} field */
  static #nameOf(field) {
    return field?.getAttribute("name") ?? field?.getAttribute("value") ?? "";
  }

  /** @param {HTMLFormElement} form @returns {Choices} */
  static #choices(form) {
    /** @type {Choices} */
    const choices = { rows: {}, columns: {} };
    for (const [name, value] of new FormData(form)) {
      const [kind, at] = name.split("-");
      if (kind === "row") choices.rows[at] = String(value);
      if (kind === "column") choices.columns[at] = String(value);
    }
    return choices;
  }
}
