from musearoo.tools.workshop.development.failures import EXPLANATIONS, explain, last_lines
from tests.each_case import each_case


@each_case(
    "output, said",
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("There is not enough space on the disk", "the disk is full"),
        (
            "WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found for rich",
            "check the network",
        ),
        ("socket.gaierror: [Errno 11001] getaddrinfo failed", "check the network"),
        ("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))", "PIP_CERT"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "leave out your package mirror"),
        ("ERROR: No matching distribution found for torch==2.13.0", "for this machine and Python 3."),
        ("The virtual environment was not created because ensurepip is not available.", "sudo apt install python3"),
        ("No module named venv", "sudo apt install python3"),
        ("PermissionError: [WinError 5] Access is denied", "end what runs from it"),
        ("Segmentation fault", "the last words of the failing step follow"),
    ],
)
def test_what_programs_say_becomes_what_to_do(output: str, said: str) -> None:
    assert said in explain(output)


def test_each_sentence_is_one_line() -> None:
    assert all("\n" not in sentence and sentence.endswith((".", ";")) for _, sentence in EXPLANATIONS)


def test_the_last_lines_are_the_last() -> None:
    assert last_lines("1\n2\n3\n\n", 2) == "2\n3"
