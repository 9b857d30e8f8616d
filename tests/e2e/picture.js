// Takes the picture of the READMEs: the page of a station as it is today.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

import { withBrowser } from "./browser.js";

const address = (process.env.BASE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const path = fileURLToPath(new URL("../../docs/images/station.png", import.meta.url));

await withBrowser((open) =>
  open({ javaScriptEnabled: false, viewport: { width: 1280, height: 720 } }, async (page) => {
    await page.goto(address);
    await page.locator("tbody th a").first().click();
    // The text beside the picture tells of a curve and of a table.
    assert.ok((await page.locator("svg[role=img] circle").count()) > 0, "no curve");
    assert.ok((await page.locator("table.hours tbody tr").count()) > 0, "no table");
    await page.screenshot({ path, fullPage: true });
  }),
);
console.log(`written: ${path}`);
