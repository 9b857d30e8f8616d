//! What is damaged, missing or done twice, and what must come of it: the table of
//! `docs/fiabilite.md`, played on the program itself.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]

mod clock;
mod damaged;
mod damages;
mod disk;
mod each_file;
mod first_start;
mod killed;
mod log_of_people;
mod page;
mod privacy;
#[path = "../it/program.rs"]
mod program;
mod real;
mod roles;
mod service;
mod state;
mod two;
