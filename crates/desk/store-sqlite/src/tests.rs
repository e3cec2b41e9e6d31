//! The store on SQLite, held to the conformance suite.
