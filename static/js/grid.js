// @ts-check
"use strict";

// The monthly entry grid: joins the sheet, its saving, its keyboard and the panels around it.
// Loaded after the others.

class GridNote {
  #dialog;
  #sheet;
  /** @type {Cell | null} */
  #cell = null;

  /** @param {HTMLDialogElement} dialog @param {GridSheet} sheet @param {() => void} onclose */
  constructor(dialog, sheet, onclose) {
    this.#dialog = dialog;
    this.#sheet = sheet;
    dialog.addEventListener("close", onclose);
  }

  /** @param {Cell} cell */
  open(cell) {
    if (this.#dialog.open) return;
    this.#cell = cell;
    this.#dialog.replaceChildren(...this.#content(cell));
    this.#dialog.setAttribute("aria-labelledby", "grid-note-title");
    this.#dialog.showModal();
  }

  /** @param {Cell} cell */
  #content(cell) {
    const { note, evidence } = this.#sheet.current(cell);
    const readOnly = !cell.writable;
    const title = `${gridWords.say("note")}: ${this.#sheet.label(cell)}`;
    const text = gridElement("textarea", {
      id: "grid-note-text", value: note, maxLength: 300, rows: 4, readOnly,
    });
    const link = gridElement("input", {
      id: "grid-note-link", type: "url", value: evidence, maxLength: 500, readOnly,
    });
    const save = () => this.#save(text, link);
    link.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // it would send the form around the grid
      if (!readOnly) save();
    });
    return [
      gridElement("h2", { id: "grid-note-title", textContent: title }),
      ...this.#warning(cell),
      gridElement("label", { htmlFor: text.id, textContent: gridWords.say("note_label") }),
      text,
      gridElement("label", { htmlFor: link.id, textContent: gridWords.say("evidence_label") }),
      link,
      ...(readOnly ? [] : this.#file(cell, link)),
      ...this.#history(cell),
      this.#buttons(readOnly, save),
    ];
  }

  /** @param {Cell} cell */
  #warning({ server, problem }) {
    return [problem, server.warning]
      .filter(Boolean)
      .map((textContent) => gridElement("p", { className: "grid-note-warning", textContent }));
  }

  // A document goes to the server at once; its address becomes the evidence.
  /** @param {Cell} cell @param {HTMLInputElement} link */
  #file(cell, link) {
    const { evidenceUrl, csrf = "" } = cell.td.closest("table")?.dataset ?? {};
    if (!evidenceUrl) return [];
    const input = gridElement("input", { id: "grid-note-file", type: "file" });
    const said = gridElement("p", { className: "grid-note-said" });
    said.setAttribute("role", "status");
    input.addEventListener("change", async () => {
      if (!input.files?.length) return;
      const body = new FormData();
      body.append("file", input.files[0]);
      const { token } = new GridServer(csrf);
      try {
        const answer = await fetch(evidenceUrl, {
          method: "POST", body, headers: { "X-CSRFToken": token },
        });
        const { address, name, message } = await answer.json();
        if (address) link.value = address;
        said.textContent = name ?? message ?? gridWords.say("failed");
      } catch {
        said.textContent = gridWords.say("failed");
      }
    });
    const label = gridElement("label", {
      htmlFor: input.id, textContent: gridWords.say("evidence_file"),
    });
    return [label, input, said];
  }

  /** @param {Cell} cell */
  #history(cell) {
    const href = cell.td.dataset.history;
    if (!href) return [];
    const link = gridElement("a", { href, textContent: gridWords.say("history") });
    return [gridElement("p", {}, link)];
  }

  /** @param {boolean} readOnly @param {() => void} save */
  #buttons(readOnly, save) {
    const close = gridElement("button", {
      type: "button", className: "quiet", textContent: gridWords.say("close"),
    });
    close.addEventListener("click", () => this.#dialog.close());
    const keep = gridElement("button", { type: "button", textContent: gridWords.say("save_note") });
    keep.addEventListener("click", save);
    return gridElement("p", { className: "grid-buttons" }, ...(readOnly ? [] : [keep]), close);
  }

  /** @param {HTMLTextAreaElement} text @param {HTMLInputElement} link */
  #save(text, link) {
    const cell = this.#cell;
    if (!cell || !link.reportValidity()) return;
    this.#dialog.close();
    this.#sheet.write([{ cell, note: text.value.trim(), evidence: link.value.trim() }]);
  }
}

class GridConflicts {
  #panel;
  #sheet;
  #saving;
  #editor;

  /**
   * @param {HTMLElement} panel
   * @param {GridSheet} sheet
   * @param {GridSaving} saving
   * @param {GridEditor} editor
   */
  constructor(panel, sheet, saving, editor) {
    panel.hidden = true;
    this.#panel = panel;
    this.#sheet = sheet;
    this.#saving = saving;
    this.#editor = editor;
  }

  // While someone types in a cell the focus stays there: the next Enter would answer for them.
  /** @param {boolean} takeFocus */
  render(takeFocus) {
    const cells = this.#sheet.unsaved();
    const items = cells.flatMap((cell, at) => this.#item(cell, at) ?? []);
    this.#panel.hidden = !items.length;
    const title = gridElement("p", { className: "grid-panel-title" }, gridWords.say("conflict"));
    this.#panel.replaceChildren(...(items.length ? [title, gridElement("ul", {}, ...items)] : []));
    if (takeFocus && !this.#editor.editing) this.#panel.querySelector("button")?.focus();
  }

  /** @param {Cell} cell @param {number} at */
  #item(cell, at) {
    const { conflict, typed } = cell;
    if (!conflict || !typed) return null;
    const shown = (/** @type {{text: string, note: string}} */ { text, note }) => [text || "—", note].filter(Boolean).join(" · ");
    const theirs = { text: conflict.display || conflict.value, note: conflict.note };
    const label = gridElement("strong", { id: `grid-conflict-${at}` }, this.#sheet.label(cell));
    const who = conflict.who ? ` (${conflict.who})` : "";
    return gridElement(
      "li",
      {},
      label,
      gridElement("span", {}, `${gridWords.say("yours")}: ${shown(typed)}`),
      gridElement("span", {}, `${gridWords.say("theirs")}: ${shown(theirs)}${who}`),
      this.#button("keep_yours", label, () => this.#resolve(cell, true)),
      this.#button("take_theirs", label, () => this.#resolve(cell, false)),
    );
  }

  /** @param {string} key @param {HTMLElement} label @param {() => void} act */
  #button(key, label, act) {
    const button = gridElement("button", {
      type: "button", className: "quiet", textContent: gridWords.say(key),
    });
    button.setAttribute("aria-describedby", label.id);
    button.addEventListener("click", act);
    return button;
  }

  /** @param {Cell} cell @param {boolean} keepYours */
  #resolve(cell, keepYours) {
    this.#saving.resolve(cell, keepYours);
    this.render(true);
    if (this.#panel.hidden) this.#editor.go(cell.row.at, cell.column);
  }
}

/**
 * @param {HTMLElement} panel
 * @param {GridSheet} sheet
 * @param {GridSaving} saving
 * @param {GridEditor} editor
 */
function offerDrafts(panel, sheet, saving, editor) {
  const { found, closed } = saving.drafts();
  /** @param {HTMLElement[]} words @param {[string, () => void][]} acts */
  const offer = (words, acts) => {
    const part = gridElement("div");
    const buttons = acts.map(([key, act]) => {
      const button = gridElement("button", { type: "button", textContent: gridWords.say(key) });
      if (key === "discard") button.className = "quiet";
      button.addEventListener("click", () => {
        part.remove();
        panel.hidden = !panel.childElementCount;
        act();
        editor.focus();
      });
      return button;
    });
    part.append(...words, gridElement("p", { className: "grid-buttons" }, ...buttons));
    return part;
  };
  /** @param {string} key @param {Kept[]} drafts */
  const said = (key, drafts) =>
    gridElement("p", { textContent: gridWords.say(key, drafts.length) });
  /** @param {Kept[]} drafts @returns {[string, () => void]} */
  const discard = (drafts) => ["discard", () => saving.forget(drafts)];
  panel.replaceChildren();
  if (found.length) {
    /** @type {[string, () => void]} */
    const restore = ["restore", () => saving.restore(found)];
    panel.append(offer([said("restored", found)], [restore, discard(found)]));
  }
  if (closed.length) {
    const lines = closed.map(({ cell, text, note }) =>
      gridElement("li", {
        textContent: [`${sheet.label(cell)}: ${text}`, note, cell.closed].filter(Boolean).join(" · "),
      }),
    );
    const list = gridElement("ul", {}, ...lines);
    panel.append(offer([said("closed_drafts", closed), list], [discard(closed)]));
  }
  panel.hidden = !panel.childElementCount;
}

/** @param {HTMLTableElement} table */
function startGrid(table) {
  /** @param {string} name @returns {HTMLElement | null} */
  const part = (name) => document.querySelector(`[data-grid-${name}]`);
  /** @param {string} name @returns {HTMLDialogElement | null} */
  const dialog = (name) => document.querySelector(`dialog[data-grid-${name}]`);
  const sheet = new GridSheet(table);
  const first = sheet.at(0, 0);
  if (!first) return;
  const server = new GridServer(table.dataset.csrf ?? "");
  /** @type {HTMLInputElement | null} */
  const reason = document.querySelector("[data-grid-reason]");
  const saving = new GridSaving(sheet, table, server, { status: part("status"), reason });
  const say = (/** @type {string} */ text, kind = "") => saving.say(text, kind);
  const editor = new GridEditor(sheet, table, first, say);
  new GridPointer(sheet, editor, table);
  sheet.onchange = (cells) => saving.edited(cells);
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    editor.commit();
    saving.save();
  };

  const conflictPanel = part("conflicts");
  if (conflictPanel) {
    const conflicts = new GridConflicts(conflictPanel, sheet, saving, editor);
    saving.onconflict = (takeFocus) => conflicts.render(takeFocus);
  }
  const noteDialog = dialog("note");
  if (noteDialog) {
    const note = new GridNote(noteDialog, sheet, () => editor.focus());
    editor.onnote = (cell) => note.open(cell);
    part("note-open")?.addEventListener("click", () => note.open(editor.active));
  }
  const pasteDialog = dialog("paste");
  if (pasteDialog) {
    const url = table.dataset.pasteUrl ?? "";
    new GridPaste(sheet, editor, server, { url, dialog: pasteDialog, say });
  }
  part("save")?.addEventListener("click", save);
  part("undo")?.addEventListener("click", () => editor.undo());
  document.querySelector("form[data-grid-form]")?.addEventListener("submit", save);
  document.addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (command && event.key.toLowerCase() === "s") save(event);
  });
  // What stands in an open field is an edit too when the page goes away.
  window.addEventListener("pagehide", () => editor.commit());

  const restorePanel = part("restore");
  if (restorePanel) offerDrafts(restorePanel, sheet, saving, editor);
}

/** @type {NodeListOf<HTMLTableElement>} */
const gridTables = document.querySelectorAll("table[data-grid]");
for (const table of gridTables) startGrid(table);
