//! Words that announce a bike, a station or a place, whose numbers and names stay.

use std::sync::LazyLock;

use regex::Regex;

use super::context::before;
use crate::text::pattern;

/// A kind of place, the small words and titles that may follow it, then the place of the name.
const PLACE_WORDS: &str = r"(?ix)
    \b (?: rues? | r\. | avenues? | av\.? | ave | boulevards? | bd\.? | bld | boul\.? | places? | pl\.?
         | quais? | cours | all[ée]es? | impasse | chemin | route | square | passage | esplanade
         | promenade | ponts? | pont | gares? | parvis | arr[êe]ts? | stations? | bornes? | m[ée]tro
         | tram(?:way)? | bus | lyc[ée]e | [ée]cole | coll[èe]ge | h[ôo]pital | clinique | parc | parking
         | jardin | stade | gymnase | piscine | th[ée][âa]tre | m[ée]diath[èe]que | biblioth[èe]que
         | mus[ée]e | cin[ée]ma | universit[ée] | fac(?:ult[ée])? | campus | centre | quartier | r[ée]sidence
         | tour | porte | rond-point | carrefour | angle | direction | terminus | march[ée] | [ée]glise
         | cath[ée]drale | halles? | mairie | espace | salle | maison | tunnel | passerelle | berges? | zac )
    (?: \s+ (?: de | du | des | d | la | le | les | l | et | saint | sainte | st | ste | g[ée]n[ée]ral
         | mar[ée]chal | docteur | dr | pr[ée]sident | capitaine | colonel | commandant | professeur | abb[ée] | : )
       | \s* ['’] )* \s* (?:\bd['’]|\bl['’]|[«“:]|(?:\p{Lu}[\p{L}-]*\s+){0,2})? \s* $";

/// True when the words before `place` announce the number of a bike, of a station or of a dock.
pub(super) fn announces_equipment(text: &str, place: usize) -> bool {
    static EQUIPMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            \b (?: v[ée]los? | velo[a-z]* | bicyclettes? | bikes? | vae | vls | vlr | stations? | bornes?
                 | docks? | bornettes? | points? | emplacements? | attaches? | plots? )
            (?: \s+ (?: num[ée]ros? | num | nr | no | est | le | la ) )? \s* [-:\#n°º.(]* \s* $",
        )
    });
    EQUIPMENT.is_match(before(text, place))
}

/// True when a number at `place` counts something else: a time, a line, a length of time.
pub(super) fn announces_count(text: &str, place: usize) -> bool {
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)(?:\d\s*[h:.,]\s*|\b(?:lignes?|bus|tram|m[ée]tro|quai|voie|sortie)\s+)$")
    });
    COUNT.is_match(before(text, place))
}

/// True when the words before `place` make the name there that of a street, a station or a building.
pub(super) fn announces_place(text: &str, place: usize) -> bool {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(PLACE_WORDS));
    PLACE.is_match(before(text, place))
}
