"""PostgreSQL played again up to a moment, as docs/backup.md describes it."""

import re
import shutil
import time

from .conftest import _fill
from .servers import ROOT, USER, Postgres, call, manage, until

DESCRIBED = (ROOT / "docs" / "backup.md").read_text()


def described(name: str, **places: object) -> str:
    """The value of one of PostgreSQL's settings in the document, with folders of ours."""
    [value] = re.findall(rf"^{name} = '?(.*?)'?(?: +#.*)?$", DESCRIBED, re.MULTILINE)
    for place, ours in places.items():
        value = value.replace(f"/backup/{place}", str(ours))
    return value


def test_what_was_deleted_by_mistake_comes_back(tmp_path):
    backups = {"BACKUP_FOLDER": str(tmp_path)}
    with Postgres() as server, Postgres() as recovered:
        archive = server.folder / "wal"
        archive.mkdir()
        Postgres.give(archive)
        names = ("wal_level", "archive_mode", "archive_timeout")
        settings = {name: described(name) for name in names}
        server.start(**settings, archive_command=described("archive_command", wal=archive))
        server.ask("CREATE DATABASE portal")
        _fill(server)
        base = server.folder / "base"
        where = [f"--port={server.port}", "--host=127.0.0.1", "--username=postgres"]
        how = ["--checkpoint=fast", "--wal-method=stream", f"--pgdata={base}"]
        call("pg_basebackup", *where, *how, user=USER, cwd=server.folder)

        # Work after the base copy: only the archive has it.
        server.ask("UPDATE krams_user SET name = 'Efter kopien'", database="portal")
        file = manage(server.url(), "backup", **backups).split(": ")[0]
        moment = server.one("SELECT now()::text")
        time.sleep(1)
        server.ask("DELETE FROM initiatives_activity", database="portal")
        server.ask("UPDATE krams_user SET name = 'Efter fejlen'", database="portal")
        segment = server.one("SELECT pg_walfile_name(pg_switch_wal())")
        until(lambda: (archive / segment).exists(), what="the archive")
        manage(server.url(), "restore", file, "--check", fails=True, **backups)
        server.stop()

        shutil.rmtree(recovered.data)
        shutil.move(base, recovered.data)
        (recovered.data / "recovery.signal").touch()
        Postgres.give(recovered.data / "recovery.signal")
        recovered.start(
            restore_command=described("restore_command", wal=archive),
            recovery_target_time=moment,
            recovery_target_action=described("recovery_target_action"),
        )
        until(lambda: not recovered.one("SELECT pg_is_in_recovery()"), what="the promotion")
        assert "recovery stopping before commit" in recovered.said()
        assert recovered.one("SELECT min(name) FROM krams_user") == "Efter kopien"
        said = manage(recovered.url(), "restore", file, "--check", **backups)
        assert "As the backup of" in said
        # And it is a server as any other.
        recovered.ask("UPDATE krams_user SET name = 'Videre'", database="portal")
