"""For how long history is kept where a diagram does not say so, as the environment says it."""

from collections.abc import Mapping

from cli.terminal import stop
from engine.timers import TimerFault, parse_days

HISTORY_TIME_TO_LIVE = "LIANBAN_HISTORY_TIME_TO_LIVE"
FOR_EVER = "forever"


def history_time_to_live(environment: Mapping[str, str]) -> int | None:
    """Days, None for ever, which is the default. Cases of the office are records and never cleaned up."""
    said = environment.get(HISTORY_TIME_TO_LIVE, FOR_EVER)
    if said == FOR_EVER:
        return None
    try:
        return parse_days(said)
    except TimerFault:
        raise stop(
            f"{HISTORY_TIME_TO_LIVE} 应为天数（如 180 或 P180D），或 {FOR_EVER}。",
            f"{HISTORY_TIME_TO_LIVE} must be a number of days, such as 180 or P180D, or {FOR_EVER}.",
        ) from None
