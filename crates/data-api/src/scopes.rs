use filrouge_http::Scope;

/// The right to read pages.
#[derive(Debug, Clone, Copy)]
pub struct DataRead;

/// The right to take whole periods away.
#[derive(Debug, Clone, Copy)]
pub struct DataExport;

/// The right to read the report of the cleaning and the lineage.
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

/// Meaning of each right, for the OpenAPI document.
pub(crate) const SCOPES: [(&str, &str); 4] = [
    (
        DataRead::NAME,
        "Lire les stations, les heures et les conditions",
    ),
    (
        DataExport::NAME,
        "Exporter des périodes entières et des jeux de données",
    ),
    (
        QualityRead::NAME,
        "Lire la qualité et le lignage des données",
    ),
    (
        GdprAdmin::NAME,
        "Lire le registre, les durées de conservation et le journal des accès",
    ),
];
