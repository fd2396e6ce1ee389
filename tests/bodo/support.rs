//! What the tests share: a fast simulator and clients for it.
