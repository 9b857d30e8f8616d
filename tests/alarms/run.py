#!/usr/bin/env python3
"""Fires every alarm on the real services, then waits until it is silent again.

run.py [--program PATH] [--only WORDS] [--out FOLDER] plays each fault of plays.py, with Debian's Prometheus and Alertmanager on
a shortened clock: scrapes and evaluations every second, the waits and windows of docker/alerts.yaml made short (clock.py). A
webhook notes what rings. A play holds when each alarm that it must ring did, and fell silent once the fault was mended. The run
fails when a play does not hold, when an alarm rang that no fault under way explains, when an alarm of docker/alerts.yaml was
never rung, or when one still rings at the end. All plays go on whatever became of the others. FOLDER gets alarms.md, the
tables, written anew after each play, and alarms.log.

Everything waits for what it needs and no longer: a slow machine takes longer, and the run says the same."""

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from plays import HOURS_ALONE, NOT_THERE_YET, Play, apart, of_the_case, of_the_twin
from watch import Watch, happens
from world import Stage, repeated

ROOT = Path(__file__).resolve().parents[2]
# Seconds. Nothing is judged by them: they end a run that hangs.
RUNG_WITHIN = 300
SILENT_WITHIN = 300
# What a fault may ring it may still ring so long after its end: a window that slides, a service that comes back.
AFTERMATH = 60


@dataclass
class Outcome:
    """How one fault went: seconds from the harm to each alarm, seconds from the mending to silence."""

    play: Play
    began: float
    ended: float = 0.0
    rung: dict = field(default_factory=dict)
    silent: float = 0.0
    faults: list = field(default_factory=list)

    def explains(self, at, alarm):
        ends = self.ended or float("inf")
        return self.began <= at <= ends + AFTERMATH and alarm.is_one_of(self.play.rings | self.play.may)


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
        stage = Stage(arguments.program or built_program(), ROOT, Path(folder), out / "alarms.log")
        run = Run(stage, arguments, out / "alarms.md")
        run.play()
    sys.exit(run.told())


class Run:
    def __init__(self, stage, arguments, report):
        self.stage, self.arguments, self.report = stage, arguments, report
        # What is wrong with the whole, beside what is wrong with each play.
        self.outcomes, self.faults = [], []
        self.start, self.lock = time.monotonic(), threading.Lock()

    def play(self):
        """Plays the three rows side by side, then looks at the whole."""
        stage = self.stage
        # The first ports are those of the case.
        case, twin, copy = stage.world("case"), stage.world("twin"), stage.world("copy")
        rules = (ROOT / "docker/alerts.yaml").read_text()
        with Watch(stage.folder / "watch", rules, stage.log, incidents=case.port("incidents")) as stage.watch:
            try:
                self.at_once([lambda: self.row(apart(stage)), lambda: self.of_a_made_state(case, twin, copy)])
                self.faults += self.after_all() + self.not_gathered(case) + self.never_rung()
            finally:
                stage.end()

    def of_a_made_state(self, case, twin, copy):
        before = Outcome(NOT_THERE_YET, self.start)
        self.outcomes.append(before)
        self.say("a state is made in the past")
        if self.arguments.state:
            case.copied_from(self.arguments.state)
        else:
            case.made_in_the_past(HOURS_ALONE)
        twin.copied_from(case.state)
        copy.copied_from(case.state)
        self.say("it is made")
        case.start("incidents")

        # A person who reads pages and a program that asks the APIs, a few times a second, for the whole run.
        paths = (("web", "/"), ("data-api", "/v1/stations"), ("model-api", "/v1/model"))
        with repeated(*(case.reader(service, path) for service, path in paths)):
            rows = [ends_with_first(before, of_the_case(self.stage, case, copy)), of_the_twin(self.stage, twin)]
            self.at_once([lambda row=row: self.row(row) for row in rows])

    def row(self, acts):
        for act in acts:
            chosen = [play for play in act if play.leads or self.arguments.only in play.name]
            self.at_once([lambda play=play: self.perform(play) for play in chosen])

    def at_once(self, works):
        """Each in a thread of its own. One that breaks is told at the end, and stops no other."""

        def done(work):
            try:
                work()
            except Exception as error:
                self.faults.append(f"broke off: {error!r}")
                self.say(self.faults[-1])

        threads = [threading.Thread(target=done, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def perform(self, play):
        """Does the harm, waits for its alarms, mends it, waits for silence."""
        notebook = self.stage.watch.notebook

        def ringing():
            return [alarm for alarm in notebook.now() if alarm.is_one_of(play.rings)]

        # An alarm that another fault rang would be taken for this one's.
        happens(lambda: not ringing(), SILENT_WITHIN)
        outcome = Outcome(play, time.monotonic())
        with self.lock:
            self.outcomes.append(outcome)

        def rung():
            begun = [(at, alarm) for at, alarm in notebook.since(outcome.began) if alarm.is_one_of(play.rings)]
            firsts = {one: [at for at, alarm in begun if alarm.is_one_of({one})][:1] for one in play.rings}
            return {one: at[0] for one, at in firsts.items() if at}

        try:
            with contextlib.closing(play.fault()) as fault:
                next(fault)
                harmed = time.monotonic()
                if not happens(lambda: rung().keys() == play.rings, RUNG_WITHIN):
                    outcome.faults.append(f"did not ring: {words(play.rings - rung().keys())}")
                # One that needs no wait rings while the harm is done.
                outcome.rung = {one: max(0.0, at - harmed) for one, at in rung().items()}

                mending = time.monotonic()
                next(fault)
                if not happens(lambda: not ringing(), SILENT_WITHIN):
                    outcome.faults.append(f"still rings: {words(map(str, ringing()))}")
                outcome.silent = time.monotonic() - mending
        # One fault that cannot be played must not hide the others.
        except Exception as error:
            outcome.faults.append(f"could not be played: {error!r}")
        outcome.ended = time.monotonic()
        verdict = "FAULT" if outcome.faults else "holds"
        self.say(f"{verdict}  {play.name} ({outcome.ended - outcome.began:.0f} s)", *outcome.faults)
        # A run that is cut short leaves what it has seen.
        with self.lock:
            ended = [one for one in self.outcomes if one.ended]
            self.report.write_text(page(ended, ["l’essai n’est pas fini"]))

    def after_all(self):
        """Waits for the last silence, then tells the alarms that no fault explains."""
        notebook, faults = self.stage.watch.notebook, []
        if not happens(lambda: not notebook.now(), SILENT_WITHIN):
            faults.append(f"still ring at the end: {words(map(str, notebook.now()))}")

        for at, alarm in notebook.since(self.start):
            if not any(outcome.explains(at, alarm) for outcome in self.outcomes):
                under_way = [one.play.name for one in self.outcomes if one.began <= at <= one.ended]
                faults.append(f"must not ring: {alarm}, at {at - self.start:.0f} s; under way: {words(under_way)}")
        return faults

    def not_gathered(self, case):
        """The stops of which `filrouge incident listen` left no evidence."""
        killed = [one.play for one in self.outcomes if one.play.name.startswith("processus tué")]
        issues = [path.read_text() for path in (case.state / "incidents").glob("*/issue.md")]

        def is_told(play):
            [alarm] = play.rings
            return any(all(word in issue for word in alarm.replace("instance=", "").split()) for issue in issues)

        return [f"no incident was gathered: {play.name}" for play in killed if not is_told(play)]

    def never_rung(self):
        """The alarms that no play has rung, when all were played."""
        silent = declared() - rung_in(self.outcomes)
        return [f"never rung: {words(silent)}"] if silent and not self.arguments.only else []

    def told(self):
        """Writes and prints the report; gives every fault, or 0."""
        text = page(self.outcomes, self.faults)
        self.report.write_text(text)
        print(text)
        faults = self.faults + [f"{one.play.name}: {fault}" for one in self.outcomes for fault in one.faults]
        return "\n".join(faults) or 0

    def say(self, *lines):
        print(f"{time.monotonic() - self.start:4.0f} s  " + "\n        ".join(lines), flush=True)


def ends_with_first(before, acts):
    """The acts, the first of which starts the services: nobody watches them until then."""
    for act in acts:
        yield act
        before.ended = before.ended or time.monotonic()


def built_program():
    """The `filrouge` program: started by itself, it receives the signal that stops it."""
    build = ["cargo", "build", "--quiet", "--message-format=json-render-diagnostics", "-p", "filrouge"]
    printed = subprocess.run(build, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    messages = map(json.loads, printed.splitlines())
    return [message["executable"] for message in messages if message.get("executable")][-1]


def words(names):
    return ", ".join(sorted(names))


def declared():
    return set(re.findall(r"- alert: (\S+)", (ROOT / "docker/alerts.yaml").read_text()))


def rung_in(outcomes):
    return {one.split()[0] for outcome in outcomes for one in outcome.rung}


def page(outcomes, faults):
    """The report: what rang and when, what must not ring, what is wrong."""
    alarms = declared()
    held = rung_in(one for one in outcomes if not one.faults)
    played = [one for one in outcomes if one.play.rings]
    told = f"{len(held)} alarmes ont sonné puis se sont tues, sur {len(alarms)} ; {len(played)} défauts joués."

    times = table(
        ["Défaut joué", "Alarme", "Sonne après", "Silence, réparation comprise", "Verdict"],
        [
            [one.play.name, alarm, seconds(at), seconds(one.silent), "; ".join(one.faults) or "tient"]
            for one in played
            for alarm, at in sorted(one.rung.items()) or [("aucune", 0.0)]
        ],
    )
    silent = table(
        ["Défaut joué", "Peuvent sonner aussi", "Ne doivent pas sonner"],
        [[one.play.name, words(one.play.may) or "aucune", words(must_not(one.play, alarms))] for one in outcomes],
    )
    also = (
        "Plusieurs défauts sont joués à la fois, chacun sur ses services : une alarme est de trop quand aucun défaut en cours "
        "ne l’explique."
    )
    wrong = "\n".join(f"- {fault}" for fault in faults) or "Rien n’a sonné de trop."
    return "\n\n".join(["# Les alarmes jouées", told, times, also, silent, wrong]) + "\n"


def must_not(play, alarms):
    """The alarms that the play neither rings nor may ring."""
    return alarms - {one.split()[0] for one in play.rings | play.may}


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def seconds(duration):
    return f"{duration:.1f} s".replace(".", ",")


if __name__ == "__main__":
    main()
