import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice", "RGAAv4"];

/** What axe finds against WCAG 2.2 A and AA, RGAA 4 and good practice: one line a fault. */
export async function audit(page) {
  // Evaluated from outside the page, so the policy that forbids scripts to the page stays in force.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
    tags,
  );
  assert.ok(passes.length > 10, `axe ran ${passes.length} rules only`);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}\n  ${html}`));
}
