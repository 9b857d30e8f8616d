//! The language of a file, by its name.

use crate::text::file_name;

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
        let name = file_name(path).to_ascii_lowercase();
        if name.starts_with("dockerfile") || name.ends_with(".dockerfile") {
            return Self::Dockerfile;
        }

        match name.rsplit('.').next().unwrap_or(&name) {
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
            "md" | "markdown" | "rst" | "adoc" | "mdx" | "rmd" | "qmd" => Self::Markdown,
            "txt" if !name.contains("requirements") => Self::Markdown,
            "csv" | "tsv" | "jsonl" | "ndjson" => Self::Rows,
            _ => Self::Text,
        }
    }

    /// True when a grammar reads such a file.
    pub(crate) fn is_parsed(self) -> bool {
        matches!(
            self,
            Self::Python
                | Self::JavaScript
                | Self::TypeScript
                | Self::Rust
                | Self::Notebook
                | Self::Sql
                | Self::Yaml
        )
    }
}
