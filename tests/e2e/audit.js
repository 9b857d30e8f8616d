import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice", "RGAAv4"];

/** What axe finds against WCAG 2.2 A and AA, RGAA 4 and good practice: one line a fault. */
export async function audit(page) {
  const { violations, passes } = await run(page, { type: "tag", values: tags });
  assert.ok(passes.length > 10, `axe ran ${passes.length} rules only`);
  return lines(violations);
}

/** What these rules of axe find alone. */
export async function violations(page, rules) {
  return lines((await run(page, { type: "rule", values: rules })).violations);
}

async function run(page, runOnly) {
  // Evaluated from outside the page, so the policy that forbids scripts to the page stays in force; once a document.
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  // Passes by their number alone: their elements, brought here from the browser, would take longer than the rules.
  return page.evaluate(
    (only) => globalThis.axe.run(document, { runOnly: only, resultTypes: ["violations"] }),
    runOnly,
  );
}

function lines(violations) {
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}\n  ${html}`));
}
