//! What many collectors do: follow the cursor, try three times, go on. It is measured against, never used.

use super::ground::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;
use std::time::Duration;

/// A walk that runs in a circle is ended here, for the sake of the test.
const MANY: usize = 60;

/// What a trusting walk brings home, and whether it ever ended.
pub(super) struct Trusted {
    pub(super) events: BTreeSet<(String, String)>,
    pub(super) ended: bool,
}

/// One walk through each log; nobody hears of a failure.
pub(super) fn trusting(server: &Server) -> Trusted {
    drop(rustls::crypto::ring::default_provider().install_default());
    let http = reqwest::blocking::Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(1));
    let http = http.build().unwrap();
    let mut trusted = Trusted { events: BTreeSet::new(), ended: true };
    for org in ORGS {
        let (mut cursor, mut pages) = (None::<String>, 0);
        loop {
            let mut url =
                format!("{}/api/v1/audit-logs?org_id={org}&from={}&to={}", server.base_url(), WINDOW[0], WINDOW[1]);
            url.extend(cursor.iter().map(|cursor| format!("&cursor={cursor}")));
            let Some(page) = (0..3).find_map(|_| page(&http, &url)) else { break };
            let rows = page["data"].as_array().cloned().unwrap_or_default();
            let word = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
            trusted.events.extend(rows.iter().map(|row| (word(row, "org_id"), word(row, "id"))));
            pages += 1;
            trusted.ended &= pages < MANY;
            cursor = page["next_cursor"].as_str().map(str::to_owned);
            if cursor.is_none() || pages == MANY {
                break;
            }
        }
    }
    trusted
}

/// One page, as the usual libraries read it: redirects followed, of gzip the first member.
fn page(http: &reqwest::blocking::Client, url: &str) -> Option<Value> {
    let answer = http.get(url).bearer_auth(TOKEN).send().ok()?.error_for_status().ok()?;
    let gzip = answer.headers().get("content-encoding").is_some_and(|coding| coding == "gzip");
    let mut body = answer.bytes().ok()?.to_vec();
    if gzip {
        let mut first = Vec::new();
        flate2::bufread::GzDecoder::new(&*body).read_to_end(&mut first).ok()?;
        body = first;
    }
    serde_json::from_slice(&body).ok()
}
