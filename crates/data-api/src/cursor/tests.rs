use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn a_cursor_reads_what_it_writes(hours in any::<i64>(), station_id in "[!-~]{1,64}") {
        let station_id: StationId = station_id.parse().unwrap();
        let position = Position { hour: Hour::from_hours_since_epoch(hours), station_id: station_id.clone() };
        prop_assert_eq!(Position::read(&position.write()), Some(position));
        prop_assert_eq!(StationId::read(&station_id.write()), Some(station_id.clone()));
        let flow = FlowPosition { month: 202_603, origin: station_id.clone(), destination: station_id.clone() };
        prop_assert_eq!(FlowPosition::read(&flow.write()), Some(flow));
        let event = (hours, station_id.to_string());
        prop_assert_eq!(EventPosition::read(&event.write()), Some(event));
        let reject = RejectPosition { hour: Hour::from_hours_since_epoch(hours), station_id: station_id.to_string(), reject_id: hours };
        prop_assert_eq!(RejectPosition::read(&reject.write()), Some(reject));
        prop_assert_eq!(i64::read(&hours.write()), Some(hours));
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,100}") {
        let _ = (Position::read(&text), StationId::read(&text), FlowPosition::read(&text), RejectPosition::read(&text), String::read(&text));
    }
}
