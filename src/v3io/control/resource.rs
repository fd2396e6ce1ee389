//! Resources, taken out of the envelope in which the control plane sends them.

/// A resource of the control plane.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Resource<I, A> {
    /// The id, as text also where the server sends a number; empty where it sends none.
    pub id: I,
    /// What the server tells of it.
    pub attributes: A,
}

impl<I: From<String>, A: Default> Resource<I, A> {
    /// Out of the members of an envelope, both of which a server may leave out.
    pub(super) fn unwrapped(id: Option<impl ToString>, attributes: Option<A>) -> Self {
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        Self { id: id.into(), attributes: attributes.unwrap_or_default() }
    }
}

/// Reads a kind of resource, and the answer that holds one of it, from the generated types.
macro_rules! unwraps {
    ($resource:ident $(, $document:ident)? => $name:ty) => {
        impl From<super::models::$resource> for $name {
            fn from(sent: super::models::$resource) -> Self {
                Self::unwrapped(sent.id, sent.attributes)
            }
        }

        $(impl From<super::models::$document> for $name {
            fn from(sent: super::models::$document) -> Self {
                sent.data.into()
            }
        })?
    };
}
pub(super) use unwraps;

/// A room of the client for one kind of resource.
macro_rules! collection {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            client: super::Client,
        }

        impl $name {
            pub(super) fn new(client: &super::Client) -> Self {
                Self { client: client.clone() }
            }
        }
    };
}
pub(super) use collection;
