//! The oral played: each step run and told, the minutes of each épreuve kept.

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

use super::plan::{Part, Plan, Step, demonstration};
use crate::verify::{Stage, State};

/// Number of the steps that were played, by outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct End {
    /// Did not hold.
    pub failed: usize,
    /// The tools and files that the others lack.
    pub missing: Vec<String>,
    /// Left out, because the minutes of their épreuve were over.
    pub late: usize,
}

/// Plays the plan. After each step, a line is awaited from `keys`, where somebody presents.
///
/// # Errors
/// When a program cannot be started, or when nobody reads the output any more.
pub fn play(
    plan: &Plan<'_>,
    stage: &Stage<'_>,
    mut output: impl Write,
    mut keys: Option<impl BufRead>,
) -> anyhow::Result<End> {
    let mut end = End::default();

    for part in &plan.parts {
        writeln!(
            output,
            "\n{} ({}), {} minutes : {}",
            part.epreuve.id, part.epreuve.kind, part.epreuve.oral_minutes, part.epreuve.presents
        )?;

        let mut text = String::new();
        demonstration(&mut text, part.epreuve);
        write!(output, "{text}")?;
        next(&mut output, &mut keys, !text.is_empty())?;

        play_part(part, stage, &mut output, &mut keys, &mut end)?;
    }

    Ok(end)
}

fn play_part(
    part: &Part<'_>,
    stage: &Stage<'_>,
    output: &mut impl Write,
    keys: &mut Option<impl BufRead>,
    end: &mut End,
) -> anyhow::Result<()> {
    let minutes = u64::from(part.epreuve.oral_minutes);
    let until = Instant::now() + Duration::from_secs(minutes * 60);

    for (rank, step) in part.steps.iter().enumerate() {
        let left = until.saturating_duration_since(Instant::now());
        if left.as_secs_f64() < step.seconds.unwrap_or_default() || left.is_zero() {
            let late = part.steps.len() - rank;
            writeln!(
                output,
                "  Le temps de {} est écoulé ; preuves laissées : {late}",
                part.epreuve.id
            )?;
            end.late += late;
            break;
        }

        play_step(step, stage, output, end)?;
        next(output, keys, true)?;
    }
    Ok(())
}

fn play_step(
    step: &Step<'_>,
    stage: &Stage<'_>,
    output: &mut impl Write,
    end: &mut End,
) -> anyhow::Result<()> {
    write!(output, "\n{}", step.text())?;
    output.flush()?;

    let outcome = stage.play(step.criterion, step.proof)?;
    writeln!(output, "      → {}", outcome.told())?;

    match outcome.state {
        State::DoesNotHold => end.failed += 1,
        State::NotPlayed => end.missing.extend(outcome.reason),
        State::Holds | State::ToJudge | State::NotDeclared => {}
    }
    Ok(())
}

fn next(
    output: &mut impl Write,
    keys: &mut Option<impl BufRead>,
    is_awaited: bool,
) -> anyhow::Result<()> {
    if let Some(keys) = keys.as_mut().filter(|_| is_awaited) {
        write!(output, "      (Entrée pour continuer) ")?;
        output.flush()?;
        keys.read_line(&mut String::new())?;
    }
    Ok(())
}
