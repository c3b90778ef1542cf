"""Why a message of SAML counts for nothing."""


class Refused(Exception):
    """``why`` is a short word for the log, without anything of what was sent."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why
