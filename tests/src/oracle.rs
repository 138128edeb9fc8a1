//! Another implementation of Web Push encryption, in Python, to decrypt what the server sends: `tests/oracle/push_decrypt.py`.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    data,
    push_peer::{Browser, Received},
};

/// What there is to be decrypted, as the script reads it.
pub fn question(browser: &Browser, message: &Received) -> Value {
    json!({
        "private": STANDARD.encode(browser.private.private_key()),
        "public": STANDARD.encode(browser.private.public_key()),
        "auth": STANDARD.encode(browser.auth),
        "body": STANDARD.encode(&message.body),
        "authorization": message.headers.get("authorization"),
    })
}

/// The plain texts, and the claims of tokens whose signature the script found right. None where there is no oracle.
pub fn decrypt(questions: &[Value]) -> Option<Vec<(Vec<u8>, Value)>> {
    let Ok(python) = std::env::var("COMPANION_ORACLE_PYTHON") else {
        data::skip("COMPANION_ORACLE_PYTHON names no Python with tests/oracle/requirements.txt");
        return None;
    };
    let mut child = Command::new(python)
        .arg(data::repository().join("tests/oracle/push_decrypt.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines: String = questions.iter().map(|q| format!("{q}\n")).collect();
    let writing = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success(), "the oracle failed");
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers = answers.lines().map(|line| {
        let answer: Value = serde_json::from_str(line).unwrap();
        (STANDARD.decode(answer["plain"].as_str().unwrap()).unwrap(), answer["claims"].clone())
    });
    Some(answers.collect())
}
