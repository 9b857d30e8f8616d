// A simulated screen reader, in the page that it reads.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const bundle = fileURLToPath(import.meta.resolve("@guidepup/virtual-screen-reader/browser.js"));
// A module becomes a script: it is evaluated from outside the page, so the policy of the page stays in force.
const module = await readFile(bundle, "utf8");
const [exported, local] = module.match(/export\{[^}]*?([\w$]+) as virtual\b[^}]*\}/u);
// A module becomes a script: it is evaluated from outside the page, so the policy of the page stays in force.
const source = module.replace(exported, `globalThis.reader = ${local}`);

/** All that a screen reader says of a page, from its first line to its last. */
export async function transcript(page) {
  await page.evaluate(`(() => {${source}\n})()`);
  return page.evaluate(async () => {
    const { reader } = globalThis;
    await reader.start({ container: document.body });
    const first = await reader.lastSpokenPhrase();
    const said = [first];
    // A page that never ends is a fault: no page of ours says as much.
    for (let count = 0; count < 5000; count += 1) {
      await reader.next();
      const phrase = await reader.lastSpokenPhrase();
      if (phrase === "end of document" || phrase === first) break;
      said.push(phrase);
    }
    await reader.stop();
    return said;
  });
}
