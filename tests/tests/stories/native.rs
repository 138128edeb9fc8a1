//! A native client, in Python over the generated binding, lives a week on the real binary. What it does and what is simulated is said in
//! `tests/native/week.py`; here are the provider, the worker and the invitation.

use std::{fs, process::Command};

use bindgen::Language;
use companion_tests::{
    Backend,
    binary::{Installation, People, text},
    json,
};
use reqwest::Method;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_over_the_python_binding_with_each_thing_there_once_at_the_end() {
    let Some(mut provider) = Installation::fresh(Backend::Sqlite).await else { return };
    provider.start(true);
    let people = People::of(&provider.api).await;
    let invites = format!("/api/v1/team/clients/{}/invites", people.client);
    let mut codes = Vec::new();
    // One to join with, and one to join again with, when the session is over.
    for _ in 0..2 {
        let invite = provider.api.call(Method::POST, &invites, Some(&people.worker), Some(&json!({}))).await.is(201);
        codes.push(text(&invite["code"]));
    }

    let folder = provider.database.folder();
    let (binding, phone) = (folder.join("binding"), folder.join("phone"));
    bindgen::generate(Language::Python, &binding).unwrap();
    let library = bindgen::library().unwrap();
    fs::copy(&library, binding.join(library.file_name().unwrap())).unwrap();
    let lived = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/native/week.py"))
        .args([&binding, &phone])
        .args([&provider.api.base, &people.worker, &people.client])
        .args(&codes)
        .output()
        .unwrap();
    println!("{}", String::from_utf8_lossy(&lived.stdout));
    assert!(lived.status.success(), "{}", String::from_utf8_lossy(&lived.stderr));
    provider.remove().await;
}
