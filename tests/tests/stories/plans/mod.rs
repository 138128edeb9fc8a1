//! The stay-well plan: made together, kept whole, and at work beside flags.

mod agreeing;
mod at_work;
mod drafting;
