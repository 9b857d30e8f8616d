// Lays a screenshot of each real page beside its mock-up: one picture a page, in var/maquettes.
// Play it in front of a case: tests/e2e/play.sh mockups. See README.md.
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { withBrowser } from "./browser.js";

const address = (process.env.BASE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const root = fileURLToPath(new URL("../../", import.meta.url));
const out = process.env.MOCKUPS ?? join(root, "var/maquettes");
// A mock-up is drawn on the width of a phone.
const phone = { javaScriptEnabled: false, viewport: { width: 390, height: 800 } };

/** The mock-ups whose page is made: the name of the drawing, and the address of the page. */
const made = [
  ["accueil", () => "/"],
  ["station", (id) => `/stations/${id}?cherche=velo&heure=18`],
  ["trajet", (id, other) => `/trajet?depart=${id}&arrivee=${other}&heure=18:10`],
  ["comparaison", (id, other) => `/comparer?premiere=${id}&seconde=${other}`],
];

await mkdir(out, { recursive: true });
await withBrowser(async (open) => {
  const [id, other] = await stations();
  for (const [name, path] of made) {
    const page = await screenshot(open, address + path(id, other));
    await beside(open, name, page);
    console.log(`written: ${join(out, `${name}.png`)}`);
  }
});

async function stations() {
  const text = await (await fetch(address)).text();
  const ids = [...text.matchAll(/href="\/stations\/([^"?]+)"/gu)].map(([, id]) => id);
  assert.ok(ids.length > 1, "fewer than two stations on the home page");
  return ids;
}

async function screenshot(open, url) {
  let taken;
  await open(phone, async (page) => {
    const answer = await page.goto(url);
    assert.equal(answer.status(), 200, url);
    taken = await page.screenshot({ fullPage: true });
  });
  return taken;
}

async function beside(open, name, page) {
  const drawing = await readFile(join(root, "docs/maquettes", `${name}.svg`), "utf8");
  const source = (kind, bytes) => `data:${kind};base64,${Buffer.from(bytes).toString("base64")}`;
  await open({ viewport: { width: 840, height: 800 } }, async (sheet) => {
    await sheet.setContent(
      `<body style="display:flex;gap:20px;margin:10px;background:#ddd;align-items:flex-start">
      <img width="400" src="${source("image/svg+xml", drawing)}"><img width="390" src="${source("image/png", page)}">`,
    );
    await sheet.screenshot({ path: join(out, `${name}.png`), fullPage: true });
  });
}
