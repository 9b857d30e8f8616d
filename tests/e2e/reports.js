// Opens the HTML reports of `cargo dossier` found in the folder REPORTS and checks what only a browser can tell.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { need } from "./prerequisites.js";

const { audit } = await import("./audit.js");
const { withBrowser } = await import("./browser.js");

const folder = resolve(process.env.REPORTS ?? "reports");
const all = await readdir(folder).catch(() => []);
const files = all.filter((name) => name.endsWith(".html")).sort();
need(files.length > 0, `a report in ${folder}`, `cargo dossier compare . --html ${folder}/compare.html`);

const checks = [
  ["axe finds nothing", {}, noViolation],
  ["axe finds nothing in the dark", { colorScheme: "dark" }, noViolation],
  ["it is read without JavaScript", { javaScriptEnabled: false }, readWithoutScript],
  ["it asks for nothing else and logs no error", {}, standAlone],
  ["it reflows at 320 pixels", { viewport: { width: 320, height: 640 } }, reflow],
  ["the first key reaches the skip link", {}, skip],
  ["it prints without its navigation, every table whole", {}, print],
];

async function noViolation(page, address) {
  await page.goto(address);
  assert.deepEqual(await audit(page), []);
}

async function readWithoutScript(page, address) {
  await page.goto(address);
  assert.ok((await page.locator("h1").innerText()).trim());
  assert.ok(await page.locator("main table").first().isVisible());
  assert.ok((await page.locator("main tbody tr").count()) > 0, "no line in the tables");
}

async function standAlone(page, address) {
  const faults = [];
  page.on("request", (request) => request.url() === address || faults.push(request.url()));
  page.on("console", (message) => faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(address, { waitUntil: "load" });
  assert.deepEqual(faults, []);
}

async function reflow(page, address) {
  await page.goto(address);
  const [width, window] = await page.evaluate(() => [document.documentElement.scrollWidth, globalThis.innerWidth]);
  assert.ok(width <= window, `the page is ${width} pixels wide`);
}

async function skip(page, address) {
  await page.goto(address);
  await page.keyboard.press("Tab");
  const focused = page.locator(":focus");
  assert.equal(await focused.innerText(), "Aller au contenu");
  assert.ok(await focused.isVisible());
}

async function print(page, address) {
  await page.goto(address);
  await page.emulateMedia({ media: "print" });
  for (const hidden of await page.locator("nav, .skip").all()) assert.ok(!(await hidden.isVisible()));
  const cut = await page.locator(".scroll").evaluateAll((all) => all.filter((one) => getComputedStyle(one).overflowX !== "visible").length);
  assert.equal(cut, 0, "a table is cut by its frame");
  assert.ok((await page.pdf({ format: "A4", landscape: true })).length > 1000);
}

let passed = 0;
let failed = 0;
await withBrowser(async (open) => {
  for (const file of files) {
    const address = pathToFileURL(resolve(folder, file)).href;
    for (const [name, options, check] of checks) {
      try {
        await open(options, (page) => check(page, address));
        passed += 1;
        console.log(`ok      ${file}: ${name}`);
      } catch (error) {
        failed += 1;
        console.log(`FAILED  ${file}: ${name}\n${error.stack ?? error}`);
      }
    }
  }
});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
