import { Blocks } from "../blocks/Blocks";
import { Link, Mrkdwn, plainText, safeAddress } from "../text";
import type { Attachment } from "../types";

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
