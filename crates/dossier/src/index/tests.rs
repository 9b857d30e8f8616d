use std::process::Command;

use filrouge_prerequisites as prerequisites;

use super::*;

/// A repository with one file; the test is not played without git.
fn repository(file: &str, text: &str) -> Option<tempfile::TempDir> {
    let git = prerequisites::program("git", "apt-get install git")?;
    let folder = tempfile::tempdir().unwrap();

    assert!(
        Command::new(git)
            .args(["init", "-q"])
            .current_dir(&folder)
            .status()
            .unwrap()
            .success()
    );

    std::fs::create_dir_all(folder.path().join("docs")).unwrap();
    std::fs::create_dir_all(folder.path().join("data/referential")).unwrap();
    std::fs::write(folder.path().join(file), text).unwrap();

    Some(folder)
}

/// A page that was written.
fn page(folder: &tempfile::TempDir, name: &str) -> String {
    let path = folder.path().join(FOLDER).join(format!("{name}.md"));
    std::fs::read_to_string(path).unwrap()
}

fn referential() -> Referential {
    Referential::load().unwrap()
}

#[test]
fn a_proof_is_on_the_page_with_a_link_to_its_file() {
    let Some(folder) = repository(
        "a.rs",
        "// Preuve: C5.4 accès refusé\n#[test]\nfn refused() {}\n",
    ) else {
        return;
    };
    let index = write(folder.path(), &referential()).unwrap();
    assert_eq!(index.without_proof(&referential()).count(), 141);
    let page = page(&folder, "E1");
    assert!(
        page.contains(
            "**Preuve principale** : accès refusé : test `refused`, [a.rs](../../a.rs)\n"
        ),
        "{page}"
    );
}

#[test]
fn the_principal_proof_stands_first_with_its_code_and_the_others_are_a_list() {
    let Some(folder) = repository(
        "a.rs",
        "// Preuve: C5.4 quotas\nfn a() {}\n\n// Preuve principale: C5.4 accès refusé [code : a.rs#b]\n#[test]\nfn b() {}\n",
    ) else {
        return;
    };
    write(folder.path(), &referential()).unwrap();

    let page = page(&folder, "E1");

    let expected = "### C5.4 L'accès aux données est réellement restreint\n\n\
        **Preuve principale** : accès refusé : test `b`, [a.rs](../../a.rs) ; code : `b`, [a.rs](../../a.rs)\n\n\
        Autres preuves :\n\n- quotas : `a`, [a.rs](../../a.rs)\n";
    assert!(page.contains(expected), "{page}");
    let contents = "  - [C5.4 L'accès aux données est réellement restreint](#c54-laccès-aux-données-est-réellement-restreint)\n";
    assert!(page.contains(contents), "{page}");
}

#[test]
fn the_table_follows_the_order_of_the_oral() {
    let Some(folder) = repository("a.rs", "// Preuve: C9.1 accès refusé\nfn a() {}\n") else {
        return;
    };
    write(folder.path(), &referential()).unwrap();

    let table = page(&folder, "README");

    let rows: Vec<_> = table
        .lines()
        .filter(|line| line.starts_with("| ["))
        .collect();
    assert_eq!(
        rows[0],
        "| [E1, mise en situation 1](E1.md) | C1, C2, C3, C4, C5 | 0 sur 28 |"
    );
    assert_eq!(
        rows[1],
        "| [E3, mise en situation 2](E3.md) | C9, C10, C11, C12, C13 | 1 sur 44 |"
    );
    let order: Vec<_> = rows.iter().map(|row| &row[3..5]).collect();
    assert_eq!(order, ["E1", "E3", "E4", "E2", "E5"]);
}

#[test]
fn a_proof_of_a_document_is_linked_by_its_heading() {
    let Some(folder) = repository(
        "docs/api.md",
        "# L'API\n\n<!-- Preuve: C5.4 ce que `refus` veut dire -->\n## Accès : `401`\n",
    ) else {
        return;
    };
    write(folder.path(), &referential()).unwrap();
    let page = page(&folder, "E1");
    assert!(
        page.contains("[docs/api.md](../../docs/api.md#accès--401)\n"),
        "{page}"
    );
}

#[test]
fn a_fresh_page_passes_the_check_and_a_stale_one_fails() {
    let Some(folder) = repository("a.rs", "// Preuve: C5.4 accès refusé\nfn refused() {}\n")
    else {
        return;
    };
    write(folder.path(), &referential()).unwrap();
    check(folder.path(), &referential()).unwrap();
    std::fs::write(
        folder.path().join("a.rs"),
        "// Preuve: C5.4 accès fermé\nfn refused() {}\n",
    )
    .unwrap();

    let error = check(folder.path(), &referential()).unwrap_err();

    assert_eq!(
        error.to_string(),
        "docs/preuves/E1.md n'est plus à jour : lancer `cargo xtask regenerate`"
    );
}

#[test]
fn a_page_stays_fresh_when_a_line_moves() {
    let proof = "// Preuve: C5.4 accès refusé\nfn refused() {}\n";
    let Some(folder) = repository("a.rs", proof) else {
        return;
    };
    write(folder.path(), &referential()).unwrap();

    std::fs::write(folder.path().join("a.rs"), format!("//! Above.\n\n{proof}")).unwrap();

    check(folder.path(), &referential()).unwrap();
}

#[test]
fn an_unknown_criterion_fails_the_check() {
    let Some(folder) = repository("a.rs", "// Preuve: C5.9 accès refusé\nfn refused() {}\n")
    else {
        return;
    };
    let error = check(folder.path(), &referential()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.rs:2: le critère « C5.9 » n'existe pas dans le référentiel"
    );
}

#[test]
fn the_number_of_criteria_without_a_proof_cannot_grow() {
    let Some(folder) = repository("a.rs", "// Preuve: C5.4 accès refusé\nfn refused() {}\n")
    else {
        return;
    };
    write(folder.path(), &referential()).unwrap();
    std::fs::write(folder.path().join("a.rs"), "fn refused() {}\n").unwrap();
    let error = write(folder.path(), &referential()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "142 critères sans preuve, contre 141 auparavant : ce nombre ne peut que baisser"
    );
}

#[test]
fn a_folder_that_is_no_repository_is_said_to_be_none() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let error = Index::gather(folder.path(), &referential()).unwrap_err();
    assert!(
        error.to_string().contains("n'est pas un dépôt git"),
        "{error}"
    );
}

#[test]
fn a_command_that_the_tree_does_not_hold_fails_the_check() {
    let commands = [
        "./install",
        "cargo frobnicate",
        "npm run reports --prefix web",
    ];
    for command in commands {
        let Some(folder) = repository(
            "a.rs",
            &format!("// Preuve: C4.4 rejouée [commande : {command}]\nfn f() {{}}\n"),
        ) else {
            return;
        };
        let error = check(folder.path(), &referential())
            .unwrap_err()
            .to_string();

        let expected = format!(
            "a.rs:2: la commande « {command} » n'est ni un fichier du dépôt, ni une commande de cargo"
        );
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn a_command_of_the_tree_of_cargo_or_of_npm_is_a_proof() {
    let Some(folder) = repository("install", "#!/bin/sh\n") else {
        return;
    };
    std::fs::create_dir_all(folder.path().join(".cargo")).unwrap();
    std::fs::write(
        folder.path().join(".cargo/config.toml"),
        "[alias]\ndossier = \"run\"\n",
    )
    .unwrap();

    std::fs::write(
        folder.path().join("package.json"),
        "{\"scripts\": {\"reports\": \"x\"}}",
    )
    .unwrap();

    for command in [
        "./install",
        "cargo dossier grid .",
        "cargo test",
        "npm run reports --prefix .",
    ] {
        let text = format!("// Preuve: C4.4 rejouée [commande : {command}]\nfn f() {{}}\n");
        std::fs::write(folder.path().join("a.rs"), text).unwrap();

        assert_eq!(
            Index::gather(folder.path(), &referential())
                .unwrap()
                .mistakes,
            [],
            "{command}"
        );
    }
}

#[test]
fn an_anchor_that_leads_nowhere_fails_the_check() {
    let Some(folder) = repository("rgpd.md", "# Registre des traitements, à jour\n") else {
        return;
    };
    let reason = |place: &str| {
        let text = format!("// Preuve: C4.8 le registre [voir : {place}]\nfn f() {{}}\n");
        std::fs::write(folder.path().join("a.rs"), text).unwrap();
        let index = Index::gather(folder.path(), &referential()).unwrap();
        index
            .mistakes
            .into_iter()
            .map(|mistake| mistake.reason)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        reason("rgpd.md#registre-des-traitements-à-jour"),
        Vec::<String>::new()
    );
    assert_eq!(
        reason("rgpd.md#tri"),
        ["le document « rgpd.md » n'a pas de section « tri »"]
    );
    assert_eq!(
        reason("absent.md"),
        ["le document « absent.md » n'existe pas"]
    );
}

#[test]
fn code_that_the_tree_does_not_hold_fails_the_check() {
    let Some(folder) = repository("token.rs", "pub struct Verifier;\n") else {
        return;
    };
    let reasons = |place: &str| {
        let text = format!("// Preuve: C5.4 accès refusé [code : {place}]\nfn f() {{}}\n");
        std::fs::write(folder.path().join("a.rs"), text).unwrap();
        let index = Index::gather(folder.path(), &referential()).unwrap();
        let reasons = index.mistakes.into_iter().map(|mistake| mistake.reason);
        reasons.collect::<Vec<_>>()
    };

    assert_eq!(reasons("token.rs#Verifier"), [""; 0]);
    assert_eq!(
        reasons("token.rs#Signer"),
        ["le fichier « token.rs » ne définit pas « Signer »"]
    );
    assert_eq!(
        reasons("absent.rs#Verifier"),
        ["le fichier de code « absent.rs » n'existe pas"]
    );
}

#[test]
fn the_principal_proof_comes_first_and_is_the_only_one_of_its_kind() {
    let text = "// Preuve: C5.4 quotas\nfn a() {}\n\n// Preuve principale: C5.4 accès refusé\nfn b() {}\n\n\
                // Preuve: C5.3 document valide\nfn c() {}\n";
    let Some(folder) = repository("a.rs", text) else {
        return;
    };
    let referential = referential();
    let criterion = |id: &str| referential.criteria().find(|one| one.id == id).unwrap();

    let index = Index::gather(folder.path(), &referential).unwrap();
    let claims: Vec<_> = index
        .of(criterion("C5.4"))
        .map(|proof| &proof.claim)
        .collect();
    assert_eq!(claims, ["accès refusé", "quotas"]);
    assert_eq!(
        index.principal(criterion("C5.4")).unwrap().claim,
        "accès refusé"
    );
    // The only one needs no word to be the first.
    assert_eq!(
        index.principal(criterion("C5.3")).unwrap().claim,
        "document valide"
    );
    assert_eq!(index.without_principal(&referential).count(), 0);

    let none = text.replace("Preuve principale", "Preuve");
    std::fs::write(folder.path().join("a.rs"), none).unwrap();
    let index = Index::gather(folder.path(), &referential).unwrap();
    let missing: Vec<_> = index
        .without_principal(&referential)
        .map(|one| &one.id)
        .collect();
    assert_eq!(missing, ["C5.4"]);
    let error = check(folder.path(), &referential).unwrap_err();
    assert_eq!(
        error.to_string(),
        "plusieurs preuves, aucune principale (`Preuve principale:`) : C5.4"
    );

    let two = text.replace("Preuve: C5.4", "Preuve principale: C5.4");
    std::fs::write(folder.path().join("a.rs"), two).unwrap();
    let error = check(folder.path(), &referential).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.rs:5: C5.4 a déjà une preuve principale"
    );
}
