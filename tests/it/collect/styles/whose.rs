//! Where the organisation is named, and where the credential goes.

use super::super::support::*;
use super::backend::*;

const PAGE: &str = "[request.page]\nstyle = \"link\"\nlimit_max = 10\n";

fn serve_all() -> Backend {
    Backend::start(Box::new(|_| Answer::ok(format!("[{}]", list(&rows()[..3])))))
}

fn request(path: &str, org: &str, more: &str) -> Profile {
    profile(&format!("path = \"{path}\"\nscope = \"s\"\norg = \"{org}\"\nitems = \"\"\n{more}{PAGE}"))
}

#[test]
fn an_organisation_may_stand_in_the_path_a_header_or_the_token() {
    let backend = serve_all();
    assert!(walk(&backend, &request("/orgs/{org}/audit-log", "path", "")).walked);
    assert!(walk(&backend, &request("/audit", "header X-Org-Id", "")).walked);
    assert!(walk(&backend, &request("/audit", "token", "")).walked);
    let seen = backend.seen();
    assert_eq!(seen[0].path, "/orgs/org_a/audit-log");
    assert_eq!((seen[1].path.as_str(), seen[1].header("x-org-id")), ("/audit", "org_a"));
    assert_eq!((seen[2].path.as_str(), seen[2].header("x-org-id")), ("/audit", ""));
    assert!(seen.iter().all(|asked| asked.query.is_empty()), "{seen:?}");
}

#[test]
fn fault_071_an_organisation_in_a_path_stays_one_segment() {
    let (backend, profile) = (serve_all(), request("/orgs/{org}/audit-log", "path", ""));
    let client = Client::new(&backend.base_url(), quick()).unwrap();
    for hostile in ["../../admin", "a/b?x=1#y", "a%2Fb", "ü b"] {
        let walk = Walk::of(pages(&client, scope(&profile, Some(hostile))));
        assert_eq!(walk.class(), ErrorClass::Unauthorised, "the rows are another organisation's");
        let path = backend.seen().last().unwrap().path.clone();
        assert!(path.starts_with("/orgs/") && path.ends_with("/audit-log"), "{path}");
        assert_eq!(path.matches('/').count(), 3, "{path}");
    }
    let asked = backend.seen().len();
    let walk = Walk::of(pages(&client, scope(&profile, Some(".."))));
    assert_eq!((walk.class(), backend.seen().len()), (ErrorClass::Usage, asked));
}

#[test]
fn the_credential_goes_where_the_profile_says_and_nowhere_else() {
    let backend = serve_all();
    let cases = [
        ("Authorization: Bearer TOKEN", "authorization", format!("Bearer {TOKEN}")),
        ("Authorization: SSWS TOKEN", "authorization", format!("SSWS {TOKEN}")),
        ("Authorization: TOKEN", "authorization", TOKEN.to_owned()),
        ("X-Api-Key: TOKEN", "x-api-key", TOKEN.to_owned()),
    ];
    for (credential, header, value) in cases {
        let more = format!(
            "credential = \"{credential}\"\nheaders = {{ X-Version = \"2026\" }}\nparameters = {{ include = \"all\" }}\n"
        );
        assert!(walk(&backend, &request("/audit", "token", &more)).walked);
        let asked = backend.seen().last().unwrap().clone();
        assert_eq!(asked.header(header), value);
        assert_eq!((asked.header("x-version"), asked.get("include")), ("2026", Some("all")));
        let elsewhere =
            asked.headers.iter().filter(|(name, value)| !name.eq_ignore_ascii_case(header) && value.contains(TOKEN));
        assert_eq!(elsewhere.count(), 0);
    }
}

#[test]
fn fault_058_a_server_that_ignores_the_organisation_is_noticed_wherever_it_stands() {
    let backend = serve_all();
    for (path, org) in [("/orgs/{org}/audit-log", "path"), ("/audit", "header X-Org-Id"), ("/audit", "token")] {
        let profile = request(path, org, "");
        let client = Client::new(&backend.base_url(), quick()).unwrap();
        let walk = Walk::of(pages(&client, scope(&profile, Some("org_b"))));
        assert_eq!(walk.class(), ErrorClass::Unauthorised);
        assert!(walk.message().contains("--token-file org_b=FILE"), "{}", walk.message());
        let everyone = Walk::of(pages(&client, scope(&profile, None)));
        assert_eq!(everyone.class(), ErrorClass::Usage);
    }
}
