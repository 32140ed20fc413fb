"""camunda- and operaton-external-task-client-python3: starts, fetches, fails with retries left, completes."""

import sys
from importlib import import_module
from typing import Any

package, base, topic, key = sys.argv[1:]
Worker = import_module(f"{package}.external_task.external_task_worker").ExternalTaskWorker
Engine = import_module(f"{package}.client.engine_client").EngineClient

seen: list[Any] = []


def fails(task: Any) -> Any:
    return task.failure("blunt", "the tool is blunt", 3, 0)


def completes(task: Any) -> Any:
    seen.append((task.get_variables()["copies"], task.get_business_key(), task.get_extension_properties()))
    return task.complete({"engraved": True})


engine = Engine(base)
started = engine.start_process(key, {"copies": 2}, business_key=package)
worker = Worker("python3", base_url=base, config={"asyncResponseTimeout": 2_000, "sleepSeconds": 1})
worker.fetch_and_execute(topic, fails)
worker.fetch_and_execute(topic, completes)

assert seen == [(2, package, {"material": "copper"})], seen
assert started["id"] in [one["id"] for one in engine.get_process_instance(process_key=key, variables=["copies_eq_2"])]
assert engine.get_process_instance(process_key=key, variables=["copies_eq_3"]) == []
