#![doc = include_str!("../README.md")]

mod cli;
mod commands;
mod credentials;
mod print;
mod progress;
mod project;
mod services;
mod state;

use std::process::ExitCode;

use anyhow::Result;
use filrouge_http::telemetry::{self, LogFormat};

use cli::{Cli, Command};

/// Threads hand work to one another, and free memory that others allocated: the system's allocator
/// makes them wait for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli: Cli = filrouge_command_line::parse();
    match run(cli).await {
        Ok(code) => code,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    telemetry::init(log_format(&cli.command), &log_filter())?;
    let place = cli.place;

    match cli.command {
        Command::Up(arguments) => commands::up::run(&place, &arguments).await?,
        Command::Collect(arguments) => return commands::collect::run(&place, &arguments).await,
        Command::Aggregate(arguments) => commands::aggregate::run(&place, &arguments)?,
        Command::Lineage {
            hour,
            station,
            json,
        } => commands::lineage::run(&place, hour, &station, json)?,
        Command::Profile => commands::profile::run(&place)?,
        Command::Import => commands::import::run(&place).await?,
        Command::Split(arguments) => commands::split::run(&place, &arguments)?,
        Command::Train(arguments) => commands::train::run(&place, &arguments).await?,
        Command::Evaluate(arguments) => commands::evaluate::run(&arguments)?,
        Command::Predict(arguments) => commands::predict::run(&arguments)?,
        Command::Document { part } => commands::document::run(part).await?,
        Command::Model(command) => commands::model::run(&place, &command)?,
        Command::Lake(command) => commands::lake::run(&place, &command)?,
        Command::Gdpr(command) => commands::gdpr::run(&place, &command).await?,
        Command::Serve { service, profile } => {
            commands::serve::run(&place, service, profile.as_deref()).await?
        }
        Command::Doctor => commands::doctor::run(&place)?,
    }

    Ok(ExitCode::SUCCESS)
}

/// Services log for a collector; the other commands for the person who typed them.
fn log_format(command: &Command) -> LogFormat {
    if matches!(command, Command::Serve { .. }) {
        LogFormat::Json
    } else {
        LogFormat::Text
    }
}

/// `FILROUGE_LOG`, else warnings, so that progress stays readable.
fn log_filter() -> String {
    std::env::var("FILROUGE_LOG").unwrap_or_else(|_| "warn".to_owned())
}

#[expect(
    clippy::print_stderr,
    reason = "a command's failure, said once, at the edge"
)]
fn complain(error: &anyhow::Error) {
    eprintln!("erreur : {error:#}");
}
