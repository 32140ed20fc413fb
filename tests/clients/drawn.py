"""The process that the clients work on: a worker's part, then a person's."""

from tests.diagrams import diagram, end, external_task, flows, properties, start, user_task

KEY = "seal-making"
TOPIC = "seals"

SEAL_MAKING: bytes = diagram(
    start(),
    external_task("engrave", TOPIC, properties(material="copper")),
    user_task("hand-over", name="Hand over", candidateGroups="window"),
    end(),
    flows("start", "engrave", "hand-over", "end"),
    key=KEY,
)
