//! The page itself: large enough for somebody just woken, without script, without anything from elsewhere, without a name.
//! The native speaker's review of the Welsh is still to come.

use std::sync::LazyLock;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::Outcome;
use crate::notify::{Discretion, Kind, words::phrase};

/// What the button sends.
pub const PRESSED: &str = "mine=yes";

/// What there is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// The link can be used.
    Button(Kind),
    /// It was used, or somebody has it.
    Came(Outcome),
    TooOld,
    /// There is no such link.
    Nothing,
}

const STYLE: &str = "body{font:1.25rem/1.5 system-ui,sans-serif;margin:0 auto;padding:1.5rem 1rem;max-width:30rem;color:#16202c;\
    background:#fff}h1{font-size:1.75rem;line-height:1.25}button{font:inherit;font-weight:700;width:100%;min-height:4rem;\
    padding:1rem;border:0;border-radius:.5rem;background:#0b5a3c;color:#fff}button:focus-visible,a:focus-visible{outline:4px solid \
    #f5b800;outline-offset:3px}a{color:#0b4f8a}@media(prefers-color-scheme:dark){body{background:#10161d;color:#f2f5f8}\
    a{color:#9ecbff}button{background:#2f9e72;color:#06140d}}";

/// As strict as everywhere, and stricter: this one style, this one form, and nothing else.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// A headline and what follows from it: English, Welsh.
fn words(shows: Shows) -> [[&'static str; 2]; 2] {
    match shows {
        Shows::Button(kind) => {
            let headline = |language| phrase(kind, language, 1, Discretion::Neutral);
            let next = if kind.rings() {
                [
                    "Press the button if you will see to it. Nobody else is rung for it then.",
                    "Pwyswch y botwm os byddwch chi'n delio â hyn. Ni fydd neb arall yn cael ei alw wedyn.",
                ]
            } else {
                [
                    "Press the button so that it is known that this reaches you.",
                    "Pwyswch y botwm fel ein bod yn gwybod bod hyn yn eich cyrraedd.",
                ]
            };
            [[headline("en"), next[0]], [headline("cy"), next[1]]]
        }
        Shows::Came(Outcome::Yours) => [
            ["You have it.", "Now open Companion: who it is and how to reach them stands there."],
            ["Mae gyda chi.", "Nawr agorwch Companion: yno mae pwy yw'r person a sut i'w gyrraedd."],
        ],
        Shows::Came(Outcome::Taken) => [
            ["Somebody else has it.", "Thank you. There is nothing you need to do."],
            ["Mae gan rywun arall.", "Diolch. Does dim angen i chi wneud dim."],
        ],
        Shows::Came(Outcome::Over) => [
            [
                "This is over, or has changed since.",
                "If it still needs somebody you will be rung again. Companion shows what is open now.",
            ],
            [
                "Mae hyn drosodd, neu wedi newid ers hynny.",
                "Os oes angen rhywun o hyd byddwch yn cael eich galw eto. Mae Companion yn dangos beth sydd ar agor nawr.",
            ],
        ],
        Shows::Came(Outcome::Heard) => [
            ["Thank you, it arrived.", "This way of reaching you works."],
            ["Diolch, mae wedi cyrraedd.", "Mae'r ffordd hon o'ch cyrraedd yn gweithio."],
        ],
        Shows::TooOld => [
            ["This link is too old.", "Nothing was changed. Companion shows what is open now."],
            ["Mae'r ddolen hon yn rhy hen.", "Ni newidiwyd dim. Mae Companion yn dangos beth sydd ar agor nawr."],
        ],
        Shows::Nothing => [
            [
                "This link leads nowhere.",
                "It may have been cut short on its way. Nothing was changed. Companion shows what is open now.",
            ],
            [
                "Nid yw'r ddolen hon yn arwain i unman.",
                "Efallai iddi gael ei thorri ar y ffordd. Ni newidiwyd dim. Mae Companion yn dangos beth sydd ar agor nawr.",
            ],
        ],
    }
}

/// The page. Only words from above stand in it: there is nothing to escape.
pub fn of(status: StatusCode, shows: Shows, language: &'static str) -> Response {
    let cy = language == "cy";
    let [headline, next] = words(shows)[usize::from(cy)];
    let button = match shows {
        Shows::Button(kind) => {
            let label = match (kind.rings(), cy) {
                (true, false) => "I’ve got this",
                (true, true) => "Mae gen i hwn",
                (false, false) => "It arrived",
                (false, true) => "Mae wedi cyrraedd",
            };
            let (name, value) = PRESSED.split_once('=').unwrap_or_default();
            format!("<form method=\"post\"><button name=\"{name}\" value=\"{value}\">{label}</button></form>")
        }
        _ => {
            let label = if cy { "Agor Companion" } else { "Open Companion" };
            format!("<p><a href=\"/team/\">{label}</a></p>")
        }
    };
    let html = format!(
        "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>Companion</title>\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex,nofollow\">\
         <style>{STYLE}</style></head><body><main><h1>{headline}</h1><p>{next}</p>{button}</main></body></html>"
    );
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    let fixed = |value| HeaderValue::from_static(value);
    headers.insert(header::CONTENT_TYPE, fixed("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_LANGUAGE, fixed(language));
    headers.insert(header::VARY, fixed("accept-language"));
    headers.insert(HeaderName::from_static("x-robots-tag"), fixed("noindex, nofollow, noarchive"));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    response
}
