//! Text of a submission made harmless to the eye: characters that would not show, or would show out of
//! their place, are spelled out (Unicode Technical Report 36).

/// The text with its control and direction characters spelled out, as `\u{202e}`.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut shown, letter| {
            if hides(letter) {
                shown.extend(letter.escape_unicode())
            } else {
                shown.push(letter)
            }
            shown
        })
}

/// Controls, direction overrides, and characters that neither HTML nor XML may hold.
fn hides(letter: char) -> bool {
    let direction = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    // Every last two code points of a plane, and 32 more, are no characters.
    let nothing = u32::from(letter) & 0xfffe == 0xfffe
        || matches!(letter, '\u{fdd0}'..='\u{fdef}' | '\u{feff}');
    letter.is_control() || direction || nothing
}
