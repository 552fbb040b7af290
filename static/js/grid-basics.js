"use strict";

// What the other scripts of the entry grid share: words, elements, numbers and pasted tables.

// The server writes every word in the reader's language.
const gridWords = (() => {
  const source = document.getElementById("grid-messages");
  const texts = source ? JSON.parse(source.textContent) : {};
  return {
    say: (key, count = "") => String(texts[key] ?? key).replaceAll("%n", String(count)),
    // A word that a page may leave out without a key taking its place.
    maybe: (key, count = "") => String(texts[key] ?? "").replaceAll("%n", String(count)),
  };
})();

function gridElement(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// Figures are whole numbers of ten-thousandths, so that sums and roundings are the server's.
const gridNumbers = (() => {
  const PLACES = 4;
  const UNIT = 10n ** BigInt(PLACES);
  const MYRIADS = [["兆", 10n ** 12n], ["億", 10n ** 8n], ["萬", 10n ** 4n], ["", 1n]];
  const DIGITS = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/;

  function part(text, worth) {
    const match = DIGITS.exec(text);
    if (!match) return null;
    const fraction = match[2] ?? "";
    const scaled = BigInt(match[1].replaceAll(",", "") + fraction) * worth * UNIT;
    const divisor = 10n ** BigInt(fraction.length);
    return scaled % divisor === 0n ? scaled / divisor : null;
  }

  function parse(text) {
    // ① and ² are marks of footnotes; made plain they would become digits of the number.
    if (/\p{No}|(?!〇)\p{Nl}/u.test(text)) return null;
    const normal = text.trim().normalize("NFKC").replace(/[−–]/g, "-");
    if (/\d\s+\d/.test(normal)) return null;
    const match = /^([-+]?)(\d[\d.,億萬兆]*)$/.exec(normal.replace(/\s+/g, ""));
    if (!match) return null;
    let total = 0n;
    let rest = match[2];
    let below = false;
    for (const [mark, worth] of MYRIADS) {
      const at = mark ? rest.indexOf(mark) : rest.length;
      if (at < 0 || (!mark && rest === "")) continue;
      const head = rest.slice(0, at);
      if (below && !mark && head.length === 1) return null;
      const value = part(head, worth);
      // "1萬7", "1萬23,456" and "6.6萬500" can be read in two ways; the server asks which.
      if (value === null || (below && value >= 10_000n * worth * UNIT)) return null;
      rest = rest.slice(at + 1);
      if (head.includes(".") && rest) return null;
      total += value;
      below = true;
    }
    return match[1] === "-" ? -total : total;
  }

  // Half up, away from zero; the result counts units of the last decimal.
  function divide(dividend, divisor, decimals) {
    if (divisor === 0n) return null;
    const negative = dividend < 0n !== divisor < 0n;
    const [over, under] = [dividend, divisor].map((number) => (number < 0n ? -number : number));
    const rounded = (2n * over * 10n ** BigInt(decimals) + under) / (2n * under);
    return negative ? -rounded : rounded;
  }

  function pieces(rounded, decimals) {
    const digits = String(rounded < 0n ? -rounded : rounded).padStart(decimals + 1, "0");
    const whole = digits.slice(0, digits.length - decimals);
    const fraction = decimals ? `.${digits.slice(-decimals)}` : "";
    return { sign: rounded < 0n ? "-" : "", whole, fraction };
  }

  const grouped = (whole) => String(whole).replace(/\B(?=(\d{3})+$)/g, ",");

  function inMyriads(whole, fraction) {
    let rest = BigInt(whole);
    let text = "";
    for (const [mark, worth] of MYRIADS.slice(0, 3)) {
      if (rest >= worth) text += grouped(rest / worth) + mark;
      rest %= worth;
    }
    return rest || fraction || !text ? text + grouped(rest) + fraction : text;
  }

  function format(rounded, decimals, style) {
    const { sign, whole, fraction } = pieces(rounded, decimals);
    return sign + (style === "wan" ? inMyriads(whole, fraction) : grouped(whole) + fraction);
  }

  function plain(rounded, decimals) {
    const { sign, whole, fraction } = pieces(rounded, decimals);
    return sign + whole + fraction.replace(/\.?0+$/, "");
  }

  // A number for a spreadsheet, or the text as it is.
  function forSheet(text) {
    const value = parse(text);
    return value === null ? text : plain(value, PLACES);
  }

  return { UNIT, parse, divide, format, plain, forSheet };
})();

// Tables as Excel and LibreOffice put them on the clipboard.
const gridClipboard = {
  parse(text) {
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    const pattern = /"([^"]*(?:""[^"]*)*)"(?=[\t\n]|$)|[^\t\n]*/y;
    const rows = [[]];
    for (let at = 0; at <= source.length; at = pattern.lastIndex + 1) {
      pattern.lastIndex = at;
      const [raw, quoted] = pattern.exec(source);
      pattern.lastIndex = at + raw.length;
      const cell = quoted === undefined ? raw : quoted.replaceAll('""', '"');
      rows.at(-1).push(cell.replace(/\s+/g, " ").trim());
      if (source[pattern.lastIndex] === "\n") rows.push([]);
    }
    return rows;
  },

  write(rows) {
    const quote = (cell) => (/["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    return rows.map((row) => row.map(quote).join("\t")).join("\n");
  },
};
