"""Roles given in tests as people give them, and invitations said yes to."""

from krams.enums import Role
from krams.models import Invitation, User
from krams.roles.actions.grants import Given, give_role
from krams.roles.actions.invitations import accept
from krams.roles.actions.links import hash_of, new_link
from krams.roles.places import Place
from krams.roles.rules import Kind
from tests.conftest import PASSWORD


def appoint(*, cluster, email, name, authority, by) -> Given:
    """An editor of the authority's column, or a coordinator where it is None."""
    place, role = Place(Kind.CLUSTER, cluster.pk), Role.COORDINATOR
    if authority:
        place, role = Place(Kind.COLUMN, authority.pk, cluster.pk), Role.EDITOR
    return give_role(place=place, role=role, email=email, name=name, by=by)


def secret_of(path: str) -> str:
    return path.strip("/").split("/")[-1]


def say_yes(email: str) -> User:
    """The person accepts every invitation that waits, the first with a password."""
    account = User.objects.get(email=email)
    for invitation in Invitation.objects.waiting().filter(user=account):
        hashed = hash_of(secret_of(new_link(invitation)))
        account.refresh_from_db()
        user = account if account.has_usable_password() else None
        accept(invitation_id=invitation.pk, secret_hash=hashed, user=user, password=PASSWORD)
    return account
