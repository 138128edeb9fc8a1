//! Do the pages that our texts point to still answer? Asked by a command, not while somebody saves: a page that is down for
//! an hour is no fault of a text.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};
use mobile_shared::resource::Block;
use reqwest::{Client, Method, StatusCode};

use super::Library;
use crate::outbound::names_its_host;

/// Asked at once.
const TOGETHER: usize = 6;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    There,
    /// It answers at another address now.
    Moved(String),
    /// It answers, but not to programs: somebody has to look.
    LookYourself(u16),
    /// Not there any more.
    Gone(u16),
    Unreachable(String),
}

impl Answer {
    pub fn is_broken(&self) -> bool {
        matches!(self, Self::Gone(_) | Self::Unreachable(_))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::There => write!(f, "there"),
            Self::Moved(to) => write!(f, "moved to {to}"),
            Self::LookYourself(status) => write!(f, "answers {status} to a program: please look yourself"),
            Self::Gone(status) => write!(f, "GONE ({status})"),
            Self::Unreachable(why) => write!(f, "NO ANSWER ({why})"),
        }
    }
}

/// Every page that is linked to or named as a source, and by which resources.
pub fn pages(library: &Library) -> BTreeMap<String, BTreeSet<String>> {
    let mut pages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for resource in library.resources.iter().filter(|r| r.retired.is_none()) {
        for text in resource.editions.values().filter_map(|hash| library.texts.get(hash)) {
            let linked = text.blocks.iter().flat_map(Block::links).filter(|l| l.starts_with("https://"));
            for url in linked.chain(text.sources.iter().map(|s| s.url.as_str())) {
                pages.entry(url.to_owned()).or_default().insert(resource.slug.clone());
            }
        }
    }
    pages
}

/// Asks for every page; `asked` hears of each as its answer comes.
pub async fn check(
    client: &Client,
    pages: impl IntoIterator<Item = String>,
    mut asked: impl FnMut(),
) -> BTreeMap<String, Answer> {
    let mut answers = stream::iter(pages)
        .map(|url| async move {
            let answer = ask(client, &url).await;
            (url, answer)
        })
        .buffer_unordered(TOGETHER);
    let mut all = BTreeMap::new();
    while let Some((url, answer)) = answers.next().await {
        asked();
        all.insert(url, answer);
    }
    all
}

async fn ask(client: &Client, url: &str) -> Answer {
    // Some servers know no HEAD: only what a GET says counts against a page.
    match request(client, Method::HEAD, url).await {
        found @ (Answer::There | Answer::Moved(_)) => found,
        _ => request(client, Method::GET, url).await,
    }
}

async fn request(client: &Client, method: Method, url: &str) -> Answer {
    let Ok(parsed) = url.parse::<reqwest::Url>() else { return Answer::Unreachable("not an address".to_owned()) };
    if parsed.scheme() == "https" && !names_its_host(&parsed) {
        return Answer::Unreachable("not a public address".to_owned());
    }
    let response = match client.request(method, parsed.clone()).send().await {
        Ok(response) => response,
        Err(error) => return Answer::Unreachable(reason(&error)),
    };
    let (status, at) = (response.status(), response.url());
    match status {
        s if s.is_success() && at.as_str() != parsed.as_str() => Answer::Moved(at.to_string()),
        s if s.is_success() => Answer::There,
        StatusCode::NOT_FOUND | StatusCode::GONE => Answer::Gone(status.as_u16()),
        _ => Answer::LookYourself(status.as_u16()),
    }
}

fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "took too long".to_owned()
    } else if error.is_redirect() {
        "sent in circles".to_owned()
    } else {
        // The innermost cause says what a person can use: "connection refused", "certificate expired".
        let mut cause: &dyn std::error::Error = error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        cause.to_string()
    }
}

#[cfg(test)]
mod tests {
    use axum::{
        Router,
        http::{Method, StatusCode},
        response::Redirect,
        routing::{any, get},
    };

    use super::*;
    use crate::outbound::{self, Reach};

    /// A server of our own that answers as pages of the world do.
    async fn world() -> String {
        let no_head = |method: Method| async move {
            if method == Method::HEAD { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::OK }
        };
        let pages = Router::new()
            .route("/there", get(|| async { "hello" }))
            .route("/old", get(|| async { Redirect::permanent("/there") }))
            .route("/circle", get(|| async { Redirect::permanent("/circle") }))
            .route("/shy", any(|| async { StatusCode::FORBIDDEN }))
            .route("/no-head", any(no_head));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn pages_are_there_moved_gone_or_for_a_person_to_look_at() {
        let world = world().await;
        let client = outbound::client(Reach::Anywhere).unwrap();
        let ask = async |page: &str| super::ask(&client, &format!("{world}{page}")).await;
        assert_eq!(ask("/there").await, Answer::There);
        assert_eq!(ask("/old").await, Answer::Moved(format!("{world}/there")));
        assert_eq!(ask("/circle").await, Answer::Unreachable("sent in circles".to_owned()));
        assert_eq!(ask("/gone").await, Answer::Gone(404));
        assert_eq!(ask("/shy").await, Answer::LookYourself(403));
        assert_eq!(ask("/no-head").await, Answer::There);
    }

    #[tokio::test]
    async fn machines_of_our_own_network_are_never_asked() {
        let world = world().await;
        let client = outbound::client(Reach::Public).unwrap();
        for url in
            [format!("{world}/there"), world.replace("http", "https"), "https://localhost.localdomain/".to_owned()]
        {
            assert!(ask(&client, &url).await.is_broken(), "{url}");
        }
    }
}
