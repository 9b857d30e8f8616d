//! Servers of Spark Connect for one test: on loopback, on ports of their own, ended with the test.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use filrouge_lake::QueryEngine;
use filrouge_prerequisites as prerequisites;

/// Names a Python that has `pysail` and `pyspark`.
const PYTHON: &str = "FILROUGE_SPARK_PYTHON";

const BRINGS: &str =
    ".ci/install && export FILROUGE_SPARK_PYTHON=~/.cache/filrouge/spark/bin/python";

/// A server takes this long to start at most, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

pub(crate) struct Server {
    process: Child,
    port: u16,
    /// Of the REST API of Apache Spark.
    status_port: u16,
}

impl Server {
    /// Sail as a cluster of a driver and two workers; none where the machine lacks it.
    pub(crate) fn sail() -> Option<Self> {
        let program = python("pysail")?.with_file_name("sail");
        let port = free_port();
        let mut command = Command::new(program);
        command
            .args(["spark", "server", "--port", &port.to_string()])
            .env("SAIL_MODE", "local-cluster");
        command
            .env("SAIL_CLUSTER__WORKER_INITIAL_COUNT", "2")
            .env("SAIL_CLUSTER__WORKER_MAX_COUNT", "2");
        Some(Self::start(command, port, 0))
    }

    /// Apache Spark with two executors, processes of their own; none where the machine
    /// lacks it.
    pub(crate) fn apache_spark(folder: &Path) -> Option<Self> {
        let home = home_of_spark(&python("pyspark")?)?;
        let (port, status_port) = (free_port(), free_port());
        let mut command = Command::new(home.join("bin/spark-submit"));
        command
            .env("SPARK_HOME", &home)
            .env("SPARK_LOCAL_IP", "127.0.0.1")
            .current_dir(folder);
        command.args([
            "--master",
            "local-cluster[2,1,1024]",
            "--driver-memory",
            "1g",
        ]);
        for setting in [
            format!("spark.connect.grpc.binding.port={port}"),
            format!("spark.ui.port={status_port}"),
            "spark.driver.host=127.0.0.1".to_owned(),
            // The lake of a test is small: cut it all the same, so that each executor has its
            // share.
            "spark.sql.files.maxPartitionBytes=16k".to_owned(),
            "spark.sql.files.openCostInBytes=0".to_owned(),
        ] {
            command.args(["--conf", &setting]);
        }
        command.args([
            "--class",
            "org.apache.spark.sql.connect.service.SparkConnectServer",
            "spark-internal",
        ]);
        let server = Self::start(command, port, status_port);
        server.wait_for("two executors", || {
            (server.executors().len() == 2).then_some(())
        });
        Some(server)
    }

    fn start(mut command: Command, port: u16, status_port: u16) -> Self {
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();

        let server = Self {
            process,
            port,
            status_port,
        };

        server.wait_for("a server that listens", || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
        });

        server
    }

    fn wait_for<T>(&self, what: &str, seen: impl Fn() -> Option<T>) -> T {
        let started = Instant::now();
        loop {
            if let Some(found) = seen() {
                return found;
            }
            assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
            sleep(Duration::from_millis(200));
        }
    }

    pub(crate) fn engine(&self) -> QueryEngine {
        QueryEngine::SparkConnect(format!("sc://127.0.0.1:{}", self.port))
    }

    /// How many tasks each executor ended, as Spark's own REST API tells.
    pub(crate) fn tasks_of_executors(&self) -> Vec<u64> {
        let completed =
            |executor: &serde_json::Value| executor["completedTasks"].as_u64().unwrap_or(0);
        self.executors().iter().map(completed).collect()
    }

    fn executors(&self) -> Vec<serde_json::Value> {
        let applications = self.status("");
        let Some(id) = applications[0]["id"].as_str() else {
            return Vec::new();
        };
        let executors = self.status(&format!("/{id}/executors"));
        let is_executor =
            |one: &&serde_json::Value| one["id"] != "driver" && one["isActive"] == true;
        executors
            .as_array()
            .map(|all| all.iter().filter(is_executor).cloned().collect())
            .unwrap_or_default()
    }

    fn status(&self, path: &str) -> serde_json::Value {
        let answer =
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.status_port)).and_then(|mut stream| {
                write!(
                    stream,
                    "GET /api/v1/applications{path} HTTP/1.0\r\nHost: localhost\r\n\r\n"
                )?;
                let mut answer = String::new();
                stream.read_to_string(&mut answer)?;
                Ok(answer)
            });

        let answer = answer.unwrap_or_default();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        serde_json::from_str(body).unwrap_or_default()
    }

    /// Ends one executor at once, without a word to anybody.
    pub(crate) fn kill_an_executor(&self) {
        let executor = descendants(self.process.id())
            .into_iter()
            .find(|&process| command_line(process).contains("CoarseGrainedExecutorBackend"))
            .unwrap();
        assert!(
            Command::new("kill")
                .args(["-9", &executor.to_string()])
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for process in descendants(self.process.id()) {
            let _ = Command::new("kill")
                .args(["-9", &process.to_string()])
                .status();
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port of loopback that nobody holds now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// The Python that the environment names, when it has the package.
fn python(package: &str) -> Option<PathBuf> {
    let python = PathBuf::from(prerequisites::variable(PYTHON, BRINGS)?);
    let found = Command::new(&python)
        .args(["-c", &format!("import {package}")])
        .stderr(Stdio::null())
        .status();
    let found = found.is_ok_and(|status| status.success());

    prerequisites::require(
        found.then_some(python),
        &format!("Python: {package}"),
        BRINGS,
    )
}

fn home_of_spark(python: &Path) -> Option<PathBuf> {
    prerequisites::program("java", "apt-get install openjdk-17-jre-headless")?;
    let home = Command::new(python)
        .args(["-c", "import pyspark; print(pyspark.__path__[0])"])
        .output()
        .unwrap();
    Some(PathBuf::from(
        String::from_utf8(home.stdout).unwrap().trim(),
    ))
}

fn command_line(process: u32) -> String {
    fs::read(format!("/proc/{process}/cmdline"))
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

/// The children of a process, and theirs.
fn descendants(process: u32) -> Vec<u32> {
    // A JVM starts its children from any of its threads.
    let threads = fs::read_dir(format!("/proc/{process}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let of_threads =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let mut found: Vec<u32> = Vec::new();

    for list in of_threads {
        for child in list
            .split_whitespace()
            .filter_map(|child| child.parse().ok())
        {
            if !found.contains(&child) {
                found.push(child);
                found.extend(descendants(child));
            }
        }
    }

    found
}
