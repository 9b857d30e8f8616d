//! The part of the referential that is verified.

use std::fmt;

use crate::referential::{Competency, Referential};

/// Part of the referential to verify: everything, or one competency, épreuve or bloc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All criteria.
    Everything,
    /// Such as `C5`.
    Competency(String),
    /// Such as `E3`.
    Epreuve(String),
    /// Such as 1.
    Bloc(u32),
}

impl Scope {
    /// Reads `C5`, `E3` or `bloc-1`.
    ///
    /// # Errors
    /// When the referential has no such part.
    pub fn parse(text: &str, referential: &Referential) -> anyhow::Result<Self> {
        let bloc = text
            .strip_prefix("bloc-")
            .and_then(|number| number.parse().ok())
            .filter(|bloc| referential.blocs.iter().any(|known| known.id == *bloc));
        if let Some(bloc) = bloc {
            return Ok(Self::Bloc(bloc));
        }

        let mut competencies = referential.competencies.iter();
        if competencies.any(|competency| competency.id == text) {
            return Ok(Self::Competency(text.to_owned()));
        }

        let mut epreuves = referential.epreuves.iter();
        if epreuves.any(|epreuve| epreuve.id == text) {
            return Ok(Self::Epreuve(text.to_owned()));
        }

        anyhow::bail!(
            "« {text} » n'est ni une compétence (C5), ni une épreuve (E3), ni un bloc (bloc-1)"
        )
    }

    pub(super) fn holds(&self, competency: &Competency, referential: &Referential) -> bool {
        match self {
            Self::Everything => true,
            Self::Competency(id) => &competency.id == id,
            Self::Epreuve(id) => &competency.epreuve == id,
            Self::Bloc(bloc) => referential
                .competencies_of_bloc(*bloc)
                .any(|known| known.id == competency.id),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => formatter.write_str("tout le référentiel"),
            Self::Competency(id) | Self::Epreuve(id) => formatter.write_str(id),
            Self::Bloc(bloc) => write!(formatter, "bloc {bloc}"),
        }
    }
}
