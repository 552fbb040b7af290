// Scripts of static/js as a page loads them: one after another, sharing their names.
import { readFileSync } from "node:fs";
import vm from "node:vm";

/**
 * Load scripts into a page without elements.
 * @param {...string} names files of static/js, without their ending
 * @returns {(expression: string) => any} looks up what they declare
 */
export function load(...names) {
  const page = vm.createContext({ document: { getElementById: () => null } });
  for (const name of names) {
    const file = new URL(`../../static/js/${name}.js`, import.meta.url);
    vm.runInContext(readFileSync(file, "utf8"), page, { filename: file.pathname });
  }
  return (expression) => vm.runInContext(expression, page);
}
