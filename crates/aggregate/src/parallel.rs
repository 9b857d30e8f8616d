//! Work shared between threads, whose results come in order.

use std::num::NonZero;
use std::sync::mpsc::sync_channel;
use std::thread;

/// Does `work` for each item, as many at a time as there are processors, and gives `take` the
/// results in the order of the items. A thread is one result ahead at most, so that memory is
/// bounded; the first error ends all.
pub(crate) fn in_order<Item: Sync, Done: Send, Error: Send>(
    items: &[Item],
    work: impl Fn(&Item) -> Result<Done, Error> + Sync,
    mut take: impl FnMut(usize, Done) -> Result<(), Error>,
) -> Result<(), Error> {
    let threads = thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(items.len());
    let work = &work;

    thread::scope(|scope| {
        let start = |lane| {
            let (sender, receiver) = sync_channel(1);

            scope.spawn(move || {
                // Nobody receives any more once there is an error.
                items
                    .iter()
                    .skip(lane)
                    .step_by(threads)
                    .all(|item| sender.send(work(item)).is_ok())
            });

            receiver
        };

        let lanes: Vec<_> = (0..threads).map(start).collect();
        for (place, lane) in (0..items.len()).zip(lanes.iter().cycle()) {
            // Without a result the thread panicked, and so does the scope.
            let Ok(done) = lane.recv() else { break };
            take(place, done?)?;
        }

        Ok(())
    })
}

#[cfg(test)]
mod tests;
