# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""What can be changed in a C source: each mutation is one small mistake that a programmer could have
made. What is logged is left alone, and so is what only a leak checker could see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .tokens import Function, Token, functions, partners, scan

SWAPS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
    "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "<<": ">>", ">>": "<<", "<<=": ">>=",
    ">>=": "<<=",
}
# Only where both sides are values: these are also signs, addresses and declarators.
BINARY = {"+": "-", "-": "+", "&": "|", "|": "&", "/": "*", "%": "*"}
WORDS = {"true": "false", "false": "true"}
KEYWORDS = {
    "if", "for", "while", "switch", "do", "return", "sizeof", "case", "goto", "else", "typeof",
    "alignof", "__typeof__",
}
# What a call to these does, no test sees: lines on stderr, and memory that is not given back.
UNSEEN = re.compile(r"^(log_\w+|free|json_object_put|va_end|assert|_Static_assert|static_assert|"
                    r"__attribute__|__builtin_unreachable)$")
WHOLE = re.compile(r"^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)([uUlL]*)$")
DECIMAL = re.compile(r"^(\d+)(\.\d+)$")


@dataclass(frozen=True)
class Mutation:
    path: str
    line: int
    start: int
    end: int
    new: str
    what: str
    function: Function | None

    def apply(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end:]


class Finder:
    def __init__(self, path: str, text: str):
        self._path, self._text = path, text
        self._tokens = scan(text)
        self._closing = partners(self._tokens)
        self._functions = functions(self._tokens, self._closing)
        self._hidden = self._unseen()

    def all(self) -> Iterator[Mutation]:
        position = {index: f for f in self._functions for index in f.body}
        for index in range(len(self._tokens)):
            if index in self._hidden:
                continue
            function = position.get(index)
            for first, last, new, what in self._at(index, function is not None):
                start = self._tokens[first]
                yield Mutation(
                    self._path, start.line, start.start, self._tokens[last].end, new, what, function
                )

    def _unseen(self) -> set[int]:
        """Tokens of the arguments of calls that are left alone."""
        hidden: set[int] = set()
        for index, token in enumerate(self._tokens[:-1]):
            if token.kind == "name" and UNSEEN.match(token.text) and index + 1 in self._closing:
                hidden.update(range(index, self._closing[index + 1] + 1))
        return hidden

    def _at(self, index: int, inside: bool) -> Iterator[tuple[int, int, str, str]]:
        token = self._tokens[index]
        if token.kind == "number":
            yield from self._number(index)
        elif token.text in WORDS:
            new = WORDS[token.text]
            yield index, index, new, f"{token.text} became {new}"
        elif token.text in SWAPS or token.text in BINARY or token.text == "*":
            yield from self._operator(index)
        if inside:
            yield from self._statement(index)
            yield from self._condition(index)

    def _number(self, index: int) -> Iterator[tuple[int, int, str, str]]:
        text = self._text_of(index, index)
        whole, decimal = WHOLE.match(text), DECIMAL.match(text)
        if self._is_length(index) or self._tokens[index - 1].text in ("<", ">="):
            return  # "< 1" is "<= 0", which the boundary becomes
        if whole:
            digits, suffix = whole.groups()
            if digits[:2] in ("0x", "0X"):
                new = f"0x{int(digits, 16) + 1:x}{suffix}"
            elif digits[0] == "0" and len(digits) > 1:
                new = f"0{int(digits, 8) + 1:o}{suffix}"
            else:
                new = f"{int(digits) + 1}{suffix}"
        elif decimal:
            new = f"{int(decimal[1]) + 1}{decimal[2]}"
        else:
            return
        yield index, index, new, f"{text} became {new}"

    def _is_length(self, index: int) -> bool:
        """Of an array that is declared: a longer one is no mistake that shows."""
        tokens = self._tokens
        if tokens[index - 1].text != "[" or tokens[index + 1].text != "]":
            return False
        name = tokens[index - 2]
        return name.kind == "name" and (
            tokens[index - 3].kind == "name" or tokens[index - 3].text == "*"
        ) and tokens[index - 3].text not in KEYWORDS

    def _operator(self, index: int) -> Iterator[tuple[int, int, str, str]]:
        text, before = self._tokens[index].text, self._tokens[index - 1]
        new = SWAPS.get(text)
        if new in ("==", "!=") and self._is_whole_condition(index):
            return  # the same as the negated condition
        if new is None:
            value = before.kind == "number" or before.text in (")", "]")
            if text == "*":
                new = "/" if value else None
            elif value or (before.kind == "name" and before.text not in KEYWORDS):
                new = BINARY[text]
        if new:
            yield index, index, new, f"{text} became {new}"

    def _is_whole_condition(self, index: int) -> bool:
        """Whether nothing joins this comparison with another one in the brackets of its if."""
        for opening, end in self._closing.items():
            if opening < index < end and self._tokens[opening - 1].text == "if":
                words = {token.text for token in self._tokens[opening:end]}
                return not words & {"&&", "||", "?"}
        return False

    def _condition(self, index: int) -> Iterator[tuple[int, int, str, str]]:
        token = self._tokens[index]
        if token.text in ("if", "while") and index + 1 in self._closing:
            end = self._closing[index + 1]
            condition = self._text_of(index + 1, end)
            new = f"(!{condition})" if token.text == "if" else f"(0 && {condition})"
            verb = "negated" if token.text == "if" else "never true"
            yield index + 1, end, new, f"{token.text} {squeeze(condition)} {verb}"
        elif token.text == "?":
            yield index, index, "&& 0 ?", "condition of ?: never true"
        elif token.text == "!" and not self._negates_if(index):
            yield index, index, "", f"! dropped before {self._tokens[index + 1].text}"

    def _negates_if(self, index: int) -> bool:
        before = [token.text for token in self._tokens[index - 2:index]]
        if before != ["if", "("]:
            return False
        words = {token.text for token in self._tokens[index:self._closing[index - 1]]}
        return not words & {"&&", "||"}

    def _statement(self, index: int) -> Iterator[tuple[int, int, str, str]]:
        token = self._tokens[index]
        if token.text == "return":
            yield from self._return(index)
        elif self._begins_statement(index):
            end = self._end_of_statement(index)
            if end is None:
                return
            words = self._tokens[index:end]
            if is_call(words, self._closing, index):
                yield index, end - 1, "", f"call dropped: {squeeze(self._text_of(index, end - 1))}"
            elif is_assignment(words):
                what = squeeze(self._text_of(index, end - 1))
                yield index, end - 1, "", f"assignment dropped: {what}"

    def _return(self, index: int) -> Iterator[tuple[int, int, str, str]]:
        end = self._end_of_statement(index)
        if end is None or end - index < 2:
            return
        value = self._text_of(index + 1, end - 1)
        if end - index == 2 and (value in ("NULL", *WORDS) or self._tokens[index + 1].kind == "number"):
            return
        yield index + 1, end - 1, "0", f"return {squeeze(value)} became return 0"

    def _begins_statement(self, index: int) -> bool:
        token, before = self._tokens[index], self._tokens[index - 1]
        if token.kind != "name" and token.text not in ("*", "("):
            return False
        if token.text in KEYWORDS:
            return False
        if before.text == ")":
            opening = next(o for o, c in self._closing.items() if c == index - 1)
            return self._tokens[opening - 1].text in ("if", "for", "while") or \
                self._tokens[opening - 1].text.startswith("for_each")
        return before.text in (";", "{", "}", "else", ":")

    def _end_of_statement(self, index: int) -> int | None:
        while index < len(self._tokens):
            text = self._tokens[index].text
            if text == ";":
                return index
            if text in "{})" or text in ("if", "for", "while", "switch", "do"):
                return None
            index = self._closing.get(index, index) + 1
        return None

    def _text_of(self, first: int, last: int) -> str:
        return self._text[self._tokens[first].start:self._tokens[last].end]


def is_call(words: list[Token], closing: dict[int, int], index: int) -> bool:
    if [word.text for word in words[:3]] == ["(", "void", ")"]:
        words, index = words[3:], index + 3
    return (
        len(words) > 2 and words[0].kind == "name" and words[1].text == "("
        and closing.get(index + 1) == index + len(words) - 1
    )


def is_assignment(words: list[Token]) -> bool:
    """Two names in a row are a type and what it declares."""
    for before, word in zip(words, words[1:]):
        if word.text == "=" or word.text in ("+=", "-=", "|=", "&="):
            return True
        if word.kind == "name" and before.kind == "name":
            return False
        if word.text == "*" and before.kind == "name":
            return False
    return False


def squeeze(text: str, longest: int = 70) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def mutations(path: str, text: str) -> list[Mutation]:
    return list(Finder(path, text).all())
