#![doc = include_str!("../README.md")]

mod accounts;
mod chat_service;
mod cli;
mod commands;
mod credentials;
mod database;
mod interruption;
mod loop_metrics;
mod print;
mod progress;
mod project;
mod report_reader;
mod services;
mod source_metrics;
mod state;

use std::process::ExitCode;

use anyhow::{Context, Result};
use filrouge_http::process;
use filrouge_http::telemetry::{self, LogFormat};

use cli::{Cli, Command, IncidentCommand};
use commands::serve::ServeOptions;

/// Threads hand work to one another, and free memory that others allocated: the system's allocator
/// makes them wait for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli: Cli = filrouge_command_line::parse();
    let end = run(cli).await;
    filrouge_traces::finish().await;
    match end {
        Ok(code) => code,
        Err(error) => {
            let causes = filrouge_command_line::causes(error.as_ref());
            print::note(&format!("erreur : {causes}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    telemetry::init(log_format(&cli.command), &log_filter())?;
    filrouge_traces::start(process_name(&cli.command))
        .context("les traces ne peuvent pas être exportées")?;
    let global = cli.global;
    if let Some(file) = &global.tls_certificate {
        process::watch_certificate(file.clone());
    }
    // Named: a bare `_` would release it at once.
    let _writing = match cli.command.writes() {
        Some(name) => Some(state::lock_writing(&state::open(&global.state)?, name).await?),
        None => None,
    };

    match cli.command {
        Command::Up(arguments) => commands::up::run(&global, &arguments).await?,
        // A source in failure has a code of its own: a timer can tell it from no run at all.
        Command::Collect(arguments) => return commands::collect::run(&global, &arguments).await,
        Command::Aggregate(arguments) => commands::aggregate::run(&global, &arguments)?,
        Command::Lineage {
            hour,
            station,
            json,
            habits,
        } => commands::lineage::run(&global, hour, &station, json, &habits)?,
        Command::Profile => commands::profile::run(&global)?,
        Command::Import => commands::import::run(&global).await?,
        Command::Split(arguments) => commands::split::run(&global, &arguments)?,
        Command::Train(arguments) => commands::train::run(&global, &arguments).await?,
        Command::Evaluate(arguments) => commands::evaluate::run(&arguments)?,
        Command::Predict(arguments) => commands::predict::run(&arguments)?,
        Command::Availability(command) => commands::availability::run(&command)?,
        Command::Document { part } => commands::document::run(part).await?,
        Command::Data(command) => commands::data::run(&global, &command)?,
        Command::Model(command) => commands::model::run(&global, &command).await?,
        Command::Lake(command) => commands::lake::run(&global, &command)?,
        Command::Feeds(command) => commands::feeds::run(&global, &command).await?,
        Command::Gdpr(command) => commands::gdpr::run(&global, &command).await?,
        Command::Account(command) => commands::account::run(&global, &command).await?,
        Command::Credentials(command) => commands::credentials::run(&global, &command)?,
        Command::Triage(command) => commands::triage::run(&global, &command).await?,
        Command::Serve {
            service,
            profile,
            signature,
            triage,
        } => {
            let options = ServeOptions {
                profile: profile.as_deref(),
                signature: &signature,
                triage: &triage,
            };
            commands::serve::run(&global, service, &options).await?;
        }
        Command::Incident(command) => commands::incident::run(&global, &command).await?,
        Command::Backup { file } => commands::backup::run(&global, &file).await?,
        Command::Restore(arguments) => commands::restore::run(&global, &arguments).await?,
        Command::Refresh => commands::up::refresh(&global).await?,
        Command::Health { service } => commands::health::run(&global, service).await?,
        Command::Doctor { repair } => commands::doctor::run(&global, repair).await?,
    }

    Ok(ExitCode::SUCCESS)
}

/// Services log for a collector; the other commands for the person who typed them.
fn log_format(command: &Command) -> LogFormat {
    if matches!(
        command,
        Command::Serve { .. } | Command::Refresh | Command::Incident(IncidentCommand::Listen(_))
    ) {
        LogFormat::Json
    } else {
        LogFormat::Text
    }
}

/// The name of the process in a trace: that of its service, or of the program that runs several.
fn process_name(command: &Command) -> &'static str {
    match command {
        Command::Serve { service, .. } => service.code(),
        _ => "filrouge",
    }
}

/// `FILROUGE_LOG`, else warnings, so that progress stays readable.
fn log_filter() -> String {
    std::env::var("FILROUGE_LOG").unwrap_or_else(|_| "warn".to_owned())
}
