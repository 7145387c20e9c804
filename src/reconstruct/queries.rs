//! The questions of `queries/`, by name, each with its checked header.

/// A question that comes with the tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedQuery {
    /// Its name, asked for as `@name`.
    pub name: &'static str,
    /// What it asks, in one line.
    pub question: String,
    /// What must be told to it: the columns of its one-row table `params`.
    pub parameters: Vec<String>,
    /// The columns that it gives.
    pub columns: Vec<String>,
    /// The SQL, header included.
    pub sql: &'static str,
}

const FILES: [(&str, &str); 24] = [
    ("cross_pairs", include_str!("../../queries/cross_pairs.sql")),
    ("one_sided_actions", include_str!("../../queries/one_sided_actions.sql")),
    ("records_by_actor", include_str!("../../queries/records_by_actor.sql")),
    ("reads_by_credential", include_str!("../../queries/reads_by_credential.sql")),
    ("bulk_actions", include_str!("../../queries/bulk_actions.sql")),
    ("denied_by_actor", include_str!("../../queries/denied_by_actor.sql")),
    ("denied_then_done", include_str!("../../queries/denied_then_done.sql")),
    ("guessed_ids", include_str!("../../queries/guessed_ids.sql")),
    ("credential_activity", include_str!("../../queries/credential_activity.sql")),
    ("shared_credentials", include_str!("../../queries/shared_credentials.sql")),
    ("new_credentials", include_str!("../../queries/new_credentials.sql")),
    ("footholds", include_str!("../../queries/footholds.sql")),
    ("actor_since", include_str!("../../queries/actor_since.sql")),
    ("sessions_of_actor", include_str!("../../queries/sessions_of_actor.sql")),
    ("hourly_activity", include_str!("../../queries/hourly_activity.sql")),
    ("logins", include_str!("../../queries/logins.sql")),
    ("impersonations", include_str!("../../queries/impersonations.sql")),
    ("shared_source_ips", include_str!("../../queries/shared_source_ips.sql")),
    ("destroyed", include_str!("../../queries/destroyed.sql")),
    ("by_outcome", include_str!("../../queries/by_outcome.sql")),
    ("by_verb", include_str!("../../queries/by_verb.sql")),
    ("unclassified_actions", include_str!("../../queries/unclassified_actions.sql")),
    ("reused_event_ids", include_str!("../../queries/reused_event_ids.sql")),
    ("logs", include_str!("../../queries/logs.sql")),
];

/// Every question, in the order of the playbook.
pub fn named_queries() -> Vec<NamedQuery> {
    FILES.iter().map(|(name, sql)| read(name, sql)).collect()
}

/// The question of a name.
pub fn named(name: &str) -> Option<NamedQuery> {
    FILES.iter().find(|(known, _)| *known == name).map(|(name, sql)| read(name, sql))
}

fn read(name: &'static str, sql: &'static str) -> NamedQuery {
    let line = |key: &str| {
        let prefix = format!("-- {key}: ");
        sql.lines().find_map(|line| line.strip_prefix(prefix.as_str())).unwrap_or_default().to_owned()
    };
    let list = |key: &str| line(key).split(", ").map(str::to_owned).collect::<Vec<_>>();
    let parameters = list("parameters").into_iter().filter(|name| name != "none").collect();
    NamedQuery { name, question: line("question"), parameters, columns: list("columns"), sql }
}
