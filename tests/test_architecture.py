"""The shape of the system, held by one walk over models, ports, policies, rights, texts and files.

An exemption is a line with its reason.
"""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import typing
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.module_loading import import_string

from servicecenter import policies, ports

ROOT = Path(__file__).resolve().parent.parent
# Highest first. A layer sees those below it; claims and inventory share a level and do not know each other.
LAYERS = [
    {"reports"},
    {"claims", "inventory"},
    {"complaints"},
    {"customers"},
    {"conduct"},
    {"deadlines"},
    {"organization"},
    {"servicecenter"},
]
RANK = {app: len(LAYERS) - level for level, apps_ in enumerate(LAYERS) for app in apps_}
OWN_MODELS = [model for app in settings.LOCAL_APPS for model in apps.get_app_config(app).get_models()]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository (tracked, or new and not ignored)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def own_sources() -> list[Path]:
    """Python sources of the apps, without migrations."""
    return [
        path
        for path in tracked("*.py")
        if path.relative_to(ROOT).parts[0] in RANK and "migrations" not in path.parts
    ]


def foreign_keys() -> Iterator[typing.Any]:
    for model in OWN_MODELS:
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            if field.is_relation and field.related_model is not None:
                yield pytest.param(model, field, id=f"{model._meta.label}.{field.name}")


@pytest.mark.parametrize(("model", "field"), list(foreign_keys()))
def test_foreign_keys_point_down_only(model: type[models.Model], field: models.Field) -> None:
    """The linter cannot see strings. The user model is exempt; the ground floor points at users and itself alone."""
    target = field.related_model
    if target._meta.label == settings.AUTH_USER_MODEL:
        return
    here, there = model._meta.app_label, target._meta.app_label
    if here == "servicecenter":
        assert there == "servicecenter"
    assert there == here or RANK[there] < RANK[here]


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_a_model_says_its_chinese_term_and_has_a_translated_label(model: type[models.Model]) -> None:
    exempt = {
        "TrailUnsealed": "a work list of the sealer, never shown",
        "KeptNumber": "a cache of figures, never shown by its name",
        "Heartbeat": "signs of life of processes",
        "LoginAttempt": "the limiter's memory",
        "ApiToken": "a technical credential",
        "Keyword": "carries its term",
    }
    if model.__name__ not in exempt and not model._meta.auto_created:
        assert CHINESE.search(model.__doc__ or ""), "the docstring gives the Chinese term"
    with translation.override("zh-hans"):
        assert CHINESE.search(str(model._meta.verbose_name)), "the label has a Chinese translation"


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_who_and_when_come_in_pairs(model: type[models.Model]) -> None:
    """Every `x_by` has its `x_at`."""
    exempt = {
        "registered_by": "registered_at is its own column",
        "settled_by": "a kind of party, no user: settled_on is its day",
        "agreed_by": "a name as it was said, no user",
        "amount_set_by": "the trail holds when each amount was set; four eyes only ask who",
    }
    names = {field.name for field in model._meta.get_fields()}
    for name in names:
        if name.endswith("_by") and name not in exempt:
            assert name.removesuffix("_by") + "_at" in names, f"{model.__name__}.{name} has no time beside it"


def test_the_doors_of_the_api_know_nothing_of_the_doors_of_pages() -> None:
    """What both need lies below them: rights in permissions, reading in queries."""
    doors = [
        path for path in own_sources() if path.suffix == ".py" and {"api", "api.py", "endpoints"} & {*path.parts}
        and "tests" not in path.parts
    ]  # fmt: skip
    assert len(doors) > 30
    wrong = re.compile(r"^\s*from \w+(\.\w+)* import views\b|^\s*(from|import) \w+\.views\b", re.MULTILINE)
    assert [str(path) for path in doors if wrong.search(path.read_text())] == []


def bound_ports() -> Iterator[typing.Any]:
    for port, bindings in settings.PORTS.items():
        for key, path in bindings.items():
            yield pytest.param(port, path, id=f"{port}:{key}")


# Port name -> the Protocol that declares it.
PROTOCOLS = {
    "servicecenter.subject": "servicecenter.ports.SubjectPort",
    "servicecenter.search": "servicecenter.ports.SearchPort",
    "customers.alerts": "customers.ports.AlertPort",
    "customers.timeline": "customers.ports.TimelinePort",
    "customers.waybill_life": "customers.ports.WaybillLifePort",
    "inventory.claim": "inventory.ports.ClaimPort",
    "deadlines.step_fired": "deadlines.ports.StepFiredPort",
    "servicecenter.administrators": "servicecenter.ports.AdministratorsPort",
}


@pytest.mark.parametrize(("port", "path"), list(bound_ports()))
def test_a_port_is_bound_to_a_function_with_its_signature(port: str, path: str) -> None:
    protocol = import_string(PROTOCOLS[port])
    wanted = list(inspect.signature(protocol.__call__).parameters.values())[1:]
    given = inspect.signature(import_string(path)).parameters
    for parameter in wanted:
        assert parameter.name in given, f"{path} does not take {parameter.name}"
        assert given[parameter.name].kind in {parameter.kind, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    extra = [p for name, p in given.items() if name not in {w.name for w in wanted} and p.default is p.empty]
    assert not extra, f"{path} asks for more than the port gives: {extra}"


def test_there_are_at_most_ten_ports_and_the_map_lists_them() -> None:
    assert set(settings.PORTS) == set(PROTOCOLS)
    assert len(settings.PORTS) <= 10
    text = (ROOT / "docs/architecture.md").read_text()
    for port in settings.PORTS:
        assert f"`{port}`" in text


@pytest.mark.parametrize("code", settings.POLICY_TYPES)
def test_a_policy_has_a_type_whose_defaults_are_valid(code: str) -> None:
    assert policies.parse(code, {}) == policies.policy_type(code)()


def declared_rights() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for app in settings.LOCAL_APPS:
        if find_spec(f"{app}.permissions") is None:
            continue
        module = import_module(f"{app}.permissions")
        for item in vars(module).values():
            if inspect.isclass(item) and issubclass(item, StrEnum) and item.__module__ == module.__name__:
                found.setdefault(app, set()).update(str(member) for member in item)
    return found


def test_a_right_is_named_app_verb_noun() -> None:
    for app, rights in declared_rights().items():
        for right in rights:
            assert re.fullmatch(rf"{app}\.[a-z]+(_[a-z]+)*", right), right


@pytest.mark.django_db
def test_roles_hold_only_rights_that_exist_and_every_right_has_a_holder() -> None:
    from organization.models import Role

    existing = set().union(*declared_rights().values())
    held = {right for role in Role.objects.all() for right in role.rights}
    assert held - existing == set(), "roles hold rights that no app declares"
    assert existing - held == set(), "rights that no role holds: nobody could ever do it"


CODE_IN_CALL = re.compile(
    r"""(?:RuleBroken|Refusal)\(\s*"([a-z_]+\.[a-z_.]+)"|trail\.record\(\s*[^,()]+(?:\([^()]*\))?,\s*"([a-z_]+\.?[a-z_.]*)"|tell\(\s*[^,]+,\s*"([a-z_]+\.[a-z_.]+)\"""",
    re.VERBOSE,
)


def test_every_code_has_its_sentence() -> None:
    """Codes of rules, trail and notices are worded when read; one without a sentence would show as a code."""
    from servicecenter import wording

    tables = [wording.all_codes("RULES"), wording.all_codes("TRAIL"), wording.all_codes("NOTICES")]
    missing = []
    for path in own_sources():
        for match in CODE_IN_CALL.finditer(path.read_text()):
            for code, table in zip(match.groups(), tables, strict=True):
                if code and code not in table:
                    missing.append(f"{path.relative_to(ROOT)}: {code}")
    assert missing == []


def test_no_message_waits_in_the_broker_for_its_time() -> None:
    """Deadlines are rows: no `eta`, no `countdown` (D4)."""
    offenders = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in own_sources()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\b(eta|countdown)\s*=", line)
    ]
    assert offenders == []


@pytest.mark.parametrize("path", own_sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_says_what_it_answers(path: Path) -> None:
    """At most 400 lines; a docstring on the module and on every public function and class."""
    text = path.read_text()
    assert len(text.splitlines()) <= 400, "split it by noun"
    tree = ast.parse(text)
    if text.strip():
        assert ast.get_docstring(tree) or path.name == "__init__.py", (
            "the module says which question it answers"
        )
    silent = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node.name not in {"Meta", "Media"}
        and not ast.get_docstring(node)
        and not _inside_function(tree, node)
        and not _is_trivial(node)
    ]
    assert silent == []


def _inside_function(tree: ast.Module, wanted: ast.AST) -> bool:
    return any(
        wanted is not node and wanted in ast.walk(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    )


def _is_trivial(node: ast.AST) -> bool:
    """Enumerations and protocols inside a documented class; methods Django names (form.clean …)."""
    return (
        isinstance(node, ast.FunctionDef)
        and node.name
        in {
            "clean",
            "handle",
            "add_arguments",
            "ready",
            "get_queryset",
            "get_serializer_class",
            "has_add_permission",
            "has_change_permission",
            "has_delete_permission",
            "has_view_permission",
            "save_model",
            "to_representation",
            "to_internal_value",
            "validate",
        }
    ) or (
        isinstance(node, ast.ClassDef)
        and any(getattr(base, "attr", "") == "TextChoices" for base in node.bases)
    )


FORBIDDEN = re.compile(
    "|".join(
        [
            "python" + "hosted",
            "npm" + r"js\.",
            "py" + r"pi\.(org|python)",
            "deb" + r"\.debian",
            "/wo" + "rk/",
            r"\.\./sha" + "red",
        ]
    )
)


def test_the_repository_names_no_registry_host_no_machine_path_and_holds_no_foreign_file() -> None:
    named = []
    for path in tracked():
        assert path.suffix not in {".woff", ".woff2", ".ttf", ".otf"}, path
        assert not path.name.endswith((".min.js", ".min.css")), path
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if match := FORBIDDEN.search(text):
            named.append(f"{path.relative_to(ROOT)}: {match.group()}")
    assert named == []


def test_lists_leave_through_one_door() -> None:
    """A spreadsheet becomes an answer, as the form asked, in one place."""
    makers = {"as_attachment=True", 'POST.get("form") == "csv"'}
    found = {
        str(path.relative_to(ROOT))
        for path in own_sources()
        if any(sign in path.read_text() for sign in makers)
    }
    assert found == {"servicecenter/answers.py"}


def test_nothing_is_left_unfinished() -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|NotImplemented" + r"Error)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("*.py", "*.html", "*.js")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


def test_ports_module_has_no_dead_protocol() -> None:
    declared = {name for name, item in vars(ports).items() if inspect.isclass(item) and name.endswith("Port")}
    assert {
        path.rsplit(".", 1)[1] for path in PROTOCOLS.values() if path.startswith("servicecenter.")
    } == declared
