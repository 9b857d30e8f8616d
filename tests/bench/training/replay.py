"""A year of production, again: at the end of each month a version learns everything before, then forecasts the next month a
day ahead. replay.py --program FILROUGE --dataset STATION_HOURS.parquet prints the skill of each month against the same
hour a week before, as JSON."""

import argparse
import json
import sys
import tempfile

import polars as pl

from program import train_and_evaluate

FEWEST_DAYS = 28


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--time-zone", default="Europe/Paris")
    parser.add_argument("--months", type=int, default=12)
    arguments = parser.parse_args()
    rows = pl.read_parquet(arguments.dataset).with_columns(month=pl.col("hour").dt.strftime("%Y-%m"))
    first = rows["hour"].min()
    hours = rows.group_by("month").agg(hours=pl.col("hour").n_unique(), start=pl.col("hour").min()).sort("month")
    months = [month for month, count, start in hours.iter_rows()
              if count >= 24 * FEWEST_DAYS and (start - first).days >= FEWEST_DAYS][-arguments.months:]
    replayed, error, last_week = {}, 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        for month in months:
            past, present = rows.filter(pl.col("month") < month), rows.filter(pl.col("month") == month)
            past.drop("month").write_parquet(f"{folder}/past.parquet")
            present.drop("month").write_parquet(f"{folder}/present.parquet")
            evaluation, _ = train_and_evaluate(arguments.program, folder, f"{folder}/past.parquet",
                                               f"{folder}/present.parquet", arguments.time_zone)
            mae, week = evaluation["mae"], evaluation["baselines"]["same_hour_last_week"]["mae"]
            replayed[month] = 1 - mae / week
            error, last_week = error + mae * evaluation["rows"], last_week + week * evaluation["rows"]
            print(month, round(replayed[month], 3), flush=True, file=sys.stderr)
    print(json.dumps({"skill": 1 - error / last_week, "worst_month": min(replayed.values()), "months": replayed}))


if __name__ == "__main__":
    main()
