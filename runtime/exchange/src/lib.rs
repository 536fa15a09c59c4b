//! Record XML, bulk check, error list.
