//! One wording of a resource as it is written: front matter in TOML between lines of `+++`, then Markdown.
//! `server/library/README.md` tells writers the same.

use chrono::NaiveDate;
use mobile_shared::resource::{
    Block, Edition, Exercise, HelpsWith, Reviewed, Source as Checkable, Stage, Text, Topic, may_link,
};
use serde::{Deserialize, Serialize};

use super::{
    markdown::{self, Fault},
    readability::Counts,
};

/// The longest text we keep, in bytes.
pub const LONGEST: usize = 40_000;
const LONGEST_TITLE: usize = 90;
const LONGEST_SUMMARY: usize = 160;
/// What we aim for, in years: most adults in the United Kingdom read comfortably at 9 to 11.
pub const HARDEST: f64 = 12.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Article,
    Exercise,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    pub title: String,
    pub summary: String,
    #[serde(default)]
    pub kind: Kind,
    pub exercise: Option<Exercise>,
    pub topics: Vec<Topic>,
    #[serde(default = "any")]
    pub stage: Stage,
    pub minutes: u32,
    pub written_on: toml::value::Datetime,
    #[serde(default)]
    pub helps_with: Vec<HelpsWith>,
    #[serde(default)]
    pub search_words: Vec<String>,
    #[serde(default)]
    pub awaiting_native_review: bool,
    /// Never to be suggested, and no trace of having read it is kept: somebody else may look at this phone.
    #[serde(default)]
    pub discreet: bool,
    #[serde(default)]
    pub sources: Vec<Checkable>,
    /// The folder says it too; a file that says otherwise is in the wrong place.
    pub language: Option<String>,
    pub easy_read: Option<bool>,
    /// Told in files that were exported; a review is made in the app, by the person themselves, and never by a file.
    #[serde(default)]
    pub reviewed_by: String,
}

fn any() -> Stage {
    Stage::Any
}

/// A wording that could be read, and what is to be said about it.
#[derive(Clone, Debug)]
pub struct Written {
    pub front: FrontMatter,
    pub written_on: NaiveDate,
    pub edition: Edition,
    pub blocks: Vec<Block>,
}

/// What came of reading a file.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub written: Option<Written>,
    /// What must be changed before it can be kept. `None`: about the file as a whole.
    pub faults: Vec<(Option<usize>, String)>,
}

/// Reads a file. The blocks are safe whatever the faults are.
pub fn read(file: &str, edition: Edition) -> Reading {
    let mut reading = Reading::default();
    let Some((front, body, first_line)) = parts(file) else {
        reading
            .fault(None, "A text begins with a line +++, its title and so on, another line +++, and then the words.");
        return reading;
    };
    if file.len() > LONGEST {
        reading.fault(None, "This is too long to be kept on a phone. Please make it two.");
    }
    let front: FrontMatter = match toml::from_str(front) {
        Ok(front) => front,
        Err(error) => {
            let line = error.span().map(|s| front[..s.start.min(front.len())].matches('\n').count() + 2);
            reading.fault(line, error.message());
            return reading;
        }
    };
    let (blocks, faults) = markdown::read(body);
    reading.faults.extend(faults.into_iter().map(|Fault { line, message }| (Some(line + first_line), message)));
    reading.check_front(&front, edition);
    let date = front.written_on.date.and_then(|d| NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()));
    match date {
        Some(written_on) => reading.written = Some(Written { front, written_on, edition, blocks }),
        None => reading.fault(None, "written_on is a date, like 2026-11-22."),
    }
    reading
}

/// Front matter, body, and how many lines stand before the body.
fn parts(file: &str) -> Option<(&str, &str, usize)> {
    let rest = file.strip_prefix("+++\n")?;
    let (front, body) = rest.split_once("\n+++\n").or_else(|| rest.strip_suffix("\n+++").map(|front| (front, "")))?;
    Some((front, body, front.matches('\n').count() + 3))
}

impl Reading {
    fn fault(&mut self, line: Option<usize>, message: impl Into<String>) {
        self.faults.push((line, message.into()));
    }

    fn check(&mut self, ok: bool, message: impl Into<String>) {
        if !ok {
            self.fault(None, message);
        }
    }

    fn check_front(&mut self, front: &FrontMatter, edition: Edition) {
        self.check(!front.title.trim().is_empty(), "Please give it a title.");
        self.check(
            front.title.chars().count() <= LONGEST_TITLE,
            format!("A title has at most {LONGEST_TITLE} characters."),
        );
        self.check(
            front.summary.chars().count() <= LONGEST_SUMMARY,
            format!("A summary has at most {LONGEST_SUMMARY} characters."),
        );
        self.check((1..=60).contains(&front.minutes), "How many minutes does it take? Between 1 and 60.");
        self.check(front.topics.len() <= 4, "Four topics are the most.");
        self.check(front.search_words.len() <= 30, "Thirty search words are the most.");
        self.check(
            front.search_words.iter().all(|w| w.chars().count() <= 60),
            "Each search word has at most 60 characters.",
        );
        self.check(
            (front.kind == Kind::Exercise) == front.exercise.is_some(),
            "An exercise says which one it is, and an article does not.",
        );
        self.check(
            front.language.as_deref().is_none_or(|l| l == edition.language())
                && front.easy_read.is_none_or(|easy| easy == edition.is_easy()),
            "This text is of another language, or Easy Read where this is not.",
        );
        for source in &front.sources {
            let lengths = source.title.chars().count() <= 200
                && source.publisher.chars().count() <= 100
                && source.url.len() <= 500;
            self.check(lengths, "A source is too long.");
            self.check(
                source.url.starts_with("https://") && may_link(&source.url),
                format!("A source needs an address that begins with https://. {:?} is not one.", source.url),
            );
        }
    }
}

impl Written {
    pub fn text(&self, reviewed: Option<Reviewed>) -> Text {
        let clean = |text: &str| markdown::clean(text).trim().to_owned();
        let front = &self.front;
        Text {
            title: clean(&front.title),
            summary: clean(&front.summary),
            topics: front.topics.clone(),
            stage: front.stage,
            minutes: front.minutes,
            helps_with: front.helps_with.clone(),
            search_words: front.search_words.iter().map(|w| clean(w)).collect(),
            sources: front
                .sources
                .iter()
                .map(|s| Checkable { title: clean(&s.title), publisher: clean(&s.publisher), url: clean(&s.url) })
                .filter(|s| may_link(&s.url))
                .collect(),
            written_on: self.written_on,
            reviewed,
            awaiting_native_review: front.awaiting_native_review,
            discreet: front.discreet,
            blocks: self.blocks.clone(),
        }
    }

    pub fn counts(&self) -> Counts {
        let words: Vec<String> = self.blocks.iter().flat_map(Block::words).collect();
        Counts::of(words.iter().map(String::as_str))
    }

    /// In years. `None` for Welsh: the formula is for English.
    pub fn reading_age(&self) -> Option<f64> {
        (self.edition.language() == "en").then(|| self.counts().reading_age()).flatten()
    }

    /// Other resources that it links to.
    pub fn linked(&self) -> Vec<&str> {
        self.blocks.iter().flat_map(Block::links).filter_map(|l| l.strip_prefix("resource:")).collect()
    }

    pub fn images(&self) -> Vec<uuid::Uuid> {
        self.blocks
            .iter()
            .filter_map(|b| if let Block::Image { image_id, .. } = b { Some(*image_id) } else { None })
            .collect()
    }

    /// What would make it better, for whoever writes it. None of this keeps a draft from being saved.
    pub fn advice(&self) -> Vec<String> {
        let mut advice = Vec::new();
        let mut say = |so: bool, words: String| {
            if so {
                advice.push(words);
            }
        };
        let counts = self.counts();
        say(self.front.summary.trim().is_empty(), "A summary in one sentence helps people to choose.".to_owned());
        say(self.front.topics.is_empty(), "Without a topic it is found by search only.".to_owned());
        say(
            !matches!(self.blocks.first(), Some(Block::Heading { .. })),
            "Begin with a heading, and with something to do in the next five minutes.".to_owned(),
        );
        say(self.front.sources.len() < 2, "Two sources that people can check make it worth trusting.".to_owned());
        say(
            counts.words > 800,
            format!("{} words are a lot on a phone. 350 to 800 are read to the end.", counts.words),
        );
        if let Some(age) = self.reading_age().filter(|age| *age > HARDEST) {
            say(
                true,
                format!(
                    "Its reading age is about {age:.0}. Shorter sentences and shorter words bring it down: 9 to 11 is what to aim for."
                ),
            );
        }
        advice
    }

    /// Enough to be shown to clients.
    pub fn is_whole(&self) -> bool {
        !self.front.summary.trim().is_empty() && !self.front.topics.is_empty() && !self.blocks.is_empty()
    }
}

/// A name for links and files, made of a title. Empty if nothing of it is a letter or a digit.
pub fn slug_of(title: &str) -> String {
    let words: String = title
        .to_lowercase()
        .replace(['\'', '’'], "")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let slug = words.split_whitespace().take(6).collect::<Vec<_>>().join("-");
    slug.chars().take(56).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "+++\ntitle = \"A warm drink\"\nsummary = \"For a cold night.\"\ntopics = [\"sleep\"]\nminutes = 1\nwritten_on = 2026-11-22\nlanguage = \"en\"\n+++\n\n## In the next five minutes\n\nPut the kettle on.\n";

    #[test]
    fn a_text_is_read_with_its_front_matter() {
        let reading = read(GOOD, Edition::English);
        assert_eq!(reading.faults, []);
        let text = reading.written.unwrap().text(None);
        assert_eq!((text.title.as_str(), text.minutes, text.topics[0]), ("A warm drink", 1, Topic::Sleep));
        assert_eq!(text.blocks.len(), 2);
    }

    #[test]
    fn faults_name_the_line_of_the_file() {
        let html = read(&format!("{GOOD}\n<b>x</b>\n"), Edition::English);
        assert_eq!(html.faults.iter().map(|f| f.0).collect::<Vec<_>>(), [Some(14), Some(14)]);
        let typo = read(&GOOD.replace("minutes = 1", "minutes = one"), Edition::English);
        assert_eq!(typo.faults.iter().map(|f| f.0).collect::<Vec<_>>(), [Some(5)]);
        assert!(!read(GOOD, Edition::Welsh).faults.is_empty());
        assert!(!read("just words", Edition::English).faults.is_empty());
    }

    #[test]
    fn a_title_becomes_a_name() {
        assert_eq!(slug_of("When you can’t be bothered"), "when-you-cant-be-bothered");
        assert_eq!(slug_of("¿?"), "");
    }
}
