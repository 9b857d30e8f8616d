use std::fs;
use std::process::Command;

use filrouge_prerequisites as prerequisites;
use proptest::prelude::*;
use tar::{Builder, EntryType, Header};
use tempfile::TempDir;

use super::*;

/// A folder with a pair of keys, as `minisign -G -W` writes them.
struct Workshop {
    folder: TempDir,
    signer: Signer,
    key: TrustedKey,
}

impl Workshop {
    /// Nothing without the tool that signs: the test is then not played.
    fn new() -> Option<Self> {
        let minisign = prerequisites::program("minisign", "apt-get install minisign")?;
        let folder = tempfile::tempdir().unwrap();
        let (secret, public) = (folder.path().join("key"), folder.path().join("key.pub"));
        let mut minisign = Command::new(minisign);
        minisign.args(["-G", "-W", "-s"]).arg(&secret);
        let output = minisign.arg("-p").arg(&public).output().unwrap();
        assert!(output.status.success(), "{output:?}");

        Some(Self {
            signer: Signer::new(secret),
            key: TrustedKey::read(&public).unwrap(),
            folder,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// An archive with any content, rightly signed.
    fn signed(&self, archive: &[u8]) -> PathBuf {
        let path = self.path("any.tar");
        fs::write(&path, archive).unwrap();
        let signature = self.signer.sign(archive, "a test").unwrap();
        fs::write(beside(&path, "minisig"), signature).unwrap();
        path
    }

    /// Version `v1`, signed.
    fn written(&self) -> PathBuf {
        let path = self.path("v1.tar");
        release("v1").write(&path, &self.signer).unwrap();
        path
    }
}

fn parts(version: &str) -> BTreeMap<String, Vec<u8>> {
    let content = |name: &str| match name {
        "model.json" => format!(r#"{{"version":"{version}"}}"#).into_bytes(),
        other => other.as_bytes().to_vec(),
    };
    PARTS
        .iter()
        .map(|name| ((*name).to_owned(), content(name)))
        .collect()
}

fn release(version: &str) -> ModelRelease {
    ModelRelease::new(parts(version)).unwrap()
}

/// A tar of one entry of any kind and name, beside the parts of a release.
fn tar_with(kind: EntryType, name: &str) -> Vec<u8> {
    let mut archive = Builder::new(Vec::new());
    for (name, content) in parts("v1") {
        let mut header = Header::new_ustar();
        header.set_size(content.len() as u64);
        archive
            .append_data(&mut header, name, content.as_slice())
            .unwrap();
    }

    let mut header = Header::new_ustar();
    // The library refuses to write such a name: it goes to the header itself.
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(0);
    header.set_cksum();
    archive.append(&header, [].as_slice()).unwrap();
    archive.into_inner().unwrap()
}

// Preuve: C13.5 l’archive d’une version : la même version donne les mêmes octets, et l’outil public minisign vérifie sa signature
#[test]
fn the_same_version_gives_the_same_archive_and_the_public_tool_verifies_it() {
    let Some(workshop) = Workshop::new() else {
        return;
    };
    let (first, again) = (workshop.written(), workshop.path("again.tar"));
    release("v1").write(&again, &workshop.signer).unwrap();
    assert_eq!(fs::read(&first).unwrap(), fs::read(&again).unwrap());

    let sum = fs::read_to_string(beside(&first, "sha256")).unwrap();
    let hash = format!("{:x}", Sha256::digest(fs::read(&first).unwrap()));
    assert_eq!(sum, format!("{hash}  v1.tar\n"));

    let mut minisign = Command::new("minisign");
    minisign.arg("-Vm").arg(&first);
    minisign.arg("-p").arg(workshop.path("key.pub"));
    let output = minisign.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("filrouge model v1"), "{told}");
}

#[test]
fn keys_that_are_none_are_told() {
    let Some(workshop) = Workshop::new() else {
        return;
    };
    let (absent, public) = (workshop.path("absent"), workshop.path("key.pub"));

    let error = TrustedKey::read(&workshop.path("key")).unwrap_err();
    assert!(error.to_string().contains("is not a public key"), "{error}");
    let error = TrustedKey::read(&absent).unwrap_err();
    assert!(error.to_string().contains("absent"), "{error}");

    for secret in [absent, public] {
        let archive = workshop.path("v1.tar");
        let signer = Signer::new(secret);
        let error = release("v1").write(&archive, &signer).unwrap_err();
        assert!(error.to_string().contains("nothing was signed"), "{error}");
        assert!(!archive.exists());
    }
}

// Preuve: C13.5 une archive non signée, altérée, signée par une autre clé ou trop grande est refusée, et rien n’est installé
#[test]
fn what_is_not_what_the_key_signed_is_refused() {
    type Spoil = fn(&Path);
    let cases: [(&str, Spoil, &str); 6] = [
        (
            "unsigned",
            |path| fs::remove_file(beside(path, "minisig")).unwrap(),
            "is not signed",
        ),
        (
            "altered",
            |path| {
                let mut archive = fs::read(path).unwrap();
                archive[600] ^= 1;
                fs::write(path, archive).unwrap();
            },
            "is not what the trusted key signed",
        ),
        (
            "cut",
            |path| fs::write(path, &fs::read(path).unwrap()[..1000]).unwrap(),
            "is not what the trusted key signed",
        ),
        (
            "another key",
            |path| {
                release("v1")
                    .write(path, &Workshop::new().unwrap().signer)
                    .unwrap();
            },
            "is not what the trusted key signed",
        ),
        (
            "no signature",
            |path| fs::write(beside(path, "minisig"), "trust me").unwrap(),
            "is not what the trusted key signed",
        ),
        (
            "too big",
            |path| {
                let file = fs::File::create(path).unwrap();
                file.set_len(archive::MOST_BYTES + 1).unwrap();
            },
            "more than 67108864 bytes",
        ),
    ];

    for (name, spoil, expected) in cases {
        let Some(workshop) = Workshop::new() else {
            return;
        };
        let archive = workshop.written();
        spoil(&archive);

        let models = workshop.path("models");
        let error = ModelRelease::install(&archive, &workshop.key, &models).unwrap_err();
        assert!(error.to_string().contains(expected), "{name}: {error}");
        assert!(!models.exists(), "{name}");
    }
}

#[test]
fn a_signed_archive_that_is_no_release_is_refused() {
    let mut short = parts("v1");
    short.remove("gate.json");
    let mut long = parts("v1");
    long.insert("notes.txt".to_owned(), Vec::new());
    let cases = [
        (tar_with(EntryType::Regular, "../evil"), "lead out of"),
        (tar_with(EntryType::Regular, "/etc/evil"), "lead out of"),
        (tar_with(EntryType::Regular, ".bashrc"), "lead out of"),
        (tar_with(EntryType::Symlink, "link"), "is not a file"),
        (tar_with(EntryType::Directory, "folder"), "is not a file"),
        (tar_with(EntryType::Regular, "model.json"), "there twice"),
        (tar_with(EntryType::Regular, "notes.txt"), "no part of"),
        (archive::pack(&short), "`gate.json` is missing"),
        (archive::pack(&long), "`notes.txt` is no part"),
        (archive::pack(&parts("../v1")), "names no version"),
        (vec![7; 2000], "is not a release"),
        (Vec::new(), "is missing"),
    ];

    let Some(workshop) = Workshop::new() else {
        return;
    };
    for (archive, expected) in cases {
        let path = workshop.signed(&archive);
        let error = ModelRelease::verify(&path, &workshop.key).unwrap_err();
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}

#[test]
fn a_version_is_installed_whole_once_and_never_over_another() {
    let Some(workshop) = Workshop::new() else {
        return;
    };
    let (archive, models) = (workshop.written(), workshop.path("models"));

    let install = |archive: &Path| ModelRelease::install(archive, &workshop.key, &models);
    assert_eq!(install(&archive).unwrap(), release("v1"));
    assert_eq!(install(&archive).unwrap(), release("v1"), "again");

    let mut names: Vec<_> = fs::read_dir(models.join("v1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut expected = PARTS.map(str::to_owned).to_vec();
    expected.extend(["release.tar", "release.tar.minisig"].map(str::to_owned));
    expected.sort();
    assert_eq!(names, expected);
    assert_eq!(fs::read_dir(&models).unwrap().count(), 1, "no draft");

    let mut other = parts("v1");
    other.insert("gate.json".to_owned(), b"another".to_vec());
    let other = ModelRelease::new(other).unwrap();
    let path = workshop.path("other.tar");
    other.write(&path, &workshop.signer).unwrap();
    let refusals = [
        install(&path).unwrap_err(),
        other.write(&archive, &workshop.signer).unwrap_err(),
    ];
    for error in refusals {
        assert!(matches!(error, ReleaseError::Occupied { .. }), "{error}");
    }
    assert_eq!(
        ModelRelease::of_folder(&models.join("v1"), &workshop.key).unwrap(),
        release("v1")
    );
}

#[test]
fn an_installed_version_that_was_altered_or_renamed_is_refused() {
    type Spoil = fn(&Path);
    let cases: [(Spoil, &str); 4] = [
        (
            |folder| fs::write(folder.join("model.onnx"), "another").unwrap(),
            "model.onnx` is not the file that was signed",
        ),
        (
            |folder| fs::remove_file(folder.join("MODEL_CARD.md")).unwrap(),
            "cannot read",
        ),
        (
            |folder| fs::remove_file(folder.join("release.tar.minisig")).unwrap(),
            "is not signed",
        ),
        (
            |folder| {
                fs::remove_file(folder.join("release.tar")).unwrap();
            },
            "cannot read",
        ),
    ];

    for (spoil, expected) in cases {
        let Some(workshop) = Workshop::new() else {
            return;
        };
        let models = workshop.path("models");
        ModelRelease::install(&workshop.written(), &workshop.key, &models).unwrap();
        spoil(&models.join("v1"));
        let error = ModelRelease::of_folder(&models.join("v1"), &workshop.key).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }

    let Some(workshop) = Workshop::new() else {
        return;
    };
    let models = workshop.path("models");
    ModelRelease::install(&workshop.written(), &workshop.key, &models).unwrap();
    // An older version, well signed, under the name of a newer one.
    fs::rename(models.join("v1"), models.join("v2")).unwrap();
    let error = ModelRelease::of_folder(&models.join("v2"), &workshop.key).unwrap_err();
    assert!(error.to_string().contains("holds version `v1`"), "{error}");
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let _ = archive::unpack(&bytes);
    }
}
