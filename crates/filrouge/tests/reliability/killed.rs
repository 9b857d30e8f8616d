//! `kill -9` at ten moments of an import, then the same command again.

use std::thread::sleep;
use std::time::Duration;

use filrouge_database::{Database, HourFilter};

use crate::program::Program;
use crate::state::small_state;

async fn rows(program: &Program) -> Vec<String> {
    let path = program.state().join("filrouge.sqlite");
    let database = Database::open_file(&path).await.unwrap();
    assert_eq!(
        database.check_integrity().await.unwrap(),
        Vec::<String>::new()
    );
    let all = HourFilter::default();
    let rows = database.station_hours(&all, None, u32::MAX).await.unwrap();
    database.close().await;
    rows.iter().map(|row| format!("{row:?}")).collect()
}

// Preuve: C4.5 un import tué à dix instants ne laisse rien à moitié et finit comme un autre
#[tokio::test]
async fn an_import_killed_at_ten_moments_leaves_all_or_nothing() {
    let whole = small_state();
    whole.succeed(&["import"]);
    let expected = rows(&whole).await;
    let killed = small_state();

    for moment in (0..10).map(|index| 10 + index * 30) {
        let mut child = killed.start(&["import"]);
        sleep(Duration::from_millis(moment));
        // It may have ended by itself, which is a case too.
        let _ = child.kill();
        child.wait().unwrap();

        let rows = rows(&killed).await;
        assert!(rows.is_empty() || rows == expected, "killed at {moment} ms");
    }

    killed.succeed(&["import"]);
    assert!(rows(&killed).await == expected);
}
