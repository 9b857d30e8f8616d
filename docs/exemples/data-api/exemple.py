"""Toutes les stations, page par page, sans autre bibliothèque que celle de Python.

usage : API=http://127.0.0.1:8081 CLIENT_ID=demo CLIENT_SECRET=… python3 exemple.py
"""

import json
import os
import urllib.parse
import urllib.request

API = os.environ["API"]


def token() -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"],
    }
    with urllib.request.urlopen(f"{API}/oauth/token", urllib.parse.urlencode(form).encode()) as answer:
        return json.load(answer)["access_token"]


def stations(bearer: str):
    """Suit `next_cursor` jusqu'à la fin de la liste."""
    cursor = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        request = urllib.request.Request(f"{API}/v1/stations?{urllib.parse.urlencode(query)}")
        request.add_header("Authorization", f"Bearer {bearer}")
        with urllib.request.urlopen(request) as answer:
            page = json.load(answer)
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


for station in stations(token()):
    print(station["station_id"], station["name"])
