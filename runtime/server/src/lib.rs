//! The data plane: accounts, records, pages.
