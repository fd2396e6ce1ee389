"""The public Python client for V3IO (v3io, unmodified) works with every kind of data.

Usage: BASE_URL=http://127.0.0.1:18110 python v3io.py

Containers and their listings, objects whole and in part, items with conditions, expressions and a
cursor over several pages, streams with a record that fails, and a batch.
"""

import os
import sys

# Beside this file there is nothing to import, and its own name is that of the client.
sys.path.pop(0)

from v3io.dataplane import Client, RaiseForStatus  # noqa: E402
from v3io.dataplane.response import HttpResponseError  # noqa: E402

USERS = "users"


def refused(status, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except HttpResponseError as error:
        assert error.status_code == status, error
        return str(error)
    raise AssertionError(f"{call.__name__} was not refused")


def containers(client):
    names = [container.name for container in client.get_containers().output.containers]
    assert names == ["bigdata", "projects", "users"], names
    refused(404, client.object.get, "no-such-container", "a")
    refused(401, client.get_containers, access_key="invalid-key")


def objects(client):
    path = "conformance/a name with blanks, % and #"
    client.object.put(USERS, path, body="hello, there")
    assert client.object.get(USERS, path).body == b"hello, there"
    assert client.object.get(USERS, path, offset=7).body == b"there"
    assert client.object.get(USERS, path, offset=7, num_bytes=3).body == b"the"
    client.object.put(USERS, path, body=", you", append=True)
    assert dict(client.object.head(USERS, path).headers)["Content-Length"] == "17"
    client.object.put(USERS, "conformance/folder/")
    listing = client.container.list(USERS, "conformance", get_all_attributes=True).output
    assert [entry.key for entry in listing.contents] == [path], listing.contents
    assert [entry.prefix for entry in listing.common_prefixes] == ["conformance/folder/"]
    client.object.delete(USERS, path)
    missing = client.object.get(USERS, path, raise_for_status=RaiseForStatus.never)
    assert missing.status_code == 404, missing.status_code


def items(client):
    table = "conformance/burgers"
    people = {"bob": (42, "mustache"), "linda": (41, "singing"), "louise": (9, "bunny ears")}
    for name, (age, feature) in people.items():
        client.kv.put(USERS, table, name, {"age": age, "feature": feature, "scores": [1, 2]})
    client.kv.update(USERS, table, "louise", attributes={"height": 130})
    client.kv.update(USERS, table, "louise", expression="age = age + 1; scores[0] = 7")
    names = ["__size", "age", "height", "scores"]
    item = client.kv.get(USERS, table, "louise", attribute_names=names).output.item
    assert item == {"__size": 0, "age": 10, "height": 130, "scores": [7, 2]}, item
    update = {"expression": "age = age + 1", "condition": "age > 40"}
    assert "16777244" in refused(400, client.kv.update, USERS, table, "louise", **update)
    filtered = {"attribute_names": ["age"], "filter_expression": "age > 15"}
    adults = client.kv.new_cursor(USERS, table, **filtered)
    ages = sorted(item["age"] for item in adults.all())
    assert ages == [41, 42], ages


def cursor(client):
    table = "conformance/many"
    for number in range(120):
        client.kv.put(USERS, table, f"item-{number}", {"number": number})
    found = client.kv.new_cursor(USERS, table, attribute_names=["number"]).all()
    assert sorted(item["number"] for item in found) == list(range(120)), len(found)
    segments = [
        client.kv.new_cursor(USERS, table, segment=segment, total_segments=4).all()
        for segment in range(4)
    ]
    assert sum(len(segment) for segment in segments) == 120
    assert len(client.kv.new_cursor(USERS, table, limit=70).all()) == 70


def streams(client):
    path = "conformance/stream"
    client.stream.create(USERS, path, shard_count=8)
    refused(409, client.stream.create, USERS, path, shard_count=8)
    records = [
        {"shard_id": 1, "data": "first shard record #1"},
        {"shard_id": 1, "data": "first shard record #2", "client_info": b"info"},
        {"shard_id": 8, "data": "no such shard"},
        {"data": "some shard record #1"},
    ]
    results = client.stream.put_records(USERS, path, records).output
    assert results.failed_record_count == 1, results.failed_record_count
    assert [record.error_code is None for record in results.records] == [True, True, False, True]
    location = client.stream.seek(USERS, path, 1, "EARLIEST").output.location
    first, second = client.stream.get_records(USERS, path, 1, location, limit=2).output.records
    assert first.data == b"first shard record #1", first.data
    assert (second.data, second.client_info) == (b"first shard record #2", b"info")
    assert client.stream.describe(USERS, path).output.shard_count == 8
    client.stream.delete(USERS, path)
    refused(404, client.stream.describe, USERS, path)


def batch(client):
    for number in range(16):
        client.batch.object.put(USERS, f"conformance/batch/{number}", body=f"object-{number}")
    assert [response.status_code for response in client.batch.wait()] == [200] * 16
    for number in range(17):
        client.batch.object.get(USERS, f"conformance/batch/{number}")
    responses = client.batch.wait(raise_for_status=RaiseForStatus.never)
    assert [response.status_code for response in responses] == [200] * 16 + [404]
    assert responses[15].body == b"object-15", responses[15].body


def main():
    base = os.environ["BASE_URL"]
    client = Client(endpoint=base, access_key="fake-access-key", logger_verbosity="ERROR")
    for part in (containers, objects, items, cursor, streams, batch):
        part(client)
    client.close()
    print("v3io: the public client works with containers, objects, items, streams and batches")


if __name__ == "__main__":
    main()
