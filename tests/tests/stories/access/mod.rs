//! Promise 6: every route of the access table, called by everybody there is.
//!
//! The expectation comes from the few words of [`AUDIENCE`], not from the server's table; what was seen is written
//! to `docs/access-matrix.md`, which must be committed as it is (`COMPANION_REWRITE=1` writes it anew).

mod calls;
mod channels;
mod early_warning;
mod escalation;
mod pack;
mod plan;
mod push;
mod reminders;
mod rota;
mod subjects;

use companion::access::TABLE;
use companion_tests::{Answer, data, story};

use calls::Calls;
use subjects::{Canaries, Subject, Subjects};

/// Whom a route is for: the first line whose beginning fits. A line may name a method.
const AUDIENCE: &[(&str, Audience)] = &[
    ("/healthz", Audience::Anyone),
    ("/readyz", Audience::Anyone),
    ("/health/engine", Audience::Anyone),
    ("/api/v1/provider", Audience::Anyone),
    // Whoever knows the address: it says when, and not what.
    ("/calendar/", Audience::Anyone),
    ("/api/v1/push/", Audience::Anyone),
    // Whoever has the link of a ring; a gateway, by its signature.
    ("/ack/", Audience::Anyone),
    ("/api/v1/gateway/", Audience::Anyone),
    ("/api/v1/auth/sign-out", Audience::AnyoneSignedIn),
    ("/api/v1/auth/", Audience::Anyone),
    ("/api/v1/me/flags/{id}/", Audience::ThisClientsPhone),
    ("/api/v1/me/baseline/{id}/", Audience::ThisClientsPhone),
    ("/api/v1/me/plan/{version}/", Audience::ThisClientsPhone),
    ("/api/v1/me/plan/versions/{version}", Audience::ThisClientsPhone),
    ("/api/v1/me/occurrences/{id}/", Audience::ThisClientsPhone),
    ("GET /api/v1/me/contact-requests/{id}", Audience::ThisClientsPhone),
    ("POST /api/v1/me/contact-requests/{id}", Audience::ThisClientsPhone),
    ("GET /api/v1/me/pack/additions/{id}/photo", Audience::ThisClientsPhone),
    ("/api/v1/me", Audience::AnyPhone),
    ("/api/v1/contact-requests/{id}", Audience::AnyContactKey),
    ("POST /api/v1/team/clients", Audience::LeadOfTheService),
    ("PUT /api/v1/team/clients/{id}/assignments", Audience::LeadWhoSupports),
    ("/api/v1/team/clients/{id}", Audience::WhoSupports),
    ("/api/v1/team/flags/{id}/", Audience::WhoSupports),
    ("/api/v1/team/contact-requests/{id}", Audience::WhoSupports),
    ("/api/v1/team/board/history.csv", Audience::LeadWhoSupports),
    ("GET /api/v1/team/resources/figures", Audience::WhoPublishes),
    ("GET /api/v1/team/resources/{id}", Audience::AnyWorkerHere),
    ("/api/v1/team/resources/{id}/drafts/", Audience::WhoWritesHere),
    ("POST /api/v1/team/resources/{id}/", Audience::WhoPublishesHere),
    ("/api/v1/team/resources/preview", Audience::AnyWorker),
    ("POST /api/v1/team/resources", Audience::WhoWrites),
    ("GET /api/v1/team/resource-images/{id}", Audience::AnyWorkerHere),
    ("PUT /api/v1/team/resource-images/{id}", Audience::WhoWrites),
    ("GET /api/v1/team/policies", Audience::WhoWorksThere),
    ("PUT /api/v1/team/policies", Audience::LeadOfTheService),
    ("GET /api/v1/team/rota/rehearsal", Audience::WhoWorksThere),
    ("GET /api/v1/team/engine", Audience::AnyLead),
    ("PUT /api/v1/team/rota/swaps/{id}", Audience::WhoIsInTheService),
    ("POST /api/v1/team/rota/swaps/{id}/answer", Audience::TheTwoOfTheSwap),
    ("/api/v1/team/rota/absences/{id}", Audience::ThemselvesAndTheirLead),
    ("/api/v1/team/rota/handovers/{id}", Audience::WhoIsInTheService),
    ("/api/v1/team/rota/mine", Audience::AnyWorker),
    ("GET /api/v1/team/rota", Audience::WhoIsInTheService),
    ("/api/v1/team/rota", Audience::LeadOfTheService),
    ("/api/v1/team/", Audience::AnyWorker),
    ("/api/v1/admin/", Audience::Admin),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    Anyone,
    AnyoneSignedIn,
    AnyPhone,
    ThisClientsPhone,
    AnyContactKey,
    AnyWorker,
    /// A worker of the organisation that the resource or picture belongs to.
    AnyWorkerHere,
    /// Who writes for the library of their own organisation: leads, coaches, navigators, admins.
    WhoWrites,
    WhoWritesHere,
    /// Who decides what clients read: leads and admins.
    WhoPublishes,
    WhoPublishesHere,
    /// Assigned to this client, or lead of their service.
    WhoSupports,
    LeadWhoSupports,
    LeadOfTheService,
    /// A worker of the service that the call names.
    WhoWorksThere,
    AnyLead,
    /// Works in the service, whatever their role.
    WhoIsInTheService,
    /// Whose shift it is, and who would take it: here the assigned worker and the unassigned one.
    TheTwoOfTheSwap,
    /// Here the assigned worker, and the lead of their service.
    ThemselvesAndTheirLead,
    Admin,
}

fn audience_of(method: &str, path: &str) -> Audience {
    let fits = |line: &str| match line.split_once(' ') {
        // A new client is made at the list itself; what is below belongs to one client.
        Some((m, p)) if p == "/api/v1/team/clients" => m == method && p == path,
        Some((m, p)) => m == method && path.starts_with(p),
        None => path.starts_with(line),
    };
    AUDIENCE.iter().find(|(line, _)| fits(line)).unwrap_or_else(|| panic!("whom is {method} {path} for?")).1
}

/// What an answer amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Yes,
    /// 401
    SignIn,
    /// 403
    No,
    /// 404: not even that there is such a person.
    Hidden,
    /// 422: the role is right, the service is not theirs.
    Refused,
}

impl Outcome {
    fn of(answer: &Answer) -> Self {
        match answer.status.as_u16() {
            200..=299 => Self::Yes,
            401 => Self::SignIn,
            403 => Self::No,
            404 => Self::Hidden,
            422 => Self::Refused,
            other => panic!("{}: {other} {}", answer.asked, answer.text),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Yes => "**yes**",
            Self::SignIn => "sign in",
            Self::No => "no",
            Self::Hidden => "hidden",
            Self::Refused => "refused",
        }
    }
}

fn expected(audience: Audience, subject: Subject) -> Outcome {
    use Audience as A;
    use Outcome::{Hidden, No, Refused, SignIn, Yes};
    use Subject as S;
    if audience == A::Anyone {
        return Yes;
    }
    if matches!(subject, S::NoToken | S::Forged | S::Expired | S::Deactivated | S::RevokedPhone) {
        return SignIn;
    }
    let phone = matches!(subject, S::ThisPhone | S::OtherPhone);
    let supports = matches!(subject, S::Assigned | S::Lead);
    match audience {
        A::Anyone | A::AnyoneSignedIn => Yes,
        A::AnyPhone => {
            if phone {
                Yes
            } else {
                No
            }
        }
        A::ThisClientsPhone => match subject {
            S::ThisPhone => Yes,
            S::OtherPhone => Hidden,
            _ => No,
        },
        A::AnyContactKey => {
            if phone {
                Yes
            } else {
                SignIn
            }
        }
        A::AnyWorker => {
            if phone {
                No
            } else {
                Yes
            }
        }
        A::AnyWorkerHere => match subject {
            S::OtherOrganisation => Hidden,
            _ => expected(A::AnyWorker, subject),
        },
        A::WhoWrites => match subject {
            S::Coach => Yes,
            _ => expected(A::WhoPublishes, subject),
        },
        A::WhoPublishes => match subject {
            S::Lead | S::OtherLead | S::Admin | S::OtherOrganisation => Yes,
            _ => No,
        },
        A::WhoWritesHere | A::WhoPublishesHere if subject == S::OtherOrganisation => Hidden,
        A::WhoWritesHere => expected(A::WhoWrites, subject),
        A::WhoPublishesHere => expected(A::WhoPublishes, subject),
        A::WhoSupports => {
            if supports {
                Yes
            } else if phone {
                No
            } else {
                Hidden
            }
        }
        A::LeadWhoSupports => match subject {
            S::Lead => Yes,
            S::OtherLead | S::OtherOrganisation => Hidden,
            _ => No,
        },
        A::LeadOfTheService => match subject {
            S::Lead => Yes,
            S::OtherLead | S::OtherOrganisation => Refused,
            _ => No,
        },
        A::WhoWorksThere => match subject {
            S::OtherLead | S::OtherOrganisation => Hidden,
            _ => expected(A::AnyWorker, subject),
        },
        A::AnyLead => match subject {
            S::Lead | S::OtherLead | S::OtherOrganisation => Yes,
            _ => No,
        },
        A::WhoIsInTheService => match subject {
            S::OtherLead | S::OtherOrganisation => Hidden,
            _ => expected(A::AnyWorker, subject),
        },
        A::TheTwoOfTheSwap => match subject {
            S::Coach | S::Lead | S::Admin => No,
            _ => expected(A::WhoIsInTheService, subject),
        },
        A::ThemselvesAndTheirLead => match subject {
            S::Coach | S::Unassigned | S::Admin => No,
            _ => expected(A::WhoIsInTheService, subject),
        },
        A::Admin => {
            if subject == S::Admin {
                Yes
            } else {
                No
            }
        }
    }
}

story!(promise_6_whoever_may_not_see_it_cant, |world, _relays| {
    let subjects = Subjects::gather(world).await;
    let canaries = Canaries::plant(world, &subjects).await;
    let calls = Calls { world, subjects: &subjects };
    let (mut page, mut wrong, mut cells) = (heading(), Vec::new(), 0);
    for row in TABLE {
        let audience = audience_of(row.method, row.path);
        page += &format!("| {} | `{}` |", row.method, row.path);
        for subject in Subject::ALL {
            let answer = calls.call(row, subject).await;
            let (outcome, wanted) = (Outcome::of(&answer), expected(audience, subject));
            if outcome != wanted {
                wrong.push(format!("{subject:?} {}: {outcome:?}, not {wanted:?}: {}", answer.asked, answer.text));
            }
            for leaked in canaries.leaked(subject, &answer.text) {
                wrong.push(format!("{subject:?} {} {}: reads {leaked:?}", row.method, row.path));
            }
            page += &format!(" {} |", outcome.word());
            cells += 1;
        }
        page += "\n";
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{cells} cells: {} routes, {} subjects", TABLE.len(), Subject::ALL.len());
    page += &format!("\n{cells} cells: {} routes, {} subjects.\n", TABLE.len(), Subject::ALL.len());
    compare_with_committed(&page);
});

fn heading() -> String {
    let names: Vec<&str> = Subject::ALL.iter().map(|s| s.name()).collect();
    format!(
        "# Who may do what\n\n\
         Generated by `tests/tests/stories/access`: every route, called by everybody there is, about one client's records.\n\
         `COMPANION_REWRITE=1 cargo test -p companion-tests promise_6` writes it anew; a difference fails the build.\n\n\
         **yes**: answered (lists hold only what is theirs). *sign in*: 401. *no*: 403. *hidden*: 404, as if there were no such\n\
         person. *refused*: 422, the role is right and the service is not theirs.\n\n\
         | | route | {} |\n|---|---|{}\n",
        names.join(" | "),
        "---|".repeat(names.len()),
    )
}

fn compare_with_committed(page: &str) {
    let file = data::repository().join("docs/access-matrix.md");
    if std::env::var("COMPANION_REWRITE").is_ok() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, page).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == page, "docs/access-matrix.md is not what was seen; COMPANION_REWRITE=1 writes it anew");
}
