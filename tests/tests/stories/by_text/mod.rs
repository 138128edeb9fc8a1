//! Check-ins by text: agreed with a client, asked for once a day, answered in numbers; what is no number reaches a person.

mod agreeing;
mod answering;
mod asking;
mod reaching;
mod reading;
