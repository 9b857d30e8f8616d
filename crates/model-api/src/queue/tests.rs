use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::*;

impl QueueItem for usize {
    fn rows(&self) -> usize {
        *self
    }
}

fn queue(items: &[usize]) -> Queue<usize> {
    let queue = Queue::new(Bounds {
        most: 100,
        batch: 10,
        enough_for_two: 20,
    });
    for (index, item) in items.iter().enumerate() {
        assert_eq!(queue.push(*item), Ok(IsFirst(index == 0)));
    }
    queue
}

#[test]
fn what_waits_is_taken_together_in_order_up_to_a_batch() {
    let cases: [(&[usize], &[usize]); 4] = [
        (&[1], &[1]),
        (&[1, 2, 3], &[1, 2, 3]),
        (&[6, 4, 1], &[6, 4]),
        (&[50, 1], &[50]),
    ];
    for (items, batch) in cases {
        assert_eq!(queue(items).take(0).unwrap(), batch, "{items:?}");
    }
}

#[test]
fn what_does_not_fit_is_given_back_at_once_until_room_comes_back() {
    let queue = queue(&[60, 40]);
    assert_eq!(queue.push(1), Err(1));
    assert_eq!(queue.take(0).unwrap(), [60]);
    assert_eq!(queue.push(1), Err(1), "what runs takes room too");
    assert_eq!(queue.take(60).unwrap(), [40]);
    queue.push(60).unwrap();
}

/// True when a second worker takes something while the first one runs.
fn is_helped(items: &[usize]) -> bool {
    let queue = Arc::new(queue(items));
    queue.take(0).unwrap();
    let helper = Arc::clone(&queue);
    let helper = thread::spawn(move || helper.take(0));
    // Closed with work left for the first worker alone, the second one goes without any.
    thread::sleep(Duration::from_millis(20));
    queue.close();
    helper.join().unwrap().is_some()
}

#[test]
fn a_second_worker_helps_when_there_is_enough_for_two() {
    assert!(
        !is_helped(&[6, 4, 1]),
        "the first worker takes the rest with what will have come"
    );
    assert!(is_helped(&[6, 4, 9, 1]));
    assert!(
        is_helped(&[50, 1]),
        "a small item does not wait for a large one to end"
    );
}

#[test]
fn a_worker_sleeps_until_there_is_work_and_leaves_when_the_queue_is_closed() {
    let queue = Arc::new(queue(&[]));
    let worker = Arc::clone(&queue);
    let worker = thread::spawn(move || (worker.take(0), worker.take(3)));
    assert_eq!(queue.push(3), Ok(IsFirst(true)));
    queue.begin();
    queue.close();
    assert_eq!(worker.join().unwrap(), (Some(vec![3]), None));
}
