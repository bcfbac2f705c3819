import { get } from "node-emoji";

// Slack's own names for emoji that the package knows by another.
const SLACK_NAMES: Record<string, string> = {
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  large_orange_circle: "🟠",
  large_purple_circle: "🟣",
  large_brown_circle: "🟤",
  large_green_square: "🟩",
  large_yellow_square: "🟨",
  large_red_square: "🟥",
  large_orange_square: "🟧",
  large_blue_square: "🟦",
  thumbsup: "👍",
  thumbsdown: "👎",
};

/** The emoji of a `:shortcode:` without its colons, or nothing for a name that nobody knows. */
export const emojiOf = (name: string): string | undefined => SLACK_NAMES[name] ?? get(name);

export const withEmoji = (text: string): string =>
  text.replace(/:([a-z0-9_+'-]+):/g, (code, name: string) => emojiOf(name) ?? code);
