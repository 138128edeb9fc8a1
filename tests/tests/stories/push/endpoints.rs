//! Whoever holds a phone may name any address as a push service's. None of them is connected to.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use companion::{
    ids::SubscriptionId,
    jobs,
    notify::{endpoint::Hosts, sender::Sender, subscriptions},
    outbound::Names,
    serve,
};
use companion_tests::{
    Api, Phone, World,
    database::Database,
    push_peer::{Browser, PushPeer},
    story,
};
use reqwest::Method;
use tokio::net::TcpListener;
use web_push::SubscriptionInfo;

use super::{delivery, on_phone, try_out};

/// Hosts that are none of the push services, or not as a push service writes itself.
const HOSTS: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "127.0.0.2",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "8.8.8.8",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fd00::1]",
    "[0:0:0:0:0:ffff:10.0.0.1]",
    "[2606:4700::1111]",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "127.0.0.1.example.org",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "metadata.google.internal",
    "example.org",
    "fcm.googleapis.com.example.org",
    "evilfcm.googleapis.com",
    "a.fcm.googleapis.com",
    "fcm.googleapis.com.",
    "FCM.googleapis.com",
    "fcm.googleapis.com%2eexample.org",
    "fcm%2egoogleapis.com",
    "fcm。googleapis。com",
    "fсm.googleapis.com",
    "googleapis.com",
    "push.apple.com",
    ".push.apple.com",
    "evilpush.apple.com",
    "web.push.apple.com.example.org",
    "notify.windows.com",
    "evilnotify.windows.com",
    "push.services.mozilla.com",
    "evil-push.services.mozilla.com",
    "web.push.apple.com@127.0.0.1",
    "127.0.0.1#.push.apple.com",
    "127.0.0.1?.push.apple.com",
    "127.0.0.1/.push.apple.com",
    "127.0.0.1\\.push.apple.com",
    "127.0.0.1%00.push.apple.com",
    "127.0.0.1\t.push.apple.com",
    "*.push.apple.com",
    "",
];

/// Every host in every form of address, with the ports that somebody listens on; and forms of the known services that none of
/// them uses.
fn hostile(port: u16) -> Vec<String> {
    let forms: [fn(&str, u16) -> String; 12] = [
        |h, _| format!("https://{h}/x"),
        |h, p| format!("https://{h}:{p}/x"),
        |h, p| format!("http://{h}:{p}/x"),
        |h, _| format!("http://{h}/x"),
        |h, p| format!("https://fcm.googleapis.com@{h}:{p}/x"),
        |h, _| format!("https://fcm.googleapis.com:443@{h}/x"),
        |h, p| format!("https:{h}:{p}/x"),
        |h, p| format!("https:///{h}:{p}/x"),
        |h, p| format!("https:\\\\{h}:{p}\\x"),
        |h, p| format!(" https://{h}:{p}/x"),
        |h, p| format!("ftp://{h}:{p}/x"),
        |h, p| format!("//{h}:{p}/x"),
    ];
    let known = [
        "http://fcm.googleapis.com/x",
        "HTTPS://fcm.googleapis.com/x",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com:443/x",
        "https://fcm.googleapis.com:444/x",
        "https://fcm.googleapis.com:80/x",
        "https://me@fcm.googleapis.com/x",
        "https://:pw@fcm.googleapis.com/x",
        "https://@fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/x\r\nHost: 127.0.0.1",
        "https://fcm.googleapis.com\\@127.0.0.1/x",
        "https:/fcm.googleapis.com/x",
        "https:fcm.googleapis.com/x",
        "wss://fcm.googleapis.com/x",
        "file:///etc/passwd",
        "file://fcm.googleapis.com/etc/passwd",
        "data:text/plain,x",
        "javascript:alert(1)",
        "blob:https://fcm.googleapis.com/x",
        "unix:///run/x.sock",
        "https://",
        "https",
        "",
        "/x",
        "null",
    ];
    let hosts = HOSTS.iter().flat_map(|host| forms.iter().map(move |form| form(host, port)));
    let long = format!("https://fcm.googleapis.com/{}", "x".repeat(1000));
    hosts.chain(known.map(str::to_owned)).chain([long]).collect()
}

/// Listeners wherever on this machine a trick could lead.
async fn canaries() -> (u16, Vec<PushPeer>) {
    let first = PushPeer::start().await;
    let port = first.address.port();
    let mut all = vec![first];
    // Where the ports that everybody means may be listened on, they are.
    for address in
        [format!("[::1]:{port}"), "127.0.0.1:443".into(), "127.0.0.1:80".into(), "[::1]:443".into(), "[::1]:80".into()]
    {
        all.extend(PushPeer::on(&address).await);
    }
    (port, all)
}

fn nobody_came(canaries: &[PushPeer]) {
    for canary in canaries {
        assert_eq!(canary.connections(), 0, "{}", canary.address);
    }
}

/// What a server sends by that is run for real, but for the addresses that names have.
fn as_for_real(names: Names) -> Sender {
    Sender::new(Hosts::default(), names, Duration::from_secs(2)).unwrap()
}

story!(hostile_endpoints_are_refused_and_never_connected_to, |world| {
    let (port, canaries) = canaries().await;
    let hostile = hostile(port);
    assert!(hostile.len() >= 500, "{}", hostile.len());
    // Every name leads to this machine.
    let inwards: Vec<IpAddr> = ["127.0.0.1", "::1", "::ffff:127.0.0.1"].iter().map(|ip| ip.parse().unwrap()).collect();
    let app = world.another_node_sending_by(as_for_real(Names::Given(Arc::new(move |_| inwards.clone())))).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = Api::at(format!("http://{}", listener.local_addr().unwrap()));
    let server = tokio::spawn(serve::serve(app.clone(), listener));
    let (_, phone) = world.client_with_phone("Sam").await;

    // When a phone names it.
    for endpoint in &hostile {
        let (id, token) = (phone.new_id(), phone.token().await);
        let body = Browser::with(endpoint.clone(), id).subscription();
        let path = format!("/api/v1/me/push-subscriptions/{id}");
        let answer = api.call(Method::PUT, &path, Some(&token), Some(&body)).await;
        assert_eq!(answer.status, 422, "{endpoint}: {}", answer.text);
        let problem = answer.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "endpoint", "{endpoint}");
        assert!(problem["errors"][0]["message"].as_str().unwrap().ends_with('.'));
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM push_subscription").await, 0);

    // And when it has got into the database all the same: each kind of database takes every other one, both together all. Where there is one
    // kind only, it takes them all.
    let peer = PushPeer::start().await;
    let browser = on_phone(&phone, &peer).await;
    let both = std::env::var_os("COMPANION_TEST_POSTGRES").is_some();
    let first = usize::from(matches!(world.database, Database::Postgres { .. }));
    for endpoint in hostile.iter().skip(first).step_by(if both { 2 } else { 1 }) {
        write_endpoint(world, &phone, &browser, endpoint).await;
        let id = try_out_without_limit(world, &phone, &browser).await;
        jobs::run_due(&app).await.unwrap();
        assert_eq!(delivery(world, &id).await, ("failed".into(), 0, Some("address".into())), "{endpoint}");
    }
    nobody_came(&canaries);
    assert_eq!(peer.connections(), 0);
    println!("{} hostile endpoints, named and written; {} listeners, nobody came", hostile.len(), canaries.len());
    app.stop.cancel();
    server.await.unwrap();
});

story!(a_name_that_leads_inwards_a_moment_later_is_not_followed, |world| {
    let (_, canaries) = canaries().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = on_phone(&phone, &peer).await;
    let inside: Vec<IpAddr> = [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "fe80::1",
        "fd00::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "0.0.0.0",
        "100.64.0.1",
        "192.168.1.1",
    ]
    .iter()
    .map(|ip| ip.parse().unwrap())
    .collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let names = Names::Given(Arc::new({
        let (asked, inside) = (asked.clone(), inside.clone());
        // Another address each time, as a name server that means harm would answer; and sometimes all at once.
        move |_| match asked.fetch_add(1, Ordering::SeqCst) {
            n if n % 5 == 4 => inside.clone(),
            n => vec![inside[n % inside.len()]],
        }
    }));
    let app = world.another_node_sending_by(as_for_real(names)).await;
    for service in ["push.apple.com", "push.services.mozilla.com", "notify.windows.com"] {
        for n in 0..20 {
            // Another name each time: one that kept silent is left alone for a while.
            write_endpoint(world, &phone, &browser, &format!("https://n{n}.{service}/x")).await;
            let id = try_out_without_limit(world, &phone, &browser).await;
            jobs::run_due(&app).await.unwrap();
            assert_eq!(delivery(world, &id).await, ("queued".into(), 1, Some("unreachable".into())), "{service} {n}");
        }
    }
    assert!(asked.load(Ordering::SeqCst) >= 60, "each name was asked for");
    nobody_came(&canaries);
});

/// Puts another address into a client's subscription, as somebody with the database and the key might.
async fn write_endpoint(world: &World, phone: &Phone, browser: &Browser, endpoint: &str) {
    let app = &world.app;
    let client = companion::ids::ClientId(phone.client);
    let key = companion::clients::load(app, world.provider.id, client).await.unwrap().key;
    let subscription = browser.subscription();
    let text = |name: &str| subscription["keys"][name].as_str().unwrap().to_owned();
    let address = SubscriptionInfo::new(endpoint.to_owned(), text("p256dh"), text("auth"));
    let sealed = subscriptions::seal_address(app, SubscriptionId(browser.id), Some(&key), &address);
    let mut tx = app.db.begin().await.unwrap();
    tx.query("UPDATE push_subscription SET address = $2 WHERE id = $1")
        .bind(browser.id)
        .bind(sealed)
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// As [`try_out`], however often.
async fn try_out_without_limit(world: &World, phone: &Phone, browser: &Browser) -> String {
    companion::auth::limits::forget(&world.app, &format!("push_test:{}", browser.id)).await.unwrap();
    try_out(phone, browser).await
}
