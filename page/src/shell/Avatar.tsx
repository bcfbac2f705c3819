import type { Author } from "../names";
import { TallyMark } from "./icons";

const COLOURS = ["#4a6fa5", "#8a5a83", "#3f7d6e", "#b0653a", "#6a5fa8", "#a84e5c", "#4d7c3f", "#37788c"];

const colourOf = (id: string): string =>
  COLOURS[[...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % COLOURS.length] ??
  "#4a6fa5";

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((word) => [...word].slice(0, 1))
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join("")
    .toUpperCase();

export function Avatar({ author, size = 36 }: { author: Author; size?: number }) {
  const style = { width: size, height: size, fontSize: size * 0.39 };
  if (author.isApp) {
    return (
      <span className="avatar app" style={style} aria-hidden="true">
        <TallyMark />
      </span>
    );
  }
  return (
    <span className="avatar" style={{ ...style, background: colourOf(author.id) }} aria-hidden="true">
      {initialsOf(author.name)}
      {author.isExternal && size >= 28 && <span className="avatar-external" />}
    </span>
  );
}
