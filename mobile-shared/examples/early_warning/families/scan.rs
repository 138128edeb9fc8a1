//! A scan over windows of days and subsets of items (Kulldorff 1997). Of each size only the highest items can be best, so the search
//! over subsets is a sort (Neill 2012). Items and days are taken to be independent, as in the plain form.

use super::Heights;
use super::series::{Series, items};
use crate::data::Person;
use crate::numbers::real;

/// Days to three weeks at once.
const WINDOWS: [usize; 4] = [3, 7, 14, 21];

/// On each check-in day after the first four weeks, the subset and window that stand out most.
pub fn heights(person: &Person) -> Heights {
    let items: Vec<Series> = items(person).into_iter().flatten().collect();
    let begins = items.iter().filter_map(|s| s.judged().first()).map(|v| v.0).min().unwrap_or(usize::MAX);
    let height = |(today, row): (usize, &Option<_>)| {
        (row.is_some() && today >= begins).then(|| {
            let windows = WINDOWS.iter().map(|days| subset(&items, today, *days));
            windows.fold(0.0, f64::max)
        })
    };
    person.rows.iter().enumerate().map(height).collect()
}

/// The height of the best subset in one window: `sum / sqrt(k)` over its `k` items, each a mean in its own standard errors.
fn subset(items: &[Series], today: usize, days: usize) -> f64 {
    let mut each: Vec<f64> = items.iter().filter_map(|series| window(series, today, days)).collect();
    each.sort_by(|a, b| b.total_cmp(a));
    let (mut best, mut sum) = (0.0, 0.0);
    for (k, height) in (1..).zip(each) {
        sum += height;
        best = f64::max(best, sum / real(k).sqrt());
    }
    best
}

fn window(series: &Series, today: usize, days: usize) -> Option<f64> {
    let there = series.values.iter().rev().skip_while(|v| v.0 > today).take_while(|v| v.0 + days > today);
    let (sum, count) = there.fold((0.0, 0), |(sum, count), (_, z)| (sum + z, count + 1));
    (count > 0).then(|| sum / real(count).sqrt())
}
