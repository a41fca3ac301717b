"""Worries from below: a villager's own report, hotline and petition tickets, township and county entries."""
