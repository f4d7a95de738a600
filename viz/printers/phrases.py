"""What a row says, as plain text in one line: for the text printer, and for who hears a page."""

from __future__ import annotations

from autograd_core.expression import Application, Number, Reason

from ..digits import AS_TYPED
from ..document import Chain, Part, Row, Words
from ..notation import Writer

__all__ = ["Phrases", "because"]

_SIGNS = {"positive": ">", "negative": "<", "zero": "=", "above": ">", "below": "<"}
_MORE = {"largest": "larger", "smallest": "smaller"}


def because(reason: Reason, alone: bool = True) -> Words:
    """Why a branch was taken: pre > 0; z is the larger; 2 operands tie and share the gradient.

    Where it is not the only reason, z is larger than y.

    >>> from autograd_core.expression import Number
    >>> because(Reason("positive", Number(2.0)))
    (Number(value=2.0, reasons=()), ' > ', Number(value=0.0, reasons=()))
    """
    subject, than = reason.subject, reason.than
    if reason.kind in _SIGNS:
        bound = than if than else (Number(0.0),)
        return subject, f" {_SIGNS[reason.kind]} ", *bound
    if reason.ties > 1:
        return (f"{reason.ties} operands tie and share the gradient",)
    match reason.kind:
        case "within":
            return than[0], " ≤ ", subject, " ≤ ", than[1]
        case "flat":
            assert isinstance(subject, Application)
            return (f"{subject.op.symbol} is flat between its jumps",)
        case "first":
            return subject, " is the first of the largest"
    word = _MORE[reason.kind]
    if than and not alone:
        return subject, f" is {word} than ", *than
    return subject, f" is the {word if reason.rivals == 1 else reason.kind}"


class Phrases:
    """The pieces of a row as strings, written with a `Writer` of plain text."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def line(self, row: Row) -> str:
        """The whole row, what is below it aside: number, label, chain, words, local derivative."""
        said = [str(row.number) if row.number else "", self.words(row.label)]
        said += [self.subject(row.chain), *self.parts(row.chain)]
        aside, words = self.aside(row.aside), self.words(row.words)
        return "; ".join(filter(None, (" ".join(filter(None, said)), aside, words)))

    def subject(self, chain: Chain | None) -> str:
        """What the chain computes."""
        if chain is None or chain.subject is None:
            return ""
        return self.writer.write(chain.subject, AS_TYPED)

    def parts(self, chain: Chain | None) -> list[str]:
        """The chain after its subject: "= 2·y", "= 2·0.5", …"""
        return [
            f"{part.relation} {self.write(part)}".strip()
            for part in (chain.parts if chain else ())
        ]

    def write(self, part: Part) -> str:
        return self.writer.write(part.formula, part.digits, part.numbers)

    def aside(self, chain: Chain | None) -> str:
        """The chain with its subject and the reasons for it."""
        if chain is None:
            return ""
        formulas = " ".join([self.subject(chain), *self.parts(chain)])
        alone = len(chain.reasons) == 1
        why = " and ".join(self.words(because(reason, alone)) for reason in chain.reasons)
        return f"{formulas}, since {why}" if why else formulas

    def words(self, words: Words) -> str:
        return "".join(
            word if isinstance(word, str) else self.writer.write(word, AS_TYPED) for word in words
        )
