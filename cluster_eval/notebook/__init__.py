"""What a notebook calls: it opens a cycle in a language, says sentences and shows exhibits."""
