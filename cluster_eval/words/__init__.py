"""The makers of text: messages, numbers, lists and names in the language of an edition."""
