import type { ReactNode } from "react";
import { channelTitle, isVisible, isWithApp, useWorkspace } from "../names";
import { addressOf, type Place } from "../place";
import type { Channel } from "../types";
import { TallyMark, HashIcon, LockIcon, SharedIcon } from "./icons";
import { PersonSwitcher } from "./PersonSwitcher";

interface Props {
  place: Place;
  unread: Record<string, number>;
}

interface LinkProps {
  to: Partial<Place>;
  current: boolean;
  unread: number;
  testId: string;
  icon: ReactNode;
  name: string;
  marker?: ReactNode;
}

const SidebarLink = ({ to, current, unread, testId, icon, name, marker }: LinkProps) => (
  <li>
    <a
      href={addressOf(to)}
      className={`sidebar-link${unread ? " unread" : ""}`}
      aria-current={current ? "page" : undefined}
      data-testid={testId}
    >
      {icon}
      <span className="sidebar-name">{name}</span>
      {marker}
      {unread > 0 && (
        <span className="count" data-testid={`${testId}-unread`} aria-label={`${unread} unread`}>
          {unread > 99 ? "99+" : unread}
        </span>
      )}
    </a>
  </li>
);

const iconOf = (channel: Channel) => (channel.is_private ? <LockIcon /> : <HashIcon />);

export function Sidebar({ place, unread }: Props) {
  const workspace = useWorkspace();
  const { as } = place;
  const visible = workspace.channels.filter(isVisible);
  const channels = visible
    .filter(({ is_im }) => !is_im)
    .toSorted((one, other) => one.name.localeCompare(other.name));
  const direct = visible.filter((channel) => channel.is_im && !isWithApp(workspace, channel));
  const appChat = visible.find((channel) => isWithApp(workspace, channel));
  const toRead = appChat ? (unread[appChat.id] ?? 0) : 0;
  const isInApp = place.tab === "home" || (!!appChat && place.channel === appChat.id);

  return (
    <nav className="sidebar" aria-label="Channels">
      <div className="team">
        <strong>{workspace.team.name}</strong>
      </div>
      <PersonSwitcher />
      <div className="sidebar-scroll">
        <h2>Channels</h2>
        <ul>
          {channels.map((channel) => (
            <SidebarLink
              key={channel.id}
              to={{ as, channel: channel.id }}
              current={!place.tab && place.channel === channel.id}
              unread={unread[channel.id] ?? 0}
              testId={`channel-${channel.name}`}
              icon={iconOf(channel)}
              name={channel.name}
              marker={channel.is_ext_shared && <SharedIcon />}
            />
          ))}
        </ul>
        {direct.length > 0 && (
          <>
            <h2>Direct messages</h2>
            <ul>
              {direct.map((channel) => (
                <SidebarLink
                  key={channel.id}
                  to={{ as, channel: channel.id }}
                  current={!place.tab && place.channel === channel.id}
                  unread={unread[channel.id] ?? 0}
                  testId={`channel-${channel.name}`}
                  icon={<span className="presence" />}
                  name={channelTitle(workspace, channel)}
                />
              ))}
            </ul>
          </>
        )}
        <h2>Apps</h2>
        <ul>
          <SidebarLink
            to={appChat && toRead ? { as, channel: appChat.id } : { as, tab: "home" }}
            current={isInApp}
            unread={toRead}
            testId="app"
            icon={
              <span className="avatar app tiny">
                <TallyMark />
              </span>
            }
            name={workspace.app.name}
          />
        </ul>
      </div>
    </nav>
  );
}
