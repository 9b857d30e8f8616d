// The people of the journeys: who has a role is given it by the command, on the state of the case.
import { execFile, spawn } from "node:child_process";
import { createHmac } from "node:crypto";

import { need } from "./prerequisites.js";

const program = process.env.FILROUGE_PROGRAM;
const state = process.env.FILROUGE_STATE;
need(program && state, "FILROUGE_PROGRAM and FILROUGE_STATE of the case", "tests/e2e/play.sh");

export const PASSWORD = "la pluie sur le quai";

/** A new account of that role, by its address. */
export async function account(name, role) {
  const email = `${name}@exemple.fr`;
  await new Promise((resolve, reject) => {
    const command = ["account", "create", email, "--role", role, "--password-stdin"];
    const child = execFile(program, command, (error, _, complaint) => (error ? reject(Error(complaint)) : resolve()));
    child.stdin.end(`${PASSWORD}\n`);
  });
  return email;
}

/** Another instance of the application, on the same state, that reads its APIs at these addresses. */
export async function application(port, dataApi, modelApi) {
  const options = ["--port-base", String(port), "--data-api-url", dataApi, "--model-api-url", modelApi];
  const child = spawn(program, ["serve", "web", ...options], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const address = `http://127.0.0.1:${port}`;

  for (let tries = 0; tries < 300; tries += 1) {
    if (await fetch(address).then(({ ok }) => ok, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const stop = async () => {
    child.kill("SIGINT");
    await ended;
  };
  return { address, stop };
}

/** The code of an authenticator, that many steps of 30 seconds ahead (RFC 6238). */
export function code(key, ahead = 0) {
  const bits = [...key].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  const bytes = bits.join("").match(/.{8}/gu).map((byte) => parseInt(byte, 2));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));

  const tag = createHmac("sha1", Buffer.from(bytes)).update(step).digest();
  const word = tag.readUInt32BE(tag[19] & 0xf) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, "0");
}
