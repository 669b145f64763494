"""Every read of claims."""

from claims.queries.rulesets import report_of, rules_of, ruleset_for, ruleset_named

__all__ = ["report_of", "rules_of", "ruleset_for", "ruleset_named"]
