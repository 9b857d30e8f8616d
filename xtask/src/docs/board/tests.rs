use super::history::{CommitRow, cycle_times};
use super::*;

fn commit(hash: &str, seconds: u64) -> CommitRow {
    CommitRow {
        hash: format!("{hash}{}", "0".repeat(33)),
        seconds,
        at: "2026-11-24 08:00".to_owned(),
    }
}

#[test]
fn a_cycle_time_goes_from_the_red_test_to_the_fix() {
    let commits = [commit("aaaaaaa", 600), commit("bbbbbbb", 6000)];
    let journal = "| Date | Trouvée par | Cause | Test rouge | Correction |
| --- | --- | --- | --- | --- |
| 2026-11-24 | une relecture | une faute | `aaaaaaa` | `bbbbbbb` |
| 2026-11-24 | une relecture | la même, en un commit | `bbbbbbb` | `bbbbbbb` |
| 2026-11-24 | une relecture | sans commit | `un_test` | `bbbbbbb` |
";
    assert_eq!(
        cycle_times(journal, &commits),
        [CycleTime {
            date: "2026-11-24".to_owned(),
            red: "aaaaaaa".to_owned(),
            fix: "bbbbbbb".to_owned(),
            minutes: 90,
        }]
    );
}

#[test]
fn a_percentile_is_a_value_that_was_seen() {
    let sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    assert_eq!(percentile(&sorted, 50), Some(5));
    assert_eq!(percentile(&sorted, 85), Some(9));
    assert_eq!(percentile(&[7], 85), Some(7));
    assert_eq!(percentile(&[], 50), None);
}

#[test]
fn a_duration_is_told_in_minutes_then_in_hours() {
    assert_eq!(told(Some(59)), "59\u{a0}min");
    assert_eq!(told(Some(125)), "2\u{a0}h\u{a0}05");
    assert_eq!(told(None), "aucune");
}

fn sample(at: &str, seconds: u64, proved: usize) -> Sample {
    Sample {
        at: at.to_owned(),
        seconds,
        commit: "a".repeat(40),
        proved,
        commits: 1,
    }
}

#[test]
fn the_burn_down_is_drawn_and_tabulated_with_the_same_values() {
    let history = CommitHistory {
        until: "b".repeat(40),
        criteria: 142,
        samples: vec![
            sample("2026-11-24 10:00", 1_795_514_400, 2),
            sample("2026-11-25 09:00", 1_795_597_200, 42),
        ],
        days: Vec::new(),
        cycles: Vec::new(),
    };

    let page = page(&history);
    assert!(
        page.contains("| 2026-11-24 10:00 | `aaaaaaa` | 140 | 1 |\n"),
        "{page}"
    );
    assert!(
        page.contains("| 2026-11-25 09:00 | `aaaaaaa` | 100 | 1 |\n"),
        "{page}"
    );
    let drawing = chart::svg(&history);
    assert!(
        drawing.contains(
            "descend de 140 le 2026-11-24 10:00 à 100 le 2026-11-25 09:00, sur 142 critères"
        ),
        "{drawing}"
    );
    assert!(drawing.contains(">24/11</text>") && drawing.contains(">25/11</text>"));
    // One disc a sample.
    assert_eq!(drawing.matches("<circle").count(), 2);
}
