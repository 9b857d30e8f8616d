//! What a hostile file or a hostile server may cost: the table « Ce qu’un fichier reçu peut coûter »
//! of `docs/collecte.md`, played on the program itself. Its peak of memory stays under one and a half
//! times that of an ordinary run of the same command.

#![expect(
    clippy::unwrap_used,
    reason = "what a helper of a test cannot do fails the test"
)]
#![expect(clippy::print_stdout, reason = "a test says what it measured")]

mod aggregate;
mod collect;
mod dataset;
mod files;
mod lake;
mod page;
mod peak;
#[expect(dead_code, reason = "other suites use the rest")]
#[path = "../it/program.rs"]
mod program;
mod server;
