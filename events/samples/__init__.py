"""Invented events that show what the site looks like on the Day; `manage.py demodata` adds them.

All are marked as samples: by `is_sample`, by the first sentence of the description in the event's language, by
organisers and venues called "sample" in that language, by addresses at example.org, and by a word in each picture.
"""
