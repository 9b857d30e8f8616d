use crate::kind::SourceKind;
use crate::report::SourceReport;

/// An observer of a collection. Sources run at the same time, so calls for different sources
/// interleave.
pub trait Progress: Send + Sync {
    /// `source` begins.
    fn started(&self, source: SourceKind);
    /// `source` has received `item`: the name of a file in its folder.
    fn received(&self, source: SourceKind, item: &str);
    /// `source` has ended, well or badly.
    fn finished(&self, report: &SourceReport);
}

/// Nobody watches.
impl Progress for () {
    fn started(&self, _: SourceKind) {}
    fn received(&self, _: SourceKind, _: &str) {}
    fn finished(&self, _: &SourceReport) {}
}
