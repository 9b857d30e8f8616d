import { chromium } from "playwright-core";

import { chromium as executablePath } from "./prerequisites.js";

// Those after `--disable-gpu` keep the browser to the pages it is shown: nothing is fetched from elsewhere.
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Runs `work` with a function that opens a page in a context of its own; closes everything afterwards. */
export async function withBrowser(work) {
  const browser = await chromium.launch({
    executablePath,
    args: flags,
  });
  try {
    await work(async (options, use) => {
      const context = await browser.newContext({ locale: "fr-FR", ...options });
      // A build beside it can slow the machine tenfold.
      context.setDefaultTimeout(60_000);
      try {
        await use(await context.newPage());
      } finally {
        await context.close();
      }
    });
  } finally {
    await browser.close();
  }
}
