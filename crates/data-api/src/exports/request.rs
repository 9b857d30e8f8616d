use filrouge_database::HourFilter;

use crate::revision::Revision;

/// The request of an export: its revision says its format too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExportRequest {
    pub(crate) filter: HourFilter,
    pub(crate) revision: Revision,
}
