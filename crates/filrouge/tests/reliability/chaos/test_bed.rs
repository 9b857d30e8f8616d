//! The folders of one run, and the engine of its database.

use std::process::{Command, Output};

use crate::program::Program;
use crate::service::Served;

pub(super) struct TestBed {
    pub(super) program: Program,
    /// `DATABASE_URL`; none for the file of the state.
    pub(super) database: Option<String>,
}

impl TestBed {
    fn on_its_engine(&self, mut command: Command) -> Command {
        if let Some(address) = &self.database {
            command.env("DATABASE_URL", address);
        }
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        self.on_its_engine(self.program.command(arguments))
            .output()
            .unwrap()
    }

    pub(super) fn succeed(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
    }

    pub(super) fn serve(&self, service: &str, base: u16) -> Served {
        self.serve_as(service, base, |command| command)
    }

    /// The service by a command that was changed.
    pub(super) fn serve_as(
        &self,
        service: &str,
        base: u16,
        change: impl FnOnce(Command) -> Command,
    ) -> Served {
        Served::start_as(&self.program, service, base, |command| {
            change(self.on_its_engine(command))
        })
    }
}
