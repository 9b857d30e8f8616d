DROP TABLE revisions;

CREATE TABLE revisions (
    resource TEXT   PRIMARY KEY CHECK (resource IN ('stations', 'station_hours', 'conditions')),
    revision BIGINT NOT NULL
);

INSERT INTO revisions (resource, revision) VALUES ('stations', 0), ('station_hours', 0), ('conditions', 0);

DROP TABLE cleaning_rules;
DROP TABLE cleaned_sources;
DROP TABLE collection_files;
DROP TABLE collection_sources;
DROP TABLE collection_runs;
DROP TABLE trip_flows;
DROP TABLE events;
DROP TABLE audit_horizon;
DROP TABLE audit_log;
DROP FUNCTION refuse_audit_change;
DROP TABLE pseudonym_keys;
DROP TABLE receipts;
DROP TABLE erasures;
DROP TABLE restrictions;
DROP TABLE consents;
DROP TABLE subscribers;

CREATE TABLE subscribers (
    subscriber_key TEXT PRIMARY KEY CHECK (length(subscriber_key) BETWEEN 1 AND 128),
    age_band       TEXT,
    district       TEXT,
    plan           TEXT
);
