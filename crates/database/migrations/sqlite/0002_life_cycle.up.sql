-- Preuve: C4.2 le cycle de vie des données personnelles est dans le modèle physique lui-même
-- The life cycle of personal data, and what the data API serves beside the hours: events, flows between
-- stations, what cleaning did, where the data came from. Instants in seconds since 1970-01-01T00:00Z.

-- The copy is made anew: the operator's own numbers, which the first schema kept, do not survive this migration.
DROP TABLE subscribers;

-- Personal data, minimised before it enters: a keyed hash, an age band, a district, a plan.
CREATE TABLE subscribers (
    subscriber_key TEXT    PRIMARY KEY CHECK (length(subscriber_key) = 64),
    age_band       TEXT,
    district       TEXT,
    plan           TEXT,
    first_seen_at  INTEGER NOT NULL,
    last_seen_at   INTEGER NOT NULL CHECK (last_seen_at >= first_seen_at),
    rectified_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX subscribers_by_last_seen ON subscribers (last_seen_at);

-- Every decision, never changed: the last one of a person for a processing is in force.
CREATE TABLE consents (
    consent_id     INTEGER PRIMARY KEY,
    subscriber_key TEXT    NOT NULL REFERENCES subscribers (subscriber_key) ON UPDATE CASCADE ON DELETE CASCADE,
    processing     TEXT    NOT NULL,
    decision       TEXT    NOT NULL CHECK (decision IN ('given', 'withdrawn')),
    decided_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX consents_by_subscriber ON consents (subscriber_key, processing, decided_at);

-- A row is a processing that a person had stopped (article 18); lifting it removes the row.
CREATE TABLE restrictions (
    subscriber_key TEXT    NOT NULL REFERENCES subscribers (subscriber_key) ON UPDATE CASCADE ON DELETE CASCADE,
    processing     TEXT    NOT NULL,
    restricted_at  INTEGER NOT NULL,
    PRIMARY KEY (subscriber_key, processing)
) STRICT, WITHOUT ROWID;

-- Who asked to be forgotten, under a hash of its own, so that the next collection does not bring them back.
CREATE TABLE erasures (
    erased_key TEXT    PRIMARY KEY CHECK (length(erased_key) = 64),
    erased_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a right's exercise did, signed. It names nobody.
CREATE TABLE receipts (
    receipt_id TEXT    PRIMARY KEY,
    kind       TEXT    NOT NULL,
    issued_at  INTEGER NOT NULL,
    content    TEXT    NOT NULL,
    signature  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Which keys the pseudonyms of this database were made with; the keys themselves are elsewhere.
CREATE TABLE pseudonym_keys (
    generation  INTEGER PRIMARY KEY,
    fingerprint TEXT    NOT NULL,
    applied_at  INTEGER NOT NULL
) STRICT;

-- Who read or changed personal data. Each row carries the hash of the one before it.
CREATE TABLE audit_log (
    audit_id      INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    actor         TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    processing    TEXT,
    subject       TEXT,
    people        INTEGER NOT NULL CHECK (people >= 0),
    previous_hash TEXT    NOT NULL,
    hash          TEXT    NOT NULL
) STRICT;

CREATE INDEX audit_log_by_instant ON audit_log (at);
CREATE INDEX audit_log_by_subject ON audit_log (subject);

-- The purge alone moves this horizon; rows after it can be neither changed nor removed.
CREATE TABLE audit_horizon (
    horizon_id INTEGER PRIMARY KEY CHECK (horizon_id = 1),
    kept_since INTEGER NOT NULL
) STRICT;

INSERT INTO audit_horizon (horizon_id, kept_since) VALUES (1, -9223372036854775807);

CREATE TRIGGER audit_log_is_never_changed BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log
WHEN OLD.at >= (SELECT kept_since FROM audit_horizon)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TABLE events (
    event_id   TEXT    PRIMARY KEY,
    title      TEXT,
    place      TEXT,
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER CHECK (ends_at >= starts_at),
    attendance INTEGER CHECK (attendance >= 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX events_by_start ON events (starts_at, event_id);

-- Trips of a month from a station to another. A count that would show a small group is not stored at all.
CREATE TABLE trip_flows (
    month           INTEGER NOT NULL CHECK (month BETWEEN 190001 AND 999912),
    origin_key      INTEGER NOT NULL REFERENCES stations (station_key),
    destination_key INTEGER NOT NULL REFERENCES stations (station_key),
    trips           INTEGER CHECK (trips >= 5),
    PRIMARY KEY (month, origin_key, destination_key)
) STRICT, WITHOUT ROWID;

-- Where the data came from: one row a collection, a source, a file.
CREATE TABLE collection_runs (
    run_id          TEXT    PRIMARY KEY,
    profile         TEXT    NOT NULL,
    program_version TEXT    NOT NULL,
    started_at      INTEGER NOT NULL,
    ended_at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE collection_sources (
    run_id    TEXT    NOT NULL REFERENCES collection_runs (run_id) ON DELETE CASCADE,
    source    TEXT    NOT NULL,
    address   TEXT    NOT NULL,
    state     TEXT    NOT NULL CHECK (state IN ('ok', 'failed')),
    error     TEXT,
    row_count INTEGER NOT NULL,
    bytes     INTEGER NOT NULL,
    PRIMARY KEY (run_id, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE collection_files (
    run_id TEXT    NOT NULL,
    source TEXT    NOT NULL,
    path   TEXT    NOT NULL,
    bytes  INTEGER NOT NULL,
    sha256 TEXT    NOT NULL CHECK (length(sha256) = 64),
    PRIMARY KEY (run_id, path),
    FOREIGN KEY (run_id, source) REFERENCES collection_sources (run_id, source) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What the last cleaning did with the rows of each source, then rule by rule.
CREATE TABLE cleaned_sources (
    source        TEXT    PRIMARY KEY,
    rows_read     INTEGER NOT NULL,
    rows_kept     INTEGER NOT NULL,
    rows_rejected INTEGER NOT NULL,
    CHECK (rows_kept + rows_rejected = rows_read)
) STRICT, WITHOUT ROWID;

CREATE TABLE cleaning_rules (
    source    TEXT    NOT NULL REFERENCES cleaned_sources (source) ON DELETE CASCADE,
    rule      TEXT    NOT NULL,
    action    TEXT    NOT NULL CHECK (action IN ('rejected', 'repaired', 'reported')),
    row_count INTEGER NOT NULL CHECK (row_count >= 0),
    PRIMARY KEY (source, rule, action)
) STRICT, WITHOUT ROWID;

-- The revisions of what the API serves since this migration. The counters start anew and, being raised to the
-- milliseconds of the instant, never show a number that was shown before.
DROP TABLE revisions;

CREATE TABLE revisions (
    resource TEXT   PRIMARY KEY CHECK (
        resource IN ('stations', 'station_hours', 'conditions', 'events', 'trip_flows', 'runs', 'quality')
    ),
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO revisions (resource, revision)
VALUES ('stations', 0), ('station_hours', 0), ('conditions', 0), ('events', 0), ('trip_flows', 0), ('runs', 0), ('quality', 0);
