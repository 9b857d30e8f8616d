//! The table of calls: which name, with which import, means what.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fact::FactKind;
use crate::module::{Call, Module};

/// One line of the table.
pub(super) struct Row {
    /// A name: exact (`requests.get`), a beginning (`duckdb.*`), or an end (`.fit`).
    name: &'static str,
    /// Packages of which the file must import one; none when empty.
    imports: &'static [&'static str],
    pub(super) kind: FactKind,
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
    kind: FactKind,
    what: &'static str,
) -> Row {
    Row {
        name,
        imports,
        kind,
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
        FactKind::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "BeautifulSoup",
        &["bs4"],
        FactKind::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "selenium.webdriver.*",
        &[],
        FactKind::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "webdriver.Chrome",
        &[],
        FactKind::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "webdriver.Firefox",
        &[],
        FactKind::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "undetected_chromedriver.*",
        &[],
        FactKind::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "playwright.sync_api.sync_playwright",
        &[],
        FactKind::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "playwright.async_api.async_playwright",
        &[],
        FactKind::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "pandas.read_html",
        &[],
        FactKind::SourceHtml,
        "lecture des tableaux d'une page web",
    ),
    row(
        "lxml.html.*",
        &[],
        FactKind::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "cheerio.load",
        &[],
        FactKind::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "puppeteer.launch",
        &[],
        FactKind::SourceHtml,
        "navigateur piloté",
    ),
    row(
        "Html::parse_document",
        &[],
        FactKind::SourceHtml,
        "lecture d'une page web",
    ),
    row(
        "yfinance.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "ccxt.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "binance.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "tweepy.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "praw.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "spotipy.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "newsapi.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "garminconnect.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "overpy.*",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "googleapiclient.discovery.build",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "openmeteo_requests.Client",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "SPARQLWrapper.SPARQLWrapper",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "requests_cache.CachedSession",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "wget.download",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "gdown.download",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "urllib.request.urlretrieve",
        &[],
        FactKind::SourceHttp,
        "client d'un service web",
    ),
    row(
        "pandas.read_csv",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_excel",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_json",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_xml",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_parquet",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "datasets.load_dataset",
        &[],
        FactKind::SourceFile,
        "lecture d'un jeu de données publié",
    ),
    row(
        "polars.read_csv",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "csv.DictReader",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "csv.reader",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "ReaderBuilder::new",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "csv::Reader::*",
        &[],
        FactKind::SourceFile,
        "lecture d'un fichier",
    ),
    row(
        "pandas.read_sql",
        &[],
        FactKind::SourceDatabase,
        "lecture d'une base de données",
    ),
    row(
        "pandas.read_sql_query",
        &[],
        FactKind::SourceDatabase,
        "lecture d'une base de données",
    ),
    row(
        "pandas.read_sql_table",
        &[],
        FactKind::SourceDatabase,
        "lecture d'une base de données",
    ),
    row(
        "pymongo.MongoClient",
        &[],
        FactKind::SourceDatabase,
        "lecture d'une base de documents",
    ),
    row(
        "pyspark.sql.SparkSession.*",
        &[],
        FactKind::SourceBigData,
        "moteur Spark",
    ),
    row(
        "SparkSession.*",
        SPARK,
        FactKind::SourceBigData,
        "moteur Spark",
    ),
    row(
        "spark.read.*",
        SPARK,
        FactKind::SourceBigData,
        "lecture par Spark",
    ),
    row("duckdb.*", &[], FactKind::SourceBigData, "moteur DuckDB"),
    row(
        "google.cloud.bigquery.*",
        &[],
        FactKind::SourceBigData,
        "entrepôt BigQuery",
    ),
    row(
        "bigquery.Client",
        &[],
        FactKind::SourceBigData,
        "entrepôt BigQuery",
    ),
    row(
        "dask.dataframe.*",
        &[],
        FactKind::SourceBigData,
        "calcul réparti Dask",
    ),
    row(
        "polars.scan_parquet",
        &[],
        FactKind::SourceBigData,
        "lac Parquet",
    ),
    row(
        "LazyFrame::scan_parquet*",
        &[],
        FactKind::SourceBigData,
        "lac Parquet",
    ),
    row(
        "SQLContext::new",
        &[],
        FactKind::SourceBigData,
        "SQL sur un lac Parquet",
    ),
    row("pyhive.*", &[], FactKind::SourceBigData, "entrepôt Hive"),
    row(
        "snowflake.connector.connect",
        &[],
        FactKind::SourceBigData,
        "entrepôt Snowflake",
    ),
    row(
        "kafka.KafkaConsumer",
        &[],
        FactKind::SourceBigData,
        "flux Kafka",
    ),
    row(
        "confluent_kafka.Consumer",
        &[],
        FactKind::SourceBigData,
        "flux Kafka",
    ),
    row(
        "cassandra.cluster.Cluster",
        &[],
        FactKind::SourceBigData,
        "base répartie Cassandra",
    ),
    row(
        "hdfs.*",
        &[],
        FactKind::SourceBigData,
        "fichiers répartis HDFS",
    ),
    row(
        "happybase.*",
        &[],
        FactKind::SourceBigData,
        "base répartie HBase",
    ),
    row(
        "elasticsearch.Elasticsearch",
        &[],
        FactKind::SourceBigData,
        "moteur Elasticsearch",
    ),
    row(
        "pyathena.connect",
        &[],
        FactKind::SourceBigData,
        "moteur Athena",
    ),
    row(
        "clickhouse_connect.get_client",
        &[],
        FactKind::SourceBigData,
        "moteur ClickHouse",
    ),
    row(
        "polars.scan_csv",
        &[],
        FactKind::SourceBigData,
        "lac de fichiers",
    ),
    row(
        "trino.dbapi.connect",
        &[],
        FactKind::SourceBigData,
        "moteur Trino",
    ),
    row(
        "pyarrow.dataset.dataset",
        &[],
        FactKind::SourceBigData,
        "lac Parquet",
    ),
    row(
        ".to_csv",
        PANDAS,
        FactKind::SavesResult,
        "sauvegarde du résultat",
    ),
    row(
        ".to_parquet",
        PANDAS,
        FactKind::SavesResult,
        "sauvegarde du résultat",
    ),
    row(
        ".to_json",
        PANDAS,
        FactKind::SavesResult,
        "sauvegarde du résultat",
    ),
    row(
        "json.dump",
        &[],
        FactKind::SavesResult,
        "sauvegarde du résultat",
    ),
    row(
        ".write_text",
        &[],
        FactKind::SavesResult,
        "sauvegarde du résultat",
    ),
    row(
        "spark.sql",
        SPARK,
        FactKind::SqlBigData,
        "requête SQL sur Spark",
    ),
    row(
        "duckdb.sql",
        &[],
        FactKind::SqlBigData,
        "requête SQL sur DuckDB",
    ),
    row(
        "duckdb.query",
        &[],
        FactKind::SqlBigData,
        "requête SQL sur DuckDB",
    ),
    // Cleaning and aggregation.
    row(
        ".drop_duplicates",
        PANDAS,
        FactKind::Cleaning,
        "suppression des doublons",
    ),
    row(
        ".dropDuplicates",
        PANDAS,
        FactKind::Cleaning,
        "suppression des doublons",
    ),
    row(
        ".dropna",
        PANDAS,
        FactKind::Cleaning,
        "suppression des valeurs manquantes",
    ),
    row(
        ".fillna",
        PANDAS,
        FactKind::Cleaning,
        "remplacement des valeurs manquantes",
    ),
    row(
        ".fill_null",
        PANDAS,
        FactKind::Cleaning,
        "remplacement des valeurs manquantes",
    ),
    row(
        "pandas.to_datetime",
        &[],
        FactKind::Cleaning,
        "homogénéisation des dates",
    ),
    row(
        "pandas.to_numeric",
        &[],
        FactKind::Cleaning,
        "homogénéisation des nombres",
    ),
    row(
        ".unique_stable",
        PANDAS,
        FactKind::Cleaning,
        "suppression des doublons",
    ),
    row(
        ".merge",
        PANDAS,
        FactKind::Aggregation,
        "jointure de jeux de données",
    ),
    row(
        "pandas.merge",
        &[],
        FactKind::Aggregation,
        "jointure de jeux de données",
    ),
    row(
        "pandas.concat",
        &[],
        FactKind::Aggregation,
        "réunion de jeux de données",
    ),
    row(
        "polars.concat",
        &[],
        FactKind::Aggregation,
        "réunion de jeux de données",
    ),
    row(".groupby", PANDAS, FactKind::Aggregation, "regroupement"),
    row(".groupBy", PANDAS, FactKind::Aggregation, "regroupement"),
    row(".group_by", PANDAS, FactKind::Aggregation, "regroupement"),
    row(
        ".join_builder",
        PANDAS,
        FactKind::Aggregation,
        "jointure de jeux de données",
    ),
    row(
        ".unionByName",
        PANDAS,
        FactKind::Aggregation,
        "réunion de jeux de données",
    ),
    // Database.
    row("sqlalchemy.Table", &[], FactKind::Schema, "table déclarée"),
    row(
        "op.create_table",
        &["alembic"],
        FactKind::Schema,
        "migration qui crée une table",
    ),
    row(
        "alembic.op.create_table",
        &[],
        FactKind::Schema,
        "migration qui crée une table",
    ),
    row(
        "migrations.CreateModel",
        &["django"],
        FactKind::Schema,
        "migration qui crée une table",
    ),
    row(
        "django.db.migrations.CreateModel",
        &[],
        FactKind::Schema,
        "migration qui crée une table",
    ),
    row(
        "mongoose.Schema",
        &[],
        FactKind::Schema,
        "collection déclarée",
    ),
    row("sequelize.define", &[], FactKind::Schema, "table déclarée"),
    row(
        "op.create_index",
        &["alembic"],
        FactKind::SqlOptimisation,
        "index",
    ),
    row(".to_sql", PANDAS, FactKind::Import, "import en base"),
    row(
        ".bulk_save_objects",
        ORM,
        FactKind::Import,
        "import en base",
    ),
    row(
        ".bulk_insert_mappings",
        ORM,
        FactKind::Import,
        "import en base",
    ),
    row(".bulk_create", ORM, FactKind::Import, "import en base"),
    row(".add_all", ORM, FactKind::Import, "import en base"),
    row(".executemany", &[], FactKind::Import, "import en base"),
    row(".copy_expert", &[], FactKind::Import, "import en base"),
    row(
        "psycopg2.extras.execute_values",
        &[],
        FactKind::Import,
        "import en base",
    ),
    row("execute_values", &[], FactKind::Import, "import en base"),
    row(
        ".insert_many",
        &["pymongo"],
        FactKind::Import,
        "import en base",
    ),
    row(
        ".insert_one",
        &["pymongo"],
        FactKind::Import,
        "import en base",
    ),
    row(
        ".bulk_write",
        &["pymongo"],
        FactKind::Import,
        "import en base",
    ),
    row(
        ".update_or_create",
        &["django"],
        FactKind::Import,
        "import en base",
    ),
    row(
        ".copy_from",
        &["psycopg2"],
        FactKind::Import,
        "import en base",
    ),
    // Services.
    row(
        "fastapi.FastAPI",
        &[],
        FactKind::OpenApi,
        "OpenAPI engendrée par FastAPI",
    ),
    row(
        "drf_spectacular.*",
        &[],
        FactKind::OpenApi,
        "OpenAPI engendrée",
    ),
    row(
        "flasgger.Swagger",
        &[],
        FactKind::OpenApi,
        "OpenAPI engendrée",
    ),
    row(
        "flask_restx.Api",
        &[],
        FactKind::OpenApi,
        "OpenAPI engendrée",
    ),
    row(
        "drf_yasg.views.get_schema_view",
        &[],
        FactKind::OpenApi,
        "OpenAPI engendrée",
    ),
    row("swaggerJsdoc", &[], FactKind::OpenApi, "OpenAPI engendrée"),
    row(
        "OpenApiRouter::*",
        &[],
        FactKind::OpenApi,
        "OpenAPI engendrée par utoipa",
    ),
    row(
        "slowapi.Limiter",
        &[],
        FactKind::Hardening,
        "limite de débit",
    ),
    row(
        "flask_limiter.Limiter",
        &[],
        FactKind::Hardening,
        "limite de débit",
    ),
    row("limiter.limit", &[], FactKind::Hardening, "limite de débit"),
    row("rateLimit", &[], FactKind::Hardening, "limite de débit"),
    row("helmet", &[], FactKind::Hardening, "en-têtes de sécurité"),
    row(
        "flask_talisman.Talisman",
        &[],
        FactKind::Hardening,
        "en-têtes de sécurité",
    ),
    row(
        "pwd_context.hash",
        &[],
        FactKind::Hardening,
        "mots de passe hachés",
    ),
    row(
        "passlib.context.CryptContext",
        &[],
        FactKind::Hardening,
        "mots de passe hachés",
    ),
    row("bcrypt.*", &[], FactKind::Hardening, "mots de passe hachés"),
    row(
        "pydantic.Field",
        &[],
        FactKind::Hardening,
        "valeurs d'entrée bornées",
    ),
    row(
        "pydantic.field_validator",
        &[],
        FactKind::Hardening,
        "valeurs d'entrée contrôlées",
    ),
    row(
        "pydantic.validator",
        &[],
        FactKind::Hardening,
        "valeurs d'entrée contrôlées",
    ),
    row(
        "RequestBodyLimitLayer::*",
        &[],
        FactKind::Hardening,
        "taille des requêtes bornée",
    ),
    row(
        "werkzeug.security.generate_password_hash",
        &[],
        FactKind::Hardening,
        "mots de passe hachés",
    ),
    row(
        "django.contrib.auth.decorators.login_required",
        &[],
        FactKind::AccessRight,
        "accès réservé",
    ),
    row(
        "flask_login.LoginManager",
        &[],
        FactKind::AccessRight,
        "gestion des sessions",
    ),
    row(
        "django.contrib.auth.authenticate",
        &[],
        FactKind::AccessRight,
        "connexion des utilisateurs",
    ),
    row("jwt.decode", &[], FactKind::AccessRight, "jeton vérifié"),
    row(
        "jose.jwt.decode",
        &[],
        FactKind::AccessRight,
        "jeton vérifié",
    ),
    row(
        "jsonwebtoken.verify",
        &[],
        FactKind::AccessRight,
        "jeton vérifié",
    ),
    row("jwt.verify", &[], FactKind::AccessRight, "jeton vérifié"),
    row(
        "jsonwebtoken::decode",
        &[],
        FactKind::AccessRight,
        "jeton vérifié",
    ),
    row(
        "streamlit_authenticator.*",
        &[],
        FactKind::AccessRight,
        "connexion des utilisateurs",
    ),
    // AI services.
    row("openai.*", &[], FactKind::AiService, "service d'IA"),
    row("mistralai.*", &[], FactKind::AiService, "service d'IA"),
    row("anthropic.*", &[], FactKind::AiService, "service d'IA"),
    row(
        "google.generativeai.*",
        &[],
        FactKind::AiService,
        "service d'IA",
    ),
    row("google.genai.*", &[], FactKind::AiService, "service d'IA"),
    row(
        "huggingface_hub.InferenceClient",
        &[],
        FactKind::AiService,
        "service d'IA",
    ),
    row("cohere.*", &[], FactKind::AiService, "service d'IA"),
    row("groq.*", &[], FactKind::AiService, "service d'IA"),
    row("ollama.*", &[], FactKind::AiService, "service d'IA local"),
    row("langchain*", &[], FactKind::AiService, "service d'IA"),
    row("azure.ai.*", &[], FactKind::AiService, "service d'IA"),
    row(
        "azure.cognitiveservices.*",
        &[],
        FactKind::AiService,
        "service d'IA",
    ),
    row(
        "litellm.completion",
        &[],
        FactKind::AiService,
        "service d'IA",
    ),
    row("langgraph.*", &[], FactKind::AiService, "service d'IA"),
    row("llama_index.*", &[], FactKind::AiService, "service d'IA"),
    row("vertexai.*", &[], FactKind::AiService, "service d'IA"),
    row("replicate.*", &[], FactKind::AiService, "service d'IA"),
    row("deepl.*", &[], FactKind::AiService, "service d'IA"),
    row("assemblyai.*", &[], FactKind::AiService, "service d'IA"),
    row("together.*", &[], FactKind::AiService, "service d'IA"),
    row(
        "google.cloud.vision.*",
        &[],
        FactKind::AiService,
        "service d'IA",
    ),
    row(
        "google.cloud.speech.*",
        &[],
        FactKind::AiService,
        "service d'IA",
    ),
    row(
        "google.cloud.translate.*",
        &[],
        FactKind::AiService,
        "service d'IA",
    ),
    row("pinecone.*", &[], FactKind::AiService, "service d'IA"),
    row("voyageai.*", &[], FactKind::AiService, "service d'IA"),
    row("OpenAI", &["openai"], FactKind::AiService, "service d'IA"),
    // The model.
    row(".fit", LEARNING, FactKind::Training, "entraînement"),
    row(
        ".fit_transform",
        &["nothing"],
        FactKind::Training,
        "entraînement",
    ),
    row(
        "sklearn.model_selection.GridSearchCV",
        &[],
        FactKind::Training,
        "recherche d'hyper-paramètres",
    ),
    row("xgboost.train", &[], FactKind::Training, "entraînement"),
    row("lightgbm.train", &[], FactKind::Training, "entraînement"),
    row(
        "transformers.Trainer",
        &[],
        FactKind::Training,
        "entraînement",
    ),
    row(
        ".train",
        &["ultralytics"],
        FactKind::Training,
        "entraînement",
    ),
    row("nlp.update", &["spacy"], FactKind::Training, "entraînement"),
    row("pycaret.*", &[], FactKind::Training, "entraînement"),
    row(
        "accelerator.backward",
        &[],
        FactKind::Training,
        "entraînement",
    ),
    row(
        "loss.backward",
        &["torch"],
        FactKind::Training,
        "entraînement",
    ),
    row(
        "GradientBooster::*",
        &[],
        FactKind::Training,
        "entraînement",
    ),
    row("sklearn.metrics.*", &[], FactKind::Evaluation, "évaluation"),
    row(".evaluate", LEARNING, FactKind::Evaluation, "évaluation"),
    row(".score", SCORES, FactKind::Evaluation, "évaluation"),
    row(
        "sklearn.model_selection.cross_val_score",
        &[],
        FactKind::Evaluation,
        "validation croisée",
    ),
    row(
        "joblib.dump",
        &[],
        FactKind::ModelSaving,
        "modèle enregistré",
    ),
    row(
        "pickle.dump",
        &[],
        FactKind::ModelSaving,
        "modèle enregistré",
    ),
    row(
        "torch.save",
        &[],
        FactKind::ModelSaving,
        "modèle enregistré",
    ),
    row(
        ".log_model",
        &["mlflow"],
        FactKind::ModelSaving,
        "modèle enregistré",
    ),
    row(
        ".save_pretrained",
        &["transformers"],
        FactKind::ModelSaving,
        "modèle enregistré",
    ),
    row(
        "mlflow.register_model",
        &[],
        FactKind::ModelSaving,
        "modèle inscrit au registre",
    ),
    row(
        "mlflow.sklearn.log_model",
        &[],
        FactKind::ModelSaving,
        "modèle enregistré",
    ),
    row(
        ".save_model",
        LEARNING,
        FactKind::ModelSaving,
        "modèle enregistré",
    ),
    row("mlflow.log_*", &[], FactKind::ModelTracking, "suivi MLflow"),
    row(
        "mlflow.autolog",
        &[],
        FactKind::ModelTracking,
        "suivi MLflow",
    ),
    row(
        "mlflow.start_run",
        &[],
        FactKind::ModelTracking,
        "suivi MLflow",
    ),
    row(
        "wandb.log",
        &[],
        FactKind::ModelTracking,
        "suivi Weights & Biases",
    ),
    row(
        "evidently.*",
        &[],
        FactKind::Drift,
        "dérive calculée par Evidently",
    ),
    row(
        "Report",
        &["evidently"],
        FactKind::Drift,
        "dérive calculée par Evidently",
    ),
    row(
        "scipy.stats.ks_2samp",
        &[],
        FactKind::Drift,
        "test de Kolmogorov-Smirnov",
    ),
    row(
        "ks_2samp",
        &["scipy"],
        FactKind::Drift,
        "test de Kolmogorov-Smirnov",
    ),
    row(
        "scipy.stats.chi2_contingency",
        &[],
        FactKind::Drift,
        "test du khi-deux",
    ),
    row(
        "scipy.stats.wasserstein_distance",
        &[],
        FactKind::Drift,
        "distance de Wasserstein",
    ),
    row(
        "scipy.spatial.distance.jensenshannon",
        &[],
        FactKind::Drift,
        "distance de Jensen-Shannon",
    ),
    row(
        "alibi_detect.*",
        &[],
        FactKind::Drift,
        "dérive calculée par Alibi Detect",
    ),
    row(
        "nannyml.*",
        &[],
        FactKind::Drift,
        "dérive calculée par NannyML",
    ),
    row("whylogs.*", &[], FactKind::Drift, "profil des données"),
    row(
        "deepchecks.*",
        &[],
        FactKind::Drift,
        "dérive calculée par Deepchecks",
    ),
    row(
        "river.drift.*",
        &[],
        FactKind::Drift,
        "dérive calculée par River",
    ),
    row(
        "scipy.stats.chisquare",
        &[],
        FactKind::Drift,
        "test du khi-deux",
    ),
    row(
        "pandera.*",
        &[],
        FactKind::DataValidation,
        "schéma de données contrôlé",
    ),
    row(
        "great_expectations.*",
        &[],
        FactKind::DataValidation,
        "données contrôlées",
    ),
    // Monitoring of the application.
    row(
        "prometheus_fastapi_instrumentator.Instrumentator",
        &[],
        FactKind::AppMetric,
        "métriques HTTP",
    ),
    row(
        "prometheus_client.*",
        &[],
        FactKind::AppMetric,
        "métrique Prometheus",
    ),
    row(
        "prometheus::*",
        &[],
        FactKind::AppMetric,
        "métrique Prometheus",
    ),
    row(
        "IntCounterVec::*",
        METRICS,
        FactKind::AppMetric,
        "métrique Prometheus",
    ),
    row(
        "HistogramVec::*",
        METRICS,
        FactKind::AppMetric,
        "métrique Prometheus",
    ),
    row(
        "prometheus_flask_exporter.*",
        &[],
        FactKind::AppMetric,
        "métriques HTTP",
    ),
    row("opentelemetry.*", &[], FactKind::AppMetric, "OpenTelemetry"),
    row(
        "azure.monitor.opentelemetry.*",
        &[],
        FactKind::AppMetric,
        "Azure Monitor",
    ),
    row("opencensus.*", &[], FactKind::AppMetric, "OpenCensus"),
    row(
        "applicationinsights.*",
        &[],
        FactKind::AppMetric,
        "Application Insights",
    ),
    row(
        "flask_monitoringdashboard.*",
        &[],
        FactKind::AppMetric,
        "tableau de bord de Flask",
    ),
    row(
        "starlette_exporter.*",
        &[],
        FactKind::AppMetric,
        "métriques HTTP",
    ),
    row("elasticapm.*", &[], FactKind::AppMetric, "Elastic APM"),
    row(
        "django_prometheus",
        &[],
        FactKind::AppMetric,
        "métriques de Django",
    ),
    row(
        "sentry_sdk.init",
        &[],
        FactKind::AppMetric,
        "erreurs suivies par Sentry",
    ),
    row(
        "client.Counter",
        &["prom-client"],
        FactKind::AppMetric,
        "métrique Prometheus",
    ),
    row(
        "logging.basicConfig",
        &[],
        FactKind::Logging,
        "journalisation",
    ),
    row(
        "logging.config.dictConfig",
        &[],
        FactKind::Logging,
        "journalisation",
    ),
    row(
        "logging.getLogger",
        &[],
        FactKind::Logging,
        "journalisation",
    ),
    row("loguru.logger.*", &[], FactKind::Logging, "journalisation"),
    row("structlog.*", &[], FactKind::Logging, "journalisation"),
    row(
        "winston.createLogger",
        &[],
        FactKind::Logging,
        "journalisation",
    ),
    row(
        "tracing_subscriber::*",
        &[],
        FactKind::Logging,
        "journalisation",
    ),
    row(
        "smtplib.SMTP",
        &[],
        FactKind::AlertReceiver,
        "alerte envoyée par courriel",
    ),
    row(
        "smtplib.SMTP_SSL",
        &[],
        FactKind::AlertReceiver,
        "alerte envoyée par courriel",
    ),
    // The interface.
    row("streamlit.form", &[], FactKind::Form, "formulaire"),
    row("streamlit.button", &[], FactKind::Form, "commande"),
    row("gradio.Interface", &[], FactKind::Form, "formulaire"),
    row("gradio.Button", &[], FactKind::Form, "commande"),
    row(
        "flask.render_template",
        &[],
        FactKind::Interface,
        "page rendue",
    ),
    row(
        "django.shortcuts.render",
        &[],
        FactKind::Interface,
        "page rendue",
    ),
    row(".TemplateResponse", &[], FactKind::Interface, "page rendue"),
    row(
        "feedparser.parse",
        &[],
        FactKind::FeedReader,
        "lecture d'un flux de veille",
    ),
];
