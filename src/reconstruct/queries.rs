//! The questions of `queries/`, by name, each with its checked header.

/// A question that comes with the tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedQuery {
    /// Its name, asked for as `@name`.
    pub name: &'static str,
    /// What it asks, in one line.
    pub question: String,
    /// The columns that it gives.
    pub columns: Vec<String>,
    /// The SQL, header included.
    pub sql: &'static str,
}

const FILES: [(&str, &str); 5] = [
    ("cross_pairs", include_str!("../../queries/cross_pairs.sql")),
    ("by_outcome", include_str!("../../queries/by_outcome.sql")),
    ("by_verb", include_str!("../../queries/by_verb.sql")),
    ("unclassified_actions", include_str!("../../queries/unclassified_actions.sql")),
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
    let columns = line("columns").split(", ").map(str::to_owned).collect();
    NamedQuery { name, question: line("question"), columns, sql }
}
