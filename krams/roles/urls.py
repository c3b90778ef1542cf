"""Addresses of the people at one's places, and of invitations."""

from django.urls import path

from .views import accepting, people, roles

urlpatterns = [
    path("personer/", people.people, name="people"),
    path("personer/inviter/", people.choose_place, name="role-place"),
    path("personer/inviter/<slug:place>/", people.give, name="role-give"),
    path("personer/<int:pk>/", people.person, name="person"),
    path("personer/<int:pk>/log-ud/", people.log_out, name="person-log-out"),
    path("personer/roller/<int:pk>/", roles.change, name="role-change"),
    path("personer/roller/<int:pk>/afslut/", roles.end, name="role-end"),
    path("personer/invitationer/<int:pk>/send/", roles.invitation_again, name="invitation-again"),
    path(
        "personer/invitationer/<int:pk>/link/", roles.invitation_show_link, name="invitation-show"
    ),
    path(
        "personer/invitationer/<int:pk>/traek-tilbage/",
        roles.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("invitation/", accepting.invitation, name="invitation"),
    path("invitation/<str:secret>/", accepting.link, name="invitation-link"),
]
