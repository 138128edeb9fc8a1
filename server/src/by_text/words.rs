//! What the texts say. Others may see a phone that lies on a table, so none of them names a service or what is wrong, and what is asked
//! about is named only if client and worker chose so. Letters of the GSM alphabet, or a text costs twice as much. The Welsh waits for a
//! native speaker's review; until then numbers for a crisis are given in English in both languages.

use mobile_shared::item::{Scale, sign_labels, standard};

use super::settings::Settings;
use crate::{app::App, clients::Client, error::Result, items::Item, notify::words::in_force, provider};

/// What fits into two texts that belong together.
const LONGEST: usize = 306;

/// Whether these are letters that a text carries at the usual price.
pub fn is_plain(text: &str) -> bool {
    const BEYOND_ASCII: &str = "£¥èéùìòÇØøÅåÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
    const NOT_OF_ASCII: &str = "`^{}[]~\\|";
    let is_plain =
        |c: char| matches!(c, ' '..='~') && !NOT_OF_ASCII.contains(c) || c == '\n' || BEYOND_ASCII.contains(c);
    text.chars().all(is_plain)
}

/// What there is to say to one client.
#[derive(Debug)]
pub struct Texts<'s> {
    settings: &'s Settings,
    welsh: bool,
    /// A call is not for them: none is spoken of, and the number only stands there.
    not_rung: bool,
    /// " To talk now ring 01632 960 000.", or nothing.
    ring: String,
    /// Numbers for a crisis, from the data that the app shows.
    crisis: String,
}

impl<'s> Texts<'s> {
    /// `phone`: the number of their team.
    pub fn to(app: &App, client: &Client, settings: &'s Settings, phone: Option<&str>) -> Result<Self> {
        let phone = phone.map(|number| client.as_rung(number));
        Self::new(settings, in_force(app, &settings.language), client.is_not_rung(), phone.as_deref())
    }

    fn new(settings: &'s Settings, language: &str, not_rung: bool, phone: Option<&str>) -> Result<Self> {
        let welsh = language == "cy";
        let ring = match (phone, not_rung, welsh) {
            (None, ..) => String::new(),
            (Some(phone), false, false) => format!(" To talk now ring {phone}."),
            (Some(phone), false, true) => format!(" I siarad nawr ffoniwch {phone}."),
            // Somebody beside them may.
            (Some(phone), true, false) => format!(" Your team: {phone}."),
            (Some(phone), true, true) => format!(" Eich tim: {phone}."),
        };
        Ok(Self { settings, welsh, not_rung, ring, crisis: crisis()? })
    }

    fn of<'t>(&self, en: &'t str, cy: &'t str) -> &'t str {
        if self.welsh { cy } else { en }
    }

    /// What the word that asks for a person does. Nobody can promise that one is there.
    fn call_me(&self) -> &'static str {
        if self.not_rung {
            return self.of("CONTACT: asks someone to text you.", "CYSYLLTWCH: gofyn i rywun anfon neges atoch.");
        }
        self.of("CALL ME: asks someone to ring you.", "FFONIWCH FI: gofyn i rywun eich ffonio.")
    }

    /// To whoever has the number: may we ask?
    pub fn first(&self) -> String {
        let asks = self.of(
            "may we send you the short questions we talked about? Your choice: reply YES to begin, STOP to get no texts. Others may see \
             them on your phone.",
            "gawn ni anfon y cwestiynau byr y buom yn siarad amdanynt? Eich dewis chi: atebwch IE i ddechrau, STOP i beidio. Gall eraill \
             eu gweld.",
        );
        format!("{}: {asks}", self.settings.from)
    }

    pub fn welcome(&self) -> String {
        let thanks =
            self.of("Thank you. Answer each question with a number.", "Diolch. Atebwch bob cwestiwn gyda rhif.");
        let said = self.of(
            "WHO: who this is. STOP: ends it. Nobody reads texts at once.",
            "PWY: pwy sydd yma. STOP: gorffen. Nid yw neb yn darllen negeseuon yn syth.",
        );
        format!("{thanks} {} {said}{} {}", self.call_me(), self.ring, self.emergency())
    }

    pub fn who(&self) -> String {
        let what = self.of("short questions by text, as agreed.", "cwestiynau byr drwy neges, fel y cytunwyd.");
        let said = self.of(
            "STOP: ends it. Nobody reads texts at once.",
            "STOP: gorffen. Nid yw neb yn darllen negeseuon yn syth.",
        );
        format!("{}: {what} {} {said}{} {}", self.settings.from, self.call_me(), self.ring, self.crisis)
    }

    /// An answer was understood. `more`: it had words beside it, or it was the worst there is.
    pub fn noted(&self, values: &[i32], more: bool) -> String {
        let values = values.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
        let noted = format!("{} {values}.", self.of("Thank you. Noted:", "Diolch. Wedi nodi:"));
        if !more {
            return noted;
        }
        let said = self.of("Nobody reads texts at once.", "Nid yw neb yn darllen negeseuon yn syth.");
        format!("{noted} {said} {}{} {}", self.call_me(), self.ring, self.crisis)
    }

    /// Numbers that do not fit what was asked.
    pub fn not_understood(&self, scales: &[Scale]) -> String {
        let sorry =
            self.of("Sorry, that was not understood. Please send", "Mae'n ddrwg gennym, ni ddeallwyd hynny. Anfonwch");
        let range = |s: &Scale| format!("{} {} {}", s.min, self.of("to", "i"), s.max);
        let ranges = scales.iter().map(range).collect::<Vec<_>>().join(", ");
        let what = match scales.len() {
            1 => format!("{} {ranges}", self.of("a number,", "rif,")),
            n => format!("{n} {} ({ranges})", self.of("numbers with spaces between", "rhif a bwlch rhyngddynt")),
        };
        format!("{sorry} {what}. {}{} {}", self.call_me(), self.ring, self.emergency())
    }

    /// Words were passed on.
    pub fn passed_on(&self) -> String {
        let said = self.of(
            "Your words go to your team. Nobody reads texts at once. (An answer begins with its number.)",
            "Mae eich geiriau'n mynd i'ch tim. Nid yw neb yn darllen negeseuon yn syth. (Mae ateb yn dechrau gyda'i rif.)",
        );
        format!("{said}{} {}", self.ring, self.crisis)
    }

    /// The team was asked to ring, or to write to whoever is not to be rung.
    pub fn team_is_asked(&self) -> String {
        let said = if self.not_rung {
            self.of(
                "Your team is asked to text you as soon as someone can.",
                "Gofynnwyd i'ch tim anfon neges atoch cyn gynted ag y gall rhywun.",
            )
        } else {
            self.of(
                "Your team is asked to ring you as soon as someone can.",
                "Gofynnwyd i'ch tim eich ffonio cyn gynted ag y gall rhywun.",
            )
        };
        format!("{said}{} {}", self.ring, self.crisis)
    }

    /// Everybody was rung, and nobody has it. It may be long on its way, so it says when that was.
    pub fn not_answered(&self, time: &str) -> String {
        let (said, more) = (
            self.of("nobody has answered yet.", "nid oes neb wedi ateb eto."),
            self.of("We keep asking.", "Rydym yn dal i ofyn."),
        );
        format!("{time}: {said} {more}{} {}", self.ring, self.crisis)
    }

    pub fn ended(&self) -> String {
        let said = self.of(
            "Ended. No more texts come, and texts to this number are not read any more.",
            "Wedi gorffen. Ni ddaw mwy o negeseuon, ac ni ddarllenir negeseuon i'r rhif hwn mwyach.",
        );
        format!("{said}{} {}", self.ring, self.crisis)
    }

    /// What is asked. Without naming it where the names were not chosen, or make it too long.
    pub fn question(&self, questions: &[&Item]) -> String {
        let named = self.settings.names_questions.then(|| self.asks(questions, true));
        named.filter(|text| text.chars().count() <= LONGEST).unwrap_or_else(|| self.asks(questions, false))
    }

    fn asks(&self, questions: &[&Item], named: bool) -> String {
        let how = self.of("How are things today?", "Sut mae pethau heddiw?");
        if let [only] = questions {
            let asked = if named { self.name(only) } else { how.to_owned() };
            let reply = self.of("Reply", "Atebwch");
            return format!("{asked} {reply} {}-{} ({}).", only.min, only.max, self.ends(only));
        }
        let reply = self.of("Reply with numbers, spaces between:", "Atebwch gyda rhifau, a bwlch rhyngddynt:");
        let lines = questions.iter().zip(1..).map(|(item, n)| {
            let name = if named { format!("{} ", self.name(item)) } else { String::new() };
            format!("\n{n}. {name}{}", self.ends(item))
        });
        format!("{how} {reply}{}", lines.collect::<String>())
    }

    fn name(&self, item: &Item) -> String {
        match item.key.as_deref().and_then(standard) {
            Some(standard) if self.welsh => format!("Eich {}?", standard.short_cy),
            _ => item.text.clone(),
        }
    }

    /// `1 = very low, 7 = good`
    fn ends(&self, item: &Item) -> String {
        let (low, high) = self.labels(item);
        format!("{} = {}, {} = {}", item.min, small(&low), item.max, small(&high))
    }

    fn labels(&self, item: &Item) -> (String, String) {
        let (low, high) = item.labels.ends();
        let usual = sign_labels();
        let welsh = match item.key.as_deref() {
            Some("mood") => ("Isel iawn", "Da"),
            Some("sleep") => ("Prin o gwbl", "Yn dda"),
            Some("energy") => ("Dim", "Digon"),
            Some("connection") => ("Ar wahan", "Mewn cysylltiad"),
            Some("anxiety") => ("Dim o gwbl", "Llawer"),
            None if low == usual.low && high == usual.high => ("Dim o gwbl", "Llawer"),
            // In the client's own words.
            _ => (low, high),
        };
        let (low, high) = if self.welsh { welsh } else { (low, high) };
        (low.to_owned(), high.to_owned())
    }

    fn emergency(&self) -> &str {
        self.crisis.split_inclusive('.').next().unwrap_or_default()
    }
}

/// The numbers that are right everywhere, first the one for danger.
fn crisis() -> Result<String> {
    let lines = provider::shipped_lines()?;
    let number = |id: &str| lines.iter().find(|l| l.id == id).map(|l| l.number.as_str()).unwrap_or_default();
    let word = lines.iter().find(|l| l.id == "shout").and_then(|l| l.text_word.as_deref()).unwrap_or_default();
    let [danger, samaritans, shout] = ["emergency", "samaritans", "shout"].map(number);
    Ok(format!("In danger: {danger}. Samaritans {samaritans}, or text {word} to {shout}."))
}

fn small(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use mobile_shared::{
        item::HigherIs,
        reminder::{Clock, Weekday},
    };
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::{ids::SeriesId, items::Kind};

    fn settings(language: &str, names_questions: bool) -> Settings {
        Settings {
            number: "+447700900123".into(),
            items: vec![SeriesId(Uuid::nil())],
            days: vec![Weekday::Mo],
            time: Clock::new(10, 0).unwrap(),
            language: language.into(),
            names_questions,
            from: "Harbour Support".into(),
        }
    }

    fn item(key: Option<&str>, text: &str, min: i32, max: i32) -> Item {
        let labels = match key.and_then(standard) {
            Some(standard) => json!({ "low": standard.labels[0], "middle": "-", "high": standard.labels[2] }),
            None => json!({ "low": "Not at all", "middle": "Some", "high": "A lot" }),
        };
        Item {
            id: Uuid::nil().into(),
            series_id: Uuid::nil().into(),
            version: 1,
            kind: if key.is_some() { Kind::Standard } else { Kind::Sign },
            key: key.map(str::to_owned),
            text: text.into(),
            labels: serde_json::from_value(labels).unwrap(),
            min,
            max,
            higher_is: HigherIs::Better,
            position: 0,
            current: true,
        }
    }

    #[test]
    fn a_question_says_what_is_asked_about_only_if_that_was_chosen() {
        let (mood, sign) = (item(Some("mood"), "How has your mood been?", 1, 7), item(None, "People stare", 0, 10));
        let asks = |language, named, items: &[&Item]| {
            Texts::new(&settings(language, named), language, false, None).unwrap().question(items)
        };
        assert_eq!(asks("en", false, &[&mood]), "How are things today? Reply 1-7 (1 = very low, 7 = good).");
        assert_eq!(asks("en", true, &[&mood]), "How has your mood been? Reply 1-7 (1 = very low, 7 = good).");
        assert_eq!(
            asks("en", false, &[&mood, &sign]),
            "How are things today? Reply with numbers, spaces between:\n1. 1 = very low, 7 = good\n2. 0 = not at all, 10 = a lot"
        );
        assert_eq!(asks("cy", false, &[&mood]), "Sut mae pethau heddiw? Atebwch 1-7 (1 = isel iawn, 7 = da).");
        assert_eq!(asks("cy", true, &[&mood]), "Eich hwyliau? Atebwch 1-7 (1 = isel iawn, 7 = da).");
        // Too long for two texts: then without the names.
        let long = item(None, &"so ".repeat(66), 0, 10);
        assert!(!asks("en", true, &[&mood, &long, &long]).contains("so so"));
    }

    #[test]
    fn every_text_is_two_at_most_in_plain_letters() {
        let scales = [Scale::seven(HigherIs::Better); 3];
        let all = item(Some("connection"), "How connected have you felt to other people?", 1, 7);
        for (language, not_rung) in [("en", false), ("cy", false), ("en", true), ("cy", true)] {
            let settings = settings(language, true);
            let texts = Texts::new(&settings, language, not_rung, Some("01632 960 000")).unwrap();
            for text in [
                texts.first(),
                texts.welcome(),
                texts.who(),
                texts.noted(&[4, 3, 6], false),
                texts.noted(&[4, 3, 6], true),
                texts.not_understood(&scales),
                texts.passed_on(),
                texts.team_is_asked(),
                texts.not_answered("14:05"),
                texts.ended(),
                texts.question(&[&all; 3]),
            ] {
                assert!(is_plain(&text), "{text}");
                assert!(text.chars().count() <= LONGEST, "{} {text}", text.chars().count());
                let quiet = text.to_lowercase();
                assert!(
                    !["mood", "mental", "crisis", "health", "hwyl", "meddwl"].iter().any(|w| quiet.contains(w)),
                    "{text}"
                );
            }
            for one in [texts.noted(&[4], false), texts.question(&[&all])] {
                assert!(one.chars().count() <= 160, "{one}");
            }
        }
    }

    #[test]
    fn no_text_promises_that_somebody_rings_and_none_speaks_of_it_to_whoever_is_not_rung() {
        for (language, not_rung) in [("en", false), ("cy", false), ("en", true), ("cy", true)] {
            let settings = settings(language, false);
            let texts = Texts::new(&settings, language, not_rung, Some("01632 960 000")).unwrap();
            let scales = [Scale::seven(HigherIs::Better)];
            for text in [
                texts.welcome(),
                texts.who(),
                texts.noted(&[1], true),
                texts.not_understood(&scales),
                texts.team_is_asked(),
            ] {
                let speaks_of_it = ["ring you", "now ring", "CALL ME", "ffonio", "ffoniwch", "FFONIWCH"]
                    .iter()
                    .any(|w| text.contains(w));
                assert_eq!(speaks_of_it, !not_rung, "{text}");
                assert!(text.contains("01632 960 000"), "{text}");
                assert!(["asks", "asked", "gofyn", "Gofynnwyd"].iter().any(|w| text.contains(w)), "{text}");
            }
        }
    }

    #[test]
    fn whoever_may_be_in_danger_is_told_whom_to_ring() {
        for language in ["en", "cy"] {
            let settings = settings(language, false);
            let texts = Texts::new(&settings, language, false, Some("01632 960 000")).unwrap();
            for text in [
                texts.who(),
                texts.passed_on(),
                texts.team_is_asked(),
                texts.not_answered("14:05"),
                texts.ended(),
                texts.noted(&[1], true),
            ] {
                assert!(text.ends_with("In danger: 999. Samaritans 116 123, or text SHOUT to 85258."), "{text}");
                assert!(text.contains("01632 960 000"), "{text}");
            }
            for text in [texts.not_understood(&[Scale::seven(HigherIs::Better)]), texts.welcome()] {
                assert!(text.ends_with("In danger: 999."), "{text}");
            }
        }
    }
}
