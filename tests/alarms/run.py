#!/usr/bin/env python3
"""Fires every alarm on the real services, then waits until it is silent again.

run.py [--program PATH] [--only WORDS] [--out FOLDER] plays each fault of plays.py on a temporary state, with Debian's Prometheus and
Alertmanager on a shortened clock: scrapes and evaluations every second, the waits and windows of docker/alerts.yaml
made short (clock.py). A webhook notes what rings. A play holds when each alarm that it must ring did, when no other rang but those that it
may, and when all are silent once the fault is mended. The run fails when a play does not hold, or when an alarm of
docker/alerts.yaml was never rung. FOLDER gets alarms.md, the table of the times, and alarms.log."""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from plays import plays
from watch import Watch, happens
from world import Load, World, port_of

ROOT = Path(__file__).resolve().parents[2]
# The state was left alone for so long: longer than any alarm on an age.
HOURS_ALONE = 50
# Seconds. Some alarms end with the longest window, others with what they stay for.
RUNG_WITHIN = 90
SILENT_WITHIN = 120


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", help="a `filrouge` that is built already, instead of building it")
    parser.add_argument("--only", default="", help="the plays whose name has these words; every alarm need not ring then")
    parser.add_argument("--out", type=Path, help="the folder of the report; a temporary one if not given")
    parser.add_argument("--state", type=Path, help="a state that was made in the past, to be copied instead of made")
    arguments = parser.parse_args()

    missing = [name for name in ("prometheus", "prometheus-alertmanager") if not shutil.which(name)]
    if missing:
        sys.exit(f"not played: {', '.join(missing)}; apt-get install {' '.join(missing)}")

    out = arguments.out or Path(tempfile.mkdtemp(prefix="alarms-"))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="filrouge-alarms-") as folder:
        outcomes = run(arguments, Path(folder), out)
    sys.exit(report(outcomes, out, whole=not arguments.only))


def run(arguments, folder, out):
    rules = (ROOT / "docker/alerts.yaml").read_text()
    world = World(arguments.program or built_program(), ROOT, folder, out / "alarms.log")
    say("a state is made in the past")
    if arguments.state:
        shutil.copytree(arguments.state, world.state)
    else:
        world.made_in_the_past(HOURS_ALONE)

    world.hold_writing()
    world.city_plays((2 * HOURS_ALONE, "feed_down", {"path": "/v1/archive"}))
    outcomes = []
    with Watch(folder / "watch", rules, out / "alarms.log") as watch, Load(world) as load:
        try:
            for service in ("city", "data-api", "model-api", "web", "refresh"):
                world.start(service)
                watch.scrape(service, port_of(service))
            for play in plays(world, watch, load):
                if arguments.only in play.name:
                    outcomes.append(perform(play, watch))
        finally:
            world.stop_all()
    return outcomes


def built_program():
    """The `filrouge` program: started by itself, it receives the signal that stops it."""
    build = ["cargo", "build", "--quiet", "--message-format=json-render-diagnostics", "-p", "filrouge"]
    printed = subprocess.run(build, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    messages = map(json.loads, printed.splitlines())
    return [message["executable"] for message in messages if message.get("executable")][-1]


def perform(play, watch):
    """Does the harm, waits for its alarms, mends it, waits for silence; gives the times and what went wrong."""
    start = harmed = time.monotonic()
    notebook, faults = watch.notebook, []

    def rung():
        """The alarms of this play, and when each began; one that rang before it counts from its start."""
        before = {alarm.name: 0.0 for alarm, at in notebook.now() if at < start}
        return before | {alarm.name: at - start for at, alarm in reversed(notebook.since(start))}

    try:
        with play.fault():
            if not happens(lambda: play.rings <= rung().keys(), RUNG_WITHIN):
                faults.append(f"did not ring: {words(play.rings - rung().keys())}")
            times = rung()
            harmed = time.monotonic()
        if not happens(lambda: notebook.names() <= play.leaves, SILENT_WITHIN):
            faults.append(f"still rings: {words(map(str, notebook.ringing))}")
    # One fault that cannot be played must not hide the others.
    except (Exception, SystemExit) as error:
        faults.append(f"could not be played: {error!r}")
        times = rung()

    odd = rung().keys() - play.rings - play.may
    if odd:
        faults.append(f"must not ring: {words(odd)}")
    silent = time.monotonic() - harmed
    say(f"{'holds' if not faults else 'FAULT'}  {play.name} ({time.monotonic() - start:.0f} s)", *faults)
    return play, times, silent, faults


def words(names):
    return ", ".join(sorted(names))


def report(outcomes, out, whole):
    rows = [
        [play.name, alarm, f"{at:.1f} s".replace(".", ","), f"{silent:.1f} s".replace(".", ","), "; ".join(faults) or "tient"]
        for play, rung, silent, faults in outcomes
        for alarm, at in (sorted((name, at) for name, at in rung.items() if name in play.rings) or [("aucune", 0.0)])
    ]
    header = ["Défaut joué", "Alarme", "Sonne après", "Silence après réparation", "Verdict"]
    lines = [header, ["---"] * len(header), *rows]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    (out / "alarms.md").write_text(table + "\n")
    print(table)

    declared = set(re.findall(r"- alert: (\S+)", (ROOT / "docker/alerts.yaml").read_text()))
    rung = {alarm for play, rung, _, _ in outcomes for alarm in rung if alarm in play.rings}
    faults = [fault for *_, found in outcomes for fault in found]
    never = sorted(declared - rung) if whole else []
    if never:
        faults.append(f"never rung: {', '.join(never)}")
    print(f"\n{len(rung)} alarms rung and silenced of {len(declared)}, {len(outcomes)} faults played")
    return "\n".join(faults) or 0


def say(*lines):
    print("\n  ".join(lines), flush=True)


if __name__ == "__main__":
    main()
