//! What `score.py` prints, word for word, so that `diff` can prove the port.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::ExitCode;

use serde::Deserialize;

use crate::data::{self, DataError, Set, wrong};
use crate::score::{Flags, Score};

#[derive(Deserialize)]
struct FlagRow {
    person_id: String,
    day: i32,
    level: u8,
    reason: String,
}

pub fn print(folder: &Path, flags: &Path, name: &str, level: &str) -> Result<ExitCode, DataError> {
    let least: u8 = level.parse().map_err(|_| wrong(Path::new(level), "the least level is 1 or 2"))?;
    let set = data::read(folder, name)?;
    let (flags, without_reason) = read(flags, &set)?;
    print!("{}", text(&Score::of(&set, &flags, least)));
    println!("{:26} {without_reason}", "flags_without_reason");
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path, set: &Set) -> Result<(Flags, usize), DataError> {
    let numbers: HashMap<&str, usize> = set.people.iter().map(|p| p.id.as_str()).zip(0..).collect();
    let mut flags: Flags = set.people.iter().map(|p| vec![0; p.rows.len()]).collect();
    let mut without_reason = 0;
    for row in data::rows::<FlagRow>(path)? {
        let n = *numbers.get(row.person_id.as_str()).ok_or_else(|| wrong(path, "a flag of an unknown person"))?;
        let day = usize::try_from(row.day - set.people[n].start).ok().and_then(|day| flags[n].get_mut(day));
        *day.ok_or_else(|| wrong(path, "a flag outside the days of its person"))? = row.level;
        without_reason += usize::from(row.reason.is_empty());
    }
    Ok((flags, without_reason))
}

/// The lines of `score.py` without the last one, which is about reasons.
fn text(score: &Score) -> String {
    let found = |days: i32| score.share(|o| o.delay.is_some_and(|delay| delay <= days));
    let mut lines = vec![
        ("events".to_owned(), score.outcomes.len().to_string()),
        ("persons".to_owned(), score.persons.to_string()),
        ("person_years".to_owned(), rounded(Some(score.years()), 2)),
        ("sens14".to_owned(), thousandths(found(14))),
        ("sens28".to_owned(), thousandths(found(28))),
        ("sens_any".to_owned(), thousandths(score.share(|o| o.delay.is_some()))),
        ("sens_before_peak".to_owned(), thousandths(score.share(|o| o.lead.is_some_and(|lead| lead > 0)))),
        ("median_delay".to_owned(), thousandths(score.median_delay())),
        ("median_delay_censored".to_owned(), thousandths(score.median_delay().and(score.median_delay_of_all()))),
        ("median_lead_to_peak".to_owned(), thousandths(score.median_lead())),
        ("false_alarms".to_owned(), score.false_alarms.to_string()),
        ("fa_per_py".to_owned(), thousandths(Some(score.false_alarms_a_year()))),
        ("warmup_alarms".to_owned(), score.too_early.to_string()),
        ("stable_persons".to_owned(), score.stable.to_string()),
        ("specificity".to_owned(), thousandths(score.never_flagged())),
    ];
    for kind in score.outcomes.iter().map(|o| o.kind.as_str()).collect::<BTreeSet<_>>() {
        let only = score.only(kind);
        lines.push((format!("sens14_{kind}"), thousandths(Some(only.found(14)))));
        lines.push((format!("sens28_{kind}"), thousandths(Some(only.found(28)))));
        lines.push((format!("delay_{kind}"), thousandths(only.median_delay_of_all())));
    }
    let lines: Vec<String> = lines.iter().map(|(key, value)| format!("{key:26} {value}\n")).collect();
    lines.concat()
}

fn thousandths(value: Option<f64>) -> String {
    rounded(value, 3)
}

/// As Python shows a rounded number: without needless zeros, but never without a decimal.
fn rounded(value: Option<f64>, places: usize) -> String {
    let Some(value) = value else { return "None".to_owned() };
    let fixed = format!("{value:.places$}");
    let short = fixed.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `score.py` prints for [`plain`] flags: for each set and level a line `== set level`, then its lines.
    const RECORDED: &str = include_str!("recorded.txt");

    /// A rule that anyone can write down: how bad the mean of a day's answers is. The engine may change; these flags do not.
    fn plain(set: &Set) -> Flags {
        let level = |row: &Option<data::Row>| {
            let said: Vec<f64> = row.iter().flatten().filter_map(|v| *v).collect();
            crate::numbers::mean(&said).map_or(0, |mean| u8::from(mean >= 3.0) + u8::from(mean >= 5.0))
        };
        set.people.iter().map(|p| p.rows.iter().map(level).collect()).collect()
    }

    #[test]
    fn the_port_says_what_score_py_said() {
        let folder = data::beside_the_repository();
        for part in RECORDED.split("== ").skip(1) {
            let (title, expected) = part.split_once('\n').unwrap();
            let (name, least) = title.split_once(' ').unwrap();
            let set = match data::read(&folder, name) {
                Ok(set) => set,
                Err(DataError::Missing(file)) => {
                    let required = std::env::var("COMPANION_REQUIRE_DATA").is_ok_and(|v| v == "1");
                    assert!(!required, "COMPANION_REQUIRE_DATA=1, but there is no {}", file.display());
                    println!("SKIPPED: there is no {}", file.display());
                    return;
                }
                Err(error) => panic!("{error}"),
            };
            let score = Score::of(&set, &plain(&set), least.parse().unwrap());
            assert_eq!(text(&score), expected, "{title}");
        }
    }

    #[test]
    fn numbers_look_as_python_shows_them() {
        let shown = |value| rounded(Some(value), 3);
        assert_eq!((shown(1.0).as_str(), shown(0.5164).as_str(), shown(0.33).as_str()), ("1.0", "0.516", "0.33"));
        assert_eq!(rounded(None, 3), "None");
    }
}
