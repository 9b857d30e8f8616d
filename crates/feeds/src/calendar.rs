//! The weekly hour of the watch, for anyone's calendar.

use chrono::NaiveDate;

/// An event of one hour each Friday, from the first Friday at or after `from`, as iCalendar
/// (RFC 5545). `zone` is the IANA name of the zone in which nine o'clock is meant.
pub fn weekly_hour(from: NaiveDate, zone: &str) -> String {
    let first = from
        .iter_days()
        .find(|day| chrono::Datelike::weekday(day) == chrono::Weekday::Fri)
        .unwrap_or(from)
        .format("%Y%m%d");

    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Fil rouge//veille//FR".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        "UID:veille-hebdomadaire@fil-rouge".to_owned(),
        format!("DTSTAMP:{first}T000000Z"),
        format!("DTSTART;TZID={zone}:{first}T090000"),
        format!("DTEND;TZID={zone}:{first}T100000"),
        "RRULE:FREQ=WEEKLY;BYDAY=FR".to_owned(),
        "SUMMARY:Veille technique et réglementaire".to_owned(),
        "DESCRIPTION:Lire le relevé\\, écrire la note de la semaine\\, en parler à l’équipe."
            .to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.map(|line| folded(&line)).concat()
}

/// A content line, cut every 75 bytes at most without cutting a character, then ended as the format
/// asks.
fn folded(line: &str) -> String {
    let mut folded = String::new();
    let mut length = 0;

    for character in line.chars() {
        if length + character.len_utf8() > 75 {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(character);
        length += character.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    // Preuve: C6.2 une heure par semaine est planifiée, dans un agenda que chacun ouvre [code : crates/feeds/src/calendar.rs#weekly_hour]
    #[test]
    fn the_hour_comes_back_every_friday() {
        let calendar = weekly_hour("2026-11-02".parse().unwrap(), "Europe/Paris");

        assert!(
            calendar.contains("DTSTART;TZID=Europe/Paris:20261106T090000\r\n"),
            "{calendar}"
        );
        assert!(calendar.contains("RRULE:FREQ=WEEKLY;BYDAY=FR\r\n"));
        assert!(
            calendar.split("\r\n").all(|line| line.len() <= 75),
            "{calendar}"
        );
    }
}
