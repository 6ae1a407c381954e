# SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
"""C as a list of tokens: enough to find what can be mutated, not a parser."""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<blank>[ \t\n\f]+|//[^\n]*|/\*.*?\*/)
    |(?P<directive>(?<![^\n])[ \t]*\#(?:[^\n\\]|\\.)*)
    |(?P<string>"(?:[^"\\\n]|\\.)*")
    |(?P<character>'(?:[^'\\\n]|\\.)*')
    |(?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<mark>\.\.\.|<<=|>>=|->|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^=!<>]=|.)""",
    re.VERBOSE | re.DOTALL,
)
PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    line: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Function:
    """The lines from the first word of its declaration to the brace that closes it, and the tokens
    of its body."""

    name: str
    first_line: int
    last_line: int
    body: range


def scan(text: str) -> list[Token]:
    """Without blanks, comments and preprocessor directives."""
    tokens, line = [], 1
    for found in TOKEN.finditer(text):
        kind, word = found.lastgroup, found.group()
        if kind not in ("blank", "directive"):
            tokens.append(Token(kind, word, found.start(), line))
        line += word.count("\n")
    return tokens


def partners(tokens: list[Token]) -> dict[int, int]:
    """The index of the closing bracket for that of each opening one."""
    found, open_ones = {}, []
    for index, token in enumerate(tokens):
        if token.kind != "mark":
            continue
        if token.text in PAIRS:
            open_ones.append(index)
        elif open_ones and token.text == PAIRS[tokens[open_ones[-1]].text]:
            found[open_ones.pop()] = index
    return found


def functions(tokens: list[Token], closing: dict[int, int]) -> list[Function]:
    found, index, first = [], 0, 0
    while index < len(tokens):
        text = tokens[index].text
        if text == "{" and index in closing:
            end = closing[index]
            if tokens[index - 1].text == ")":
                name = declared(tokens[first:index])
                lines = tokens[first].line, tokens[end].line
                found.append(Function(name, *lines, range(index + 1, end)))
                first = end + 1
            index = end
        elif text in "([" and index in closing:
            index = closing[index]
        elif text == ";":
            first = index + 1
        index += 1
    return found


def declared(tokens: list[Token]) -> str:
    """The name before the first bracket, or in it: as in void(rdma_write)(...)."""
    for before, token, inside, after in zip(tokens, tokens[1:], tokens[2:], tokens[3:]):
        if token.text == "(" and before.kind == "name":
            return inside.text if after.text == ")" and inside.kind == "name" else before.text
    return tokens[0].text
