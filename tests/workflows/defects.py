#!/usr/bin/env python3
"""Plants one defect at a time in a copy of the repository, and plays the jobs of the chains: the job that guards the
thing turns red, for the reason told, and the others stay green.

defects.py [--data FOLDER] [--only START] [--whole]   FOLDER is what a run of the model's chain left: `past.parquet`,
`recent.parquet`, `stations.json`, `candidate`; without it, the jobs of the model are not played. Only defects whose name
begins so. With --whole, each defect is shown to every job; otherwise, to its own and to those that take a second.

As root, on Linux: tests/throw-away makes the copy. Exits with 77 when something is missing: it was not played."""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from forge import Forge

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "var/runs/defects"
# Set in the copy, where this program starts itself again.
IN_COPY = "FILROUGE_IN_COPY"

# The jobs, by their small profile; the first ones take a second or two.
QUICK = ["workflows", "promote"]
OF_DATA = ["evaluate", "gate"]
JOBS = [*QUICK, "tests", *OF_DATA]


@dataclass
class Defect:
    """A thing that goes wrong, and the job that has to tell."""

    name: str
    job: str
    # Words of the job when it is red.
    told: str
    # Changes the copy, and puts it back at the end of the block.
    plant: Callable


@contextlib.contextmanager
def edited(path, old, new):
    """A file of the repository with one text in the place of another."""
    file = ROOT / path
    before = file.read_text()
    assert before.count(old) == 1, f"{path} holds {before.count(old)} times: {old}"
    file.write_text(before.replace(old, new))
    yield
    file.write_text(before)


@contextlib.contextmanager
def missing(file):
    aside = file.with_name("aside")
    file.rename(aside)
    yield
    aside.rename(file)


@contextlib.contextmanager
def one_bit_changed(file):
    before = file.read_bytes()
    middle = len(before) // 2
    file.write_bytes(before[:middle] + bytes([before[middle] ^ 1]) + before[middle + 1 :])
    yield
    file.write_bytes(before)


def step_more(command):
    """One step more in a workflow."""
    last = "      - run: cargo xtask ci documents\n"
    return edited(".github/workflows/docs.yml", last, f"{last}      - run: {command}\n")


def gate(name):
    """A quality gate, as its file writes it."""
    return re.search(rf"^{name} = .*$", (ROOT / "models/demand/gates.toml").read_text(), re.MULTILINE)[0]


def defects(forge):
    unit_test = "mod tests;\n\n#[test]\nfn planted() {\n    assert_eq!(1, 2);\n}\n"
    heading, other_trigger = "## Abaisser un critère\n", "    if: github.event_name == 'release'\n"
    return [
        Defect(
            "a unit test that fails", "tests", "test planted ... FAILED",
            lambda: edited("crates/prerequisites/src/lib.rs", "mod tests;\n", unit_test),
        ),
        Defect(
            "a leak in the features", "tests", "no_demand_of_the_last_day_or_of_the_future_changes_any_feature ... FAILED",
            lambda: edited("crates/model/src/features/demand.rs", "view.mean(HORIZON_HOURS, 3)", "view.mean(0, 3)"),
        ),
        Defect(
            "a lowered gate", "gate", "no decision since",
            lambda: edited("models/demand/gates.toml", gate("lowest_skill"), "lowest_skill = -9.0"),
        ),
        Defect(
            "a figure that is not that of its gate", "workflows", "`most_bytes` is told as 9",
            lambda: edited("docs/chaines/modele.md", heading, f"{heading}\n`most_bytes` : 9\n"),
        ),
        Defect("an altered model", "evaluate", "model.onnx", lambda: one_bit_changed(RUN / "candidate/model.onnx")),
        Defect("an image without a signature", "promote", "is not signed", lambda: missing(forge.release / "SHA256SUMS.minisig")),
        Defect("an altered image", "promote", "was altered", lambda: one_bit_changed(forge.release / "NOTES.md")),
        Defect("a step that cannot fail", "workflows", "`|| true` hides a failure", lambda: step_more("cargo test || true")),
        Defect("a step that only prints", "workflows", "it only prints", lambda: step_more("echo deployed")),
        Defect(
            "a trigger that is not declared", "workflows", "waits for the trigger `release`",
            lambda: edited(".github/workflows/docs.yml", "  documents:\n", f"  documents:\n{other_trigger}"),
        ),
        Defect("a file that is not there", "workflows", "there is no `tests/nowhere/run`", lambda: step_more("tests/nowhere/run")),
    ]


def play(job):
    """True when the job is green, and what it printed."""
    words = ["cargo", "xtask", "ci", job]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode == 0, done.stdout


def told_wrong(defect, shown):
    """One sentence for each job that is not of the colour that it should have."""
    others = [job for job in shown if job != defect.job]
    with defect.plant():
        is_green, printed = play(defect.job)
        if is_green:
            yield f"{defect.job} stays green"
        elif defect.told not in printed:
            yield f"{defect.job} is red for another reason:\n{printed}"
        for job in others:
            is_green, printed = play(job)
            if not is_green:
                yield f"{job} turns red too:\n{printed}"


def play_all(options, forge):
    os.environ |= {"FILROUGE_CI_SMALL": "1", "FILROUGE_RUN": RUN.name, "FILROUGE_BASE": "HEAD"}
    os.environ |= {"FILROUGE_RELEASE": str(forge.release), "FILROUGE_PUBLIC_KEY": str(forge.public)}
    shutil.rmtree(RUN, ignore_errors=True)
    if options.data:
        shutil.copytree(options.data, RUN)

    jobs = [job for job in JOBS if options.data or job not in OF_DATA]
    for job in jobs:
        is_green, printed = play(job)
        if not is_green:
            sys.exit(f"without any defect, {job} is red:\n{printed}")
    print(f"without any defect, green: {', '.join(jobs)}", flush=True)

    counts = Counter()
    for defect in defects(forge):
        if defect.name.startswith(options.only):
            counts[shown(defect, jobs, options.whole)] += 1
    print(f"{counts['ok']} passed, {counts['FAILED']} failed, {counts['not played']} not played")
    return 1 if counts["FAILED"] or not counts else 77 if counts["not played"] else 0


def shown(defect, jobs, is_whole):
    """Shows a defect to the jobs, and tells how they took it."""
    if defect.job not in jobs:
        print(f"not played: {defect.name}; {defect.job} needs --data")
        return "not played"

    started = time.monotonic()
    wrong = list(told_wrong(defect, jobs if is_whole else QUICK))
    verdict = "FAILED" if wrong else "ok"
    told = f"{verdict}: {defect.name}, told by {defect.job}, {time.monotonic() - started:.0f} s"
    print(told, *wrong, sep="\n  ", flush=True)
    return verdict


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="what a run of the model's chain left")
    parser.add_argument("--only", default="", help="defects whose name begins so")
    parser.add_argument("--whole", action="store_true", help="show each defect to every job")
    options = parser.parse_args()

    if IN_COPY not in os.environ:
        copy = [ROOT / "tests/throw-away", *sys.argv]
        sys.exit(subprocess.run(copy, env=os.environ | {IN_COPY: "1"}).returncode)
    with tempfile.TemporaryDirectory(prefix="filrouge-forge-") as folder:
        sys.exit(play_all(options, Forge(Path(folder))))


if __name__ == "__main__":
    main()
