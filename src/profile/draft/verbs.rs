//! What an action does, by the words in its name.

use crate::model::Verb;

const WORDS: [(Verb, &[&str]); 9] = [
    (
        Verb::Read,
        &[
            "read",
            "get",
            "view",
            "viewed",
            "show",
            "fetch",
            "fetched",
            "access",
            "accessed",
            "retrieve",
            "retrieved",
            "open",
            "opened",
            "reveal",
            "revealed",
        ],
    ),
    (Verb::List, &["list", "listed", "index", "enumerate", "browse", "browsed"]),
    (Verb::Search, &["search", "searched", "query", "queried", "find"]),
    (Verb::Export, &["export", "exported", "download", "downloaded", "print", "printed", "dump"]),
    (
        Verb::Create,
        &[
            "create",
            "created",
            "add",
            "added",
            "invite",
            "invited",
            "import",
            "imported",
            "insert",
            "inserted",
            "register",
            "registered",
            "upload",
            "uploaded",
            "issue",
            "issued",
            "generate",
            "generated",
        ],
    ),
    (
        Verb::Update,
        &[
            "update",
            "updated",
            "edit",
            "edited",
            "modify",
            "modified",
            "change",
            "changed",
            "set",
            "move",
            "moved",
            "transfer",
            "transferred",
            "share",
            "shared",
            "unshare",
            "unshared",
            "restore",
            "restored",
            "rename",
            "renamed",
            "enable",
            "enabled",
            "disable",
            "disabled",
            "assign",
            "assigned",
            "grant",
            "granted",
            "revoke",
            "revoked",
            "rotate",
            "rotated",
            "archive",
            "archived",
            "patch",
            "put",
        ],
    ),
    (
        Verb::Delete,
        &["delete", "deleted", "remove", "removed", "purge", "purged", "destroy", "destroyed", "drop", "dropped"],
    ),
    (Verb::Login, &["login", "signin", "authenticate", "authenticated"]),
    (Verb::Logout, &["logout", "signout"]),
];

/// What an action seems to do: its last word decides, else its first, else the first that says something.
pub(super) fn of(action: &str) -> Option<Verb> {
    let words = words(action);
    let known = |word: &String| WORDS.iter().find(|(_, known)| known.contains(&word.as_str())).map(|(verb, _)| *verb);
    let joined = words.windows(2).find_map(|pair| known(&pair.concat()));
    words
        .last()
        .and_then(known)
        .or_else(|| words.first().and_then(known))
        .or(joined)
        .or_else(|| words.iter().find_map(known))
}

/// `GetSecretValue`, `invoice.read`, `SIGN_IN` word by word, in lower case.
fn words(action: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in action.chars() {
        let begins = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}
