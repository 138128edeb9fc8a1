//! Kotlin, Swift and Python for `companion-core`, from the library itself.

use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
};

use companion_core as _;
pub use uniffi::TargetLanguage as Language;

/// The library that cargo has built beside this program, or whatever `COMPANION_CORE_LIBRARY` names.
pub fn library() -> Result<PathBuf, Box<dyn Error>> {
    if let Some(path) = env::var_os("COMPANION_CORE_LIBRARY") {
        return Ok(path.into());
    }
    let name = format!("{}companion_core{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let program = env::current_exe()?;
    let folders = program.ancestors().skip(1).take(2);
    // What is a dependency stays in `deps`; what was asked for by name is above it too, and perhaps older.
    let mut places = folders.flat_map(|folder| [folder.join("deps").join(&name), folder.join(&name)]);
    let found = places.find(|path| path.exists());
    found.ok_or_else(|| format!("{name} is not beside {}", program.display()).into())
}

/// Writes the sources of a language into a folder.
pub fn generate(language: Language, into: &Path) -> Result<(), Box<dyn Error>> {
    let path = |path: &Path| path.to_str().map(Into::into).ok_or("a path that is no text");
    uniffi::generate(uniffi::GenerateOptions {
        languages: vec![language],
        source: path(&library()?)?,
        out_dir: path(into)?,
        metadata_no_deps: true,
        ..Default::default()
    })?;
    Ok(())
}

/// Those that are kept, each in its folder.
pub const KEPT: [(Language, &str); 2] = [(Language::Kotlin, "kotlin"), (Language::Swift, "swift")];

pub fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings")
}
