"""The answer to a call for help: what can be asked, and what the marks mean."""

from bot.messages import marks
from bot.messages.blocks import Message, context, message, section

USAGE = {
    "/shipment": "NUMBER | ORDER | CASE | PARTNER",
    "/scorecard": "PARTNER [2014-06]",
    "/escalate": "NUMBER | CASE | PARTNER reason",
    "/exceptions": "[PARTNER]",
    "/tallyman": "help | health | mute | mutes | unmute NUMBER",
}

REASON_EXAMPLE = "customer is out of stock on Friday"
EXAMPLE = {
    "/shipment": "/shipment 1Z999AA10123456784",
    "/scorecard": "/scorecard acme last month",
    "/escalate": f"/escalate T-1042 {REASON_EXAMPLE}",
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


_UNDER_EVERY_ALERT = (
    "*Under every alert:* Acknowledge says that you have it. Snooze keeps it quiet until a time. "
    "Escalate asks the account manager for an answer. Resolve closes it, with a reason. What was "
    "done, by whom, is in the thread."
)

_BY_MENTION = {
    "shipment NUMBER | ORDER": "where a shipment is, against its promise",
    "scorecard [2014-06]": "the month's figures against the contract and the month before",
    "exceptions": "open cases, worst first",
    "escalate NUMBER | CASE reason": "ask the account manager for an answer",
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
            section(_UNDER_EVERY_ALERT),
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


def help_from_outside() -> Message:
    """For people of another company: they have no commands, and mention us instead."""
    questions = "\n".join(
        f"• `@Tallyman {question}`: {purpose}" for question, purpose in _BY_MENTION.items()
    )
    return message(
        "Tallyman tells what is late, and who acts next. `@Tallyman exceptions` lists what is "
        "open.",
        [
            section("*Tallyman tells what is late, and who acts next.*"),
            section(questions),
            section(_UNDER_EVERY_ALERT),
            section(f"*Marks*\n{marks.LEGEND}"),
            context(
                "Ask in the channel that you share with us: answers there are about your own "
                "company alone, and everybody in it can read them."
            ),
        ],
    )
