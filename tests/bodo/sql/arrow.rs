//! Record batches beside rows.

use longhaul::ErrorKind;
use longhaul::bodo::arrow_array::cast::AsArray;
use longhaul::bodo::arrow_array::types::Int64Type;
use longhaul::bodo::arrow_array::{Array, RecordBatch};
use longhaul_simulator::Fault;

use super::{NINE, XS, failure, faulty, start};

fn xs(batches: &[RecordBatch]) -> Vec<Option<i64>> {
    let columns = batches.iter().map(|batch| batch.column_by_name("x").unwrap());
    columns.flat_map(|column| column.as_primitive::<Int64Type>().iter()).collect()
}

#[tokio::test]
async fn batches_hold_the_rows() {
    let (_simulator, connection) = start().await;
    let rows = connection.query(NINE).await.unwrap();
    let batches = rows.into_batches().unwrap().collect_all().await.unwrap();
    assert_eq!(xs(&batches), XS);
    let texts = batches[1].column_by_name("t").unwrap().as_string::<i32>();
    assert!(texts.is_null(0) && texts.value(1) == "b");
}

#[tokio::test]
async fn batches_begin_with_the_first_row() {
    let (_simulator, connection) = start().await;
    let mut rows = connection.query(NINE).await.unwrap();
    rows.try_next().await.unwrap();
    assert_eq!(rows.into_batches().unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn inline_results_and_empty_ones_are_batches_too() {
    let (_simulator, connection) = start().await;
    let tables = connection.query("SHOW TABLES").await.unwrap();
    let batches = tables.into_batches().unwrap().collect_all().await.unwrap();
    let names = batches[0].column_by_name("name").unwrap().as_string::<i32>();
    assert_eq!((batches.len(), names.value(0)), (1, "customers"));
    let nothing = connection.query("SELECT 1 AS x WHERE 1 = 0").await.unwrap();
    assert_eq!(nothing.into_batches().unwrap().collect_all().await.unwrap().len(), 0);
}

#[tokio::test]
async fn missing_rows_are_an_error_here_too() {
    let metadata = Fault::body("application/json", "{\"num_rows\":10}").path("**/metadata.json");
    let (_simulator, connection) = faulty(metadata).await;
    let batches = connection.query(NINE).await.unwrap().into_batches().unwrap();
    assert_eq!(failure(batches.collect_all()).await.kind(), ErrorKind::Integrity);
}
