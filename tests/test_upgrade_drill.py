"""From which version ``scripts/upgrade_drill.py`` tries the upgrade; the drill itself is in CI."""

import subprocess

import pytest

from scripts.upgrade_drill import CannotTry, earlier, main


@pytest.fixture
def history(tmp_path):
    """A repository with three commits, and how to speak to its git."""

    def git(*arguments: str) -> str:
        who = ["-c", "user.name=x", "-c", "user.email=x@proeve.example"]
        command = ["git", "-C", str(tmp_path), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    for number in range(3):
        git("commit", "--quiet", "--allow-empty", "--message", f"Number {number}")
    return tmp_path, git


def test_without_a_tag_nothing_is_tried_and_it_is_said(history, capsys):
    repository, _git = history
    assert main(["--repository", str(repository)]) == 2
    assert "no earlier tag" in capsys.readouterr().err


def test_where_there_is_no_history_it_is_said(tmp_path, capsys):
    assert main(["--repository", str(tmp_path / "away")]) == 2
    assert "git" in capsys.readouterr().err


def test_the_tag_of_today_is_not_an_earlier_one(history):
    repository, git = history
    git("tag", "v1", "HEAD~2")
    git("tag", "v2", "HEAD")
    assert earlier(repository, "") == git("rev-parse", "v1")
    git("commit", "--quiet", "--allow-empty", "--message", "More")
    assert earlier(repository, "") == git("rev-parse", "v2")


def test_a_commit_that_is_named_is_taken(history):
    repository, git = history
    assert earlier(repository, "HEAD~1") == git("rev-parse", "HEAD~1")
    with pytest.raises(CannotTry):
        earlier(repository, "nowhere")
