"""Every process of docker-compose.yml, as it is started here."""

import importlib.util

from cli.compose import read_processes


def test_every_command_is_a_module_that_exists():
    for process in read_processes().values():
        python, flag, module, *_ = process.command
        assert (python, flag) == ("python", "-m")
        assert importlib.util.find_spec(module) is not None, f"{process.name} runs {module}"
