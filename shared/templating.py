"""Words with names in them: a sandbox of Jinja2 in which there is nothing but `{{ name }}` and `{% if name %}`.

Whoever writes a template is a manager of a network, not a programmer of ours. What is not in the list below is refused
before it is compiled, so that nothing can be called, looped over, or reached by an attribute.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import ClassVar

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

# Plain text for a telephone: there is no markup that values could break out of.
_SANDBOX = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=str)
_SANDBOX.globals.clear()
_SANDBOX.filters.clear()
_SANDBOX.tests.clear()

_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not)


class BadTemplate(ValueError):
    """The template cannot be used; its text says what to do about it."""

    unreadable: ClassVar[str] = "It cannot be read: write names as {{ site_name }}, conditions as {% if first_name %}."


def require_names(source: str, known: Collection[str], optional: Collection[str]) -> None:
    """Raises BadTemplate unless the template is made of known names alone.

    `optional` ones have no value now and then: each stands in a condition that asks for it, so that no gap is left.
    """
    tree = _parsed(source)
    for node in _below(tree):
        if isinstance(node, nodes.Name) and node.name not in known:
            raise BadTemplate(f"It has a name that does not exist. There are: {', '.join(sorted(known))}.")
        if not isinstance(node, _ALLOWED):
            raise BadTemplate("Only names and conditions on one name are allowed: no filters, calls, loops or sums.")
    for shown, asked in _shown(tree.body, frozenset()):
        if shown in optional and shown not in asked:
            raise BadTemplate(f"{shown} is not always known: write {{% if {shown} %}}...{{% endif %}} around it.")


def render(source: str, values: Mapping[str, str]) -> str:
    """The words with their values. The template was let through by `require_names`."""
    return _compiled(source).render(values)


@lru_cache(maxsize=1024)
def _compiled(source: str) -> Compiled:
    return _SANDBOX.from_string(source)


def _parsed(source: str) -> nodes.Template:
    try:
        tree = _SANDBOX.parse(source)
    except (TemplateSyntaxError, RecursionError):
        raise BadTemplate(BadTemplate.unreadable) from None
    if any(isinstance(inner, nodes.If) for outer in tree.find_all(nodes.If) for inner in outer.find_all(nodes.If)):
        raise BadTemplate("A condition may not stand within another.")
    return tree


def _below(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    if isinstance(node, _ALLOWED):
        for child in node.iter_child_nodes():
            yield from _below(child)


def _shown(body: Collection[nodes.Node], asked: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """The names that are shown, each with those that are known to have a value there."""
    for node in body:
        if isinstance(node, nodes.Output):
            yield from ((each.name, asked) for each in node.nodes if isinstance(each, nodes.Name))
        if isinstance(node, nodes.If):
            there, missing = _asked(node.test)
            yield from _shown(node.body, asked | there)
            yield from _shown(node.else_, asked | missing)


def _asked(test: nodes.Node) -> tuple[frozenset[str], frozenset[str]]:
    """Which name has a value where the test holds, and which where it does not."""
    if isinstance(test, nodes.Name):
        return frozenset({test.name}), frozenset()
    if isinstance(test, nodes.Not):
        there, missing = _asked(test.node)
        return missing, there
    return frozenset(), frozenset()
