#!/bin/sh
# Makes .venv with the first Python that will do, or names the one command that brings it.
set -eu

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
has_venv='import ensurepip, venv'

refuse() {
    printf '%s：%s\n' "$1" "$3" >&2
    printf '%s: %s\n' "$2" "$3" >&2
    exit 1
}

found=
incomplete=
for python in python3 python3.14 python3.13 python3.12 python3.11; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c "$new_enough" 2>/dev/null || continue
    if "$python" -c "$has_venv" 2>/dev/null; then
        found=$python
        break
    fi
    incomplete=${incomplete:-$python}
done

if [ -z "$found" ]; then
    if [ -n "$incomplete" ]; then
        packages="$incomplete-venv"
    elif command -v python3 >/dev/null 2>&1; then
        packages="python3.11-venv"
    else
        packages="python3-venv"
    fi
    if command -v apt-get >/dev/null 2>&1; then
        help="sudo apt-get install $packages"
    elif command -v dnf >/dev/null 2>&1; then
        help="sudo dnf install python3.12"
    else
        help="brew install python@3.13"
    fi
    refuse "联办需要 Python 3.11 或更高版本（含 venv），请先运行" \
        "Lianban needs Python 3.11 or newer with venv; run this first" "$help"
fi

"$found" -m venv .venv
