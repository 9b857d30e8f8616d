// Every page, in every state and in each language, as crates/web writes them: its samples are the table of pages.
// Checked here in a real Chromium, without a case: they are the same at every run. See README.md.
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import "./prerequisites.js";

const { audit } = await import("./audit.js");
const { withBrowser } = await import("./browser.js");
const { ecoindex } = await import("./ecoindex.js");
const { invalid } = await import("./html.js");
const { rules } = await import("./rgaa.js");
const { transcript } = await import("./reader.js");

const root = fileURLToPath(new URL("../../", import.meta.url));
const web = `${root}crates/web/`;
const transcripts = `${root}tests/e2e/transcripts/`;
const update = process.env.UPDATE === "1";
// Names of pages and of checks that hold these texts alone; all of them otherwise.
const only = process.argv[2];
const oneCheck = process.env.CHECK ?? "";

const STYLE = "/assets/style.css";
const ICON = "/assets/icon.svg";
const HEAVIEST = 30_000;

const style = await readFile(`${web}assets/style.css`, "utf8");
const icon = await readFile(`${web}assets/icon.svg`, "utf8");
const policy = await contentSecurityPolicy();
const pages = await samples();

/** The pages: their name and their text. */
async function samples() {
  const folder = `${web}src/page/snapshots/`;
  const files = (await readdir(folder)).filter((name) => name.endsWith(".snap")).sort();
  const all = files.map(async (file) => {
    const text = await readFile(folder + file, "utf8");
    const name = file.replace(/^.*__tests__/u, "").replace(/\.snap$/u, "");
    // The head of the snapshot ends with its second line of dashes.
    const html = text.split(/^---\n/mu).slice(2).join("---\n");
    return [name, html.replaceAll("[style]", STYLE).replaceAll("[icon]", ICON)];
  });
  return (await Promise.all(all)).filter(([name]) => !only || name.includes(only));
}

/** The policy of the application, read where it is written. */
async function contentSecurityPolicy() {
  const source = await readFile(`${web}src/security.rs`, "utf8");
  const [, value] = source.match(/"(default-src[^"]*)"/u) ?? [];
  assert.ok(value, "no policy in security.rs");
  return value.replaceAll("\\\n", "").replace(/\s+/gu, " ");
}

/** Serves a sample as the application would; gives the complaints of the browser. */
async function serve(page, html) {
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await page.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === STYLE) return route.fulfill({ contentType: "text/css", body: style });
    if (pathname === ICON) return route.fulfill({ contentType: "image/svg+xml", body: icon });
    if (pathname !== "/") return route.abort();
    const headers = { "content-security-policy": policy };
    return route.fulfill({ contentType: "text/html; charset=utf-8", headers, body: html });
  });
  return complaints;
}

/** Opens the page anew: one check must not see another one's changes. */
async function show(page, { viewport = { width: 1280, height: 720 }, ...media } = {}) {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none", ...media });
  await page.goto("http://velorive.test/");
}

const views = [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["forced colours", { forcedColors: "active" }],
];

/** The checks of one page: a name, the view, and a function that throws. */
const checks = [
  ...views.map(([view, options]) => [`axe, ${view}`, options, noViolation]),
  ["its policy is kept", {}, (page, _, complaints) => assert.deepEqual(complaints, [])],
  ["it is light", {}, (_, html) => assert.ok(html.length < HEAVIEST, `${html.length} bytes`)],
  ["EcoIndex A", {}, sober],
  ["screen reader", {}, readAloud],
];

async function noViolation(page) {
  const violations = await audit(page);
  assert.equal(violations.length, 0, violations.join("\n"));
}

const scores = [];

async function sober(page, html, _, name) {
  // Those inside a drawing are not counted: so the formula says.
  const elements = await page.locator("*:not(svg *)").count();
  const kilobytes = (Buffer.byteLength(html) + Buffer.byteLength(style) + Buffer.byteLength(icon)) / 1000;
  const { score, grade } = ecoindex({ elements, requests: 3, kilobytes });
  scores.push([name, elements, kilobytes, score, grade]);
  assert.equal(grade, "A", `${elements} elements, ${kilobytes.toFixed(1)} kB: ${score.toFixed(1)}`);
}

async function readAloud(page, _html, _complaints, name) {
  const said = `${(await transcript(page)).join("\n")}\n`;
  const path = `${transcripts}${name}.txt`;
  if (update) return writeFile(path, said);
  const expected = await readFile(path, "utf8").catch(() => "");
  assert.equal(said, expected, `another transcript than ${path}: UPDATE=1 npm run samples, then read the difference`);
}

/** The table of docs/ecoindex.md, from the lowest score up. */
async function tellScores() {
  const path = `${root}docs/ecoindex.md`;
  const document = await readFile(path, "utf8");
  const number = (value) => value.toFixed(1).replace(".", ",");
  scores.sort(([one, , , score], [other, , , than]) => score - than || one.localeCompare(other));
  const lines = scores.map(
    ([name, elements, kilobytes, score, grade]) =>
      `| ${name.replaceAll("_", " ")} | ${elements} | 3 | ${number(kilobytes)} | ${number(score)} | ${grade} |\n`,
  );
  const head = "| Page | Éléments | Requêtes | ko | EcoIndex | Note |\n| --- | --- | --- | --- | --- | --- |\n";
  const table = `<!-- pages -->\n\n${head}${lines.join("")}\n<!-- /pages -->`;
  const told = document.replace(/<!-- pages -->[^]*<!-- \/pages -->/u, table);
  if (update) return writeFile(path, told);
  assert.equal(document, told, "UPDATE=1 CHECK=EcoIndex npm run samples, then read the difference");
}

let passed = 0;
let failed = 0;

function report(name, error) {
  if (error) failed += 1;
  else passed += 1;
  if (error) console.log(`FAILED  ${name}\n${error.stack ?? error}`);
  else if (!name.includes(": ")) console.log(`ok      ${name}`);
}

async function attempt(name, work) {
  try {
    await work();
    report(name);
  } catch (error) {
    report(name, error);
  }
}

await mkdir(transcripts, { recursive: true });
await withBrowser(async (open) => {
  for (const [name, html] of pages) {
    await open({}, async (page) => {
      const complaints = await serve(page, html);
      for (const [check, options, work] of checks.filter(([check]) => check.includes(oneCheck))) {
        await attempt(`${name}: ${check}`, async () => {
          await show(page, options);
          await work(page, html, complaints, name);
        });
      }
      for (const { criterion, check, options } of oneCheck ? [] : rules) {
        await attempt(`${name}: RGAA ${criterion}`, async () => {
          await show(page, options);
          assert.deepEqual(await check(page), []);
        });
      }
    });
    console.log(`ok      ${name} was looked at`);
  }

  for (const { criterion, check, plant, options } of only || !"planted".includes(oneCheck) ? [] : rules) {
    await attempt(`RGAA ${criterion} finds the defect that is planted for it`, async () => {
      let found = 0;
      for (const [, html] of pages.filter(([name]) => /fr_(home|station|trip_errors)$/u.test(name))) {
        await open({}, async (page) => {
          await serve(page, html);
          await show(page, options);
          await plant(page);
          found += (await check(page)).length;
        });
      }
      assert.ok(found > 0, "it found nothing");
    });
  }
});

if ("Nu".includes(oneCheck)) {
  await attempt("RGAA 8.2: Nu finds nothing on any page", async () => assert.deepEqual(await invalid(pages), []));
  await attempt("RGAA 8.2: Nu finds the defect that is planted for it", async () => {
    const broken = pages.slice(0, 1).map(([name, html]) => [name, html.replace("</main>", "<p><ul></p></main>")]);
    assert.ok((await invalid(broken)).length > 0, "it found nothing");
  });
}
if (!only && scores.length === pages.length) await attempt("docs/ecoindex.md tells these scores", tellScores);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
