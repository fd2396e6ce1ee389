//! The users of the platform.

use super::models::{UserAttributes, UserCreateAttributes, UserCreateDocument, UserCreateResource};
use super::resource::{Resource, collection, unwraps};
use super::session::hidden;
use crate::arguments::usable;
use crate::error::{Error, Result};
use crate::ids::id_type;
use crate::raw::v3io::enums::ResourceType;

id_type! {
    /// The id of a user.
    UserId
}

/// A user of the platform.
pub type User = Resource<UserId, UserAttributes>;

unwraps!(UserResource, UserDocument => User);

collection! {
    /// The users of the platform.
    Users
}

impl Users {
    /// Creates a user. New users may take half a minute until they can sign in (source: v3io-go,
    /// pkg/controlplane/test).
    ///
    /// # Errors
    /// Refuses a user without a name; else as any call.
    pub async fn create(&self, user: UserCreateAttributes) -> Result<User> {
        if user.username.as_deref().unwrap_or_default().trim().is_empty() {
            return Err(Error::invalid("a new user needs a `username`"));
        }
        let password = user.password.clone();
        let data = UserCreateResource { id: None, type_: ResourceType::User, attributes: user };
        let raw = self.client.raw().create_user().body(UserCreateDocument { data });
        let created = self.client.send(raw.send()).await.map_err(|error| match &password {
            Some(password) => hidden(error, password.expose()),
            None => error,
        })?;
        Ok(created.into())
    }

    /// Deletes a user.
    ///
    /// # Errors
    /// As any call; [`is_not_found`](Error::is_not_found) where there is no such user.
    pub async fn delete(&self, id: impl Into<UserId>) -> Result<()> {
        let id = id.into();
        let raw = self.client.raw().delete_user().id(usable("user", id.as_str())?);
        self.client.send(raw.send()).await
    }
}
