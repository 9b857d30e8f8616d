//! Comments and nameable things of each language: one line at a time, no grammar.

/// A family of languages with the same comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CommentSyntax {
    Rust,
    JavaScript,
    Sql,
    /// `#` comments: TOML, YAML, shell, Python, Dockerfile.
    Hash,
    Css,
    /// `<!-- -->` and `{# #}` comments: HTML and its templates.
    Markup,
    Markdown,
}

impl CommentSyntax {
    /// The language of a file, by the end of its name.
    pub(super) fn of(file: &str) -> Option<Self> {
        let name = file.rsplit('/').next().unwrap_or(file);
        let extension = name
            .rsplit_once('.')
            .map_or(name, |(_, extension)| extension);

        Some(match extension {
            "rs" => Self::Rust,
            "js" | "mjs" | "ts" => Self::JavaScript,
            "sql" => Self::Sql,
            "toml" | "yml" | "yaml" | "sh" | "py" | "Dockerfile" => Self::Hash,
            "css" => Self::Css,
            "html" | "jinja" | "j2" => Self::Markup,
            "md" => Self::Markdown,
            _ => return None,
        })
    }

    /// The language of a script whose name does not tell it: `#` begins the comments of a shell and
    /// of Python alike.
    pub(super) fn of_script(text: &str) -> Option<Self> {
        text.starts_with("#!").then_some(Self::Hash)
    }

    /// The text of a line that is a comment and nothing else.
    pub(super) fn comment(self, line: &str) -> Option<&str> {
        let line = line.trim();
        let inside = |open: &str, close: &str| line.strip_prefix(open)?.strip_suffix(close);

        let text = match self {
            // `///` and `//!` are comments of the documentation.
            Self::Rust => line
                .strip_prefix("//")
                .map(|text| text.trim_start_matches(['/', '!'])),
            Self::JavaScript => line.strip_prefix("//"),
            Self::Sql => line.strip_prefix("--"),
            Self::Hash => line.strip_prefix('#'),
            Self::Css => inside("/*", "*/"),
            Self::Markup => inside("<!--", "-->").or_else(|| inside("{#", "#}")),
            Self::Markdown => inside("<!--", "-->"),
        };

        text.map(str::trim)
    }

    /// True when a comment is the header of the thing below, a blank line apart: query and
    /// declaration files open so, and a document leaves a line around its comments.
    pub(super) fn has_headers(self) -> bool {
        matches!(self, Self::Sql | Self::Hash | Self::Markdown)
    }

    /// True when the comments that open a file tell of the whole of it.
    pub(super) fn heads_files(self) -> bool {
        matches!(self, Self::Sql | Self::Hash)
    }

    /// The text of a line that is an attribute of the thing below.
    pub(super) fn attribute(self, line: &str) -> Option<&str> {
        (self == Self::Rust)
            .then(|| line.strip_prefix("#["))
            .flatten()
    }

    /// True when a line that names a thing names a test.
    pub(super) fn is_test(self, line: &str) -> bool {
        self == Self::JavaScript && (line.starts_with("test(") || line.starts_with("it("))
    }

    /// The name of the thing that a line begins, in the words of its language.
    pub(super) fn name(self, line: &str) -> Option<String> {
        match self {
            Self::Rust => rust_name(line),
            Self::Markdown => line
                .starts_with('#')
                .then(|| line.trim_start_matches('#').trim().to_owned()),
            Self::Markup => line.starts_with(['<', '{']).then(|| shorten(line)),
            _ => (!line.is_empty()).then(|| shorten(line)),
        }
    }
}

fn rust_name(line: &str) -> Option<String> {
    const ITEMS: [&str; 8] = [
        "fn", "struct", "enum", "trait", "mod", "const", "static", "type",
    ];

    let mut words = line
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty());

    if line.starts_with("impl") {
        return Some(shorten(line));
    }

    // `const fn` and `async fn` name a function; `pub(crate)` is two words to skip.
    let item = words
        .by_ref()
        .find(|word| !matches!(*word, "pub" | "crate" | "super" | "async" | "unsafe" | "in"))?;
    if !ITEMS.contains(&item) {
        return None;
    }
    words.find(|word| *word != "fn").map(str::to_owned)
}

/// A line is a name when it is not too long.
fn shorten(line: &str) -> String {
    line.chars()
        .take(80)
        .filter(|letter| !letter.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}
