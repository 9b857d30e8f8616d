use std::path::PathBuf;

use clap::{Args, Subcommand};
use url::Url;

#[derive(Debug, Subcommand)]
pub(crate) enum IncidentCommand {
    /// Réunir ce que dit un état qui tourne : disponibilité, métriques, versions, données, modèle,
    /// et le texte d’un ticket
    Gather(GatherArguments),
    /// Attendre les alarmes d’Alertmanager (webhook) : chacune ouvre un incident, dont ce que dit
    /// l’état est réuni aussitôt, puis sa fin y est notée
    Listen(ListenArguments),
    /// Provoquer une panne connue dans une démonstration qui tourne, ou les lister
    Play(PlayArguments),
}

#[derive(Debug, Args)]
pub(crate) struct GatherArguments {
    /// Nom de l’incident, par exemple 2026-11-30-disque-plein : celui de son dossier dans incidents/
    #[arg(value_name = "NOM", value_parser = incident_name)]
    pub(crate) name: String,
    /// Titre du ticket
    #[arg(long, default_value = "Incident à décrire", value_name = "TITRE")]
    pub(crate) title: String,
    /// Journal d’un service, en JSON ; ses dernières lignes sont reprises ; répétable
    #[arg(long = "log", value_name = "FICHIER")]
    pub(crate) logs: Vec<PathBuf>,
    /// Adresse du dépôt dans l’API d’une forge (GitHub, Gitea, Forgejo), qui reçoit le ticket ; le
    /// jeton est dans FILROUGE_FORGE_TOKEN
    #[arg(long, env = "FILROUGE_FORGE_URL", value_name = "ADRESSE")]
    pub(crate) forge: Option<Url>,
}

#[derive(Debug, Args)]
pub(crate) struct ListenArguments {
    /// Journal d’un service, en JSON ; ses dernières lignes sont reprises à chaque incident ; répétable
    #[arg(long = "log", value_name = "FICHIER")]
    pub(crate) logs: Vec<PathBuf>,
    /// Adresse du dépôt dans l’API d’une forge, qui reçoit un ticket par incident ; le jeton est dans
    /// FILROUGE_FORGE_TOKEN
    #[arg(long, env = "FILROUGE_FORGE_URL", value_name = "ADRESSE")]
    pub(crate) forge: Option<Url>,
}

#[derive(Debug, Args)]
pub(crate) struct PlayArguments {
    /// La panne
    #[arg(value_name = "PANNE", required_unless_present = "list")]
    pub(crate) name: Option<String>,
    /// Lister les pannes, et où chacune se voit
    #[arg(long)]
    pub(crate) list: bool,
    /// Mettre fin à la panne
    #[arg(long, conflicts_with = "list")]
    pub(crate) stop: bool,
}

/// A name that is one folder on every system.
fn incident_name(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match text {
        "" => Err("un nom est attendu".to_owned()),
        text if text.len() > 64 => Err("64 caractères au plus".to_owned()),
        text if text.bytes().all(is_plain) => Ok(text.to_owned()),
        _ => Err("des minuscules sans accent, des chiffres et des traits d’union".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_incident_is_one_folder() {
        for (name, expected) in [
            ("2026-11-30-disque-plein", true),
            ("", false),
            ("..", false),
            ("a/b", false),
            ("été", false),
        ] {
            assert_eq!(incident_name(name).is_ok(), expected, "{name}");
        }
        assert!(incident_name(&"a".repeat(65)).is_err());
    }
}
