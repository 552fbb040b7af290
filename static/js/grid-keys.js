// @ts-check
"use strict";

// Which cell a key leads to.

const gridKeys = {
  /** @type {Record<string, [number, number]>} down and to the right */
  ARROWS: { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] },

  /** @param {KeyboardEvent} event */
  isModified: ({ ctrlKey, metaKey, altKey, shiftKey }) => ctrlKey || metaKey || altKey || shiftKey,

  // Row and column, which may lie outside the table; null for a key that leads nowhere.
  /**
   * @param {{key: string, ctrlKey: boolean, metaKey: boolean}} event
   * @param {{row: number, column: number}} from
   * @param {{row: number, column: number, page: number}} end the last of each, and the rows of a page
   * @returns {[number, number] | null}
   */
  target({ key, ctrlKey, metaKey }, from, end) {
    const far = ctrlKey || metaKey;
    const arrow = gridKeys.ARROWS[key];
    if (arrow) {
      const [down, right] = arrow.map((step, axis) =>
        far ? step * (axis ? end.column : end.row) : step,
      );
      return [from.row + down, from.column + right];
    }
    if (key === "Home") return [far ? 0 : from.row, 0];
    if (key === "End") return [far ? end.row : from.row, end.column];
    if (key === "PageUp") return [from.row - end.page, from.column];
    if (key === "PageDown") return [from.row + end.page, from.column];
    return null;
  },
};
