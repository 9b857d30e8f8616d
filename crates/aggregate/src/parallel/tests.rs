use super::*;

fn squares(items: &[u32], refused: u32) -> (Vec<u32>, Result<(), u32>) {
    let mut taken = Vec::new();
    let work = |&item: &u32| {
        if item == refused {
            Err(item)
        } else {
            Ok(item * item)
        }
    };

    let end = in_order(items, work, |place, square| {
        assert_eq!(square, items[place] * items[place]);
        taken.push(square);
        Ok(())
    });
    (taken, end)
}

#[test]
fn results_come_in_the_order_of_the_items_up_to_the_first_error() {
    assert_eq!(squares(&[], 0), (vec![], Ok(())));
    assert_eq!(
        squares(&[3, 1, 2, 5, 4], 9),
        (vec![9, 1, 4, 25, 16], Ok(()))
    );
    assert_eq!(squares(&[3, 1, 2, 5, 4], 2), (vec![9, 1], Err(2)));
}
