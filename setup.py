"""The folders of the checkout as sub-packages of `musearoo`: setuptools' declarative form cannot say that."""

from setuptools import find_namespace_packages, setup
from setuptools.command.build_py import build_py

FOLDERS = ("bridge", "engines", "max_for_live", "presets", "remote_scripts", "tools")


class BuildWithoutTheWorkshop(build_py):
    """Leaves out what only builds the project."""

    def find_package_modules(self, package, package_dir):
        """The modules of a package, without the command of the checkout."""
        found = super().find_package_modules(package, package_dir)
        return [module for module in found if module[:2] != ("musearoo.tools", "dev")]


folders = find_namespace_packages(include=[f"{name}*" for name in FOLDERS], exclude=["tools.workshop*"])
setup(
    packages=["musearoo", *(f"musearoo.{name}" for name in folders)],
    package_dir={"musearoo": "musearoo", **{f"musearoo.{name}": name for name in FOLDERS}},
    cmdclass={"build_py": BuildWithoutTheWorkshop},
)
