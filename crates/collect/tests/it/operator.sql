CREATE TABLE IF NOT EXISTS stations (
    station_id TEXT PRIMARY KEY, name TEXT, district TEXT, latitude REAL, longitude REAL, capacity INTEGER,
    installed_on TEXT
);
CREATE TABLE IF NOT EXISTS subscribers (
    subscriber_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT, birth_date TEXT, district TEXT
);
CREATE TABLE IF NOT EXISTS subscriptions (
    subscription_id INTEGER PRIMARY KEY, subscriber_id INTEGER, plan TEXT, starts_on TEXT, ends_on TEXT
);
CREATE TABLE IF NOT EXISTS maintenance (
    maintenance_id INTEGER PRIMARY KEY, station_id TEXT, kind TEXT, description TEXT, reported_at TEXT, closed_at TEXT
);
INSERT OR IGNORE INTO stations VALUES ('RIV-001', 'Gare', 'Centre', 45.6, 4.1, 20, '2024-01-01');
INSERT OR IGNORE INTO subscribers VALUES
    (7, 'Prénom', 'Nom', 'a@exemple.invalid', '1991-03-01', 'Centre'),
    (8, 'Prénom', 'Nom', 'b@exemple.invalid', '1991-03-02', 'Port'),
    (9, 'Prénom', 'Nom', 'c@exemple.invalid', '1960-05-04', 'Port');
INSERT OR IGNORE INTO subscriptions VALUES
    (1, 7, 'annual', '2024-01-01', '2024-12-31'),
    (2, 7, 'annual', '2025-06-01', '2026-05-31'),
    (3, 8, 'monthly', '2025-01-01', NULL),
    (4, 9, 'annual', '2024-01-01', '2024-12-31');
INSERT OR IGNORE INTO maintenance VALUES (1, 'RIV-001', 'dock', 'Vu avec Nom', '2026-01-01T08:00:00Z', NULL);
