//! Where a token alone decides whose log is read, one token must not stand for two organisations.

use super::status::Failure;
use crate::collect::Scope;
use crate::profile::OrgIn;
use std::collections::BTreeMap;

/// Refuses one token for two logs where both answers would be the same organisation's.
pub(super) fn each<'s>(scopes: impl Iterator<Item = &'s Scope<'s>>) -> Result<(), Failure> {
    let mut of = BTreeMap::new();
    for scope in scopes {
        let Some(org) = scope.org.as_ref() else { continue };
        let implied = scope.profile.request.as_ref().is_some_and(|request| request.org == OrgIn::Token);
        let other = of.insert(scope.token.fingerprint(), org);
        if let Some(other) = other.filter(|other| implied && *other != org) {
            return Err(Failure::usage(format!(
                "with the profile {:?} the token decides whose log is read, and {other} and {org} have the same one: \
                 give each its own with --token-file {other}=FILE and --token-file {org}=FILE",
                scope.profile.name
            )));
        }
    }
    Ok(())
}
