//! The tables of an audit chain in SQLite, the same in both zones: added to in the transaction of the act itself, read back, proved.
