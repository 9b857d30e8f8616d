//! Small readings of text that several readers share: folded text, paths, dotted names.

/// Lower case without the accents of French, line breaks kept.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'à' | 'â' | 'ä' | 'À' | 'Â' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' => 'e',
            'î' | 'ï' | 'Î' => 'i',
            'ô' | 'ö' | 'Ô' => 'o',
            'ù' | 'û' | 'ü' | 'Û' => 'u',
            'ç' | 'Ç' => 'c',
            '’' => '\'',
            '\u{a0}' | '\u{202f}' => ' ',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The folders of a path, the nearest to the file first.
pub(crate) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit('/').skip(1)
}

/// Number of leading folders that two paths share.
pub(crate) fn shared_folders(left: &str, right: &str) -> usize {
    let depth = |path: &str| path.matches('/').count();

    left.split('/')
        .zip(right.split('/'))
        .take(depth(left).min(depth(right)))
        .take_while(|(left, right)| left == right)
        .count()
}

/// The last part of a dotted name, or of a path of Rust.
pub(crate) fn last_name(name: &str) -> &str {
    name.rsplit(['.', ':', '/']).next().unwrap_or(name)
}

/// The first literal of a text, between quotes of either kind.
pub(crate) fn first_literal(text: &str) -> Option<&str> {
    text.split(['"', '\'']).nth(1)
}

/// True when a text is a name: letters, figures, and the marks of `others`.
pub(crate) fn is_name(text: &str, others: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_alphanumeric() || others.contains(letter))
}

/// True when an expression has literals and signs alone: `1 + 2 == 3` holds whatever the code does.
pub(crate) fn is_constant(expression: &str) -> bool {
    // Every second part stands between quotes.
    let outside = expression.split(['"', '\'']).step_by(2);
    let mut words = outside
        .flat_map(|part| part.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .filter(|word| !word.is_empty());
    words.all(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))
        && expression.contains(|letter: char| letter.is_alphanumeric())
}

/// Lower case, with `_` where a capital begins a word: `requireAuth` is `require_auth`.
pub(crate) fn separated(name: &str) -> String {
    let mut found = String::with_capacity(name.len());
    let mut before = '_';

    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            found.push('_');
        }
        found.push(letter.to_ascii_lowercase());
        before = letter;
    }
    found
}

/// The path that arguments give to the routes of a router: `prefix="/films"`, `{ prefix: '/films'
/// }`.
pub(crate) fn prefix_argument(arguments: &str) -> Option<&str> {
    let (_, rest) = arguments.split_once("prefix")?;
    let written = rest.trim_start_matches([' ', '=', ':']);
    literal(written.trim_start_matches('f'))
}

/// The content of the literal that a text begins with.
pub(crate) fn literal(text: &str) -> Option<&str> {
    let quote = text
        .chars()
        .next()
        .filter(|quote| ['"', '\'', '`'].contains(quote))?;
    text[1..].split(quote).next()
}

/// The beginning of a text, no longer than so many bytes.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
