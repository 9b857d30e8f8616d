"""The real services on a temporary state, and what can be done to them."""

import contextlib
import fcntl
import glob
import http.client
import json
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

from watch import answers, wait_for

PORT_BASE = 21_080
OFFSETS = {"web": 0, "data-api": 1, "model-api": 2, "city": 10, "refresh": 11}
# Many more than the requests of a client in a second: the load of a play is not a client in a hurry.
CLIENT_RATE = "1000000"


class World:
    def __init__(self, program, root, folder, log):
        self.program, self.root, self.folder, self.log = program, root, folder, log
        self.state = folder / "state"
        self.processes = {}

    def command(self, *arguments, state=None, base=PORT_BASE):
        return [self.program, "--state", str(state or self.state), "--port-base", str(base), "--client-rate", CLIENT_RATE, *arguments]

    def spawn(self, command, environment=None):
        log = open(self.log, "a")
        variables = {**os.environ, "FILROUGE_LOG": "info", **(environment or {})}
        return subprocess.Popen(command, cwd=self.root, stdout=log, stderr=log, env=variables)

    def run(self, *arguments):
        """Runs a command of the program to its end."""
        with open(self.log, "a") as log:
            subprocess.run(self.command(*arguments), cwd=self.root, stdout=log, stderr=log, check=True)

    def made_in_the_past(self, hours):
        """A state that was kept up to date, then left alone for so many hours."""
        with open(self.log, "a") as log:
            variables = {**os.environ, **shifted(f"-{hours}h")}
            case = subprocess.Popen(self.command("up"), cwd=self.root, stdout=log, stderr=log, env=variables)
            try:
                wait_for(lambda: answers(address("model-api", "/health/ready")), 400, "the first forecast")
            finally:
                case.send_signal(signal.SIGINT)
                case.wait(timeout=60)

    def hold_writing(self):
        """Takes the right to write in the state, as a command that hangs would."""
        self.writing = open(self.state / "write.lock", "a+")
        fcntl.flock(self.writing, fcntl.LOCK_EX)

    def start(self, service, shift=None):
        arguments = ["refresh"] if service == "refresh" else ["serve", service]
        self.processes[service] = self.spawn(self.command(*arguments), shifted(shift) if shift else {})
        wait_for(lambda: answers(address(service, "/health/live")), 60, f"{service} to start")

    def kill(self, service):
        process = self.processes.pop(service)
        process.kill()
        process.wait()

    def restart(self, service, **options):
        self.kill(service)
        self.start(service, **options)

    def wait_until_ready(self, service):
        wait_for(lambda: answers(address(service, "/health/ready")), 120, f"{service} to be ready")

    def city_plays(self, *incidents):
        """The city with these incidents, since so many hours; restarted, since it reads them once."""
        path = self.state / "city/incidents.json"
        path.write_text(json.dumps([incident(hours, kind, **more) for hours, kind, more in incidents]))
        # The months under way are written anew.
        for file in (self.state / "city").glob("trips/*.csv"):
            if file.stem >= month_before():
                file.unlink()
        if "city" in self.processes:
            self.restart("city")

    def token(self, service):
        return token_of(address(service), self.state)

    def stop_all(self):
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGINT)
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def shifted(shift):
    """A clock that is so far from the real one. Not by the command `faketime`, which would keep the signals to itself."""
    [library] = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    # Waiting goes on at its own pace: only the time of day is shifted.
    return {"LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def incident(hours, kind, **more):
    start = datetime.now(timezone.utc) - timedelta(hours=hours)
    return {"kind": kind, "from": start.strftime("%Y-%m-%dT%H:00:00Z"), **more}


def month_before():
    return f"{datetime.now(timezone.utc) - timedelta(days=31):%Y-%m}"


def port_of(service):
    return PORT_BASE + OFFSETS[service]


def address(service, path=""):
    return f"http://127.0.0.1:{port_of(service)}{path}"


def token_of(base, state, client="demo"):
    """A token for a client of the state, of the service at `base`."""
    credentials = json.loads((state / "credentials.json").read_text())
    [secret] = [one["client_secret"] for one in credentials if one["client_id"] == client]
    return ask_token(base, client, secret)


def ask_token(base, client, secret):
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{base}/oauth/token", body, timeout=10) as answer:
        return json.load(answer)["access_token"]


class Load:
    """A person who reads pages and a program that asks the APIs, a few times a second, for the whole run."""

    def __init__(self, world):
        self.world, self.stopping = world, threading.Event()
        self.also = []

    def __enter__(self):
        self.thread = threading.Thread(target=self.ask, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join(timeout=10)

    def ask(self):
        tokens = {}
        while not self.stopping.wait(0.15):
            for service, path in (("web", "/"), ("data-api", "/v1/stations"), ("model-api", "/v1/model")):
                with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                    if service != "web" and time.monotonic() > tokens.get(service, (0, 0))[1]:
                        tokens[service] = (self.world.token(service), time.monotonic() + 60)
                    get(address(service, path), tokens.get(service, (None,))[0])
            for path, token in self.also:
                with contextlib.suppress(OSError, http.client.HTTPException):
                    get(path, token)


def get(place, token=None, timeout=3):
    request = urllib.request.Request(place)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
