//! Conditions of hours kept in memory, by key.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use super::HourConditions;

/// Conditions kept in memory, some 80 bytes each: more than ten years of one city's hours.
const CAPACITY: usize = 100_000;

/// Conditions already read. They never change under their key, so nothing here grows stale.
#[derive(Debug, Default)]
pub(crate) struct ConditionsCache(RwLock<HashMap<i64, HourConditions>>);

impl ConditionsCache {
    /// Looks up all the keys at once, or says that one is missing.
    pub(crate) fn find_all(&self, keys: impl Iterator<Item = i64>) -> Option<Vec<HourConditions>> {
        let cached = self.0.read().unwrap_or_else(PoisonError::into_inner);
        keys.map(|key| cached.get(&key).copied()).collect()
    }

    pub(crate) fn remember(&self, conditions: &HashMap<i64, HourConditions>) {
        let mut cached = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if cached.len() + conditions.len() > CAPACITY {
            cached.clear();
        }
        cached.extend(conditions);
    }
}
