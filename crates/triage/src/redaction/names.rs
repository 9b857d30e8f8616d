//! Names of people: announced by words, or known from lists.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::before;
use super::lists::{self, Listed};
use super::places::announces_place;
use crate::text::{fold, pattern};

/// Words of one name at most, particles included.
const MAX_WORDS: usize = 5;

/// The names in `text`, in order.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let reader = Reader {
        text,
        words: words(text),
    };
    let mut names = Vec::new();
    let mut place = 0;

    while place < reader.words.len() {
        match reader.read(place) {
            Some(Part::Name(end)) => {
                names.push(reader.words[place].range.start..reader.words[end - 1].range.end);
                place = end;
            }
            Some(Part::Famous(end)) => place = end,
            None => place += 1,
        }
    }
    names
}

/// Words that end before the given place.
enum Part {
    Name(usize),
    /// A street, a school or a station has this name.
    Famous(usize),
}

struct Word {
    range: Range<usize>,
    folded: String,
    /// Begins with a capital, in a text that is not all in capitals.
    is_capital: bool,
    first_name: Option<Listed>,
    surname: Option<Listed>,
    is_sentence_word: bool,
}

/// How the words before a name announce it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// `je m’appelle`, `nom :`. Whatever follows is a name.
    Introduces,
    /// `M.`, `Mme`, `de la part de`. A capital or a listed name follows.
    Title,
    /// `mon ami`, `chez`. A listed name follows, even without a capital.
    Relation,
    /// `avec`, `merci`. A listed name that is no common word follows, even without a capital.
    Likely,
    Nothing,
}

struct Reader<'a> {
    text: &'a str,
    words: Vec<Word>,
}

impl Reader<'_> {
    fn read(&self, place: usize) -> Option<Part> {
        let word = &self.words[place];
        // Most words: looking at those before them would take longer than all the rest.
        if word.is_sentence_word && !self.is_particle(place) && !self.is_initial(place) {
            return None;
        }
        let start = word.range.start;
        let cue = cue(before(self.text, start));

        if let Some(next) = self.next(place)
            && cue != Cue::Introduces
            && lists::is_famous(&word.folded, &self.words[next].folded)
        {
            return Some(Part::Famous(next + 1));
        }
        let begins = match cue {
            Cue::Introduces => true,
            _ if !self.may_begin(place, cue) => false,
            Cue::Title | Cue::Nothing => !announces_place(self.text, start),
            Cue::Relation | Cue::Likely => true,
        };
        begins.then(|| Part::Name(self.end(place, cue)))
    }

    /// True when the word, after that cue, looks like the beginning of a name.
    fn may_begin(&self, place: usize, cue: Cue) -> bool {
        let word = &self.words[place];
        if word.is_sentence_word {
            return self.is_initial(place) || cue == Cue::Title;
        }
        let is_listed = word.first_name.is_some() || word.surname.is_some();
        let is_plain = word.first_name == Some(Listed::Plain);

        match cue {
            Cue::Title if word.is_capital || is_plain => true,
            Cue::Title => word.surname == Some(Listed::Plain),
            Cue::Relation if word.first_name.is_some() => true,
            Cue::Likely if is_plain => true,
            Cue::Relation | Cue::Likely if word.is_capital && is_listed => self.has_surname(place),
            _ => self.is_alone(place) || self.is_initial(place) || self.has_surname(place),
        }
    }

    /// A first name with a capital, which is not there because a sentence begins.
    fn is_alone(&self, place: usize) -> bool {
        let word = &self.words[place];
        match word.first_name {
            Some(Listed::Plain) => word.is_capital,
            Some(Listed::Common) => word.is_capital && !self.begins_sentence(place),
            None => false,
        }
    }

    /// A first name then a surname, or the other way round.
    fn has_surname(&self, place: usize) -> bool {
        let Some(next) = self.next(place) else {
            return false;
        };
        let ends_phrase = self.ends_phrase(next);

        let (word, next) = (&self.words[place], &self.words[next]);
        if next.is_sentence_word {
            return false;
        }

        let capitals = word.is_capital && next.is_capital;
        let is_known = word.first_name.is_some() && next.surname.is_some();
        let is_reversed = word.surname.is_some() && next.first_name.is_some();
        let is_plain = word.first_name == Some(Listed::Plain)
            && (next.surname == Some(Listed::Plain) || (next.surname.is_some() && ends_phrase));

        (capitals && (is_known || is_reversed)) || is_plain
    }

    /// `J. Mercier`.
    fn is_initial(&self, place: usize) -> bool {
        self.words[place].is_capital
            && self.is_dotted(place)
            && self.next(place).is_some_and(|next| {
                let is_surname = self.words[next].is_capital && self.words[next].surname.is_some();
                is_surname || self.is_particle(next)
            })
    }

    /// `le`, `de la`… before a word with a capital, or before a surname when the particle is nothing
    /// else than one.
    fn is_particle(&self, place: usize) -> bool {
        const PARTICLES: [&str; 18] = [
            "de", "du", "des", "d", "le", "la", "les", "van", "von", "der", "den", "ben", "el",
            "al", "da", "dos", "di", "bel",
        ];
        const ALONE: [&str; 9] = ["van", "von", "ben", "el", "al", "da", "dos", "di", "bel"];

        let word = &self.words[place];
        // `N’Diaye`, `O’Connor`.
        let is_prefix = word.folded.len() == 1
            && place + 1 < self.words.len()
            && matches!(self.gap(place), "'" | "’");

        if !is_prefix && !PARTICLES.contains(&word.folded.as_str()) {
            return false;
        }

        self.next(place).is_some_and(|next_place| {
            let next = &self.words[next_place];
            let is_name = next.is_capital && !next.is_sentence_word;
            let is_second =
                word.folded == "de" && next.folded == "la" && self.is_particle(next_place);
            is_name
                || is_second
                || (ALONE.contains(&word.folded.as_str()) && next.surname.is_some())
        })
    }

    /// The place after the last word of the name that begins at `place`.
    fn end(&self, place: usize, cue: Cue) -> usize {
        let mut end = place + 1;
        while end - place < MAX_WORDS && self.is_near(end - 1) && self.continues(end, cue) {
            end += 1;
        }
        end
    }

    fn continues(&self, place: usize, cue: Cue) -> bool {
        let word = &self.words[place];
        if self.is_particle(place) {
            return true;
        }

        let is_plain = [word.first_name, word.surname].contains(&Some(Listed::Plain));
        let is_listed = match cue {
            Cue::Introduces => word.surname.is_some() || word.first_name.is_some(),
            Cue::Title => word.first_name.is_some(),
            _ => false,
        };
        let is_last = word.surname.is_some() && self.ends_phrase(place);
        let is_letter = word.is_capital && self.is_dotted(place);

        is_letter
            || (!word.is_sentence_word && (word.is_capital || is_plain || is_listed || is_last))
    }

    /// True when nothing, or no other word of the phrase, follows.
    fn ends_phrase(&self, place: usize) -> bool {
        let rest = self.text[self.words[place].range.end..].trim_start_matches([' ', '\u{a0}']);
        !rest.starts_with(char::is_alphanumeric)
    }

    /// One letter and its dot.
    fn is_dotted(&self, place: usize) -> bool {
        let word = &self.words[place];
        let has_dot = self.text[word.range.end..].starts_with('.');
        has_dot && word.folded.chars().count() == 1
    }

    /// True when nothing but a space, a hyphen or the dot of an initial follows the word.
    fn is_near(&self, place: usize) -> bool {
        if place + 1 >= self.words.len() {
            return false;
        }
        let is_initial = self.words[place].folded.chars().count() == 1;
        match self.gap(place) {
            " " | "\u{a0}" | "  " | "-" | "'" | "’" => true,
            "." | ". " | ".-" => is_initial,
            _ => false,
        }
    }

    fn next(&self, place: usize) -> Option<usize> {
        self.is_near(place).then_some(place + 1)
    }

    fn gap(&self, place: usize) -> &str {
        &self.text[self.words[place].range.end..self.words[place + 1].range.start]
    }

    fn begins_sentence(&self, place: usize) -> bool {
        let before =
            self.text[..self.words[place].range.start].trim_end_matches([' ', '\u{a0}', '«', '"']);
        before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n', '…', '-', '–', ';'])
    }
}

fn cue(before: &str) -> Cue {
    static INTRODUCES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) (?: \b (?: je | j ) \s? m ['’\s]? \s? app?el+e?s? | \b mon \s+ (?: pr[ée]nom | nom )
                (?: \s+ complet | \s+ de \s+ famille )? \s* (?: est | c['’]est | : )
              | \b (?: nom | pr[ée]nom | nom \s+ et \s+ pr[ée]nom | pr[ée]nom \s+ et \s+ nom | titulaire | abonn[ée]e?
                | cliente? | contact | usag[èe]re? | d[ée]clarante? ) (?: \s+ du \s+ compte )? \s* [:=]
              | \b my \s+ name \s+ is ) \s* $",
        )
    });
    static TITLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x) (?: (?i: \b (?: monsieur | madame | mademoiselle | messieurs | mesdames | mme | mmes | mlle | mr | mrs | dr
                | docteur | ma[îi]tre | professeur ) \.? ) | (?: ^ | [\s,(«] ) (?: M\.? | m\. | MM\. )
              | (?i: \b (?: de \s+ la \s+ part | au \s+ nom | au \s+ nom \s+ et \s+ pour \s+ le \s+ compte | le \s+ compte | l['’]abonnement
                | la \s+ carte | le \s+ badge | le \s+ dossier ) \s+ de | \b sign[ée]e? \s* :? | \b contacte[rz] | \b demande[rz] (?: \s+ à )? ) )
            \s+ $",
        )
    });
    static RELATION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) \b (?: amie? | copine? | copain | fils | fille | mari | femme | [ée]pouse? | [ée]poux | fr[èe]re | s[oœ]e?ur | coll[èe]gue
                | voisine? | conjointe? | compagne | compagnon | p[èe]re | m[èe]re | maman | papa | oncle | tante | cousine? | neveu | ni[èe]ce
                | tuteur | nomm[ée]e? | certaine? | chez | l['’]agent | technicien(?:ne)? | conducteur | conductrice | gardien(?:ne)?
                | pr[ée]nomm[ée]e? | s['’]appelle | petite?[-\s]fil(?:s|le) | coloc(?:ataire)? ) \s* ,? \s* $",
        )
    });
    static LIKELY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) (?: \b (?: je \s+ suis | moi \s+ c['’]est | c['’]est | ici | avec | merci | cordialement | cdt | cdlt | salutations
                | journ[ée]e | soir[ée]e | amicalement | bises | bien \s+ à \s+ vous | svp | bonjour | salut | bonsoir | coucou | appel[ée]
                | et | par | à | de | pour | dixit | demande | dit ) | - | – | — | \n ) [\s,.!;:-]{0,4} $",
        )
    });

    let cues = [
        (&INTRODUCES, Cue::Introduces),
        (&TITLE, Cue::Title),
        (&RELATION, Cue::Relation),
        (&LIKELY, Cue::Likely),
    ];
    let cue = cues
        .into_iter()
        .find(|(pattern, _)| pattern.is_match(before));
    cue.map_or(Cue::Nothing, |(_, cue)| cue)
}

fn words(text: &str) -> Vec<Word> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\p{L}+(?:-\p{L}+)*"));

    let is_shouted = is_shouted(text);
    let words = WORD.find_iter(text).map(|found| {
        let folded = fold(found.as_str());
        Word {
            range: found.range(),
            is_capital: !is_shouted && found.as_str().starts_with(char::is_uppercase),
            first_name: lists::first_name(&folded),
            surname: lists::surname(&folded),
            is_sentence_word: lists::is_sentence_word(&folded),
            folded,
        }
    });
    words.collect()
}

/// Seven letters in ten are capitals: they tell nothing.
fn is_shouted(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let capitals = text.chars().filter(|letter| letter.is_uppercase()).count();
    capitals * 10 > letters * 7
}
