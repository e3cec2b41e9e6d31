//! Payment card numbers in chat text (T1): found however they are written, masked to the last four. Pure.
