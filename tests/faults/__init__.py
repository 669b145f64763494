"""Kill, race, restart: the promises of docs/faults.md under the faults that are named there."""
