//! Which items rise together, and how high they stand as one.
//!
//! A subset scan (Kulldorff 1997; fast because only the highest `k` of each size can be best, Neill 2012): the items of one client
//! move alike by chance (`likeness`), so a subset is weighed against what the other items say. If all `n` items had the correlation
//! `r`, the log-likelihood ratio for "these `k` have risen" is half the square of
//!
//! ```text
//!           sum(top k) - k c sum(all)                        r
//! height = ---------------------------  ,     c = -----------------
//!           sqrt((1 - r) (k - k² c))               1 + (n - 1) r
//! ```

use super::rules::Rules;

/// The items that rise together, most important first, and how high they stand as one, in standard errors.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rise {
    pub height: f64,
    pub items: Vec<usize>,
}

/// The subset that stands out most among `(height, item)` of single items.
pub(super) fn highest(heights: &mut [(f64, usize)], rules: &Rules) -> Rise {
    heights.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    #[expect(clippy::cast_precision_loss, reason = "a few items")]
    let n = heights.len() as f64;
    let r = rules.likeness;
    let c = r / (1.0 + (n - 1.0) * r);
    // An item that is calm vouches for the others only so far.
    let all: f64 = heights.iter().map(|h| h.0.max(rules.calm)).sum();
    let (mut best, mut sum, mut k, mut taken) = (0.0, 0.0, 0.0, 0);
    for (n, (height, _)) in heights.iter().enumerate().take_while(|(_, h)| h.0 > 0.0) {
        sum += height;
        k += 1.0;
        let together = (sum - k * c * all) / ((1.0 - r) * (k - k * k * c)).sqrt();
        if together > best {
            (best, taken) = (together, n + 1);
        }
    }
    Rise { height: best, items: heights[..taken].iter().map(|h| h.1).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(heights: &[f64]) -> Rise {
        let mut numbered: Vec<(f64, usize)> = heights.iter().copied().zip(0..).collect();
        highest(&mut numbered, &Rules::default())
    }

    #[test]
    fn one_item_alone_is_as_high_as_it_is() {
        assert!((of(&[3.0]).height - 3.0).abs() < 1e-9);
    }

    #[test]
    fn two_that_rise_stand_out_from_four_that_do_not() {
        let rise = of(&[0.0, 2.5, -1.0, 2.4, 0.3, 0.1]);
        assert_eq!(rise.items, [1, 3]);
        assert!(rise.height > 2.5, "{rise:?}");
    }

    #[test]
    fn all_a_little_is_less_than_some_by_much() {
        assert!(of(&[1.5; 6]).height < of(&[2.5, 2.5, 2.5, 0.5, 0.5, 0.5]).height);
    }

    #[test]
    fn a_very_good_item_vouches_no_more_than_a_calm_one() {
        assert!((of(&[2.5, 0.0]).height - of(&[2.5, -4.0]).height).abs() < 1e-9);
    }

    #[test]
    fn nothing_rises_where_nothing_is_above_usual() {
        assert_eq!(of(&[-1.0, 0.0]), Rise::default());
        assert_eq!(of(&[]), Rise::default());
    }
}
