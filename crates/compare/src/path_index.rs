//! Paths of a tree, found by their end: a report names `train.py` where the tree has
//! `ml/train.py`.

use std::cmp::Ordering;

/// Paths in the order of their letters from the last one.
pub(crate) struct PathIndex<'all> {
    sorted: Vec<(&'all str, usize)>,
}

impl<'all> PathIndex<'all> {
    pub(crate) fn new(paths: impl Iterator<Item = &'all str>) -> Self {
        let mut sorted: Vec<_> = paths.enumerate().map(|(at, path)| (path, at)).collect();
        sorted.sort_by(|(left, _), (right, _)| by_end(left, right));
        Self { sorted }
    }

    /// The places of the paths that are this one, or that end with it below a folder.
    pub(crate) fn ending(&self, path: &str) -> impl Iterator<Item = usize> {
        let length = path.len();
        let whole = self.sharing(path).iter();
        let whole = whole.take_while(move |(known, _)| known.len() == length);
        let below = self.sharing(&format!("/{path}")).iter();
        whole.chain(below).map(|(_, at)| *at)
    }

    /// The paths that end with these letters: the shortest comes first.
    fn sharing(&self, end: &str) -> &[(&'all str, usize)] {
        let start = self
            .sorted
            .partition_point(|(path, _)| by_end(path, end) == Ordering::Less);
        let rest = &self.sorted[start..];
        let length = rest.partition_point(|(path, _)| path.ends_with(end));
        &rest[..length]
    }
}

fn by_end(left: &str, right: &str) -> Ordering {
    left.bytes().rev().cmp(right.bytes().rev())
}

#[cfg(test)]
mod tests {
    use super::PathIndex;

    #[test]
    fn a_path_is_found_by_its_end_below_a_folder() {
        let paths = ["ml/train.py", "ml/retrain.py", "train.py", "a/ml/train.py"];
        let index = PathIndex::new(paths.into_iter());
        let found = |path| {
            let mut found: Vec<usize> = index.ending(path).collect();
            found.sort_unstable();
            found
        };
        assert_eq!(found("train.py"), [0, 2, 3]);
        assert_eq!(found("ml/train.py"), [0, 3]);
        assert_eq!(found("rain.py"), [0; 0]);
    }
}
