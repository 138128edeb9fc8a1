//! Measures the early-warning engine on the public sets and on some made from them. `docs/early-warning.md` shows what came out.
//!
//!     cargo run --release -p mobile-shared --example early_warning -- <what> [--data DIR]
//!
//! `score` says how the engine stands against the floors and goals it was given; the exit code is 1 if a floor is broken. `compare`
//! sets it beside other families of detectors, and beside itself with parts taken out. `sensitivity` halves and doubles every number
//! of the rules. `groups` asks whether it serves some people worse than others. `rescore FLAGS SET LEVEL` prints what `score.py`
//! prints, so that the two can be compared line by line.

mod ablations;
mod bisect;
mod compare;
mod data;
mod engine;
mod families;
mod figures;
mod goals;
mod groups;
mod made;
mod numbers;
mod rescore;
mod score;
mod sensitivity;
mod sets;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sets::Sets;

const USAGE: &str = "\
Usage: cargo run --release -p mobile-shared --example early_warning -- <what> [--data DIR]
  score                    the engine's figures, with floor and goal; exit code 1 if a floor is broken
  compare                  the engine beside other detectors, and with parts taken out
  sensitivity              every number of the rules halved and doubled
  groups                   the engine's figures by how people keep their diary
  rescore FLAGS SET LEVEL  what score.py prints for a file of flags
DIR holds the public sets (synth.*, semi_jang.*, real_jang.*); by default shared/early-warning beside the repository.";

fn main() -> ExitCode {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let data = match data_folder(&mut words) {
        Ok(data) => data,
        Err(why) => return fail(&why),
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["score"] => Sets::read(&data).map(|sets| figures::print(&sets)),
        ["compare"] => Sets::read(&data).map(|sets| compare::print(&sets)),
        ["sensitivity"] => Sets::read(&data).map(|sets| sensitivity::print(&sets)),
        ["groups"] => Sets::read(&data).map(|sets| groups::print(&sets)),
        ["rescore", flags, set, level] => rescore::print(&data, Path::new(flags), set, level),
        _ => return fail(USAGE),
    };
    done.unwrap_or_else(|error| fail(&error.to_string()))
}

/// Takes `--data DIR` out of the words.
fn data_folder(words: &mut Vec<String>) -> Result<PathBuf, String> {
    let Some(at) = words.iter().position(|word| word == "--data") else {
        return Ok(data::beside_the_repository());
    };
    let given: Vec<String> = words.drain(at..words.len().min(at + 2)).collect();
    given.get(1).map(PathBuf::from).ok_or_else(|| format!("--data needs a folder\n\n{USAGE}"))
}

fn fail(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}
