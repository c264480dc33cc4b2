"""The items of our own instruments, as they are read."""

from django.utils.translation import gettext as _

from accord.science.instruments import Item


def worded(item: Item) -> Item:
    """In the reader's language. What is stored are its codes, never these words."""
    choices = tuple(choice._replace(text=_(choice.text)) for choice in item.choices)
    question, why, low, high = (text and _(text) for text in (item.question, item.why, item.low_word, item.high_word))
    return item._replace(choices=choices, question=question, why=why, low_word=low, high_word=high)
