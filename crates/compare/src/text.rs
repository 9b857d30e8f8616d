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
