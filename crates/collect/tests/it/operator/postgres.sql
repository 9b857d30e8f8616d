CREATE TABLE stations (
    station_id VARCHAR(64) PRIMARY KEY, name TEXT, district TEXT, latitude DOUBLE PRECISION, longitude DOUBLE PRECISION,
    capacity SMALLINT, installed_on DATE
);
CREATE TABLE subscribers (
    subscriber_id BIGINT PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT, birth_date DATE, district TEXT
);
CREATE TABLE subscriptions (
    subscription_id INTEGER PRIMARY KEY, subscriber_id BIGINT, plan TEXT, starts_on DATE, ends_on DATE
);
CREATE TABLE maintenance (
    maintenance_id INTEGER PRIMARY KEY, station_id TEXT, kind TEXT, description TEXT, reported_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ
);
