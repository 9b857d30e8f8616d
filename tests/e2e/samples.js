// Every page, in every state and in each language, as crates/web writes them: its samples are the table of pages.
// Checked here in a real Chromium, without a case: they are the same at every run. See README.md.
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
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
// Windows of one browser, each a process that draws: as many as there are processors.
const WINDOWS = availableParallelism();

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

/** What a browser is shown now: the sample, and its complaints about it. */
class Screen {
  #html = "";
  complaints = [];

  constructor(page) {
    this.page = page;
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
  }

  /** Serves samples as the application would. */
  async serve() {
    await this.page.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === STYLE) return route.fulfill({ contentType: "text/css", body: style });
      if (pathname === ICON) return route.fulfill({ contentType: "image/svg+xml", body: icon });
      if (pathname !== "/") return route.abort();
      const headers = { "content-security-policy": policy };
      return route.fulfill({ contentType: "text/html; charset=utf-8", headers, body: this.#html });
    });
  }

  async show(html) {
    this.#html = html;
    this.complaints = [];
    await this.page.emulateMedia(views[0][1]);
    await this.page.goto("http://velorive.test/");
  }
}

const views = [
  ["light", { colorScheme: "light", forcedColors: "none" }],
  ["dark", { colorScheme: "dark", forcedColors: "none" }],
  ["forced colours", { colorScheme: "light", forcedColors: "active" }],
];

/** The checks of one page: a name, and a function that throws. None changes the page for the next one. */
const checks = [
  ["its policy is kept", (_, { complaints }) => assert.deepEqual(complaints, [])],
  ["it is light", (_, { html }) => assert.ok(html.length < HEAVIEST, `${html.length} bytes`)],
  ["EcoIndex A", sober],
  ...views.map(([view, media]) => [`axe, ${view}`, (page) => noViolation(page, media)]),
  ...rules.map(({ criterion, check }) => [
    `RGAA ${criterion}`,
    async (page, { facts }) => assert.deepEqual(await check(page, facts), []),
  ]),
  // The last one: what the reader leaves in the page is nobody's concern.
  ["screen reader", readAloud],
].filter(([check]) => check.includes(oneCheck));

async function noViolation(page, media) {
  await page.emulateMedia(media);
  const violations = await audit(page);
  await page.emulateMedia(views[0][1]);
  assert.equal(violations.length, 0, violations.join("\n"));
}

const scores = [];

async function sober(page, { html, name }) {
  // Those inside a drawing are not counted: so the formula says.
  const elements = await page.locator("*:not(svg *)").count();
  const kilobytes = (Buffer.byteLength(html) + Buffer.byteLength(style) + Buffer.byteLength(icon)) / 1000;
  const { score, grade } = ecoindex({ elements, requests: 3, kilobytes });
  scores.push([name, elements, kilobytes, score, grade]);
  assert.equal(grade, "A", `${elements} elements, ${kilobytes.toFixed(1)} kB: ${score.toFixed(1)}`);
}

async function readAloud(page, { name }) {
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

/** Looks at the next page until there is none left, in a window of its own. */
async function look(open, waiting) {
  await open({ viewport: { width: 1280, height: 720 } }, async (page) => {
    const screen = new Screen(page);
    await screen.serve();

    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, html] = next;
      const began = performance.now();
      await attempt(`${name}: it opens`, () => screen.show(html));
      const sample = { name, html, complaints: screen.complaints, facts: {} };
      for (const [check, work] of checks) await attempt(`${name}: ${check}`, () => work(page, sample));
      console.log(`ok      ${name} was looked at, ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
  });
}

/** Each rule finds the defect that is planted for it on one of these pages at least. */
async function plantDefects(open) {
  const planted = pages.filter(([name]) => /fr_(home|station|trip_errors)$/u.test(name));
  await open({ viewport: { width: 1280, height: 720 } }, async (page) => {
    const screen = new Screen(page);
    await screen.serve();
    for (const { criterion, check, plant } of rules) {
      await attempt(`RGAA ${criterion} finds the defect that is planted for it`, async () => {
        let found = 0;
        for (const [, html] of planted) {
          await screen.show(html);
          await plant(page);
          found += (await check(page, {})).length;
        }
        assert.ok(found > 0, "it found nothing");
      });
    }
  });
}

await mkdir(transcripts, { recursive: true });
const began = performance.now();
await withBrowser(async (open) => {
  const waiting = [...pages];
  const windows = Array.from({ length: WINDOWS }, () => look(open, waiting));
  await Promise.all(windows);
  if (!only && "planted".includes(oneCheck)) await plantDefects(open);
});

if ("Nu".includes(oneCheck)) {
  await attempt("RGAA 8.2: Nu finds nothing on any page", async () => assert.deepEqual(await invalid(pages), []));
  await attempt("RGAA 8.2: Nu finds the defect that is planted for it", async () => {
    const broken = pages.slice(0, 1).map(([name, html]) => [name, html.replace("</main>", "<p><ul></p></main>")]);
    assert.ok((await invalid(broken)).length > 0, "it found nothing");
  });
}
if (!only && scores.length === pages.length) await attempt("docs/ecoindex.md tells these scores", tellScores);

console.log(`${pages.length} pages in ${((performance.now() - began) / 1000).toFixed(0)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
