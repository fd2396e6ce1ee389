//! The removal of a directory with everything in it.

use std::future::Future;
use std::pin::Pin;

use super::DirectoryQuery;
use crate::batch::batch;
use crate::error::Result;
use crate::transport::call::call;
use crate::v3io::Client;
use crate::v3io::path::Place;

/// Deletes the entries of a directory, page after page, then the directory itself. An entry that
/// is gone already counts as deleted.
pub(in crate::v3io) fn delete_directory<'a>(
    client: &'a Client,
    place: &'a Place,
) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    // Boxed, because directories lie in directories.
    Box::pin(async move {
        place.checked("directory")?;
        let mut pages = DirectoryQuery::list(client, place.clone()).pages();
        while let Some(entries) = pages.try_next().await? {
            let (directories, files): (Vec<_>, Vec<_>) =
                entries.into_iter().partition(|entry| entry.is_directory);
            for directory in directories {
                delete_directory(client, &Place::new(&place.container, &directory.path)).await?;
            }
            let files = files.into_iter().map(|file| Place::new(&place.container, &file.path));
            batch(files, |file| delete(client, file)).await.into_result()?;
        }
        let mut itself = place.clone();
        itself.path = format!("{}/", itself.path.trim_end_matches('/'));
        delete(client, itself).await
    })
}

async fn delete(client: &Client, place: Place) -> Result<()> {
    let (container, path) = place.checked("entry")?;
    let deleted = call(client.raw().delete_object().container(container).path(path).send()).await;
    match deleted {
        Err(error) if error.is_not_found() => Ok(()),
        outcome => outcome,
    }
}
