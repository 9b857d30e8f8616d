"""A server that stands for an AI service: it speaks the protocol, and fails as it is told to."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class AiServer:
    """`answers` gives, for the model that is asked, the status and the body of an answer; one request is dealt with at a time."""

    def __init__(self, answers):
        self.answers, self.turn = answers, threading.Lock()
        self.waiting, self.counting = 0, threading.Lock()

    @contextlib.contextmanager
    def on(self, port):
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with served.queued():
                    status, body = served.answers(asked["model"])
                self.say(status, "application/json", json.dumps(body))

            def do_GET(self):
                # As llama.cpp names it.
                name = "llamacpp:requests_deferred"
                self.say(200, "text/plain; version=0.0.4", f"# TYPE {name} gauge\n{name} {served.waiting}\n")

            def say(self, status, media_type, text):
                with contextlib.suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Type", media_type)
                    self.send_header("Content-Length", str(len(text.encode())))
                    self.end_headers()
                    self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{port}/v1/"
        finally:
            server.shutdown()
            server.server_close()

    @contextlib.contextmanager
    def queued(self):
        """Waits for the turn; those that wait are counted, the one whose turn it is no longer."""
        self.count(1)
        with self.turn:
            self.count(-1)
            yield

    def count(self, more):
        with self.counting:
            self.waiting += more


def completion(model, text, end="stop", tokens=100):
    """A completion of the protocol, that cost so many tokens."""
    message = {"role": "assistant", "content": text}
    return {
        "id": "1",
        "object": "chat.completion",
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": end}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 10, "total_tokens": tokens + 10},
    }
