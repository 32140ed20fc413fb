"""Verbs of the command line, run in this process; what they print, in English and on one line."""

from click.testing import CliRunner, Result

import lianban


def run(url: str, *verb: str, typed: str = "") -> Result:
    settings = {"LANG": "en_GB.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "COLUMNS": "200", "LIANBAN_DATABASE_URL": url}
    return CliRunner().invoke(lianban.cli, verb, env=settings, input=typed)


def done(url: str, *verb: str, typed: str = "") -> str:
    result = run(url, *verb, typed=typed)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def refused(url: str, *verb: str, typed: str = "") -> str:
    result = run(url, *verb, typed=typed)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    return " ".join(result.output.split())
