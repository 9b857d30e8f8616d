#![doc = include_str!("../README.md")]

mod archive;
mod article;
mod calendar;
mod digest;
mod encoding;
mod fetch;
mod note;
mod sources;
mod text;
mod theme;
mod visits;
mod week;

pub use archive::{Archive, ArchiveError};
pub use article::{Article, FeedError, read_feed};
pub use calendar::weekly_hour;
pub use digest::Digest;
pub use fetch::{Fetched, Fetcher, MAX_FEED_BYTES};
pub use note::{Fact, Note, NoteError, Recommendation};
pub use sources::{Criterion, Grade, Reliability, Source, Sources, SourcesError};
pub use theme::Theme;
pub use visits::{Visit, Visits};
pub use week::{Week, WeekError};
