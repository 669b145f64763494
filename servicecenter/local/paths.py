"""Where this checkout keeps its servers' data.

Root:        /var/lib/servicecenter/<hash of the checkout>/<cluster>/ : the database server runs under an
             account of its own, which cannot look into a checkout that only its owner may enter.
Anyone else: <checkout>/var/<cluster>/
`SERVICECENTER_STATE` overrides both.
"""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
"""The checkout."""

SYSTEM_STATE = Path("/var/lib/servicecenter")
"""Where root keeps the server's binaries and every checkout's clusters."""

CLUSTERS = ("run", "test", "bench", "faults", "pg15")
"""`run` serves `make run`; `test`, `bench` and `faults` their targets; `pg15` proves the oldest server."""


def is_root() -> bool:
    """Whether this process may start servers under another account."""
    return os.geteuid() == 0


def checkout_hash(root: Path = ROOT) -> str:
    """Twelve hexadecimal digits that tell this checkout from every other one on the machine."""
    return hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]


def state_dir(root: Path = ROOT) -> Path:
    """The directory that holds this checkout's clusters (not created here)."""
    override = os.environ.get("SERVICECENTER_STATE")
    if override:
        return Path(override).resolve()
    if is_root():
        return SYSTEM_STATE / checkout_hash(root)
    return root / "var"


def cluster_dir(name: str) -> Path:
    """The directory of one named cluster (not created here). Raises ValueError for an unknown name."""
    if name not in CLUSTERS:
        raise ValueError(f"no cluster is called {name!r}; there are {', '.join(CLUSTERS)}")
    return state_dir() / name


def make_cluster_dir(name: str) -> Path:
    """The directory of one named cluster, created so that another account may pass through it."""
    path = cluster_dir(name)
    path.mkdir(parents=True, exist_ok=True)
    if is_root():
        for directory in (path.parent, path):
            directory.chmod(0o755)
    return path
