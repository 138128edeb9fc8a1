//! Real diaries, kept beside the repository and never in it.

use std::path::{Path, PathBuf};

/// Whether what is missing fails a test instead of being skipped.
pub fn required() -> bool {
    std::env::var("COMPANION_REQUIRE_DATA").is_ok_and(|v| v == "1")
}

/// Says that a story was not told, or fails where everything must be there.
pub fn skip(why: &str) {
    assert!(!required(), "COMPANION_REQUIRE_DATA=1, but {why}");
    println!("SKIPPED: {why}");
}

/// A file of `../shared/early-warning`, if it is there.
pub fn early_warning(file: &str) -> Option<PathBuf> {
    let path = repository().parent()?.join("shared/early-warning").join(file);
    path.exists().then_some(path)
}

/// The repository's root.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
