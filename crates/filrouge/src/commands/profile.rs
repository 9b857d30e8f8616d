//! `filrouge profile`: the clean data set described in a page.

use anyhow::Result;
use filrouge_aggregate::DataProfile;

use crate::cli::Place;
use crate::print;
use crate::state::State;

pub(crate) fn run(place: &Place) -> Result<()> {
    let clean = State::open(&place.state)?.clean();
    let profile = DataProfile::of(&clean)?;
    profile.write(&clean)?;
    print::line(&format!(
        "{} lignes, {} colonnes décrites dans `{}`",
        profile.rows,
        profile.columns.len(),
        clean.join("profile.html").display()
    ));
    Ok(())
}
