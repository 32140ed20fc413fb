"""generic-camunda-client 7.18.0, generated from Camunda's own OpenAPI: its models take every answer apart."""

import sys

import generic_camunda_client as camunda

base, topic, key, login, password = sys.argv[1:]

said = camunda.Configuration(host=base, username=login, password=password)
with camunda.ApiClient(said, "Authorization", said.get_basic_auth_token()) as client:
    assert camunda.VersionApi(client).get_rest_api_version().version == "7.24.0"
    definitions = camunda.ProcessDefinitionApi(client)
    assert [one.key for one in definitions.get_process_definitions(key=key, latest_version=True)] == [key]
    started = definitions.start_process_instance_by_key(
        key,
        start_process_instance_dto=camunda.StartProcessInstanceDto(
            business_key="generic", variables={"copies": camunda.VariableValueDto(value=2, type="Integer")}
        ),
    )
    work = camunda.ExternalTaskApi(client)
    [task] = work.fetch_and_lock(
        fetch_external_tasks_dto=camunda.FetchExternalTasksDto(
            worker_id="generic",
            max_tasks=1,
            topics=[camunda.FetchExternalTaskTopicDto(topic_name=topic, lock_duration=5_000)],
        )
    )
    assert task.process_instance_id == started.id
    work.extend_lock(
        task.id,
        extend_lock_on_external_task_dto=camunda.ExtendLockOnExternalTaskDto(worker_id="generic", new_duration=9_000),
    )
    work.handle_failure(
        task.id,
        external_task_failure_dto=camunda.ExternalTaskFailureDto(
            worker_id="generic", error_message="blunt", retries=1, retry_timeout=0
        ),
    )
    work.fetch_and_lock(
        fetch_external_tasks_dto=camunda.FetchExternalTasksDto(
            worker_id="generic",
            max_tasks=1,
            topics=[camunda.FetchExternalTaskTopicDto(topic_name=topic, lock_duration=5_000)],
        )
    )
    work.complete_external_task_resource(
        task.id,
        complete_external_task_dto=camunda.CompleteExternalTaskDto(
            worker_id="generic", variables={"engraved": camunda.VariableValueDto(value=True, type="Boolean")}
        ),
    )
