from __future__ import annotations

import pytest

from headway.record.about.secrets import is_secret, masked_arguments, masked_config

SECRET = "--token hf_token HF_TOKEN hubToken --api-key apiKey OPENAI_API_KEY db.password PWD client_secret"
LONGER = "aws_secret_access_key --use_auth_token wandb.api_key"
HARMLESS = "--tokenizer max_tokens pad_token eos_token --bos-token num_token key sort_key keys == token_budget"
TOO = "pad_token_id monkey secretary author learning_rate prompt_token"


@pytest.mark.parametrize("name", f"{SECRET} {LONGER}".split())
def test_secret_names(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["", *f"{HARMLESS} {TOO}".split()])
def test_names_that_are_none(name: str) -> None:
    assert not is_secret(name)


def test_a_command_line() -> None:
    given = [
        "train.py",
        "--lr",
        "0.1",
        "--hf-token",
        "abc",
        "--api-key=k=1",
        "--verbose",
        "+model.password=x",
        "--pad_token",
        "<pad>",
    ]
    assert masked_arguments(given) == [
        *("train.py", "--lr", "0.1", "--hf-token", "***", "--api-key=***", "--verbose", "+model.password=***"),
        *("--pad_token", "<pad>"),
    ]
    assert masked_arguments(["--token"]) == ["--token"]
    assert masked_arguments(["--use-auth-token", "--lr", "1"]) == ["--use-auth-token", "--lr", "1"]


def test_what_looks_like_a_secret() -> None:
    key = "hf_" + "aB3" * 11
    assert masked_arguments([key, f"x={key}", "https://me:pw@host/repo", "https://host/a@b"]) == [
        *("***", "x=***", "https://***@host/repo", "https://host/a@b"),
    ]
    assert masked_arguments(["sk-" + "x1" * 12, "AKIA" + "A1" * 8, "hf_transfer", "sk-learn"]) == [
        *("***", "***", "hf_transfer", "sk-learn"),
    ]


def test_a_configuration() -> None:
    given = {
        "a": {"api_key": "x", "lr": 0.1, "token": None},
        "l": [{"password": "y"}],
        "url": "s3://k:s@bucket",
        "token": 5,
    }
    assert masked_config(given) == {
        "a": {"api_key": "***", "lr": 0.1, "token": None},
        "l": [{"password": "***"}],
        "url": "s3://***@bucket",
        "token": 5,
    }
    assert given["a"] == {"api_key": "x", "lr": 0.1, "token": None}


def test_what_is_below_a_secret_name() -> None:
    given = {"password": {"user": "a", "n": 1}, "passwords": ["a", ""], "tokens": ["a"]}
    assert masked_config(given) == {"password": {"user": "***", "n": 1}, "passwords": ["***", ""], "tokens": ["a"]}
