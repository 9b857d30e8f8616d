//! Progress on the terminal: one line a step, then a table.

use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::print;

/// The steps under way. Lines go to the error output, so that results can be piped.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress {
    bars: MultiProgress,
}

impl Progress {
    /// Announces a step; drop or [`Step::done`] ends it.
    pub(crate) fn step(&self, name: &str) -> Step {
        let bar = self.bars.add(ProgressBar::new_spinner());
        bar.set_style(spinner());
        bar.set_message(name.to_owned());
        // The spinner turns while a step computes without a word.
        bar.enable_steady_tick(Duration::from_millis(120));
        Step {
            bar,
            bars: self.bars.clone(),
            name: name.to_owned(),
            start: Instant::now(),
        }
    }
}

fn spinner() -> ProgressStyle {
    ProgressStyle::with_template("  {spinner} {msg} ({elapsed})")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// One step under way.
#[derive(Debug)]
pub(crate) struct Step {
    bar: ProgressBar,
    bars: MultiProgress,
    name: String,
    start: Instant,
}

impl Step {
    /// Ends the step and leaves a line with its result and its duration.
    pub(crate) fn done(self, result: &str) {
        let seconds = format!("{:.1}", self.start.elapsed().as_secs_f64()).replace('.', ",");
        let line = format!("  ✓ {} : {result} ({seconds} s)", self.name);
        self.bar.finish_and_clear();
        // `println` of the bars is silent when nobody looks at them; a log still wants its lines.
        if self.bars.is_hidden() {
            print::note(&line)
        } else {
            drop(self.bars.println(&line))
        }
    }

    /// Says how far a step is.
    pub(crate) fn note(&self, text: &str) {
        self.bar.set_message(format!("{} : {text}", self.name));
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A table with its header, aligned for reading in a terminal.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let header: Vec<String> = header.iter().map(|&cell| cell.to_owned()).collect();
    let widths: Vec<usize> = (0..header.len())
        .map(|column| {
            std::iter::once(&header)
                .chain(rows)
                .map(|row| width(row, column))
                .max()
                .unwrap_or(0)
        })
        .collect();

    let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();

    std::iter::once(&header)
        .chain([&rule])
        .chain(rows)
        .map(|row| line(row, &widths))
        .collect::<Vec<_>>()
        .join("\n")
}

fn width(row: &[String], column: usize) -> usize {
    // Characters, not bytes: `é` is one cell wide.
    row.get(column).map_or(0, |cell| cell.chars().count())
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cells: Vec<String> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:<width$}"))
        .collect();
    format!("  {}", cells.join("  ").trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            vec!["ville".to_owned(), "1".to_owned()],
            vec!["web".to_owned(), "été".to_owned()],
        ];
        assert_eq!(
            table(&["Service", "N"], &rows),
            "  Service  N\n  -------  ---\n  ville    1\n  web      été"
        );
    }
}
