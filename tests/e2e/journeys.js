// What four people come for, from the first page to the last: with JavaScript, without, by keyboard alone, in each
// language. Addresses are never typed, but the first one.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import { catalogue } from "./catalogue.js";
import { Hand } from "./hand.js";
import { PASSWORD, account, code } from "./people.js";

const ways = [
  ["with JavaScript", {}],
  ["without JavaScript", { javaScriptEnabled: false }],
  ["by keyboard alone", { byKeyboard: true }],
];
const languages = ["fr", "en"];

/** Every journey: its name, and a function that throws when somebody cannot go on. */
export const journeys = languages.flatMap((language) =>
  ways.map(([way, options]) => [
    `a rider, an operator, a person and the officer go all their way ${way} (${language})`,
    (site) => travel(site, language, options),
  ]),
);

/** The four journeys, one after the other: each leaves something for the next to find. */
export async function travel(site, language, { byKeyboard = false, ...context } = {}) {
  const name = `${language}-${Object.keys({ byKeyboard, ...context }).length}-${byKeyboard}-${process.hrtime.bigint()}`;
  const visit = (journey, ...rest) =>
    site.open(context, async (page) => {
      await page.goto(`${site.address}/${language}`);
      return journey({ page, hand: new Hand(page, byKeyboard), t: catalogue(language) }, ...rest);
    });

  let report;
  await visit(async (visitor) => (report = await rider(visitor, site)));
  await visit(operator, await account(`exploitation-${name}`, "operator"), report);
  await visit(person, `cycliste-${name}@exemple.fr`);
  await visit(officer, await account(`dpo-${name}`, "officer"));
}

/** Looks for a station, a bike, a dock, a trip; reports a problem. Gives the number of the report. */
export async function rider({ page, hand, t }, { hasModel = true } = {}) {
  const stations = page.locator("tbody th a");
  const [name, other] = [await stations.nth(0).innerText(), await stations.nth(5).innerText()];
  await hand.write(page.getByLabel(t("home-search-label")), name);
  await hand.follow(button(page, t("home-search-button")));
  await hand.follow(page.locator("tbody").getByRole("link", { name, exact: true }).first());
  await heading(page, name);

  if (hasModel) {
    const radio = (key) => page.getByRole("radio", { name: t(key), exact: true });
    await hand.takeOther(radio("chances-a-bike"), radio("chances-a-dock"));
    await hand.follow(button(page, t("chances-show")));
    const dock = t("chances-answer-dock", { at: ".*", dock: ".*", bike: ".*" });
    assert.match(await page.locator(".answer").innerText(), pattern(dock));
  } else {
    await page.getByText(t("station-no-forecast-title")).waitFor();
    await page.getByRole("heading", { name: t("usual-heading") }).waitFor();
    await shows(page, "table.hours tbody tr", "no usual week");
  }

  await hand.follow(page.getByRole("link", { name: t("station-compare", { name }) }));
  await hand.write(page.getByLabel(t("comparison-second")), other);
  await hand.follow(button(page, t("comparison-show")));
  if (hasModel) await page.getByRole("heading", { name: t("comparison-outcome", { first: name, second: other }) }).waitFor();
  else await page.getByText(t("comparison-no-chances")).waitFor();

  await hand.follow(menu(page, t("menu-trip")));
  await hand.write(page.getByLabel(t("trip-origin")), name);
  await hand.write(page.getByLabel(t("trip-destination")), other);
  await writeTime(hand, page.getByLabel(t("trip-time")));
  await hand.follow(button(page, t("trip-show")));
  const answer = await page.locator(".answer").innerText();
  assert.equal(answer === t("trip-no-chances"), !hasModel, answer);

  await hand.follow(menu(page, t("menu-stations")));
  await hand.follow(page.locator("tbody").getByRole("link", { name, exact: true }).first());
  await hand.follow(page.getByRole("link", { name: t("station-report-problem", { name }) }));
  const station = page.getByLabel(t("report-station"));
  assert.equal(await station.inputValue(), name, "the station is written already");
  await hand.write(page.getByLabel(t("report-body")), "La borne du fond est éteinte.");
  await hand.follow(button(page, t("report-button")));
  const [number] = (await page.getByRole("status").innerText()).match(/[0-9a-f]{16}/u);
  return number;
}

/** Reads the plan of the night, sorts and closes the report of a rider, looks at the data and at the services. */
export async function operator({ page, hand, t }, email, report) {
  await logIn({ page, hand, t }, email);
  await heading(page, t("operations-title"));
  await hand.write(page.getByLabel(t("operations-truck")), "12");
  await hand.follow(button(page, t("operations-truck-button")));
  await page.getByRole("heading", { name: t("operations-plan") }).waitFor();
  const why = page.getByRole("link", { name: t("operations-why-link") });
  if ((await why.count()) > 0) {
    await hand.follow(why.first());
    await shows(page, "#pourquoi ~ table tbody tr", "no reason");
  }

  await hand.follow(page.getByRole("link", { name: t("reports-title"), exact: true }));
  await hand.follow(button(page, `${t("reports-sort-button")} ${report}`));
  const about = page.locator(".lines > li", { has: page.locator(`form[action$="${report}/fin"]`) });
  const confirmed = t("reports-sorted-by-person", { category: ".*", urgency: ".*" });
  assert.match(await about.innerText(), pattern(confirmed));
  await hand.follow(button(page, `${t("reports-close-button")} ${report}`));
  assert.equal(await about.count(), 0, "a report that is closed is gone");

  await hand.follow(page.getByRole("link", { name: t("quality-title"), exact: true }));
  await shows(page, "table tbody tr", "no source");
  await hand.follow(page.getByRole("link", { name: t("state-title"), exact: true }));
  await heading(page, t("state-title"));
  await logOut({ page, hand, t });
}

/** Opens an account and uses every right of a person over it, up to its erasure. */
export async function person({ page, hand, t }, email) {
  await hand.follow(menu(page, t("menu-log-in")));
  await hand.follow(page.getByRole("link", { name: t("log-in-sign-up") }));
  await hand.write(page.getByLabel(t("field-email")), email);
  await hand.write(page.getByLabel(t("field-password")), PASSWORD);
  await hand.tick(page.getByLabel(t("consent-favourites")));
  await hand.follow(button(page, t("sign-up-button")));
  await notice(page, t("log-in-after-sign-up"));
  await fillLogIn({ page, hand, t }, email);

  // A favourite, and back.
  await hand.follow(menu(page, t("menu-stations")));
  const station = page.locator("tbody th a").first();
  const name = await station.innerText();
  await hand.follow(station);
  await hand.follow(button(page, t("favourite-add")));
  await notice(page, t("account-done-favourite"));
  await page.locator("#favoris ~ ul").getByRole("link", { name, exact: true }).waitFor();

  // A new password and a new address, which keep the session.
  const password = form(page, t("account-password-button"));
  await hand.write(password.getByLabel(t("field-current-password")), PASSWORD);
  await hand.write(password.getByLabel(t("field-new-password")), `${PASSWORD}, encore`);
  await hand.follow(button(password, t("account-password-button")));
  await notice(page, t("account-done-password"));
  const correction = form(page, t("account-correct-button"));
  const other = `autre-${email}`;
  await hand.write(correction.getByLabel(t("field-email")), other);
  await hand.write(correction.getByLabel(t("field-password")), `${PASSWORD}, encore`);
  await hand.follow(button(correction, t("account-correct-button")));
  await notice(page, t("account-done-email"));

  // All that is held, to take away.
  const downloaded = page.waitForEvent("download");
  await hand.press(page.getByRole("link", { name: t("account-copy-link") }));
  const copy = JSON.parse(await readFile(await (await downloaded).path(), "utf8"));
  assert.equal(copy.email, other);
  assert.equal(copy.favourites.length, 1);

  // A consent is withdrawn by one button, and what it allowed is gone.
  const consent = page.locator("form[action$='/compte/consentements/favourites/fin']");
  await hand.follow(button(consent, t("consent-withdraw-button")));
  await notice(page, t("account-done-consent"));
  await page.getByText(t("account-no-favourite")).waitFor();

  await hand.follow(button(page, t("account-request-button")));
  await notice(page, t("account-done-request"));
  assert.match(await page.locator("#demandes ~ table").innerText(), pattern(t("request-waiting")));

  // A second factor, put in service and taken out of it.
  await hand.follow(button(page, t("account-factor-button")));
  const key = await page.locator("#securite ~ p code").innerText();
  await hand.write(page.getByLabel(t("field-code")), code(key));
  await hand.follow(button(page, t("account-factor-code-button")));
  await notice(page, t("account-done-second-factor"));
  const factor = form(page, t("account-factor-remove-button"));
  await hand.write(factor.getByLabel(t("field-password")), `${PASSWORD}, encore`);
  await hand.follow(button(factor, t("account-factor-remove-button")));
  await notice(page, t("account-done-second-factor"));

  const erasure = form(page, t("account-erasure-button"));
  await hand.tick(erasure.getByLabel(t("account-erasure-confirm")));
  await hand.write(erasure.getByLabel(t("field-password")), `${PASSWORD}, encore`);
  await hand.follow(button(erasure, t("account-erasure-button")));
  await notice(page, t("log-in-after-erasure"));
}

/** Answers a request, reads the log of accesses and what to do when data leak. */
export async function officer({ page, hand, t }, email) {
  await logIn({ page, hand, t }, email);
  await heading(page, t("officer-title"));
  const waiting = button(page, t("officer-answered-button"), { exact: false });
  assert.ok((await waiting.count()) > 0, "the request of a person waits");
  // Other officers answer other requests meanwhile: this one is known by its address.
  const address = await page.locator("form", { has: waiting.last() }).last().getAttribute("action");
  await hand.follow(button(page.locator(`form[action="${address}"]`), t("officer-answered-button"), { exact: false }));
  await shows(page, "#registre ~ ul li", "no register");
  assert.equal(await page.locator(`form[action="${address}"]`).count(), 0, "it is answered");

  await hand.follow(page.getByRole("link", { name: t("audit-log-title"), exact: true }));
  await shows(page, "table tbody tr", "no line in the log");
  await hand.follow(page.getByRole("link", { name: t("breach-title"), exact: true }));
  await heading(page, t("breach-title"));
  await logOut({ page, hand, t });
}

/** Waits for what a page has to show; tells what the page says when it does not. */
async function shows(page, selector, missing) {
  const waited = page.locator(selector).first().waitFor({ state: "attached", timeout: 10_000 });
  await waited.catch(async () => assert.fail(`${missing} on ${page.url()}: ${await page.locator("main").innerText()}`));
}

async function logIn({ page, hand, t }, email) {
  await hand.follow(menu(page, t("menu-log-in")));
  await fillLogIn({ page, hand, t }, email);
}

async function fillLogIn({ page, hand, t }, email) {
  await hand.write(page.getByLabel(t("field-email")), email);
  await hand.write(page.getByLabel(t("field-password")), PASSWORD);
  await hand.follow(button(page, t("log-in-button")));
}

async function logOut({ page, hand, t }) {
  await hand.follow(menu(page, t("menu-account")));
  await hand.follow(button(page, t("log-out-button")));
  await notice(page, t("log-in-after-log-out"));
}

/** A time is four digits to a keyboard, and a text to a field without JavaScript. */
async function writeTime(hand, field) {
  if (!hand.byKeyboard) return field.fill("18:10");
  await hand.write(field, "1810");
  // English clocks have a part of the day after their minutes.
  if ((await field.inputValue()) === "") await hand.page.keyboard.type("PM");
}

function button(within, name, { exact = true } = {}) {
  return within.getByRole("button", { name, exact });
}

/** The form of a page whose button says that. */
function form(page, name) {
  return page.locator("form", { has: button(page, name) });
}

function menu(page, name) {
  return page.locator("header nav").getByRole("link", { name, exact: true });
}

async function heading(page, text) {
  assert.equal((await page.locator("h1").innerText()).trim(), text);
}

async function notice(page, text) {
  const told = page.getByRole("status");
  // Another page than the one that is expected says why by its heading.
  if ((await told.count()) === 0) assert.fail(`no notice on ${page.url()}: ${await page.locator("main").innerText()}`);
  assert.equal(await told.innerText(), text);
}

/** A text of the catalogue as a pattern, in which `.*` stands for its variables. */
function pattern(text) {
  const escaped = text.replace(/[+?^${}()|[\]\\]/gu, "\\$&");
  return new RegExp(escaped, "u");
}
