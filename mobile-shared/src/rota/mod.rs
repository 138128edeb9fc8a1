//! The rota: who is on, at which instants, and where nobody is.
//!
//! Stored is what people write on a wall: "Fridays, 22:00 to 08:00, Dee" ([`Pattern`]). Instants are worked out late ([`shifts`]), and
//! everything else is asked of those: who is on ([`on`]), where nobody is ([`holes`]), how long somebody stays ([`unbroken`]).
//!
//! When clocks change, cover may overlap and never gaps: a shift starts at the *first* and ends at the *last* instant at which the wall
//! shows its time, and a time that the clocks jump over is the first valid minute after. So shifts that join on the wall join in truth.

mod cover;
mod night;
mod pattern;
mod shift;

pub use cover::{Absence, Hole, holes, next_covered, on, unbroken};
pub use night::{begins_at_night, is_night};
pub use pattern::{Fault, Kind, Line, Pattern};
pub use shift::{Change, Shift, shifts, starts_and_ends};

#[cfg(test)]
mod made_up;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod stories;
