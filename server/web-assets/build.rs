//! Builds the two web apps with npm, so that `cargo run` is all anyone needs. `COMPANION_WEB_DIST` names a folder that
//! is already built, and then npm is not touched.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What the apps are made from. Never the web folder itself: node_modules changes by installing.
const SOURCES: [&str; 11] = [
    "src",
    "public",
    "build",
    "team/index.html",
    "index.html",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "tsconfig.json",
    "svelte.config.js",
    "vite.config.ts",
];

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let web = here.join("../web");

    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=COMPANION_WEB_DIST");
    println!("cargo::rerun-if-env-changed=COMPANION_NAME");
    println!("cargo::rerun-if-changed=../../mobile-shared/data/crisis_lines.json");
    for source in SOURCES {
        println!("cargo::rerun-if-changed=../web/{source}");
    }

    if let Some(built) = env::var_os("COMPANION_WEB_DIST") {
        let built = PathBuf::from(built);
        if !built.join("index.html").is_file() {
            panic!(
                "COMPANION_WEB_DIST names {}, but there is no index.html in it. Give the full path of a built web folder.",
                built.display()
            );
        }
        println!("cargo::rustc-env=WEB_DIST={}", built.display());
        return;
    }

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("web");
    install(&web, &out);
    npm(&web, &out, &["run", "build", "--silent"]);
    println!("cargo::rustc-env=WEB_DIST={}", out.display());
}

/// `npm ci` takes a quarter of a minute, so it runs only when the lock is not the one that was installed last.
fn install(web: &Path, out: &Path) {
    let lock = fs::read(web.join("package-lock.json")).expect("server/web/package-lock.json can be read");
    let installed = web.join("node_modules/.lock-copy");
    if fs::read(&installed).is_ok_and(|copy| copy == lock) {
        return;
    }
    npm(web, out, &["ci", "--ignore-scripts", "--no-fund", "--no-audit"]);
    fs::write(&installed, lock).expect("server/web/node_modules can be written");
}

fn npm(web: &Path, out: &Path, arguments: &[&str]) {
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let status =
        Command::new(program).args(arguments).current_dir(web).env("OUT", out).env_remove("MAKEFLAGS").status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("`npm {}` in server/web failed ({status}); its own words are above.", arguments.join(" ")),
        Err(error) => panic!(
            "The web apps are built with npm, which could not be started ({error}). \
             Install Node 20.19 or newer, or set COMPANION_WEB_DIST to a folder that is already built."
        ),
    }
}
