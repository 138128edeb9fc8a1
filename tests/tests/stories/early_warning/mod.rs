//! Early warning in the product: what is usual, which rules warn, silence, and what is done when it was wrong.

mod baseline;
mod figures;
mod past;
mod rules;
mod sharing;
mod silence;
