"""How hard a text is to read: the Flesch–Kincaid grade, by Kincaid et al. (1975).

grade = 0.39 · words / sentences + 11.8 · syllables / words − 15.59
"""

import re

VOWELS = re.compile("[aeiouy]+")
# Where the rule of thumb is wrong, for words that our pages use.
KNOWN = {
    "accord": 2,
    "area": 3,
    "being": 2,
    "create": 2,
    "diary": 3,
    "e": 1,
    "every": 2,
    "everything": 3,
    "idea": 3,
    "ideas": 3,
    "iphone": 2,
    "really": 2,
    "something": 2,
    "someone": 2,
    "somebody": 3,
    "somewhere": 2,
    "sometimes": 2,
    "science": 2,
    "quiet": 2,
    "trial": 2,
    "moment": 2,
    "reliable": 4,
    "therapist": 3,
    "going": 2,
    "seeing": 2,
    "saying": 2,
    "doing": 2,
    "trying": 2,
    "emergencies": 4,
    "home": 1,
    "themselves": 2,
    "yourselves": 2,
    "safely": 2,
    "completely": 3,
}


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e at the end."""
    word = word.lower().strip("'’")
    word = re.sub("['’](?:s|ll|d|re|ve|t|m)$", "", word)
    if word in KNOWN:
        return KNOWN[word]
    count = len(VOWELS.findall(word))
    if re.search("[^aeiouy]e$", word) and not word.endswith("le"):
        count -= 1
    if re.search("[^aeiouytd]ed$", word) or re.search("[^aeiouscgzx]es$", word.replace("ches", "").replace("shes", "")):
        count -= 1
    if re.search("[aeiouy][^aeiouy]e(?:ly|ful|ness|less|ment)", word):
        count -= 1
    count += len(re.findall("i(?:a|o(?!u|n))|ying|[aeiou]ing(?<!ueing)", word)) if len(word) > 4 else 0
    return max(1, count)


def sentences_in(text: str) -> list[str]:
    return [part for part in re.split(r"[.!?:;…]+(?:[\s”\"]|$)|\n+", text) if re.search("[A-Za-z]", part)]


def words_in(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d+", text)


def grade(texts: list[str]) -> float:
    """Of several texts as one; each begins a sentence of its own."""
    sentences = [part for text in texts for part in sentences_in(text)]
    words = [word for part in sentences for word in words_in(part)]
    spoken = sum(1 if word.isdigit() else syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
