import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.mjs";

const { target } = load("grid-keys")("gridKeys");
const end = { row: 9, column: 11, page: 4 };
const to = (key, far = false, from = { row: 5, column: 5 }) => {
  const place = target({ key, ctrlKey: far, metaKey: false }, from, end);
  return place && [...place];
};

test("arrows go to the next cell, and with Ctrl at least as far as the end", () => {
  assert.deepEqual(to("ArrowUp"), [4, 5]);
  assert.deepEqual(to("ArrowRight"), [5, 6]);
  assert.ok(to("ArrowDown", true)[0] >= end.row);
  assert.ok(to("ArrowLeft", true)[1] <= 0);
});

test("Home and End stay in the row, and with Ctrl lead to the corners", () => {
  assert.deepEqual(to("Home"), [5, 0]);
  assert.deepEqual(to("End"), [5, 11]);
  assert.deepEqual(to("Home", true), [0, 0]);
  assert.deepEqual(to("End", true), [9, 11]);
});

test("a page up and down keeps the column; other keys lead nowhere", () => {
  assert.deepEqual(to("PageUp"), [1, 5]);
  assert.deepEqual(to("PageDown"), [9, 5]);
  for (const key of ["Enter", "Delete", "7", "a"]) assert.equal(to(key), null);
});
