//! The last test of `cargo test`: lists, in French, the tests that were not played, and forgets them.
//!
//! Cargo runs the tests of packages in the order of their names, and this one has the last.

#![expect(clippy::print_stdout, reason = "its work is to print")]

use anyhow::Context;
use filrouge_prerequisites as prerequisites;

fn main() -> anyhow::Result<()> {
    // A runner that asks for the names of the tests finds none here.
    if std::env::args().any(|argument| argument == "--list") {
        return Ok(());
    }
    let folder = prerequisites::folder().context("this program has no build folder")?;

    print!("{}", prerequisites::list(&prerequisites::records(&folder)?));
    prerequisites::clear(&folder)?;

    Ok(())
}
