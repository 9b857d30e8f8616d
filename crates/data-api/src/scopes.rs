use filrouge_http::Scope;

/// The right to read pages.
#[derive(Debug, Clone, Copy)]
pub struct DataRead;

/// The right to take whole periods away.
#[derive(Debug, Clone, Copy)]
pub struct DataExport;

/// The right to read what cleaning did and where the data came from.
#[derive(Debug, Clone, Copy)]
pub struct QualityRead;

/// The right of the data-protection officer.
#[derive(Debug, Clone, Copy)]
pub struct GdprAdmin;

impl Scope for QualityRead {
    const NAME: &'static str = "quality:read";
}

impl Scope for GdprAdmin {
    const NAME: &'static str = "gdpr:admin";
}

impl Scope for DataRead {
    const NAME: &'static str = "data:read";
}

impl Scope for DataExport {
    const NAME: &'static str = "data:export";
}
