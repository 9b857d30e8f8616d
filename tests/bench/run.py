"""Runs every engine on the same trips, checks that they count the same, and prints what each cost as JSON."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def measured(command):
    """Seconds elapsed and of processor, and the memory at its highest, MiB, of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command[0]} failed")
    cpu = usage.ru_utime + usage.ru_stime
    return {"seconds": round(seconds, 3), "cpu_seconds": round(cpu, 3), "peak_mib": round(usage.ru_maxrss / 1024)}


def fingerprint(path):
    """What two equal results have in common: every station-hour, zeros included, in one order and in the same types."""
    import polars as pl

    frame = pl.read_parquet(path)
    hour = pl.col("hour").cast(pl.Datetime("us", "UTC")).cast(pl.Int64)
    frame = frame.select(pl.col("station_id").cast(pl.String), hour, pl.col("departures").cast(pl.Int64))
    frame = frame.sort("station_id", "hour")
    hashes = frame.with_row_index().hash_rows(seed=0).cast(pl.UInt64)
    return {"rows": frame.height, "departures": int(frame["departures"].sum()), "hash": int(hashes.sum())}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", help="the built filrouge program")
    parser.add_argument("--fingerprint", metavar="RESULT", help="only print what a result holds")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="times that each engine runs, in turn; its fastest counts")
    parser.add_argument("--engines", default="filrouge,pandas,duckdb,polars")
    arguments = parser.parse_args()
    if arguments.fingerprint:
        return print(json.dumps(fingerprint(arguments.fingerprint)))
    with tempfile.TemporaryDirectory() as folder:
        trips = f"{folder}/trips.parquet"
        subprocess.run([sys.executable, HERE / "generate.py", trips, str(arguments.rows)], check=True)
        results, reference = {"rows": arguments.rows}, None
        for engine in arguments.engines.split(",") * arguments.rounds:
            if engine == "filrouge":
                command = [arguments.program, "aggregate", "--trips", trips, "--out", f"{folder}/clean", "--state", f"{folder}/state"]
                result = f"{folder}/clean/station_hours.parquet"
            else:
                result = f"{folder}/{engine}.parquet"
                command = [sys.executable, str(HERE / "peers.py"), engine, trips, result]
            cost = measured(command)
            results[engine] = min(cost, results.get(engine, cost), key=lambda cost: cost["seconds"])
            # In a process of its own: the memory of a child counts what its parent held when it was born.
            compared = subprocess.run([sys.executable, __file__, "--fingerprint", result], check=True, capture_output=True)
            found = json.loads(compared.stdout)
            if reference not in (None, found):
                sys.exit(f"{engine} does not count the same departures")
            reference = found
        results["station_hours"] = reference["rows"]
    print(json.dumps(results))


if __name__ == "__main__":
    main()
