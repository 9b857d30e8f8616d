#!/usr/bin/env python3
"""Plays the workflows of .github/workflows, for each thing that starts them, on this machine.

run.py [FOLDER] [--only START…]   plays every scenario, or those whose name begins so. What each one printed, and the
artifacts that jobs handed on, go to FOLDER (var/workflows unless told).

`act` reads the very files that the forge reads, and runs their steps here, without a container. A few actions of the
forge have stand-ins in tests/workflows/actions. A scenario fails when a job does not end as expected, or when the
folder of the run does not hold the trace of the work itself. Heavy jobs follow the small profile of .ci/jobs.toml:
`.ci/run` plays them whole. Exits with 77 when `act` is missing: it was not played."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from forge import Forge

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github/workflows"
STAND_INS = ROOT / "tests/workflows/actions"
THROW_AWAY = ROOT / "tests/throw-away"
FIRST_VERSION = ROOT / "tests/delivery/first-version"
# The kinds of machine that the workflows ask for: all of them are this one.
MACHINES = ["ubuntu-24.04", "debian-12", "production"]
# The name of a branch that did not exist before.
NO_COMMIT = "0" * 40
# Seconds: a new branch plays every page in a browser, whole.
LONGEST = 2_700


@dataclass
class Scenario:
    """A thing that happens on the forge, and how the jobs of a workflow have to end."""

    name: str
    workflow: str
    event: str
    payload: dict
    expected: dict
    inputs: dict = field(default_factory=dict)
    # Words that the log of a job has to hold.
    told: dict = field(default_factory=dict)
    # True to start from the data set of another scenario, rather than collect one again.
    collects: bool = True
    # True to play in a copy of the repository that has a version to release, and to deliver it to a bare repository.
    releases: bool = False
    # Branches and tags that the bare repository holds afterwards.
    delivered: list = field(default_factory=list)


def jobs_of(workflow):
    """The names of the jobs of a workflow, in their order."""
    text = (WORKFLOWS / f"{workflow}.yml").read_text().split("\njobs:\n")[1]
    return re.findall(r"^  ([\w-]+):$", text, re.MULTILINE)


def all_of(workflow, result="success", **others):
    return {job: others.get(job.replace("-", "_"), result) for job in jobs_of(workflow)}


def git(*arguments, **options):
    return subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, **options).stdout.strip()


def commit_before(changed):
    """A commit from which HEAD differs by one file. Git keeps it as a loose object, which no branch names."""
    with tempfile.TemporaryDirectory() as work:
        index = {**os.environ, "GIT_INDEX_FILE": f"{work}/index"}
        git("read-tree", "HEAD", env=index)
        git("rm", "--quiet", "--cached", changed, env=index)
        tree = git("write-tree", env=index)
    identity = {"GIT_AUTHOR_NAME": "essai", "GIT_AUTHOR_EMAIL": "essai@localhost"}
    identity |= {"GIT_COMMITTER_NAME": "essai", "GIT_COMMITTER_EMAIL": "essai@localhost"}
    return git("commit-tree", tree, "-m", "before", env={**os.environ, **identity})


def alarm():
    """The event that the forge hands to a workflow, after `filrouge model dispatch` has asked it for a training."""
    return {"action": "model-drift", "client_payload": {"metrics": ["system_residual"], "source": "alertmanager"}}


def scenarios():
    main = {"ref": "refs/heads/main"}
    few = {"rows": "80000", "unseen_days": "21"}
    concerned = {"plan", "dependencies", "workflows", "tests", "openapi", "chains", "verdict"}
    of_a_specification = {job: "success" if job in concerned else "skipped" for job in jobs_of("ci")}

    return [
        Scenario("model-alarm", "model", "repository_dispatch", alarm(), all_of("model")),
        Scenario(
            "model-by-hand", "model", "workflow_dispatch", main, all_of("model"), few,
            {"train": ["--days 21", "--budget 60000"]}, collects=False,
        ),
        Scenario("model-schedule", "model", "schedule", main, all_of("model"), collects=False),
        Scenario("ci-push-new-branch", "ci", "push", {**main, "before": NO_COMMIT}, all_of("ci")),
        Scenario(
            "ci-push-specification", "ci", "push",
            {**main, "before": commit_before("api-spec/data-api.openapi.json")}, of_a_specification,
        ),
        Scenario("docs-by-hand", "docs", "workflow_dispatch", main, all_of("docs")),
        Scenario("nightly-schedule", "nightly", "schedule", main, all_of("nightly")),
        Scenario(
            "release-by-hand", "release", "workflow_dispatch", main, all_of("release"), {"version": version()},
            releases=True, delivered=[f"refs/heads/release/v{version()}", f"refs/tags/v{version()}"],
        ),
        Scenario(
            "release-push", "release", "push", {**main, "before": NO_COMMIT},
            all_of("release", package="skipped", deliver="skipped"), releases=True,
        ),
        Scenario(
            "production-promote", "production", "workflow_dispatch", main, all_of("production", rollback="skipped"),
            {"action": "promote", "version": version()}, {"promote": ["is signed by", "and whole"]},
        ),
        Scenario(
            "production-rollback", "production", "workflow_dispatch", main, all_of("production", promote="skipped"),
            {"action": "rollback"}, {"rollback": ["a rollback would put back"]},
        ),
    ]


def version():
    return re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]


def stand_ins(workflow):
    """The options that put a folder of ours in the place of each action of the forge."""
    text = (WORKFLOWS / f"{workflow}.yml").read_text()
    for action in sorted(set(re.findall(r"uses: ([\w-]+/[\w-]+@[0-9a-f]{40})", text))):
        name = action.split("/")[1].split("@")[0]
        yield from ("--local-repository", f"{action}={STAND_INS / name}")


def command(scenario, folder, run, forge, artifacts):
    event = folder / f"{scenario.name}.event.json"
    inputs = {"inputs": scenario.inputs} if scenario.event == "workflow_dispatch" else {}
    event.write_text(json.dumps(scenario.payload | inputs))
    words = [THROW_AWAY, FIRST_VERSION] if scenario.releases else []
    words += ["act", scenario.event, "--workflows", WORKFLOWS / f"{scenario.workflow}.yml", "--eventpath", event]
    for machine in MACHINES:
        words += ["--platform", f"{machine}=-self-hosted"]
    words += ["--no-cache-server", "--no-skip-checkout", "--json"]
    words += ["--concurrent-jobs", "1", *stand_ins(scenario.workflow), *forge.words()]

    environment = {"CHECKED_OUT": ROOT, "ARTIFACTS": artifacts, "GITHUB_RUN_ID": run, "FILROUGE_CI_SMALL": "1"}
    collected = folder / "artifacts/model-alarm/after-data-test/station_hours.parquet"
    if not scenario.collects and collected.exists():
        environment["FILROUGE_DATASET"] = collected
    inherited = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "CARGO_TARGET_DIR", "CARGO_INCREMENTAL"]
    inherited += [name for name in os.environ if name.startswith("FILROUGE_") and name != "FILROUGE_RUN"]
    environment |= {name: os.environ[name] for name in inherited if name in os.environ}
    for name, value in environment.items():
        words += ["--env", f"{name}={value}"]
    return [str(word) for word in words]


class NotPlayed(Exception):
    """A tool or a right is missing, which the text names."""


def act(scenario, folder, words):
    """Runs the workflow: the result of each job."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    played = subprocess.run(words, cwd=ROOT, text=True, timeout=LONGEST, **pipes)
    if played.returncode == 77:
        raise NotPlayed(played.stdout.strip())
    results, lines = {}, []
    for line in played.stdout.splitlines():
        if not line.startswith("{"):
            lines.append(line)
            continue
        message = json.loads(line)
        lines.append(f"{message.get('jobID', '')}: {message.get('msg', '').rstrip()}")
        if "jobResult" in message:
            results[message["jobID"]] = message["jobResult"]
    (folder / f"{scenario.name}.log").write_text("\n".join(lines) + "\n")
    return results


def traces(artifacts, run):
    """What the jobs themselves left in the folder of the run: the result of each, and their logs."""
    results, logs = {}, {}
    places = [ROOT / "var/runs" / run, *artifacts.glob("*")]
    for place in places:
        record = place / "jobs.jsonl"
        for line in record.read_text().splitlines() if record.exists() else []:
            played = json.loads(line)
            results[played["job"]] = played["result"]
        for log in place.glob("*.log"):
            logs[log.stem] = log.read_text()
    return results, logs


def faults(scenario, folder):
    """One sentence for each thing that did not go as expected."""
    run = f"act-{scenario.name}-{os.getpid()}"
    artifacts = folder / "artifacts" / scenario.name
    # Apart from the repository, whose copy is gone afterwards with all that it holds.
    with tempfile.TemporaryDirectory(prefix="filrouge-forge-") as work:
        forge, handed_on = Forge(Path(work)), Path(work) / "artifacts"
        results = act(scenario, folder, command(scenario, folder, run, forge, handed_on))
        if forge.references() != scenario.delivered:
            yield f"the repository of the forge holds {forge.references()}"
        if handed_on.exists():
            artifacts.parent.mkdir(exist_ok=True)
            shutil.move(handed_on, artifacts)
    played, logs = traces(artifacts, run)
    shutil.rmtree(ROOT / "var/runs" / run, ignore_errors=True)

    for job, expected in scenario.expected.items():
        ended = results.get(job, "skipped")
        if ended != expected:
            yield f"{job}: {ended}, not {expected}"
        elif expected == "success" and job not in ("plan", "verdict") and played.get(job) != "passed":
            yield f"{job}: the forge says success, and the run folder {played.get(job, 'nothing')}"
    for job, words in scenario.told.items():
        yield from (f"{job}: its log does not hold `{word}`" for word in words if word not in logs.get(job, ""))


def main():
    parser = argparse.ArgumentParser(description="Plays the workflows on this machine.")
    parser.add_argument("folder", nargs="?", default=ROOT / "var/workflows", type=Path)
    parser.add_argument("--only", nargs="+", default=[""], metavar="START", help="scenarios whose name begins so")
    options = parser.parse_args()
    if missing := [tool for tool in ["act", "minisign"] if shutil.which(tool) is None]:
        print(f"not played: {', '.join(missing)}; .ci/install", file=sys.stderr)
        sys.exit(77)

    folder = options.folder.resolve()
    shutil.rmtree(folder / "artifacts", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    counts = Counter()
    for scenario in scenarios():
        if scenario.name.startswith(tuple(options.only)):
            counts[played(scenario, folder)] += 1

    print(f"{counts['ok']} passed, {counts['FAILED']} failed, {counts['not played']} not played")
    sys.exit(1 if counts["FAILED"] or not counts else 77 if counts["not played"] else 0)


def played(scenario, folder):
    """Plays a scenario and tells how it ended."""
    started = time.monotonic()
    try:
        wrong = list(faults(scenario, folder))
        verdict = "FAILED" if wrong else "ok"
    except NotPlayed as error:
        wrong, verdict = [str(error)], "not played"
    print(f"{verdict}: {scenario.name}, {time.monotonic() - started:.0f} s", flush=True)
    for sentence in wrong:
        print(f"  {sentence}; see {folder / scenario.name}.log", flush=True)
    return verdict


if __name__ == "__main__":
    main()
