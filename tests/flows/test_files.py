"""A file is the old one or the new one."""

import pytest

from flows.files import write_atomically


def test_a_failed_write_leaves_the_old_file(tmp_path):
    """Text that cannot be encoded leaves what was there."""
    path = tmp_path / "file"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \ud800")
    assert path.read_text("utf-8") == "old"
