import assert from "node:assert/strict";

import { audit } from "./audit.js";
import { ecoindex } from "./ecoindex.js";

const withoutScript = { javaScriptEnabled: false };
const pages = [
  ["accueil", (site) => site.address],
  ["recherche", (site) => `${site.address}/?recherche=a`],
  ["recherche sans résultat", (site) => `${site.address}/?recherche=zzzzzz`],
  ["station", firstStation],
  ["trajet", (site) => `${site.address}/trajet`],
  ["trajet, erreurs", (site) => `${site.address}/trajet?depart=zzz&arrivee=&heure=midi`],
  ["comparaison", (site) => `${site.address}/comparer`],
  ["plan du site", (site) => `${site.address}/plan`],
  ["surveillance", (site) => `${site.address}/monitoring`],
  ["accessibilité", (site) => `${site.address}/accessibilite`],
  ["page introuvable", (site) => `${site.address}/rien`],
  ["home in English", (site) => `${site.address}/en`],
  ["station in English", firstStationInEnglish],
  ["monitoring in English", (site) => `${site.address}/en/monitoring`],
  ["accessibility in English", (site) => `${site.address}/en/accessibilite`],
];

/** Every check: its name, and a function that throws when the page is not as it should be. */
export const checks = [
  ["home lists stations, a search finds one, its page opens, all without JavaScript", visitWithoutScript],
  ["the forecast of a station is drawn, told and tabulated", forecastIsComplete],
  ["a link leads to the same page in the other language, and the language stays", changeLanguage],
  ["the monitoring refreshes by itself for who asks, and stops when told, without JavaScript", refreshMonitoring],
  ["a rider with a keyboard reaches the content, the search and the first station", tabThrough],
  ["pages ask for nothing outside the site, log no error and break no policy", stayAtHome],
  ["pages are light", weigh],
  ["the list and the page of a station have an EcoIndex of A", beSober],
  ["a trip is planned from a station by keyboard alone, without JavaScript", planTrip],
  ...pages.map(([name, address]) => [`axe finds nothing on: ${name}`, (site) => auditPage(site, address, {})]),
  ["axe finds nothing in the dark", (site) => auditPage(site, firstStation, { colorScheme: "dark" })],
  ["pages reflow at 320 pixels, which is 1280 at 400 %", reflow],
];

async function visitWithoutScript(site) {
  await site.open(withoutScript, async (page) => {
    await page.goto(site.address);
    await site.picture(page, "home");
    assert.ok((await page.locator("tbody tr").count()) > 0, "no station on the home page");
    const name = (await page.locator("tbody th a").first().innerText()).trim();

    await page.getByLabel("Nom de la station ou du quartier").fill(name);
    await page.getByRole("button", { name: "Rechercher" }).click();
    assert.ok((await page.title()).includes(name), "the title does not tell the search");
    assert.match(await page.locator("#resultats").innerText(), /^\d+\sstations? pour/u);

    await page.locator("tbody th a", { hasText: name }).first().click();
    assert.equal((await page.locator("h1").innerText()).trim(), name);
    assert.match(await page.locator(".figures").innerText(), /Vélos à prendre/u);
  });
}

async function forecastIsComplete(site) {
  await site.open(withoutScript, async (page) => {
    await page.goto(await firstStation(site));
    await site.picture(page, "station");
    const hours = await page.locator("table.hours tbody tr").count();
    assert.ok(hours >= 1 && hours <= 24, `${hours} hours in the table`);
    assert.match(await page.locator(".answer").innerText(), /chances? sur\s10 de trouver un vélo/u);
    assert.equal(await page.locator("svg[role=img] circle").count(), hours, "as many points as lines");
    assert.match(await page.locator(".summary").innerText(), /un vélo est le moins sûr|À toute heure/u);
    assert.match(await page.locator("#origine ~ p").first().innerText(), /par le modèle \S+/u);
  });
}

async function changeLanguage(site) {
  await site.open(withoutScript, async (page) => {
    await page.goto(await firstStation(site));
    const name = await page.locator("h1").innerText();
    await page.getByRole("link", { name: "English" }).click();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal(await page.locator("h1").innerText(), name, "the same station");

    await page.getByRole("link", { name: "Monitoring" }).click();
    assert.equal(await page.locator("h1").innerText(), "Model monitoring");
    await page.getByRole("link", { name: "Français" }).click();
    assert.equal(await page.locator("h1").innerText(), "Surveillance du modèle");
  });
}

async function refreshMonitoring(site) {
  await site.open(withoutScript, async (page) => {
    await page.goto(`${site.address}/monitoring`);
    await site.picture(page, "monitoring");
    await page.getByRole("link", { name: "actualiser toutes les minutes" }).click();
    const stop = page.getByRole("link", { name: "arrêter l’actualisation" });
    assert.match(await stop.innerText(), /arrêter/u);

    // A minute is long to watch: the address may ask for the shortest pace, ten seconds.
    await page.goto(`${site.address}/monitoring?actualiser=10`);
    const first = await page.locator(".refreshing time").getAttribute("datetime");
    await page.waitForEvent("load");
    const second = await page.locator(".refreshing time").getAttribute("datetime");
    assert.ok(second > first, `${first}, then ${second}: the page was not read again`);

    await stop.click();
    assert.equal(new URL(page.url()).search, "", "the page that stops asks for no pace");
  });
}

async function tabThrough(site) {
  await site.open({}, async (page) => {
    await page.goto(site.address);
    const reached = [];
    for (let presses = 0; presses < 16; presses += 1) {
      await page.keyboard.press("Tab");
      const focus = page.locator(":focus");
      const outlined = await focus.evaluate((element) => getComputedStyle(element).outlineStyle !== "none");
      assert.ok(outlined, "the focus cannot be seen");
      reached.push(await focus.evaluate((element) => element.id || element.textContent.trim()));
    }
    const first = (await page.locator("tbody th a").first().innerText()).trim();
    assert.equal(reached[0], "Aller au contenu");
    for (const target of ["recherche", "Rechercher", first]) {
      assert.ok(reached.includes(target), `${target} is not among ${reached.join(" | ")}`);
    }

    await page.goto(site.address);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await page.locator(":focus").getAttribute("id"), "recherche", "the skip link leads to the content");
  });
}

async function stayAtHome(site) {
  const complaints = [];
  await site.open({}, async (page) => {
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(`${site.address}/`)) complaints.push(request.url());
    });
    for (const address of [site.address, await firstStation(site)]) await page.goto(address);
  });
  assert.deepEqual(complaints, []);
}

async function weigh(site) {
  for (const address of [site.address, await firstStation(site)]) {
    const answer = await fetch(address);
    const size = (await answer.arrayBuffer()).byteLength;
    assert.ok(size < 30_000, `${address} weighs ${size} bytes`);
  }
}

async function beSober(site) {
  await site.open({}, async (page) => {
    for (const address of [site.address, await firstStation(site)]) {
      let [requests, bytes] = [0, 0];
      page.on("response", async (response) => {
        requests += 1;
        bytes += (await response.body().catch(() => "")).length;
      });
      await page.goto(address, { waitUntil: "networkidle" });
      const elements = await page.locator("*:not(svg *)").count();
      const { score, grade } = ecoindex({ elements, requests, kilobytes: bytes / 1000 });
      assert.equal(grade, "A", `${address}: ${elements} elements, ${requests} requests, ${score.toFixed(1)}`);
      page.removeAllListeners("response");
    }
  });
}

async function planTrip(site) {
  await site.open(withoutScript, async (page) => {
    await page.goto(site.address);
    const names = await page.locator("tbody th a").allInnerTexts();
    await page.goto(await firstStation(site));
    await page.getByRole("link", { name: /Préparer un trajet au départ de/u }).press("Enter");
    assert.equal(await page.getByLabel(/Station de départ/u).inputValue(), names[0], "the station is kept");

    await page.getByLabel(/Station d’arrivée/u).pressSequentially(names[5]);
    await page.getByLabel(/Heure de départ/u).fill("18:10");
    await page.getByRole("button", { name: "Voir mes chances" }).press("Enter");
    assert.match(await page.locator("h2").first().innerText(), /^Partir à 18\sh\s10 de/u);
    assert.match(await page.locator(".answer").innerText(), /chances? sur\s10|La prévision s’arrête/u);
  });
}

async function auditPage(site, address, options) {
  await site.open(options, async (page) => {
    await page.goto(await address(site));
    if (options.colorScheme === "dark") await site.picture(page, "station-dark");
    const violations = await audit(page);
    assert.equal(violations.length, 0, violations.join("\n"));
  });
}

async function reflow(site) {
  await site.open({ viewport: { width: 320, height: 640 } }, async (page) => {
    for (const [name, address] of [["home", () => site.address], ["station", firstStation]]) {
      await page.goto(await address(site));
      await site.picture(page, `${name}-narrow`);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 320, `${name} is ${width} pixels wide`);
    }
  });
}

async function firstStation(site) {
  const text = await (await fetch(site.address)).text();
  const [, path] = text.match(/href="(\/stations\/[^"]+)"/u) ?? [];
  assert.ok(path, "no station on the home page");
  return site.address + path;
}

async function firstStationInEnglish(site) {
  return (await firstStation(site)).replace("/stations/", "/en/stations/");
}
