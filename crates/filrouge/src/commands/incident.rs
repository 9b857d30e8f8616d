//! `filrouge incident`: evidence of a running state, and known faults for demonstrations. The
//! tracker: `docs/incidents`.

mod evidence;
mod faults;
mod forge;
mod gather;
mod issue;
mod listen;
mod play;

use anyhow::Result;

use crate::cli::{GlobalArgs, IncidentCommand};

pub(crate) async fn run(global: &GlobalArgs, command: &IncidentCommand) -> Result<()> {
    match command {
        IncidentCommand::Gather(arguments) => gather::run(global, arguments).await,
        IncidentCommand::Listen(arguments) => listen::run(global, arguments).await,
        IncidentCommand::Play(arguments) => play::run(global, arguments).await,
    }
}
