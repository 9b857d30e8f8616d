//! `filrouge predict`: a forecast for each row of a file.

use anyhow::Result;
use filrouge_dataset::{read_conditions, read_dataset, write_predictions};

use crate::cli::PredictArguments;
use crate::commands::evaluate::version;
use crate::{print, project};

pub(crate) fn run(arguments: &PredictArguments) -> Result<()> {
    let model = version(&arguments.model)?;
    let history = read_dataset(&arguments.history)?.table;
    let input = read_conditions(&arguments.input)?.table;
    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;

    let predictions = filrouge_train::predict(&runtime, &model, &history, &input)?;
    write_predictions(&arguments.output, &predictions)?;
    print::line(&format!(
        "{} prévisions dans `{}`",
        predictions.len(),
        arguments.output.display()
    ));

    Ok(())
}
