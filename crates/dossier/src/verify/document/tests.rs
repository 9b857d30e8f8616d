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
        "# VerificationPage\n\n## Registre\n\n{PLENTY}Voir [la suite](there.md#a) et [ailleurs](https://example.org).\n"
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
