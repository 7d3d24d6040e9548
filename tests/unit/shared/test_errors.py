"""What is refused before it is tried."""

import pytest

from shared.errors import Stale, require_version


def test_another_version_than_the_callers_is_stale() -> None:
    """Seen red by: any version taken for the stored one."""
    require_version(None, 3)
    require_version(3, 3)
    for seen in (2, 4, 0):
        with pytest.raises(Stale) as refused:
            require_version(seen, 3)
        assert refused.value.details == {"version": 3}
