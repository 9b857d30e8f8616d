//! One file a command: arguments in, the work of a library crate, a report in French out.

pub(crate) mod account;
pub(crate) mod aggregate;
pub(crate) mod availability;
pub(crate) mod backup;
pub(crate) mod collect;
pub(crate) mod credentials;
pub(crate) mod data;
pub(crate) mod doctor;
pub(crate) mod document;
pub(crate) mod evaluate;
pub(crate) mod feeds;
pub(crate) mod gdpr;
pub(crate) mod health;
pub(crate) mod import;
pub(crate) mod incident;
pub(crate) mod lake;
pub(crate) mod lineage;
pub(crate) mod model;
pub(crate) mod predict;
pub(crate) mod profile;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod split;
pub(crate) mod train;
pub(crate) mod triage;
pub(crate) mod up;
