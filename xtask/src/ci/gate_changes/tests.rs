use super::*;

const BEFORE: &str = "lowest_skill = 0.1\nmost_bytes = 5_000\nslice_rows = 200\ncoverage = [0.75, 0.95]\n\n[canary]\nhighest_share = 0.2\nseed = 1\n";

fn changes(from: &str, to: &str) -> Vec<String> {
    let now = BEFORE.replace(from, to);
    assert_ne!(now, BEFORE, "{from}");

    let changes = loosened(&flat(BEFORE).unwrap(), &flat(&now).unwrap());
    let told = changes
        .iter()
        .map(|(gate, change)| format!("{gate} {change}"));
    told.collect()
}

#[test]
fn a_gate_that_lets_more_through_is_told() {
    for (from, to, told) in [
        (
            "skill = 0.1",
            "skill = -0.5",
            "lowest_skill went from [0.1] to [-0.5]",
        ),
        (
            "5_000",
            "9_000",
            "most_bytes went from [5000.0] to [9000.0]",
        ),
        (
            "rows = 200",
            "rows = 900",
            "slice_rows went from [200.0] to [900.0]",
        ),
        (
            "0.95]",
            "0.99]",
            "coverage went from [0.75, 0.95] to [0.75, 0.99]",
        ),
        (
            "share = 0.2",
            "share = 0.9",
            "highest_share went from [0.2] to [0.9]",
        ),
        ("seed = 1", "seed = 2", "seed went from [1.0] to [2.0]"),
        ("lowest_skill = 0.1\n", "", "lowest_skill was taken away"),
    ] {
        assert_eq!(changes(from, to), [told]);
    }
}

#[test]
fn a_gate_that_is_made_tighter_or_added_is_nobodys_concern() {
    for (from, to) in [
        ("skill = 0.1", "skill = 0.2"),
        ("5_000", "4_000"),
        ("0.75,", "0.8,"),
        ("slice_rows", "most_days = 3\nslice_rows"),
    ] {
        assert_eq!(changes(from, to), [""; 0]);
    }
}
