"""The organization in the API: who I am, departments, people, who is on duty; rota and absences can be written.

People show name, work number and department; nothing more personal leaves through here.
"""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.decorators import method_decorator
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from organization import queries, services
from organization.choices import DepartmentKind, DutyKind
from organization.filters import PeopleFilter
from organization.models import Absence, Department, Duty, Employee, Team, User
from organization.permissions import Right, can_note_absence
from servicecenter.filtering import ListFilter, YesNoFilter
from servicecenter.idempotency import idempotent
from servicecenter.keyset import Order


def _user(request: HttpRequest | Request) -> User:
    """The caller: permissions have seen to a login."""
    return cast(User, request.user)


class MayLookUp(BasePermission):
    """Whoever may look people up."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Asked for every call."""
        return bool(request.user.is_authenticated and _user(request).has_right(Right.VIEW_PEOPLE))


class DepartmentSerializer(serializers.ModelSerializer[Department]):
    """A department with the code of the one above."""

    name = serializers.CharField(read_only=True)
    parent = serializers.CharField(source="parent.code", read_only=True, allow_null=True, default=None)  # type: ignore[assignment]

    class Meta:
        model = Department
        fields = ("code", "name", "names", "kind", "parent", "closed_on")


class DepartmentFilter(ListFilter):
    """Departments by kind, by the one above (and everything below it), open ones alone."""

    kind = django_filters.ChoiceFilter(choices=DepartmentKind.choices)
    within = django_filters.ModelChoiceFilter(
        queryset=Department.objects.all(), to_field_name="code", method="by_subtree"
    )
    open = YesNoFilter(field_name="closed_on", lookup_expr="isnull")

    class Meta:
        model = Department
        fields: list[str] = []

    def by_subtree(self, rows: QuerySet[Department], name: str, value: Department) -> QuerySet[Department]:
        """The department itself and all below it."""
        return rows.filter(path__startswith=value.path)


@extend_schema(tags=["organization"])
class DepartmentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Department]
):
    """The department tree."""

    permission_classes = (MayLookUp,)
    queryset = Department.objects.select_related("parent")
    serializer_class = DepartmentSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DepartmentFilter
    lookup_field = "code"
    keyset_order = Order("code", ("code",))


class PersonSerializer(serializers.ModelSerializer[Employee]):
    """An employee: enough to address the right one of two namesakes."""

    department = serializers.CharField(source="department.code", read_only=True)
    department_name = serializers.CharField(source="department.name", read_only=True)

    class Meta:
        model = Employee
        fields = ("work_number", "name", "department", "department_name", "position", "left_on")


@extend_schema(tags=["organization"])
class PersonViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Employee]):
    """People by name, pinyin or work number."""

    permission_classes = (MayLookUp,)
    queryset = Employee.objects.none()
    serializer_class = PersonSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = PeopleFilter
    lookup_field = "work_number"
    lookup_value_regex = "[A-Za-z0-9-]{1,12}"
    keyset_order = queries.BY_NAME

    def get_queryset(self) -> QuerySet[Employee]:
        """Through `visible_to`."""
        return queries.visible_to(_user(self.request))


class MeSerializer(serializers.Serializer[User]):
    """The caller: name, department, language, roles and rights."""

    work_number = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    department = serializers.CharField(source="employee.department.code", read_only=True)
    language = serializers.CharField(read_only=True)
    roles = serializers.SerializerMethodField()
    rights = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_roles(self, user: User) -> list[str]:
        """Codes of the roles held today."""
        return sorted(user.rights.role_codes)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_rights(self, user: User) -> list[str]:
        """Rights held today, for some department."""
        return sorted(user.rights.by_right)


@extend_schema(tags=["organization"])
class MeViewSet(viewsets.ViewSet):
    """Who I am, and what I may do."""

    @extend_schema(operation_id="me", responses=MeSerializer(many=False))
    def list(self, request: Request) -> Response:
        """The caller."""
        return Response(MeSerializer(_user(request)).data)


class DutySerializer(serializers.ModelSerializer[Duty]):
    """One duty: the agent of a team, or the centre's supervisor or manager."""

    employee = serializers.SlugRelatedField(slug_field="work_number", queryset=Employee.objects.all())
    employee_name = serializers.CharField(source="employee.name", read_only=True)
    team = serializers.SlugRelatedField(
        slug_field="code", queryset=Team.objects.all(), allow_null=True, required=False, default=None
    )

    class Meta:
        model = Duty
        fields = ("id", "kind", "team", "employee", "employee_name", "starts_at", "ends_at")


class DutyFilter(ListFilter):
    """Duties that touch a stretch of time, of a kind or team."""

    kind = django_filters.ChoiceFilter(choices=DutyKind.choices)
    team = django_filters.ModelChoiceFilter(queryset=Team.objects.all(), to_field_name="code")
    since = django_filters.IsoDateTimeFilter(field_name="ends_at", lookup_expr="gt")
    until = django_filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")

    class Meta:
        model = Duty
        fields: list[str] = []


@extend_schema(tags=["organization"])
class DutyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Duty]):
    """The duty rota (ORG-08): to read by everybody, to plan by whoever plans the rota."""

    permission_classes = (MayLookUp,)
    queryset = Duty.objects.select_related("employee", "team")
    serializer_class = DutySerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DutyFilter
    keyset_order = Order("start", ("starts_at",))
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(responses={201: DutySerializer})
    @method_decorator(idempotent)
    def create(self, request: Request) -> Response:
        """Plan a duty. 409 `duty.taken` names who is on duty then."""
        sent = DutySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if not queries.can_plan_lane(_user(request), sent.validated_data["team"]):
            raise PermissionDenied
        made = services.plan_duty(by=_user(request), **sent.validated_data)
        return Response(DutySerializer(made).data, status=201)

    @extend_schema(responses={204: None})
    @method_decorator(idempotent)
    def destroy(self, request: Request, pk: str) -> Response:
        """Strike a duty; the trail keeps it."""
        row = self.get_object()
        if not queries.can_plan_lane(_user(request), row.team):
            raise PermissionDenied
        services.strike_duty(duty=row, by=_user(request))
        return Response(status=204)


class AbsenceSerializer(serializers.ModelSerializer[Absence]):
    """An absence of a person."""

    employee = serializers.SlugRelatedField(slug_field="work_number", queryset=Employee.objects.all())

    class Meta:
        model = Absence
        fields = ("id", "employee", "starts_at", "ends_at", "reason")


@extend_schema(tags=["organization"])
class AbsenceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Absence]):
    """Absences: one's own, and of the people whose rota one plans."""

    permission_classes = (MayLookUp,)
    queryset = Absence.objects.none()
    serializer_class = AbsenceSerializer
    keyset_order = Order("start", ("starts_at",))
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Absence]:
        """Why somebody is away is for the planner and the person alone."""
        return queries.absences_visible_to(_user(self.request))

    @extend_schema(responses={201: AbsenceSerializer})
    @method_decorator(idempotent)
    def create(self, request: Request) -> Response:
        """Note an absence."""
        sent = AbsenceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if not can_note_absence(_user(request), sent.validated_data["employee"]):
            raise PermissionDenied
        made = services.note_absence(by=_user(request), **sent.validated_data)
        return Response(AbsenceSerializer(made).data, status=201)


ROUTES: list[tuple[str, Any, str]] = [
    ("me", MeViewSet, "me"),
    ("departments", DepartmentViewSet, "department"),
    ("people", PersonViewSet, "person"),
    ("duties", DutyViewSet, "duty"),
    ("absences", AbsenceViewSet, "absence"),
]
