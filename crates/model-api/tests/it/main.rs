//! The service in process, with a small model made here and a data API that speaks HTTP on a port of its own.

mod access;
mod forecast;
mod openapi;
mod predictions;
mod serving;
mod support;
