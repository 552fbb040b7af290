// @ts-check
"use strict";

// What the other scripts of the entry grid share: words, elements and tables on the clipboard.

/**
 * @typedef {{text: string, note: string, evidence: string}} Content what a person writes in a cell
 * @typedef {Content & {revision: number, paste: string}} Typed an edit that is not saved yet, the
 *   revision that it was made on, and the paste that it came with ("" for none)
 * @typedef {Content & {display: string, revision: number, state: string, warning: string}} Stored
 *   what the server holds
 * @typedef {{series: number | string, month: string}} Place
 * @typedef {Place & Content & {value: string, display: string, revision: number, who: string}} Conflict
 * @typedef {object} Cell
 * @property {HTMLTableCellElement} td
 * @property {Row} row
 * @property {number} column counted from 0
 * @property {string} month as 2021-03
 * @property {boolean} writable
 * @property {string} closed the server's reason why it takes no figure
 * @property {Stored} server
 * @property {Typed | null} typed
 * @property {Content | null} sent what is under way to the server
 * @property {string} problem why the server refused it
 * @property {Conflict | null} conflict
 * @typedef {object} Row
 * @property {number} at counted from 0
 * @property {string} series
 * @property {HTMLElement} head
 * @property {HTMLElement | null} total
 * @property {string} totalText what the server says the year comes to
 * @property {boolean} computed
 * @property {string[]} parts the series that a computed one is worked out from
 * @property {Row[]} dependents the computed rows that this one is a part of
 * @property {Cell[]} cells
 * @typedef {Partial<Content> & {cell: Cell, revision?: number, paste?: string, problem?: string}} Change
 * @typedef {{top: number, left: number, height: number, width: number}} Block
 */

// The server writes every word in the reader's language.
const gridWords = (() => {
  const source = document.getElementById("grid-messages");
  /** @type {Record<string, string>} */
  const texts = source ? JSON.parse(source.textContent ?? "") : {};
  const fill = (/** @type {string} */ text, /** @type {string | number} */ count) =>
    text.replaceAll("%n", String(count));
  return {
    /** @param {string} key @param {string | number} [count] */
    say: (key, count = "") => fill(texts[key] ?? key, count),
    /** A word that a page may leave out without a key taking its place.
     * @param {string} key @param {string | number} [count] */
    maybe: (key, count = "") => fill(texts[key] ?? "", count),
  };
})();

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
function gridElement(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// Tables as Excel and LibreOffice put them on the clipboard.
const gridClipboard = {
  /** @param {string} text @returns {string[][]} */
  parse(text) {
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const pattern = /"([^"]*(?:""[^"]*)*)"(?=[\t\n]|$)|[^\t\n]*/y;
    /** @type {string[][]} */
    const rows = [[]];
    for (let at = 0; at <= source.length; at = pattern.lastIndex + 1) {
      pattern.lastIndex = at;
      const [raw, quoted] = /** @type {RegExpExecArray} */ (pattern.exec(source));
      pattern.lastIndex = at + raw.length;
      const cell = quoted === undefined ? raw : quoted.replaceAll('""', '"');
      rows.at(-1)?.push(cell.replace(/\s+/g, " ").trim());
      if (source[pattern.lastIndex] === "\n") rows.push([]);
    }
    return rows;
  },

  /** @param {string[][]} rows */
  write(rows) {
    const quote = (/** @type {string} */ cell) => (/["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    return rows.map((row) => row.map(quote).join("\t")).join("\n");
  },
};
