//! A walk taken up where an earlier run left it: its kept pages lead it there again.

use super::error::CollectError;
use super::fetched::KeptPage;
use super::link::settle;
use super::retry::header;
use super::walk::{Pages, State};
use crate::wire::{Coding, decode, excerpt, page_facts};

impl Pages<'_> {
    /// Takes a page that an earlier run of this walk kept, as if it had just been received; nothing is sent.
    ///
    /// Pages are given in the order in which they were kept, before the first call of `next`; attempts are left out.
    /// Afterwards the walk goes on as the earlier run would have. The error is [`CollectError::Diverged`] where the
    /// page is not the one that comes next: another window, profile, page size or version of the tool.
    pub fn replay(&mut self, kept: &KeptPage<'_>) -> Result<(), CollectError> {
        if !matches!(self.state, State::Ask { .. }) {
            return Err(self.diverged("the walk had already ended".to_owned()));
        }
        if self.next_target().as_deref() != Some(kept.url) {
            // The earlier run may have begun anew here, because its cursor had expired.
            let error = self.diverged(format!("its address is {}", excerpt(kept.url.as_bytes(), 200)));
            self.state = self.anew(error.clone());
            if self.next_target().as_deref() != Some(kept.url) {
                self.state = State::Fail(error.clone());
                return Err(error);
            }
        }
        self.place.page = self.taken.saturating_add(1);
        let limits = self.client.options.limits;
        let decoded = Coding::from_header(header(kept.headers, "content-encoding").unwrap_or_default())
            .and_then(|coding| decode(kept.body, coding, limits))
            .map_err(|error| self.diverged(error.to_string()))?;
        let mut facts = page_facts(&decoded, self.scope.profile).map_err(|error| self.diverged(error.to_string()))?;
        if let Some(asking) = self.asking() {
            settle(&mut facts, kept.headers, asking.request, &asking.endpoint());
        }
        self.advance(&facts);
        Ok(())
    }

    fn diverged(&self, why: String) -> CollectError {
        CollectError::Diverged { place: Box::new(self.place.clone()), why }
    }
}
