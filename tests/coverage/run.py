#!/usr/bin/env python3
"""Share of the lines of our crates that their tests run.

run.py [CRATE…]   builds the tests with the compiler's own instrumentation, runs those of these crates (unless told:
`model`, `train` and what they are built from), and prints a line a crate. Fails when a crate with a target is under it,
or when docs/modele-tests.md tells another figure of it; --write writes the figures there; --files prints a line a file.

Lines of tests are not counted. The reader of profiles is that of the compiler's LLVM: without it, exits with 77."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs/modele-tests.md"
# Not `onnx-runtime`: how much of it runs depends on whether the library is there already.
CRATES = ["model", "train", "types", "storage", "dataset", "city"]
# Per cent of the lines.
TARGETS = {"model": 85, "train": 85}
# Some tests draw their cases at random, so that a few lines are run once and not the next time.
TOLERANCE = 1.0


def printed(*command, **options):
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, **options).stdout


def reader():
    """The folder of llvm-cov and llvm-profdata: rustup's component, else Debian's package of the same version."""
    version = re.search(r"LLVM version: (\d+)", printed("rustc", "--version", "--verbose")).group(1)
    of_rustup = Path(printed("rustc", "--print", "sysroot").strip()).glob("lib/rustlib/*/bin")
    for folder in [*of_rustup, Path(f"/usr/lib/llvm-{version}/bin")]:
        if (folder / "llvm-cov").exists():
            return folder
    print(f"not played: llvm-cov {version}; rustup component add llvm-tools, or apt-get install llvm-{version}", file=sys.stderr)
    sys.exit(77)


def package(crate):
    return re.search(r'^name = "(.+)"$', (ROOT / "crates" / crate / "Cargo.toml").read_text(), re.MULTILINE).group(1)


def test_programs(crates, environment):
    """The test programs of these crates, and the folder where cargo would run each. Their dependencies have the
    features of every other command, and are not built again."""
    build = ["cargo", "test", "--no-run", "--message-format=json-render-diagnostics"]
    build += [part for crate in crates for part in ("--package", package(crate))]
    for message in map(json.loads, printed(*build, env=environment).splitlines()):
        if message.get("executable") and message["profile"]["test"]:
            yield message["executable"], Path(message["manifest_path"]).parent


def play(program, where, environment):
    """Runs the tests of a program. When all that fails says what it lacks, nothing was played: exits with 77."""
    run = subprocess.run([program, "--quiet"], cwd=where, env=environment, stdout=subprocess.PIPE, text=True)
    sys.stderr.write(run.stdout)
    if run.returncode == 0:
        return
    missing = re.findall(r"^not played: .+", run.stdout, re.MULTILINE)
    failed = re.search(r"^test result: FAILED\..* (\d+) failed", run.stdout, re.MULTILINE)
    if missing and failed and len(missing) == int(failed.group(1)):
        print(missing[0], file=sys.stderr)
        sys.exit(77)
    sys.exit(f"{program}: exit code {run.returncode}")


def lines_run(programs, profiles, llvm):
    """For each file, each line that can run, and whether it did."""
    merged = profiles / "merged.profdata"
    subprocess.run([llvm / "llvm-profdata", "merge", "--sparse", "-o", merged, *profiles.glob("*.profraw")], check=True)
    objects = [part for program in programs for part in ("--object", program)]
    export = [llvm / "llvm-cov", "export", "--format=lcov", "--skip-functions", "--instr-profile", merged, *objects]

    lines, path = defaultdict(dict), None
    for record in printed(*export).splitlines():
        key, _, value = record.partition(":")
        if key == "SF":
            path = Path(value)
        elif key == "DA":
            number, count = map(int, value.split(",")[:2])
            lines[path][number] = count > 0
    return lines


def without_tests(path, lines):
    """The lines above the tests that a file may end with."""
    source = path.read_text().splitlines()
    heads = (number for number, pair in enumerate(zip(source, source[1:]), 1) if pair == ("#[cfg(test)]", "mod tests {"))
    end = next(heads, len(source) + 1)
    return {number: is_run for number, is_run in lines.items() if number < end}


def crate_of(path):
    """The crate of a file that is measured: not a test, not a dependency."""
    parts = path.relative_to(ROOT).parts if path.is_relative_to(ROOT) else ()
    is_measured = parts[:1] == ("crates",) and parts[2] == "src" and path.stem != "tests" and "tests" not in parts
    return parts[1] if is_measured else None


def share(files):
    """Lines that can run, and the per cent of them that did."""
    lines = [is_run for of_file in files for is_run in of_file.values()]
    return len(lines), 100 * sum(lines) / max(len(lines), 1)


def measured(crates, environment):
    """The files of these crates, each with its lines."""
    llvm = reader()
    with tempfile.TemporaryDirectory() as folder:
        environment |= {"RUSTC_WORKSPACE_WRAPPER": str(ROOT / "tests/coverage/instrumented")}
        # What build scripts and macros write is no measure.
        environment |= {"LLVM_PROFILE_FILE": os.devnull}
        programs = list(test_programs(crates, environment))
        # The programs that tests start write there too; two of them at once share no file.
        environment |= {"LLVM_PROFILE_FILE": f"{folder}/%p-%m.profraw"}
        for program, where in programs:
            play(program, where, environment)
        lines = lines_run([program for program, _ in programs], Path(folder), llvm)
    return {path: without_tests(path, of_file) for path, of_file in lines.items() if crate_of(path) in crates}


def table(shares):
    rows = ["| Crate | Lignes qui peuvent s’exécuter | Part exécutée par les tests | Visée |", "| --- | --- | --- | --- |"]
    for crate, (count, per_cent) in shares.items():
        target = f"{TARGETS[crate]}\u00a0%" if crate in TARGETS else "aucune"
        rows.append(f"| `{crate}` | {count} | {per_cent:.1f}\u00a0% | {target} |".replace(".", ","))
    return "\n".join(rows)


def written():
    """The shares that the report tells."""
    rows = re.findall(r"^\| `(.+?)` \| \d+ \| (\d+,\d)\u00a0% \|", REPORT.read_text(), re.MULTILINE)
    return {crate: float(per_cent.replace(",", ".")) for crate, per_cent in rows}


def write(shares):
    before, _, rest = REPORT.read_text().partition("<!-- couverture -->")
    _, _, after = rest.partition("<!-- /couverture -->")
    REPORT.write_text(f"{before}<!-- couverture -->\n{table(shares)}\n<!-- /couverture -->{after}")


def faults(shares):
    told = written()
    for crate, target in TARGETS.items():
        if crate not in shares:
            continue
        _, per_cent = shares[crate]
        if per_cent < target:
            yield f"{crate}: {per_cent:.1f} % of its lines, the target is {target} %"
        if abs(per_cent - told.get(crate, 0)) > TOLERANCE:
            yield f"{crate}: {per_cent:.1f} % of its lines, {REPORT.name} tells {told.get(crate, 'nothing')}: run.py --write"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("crates", nargs="*", metavar="CRATE", help="a folder of crates/")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/modele-tests.md")
    parser.add_argument("--files", action="store_true", help="print a line a file")
    arguments = parser.parse_args()
    crates = arguments.crates or CRATES

    files = measured(crates, dict(os.environ))
    if arguments.files:
        for path in sorted(files):
            count, per_cent = share([files[path]])
            print(f"{per_cent:5.1f} %  of {count:5} lines  {path.relative_to(ROOT)}")
    shares = {crate: share(lines for path, lines in files.items() if crate_of(path) == crate) for crate in crates}
    for crate, (count, per_cent) in shares.items():
        target = f"at least {TARGETS[crate]} %" if crate in TARGETS else "no target"
        print(f"{per_cent:5.1f} %  of {count:5} lines  {crate} ({target})")
    if arguments.write:
        write(shares)
    sys.exit("\n".join(faults(shares)) or 0)


if __name__ == "__main__":
    main()
