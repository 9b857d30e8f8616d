"""Which share of the lines of `model` and `train` their own tests run.

run.py [--lowest 85] builds the tests with the compiler's own instrumentation, runs those of the two crates, prints a line a
file, and fails under the lowest share. It needs the reader of profiles: cargo install llvm_profparser --features cli.
Lines of tests are not counted."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CRATES = ["model", "train"]
LINE = re.compile(r"^ *(\d+)\| *(\d*)\|(.*)$")


def test_programs(environment):
    """The test programs of the two crates, and the folder where cargo would run each. The whole workspace is built: its
    features are those of every other command."""
    build = ["cargo", "test", "--workspace", "--no-run", "--message-format=json-render-diagnostics"]
    printed = subprocess.run(build, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    for message in map(json.loads, printed.splitlines()):
        folder = Path(message.get("manifest_path", "")).parent
        if message.get("executable") and folder.parent.name == "crates" and folder.name in CRATES:
            yield message["executable"], folder


def shown(programs, profiles):
    """What the reader prints: each file's name, then its lines with the number of times that each was run."""
    command = ["cov", "show"]
    for name, values in (("--object", programs), ("--instr-profile", profiles)):
        command += [part for value in values for part in (name, str(value))]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


def lines_run(report):
    """File, lines that can run, lines that did; the tests of a file, at its end, are not counted."""
    counted, path, is_test, before = {}, None, False, ""
    for text in report.splitlines():
        line = LINE.match(text)
        if line is None:
            path, is_test = (text or path), False
        elif path:
            _, hits, source = line.groups()
            is_test = is_test or (before, source) == ("#[cfg(test)]", "mod tests {")
            before = source
            if hits and not is_test:
                lines = counted.setdefault(path, [0, 0])
                lines[0] += 1
                lines[1] += int(hits) > 0
    return counted


def is_measured(path):
    return any(f"crates/{crate}/src/" in path for crate in CRATES) and Path(path).stem != "tests"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lowest", type=float, default=85.0, help="per cent of the lines of each crate")
    lowest = parser.parse_args().lowest
    wrapper = ROOT / "tests/coverage/instrumented"
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RUSTC_WORKSPACE_WRAPPER": str(wrapper), "LLVM_PROFILE_FILE": f"{folder}/build-%m.raw"}
        programs = list(test_programs(environment))
        for number, (program, where) in enumerate(programs):
            environment["LLVM_PROFILE_FILE"] = f"{folder}/{number}.profraw"
            subprocess.run([program, "--quiet"], cwd=where, env=environment, stdout=sys.stderr, check=True)
        report = shown([program for program, _ in programs], sorted(Path(folder).glob("*.profraw")))
    files = {path: lines for path, lines in lines_run(report).items() if is_measured(path)}
    for path, (all_lines, run) in sorted(files.items()):
        print(f"{100 * run / all_lines:5.1f} %  {run:5} / {all_lines:<5}  {os.path.relpath(path, ROOT)}")
    too_low = False
    for crate in CRATES:
        of_crate = [lines for path, lines in files.items() if f"crates/{crate}/src/" in path]
        all_lines, run = (sum(column) for column in zip(*of_crate))
        share = 100 * run / all_lines
        too_low |= share < lowest
        print(f"{share:5.1f} %  {run:5} / {all_lines:<5}  {crate} (at least {lowest:.0f} %)")
    sys.exit(too_low)


if __name__ == "__main__":
    main()
