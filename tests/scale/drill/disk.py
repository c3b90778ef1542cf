"""A disk of its own, which can be filled and whose power can go: a file with ext4 in it.

Takes the right to mount, as root has it.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

MEGABYTE = 1024 * 1024
# Nothing is written to the disk but what somebody insists on (fsync), for as long as a drill takes.
LAZY = "loop,commit=600"


def _call(*command: str) -> None:
    done = subprocess.run(command, text=True, capture_output=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"


class Disk:
    def __init__(self, *, megabytes: int = 0, image: Path | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="krams-disk-"))
        self._folder.chmod(0o755)
        self._image, self.path = self._folder / "image", self._folder / "mounted"
        self.path.mkdir()
        if image:
            _call("cp", "--sparse=always", str(image), str(self._image))
        else:
            with self._image.open("wb") as file:
                file.truncate(megabytes * MEGABYTE)
            _call("mkfs.ext4", "-q", "-m", "0", str(self._image))
        _call("mount", "-o", LAZY, str(self._image), str(self.path))
        self.path.chmod(0o777)
        self._filler = self.path / "filler"

    def fill(self) -> None:
        """Until not a single block is left."""
        with self._filler.open("wb") as file:
            size = 16 * MEGABYTE
            while size >= 4096:
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), size)
                except OSError:
                    size //= 2

    def free(self) -> None:
        self._filler.unlink()

    def without_power(self) -> "Disk":
        """The disk as it would be found if the power had gone at this moment.

        What was written and not insisted on is still in the memory of this machine, thus not in
        the file.
        """
        return Disk(image=self._image)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        _call("umount", str(self.path))
        shutil.rmtree(self._folder)
