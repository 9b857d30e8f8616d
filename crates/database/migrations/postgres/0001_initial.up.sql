-- Stations, what happened at each of them hour by hour, what is expected of the next hours,
-- and the minimised records of the operator. Hours are counted since 1970-01-01T00:00Z,
-- instants in seconds since then. Every constraint of the model is a constraint here.

CREATE TABLE stations (
    station_key BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    station_id  TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(station_id) BETWEEN 1 AND 64),
    name        TEXT    NOT NULL,
    district    TEXT,
    latitude    DOUBLE PRECISION NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude   DOUBLE PRECISION NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    capacity    BIGINT NOT NULL CHECK (capacity BETWEEN 0 AND 4294967295)
);

CREATE TABLE station_status (
    station_key     BIGINT PRIMARY KEY REFERENCES stations (station_key),
    bikes_available BIGINT NOT NULL CHECK (bikes_available BETWEEN 0 AND 4294967295),
    docks_available BIGINT NOT NULL CHECK (docks_available BETWEEN 0 AND 4294967295),
    is_renting      BOOLEAN NOT NULL,
    reported_at     BIGINT NOT NULL
);

-- What was known of an hour, shared by all the stations for which it held: weather is not
-- repeated forty times. The key is derived from the content, so that equal rows are one row
-- and a row never changes.
CREATE TABLE hour_conditions (
    hour                   BIGINT NOT NULL,
    conditions_key         BIGINT NOT NULL,
    temperature_c          REAL    CHECK (temperature_c BETWEEN -90 AND 60),
    apparent_temperature_c REAL    CHECK (apparent_temperature_c BETWEEN -110 AND 80),
    relative_humidity_pct  REAL    CHECK (relative_humidity_pct BETWEEN 0 AND 100),
    wind_speed_kmh         REAL    CHECK (wind_speed_kmh BETWEEN 0 AND 500),
    precipitation_mm       REAL    CHECK (precipitation_mm BETWEEN 0 AND 500),
    weather_code           BIGINT CHECK (weather_code BETWEEN 0 AND 99),
    is_public_holiday      BOOLEAN,
    is_school_holiday      BOOLEAN,
    PRIMARY KEY (hour, conditions_key)
);

CREATE TABLE station_hours (
    hour           BIGINT NOT NULL,
    station_key    BIGINT NOT NULL REFERENCES stations (station_key),
    departures     BIGINT NOT NULL CHECK (departures BETWEEN 0 AND 4294967295),
    event_count    BIGINT CHECK (event_count BETWEEN 0 AND 65535),
    conditions_key BIGINT NOT NULL,
    PRIMARY KEY (hour, station_key),
    FOREIGN KEY (hour, conditions_key) REFERENCES hour_conditions (hour, conditions_key)
);

CREATE INDEX station_hours_by_station ON station_hours (station_key, hour);

CREATE TABLE upcoming_hours (
    hour           BIGINT NOT NULL,
    station_key    BIGINT NOT NULL REFERENCES stations (station_key),
    event_count    BIGINT CHECK (event_count BETWEEN 0 AND 65535),
    conditions_key BIGINT NOT NULL,
    PRIMARY KEY (hour, station_key),
    FOREIGN KEY (hour, conditions_key) REFERENCES hour_conditions (hour, conditions_key)
);

-- One row an import, under way or done.
CREATE TABLE imports (
    import_id      BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    dataset_sha256 TEXT    NOT NULL CHECK (length(dataset_sha256) = 64),
    state          TEXT    NOT NULL CHECK (state IN ('running', 'done')),
    started_at     BIGINT NOT NULL,
    finished_at    BIGINT,
    rows_read      BIGINT NOT NULL DEFAULT 0,
    rows_kept      BIGINT NOT NULL DEFAULT 0,
    rows_rejected  BIGINT NOT NULL DEFAULT 0,
    CHECK ((state = 'done') = (finished_at IS NOT NULL)),
    CHECK (state = 'running' OR rows_kept + rows_rejected = rows_read)
);

-- The content of each day, so that the next import rewrites only the days that changed.
CREATE TABLE import_days (
    day            BIGINT PRIMARY KEY,
    content_sha256 TEXT    NOT NULL CHECK (length(content_sha256) = 64),
    rows_kept      BIGINT NOT NULL,
    rows_rejected  BIGINT NOT NULL
);

-- Rows of the data set that break a rule of this model, by key, set aside with the reason.
CREATE TABLE import_rejects (
    reject_id  BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    day        BIGINT NOT NULL REFERENCES import_days (day),
    station_id TEXT    NOT NULL,
    hour       BIGINT NOT NULL,
    reason     TEXT    NOT NULL
);

CREATE INDEX import_rejects_by_day ON import_rejects (day);

-- A number a resource, raised by every change: the heart of the API's ETag.
CREATE TABLE revisions (
    resource TEXT    PRIMARY KEY CHECK (resource IN ('stations', 'station_hours', 'conditions')),
    revision BIGINT NOT NULL
);

INSERT INTO revisions (resource, revision) VALUES ('stations', 0), ('station_hours', 0), ('conditions', 0);

-- Personal data, minimised before it enters: a pseudonym, an age band, a district, a plan.
CREATE TABLE subscribers (
    subscriber_key TEXT PRIMARY KEY CHECK (length(subscriber_key) BETWEEN 1 AND 128),
    age_band       TEXT,
    district       TEXT,
    plan           TEXT
);

CREATE TABLE maintenance (
    maintenance_id TEXT    PRIMARY KEY,
    station_key    BIGINT NOT NULL REFERENCES stations (station_key),
    kind           TEXT    NOT NULL,
    started_at     BIGINT NOT NULL,
    ended_at       BIGINT CHECK (ended_at >= started_at)
);

CREATE INDEX maintenance_by_station ON maintenance (station_key, started_at);
