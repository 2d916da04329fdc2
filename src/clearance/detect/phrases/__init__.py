"""Phrases that give a reader orders, in ten languages, as data; found by the pattern engine in the views of a text."""

from clearance.detect.phrases.judge import MOST, PhraseJudge, PhraseSeen
from clearance.detect.phrases.table import PhraseRule, Phrases, phrases, read_phrases

__all__ = ["MOST", "PhraseJudge", "PhraseRule", "PhraseSeen", "Phrases", "phrases", "read_phrases"]
