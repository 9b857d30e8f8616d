-- The same text on both engines. Instants are seconds since 1970, identifiers are random and drawn by
-- the program, secrets are kept as hashes: what this file holds opens no session.

CREATE TABLE accounts (
    account_id        TEXT   NOT NULL PRIMARY KEY,
    email             TEXT   NOT NULL UNIQUE,
    password_hash     TEXT   NOT NULL,
    role              TEXT   NOT NULL CHECK (role IN ('rider', 'operator', 'officer')),
    created_at        BIGINT NOT NULL,
    last_login_at     BIGINT NOT NULL,
    disabled_at       BIGINT,
    totp_key          TEXT,
    totp_confirmed_at BIGINT,
    totp_last_step    BIGINT
);

CREATE TABLE sessions (
    session_id   TEXT   NOT NULL PRIMARY KEY,
    token_hash   TEXT   NOT NULL UNIQUE,
    account_id   TEXT   NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    device       TEXT   NOT NULL,
    opened_at    BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE password_resets (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    account_id TEXT   NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);

-- One row an answer: the proof of a consent is its history (article 7.1 of the GDPR).
CREATE TABLE account_consents (
    account_id  TEXT   NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    purpose     TEXT   NOT NULL CHECK (purpose IN ('favourites', 'report-examples')),
    is_given    BIGINT NOT NULL CHECK (is_given IN (0, 1)),
    answered_at BIGINT NOT NULL
);
CREATE INDEX account_consents_account ON account_consents (account_id);

CREATE TABLE favourites (
    account_id TEXT   NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
    station_id TEXT   NOT NULL,
    added_at   BIGINT NOT NULL,
    PRIMARY KEY (account_id, station_id)
);

-- Nobody's name: a report belongs to a bike or to a station, not to who wrote it.
CREATE TABLE reports (
    report_id   TEXT   NOT NULL PRIMARY KEY,
    body        TEXT   NOT NULL CHECK (length(body) BETWEEN 1 AND 1000),
    station_id  TEXT,
    bike        TEXT,
    is_example  BIGINT NOT NULL CHECK (is_example IN (0, 1)),
    received_at BIGINT NOT NULL,
    category    TEXT,
    urgency     TEXT,
    confidence  DOUBLE PRECISION,
    sorted_by   TEXT CHECK (sorted_by IN ('model', 'person')),
    sorted_at   BIGINT,
    closed_at   BIGINT
);
CREATE INDEX reports_received ON reports (received_at);

CREATE TABLE rights_requests (
    request_id  TEXT   NOT NULL PRIMARY KEY,
    account_id  TEXT   REFERENCES accounts (account_id) ON DELETE SET NULL,
    kind        TEXT   NOT NULL CHECK (kind IN ('access', 'rectification', 'erasure', 'restriction', 'objection', 'portability')),
    received_at BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE INDEX rights_requests_due ON rights_requests (due_at);
