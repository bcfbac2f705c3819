import { fileAddress } from "../api";
import { Blocks } from "../blocks/Blocks";
import { Link, Mrkdwn, plainText, safeAddress } from "../text";
import type { Attachment, SlackFile } from "../types";
import { FileIcon } from "./icons";

const NAMED_COLOURS: Record<string, string> = { good: "#2eb67d", warning: "#e0a52b", danger: "#d0334b" };

const colourOf = (colour: string | undefined): string | undefined => {
  if (!colour) return undefined;
  if (NAMED_COLOURS[colour]) return NAMED_COLOURS[colour];
  return /^#?[0-9a-f]{3,8}$/i.test(colour) ? `#${colour.replace("#", "")}` : undefined;
};

export function AttachmentView({ attachment }: { attachment: Attachment }) {
  const { pretext, author_name, title, title_link, text, fields, footer, image_url, blocks } = attachment;
  const address = title_link && safeAddress(title_link);
  return (
    <div className="attachment-wrap">
      {pretext && <Mrkdwn text={pretext} />}
      <div className="attachment">
        <span className="attachment-bar" style={{ background: colourOf(attachment.color) }} />
        <div className="attachment-body">
          {author_name && <div className="attachment-author">{plainText(author_name)}</div>}
          {title && (
            <div className="attachment-title">
              {address ? <Link address={address}>{plainText(title)}</Link> : plainText(title)}
            </div>
          )}
          {text && <Mrkdwn text={text} />}
          {fields && (
            <div className="fields">
              {fields.map((field, index) => (
                <div key={index} className={field.short ? undefined : "wide"}>
                  <strong>{plainText(field.title)}</strong>
                  <div>
                    <Mrkdwn text={field.value ?? ""} />
                  </div>
                </div>
              ))}
            </div>
          )}
          {blocks && <Blocks blocks={blocks} />}
          {image_url && <img className="preview" src={image_url} alt="" />}
          {footer && <div className="attachment-footer">{plainText(footer)}</div>}
        </div>
      </div>
    </div>
  );
}

const UNITS = ["bytes", "kB", "MB", "GB"];

function sizeOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const amount = bytes / 1000 ** power;
  return `${amount.toFixed(power && amount < 10 ? 1 : 0)} ${UNITS[power]}`;
}

export function FileView({ file, as }: { file: SlackFile; as: string }) {
  const address = fileAddress(file.id, as);
  const name = file.title || file.name || file.id;
  if (file.mimetype?.startsWith("image/")) {
    return (
      <a className="file-image" href={address} target="_blank" rel="noreferrer">
        <img src={address} alt={name} />
      </a>
    );
  }
  return (
    <a className="file" href={address} download={file.name ?? ""}>
      <span className="file-icon">
        <FileIcon />
      </span>
      <span className="file-text">
        <strong>{name}</strong>
        <small>
          {[file.filetype?.toUpperCase(), file.size === undefined ? "" : sizeOf(file.size)]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </span>
    </a>
  );
}
