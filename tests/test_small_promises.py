"""What docs/asvs.toml calls met and no other test looks at: defaults that nobody may change."""

import ast
import datetime as dt
import json
import logging
import re
import runpy

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import global_settings, settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail.backends.smtp import EmailBackend
from django.test import RequestFactory
from django.urls import reverse

from initiatives.calendar.secrets import new_token
from krams.models import User
from krams.people.sessions import SessionStore
from krams.web.logs import JsonFormatter

from .conftest import PASSWORD

ROOT = settings.BASE_DIR
LONG = "vandre roligt over engen " * 6
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text()


def sources():
    for room in ("krams", "initiatives", "clusters"):
        for path in (ROOT / room).rglob("*.py"):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def calls(tree: ast.Module) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_no_command_goes_through_a_shell():
    through = [
        (name, ast.unparse(call))
        for name, tree in sources()
        for call in calls(tree)
        if any(one.arg == "shell" for one in call.keywords)
        or re.search(r"\bos\.(system|popen|exec|spawn)|getoutput", ast.unparse(call.func))
    ]
    assert through == []


def test_no_template_is_made_of_a_text():
    made = [
        (name, ast.unparse(call.func))
        for name, tree in sources()
        for call in calls(tree)
        if re.search(r"from_string$|^Template$|\.Template$", ast.unparse(call.func))
    ]
    # The engine hands it on to Jinja, because Django's interface has it; nobody calls it.
    elsewhere = [one for one in made if "RGBColor" not in one[1] and "Template" not in one[1]]
    assert {name for name, _call in elsewhere} == {"krams/web/templating.py"}
    assert not [one for one in made if re.search(r"(jinja2|django\.template)", one[1])]


def test_no_script_of_ours_reads_html_from_texts_or_writes_under_a_name_that_came_from_outside():
    """What htmx swaps in, the server has made. ``a[b] = c`` is how prototypes are polluted."""
    html = []
    for path in (ROOT / "static").glob("*.js"):
        script = path.read_text()
        html += re.findall(r"insertAdjacentHTML", script)
        assert not re.search(r"outerHTML|document\.write|\beval\b", script), path
        assert not re.search(r"[\w)\]]\[[^\]'\"\d]+\]\s*=[^=>]", script), path
        assert not re.search(r"__proto__|setPrototypeOf", script), path
        # What the script itself has kept in this tab; it names no property.
        assert set(re.findall(r"JSON\.parse\(([^)]*)\)", script)) <= {"store.kept"}, path
    # The week grid makes a field of numbers and ids that the server wrote.
    assert len(html) == 1


def test_a_polluting_line_would_be_seen():
    assert re.search(r"[\w)\]]\[[^\]'\"\d]+\]\s*=[^=>]", "target[name] = value;")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/hjaelp/", "/konto/login/", "/healthz", "/findes-ikke/"])
def test_no_other_site_may_read_an_answer(client, path):
    for answer in (
        client.get(path, headers={"origin": "https://ond.example"}),
        client.options(path, headers={"origin": "https://ond.example"}),
    ):
        assert not [name for name in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/static/", "/static/css/", "/.git/config", "/static/../.env"])
def test_no_folder_is_listed_and_no_other_file_served(client, path):
    assert client.get(path).status_code in (404, 302)


class TestPasswords:
    @pytest.mark.parametrize(("length", "is_long_enough"), [(11, False), (12, True)])
    def test_twelve_characters(self, length, is_long_enough):
        password = "qwjzkvxbmhtpl"[:length]
        if is_long_enough:
            return validate_password(password)
        with pytest.raises(ValidationError) as refused:
            validate_password(password)
        assert "password_too_short" in {one.code for one in refused.value.error_list}

    def test_a_long_one_counts_to_its_last_character(self, db):
        validate_password(LONG)
        User.objects.create_user("a@b.example", LONG, name="A")
        assert authenticate(None, username="a@b.example", password=f"{LONG}.") is None
        assert authenticate(None, username="a@b.example", password=LONG[:-2]) is None
        assert authenticate(None, username="a@b.example", password=LONG.upper()) is None

    def test_they_are_hashed_slowly(self):
        given = (ROOT / "krams" / "settings" / "log_in.py").read_text()
        assert "PASSWORD_HASHERS" not in given
        assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
        assert PBKDF2PasswordHasher.iterations >= 600_000
        assert PBKDF2PasswordHasher.algorithm == "pbkdf2_sha256"

    def test_changing_one_takes_the_old_one(self, client, make_user):
        person = make_user()
        client.force_login(person)
        sent = {"oldpassword": "forkert", "password1": "vandre-roligt-over-engen"}
        answer = client.post(reverse("account_change_password"), sent)
        person.refresh_from_db()
        assert answer.status_code in (200, 422)
        assert person.check_password(PASSWORD)

    def test_they_are_masked_and_nobody_is_asked_for_a_hint(self, client, db):
        page = client.get(reverse("account_login")).text
        [field] = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
        assert 'type="password"' in field
        assert not {field.name for field in User._meta.get_fields()} & {"hint", "question"}


class TestSecrets:
    def test_what_opens_something_has_more_than_128_bits(self, db):
        keys = {SessionStore()._get_new_session_key() for _one in range(50)}
        assert len(keys) == 50
        # 36 characters each may have.
        assert {len(key) for key in keys} == {32}
        assert {len(new_token()) for _one in range(5)} == {43}

    def test_secrets_of_the_second_step(self):
        assert len(generate_totp_secret()) >= 32
        assert len(RecoveryCodes.generate_seed()) >= 40


class TestTransport:
    def test_the_proxy_offers_what_caddy_offers(self):
        """Which is TLS 1.2 and 1.3 with recommended ciphers and certificates by ACME."""
        assert not re.search(r"\b(protocols|ciphers|curves|tls|auto_https)\b", CADDYFILE)

    def test_the_mail_server_must_be_the_one_of_its_name(self):
        context = EmailBackend(host="smtp.example.dk", use_tls=True).ssl_context
        assert context.check_hostname
        assert context.verify_mode.name == "CERT_REQUIRED"


def test_a_client_cannot_say_where_it_comes_from(settings):
    """One proxy is believed; what stands before its word came from the client."""
    from allauth.account.adapter import get_adapter

    request = RequestFactory().get("/", headers={"x-forwarded-for": "1.2.3.4, 192.0.2.7"})
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert get_adapter().get_client_ip(request) == "192.0.2.7"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert get_adapter().get_client_ip(request) == "127.0.0.1"


def test_components_are_shown_to_developers_alone(client, db, settings, make_user):
    settings.SHOWS_COMPONENTS = False
    client.force_login(make_user())
    assert client.get(reverse("components")).status_code == 404


def test_lines_are_in_universal_time():
    record = logging.LogRecord("krams", logging.INFO, "p", 1, "x", (), None)
    told = dt.datetime.fromisoformat(json.loads(JsonFormatter().format(record))["time"])
    assert told.utcoffset() == dt.timedelta(0)
    assert told.timestamp() == pytest.approx(record.created, abs=0.01)


def test_the_audit_of_the_night_looks_at_every_lock_file():
    [line] = re.findall(
        r"^for lock in (.*); do$", (ROOT / "scripts" / "audit.sh").read_text(), re.M
    )
    assert set(line.split()) == {path.name for path in ROOT.glob("requirements*.lock")}


def test_the_scanner_of_the_night_leaves_out_what_would_end_its_log_in():
    left_out = runpy.run_path(str(ROOT / "scripts" / "scan.py"))["LEFT_OUT"]
    assert {reverse("account_logout"), reverse("log-ins")} <= set(left_out)
    assert reverse("account_change_password").startswith(left_out)
