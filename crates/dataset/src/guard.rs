use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Decodings under way, in any thread: the decoder works in threads of its own.
static DECODING: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// This thread waits for a decoding.
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

/// The decoder panics on some damaged files: for the caller they are unreadable like the others,
/// and nothing of it is printed.
///
/// # Errors
/// One sentence, when it panicked.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    silence_the_decoder();
    DECODING.fetch_add(1, Ordering::SeqCst);
    WAITING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    WAITING.set(false);
    DECODING.fetch_sub(1, Ordering::SeqCst);
    outcome.map_err(|_| "the Parquet content is damaged".to_owned())
}

/// Panics of the decoder while something is decoded are answers; all others are told as before.
fn silence_the_decoder() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let tell = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !is_of_the_decoder(panic) {
                tell(panic);
            }
        }));
    });
}

fn is_of_the_decoder(panic: &PanicHookInfo<'_>) -> bool {
    let is_in_polars = panic
        .location()
        .is_some_and(|location| location.file().contains("polars"));
    WAITING.get() || (is_in_polars && DECODING.load(Ordering::SeqCst) > 0)
}
