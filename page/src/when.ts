// Times as a reader in this browser sees them.

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });
const dashboard = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

export const dateOf = (ts: string): Date => new Date(Number(ts) * 1000);

export const timeOfDay = (date: Date): string => clock.format(date);

export const exactly = (date: Date): string => moment.format(date);

export const onClock = (now: string): string => {
  const date = new Date(now);
  return Number.isNaN(date.getTime()) ? "" : dashboard.format(date);
};

const dayNumber = (date: Date): number =>
  Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000);

export const sameDay = (one: Date, other: Date): boolean => dayNumber(one) === dayNumber(other);

export function dayTitle(date: Date, now: Date): string {
  const apart = dayNumber(now) - dayNumber(date);
  if (apart === 0) return "Today";
  if (apart === 1) return "Yesterday";
  return (date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date);
}

export function age(date: Date, now: Date): string {
  const apart = dayNumber(now) - dayNumber(date);
  if (apart === 0) return `today at ${timeOfDay(date)}`;
  if (apart === 1) return `yesterday at ${timeOfDay(date)}`;
  return apart > 1 && apart < 60 ? `${apart} days ago` : dayAndYear.format(date);
}

/** Fills the tokens of Slack's `<!date^…>` format. */
export function fillDate(date: Date, format: string): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", options).format(date);
  const short = part({ day: "numeric", month: "short", year: "numeric" });
  const long = part({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const plain = part({ day: "numeric", month: "long", year: "numeric" });
  const tokens: Record<string, string> = {
    date_num: new Intl.DateTimeFormat("sv-SE").format(date),
    date: plain,
    date_pretty: plain,
    date_short: short,
    date_short_pretty: short,
    date_long: long,
    date_long_pretty: long,
    time: timeOfDay(date),
    time_secs: part({ timeStyle: "medium" }),
  };
  return format.replace(/\{(\w+)\}/g, (token, name: string) => tokens[name] ?? token);
}
