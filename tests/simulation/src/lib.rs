//! Both zones in one process, driven by random lists of operations.
