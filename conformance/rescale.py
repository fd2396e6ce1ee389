"""The public Python client for Rescale (rescalepy, unmodified) works through the tutorial.

Usage: BASE_URL=http://127.0.0.1:18120 python rescale.py

A job without its inputs completes and has failed; with them it succeeds, its outputs are
downloaded and compared with the SHA-512 that the platform declares.
"""

import hashlib
import os
import tempfile
from pathlib import Path

import keyring
import requests.adapters
from keyring.backends import null

BASE = os.environ["BASE_URL"].rstrip("/")
KEY = "fake00000000000000000000000000000000key1"

keyring.set_keyring(null.Keyring())


def to_simulator(send):
    """rescalepy has no setting for the host: its requests are sent to the simulator instead."""

    def redirected(self, request, **options):
        host, path = request.url.split("://", 1)[1].split("/", 1)
        if host.endswith(".rescale.com"):
            request.url = f"{BASE}/{path}"
        return send(self, request, **options)

    return redirected


requests.adapters.HTTPAdapter.send = to_simulator(requests.adapters.HTTPAdapter.send)

from rescalepy import Client  # noqa: E402

COMMAND = "python calculate_pi.py range.inp"
SCRIPT = """import sys
terms = int(open(sys.argv[1]).read())
pi = 4 * sum((-1) ** n / (2 * n + 1) for n in range(terms))
open("pi_estimate.res", "w").write(str(pi))
"""


def run_job(client, name, inputs):
    job = client.create_job(
        name=name,
        software_code="miniconda",
        version="4.8.4",
        input_files=inputs,
        command=COMMAND,
        core_type="granite",
        n_cores=2,
        wall_time=1,
    )
    assert client.submit_job(job), "the job was not submitted"
    client.wait_for_job(job, interval=0.02)
    newest = client.get_job_status(job)[0]
    assert newest["status"] == "Completed", newest
    return job, newest["statusReason"]


def wrong_key_is_refused():
    try:
        Client(api_token="wrong")
    except ValueError:
        return
    raise AssertionError("a wrong key was accepted")


def catalogue(client):
    codes = [analysis["code"] for analysis in client.list_analyses()]
    assert "miniconda" in codes, codes
    core_types = client.get_core_types()
    assert len(core_types) > 10, "the list is paged"
    assert client.get_cheapest_core() in [core_type["code"] for core_type in core_types]


def failed_run_completes(client):
    job, reason = run_job(client, "no inputs", [])
    assert reason != "Completed successfully", reason
    statuses = [entry["status"] for entry in client.get_job_status(job)]
    assert "Stopping" in statuses, statuses


def run_with_inputs(client, folder):
    script, numbers = folder / "calculate_pi.py", folder / "range.inp"
    script.write_text(SCRIPT)
    numbers.write_text("1000\n")
    job, reason = run_job(client, "with inputs", [script, numbers])
    assert reason == "Completed successfully", reason
    out = folder / "out"
    client.download_all_results(job, out)
    for file in client.list_job_results_files(job):
        content = (out / file["relativePath"]).read_bytes()
        checksums = {c["hashFunction"]: c["fileHash"] for c in file["fileChecksums"]}
        assert hashlib.sha512(content).hexdigest() == checksums["sha512"], file["name"]
    assert (out / "pi_estimate.res").read_text().startswith("3.14"), "the estimate"


def main():
    wrong_key_is_refused()
    client = Client(api_token=KEY)
    catalogue(client)
    failed_run_completes(client)
    with tempfile.TemporaryDirectory() as folder:
        run_with_inputs(client, Path(folder))
    print("rescale: the public client works through the tutorial")


if __name__ == "__main__":
    main()
