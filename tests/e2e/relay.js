// Stands between the application and one of its APIs, and does to it what a bad day does.
import { createServer, request } from "node:http";

export class Relay {
  #server;
  #port = 0;
  #endsTokens = false;
  #refused = new Set();

  /** A relay to the API at `target`. */
  constructor(target) {
    this.target = new URL(target);
  }

  get address() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Opens the door, always the same one. */
  async open() {
    this.#server = createServer((asked, answer) => this.#forward(asked, answer));
    await new Promise((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = this.#server.address().port;
  }

  /** Closes it, and cuts what was under way: as a process that is killed. */
  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** From now on, a question is first asked with a token that has ended, which the API itself refuses; then as it is. */
  endTokens(endsTokens) {
    this.#endsTokens = endsTokens;
    this.#refused.clear();
  }

  /** True the first of two times that a question is asked. */
  #refuses({ method, url }) {
    const question = `${method} ${url}`;
    if (!this.#endsTokens || this.#refused.delete(question)) return false;
    this.#refused.add(question);
    return true;
  }

  #forward(asked, answer) {
    const headers = { ...asked.headers };
    const hasToken = headers.authorization?.startsWith("Bearer ");
    if (hasToken && this.#refuses(asked)) headers.authorization = "Bearer ended";

    const { hostname, port } = this.target;
    const forwarded = request({ hostname, port, method: asked.method, path: asked.url, headers }, (received) => {
      answer.writeHead(received.statusCode, received.headers);
      received.pipe(answer);
    });
    forwarded.on("error", () => answer.destroy());
    asked.pipe(forwarded);
  }
}
