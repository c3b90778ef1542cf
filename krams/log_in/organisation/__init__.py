"""What is known of a log-in through the organisation, beside who it is; OpenID Connect or SAML.

Whoever speaks to the organisation sets ``told`` on its ``SocialLogin``, a ``told.Told``; once the
person is in, it stands in the session.
"""
