"""`python -m cli`, which the launcher calls."""

import sys

import typer

from cli.away import AWAY, sentence_of
from cli.main import app


def instance_first(arguments: list[str]) -> list[str]:
    """`run --instance NAME` means the same as `--instance NAME run`; what follows `--` or `test` stays as it is."""
    for place, word in enumerate(arguments):
        if word in ("--", "test"):
            break
        if word == "--instance":
            return arguments[place : place + 2] + arguments[:place] + arguments[place + 2 :]
        if word.startswith("--instance="):
            return [word, *arguments[:place], *arguments[place + 1 :]]
    return arguments


def main() -> None:
    """Runs the command. A server that is away ends it with status 1 and a sentence."""
    try:
        app(prog_name="frontdesk", args=instance_first(sys.argv[1:]))
    except AWAY as error:
        typer.echo(f"frontdesk: {sentence_of(error)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
