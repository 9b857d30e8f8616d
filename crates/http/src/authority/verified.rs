use std::sync::Arc;

use quick_cache::OptionsBuilder;
use quick_cache::sync::Cache;

use super::grant::Grant;

/// Tokens kept, at most: some 400 bytes each, 2 MB in all.
const CAPACITY: usize = 4096;

/// Tokens whose signature was verified, each with its grant. Only valid tokens enter.
#[derive(Debug)]
pub(super) struct VerifiedTokens(Cache<Box<str>, Arc<Grant>>);

impl VerifiedTokens {
    pub(super) fn get(&self, token: &str) -> Option<Arc<Grant>> {
        self.0.get(token)
    }

    /// Caches a token. Verifying again is the only cost of one that had to leave.
    pub(super) fn insert(&self, token: &str, grant: &Arc<Grant>, now: i64) {
        // Expired tokens leave before any that still serves.
        if self.0.len() >= CAPACITY {
            self.0.retain(|_, cached| cached.expires_at > now);
        }
        self.0.insert(token.into(), Arc::clone(grant));
    }

    pub(super) fn clear(&self) {
        self.0.clear();
    }

    /// Forgets the tokens that bear these names.
    pub(super) fn remove_named(&self, token_ids: &[Box<str>]) {
        if !token_ids.is_empty() {
            self.0
                .retain(|_, grant| !token_ids.contains(&grant.token_id));
        }
    }

    pub(super) fn remove(&self, token: &str) {
        self.0.remove(token);
    }
}

impl Default for VerifiedTokens {
    fn default() -> Self {
        let options = OptionsBuilder::new()
            // One part: its bound is then exact, and a service has a handful of clients, who read
            // it side by side.
            .shards(1)
            .estimated_items_capacity(CAPACITY)
            .weight_capacity(CAPACITY as u64)
            .build()
            .expect("both capacities are given");
        let (weighter, hasher, lifecycle) = Default::default();
        Self(Cache::with_options(options, weighter, hasher, lifecycle))
    }
}

#[cfg(test)]
mod tests;
