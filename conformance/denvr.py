"""The public Python client for Denvr Cloud (denvr, unmodified) works with servers and applications.

Usage: BASE_URL=http://127.0.0.1:18140 python denvr.py

A config file with a user and a password, the catalogues, a virtual server through its whole life
with the client's own waiters, an application of the catalogue, a bare-metal host, and errors.
"""

import os
import sys
import tempfile

# Beside this file there is nothing to import, and its own name is that of the client.
sys.path.pop(0)

BASE = os.environ["BASE_URL"].rstrip("/")
CONFIG = f"""
[defaults]
server = "{BASE}"
cluster = "Hou1"
tenant = "denvr"
rpool = "on-demand"
retries = 1

[credentials]
username = "alice@example.test"
password = "not-a-real-password"
"""

from denvr.client import client  # noqa: E402
from denvr.config import config  # noqa: E402
from denvr.waiters import waiter  # noqa: E402
from requests.exceptions import HTTPError  # noqa: E402

VM = {"id": "conformance", "namespace": "denvr", "cluster": "Hou1"}
WAIT = {"interval": 0.02, "timeout": 30}


def refused(status, call, **arguments):
    try:
        call(**arguments)
    except HTTPError as error:
        assert error.response.status_code == status, error
        return str(error)
    raise AssertionError(f"{call.__name__} was not refused")


def catalogues(conf):
    assert client("clusters", conf).get_all() == ["Hou1", "Msc1"]
    images = client("servers/images", conf).get_operating_system_images()["items"]
    assert any(image["name"] == "Ubuntu 22.04.4 LTS" for image in images), images
    virtual = client("servers/virtual", conf)
    names = [item["name"] for item in virtual.get_configurations()["items"]]
    assert "A100_40GB_PCIe_1x" in names, names
    free = virtual.get_availability(resource_pool="on-demand", report_nodes=False)["items"]
    assert all(item["cluster"] == "Hou1" for item in free), free


def virtual_server(conf):
    virtual = client("servers/virtual", conf)
    made = waiter(virtual.create_server)(
        name=VM["id"], vpc="denvr", configuration="A100_40GB_PCIe_1x", ssh_keys=["key"], **WAIT
    )
    assert made["status"] == "ONLINE", made
    assert waiter(virtual.stop_server)(**VM, **WAIT)["status"] == "OFFLINE"
    assert waiter(virtual.start_server)(**VM, **WAIT)["status"] == "ONLINE"
    listed = [server["id"] for server in virtual.get_servers()["items"]]
    assert listed == [VM["id"]], listed
    refused(400, virtual.create_server, name=VM["id"], vpc="denvr",
            configuration="A100_40GB_PCIe_1x", ssh_keys=[])
    virtual.destroy_server(delete_snapshots=True, **VM)


def application(conf):
    applications = client("servers/applications", conf)
    package = applications.get_configurations()["items"][0]["name"]
    made = waiter(applications.create_catalog_application)(
        name="conformance",
        cluster="Msc1",
        hardware_package_name=package,
        application_catalog_item_name="jupyter-notebook",
        application_catalog_item_version="python-3.11.9",
        jupyter_token="fake-jupyter-token",
        **WAIT,
    )
    assert made["instance_details"]["status"] == "ONLINE", made
    applications.destroy_application(id="conformance", cluster="Msc1")


def bare_metal(conf):
    metal = client("servers/metal", conf)
    host = metal.get_hosts()["items"][0]
    assert metal.reboot_host(id=host["id"])["id"] == host["id"]
    text = refused(404, metal.get_host, id="no-such-host")
    assert '"no-such-host" not found' in text, text


def main():
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(CONFIG)
        file.flush()
        conf = config(file.name)
    for part in (catalogues, virtual_server, application, bare_metal):
        part(conf)
    print("denvr: the public client works with servers, applications and hosts")


if __name__ == "__main__":
    main()
