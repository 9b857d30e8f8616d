use super::*;

fn recognised(header: &str) -> (Vec<String>, Vec<Field>) {
    let header: Vec<String> = header.split(',').map(str::to_owned).collect();
    let fields = recognise("a.csv", &header).unwrap();
    (describe(&header, &fields), fields)
}

/// The field that each canonical column comes from.
fn sources(header: &str) -> String {
    recognised(header).0.join("; ")
}

#[test]
fn public_histories_are_recognised_whoever_publishes_them() {
    let both = "start_station_id; end_station_id";
    assert!(sources("ride_id,started_at,ended_at,start_station_id,end_station_id").ends_with(both));
    for (system, header, id) in [
        (
            "Citi Bike until 2021",
            "tripduration,starttime,stoptime,start station id,start station name,end station id,usertype,birth year",
            "start station id as start_station_id",
        ),
        (
            "Capital Bikeshare until 2020",
            "Duration,Start date,End date,Start station number,Start station,End station number,End station,Member type",
            "Start station number as start_station_id",
        ),
        (
            "Divvy until 2019",
            "trip_id,start_time,end_time,from_station_id,to_station_id",
            "from_station_id as start_station_id",
        ),
        (
            "Divvy, 2019",
            "01 - Rental Details Rental ID,01 - Rental Details Local Start Time,01 - Rental Details Local End Time,\
             03 - Rental Start Station ID,03 - Rental Start Station Name",
            "03 - Rental Start Station ID as start_station_id",
        ),
        (
            "BIXI until 2020",
            "start_date,start_station_code,end_date,end_station_code,duration_sec,is_member",
            "start_station_code as start_station_id",
        ),
        (
            "BIXI, 2021",
            "start_date,emplacement_pk_start,end_date,emplacement_pk_end,duration_sec",
            "emplacement_pk_start as start_station_id",
        ),
        (
            "BIXI since 2022",
            "STARTSTATIONNAME,STARTSTATIONLATITUDE,STARTTIMEMS,ENDTIMEMS",
            "STARTSTATIONNAME as start_station_name",
        ),
        (
            "Indego",
            "trip_id,duration,start_time,end_time,start_station,start_lat,start_lon,end_station",
            "start_station as start_station_id",
        ),
        (
            "Bay Area until 2017",
            "Trip ID,Duration,Start Date,Start Station,Start Terminal,End Date",
            "Start Station as start_station_name; Start Terminal as start_station_id",
        ),
        (
            "London",
            "Rental Id,Duration,Bike Id,End Date,EndStation Id,Start Date,StartStation Id,StartStation Name",
            "StartStation Id as start_station_id",
        ),
        (
            "Toronto",
            "Trip Id,Trip  Duration,Start Station Id,Start Time,Start Station Name,End Station Id,End Time",
            "Start Station Id as start_station_id",
        ),
        (
            "Helsinki",
            "Departure,Return,Departure station id,Departure station name,Return station id",
            "Departure station id as start_station_id",
        ),
        (
            "Mexico City",
            "Genero_Usuario,Bici,Ciclo_Estacion_Retiro,Fecha_Retiro,Hora_Retiro,Fecha_Arribo,Hora_Arribo",
            "Ciclo_Estacion_Retiro as start_station_id",
        ),
    ] {
        assert!(
            sources(header).contains(id),
            "{system}: {}",
            sources(header)
        );
    }
}

#[test]
fn the_order_and_the_capitals_do_not_matter_and_people_stay_out() {
    assert_eq!(
        recognised(
            "End Station ID,Start Time,Stop Time,Start Station ID,Birth Year,Bike ID,Zip Code"
        )
        .1,
        [
            EndStationId,
            StartedAt,
            EndedAt,
            StartStationId,
            Personal,
            Ignored,
            Personal
        ]
    );
}

#[test]
fn a_date_and_a_time_of_their_own_make_one_instant() {
    let header = "Start Date,Start Time,Start Station ID,End Date,End Time";
    assert_eq!(
        recognised(header).1,
        [StartedAt, StartTime, StartStationId, EndedAt, EndTime]
    );
    assert_eq!(
        recognised("start_time,start_station,end_time").1,
        [StartedAt, StartStationId, EndedAt]
    );
}

#[test]
fn every_name_leads_to_one_field() {
    for (at, (field, names)) in NAMES.iter().enumerate() {
        let others = || {
            NAMES[..at]
                .iter()
                .flat_map(|(_, names)| names.iter())
                .map(|name| squeeze(name))
        };

        for name in *names {
            assert!(
                others().all(|other| other != squeeze(name)),
                "`{name}` of {field:?}"
            );
        }
    }
}

#[test]
fn an_unknown_header_is_told_with_what_it_lacks() {
    let header = ["ride_id", "started_at", "ended_at", "colour"].map(str::to_owned);
    let error = recognise("a.csv", &header).unwrap_err().to_string();
    assert_eq!(
        error,
        "a.csv: not a table of trips: it lacks the start station among the columns `ride_id`, `started_at`, \
         `ended_at`, `colour`"
    );
}
