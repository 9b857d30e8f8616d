CREATE TABLE IF NOT EXISTS stations (
    station_id TEXT PRIMARY KEY, name TEXT, district TEXT, latitude REAL, longitude REAL, capacity INTEGER,
    opened_on TEXT
);
CREATE TABLE IF NOT EXISTS subscribers (
    subscriber_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT, birth_date TEXT, district TEXT,
    plan TEXT
);
CREATE TABLE IF NOT EXISTS maintenance (
    maintenance_id INTEGER PRIMARY KEY, station_id TEXT, kind TEXT, started_at TEXT, ended_at TEXT
);
INSERT OR IGNORE INTO stations VALUES ('RIV-001', 'Gare', 'Centre', 45.6, 4.1, 20, '2024-01-01');
INSERT OR IGNORE INTO subscribers VALUES (1, 'Prénom', 'Nom', 'a@exemple.invalid', '1990-05-04', 'Centre', 'annuel');
INSERT OR IGNORE INTO maintenance VALUES (1, 'RIV-001', 'borne', '2026-01-01T08:00:00Z', NULL);
