use chrono::TimeDelta;
use filrouge_types::FixedClock;

use super::*;

const LIMITS: BudgetLimits = BudgetLimits {
    micros: 1000,
    tokens: 100,
};

fn expense(micros: u64, tokens: u64) -> Expense {
    Expense { micros, tokens }
}

fn budget(folder: &Path) -> (Budget, FixedClock) {
    let clock = FixedClock::at("2026-11-30T23:00:00Z".parse().unwrap());
    let path = folder.join("budget.json");

    (Budget::new(&path, LIMITS, Arc::new(clock.clone())), clock)
}

#[test]
fn a_call_that_could_pass_a_limit_is_stopped_before_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (budget, _) = budget(folder.path());

    budget.reserve(expense(600, 60)).unwrap();
    let passed = [
        budget.reserve(expense(401, 1)),
        budget.reserve(expense(1, 41)),
    ];
    assert!(
        passed
            .iter()
            .all(|end| matches!(end, Err(BudgetError::Spent { .. })))
    );
    assert_eq!(budget.spent().unwrap(), expense(600, 60));

    budget.settle(expense(600, 60), expense(200, 20)).unwrap();
    budget.reserve(expense(800, 80)).unwrap();
    assert!(
        budget.reserve(expense(1, 0)).is_err(),
        "not one millionth more"
    );
}

#[test]
fn the_account_outlives_the_process_and_ends_with_the_month() {
    let folder = tempfile::tempdir().unwrap();
    budget(folder.path()).0.reserve(expense(900, 90)).unwrap();

    let (again, clock) = budget(folder.path());
    assert_eq!(again.spent().unwrap(), expense(900, 90));

    clock.advance(TimeDelta::hours(2));
    assert_eq!(again.spent().unwrap(), Expense::default());
    again.reserve(expense(900, 90)).unwrap();
}

#[test]
fn nothing_is_spent_on_a_damaged_account() {
    let folder = tempfile::tempdir().unwrap();
    let (budget, _) = budget(folder.path());
    std::fs::write(folder.path().join("budget.json"), "{\"month\":").unwrap();

    let refused = budget.reserve(expense(1, 1)).unwrap_err();
    assert!(matches!(refused, BudgetError::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("budget.json"), "{refused}");
}

#[test]
fn threads_and_accounts_of_one_file_never_spend_the_same_money() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = [budget(folder.path()).0, budget(folder.path()).0];

    std::thread::scope(|scope| {
        for budget in &accounts {
            scope.spawn(|| (0..30).for_each(|_| drop(budget.reserve(expense(10, 1)))));
        }
    });

    assert_eq!(accounts[0].spent().unwrap(), expense(600, 60));
}
