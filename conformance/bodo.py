"""The public Python client for Bodo (bodosdk, unmodified) works with clusters, jobs, SQL and workspaces.

Usage: BASE_URL=http://127.0.0.1:18100 python bodo.py

A file that is uploaded, a cluster through its life, a job with its output, a query through the
client's own cursor, which reads Parquet with pyarrow, a template, a group by tag, and the
organisation's workspaces.
"""

import os
import sys
import tempfile

# Beside this file there is nothing to import.
sys.path.pop(0)

BASE = os.environ["BASE_URL"].rstrip("/")
PLACES = {"api_url": f"{BASE}/api", "auth_url": BASE}
KEYS = ("00000000-0000-4000-8000-00000000fa4e", "fake-workspace-secret-not-real")
ORGANIZATION_KEYS = ("00000000-0000-4000-8000-0000000fa4e0", "fake-org-secret-not-real")
SOURCE = {"type": "WORKSPACE", "path": "/"}
TAGS = {"purpose": "conformance"}
# The client's own waits look every 30 seconds.
SOON = {"timeout": 60, "tick": 0.05}

import pandas  # noqa: E402
from bodosdk import BodoOrganizationClient, BodoWorkspaceClient  # noqa: E402
from bodosdk.exceptions import ResourceNotFound, Unauthorized  # noqa: E402


def refused(error, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except error as raised:
        return raised
    raise AssertionError(f"{call} was not refused")


def upload(workspace):
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write('print("hello from the cluster")\n')
        file.flush()
        workspace.upload_file(file.name, "conformance.py")


def cluster(workspace):
    made = workspace.ClusterClient.create(
        name="conformance", instance_type="c5.large", workers_quantity=1, custom_tags=TAGS
    )
    assert made.wait_for_status(["RUNNING"], **SOON).status == "RUNNING", made.status
    made.update(description="from the public client", auto_pause=15)
    assert workspace.ClusterClient.get(made.id).auto_pause == 15
    return made


def jobs(workspace, running):
    job = running.run_job(code_type="PYTHON", source=SOURCE, exec_file="conformance.py")
    job.wait_for_status(["SUCCEEDED"], 60)
    assert job.status == "SUCCEEDED", (job.status, job.reason)
    assert "hello from the cluster" in job.get_stdout(), job.get_stdout()
    group = workspace.ClusterClient.list(filters={"tags": TAGS})
    for one in group.run_job(code_type="PYTHON", source=SOURCE, exec_file="conformance.py"):
        assert one.wait_for_status(["SUCCEEDED"], 60).status == "SUCCEEDED"
    broken = running.run_sql_query(sql_query="SELEKT 1", catalog="conformance")
    assert broken.wait_for_status(["SUCCEEDED"], 60).status == "FAILED"


def query(running):
    rows = "SELECT 1 AS n, 'one' AS word UNION ALL SELECT 2, NULL UNION ALL SELECT 3, 'three'"
    cursor = running.connect("conformance").cursor().execute(rows)
    assert cursor.rowcount == 3, cursor.rowcount
    words = [tuple(row) for row in cursor.fetchall()]
    assert words[0] == (1, "one") and words[2] == (3, "three") and words[1][0] == 2, words
    assert pandas.isna(words[1][1]), words
    cursor.close()


def template(workspace, running):
    made = workspace.JobTemplateClient.create(
        name="conformance",
        cluster={"instance_type": "c5.xlarge", "workers_quantity": 1},
        code_type="SQL",
        catalog="conformance",
        exec_text="SELECT 1",
    )
    on_another = made.run(cluster={"instance_type": "c5.large"})
    on_this = running.run_job(template_id=made.id)
    for job in (on_another, on_this):
        assert job.wait_for_status(["SUCCEEDED"], 60).status == "SUCCEEDED", job.reason
    assert on_another.cluster.instance_type == "c5.large", on_another.cluster
    made.delete()


def organization():
    client = BodoOrganizationClient(*ORGANIZATION_KEYS, **PLACES)
    config = client.create_aws_cloud_config(
        name="conformance", tf_backend_region="us-east-2", role_arn="arn:aws:iam::1:role/r"
    )
    made = client.create_workspace(
        name="conformance", region="us-east-2", cloud_config_id=str(config.uuid)
    )
    assert made.wait_for_status(["READY"], **SOON).status == "READY"
    assert "conformance" in [workspace.name for workspace in client.list_workspaces()]
    made.delete()
    assert made.wait_for_status(["TERMINATED"], **SOON).status == "TERMINATED"


def main():
    refused(Unauthorized, BodoWorkspaceClient, KEYS[0], "wrong", **PLACES)
    workspace = BodoWorkspaceClient(*KEYS, **PLACES)
    refused(ResourceNotFound, workspace.ClusterClient.get, workspace.workspace_id)
    workspace.CatalogClient.create_snowflake_catalog("conformance", {"username": "user"})
    upload(workspace)
    running = cluster(workspace)
    jobs(workspace, running)
    os.chdir(tempfile.mkdtemp())  # the cursor leaves its files in the working directory
    query(running)
    template(workspace, running)
    running.delete()
    assert running.wait_for_status(["TERMINATED"], **SOON).status == "TERMINATED"
    organization()
    print("bodo: the public client works with clusters, jobs, SQL and workspaces")


if __name__ == "__main__":
    main()
