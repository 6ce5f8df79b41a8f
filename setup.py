"""Puts guides, corpus and pages into the wheel, where `Settings.root` finds them."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

BUNDLED = ("guides", "corpus", "ui")


class BuildWithBundle(build_py):
    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return  # a checkout uses its own folders
        for name in BUNDLED:
            target = Path(self.build_lib, "assist", "bundle", name)
            shutil.copytree(Path(__file__).parent / name, target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithBundle})
