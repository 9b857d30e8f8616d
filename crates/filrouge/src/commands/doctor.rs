//! `filrouge doctor`: what the program lacks on this machine, the damage of the state, and the
//! remedy. What its build needs is told before by the script `doctor`, at the top of the repository.

mod repair;

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use filrouge_model::champion;

use crate::cli::{GlobalArgs, Service};
use crate::{print, progress, project};

/// A check, its result, and the remedy when it will not do.
struct Finding {
    subject: String,
    state: Result<String, String>,
}

/// Prints every finding; fails when one prevents `up` or `cargo test`. With `repair`, mends the
/// state's database first.
pub(crate) async fn run(global: &GlobalArgs, repair: bool) -> Result<()> {
    if repair {
        print::line(&repair::database(global).await?);
    }

    let findings: Vec<Finding> = [
        onnx_runtime(),
        shipped_model(),
        state_folder(&global.state),
        database(&global.state).await,
    ]
    .into_iter()
    .chain(ports(global))
    .collect();

    let rows: Vec<Vec<String>> = findings.iter().map(row).collect();

    print::line(&progress::table(
        &["Sujet", "État", "Constat ou remède"],
        &rows,
    ));
    let missing = findings
        .iter()
        .filter(|finding| finding.state.is_err())
        .count();

    ensure!(
        missing == 0,
        "{missing} point(s) à corriger avant `filrouge up`"
    );

    Ok(())
}

fn row(finding: &Finding) -> Vec<String> {
    let (state, text) = match &finding.state {
        Ok(text) => ("bon", text),
        Err(remedy) => ("à corriger", remedy),
    };
    vec![finding.subject.clone(), state.to_owned(), text.clone()]
}

fn onnx_runtime() -> Finding {
    let state = match filrouge_onnx_runtime::find_runtime(&project::runtime_folder()) {
        Some(path) => Ok(path.display().to_string()),
        // No fault: the first command that needs it installs it.
        None if has_pip() => Ok(format!(
            "sera installé par pip dans {} au premier besoin",
            project::runtime_folder().display()
        )),
        None => Err(
            "absent, et pip manque pour l'installer : lancez `./doctor`, ou donnez ORT_DYLIB_PATH"
                .to_owned(),
        ),
    };

    Finding {
        subject: "ONNX Runtime".to_owned(),
        state,
    }
}

fn has_pip() -> bool {
    Command::new("python3")
        .args(["-m", "pip", "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
}

fn shipped_model() -> Finding {
    let state = champion::folder(&project::shipped_models())
        .map(|folder| folder.display().to_string())
        .map_err(|error| format!("{error} : relancez `git checkout -- models`"));
    Finding {
        subject: "modèle livré".to_owned(),
        state,
    }
}

fn state_folder(state: &Path) -> Finding {
    let writable =
        // Tried for real: rights alone say nothing of a disk that is full or read-only.
        std::fs::create_dir_all(state).and_then(|()| tempfile::NamedTempFile::new_in(state));

    let state = match writable {
        Ok(_) => Ok(format!("{} accepte l'écriture", state.display())),
        Err(error) => Err(format!(
            "{} : {error} ; choisissez un autre dossier avec --state",
            state.display()
        )),
    };

    Finding {
        subject: "dossier d'état".to_owned(),
        state,
    }
}

/// The embedded database; a server's is its own administrator's.
async fn database(state: &Path) -> Finding {
    let path = state.join("filrouge.sqlite");
    let state = match repair::faults(&path).await {
        None => Ok("pas encore de base".to_owned()),
        Some(faults) => match faults.first() {
            None => Ok("intègre".to_owned()),
            Some(first) => Err(format!(
                "endommagée ({first}) : `filrouge doctor --repair` la met de côté et refait ce qui peut l'être"
            )),
        },
    };

    Finding {
        subject: "base de l'état".to_owned(),
        state,
    }
}

fn ports(global: &GlobalArgs) -> impl Iterator<Item = Finding> {
    let (base, listen) = (global.port_base, global.listen);

    [
        Service::Web,
        Service::DataApi,
        Service::ModelApi,
        Service::City,
    ]
    .into_iter()
    .map(move |service| {
        let port = base.saturating_add(service.port_offset());
        let state = match TcpListener::bind((listen, port)) {
            // Tried for real: asking the system for its list would need more rights.
            Ok(_) => Ok("libre".to_owned()),
            Err(error) => Err(format!(
                "{error} ; arrêtez ce qui l'occupe ou décalez tout avec --port-base"
            )),
        };

        Finding {
            subject: format!("port {port} ({})", service.name()),
            state,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_comes_with_its_remedy() {
        let taken = TcpListener::bind((GlobalArgs::LOCAL, 0)).unwrap();
        let global = GlobalArgs {
            port_base: taken.local_addr().unwrap().port(),
            ..GlobalArgs::of("var".into())
        };
        let web = ports(&global).next().unwrap();
        assert!(web.state.unwrap_err().contains("--port-base"));
    }

    #[test]
    fn a_state_folder_that_cannot_be_written_comes_with_its_remedy() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let finding = state_folder(&file.path().join("state"));
        assert!(finding.state.unwrap_err().contains("--state"));
    }
}
