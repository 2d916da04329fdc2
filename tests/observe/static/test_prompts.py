"""Texts that address a model are prompts; what addresses nobody is not."""

import pytest

from clearance.observe.static.lex_javascript import lex_javascript
from clearance.observe.static.prompts import is_prompt, prompts

_SYSTEM = (
    "You are a careful assistant for software engineers. Read the files that the user names before you answer. "
    "Never change a file that you have not read. Use the tools when the task needs them."
)


@pytest.mark.parametrize(
    "text",
    [
        _SYSTEM,
        "你是一个编程助手。请使用工具读取文件，不要在没有读取之前修改文件。用户会给你任务，你必须先理解代码再回答问题，并且保持简洁。"
        * 2,
        (
            "Ты — ассистент программиста. Никогда не изменяй файлы пользователя без чтения. Используй инструмент чтения файлов, "
            "прежде чем отвечать пользователю на вопрос о коде, и отвечай кратко."
        ),
        (
            "Eres un asistente de programación. Nunca cambies archivos que no has leído. Usa la herramienta de lectura antes de "
            "responder al usuario, y responde siempre con pocas palabras."
        ),
    ],
)
def test_what_directs_a_model_is_a_prompt_in_any_language(text: str) -> None:
    assert is_prompt(text)


@pytest.mark.parametrize(
    "text",
    [
        (
            "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. You must include "
            "the above copyright notice. The user may use, copy, modify the Software without restriction, and so on and on."
        ),
        "M0 0h24v24H0z M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2zm0 18c-4.41 0-8-3.59-8-8s3.59-8 8-8",
        "function(a,b){return a.map(x=>x*b).filter(Boolean).reduce((p,c)=>p+c,0)}" * 3,
        "The quick brown fox jumps over the lazy dog while seven other animals look on from behind the old wooden fence.",
    ],
)
def test_what_directs_nobody_is_none(text: str) -> None:
    assert not is_prompt(text)


def test_a_template_is_one_text_with_its_gaps_shown() -> None:
    code = f"p=`{_SYSTEM} The folder is ${{dir}} and the date ${{now()}}. Always answer in English.`"
    (prompt,) = prompts(lex_javascript(code.encode()), 0)
    assert prompt.kind == "system"
    assert "The folder is ${…} and the date ${…}. Always" in prompt.text
    assert prompt.place.offset == 3


def test_a_tools_description_carries_its_name() -> None:
    text = (
        "Reads a file from the user's disk. Use this tool when the task names a file. You must give an absolute path. "
        * 2
    )
    code = f"tools=[{{name:'ReadFile',description:{text!r},input_schema:{{}}}}]"
    (prompt,) = prompts(lex_javascript(code.encode()), 0)
    assert (prompt.kind, prompt.title) == ("tool", "ReadFile")


def test_the_same_text_twice_is_one_prompt() -> None:
    assert len(list(prompts(lex_javascript(f"a={_SYSTEM!r};b={_SYSTEM!r}".encode()), 0))) == 1
