//! The command line: subcommands and options, in French, with the origin of each default.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use filrouge_accounts::{EmailAddress, Role};
use filrouge_lake::QueryEngine;
use filrouge_types::{Hour, StationId};
use url::Url;

mod backup;
mod incident;
mod writes;

pub(crate) use backup::RestoreArguments;
pub(crate) use incident::{GatherArguments, IncidentCommand, ListenArguments, PlayArguments};

/// Fil rouge : la chaîne MLOps complète du vélo en libre-service de Rivemont
#[derive(Debug, Parser)]
#[command(name = "filrouge", version, about)]
#[command(
    after_help = "Codes de sortie : 0 réussite ; 1 échec ; 2 demande incomplète ou sources en partie en échec."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the state lives and where the services listen.
#[derive(Debug, Clone, Args)]
pub(crate) struct GlobalArgs {
    /// Dossier de l'état : données reçues et nettoyées, base, modèles
    #[arg(
        long,
        global = true,
        env = "FILROUGE_STATE",
        default_value = "var",
        value_name = "DOSSIER"
    )]
    pub(crate) state: PathBuf,
    /// Premier port : web +0, API de données +1, API du modèle +2, ville +10, tenue à jour +11
    #[arg(
        long,
        global = true,
        env = "FILROUGE_PORT_BASE",
        default_value_t = 8080,
        // The services stand on the eleven ports that follow.
        value_parser = clap::value_parser!(u16).range(1..=65_524),
        value_name = "PORT"
    )]
    pub(crate) port_base: u16,
    /// Graine de la ville simulée
    #[arg(
        long,
        global = true,
        env = "FILROUGE_SEED",
        default_value_t = 1,
        value_name = "GRAINE"
    )]
    pub(crate) seed: u64,
    /// Requêtes par seconde que chaque client d'une API peut faire dans la durée ; au-delà, 429
    // A page and its details are ten requests: fifty readers a second behind one client.
    #[arg(
        long,
        global = true,
        env = "FILROUGE_CLIENT_RATE",
        default_value = "500",
        value_name = "REQUÊTES"
    )]
    pub(crate) client_rate: NonZero<u32>,
    /// Adresse où les services écoutent ; ailleurs que sur la machine elle-même, un proxy avec TLS
    /// les protège
    #[arg(
        long,
        global = true,
        env = "FILROUGE_LISTEN",
        default_value_t = GlobalArgs::LOCAL,
        value_name = "ADRESSE"
    )]
    pub(crate) listen: IpAddr,
    /// Adresse de l'application telle que les navigateurs la voient, derrière un proxy avec TLS : le
    /// cookie de session est alors fermé au HTTP en clair, et les liens envoyés la portent
    #[arg(long, global = true, env = "FILROUGE_WEB_URL", value_name = "URL")]
    pub(crate) web_url: Option<Url>,
    /// Certificat que le proxy montre aux navigateurs, en PEM et sans sa clé : sa fin est mesurée
    #[arg(
        long,
        global = true,
        env = "FILROUGE_TLS_CERTIFICATE",
        value_name = "FICHIER"
    )]
    pub(crate) tls_certificate: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) elsewhere: Elsewhere,
}

/// Addresses of the services that run on other machines, or in other containers.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Elsewhere {
    /// Adresse de la ville, si elle tourne ailleurs
    #[arg(long, global = true, env = "FILROUGE_CITY_URL", value_name = "URL")]
    city_url: Option<Url>,
    /// Adresse de l'API de données, si elle tourne ailleurs
    #[arg(long, global = true, env = "FILROUGE_DATA_API_URL", value_name = "URL")]
    data_api_url: Option<Url>,
    /// Adresse de l'API du modèle, si elle tourne ailleurs
    #[arg(
        long,
        global = true,
        env = "FILROUGE_MODEL_API_URL",
        value_name = "URL"
    )]
    model_api_url: Option<Url>,
}

impl Elsewhere {
    /// The address of a service that is not on this machine.
    pub(crate) fn url(&self, service: Service) -> Option<&Url> {
        match service {
            Service::City => self.city_url.as_ref(),
            Service::DataApi => self.data_api_url.as_ref(),
            Service::ModelApi => self.model_api_url.as_ref(),
            // No service reads the pages.
            Service::Web => None,
        }
    }
}

impl GlobalArgs {
    /// Services answer on the machine itself only, unless told otherwise.
    pub(crate) const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    /// That state, and nothing out of the ordinary.
    #[cfg(test)]
    pub(crate) fn of(state: PathBuf) -> Self {
        Self {
            state,
            port_base: 8080,
            seed: 1,
            client_rate: NonZero::<u32>::MIN,
            listen: Self::LOCAL,
            web_url: None,
            tls_certificate: None,
            elsewhere: Elsewhere::default(),
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Dérouler toute la chaîne, des cinq sources à la prévision sur une page
    Up(UpArguments),
    /// Collecter les cinq sources dans un nouveau dossier de raw/
    Collect(CollectArguments),
    /// Nettoyer la dernière collecte en un seul jeu de données
    Aggregate(AggregateArguments),
    /// Remonter d'une heure-station aux fichiers et aux lignes dont elle vient
    Lineage {
        /// Heure UTC, telle que 2026-03-01T08:00:00Z
        #[arg(value_name = "HEURE")]
        hour: Hour,
        /// Identifiant de la station
        station: StationId,
        /// Écrire le résultat en JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        habits: HabitsArguments,
    },
    /// Décrire le jeu nettoyé dans une page : étendues, manques, répartitions, règles, écarts
    Profile,
    /// Importer le jeu nettoyé dans la base de données
    Import,
    /// Couper un jeu station × heure en un passé et un présent, jamais au hasard
    Split(SplitArguments),
    /// Entraîner une version du modèle sur un jeu station × heure
    Train(TrainArguments),
    /// Mesurer un modèle sur un jeu qu'il n'a pas vu
    Evaluate(EvaluateArguments),
    /// Prévoir la demande de chaque ligne d'un fichier
    Predict(PredictArguments),
    /// Jeux de données : garder sous leur empreinte, reprendre, vérifier
    #[command(subcommand)]
    Data(DataCommand),
    /// Versions du modèle : lister, promouvoir, revenir en arrière, comparer,
    /// vérifier les critères de promotion, signer, juger un canari
    #[command(subcommand)]
    Model(ModelCommand),
    /// Chances de trouver un vélo ou une place : apprendre les habitudes, mesurer
    #[command(subcommand)]
    Availability(AvailabilityCommand),
    /// Lac de trajets : ingérer des historiques, interroger en SQL
    #[command(subcommand)]
    Lake(LakeCommand),
    /// Écrire une partie des documents que seul le programme connaît
    #[command(hide = true)]
    Document {
        /// La partie
        part: Part,
    },
    /// Données personnelles : droits des personnes, durées de conservation
    #[command(subcommand)]
    Gdpr(GdprCommand),
    /// Veille : relever les flux, écrire la synthèse d'une semaine
    #[command(subcommand)]
    Feeds(FeedsCommand),
    /// Comptes de l'application : ouvrir, lister, donner un rôle, fermer, rendre un mot de passe
    #[command(subcommand)]
    Account(AccountCommand),
    /// Jetons : renouveler le secret d'un client ou une clé, sans rien arrêter
    #[command(subcommand)]
    Credentials(CredentialsCommand),
    /// Tri des signalements : apprendre à les classer, mesurer, retirer les données personnelles
    #[command(subcommand)]
    Triage(TriageCommand),
    /// Incidents : réunir ce que dit un état qui tourne, jouer une panne connue
    #[command(subcommand)]
    Incident(IncidentCommand),
    /// Sauvegarder l’état et sa base dans une archive, pendant que les services tournent
    ///
    /// L’archive contient les clés et des données personnelles : gardez-la chiffrée, sur une autre machine.
    Backup {
        /// L’archive à écrire, que son propriétaire seul peut lire
        #[arg(value_name = "FICHIER")]
        file: PathBuf,
    },
    /// Rendre une sauvegarde, après l’avoir relue en entier ; qui a été effacé depuis ne revient pas
    Restore(RestoreArguments),
    /// Lancer un seul service
    Serve {
        /// Le service à lancer
        service: Service,
        /// Profil de la ville (TOML) : son nom, son fuseau, sa langue ; par défaut la ville simulée
        #[arg(long, env = "FILROUGE_PROFILE", value_name = "FICHIER")]
        profile: Option<PathBuf>,
        #[command(flatten)]
        signature: SignatureArguments,
        #[command(flatten)]
        triage: TriageServiceArguments,
    },
    /// Tenir les données à jour sans lancer de service : disponibilité chaque minute, collecte,
    /// nettoyage et import chaque heure
    Refresh,
    /// Demander à un service de cette machine s'il est prêt : code de sortie 1 s'il ne l'est pas
    Health {
        /// Le service
        service: Service,
    },
    /// Dire ce qui manque au programme sur cette machine, vérifier la base de l'état, et comment y
    /// remédier
    ///
    /// Avant toute compilation, le script `./doctor` dit ce qu’elle demande à la machine.
    Doctor {
        /// Mettre de côté une base endommagée, reprendre ce qui s'y lit encore et refaire le reste
        #[arg(long)]
        repair: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct UpArguments {
    /// Bac à sable : un autre état et d'autres ports, où la ville change chaque jour d'une façon à
    /// voir dans /monitoring
    #[arg(long)]
    pub(crate) sandbox: bool,
    #[command(flatten)]
    pub(crate) signature: SignatureArguments,
    #[command(flatten)]
    pub(crate) triage: TriageServiceArguments,
}

/// The key that the model API trusts.
#[derive(Debug, Clone, Args)]
pub(crate) struct SignatureArguments {
    /// Clé publique de minisign : l'API du modèle refuse toute version que cette clé n'a pas signée,
    /// ou altérée depuis, et la dernière bonne continue de répondre
    #[arg(long, env = "FILROUGE_REQUIRE_SIGNATURE", value_name = "CLÉ PUBLIQUE")]
    pub(crate) require_signature: Option<PathBuf>,
}

/// The AI service that reads the reports of riders, in the application.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct TriageServiceArguments {
    /// Service d’IA qui trie les signalements, par son nom dans data/providers.toml ; quand il ne
    /// répond pas, et sans cette option, le classifieur embarqué trie
    #[arg(long, env = "FILROUGE_TRIAGE_SERVICE", value_name = "NOM")]
    pub(crate) triage_service: Option<String>,
    /// Adresse de ce service, à la place de celle de data/providers.toml
    #[arg(long, env = "FILROUGE_TRIAGE_URL", value_name = "URL")]
    pub(crate) triage_url: Option<Url>,
    /// Fichier de la clé de ce service, relu à chaque appel
    #[arg(long, env = "FILROUGE_TRIAGE_KEY_FILE", value_name = "FICHIER")]
    pub(crate) triage_key_file: Option<PathBuf>,
    /// Plafond de dépense d’un mois, à la place de celui de data/providers.toml ; au-delà, plus rien
    /// n’est envoyé
    #[arg(long, env = "FILROUGE_TRIAGE_BUDGET", value_name = "EUROS")]
    pub(crate) triage_budget: Option<u32>,
    /// Plafond de jetons d’un mois, de même
    #[arg(long, env = "FILROUGE_TRIAGE_TOKENS", value_name = "JETONS")]
    pub(crate) triage_tokens: Option<u64>,
    /// Le service est sur un réseau privé : sa clé et les signalements y voyagent sans TLS
    #[arg(long, env = "FILROUGE_TRIAGE_PRIVATE_NETWORK")]
    pub(crate) triage_private_network: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CollectArguments {
    /// Profil des sources (TOML) ; par défaut celui de Rivemont
    #[arg(long, env = "FILROUGE_PROFILE", value_name = "FICHIER")]
    pub(crate) profile: Option<PathBuf>,
    /// Ne collecter que cette source ; répétable
    #[arg(long = "source", value_name = "SOURCE")]
    pub(crate) sources: Vec<String>,
    /// Recommencer à cet intervalle (30s, 5m, 1h), avec des métriques à /metrics sur le port +11
    #[arg(long, value_name = "DURÉE", value_parser = duration)]
    pub(crate) every: Option<Duration>,
}

#[derive(Debug, Args)]
pub(crate) struct AggregateArguments {
    /// Dossier de collecte à nettoyer ; par défaut le plus récent de raw/
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) run: Option<PathBuf>,
    /// Nettoyer les trajets du lac seul, sans collecte : histoire réelle d'un opérateur
    #[arg(long, conflicts_with = "run")]
    pub(crate) lake: bool,
    /// Nettoyer des fichiers Parquet de trajets canoniques, sans collecte ni lac ; répétable
    #[arg(long, value_name = "FICHIER", conflicts_with_all = ["run", "lake"])]
    pub(crate) trips: Vec<PathBuf>,
    /// Dossier des résultats ; par défaut clean/ dans l'état
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) habits: HabitsArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SplitArguments {
    /// Jeu station × heure ; par défaut celui de l'état
    #[arg(long, value_name = "FICHIER")]
    pub(crate) dataset: Option<PathBuf>,
    /// Nombre de derniers jours qui font le présent
    #[arg(long, default_value_t = 30, value_name = "JOURS")]
    pub(crate) days: u16,
    /// Dossier qui reçoit past.parquet et recent.parquet
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) out: PathBuf,
}

/// The clock that people live by.
#[derive(Debug, Args)]
pub(crate) struct HabitsArguments {
    /// Profil de la ville (TOML), qui donne le fuseau horaire de ses jours et de ses habitudes (jour
    /// férié, heure de pointe) ; par défaut celui de Rivemont
    #[arg(long, env = "FILROUGE_PROFILE", value_name = "FICHIER")]
    pub(crate) profile: Option<PathBuf>,
    /// Fuseau horaire, à la place de celui du profil
    #[arg(long, value_name = "FUSEAU")]
    pub(crate) time_zone: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArguments {
    /// Jeu station × heure, Parquet ou CSV ; par défaut celui de l'état
    #[arg(long, value_name = "FICHIER")]
    pub(crate) dataset: Option<PathBuf>,
    /// Dossier du modèle, remplacé s'il en contient un ; par défaut une nouvelle version, en
    /// service, dans l'état
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) out: Option<PathBuf>,
    /// Lignes d'apprentissage au plus ; au-delà, un échantillon
    #[arg(long, default_value_t = 500_000, value_name = "LIGNES")]
    pub(crate) budget: usize,
    #[command(flatten)]
    pub(crate) habits: HabitsArguments,
    /// Serveur MLflow qui reçoit aussi la version : paramètres, mesures, fichiers, modèle
    /// enregistré
    #[arg(long, value_name = "ADRESSE")]
    pub(crate) mlflow: Option<Url>,
}

#[derive(Debug, Args)]
pub(crate) struct EvaluateArguments {
    /// Dossier du modèle, ou dossier `demand` avec son `champion`
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) model: PathBuf,
    /// Histoire d'où viennent les demandes passées
    #[arg(long, value_name = "FICHIER")]
    pub(crate) history: PathBuf,
    /// Jeu sur lequel mesurer
    #[arg(long, value_name = "FICHIER")]
    pub(crate) dataset: PathBuf,
    /// Stations et leurs quartiers (stations.json), pour mesurer par quartier aussi
    #[arg(long, value_name = "FICHIER")]
    pub(crate) stations: Option<PathBuf>,
    /// Écrire aussi le résultat en JSON ; `-` pour la sortie standard
    #[arg(long, value_name = "FICHIER", num_args = 0..=1, default_missing_value = "-")]
    pub(crate) json: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PredictArguments {
    /// Dossier du modèle, ou dossier `demand` avec son `champion`
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) model: PathBuf,
    /// Histoire d'où viennent les demandes passées
    #[arg(long, value_name = "FICHIER")]
    pub(crate) history: PathBuf,
    /// Lignes à prévoir : mêmes colonnes, `departures` facultative
    #[arg(long, value_name = "FICHIER")]
    pub(crate) input: PathBuf,
    /// Fichier des prévisions, Parquet ou CSV selon son nom
    #[arg(long, value_name = "FICHIER")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AvailabilityCommand {
    /// Apprendre les habitudes des stations de la ville simulée : départs, arrivées, passages des
    /// camions
    Learn {
        /// Graine de la ville
        #[arg(long, default_value_t = 1, value_name = "GRAINE")]
        city: u64,
        /// Fichier des habitudes ; par défaut celui du projet
        #[arg(long, value_name = "FICHIER")]
        out: Option<PathBuf>,
    },
    /// Mesurer les chances annoncées sur des villes que le modèle n'a jamais vues : score de Brier à
    /// côté de deux références, tableau de fiabilité
    Evaluate {
        /// Graines des villes
        #[arg(
            long,
            value_delimiter = ',',
            default_value = "101,102,103",
            value_name = "GRAINES"
        )]
        cities: Vec<u64>,
        /// Dossier du modèle de demande ; par défaut la championne du projet
        #[arg(long, value_name = "DOSSIER")]
        model: Option<PathBuf>,
        /// Écrire aussi la page des mesures dans ce fichier
        #[arg(long, value_name = "FICHIER")]
        page: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Lister les versions, la championne marquée d'un astérisque
    List(ModelFolder),
    /// Mettre une version en service, si elle se charge et sait prévoir
    Promote {
        /// La version
        #[arg(value_name = "VERSION")]
        candidate: String,
        #[command(flatten)]
        folder: ModelFolder,
    },
    /// Remettre en service la dernière version qui a servi avant la championne
    Rollback(ModelFolder),
    /// Dire en quoi deux versions diffèrent
    Diff {
        /// Première version
        #[arg(value_name = "VERSION")]
        old: String,
        /// Seconde version
        #[arg(value_name = "VERSION")]
        new: String,
        #[command(flatten)]
        folder: ModelFolder,
    },
    /// Passer les tests d'un jeu station × heure, ceux qui précèdent tout entraînement
    TestData {
        /// Jeu station × heure ; par défaut celui de l'état
        #[arg(long, value_name = "FICHIER")]
        dataset: Option<PathBuf>,
    },
    /// Écrire les caractéristiques et la cible d'un jeu (NumPy), pour entraîner autre chose sur les
    /// mêmes
    Features(FeaturesArguments),
    /// Simuler des dérives pour éprouver la surveillance : trente jours stables, puis chaque
    /// changement, dans plusieurs villes
    SimulateDrift(DriftSimulationArguments),
    /// Vérifier les critères de promotion de gates.toml : code de sortie 1 si un seul n'est pas
    /// rempli
    Gate(GateArguments),
    /// Réunir une version, ses preuves et son jeu de données dans une archive signée
    Package(PackageArguments),
    /// Vérifier la signature et le contenu d'une archive, sans rien installer
    Verify(ArchiveArguments),
    /// Vérifier une archive, puis donner à sa version son dossier, entier ou pas du tout
    Install {
        #[command(flatten)]
        archive: ArchiveArguments,
        #[command(flatten)]
        folder: ModelFolder,
    },
    /// Canari : comparer une version à la championne, en service ou sur des heures passées
    #[command(subcommand)]
    Canary(CanaryCommand),
    /// Demander à la forge un entraînement quand une alarme du modèle sonne
    ///
    /// Lit ce qu'Alertmanager envoie à un récepteur (webhook) et en fait un événement
    /// `repository_dispatch` de type `model-drift`. Une alarme qui a cessé n'envoie rien.
    Dispatch(DispatchArguments),
}

#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Garder un jeu station × heure sous son empreinte, et dire laquelle
    Put {
        /// Le jeu, Parquet ou CSV
        #[arg(value_name = "FICHIER")]
        dataset: PathBuf,
        /// Écrire aussi le manifeste du jeu : empreintes, lignes, heures (JSON)
        #[arg(long, value_name = "FICHIER")]
        manifest: Option<PathBuf>,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Reprendre un jeu, par son empreinte ou par son manifeste
    Get {
        /// SHA-256, ou fichier du manifeste
        #[arg(value_name = "EMPREINTE")]
        name: String,
        /// Fichier à écrire
        #[arg(long, value_name = "FICHIER")]
        out: PathBuf,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Relire tout ce qui est gardé : code de sortie 1 si un seul fichier est abîmé
    Check {
        #[command(flatten)]
        store: StoreArguments,
    },
}

/// The place of the data sets that are kept.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// Dossier des jeux gardés, que plusieurs machines peuvent partager ; par défaut objects/ dans
    /// l'état
    #[arg(long, env = "FILROUGE_STORE", value_name = "DOSSIER")]
    pub(crate) store: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PackageArguments {
    /// Dossier de la version
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) model: PathBuf,
    /// Verdict des critères de promotion, écrit par `model gate --json`
    #[arg(long, value_name = "FICHIER")]
    pub(crate) gate: PathBuf,
    /// Manifeste du jeu d'entraînement, écrit par `data put --manifest`
    #[arg(long, value_name = "FICHIER")]
    pub(crate) manifest: PathBuf,
    /// Clé secrète de minisign, sans mot de passe (`minisign -G -W`)
    #[arg(long, env = "FILROUGE_SIGNING_KEY", value_name = "CLÉ SECRÈTE")]
    pub(crate) key: PathBuf,
    /// Archive à écrire ; son empreinte (.sha256) et sa signature (.minisig) vont à côté
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: PathBuf,
}

/// A signed archive, and the key to trust.
#[derive(Debug, Args)]
pub(crate) struct ArchiveArguments {
    /// L'archive, sa signature à côté
    #[arg(value_name = "FICHIER")]
    pub(crate) archive: PathBuf,
    /// Clé publique de minisign
    #[arg(long, env = "FILROUGE_PUBLIC_KEY", value_name = "CLÉ PUBLIQUE")]
    pub(crate) public_key: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CanaryCommand {
    /// Donner à une version une part des clients, et laisser l'API du modèle la juger
    Start {
        /// La version, installée parmi celles de l'API
        #[arg(value_name = "VERSION")]
        canary: String,
    },
    /// Dire où en est le canari, ou ce qu'il en a été
    Status,
    /// Arrêter le canari : la championne répond de nouveau à tous
    Stop,
    /// Juger deux versions sur des heures qu'aucune n'a vues, avec les mêmes bornes
    Replay(ReplayArguments),
    /// Faire ce que le verdict d'un canari rejoué dit : installer et promouvoir, ou en rester là
    Apply(ApplyArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// Dossier de la version à juger
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) model: PathBuf,
    /// Dossier de la championne
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) champion: PathBuf,
    /// Histoire d'où viennent les demandes passées
    #[arg(long, value_name = "FICHIER")]
    pub(crate) history: PathBuf,
    /// Heures qu'aucune des deux n'a vues
    #[arg(long, value_name = "FICHIER")]
    pub(crate) dataset: PathBuf,
    /// Fichier des critères de promotion ; par défaut models/demand/gates.toml
    #[arg(long, value_name = "FICHIER")]
    pub(crate) gates: Option<PathBuf>,
    /// Écrire aussi le verdict et les heures comparées (JSON)
    #[arg(long, value_name = "FICHIER")]
    pub(crate) json: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArguments {
    #[command(flatten)]
    pub(crate) archive: ArchiveArguments,
    /// Verdict écrit par `canary replay --json`
    #[arg(long, value_name = "FICHIER")]
    pub(crate) verdict: PathBuf,
    #[command(flatten)]
    pub(crate) folder: ModelFolder,
}

#[derive(Debug, Args)]
pub(crate) struct DispatchArguments {
    /// Ce qu'Alertmanager envoie (JSON) ; `-` pour l'entrée standard
    #[arg(
        value_name = "FICHIER",
        required_unless_present = "receive",
        conflicts_with = "receive"
    )]
    pub(crate) alerts: Option<PathBuf>,
    /// Recevoir les envois d'Alertmanager à cette adresse, telle que 127.0.0.1:9096
    #[arg(long, requires = "forge", value_name = "ADRESSE")]
    pub(crate) receive: Option<SocketAddr>,
    /// Dépôt de la forge, tel que https://api.github.com/repos/PROPRIÉTAIRE/NOM ; sans lui,
    /// l'événement est seulement affiché
    #[arg(long, env = "FILROUGE_FORGE", value_name = "URL")]
    pub(crate) forge: Option<Url>,
    /// Fichier du jeton de la forge
    #[arg(long, env = "FILROUGE_FORGE_TOKEN_FILE", value_name = "FICHIER")]
    pub(crate) token_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CredentialsCommand {
    /// Tirer un nouveau secret pour un client et le montrer, une seule fois
    ///
    /// L'ancien ne vaut plus rien à la prochaine demande de jeton ; les jetons déjà donnés durent un
    /// quart d'heure au plus. Les services `web` et `model-api` relisent le leur à chaque jeton : rien
    /// n'est à relancer.
    RenewSecret {
        /// Le client
        #[arg(value_name = "CLIENT")]
        client_id: String,
    },
    /// Remplacer la clé qui signe les jetons d'un service
    ///
    /// Les jetons de l'ancienne clé sont acceptés jusqu'à leur fin.
    RenewKey {
        /// Le service : data-api ou model-api
        service: Service,
        /// L'ancienne clé a été volée : ses jetons sont refusés tout de suite
        #[arg(long)]
        stolen: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TriageCommand {
    /// Apprendre à classer des signalements, d'après ceux qu'une personne a classés
    Train {
        /// Signalements : CSV avec les colonnes text, category, date, city
        #[arg(long, value_name = "FICHIER")]
        reports: PathBuf,
        /// Dossier du modèle, remplacé s'il en contient un
        #[arg(long, value_name = "DOSSIER")]
        out: PathBuf,
    },
    /// Mesurer un modèle sur des signalements qu'il n'a pas lus
    Evaluate {
        #[command(flatten)]
        model: TriageModel,
        /// Signalements : CSV avec les colonnes text, category, date, city
        #[arg(long, value_name = "FICHIER")]
        reports: PathBuf,
        /// Écrire le résultat en JSON
        #[arg(long)]
        json: bool,
    },
    /// Écrire en CSV les signalements qui peuvent servir d'exemples : leur auteur est d'accord, une
    /// personne les a classés
    Examples,
    /// Mesurer chaque service d'IA joignable sur le jeu du protocole
    Benchmark(BenchmarkArguments),
    /// Lire la surveillance que fournit le service d'IA, pendant qu'il trie, et la tracer dans une page
    Monitor(MonitorArguments),
    /// Classer le signalement lu sur l'entrée standard
    Classify {
        #[command(flatten)]
        model: TriageModel,
        /// Écrire le résultat en JSON
        #[arg(long)]
        json: bool,
    },
    /// Retirer les données personnelles du texte lu sur l'entrée standard
    Redact,
    /// Mesurer ce retrait sur des textes annotés, en nommant ce qu'il a manqué
    Redaction {
        /// Textes annotés (JSON, un par ligne) ; par défaut ceux du projet, réserve comprise
        #[arg(long = "file", value_name = "FICHIER")]
        files: Vec<PathBuf>,
        /// Écrire le résultat en JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct BenchmarkArguments {
    #[command(flatten)]
    pub(crate) model: TriageModel,
    /// Petit profil : les premiers textes de chaque groupe
    #[arg(long)]
    pub(crate) small: bool,
    /// Fichier JSON des mesures, d'où la page du banc d'essai est tirée
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct MonitorArguments {
    /// Durée de la lecture (10s, 5m)
    #[arg(long = "for", default_value = "15s", value_name = "DURÉE", value_parser = duration)]
    pub(crate) length: Duration,
    /// Temps d'un relevé au suivant
    #[arg(long, default_value = "1s", value_name = "DURÉE", value_parser = duration)]
    pub(crate) every: Duration,
    /// Page HTML à écrire
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: PathBuf,
}

/// The classifier of reports.
#[derive(Debug, Args)]
pub(crate) struct TriageModel {
    /// Dossier du modèle ; par défaut celui du projet
    #[arg(long = "model", value_name = "DOSSIER")]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Ouvrir un compte ; son mot de passe est tiré et montré une seule fois
    Create {
        /// Adresse électronique
        #[arg(value_name = "ADRESSE")]
        email: EmailAddress,
        /// Rôle : rider (cycliste), operator (exploitation) ou officer (protection des données)
        #[arg(long, default_value_t = Role::Rider, value_name = "RÔLE")]
        role: Role,
        /// Lire le mot de passe sur l'entrée standard au lieu de le tirer
        #[arg(long)]
        password_stdin: bool,
    },
    /// Lister les comptes, sans aucun secret
    List,
    /// Donner un rôle à un compte ; ses sessions finissent
    Role {
        /// Adresse électronique
        #[arg(value_name = "ADRESSE")]
        email: EmailAddress,
        /// Le rôle : rider, operator ou officer
        #[arg(value_name = "RÔLE")]
        role: Role,
    },
    /// Fermer un compte à sa personne, ou le rouvrir ; ses sessions finissent
    Disable {
        /// Adresse électronique
        #[arg(value_name = "ADRESSE")]
        email: EmailAddress,
        /// Le rouvrir
        #[arg(long)]
        undo: bool,
    },
    /// Effacer ce qui a dépassé sa durée, comme l'application le fait toutes les heures
    Purge,
    /// Donner un autre mot de passe à un compte et lui retirer son second facteur
    Reset {
        /// Adresse électronique
        #[arg(value_name = "ADRESSE")]
        email: EmailAddress,
        /// Lire le mot de passe sur l'entrée standard au lieu de le tirer
        #[arg(long)]
        password_stdin: bool,
    },
}

/// The folder of the versions.
#[derive(Debug, Args)]
pub(crate) struct ModelFolder {
    /// Dossier des versions ; par défaut celui de l'état, sinon celui du projet
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) models: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DriftSimulationArguments {
    /// Graines des villes
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "1,2,3",
        value_name = "GRAINES"
    )]
    pub(crate) seeds: Vec<u64>,
    /// Jours appris avant la simulation
    #[arg(long, default_value_t = 600, value_name = "JOURS")]
    pub(crate) days: u16,
    /// Écrire le résultat en JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct FeaturesArguments {
    /// Jeu station × heure ; par défaut celui de l'état
    #[arg(long, value_name = "FICHIER")]
    pub(crate) dataset: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) habits: HabitsArguments,
    /// Heure avant laquelle la régression de la demande totale apprend (toutes les heures par défaut)
    #[arg(long, value_name = "HEURE")]
    pub(crate) fit_before: Option<Hour>,
    /// Fichier `.npy` à écrire : l'heure, les départs, puis une colonne par caractéristique
    #[arg(long, value_name = "FICHIER")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct GateArguments {
    /// Dossier de la version à juger
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) model: PathBuf,
    /// Dossier de la championne à battre
    #[arg(long, value_name = "DOSSIER")]
    pub(crate) champion: Option<PathBuf>,
    /// Histoire d'où viennent les demandes passées
    #[arg(long, value_name = "FICHIER")]
    pub(crate) history: PathBuf,
    /// Heures que la version n'a pas vues
    #[arg(long, value_name = "FICHIER")]
    pub(crate) dataset: PathBuf,
    /// Stations et leurs quartiers (stations.json), pour mesurer par quartier aussi
    #[arg(long, value_name = "FICHIER")]
    pub(crate) stations: Option<PathBuf>,
    /// Fichier des critères de promotion ; par défaut models/demand/gates.toml
    #[arg(long, value_name = "FICHIER")]
    pub(crate) gates: Option<PathBuf>,
    /// Écrire aussi les verdicts (JSON)
    #[arg(long, value_name = "FICHIER")]
    pub(crate) json: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LakeCommand {
    /// Ajouter au lac des historiques de trajets publics (.csv, .csv.gz, .zip)
    Ingest {
        /// Fichiers à ingérer
        #[arg(required = true, value_name = "FICHIER")]
        files: Vec<PathBuf>,
        /// Fuseau horaire des instants écrits sans décalage
        #[arg(long, default_value = "UTC", value_name = "FUSEAU")]
        time_zone: String,
    },
    /// Retirer du lac les trajets des mois passés, pour respecter leur durée de conservation
    Forget {
        /// Premier jour gardé, tel que 2024-01-01 ; son mois reste en entier
        #[arg(long, value_name = "DATE")]
        before: NaiveDate,
    },
    /// Exécuter une requête SQL sur la table `trips`
    Sql {
        /// La requête
        #[arg(
            required_unless_present = "file",
            conflicts_with = "file",
            value_name = "REQUÊTE"
        )]
        query: Option<String>,
        /// Fichier `.sql` à exécuter
        #[arg(long, value_name = "FICHIER")]
        file: Option<PathBuf>,
        /// Écrire le résultat du fichier `.sql` en Parquet plutôt que l'afficher
        #[arg(long, requires = "file", value_name = "FICHIER")]
        output: Option<PathBuf>,
        /// Valeur d'un paramètre du fichier, telle que first_month=202603 ; répétable
        #[arg(long = "set", requires = "file", value_name = "NOM=VALEUR", value_parser = assignment)]
        parameters: Vec<(String, String)>,
        /// Moteur : `polars`, dans le programme, ou `sc://hôte:port`, un serveur Spark Connect qui
        /// lit le lac en place
        #[arg(
            long,
            env = "FILROUGE_ENGINE",
            default_value = "polars",
            value_name = "MOTEUR"
        )]
        engine: QueryEngine,
        /// Montrer le plan, tel qu'écrit puis tel qu'optimisé, au lieu d'exécuter
        #[arg(long, conflicts_with = "output")]
        explain: bool,
        /// Chronométrer la requête telle qu'écrite puis telle qu'optimisée, au lieu d'afficher son
        /// résultat
        #[arg(long, conflicts_with_all = ["output", "explain"])]
        time: bool,
    },
}

/// A part of the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Le tableau des règles de nettoyage
    Rules,
    /// Les plans des requêtes d'extraction
    Plans,
    /// Le document OpenAPI de l’API de données
    DataApi,
    /// Le document OpenAPI de l’API du modèle
    ModelApi,
    /// La page des métriques
    Metrics,
    /// Le tableau de bord des métriques, pour Grafana
    Dashboard,
    /// Les règles d’alarme, pour Prometheus
    Alerts,
    /// La page des alarmes et des objectifs de service
    Alarms,
    /// Le tableau de bord des alarmes, pour Grafana
    AlarmsDashboard,
    /// Les synthèses de la veille
    Digests,
    /// Les sources de la veille
    Feeds,
    /// Le banc d’essai des services d’IA
    AiBenchmark,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FeedsCommand {
    /// Demander à chaque source ce qu'elle a de nouveau, une fois par heure au plus
    Fetch,
    /// Écrire la synthèse d'une semaine : la note de la personne et le relevé des flux
    Digest {
        /// Semaine ISO 8601, telle que 2026-W45
        #[arg(long, value_name = "SEMAINE")]
        week: filrouge_feeds::Week,
        /// Forme de la synthèse
        #[arg(long, value_enum, default_value_t = DigestForm::Html, value_name = "FORME")]
        form: DigestForm,
    },
    /// L'heure de veille de chaque semaine, pour un agenda (iCalendar)
    Calendar {
        /// Premier jour
        #[arg(long, value_name = "JOUR")]
        from: chrono::NaiveDate,
        /// Fuseau horaire de l'équipe
        #[arg(long, default_value = "Europe/Paris", value_name = "FUSEAU")]
        zone: chrono_tz::Tz,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DigestForm {
    /// Une page accessible, sans script ni fichier
    Html,
    /// Une section pour les documents d'un dépôt
    Markdown,
    /// Un flux Atom
    Atom,
}

/// The age bands: wide enough to single nobody out.
const AGE_BANDS: [&str; 5] = ["15-24", "25-34", "35-49", "50-64", "65+"];

#[derive(Debug, Subcommand)]
pub(crate) enum GdprCommand {
    /// Remettre à une personne tout ce qui est détenu sur elle (JSON et document)
    Export {
        /// Numéro d'abonné ; `-` pour le lire sur l'entrée standard
        #[arg(value_name = "PERSONNE")]
        person: String,
        /// Dossier des deux fichiers ; par défaut gdpr/exports/ dans l'état
        #[arg(long, value_name = "DOSSIER")]
        out: Option<PathBuf>,
    },
    /// Corriger ce qui est détenu sur une personne
    Rectify {
        /// Numéro d'abonné ; `-` pour le lire sur l'entrée standard
        #[arg(value_name = "PERSONNE")]
        person: String,
        /// La bonne tranche d'âge, si la personne consent à ce qu'elle soit gardée
        #[arg(long, value_name = "TRANCHE", value_parser = AGE_BANDS)]
        age_band: Option<String>,
        /// Le bon quartier
        #[arg(long, value_name = "QUARTIER")]
        district: Option<String>,
        /// La bonne formule
        #[arg(long, value_name = "FORMULE")]
        plan: Option<String>,
    },
    /// Effacer une personne partout, et signer un reçu
    Erase {
        /// Numéro d'abonné ; `-` pour le lire sur l'entrée standard
        #[arg(value_name = "PERSONNE")]
        person: String,
        /// Fichier du reçu ; par défaut gdpr/receipt.json dans l'état
        #[arg(long, value_name = "FICHIER")]
        out: Option<PathBuf>,
    },
    /// Arrêter un traitement pour une personne, ou le reprendre
    Restrict {
        /// Numéro d'abonné ; `-` pour le lire sur l'entrée standard
        #[arg(value_name = "PERSONNE")]
        person: String,
        /// Traitement du registre
        #[arg(
            long,
            default_value = "subscriber-statistics",
            value_name = "TRAITEMENT"
        )]
        processing: String,
        /// Lever la limitation
        #[arg(long)]
        lift: bool,
    },
    /// Inscrire un consentement donné ou retiré
    Consent {
        /// Numéro d'abonné ; `-` pour le lire sur l'entrée standard
        #[arg(value_name = "PERSONNE")]
        person: String,
        /// Traitement du registre
        #[arg(long, default_value = "age-statistics", value_name = "TRAITEMENT")]
        processing: String,
        /// La personne est d'accord
        #[arg(
            long,
            required_unless_present = "withdrawn",
            conflicts_with = "withdrawn"
        )]
        given: bool,
        /// La personne n'est plus d'accord ; sa tranche d'âge est effacée
        #[arg(long)]
        withdrawn: bool,
        /// Tranche d'âge que la personne donne avec son accord
        #[arg(
            long,
            requires = "given",
            conflicts_with = "processing",
            value_name = "TRANCHE",
            value_parser = AGE_BANDS
        )]
        age_band: Option<String>,
    },
    /// Effacer ce qui a dépassé sa durée de conservation
    Purge {
        /// Dire seulement ce qui serait effacé
        #[arg(long)]
        dry_run: bool,
    },
    /// Mettre en service une nouvelle clé des pseudonymes
    RotateKey,
    /// Réunir ce que l'article 33 demande en cas de violation
    Breach {
        /// Depuis quand, ISO 8601
        #[arg(long, value_name = "INSTANT")]
        since: DateTime<Utc>,
        /// Écrire aussi le document dans ce fichier
        #[arg(long, value_name = "FICHIER")]
        out: Option<PathBuf>,
    },
    /// Écrire la liste des effacements, à garder à part des sauvegardes : elle ne nomme personne
    Erasures {
        /// Le fichier à écrire
        #[arg(long, value_name = "FICHIER")]
        out: PathBuf,
    },
    /// Vérifier que le journal des accès n'a pas été modifié
    Audit,
    /// Vérifier un reçu d'effacement
    Verify {
        /// Le reçu
        #[arg(value_name = "FICHIER")]
        receipt: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    /// La ville simulée et ses sources
    City,
    /// L'API de données
    DataApi,
    /// L'API du modèle
    ModelApi,
    /// L'application web
    Web,
}

impl Service {
    /// Distance from the first port.
    pub(crate) fn port_offset(self) -> u16 {
        match self {
            Self::Web => 0,
            Self::DataApi => 1,
            Self::ModelApi => 2,
            Self::City => 10,
        }
    }

    /// Name in metrics and traces.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::DataApi => "data-api",
            Self::ModelApi => "model-api",
            Self::Web => "web",
        }
    }

    /// Name in reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::City => "ville",
            Self::DataApi => "API de données",
            Self::ModelApi => "API du modèle",
            Self::Web => "application web",
        }
    }
}

/// `first_month=202603`.
fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` n'est pas de la forme NOM=VALEUR"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// `30s`, `5m`, `1h`.
fn duration(text: &str) -> Result<Duration, String> {
    let unreadable = || format!("`{text}` n'est pas une durée telle que 30s, 5m ou 1h");
    let unit = text.chars().next_back().ok_or_else(unreadable)?;

    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        _ => return Err(unreadable()),
    };

    let count: u64 = text[..text.len() - 1].parse().map_err(|_| unreadable())?;

    count
        .checked_mul(seconds)
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs)
        .ok_or_else(unreadable)
}

#[cfg(test)]
mod tests;
