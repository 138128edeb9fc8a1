//! The address of a subscription comes from a phone, and whoever holds a phone may write there what they like. So it may lead
//! to the known push services and nowhere else; [`super::sender`] then connects to public addresses only.

use reqwest::Url;

/// The push services of today's browsers. `*.` stands for one or more labels.
const SERVICES: &[&str] = &[
    // Chrome, Edge on Android, Samsung Internet, Opera
    "fcm.googleapis.com",
    // Firefox
    "updates.push.services.mozilla.com",
    "*.push.services.mozilla.com",
    // Safari
    "*.push.apple.com",
    // Edge on Windows
    "*.notify.windows.com",
];

/// Longer than any real one.
const LONGEST: usize = 1000;

/// Which hosts may be sent to.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    /// Beside the known services, in the same form.
    pub more: Vec<String>,
    /// Peers on this very machine, in clear: for tests.
    pub this_machine: bool,
}

/// An address that may be sent to; else what is wrong with it, for a person.
pub fn check(address: &str, hosts: &Hosts) -> Result<Url, &'static str> {
    const NO_ADDRESS: &str = "This is not the address of a push subscription.";
    const NOT_KNOWN: &str = "This push service is not known here. Ask the provider whether it may be added.";
    // The URL parser would drop tabs and line ends and take backslashes for slashes: whatever needs that is no address.
    if address.len() > LONGEST || !address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
        return Err(NO_ADDRESS);
    }
    let url = Url::parse(address).map_err(|_| NO_ADDRESS)?;
    if hosts.this_machine && url.scheme() == "http" && url.host_str() == Some("127.0.0.1") {
        return Ok(url);
    }
    let as_written = url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        // `https://@host`, `https://host:443`, `HTTPS:host`: the parser tidies them away, and no push service writes them.
        && url.domain().is_some_and(|host| address.strip_prefix("https://").is_some_and(|rest| {
            rest.strip_prefix(host).is_some_and(|rest| rest.starts_with('/'))
        }));
    if !as_written || url.fragment().is_some() {
        return Err(NO_ADDRESS);
    }
    let known = SERVICES.iter().copied().chain(hosts.more.iter().map(String::as_str));
    let host = url.host_str().unwrap_or_default();
    if known.into_iter().any(|pattern| fits(pattern, host)) { Ok(url) } else { Err(NOT_KNOWN) }
}

fn fits(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => {
            host.strip_suffix(rest).and_then(|l| l.strip_suffix('.')).is_some_and(|l| l.split('.').all(is_label))
        }
        None => host == pattern,
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether a setting names hosts in a form that can be meant: a name with a dot, in small letters, perhaps after `*.`.
pub fn can_be_meant(pattern: &str) -> bool {
    let name = pattern.strip_prefix("*.").unwrap_or(pattern);
    // The last label of a name is never a number: that is an address.
    let last_is_a_word = name.rsplit('.').next().is_some_and(|l| l.bytes().any(|b| b.is_ascii_lowercase()));
    name.contains('.') && last_is_a_word && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_services_are_sent_to() {
        for good in [
            "https://fcm.googleapis.com/fcm/send/abc:DEF-_1",
            "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
            "https://autoconnect.push.services.mozilla.com/wpush/v2/gAAAA",
            "https://web.push.apple.com/QGuQyavXutnMH",
            "https://db5p.notify.windows.com/w/?token=BQYAAAB%2b",
            "https://wns2-by3p.notify.windows.com/w/?token=x",
        ] {
            assert!(check(good, &Hosts::default()).is_ok(), "{good}");
        }
        let more = Hosts { more: vec!["push.example.org".into()], this_machine: false };
        assert!(check("https://push.example.org/x", &more).is_ok());
        assert!(check("https://a.push.example.org/x", &more).is_err());
        assert!(check("http://127.0.0.1:9/x", &more).is_err());
    }

    #[test]
    fn a_setting_names_hosts() {
        for (pattern, good) in [
            ("push.example.org", true),
            ("*.push.example.org", true),
            ("localhost", false),
            ("*", false),
            ("*.", false),
            ("*.org", false),
            ("127.0.0.1", false),
            ("*.0.0.1", false),
            ("[::1]", false),
            ("push.example.org:444", false),
            ("https://push.example.org", false),
            ("PUSH.example.org", false),
            ("", false),
        ] {
            assert_eq!(can_be_meant(pattern), good, "{pattern}");
        }
    }
}
