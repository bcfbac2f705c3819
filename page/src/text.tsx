import { Fragment, memo, type ReactNode } from "react";
import { type Node, NodeType, parse } from "slack-message-parser";
import { emojiOf, withEmoji } from "./emoji";
import { nameOf, useWorkspace } from "./names";
import { addressOf, usePlace } from "./place";
import type { TextObject, Workspace } from "./types";
import { fillDate } from "./when";

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

export const unescape = (text: string): string =>
  text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);

/** An address that may be followed; anything else (javascript:, a forged tag) stays text. */
export const safeAddress = (address: string): string | undefined =>
  /^(?:https?:\/\/|mailto:|tel:)/i.test(address) ? address : undefined;

/** A link to a message of this workspace, which is not really at slack.com. */
const PERMALINK = /^https:\/\/[^/]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})$/;

export const Link = ({ address, children }: { address: string; children: ReactNode }) => {
  const { as } = usePlace();
  const [, channel, seconds, micros] = PERMALINK.exec(address) ?? [];
  if (channel) {
    return <a href={addressOf({ as, channel, thread: `${seconds}.${micros}` })}>{children}</a>;
  }
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
};

const BARE_ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/;

const plain = (raw: string): ReactNode =>
  unescape(raw)
    .split(BARE_ADDRESS)
    .map((piece, index) =>
      index % 2 ? (
        <Link key={index} address={piece}>
          {piece}
        </Link>
      ) : (
        piece
      ),
    );

interface Reader {
  workspace: Workspace;
  as: string;
}

const nodes = (list: Node[], reader: Reader): ReactNode =>
  list.map((node, index) => <Fragment key={index}>{draw(node, reader)}</Fragment>);

function drawCommand(node: Extract<Node, { type: NodeType.Command }>, reader: Reader): ReactNode {
  if (node.name === "here" || node.name === "channel" || node.name === "everyone") {
    return <span className="mention broadcast">@{node.name}</span>;
  }
  if (node.name === "date") {
    const [seconds = "", format = "", link = ""] = node.arguments;
    const date = new Date(Number(seconds) * 1000);
    if (Number.isNaN(date.getTime())) return node.label ? nodes(node.label, reader) : plain(node.source);
    const text = <time dateTime={date.toISOString()}>{fillDate(date, format)}</time>;
    const address = safeAddress(link);
    return address ? <Link address={address}>{text}</Link> : text;
  }
  return node.label ? nodes(node.label, reader) : plain(node.source);
}

function drawChannel(id: string, reader: Reader): ReactNode {
  const channel = reader.workspace.channels.find((one) => one.id === id);
  if (!channel) return <span className="mention">#{id}</span>;
  return (
    <a className="mention" href={addressOf({ as: reader.as, channel: id })}>
      #{channel.name}
    </a>
  );
}

function draw(node: Node, reader: Reader): ReactNode {
  switch (node.type) {
    case NodeType.Text:
      return plain(node.text);
    case NodeType.Bold:
      return <strong>{nodes(node.children, reader)}</strong>;
    case NodeType.Italic:
      return <em>{nodes(node.children, reader)}</em>;
    case NodeType.Strike:
      return <s>{nodes(node.children, reader)}</s>;
    case NodeType.Quote:
      return <blockquote>{nodes(node.children, reader)}</blockquote>;
    case NodeType.Code:
      return <code>{unescape(node.text)}</code>;
    case NodeType.PreText:
      return <pre>{unescape(node.text).replace(/^\n/, "")}</pre>;
    case NodeType.Emoji:
      return emojiOf(node.name) ?? node.source;
    case NodeType.UserLink: {
      const mine = node.userID === reader.workspace.me;
      const name = nameOf(reader.workspace, node.userID);
      return (
        <span className={mine ? "mention mine" : "mention"}>
          @{name ?? (node.label ? nodes(node.label, reader) : node.userID)}
        </span>
      );
    }
    case NodeType.ChannelLink:
      return drawChannel(node.channelID, reader);
    case NodeType.URL: {
      const address = safeAddress(unescape(node.url));
      if (!address) return unescape(node.source);
      return <Link address={address}>{node.label ? nodes(node.label, reader) : address}</Link>;
    }
    case NodeType.Command:
      return drawCommand(node, reader);
    case NodeType.Root:
      return nodes(node.children, reader);
  }
}

/** Slack's mrkdwn. Nothing in it becomes HTML: every piece ends as a text node or a known tag. */
export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }) {
  const workspace = useWorkspace();
  const { as } = usePlace();
  return <span className="mrkdwn">{draw(parse(text), { workspace, as })}</span>;
});

export const plainText = (text: TextObject | string | undefined): string =>
  text === undefined ? "" : withEmoji(unescape(typeof text === "string" ? text : text.text));

export const Text = ({ text }: { text: TextObject }) =>
  text.type === "mrkdwn" ? (
    <Mrkdwn text={text.text} />
  ) : (
    <span className="mrkdwn">{plainText(text)}</span>
  );

function bareNode(node: Node, workspace: Workspace): string {
  const all = (list: Node[]) => list.map((one) => bareNode(one, workspace)).join("");
  switch (node.type) {
    case NodeType.Text:
    case NodeType.Code:
    case NodeType.PreText:
      return unescape(node.text);
    case NodeType.Emoji:
      return emojiOf(node.name) ?? node.source;
    case NodeType.UserLink:
      return `@${nameOf(workspace, node.userID) ?? node.userID}`;
    case NodeType.ChannelLink:
      return `#${workspace.channels.find(({ id }) => id === node.channelID)?.name ?? node.channelID}`;
    case NodeType.URL:
      return node.label ? all(node.label) : node.url;
    case NodeType.Command:
      return node.label ? all(node.label) : "";
    default:
      return all(node.children);
  }
}

/** Mrkdwn as one line of words, for where nothing in it can be followed. */
export const bareText = (text: string, workspace: Workspace): string =>
  bareNode(parse(text), workspace).replace(/\s+/g, " ").trim();
