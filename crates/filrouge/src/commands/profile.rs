//! `filrouge profile`: the clean data set described in a page.

use anyhow::Result;
use filrouge_aggregate::DataProfile;

use crate::cli::GlobalArgs;
use crate::print;
use crate::state;

pub(crate) fn run(global: &GlobalArgs) -> Result<()> {
    let clean = state::open(&global.state)?.clean();
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
