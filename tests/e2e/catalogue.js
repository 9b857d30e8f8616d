// The texts of the application, read where it keeps them: a journey finds a button by what it says, in any language.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const locales = fileURLToPath(new URL("../../crates/web/locales/", import.meta.url));

/** The texts of a language: a function from a key to its text, in which `{ $name }` is what `variables` says. */
export function catalogue(language) {
  const files = readdirSync(locales + language);
  const lines = files.flatMap((file) => readFileSync(`${locales}${language}/${file}`, "utf8").split("\n"));
  const entries = lines.map((line) => line.match(/^([a-z-]+) = (.+)$/u)).filter(Boolean);
  const texts = new Map(entries.map(([, key, text]) => [key, text]));

  return (key, variables = {}) => {
    const text = texts.get(key);
    assert.ok(text, `no text ${key} in ${language}`);
    return text.replace(/\{ \$(\w+) \}/gu, (_, name) => variables[name]);
  };
}
