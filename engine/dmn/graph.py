"""What decisions require of one another: all of it there, and no circle."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from engine.dmn.model import Decision
from engine.dmn.reading import Reading


def check_graph(decisions: Mapping[str, Decision], reading: Reading) -> None:
    """Faults for required decisions that are not there, and for decisions that require each other."""
    for decision in decisions.values():
        for key in decision.requires:
            if key not in reading.places:
                reading.fault(
                    reading.places[decision.key],
                    f"{{it}}需要的决策“{key[:80]}”不在文件中。",
                    f"{{it}} requires the decision “{key[:80]}”, which is not in the file.",
                )
    try:
        TopologicalSorter({one.key: one.requires for one in decisions.values()}).prepare()
    except CycleError as circle:
        keys = [str(key) for key in circle.args[1]]
        reading.fault(
            reading.places[keys[0]],
            f"决策互相需要，形成循环：{' → '.join(keys)}。",
            f"Decisions require each other in a circle: {' → '.join(keys)}.",
        )


def order(decisions: Mapping[str, Decision], key: str) -> list[Decision]:
    """A decision and all it requires, each after those that it requires itself."""
    needed: dict[str, Decision] = {}

    def add(one: str) -> None:
        if one not in needed:
            for required in decisions[one].requires:
                add(required)
            needed[one] = decisions[one]

    add(key)
    return list(needed.values())
