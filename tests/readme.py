"""What the README's tables must say, read off the code: the engine's commands, the command line's verbs, the routes."""

import inspect
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib import import_module

import click

import lianban
from api.routes import doors
from casework.matrix import ROLE_NAMES
from casework.tables import Role
from engine.transaction import Database

ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
COMMAND_MODULES = (
    "deployments",
    "instances",
    "messages",
    "process_starts",
    "modifications",
    "restarts",
    "suspensions",
    "batches",
    "user_tasks",
    "task_variables",
    "task_errors",
    "external_tasks",
    "jobs",
    "job_changes",
    "bound_timers",
    "incidents",
    "removals",
    "history_deletion",
    "time_to_live",
)

WORDS = {"en": ("anybody", "everybody with a login", ", "), "zh": ("任何人", "所有登录用户", "、")}

Row = Mapping[str, tuple[str, ...]]
"""The cells of one row, by README."""


def commands() -> Iterator[Row]:
    """Every public function of the engine's command modules that takes a transaction, with its first sentence."""
    for name in COMMAND_MODULES:
        module = import_module(f"engine.{name}")
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if function.__module__ == module.__name__ and function_name[0] != "_" and parameters[:1] == ["tx"]:
                cells = (f"`{name}.{function_name}`", first_sentence(function.__doc__))
                yield {ENGLISH: cells, CHINESE: cells}


def first_sentence(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split()).split(". ")[0].rstrip(".").replace("|", "\\|")


def verbs() -> Iterator[Row]:
    """Every verb of `lianban`, groups spelled out; its help is English, then Chinese."""
    for name, verb in sorted(lianban.cli.commands.items()):
        inner = verb.commands if isinstance(verb, click.Group) else {"": verb}
        for inner_name, command in sorted(inner.items()):
            verb_name = f"`lianban {f'{name} {inner_name}'.strip()}`"
            english, _, chinese = (command.help or "").partition("\n\n")
            yield {ENGLISH: (verb_name, first_sentence(english)), CHINESE: (verb_name, chinese.strip().rstrip("。"))}


def routes() -> Iterator[Row]:
    """Every route of the office's door, with its title and who may call it, by address."""
    with closing(Database("sqlite:///unused", lianban.ports())) as database:
        stated = [one for one in doors(lianban.create_app(database)) if one[0].startswith("/api/")]
    found = sorted(stated, key=lambda one: (one[0], one[1].method))
    for address, door in found:
        roles = None if door.rule is None else [role for role in Role if role in door.rule.roles]
        yield {
            ENGLISH: (f"`{door.method} {address}`", door.title.en, who(roles, "en")),
            CHINESE: (f"`{door.method} {address}`", door.title.zh, who(roles, "zh")),
        }


def who(roles: list[Role] | None, language: str) -> str:
    anybody, everybody, comma = {
        "en": ("anybody", "everybody with a login", ", "),
        "zh": ("任何人", "所有登录用户", "、"),
    }[language]
    if roles is None:
        return anybody
    return everybody if len(roles) == len(Role) else comma.join(getattr(ROLE_NAMES[role], language) for role in roles)
