// What the checks need. Without it they are not played: one line says so, and the command ends with 77.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const packages = fileURLToPath(new URL("node_modules/playwright-core", import.meta.url));

/** Ends the command when something is not there; `remedy` brings it. */
export function need(isThere, what, remedy) {
  if (isThere) return;
  console.error(`not played: ${what}; ${remedy}`);
  process.exit(77);
}

need(existsSync(chromium), chromium, "apt-get install chromium");
need(existsSync(packages), "playwright-core", "npm ci --prefix tests/e2e");
