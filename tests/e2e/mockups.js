// Lays a screenshot of each real page beside its mock-up: one picture a page, and a page that tells them. Play it in front
// of a case: tests/e2e/play.sh mockups. With UPDATE=1 it writes those of docs/maquettes/captures again. See README.md.
import assert from "node:assert/strict";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { withBrowser } from "./browser.js";
import { catalogue } from "./catalogue.js";
import { pages } from "./pages.js";
import { PASSWORD, account } from "./people.js";

const address = (process.env.BASE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const root = fileURLToPath(new URL("../../", import.meta.url));
const mockups = join(root, "docs/maquettes");
// A proof that is played again leaves the files of the repository as they are.
const folder = process.env.UPDATE === "1" ? join(mockups, "captures") : join(root, "var/maquettes");
const out = process.env.MOCKUPS ?? folder;
// A mock-up is drawn on the width of a phone.
const width = Number(process.env.WIDTH ?? 390);
const phone = { javaScriptEnabled: false, viewport: { width, height: 800 } };

/** The first screens of a page: a longer picture would be read by nobody. */
const TALLEST = 1600;
const HEAVIEST = 40_000;

const t = catalogue("fr");
const roles = { rider: "une personne connectée", operator: "l’exploitation", officer: "la protection des données" };

await mkdir(out, { recursive: true });
await withBrowser(async (open) => {
  const seen = [];
  const asked = await somethingToShow(open);
  for (const { name, route, role, mockup, path } of pages) {
    await open(phone, async (page) => {
      if (role) await logIn(page, await account(`capture-${name}-${Date.now()}`, role));
      const answer = await page.goto(address + path(asked));
      assert.equal(answer.status(), 200, route);
      const headings = await page.locator("h1, h2").allInnerTexts();
      const picture = await beside(open, mockup, await page.screenshot({ fullPage: true }));
      await writeFile(join(out, `${name}.webp`), picture);
      seen.push({ name, route, role, mockup, headings: headings.map((text) => text.trim()) });
      console.log(`written: ${join(out, `${name}.webp`)}, ${picture.length} bytes`);
    });
  }
  await writeFile(join(out, "README.md"), told(seen));
});

/** Two stations, a report that waits, the request of a person, the link of a forgotten password. */
async function somethingToShow(open) {
  const asked = {};
  await open(phone, async (page) => {
    await page.goto(address);
    const links = await page.locator("tbody th a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    [asked.first, asked.second] = links.map((href) => href.split("/").at(-1));

    await page.goto(`${address}/signaler?station=${asked.first}`);
    await page.getByLabel(t("report-body")).fill("Le frein arrière ne tient plus.");
    await page.getByRole("button", { name: t("report-button") }).click();
    await page.getByRole("status").waitFor();

    const email = await account(`capture-${Date.now()}`, "rider");
    await logIn(page, email);
    await page.getByRole("button", { name: t("account-request-button") }).click();
    await page.getByText(t("account-done-request")).waitFor();

    await page.goto(`${address}/mot-de-passe`);
    await page.getByLabel(t("field-email")).fill(email);
    await page.getByRole("button", { name: t("recovery-button") }).click();
    await page.getByText(t("recovery-sent")).waitFor();
    asked.link = await lastLink(email);
  });
  return asked;
}

async function logIn(page, email) {
  await page.goto(`${address}/connexion`);
  await page.getByLabel(t("field-email")).fill(email);
  await page.getByLabel(t("field-password")).fill(PASSWORD);
  await page.getByRole("button", { name: t("log-in-button"), exact: true }).click();
  await page.getByRole("link", { name: t("menu-account") }).waitFor();
}

/** The link of the message to that address, which is written once the page has been sent. */
async function lastLink(email) {
  const outbox = join(process.env.FILROUGE_STATE, "outbox");
  for (let tries = 0; tries < 100; tries++) {
    const names = (await readdir(outbox).catch(() => [])).filter((name) => name.endsWith(".eml"));
    const messages = await Promise.all(names.map((name) => readFile(join(outbox, name), "utf8")));
    const link = messages.find((text) => text.includes(email))?.match(/lien=([0-9a-f]+)/u)?.[1];
    if (link) {
      return link;
    }
    await setTimeout(100);
  }
  throw new Error(`no message to ${email}`);
}

/** A picture of the mock-up, where there is one, and of the page. */
async function beside(open, mockup, page) {
  const source = (kind, bytes) => `data:${kind};base64,${Buffer.from(bytes).toString("base64")}`;
  const drawing = mockup && (await readFile(join(mockups, `${mockup}.svg`), "utf8"));
  const drawn = drawing ? `<img width="400" src="${source("image/svg+xml", drawing)}">` : "";
  let picture;
  await open({ viewport: { width: (drawing ? 430 : 20) + width, height: 800 } }, async (sheet) => {
    await sheet.setContent(
      `<body style="display:flex;gap:10px;margin:10px;background:#ddd;align-items:flex-start">
      ${drawn}<img width="${width}" src="${source("image/png", page)}">`,
      { waitUntil: "load" },
    );
    picture = await light(sheet);
  });
  return picture;
}

/** The sheet as WebP, as fine as its weight allows. */
async function light(sheet) {
  const browser = await sheet.context().newCDPSession(sheet);
  const size = await sheet.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
  const clip = { x: 0, y: 0, width: size[0], height: Math.min(size[1], TALLEST) };
  const tries = [0.9, 0.75, 0.6].flatMap((scale) => [60, 35, 15].map((quality) => [scale, quality]));
  for (const [scale, quality] of tries) {
    const options = { format: "webp", quality, clip: { ...clip, scale }, captureBeyondViewport: true };
    const { data } = await browser.send("Page.captureScreenshot", options);
    const bytes = Buffer.from(data, "base64");
    if (bytes.length <= HEAVIEST) return bytes;
  }
  throw new Error(`a picture of ${size} weighs more than ${HEAVIEST} bytes`);
}

/** The page that lists the pictures, each with what it shows in words. */
function told(seen) {
  const introduction = `<!-- Preuve: C17.2 la capture de chaque page réelle, à côté de sa maquette, et son équivalent en texte [commande : tests/e2e/play.sh mockups] -->
# Les pages, à côté de leurs maquettes

Page et images écrites par \`UPDATE=1 tests/e2e/play.sh mockups\` : ne pas les modifier à la main.

Chaque image montre à gauche [la maquette](../README.md), à droite le début de la page réelle, sur la largeur d’un téléphone. Une page qui n’a pas de maquette suit le cadre commun : elle est montrée seule. Sous l’image, les titres de la page, dans l’ordre de lecture.
`;
  const sections = seen.map(({ name, route, role, mockup, headings: [title, ...parts] }) => {
    const image = mockup ? `la maquette « ${mockup} », puis la page réelle` : "la page réelle";
    const contents = parts.length > 0 ? parts.map((part) => `  - ${part}\n`).join("") : "";
    return `
## ${title}

- Adresse : \`${route}\`
- Pour : ${roles[role] ?? "tout le monde"}
- Maquette : ${mockup ? `[${mockup}](../${mockup}.svg)` : "le cadre commun"}

![${title} : ${image} ; les titres qui suivent disent ce que la page contient](${name}.webp)

- ${title}
${contents}`;
  });
  return introduction + sections.join("");
}
