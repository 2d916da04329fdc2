"""How data moves through programs, by kind of program."""

from clearance.detect.commands.acting import Role
from clearance.detect.commands.roles import running, sending, storing, text

ROLES: dict[str, Role] = {
    "command": text.command,
    "joiner": text.joiner,
    "checker": text.checker,
    "located": text.located,
    "echo": text.echo,
    "printf": text.printf,
    "reader": text.reader,
    "encoder": text.encoder,
    "environment": text.environment,
    "machine": text.machine,
    "secret": text.secret,
    "transfer": sending.transfer,
    "socket": sending.socket,
    "lookup": sending.lookup,
    "copier": sending.copier,
    "mailer": sending.mailer,
    "publisher": sending.publisher,
    "remote": sending.remote,
    "interpreter": running.interpreter,
    "powershell": running.powershell,
    "wrapper": running.wrapper,
    "eval": running.evaluated,
    "source": running.sourced,
    "xargs": running.xargs,
    "find": running.find,
    "awk": running.awk,
    "launcher": running.launcher,
    "writer": storing.writer,
    "dd": storing.dd,
    "archiver": storing.archiver,
    "deleter": storing.deleter,
    "registry": storing.registry,
}
