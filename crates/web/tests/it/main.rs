//! The application in process, in front of fake APIs that speak HTTP on a port of their own.

mod assets;
mod errors;
mod forecast;
mod home;
mod station;
mod support;
