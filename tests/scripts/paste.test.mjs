import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.mjs";

const { fits, isNumeric, repeated } = load("grid-basics", "grid-paste")("gridPlain");
const plain = (value) => JSON.parse(JSON.stringify(value));
const open = (text = "") => ({ writable: true, text });
const closed = { writable: false, text: "" };

test("numbers are digits alone; whatever is written otherwise is the server's to read", () => {
  for (const text of ["0", "1234567", "1,234,567", "0.5", "12,345.67", ""]) {
    assert.ok(isNumeric([[text]]), text);
  }
  for (const text of ["1,23", "1,2345", "-5", "(5)", "1萬", "１２", "3 456", "=1", "5人", "…", "1."]) {
    assert.ok(!isNumeric([[text]]), text);
  }
});

test("a block goes straight in where each number has a writable cell and no figure goes", () => {
  assert.ok(fits([["5", "6"]], [[open("1"), open()]], [1]));
  assert.ok(fits([["5", ""]], [[open("1"), open()]], [1]));
  assert.ok(!fits([["5", ""]], [[open("1"), open("2")]], [1]), "a blank over a figure");
  assert.ok(!fits([["5", "6"]], [[open(), closed]], [1]), "a closed cell");
  assert.ok(!fits([["5", "6"]], [[open()]], [1]), "a cell outside");
  assert.ok(!fits([["5"], ["6"]], [[open()], [open()]], [1, 3]), "which rows are meant?");
  assert.ok(fits([["5"], ["6"]], [[open()], [open()]], [1, 2]));
});

test("a selection is filled by a block that it holds a whole number of times", () => {
  const size = (height, width) => ({ height, width });
  assert.deepEqual(plain(repeated([["9"]], size(2, 2))), [["9", "9"], ["9", "9"]]);
  assert.deepEqual(plain(repeated([["1"], ["2"]], size(4, 1))), [["1"], ["2"], ["1"], ["2"]]);
  assert.deepEqual(plain(repeated([["1"], ["2"]], size(3, 1))), [["1"], ["2"]]);
  assert.deepEqual(plain(repeated([["1", "2"]], size(1, 1))), [["1", "2"]]);
});
