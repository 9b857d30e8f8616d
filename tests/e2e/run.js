// Opens the pages in a real Chromium and checks what only a browser can tell. See README.md.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { need } from "./prerequisites.js";

const { badDays } = await import("./bad-days.js");
const { checks } = await import("./checks.js");
const { journeys } = await import("./journeys.js");
const { withBrowser } = await import("./browser.js");

const address = (process.env.BASE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const screenshots = process.env.SCREENSHOTS ?? "screenshots";
// Names of checks that hold this text alone; all of them otherwise.
const only = process.argv[2] ?? "";
const answers = await fetch(address).then(() => true, () => false);
need(answers, address, "cargo run -- up");

await mkdir(screenshots, { recursive: true });
let passed = 0;
let failed = 0;
const began = performance.now();

async function play(open, [name, check]) {
  const site = {
    address,
    open,
    picture: (page, file) => page.screenshot({ path: join(screenshots, `${file}.png`), fullPage: true }),
  };
  const after = () => `${((performance.now() - began) / 1000).toFixed(0)} s`;
  try {
    await check(site);
    passed += 1;
    console.log(`ok      ${name} (${after()})`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name} (${after()})\n${error.stack ?? error}`);
  }
}

/** Waits until the case tells chances: right after a start, the model API still gets ready. */
async function ready() {
  for (let tries = 0; tries < 120; tries += 1) {
    const [, path] = (await (await fetch(address)).text()).match(/href="(\/stations\/[^"]+)"/u) ?? [];
    if ((await (await fetch(address + path)).text()).includes('class="answer"')) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

await ready();
await withBrowser(async (open) => {
  // A bad day is mostly waiting: the other checks go on meanwhile.
  const lanes = [badDays, journeys, checks].map(async (lane) => {
    for (const check of lane.filter(([name]) => name.includes(only))) await play(open, check);
  });
  await Promise.all(lanes);
});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
