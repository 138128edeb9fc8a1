//! Asking other machines. An address that somebody typed may name a machine of our own network, so names are resolved here
//! and only public addresses are connected to; redirects are held to the same.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Client, ClientBuilder,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::{Action, Attempt, Policy},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
const MOST_REDIRECTS: usize = 5;

/// How far a client may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Over https, to public addresses.
    Public,
    /// Anywhere: for a peer on this machine, in tests.
    Anywhere,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A client for requests to machines that are not ours.
pub fn client(reach: Reach) -> Result<Client, Failure> {
    let client = bare()?.connect_timeout(CONNECT_WITHIN).timeout(ANSWER_WITHIN);
    let client = match reach {
        Reach::Public => client
            .https_only(true)
            .dns_resolver(Arc::new(PublicOnly(Names::OfTheSystem)))
            .redirect(Policy::custom(follow_public)),
        Reach::Anywhere => client.redirect(Policy::limited(MOST_REDIRECTS)),
    };
    Ok(client.build()?)
}

/// A client that posts to push services and gateways: public addresses only, nowhere else when sent on, and not longer than this in all.
/// `in_clear` is for a peer on this machine, in tests.
pub fn delivery_client(names: Names, in_clear: bool, within: Duration) -> Result<Client, Failure> {
    let client = bare()?
        .connect_timeout(within.min(CONNECT_WITHIN))
        .timeout(within)
        .https_only(!in_clear)
        .dns_resolver(Arc::new(PublicOnly(names)))
        .redirect(Policy::none());
    Ok(client.build()?)
}

fn bare() -> Result<ClientBuilder, Failure> {
    let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Client::builder()
        .tls_backend_preconfigured(tls)
        // A proxy of the environment would resolve names for us, and not ask whether they are public.
        .no_proxy()
        .user_agent(concat!("companion/", env!("CARGO_PKG_VERSION"))))
}

/// Each step of a redirect is held to what the first address was.
fn follow_public(attempt: Attempt<'_>) -> Action {
    if attempt.previous().len() > MOST_REDIRECTS {
        attempt.error("sent in circles")
    } else if names_its_host(attempt.url()) {
        attempt.follow()
    } else {
        attempt.error("sent to an address without a name")
    }
}

/// Whether an address names its host in letters. One in numbers is not resolved, so it would get past [`PublicOnly`].
pub fn names_its_host(url: &reqwest::Url) -> bool {
    url.host_str().is_some_and(|h| h.contains('.') && h.parse::<IpAddr>().is_err() && !h.starts_with('['))
}

type Lookup = dyn Fn(&str) -> Vec<IpAddr> + Send + Sync;

/// Who says which addresses a name has.
#[derive(Clone)]
pub enum Names {
    OfTheSystem,
    /// A story's own.
    Given(Arc<Lookup>),
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names(..)")
    }
}

/// Names resolve to their public addresses; connections are made to what was looked at here, so a name that says something
/// else a moment later changes nothing.
struct PublicOnly(Names);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = match names {
                Names::OfTheSystem => tokio::net::lookup_host((name.as_str(), 0)).await?.collect(),
                Names::Given(lookup) => lookup(name.as_str()).into_iter().map(|ip| SocketAddr::new(ip, 0)).collect(),
            };
            let public: Vec<SocketAddr> = found.into_iter().filter(|a| is_public(a.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other("its name leads to no public address").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Addresses that belong to no private, local or special network (IANA's special-purpose registries).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inside) = ip.to_ipv4_mapped() {
        return is_public_v4(inside);
    }
    let [first, second, ..] = ip.segments();
    // Global unicast is 2000::/3; within it tunnels (Teredo, 6to4), documentation and benchmarks are not.
    (0x2000..0x4000).contains(&first)
        && first != 0x2002
        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
        && !(first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_connected_to() {
        for good in ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4009::1"] {
            assert!(is_public(good.parse().unwrap()), "{good}");
        }
        for bad in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "192.0.0.8",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2001::1",
            "64:ff9b::7f00:1",
        ] {
            assert!(!is_public(bad.parse().unwrap()), "{bad}");
        }
    }

    #[test]
    fn an_address_in_numbers_is_not_taken() {
        for (url, named) in [
            ("https://www.nhs.uk/x", true),
            ("https://127.0.0.1/", false),
            ("https://[::1]/", false),
            ("https://2130706433/", false),
            ("https://localhost/", false),
        ] {
            assert_eq!(names_its_host(&url.parse().unwrap()), named, "{url}");
        }
    }
}
