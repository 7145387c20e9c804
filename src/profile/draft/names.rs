//! What audit logs call their columns, without case and signs; the surer names come first.

/// Who acts.
pub(super) const ACTORS: [&str; 9] =
    ["actor", "user", "principal", "initiator", "performedby", "caller", "member", "createdby", "author"];

/// What is acted on.
pub(super) const TARGETS: [&str; 8] = ["resource", "target", "object", "entity", "record", "item", "document", "file"];

/// Members that hold the event itself, or a part of it that is no other thing.
pub(super) const EVENTS: [&str; 9] =
    ["event", "data", "log", "auditlog", "entry", "attributes", "properties", "protopayload", "payload"];

/// Ids of people.
const PERSON: [&str; 8] = ["id", "userid", "uuid", "uid", "email", "emailaddress", "username", "name"];

/// Ids of organisations.
const ORG: [&str; 14] = [
    "orgid",
    "organizationid",
    "organisationid",
    "tenantid",
    "accountid",
    "workspaceid",
    "teamid",
    "customerid",
    "companyid",
    "org",
    "organization",
    "tenant",
    "account",
    "workspace",
];

/// Columns whose names stand alone.
const ALONE: [(&str, &[&str]); 13] = [
    ("id", &["id", "eventid", "uuid", "uid", "logid"]),
    (
        "time",
        &[
            "timestamp",
            "time",
            "@timestamp",
            "occurredat",
            "eventtime",
            "createdat",
            "created",
            "published",
            "datetime",
            "date",
            "ts",
            "when",
            "loggedat",
            "happenedat",
            "creationtime",
        ],
    ),
    (
        "action",
        &[
            "action",
            "eventname",
            "eventtype",
            "eventtypename",
            "operation",
            "operationname",
            "methodname",
            "activity",
            "activitytype",
            "verb",
            "event",
            "type",
            "name",
            "method",
        ],
    ),
    ("outcome", &["outcome", "result", "status", "success", "succeeded", "outcomeresult", "actionresult"]),
    ("http_status", &["httpstatus", "statuscode", "httpstatuscode", "responsecode", "responsestatus", "status"]),
    ("source_ip", &["sourceip", "ipaddress", "clientip", "remoteip", "sourceipaddress", "remoteaddr", "ip"]),
    ("user_agent", &["useragent", "ua"]),
    ("request_id", &["requestid", "correlationid", "traceid", "rayid"]),
    ("session_id", &["sessionid", "session"]),
    ("credential_id", &["credentialid", "apikeyid", "accesskeyid", "tokenid", "keyid"]),
    ("job_id", &["jobid"]),
    ("returned_count", &["returnedcount", "resultcount", "affectedcount", "numberofresults"]),
    ("total_count", &["totalcount"]),
];

/// The names of a column, the surer first.
pub(super) fn of(column: &str) -> Vec<String> {
    let under = |parents: &[&str], names: &[&str]| {
        let pairs = names.iter().flat_map(|name| parents.iter().map(move |parent| format!("{parent}{name}")));
        pairs.collect::<Vec<_>>()
    };
    let alone = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let impersonators = ["impersonatedby", "impersonator"];
    match column {
        "log_org" => alone(&ORG),
        "actor_id" => [under(&ACTORS, &PERSON), alone(&ACTORS)].concat(),
        "actor_type" => under(&ACTORS, &["type", "kind"]),
        "actor_org" => under(&ACTORS, &ORG),
        "impersonator_id" => [under(&impersonators, &PERSON), alone(&impersonators)].concat(),
        "impersonator_org" => under(&impersonators, &ORG),
        "target_id" => [under(&TARGETS, &["id", "uuid", "uid", "key"]), under(&TARGETS, &["name"])].concat(),
        "target_type" => under(&TARGETS, &["type", "kind"]),
        "target_org" => under(&TARGETS, &ORG),
        "target_parent" => under(&TARGETS, &["parentid"]),
        "target_parent_type" => under(&TARGETS, &["parenttype"]),
        _ => ALONE.iter().find(|(name, _)| *name == column).map(|(_, names)| alone(names)).unwrap_or_default(),
    }
}

/// A member's name without case and signs.
pub(super) fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '@').flat_map(char::to_lowercase).collect()
}
