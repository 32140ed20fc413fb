"""Packs nothing without the evaluator of FEEL, which is bundled, not written; all else is said in pyproject.toml."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FEEL = Path("feel/feelin.js")


class Complete(build_py):
    def run(self) -> None:
        if not self.editable_mode and not FEEL.exists():
            raise SystemExit(f"缺少 {FEEL}，请运行 make wheel。\n{FEEL} is missing; run make wheel.")
        super().run()


setup(cmdclass={"build_py": Complete})
