// @ts-check
"use strict";

// What is not saved yet, kept in this browser: it outlives a lost connection and a closed page.

/** @typedef {Place & Typed} CellDraft */

class GridDrafts {
  #key;
  /** @type {Set<string>} */
  #mine = new Set();

  /** @param {string} key */
  constructor(key) {
    this.#key = key;
  }

  // A browser may refuse its storage; the page then works without this safety net.
  /** @returns {Record<string, CellDraft>} */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "{}")?.cells ?? {};
    } catch {
      return {};
    }
  }

  // Drafts that are not of this page (not yet restored, or of another tab) stay as they are.
  /** @param {Cell[]} cells */
  store(cells) {
    const drafts = this.read();
    for (const id of this.#mine) delete drafts[id];
    this.#mine.clear();
    for (const { row, month, typed } of cells) {
      if (!typed) continue;
      const id = GridSheet.id(row.series, month);
      drafts[id] = { series: row.series, month, ...typed };
      this.#mine.add(id);
    }
    this.#write(drafts);
  }

  /** @param {string[]} ids */
  drop(ids) {
    const drafts = this.read();
    for (const id of ids) delete drafts[id];
    this.#write(drafts);
  }

  /** @param {Record<string, CellDraft>} drafts */
  #write(drafts) {
    try {
      if (Object.keys(drafts).length === 0) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, JSON.stringify({ cells: drafts }));
    } catch {
      // Full or forbidden storage: the warning before leaving the page remains.
    }
  }
}
