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
CREATE INDEX IF NOT EXISTS subscriptions_subscriber ON subscriptions (subscriber_id);
