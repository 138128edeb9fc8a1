//! The Kotlin and Swift that are kept are those of the core as it is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeMap, fs, path::Path};

use bindgen::{KEPT, generate, kept};

fn files(folder: &Path, under: &Path, found: &mut BTreeMap<String, String>) {
    for file in fs::read_dir(folder).into_iter().flatten() {
        let path = file.unwrap().path();
        if path.is_dir() {
            files(&path, under, found);
        } else {
            let name = path.strip_prefix(under).unwrap().display().to_string();
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn the_kotlin_and_swift_that_are_kept_are_those_of_the_core() {
    let fresh = std::env::temp_dir().join(format!("companion-bindings-{}", std::process::id()));
    for (language, name) in KEPT {
        let mut is = BTreeMap::new();
        let folder = fresh.join(name);
        generate(language, &folder).unwrap();
        files(&folder, &folder, &mut is);
        let mut was = BTreeMap::new();
        files(&kept().join(name), &kept().join(name), &mut was);
        let differing: Vec<&String> =
            is.keys().chain(was.keys()).filter(|file| is.get(*file) != was.get(*file)).collect();
        assert!(
            differing.is_empty(),
            "{differing:?} of mobile-shared/ffi/bindings/{name}: `cargo run -p uniffi-bindgen` writes them anew; read the change before you keep it"
        );
    }
    fs::remove_dir_all(fresh).unwrap();
}

/// In Kotlin an error is a `Throwable`, whose own `message` and `cause` leave no room for a field of that name: it does not compile.
#[test]
fn no_error_has_a_field_that_every_error_has_in_kotlin() {
    let mut kotlin = BTreeMap::new();
    files(&kept().join("kotlin"), &kept(), &mut kotlin);
    let classes = kotlin.values().flat_map(|text| text.split("\n    class ").skip(1));
    let of_errors = |class: &str| {
        let (fields, after) = class.split_once(") : ")?;
        after.lines().next()?.ends_with("Exception() {").then(|| fields.to_owned())
    };
    let errors: Vec<String> = classes.filter_map(of_errors).collect();
    assert!(errors.len() >= 4, "{errors:?}");
    for fields in errors {
        assert!(!fields.contains("`message`") && !fields.contains("`cause`"), "{fields}");
    }
}
