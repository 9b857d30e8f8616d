-- The operator's own tables: what its software needs, not what Fil rouge would choose.
CREATE TABLE stations (
    station_id   TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    district     TEXT NOT NULL,
    latitude     REAL NOT NULL,
    longitude    REAL NOT NULL,
    capacity     INTEGER NOT NULL CHECK (capacity > 0),
    installed_on TEXT NOT NULL
) STRICT;

CREATE TABLE subscribers (
    subscriber_id INTEGER PRIMARY KEY,
    first_name    TEXT NOT NULL,
    last_name     TEXT NOT NULL,
    birth_date    TEXT NOT NULL,
    email         TEXT NOT NULL UNIQUE,
    district      TEXT NOT NULL,
    signed_up_on  TEXT NOT NULL
) STRICT;

CREATE TABLE subscriptions (
    subscription_id INTEGER PRIMARY KEY,
    subscriber_id   INTEGER NOT NULL REFERENCES subscribers (subscriber_id),
    plan            TEXT NOT NULL CHECK (plan IN ('annual', 'monthly', 'student')),
    starts_on       TEXT NOT NULL,
    ends_on         TEXT,
    price_cents     INTEGER NOT NULL CHECK (price_cents >= 0)
) STRICT;

CREATE TABLE maintenance (
    maintenance_id INTEGER PRIMARY KEY,
    station_id     TEXT NOT NULL REFERENCES stations (station_id),
    kind           TEXT NOT NULL CHECK (kind IN ('dock', 'terminal', 'power', 'cleaning', 'network')),
    description    TEXT NOT NULL,
    reported_at    TEXT NOT NULL,
    closed_at      TEXT
) STRICT;

CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber_id);
CREATE INDEX maintenance_station ON maintenance (station_id, reported_at);
