"""A request that cannot be done."""

from musearoo.bridge.protocol import Refusal


class RequestError(Exception):
    """The request cannot become a clip: a refusal code and one sentence for the user."""

    def __init__(self, code: Refusal, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
