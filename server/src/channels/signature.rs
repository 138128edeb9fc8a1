//! Signatures of what gateways are sent and send: the Standard Webhooks form, and Twilio's own.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use crate::auth::same;

/// A signed message that is older, or from a clock that goes so far ahead, is not believed.
const TOLERANCE: Duration = Duration::minutes(5);
/// Shorter secrets can be tried out.
const SHORTEST_SECRET: usize = 24;

/// The secret of Standard Webhooks: `whsec_` and base64.
pub fn secret(text: &str) -> Option<Vec<u8>> {
    let secret = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?;
    (secret.len() >= SHORTEST_SECRET).then_some(secret)
}

/// `webhook-signature` of a body.
pub fn standard(secret: &[u8], id: &str, timestamp: i64, body: &[u8]) -> String {
    format!("v1,{}", STANDARD.encode(standard_mac(secret, id, timestamp, body)))
}

fn standard_mac(secret: &[u8], id: &str, timestamp: i64, body: &[u8]) -> Vec<u8> {
    let mut mac = mac::<Hmac<Sha256>>(secret);
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// Whether one of the signatures in a header fits, and the message is of now.
pub fn is_standard(
    secret: &[u8],
    (id, timestamp, signatures): (&str, &str, &str),
    body: &[u8],
    now: DateTime<Utc>,
) -> bool {
    let Ok(timestamp) = timestamp.parse::<i64>() else { return false };
    if (now.timestamp() - timestamp).unsigned_abs() > TOLERANCE.num_seconds().unsigned_abs() {
        return false;
    }
    let ours = standard_mac(secret, id, timestamp, body);
    signatures
        .split(' ')
        .filter_map(|s| s.strip_prefix("v1,"))
        .any(|s| STANDARD.decode(s).is_ok_and(|s| same(&s, &ours)))
}

/// Whether `X-Twilio-Signature` fits: over the address as Twilio knows it and the form, sorted by name.
pub fn is_twilios(token: &str, url: &str, form: &BTreeMap<String, Vec<String>>, signature: &str) -> bool {
    let mut mac = mac::<Hmac<Sha1>>(token.as_bytes());
    mac.update(url.as_bytes());
    for (name, values) in form {
        for value in values {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
    }
    STANDARD.decode(signature).is_ok_and(|s| same(&s, &mac.finalize().into_bytes()))
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn mac<M: Mac + KeyInit>(key: &[u8]) -> M {
    <M as KeyInit>::new_from_slice(key).expect("any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks libraries.
    #[test]
    fn the_standard_example_fits() {
        let secret = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        let signature = standard(&secret, id, at, body);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let now = DateTime::from_timestamp(at + 299, 0).unwrap();
        let fits =
            |signature: &str, body: &[u8], now| is_standard(&secret, (id, &at.to_string(), signature), body, now);
        assert!(fits(&signature, body, now));
        assert!(fits(&format!("v1,AAAA v2,x {signature}"), body, now));
        assert!(!fits(&signature, b"{}", now));
        assert!(!fits("", body, now));
        assert!(!fits(&signature, body, now + Duration::seconds(2)), "too old");
        assert!(!fits(&signature, body, now - Duration::seconds(601)), "from the future");
        assert!(super::secret("whsec_c2hvcnQ=").is_none());
    }

    /// The example of Twilio's documentation.
    #[test]
    fn twilios_example_fits() {
        let form = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ];
        let form: BTreeMap<String, Vec<String>> = form.map(|(k, v)| (k.to_owned(), vec![v.to_owned()])).into();
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert!(is_twilios("12345", url, &form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!is_twilios("12346", url, &form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!is_twilios("12345", "https://mycompany.com/", &form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!is_twilios("12345", url, &form, ""));
    }
}
