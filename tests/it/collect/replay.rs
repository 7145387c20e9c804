//! A walk that was broken off goes on from its kept pages as if it had never stopped.

use super::support::*;
use irforensics::collect::KeptPage;

fn kept(page: &Fetched) -> KeptPage<'_> {
    KeptPage { url: &page.url, headers: &page.headers, body: &page.body }
}

#[test]
fn fault_081_a_walk_goes_on_from_any_page_as_if_it_had_never_stopped() {
    let (server, profile) = (serve(vec![]), native());
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let whole = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
    for k in 0..=whole.pages.len() {
        let asked = server.requests().len();
        let mut walk = pages(&client, scope(&profile, Some("org_a")));
        for page in &whole.pages[..k] {
            walk.replay(&kept(page)).unwrap();
        }
        assert_eq!(server.requests().len(), asked, "nothing is sent for what is kept");
        let rest = Walk::of(walk);
        let told = |page: &Fetched| (page.url.clone(), page.page, page.facts.clone(), page.cursor_out.clone());
        let (left, expected) = (rest.pages.iter().map(told), whole.pages[k..].iter().map(told));
        assert_eq!(left.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "from page {k}");
    }
}

#[test]
fn fault_090_pages_of_another_walk_are_not_taken_up() {
    let (server, profile) = (serve(vec![]), native());
    let client = Client::new(&server.base_url(), quick()).unwrap();
    let whole = Walk::of(pages(&client, scope(&profile, Some("org_a"))));
    let mut walk = pages(&client, scope(&profile, Some("org_b")));
    let error = walk.replay(&kept(&whole.pages[0])).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Usage);
    assert!(error.to_string().contains("--again"), "{error}");
    let mut walk = pages(&client, scope(&profile, Some("org_a")));
    assert!(walk.replay(&kept(&whole.pages[1])).is_err(), "a page is missing before it");
}
