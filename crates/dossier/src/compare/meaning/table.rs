//! The table of calls: which name, with which import, means what.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::compare::fact::Tag;
use crate::compare::module::{Call, Module};

/// One line of the table.
pub(super) struct Row {
    /// A name: exact (`requests.get`), a beginning (`duckdb.*`), or an end (`.fit`).
    name: &'static str,
    /// Packages of which the file must import one; none when empty.
    imports: &'static [&'static str],
    pub(super) tag: Tag,
    /// What it is, in French.
    pub(super) what: &'static str,
}

impl Row {
    fn matches(&self, module: &Module, call: &Call) -> bool {
        let named = match (self.name.strip_prefix('.'), self.name.strip_suffix('*')) {
            (Some(last), _) => call.name.len() > last.len(),
            (_, Some(start)) => call.name.starts_with(start),
            _ => call.name == self.name,
        };
        named && (self.imports.is_empty() || module.imports_any(self.imports))
    }
}

/// The rows by the one word of a call that chooses them: the last one, or the first one of a
/// beginning.
static INDEX: LazyLock<[HashMap<&'static str, Vec<&'static Row>>; 2]> = LazyLock::new(|| {
    let mut index = [HashMap::new(), HashMap::new()];
    for row in ROWS {
        let (place, word) = match row.name.strip_suffix('*') {
            Some(start) => (1, start.split(['.', ':']).next().unwrap_or(start)),
            None => (0, row.name.rsplit(['.', ':']).next().unwrap_or(row.name)),
        };
        index[place].entry(word).or_insert_with(Vec::new).push(row);
    }
    index
});

/// The lines of the table that a call answers. What a test calls is the business of the tests.
pub(super) fn rows<'all>(
    module: &'all Module,
    call: &'all Call,
) -> impl Iterator<Item = &'static Row> + 'all {
    let first = call.name.split(['.', ':', '_']).next().unwrap_or("");
    let first_whole = call.name.split(['.', ':']).next().unwrap_or("");
    let by_last = INDEX[0].get(call.last()).into_iter().flatten();
    let by_first = INDEX[1]
        .get(first_whole)
        .or_else(|| INDEX[1].get(first))
        .into_iter()
        .flatten();

    by_last
        .chain(by_first)
        .copied()
        .filter(move |row| !module.is_test && row.matches(module, call))
}

const fn row(
    name: &'static str,
    imports: &'static [&'static str],
    tag: Tag,
    what: &'static str,
) -> Row {
    Row {
        name,
        imports,
        tag,
        what,
    }
}

const PANDAS: &[&str] = &["pandas", "polars", "pyspark", "dask"];
const SPARK: &[&str] = &["pyspark"];
const LEARNING: &[&str] = &[
    "sklearn",
    "xgboost",
    "lightgbm",
    "catboost",
    "tensorflow",
    "keras",
    "torch",
    "transformers",
    "statsmodels",
    "prophet",
    "joblib",
    "pickle",
    "mlflow",
    "surprise",
    "implicit",
    "ultralytics",
    "spacy",
    "forust_ml",
    "ort",
    "onnxruntime",
];
const SCORES: &[&str] = &["sklearn", "torchmetrics", "evaluate", "tensorflow", "keras"];
const ORM: &[&str] = &["sqlalchemy", "sqlmodel", "flask_sqlalchemy", "django"];
const METRICS: &[&str] = &["prometheus_client", "prometheus", "prom-client"];

const ROWS: &[Row] = &[
    // Extraction.
    row(
        "bs4.BeautifulSoup",
        &[],
        Tag::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "BeautifulSoup",
        &["bs4"],
        Tag::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "selenium.webdriver.*",
        &[],
        Tag::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "webdriver.Chrome",
        &[],
        Tag::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "webdriver.Firefox",
        &[],
        Tag::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "undetected_chromedriver.*",
        &[],
        Tag::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "playwright.sync_api.sync_playwright",
        &[],
        Tag::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "playwright.async_api.async_playwright",
        &[],
        Tag::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "pandas.read_html",
        &[],
        Tag::SourceHtml,
        "lecture des tableaux d'une page web",
    ),
    row(
        "lxml.html.*",
        &[],
        Tag::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "cheerio.load",
        &[],
        Tag::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "puppeteer.launch",
        &[],
        Tag::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "Html::parse_document",
        &[],
        Tag::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "yfinance.*",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row("ccxt.*", &[], Tag::SourceHttp, "client d'un service web"),
    row("binance.*", &[], Tag::SourceHttp, "client d'un service web"),
    row("tweepy.*", &[], Tag::SourceHttp, "client d'un service web"),
    row("praw.*", &[], Tag::SourceHttp, "client d'un service web"),
    row("spotipy.*", &[], Tag::SourceHttp, "client d'un service web"),
    row("newsapi.*", &[], Tag::SourceHttp, "client d'un service web"),
    row(
        "garminconnect.*",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row("overpy.*", &[], Tag::SourceHttp, "client d'un service web"),
    row(
        "googleapiclient.discovery.build",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row(
        "openmeteo_requests.Client",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row(
        "SPARQLWrapper.SPARQLWrapper",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row(
        "requests_cache.CachedSession",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row(
        "wget.download",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row(
        "gdown.download",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row(
        "urllib.request.urlretrieve",
        &[],
        Tag::SourceHttp,
        "client d'un service web",
    ),
    row(
        "pandas.read_csv",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_excel",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_json",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_xml",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_parquet",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "datasets.load_dataset",
        &[],
        Tag::SourceFile,
        "lecture d'un jeu de données publié",
    ),
    row(
        "polars.read_csv",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "csv.DictReader",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row("csv.reader", &[], Tag::SourceFile, "lecture d'un fichier"),
    row(
        "ReaderBuilder::new",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "csv::Reader::*",
        &[],
        Tag::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_sql",
        &[],
        Tag::SourceDatabase,
        "lecture d'une base de données",
    ),
    row(
        "pandas.read_sql_query",
        &[],
        Tag::SourceDatabase,
        "lecture d'une base de données",
    ),
    row(
        "pandas.read_sql_table",
        &[],
        Tag::SourceDatabase,
        "lecture d'une base de données",
    ),
    row(
        "pymongo.MongoClient",
        &[],
        Tag::SourceDatabase,
        "lecture d'une base de documents",
    ),
    row(
        "pyspark.sql.SparkSession.*",
        &[],
        Tag::SourceBigData,
        "moteur Spark",
    ),
    row("SparkSession.*", SPARK, Tag::SourceBigData, "moteur Spark"),
    row(
        "spark.read.*",
        SPARK,
        Tag::SourceBigData,
        "lecture par Spark",
    ),
    row("duckdb.*", &[], Tag::SourceBigData, "moteur DuckDB"),
    row(
        "google.cloud.bigquery.*",
        &[],
        Tag::SourceBigData,
        "entrepôt BigQuery",
    ),
    row(
        "bigquery.Client",
        &[],
        Tag::SourceBigData,
        "entrepôt BigQuery",
    ),
    row(
        "dask.dataframe.*",
        &[],
        Tag::SourceBigData,
        "calcul réparti Dask",
    ),
    row(
        "polars.scan_parquet",
        &[],
        Tag::SourceBigData,
        "lac Parquet",
    ),
    row(
        "LazyFrame::scan_parquet*",
        &[],
        Tag::SourceBigData,
        "lac Parquet",
    ),
    row(
        "SQLContext::new",
        &[],
        Tag::SourceBigData,
        "SQL sur un lac Parquet",
    ),
    row("pyhive.*", &[], Tag::SourceBigData, "entrepôt Hive"),
    row(
        "snowflake.connector.connect",
        &[],
        Tag::SourceBigData,
        "entrepôt Snowflake",
    ),
    row("kafka.KafkaConsumer", &[], Tag::SourceBigData, "flux Kafka"),
    row(
        "confluent_kafka.Consumer",
        &[],
        Tag::SourceBigData,
        "flux Kafka",
    ),
    row(
        "cassandra.cluster.Cluster",
        &[],
        Tag::SourceBigData,
        "base répartie Cassandra",
    ),
    row("hdfs.*", &[], Tag::SourceBigData, "fichiers répartis HDFS"),
    row(
        "happybase.*",
        &[],
        Tag::SourceBigData,
        "base répartie HBase",
    ),
    row(
        "elasticsearch.Elasticsearch",
        &[],
        Tag::SourceBigData,
        "moteur Elasticsearch",
    ),
    row("pyathena.connect", &[], Tag::SourceBigData, "moteur Athena"),
    row(
        "clickhouse_connect.get_client",
        &[],
        Tag::SourceBigData,
        "moteur ClickHouse",
    ),
    row(
        "polars.scan_csv",
        &[],
        Tag::SourceBigData,
        "lac de fichiers",
    ),
    row(
        "trino.dbapi.connect",
        &[],
        Tag::SourceBigData,
        "moteur Trino",
    ),
    row(
        "pyarrow.dataset.dataset",
        &[],
        Tag::SourceBigData,
        "lac Parquet",
    ),
    row(
        ".to_csv",
        PANDAS,
        Tag::SavesResult,
        "sauvegarde du résultat",
    ),
    row(
        ".to_parquet",
        PANDAS,
        Tag::SavesResult,
        "sauvegarde du résultat",
    ),
    row(
        ".to_json",
        PANDAS,
        Tag::SavesResult,
        "sauvegarde du résultat",
    ),
    row("json.dump", &[], Tag::SavesResult, "sauvegarde du résultat"),
    row(
        ".write_text",
        &[],
        Tag::SavesResult,
        "sauvegarde du résultat",
    ),
    row("spark.sql", SPARK, Tag::SqlBigData, "requête SQL sur Spark"),
    row("duckdb.sql", &[], Tag::SqlBigData, "requête SQL sur DuckDB"),
    row(
        "duckdb.query",
        &[],
        Tag::SqlBigData,
        "requête SQL sur DuckDB",
    ),
    // Cleaning and aggregation.
    row(
        ".drop_duplicates",
        PANDAS,
        Tag::Cleaning,
        "suppression des doublons",
    ),
    row(
        ".dropDuplicates",
        PANDAS,
        Tag::Cleaning,
        "suppression des doublons",
    ),
    row(
        ".dropna",
        PANDAS,
        Tag::Cleaning,
        "suppression des valeurs manquantes",
    ),
    row(
        ".fillna",
        PANDAS,
        Tag::Cleaning,
        "remplacement des valeurs manquantes",
    ),
    row(
        ".fill_null",
        PANDAS,
        Tag::Cleaning,
        "remplacement des valeurs manquantes",
    ),
    row(
        "pandas.to_datetime",
        &[],
        Tag::Cleaning,
        "homogénéisation des dates",
    ),
    row(
        "pandas.to_numeric",
        &[],
        Tag::Cleaning,
        "homogénéisation des nombres",
    ),
    row(
        ".unique_stable",
        PANDAS,
        Tag::Cleaning,
        "suppression des doublons",
    ),
    row(
        ".merge",
        PANDAS,
        Tag::Aggregation,
        "jointure de jeux de données",
    ),
    row(
        "pandas.merge",
        &[],
        Tag::Aggregation,
        "jointure de jeux de données",
    ),
    row(
        "pandas.concat",
        &[],
        Tag::Aggregation,
        "réunion de jeux de données",
    ),
    row(
        "polars.concat",
        &[],
        Tag::Aggregation,
        "réunion de jeux de données",
    ),
    row(".groupby", PANDAS, Tag::Aggregation, "regroupement"),
    row(".groupBy", PANDAS, Tag::Aggregation, "regroupement"),
    row(".group_by", PANDAS, Tag::Aggregation, "regroupement"),
    row(
        ".join_builder",
        PANDAS,
        Tag::Aggregation,
        "jointure de jeux de données",
    ),
    row(
        ".unionByName",
        PANDAS,
        Tag::Aggregation,
        "réunion de jeux de données",
    ),
    // Database.
    row("sqlalchemy.Table", &[], Tag::Schema, "table déclarée"),
    row(
        "op.create_table",
        &["alembic"],
        Tag::Schema,
        "migration qui crée une table",
    ),
    row(
        "alembic.op.create_table",
        &[],
        Tag::Schema,
        "migration qui crée une table",
    ),
    row(
        "migrations.CreateModel",
        &["django"],
        Tag::Schema,
        "migration qui crée une table",
    ),
    row(
        "django.db.migrations.CreateModel",
        &[],
        Tag::Schema,
        "migration qui crée une table",
    ),
    row("mongoose.Schema", &[], Tag::Schema, "collection déclarée"),
    row("sequelize.define", &[], Tag::Schema, "table déclarée"),
    row(
        "op.create_index",
        &["alembic"],
        Tag::SqlOptimisation,
        "index",
    ),
    row(".to_sql", PANDAS, Tag::Import, "import en base"),
    row(".bulk_save_objects", ORM, Tag::Import, "import en base"),
    row(".bulk_insert_mappings", ORM, Tag::Import, "import en base"),
    row(".bulk_create", ORM, Tag::Import, "import en base"),
    row(".add_all", ORM, Tag::Import, "import en base"),
    row(".executemany", &[], Tag::Import, "import en base"),
    row(".copy_expert", &[], Tag::Import, "import en base"),
    row(
        "psycopg2.extras.execute_values",
        &[],
        Tag::Import,
        "import en base",
    ),
    row("execute_values", &[], Tag::Import, "import en base"),
    row(".insert_many", &["pymongo"], Tag::Import, "import en base"),
    row(".insert_one", &["pymongo"], Tag::Import, "import en base"),
    row(".bulk_write", &["pymongo"], Tag::Import, "import en base"),
    row(
        ".update_or_create",
        &["django"],
        Tag::Import,
        "import en base",
    ),
    row(".copy_from", &["psycopg2"], Tag::Import, "import en base"),
    // Services.
    row(
        "fastapi.FastAPI",
        &[],
        Tag::OpenApi,
        "OpenAPI engendrée par FastAPI",
    ),
    row("drf_spectacular.*", &[], Tag::OpenApi, "OpenAPI engendrée"),
    row("flasgger.Swagger", &[], Tag::OpenApi, "OpenAPI engendrée"),
    row("flask_restx.Api", &[], Tag::OpenApi, "OpenAPI engendrée"),
    row(
        "drf_yasg.views.get_schema_view",
        &[],
        Tag::OpenApi,
        "OpenAPI engendrée",
    ),
    row("swaggerJsdoc", &[], Tag::OpenApi, "OpenAPI engendrée"),
    row(
        "OpenApiRouter::*",
        &[],
        Tag::OpenApi,
        "OpenAPI engendrée par utoipa",
    ),
    row("slowapi.Limiter", &[], Tag::Hardening, "limite de débit"),
    row(
        "flask_limiter.Limiter",
        &[],
        Tag::Hardening,
        "limite de débit",
    ),
    row("limiter.limit", &[], Tag::Hardening, "limite de débit"),
    row("rateLimit", &[], Tag::Hardening, "limite de débit"),
    row("helmet", &[], Tag::Hardening, "en-têtes de sécurité"),
    row(
        "flask_talisman.Talisman",
        &[],
        Tag::Hardening,
        "en-têtes de sécurité",
    ),
    row(
        "pwd_context.hash",
        &[],
        Tag::Hardening,
        "mots de passe hachés",
    ),
    row(
        "passlib.context.CryptContext",
        &[],
        Tag::Hardening,
        "mots de passe hachés",
    ),
    row("bcrypt.*", &[], Tag::Hardening, "mots de passe hachés"),
    row(
        "pydantic.Field",
        &[],
        Tag::Hardening,
        "valeurs d'entrée bornées",
    ),
    row(
        "pydantic.field_validator",
        &[],
        Tag::Hardening,
        "valeurs d'entrée contrôlées",
    ),
    row(
        "pydantic.validator",
        &[],
        Tag::Hardening,
        "valeurs d'entrée contrôlées",
    ),
    row(
        "RequestBodyLimitLayer::*",
        &[],
        Tag::Hardening,
        "taille des requêtes bornée",
    ),
    row(
        "werkzeug.security.generate_password_hash",
        &[],
        Tag::Hardening,
        "mots de passe hachés",
    ),
    row(
        "django.contrib.auth.decorators.login_required",
        &[],
        Tag::AccessRight,
        "accès réservé",
    ),
    row(
        "flask_login.LoginManager",
        &[],
        Tag::AccessRight,
        "gestion des sessions",
    ),
    row(
        "django.contrib.auth.authenticate",
        &[],
        Tag::AccessRight,
        "connexion des utilisateurs",
    ),
    row("jwt.decode", &[], Tag::AccessRight, "jeton vérifié"),
    row("jose.jwt.decode", &[], Tag::AccessRight, "jeton vérifié"),
    row(
        "jsonwebtoken.verify",
        &[],
        Tag::AccessRight,
        "jeton vérifié",
    ),
    row("jwt.verify", &[], Tag::AccessRight, "jeton vérifié"),
    row(
        "jsonwebtoken::decode",
        &[],
        Tag::AccessRight,
        "jeton vérifié",
    ),
    row(
        "streamlit_authenticator.*",
        &[],
        Tag::AccessRight,
        "connexion des utilisateurs",
    ),
    // AI services.
    row("openai.*", &[], Tag::AiService, "service d'IA"),
    row("mistralai.*", &[], Tag::AiService, "service d'IA"),
    row("anthropic.*", &[], Tag::AiService, "service d'IA"),
    row("google.generativeai.*", &[], Tag::AiService, "service d'IA"),
    row("google.genai.*", &[], Tag::AiService, "service d'IA"),
    row(
        "huggingface_hub.InferenceClient",
        &[],
        Tag::AiService,
        "service d'IA",
    ),
    row("cohere.*", &[], Tag::AiService, "service d'IA"),
    row("groq.*", &[], Tag::AiService, "service d'IA"),
    row("ollama.*", &[], Tag::AiService, "service d'IA local"),
    row("langchain*", &[], Tag::AiService, "service d'IA"),
    row("azure.ai.*", &[], Tag::AiService, "service d'IA"),
    row(
        "azure.cognitiveservices.*",
        &[],
        Tag::AiService,
        "service d'IA",
    ),
    row("litellm.completion", &[], Tag::AiService, "service d'IA"),
    row("langgraph.*", &[], Tag::AiService, "service d'IA"),
    row("llama_index.*", &[], Tag::AiService, "service d'IA"),
    row("vertexai.*", &[], Tag::AiService, "service d'IA"),
    row("replicate.*", &[], Tag::AiService, "service d'IA"),
    row("deepl.*", &[], Tag::AiService, "service d'IA"),
    row("assemblyai.*", &[], Tag::AiService, "service d'IA"),
    row("together.*", &[], Tag::AiService, "service d'IA"),
    row("google.cloud.vision.*", &[], Tag::AiService, "service d'IA"),
    row("google.cloud.speech.*", &[], Tag::AiService, "service d'IA"),
    row(
        "google.cloud.translate.*",
        &[],
        Tag::AiService,
        "service d'IA",
    ),
    row("pinecone.*", &[], Tag::AiService, "service d'IA"),
    row("voyageai.*", &[], Tag::AiService, "service d'IA"),
    row("OpenAI", &["openai"], Tag::AiService, "service d'IA"),
    // The model.
    row(".fit", LEARNING, Tag::Training, "entraînement"),
    row(
        ".fit_transform",
        &["nothing"],
        Tag::Training,
        "entraînement",
    ),
    row(
        "sklearn.model_selection.GridSearchCV",
        &[],
        Tag::Training,
        "recherche d'hyper-paramètres",
    ),
    row("xgboost.train", &[], Tag::Training, "entraînement"),
    row("lightgbm.train", &[], Tag::Training, "entraînement"),
    row("transformers.Trainer", &[], Tag::Training, "entraînement"),
    row(".train", &["ultralytics"], Tag::Training, "entraînement"),
    row("nlp.update", &["spacy"], Tag::Training, "entraînement"),
    row("pycaret.*", &[], Tag::Training, "entraînement"),
    row("accelerator.backward", &[], Tag::Training, "entraînement"),
    row("loss.backward", &["torch"], Tag::Training, "entraînement"),
    row("GradientBooster::*", &[], Tag::Training, "entraînement"),
    row("sklearn.metrics.*", &[], Tag::Evaluation, "évaluation"),
    row(".evaluate", LEARNING, Tag::Evaluation, "évaluation"),
    row(".score", SCORES, Tag::Evaluation, "évaluation"),
    row(
        "sklearn.model_selection.cross_val_score",
        &[],
        Tag::Evaluation,
        "validation croisée",
    ),
    row("joblib.dump", &[], Tag::ModelSaving, "modèle enregistré"),
    row("pickle.dump", &[], Tag::ModelSaving, "modèle enregistré"),
    row("torch.save", &[], Tag::ModelSaving, "modèle enregistré"),
    row(
        ".log_model",
        &["mlflow"],
        Tag::ModelSaving,
        "modèle enregistré",
    ),
    row(
        ".save_pretrained",
        &["transformers"],
        Tag::ModelSaving,
        "modèle enregistré",
    ),
    row(
        "mlflow.register_model",
        &[],
        Tag::ModelSaving,
        "modèle inscrit au registre",
    ),
    row(
        "mlflow.sklearn.log_model",
        &[],
        Tag::ModelSaving,
        "modèle enregistré",
    ),
    row(
        ".save_model",
        LEARNING,
        Tag::ModelSaving,
        "modèle enregistré",
    ),
    row("mlflow.log_*", &[], Tag::ModelTracking, "suivi MLflow"),
    row("mlflow.autolog", &[], Tag::ModelTracking, "suivi MLflow"),
    row("mlflow.start_run", &[], Tag::ModelTracking, "suivi MLflow"),
    row(
        "wandb.log",
        &[],
        Tag::ModelTracking,
        "suivi Weights & Biases",
    ),
    row(
        "evidently.*",
        &[],
        Tag::Drift,
        "dérive calculée par Evidently",
    ),
    row(
        "Report",
        &["evidently"],
        Tag::Drift,
        "dérive calculée par Evidently",
    ),
    row(
        "scipy.stats.ks_2samp",
        &[],
        Tag::Drift,
        "test de Kolmogorov-Smirnov",
    ),
    row(
        "ks_2samp",
        &["scipy"],
        Tag::Drift,
        "test de Kolmogorov-Smirnov",
    ),
    row(
        "scipy.stats.chi2_contingency",
        &[],
        Tag::Drift,
        "test du khi-deux",
    ),
    row(
        "scipy.stats.wasserstein_distance",
        &[],
        Tag::Drift,
        "distance de Wasserstein",
    ),
    row(
        "scipy.spatial.distance.jensenshannon",
        &[],
        Tag::Drift,
        "distance de Jensen-Shannon",
    ),
    row(
        "alibi_detect.*",
        &[],
        Tag::Drift,
        "dérive calculée par Alibi Detect",
    ),
    row("nannyml.*", &[], Tag::Drift, "dérive calculée par NannyML"),
    row("whylogs.*", &[], Tag::Drift, "profil des données"),
    row(
        "deepchecks.*",
        &[],
        Tag::Drift,
        "dérive calculée par Deepchecks",
    ),
    row(
        "river.drift.*",
        &[],
        Tag::Drift,
        "dérive calculée par River",
    ),
    row("scipy.stats.chisquare", &[], Tag::Drift, "test du khi-deux"),
    row(
        "pandera.*",
        &[],
        Tag::DataValidation,
        "schéma de données contrôlé",
    ),
    row(
        "great_expectations.*",
        &[],
        Tag::DataValidation,
        "données contrôlées",
    ),
    // Monitoring of the application.
    row(
        "prometheus_fastapi_instrumentator.Instrumentator",
        &[],
        Tag::AppMetric,
        "métriques HTTP",
    ),
    row(
        "prometheus_client.*",
        &[],
        Tag::AppMetric,
        "métrique Prometheus",
    ),
    row("prometheus::*", &[], Tag::AppMetric, "métrique Prometheus"),
    row(
        "IntCounterVec::*",
        METRICS,
        Tag::AppMetric,
        "métrique Prometheus",
    ),
    row(
        "HistogramVec::*",
        METRICS,
        Tag::AppMetric,
        "métrique Prometheus",
    ),
    row(
        "prometheus_flask_exporter.*",
        &[],
        Tag::AppMetric,
        "métriques HTTP",
    ),
    row("opentelemetry.*", &[], Tag::AppMetric, "OpenTelemetry"),
    row(
        "azure.monitor.opentelemetry.*",
        &[],
        Tag::AppMetric,
        "Azure Monitor",
    ),
    row("opencensus.*", &[], Tag::AppMetric, "OpenCensus"),
    row(
        "applicationinsights.*",
        &[],
        Tag::AppMetric,
        "Application Insights",
    ),
    row(
        "flask_monitoringdashboard.*",
        &[],
        Tag::AppMetric,
        "tableau de bord de Flask",
    ),
    row(
        "starlette_exporter.*",
        &[],
        Tag::AppMetric,
        "métriques HTTP",
    ),
    row("elasticapm.*", &[], Tag::AppMetric, "Elastic APM"),
    row(
        "django_prometheus",
        &[],
        Tag::AppMetric,
        "métriques de Django",
    ),
    row(
        "sentry_sdk.init",
        &[],
        Tag::AppMetric,
        "erreurs suivies par Sentry",
    ),
    row(
        "client.Counter",
        &["prom-client"],
        Tag::AppMetric,
        "métrique Prometheus",
    ),
    row("logging.basicConfig", &[], Tag::Logging, "journalisation"),
    row(
        "logging.config.dictConfig",
        &[],
        Tag::Logging,
        "journalisation",
    ),
    row("logging.getLogger", &[], Tag::Logging, "journalisation"),
    row("loguru.logger.*", &[], Tag::Logging, "journalisation"),
    row("structlog.*", &[], Tag::Logging, "journalisation"),
    row("winston.createLogger", &[], Tag::Logging, "journalisation"),
    row("tracing_subscriber::*", &[], Tag::Logging, "journalisation"),
    row(
        "smtplib.SMTP",
        &[],
        Tag::AlertReceiver,
        "alerte envoyée par courriel",
    ),
    row(
        "smtplib.SMTP_SSL",
        &[],
        Tag::AlertReceiver,
        "alerte envoyée par courriel",
    ),
    // The interface.
    row("streamlit.form", &[], Tag::Form, "formulaire"),
    row("streamlit.button", &[], Tag::Form, "commande"),
    row("gradio.Interface", &[], Tag::Form, "formulaire"),
    row("gradio.Button", &[], Tag::Form, "commande"),
    row("flask.render_template", &[], Tag::Interface, "page rendue"),
    row(
        "django.shortcuts.render",
        &[],
        Tag::Interface,
        "page rendue",
    ),
    row(".TemplateResponse", &[], Tag::Interface, "page rendue"),
    row(
        "feedparser.parse",
        &[],
        Tag::FeedReader,
        "lecture d'un flux de veille",
    ),
];
