// Opens the pages in a real Chromium and checks what only a browser can tell. See README.md.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { need } from "./prerequisites.js";

const { checks } = await import("./checks.js");
const { withBrowser } = await import("./browser.js");

const address = (process.env.BASE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const screenshots = process.env.SCREENSHOTS ?? "screenshots";
const answers = await fetch(address).then(() => true, () => false);
need(answers, address, "cargo run -- up");

await mkdir(screenshots, { recursive: true });
let passed = 0;
let failed = 0;
await withBrowser(async (open) => {
  for (const [name, check] of checks) {
    const site = {
      address,
      open,
      picture: (page, file) => page.screenshot({ path: join(screenshots, `${file}.png`), fullPage: true }),
    };
    try {
      await check(site);
      passed += 1;
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}\n${error.stack ?? error}`);
    }
  }
});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
