#!/usr/bin/env python3
"""Plays the monitoring in its sandbox, and says what it saw.

run.py [--write] [--program PATH] starts `filrouge up --sandbox` on a folder of its own, waits for the monitoring, reads the change that the
city plays, then asks the model API and the page what they make of it, and stops everything. It fails when a change of
demand under way raises no alarm, or when the page does not show what the API answers. With --write, the report goes to
docs/essai-surveillance.md."""

import argparse
import html
import json
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs/essai-surveillance.md"
PORT_BASE = 30_080
# `up --sandbox` adds these to the first port.
SANDBOX_OFFSET = 1_000
WEB = f"http://127.0.0.1:{PORT_BASE + SANDBOX_OFFSET}"
MODEL_API = f"http://127.0.0.1:{PORT_BASE + SANDBOX_OFFSET + 2}"

KINDS = {
    "demand_shift": "la demande est multipliée par {factor}",
    "new_habit": "les départs changent d’heure",
    "frozen_sensor": "le capteur de température reste figé",
    "unit_change": "la température change d’unité",
}
METRICS = {
    "relative_error": "erreur relative",
    "relative_bias": "biais relatif",
    "hourly_dispersion": "dispersion horaire",
    "system_residual": "résidu de la demande totale",
    "coverage": "couverture de l’intervalle à 80 %",
}


def built_program():
    """The `filrouge` program: started by itself, it receives the signal that stops it."""
    build = ["cargo", "build", "--quiet", "--message-format=json-render-diagnostics", "-p", "filrouge"]
    printed = subprocess.run(build, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    messages = map(json.loads, printed.splitlines())
    return [message["executable"] for message in messages if message.get("executable")][-1]


def get(address, token=None):
    request = urllib.request.Request(address)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


def token_of(state, client):
    credentials = json.loads((state / "credentials.json").read_text())
    [secret] = [known["client_secret"] for known in credentials if known["client_id"] == client]
    form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{MODEL_API}/oauth/token", body, timeout=30) as answer:
        return json.load(answer)["access_token"]


def wait_until_ready(case, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if case.poll() is not None:
            sys.exit("`up --sandbox` ended before its first forecast")
        try:
            return get(f"{MODEL_API}/health/ready")
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    sys.exit(f"`up --sandbox` has no forecast after {seconds} s")


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def said(incident):
    return KINDS[incident["kind"]].format(factor=number(incident.get("factor"), 1))


def is_judged(incident, last_counted_hour):
    """True when the change covers half at least of the day that is judged: the last 24 counted hours."""
    end = last_counted_hour + timedelta(hours=1)
    begin = end - timedelta(hours=24)
    shared = min(end, instant(incident["until"])) - max(begin, instant(incident["from"]))
    return shared >= timedelta(hours=12)


def played(program, state):
    """What the monitoring shows of a sandbox: the incidents, the answer of the API, the page."""
    arguments = [program, "--state", str(state), "--port-base", str(PORT_BASE), "up", "--sandbox"]
    case = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL)
    own = state.with_name(state.name + "-bac")
    try:
        wait_until_ready(case, 300)
        incidents = json.loads((own / "city/incidents.json").read_text())
        monitoring = json.loads(get(f"{MODEL_API}/v1/monitoring", token_of(own, "demo")))
        return incidents, monitoring, get(f"{WEB}/monitoring")
    finally:
        case.send_signal(signal.SIGINT)
        case.wait(timeout=60)


def sentences(page):
    """The verdict and the alarms, as the page tells them."""
    verdict = re.search(r'<p class="lead">(.*?)</p>', page, re.S)
    alarms = re.findall(r'<li><span class="badge">[^<]*</span> (.*?)</li>', page, re.S)
    return [html.unescape(text).strip() for text in [verdict[1] if verdict else "", *alarms]]


def faults(incidents, monitoring, told):
    """What a monitoring that works would not leave so."""
    last = instant(monitoring["last_counted_hour"])
    changes = [one["kind"] for one in incidents if is_judged(one, last)]
    if any(kind in ("demand_shift", "new_habit") for kind in changes) and not monitoring["alarms"]:
        yield f"{changes} raised no alarm"
    if len(told) != 1 + len(monitoring["alarms"]):
        yield f"the page tells {len(told) - 1} alarms of {len(monitoring['alarms'])}"


def number(value, decimals=2):
    return "inconnu" if value is None else f"{value:.{decimals}f}".replace(".", ",").replace("-", "−")


def day(text):
    return f"{instant(text):%d/%m/%Y %H:%M} UTC"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def report(incidents, monitoring, told, moment, sources):
    last = instant(monitoring["last_counted_hour"])
    window = monitoring["window"]
    changes = [
        [day(one["from"]), day(one["until"]), said(one), "oui" if is_judged(one, last) else "pas encore"]
        for one in incidents
    ]
    alarms = [
        [METRICS.get(alarm["metric"], alarm["metric"]), number(alarm["observed"]), number(alarm["center"])]
        for alarm in monitoring["alarms"]
    ] or [["aucune", "—", "—"]]
    warnings = [one["input"] for one in monitoring["inputs"] if one["warning"]]
    return "\n".join(
        [
            "# Un essai de la surveillance en bac à sable",
            "",
            "Page écrite par `tests/sandbox/run.py --write` : ne pas la modifier à la main. La commande lance "
            "`cargo run -- up --sandbox` sur un dossier neuf, attend la surveillance, lit ce que la ville joue, puis ce "
            "que l’API du modèle et la page `/monitoring` en disent. Elle échoue quand un changement de demande ne lève "
            "aucune alarme, ou quand la page ne dit pas les alarmes de l’API.",
            "",
            f"- Date de l’essai : {moment:%d/%m/%Y à %H:%M} UTC",
            f"- Commit : {sources}",
            f"- Version du modèle : `{monitoring['model_version']}`",
            f"- Dernière heure comptée : {day(monitoring['last_counted_hour'])}",
            "",
            "## Ce que la ville joue",
            "",
            table(["Début", "Fin", "Changement", "Dans la journée jugée"], changes),
            "",
            "## Ce que répond l’API du modèle",
            "",
            f"Sur {window['rows']} prévisions des 24 dernières heures comptées : erreur absolue moyenne de "
            f"{number(window['mae'])} départ par heure et par station, biais relatif de {number(window['relative_bias'])}, "
            f"couverture de {number(window['coverage'])}.",
            "",
            table(["Alarme", "Observé", "Un jour stable"], alarms),
            "",
            "Entrées étranges : " + (", ".join(f"`{one}`" for one in warnings) or "aucune") + ".",
            "",
            "## Ce que dit la page",
            "",
            *[f"> {text}\n" for text in told],
        ]
    ).rstrip() + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/essai-surveillance.md")
    parser.add_argument("--program", help="a `filrouge` that is built already, instead of building it")
    arguments = parser.parse_args()

    moment = datetime.now(timezone.utc)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    with tempfile.TemporaryDirectory() as folder:
        incidents, monitoring, page = played(arguments.program or built_program(), Path(folder) / "var")

    told = sentences(page)
    sources = f"`{commit.stdout.strip() or 'inconnu'}`"
    # What was built elsewhere may be of another commit.
    if arguments.program:
        sources += ", avec un programme compilé à part"
    text = report(incidents, monitoring, told, moment, sources)
    print(text)
    found = list(faults(incidents, monitoring, told))
    if arguments.write and not found:
        REPORT.write_text(text)
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
