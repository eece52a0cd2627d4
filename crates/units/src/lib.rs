//! Run-time units: parse, check, convert.
