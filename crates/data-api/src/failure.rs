use filrouge_database::DatabaseError;
use filrouge_http::{Problem, problem};

/// The problem that a client reads when the database fails: overload is told, all else is a defect
/// of ours.
pub(crate) fn database_failure(error: DatabaseError) -> Problem {
    if error.is_overload() {
        return Problem::new(&problem::OVERLOADED, "la base de données est trop occupée")
            .with_retry_after(1);
    }
    Problem::internal(&error)
}
