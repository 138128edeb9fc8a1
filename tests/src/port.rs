//! A port that is one test's for as long as it lasts, also while its server is killed and not yet started again. Tests run
//! beside each other, and a port that is only looked for and let go can be given to two of them: the second would speak to
//! the first one's server.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
};

use companion::clock::Chance;

/// Under what systems give out by themselves (from 32768 on Linux), twins too; tests/web/lib/port.mjs goes by the same rule.
const FIRST: u16 = 22_000;
const COUNT: u16 = 10_000;

/// Held by listening on its twin, `COUNT` below.
#[derive(Debug)]
pub struct Port {
    pub number: u16,
    _held: TcpListener,
}

impl Port {
    pub fn hold() -> Self {
        let chance = Chance::from_system();
        loop {
            let [high, low] = chance.bytes();
            let number = FIRST + u16::from_be_bytes([high, low]) % COUNT;
            if let (Some(held), Some(_)) = (listens(number - COUNT), listens(number)) {
                return Self { number, _held: held };
            }
        }
    }
}

/// None where somebody else listens already.
fn listens(port: u16) -> Option<TcpListener> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => Some(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => None,
        Err(error) => panic!("port {port}: {error}"),
    }
}
