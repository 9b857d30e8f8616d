"""Debian's Prometheus and Alertmanager on loopback, and the person they call: a webhook that notes what rings."""

import contextlib
import json
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from clock import shortened_rules

PROMETHEUS, ALERTMANAGER, WEBHOOK = 21_490, 21_493, 21_495
# Seconds. Nothing is judged by them: they end a run that hangs.
TO_BE_READ = 120


@dataclass(frozen=True)
class Alarm:
    """An alarm and the labels that tell it from the others of its name."""

    name: str
    labels: frozenset = frozenset()

    @classmethod
    def of(cls, labels):
        told = {f"{key}={value}" for key, value in labels.items() if key not in ("alertname", "severity")}
        return cls(labels["alertname"], frozenset(told))

    def is_one_of(self, expected):
        """Whether it is named there: `ServiceAbsent`, or with some of its labels, `VerificationEchouee check=read`."""

        def names(one):
            name, *labels = one.split()
            return name == self.name and self.labels.issuperset(labels)

        return any(map(names, expected))

    def __str__(self):
        return " ".join([self.name, *sorted(self.labels)])


@dataclass
class Notebook:
    """What the webhook received: which alarms ring now, and when each began and ended."""

    began: list = field(default_factory=list)
    ringing: set = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, message):
        now = time.monotonic()
        with self.lock:
            for alert in message["alerts"]:
                alarm = Alarm.of(alert["labels"])
                if alert["status"] == "resolved":
                    self.ringing.discard(alarm)
                elif alarm not in self.ringing:
                    self.ringing.add(alarm)
                    self.began.append((now, alarm))

    def now(self):
        with self.lock:
            return set(self.ringing)

    def since(self, moment):
        """The alarms that began to ring after `moment`, with the time of each."""
        with self.lock:
            return [(at, alarm) for at, alarm in self.began if at >= moment]


class Watch:
    """The three of them; their files are in `folder`, which is theirs."""

    def __init__(self, folder, rules, log, incidents):
        self.folder, self.notebook, self.log = folder, Notebook(), log
        self.targets, self.lock = {}, threading.Lock()
        self.processes = []
        folder.mkdir()
        (folder / "alerts.yaml").write_text(shortened_rules(rules))
        (folder / "prometheus.yml").write_text(self.prometheus_settings())
        (folder / "alertmanager.yml").write_text(alertmanager_settings(incidents))
        self.write_targets()

    def prometheus_settings(self):
        def scrape(name, interval, action):
            """Those whose job is the data API, or all but it."""
            return {
                "job_name": name,
                "scrape_interval": interval,
                "scrape_timeout": interval,
                "file_sd_configs": [{"files": ["targets.json"], "refresh_interval": "1s"}],
                "relabel_configs": [{"source_labels": ["job"], "regex": "data-api", "action": action}],
            }

        return json.dumps(
            {
                "global": {"evaluation_interval": "1s"},
                "rule_files": ["alerts.yaml"],
                "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{ALERTMANAGER}"]}]}]},
                # The checks of the data API wait for its database: a second, when all its connections are busy.
                "scrape_configs": [scrape("data", "2s", "keep"), scrape("services", "1s", "drop")],
            }
        )

    def scrape(self, job, port):
        """Reads the metrics of a service from now on."""
        with self.lock:
            self.targets[port] = job
            self.write_targets()

    def forget(self, port):
        with self.lock:
            self.targets.pop(port, None)
            self.write_targets()

    def wait_until_read(self, port):
        """Prometheus learns of its targets every five seconds at most."""
        query = urllib.parse.urlencode({"query": f'up{{instance="127.0.0.1:{port}"}} == 1'})
        address = f"http://127.0.0.1:{PROMETHEUS}/api/v1/query?{query}"

        def is_read():
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
                return json.load(answer)["data"]["result"]

        wait_for(is_read, TO_BE_READ, f"port {port} to be read")

    def write_targets(self):
        groups = [{"targets": [f"127.0.0.1:{port}"], "labels": {"job": job}} for port, job in self.targets.items()]
        path = self.folder / "targets.json"
        # Renamed: Prometheus must not read half of it.
        path.with_suffix(".new").write_text(json.dumps(groups))
        path.with_suffix(".new").rename(path)

    def __enter__(self):
        notebook = self.notebook

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                notebook.note(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.webhook = ThreadingHTTPServer(("127.0.0.1", WEBHOOK), Handler)
        threading.Thread(target=self.webhook.serve_forever, daemon=True).start()
        self.run(
            "prometheus-alertmanager",
            "--config.file=alertmanager.yml",
            "--storage.path=alertmanager",
            f"--web.listen-address=127.0.0.1:{ALERTMANAGER}",
            "--cluster.listen-address=",
        )
        self.run(
            "prometheus",
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=prometheus",
            f"--web.listen-address=127.0.0.1:{PROMETHEUS}",
        )
        wait_for(lambda: answers(f"http://127.0.0.1:{PROMETHEUS}/-/ready"), 120, "Prometheus")
        wait_for(lambda: answers(f"http://127.0.0.1:{ALERTMANAGER}/-/ready"), 120, "Alertmanager")
        return self

    def run(self, *command):
        log = open(self.log, "a")
        self.processes.append(subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log))

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=20)
        self.webhook.shutdown()


def alertmanager_settings(incidents):
    """One message an alarm, at once: the real settings wait ten seconds for others to group with. What calls for somebody
    because a service is gone also goes to `filrouge incident listen`, at the port `incidents`."""

    def receiver(name, port):
        return {"name": name, "webhook_configs": [{"url": f"http://127.0.0.1:{port}/", "send_resolved": True}]}

    return json.dumps(
        {
            "route": {
                "receiver": "page",
                "group_by": ["..."],
                "group_wait": "0s",
                "group_interval": "1s",
                "repeat_interval": "1h",
                "routes": [
                    {"receiver": "incidents", "matchers": ['alertname="ServiceAbsent"'], "continue": True},
                    {"receiver": "page"},
                ],
            },
            "receivers": [receiver("page", WEBHOOK), receiver("incidents", incidents)],
        }
    )


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def happens(condition, seconds):
    """Waits until the condition holds; False when it does not in that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def wait_for(condition, seconds, what):
    if not happens(condition, seconds):
        raise RuntimeError(f"{what}: not in {seconds} s")
