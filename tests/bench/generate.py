"""Trips in the canonical form, in the order of time as publishers give them, with a known share of every defect: the
same file for the same number of rows."""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

STATIONS = 400
HOURS = 24 * 730
START = 1_735_689_600  # 2025-01-01T00:00:00Z
CHUNK = 1_000_000
INSTANT = pa.timestamp("us", tz="UTC")


def chunk(rng, first, rows, hours=(0, HOURS)):
    """One table of trips that start in some hours, in the order of time; a row has one defect at most."""
    hour = np.sort(rng.integers(*hours, rows))
    station = (rng.random(rows) ** 2 * STATIONS).astype(np.int64)
    started = (START + hour * 3600) * 1_000_000 + rng.integers(0, 3_600_000_000, rows)
    ended = started + rng.integers(60, 3000, rows) * 1_000_000
    number = np.arange(first, first + rows)
    fate = rng.random(rows)
    ended = np.where(fate < 0.002, started - 60_000_000, ended)
    ended = np.where((fate >= 0.002) & (fate < 0.004), started + 2 * 86_400_000_000, ended)
    unreadable = (fate >= 0.004) & (fate < 0.006)
    nowhere = (fate >= 0.006) & (fate < 0.008)
    anonymous = (fate >= 0.008) & (fate < 0.018)
    names = pa.array([f"Station {index:03}" for index in range(STATIONS)])
    ids = pa.array([f"S{index:03}" for index in range(STATIONS)])
    trip_ids = pa.array(np.char.add("T", number.astype(str)), mask=anonymous)
    degrees = 45.5 + station / 10_000
    started_hour = started // 3_600_000_000 * 3_600_000_000
    return pa.table({
        "trip_id": trip_ids,
        "started_at": pa.array(started, INSTANT, mask=unreadable),
        "ended_at": pa.array(ended, INSTANT),
        "started_hour": pa.array(started_hour, INSTANT, mask=unreadable),
        "start_station_id": ids.take(pa.array(station, mask=nowhere)),
        "start_station_name": names.take(pa.array(station)),
        "end_station_id": ids.take(pa.array((station + 7) % STATIONS)),
        "end_station_name": names.take(pa.array((station + 7) % STATIONS)),
        "start_latitude": degrees,
        "start_longitude": degrees - 41.4,
        "end_latitude": degrees + 0.01,
        "end_longitude": degrees - 41.39,
        "duration_seconds": pa.array((ended - started) // 1_000_000),
        "rider_type": pa.array(np.where(number % 4 == 0, "casual", "member")),
        "source_file": pa.array(np.full(rows, "bench.csv")),
        "source_line": pa.array(number + 2, pa.uint32()),
    })


def copies(table, rng, first):
    """Some rows again, on later lines."""
    again = table.take(pa.array(np.sort(rng.choice(table.num_rows, table.num_rows // 500, replace=False))))
    lines = pa.array(np.arange(first, first + again.num_rows) + 2, pa.uint32())
    return again.set_column(again.schema.get_field_index("source_line"), "source_line", lines)


def closing():
    """A trip from every station that ends in the hour after the last: every hour is complete and no station closed."""
    table = chunk(np.random.default_rng(0), 0, STATIONS)
    last = (START + HOURS * 3600) * 1_000_000
    names = [f"S{index:03}" for index in range(STATIONS)]
    values = {"trip_id": [f"T-last-{name}" for name in names], "started_at": [last - 1_000_000] * STATIONS,
              "ended_at": [last + 60_000_000] * STATIONS, "started_hour": [last - 3_600_000_000] * STATIONS,
              "start_station_id": names, "source_line": range(1, STATIONS + 1)}
    for name, value in values.items():
        index = table.schema.get_field_index(name)
        table = table.set_column(index, name, pa.array(value, table.schema.field(name).type))
    return table


def main(path, rows):
    rng = np.random.default_rng(1)
    with pq.ParquetWriter(path, chunk(np.random.default_rng(0), 0, 1).schema, compression="zstd") as writer:
        written = 0
        while written < rows:
            size = min(CHUNK, rows - written)
            share = [HOURS * count // rows for count in (written, written + size)]
            table = chunk(rng, written, size, share)
            written += size
            writer.write_table(table, row_group_size=131_072)
            again = copies(table, rng, 2_000_000_000 + written)
            writer.write_table(again)
        writer.write_table(closing())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
