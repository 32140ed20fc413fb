"""pycamunda 0.6.1: deploys, starts, fetches, extends, fails with retries left, completes."""

import sys
from pathlib import Path

from pycamunda import deployment, externaltask, processdef, version

base, diagram, topic, key = sys.argv[1:]

assert version.Get(base)() == "7.24.0"

create = deployment.Create(base, name="clients", source="pycamunda", enable_duplicate_filtering=True)
with Path(diagram).open() as file:
    create.add_resource(file)
    assert list(create().deployed_process_definitions)

start = processdef.StartInstance(base, key=key, business_key="pycamunda")
start.add_variable("copies", 2)
instance = start()

fetch = externaltask.FetchAndLock(base, worker_id="pycamunda", max_tasks=1)
fetch.add_topic(name=topic, lock_duration=5_000)
[task] = fetch()
assert task.process_instance_id == instance.id_
assert task.variables["copies"].value == 2
externaltask.ExtendLock(base, id_=task.id_, worker_id="pycamunda", new_duration=9_000)()
externaltask.HandleFailure(
    base, id_=task.id_, worker_id="pycamunda", error_message="blunt", error_details="tool", retries=2, retry_timeout=0
)()
[again] = fetch()
assert (again.id_, again.retries, again.error_message) == (task.id_, 2, "blunt")
complete = externaltask.Complete(base, id_=task.id_, worker_id="pycamunda")
complete.add_variable("engraved", True)
complete()
