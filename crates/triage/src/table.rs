//! The file of a model: a line of JSON, then one record for each column.
//!
//! A record is the column (u32), its rarity (f32) and one weight for each category (i16, to be
//! multiplied by the category's step), all little-endian.

use std::io::{self, BufRead as _, Read as _};
use std::path::{Path, PathBuf};

use filrouge_storage::replace_file;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::calibration::Calibration;
use crate::classifier::{Classifier, MAX_CATEGORIES};
use crate::features::COLUMNS;
use crate::linear::LinearScores;
use crate::weighting::Weighting;

/// Name of the file in its folder.
pub const MODEL_FILE: &str = "triage.model";

/// Largest file of a model, in bytes.
pub const MAX_MODEL_BYTES: usize = 20_000_000;

/// Raised when the features change: an older file would be read against other columns.
const FORMAT: u32 = 1;

/// Longest first line: 64 categories with their names.
const MAX_HEADER_BYTES: usize = 64 << 10;

/// A model that is not read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file system said no.
    #[error("`{path}` : {cause}")]
    File {
        /// The file of the model.
        path: PathBuf,
        /// The reason.
        cause: io::Error,
    },
    /// The file is not one that was written here.
    #[error("`{path}` n’est pas un modèle de tri : {reason}")]
    Invalid {
        /// The file of the model.
        path: PathBuf,
        /// Its fault.
        reason: String,
    },
}

/// The first line of the file.
#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    categories: Vec<String>,
    biases: Vec<f32>,
    /// Value of one unit of a weight, for each category.
    steps: Vec<f32>,
    calibration: Calibration,
    records: usize,
    /// SHA-256 of the records.
    sha256: String,
}

impl Classifier {
    /// Loads the model of `folder`, in at most a few times the 20 MB that its file may have.
    ///
    /// # Errors
    /// See [`TableError`].
    pub fn load(folder: &Path) -> Result<Self, TableError> {
        read(folder)
    }

    /// Writes the model in `folder`, whole or not at all, in place of the one that is there.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn save(&self, folder: &Path) -> Result<(), TableError> {
        write(self, folder)
    }
}

fn write(classifier: &Classifier, folder: &Path) -> Result<(), TableError> {
    let path = folder.join(MODEL_FILE);
    let steps = steps(&classifier.scores);
    let kept = kept_columns(&classifier.scores);
    let records = records(&classifier.scores, &steps, &kept);
    let header = Header {
        format: FORMAT,
        categories: classifier.categories.clone(),
        biases: classifier.scores.biases.clone(),
        steps,
        calibration: classifier.calibration.clone(),
        records: kept.len(),
        sha256: hex::encode(Sha256::digest(&records)),
    };

    let mut file = serde_json::to_vec(&header).expect("a header is JSON");
    file.push(b'\n');
    file.extend(records);
    replace_file(&path, file).map_err(|cause| TableError::File { path, cause })
}

fn read(folder: &Path) -> Result<Classifier, TableError> {
    let path = folder.join(MODEL_FILE);
    let bytes = read_bounded(&path).map_err(|cause| TableError::File {
        path: path.clone(),
        cause,
    })?;
    parse(&bytes).map_err(|reason| TableError::Invalid { path, reason })
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(MAX_MODEL_BYTES as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The reason is in French: a person reads it.
fn parse(mut bytes: &[u8]) -> Result<Classifier, String> {
    if bytes.len() > MAX_MODEL_BYTES {
        return Err(format!("plus de {MAX_MODEL_BYTES} octets"));
    }
    let mut line = Vec::new();
    bytes
        .take(MAX_HEADER_BYTES as u64)
        .read_until(b'\n', &mut line)
        .map_err(|error| error.to_string())?;
    let header: Header =
        serde_json::from_slice(&line).map_err(|error| format!("première ligne : {error}"))?;
    bytes.consume(line.len());

    check(&header, bytes)?;
    let (weighting, weights) = columns(&header, bytes)?;
    let scores = LinearScores {
        weighting,
        weights,
        biases: header.biases,
    };
    Ok(Classifier::new(
        header.categories,
        scores,
        header.calibration,
    ))
}

fn check(header: &Header, records: &[u8]) -> Result<(), String> {
    let categories = header.categories.len();
    let calibration = &header.calibration;
    let numbers = header
        .biases
        .iter()
        .chain(&header.steps)
        .chain(&calibration.handicaps);
    let expected = header.records.checked_mul(record_bytes(categories));

    if header.format != FORMAT {
        return Err(format!("format {} au lieu de {FORMAT}", header.format));
    }
    if !(2..=MAX_CATEGORIES).contains(&categories) {
        return Err(format!("{categories} catégories"));
    }
    if [&header.biases, &header.steps, &calibration.handicaps]
        .iter()
        .any(|list| list.len() != categories)
    {
        return Err("une liste n’a pas une valeur par catégorie".to_owned());
    }
    if numbers
        .chain([&calibration.sharpness])
        .any(|number| !number.is_finite())
    {
        return Err("un nombre n’est pas fini".to_owned());
    }
    if expected != Some(records.len()) {
        return Err(format!(
            "{} octets après la première ligne : fichier coupé",
            records.len()
        ));
    }
    if header.sha256 != hex::encode(Sha256::digest(records)) {
        return Err("l’empreinte SHA-256 diffère : fichier abîmé".to_owned());
    }
    Ok(())
}

fn columns(header: &Header, records: &[u8]) -> Result<(Weighting, Vec<f32>), String> {
    let mut weighting = Weighting {
        columns: Vec::new(),
        rarities: Vec::new(),
    };
    let mut weights = Vec::with_capacity(header.records * header.steps.len());

    for record in records.chunks_exact(record_bytes(header.steps.len())) {
        let (column, rest) = record.split_at(4);
        let (rarity, units) = rest.split_at(4);
        weighting
            .columns
            .push(u32::from_le_bytes(column.try_into().expect("four bytes")));
        weighting
            .rarities
            .push(f32::from_le_bytes(rarity.try_into().expect("four bytes")));
        let units = units
            .chunks_exact(2)
            .map(|unit| i16::from_le_bytes([unit[0], unit[1]]));
        weights.extend(
            units
                .zip(&header.steps)
                .map(|(unit, step)| f32::from(unit) * step),
        );
    }

    let is_ordered = weighting.columns.is_sorted_by(|one, next| one < next);
    if !is_ordered
        || weighting
            .columns
            .last()
            .is_some_and(|last| *last >= COLUMNS)
    {
        return Err("les colonnes ne sont pas en ordre".to_owned());
    }
    if weighting
        .rarities
        .iter()
        .any(|rarity| !rarity.is_finite() || *rarity <= 0.0)
    {
        return Err("une rareté n’est pas un nombre positif".to_owned());
    }
    Ok((weighting, weights))
}

fn record_bytes(categories: usize) -> usize {
    4 + 4 + 2 * categories
}

/// One unit of the largest weight of each category is 1/32,767 of it.
fn steps(scores: &LinearScores) -> Vec<f32> {
    let categories = scores.biases.len();
    let largest = |category: usize| {
        let weights = scores.weights.iter().skip(category).step_by(categories);
        weights.fold(f32::MIN_POSITIVE, |largest, weight| {
            largest.max(weight.abs())
        })
    };
    (0..categories)
        .map(|category| largest(category) / f32::from(i16::MAX))
        .collect()
}

/// All the columns, or those of the largest weights when the file would be too large.
fn kept_columns(scores: &LinearScores) -> Vec<usize> {
    let categories = scores.biases.len();
    let size = |column: usize| -> f32 {
        let weights = &scores.weights[column * categories..(column + 1) * categories];
        weights.iter().map(|weight| weight * weight).sum()
    };
    let mut columns: Vec<usize> = (0..scores.weighting.columns.len()).collect();
    let most = (MAX_MODEL_BYTES - MAX_HEADER_BYTES) / record_bytes(categories);

    if columns.len() > most {
        columns.sort_by(|one, other| size(*other).total_cmp(&size(*one)));
        columns.truncate(most);
        columns.sort_unstable();
    }
    columns
}

fn records(scores: &LinearScores, steps: &[f32], kept: &[usize]) -> Vec<u8> {
    let categories = steps.len();
    let mut bytes = Vec::with_capacity(kept.len() * record_bytes(categories));
    for &column in kept {
        let weights = &scores.weights[column * categories..(column + 1) * categories];
        bytes.extend(scores.weighting.columns[column].to_le_bytes());
        bytes.extend(scores.weighting.rarities[column].to_le_bytes());
        for (weight, step) in weights.iter().zip(steps) {
            bytes.extend(((weight / step).round() as i16).to_le_bytes());
        }
    }
    bytes
}
