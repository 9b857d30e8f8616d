-- An index for each filter of a list: what is asked for is found, not looked for.

CREATE INDEX stations_by_district ON stations (district, station_id);

CREATE INDEX upcoming_hours_by_station ON upcoming_hours (station_key, hour);

CREATE INDEX events_by_end ON events (ends_at);

CREATE INDEX trip_flows_by_origin ON trip_flows (origin_key, month);

CREATE INDEX trip_flows_by_destination ON trip_flows (destination_key, month);
