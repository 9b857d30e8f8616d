//! The last test of `cargo test`: lists, in French, the tests that were not played, and forgets them.
//!
//! Cargo runs the tests of packages in the order of their names, and this one has the last.

#![expect(clippy::print_stdout, reason = "its work is to print")]

use anyhow::Context;
use filrouge_prerequisites as prerequisites;

/// What `cargo test` does not even build or start.
const APART: &str = "
Se jouent à part : le SQL sur un cluster (docs/cluster.md), les pages dans Chromium (tests/e2e).
`.ci/run` installe ce qu’il faut et joue tout.";

fn main() -> anyhow::Result<()> {
    // A runner that asks for the names of the tests finds none here.
    if std::env::args().any(|argument| argument == "--list") {
        return Ok(());
    }
    let folder = prerequisites::folder().context("this program has no build folder")?;

    print!("{}", prerequisites::list(&prerequisites::records(&folder)?));
    println!("{APART}");
    prerequisites::clear(&folder)?;

    Ok(())
}
