//! What a reader of the papers can rely on: columns, inert text, equal totals, equal bytes.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a test may stop where it stands"
)]

use crate::paper_sample::{HOSTILE, benign, hostile};
use irforensics::model::{Coverage, Impact, Summary, Verdict};
use irforensics::report::escape::csv::{guard, join, split, unguard};
use irforensics::report::escape::{json, markdown, terminal};
use irforensics::report::{Links, Overwrite, PAPERS, ReportError, Style, answer, write};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use std::fs;
use std::path::PathBuf;

/// A folder of this test alone, empty at first.
fn folder(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("papers").join(name);
    if dir.exists() {
        #[expect(clippy::disallowed_methods, reason = "a test empties its own folder")]
        fs::remove_dir_all(&dir).unwrap();
    }
    dir
}

/// The papers as text, in the order of `PAPERS`.
fn papers(impact: &Impact, name: &str) -> Vec<String> {
    let dir = folder(name);
    write(impact, &dir, Overwrite::Refuse).unwrap();
    PAPERS.iter().map(|paper| fs::read_to_string(dir.join(paper)).unwrap()).collect()
}

fn paper(papers: &[String], name: &str) -> String {
    papers[PAPERS.iter().position(|paper| *paper == name).unwrap()].clone()
}

fn screen(impact: &Impact, color: bool) -> String {
    let links = Links {
        case: "irf-20260304-9f2b".to_owned(),
        reports: "irf-20260304-9f2b/reports/internal".to_owned(),
        next: vec!["irforensics verify irf-20260304-9f2b".to_owned()],
    };
    answer(impact, &links, Style { color, width: 100 })
}

fn rows(csv: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn columns_are_the_contract_to_the_letter() {
    let papers = papers(&benign(), "columns");
    let header = |name| paper(&papers, name).split("\r\n").next().unwrap().to_owned();
    assert_eq!(
        header("records.csv"),
        "record_type,record_id,owner_org,access_class,confidence,classes,first_access_utc,last_access_utc,access_count,repeats,actor_ids,source_ips,event_ids,evidence_refs,owner_rule,attribution_rule,basis,id_guarded"
    );
    assert_eq!(
        header("accesses.csv"),
        "time_utc,record_type,record_id,owner_org,access_class,confidence,standing,actor_id,effective_actor_id,credential_id,session_id,source_ip,outcome,http_status,request_id,side,event_ids,evidence_refs,basis"
    );
    assert_eq!(
        header("attempts.csv"),
        "time_utc,record_type,record_id,owner_org,actor_id,credential_id,source_ip,outcome,http_status,reason,count,event_ids,evidence_refs"
    );
    assert_eq!(
        header("bulk.csv"),
        "time_utc,kind,record_type,scope,returned_count,total_count,ids_logged,bound,scoped,actor_id,event_ids,evidence_refs,basis"
    );
    assert_eq!(
        header("unresolved.csv"),
        "record_type,record_id,owner_org,first_utc,last_utc,access_class,access_count,why"
    );
    assert_eq!(
        header("actors.csv"),
        "actor_id,actor_type,actor_org,credential_id,session_id,source_ip,first_utc,last_utc,events,records,denied"
    );
    assert_eq!(header("leads.csv"), "kind,subject,detail,count,event_ids");
    assert_eq!(header("quarantine.csv"), "file,offset,length,reason,mentions");
    assert_eq!(header("conflicts.csv"), "log_org,source_id,kind,fields,evidence_refs");
}

#[test]
fn rows_read_as_the_contract_says() {
    let papers = papers(&benign(), "rows");
    let records = paper(&papers, "records.csv");
    assert!(records.ends_with("\r\n"));
    assert_eq!(
        rows(&records)[2].join("|"),
        "invoice|inv-7|org-acme|deleted|unknown|deleted:unknown;read:confirmed|2026-03-01T02:14:00.000000Z|2026-03-02T02:40:00.000000Z|2|0|user-mallory|203.0.113.7|evt-1;evt-2|acq-0001/000003@0+512;acq-0001/000003@512+512|own_log|named|the event lies in the owner's own log|false"
    );
    let offsets: Vec<String> = rows(&paper(&papers, "quarantine.csv")).iter().map(|row| row[1].clone()).collect();
    assert_eq!(offsets, ["offset", "9", "10"], "numbers sort as numbers");
    let line: serde_json::Value =
        serde_json::from_str(paper(&papers, "records.jsonl").lines().next().unwrap()).unwrap();
    assert_eq!(line["record_id"], "doc-1");
    assert_eq!(line["classes"]["read"], "confirmed");
}

#[test]
fn no_cell_of_a_log_can_be_calculated_and_every_cell_can_be_restored() {
    let impact = hostile();
    let papers = papers(&impact, "cells");
    for name in PAPERS.iter().filter(|name| name.ends_with(".csv")) {
        for cell in rows(&paper(&papers, name)).concat() {
            for piece in cell.split([';', '\n', '\r', '\t']) {
                let seen = piece.trim_start_matches([' ', '"']);
                assert!(!seen.starts_with(['=', '+', '-', '@', '＝', '\0']), "{name}: {cell:?}");
            }
            assert!(!cell.starts_with(['\t', '\r', '\n']), "{name}: {cell:?}");
        }
    }
    let ids = rows(&paper(&papers, "records.csv"));
    let mut restored: Vec<String> = ids[1..].iter().map(|row| unguard(&row[1])).collect();
    let mut real: Vec<String> = impact.records.iter().map(|r| r.record.record_id.clone()).collect();
    restored.sort();
    real.sort();
    assert_eq!(restored, real);
    for row in &ids[1..] {
        assert_eq!(row[17], (unguard(&row[1]) != row[1]).to_string());
    }
    for text in HOSTILE {
        assert_eq!(unguard(&guard(text)), text);
    }
    assert_eq!(
        (guard("'x"), guard("=1"), guard("x;=1"), guard("id-1")),
        ("''x".into(), "'=1".into(), "x;'=1".into(), "id-1".into())
    );
}

#[test]
fn html_holds_no_markup_of_the_log_and_asks_for_nothing() {
    let html = paper(&papers(&hostile(), "html"), "impact.html");
    let lower = html.to_lowercase();
    for forbidden in [
        "<script",
        "<img",
        "onload=\"",
        "<svg onload",
        "<!--",
        "{{",
        "{%",
        "</textarea",
        "href=\"http",
        "src=",
        "url(http",
        "@import",
    ] {
        // The values themselves are there, escaped; what must not be there is markup.
        let inert = lower
            .replace("&lt;img src=x", "")
            .replace("{{ 7*7 }}{% include &#39;x&#39; %}", "")
            .replace("{{ 7*7 }}{% include &#x27;x&#x27; %}", "");
        assert!(!inert.contains(forbidden), "{forbidden}");
    }
    assert!(!html.chars().any(|c| c != '\n' && c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c)));
    assert!(html.contains("{{ 7*7 }}"), "template syntax of the log is text");
    assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let opened = |tag: &str| html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
    for tag in ["table", "section", "figure", "details", "ul", "tr", "td", "code", "div"] {
        assert_eq!(opened(tag), html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn markdown_holds_no_structure_of_the_log() {
    let (quiet, loud) = (papers(&benign(), "md-benign"), papers(&hostile(), "md-hostile"));
    let (quiet, loud) = (paper(&quiet, "impact.md"), paper(&loud, "impact.md"));
    let shape = |md: &str| {
        let kind =
            |line: &str| line.chars().take_while(|c| "#|->*` ".contains(*c)).filter(|c| *c != '`').collect::<String>();
        md.lines().map(|line| (kind(line).trim().to_owned(), line.matches('|').count())).collect::<Vec<_>>()
    };
    assert_eq!(quiet.lines().count(), loud.lines().count(), "no value adds a line");
    for (at, (quiet, loud)) in shape(&quiet).into_iter().zip(shape(&loud)).enumerate() {
        let table = quiet.0.starts_with('|');
        assert!(!table || quiet.1 == loud.1, "line {at}: a value adds a cell");
        assert!(quiet.0.starts_with('#') == loud.0.starts_with('#'), "line {at}");
    }
    assert!(!loud.chars().any(|c| c != '\n' && c.is_control()));
    assert_eq!(markdown::value("a|b`c"), "`a`&#124;`b`&#96;`c`");
    assert_eq!(
        markdown::prose("<b> [x](y) @all #1 http://e www.e"),
        "&lt;b&gt; \\[x\\](y) `@`all `#`1 http`:`//e www`.`e"
    );
}

#[test]
fn terminal_obeys_nothing_but_our_colours() {
    let plain = screen(&hostile(), false);
    assert!(!plain.chars().any(|c| c != '\n' && c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c)));
    let mut colour = screen(&hostile(), true);
    for code in ["1", "1;31", "1;33", "1;32", "0"] {
        colour = colour.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(colour, plain, "colour adds nothing but colour");
    assert_eq!(terminal::clean("a\r\u{1b}[2Jb\u{202e}"), "a\\r\\u{1b}[2Jb\\u{202e}");
}

#[test]
fn json_shows_hidden_characters_and_means_the_same() {
    let impact = hostile();
    let papers = papers(&impact, "json");
    let text = paper(&papers, "impact.json");
    assert!(!text.chars().any(|c| c != '\n' && c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c)));
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read, serde_json::to_value(&impact).unwrap());
    for (line, record) in
        paper(&papers, "records.jsonl").lines().zip(rows(&paper(&papers, "records.csv")).iter().skip(1))
    {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["record_id"], unguard(&record[1]));
    }
    assert_eq!(json::visible("\"\u{e0001}\""), "\"\\udb40\\udc01\"");
}

#[test]
fn totals_agree_in_every_format() {
    let impact = benign();
    let papers = papers(&impact, "totals");
    let records = impact.summary.records.to_string();
    assert_eq!(rows(&paper(&papers, "records.csv")).len() - 1, 4);
    assert_eq!(paper(&papers, "records.jsonl").lines().count(), 4);
    let json: serde_json::Value = serde_json::from_str(&paper(&papers, "impact.json")).unwrap();
    assert_eq!(json["summary"]["records"].to_string(), records);
    let (md, html, screen) = (paper(&papers, "impact.md"), paper(&papers, "impact.html"), screen(&impact, false));
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect::<String>();
    for sentence in [
        "4 distinct records",
        "6 direct accesses",
        "3 attempts on records in question took no effect",
        "8 more on records whose owner nothing shows",
        "1 record touched whose owner nothing shows",
        "up to 140 records beyond those named",
        "20004 distinct events of 20112 received",
    ] {
        assert!(md.contains(sentence), "md: {sentence}");
        assert!(bare.contains(sentence), "html: {sentence}");
        assert!(flat.contains(sentence), "screen: {sentence}");
    }
    assert!(html.contains("<tr class=\"sum\"><th scope=\"row\">all types</th>"));
    assert!(html.contains("<td class=\"n\">4</td></tr>"), "the matrix sums to the ledger");
}

#[test]
fn absence_is_said_only_with_its_coverage() {
    for verdict in Verdict::ALL {
        let mut impact = benign();
        impact.summary.verdict = *verdict;
        impact.summary.other_standing = 0;
        let screen = screen(&impact, false).split_whitespace().collect::<Vec<_>>().join(" ");
        let papers = papers(&impact, "absence");
        let said = |text: &str| text.to_lowercase().contains("no access found");
        for text in [&screen, &paper(&papers, "impact.md"), &paper(&papers, "impact.html")] {
            assert_eq!(said(text), *verdict == Verdict::NoneFound, "{verdict}");
        }
        if *verdict == Verdict::NoneFound {
            assert!(
                screen.contains("No access found by org-mallory to records of org-acme. Covered: 20004"),
                "{screen}"
            );
        }
    }
}

#[test]
fn absence_is_not_said_of_accesses_by_right() {
    let mut impact = benign();
    impact.summary.verdict = Verdict::NoneFound;
    impact.summary.other_standing = 2;
    let screen = screen(&impact, false).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(!screen.contains("No access found"), "{screen}");
    assert!(screen.contains("No access without a known right found by org-mallory to records of org-acme. 2 accesses"));
}

#[test]
fn an_answer_without_rows_is_still_whole() {
    let mut impact = benign();
    impact.summary = Summary {
        verdict: Verdict::Undetermined,
        lower_bound_because: Vec::new(),
        records: 0,
        headline: Vec::new(),
        by_class: Vec::new(),
        accesses: 0,
        first_access: None,
        last_access: None,
        newest_event: None,
        ..impact.summary
    };
    impact.coverage = Coverage::default();
    (impact.records, impact.accesses, impact.attempts) = (Vec::new(), Vec::new(), Vec::new());
    (impact.bulk, impact.unresolved, impact.actors) = (Vec::new(), Vec::new(), Vec::new());
    (impact.leads, impact.quarantine, impact.conflicts) = (Vec::new(), Vec::new(), Vec::new());
    let papers = papers(&impact, "empty");
    for name in PAPERS.iter().filter(|name| name.ends_with(".csv")) {
        assert_eq!(rows(&paper(&papers, name)).len(), 1, "{name} holds its header");
    }
    assert_eq!(paper(&papers, "records.jsonl"), "");
    assert!(screen(&impact, false).starts_with("Not determined: "));
    assert!(paper(&papers, "impact.html").contains("Nobody to revoke is known."));
}

#[test]
fn long_tables_are_cut_and_name_the_paper_that_has_all() {
    let mut impact = benign();
    let row = impact.records[0].clone();
    impact.records = (0..450)
        .map(|n| {
            let mut row = row.clone();
            row.record.record_id = format!("doc-{n:03}");
            row
        })
        .collect();
    let papers = papers(&impact, "long");
    assert!(paper(&papers, "impact.md").contains("200 of 450 rows shown; all are in records.csv."));
    assert!(paper(&papers, "impact.html").contains("200 of 450 rows shown; all are in records.csv."));
    assert_eq!(rows(&paper(&papers, "records.csv")).len(), 451);
}

#[test]
fn the_same_answer_is_the_same_bytes_and_another_is_refused() {
    let dir = folder("again");
    let first = write(&benign(), &dir, Overwrite::Refuse).unwrap();
    assert!(first.iter().all(|paper| paper.changed) && first.len() == PAPERS.len());
    let again = write(&benign(), &dir, Overwrite::Refuse).unwrap();
    assert!(again.iter().all(|paper| !paper.changed), "identical bytes are left as they are");
    let before = fs::read(dir.join("impact.json")).unwrap();
    let refused = write(&hostile(), &dir, Overwrite::Refuse).unwrap_err();
    assert!(matches!(refused, ReportError::WouldOverwrite { .. }), "{refused}");
    assert_eq!(fs::read(dir.join("impact.json")).unwrap(), before, "nothing was touched");
    write(&hostile(), &dir, Overwrite::Replace).unwrap();
    assert_ne!(fs::read(dir.join("impact.json")).unwrap(), before);
    assert_eq!(fs::read_dir(&dir).unwrap().count(), PAPERS.len(), "no temporary file stays");
}

#[cfg(unix)]
#[test]
fn papers_are_private_and_links_are_refused() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = folder("private");
    write(&benign(), &dir, Overwrite::Refuse).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&dir.join("records.csv")), 0o600);
    let linked = folder("linked");
    fs::create_dir_all(&linked).unwrap();
    symlink(dir.join("records.csv"), linked.join("leads.csv")).unwrap();
    let error = write(&benign(), &linked, Overwrite::Replace).unwrap_err();
    assert!(matches!(error, ReportError::InTheWay { .. }), "{error}");
    assert_eq!(fs::read_dir(&linked).unwrap().count(), 1, "no paper was written");
}

#[test]
fn the_screen_reads_well() {
    insta::assert_snapshot!("screen", screen(&benign(), false));
}

#[test]
fn the_markdown_reads_well() {
    insta::assert_snapshot!("markdown", paper(&papers(&benign(), "snapshot"), "impact.md"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn guards_come_off_again(text in "[ '\"=+@;\\t\\r\\n\u{ff1d}\\PC\\x00-]{0,12}") {
        prop_assert_eq!(unguard(&guard(&text)), text);
    }

    #[test]
    fn joined_values_come_apart_again(mut values in proptest::collection::btree_set("[;\\\\ab]{1,4}", 0..4)) {
        let joined = join(values.iter());
        let mut apart = split(&joined);
        apart.sort();
        let whole: Vec<String> = std::mem::take(&mut values).into_iter().collect();
        prop_assert_eq!(apart, whole);
    }
}
