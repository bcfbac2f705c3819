import type { ReactNode } from "react";

const Icon = ({ children, label }: { children: ReactNode; label?: string }) => (
  <svg
    className="icon"
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.6"
    strokeLinecap="round"
    strokeLinejoin="round"
    role={label ? "img" : undefined}
    aria-label={label}
    aria-hidden={label ? undefined : true}
  >
    {children}
  </svg>
);

export const HashIcon = () => (
  <Icon>
    <path d="M7.5 3.5 5.5 16.5M14.5 3.5l-2 13M3.5 7.5h13.5M3 12.5h13.5" />
  </Icon>
);

export const LockIcon = () => (
  <Icon label="private">
    <rect x="4.5" y="9" width="11" height="7.5" rx="1.5" />
    <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
  </Icon>
);

export const SharedIcon = () => (
  <Icon label="shared with another company">
    <rect x="3" y="3" width="10" height="10" rx="2" />
    <path d="M16 7.5a2 2 0 0 1 1 1.7V15a2 2 0 0 1-2 2H9.2a2 2 0 0 1-1.7-1" />
  </Icon>
);

export const ReplyIcon = () => (
  <Icon>
    <path d="M17 9.5c0 3.6-3.1 6-7 6-.8 0-1.7-.1-2.4-.4L4 16.5l.9-2.9A5.6 5.6 0 0 1 3 9.5c0-3.6 3.1-6 7-6s7 2.4 7 6Z" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6v4l2.7 1.8" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path d="M3.5 10 3 4l14 6-14 6 .5-6Zm0 0H10" />
  </Icon>
);

export const FileIcon = () => (
  <Icon>
    <path d="M5 3h6l4 4v10H5V3Zm6 0v4h4" />
  </Icon>
);

export const DownloadIcon = () => (
  <Icon>
    <path d="M10 3.5v9m0 0 3.5-3.5M10 12.5 6.5 9M4 16.5h12" />
  </Icon>
);

export const EyeIcon = () => (
  <Icon>
    <path d="M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5Z" />
    <circle cx="10" cy="10" r="2.2" />
  </Icon>
);

/** Four strokes and the fifth across them. */
export const TallyMark = () => (
  <svg className="tally-mark" viewBox="0 0 36 36" fill="none" strokeLinecap="round" aria-hidden="true">
    <path d="M10 10v16M15.5 10v16M21 10v16M26.5 10v16" stroke="#f4c95d" strokeWidth="2.6" />
    <path d="M7 23.5 29.5 12.5" stroke="#fff" strokeWidth="2.6" />
  </svg>
);
