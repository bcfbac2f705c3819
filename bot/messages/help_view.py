"""The answer to /tallyman help: what can be asked, and what the marks mean."""

from bot.messages import marks
from bot.messages.blocks import Message, context, message, section

USAGE = {
    "/shipment": "NUMBER | ORDER | PARTNER",
    "/scorecard": "PARTNER [2014-06]",
    "/escalate": "NUMBER | CASE | PARTNER reason",
    "/exceptions": "[PARTNER]",
    "/tallyman": "help | health | mute | mutes | unmute NUMBER",
}

EXAMPLE = {
    "/shipment": "/shipment 1Z999AA10123456784",
    "/scorecard": "/scorecard acme last month",
    "/escalate": "/escalate T-1042 customer is out of stock on Friday",
    "/exceptions": "/exceptions acme",
    "/tallyman": "/tallyman health",
}

_PURPOSE = {
    "/shipment": "where a shipment is, against its promise; of a partner, how many are late",
    "/scorecard": "a partner's figures against the contract and the month before",
    "/escalate": "ask the partner's account manager for an answer, in the partner's channel",
    "/exceptions": "open cases, worst first",
    "/tallyman": "this help, the health of every source, and what is muted",
}


def help_view() -> Message:
    commands = "\n".join(
        f"• `{command} {usage}`: {_PURPOSE[command]}" for command, usage in USAGE.items()
    )
    return message(
        "Tallyman holds partners to what they promised. Commands: " + ", ".join(USAGE) + ".",
        [
            section("*Tallyman holds partners to what they promised.*"),
            section(commands),
            section(
                "*Under every alert:* Acknowledge says that you have it. Snooze keeps it quiet "
                "until a time. Escalate asks the account manager for an answer. Resolve closes "
                "it, with a reason. What was done, by whom, is in the thread."
            ),
            section(
                "*Mutes:* `/tallyman mute acme customs for 3 days reason the port is on strike` "
                "holds back what comes up of a partner, a kind, a lane or a shipment; alone it "
                "opens a form. Its channel is told, and told again when it ends, with what came "
                "up. `/tallyman mutes` lists them."
            ),
            section(f"*Marks*\n{marks.LEGEND}"),
            context("In a partner's channel, answers are about that partner alone."),
        ],
    )
