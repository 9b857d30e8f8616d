"""The faults, one after the other: how each is done, which alarms it must ring, which others it may."""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from watch import answers, wait_for
from world import PORT_BASE, address, ask_token, get, port_of, token_of

# What any fault of a service may spend.
BUDGETS = {"BudgetConsommeEnDeuxJours", "BudgetConsommeEnCinqJours", "BudgetConsommeEnUnMois"}
# Services that the play itself starts again: the clock is short, their start is not. The model API knows no hour until
# it has read its first.
RESTARTS = {"ServiceAbsent", "VerificationEchouee", "VerificationDegradee", "DonneesEnRetard"}
# The port base of a second data API, on a state of its own.
APART = PORT_BASE + 100


@dataclass
class Play:
    """One fault. `fault` is a context: entering it does the harm, leaving it mends it."""

    name: str
    rings: set
    fault: callable
    may: set = field(default_factory=set)
    # Those that still ring when it is mended: the next play begins with them.
    leaves: set = field(default_factory=set)


def plays(world, watch, load):
    """In an order where each begins in the state that the one before it left."""
    yield from old_data(world)
    yield from stops(world, watch)
    yield from wear(world, watch, load)
    yield from model(world)
    yield from changes(world)


# --- Data that were left alone for two days


def old_data(world):
    late = {
        "SourceEnEchec",
        "TravailEnEchec",
        "DonneesEnRetard",
        "SourceEnRetard",
        "TravailEnRetard",
        "VerificationDegradee",
        *BUDGETS,
    }

    @contextlib.contextmanager
    def nobody_purges():
        # The scheduled purge waits for its turn to write; somebody has had it since the beginning.
        yield
        world.writing.close()
        # What the page of the alarm says to do.
        world.run("gdpr", "purge")

    yield Play("purge empêchée par un autre écrivain", {"PurgeEnRetard"}, nobody_purges, late, leaves=late)

    @contextlib.contextmanager
    def source_down():
        # It has been down since the beginning: nothing was collected in between.
        yield
        world.city_plays()
        chain(world)

    yield Play("source arrêtée, données de deux jours", late, source_down, RESTARTS)


def chain(world):
    """The whole chain again, from sources that have changed; the model reads what came out of it."""
    world.restart("refresh")
    wait_for_import(world)
    # The predictions of a city that never was are judged no more.
    with contextlib.suppress(FileNotFoundError):
        (world.state / "predictions-journal.json").unlink()
    world.restart("model-api")
    world.wait_until_ready("model-api")


def wait_for_import(world):
    def is_done():
        text = metrics("refresh")
        return 'task_runs_total{outcome="done",task="import"} 1' in text or 'task="import",outcome="done"} 1' in text

    wait_for(is_done, 180, "the import")


def metrics(service):
    with contextlib.suppress(OSError), urllib.request.urlopen(address(service, "/metrics"), timeout=5) as answer:
        return answer.read().decode()
    return ""


# --- Processes and databases that stop


def stops(world, watch):
    # Who reads a service that is gone says so, after a while.
    around = RESTARTS | BUDGETS
    for service in ("city", "refresh", "web", "model-api", "data-api"):

        @contextlib.contextmanager
        def killed(service=service):
            world.kill(service)
            yield
            world.start(service)
            world.wait_until_ready(service)

        yield Play(f"processus tué : {service}", {"ServiceAbsent"}, killed, around)

    @contextlib.contextmanager
    def stolen_port():
        world.kill("web")
        with thief(port_of("web")):
            yield
        world.start("web")

    yield Play("port pris par un autre programme", {"AutreServiceSurLePort"}, stolen_port, RESTARTS)

    @contextlib.contextmanager
    def crash_loop():
        for _ in range(5):
            world.restart("city")
            time.sleep(1.2)
        yield

    yield Play("redémarrages répétés", {"RedemarragesRepetes"}, crash_loop, RESTARTS)

    @contextlib.contextmanager
    def forgotten_target():
        watch.forget(port_of("city"))
        yield
        watch.scrape("city", port_of("city"))

    yield Play("cible retirée de Prometheus", {"ServiceInconnuDePrometheus"}, forgotten_target)

    @contextlib.contextmanager
    def moved_clock():
        world.restart("city", shift="+1h")
        yield
        world.restart("city")

    yield Play("horloge avancée d’une heure", {"HorlogeDecalee"}, moved_clock, RESTARTS)

    @contextlib.contextmanager
    def server_stopped():
        with postgresql(world.folder / "postgresql") as server:
            with apart(world, watch, {"DATABASE_URL": server.url}):
                server.stop()
                yield
                server.start()

    yield Play("serveur PostgreSQL arrêté", {"VerificationEchouee"}, server_stopped, {"ErreursAuJournal", *RESTARTS})


@contextlib.contextmanager
def thief(port):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def apart(world, watch, environment=None, prefix=()):
    """A second data API, on a state of its own that is empty."""
    state = world.folder / "apart"
    state.mkdir(exist_ok=True)
    command = [*prefix, *world.command("serve", "data-api", state=state, base=APART)]
    process = world.spawn(command, environment)
    place = f"http://127.0.0.1:{APART + 1}/health/ready"
    try:
        wait_for(lambda: answers(place), 60, "the second data API")
        watch.scrape("data-api", APART + 1)
        time.sleep(2)
        yield state
    finally:
        watch.forget(APART + 1)
        process.terminate()
        process.wait(timeout=20)


class postgresql:
    """A cluster of its own in `folder`, by the account `postgres` where root may not run it."""

    PORT = 21_132

    def __init__(self, folder):
        self.folder = folder
        self.url = f"postgres://filrouge@127.0.0.1:{self.PORT}/postgres"

    def __enter__(self):
        self.folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            # Its parents are private.
            for parent in self.folder.parents:
                if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
                    parent.chmod(parent.stat().st_mode | 0o011)
        self.play("initdb", "-D", self.folder / "data", "-U", "filrouge", "-A", "trust", "--no-sync")
        self.start()
        return self

    def start(self):
        options = f"-p {self.PORT} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self.play("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-o", options, "start")

    def stop(self):
        self.play("pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")

    def __exit__(self, *_):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop()

    def play(self, program, *arguments):
        [path] = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))[-1:]
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*user, path, *arguments], cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# --- What wears out, fills up, or is refused


def wear(world, watch, load):
    @contextlib.contextmanager
    def full_disk():
        # A disk of sixty-four megabytes that only this process sees.
        mount = 'mount -t tmpfs -o size=64m tmpfs "$0" && exec "$@"'
        state = world.folder / "apart"
        prefix = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
        with apart(world, watch, prefix=[*prefix, "bash", "-c", mount, state]):
            inside = seen_by(APART + 1, state) / "filler"
            with contextlib.suppress(OSError), open(inside, "wb") as filler:
                while filler.write(bytes(65_536)):
                    filler.flush()
            yield
            inside.unlink()

    yield Play(
        "disque plein",
        {"DisquePresquePlein", "VerificationEchouee"},
        full_disk,
        {"ErreursAuJournal", "PurgeEnRetard", *RESTARTS},
    )

    @contextlib.contextmanager
    def damaged_database():
        with apart(world, watch) as state:
            token = token_of(f"http://127.0.0.1:{APART + 1}", state)
            load.also = [(f"http://127.0.0.1:{APART + 1}/v1/events", token)] * 5
            file = state / "filrouge.sqlite"
            whole = file.read_bytes()
            with open(file, "r+b") as harmed:
                harmed.seek(4096)
                harmed.write(b"\xa5" * (len(whole) - 4096))
            yield
            load.also = []

    yield Play(
        "fichier de la base abîmé",
        # The file is checked whole at the start only: afterwards its readers tell.
        {"ErreursAuJournal", *BUDGETS},
        damaged_database,
        {"PurgeEnRetard", *RESTARTS},
    )

    @contextlib.contextmanager
    def locked_database():
        with contextlib.closing(sqlite3.connect(world.state / "filrouge.sqlite", timeout=10)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()

    yield Play("base verrouillée par un autre écrivain", {"VerificationDegradee"}, locked_database, {"TravailEnEchec"})

    @contextlib.contextmanager
    def slow_exports():
        sockets = [slow_export(world, day) for day in range(1, 5)]
        yield
        for one in sockets:
            one.close()

    yield Play("quatre exports lents", {"ConnexionsSaturees"}, slow_exports, {"VerificationDegradee", "VerificationEchouee", *BUDGETS})

    @contextlib.contextmanager
    def frozen_service():
        process = world.processes["data-api"]
        process.send_signal(signal.SIGSTOP)
        with crowd(address("web", "/"), 250):
            yield
        process.send_signal(signal.SIGCONT)

    yield Play(
        "API de données bloquée, 250 lecteurs",
        {"ServiceAbsent", "RequetesSaturees"},
        frozen_service,
        {"VerificationDegradee", "VerificationEchouee", *BUDGETS},
    )

    @contextlib.contextmanager
    def wrong_secret():
        refused(1)
        time.sleep(2)
        refused(15)
        yield

    yield Play("secret refusé quinze fois", {"JetonsRefuses"}, wrong_secret)

    @contextlib.contextmanager
    def old_key():
        long_ago = time.time() - 40 * 86_400
        os.utime(world.state / "data-api.key", (long_ago, long_ago))
        yield
        world.run("credentials", "renew-key", "data-api")

    yield Play("clé de signature de quarante jours", {"CleAncienne"}, old_key)


def seen_by(port, path):
    """`path` as the process that listens on `port` sees it."""
    words = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    pid = words.split("pid=")[1].split(",")[0]
    return Path(f"/proc/{pid}/root") / str(path).lstrip("/")


def refused(times):
    for _ in range(times):
        with contextlib.suppress(urllib.error.HTTPError):
            ask_token(address("data-api"), "demo", "not-the-secret")


def slow_export(world, day):
    """Asks for an export that nobody prepared, and takes nothing of it."""
    one = socket.create_connection(("127.0.0.1", port_of("data-api")))
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    path = f"/v1/station-hours/export?from=2025-03-{day:02}T00:00:00Z"
    head = f"GET {path} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\nAuthorization: Bearer {world.token('data-api')}\r\n\r\n"
    one.sendall(head.encode())
    return one


@contextlib.contextmanager
def crowd(place, size):
    stopping = threading.Event()

    def read():
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                get(place, timeout=12)
            time.sleep(0.05)

    readers = [threading.Thread(target=read, daemon=True) for _ in range(size)]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        stopping.set()


# --- The city changes, and the model with it


def changes(world):
    # A Sunday of new habits may stay within the limits of a young model; its strange input does not.
    changed = {"ModeleHorsLimites", "EntreeEtrange"}
    for name, rings, incidents in (
        ("demande +30 %, capteur figé", changed, [(26, "demand_shift", {"factor": 1.3}), (26, "frozen_sensor", {})]),
        ("nouvelles habitudes, unité changée", {"EntreeEtrange"}, [(26, "new_habit", {}), (26, "unit_change", {})]),
    ):

        @contextlib.contextmanager
        def other_city(incidents=incidents):
            world.city_plays(*incidents)
            chain(world)
            yield
            world.city_plays()
            chain(world)

        yield Play(name, rings, other_city, changed | RESTARTS | BUDGETS)

    @contextlib.contextmanager
    def schema_changed():
        world.city_plays((1, "schema_change", {}))
        world.restart("refresh")
        yield
        world.city_plays()
        world.restart("refresh")

    yield Play(
        "format de la disponibilité changé",
        {"EtatsDesStationsIllisibles"},
        schema_changed,
        {"TravailEnEchec", "SourceEnEchec", *RESTARTS},
    )


# --- The model


def model(world):
    @contextlib.contextmanager
    def spoilt_version():
        folder = world.state / "models/demand"
        champion = (folder / "champion").read_text()
        shutil.copytree(folder / champion.strip(), folder / "2099-01-01-spoilt")
        (folder / "2099-01-01-spoilt/model.onnx").write_bytes(b"not a model")
        (folder / "champion").write_text("2099-01-01-spoilt\n")
        yield
        (folder / "champion").write_text(champion)
        shutil.rmtree(folder / "2099-01-01-spoilt")

    yield Play("fichier du modèle abîmé", {"VersionRefusee", "ChampionneInutilisable"}, spoilt_version, {"VerificationDegradee"})

    @contextlib.contextmanager
    def full_queue():
        with flood(world):
            yield

    yield Play("file du modèle pleine", {"Surcharge"}, full_queue, {"RequetesSaturees", *RESTARTS, *BUDGETS})


@contextlib.contextmanager
def flood(world):
    """Explanations, each of which is hundreds of rows, from several clients: one alone may not have all the places."""
    tokens = [token_of(address("model-api"), world.state, client) for client in ("demo", "web", "operator")]
    hour = f"{datetime.now(timezone.utc):%Y-%m-%dT%H:00:00Z}"
    body = json.dumps({"station_id": "RIV-001", "hour": hour}).encode()
    stopping = threading.Event()

    def ask(token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(address("model-api", "/v1/explanations"), body, headers)
        while not stopping.is_set():
            with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=20) as answer:
                answer.read()

    threads = [threading.Thread(target=ask, args=(token,), daemon=True) for token in 50 * tokens]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
