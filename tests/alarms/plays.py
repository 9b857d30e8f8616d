"""The faults: how each is done, which alarms it must ring, which others it may.

Three rows are played side by side: the case itself, its twin whose city changes, and small states of their own. In a row, acts
follow one another; the plays of an act are played at once. An alarm is told from another of its name by its labels.

A fault is a generator with two stops: harmed, when its alarms have to ring; mended, when they have to fall silent. What it
runs lasts until then: a service that is watched no more is silent for another reason."""

import contextlib
import itertools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ai_server import AiServer, completion
from watch import wait_for
from world import get, repeated, seen_by

# What any fault of a service may spend.
BUDGETS = {"BudgetConsommeEnDeuxJours", "BudgetConsommeEnCinqJours", "BudgetConsommeEnUnMois"}
# Services that the play itself starts again: the clock is short, their start is not. The model API knows no hour until
# it has read its first.
RESTARTS = {"ServiceAbsent", "VerificationEchouee", "VerificationDegradee", "DonneesEnRetard"}
# A collection keeps the processors: on a slow machine the availability misses its turns, and answers come late.
COLLECTION = {"TravailEnRetard task=availability"} | {
    f"{budget} slo={slo}" for budget in BUDGETS for slo in ("web-latency", "model-api-latency")
}
# The state was left alone for so long: longer than any alarm on an age.
HOURS_ALONE = 50


@dataclass
class Play:
    """One fault, the alarms that it must ring, and those that it may."""

    name: str
    rings: set
    fault: callable
    may: set = field(default_factory=set)
    # Those that follow in its row begin with the services that it started.
    leads: bool = False


# --- Small states of their own: each fault has a service that serves nothing else


def apart(stage):
    """The acts that need no data."""
    yield [
        purge_prevented(stage),
        key_old(stage),
        secret_refused(stage),
        clock_moved(stage),
        port_stolen(stage),
        disk_full(stage),
        statuses_unreadable(stage),
        table_locked(stage),
    ]
    yield [server_stopped(stage), crash_loop(stage), certificate_near_its_end(stage), *ai_services(stage)]
    # It would hide the check of another.
    yield [database_locked(stage)]


# A service that starts on an empty state, and one that reads a service which is not there.
EMPTY = {"VerificationEchouee", "VerificationDegradee", *(f"{budget} slo=data-freshness" for budget in BUDGETS)}


def purge_prevented(stage):
    world = stage.world("purge")

    def fault():
        with contextlib.ExitStack() as held:
            held.enter_context(world.held_writing())
            with world.served("data-api"):
                yield
                held.close()
                # What the page of the alarm says to do.
                world.run("gdpr", "purge")
                yield

    return Play("purge empêchée par un autre écrivain", {f"PurgeEnRetard {world.instance('data-api')}"}, fault, EMPTY)


def key_old(stage):
    world = stage.world("key")

    def fault():
        with world.served("data-api"):
            long_ago = time.time() - 40 * 86_400
            os.utime(world.state / "data-api.key", (long_ago, long_ago))
            yield
            world.run("credentials", "renew-key", "data-api")
            yield

    return Play("clé de signature de quarante jours", {f"CleAncienne {world.instance('data-api')}"}, fault, EMPTY)


def secret_refused(stage):
    world = stage.world("secret")

    def fault():
        with world.served("data-api"):
            with repeated(lambda: world.ask_token("data-api", "demo", "not-the-secret"), pause=0.2):
                yield
            yield

    return Play("secret refusé sans fin", {"JetonsRefuses job=data-api"}, fault, EMPTY)


def clock_moved(stage):
    world = stage.world("clock")

    def fault():
        with world.served("city", shift="+1h"):
            yield
            world.restart("city")
            yield

    return Play("horloge avancée d’une heure", {f"HorlogeDecalee {world.instance('city')}"}, fault, {"ServiceAbsent"})


def port_stolen(stage):
    world = stage.world("port")

    def fault():
        with world.served("city"):
            world.kill("city")
            with thief(world.port("city")):
                yield
            world.start("city")
            yield

    rings = {f"AutreServiceSurLePort {world.instance('city')}"}
    return Play("port pris par un autre programme", rings, fault, {"ServiceAbsent"})


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


def disk_full(stage):
    world = stage.world("disk")

    def fault():
        # A disk of sixty-four megabytes that only this process sees.
        world.state.mkdir()
        mount = 'mount -t tmpfs -o size=64m tmpfs "$0" && exec "$@"'
        privilege = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        with world.served("data-api", prefix=["unshare", "--mount", *privilege, "bash", "-c", mount, str(world.state)]):
            filler = seen_by(world.port("data-api"), world.state) / "filler"
            with contextlib.suppress(OSError), open(filler, "wb") as file:
                while file.write(bytes(65_536)):
                    file.flush()
            yield
            filler.unlink()
            yield

    rings = {"DisquePresquePlein", "VerificationEchouee job=data-api check=write"}
    return Play("disque plein", rings, fault, {"ErreursAuJournal", "PurgeEnRetard", *EMPTY})


def statuses_unreadable(stage):
    world = stage.world("schema")

    def reads_again():
        """What was received is kept for as long as its publisher says: a minute at most."""
        world.restart("refresh")
        time.sleep(2)
        return "station_status_unreadable_ratio 0" in world.metrics("refresh")

    def fault():
        world.city_plays((1, "schema_change", {}))
        # The availability is all that this state has: nothing is collected while another writes.
        with world.held_writing(), world.served("city"), world.served("refresh"):
            yield
            world.city_plays()
            wait_for(reads_again, 300, "the availability")
            yield

    # Restarted until it reads: more than twice on a busy machine.
    may = {"ServiceAbsent", "TravailEnEchec", "RedemarragesRepetes job=refresh"}
    return Play("format de la disponibilité changé", {"EtatsDesStationsIllisibles"}, fault, may)


def server_stopped(stage):
    world = stage.world("server")

    def fault():
        with postgresql(stage.folder / "postgresql", 21_499) as server:
            with world.served("data-api", environment={"DATABASE_URL": server.url}):
                server.stop()
                yield
                server.start()
                yield

    rings = {"VerificationEchouee job=data-api check=read"}
    return Play("serveur PostgreSQL arrêté", rings, fault, {"ErreursAuJournal", *EMPTY})


def table_locked(stage):
    """A session that changes a table and is left open: every reader of it waits, and keeps its connection. Exports would not
    do: there are as many places for them as connections, and one that waits for its client keeps its place alone."""
    world = stage.world("table")

    def fault():
        with postgresql(stage.folder / "postgresql-locked", 21_498) as server:
            with world.served("data-api", environment={"DATABASE_URL": server.url}):
                # Each of the two may have half of the places, and waits longer than the API.
                # One station: a list is remembered, and would not wait.
                path = "/v1/stations/RIV-001"
                readers = [world.reader("data-api", path, client, timeout=20) for client in ("demo", "web")]
                # The first reading takes the token that the next ones share.
                for read in readers:
                    read()
                with server.held("LOCK TABLE stations IN ACCESS EXCLUSIVE MODE"), repeated(*125 * readers, pause=0):
                    yield
                yield

    rings = {"ConnexionsSaturees job=data-api", "RequetesSaturees job=data-api"}
    may = {"ErreursAuJournal", "PurgeEnRetard", *EMPTY, *BUDGETS}
    return Play("table verrouillée par une session oubliée, 250 lecteurs", rings, fault, may)


class postgresql:
    """A cluster of its own in `folder`, by the account `postgres` where root may not run it."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.url = f"postgres://filrouge@127.0.0.1:{port}/postgres"

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
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self.play("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-o", options, "start")

    def stop(self):
        self.play("pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")

    def __exit__(self, *_):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop()

    @contextlib.contextmanager
    def held(self, statement):
        """A session that has played the statement in a transaction which it does not end."""
        command = [installed("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", self.url]
        session = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            session.stdin.write(f"BEGIN; {statement};\n\\echo held\n")
            session.stdin.flush()
            if session.stdout.readline() != "held\n":
                raise RuntimeError(f"not played: {statement}")
            yield
        finally:
            session.stdin.close()
            session.wait()

    def play(self, program, *arguments):
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*user, installed(program), *arguments]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def installed(program):
    """The path of a program of PostgreSQL, of its last version."""
    return sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))[-1]


def crash_loop(stage):
    world = stage.world("loop")

    def fall():
        world.restart("city")
        # Read once at least before the next fall.
        time.sleep(1.2)

    def fault():
        with world.served("city"):
            with repeated(fall, pause=0):
                yield
            yield

    return Play("redémarrages répétés", {"RedemarragesRepetes job=city"}, fault, {"ServiceAbsent"})


def certificate_near_its_end(stage):
    world = stage.world("certificate")
    file = stage.folder / "certificate.pem"

    def drawn(days):
        new = file.with_suffix(".new")
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-days", str(days), "-subj", "/CN=localhost", "-keyout", "/dev/null", "-out", new]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        new.rename(file)

    def fault():
        drawn(days=5)
        with world.served("city", environment={"FILROUGE_TLS_CERTIFICATE": str(file)}):
            yield
            drawn(days=90)
            yield

    return Play("certificat qui finit dans cinq jours", {"CertificatBientotFini"}, fault)


def database_locked(stage):
    world = stage.world("locked")

    def fault():
        with world.served("data-api"):
            with contextlib.closing(sqlite3.connect(world.state / "filrouge.sqlite", timeout=10)) as other:
                other.execute("BEGIN IMMEDIATE")
                yield
                other.rollback()
            yield

    rings = {"VerificationDegradee job=data-api check=write"}
    return Play("base verrouillée par un autre écrivain", rings, fault, {"PurgeEnRetard", *EMPTY})


# --- The AI service that reads the reports, and its server


def ai_services(stage):
    yield ai_server_silent(stage)
    yield ai_queue_long(stage)

    cut = completion_of('{"category": "fr', end="length")
    said = {"IaReponsesCoupees", "IaRefus"}
    yield reports_read_by(stage, "llama-server", "réponses du service d’IA coupées", said, cut)

    def refused(model):
        return 401, {"error": {"message": "invalid key"}}

    yield reports_read_by(stage, "mistral", "clé du service d’IA refusée", {"IaCleRefusee", "IaRefus"}, refused)

    # Ten answers are twice the busiest day, and all that the month allows. More of them would last, on a slow machine, longer
    # than the shortened day.
    costly = completion_of('{"category": "frein", "urgent": false}', tokens=25_000)
    spent = {"IaJetonsAnormaux", "IaBudgetPresqueDepense", "IaBudgetDepense"}
    yield reports_read_by(stage, "scaleway", "budget du service d’IA dépensé", spent, costly, {"IaRefus"}, tokens=251_000)


def completion_of(text, **more):
    return lambda model: (200, completion(model, text, **more))


def ai_server_silent(stage):
    port = stage.world("ai-silent").base

    def fault():
        server = AiServer(completion_of(""))
        try:
            with server.on(port):
                stage.watch.scrape("llama", port)
            yield
            with server.on(port):
                yield
        finally:
            stage.watch.forget(port)

    return Play("serveur d’IA muet", {f"IaMuette instance=127.0.0.1:{port}"}, fault)


def ai_queue_long(stage):
    port = stage.world("ai-queue").base

    def thinking(model):
        time.sleep(0.5)
        return 200, completion(model, "")

    def fault():
        with AiServer(thinking).on(port) as address:
            stage.watch.scrape("llama", port)
            body = json.dumps({"model": "any"}).encode()

            def ask():
                get(urllib.request.Request(f"{address}chat/completions", body), timeout=30)

            try:
                with repeated(*8 * [ask], pause=0):
                    yield
                yield
            finally:
                stage.watch.forget(port)

    return Play("file du serveur d’IA longue", {"IaFileLongue"}, fault)


def reports_read_by(stage, service, name, rings, answers, may=(), tokens=None):
    """Riders who report, to an application whose reports `service` reads."""
    world = stage.world(f"ai-{service}")
    key = stage.folder / f"ai-{service}.key"

    def fault():
        key.touch(0o600)
        key.write_text("k" * 40)
        # The proxy says who asks: each report comes from another address.
        environment = {
            "FILROUGE_WEB_URL": "https://localhost:8443",
            "FILROUGE_TRIAGE_SERVICE": service,
            "FILROUGE_TRIAGE_KEY_FILE": str(key),
            **({"FILROUGE_TRIAGE_TOKENS": str(tokens)} if tokens else {}),
        }
        with AiServer(answers).on(world.base + 5) as address:
            environment["FILROUGE_TRIAGE_URL"] = address
            with world.served("web", environment=environment):
                with repeated(reporter(world), pause=0.3):
                    yield
                # The account of a month is its file; another month begins without.
                shutil.rmtree(world.state / "ai", ignore_errors=True)
                world.restart("web", environment=environment)
                yield

    rings = {f"{alarm} service={service}" for alarm in rings}
    return Play(name, rings, fault, {"ServiceAbsent", *EMPTY, *(f"{alarm} service={service}" for alarm in may)})


def reporter(world):
    """Somebody whose every report is another."""
    numbers = itertools.count(1)

    def report():
        number = next(numbers)
        form = urllib.parse.urlencode({"body": f"le frein du vélo {number} ne tient plus", "station": "", "bike": ""})
        headers = {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}", "Origin": "https://localhost:8443"}
        get(urllib.request.Request(world.address("web", "/signaler"), form.encode(), headers))

    return report


# --- The case itself

# Until its services are there, nobody watches them.
NOT_THERE_YET = Play("avant le démarrage du cas", set(), None, {"ServiceInconnuDePrometheus"})


def of_the_case(stage, case, copy):
    yield [left_alone(stage, case), file_damaged(copy)]
    yield [killed(case, service) for service in ("city", "refresh", "web", "model-api", "data-api")]
    yield [version_spoilt(case), target_forgotten(stage, case)]
    yield [service_frozen(case)]
    yield [queue_full(case)]


def left_alone(stage, case):
    """Data of two days, and a source that has been down since: then it comes back."""

    def fault():
        case.city_plays((2 * HOURS_ALONE, "feed_down", {"path": "/v1/archive"}))
        for service in ("city", "data-api", "model-api", "web", "refresh"):
            case.start(service)
            case.scrape(service)
        yield
        case.city_plays()
        case.collects()
        yield

    rings = {
        "SourceEnEchec",
        "TravailEnEchec task=collection",
        "DonneesEnRetard",
        "SourceEnRetard",
        "TravailEnRetard task=collection",
        *(f"{budget} slo=data-freshness" for budget in BUDGETS),
    }
    may = {"ServiceInconnuDePrometheus", "TravailEnEchec", "TravailEnRetard"}
    return Play("source arrêtée, données de deux jours", rings, fault, {*may, *RESTARTS, *BUDGETS}, leads=True)


def file_damaged(world):
    """On a copy of the case: the few pages of an empty database are all in memory, where nothing harms them."""

    def fault():
        with world.served("data-api"):
            file = world.state / "filrouge.sqlite"
            size = file.stat().st_size
            with open(file, "r+b") as harmed:
                harmed.seek(4096)
                for _ in range(4096, size, 4096):
                    harmed.write(b"\xa5" * 4096)
            # The file is checked whole at the start only: afterwards its readers tell.
            paths = [f"/v1/station-hours?station_id=RIV-00{station}&limit=1000" for station in range(1, 6)]
            with repeated(*(world.reader("data-api", path) for path in paths)):
                yield
            yield

    rings = {"ErreursAuJournal", *(f"{budget} slo=data-api-availability" for budget in BUDGETS)}
    return Play("fichier de la base abîmé", rings, fault, {"PurgeEnRetard", *EMPTY})


def killed(case, service):
    def fault():
        case.kill(service)
        yield
        case.start(service)
        case.wait_until_ready(service)
        yield

    # Who reads a service that is gone says so, after a while.
    return Play(f"processus tué : {service}", {f"ServiceAbsent {case.instance(service)}"}, fault, RESTARTS | BUDGETS)


def version_spoilt(case):
    def fault():
        folder = case.state / "models/demand"
        champion = (folder / "champion").read_text()
        shutil.copytree(folder / champion.strip(), folder / "2099-01-01-spoilt")
        (folder / "2099-01-01-spoilt/model.onnx").write_bytes(b"not a model")
        (folder / "champion").write_text("2099-01-01-spoilt\n")
        yield
        (folder / "champion").write_text(champion)
        shutil.rmtree(folder / "2099-01-01-spoilt")
        yield

    return Play("fichier du modèle abîmé", {"VersionRefusee", "ChampionneInutilisable"}, fault, {"VerificationDegradee"})


def target_forgotten(stage, case):
    def fault():
        case.forget("web")
        yield
        case.scrape("web")
        yield

    return Play("cible retirée de Prometheus", {"ServiceInconnuDePrometheus job=web"}, fault)


def service_frozen(case):
    def fault():
        process = case.processes["data-api"]
        process.send_signal(signal.SIGSTOP)
        # Pages show what they know of the stations, and do not wait for it to answer: the web has places left.
        with repeated(*100 * [lambda: get(case.address("web", "/"), timeout=12)], spread=8):
            yield
            process.send_signal(signal.SIGCONT)
        yield

    rings = {f"ServiceAbsent {case.instance('data-api')}"}
    return Play("API de données bloquée, 100 lecteurs", rings, fault, {"ServiceAbsent", *EMPTY, *BUDGETS})


def queue_full(case):
    """Explanations, each of which is hundreds of rows, from several clients: one alone may not have all the places."""
    hour = f"{datetime.now(timezone.utc):%Y-%m-%dT%H:00:00Z}"
    body = json.dumps({"station_id": "RIV-001", "hour": hour}).encode()

    def asked_by(token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(case.address("model-api", "/v1/explanations"), body, headers)

        def ask():
            with urllib.request.urlopen(request, timeout=20) as answer:
                answer.read()

        return ask

    def fault():
        tokens = [case.token("model-api", client) for client in ("demo", "web", "operator")]
        with repeated(*map(asked_by, 50 * tokens), pause=0):
            yield
        yield

    return Play("file du modèle pleine", {"Surcharge"}, fault, {"RequetesSaturees", *RESTARTS, *BUDGETS})


# --- The twin of the case, whose city changes, and the model with it


def of_the_twin(stage, twin):
    # A Sunday of new habits may stay within the limits of a young model; its strange input does not.
    changed = {"ModeleHorsLimites", "EntreeEtrange"}
    may = changed | RESTARTS | COLLECTION
    for name, rings, incidents in (
        ("demande +30 %, capteur figé", changed, [(26, "demand_shift", {"factor": 1.3}), (26, "frozen_sensor", {})]),
        ("nouvelles habitudes, unité changée", {"EntreeEtrange"}, [(26, "new_habit", {}), (26, "unit_change", {})]),
    ):
        yield [city_changed(stage, twin, name, rings, may, incidents)]


def city_changed(stage, twin, name, rings, may, incidents):
    def fault():
        twin.city_plays(*incidents)
        for service in {"city", "data-api"} - twin.processes.keys():
            twin.start(service)
        twin.collects()
        # Only its model is watched: the data are late in the case alone.
        twin.scrape("model-api")
        yield
        twin.city_plays()
        twin.collects()
        yield

    return Play(name, rings, fault, may)
