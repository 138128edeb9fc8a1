//! The team's event stream, read as the team's app reads it.

use futures_util::{Stream, StreamExt};
use serde_json::Value;
use std::{pin::Pin, time::Duration};

/// Longer than the server ever waits before it looks; a story that gets here has failed.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub id: String,
    pub kind: String,
    pub data: Value,
}

#[expect(missing_debug_implementations, reason = "a stream of bytes")]
pub struct Events {
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    buffer: String,
}

impl Events {
    pub async fn open(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let bytes = response.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec()));
        Self { bytes: Box::pin(bytes), buffer: String::new() }
    }

    /// The next event; none when the server ended the stream.
    pub async fn next(&mut self) -> Option<Event> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("no event came, and the stream did not end")
    }

    /// Reads to the end, which the server must make.
    pub async fn rest(mut self) -> Vec<Event> {
        let mut rest = Vec::new();
        while let Some(event) = self.next().await {
            rest.push(event);
        }
        rest
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let event = parse(block);
                self.buffer = rest.to_owned();
                if event.is_some() {
                    return event;
                }
            }
            // A stream that breaks off has ended too.
            let chunk = self.bytes.next().await?.ok()?;
            self.buffer += std::str::from_utf8(&chunk).unwrap();
        }
    }
}

/// One block of the stream; a comment is none.
fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    Some(Event {
        id: field("id")?.to_owned(),
        kind: field("event")?.to_owned(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}
