"""The conversation, pure: `(talk, message, facts, now) -> Turn`."""
