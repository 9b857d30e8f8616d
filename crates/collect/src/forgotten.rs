use std::fmt;
use std::sync::Arc;

/// The column that holds a subscriber's number, which is personal data.
const NUMBER_COLUMN: &str = "subscriber_number";

/// The people who asked to be forgotten: their records are left out before anything is written.
/// Who they are is known by its caller alone, under keyed hashes.
#[derive(Clone, Default)]
pub struct Forgotten(Option<Arc<IsForgotten>>);

type IsForgotten = dyn Fn(&str) -> bool + Send + Sync;

impl Forgotten {
    /// Those whose number `is_forgotten` knows.
    pub fn new(is_forgotten: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(is_forgotten)))
    }

    /// True for a record of one of them.
    pub(crate) fn is_of(&self, record: &serde_json::Map<String, serde_json::Value>) -> bool {
        let number = record.get(NUMBER_COLUMN).and_then(|number| number.as_str());
        let Self(Some(is_forgotten)) = self else {
            return false;
        };
        number.is_some_and(|number| is_forgotten(number))
    }
}

impl fmt::Debug for Forgotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Forgotten(…)")
    }
}
