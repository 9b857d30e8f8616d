use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct RestoreArguments {
    /// L’archive que `filrouge backup` a écrite
    #[arg(value_name = "FICHIER")]
    pub(crate) file: PathBuf,
    /// Relire toute l’archive et comparer chaque fichier à son empreinte, sans rien écrire
    #[arg(long, conflicts_with_all = ["replace", "erasures", "no_erasures"])]
    pub(crate) verify: bool,
    /// Remplacer un état qui n’est pas vide : ses fichiers sont supprimés une fois la restauration finie
    #[arg(long)]
    pub(crate) replace: bool,
    /// Liste des effacements (`filrouge gdpr erasures`) : qui a été effacé depuis la sauvegarde
    /// l’est de nouveau
    #[arg(long, value_name = "FICHIER")]
    pub(crate) erasures: Option<PathBuf>,
    /// Affirmer que personne n’a été effacé depuis la sauvegarde, quand aucune liste n’est là
    #[arg(long, conflicts_with = "erasures")]
    pub(crate) no_erasures: bool,
}
