use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::access::Grant;

/// At most this many tokens are remembered: some 400 bytes each, 2 MB in all.
const CAPACITY: usize = 4096;

/// Tokens whose signature was verified, each with what it grants. Only valid tokens enter.
#[derive(Debug, Default)]
pub(super) struct VerifiedTokens(RwLock<HashMap<Box<str>, Arc<Grant>>>);

impl VerifiedTokens {
    pub(super) fn find(&self, token: &str) -> Option<Arc<Grant>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(token)
            .cloned()
    }

    /// When full, forgets the expired tokens, then all: verifying again is the only cost.
    pub(super) fn remember(&self, token: &str, grant: &Arc<Grant>, now: i64) {
        let mut tokens = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= CAPACITY {
            tokens.retain(|_, known| known.expires_at > now);
        }
        if tokens.len() >= CAPACITY {
            tokens.clear();
        }
        tokens.insert(token.into(), Arc::clone(grant));
    }

    pub(super) fn forget(&self, token: &str) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(expires_at: i64) -> Arc<Grant> {
        Arc::new(Grant {
            token_id: "1".into(),
            client_id: "demo".into(),
            scopes: Vec::new(),
            expires_at,
        })
    }

    #[test]
    fn the_cache_never_grows_past_its_capacity_and_keeps_the_newest() {
        let tokens = VerifiedTokens::default();
        for number in 0..CAPACITY + 10 {
            tokens.remember(&number.to_string(), &grant(100), 0);
        }
        assert!(tokens.0.read().unwrap().len() <= CAPACITY);
        assert!(tokens.find(&(CAPACITY + 9).to_string()).is_some());
    }

    #[test]
    fn expired_tokens_leave_first() {
        let tokens = VerifiedTokens::default();
        tokens.remember("fresh", &grant(1000), 0);
        for number in 1..CAPACITY {
            tokens.remember(&number.to_string(), &grant(100), 0);
        }
        tokens.remember("newest", &grant(1000), 500);
        assert!(tokens.find("fresh").is_some() && tokens.find("1").is_none());
    }
}
