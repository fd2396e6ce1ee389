"""The public Python client for Coherent Spark (cspark, unmodified) works from upload to batch.

Usage: BASE_URL=http://127.0.0.1:18130 python spark.py

Every kind of credential, a folder and a service made from a workbook, executions of one record and
of many, and a batch that is created, pushed, pulled and disposed, with a record that fails.
"""

import io
import os
import time

from cspark import sdk

# Text would have to name a host of the platform's.
TENANT = sdk.BaseUrl(url=os.environ["BASE_URL"].rstrip("/"), tenant="my-tenant")
API_KEY = "fake-api-key-0000"
TOKEN = "fake-access-token-0000"
OAUTH = {"client_id": "fake-client-id", "client_secret": "fake-client-secret"}
FOLDER = "conformance"
SERVICE = f"{FOLDER}/tax"

ROWS = [["price", "tax"]] + [[price, 0.5] for price in range(750)]


def client(**credential):
    return sdk.Client(base_url=TENANT, logger=False, retry_interval=0.02, **credential)


def refused(status, call, *arguments, **options):
    """Without a status it is the client itself that refuses."""
    try:
        call(*arguments, **options)
    except sdk.SparkError as error:
        assert getattr(error, "status", None) == status, error
        return str(error)
    raise AssertionError(f"{call.__name__} was not refused")


def service(spark):
    """A folder, and a service from a workbook whose name tells the simulator what it computes."""
    folder = spark.folders.create(FOLDER).data
    assert folder["data"]["name"] == FOLDER, folder
    assert "already exists" in refused(409, spark.folders.create, FOLDER)
    made = spark.services.create(
        "tax",
        folder=FOLDER,
        file=io.BytesIO(b"PK"),
        file_name="total=price*(1+tax).xlsx",
        max_retries=20,
    )
    assert made["compilation"]["response_data"]["status"] == "Success", made["compilation"]
    assert spark.services.exists(SERVICE)
    assert not spark.services.exists(f"{FOLDER}/none")


def credentials(spark):
    """Keys, tokens and OAuth execute; a wrong one does not."""
    for credential in ({"api_key": API_KEY}, {"token": TOKEN}):
        execute(client(**credential))
    with_oauth = client(oauth=OAUTH)
    with_oauth.config.auth.oauth.retrieve_token(with_oauth.config, with_oauth.http_client)
    execute(with_oauth)
    for credential in ({"api_key": "wrong"}, {"token": "wrong"}):
        wrong = client(**credential)
        refused(401, wrong.services.execute, SERVICE, inputs={})
        refused(401, wrong.batches.create, SERVICE)
    without_rights = client(api_key=API_KEY).services.execute
    refused(403, without_rights, SERVICE, inputs=[{"price": 1}])
    refused(404, spark.batches.of("no-such-batch").get_status)


def execute(spark, **options):
    inputs = {"price": 100, "tax": 0.25}
    outputs = spark.services.execute(SERVICE, inputs=inputs, **options).data["outputs"]
    assert outputs == [{"total": 125}], outputs


def executions(spark):
    """One record, plain and compressed; several records; a table."""
    for encoding in (None, "gzip", "deflate"):
        execute(spark, encoding=encoding)
    for records, expected in (
        ([{"price": 10}, {"price": 20}], [{"total": 10}, {"total": 20}]),
        ([["price"], [10], [20]], [["total"], [10], [20]]),
    ):
        outputs = spark.services.execute(SERVICE, inputs=records).data["outputs"]
        assert outputs == expected, outputs
    answer = spark.services.execute(SERVICE, inputs={"price": "boom"}).data
    assert len(answer["errors"][0]) == 1, answer


def batch(spark):
    """The chunks of a table come back once each, in any order."""
    created = spark.batches.create(SERVICE, accuracy=0.5, max_runners=4).data
    assert created["data"]["batch_status"] == "created", created
    pipeline = spark.batches.of(created["id"])
    chunks = sdk.create_chunks([list(row) for row in ROWS], chunk_size=150)
    sent = {chunk.id: chunk.size for chunk in chunks}
    status = pipeline.push(chunks=chunks).data
    assert status["record_submitted"] == sum(sent.values()), status
    assert pipeline.stats == {"chunks": len(sent), "records": sum(sent.values())}, pipeline.stats
    received = pulled(pipeline, len(sent))
    assert {id: len(chunk["outputs"]) - 1 for id, chunk in received.items()} == sent
    assert all(chunk["outputs"][0] == ["total"] for chunk in received.values())
    totals = sorted(row[0] for chunk in received.values() for row in chunk["outputs"][1:])
    assert totals == [1.5 * price for price in range(sum(sent.values()))], totals[-3:]
    failing(pipeline)
    disposed(spark, pipeline)


def pulled(pipeline, count):
    received = {}
    deadline = time.monotonic() + 20
    while len(received) < count:
        assert time.monotonic() < deadline, f"{len(received)} of {count} chunks"
        result = pipeline.pull(max_chunks=2).data
        assert len(result.get("data") or []) <= 2, "more than were asked for"
        for chunk in result.get("data") or []:
            assert received.setdefault(chunk["id"], chunk) is chunk, "a chunk came twice"
        time.sleep(0.02)
    return received


def failing(pipeline):
    """A record that fails is reported, and the others are delivered."""
    data = sdk.ChunkData(
        inputs=[{"price": 2}, {"price": "boom"}, {"price": 4}],
        parameters={"tax": 0.5},
        summary={
            "ignore_error": True,
            "aggregation": [{"output_name": "total", "operator": "SUM"}],
        },
    )
    pipeline.push(data=data)
    (chunk,) = pulled(pipeline, 1).values()
    assert chunk["outputs"] == [{"total": 3}, None, {"total": 6}], chunk
    assert [error is None for error in chunk["errors"]] == [True, False, True], chunk
    assert chunk["summary_output"] == [["total"], [9]], chunk


def disposed(spark, pipeline):
    """A closed batch completes, and takes nothing more."""
    assert pipeline.dispose().data["id"] == pipeline.batch_id
    assert pipeline.state == "closed", pipeline.state
    refused(None, pipeline.push, inputs=[{"price": 1}])
    other = spark.batches.of(pipeline.batch_id)
    refused(400, other.push, inputs=[{"price": 1}])
    deadline = time.monotonic() + 20
    while (status := pipeline.get_status().data)["batch_status"] != "completed":
        assert status["batch_status"] == "closed" and time.monotonic() < deadline, status
        time.sleep(0.02)
    info = pipeline.get_info().data["data"]
    assert info["service_uri"].startswith(SERVICE), info
    recent = spark.batches.describe().data["recent_batches"]
    assert pipeline.batch_id in [batch["id"] for batch in recent], recent


def main():
    spark = client(token=TOKEN)
    service(spark)
    credentials(spark)
    executions(spark)
    batch(spark)
    spark.close()
    print("spark: the public client works with folders, services, executions and batches")


if __name__ == "__main__":
    main()
