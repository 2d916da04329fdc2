"""What a command would do: parsed, resolved, followed from source to sink, judged by abilities and destinations."""

from clearance.detect.commands.analysis import analyse_command
from clearance.detect.commands.findings import findings
from clearance.detect.commands.judging import JudgedCommand, judge_command
from clearance.detect.commands.tool_calls import analyse_tool_call
from clearance.model.command import CommandReading, Dialect

__all__ = [
    "CommandReading",
    "Dialect",
    "JudgedCommand",
    "analyse_command",
    "analyse_tool_call",
    "findings",
    "judge_command",
]
