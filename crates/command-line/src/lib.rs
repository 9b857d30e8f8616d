#![doc = include_str!("../README.md")]

mod causes;
mod help;
mod refusal;
mod result;

use clap::{CommandFactory, FromArgMatches};
use refusal::InFrench;

pub use causes::causes;
pub use help::in_french;
pub use result::write_result;

/// The arguments of the program; prints the help, the version or why they are refused, in French,
/// and leaves otherwise.
pub fn parse<Arguments: CommandFactory + FromArgMatches>() -> Arguments {
    let matches = in_french(Arguments::command()).try_get_matches();
    let arguments = matches.and_then(|mut matches| Arguments::from_arg_matches_mut(&mut matches));
    arguments.unwrap_or_else(|refusal| refusal.apply::<InFrench>().exit())
}
