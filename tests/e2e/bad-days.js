// The same people on bad days: a token that ends in the middle of a page, an API that restarts, a model API that is down
// for a minute. The application is another instance on the state of the case, whose APIs are reached through relays.
import assert from "node:assert/strict";

import { rider, person, travel } from "./journeys.js";
import { application } from "./people.js";
import { catalogue } from "./catalogue.js";
import { Hand } from "./hand.js";
import { Relay } from "./relay.js";

const MINUTE = 60_000;
/** Far from the ports of the case. */
const PORT = 28_180;

/** Every bad day: its name, and a function that throws when somebody cannot go on. */
export const badDays = [
  ["tokens end in the middle of pages, APIs restart, the model API is down for a minute: people go on", goOn],
];

async function goOn(site) {
  const { port } = new URL(site.address);
  const api = (offset) => new Relay(`http://127.0.0.1:${Number(port) + offset}`);
  const [data, model] = [api(1), api(2)];
  await Promise.all([data.open(), model.open()]);
  const { address, stop } = await application(PORT, data.address, model.address);

  try {
    const here = { ...site, address };
    await endTokens(here, [data, model]);
    await restart(here, data);
    await downForAMinute(here, model);
  } finally {
    await stop();
    await Promise.all([data.close(), model.close()]);
  }
}

/** Each token has ended where it is used: every page of every role asks for another one, and shows all it has. */
async function endTokens(site, relays) {
  relays.forEach((relay) => relay.endTokens(true));
  await travel(site, "fr", {});
  relays.forEach((relay) => relay.endTokens(false));
}

/** The data API restarts: the last figures stay, with their age; then they are fresh again. */
async function restart(site, data) {
  const t = catalogue("fr");
  await site.open({}, async (page) => {
    await page.goto(site.address);
    const silence = page.getByText(t("silence-title"));
    await data.close();
    await until(page, async () => (await silence.count()) > 0, "the silence of the data API is told");
    assert.ok((await page.locator("tbody th a").count()) > 0, "the last figures are gone");

    await data.open();
    await until(page, async () => (await silence.count()) === 0, "the figures are fresh again");
  });
}

/** A rider and a person go all their way during the minute; the forecast then comes back by itself. */
async function downForAMinute(site, model) {
  const start = performance.now();
  await model.close();
  const t = catalogue("fr");
  const visit = (options, journey) =>
    site.open(options, async (page) => {
      await page.goto(`${site.address}/fr`);
      await journey({ page, hand: new Hand(page, false), t });
    });
  await visit({}, (visitor) => rider(visitor, { hasModel: false }));
  await visit({ javaScriptEnabled: false }, (visitor) => rider(visitor, { hasModel: false }));
  await visit({}, (visitor) => person(visitor, `panne-${process.hrtime.bigint()}@exemple.fr`));
  const left = MINUTE - (performance.now() - start);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, left)));

  await model.open();
  await visit({}, async ({ page }) => {
    await page.locator("tbody th a").first().click();
    await until(page, async () => (await page.locator(".answer").count()) > 0, "the chances come back");
  });
}

/** Loads a page again until it is as it should be. */
async function until(page, isSo, what) {
  for (let tries = 0; tries < 60; tries += 1) {
    if (await isSo()) return;
    await page.waitForTimeout(1000);
    await page.reload();
  }
  assert.fail(`not so after a minute: ${what}`);
}
