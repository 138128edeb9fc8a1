//! An address that a worker typed goes into the headers of mails and the bodies of gateways' requests: it is read strictly, and
//! what is kept is one plain form of it.

use super::ChannelKind;

/// E.164 allows fifteen digits.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
const LONGEST_EMAIL: usize = 254;
/// Before numbers that are written as within the country.
const COUNTRY: &str = "44";

const NO_NUMBER: &str = "Please give a telephone number, such as 07700 900123 or +44 7700 900123.";
const NO_EMAIL: &str = "This does not look like an e-mail address.";

/// The one form of an address that is kept; else what is wrong with it, for a person.
pub fn read(kind: ChannelKind, typed: Option<&str>) -> Result<Option<String>, &'static str> {
    match (kind, typed) {
        (ChannelKind::Push, None) => Ok(None),
        (ChannelKind::Push, Some(_)) => Err("Notifications need no address."),
        (ChannelKind::Email, Some(typed)) => email(typed).map(Some),
        (ChannelKind::Sms | ChannelKind::Voice, Some(typed)) => number(typed).map(Some),
        (ChannelKind::Email, None) => Err(NO_EMAIL),
        (ChannelKind::Sms | ChannelKind::Voice, None) => Err(NO_NUMBER),
    }
}

/// `+447700900123`, from what people write: spaces, brackets, dashes, 00 for +, or as within the country.
pub fn number(typed: &str) -> Result<String, &'static str> {
    let mut digits = String::with_capacity(typed.len());
    let trimmed = typed.trim_matches(' ');
    let (international, rest) = match trimmed.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, trimmed),
    };
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '(' | ')' | '.' => {}
            _ => return Err(NO_NUMBER),
        }
    }
    let whole = if international {
        // "+44 (0)7700 900123"
        digits.strip_prefix("440").map_or(digits.clone(), |rest| format!("{COUNTRY}{rest}"))
    } else if let Some(rest) = digits.strip_prefix("00") {
        rest.to_owned()
    } else if let Some(rest) = digits.strip_prefix('0') {
        format!("{COUNTRY}{rest}")
    } else {
        return Err(NO_NUMBER);
    };
    if DIGITS.contains(&whole.len()) && !whole.starts_with('0') { Ok(format!("+{whole}")) } else { Err(NO_NUMBER) }
}

/// In small letters, without anything that a mail header would read as more than an address.
fn email(typed: &str) -> Result<String, &'static str> {
    let address = typed.trim_matches(' ').to_ascii_lowercase();
    let plain = address.bytes().all(|b| b.is_ascii_alphanumeric() || b"@.!#$%&'*+/=?^_`{|}~-".contains(&b));
    let good = plain
        && address.len() <= LONGEST_EMAIL
        && address.matches('@').count() == 1
        && address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && is_host(host))
        && address.parse::<lettre::Address>().is_ok();
    if good { Ok(address) } else { Err(NO_EMAIL) }
}

fn is_host(host: &str) -> bool {
    let is_label =
        |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !l.starts_with('-');
    host.contains('.') && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_kept_in_one_form() {
        for typed in ["07700 900123", "+44 7700 900123", "+44 (0)7700 900123", "0044-7700-900123", " (07700) 900.123 "]
        {
            assert_eq!(number(typed).unwrap(), "+447700900123", "{typed}");
        }
        assert_eq!(number("+353 1 234 5678").unwrap(), "+35312345678");
        for bad in [
            "",
            "999",
            "0",
            "+",
            "7700 900123",
            "07700 900123\r\nBcc: x",
            "07700\t900123",
            "07700 900123 ext 4",
            "+4477009001234567",
            "０７７００ ９００１２３",
            "+44\u{202e}7700900123",
            "tel:+447700900123",
            "+0447700900123",
        ] {
            assert!(number(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_address_is_an_address_and_nothing_more() {
        assert_eq!(email(" Dee.Worker+oncall@Example.ORG ").unwrap(), "dee.worker+oncall@example.org");
        for bad in [
            "",
            "dee",
            "dee@",
            "@example.org",
            "dee@example",
            "dee@example.org\r\nBcc: x@example.org",
            "dee@example.org, kim@example.org",
            "\"dee\"@example.org",
            "Dee <dee@example.org>",
            "dee@[127.0.0.1]",
            "dee@-example.org",
            "dee@@example.org",
            "d\u{e9}e@example.org",
            "dee@ex\u{200b}ample.org",
        ] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
        assert!(email(&format!("{}@example.org", "d".repeat(250))).is_err());
    }
}
