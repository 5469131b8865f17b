//! `treaty`.
