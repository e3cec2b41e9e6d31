//! A key of this machine's own, in a file that only its program may read: seals small secrets and signs checkpoints. Not for answers:
//! those are the vault's key provider's.
