//! `cargo run -p uniffi-bindgen` writes `mobile-shared/ffi/bindings`; with a folder as argument, all three languages into that.

use std::{error::Error, path::PathBuf};

use bindgen::{KEPT, Language, generate, kept};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    for (language, name) in KEPT {
        generate(language, &folder.clone().unwrap_or_else(kept).join(name))?;
    }
    if let Some(folder) = folder {
        generate(Language::Python, &folder.join("python"))?;
    }
    Ok(())
}
