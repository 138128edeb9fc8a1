//! A PostgreSQL server of a test's own, to be killed. With fsync: what it says is committed must be there afterwards.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
};

use crate::{data, port::Port};

#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    port: Port,
}

impl Cluster {
    /// None where PostgreSQL is not installed.
    pub fn fresh() -> Option<Self> {
        static COUNT: AtomicU16 = AtomicU16::new(0);
        let Some(bin) = installed() else {
            data::skip("PostgreSQL's initdb is not installed");
            return None;
        };
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("companion_cluster_{}_{n}", std::process::id()));
        let port = Port::hold();
        let cluster = Self { folder, bin, port };
        std::fs::create_dir(&cluster.folder).unwrap();
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(&cluster.folder).status().unwrap().success());
        }
        cluster.run("initdb", &["-A", "trust", "-U", "postgres"]);
        cluster.start();
        Some(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port.number)
    }

    pub fn start(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=100",
            self.port.number,
            self.folder.display()
        );
        self.run("pg_ctl", &["-w", "-l", &self.folder.join("log").display().to_string(), "-o", &options, "start"]);
    }

    /// All its processes at once, with nothing written back.
    pub fn kill(&self) {
        self.run("pg_ctl", &["-m", "immediate", "-w", "stop"]);
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        // PostgreSQL refuses to run as root.
        let mut command = Command::new(if is_root() { "runuser" } else { "env" });
        if is_root() {
            command.args(["-u", "postgres", "--"]);
        }
        let command = command.arg(self.bin.join(program)).arg("-D").arg(&self.folder).args(arguments);
        let status = command.current_dir("/").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{program} {arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.folder.join("postmaster.pid").exists() {
            self.kill();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut all: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin")).collect();
    all.retain(|bin| bin.join("initdb").exists());
    all.sort();
    all.pop()
}

fn is_root() -> bool {
    std::fs::metadata(Path::new("/proc/self")).is_ok_and(|of| std::os::unix::fs::MetadataExt::uid(&of) == 0)
}
