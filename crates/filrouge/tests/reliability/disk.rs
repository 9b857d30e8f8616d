//! A real disk that is full, then has room again: a small file system in memory.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use filrouge_prerequisites::require;

use crate::program::Program;
use crate::service::{Served, check, free_ports};
use crate::state::fill;

/// The state of a program, on a file system of its own; unmounted when dropped.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None where this user may not mount.
    pub(crate) fn under(program: &Program, mebibytes: u32) -> Option<Self> {
        let state = program.state();
        fs::create_dir_all(&state).unwrap();
        let size = format!("size={mebibytes}m");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(&state)
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());

        require(
            mounted.then_some(Self(state)),
            "the right to mount a file system",
            "run the tests as root, or under `unshare --user --map-root-user --mount`",
        )
    }

    fn remount(&self, mode: &str) {
        let options = format!("remount,{mode}");
        let status = Command::new("mount")
            .args(["-o", &options])
            .arg(&self.0)
            .status();
        assert!(status.unwrap().success());
    }

    /// Leaves not a byte.
    pub(crate) fn fill(&self) -> PathBuf {
        let path = self.0.join("filler");
        let mut file = File::create(&path).unwrap();
        while file.write(&[0; 4096]).is_ok_and(|written| written > 0) {}
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

// Preuve: C21.2 disque plein, reproduit en développement sur un vrai système de fichiers : le service le dit, continue de lire, et écrit de nouveau dès qu’il a de la place
#[test]
fn a_full_disk_is_told_and_writing_comes_back_with_the_space() {
    let program = Program::new();
    let Some(disk) = SmallDisk::under(&program, 32) else {
        return;
    };
    fill(&program);
    program.succeed(&["import"]);
    let served = Served::start(&program, "data-api", free_ports());
    served.until(200);

    let filler = disk.fill();
    let body = served.until(503);
    assert_eq!(
        (check(&body, "read"), check(&body, "write")),
        (&"ok".into(), &"failed".into())
    );

    fs::remove_file(filler).unwrap();
    let body = served.until(200);
    assert_eq!(check(&body, "write"), "ok");
}

#[test]
fn a_read_only_state_is_refused_by_its_name() {
    let program = Program::new();
    let Some(disk) = SmallDisk::under(&program, 32) else {
        return;
    };
    fill(&program);
    disk.remount("ro");

    let told = program.fail(&["import"]);

    assert!(told.contains(text(&program.state())), "{told}");
    disk.remount("rw");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
