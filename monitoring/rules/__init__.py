"""The rules, one declaration each: expressions over HouseholdMonth and dated thresholds."""
