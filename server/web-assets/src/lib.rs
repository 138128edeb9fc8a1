//! The two web apps as the server hands them out: built by `build.rs`, embedded in the binary.

use std::borrow::Cow;

use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "$WEB_DIST"]
struct Dist;

/// One file of the web apps.
#[derive(Debug, Clone)]
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    pub content_type: &'static str,
    /// Strong, and quoted as a header wants it.
    pub etag: String,
}

/// The file at `path`, which may start with a slash: `/assets/client-abc.js`, `index.html`, `team/index.html`.
pub fn get(path: &str) -> Option<Asset> {
    let path = path.trim_start_matches('/');
    let EmbeddedFile { data, metadata, .. } = Dist::get(path)?;
    Some(Asset { bytes: data, content_type: content_type(path), etag: etag(&metadata.sha256_hash()) })
}

/// Files under `assets/` carry a hash of their content in their name and never change; everything else may.
pub fn is_immutable(path: &str) -> bool {
    path.trim_start_matches('/').starts_with("assets/")
}

fn etag(hash: &[u8]) -> String {
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_apps_and_the_service_worker_are_embedded() {
        for (path, expected) in [
            ("/index.html", "text/html; charset=utf-8"),
            ("team/index.html", "text/html; charset=utf-8"),
            ("sw.js", "text/javascript; charset=utf-8"),
            ("team/sw.js", "text/javascript; charset=utf-8"),
            ("manifest.webmanifest", "application/manifest+json"),
            ("icons/icon-192.png", "image/png"),
        ] {
            let asset = get(path).unwrap_or_else(|| panic!("{path} is not embedded"));
            assert_eq!(asset.content_type, expected);
            assert!(asset.etag.starts_with('"') && asset.etag.len() == 34, "{}", asset.etag);
            assert!(!asset.bytes.is_empty());
        }
        assert!(get("../Cargo.toml").is_none());
    }
}
