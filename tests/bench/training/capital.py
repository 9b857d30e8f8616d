"""A year (2011) of Capital Bikeshare, Washington, as a station-hour data set of one station: capital.py OUT.parquet. Where
the data is not at hand, writes nothing and prints why.

The data is the table `Bikeshare` of the package ISLP (PyPI, BSD licence), which has it from the UCI Machine Learning
Repository: « Bike Sharing Dataset » (https://archive.ics.uci.edu/dataset/275, licence CC BY 4.0), made by H. Fanaee-T and
J. Gama, « Event labeling combining ensemble detectors and background knowledge », Progress in Artificial Intelligence,
2013. The file is read where the package holds it: nothing of ISLP is imported, and what it depends on is not needed."""

import importlib.util
import pathlib
import sys

import polars as pl

TIME_ZONE = "America/New_York"

# WMO 4677 of the four skies: mainly clear, overcast, slight rain, heavy rain.
SKIES = {"clear": 1, "cloudy/misty": 3, "light rain/snow": 61, "heavy rain/snow": 65}


def table():
    """Where the package holds its table, if it is installed."""
    package = importlib.util.find_spec("ISLP")
    path = package and pathlib.Path(package.submodule_search_locations[0]) / "data/Bikeshare.csv"
    return path if path and path.is_file() else None


def station_hours(rows):
    """The authors scaled the weather: a temperature of 0 to 1 is -8 to 39 °C, felt -16 to 50 °C, a wind 0 to 67 km/h. Clocks
    are Washington's; of the hour that they repeat in November, one was written."""
    local = pl.datetime(2011, 1, 1) + pl.duration(days=pl.col("day") - 1, hours=pl.col("hr"))
    hour = local.dt.replace_time_zone(TIME_ZONE, ambiguous="earliest").dt.convert_time_zone("UTC")
    return rows.select(
        station_id=pl.lit("washington"),
        hour=hour.dt.cast_time_unit("us"),
        departures=pl.col("bikers").cast(pl.Int64),
        temperature_c=pl.col("temp") * 47 - 8,
        apparent_temperature_c=pl.col("atemp") * 66 - 16,
        relative_humidity_pct=pl.col("hum") * 100,
        wind_speed_kmh=pl.col("windspeed") * 67,
        weather_code=pl.col("weathersit").replace_strict(SKIES).cast(pl.Int64),
        is_public_holiday=pl.col("holiday") == 1,
    ).sort("hour")


def main(out):
    path = table()
    if path is None:
        print("the package ISLP is not installed")
        return
    station_hours(pl.read_csv(path)).write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:2])
