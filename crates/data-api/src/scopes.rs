use filrouge_http::Scope;

/// The right to read pages.
#[derive(Debug, Clone, Copy)]
pub struct DataRead;

/// The right to take whole periods away.
#[derive(Debug, Clone, Copy)]
pub struct DataExport;

impl Scope for DataRead {
    const NAME: &'static str = "data:read";
}

impl Scope for DataExport {
    const NAME: &'static str = "data:export";
}
