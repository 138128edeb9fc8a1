//! Figures as lines of a Markdown table.

/// The two lines that begin a table.
pub fn head(columns: &[&str]) {
    row(columns);
    println!("|---|{}", "---:|".repeat(columns.len() - 1));
}

pub fn row<T: AsRef<str>>(cells: &[T]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    println!("| {} |", cells.join(" | "));
}

/// A share: ".52".
pub fn share(value: f64) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    let fixed = format!("{value:.2}");
    fixed.strip_prefix('0').unwrap_or(&fixed).to_owned()
}

/// Several shares in one cell: ".52 / .84".
pub fn shares(values: &[f64]) -> String {
    values.iter().map(|v| share(*v)).collect::<Vec<_>>().join(" / ")
}

/// So many a year: "1.32".
pub fn rate(value: f64) -> String {
    format!("{value:.2}")
}

/// A number as it would be typed: "3.5", "12".
pub fn number(value: f64) -> String {
    let fixed = format!("{value:.3}");
    fixed.trim_end_matches('0').trim_end_matches('.').to_owned()
}
