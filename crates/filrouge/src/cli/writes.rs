//! The commands that hold the right to write in the state while they run.

use super::{
    ApplyArguments, CanaryCommand, Command, DataCommand, FeedsCommand, GdprCommand, LakeCommand,
    ModelCommand,
};

impl Command {
    /// The name under which the command holds the right to write in the state; none for one that
    /// writes nothing there, or that takes this right itself, for a part of its life.
    pub(crate) fn writes(&self) -> Option<&'static str> {
        match self {
            Self::Collect(arguments) => arguments.every.is_none().then_some("filrouge collect"),
            Self::Aggregate(_) => Some("filrouge aggregate"),
            Self::Profile => Some("filrouge profile"),
            Self::Import => Some("filrouge import"),
            Self::Feeds(FeedsCommand::Fetch) => Some("filrouge feeds fetch"),
            // A folder that somebody names is not the state's.
            Self::Train(arguments) => arguments.out.is_none().then_some("filrouge train"),

            Self::Lake(command) => command.writes(),
            Self::Gdpr(command) => command.writes(),
            Self::Data(command) => command.writes(),
            Self::Model(command) => command.writes(),

            Self::Doctor { repair } => repair.then_some("filrouge doctor --repair"),
            // It changes nothing, and copies what nobody changes meanwhile.
            Self::Backup { .. } => Some("filrouge backup"),

            _ => None,
        }
    }
}

impl LakeCommand {
    fn writes(&self) -> Option<&'static str> {
        match self {
            Self::Ingest { .. } => Some("filrouge lake ingest"),
            Self::Forget { .. } => Some("filrouge lake forget"),
            _ => None,
        }
    }
}

impl GdprCommand {
    fn writes(&self) -> Option<&'static str> {
        match self {
            Self::Audit | Self::Verify { .. } | Self::Purge { dry_run: true } => None,
            _ => Some("filrouge gdpr"),
        }
    }
}

impl DataCommand {
    fn writes(&self) -> Option<&'static str> {
        match self {
            // A store that somebody names is not the state's.
            Self::Put { store, .. } => store.store.is_none().then_some("filrouge data put"),
            _ => None,
        }
    }
}

impl ModelCommand {
    fn writes(&self) -> Option<&'static str> {
        let folder = match self {
            Self::Promote { folder, .. }
            | Self::Rollback(folder)
            | Self::Install { folder, .. }
            | Self::Canary(CanaryCommand::Apply(ApplyArguments { folder, .. })) => folder,
            _ => return None,
        };

        folder.models.is_none().then_some("filrouge model")
    }
}
