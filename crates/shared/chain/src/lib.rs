//! The audit chain of a zone (A8): entries bound to what came before, checkpoints that are signed, and the proof that nothing was
//! changed, removed, inserted or put in another order. Pure: it knows no table, no clock, no file.
