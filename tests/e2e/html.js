// The Nu checker of the W3C, on all the pages in one start of Java.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { need } from "./prerequisites.js";

const jar = createRequire(import.meta.url)("vnu-jar");
const java = await promisify(execFile)("java", ["-version"]).then(() => true, () => false);
need(java, "java", "apt-get install default-jre-headless");

/** The errors of pages, each a name and a text: one line an error. */
export async function invalid(pages) {
  const folder = await mkdtemp(join(tmpdir(), "filrouge-html-"));
  try {
    for (const [name, html] of pages) await writeFile(join(folder, `${name}.html`), html);
    const options = ["-Xss1024k", "-jar", jar, "--exit-zero-always", "--format", "json", "--skip-non-html", folder];
    const { stderr } = await promisify(execFile)("java", options, { maxBuffer: 64 << 20 });
    const { messages } = JSON.parse(stderr);
    const errors = messages.filter(({ type }) => type === "error");
    return errors.map(({ url, lastLine, message }) => `${url.split("/").at(-1)}:${lastLine}: ${message}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}
