DROP INDEX trip_flows_by_destination;
DROP INDEX trip_flows_by_origin;
DROP INDEX events_by_end;
DROP INDEX upcoming_hours_by_station;
DROP INDEX stations_by_district;
