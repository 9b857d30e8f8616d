//! What a machine can check of a section of a document; whether it says the right thing is a
//! person's to judge.

use std::path::Path;

/// Fewer letters than this say nothing.
const LEAST_LETTERS: usize = 40;

/// The first rule that the section at `line` of a Markdown file breaks, in French.
pub(super) fn fault(root: &Path, file: &str, line: usize) -> Option<String> {
    match std::fs::read_to_string(root.join(file)) {
        Ok(text) => broken(root, file, &text, line),
        Err(error) => Some(format!("illisible : {error}")),
    }
}

fn broken(root: &Path, file: &str, text: &str, line: usize) -> Option<String> {
    let section = section(text, line);
    if section
        .iter()
        .map(|line| {
            line.chars()
                .filter(|letter| letter.is_alphanumeric())
                .count()
        })
        .sum::<usize>()
        < LEAST_LETTERS
    {
        return Some("la section est presque vide".to_owned());
    }
    if let Some(image) = section.iter().find(|line| line.contains("![](")) {
        return Some(format!(
            "image sans texte de remplacement : {}",
            image.trim()
        ));
    }
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    let targets = section.iter().flat_map(|line| links(line));
    let mut dead = targets.filter(|target| {
        !target.contains("://") && !target.starts_with(['#', '/']) && !target.starts_with("mailto:")
    });
    dead.find(|target| {
        !root
            .join(folder)
            .join(target.split('#').next().unwrap_or(target))
            .exists()
    })
    .map(|target| format!("lien vers un fichier absent : {target}"))
}

/// The lines below a heading, down to the next of its level.
fn section(text: &str, heading: usize) -> Vec<&str> {
    let mut lines = text.lines().skip(heading.saturating_sub(1));
    let level = lines.next().map_or(1, level).max(1);
    let mut in_code = false;
    let below = lines.take_while(|line| {
        in_code ^= line.trim_start().starts_with("```");
        in_code || !(1..=level).contains(&self::level(line))
    });
    below
        .filter(|line| !line.trim_start().starts_with("<!--"))
        .collect()
}

fn level(line: &str) -> usize {
    let marks = line.chars().take_while(|letter| *letter == '#').count();
    if line[marks..].starts_with(' ') {
        marks
    } else {
        0
    }
}

/// The targets of the links of a line.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split(' ').next().unwrap_or(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, line: usize) -> Option<String> {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("docs")).unwrap();
        std::fs::write(root.path().join("docs/there.md"), "").unwrap();
        std::fs::write(root.path().join("docs/page.md"), text).unwrap();
        fault(root.path(), "docs/page.md", line)
    }

    const PLENTY: &str =
        "Un registre qui nomme chaque traitement, sa finalité, sa base légale et sa durée.\n";

    #[test]
    fn a_section_that_says_something_and_whose_links_lead_somewhere_holds() {
        let text = format!(
            "# Page\n\n## Registre\n\n{PLENTY}Voir [la suite](there.md#a) et [ailleurs](https://example.org).\n"
        );
        assert_eq!(check(&text, 3), None);
    }

    #[test]
    fn an_empty_section_does_not_hold_even_before_a_full_one() {
        let text = format!("## Registre\n\n## Suite\n\n{PLENTY}");
        assert_eq!(check(&text, 1).unwrap(), "la section est presque vide");
    }

    #[test]
    fn a_subsection_is_part_of_its_section_and_a_comment_in_code_is_no_heading() {
        let text = format!("## Registre\n\n```sh\n# commentaire\n```\n\n### Détail\n\n{PLENTY}");
        assert_eq!(check(&text, 1), None);
    }

    #[test]
    fn a_dead_link_and_a_mute_image_are_told() {
        assert_eq!(
            check(&format!("## R\n{PLENTY}[x](absent.md)\n"), 1).unwrap(),
            "lien vers un fichier absent : absent.md"
        );
        assert_eq!(
            check(&format!("## R\n{PLENTY}![](there.md)\n"), 1).unwrap(),
            "image sans texte de remplacement : ![](there.md)"
        );
    }

    #[test]
    fn a_file_that_is_gone_is_told() {
        assert!(
            fault(Path::new("absent"), "a.md", 1)
                .unwrap()
                .starts_with("illisible")
        );
    }
}
