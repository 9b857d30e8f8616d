//! The program as a whole: what its manifests promise, and what its commands do.

mod invariants;
