"""La page de station-hours de l'API de données, servie par FastAPI et SQLAlchemy sur la même base SQLite.

Réglée comme le ferait un spécialiste : uvloop et httptools, un processus par cœur, une connexion par processus tenue
ouverte (requêtes de moins d'une milliseconde : les faire dans la boucle coûte moins qu'un thread), SQLAlchemy
Core dont la requête compilée est en cache, orjson sans modèle de réponse, jeton vérifié une fois puis retenu.
Lancée par `cargo xtask bench data-api --python …`, qui vérifie d'abord que les octets rendus sont les mêmes.
"""

import base64
import json
import os
import time
from datetime import UTC, datetime
from functools import lru_cache

import jwt
import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response
from sqlalchemy import MetaData, Table, and_, create_engine, event, or_, select
from sqlalchemy.pool import StaticPool

KEYS = {key["kid"]: jwt.PyJWK(key) for key in json.loads(os.environ["PEER_KEYS"])["keys"]}
REALM = {"WWW-Authenticate": "Bearer"}

engine = create_engine(
    f"sqlite:///{os.environ['PEER_DATABASE']}",
    poolclass=StaticPool,
    isolation_level="AUTOCOMMIT",
    connect_args={"check_same_thread": False},
)


@event.listens_for(engine, "connect")
def tune(connection, _record):
    for pragma in ("query_only = on", "cache_size = -16000", "mmap_size = 268435456", "temp_store = memory"):
        connection.execute(f"PRAGMA {pragma}")


schema = MetaData()
stations, hours, conditions, revisions = (
    Table(name, schema, autoload_with=engine)
    for name in ("stations", "station_hours", "hour_conditions", "revisions")
)
rows = (
    select(
        stations.c.station_id,
        hours.c.hour,
        hours.c.departures,
        conditions.c.temperature_c,
        conditions.c.apparent_temperature_c,
        conditions.c.relative_humidity_pct,
        conditions.c.wind_speed_kmh,
        conditions.c.precipitation_mm,
        conditions.c.weather_code,
        conditions.c.is_public_holiday,
        conditions.c.is_school_holiday,
        hours.c.event_count,
    )
    .join(stations, stations.c.station_key == hours.c.station_key)
    .join(
        conditions,
        and_(conditions.c.hour == hours.c.hour, conditions.c.conditions_key == hours.c.conditions_key),
    )
    .order_by(hours.c.hour, stations.c.station_id)
)
revision = select(revisions.c.revision).where(revisions.c.resource == "station_hours")
connection = engine.connect()
verified: dict[str, dict] = {}
app = FastAPI()


async def reader(authorization: str = Header("")) -> dict:
    """Les droits d'un jeton valable ici et qui permet de lire."""
    scheme, _, token = authorization.partition(" ")
    claims = verified.get(token)
    if claims is None:
        try:
            key = KEYS[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(token, key, algorithms=["EdDSA"], audience="data-api", issuer="data-api")
        except (jwt.PyJWTError, KeyError) as error:
            raise HTTPException(401, headers=REALM) from error
        verified[token] = claims
    if scheme.lower() != "bearer" or claims["exp"] <= time.time():
        raise HTTPException(401, headers=REALM)
    if "data:read" not in claims["scope"].split():
        raise HTTPException(403)
    return claims


@lru_cache(maxsize=100_000)
def instant(hour: int) -> str:
    return datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def item(row) -> dict:
    station, hour, departures, temperature, apparent, humidity, wind, rain, code, holiday, school, events = row
    return {
        "station_id": station,
        "hour": instant(hour),
        "departures": departures,
        "temperature_c": temperature,
        "apparent_temperature_c": apparent,
        "relative_humidity_pct": humidity,
        "wind_speed_kmh": wind,
        "precipitation_mm": rain,
        "weather_code": code,
        "is_public_holiday": flag(holiday),
        "is_school_holiday": flag(school),
        "event_count": events,
    }


@app.get("/v1/station-hours")
async def list_station_hours(
    _claims: dict = Depends(reader),
    since: datetime | None = Query(None, alias="from"),
    until: datetime | None = Query(None, alias="to"),
    limit: int = Query(100, ge=1, le=1000),
    cursor: str | None = None,
    if_none_match: str = Header(""),
) -> Response:
    etag = f'"{connection.execute(revision).scalar_one():x}"'
    if if_none_match == etag:
        return Response(status_code=304, headers={"ETag": etag})
    page = rows.limit(limit + 1)
    if since:
        page = page.where(hours.c.hour >= -(-int(since.timestamp()) // 3600))
    if until:
        page = page.where(hours.c.hour < -(-int(until.timestamp()) // 3600))
    if cursor:
        hour, _, station = base64.urlsafe_b64decode(cursor + "==").decode().partition("/")
        after = and_(hours.c.hour == int(hour), stations.c.station_id > station)
        page = page.where(hours.c.hour >= int(hour), or_(hours.c.hour > int(hour), after))
    found = connection.execute(page).all()
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept"}
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = base64.urlsafe_b64encode(f"{last.hour}/{last.station_id}".encode()).decode().rstrip("=")
        headers["Link"] = f'</v1/station-hours?limit={limit}&cursor={following}>; rel="next"'
    body = orjson.dumps({"items": [item(row) for row in found[:limit]], "next_cursor": following})
    return Response(body, media_type="application/json", headers=headers)
