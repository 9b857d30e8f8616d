"""The real services, each world on a state and a port base of its own, and what can be done to them."""

import contextlib
import fcntl
import glob
import http.client
import itertools
import json
import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

from watch import answers, wait_for

FIRST_PORT, PORTS_OF_A_WORLD = 21_080, 20
OFFSETS = {"web": 0, "data-api": 1, "model-api": 2, "city": 10, "refresh": 11, "incidents": 12}
# Many more than the requests of a client in a second: the load of a play is not a client in a hurry.
CLIENT_RATE = "1000000"

# Seconds. Nothing is judged by them: they end a run that hangs.
TO_START, TO_BE_READY, TO_IMPORT, TO_BE_MADE = 120, 300, 600, 900
# Times that a client asks for a token.
TRIES = 20


class Stage:
    """What every world of a run shares: the program, where states and logs go, and who watches."""

    def __init__(self, program, root, folder, log):
        self.program, self.root, self.folder, self.log = program, root, folder, log
        self.watch = None
        self.numbers = itertools.count()
        self.worlds = []

    def world(self, name):
        """A world whose state does not exist yet."""
        world = World(self, self.folder / name, FIRST_PORT + PORTS_OF_A_WORLD * next(self.numbers))
        self.worlds.append(world)
        return world

    def end(self):
        for world in self.worlds:
            world.stop_all()


class World:
    def __init__(self, stage, state, base):
        self.stage, self.state, self.base = stage, state, base
        self.processes = {}

    # --- Programs

    def command(self, *arguments):
        state = ["--state", str(self.state), "--port-base", str(self.base)]
        return [self.stage.program, *state, "--client-rate", CLIENT_RATE, *arguments]

    def spawn(self, command, environment=None):
        log = open(self.stage.log, "a")
        variables = {**os.environ, "FILROUGE_LOG": "info", **(environment or {})}
        return subprocess.Popen(command, cwd=self.stage.root, stdout=log, stderr=log, env=variables)

    def run(self, *arguments):
        """Runs a command of the program to its end."""
        with open(self.stage.log, "a") as log:
            subprocess.run(self.command(*arguments), cwd=self.stage.root, stdout=log, stderr=log, check=True)

    def made_in_the_past(self, hours):
        """A state that was kept up to date, then left alone for so many hours."""
        case = self.spawn(self.command("up"), shifted(f"-{hours}h"))
        try:
            wait_for(lambda: answers(self.address("model-api", "/health/ready")), TO_BE_MADE, "the first forecast")
        finally:
            case.send_signal(signal.SIGINT)
            case.wait(timeout=60)

    def copied_from(self, state):
        shutil.copytree(state, self.state)

    # --- Services

    def port(self, service):
        return self.base + OFFSETS[service]

    def address(self, service, path=""):
        return f"http://127.0.0.1:{self.port(service)}{path}"

    def instance(self, service):
        """The label by which an alarm names the service of this world, and no other."""
        return f"instance=127.0.0.1:{self.port(service)}"

    def start(self, service, shift=None, environment=None, prefix=()):
        others = {"refresh": ["refresh"], "incidents": ["incident", "listen"]}
        arguments = others.get(service) or ["serve", service]
        variables = {**(shifted(shift) if shift else {}), **(environment or {})}
        self.processes[service] = self.spawn([*prefix, *self.command(*arguments)], variables)
        wait_for(lambda: answers(self.address(service, "/health/live")), TO_START, f"{service} to start")

    def kill(self, service):
        process = self.processes.pop(service)
        process.kill()
        process.wait()

    def restart(self, service, **options):
        self.kill(service)
        self.start(service, **options)

    def wait_until_ready(self, service):
        wait_for(lambda: answers(self.address(service, "/health/ready")), TO_BE_READY, f"{service} to be ready")

    @contextlib.contextmanager
    def served(self, service, **options):
        """A service that starts, is watched, and ends."""
        self.start(service, **options)
        self.scrape(service)
        # What it does before is in no increase.
        self.stage.watch.wait_until_read(self.port(service))
        try:
            yield
        finally:
            self.forget(service)
            self.stop(service)

    def scrape(self, service):
        self.stage.watch.scrape(service, self.port(service))

    def forget(self, service):
        self.stage.watch.forget(self.port(service))

    def stop(self, service):
        process = self.processes.pop(service, None)
        if process is None:
            return
        process.send_signal(signal.SIGCONT)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_all(self):
        for service in list(self.processes):
            self.stop(service)

    # --- The state

    @contextlib.contextmanager
    def held_writing(self):
        """Takes the right to write in the state, as a command that hangs would."""
        self.state.mkdir(exist_ok=True)
        with open(self.state / "write.lock", "a+") as writing:
            fcntl.flock(writing, fcntl.LOCK_EX)
            yield

    def city_plays(self, *incidents):
        """The city with these incidents, since so many hours; one that runs opens again with them."""
        path = self.state / "city/incidents.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".new").write_text(json.dumps([incident(hours, kind, **more) for hours, kind, more in incidents]))
        path.with_suffix(".new").rename(path)
        # The months under way are written anew.
        for file in path.parent.glob("trips/*.csv"):
            if file.stem >= month_before():
                file.unlink()
        if "city" in self.processes:
            self.restart("city")

    def metrics(self, service):
        with contextlib.suppress(OSError), urllib.request.urlopen(self.address(service, "/metrics"), timeout=5) as answer:
            return answer.read().decode()
        return ""

    def collects(self):
        """The whole chain again, from sources that have changed, up to the import."""
        if "refresh" in self.processes:
            self.kill("refresh")
        self.start("refresh")
        done = ['task_runs_total{outcome="done",task="import"} 1', 'task_runs_total{task="import",outcome="done"} 1']
        wait_for(lambda: any(line in self.metrics("refresh") for line in done), TO_IMPORT, "the import")
        # The predictions of a city that never was are judged no more.
        with contextlib.suppress(FileNotFoundError):
            (self.state / "predictions-journal.json").unlink()
        if "model-api" in self.processes:
            self.kill("model-api")
        self.start("model-api")
        self.wait_until_ready("model-api")

    # --- Clients

    def token(self, service, client="demo"):
        credentials = json.loads((self.state / "credentials.json").read_text())
        [secret] = [one["client_secret"] for one in credentials if one["client_id"] == client]
        # A service that is busy turns clients away: they come back.
        for _ in range(TRIES - 1):
            with contextlib.suppress(OSError):
                return self.ask_token(service, client, secret)
            time.sleep(1)
        return self.ask_token(service, client, secret)

    def ask_token(self, service, client, secret):
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        body = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(self.address(service, "/oauth/token"), body, timeout=10) as answer:
            return json.load(answer)["access_token"]

    def reader(self, service, path, client="demo", timeout=3):
        """A client that reads a page, with a token for as long as it lasts."""
        token = None

        def read():
            nonlocal token
            token = token or (service != "web" and self.token(service, client)) or None
            if get(self.address(service, path), token, timeout) == 401:
                token = None

        return read


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


@contextlib.contextmanager
def repeated(*actions, pause=0.15, spread=0):
    """Does each action again and again in a thread of its own; a refusal or a silence is part of the play. The threads begin
    over `spread` seconds, so that those which wait as long do not end together."""
    stopping = threading.Event()

    def repeat(number, action):
        stopping.wait(spread * number / len(actions))
        while not stopping.wait(pause):
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError, KeyError):
                action()

    threads = [threading.Thread(target=repeat, args=one, daemon=True) for one in enumerate(actions)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(timeout=30)


def get(asked, token=None, timeout=3):
    """The status of the answer to an address, or to a request."""
    request = urllib.request.Request(asked) if isinstance(asked, str) else asked
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def seen_by(port, path):
    """`path` as the process that listens on `port` sees it."""
    words = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    pid = words.split("pid=")[1].split(",")[0]
    return Path(f"/proc/{pid}/root") / str(path).lstrip("/")
