// The documents as HTML pages (`cargo xtask docs --html`), found in the folder DOCUMENTS: axe and the Nu checker find
// nothing on any of them, their drawings and links are there, and none is wider than a small screen.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { need } from "./prerequisites.js";

const { audit } = await import("./audit.js");
const { withBrowser } = await import("./browser.js");
const { invalid } = await import("./html.js");

const folder = resolve(process.env.DOCUMENTS ?? "documents");
const all = await readdir(folder, { recursive: true }).catch(() => []);
const names = all.filter((name) => name.endsWith(".html")).sort();
need(names.length > 0, `documents in ${folder}`, `cargo xtask docs --html ${folder}`);

let failed = 0;

function tell(faults) {
  failed += faults.length;
  for (const fault of faults) console.log(`FAILED  ${fault}`);
}

const pages = await Promise.all(names.map(async (name) => [name, await readFile(resolve(folder, name), "utf8")]));
const there = new Set(all.map((name) => resolve(folder, name)));

/** Links and drawings of a page that lead to no file, or to no heading. */
function lost([name, html]) {
  const address = pathToFileURL(resolve(folder, name));
  const targets = [...html.matchAll(/(?:href|src)="([^"]*)"/gu)].map(([, target]) => new URL(target.replaceAll("&amp;", "&"), address));
  return targets.filter((target) => target.protocol === "file:").flatMap((target) => {
    const path = fileURLToPath(target);
    if (!there.has(path)) return [`${name}: ${relative(folder, path)} is not there`];
    const anchor = decodeURIComponent(target.hash.slice(1));
    const [, text = ""] = pages.find(([other]) => resolve(folder, other) === path) ?? [];
    return anchor && !text.includes(`id="${anchor}"`) ? [`${name}: no heading #${anchor} in ${relative(folder, path)}`] : [];
  });
}

tell(pages.flatMap(lost));
tell(await invalid(pages.map(([name, html]) => [name.replaceAll("/", "_"), html])));
const broken = pages.slice(0, 1).map(([, html]) => ["planted", html.replace("</main>", "<p><ul></p></main>")]);
assert.ok((await invalid(broken)).length > 0, "Nu did not find the defect that was planted");

// One page after the other in one tab: a tab for each would take the time of the checks again.
await withBrowser(async (open) => {
  await open({}, async (page) => {
    for (const [name] of pages) {
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.goto(pathToFileURL(resolve(folder, name)).href);
      tell((await audit(page)).map((fault) => `${name}: ${fault}`));

      await page.setViewportSize({ width: 320, height: 640 });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 320) tell([`${name} is ${width} pixels wide on a screen of 320`]);
    }

    await page.emulateMedia({ colorScheme: "dark" });
    tell((await audit(page)).map((fault) => `in the dark: ${fault}`));
    await page.evaluate(() => document.querySelector("h1").replaceWith(document.createElement("img")));
    assert.ok((await audit(page)).length > 0, "axe did not find the defect that was planted");
  });
});

console.log(`${pages.length} documents looked at, ${failed} faults`);
process.exit(failed === 0 ? 0 : 1);
