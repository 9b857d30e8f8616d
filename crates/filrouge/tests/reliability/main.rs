//! What is damaged, missing or done twice, and what must come of it: the table of
//! `docs/fiabilite.md`, played on the program itself.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]

mod backup;
mod chaos;
mod clock;
mod collector;
mod damaged;
mod damages;
mod disk;
mod each_file;
mod first_start;
mod incident;
mod killed;
mod log_of_people;
mod metrics;
mod page;
#[path = "../../../database/tests/it/postgres.rs"]
mod postgres;
mod privacy;
#[path = "../it/program.rs"]
mod program;
mod real;
mod roles;
mod service;
mod state;
mod stop;
mod traces;
mod two;
