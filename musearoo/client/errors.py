"""The one error of the client: what a request failed by, and what to do about it."""

from __future__ import annotations

from musearoo.engines.errors import UserFacingError


class ClientError(UserFacingError):
    """A request failed; the message is one sentence that says why and what to do.

    `status` is that of HTTP, 0 where no answer came. `code` is the name of a refusal, such as `bad_parameter`; where no
    answer came it is `unreachable`, `timed_out`, `connection_lost`, `closed`, `bad_answer`, or that something given is
    wrong: `bad_address`, `bad_token`, `bad_token_file`, `bad_certificate`, `bad_file`.
    `field` names the value that was wrong. `retry_after`: seconds after which another try is worth it. `request_id`
    finds the request in the server's log.
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: str,
        status: int = 0,
        field: str = "",
        retry_after: float | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.code, self.status = sentence, code, status
        self.field, self.retry_after, self.request_id = field, retry_after, request_id

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (self.sentence, self.code, self.status, self.field, self.retry_after, self.request_id)


def _restore(
    sentence: str, code: str, status: int, field: str, retry_after: float | None, request_id: str
) -> ClientError:
    return ClientError(sentence, code=code, status=status, field=field, retry_after=retry_after, request_id=request_id)
