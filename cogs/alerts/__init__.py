"""What moderators are told and asked in the channel they chose."""

DOOR = ("notice_panels", "question_words", "questions")
"""The modules that other rooms may import."""
