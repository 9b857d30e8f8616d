use std::collections::BTreeMap;

use super::*;

fn column(values: &[Option<f64>]) -> ColumnProfile {
    ColumnProfile::new("departures", Edges::COUNT, values.iter().copied())
}

fn profile(run: &str, values: &[Option<f64>]) -> DataProfile {
    let rejected = BTreeMap::from([("duplicate_trip".to_owned(), 3)]);
    let source = SourceSummary {
        source: "lake<".to_owned(),
        read: 300,
        kept: 297,
        rejected,
        ..SourceSummary::default()
    };

    DataProfile {
        run_id: Some(run.to_owned()),
        rows: values.len() as u64,
        columns: vec![column(values)],
        sources: vec![source],
        ..DataProfile::default()
    }
}

#[test]
fn a_column_is_described_by_its_range_its_nulls_and_its_intervals() {
    let column = column(&[Some(0.0), Some(1.0), None, Some(4.0), Some(60.0)]);
    assert_eq!((column.nulls, column.range), (1, Some([0.0, 16.25, 60.0])));

    let told: Vec<_> = column
        .bins
        .iter()
        .filter(|bin| bin.rows > 0)
        .map(|bin| bin.label.as_str())
        .collect();

    assert_eq!(told, ["moins de 1", "de 1 à 2", "de 3 à 5", "50 et plus"]);
    assert_eq!(
        ColumnProfile::new("x", Edges::FLAG, [None].into_iter()).range,
        None
    );
}

#[test]
fn the_distance_goes_from_the_same_to_nothing_in_common() {
    let [low, mixed, high] =
        [[0.0, 0.0], [0.0, 60.0], [60.0, 60.0]].map(|values| column(&values.map(Some)));
    assert_eq!(
        [&low, &mixed, &high].map(|other| low.distance(other)),
        [Some(0.0), Some(0.5), Some(1.0)]
    );
    assert_eq!(low.distance(&column(&[None])), None);
}

#[test]
fn a_profile_is_compared_with_that_of_the_run_before_however_often_it_is_made() {
    let first = profile("A", &[Some(1.0)]);
    let second = profile("B", &[Some(2.0)]).after(Some(first));
    let again = profile("B", &[Some(2.0)]).after(Some(second.clone()));
    assert_eq!(again, second);
    assert_eq!(
        second.previous.as_ref().unwrap().run_id.as_deref(),
        Some("A")
    );
    let third = profile("C", &[Some(3.0)]).after(Some(second));
    assert_eq!(third.previous.unwrap().previous, None);
}

#[test]
fn the_page_tells_the_rules_the_change_and_every_chart_in_a_table_too() {
    let page = profile("B", &[Some(2.0), None])
        .after(Some(profile("A", &[Some(1.0)])))
        .html();
    assert!(
        page.starts_with("<!doctype html>\n<html lang=\"fr\">") && page.contains("<h1>"),
        "{page}"
    );
    assert_eq!(page.matches("<svg role=\"img\" aria-label=").count(), 1);
    assert_eq!(page.matches("<caption>").count(), 3);
    for told in [
        "R01 duplicate_trip",
        "1,00 %",
        "lake&lt;",
        "collecte A",
        "50,00 %",
        "Répartition de departures",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(profile("A", &[]).html().contains("rien à comparer"));
}
