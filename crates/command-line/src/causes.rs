use std::error::Error;

/// The sentences of an error, from what was wanted to what failed. A cause that the sentence before
/// ends with is told already: many libraries write theirs in their own message.
pub fn causes(error: &(dyn Error + 'static)) -> String {
    let mut told: Vec<String> = Vec::new();
    let mut next = Some(error);

    while let Some(error) = next {
        let cause = error.to_string();
        let is_told = told.last().is_some_and(|before| before.ends_with(&cause));
        if !is_told {
            told.push(cause);
        }
        next = error.source();
    }
    told.join(": ")
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    /// An error and the one that it comes from.
    #[derive(Debug)]
    struct Link(&'static str, Option<Box<Self>>);

    impl fmt::Display for Link {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Link {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as _)
        }
    }

    #[test]
    fn each_cause_is_told_once() {
        let last = Link("x is unknown", None);
        let middle = Link(
            "the statement is refused: x is unknown",
            Some(Box::new(last)),
        );
        let first = Link("la base ne répond pas", Some(Box::new(middle)));
        assert_eq!(
            causes(&first),
            "la base ne répond pas: the statement is refused: x is unknown"
        );
    }
}
