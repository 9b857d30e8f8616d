"""Writes the samples of this folder that are of our own making: the shapes of real files, with an invented city in them.

make.py writes the same bytes each time. README.md says which files are of others, and under which licence."""

import csv
import gzip
import io
import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
STATIONS = [
    ("101", "Gare", "Devant l'entrée, côté tramway", 46.9011, 4.7003),
    ("102", "Halles", "Rue des Halles, angle nord", 46.9058, 4.7081),
    ("103", "Université", "Esplanade", 46.9124, 4.6952),
    ("104", "Île aux Cygnes", "Parking du pont", 46.8965, 4.7147),
]
# One every half day, for thirty days.
TRIPS_A_MONTH = 60


def write(path, data):
    target = HERE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data if isinstance(data, bytes) else data.encode())


def table(header, rows, **dialect):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", **dialect)
    writer.writerows([header, *rows])
    return text.getvalue()


# Trips: one file a month, in the columns of Edinburgh's public history. An earlier export of a month is quoted throughout, and
# the newer one holds it again.


def trip(start, seconds, leaves, arrives):
    columns = [instant(start), instant(start + timedelta(seconds=seconds)), seconds]
    for number, name, description, latitude, longitude in (leaves, arrives):
        columns += [number, name, description, latitude, longitude]
    return columns


def instant(moment):
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f+00:00")


def trips_of(year, month):
    draw = random.Random(f"{year}-{month}")
    for half_day in range(TRIPS_A_MONTH):
        start = datetime(year, month, 1, tzinfo=timezone.utc) + timedelta(hours=12 * half_day)
        start += timedelta(minutes=draw.randrange(360, 660), milliseconds=draw.randrange(60_000))
        yield trip(start, draw.randrange(120, 3_600), draw.choice(STATIONS), draw.choice(STATIONS))


def known_faults(rows):
    """Those of the real history: one row twice, a bike kept for days, a station far from its city."""
    again = rows[3]
    kept = trip(datetime.fromisoformat(rows[5][0]), 27 * 86_400, STATIONS[0], STATIONS[1])
    astray = trip(datetime.fromisoformat(rows[7][0]), 900, STATIONS[2], ("105", "Dépôt", "", 53.4, -2.9))
    return [*rows, again, kept, astray]


def trips():
    place = ["station_id", "station_name", "station_description", "station_latitude", "station_longitude"]
    header = ["started_at", "ended_at", "duration", *(f"{end}_{name}" for end in ("start", "end") for name in place)]
    months = {(year, month): list(trips_of(year, month)) for year, month in [(2019, 7), (2019, 9), (2020, 12), (2021, 1)]}
    files = {
        "201907": (known_faults(months[2019, 7]), csv.QUOTE_MINIMAL),
        "201909_partial_quoted": (months[2019, 9], csv.QUOTE_ALL),
        "202012": (months[2020, 12], csv.QUOTE_MINIMAL),
        "202012_older_quoted_snapshot": (months[2020, 12][:40], csv.QUOTE_ALL),
        "202101": (months[2021, 1], csv.QUOTE_MINIMAL),
    }
    for name, (rows, quoting) in files.items():
        write(f"trips/{name}.csv.gz", gzip.compress(table(header, rows, quoting=quoting).encode(), mtime=0))


# Counters: the separators, the columns and the instants with their offset of the export of Paris, then an observation of the
# weather every three hours in the columns of Météo-France.


def counters():
    header = [
        "Identifiant du compteur", "Nom du compteur", "Identifiant du site de comptage", "Nom du site de comptage",
        "Comptage horaire", "Date et heure de comptage", "Date d'installation du site de comptage",
        "Lien vers photo du site de comptage", "Coordonnées géographiques", "Identifiant technique compteur", "ID Photos",
        "test_lien_vers_photos_du_site_de_comptage_", "id_photo_1", "url_sites", "type_dimage", "mois_annee_comptage",
    ]
    rows = []
    for hour in range(24):
        count, moment = float(3 + hour * 5 % 17), f"2021-09-01T{hour:02}:00:00+02:00"
        site = ["9001-1", "Pont Neuf NE-SO", "9001", "Pont Neuf", count, moment, "2020-02-22"]
        rows.append([*site, "", "46.90110,4.70030", "X1", "", "", "https:", "", "jpg", "2021-09"])
    write("counters/comptage.csv", table(header, rows, delimiter=";"))


def observations():
    header = ["numer_sta", "date", "pmer", "tend", "dd", "ff", "t", "td", "u", "rr3"]
    start = datetime(2021, 1, 1)
    rows = []
    for number in range(40):
        moment = start + timedelta(hours=3 * number)
        rows.append([7000, moment, 100_810 + number, 80, 270, f"{number % 7}.800000", f"{272.75 + number % 5:.6f}", 272.15, 96, ""])
    # Out of order, and one twice, as in the real file.
    rows[10], rows[11] = rows[11], rows[10]
    write("counters/synop.csv", table(header, [*rows, rows[-1]]))


# GBFS: what Vélib' publishes against the standard. `lastUpdatedOther` and no version, integer ids, 0 and 1 for booleans.


def feed(stations):
    return json.dumps({"lastUpdatedOther": 1_732_004_538, "ttl": 3_600, "data": {"stations": stations}}, indent=1) + "\n"


def velib():
    information, status = [], []
    for number, (station, name, _, latitude, longitude) in enumerate(STATIONS):
        bikes = 3 * number
        identity = {"station_id": 213_688_000 + number, "stationCode": station}
        place = {"name": name, "lat": latitude, "lon": longitude, "capacity": 20}
        counted = {"num_bikes_available": bikes, "numBikesAvailable": bikes, "num_docks_available": 20 - bikes}
        flags = {"is_installed": 1, "is_returning": 1, "is_renting": number % 2, "last_reported": 1_732_001_704}
        information.append(identity | place)
        status.append(identity | counted | flags)
    write("gbfs/odd/station_information.json", feed(information))
    write("gbfs/odd/station_status.json", feed(status))


def snapshots():
    """A status every quarter of an hour, in version 2.3; some stations report from the future."""
    for number in range(4):
        moment = 1_732_406_400 + 900 * number
        stations = [
            {
                "station_id": station, "is_installed": True, "is_renting": True, "is_returning": True,
                "last_reported": moment + 600 * (at % 2), "num_bikes_available": (number + at) % 20, "num_docks_available": 5,
            }
            for at, (station, *_) in enumerate(STATIONS)
        ]
        body = {"last_updated": moment, "ttl": 10, "version": "2.3", "data": {"stations": stations}}
        write(f"gbfs/snapshots/{moment}.json", json.dumps(body) + "\n")


# Pages: the agenda in the elements that `data/profiles/paris.toml` selects, and headings as an encyclopaedia writes them.


def agenda():
    events = [
        ("prod_1001", "Finale du tournoi", "samedi 27 juin 2026", "21:05"),
        ("prod_1002", "Concert d'été", "vendredi 29 mai 2026", "18:30"),
    ]
    sections = [
        f"""<section id="{number}" class=" product product_EVENT product_site_STADE">
<h4 class=" accessibility-visually-hidden">
    {title}
</h4>
<p class="semantic-no-styling-no-display location"><span class="site">Stade de Rivemont</span></p>
<p class="semantic-no-styling-no-display date"> <span class="unique"> <span class="day">{day}</span>
<span class="separator"></span> <span class="time">
{time} </span> </span> </p>
<a href="/billets?evenement={number}">Réserver</a>
</section>"""
        for number, title, day, time in events
    ]
    write("html/agenda.html", "\n".join(["<html><body>", *sections, "</body></html>"]) + "\n")


def headings():
    titles = "".join(
        f'<h2><span class="mw-headline" id="{title}">{title}</span> <a href="#{title}">modifier</a></h2>\n<p>Texte.</p>\n'
        for title in ("Histoire", "Géographie", "Transports")
    )
    write("html/headings.html", f'<html><head><meta charset="utf-8"></head><body>\n{titles}</body></html>\n')


if __name__ == "__main__":
    for make in (trips, counters, observations, velib, snapshots, agenda, headings):
        make()
