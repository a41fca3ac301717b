"""Notices to people: the bell, e-mail, and a plain HTTP gateway for SMS and chat robots."""
