//! What a file is for, by its path.

/// Why a file is in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Code of the candidate.
    Source,
    /// Tests of the candidate.
    Test,
    /// A page that a person reads.
    Document,
    /// Configuration, schema or data that the extractors know how to read.
    Configuration,
    /// Rows of data.
    Data,
    /// What a tool installed or built: no evidence.
    Vendored,
    /// What the tests feed to the code: it is read by them, never run, and shows nothing of the
    /// submission.
    Fixture,
    /// Not text.
    Binary,
}

/// Folders that hold only what tests read.
const FIXTURES: [&str; 6] = [
    "testdata",
    "test_data",
    "__snapshots__",
    "snapshots",
    "cassettes",
    "golden",
];
/// Folders that hold what tests read when they stand below the tests, code aside: helpers are run.
const BELOW_TESTS: [&str; 6] = [
    "fixtures",
    "data",
    "samples",
    "resources",
    "corpus",
    "assets",
];
const TESTS: [&str; 5] = ["tests", "test", "__tests__", "e2e", "spec"];

const VENDORED: [&str; 24] = [
    "node_modules",
    "site-packages",
    "dist-packages",
    "__pycache__",
    ".venv",
    "venv",
    "vendor",
    "target",
    "mlruns",
    ".next",
    ".nuxt",
    ".tox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".ipynb_checkpoints",
    ".git-rewrite",
    "htmlcov",
    "bower_components",
    ".terraform",
    "staticfiles",
    ".yarn",
    "catboost_info",
    "egg-info",
];

const BINARY: [&str; 60] = [
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "ico",
    "bmp",
    "tif",
    "tiff",
    "pdf",
    "docx",
    "doc",
    "pptx",
    "ppt",
    "xlsx",
    "xls",
    "odt",
    "ods",
    "odp",
    "zip",
    "gz",
    "tgz",
    "bz2",
    "xz",
    "7z",
    "rar",
    "tar",
    "zst",
    "pkl",
    "pickle",
    "joblib",
    "onnx",
    "h5",
    "keras",
    "pt",
    "pth",
    "bin",
    "safetensors",
    "parquet",
    "feather",
    "npy",
    "npz",
    "db",
    "sqlite",
    "sqlite3",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "mp3",
    "mp4",
    "wav",
    "avi",
    "mov",
    "so",
    "dll",
    "exe",
    "pyc",
    "whl",
];

impl Role {
    /// The role of the file at `path`, from the root, with `/`.
    pub(crate) fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let lower = name.to_ascii_lowercase();
        let extension = lower
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension);

        if is_vendored(path) || is_generated(&lower) {
            return Self::Vendored;
        }

        if BINARY.contains(&extension) {
            return Self::Binary;
        }

        if fixtures(path).is_some() {
            return Self::Fixture;
        }

        match Language::of(path) {
            Language::Markdown => Self::Document,
            Language::Rows => Self::Data,
            Language::Python | Language::JavaScript | Language::TypeScript | Language::Rust
                if is_test(path, &lower) =>
            {
                Self::Test
            }
            Language::Python
            | Language::JavaScript
            | Language::TypeScript
            | Language::Rust
            | Language::Notebook
            | Language::Sql
            | Language::Shell => Self::Source,
            _ => Self::Configuration,
        }
    }
}

fn is_vendored(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|folder| {
        VENDORED.contains(&folder)
            || folder.ends_with(".egg-info")
            || folder.starts_with("venv")
            || folder.ends_with("venv")
    })
}

/// The folder of test data that a file stands in.
pub(crate) fn fixtures(path: &str) -> Option<&str> {
    let (folders, name) = path.rsplit_once('/')?;
    let is_code = [".py", ".js", ".ts", ".jsx", ".tsx", ".rs"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let (mut below_tests, mut end) = (false, 0);

    for folder in folders.split('/') {
        end += folder.len();
        let is_always = FIXTURES.contains(&folder) && (below_tests || !is_code);
        let is_theirs = BELOW_TESTS.contains(&folder) && !is_code || folder == "submissions";
        if is_always || (below_tests && is_theirs) {
            return path.get(..end);
        }
        below_tests |= TESTS.contains(&folder);
        end += 1;
    }

    None
}

fn is_generated(name: &str) -> bool {
    name.ends_with(".min.js")
        || name.ends_with(".min.css")
        || name.ends_with(".map")
        || name.ends_with(".lock")
        || ["package-lock.json", "pnpm-lock.yaml", "npm-shrinkwrap.json"].contains(&name)
}

/// A test by the habits of pytest, unittest, jest, vitest, Django and cargo.
fn is_test(path: &str, name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || ["tests", "conftest"].contains(&stem)
        || name.contains(".test.")
        || name.contains(".spec.")
        || path
            .split('/')
            .rev()
            .skip(1)
            .any(|folder| TESTS.contains(&folder))
}

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    JavaScript,
    TypeScript,
    Rust,
    Notebook,
    Sql,
    Shell,
    Yaml,
    Json,
    Toml,
    Dockerfile,
    /// HTML and its templates, Vue and Svelte components.
    Markup,
    Markdown,
    /// Rows of data, such as CSV.
    Rows,
    /// Any other text.
    Text,
}

impl Language {
    /// The language of the file at `path`.
    pub(crate) fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        if name.starts_with("dockerfile") || name.ends_with(".dockerfile") {
            return Self::Dockerfile;
        }
        match name
            .rsplit_once('.')
            .map_or(name.as_str(), |(_, extension)| extension)
        {
            "gnumakefile" => Self::Shell,
            "py" => Self::Python,
            "js" | "jsx" | "mjs" | "cjs" => Self::JavaScript,
            "ts" | "tsx" | "mts" => Self::TypeScript,
            "rs" => Self::Rust,
            "ipynb" => Self::Notebook,
            "sql" | "ddl" => Self::Sql,
            "sh" | "bash" | "ps1" | "bat" | "makefile" | "justfile" => Self::Shell,
            "yml" | "yaml" => Self::Yaml,
            "json" | "webmanifest" => Self::Json,
            "toml" | "ini" | "cfg" | "env" => Self::Toml,
            "html" | "htm" | "jinja" | "jinja2" | "j2" | "vue" | "svelte" | "astro" => Self::Markup,
            "md" | "markdown" | "rst" | "adoc" | "mdx" => Self::Markdown,
            "txt" if !name.contains("requirements") => Self::Markdown,
            "csv" | "tsv" | "jsonl" | "ndjson" => Self::Rows,
            _ => Self::Text,
        }
    }
}
