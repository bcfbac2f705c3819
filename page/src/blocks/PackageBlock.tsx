import { memo, useMemo } from "react";
import { type Block as PackagedBlock, Message, type MessageProps } from "slack-blocks-to-jsx";
import { emojiOf } from "../emoji";
import { nameOf, useWorkspace } from "../names";
import { Link, safeAddress } from "../text";
import type { Block } from "../types";

/** A block that the slack-blocks-to-jsx package draws: its text is structured, never mrkdwn. */
export const PackageBlock = memo(function PackageBlock({ block }: { block: Block }) {
  const workspace = useWorkspace();
  const settings = useMemo((): Pick<MessageProps, "data" | "hooks"> => {
    const channels = workspace.channels.map(({ id, name }) => ({ id, name }));
    const users = workspace.people.map(({ id }) => ({ id, name: nameOf(workspace, id) ?? id }));
    const app = { id: workspace.app.user_id, name: workspace.app.name };
    return {
      data: { users: [...users, app], channels },
      hooks: {
        user: ({ id, name }) => <span className="mention">@{nameOf(workspace, id) ?? name}</span>,
        channel: ({ name }) => <span className="mention">#{name}</span>,
        emoji: ({ name }) => emojiOf(name) ?? `:${name}:`,
        link: ({ href, children }) => {
          const address = safeAddress(href);
          return address ? <Link address={address}>{children}</Link> : <>{children}</>;
        },
      },
    };
  }, [workspace.people, workspace.channels, workspace.app]);
  return (
    <div className="packaged">
      <Message
        blocks={[block as unknown as PackagedBlock]}
        name=""
        logo=""
        theme="light"
        withoutWrapper
        {...settings}
      />
    </div>
  );
});
