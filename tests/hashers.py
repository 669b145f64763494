"""Password hashing for tests: the same algorithm, one round."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OneRoundArgon2(Argon2PasswordHasher):
    """Argon2 with the smallest parameters."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
