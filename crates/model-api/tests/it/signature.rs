use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use filrouge_artifacts::{ModelRelease, PARTS, Signer, TrustedKey};
use filrouge_prerequisites as prerequisites;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Service, this_hour};

/// A service that trusts one key, and that key.
struct Signed {
    service: Service,
    signer: Signer,
    key: TrustedKey,
    releases: TempDir,
}

impl Signed {
    /// Version `v1`, signed, is in service; nothing without the tool that signs.
    async fn ready() -> Option<Self> {
        let minisign = prerequisites::program("minisign", "apt-get install minisign")?;
        let releases = TempDir::new().unwrap();
        let (secret, public) = (releases.path().join("key"), releases.path().join("key.pub"));
        let mut minisign = Command::new(minisign);
        minisign.args(["-G", "-W", "-s"]).arg(&secret);
        let output = minisign.arg("-p").arg(&public).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let (signer, key) = (Signer::new(secret), TrustedKey::read(&public).unwrap());

        let signed = Self {
            service: Service::trusting(key.clone()).await,
            signer,
            key,
            releases,
        };
        signed.install("v1");
        signed.name("v1");
        assert!(signed.service.api.reload().await.unwrap());
        assert!(signed.service.api.refresh().await.unwrap());
        Some(signed)
    }

    /// Packages a good version elsewhere, signs it, and installs it among those of the service.
    fn install(&self, version: &str) {
        let workshop = TempDir::new().unwrap();
        self.service.write(version);
        let written = self.service.folder(version);
        let parts = PARTS.map(|name| {
            let content = fs::read(written.join(name)).unwrap_or_default();
            (name.to_owned(), content)
        });
        fs::rename(&written, workshop.path().join(version)).unwrap();

        let archive = self.releases.path().join(format!("{version}.tar"));
        let release = ModelRelease::new(BTreeMap::from(parts)).unwrap();
        release.write(&archive, &self.signer).unwrap();
        ModelRelease::install(&archive, &self.key, self.service.models.path()).unwrap();
    }

    fn name(&self, version: &str) {
        filrouge_model::champion::promote(self.service.models.path(), version).unwrap();
    }

    async fn answers(&self) -> String {
        let answer = self.service.predict(&[("A", this_hour())]).await;
        answer.json()["model_version"].as_str().unwrap().to_owned()
    }

    async fn promote(&self, version: &str) -> u16 {
        let body = json!({ "version": version }).to_string();
        let answer = self.service.post_as("admin", "/v1/admin/promotions", body);
        answer.await.status.as_u16()
    }
}

// Preuve: C13.5 une version que la clé n’a pas signée, ou altérée depuis, n’entre pas en service : la dernière bonne répond, et une alarme sonne
#[tokio::test]
async fn only_what_the_key_signed_serves_and_the_last_good_goes_on() {
    type Spoil = fn(&Signed);
    let cases: [(&str, Spoil); 4] = [
        ("unsigned", |signed| signed.service.write("v2")),
        ("altered", |signed| {
            signed.install("v2");
            // Another model, whose description is right.
            signed.service.write_feature("v2", "hour_of_day");
        }),
        ("without its card", |signed| {
            signed.install("v2");
            fs::remove_file(signed.service.folder("v2").join("MODEL_CARD.md")).unwrap();
        }),
        ("an older one renamed", |signed| {
            let (old, new) = (signed.service.folder("v1"), signed.service.folder("v2"));
            copy_folder(&old, &new);
        }),
    ];

    for (name, spoil) in cases {
        let Some(signed) = Signed::ready().await else {
            return;
        };
        spoil(&signed);

        assert_eq!(signed.promote("v2").await, 409, "{name}");
        let canary = json!({"version": "v2"}).to_string();
        let canary = signed.service.post_as("admin", "/v1/admin/canary", canary);
        assert_eq!(canary.await.status, 409, "{name}");
        assert_eq!(signed.answers().await, "v1", "{name}");

        // Named behind the service's back, by a command or by hand.
        signed.name("v2");
        signed.service.api.reload().await.unwrap_err();
        assert_eq!(signed.answers().await, "v1", "{name}");
        let alarm = signed.service.metric("model_champion_unusable").await;
        assert_eq!(alarm, 1.0, "{name}");

        signed.install("v3");
        assert_eq!(signed.promote("v3").await, 200, "{name}");
        let alarm = signed.service.metric("model_champion_unusable").await;
        assert_eq!((signed.answers().await.as_str(), alarm), ("v3", 0.0));
    }
}

#[tokio::test]
async fn a_version_altered_while_it_serves_goes_on_and_is_refused_at_the_next_start() {
    let Some(signed) = Signed::ready().await else {
        return;
    };
    assert_eq!(signed.service.metric("model_signature_required").await, 1.0);
    let onnx = signed.service.folder("v1").join("model.onnx");
    fs::write(&onnx, b"another model").unwrap();

    assert!(!signed.service.api.reload().await.unwrap());
    assert_eq!(signed.answers().await, "v1", "it is in memory");
    let refused = ModelRelease::of_folder(&signed.service.folder("v1"), &signed.key);
    assert!(refused.is_err());
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
