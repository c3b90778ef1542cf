"""Which roles may do what; QuerySets use these so that access is decided in the query."""

from ..enums import Role

READING_FACILITIES = (Role.STAFF, Role.MANAGER, Role.VIEWER, Role.ADMINISTRATOR)
REGISTERING = (Role.STAFF, Role.MANAGER, Role.ADMINISTRATOR)
MANAGING = (Role.MANAGER, Role.ADMINISTRATOR)
EDITING_COLUMNS = (Role.EDITOR, Role.ADMINISTRATOR)
COORDINATING = (Role.COORDINATOR, Role.ADMINISTRATOR)
# Who may give roles: ``krams.roles.rules`` says which, where.
GRANTING = (Role.MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR)
# Who must log in with more than a password, where the setting says so.
NEEDING_SECOND_STEP = (Role.MANAGER, Role.COORDINATOR, Role.ADMINISTRATOR)
