import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./page.mjs";

const { parse, write } = load("grid-basics")("gridClipboard");
const rows = (text) => JSON.parse(JSON.stringify(parse(text)));

test("Excel ends its lines with CR LF, LibreOffice with LF, and neither makes a row more", () => {
  assert.deepEqual(rows("1\t2\r\n3\t4\r\n"), [["1", "2"], ["3", "4"]]);
  assert.deepEqual(rows("1\t2\n3\t4\n"), [["1", "2"], ["3", "4"]]);
  assert.deepEqual(rows("1\t2\n3\t4"), [["1", "2"], ["3", "4"]]);
});

test("blank cells keep their place", () => {
  assert.deepEqual(rows("1,000\t\t1,200\r\n\t2,000\t\r\n"), [
    ["1,000", "", "1,200"],
    ["", "2,000", ""],
  ]);
  assert.deepEqual(rows("1\n\n2\n"), [["1"], [""], ["2"]]);
});

test("a cell in quotation marks may have lines, tabs and quotation marks in it", () => {
  assert.deepEqual(rows('"1\n2"\t"say ""x"""\t"3\t4"\n5'), [["1 2", 'say "x"', "3 4"], ["5"]]);
  assert.deepEqual(rows('"half\t1'), [['"half', "1"]]);
});

test("blanks around a text do not count", () => {
  assert.deepEqual(rows("  12 \u3000\t a  b "), [["12", "a b"]]);
});

test("what was written is read back", () => {
  const table = [["a b", 'say "x"', ""], ["", "12", "3.5"]];
  assert.deepEqual(rows(write(table)), table);
});
