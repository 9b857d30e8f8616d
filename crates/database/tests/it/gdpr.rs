use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_database::disclosure::CountTable;
use filrouge_database::gdpr::{
    ActionCount, AuditEnds, AuditSeal, Decision, EndsStore, Rectification, StoredReceipt,
};
use filrouge_database::{
    Database, DatabaseError, Gdpr, PseudonymKeys, Subscriber, SubscriberImport, SubscriberNumber,
    SubscriberTable,
};

use crate::engines::{Setting, on_each_engine};
use crate::samples::now;

const STATISTICS: &str = "subscriber-statistics";
const AGES: &str = "age-statistics";

fn number(text: &str) -> SubscriberNumber {
    SubscriberNumber::from(text.to_owned())
}

fn subscriber(text: &str) -> Subscriber {
    Subscriber {
        number: number(text),
        district: Some("Centre".to_owned()),
        plan: Some("annual".to_owned()),
    }
}

async fn open(database: &Database, keys: &PseudonymKeys, at: DateTime<Utc>) -> Gdpr {
    Gdpr::open(database, keys, "test", at).await.unwrap()
}

fn later(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

#[tokio::test]
async fn subscribers_are_those_that_the_operator_has_now() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let first = open(&setting.database, &keys, now()).await;

        first
            .replace_subscribers(&["a", "b", "c"].map(subscriber))
            .await
            .unwrap();
        let second = open(&setting.database, &keys, later(1)).await;
        let import = second
            .replace_subscribers(&["b", "b", "d"].map(subscriber))
            .await
            .unwrap();

        assert_eq!(
            import,
            SubscriberImport {
                kept: 2,
                forgotten: 0,
                gone: 2
            }
        );

        assert_eq!(setting.database.count_subscribers().await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_person_sees_all_that_is_held_and_corrections_outlive_the_next_import() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;
        assert_eq!(gdpr.export(&number("a")).await.unwrap(), None);

        gdpr.replace_subscribers(&["a", "b"].map(subscriber))
            .await
            .unwrap();
        let moved = Rectification {
            district: Some("Saint-Roch".to_owned()),
            ..Rectification::default()
        };

        gdpr.rectify(&number("a"), &moved).await.unwrap();
        gdpr.agree_to_age_statistics(&number("a"), "25-34")
            .await
            .unwrap();
        gdpr.restrict(&number("a"), STATISTICS).await.unwrap();
        let next = open(&setting.database, &keys, later(1)).await;

        next.replace_subscribers(&["a", "b"].map(subscriber))
            .await
            .unwrap();
        let file = next.export(&number("a")).await.unwrap().unwrap();

        assert_eq!(
            (file.district.as_deref(), file.age_band.as_deref()),
            (Some("Saint-Roch"), Some("25-34"))
        );
        assert_eq!(
            (file.first_seen_at, file.last_seen_at, file.rectified_at),
            (now(), later(1), Some(now()))
        );

        assert_eq!((file.consents.len(), file.restrictions.len()), (1, 1));

        let actions: Vec<_> = file
            .audit_log
            .iter()
            .map(|entry| entry.action.as_str())
            .collect();
        assert_eq!(actions, ["rectify", "consent", "restrict", "export"]);
        assert!(matches!(
            gdpr.rectify(&number("z"), &moved).await,
            Err(DatabaseError::UnknownPerson)
        ));

        assert!(matches!(
            gdpr.restrict(&number("a"), "x").await,
            Err(DatabaseError::UnknownProcessing(_))
        ));
    })
    .await;
}

#[tokio::test]
async fn only_people_who_agree_now_are_counted_by_age() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;

        gdpr.replace_subscribers(&["a", "b", "c", "d"].map(subscriber))
            .await
            .unwrap();

        for person in ["a", "b", "c"] {
            gdpr.decide(&number(person), AGES, Decision::Given)
                .await
                .unwrap();
        }

        let next = open(&setting.database, &keys, later(1)).await;

        next.decide(&number("b"), AGES, Decision::Withdrawn)
            .await
            .unwrap();
        next.restrict(&number("c"), AGES).await.unwrap();
        let database = &setting.database;

        let count = |table, since| async move {
            database
                .subscriber_table(table, since)
                .await
                .unwrap()
                .total()
        };

        assert_eq!(
            count(SubscriberTable::AgeBandByPlan, now()).await,
            1,
            "b withdrew, c restricted, d never agreed"
        );
        assert_eq!(
            count(SubscriberTable::AgeBandByPlan, later(2)).await,
            0,
            "too old an agreement no longer counts"
        );

        assert_eq!(count(SubscriberTable::DistrictByPlan, now()).await, 4);
        assert_eq!(
            next.export(&number("b"))
                .await
                .unwrap()
                .unwrap()
                .consents
                .len(),
            2,
            "the history stays"
        );

        assert!(matches!(
            next.decide(&number("a"), STATISTICS, Decision::Given).await,
            Err(DatabaseError::NotByConsent(_))
        ));
    })
    .await;
}

// Preuve: C4.8 la base légale est celle que le code suit : une tranche d’âge n’est enregistrée qu’avec un consentement [code : crates/database/src/gdpr/consents.rs#agree_to_age_statistics]
// Preuve: C4.9 le retrait et la fin du consentement effacent la tranche d’âge
#[tokio::test]
async fn an_age_band_is_held_with_a_consent_only() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;
        let people = ["a", "b", "c"].map(subscriber);
        gdpr.replace_subscribers(&people).await.unwrap();

        let older = Rectification {
            age_band: Some("65+".to_owned()),
            ..Rectification::default()
        };
        for person in ["a", "b"] {
            gdpr.agree_to_age_statistics(&number(person), "25-34")
                .await
                .unwrap();
            gdpr.rectify(&number(person), &older).await.unwrap();
        }
        assert!(matches!(
            gdpr.rectify(&number("c"), &older).await,
            Err(DatabaseError::AgeWithoutConsent)
        ));
        assert_eq!(ages(&gdpr).await, ["65+", "65+", "none"]);

        gdpr.decide(&number("b"), AGES, Decision::Withdrawn)
            .await
            .unwrap();
        assert_eq!(ages(&gdpr).await, ["65+", "none", "none"]);

        // The collection still names them three years later, when the consent is over.
        let after = open(&setting.database, &keys, later(1096)).await;
        after.replace_subscribers(&people).await.unwrap();
        after.purge().await.unwrap();
        assert_eq!(ages(&after).await, ["none"; 3]);
    })
    .await;
}

/// The age bands held of a, b and c.
async fn ages(gdpr: &Gdpr) -> Vec<String> {
    let mut ages = Vec::new();
    for person in ["a", "b", "c"] {
        let file = gdpr.export(&number(person)).await.unwrap().unwrap();
        ages.push(file.age_band.unwrap_or_else(|| "none".to_owned()));
    }
    ages
}

#[tokio::test]
async fn age_bands_that_were_held_without_a_consent_leave_with_the_migration() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;
        let people = ["a", "b", "c"].map(subscriber);
        gdpr.replace_subscribers(&people).await.unwrap();
        gdpr.decide(&number("a"), AGES, Decision::Given)
            .await
            .unwrap();
        setting.database.revert_to(3).await.unwrap();
        assert!(
            setting
                .tamper("UPDATE subscribers SET age_band = '25-34'")
                .await
        );

        setting.database.migrate().await.unwrap();

        assert_eq!(ages(&gdpr).await, ["25-34", "none", "none"]);
    })
    .await;
}

fn holds(folder: &Path, values: &[String]) -> Vec<String> {
    let mut found = Vec::new();

    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();

        for value in values {
            if bytes
                .windows(value.len())
                .any(|window| window == value.as_bytes())
            {
                found.push(path.display().to_string());
            }
        }
    }

    found
}

// Preuve: C4.9 après un effacement, aucun octet de la personne ne reste dans la base ni dans son journal d’écriture
#[tokio::test]
async fn an_erased_person_leaves_no_byte_behind_and_does_not_come_back() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;
        let people: Vec<Subscriber> = (0..300)
            .map(|index| subscriber(&format!("person {index}")))
            .collect();
        gdpr.replace_subscribers(&people).await.unwrap();
        gdpr.decide(&number("person 42"), AGES, Decision::Given)
            .await
            .unwrap();

        let traces = gdpr.traces_of(&number("person 42"));
        let erased = gdpr.erase(&number("person 42")).await.unwrap();
        assert_eq!((erased.subscribers, erased.consents), (1, 1));
        assert!(setting.database.leave_no_trace().await.unwrap());

        if let Some(path) = setting.address.strip_prefix("sqlite:") {
            assert_eq!(holds(Path::new(path).parent().unwrap(), &traces), [""; 0]);
            let other = gdpr.traces_of(&number("person 43"));
            assert_ne!(
                holds(Path::new(path).parent().unwrap(), &other),
                [""; 0],
                "the search itself finds"
            );
        }

        assert_eq!(gdpr.export(&number("person 42")).await.unwrap(), None);

        let import = gdpr.replace_subscribers(&people).await.unwrap();
        assert_eq!((import.kept, import.forgotten), (299, 1));
        assert_eq!(
            gdpr.erase(&number("person 42")).await.unwrap().subscribers,
            0,
            "erasing twice changes nothing"
        );
    })
    .await;
}

// Preuve: C4.10 deux ans plus tard, aucune ligne n’a dépassé sa durée de conservation
#[tokio::test]
async fn two_years_later_no_row_is_older_than_its_retention() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;
        let people: Vec<Subscriber> = (0..1200)
            .map(|index| subscriber(&index.to_string()))
            .collect();
        gdpr.replace_subscribers(&people).await.unwrap();
        gdpr.decide(&number("7"), AGES, Decision::Given)
            .await
            .unwrap();

        gdpr.restrict(&number("8"), STATISTICS).await.unwrap();
        gdpr.erase(&number("9")).await.unwrap();
        let after = open(&setting.database, &keys, later(730)).await;
        let due = setting.database.due(later(730)).await.unwrap();
        let purged = after.purge().await.unwrap();
        for (due, purged) in due.iter().zip(&purged) {
            assert_eq!(
                (due.rows, &purged.due),
                (purged.removed, due),
                "what was announced is what was removed"
            );
        }

        let kept = setting.number("SELECT COUNT(*) FROM subscribers").await;

        assert_eq!(
            kept,
            Some(1),
            "the one whose processing is restricted is kept for them"
        );

        for (oldest, days) in [
            ("SELECT MIN(at) FROM audit_log", 365),
            ("SELECT MIN(decided_at) FROM consents", 1095),
            ("SELECT MIN(erased_at) FROM erasures", 1095),
            ("SELECT MIN(issued_at) FROM receipts", 1825),
        ] {
            let limit = (later(730) - TimeDelta::days(days)).timestamp();
            assert!(
                setting
                    .number(oldest)
                    .await
                    .is_none_or(|oldest| oldest >= limit),
                "{oldest}"
            );
        }

        assert!(
            after
                .purge()
                .await
                .unwrap()
                .iter()
                .all(|one| one.removed == 0)
        );
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_can_be_neither_changed_nor_shortened_and_a_change_around_it_shows() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;

        gdpr.replace_subscribers(&["a", "b"].map(subscriber))
            .await
            .unwrap();
        gdpr.export(&number("a")).await.unwrap();
        gdpr.restrict(&number("b"), STATISTICS).await.unwrap();

        assert!(
            !setting
                .tamper("UPDATE audit_log SET actor = 'somebody else'")
                .await
        );
        assert!(!setting.tamper("DELETE FROM audit_log").await);

        let verdict = setting.database.verify_audit_log().await.unwrap();
        assert_eq!((verdict.rows, verdict.broken_at), (3, None));

        for unlocked in [
            "DROP TRIGGER audit_log_is_never_changed",
            "DROP TRIGGER audit_log_is_kept ON audit_log",
        ] {
            setting.tamper(unlocked).await;
        }

        assert!(
            setting
                .tamper("UPDATE audit_log SET actor = 'somebody else' WHERE action = 'export'")
                .await
        );
        assert_eq!(
            setting.database.verify_audit_log().await.unwrap().broken_at,
            Some(2)
        );
    })
    .await;
}

#[tokio::test]
async fn rotated_keys_open_the_same_rows_and_the_old_ones_no_longer_do() {
    on_each_engine(|setting| async move {
        let old = PseudonymKeys::generate().unwrap();
        let mut gdpr = open(&setting.database, &old, now()).await;

        gdpr.replace_subscribers(&["a", "b"].map(subscriber))
            .await
            .unwrap();
        gdpr.decide(&number("a"), AGES, Decision::Given)
            .await
            .unwrap();
        gdpr.erase(&number("b")).await.unwrap();

        let new = old.with_another().unwrap();
        let before = open(&setting.database, &new, now()).await;

        assert!(
            before.export(&number("a")).await.unwrap().is_some(),
            "a key that is not applied yet changes nothing"
        );
        assert_eq!(gdpr.rotate_keys(&new).await.unwrap(), 1);

        let file = gdpr.export(&number("a")).await.unwrap().unwrap();
        assert_eq!(file.consents.len(), 1);
        assert!(
            file.audit_log.len() >= 3,
            "what the log said under the old key is still found"
        );

        let import = gdpr
            .replace_subscribers(&["a", "b"].map(subscriber))
            .await
            .unwrap();
        assert_eq!((import.kept, import.forgotten), (1, 1));

        for wrong in [
            old,
            PseudonymKeys::generate().unwrap().with_another().unwrap(),
        ] {
            let refused = Gdpr::open(&setting.database, &wrong, "test", now()).await;
            assert!(matches!(refused, Err(DatabaseError::WrongPseudonymKeys)));
        }
    })
    .await;
}

#[tokio::test]
async fn the_facts_of_a_breach_come_from_the_log_and_name_nobody() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;

        gdpr.replace_subscribers(&["a", "b", "c"].map(subscriber))
            .await
            .unwrap();
        let next = open(&setting.database, &keys, later(1)).await;
        next.export(&number("a")).await.unwrap();
        next.export(&number("a")).await.unwrap();
        next.export(&number("b")).await.unwrap();

        let facts = next.breach_facts(later(1)).await.unwrap();

        assert_eq!(
            (facts.people_held, facts.people_touched, facts.log_is_whole),
            (3, 2, true)
        );
        assert_eq!(
            facts.actions,
            [ActionCount {
                actor: "test".to_owned(),
                action: "export".to_owned(),
                times: 3,
                people: 3,
            }]
        );

        assert_eq!(facts.log_begins_at, Some(now()));
    })
    .await;
}

#[tokio::test]
async fn a_receipt_is_kept_and_names_nobody() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let gdpr = open(&setting.database, &keys, now()).await;

        let receipt = StoredReceipt {
            receipt_id: "1",
            kind: "erasure",
            issued_at: now(),
            content: "{}",
            signature: "00",
        };
        gdpr.keep_receipt(&receipt).await.unwrap();

        assert_eq!(
            setting.number("SELECT COUNT(*) FROM receipts").await,
            Some(1)
        );
        assert!(
            gdpr.keep_receipt(&receipt).await.is_err(),
            "a number serves once"
        );
    })
    .await;
}

// A clock that was ahead for a while must stop neither the import nor a withdrawal.
#[tokio::test]
async fn a_clock_that_goes_back_stops_no_import_and_undoes_no_withdrawal() {
    on_each_engine(|setting| async move {
        let keys = PseudonymKeys::generate().unwrap();
        let ahead = open(&setting.database, &keys, later(3)).await;
        ahead
            .replace_subscribers(&["a"].map(subscriber))
            .await
            .unwrap();
        ahead
            .decide(&number("a"), AGES, Decision::Given)
            .await
            .unwrap();

        let back = open(&setting.database, &keys, now()).await;
        let import = back
            .replace_subscribers(&["a"].map(subscriber))
            .await
            .unwrap();
        back.decide(&number("a"), AGES, Decision::Withdrawn)
            .await
            .unwrap();

        assert_eq!(import.kept, 1);
        let table = SubscriberTable::AgeBandByPlan;
        let agreed = setting
            .database
            .subscriber_table(table, later(-30))
            .await
            .unwrap();
        assert_eq!(agreed, CountTable::default());
    })
    .await;
}

/// Signed ends kept in memory, apart from the database.
#[derive(Clone, Default)]
struct Apart(Arc<Mutex<Option<String>>>);

impl EndsStore for Apart {
    fn read(&self) -> io::Result<Option<String>> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn write(&self, text: &str) -> io::Result<()> {
        *self.0.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }
}

/// A sealed database with a log of four rows, and what was signed of it.
async fn sealed(setting: &Setting, apart: &Apart) -> Database {
    let database = setting.database.clone();
    let seal = AuditSeal::new(b"the key of the test", apart.clone());
    let database = database.sealed(seal).await.unwrap();
    for action in ["one", "two", "three", "four"] {
        database.record_access("test", action, now()).await.unwrap();
    }

    for unlocked in [
        "DROP TRIGGER audit_log_is_never_changed",
        "DROP TRIGGER audit_log_is_never_changed ON audit_log",
        "DROP TRIGGER audit_log_is_kept",
        "DROP TRIGGER audit_log_is_kept ON audit_log",
    ] {
        setting.tamper(unlocked).await;
    }
    database
}

// Preuve: C4.9 une ligne changée, ôtée ou ajoutée au journal se voit, même la dernière
#[tokio::test]
async fn any_change_or_cut_of_a_sealed_log_shows() {
    const CHANGED: &str = "UPDATE audit_log SET actor = 'somebody' WHERE action = 'two'";
    const MIDDLE: &str = "DELETE FROM audit_log WHERE action = 'two'";
    const BEGINNING: &str = "DELETE FROM audit_log WHERE action = 'one'";
    const END: &str = "DELETE FROM audit_log WHERE action = 'four'";
    const WITHOUT_KEY: &str = "UPDATE audit_log SET hash = '00' WHERE action = 'four'";

    for (damage, is_broken, ends) in [
        (CHANGED, true, AuditEnds::Whole),
        (MIDDLE, true, AuditEnds::Whole),
        (BEGINNING, false, AuditEnds::Cut),
        (END, false, AuditEnds::Cut),
        (WITHOUT_KEY, true, AuditEnds::Cut),
    ] {
        on_each_engine(|setting| async move {
            let database = sealed(&setting, &Apart::default()).await;
            assert!(database.verify_audit_log().await.unwrap().is_whole());

            assert!(setting.tamper(damage).await, "{damage}");
            let verdict = database.verify_audit_log().await.unwrap();
            assert_eq!(
                (verdict.broken_at.is_some(), verdict.ends),
                (is_broken, ends),
                "{damage}"
            );

            // What follows does not hide it.
            database.record_access("test", "five", now()).await.unwrap();
            assert!(
                !database.verify_audit_log().await.unwrap().is_whole(),
                "{damage}"
            );
        })
        .await;
    }
}

// Preuve: C4.9 une sonde voit sans relire le journal que sa dernière ligne a été ôtée ou changée
#[tokio::test]
async fn a_probe_sees_that_the_last_row_is_gone_or_changed() {
    for damage in [
        "DELETE FROM audit_log WHERE action = 'four'",
        "UPDATE audit_log SET hash = '00' WHERE action = 'four'",
    ] {
        on_each_engine(|setting| async move {
            let database = sealed(&setting, &Apart::default()).await;
            assert_eq!(database.audit_signature().await.unwrap(), AuditEnds::Whole);

            assert!(setting.tamper(damage).await, "{damage}");
            let ends = database.audit_signature().await.unwrap();

            assert_eq!(ends, AuditEnds::Cut, "{damage}");
        })
        .await;
    }
}

#[tokio::test]
async fn signed_ends_that_are_lost_or_forged_are_told_and_not_signed_again() {
    for (text, ends) in [(None, AuditEnds::Missing), (Some("{}"), AuditEnds::Forged)] {
        on_each_engine(|setting| async move {
            let apart = Apart::default();
            let database = sealed(&setting, &apart).await;
            *apart.0.lock().unwrap() = text.map(str::to_owned);

            database.record_access("test", "five", now()).await.unwrap();

            assert_eq!(database.verify_audit_log().await.unwrap().ends, ends);
            let seal = AuditSeal::new(b"the key of the test", apart);
            let again = setting.database.clone().sealed(seal).await.unwrap();
            assert_eq!(again.verify_audit_log().await.unwrap().ends, ends);
        })
        .await;
    }
}

#[tokio::test]
async fn a_log_of_before_the_key_is_sealed_from_its_next_row() {
    on_each_engine(|setting| async move {
        setting
            .database
            .record_access("test", "before", now())
            .await
            .unwrap();

        let database = sealed(&setting, &Apart::default()).await;

        let verdict = database.verify_audit_log().await.unwrap();
        assert_eq!((verdict.rows, verdict.is_whole()), (5, true));
    })
    .await;
}

/// A place that cannot be written while it is full.
#[derive(Clone, Default)]
struct Full(Apart, Arc<AtomicBool>);

impl EndsStore for Full {
    fn read(&self) -> io::Result<Option<String>> {
        self.0.read()
    }

    fn write(&self, text: &str) -> io::Result<()> {
        match self.1.load(Ordering::Relaxed) {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => self.0.write(text),
        }
    }
}

#[tokio::test]
async fn rows_whose_signature_failed_are_told_until_a_later_one_makes_up_for_it() {
    on_each_engine(|setting| async move {
        let place = Full::default();
        let seal = || AuditSeal::new(b"the key of the test", place.clone());
        let database = setting.database.clone().sealed(seal()).await.unwrap();
        let ends = async || database.verify_audit_log().await.unwrap().ends;

        database.record_access("test", "one", now()).await.unwrap();
        assert_eq!(ends().await, AuditEnds::Whole);

        place.1.store(true, Ordering::Relaxed);
        database.record_access("test", "two", now()).await.unwrap();
        assert_eq!(ends().await, AuditEnds::Behind);
        assert_eq!(database.audit_signature().await.unwrap(), AuditEnds::Behind);

        place.1.store(false, Ordering::Relaxed);
        setting.database.clone().sealed(seal()).await.unwrap();
        assert_eq!(ends().await, AuditEnds::Whole, "signed at the next start");
    })
    .await;
}
