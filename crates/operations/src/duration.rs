/// The seconds of a duration of Prometheus with one unit, such as `20s`, `5m`, `2h`, `30d`.
pub fn seconds(duration: &str) -> Option<u64> {
    let (count, unit) = duration.split_at_checked(duration.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    count.parse::<u64>().ok()?.checked_mul(unit)
}

/// A duration in French, such as « 20 secondes ».
pub(crate) fn in_french(duration: &str) -> String {
    let (count, unit) = duration.split_at(duration.len().saturating_sub(1));
    let unit = match unit {
        "s" => "seconde",
        "m" => "minute",
        "h" => "heure",
        _ => "jour",
    };
    let plural = if count == "1" { "" } else { "s" };
    format!("{count}\u{a0}{unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_said() {
        let table = [
            ("20s", Some(20), "20\u{a0}secondes"),
            ("1m", Some(60), "1\u{a0}minute"),
            ("2h", Some(7_200), "2\u{a0}heures"),
            ("30d", Some(2_592_000), "30\u{a0}jours"),
        ];

        for (duration, length, french) in table {
            assert_eq!(seconds(duration), length, "{duration}");
            assert_eq!(in_french(duration), french);
        }

        for odd in ["", "s", "5", "1h30m", "-1s"] {
            assert_eq!(seconds(odd), None, "{odd}");
        }
    }
}
