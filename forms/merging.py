"""What a submission leaves of an object that other steps wrote to as well: all that is not this form's to say."""

from collections.abc import Iterable, Mapping
from copy import deepcopy

from forms.dynamics import Part, Segments


def merged(values: dict[str, object], before: Mapping[str, object], parts: Iterable[Part]) -> dict[str, object]:
    """The values, where an object that there was before keeps what the form does not hold.

    What the form hides is gone from it; what it shows and does not take stays as it was.
    """
    written: dict[str, list[Segments]] = {}
    for part in parts:
        if len(part.place) > 1 and not part.is_ignored and part.readonly is None:
            written.setdefault(part.place[0], []).append(part.place[1:])
    for name, value in values.items():
        stored = before.get(name)
        if isinstance(value, dict) and isinstance(stored, Mapping):
            values[name] = _over(_without(stored, written.get(name, ())), value)
    return values


def _without(stored: Mapping[str, object], places: Iterable[Segments]) -> dict[str, object]:
    left = deepcopy(dict(stored))
    for place in places:
        holder: object = left
        for segment in place[:-1]:
            holder = holder.get(segment) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            holder.pop(place[-1], None)
    return left


def _over(stored: dict[str, object], values: dict[str, object]) -> dict[str, object]:
    for name, value in values.items():
        inner = stored.get(name)
        stored[name] = _over(inner, value) if isinstance(value, dict) and isinstance(inner, dict) else value
    return stored
