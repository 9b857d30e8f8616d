"""The bicycle counters of Paris as a station-hour data set: paris.py COUNTERS CALENDAR OUT.parquet, where COUNTERS holds the
hourly counts (Ville de Paris) and the three-hourly weather of Orly (Météo-France), CALENDAR the holidays."""

import sys

import polars as pl

COUNTS, WEATHER = "train_2020-09_2021-08.parquet", "synop_orly_3h_external_data.csv"


def weather(path):
    """One row an hour: numbers on straight lines between two readings, rain spread over the three hours it fell in."""
    read = pl.read_csv(path, infer_schema_length=None, null_values=["", "nan"]).select(
        hour=pl.col("date").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", time_zone="UTC"),
        temperature_c=pl.col("t").cast(pl.Float64) - 273.15,
        relative_humidity_pct=pl.col("u").cast(pl.Float64),
        wind_speed_kmh=pl.col("ff").cast(pl.Float64) * 3.6,
        precipitation_mm=pl.col("rr3").cast(pl.Float64).clip(lower_bound=0.0) / 3,
    ).unique("hour").sort("hour")
    hours = read.upsample("hour", every="1h")
    straight = [pl.col(name).interpolate() for name in ("temperature_c", "relative_humidity_pct", "wind_speed_kmh")]
    return hours.with_columns(*straight, pl.col("precipitation_mm").fill_null(strategy="backward", limit=2))


def calendar(folder, hours):
    """Holidays of each hour, by its date in Paris."""
    public = pl.read_csv(f"{folder}/jours_feries_metropole.csv")["date"].to_list()
    school = pl.read_csv(f"{folder}/vacances_scolaires.csv").filter(pl.col("vacances_zone_c"))["date"].to_list()
    date = pl.col("hour").dt.convert_time_zone("Europe/Paris").dt.strftime("%Y-%m-%d")
    return hours.select("hour", is_public_holiday=date.is_in(public), is_school_holiday=date.is_in(school))


def main(folder, holidays, out):
    counts = pl.read_parquet(f"{folder}/{COUNTS}").select(
        station_id=pl.col("counter_id").cast(pl.String),
        hour=pl.col("date").dt.cast_time_unit("us").dt.replace_time_zone("UTC").dt.truncate("1h"),
        departures=pl.col("bike_count").round().cast(pl.Int64),
    )
    counts = counts.group_by("station_id", "hour").agg(pl.col("departures").sum())
    joined = counts.join(weather(f"{folder}/{WEATHER}"), on="hour", how="left")
    joined = joined.join(calendar(holidays, joined.select("hour").unique()), on="hour", how="left")
    joined.sort("station_id", "hour").write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:4])
