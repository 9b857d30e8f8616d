//! A PostgreSQL server for the length of the test process, in a temporary folder, on a socket that
//! only it knows.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use filrouge_prerequisites as prerequisites;

pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    user: User,
    databases: AtomicUsize,
    /// The server stops when this end of the pipe closes: also when the test process is killed.
    _lifeline: ChildStdin,
}

impl Server {
    /// The server that all the tests share; the test is not played where PostgreSQL is not
    /// installed.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SERVER: OnceLock<Server> = OnceLock::new();
        let programs = find_programs();
        let programs =
            prerequisites::require(programs, "PostgreSQL", "apt-get install postgresql")?;

        Some(SERVER.get_or_init(|| Self::start(programs).unwrap()))
    }

    /// A new database, by its address.
    pub(crate) fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::SeqCst));

        let created = Command::new(self.programs.join("createdb"))
            .args(["--host", &self.folder.display().to_string()])
            .args(["--username", "filrouge", &name])
            .status();
        assert!(created.unwrap().success(), "`{name}` cannot be created");

        self.address(&name)
    }

    /// Stops the server as a fault does, without a word to its clients, and starts it again.
    pub(crate) fn crash_and_start(&self) {
        for action in [&["-m", "immediate", "stop"][..], &["start"]] {
            let mut command = self
                .user
                .command(&self.programs.join("pg_ctl").display().to_string());
            command.arg("-D").arg(self.folder.join("data"));
            command.arg("-l").arg(self.folder.join("log"));
            let options = format!(
                "-k '{}' -c listen_addresses='' -c max_connections=200",
                self.folder.display()
            );
            command
                .args(["-w", "-t", "60", "-o", &options])
                .args(action);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            assert!(command.status().unwrap().success(), "{action:?}");
        }
    }

    fn address(&self, database: &str) -> String {
        format!(
            "postgres:///{database}?host={}&user=filrouge",
            self.folder.display()
        )
    }

    fn start(programs: PathBuf) -> Result<Self, String> {
        let folder = tempfile::tempdir()
            .map_err(|error| error.to_string())?
            .keep();
        let user = unprivileged_user(&folder)?;
        let mut child = user
            .command("sh")
            .args(["-c", SUPERVISOR, "sh"])
            .args([&programs, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut ready = String::new();
        let mut output = child.stdout.take().ok_or("no output")?;
        let mut byte = [0];
        while !ready.ends_with('\n')
            && output.read(&mut byte).map_err(|error| error.to_string())? == 1
        {
            ready.push(char::from(byte[0]));
        }
        let lifeline = child.stdin.take().ok_or("no input")?;
        match ready.as_str() {
            "ready\n" => Ok(Self {
                programs,
                folder,
                user,
                databases: AtomicUsize::new(0),
                _lifeline: lifeline,
            }),
            _ => Err(format!(
                "the server did not start; see {}",
                folder.join("log").display()
            )),
        }
    }
}

/// Makes a cluster, starts its server, says `ready`, waits for the end of its input, stops, cleans
/// up.
const SUPERVISOR: &str = r#"
programs=$1 folder=$2
"$programs/initdb" -D "$folder/data" -U filrouge -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 || exit 1
"$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 \
    -o "-k '$folder' -c listen_addresses='' -c fsync=off -c max_connections=200" start >>"$folder/log" 2>&1 || exit 1
echo ready
cat >/dev/null
"$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1
rm -rf "$folder"
"#;

fn find_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();

    folders
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&path))
        .find(|folder| {
            ["initdb", "pg_ctl", "postgres", "createdb"]
                .iter()
                .all(|program| folder.join(program).is_file())
        })
}

/// Who runs the server: PostgreSQL refuses root.
struct User(Option<u32>);

fn unprivileged_user(folder: &Path) -> Result<User, String> {
    use std::os::unix::fs::{MetadataExt, chown};

    let is_root = std::fs::metadata(folder)
        .map_err(|error| error.to_string())?
        .uid()
        == 0;
    if !is_root {
        return Ok(User(None));
    }

    const NOBODY: u32 = 65534;

    chown(folder, Some(NOBODY), Some(NOBODY)).map_err(|error| error.to_string())?;
    let can = Command::new("setpriv").arg("--version").output().is_ok();
    if can {
        Ok(User(Some(NOBODY)))
    } else {
        Err("setpriv is not installed, and PostgreSQL refuses root".to_owned())
    }
}

impl User {
    fn command(&self, program: &str) -> Command {
        match self.0 {
            None => Command::new(program),
            Some(id) => {
                let mut command = Command::new("setpriv");
                let options = [
                    format!("--reuid={id}"),
                    format!("--regid={id}"),
                    "--clear-groups".to_owned(),
                ];
                command.args(options).args(["--", program]);
                command
            }
        }
    }
}
