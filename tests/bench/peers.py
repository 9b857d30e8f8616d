"""From trips to station-hours, zeros included, in three engines of Python: peers.py ENGINE TRIPS RESULT."""

import sys

# What an operator publishes of a trip: without an identifier, trips equal in all of it are one.
PUBLISHED = ["trip_id", "started_at", "ended_at", "start_station_id", "start_station_name", "end_station_id",
             "end_station_name", "start_latitude", "start_longitude", "end_latitude", "end_longitude",
             "duration_seconds", "rider_type"]
FIRST, AFTER = "1990-01-01", "2100-01-01"
LONGEST = 86_400


def by_pandas(trips, result):
    import pandas as pd

    frame = pd.read_parquet(trips, columns=PUBLISHED + ["started_hour"], dtype_backend="pyarrow")
    start = frame["started_at"]
    in_range = (start >= pd.Timestamp(FIRST, tz="UTC")) & (start < pd.Timestamp(AFTER, tz="UTC"))
    station = frame["start_station_id"]
    frame = frame[in_range.fillna(False) & station.notna() & (station != "").fillna(False)]
    seconds = (frame["ended_at"] - frame["started_at"]).dt.total_seconds().fillna(frame["duration_seconds"])
    frame = frame[((seconds >= 0) & (seconds <= LONGEST)).fillna(True)]
    identified = frame["trip_id"].notna()
    kept = pd.concat([
        frame[identified].drop_duplicates(["trip_id", "started_at", "start_station_id"]),
        frame[~identified].drop_duplicates(PUBLISHED),
    ])[["start_station_id", "started_hour"]]
    counts = kept.groupby(["start_station_id", "started_hour"], sort=True).size().rename("departures")
    hours = pd.date_range(kept["started_hour"].min(), kept["started_hour"].max(), freq="h", name="hour")
    # One column a station, zero where nobody left, then nothing before the first departure.
    grid = counts.unstack("start_station_id", fill_value=0)
    grid.index = pd.DatetimeIndex(grid.index)
    grid = grid.reindex(hours, fill_value=0)
    opened = grid.gt(0).cummax()
    table = grid.where(opened).stack().dropna().astype("int64").rename("departures")
    table.index.names = ["hour", "station_id"]
    table.reset_index().sort_values(["station_id", "hour"]).to_parquet(result)


def by_duckdb(trips, result):
    import duckdb

    published = ", ".join(PUBLISHED)
    duckdb.sql("SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
    duckdb.sql(f"""
        COPY (
            WITH valid AS (
                SELECT {published}, started_hour
                FROM read_parquet('{trips}')
                WHERE started_at >= TIMESTAMPTZ '{FIRST} 00:00:00+00' AND started_at < TIMESTAMPTZ '{AFTER} 00:00:00+00'
                  AND start_station_id IS NOT NULL AND start_station_id <> ''
                  AND coalesce(coalesce(
                        (epoch_us(ended_at) - epoch_us(started_at)) / 1000000.0, duration_seconds
                      ) BETWEEN 0 AND {LONGEST}, TRUE)
            ), trips AS (
                SELECT DISTINCT trip_id, started_at, start_station_id, started_hour FROM valid WHERE trip_id IS NOT NULL
            ), anonymous AS (
                SELECT DISTINCT {published}, started_hour FROM valid WHERE trip_id IS NULL
            )
            , counts AS (
                SELECT start_station_id AS station_id, started_hour AS hour, count(*) AS departures
                FROM (
                    SELECT start_station_id, started_hour FROM trips
                    UNION ALL
                    SELECT start_station_id, started_hour FROM anonymous
                )
                GROUP BY ALL
            ), stations AS (
                SELECT station_id, min(hour) AS opened FROM counts GROUP BY ALL
            ), hours AS (
                SELECT unnest(generate_series(min(hour), max(hour), INTERVAL 1 HOUR)) AS hour FROM counts
            )
            SELECT stations.station_id, hours.hour, coalesce(departures, 0) AS departures
            FROM stations
            INNER JOIN hours ON hours.hour >= stations.opened
            LEFT JOIN counts ON counts.station_id = stations.station_id AND counts.hour = hours.hour
            ORDER BY ALL
        ) TO '{result}' (FORMAT parquet)""")


def by_polars(trips, result):
    import polars as pl

    seconds = pl.coalesce(
        (pl.col("ended_at") - pl.col("started_at")).dt.total_microseconds() / 1_000_000, pl.col("duration_seconds"))
    utc = lambda day: pl.lit(day).str.to_datetime("%Y-%m-%d", time_unit="us", time_zone="UTC")
    valid = (
        pl.scan_parquet(trips)
        .filter(pl.col("started_at") >= utc(FIRST), pl.col("started_at") < utc(AFTER))
        .filter(pl.col("start_station_id").is_not_null(), pl.col("start_station_id") != "")
        .filter(seconds.is_between(0, LONGEST).fill_null(True))
    )
    keys = ["start_station_id", "started_hour"]
    identified = valid.filter(pl.col("trip_id").is_not_null())
    identified = identified.select(["trip_id", "started_at", *keys]).unique()
    anonymous = valid.filter(pl.col("trip_id").is_null()).select([*PUBLISHED, "started_hour"]).unique()
    kept = pl.concat([identified.select(keys), anonymous.select(keys)])
    counts = kept.group_by(keys).len("departures").rename({"start_station_id": "station_id", "started_hour": "hour"})
    counts = counts.collect(engine="streaming")
    hours = pl.select(hour=pl.datetime_range(counts["hour"].min(), counts["hour"].max(), "1h")).lazy()
    stations = counts.lazy().group_by("station_id").agg(opened=pl.col("hour").min())
    grid = stations.join(hours, how="cross").filter(pl.col("hour") >= pl.col("opened")).drop("opened")
    table = grid.join(counts.lazy(), on=["station_id", "hour"], how="left").with_columns(pl.col("departures").fill_null(0))
    table.sort("station_id", "hour").collect(engine="streaming").write_parquet(result)


if __name__ == "__main__":
    {"pandas": by_pandas, "duckdb": by_duckdb, "polars": by_polars}[sys.argv[1]](sys.argv[2], sys.argv[3])
