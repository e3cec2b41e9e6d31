//! What every parser that reads the network must survive.
