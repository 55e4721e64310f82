"""What moderators are told and asked in the channel they chose."""

DOOR = ("notices", "question_words", "questions")
"""The modules that other rooms may import."""
